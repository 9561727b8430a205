"""Drafts of notifications say what the plan says, all of it, once, and make nothing up."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lull.domain.case import Case
from lull.domain.plan import Crossing, Plan, Task
from lull.domain.records import payload, read_payload
from lull.domain.records.form import TO_FILL
from lull.domain.records.notification import MovementType
from lull.exchange.plan_write import plan_hash
from lull.report.movements import Each
from lull.report.notices import Notices, Sender, notifications_of
from lull.report.pause_notice import pause_notice_of
from tests.report.cases import tiny_case, tiny_plan
from tests.tiny import cases

AT = datetime(2016, 10, 18, 9, tzinfo=UTC)
SAMPLES: list[Callable[[], cases.Sample]] = [
    cases.first_steps, cases.full_bus, cases.convoy, cases.link, cases.exchange, cases.shuttle,
    cases.cargo_exchange, cases.two_windows, cases.holding, cases.return_seats, cases.aid,
    cases.fighters, cases.walkers, cases.cars, cases.hospitals,
]  # fmt: skip


def drafts(case: Case, plan: Plan, by: Each = Each.CONVOY, **sender: Any) -> Notices:
    """The drafts of a plan."""
    return notifications_of(plan, case, plan_hash=plan_hash(plan, case), at=AT, by=by,
                            sender=Sender(**sender))


def aboard(plan: Plan, convoy: str) -> tuple[int, Counter[str]]:
    """Persons and goods in a convoy as it passes its gate, counted from the steps alone."""
    persons, goods = 0, Counter[str]()
    for day in plan.vehicles:
        at = next((i for i, s in enumerate(day.steps)
                   if isinstance(s, Crossing) and s.convoy == convoy), None)
        for stop in day.steps[:at or 0]:
            if not isinstance(stop, Crossing) and stop.task in (Task.LOAD, Task.UNLOAD):
                sign = 1 if stop.task is Task.LOAD else -1
                persons += sign * sum(p.persons for p in stop.people)
                for some in stop.goods:
                    goods[some.item] += sign * some.units
    return persons, +goods


def require_whole_account(case: Case, plan: Plan, made: Notices) -> None:
    """Every convoy and party is in one draft, and the drafts add up to what the plan moves."""
    convoys = Counter(c for notice in made.notices for c in notice.convoys)
    parties = Counter(p for notice in made.notices for p in notice.parties)
    assert convoys == Counter(c.id for c in plan.convoys)
    assert parties == Counter(p.id for p in plan.parties)
    walking = {p.id: p.persons for p in plan.parties}
    for notice in made.notices:
        record, loads = notice.record, [aboard(plan, c) for c in notice.convoys]
        people = sum(n for n, _ in loads) + sum(walking[p] for p in notice.parties)
        assert (record.people.total if record.people else 0) == people
        goods: Counter[str] = Counter()
        for _, some in loads:
            goods += some
        names = {case.items[item].name or item: units for item, units in goods.items()}
        assert {line.item: line.quantity for line in record.cargo} == names
        weight = sum(case.items[item].kg * units for item, units in goods.items())
        assert float(sum(line.weight_kg or Decimal(0) for line in record.cargo)) == (
            pytest.approx(weight))


@pytest.mark.parametrize("by", Each)
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda make: make.__name__)
def test_drafts_add_up_to_the_plan_and_can_be_written(
    sample: Callable[[], cases.Sample], by: Each
) -> None:
    given = sample()
    made = drafts(given.case, given.plan, by)
    assert made.notices
    require_whole_account(given.case, given.plan, made)
    for notice in made.notices:
        node = payload(notice.record)
        assert read_payload("notification.draft", json.loads(json.dumps(node))) == notice.record
        stops = [notice.record.departure, *notice.record.stops, notice.record.arrival]
        assert all(a.arrives <= a.leaves for a in stops)
        assert notice.record.valid.start <= min(stop.arrives for stop in stops)
        assert notice.record.valid.end >= max(stop.leaves for stop in stops)


def test_a_convoy_is_told_from_where_it_sets_out_to_where_it_sets_down() -> None:
    """First steps, by hand: A 50 to 60, gates 70 and 80, R 90 to 100, base 110; 08:00 is 05:00Z."""
    sample = cases.first_steps()
    inward, outward = (notice.record for notice in drafts(sample.case, sample.plan).notices)
    zero = sample.case.pause.clock.origin

    def minutes(instant: datetime) -> int:
        return int((instant - zero) / timedelta(minutes=1))

    assert (inward.departure.place.name, minutes(inward.departure.leaves)) == ("base", 20)
    assert (inward.arrival.place.name, minutes(inward.arrival.arrives)) == ("A", 50)
    assert (outward.departure.place.name, minutes(outward.departure.leaves)) == ("A", 60)
    assert (outward.arrival.place.name, minutes(outward.arrival.arrives)) == ("R", 90)
    assert [minutes(stop.arrives) for stop in outward.stops] == [70, 80]
    assert [(s.place.name, minutes(s.arrives)) for s in outward.return_stops] == [("base", 110)]
    assert (inward.people, outward.people.total) == (None, 40)
    assert [(v.type, v.number) for v in outward.vehicles] == [("bus", 1)]
    assert (inward.type, outward.type) == (MovementType.EVACUATION, MovementType.EVACUATION)
    assert minutes(outward.valid.end) == 660
    assert "back to A" in outward.turning_back_order


def test_people_are_told_by_need_and_patients_apart() -> None:
    case = tiny_case()
    by_reference = {n.convoys: n.record for n in drafts(case, tiny_plan(case)).notices}
    out = by_reference["C2",]
    assert (out.people.total, out.people.wounded_or_sick) == (78, 4)
    assert "stretcher patients: 8" in out.note
    assert "people who need a seat: 70" in out.note
    aid = by_reference["C3",]
    assert aid.type is MovementType.CARGO
    assert [(line.item, line.quantity, line.weight_kg) for line in aid.cargo] == [
        (case.items["food"].name or "food", 100, Decimal(5000))]
    walking = by_reference[()]
    assert (walking.vehicles, walking.people.total) == ((), 15)


def test_what_the_plan_does_not_say_is_listed_and_left_to_be_filled() -> None:
    sample = cases.first_steps()
    notice = drafts(sample.case, sample.plan).notices[0]
    assert notice.record.organisation == notice.record.contact.number == TO_FILL
    assert [one.party for one in notice.record.recipients] == [TO_FILL]
    listed = {line.partition(":")[0] for line in notice.to_fill}
    assert {"organisation", "contact", "deputy", "recipients", "crews", "positions"} <= listed
    told = drafts(sample.case, sample.plan, organisation="OCHA", accuracy_m=50).notices[0]
    listed = {line.partition(":")[0] for line in told.to_fill}
    assert not {"organisation", "positions"} & listed
    assert "plates" not in json.dumps(payload(told.record))


def test_a_point_is_given_with_its_accuracy_or_not_at_all() -> None:
    case = tiny_case()
    silent = drafts(case, tiny_plan(case))
    assert "position" not in json.dumps([payload(n.record) for n in silent.notices])
    told = drafts(case, tiny_plan(case), accuracy_m=200)
    points = {place.name: place.position for n in told.notices for place in n.record.route_waypoints
              if place.position}
    school = points[case.sites["school"].name or "school"]
    assert float(school.latitude_deg) == pytest.approx(case.sites["school"].lat, abs=1e-6)
    assert {point.accuracy_m for point in points.values()} == {200}


def test_the_same_plan_has_the_same_references_and_another_has_others() -> None:
    one, two = cases.first_steps(), cases.full_bus()
    names = [[n.record.reference for n in drafts(s.case, s.plan).notices] for s in (one, one, two)]
    assert names[0] == names[1]
    assert not set(names[0]) & set(names[2])
    assert names[0][0].startswith("N001-")


def test_fighters_are_counted_in_drafts_of_their_own_that_say_so() -> None:
    sample = cases.fighters()
    marked = {n.convoys for n in drafts(sample.case, sample.plan).notices if n.counts_fighters}
    assert marked == {("van out",)}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda make: make.__name__)
def test_a_draft_of_a_day_has_each_convoy_as_its_own_draft_has_it(
    sample: Callable[[], cases.Sample]
) -> None:
    given = sample()
    alone = {n.convoys: n.record for n in drafts(given.case, given.plan).notices}
    for notice in drafts(given.case, given.plan, Each.CORRIDOR_DAY).notices:
        together = len(notice.convoys) + bool(notice.parties)
        assert len(notice.record.runs) == (together if together > 1 else 0)
        for run in notice.record.runs:
            if run.reference == "by themselves":
                continue
            own = alone[run.reference,]
            assert run.stops == (own.departure, *own.stops, own.arrival, *own.return_stops)
            assert run.vehicles == sum(v.number for v in own.vehicles)
            assert run.people == (own.people.total if own.people else 0)
        if notice.record.runs:
            assert "each has its own way and times" in notice.record.note
            assert sum(run.people for run in notice.record.runs) == (
                notice.record.people.total if notice.record.people else 0)


def test_some_sample_has_several_convoys_on_a_day() -> None:
    """Else the test above says nothing."""
    made = [drafts(given.case, given.plan, Each.CORRIDOR_DAY)
            for given in (sample() for sample in SAMPLES)]
    assert any(len(n.record.runs) > 1 for one in made for n in one.notices)


def test_drafts_by_day_are_never_taken_for_drafts_by_convoy() -> None:
    given = cases.first_steps()
    names = [{n.record.reference for n in drafts(given.case, given.plan, by).notices}
             for by in Each]
    assert not names[0] & names[1]


def test_what_moves_without_a_gate_is_said() -> None:
    sample = cases.exchange()
    (said,) = drafts(sample.case, sample.plan).not_in_any
    assert said.startswith("1 vehicle moves without passing a gate")
    assert drafts(cases.aid().case, cases.aid().plan).not_in_any == ()


def test_no_draft_names_a_thing_that_the_folder_does_not() -> None:
    """Every place, vehicle and item of a draft stands in the case."""
    case = tiny_case()
    places = {site.name or site.id for site in case.sites.values()}
    for notice in drafts(case, tiny_plan(case)).notices:
        record = notice.record
        named = {p.name for p in record.route_waypoints if ": " not in p.name}
        assert named <= places
        kinds = {kind.name or kind.id for kind in case.fleet.values()}
        assert {v.type for v in record.vehicles} <= kinds


def test_the_pause_notice_has_what_the_folder_says_of_the_pause() -> None:
    case = tiny_case()
    notice = pause_notice_of(case)
    record = notice.record
    assert read_payload("pause.declare", payload(record)) == record
    assert [(w.start, w.end) for w in record.windows] == [
        (case.pause.clock.utc(w.opens), case.pause.clock.utc(w.closes))
        for w in case.pause.windows]
    assert [line.partition(":")[0] for line in record.corridors] == [
        c.name or c.id for c in case.corridors.values()]
    buses = sum(kind.number for kind in case.fleet.values() if kind.id == "bus")
    assert (record.buses, record.ambulances) == (buses, case.fleet["amb"].number)
    assert len(record.security_measures) == len(case.safeguards)
    assert record.prohibited_acts == (TO_FILL,)
    assert any(line.startswith("hotlines") for line in notice.to_fill)
