"""Times of any year: refused at their field when written, and no page falls over one that arrives.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lull.domain.records import RECORDS, kinds, payload
from lull.domain.records.form import instant
from lull.exchange.ledger import write_ledger
from lull.ledger.content import Content, Wall, Writer
from lull.ledger.write import next_entry
from lull.store.ledgers import admit, take_in
from lull.store.write import prepare
from lull.web.pages.zones import Clock, NoSuchTime, instant_of
from tests.ledger.kit import filled
from tests.store.kit import World
from tests.store.test_sealing import Post
from tests.web.kit import caller
from tests.web.pages.kit import Browser

BEYOND = ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2201-01-01T00:00:00Z",
          "1899-12-31T23:59:59Z")
ZONES = ("Asia/Damascus", "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC")
PAGES = ("due", "notice", "corridors", "readiness", "notifications", "movements", "requests",
         "deliveries", "incidents", "constraints", "figures", "statements", "report", "map",
         "people", "ledger", "ledger/chain", "ledger/apart", "ledger/without-effect", "addressees",
         "outbox")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
EVERY_INSTANT = st.datetimes(timezones=st.just(UTC))


@given(EVERY_INSTANT, st.sampled_from(ZONES))
def test_every_instant_of_the_calendar_can_be_shown_in_every_zone(at: datetime, zone: str) -> None:
    clock = Clock(zone)
    shown, held = clock.html(at), clock.field(at)
    assert f"{at.replace(tzinfo=None).isoformat(timespec='seconds')}Z" in shown
    assert datetime.fromisoformat(held).year in (at.year - 1, at.year, at.year + 1)


@given(st.datetimes(), st.sampled_from(ZONES))
def test_a_time_of_a_form_is_read_or_refused_by_its_year_and_nothing_else_happens(
    local: datetime, zone: str
) -> None:
    text = f"{local.isoformat(timespec='minutes')}"
    said = ""
    try:
        assert instant(instant_of(text, zone)) is not None
    except NoSuchTime as wrong:
        said = str(wrong)
    if not 1900 <= local.year <= 2200:
        assert "years 1900 to 2200" in said
    else:
        assert not said or (zone != "UTC" and "put forward or back" in said)


@given(st.text(max_size=30))
def test_what_is_no_time_is_nothing_and_not_an_error(text: str) -> None:
    assert instant(text) is None or TIME.fullmatch(text)


@pytest.mark.parametrize("at", BEYOND)
def test_a_statement_of_such_a_year_is_refused_at_its_field_and_the_page_stands(
    world: World, at: str
) -> None:
    paul = caller(world, "paul")
    told = paul.write("statement", "S1", published_at=at)
    assert told.status_code == 422
    assert [e["field"] for e in told.json()["errors"]] == ["payload.published_at"]
    assert "1900 to 2200" in told.json()["errors"][0]["sentence"]
    assert Browser(world).get("@statements").status_code == 200


def test_every_time_of_every_record_is_refused_in_such_a_year_with_its_field(world: World) -> None:
    alice = caller(world, "alice")
    seen = 0
    for kind, names in kinds().items():
        node = payload(filled(RECORDS[names[0]]))
        times = [name for name, said in node.items()
                 if isinstance(said, str) and TIME.fullmatch(said)]
        if not times or kind in ("fetch", "not_delivered", "disclosure"):
            continue
        changed = {**node, **dict.fromkeys(times, "9999-12-31T23:59:59Z")}
        told = alice.post("pauses/{pause}/entries", {
            "kind": kind, "object": "X", "wall": "restricted", "part": "", "to": [],
            "payload": changed}, idempotency_key=f"key-{kind}")
        assert told.status_code == 422
        assert {f"payload.{name}" for name in times} <= {
            e["field"] for e in told.json()["errors"]}
        seen += 1
    assert seen > 20


def test_a_time_of_a_form_in_the_first_year_is_told_at_its_field(world: World) -> None:
    paul = Browser(world, "paul")
    for at in ("0001-01-01T00:00", "9999-12-31T23:59"):
        answer = paul.send("@write/statement", {
            "about": "S1", "wall": "public", "f.by": "Party A", "f.published_at": at,
            "f.text": "Words"})
        assert answer.status_code == 422
        assert "1900 to 2200" in answer.content.decode()


def _with(node: Any, at: str) -> Any:
    """A payload with every time in it put to another."""
    if isinstance(node, dict):
        return {name: _with(inner, at) for name, inner in node.items()}
    if isinstance(node, list):
        return [_with(inner, at) for inner in node]
    return at if isinstance(node, str) and TIME.fullmatch(node) else node


@pytest.mark.parametrize("at", [*BEYOND[:2], "2016-13-45T99:99:99Z"])
def test_entries_of_such_years_that_arrive_in_a_file_have_no_effect_and_leave_every_page_standing(
    world: World, at: str
) -> None:
    world.write("paul", "pause.declare", "P1")
    world.write("olga", "notification.draft", "N1")
    post = Post()
    admit(world.store, world.seat("alice"), post.log.post, world.side("ocha"), "coordinator")
    for kind, names in kinds().items():
        node = _with(payload(filled(RECORDS[names[0]])), at)
        content = Content(kind=kind, object="N1", part="", wall=Wall.PUBLIC, received=at,
                          said=at, payload=node,
                          writer=Writer(world.seat("alice").role, "OCHA", "duty"))
        made = prepare(content)
        entry = next_entry(post.held, post.log, key=post.key.public, hour="2016-10-20T09Z",
                           sign=post.key.sign, said=made.said)
        post.held = post.held.plus(entry, clear=made.clear)
    take_in(world.store, world.seat("alice"), write_ledger(post.held))
    told = [k for k in world.store.own.view(world.pause).known.values()
            if k.content and k.content.received == at]
    assert len(told) == len(kinds())
    assert all(k.fault is not None for k in told)
    for name in ("alice", "paul", ""):
        browser = Browser(world, name)
        for page in PAGES:
            assert browser.get(f"@{page}").status_code < 500, (name, page)
        for known in told:
            assert browser.get(f"@entry/{known.entry.hash}").status_code == 200
    alice = Browser(world, "alice")
    for kind in kinds():
        assert alice.get(f"@write/{kind}").status_code < 500
