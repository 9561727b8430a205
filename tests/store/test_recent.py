"""What one has written is at hand for all who write after it, and only while it may be."""

from __future__ import annotations

from typing import Any

import pytest

from lull.domain.protocol import IllegalStep
from lull.ledger.content import Wall
from lull.store import view as view_module
from lull.store.view import View
from lull.store.write import destroy
from tests.store.kit import World


def test_who_writes_next_is_judged_by_what_another_wrote_without_its_being_read_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for about in ("I1", "I2"):  # with the first write of each its log is opened
        for name in ("olga", "omar"):
            world.write(name, "incident.allege", f"{about} {name}", wall="restricted")

    def read(*_: Any, **how: Any) -> Any:
        raise AssertionError(f"It was read again: {how}")

    monkeypatch.setattr(view_module, "taken", read)
    world.write("olga", "movement.plan", "I3", wall="restricted")
    with pytest.raises(IllegalStep):
        world.write("omar", "movement.plan", "I3", wall="restricted")


def test_what_is_judged_so_is_what_is_folded_from_the_database(world: World) -> None:
    for about, wall in (("I1", "public"), ("I2", "restricted"), ("I3", "public")):
        for name in ("olga", "omar"):
            world.write(name, "incident.allege", f"{about} {name}", wall=wall)
    for name in ("olga", "omar"):
        reader = world.who(name).reading_with(world.store)
        kept = reader.judging[world.pause].catch_up()
        anew = View(world.pause, reader).catch_up()
        assert kept.known.keys() == anew.known.keys()
        assert {h: (k.seq, k.content, k.by, k.fault) for h, k in kept.known.items()} == {
            h: (k.seq, k.content, k.by, k.fault) for h, k in anew.known.items()}
        assert (kept.owners, kept.seq) == (anew.owners, anew.seq)
        assert {t: [s.state for s in stands] for t, stands in kept.things.items()} == {
            t: [s.state for s in stands] for t, stands in anew.things.items()}


def test_what_was_destroyed_is_not_at_hand_and_what_is_sealed_never_was(world: World) -> None:
    world.write("olga", "incident.allege", "I0")
    made = world.write("olga", "incident.allege", "I1", wall="restricted")
    assert made.hash in world.store.own.recent
    destroy(world.store, world.seat("olga"), made.hash)
    assert made.hash not in world.store.own.recent
    world.write("olga", "incident.allege", "I2", wall="restricted")
    assert made.hash not in world.store.own.recent
    assert all(one.content.wall is not Wall.SEALED for one in world.store.own.recent.values())
