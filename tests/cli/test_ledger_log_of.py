"""Into which log a key writes, where somebody names a key that is not his."""

from __future__ import annotations

import pytest

from lull.cli.exits import BadInput
from lull.cli.ledger_file import log_of
from lull.ledger.entry import Act, Control, Why
from lull.ledger.ledger import merge
from tests.ledger.kit import Post, key_of


def trap(victim: str, name: str, *, epochs: int = 0) -> Post:
    """A post that names another's key as its own next one, and could disown what he then writes."""
    made = Post(name)
    for _ in range(epochs):
        made.reopen(Why.LOST)
    made.do(Control(Act.REPLACE, key=victim))
    return made


@pytest.mark.parametrize("epochs", [0, 1])
@pytest.mark.parametrize("name", ["a", "b", "c", "d"])  # names of posts stand before and behind
def test_nobody_is_led_to_write_into_anothers_log(name: str, epochs: int) -> None:
    room = Post("room")
    whole = merge(room.held, trap(room.key, name, epochs=epochs).held)
    assert log_of(whole, room.key) == room.log


def test_where_the_key_has_signed_nothing_yet_nothing_is_guessed() -> None:
    room = Post("room")
    alone = room.do(Control(Act.REPLACE, key=key_of("room 2"))) and room.held
    whole = merge(alone, trap(room.key, "a").held)
    with pytest.raises(BadInput, match="2 logs name the key"):
        log_of(whole, room.key)
    assert log_of(alone, room.key) == room.log
    room.write("incident.allege", "I1")
    assert log_of(merge(whole, room.held), room.key) == room.log


def test_the_log_of_a_post_that_reopened_is_its_last() -> None:
    room = Post("room")
    old = room.key
    room.reopen(Why.LOST)
    assert log_of(room.held, room.key) == room.log
    with pytest.raises(BadInput, match="No log in this ledger"):
        log_of(room.held, old)
