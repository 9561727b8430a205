"""What holds of everything due, whatever was said, in whatever order, in whatever time zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from random import Random

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from lull.domain.lead_times import AgreedTime, LeadRule
from lull.domain.protocol import Role
from lull.domain.records import RECORDS
from lull.domain.records.lateness import transmission_warnings
from lull.domain.records.notification import Stop
from lull.ledger.due import Due, DueKind, due
from lull.ledger.fold import State
from tests.ledger.due_kit import (
    GO,
    RUNGS,
    at,
    checked_in,
    movement,
    now_due,
    place,
    put,
    receipt,
    stand,
    terms,
    transmit,
    under_way,
)
from tests.ledger.kit import Post, filled

RECIPIENTS = ("Party A", "Party B")
minutes = st.integers(-5 * 24 * 60, 2 * 24 * 60)
ordered = st.sets(st.tuples(st.sampled_from(["N1", "N2"]), st.sampled_from(RECIPIENTS)))
answered = st.sets(st.tuples(st.sampled_from(["N1", "N2"]), st.sampled_from(RECIPIENTS)))
check_ins = st.lists(st.integers(0, 9 * 60), max_size=5)


def room(sent: set[tuple[str, str]], confirmed: set[tuple[str, str]], checks: list[int],
         *, amended: bool = False) -> Post:
    """Two notifications, of which some versions left and some were confirmed; one is under way."""
    made = Post("OCHA")
    put(made, "pause.declare", terms(buses=20, escalation=RUNGS), "P02", role=Role.PARTY,
        said=at(days=-6))
    for about in ("N1", "N2"):
        put(made, "notification.draft", movement(radio="channel 2", check_in_minutes=30), about,
            said=at(days=-5))
        put(made, "notification.submit", about=about)
    for about, recipient in sorted(sent):
        transmit(made, recipient, sent=at(days=-3), about=about)
    for about, recipient in sorted(confirmed & sent):
        receipt(made, recipient, about=about)
    if amended and any(about == "N1" for about, _ in sent):
        put(made, "notification.amend", movement(2), "N1", said=at(days=-1))
    elif amended:
        put(made, "notification.revise", movement(2), "N1", said=at(days=-1))
        put(made, "notification.submit", about="N1")
    under_way(made)
    for minute in checks:
        checked_in(made, at(minutes=minute))
    return made


def asked(state: State, now: datetime, seed: int = 0) -> tuple[Due, ...]:
    """What is due, from what stands taken in another order."""
    things, acts = list(state.things.items()), list(state.acts)
    Random(seed).shuffle(things)
    Random(seed + 1).shuffle(acts)
    return due(dict(things), acts, now, role=Role.COORDINATOR, side="OCHA")


@settings(max_examples=60, deadline=None)
@given(ordered, answered, check_ins, minutes, st.booleans(), st.integers(0, 99))
def test_nothing_is_due_twice_and_no_order_changes_what_is(
    sent, confirmed, checks, minute, amended, seed
) -> None:
    state = stand(room(sent, confirmed, checks, amended=amended).held)
    found = due(state.things, state.acts, at(minutes=minute), role=Role.COORDINATOR, side="OCHA")
    named = [(d.kind, d.object, d.part) for d in found]
    assert len(named) == len(set(named))
    assert asked(state, at(minutes=minute), seed) == found
    known = {entry.hash for entry, _ in state.acts}
    for item in found:
        assert item.entries
        assert set(item.entries) <= known
        assert item.sentence
        assert bool(item.late_minutes) == (item.by is not None and item.by < at(minutes=minute))
        assert item.waiting_minutes >= 0


@settings(max_examples=40, deadline=None)
@given(ordered, answered, minutes, st.integers(-14 * 60, 14 * 60))
def test_what_is_due_is_the_same_in_every_time_zone_and_told_in_utc(
    sent, confirmed, minute, offset
) -> None:
    state = stand(room(sent, confirmed, []).held)
    there = at(minutes=minute).astimezone(timezone(timedelta(minutes=offset)))
    found = asked(state, there)
    assert found == asked(state, at(minutes=minute))
    for item in found:
        for time in (item.since, item.by):
            assert time is None or time.utcoffset() == timedelta(0)


@settings(max_examples=40, deadline=None)
@given(ordered.filter(bool), st.data(), minutes)
def test_a_receipt_removes_exactly_its_own_item(sent, data, minute) -> None:
    about, recipient = data.draw(st.sampled_from(sorted(sent)))
    before = now_due(room(sent, set(), []), at(minutes=minute))
    after = now_due(room(sent, {(about, recipient)}, []), at(minutes=minute))
    gone = {(d.kind, d.object, d.part) for d in before} - {
        (d.kind, d.object, d.part) for d in after}
    new = {(d.kind, d.object, d.part) for d in after} - {
        (d.kind, d.object, d.part) for d in before}
    over = minute > 10 * 60
    assert gone == (set() if over else {(DueKind.RECEIPT, about, f"{recipient} 1")})
    assert not new


@settings(max_examples=60, deadline=None)
@given(check_ins, st.integers(0, 9 * 60))
def test_the_check_in_due_is_half_an_hour_after_the_movement_was_last_heard_of(
    checks, minute
) -> None:
    [found] = now_due(room(set(), set(), checks), at(minutes=minute), DueKind.CHECK_IN)
    last = max([0, *(c for c in checks if c <= minute)])
    assert found.by == at(minutes=last + 30)
    silent = minute - last - 30
    assert found.late_minutes == max(0, silent)
    assert found.ladder.step == sum(silent > 0 and silent >= r.after_minutes for r in RUNGS)


FAR = (datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 12, 31, 23, 59, 59, tzinfo=UTC))
ENDS = (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([*FAR, GO]), st.sampled_from([*FAR, GO]),
       st.sampled_from([1, 2**31, 2**53 - 1]), st.sampled_from([*ENDS, GO]))
def test_no_year_and_no_number_of_minutes_breaks_what_is_due(goes, gone, many, now) -> None:
    """What others wrote may hold any of them; it is told as it is, and nothing else is lost."""
    made = Post("OCHA")
    leaves = min(goes, FAR[1] - timedelta(days=1))
    departure = Stop(place=place("Gate"), arrives=goes, leaves=leaves)
    arrival = Stop(place=place("Town"), arrives=FAR[1], leaves=FAR[1])
    ladder = (evolve(RUNGS[0], after_minutes=many),)
    agreed = tuple(AgreedTime(rule=rule, minutes=many) for rule in LeadRule)
    put(made, "pause.declare", terms(lead_times=agreed), "P02", role=Role.PARTY, said=gone)
    record = movement(departure=departure, arrival=arrival, escalation=ladder,
                      check_in_minutes=many)
    put(made, "notification.draft", record, said=gone)
    put(made, "notification.submit")
    transmit(made, "Party A", sent=goes)
    under_way(made, gone=gone)
    site = filled(RECORDS["site_notification"], only_required=True)
    put(made, "notification.draft", evolve(site, valid_from=FAR[0], review_by=max(gone, GO)), "S1")
    asked_for = filled(RECORDS["extension_request"], only_required=True)
    put(made, "request.draft", evolve(asked_for, addressees=("Party A",)), "R1")
    put(made, "request.send", about="R1", at=gone)
    found = now_due(made, now)
    assert DueKind.ANSWER in {d.kind for d in found}
    assert len(transmission_warnings(record, now)) <= 1


@settings(max_examples=40, deadline=None)
@given(ordered, answered, st.lists(minutes, min_size=2, max_size=2, unique=True))
def test_what_is_late_stays_late_until_something_is_done_or_it_is_over(
    sent, confirmed, when
) -> None:
    """As time goes on, a thing that is late becomes no less so, unless its notification ends."""
    earlier, later = sorted(when)
    made = room(sent, confirmed, [])
    then = {(d.kind, d.object, d.part): d for d in now_due(made, at(minutes=earlier))}
    now = {(d.kind, d.object, d.part): d for d in now_due(made, at(minutes=later))}
    for name, item in then.items():
        if name in now:
            assert now[name].late_minutes >= item.late_minutes
        elif item.late_minutes:
            assert at(minutes=later) > GO + timedelta(hours=10)
