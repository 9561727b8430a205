"""What readers of a pause share: what the database holds of it, and nothing that a key opens."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lull.domain.refusal import Refusal
from lull.store import past, view
from tests.store.kit import World

CANARY = "CANARY"


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many keys were tried, each time that some were."""
    found: list[int] = []
    real = view.open_contents

    def counted(of: Any, secrets: Any) -> Any:
        found.append(len(of.wraps))
        return real(of, secrets)

    monkeypatch.setattr(view, "open_contents", counted)
    return found


def known(world: World, who: str, name: str) -> Any:
    """What somebody can read of an entry."""
    return world.who(who).reading_with(world.store).view(world.pause).known[name].content


def test_what_one_reader_has_read_of_the_database_another_does_not_read_again(
    world: World
) -> None:
    for who in ("alice", "olga", "piotr"):
        world.who(who).reading_with(world.store).view(world.pause)
    world.write("mona", "incident.allege", "I1")
    with CaptureQueriesContext(connection) as first:
        world.who("alice").reading_with(world.store).view(world.pause)
    with CaptureQueriesContext(connection) as second:
        world.who("piotr").reading_with(world.store).view(world.pause)
    assert [q for q in first if '"raw"' in q["sql"] or "e.raw" in q["sql"]]
    assert not [q for q in second if '"raw"' in q["sql"] or "e.raw" in q["sql"]]


def test_of_an_entry_that_was_written_here_each_tries_only_the_key_that_is_theirs(
    world: World, tried: list[int]
) -> None:
    for who in ("alice", "omar", "piotr"):
        world.who(who).reading_with(world.store).view(world.pause)
    entry = world.write("olga", "notification.draft", CANARY, wall="sealed",
                        to=("ocha", "crescent"))
    seen = {}
    for who in ("alice", "omar", "piotr"):
        tried.clear()
        seen[who] = known(world, who, entry.hash)
        assert sum(tried) == (0 if who == "piotr" else 1), who
    assert seen["alice"].object == seen["omar"].object == CANARY
    assert seen["piotr"] is None


def test_where_it_is_not_known_for_whom_the_keys_are_all_are_tried(
    world: World, monkeypatch: pytest.MonkeyPatch, tried: list[int]
) -> None:
    monkeypatch.setattr(past, "MOST_ADDRESSED", 0)
    entry = world.write("olga", "notification.draft", CANARY, wall="sealed",
                        to=("ocha", "crescent"))
    assert known(world, "alice", entry.hash).object == CANARY
    assert known(world, "piotr", entry.hash) is None
    assert max(tried) > 1


def test_what_is_disclosed_later_is_opened_though_its_keys_were_tried_before(world: World) -> None:
    from lull.store.ledgers import disclose

    entry = world.write("olga", "notification.draft", CANARY, wall="sealed", to=("crescent",))
    assert known(world, "oda", entry.hash) is None
    assert known(world, "omar", entry.hash).object == CANARY
    disclose(world.store, world.seat("olga"), [entry.hash], world.side("relief"))
    assert known(world, "oda", entry.hash).object == CANARY
    assert known(world, "omar", entry.hash).object == CANARY
    assert known(world, "piotr", entry.hash) is None


def test_what_did_not_change_is_not_tried_again_when_the_past_of_a_pause_changes(
    world: World, monkeypatch: pytest.MonkeyPatch, tried: list[int]
) -> None:
    from lull.store.kept import renew

    monkeypatch.setattr(past, "MOST_ADDRESSED", 0)
    entry = world.write("olga", "notification.draft", CANARY, wall="sealed", to=("crescent",))
    for who in ("omar", "piotr"):
        known(world, who, entry.hash)
    renew(world.pause)
    tried.clear()
    assert known(world, "omar", entry.hash).object == CANARY
    assert known(world, "piotr", entry.hash) is None
    assert sum(tried) == 0


def test_nothing_that_was_destroyed_stays_with_what_readers_share(world: World) -> None:
    from lull.store.write import destroy

    entry = world.write("olga", "notification.draft", CANARY, wall="sealed",
                        to=("ocha", "crescent"))
    public = world.write("olga", "statement", CANARY)
    for who in ("alice", "olga", "piotr"):
        known(world, who, entry.hash)
    held = {row.hash: row for row in world.store.pasts.of(world.pause).up_to_date().rows}
    assert held[entry.hash].sealed
    assert held[public.hash].clear
    for one in (entry, public):
        destroy(world.store, world.seat("olga"), one.hash)
        assert one.hash not in world.store.pasts._addressed
        assert not any(row.hash == one.hash for of in world.store.pasts._of.values()
                       for row in of._run.rows)
    held = {row.hash: row for row in world.store.pasts.of(world.pause).up_to_date().rows}
    assert (held[entry.hash].sealed, held[entry.hash].wraps) == (None, 0)
    assert held[public.hash].clear is None
    assert known(world, "alice", entry.hash) is None
    assert known(world, "olga", public.hash) is None


def test_what_was_being_opened_while_it_was_destroyed_is_not_held_on_to(world: World) -> None:
    from lull.store.write import destroy

    entry = world.write("olga", "notification.draft", CANARY, wall="sealed",
                        to=("ocha", "crescent"))
    reader = world.who("alice").reading_with(world.store)
    content = known(world, "alice", entry.hash)
    assert reader.opened == {entry.hash: content}
    destroy(world.store, world.seat("olga"), entry.hash)
    assert not reader.opened
    reader.opened[entry.hash] = content  # by a request that had begun before
    assert known(world, "alice", entry.hash) is None
    assert not reader.opened


def test_what_is_taken_back_with_its_transaction_is_never_shared(world: World) -> None:
    from lull.store import models

    world.write("mona", "incident.allege", "I1")
    before = world.store.pasts.of(world.pause).up_to_date()
    seen = []

    def act() -> None:
        models.Pause.objects.filter(pk=world.pause).update(generation=99)
        seen.append(world.store.own.view(world.pause).generation)
        raise Refusal("Not this.")

    with pytest.raises(Refusal, match="Not this"):
        world.store.appender.do(act)
    assert seen == [99]
    assert world.store.pasts.of(world.pause).up_to_date() is before
    assert world.store.own.view(world.pause).generation == before.generation != 99
