"""What reports are read as: which round they are of, and that none is passed over in silence."""

from __future__ import annotations

import pytest
from attrs import evolve

from lull.domain.case import Case
from lull.domain.plan import Crossing, Party, Plan, Stop, VehicleDay
from lull.domain.refusal import Refusal
from lull.plan import make_plan
from lull.questions.replan import replan
from lull.questions.reports import Report
from lull.questions.standing import stand
from lull.questions.underway import Reading, as_reported, groups_of
from tests.questions.towns import small_town


@pytest.fixture(scope="module")
def day() -> tuple[Case, Plan, VehicleDay]:
    """A plan, and the day of a vehicle that drives at least two rounds in it."""
    case = small_town(5, minutes=300)
    plan = make_plan(case, work=5, stop_bound=lambda: True).plan
    return case, plan, next(d for d in plan.vehicles if max(s.round for s in d.steps) >= 2
                            and d.vehicle.startswith("bus"))


def crossings(day: VehicleDay, number: int) -> list[Crossing]:
    return [s for s in day.steps if isinstance(s, Crossing) and s.round == number]


def late(case: Case, plan: Plan, now: int, vehicle: str, *reports: Report) -> list[int]:
    """How late each round of a vehicle is that has begun, rounds in their order."""
    return [g.late for g in Reading(case, plan, now, reports).groups()
            if g.begun and vehicle in g.steps]


def test_a_report_of_the_second_round_does_not_delay_the_first(
    day: tuple[Case, Plan, VehicleDay]
) -> None:
    case, plan, bus = day
    stop = next(s for s in bus.steps if isinstance(s, Stop) and s.round == 2)
    report = Report(stop.arrives + 2, "arrived", bus.vehicle, stop.site)
    assert late(case, plan, stop.arrives + 3, bus.vehicle, report) == [0, 5]


def test_entering_on_time_on_the_way_out_is_no_delay_of_the_way_in(
    day: tuple[Case, Plan, VehicleDay]
) -> None:
    case, plan, bus = day
    way_in, way_out = crossings(bus, 1)
    assert way_in.corridor == way_out.corridor
    report = Report(way_out.enters, "entered", bus.vehicle, way_out.corridor)
    assert late(case, plan, way_out.enters + 1, bus.vehicle, report)[0] == 0
    long_after = Report(way_in.enters + 12, "entered", bus.vehicle, way_in.corridor)
    assert late(case, plan, way_in.enters + 13, bus.vehicle, long_after) == [15]


def test_leaving_the_base_late_is_a_delay(day: tuple[Case, Plan, VehicleDay]) -> None:
    case, plan, bus = day
    start = bus.steps[0]
    assert isinstance(start, Stop)
    report = Report(start.departs + 9, "departed", bus.vehicle, start.site)
    assert late(case, plan, start.departs + 10, bus.vehicle, report) == [10]


def test_leaving_the_base_before_its_time_is_being_under_way(
    day: tuple[Case, Plan, VehicleDay]
) -> None:
    case, plan, bus = day
    start = bus.steps[0]
    assert isinstance(start, Stop)
    report = Report(start.departs - 3, "departed", bus.vehicle, start.site)
    kept = stand(case, plan, start.departs - 2, [report]).kept
    assert bus.vehicle in {d.vehicle for d in kept.vehicles}


def test_a_delay_in_one_round_is_one_of_the_next_or_it_has_not_begun(
    day: tuple[Case, Plan, VehicleDay]
) -> None:
    case, plan, bus = day
    last = [s for s in bus.steps if s.round == 1][-1]
    second = crossings(bus, 2)[0]
    assert isinstance(last, Stop)
    report = Report(last.arrives + 40, "arrived", bus.vehicle, last.site)
    now = max(last.arrives + 41, second.enters + 1)
    assert now < last.departs + 40, "the case must have the bus still at its stop"
    found = [g for g in Reading(case, plan, now, [report]).groups() if bus.vehicle in g.steps]
    assert [g.begun for g in found][:2] == [True, any(
        v != bus.vehicle and out < now for v, out in found[1].outs.items())]


@pytest.mark.parametrize("what", ["entered", "delayed"])
def test_a_report_that_fits_no_round_is_refused_and_not_passed_over(
    day: tuple[Case, Plan, VehicleDay], what: str
) -> None:
    case, plan, bus = day
    used = {s.corridor for s in bus.steps if isinstance(s, Crossing)}
    other = next((c for c in case.corridors if c not in used), "")
    start = bus.steps[0].arrives - 30
    report = Report(start, "delayed", bus.vehicle, minutes=5) if what == "delayed" else Report(
        start, what, bus.vehicle, other or next(iter(used)))
    with pytest.raises(Refusal, match="fits no round"):
        replan(case, plan, start + 1, [report], work=1)


def test_a_convoy_cannot_break_down_and_an_idle_vehicle_can(
    day: tuple[Case, Plan, VehicleDay]
) -> None:
    case, plan, _ = day
    with pytest.raises(Refusal, match="a line for each"):
        replan(case, plan, 50, [Report(40, "broken_down", plan.convoys[0].id)], work=1)
    kind = case.fleet["bus"]
    more = evolve(case, fleet={**case.fleet, "bus": evolve(kind, number=kind.number + 1)})
    idle = kind.vehicle(kind.number + 1)
    made = replan(more, plan, 50, [Report(40, "broken_down", idle)], work=1)
    assert idle not in {d.vehicle for d in made.plan.vehicles}


def test_a_delay_inside_a_corridor_leaves_the_entry_where_it_was(
    day: tuple[Case, Plan, VehicleDay]
) -> None:
    """Else whoever is inside would count as still outside when the corridor closes."""
    case, plan, bus = day
    way_in = crossings(bus, 1)[0]
    now = way_in.enters + 2
    reports = [Report(now - 1, "delayed", bus.vehicle, minutes=20),
               Report(now - 1, "closed", way_in.corridor)]
    under = stand(as_reported(case, reports), plan, now, reports)
    assert bus.vehicle not in under.turned_back
    kept = next(s for v, s in under.kept.crossings() if v == bus.vehicle and s.round == 1)
    assert (kept.enters, kept.leaves) == (way_in.enters, way_in.leaves + 20)


def test_a_silent_vehicle_bound_for_a_closed_corridor_is_not_planned_on_again(
    day: tuple[Case, Plan, VehicleDay]
) -> None:
    case, plan, bus = day
    way_in = crossings(bus, 1)[0]
    reports = [Report(way_in.enters - 2, "closed", way_in.corridor)]
    under = stand(as_reported(case, reports), plan, way_in.enters - 1, reports)
    assert under.free_at[bus.vehicle] is None
    assert bus.vehicle in under.silent
    assert bus.vehicle in {d.vehicle for d in under.kept.vehicles}


def test_who_sets_out_before_new_orders_reach_drivers_keeps_the_round(
    day: tuple[Case, Plan, VehicleDay]
) -> None:
    case, plan, _ = day
    late_starters = [g for g in groups_of(plan) if g.begins >= 20]
    group = late_starters[0]
    well = [Report(group.begins - 5, "as_planned", "*")]
    made = replan(case, plan, group.begins - 5, well, release=15, work=1)
    kept = {s.convoy for _, s in made.plan.crossings()}
    assert {s.convoy for steps in group.steps.values() for s in steps
            if isinstance(s, Crossing)} <= kept
    under = stand(case, plan, group.begins - 5, well, group.begins + 10)
    assert set(group.steps) <= {d.vehicle for d in under.kept.vehicles}
    assert not set(group.steps) & set(under.silent)


def test_who_walks_towards_a_corridor_that_has_closed_is_called_back_and_still_waits(
    day: tuple[Case, Plan, VehicleDay]
) -> None:
    case, plan, _ = day
    party = Party("foot-1", "foot", "g0", "c0", "R", 4, {4: 1}, departs=90, arrives=105, enters=105,
                  cleared=110, leaves=115, reaches=130)
    walked = evolve(plan, parties=(party, evolve(party, id="foot-2", enters=95, arrives=95)))
    reports = [Report(98, "closed", "c0"), Report(99, "as_planned", "*")]
    under = stand(as_reported(case, reports), walked, 100, reports)
    assert [p.id for p in under.kept.parties] == ["foot-2"]
    assert any("foot-1" in said and "turn back" in said for said in under.said)


def test_who_is_inside_and_cannot_come_out_is_given_nothing_else_to_do(
    day: tuple[Case, Plan, VehicleDay]
) -> None:
    case, plan, bus = day
    way_in, way_out = crossings(bus, 1)
    now = way_in.leaves + 1
    assert now < way_out.enters
    reports = [*(Report(now - 1, "closed", c) for c in case.corridors),
               Report(now - 1, "as_planned", "*")]
    under = stand(as_reported(case, reports), plan, now, reports, now + 15)
    assert any(bus.vehicle in said and "under shelter" in said for said in under.said)
    assert under.free_at[bus.vehicle] is None
    assert not any(bus.vehicle in said and "set out" in said for said in under.said)
