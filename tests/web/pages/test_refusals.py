"""That somebody was refused a page is an entry: once an hour, for their side, without a name in it.
"""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from lull.store import models
from lull.store.principal import seated
from lull.store.reading import find
from tests.store.kit import World
from tests.web.kit import caller
from tests.web.pages.kit import Browser

KEPT = "heron-on-the-weir"


def noted(world: World, name: str = "alice") -> list[tuple[str, list[str], str]]:
    """By which side which pages were asked for in vain, as somebody reads it: side, pages, to."""
    items = find(world.store, world.seat(name), kind="disclosure", limit=500).items
    return [(k.content.writer.side, list(k.content.payload["entries"]), k.content.payload["to"])
            for k in items if k.content and k.content.payload["kind"] == "failed_attempt"]


def test_a_page_that_is_not_ones_to_do_is_refused_and_noted_for_ones_side(world: World) -> None:
    assert Browser(world, "paul").get("@plans").status_code == 403
    assert noted(world) == [("Party A", ["plans"], "Party A")]
    for name, reads in (("paul", 1), ("petra", 1), ("adam", 1), ("piotr", 0), ("olga", 0),
                        ("mona", 0), ("fred", 0)):
        assert len(noted(world, name)) == reads, name


def test_what_is_not_there_for_one_is_noted_without_what_was_asked_for(world: World) -> None:
    world.write("olga", "incident.allege", KEPT, wall="sealed", to=("crescent",))
    olga = Browser(world, "olga")
    address = olga.text("@list/incident").partition("/of/incident/")[2].partition('"')[0]
    assert address
    before = models.Entry.objects.count()
    paul = Browser(world, "paul")
    for tag in (address, "0" * 20, KEPT):
        assert paul.get(f"@of/incident/{tag}").status_code == 404
    assert noted(world) == [("Party A", ["thing"], "Party A")]
    assert models.Entry.objects.count() - before <= 2  # the opening of its log, and this
    everything = json.dumps([dict(k.content.payload) for k in find(
        world.store, world.seat("alice"), kind="disclosure", limit=500).items if k.content])
    assert address not in everything
    assert KEPT not in everything


def test_asking_again_and_again_fills_no_ledger(world: World) -> None:
    paul = Browser(world, "paul")
    for _ in range(5):
        assert paul.get("@plans").status_code == 403
    world.store.refusals.clear()  # as another process, which has not seen it
    assert paul.get("@plans").status_code == 403
    assert len(noted(world)) == 1
    assert paul.get("@job/" + str(uuid4())).status_code == 404
    assert Browser(world, "petra").get("@plans").status_code == 403
    world.clock.forward(hours=1)
    assert Browser(world, "paul").get("@plans").status_code == 403
    assert sorted(pages for _, pages, _ in noted(world)) == [["job"], ["plans"], ["plans"],
                                                            ["plans"]]


def test_who_has_no_seat_in_a_pause_is_noted_there_by_its_coordinator(world: World) -> None:
    from lull.store.accounts import make_pause

    other = make_pause(world.store, "Homs", world.who("alice"))
    assert Browser(world, "paul").get(f"/p/{other.id}/due").status_code == 404
    items = find(world.store, seated(other.id, world.who("alice")), kind="disclosure").items
    said = [k.content.payload for k in items if k.content]
    assert [(one["entries"], one["to"]) for one in said] == [(["due"], "Party A")]
    assert noted(world) == []


@pytest.mark.parametrize("path", ["@due", "@notice", "@report", "@map"])
def test_pages_that_are_shown_are_no_attempts(world: World, path: str) -> None:
    assert Browser(world, "paul").get(path).status_code == 200
    assert noted(world) == []


def test_the_public_writes_nothing_by_asking(world: World) -> None:
    before = models.Entry.objects.count()
    assert Browser(world).get("@of/incident/" + "0" * 20).status_code == 404
    assert Browser(world).get("/p/" + str(uuid4()) + "/notice").status_code == 404
    assert models.Entry.objects.count() == before


def test_a_program_that_is_refused_is_noted_too(world: World) -> None:
    paul = caller(world, "paul")
    for _ in range(3):
        assert paul.get(f"pauses/{{pause}}/jobs/{uuid4()}").status_code == 404
    assert noted(world) == [("Party A", ["one_job"], "Party A")]


def test_a_refusal_is_told_even_where_it_cannot_be_written(world: World,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    from lull.store.appender import Appender, Busy

    paul = Browser(world, "paul")

    def busy(*_: object, **__: object) -> None:
        raise Busy("not now")

    monkeypatch.setattr(Appender, "do", busy)
    assert paul.get("@plans").status_code == 403
    monkeypatch.undo()
    assert noted(world) == []
    assert paul.get("@plans").status_code == 403
    assert len(noted(world)) == 1
