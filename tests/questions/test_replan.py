"""A day made anew in its middle: what is under way stays, the rest keeps every rule."""

from __future__ import annotations

import pytest
from attrs import evolve

from lull.domain.case import Case
from lull.domain.corridor import Direction
from lull.domain.plan import Crossing, Plan, Stop, left_at
from lull.domain.refusal import Refusal
from lull.domain.rules import Violation, judge
from lull.domain.worth import arrived
from lull.plan import make_plan
from lull.questions.replan import Change, NewPlan, _name, joined, new_breaches, replan
from lull.questions.reports import EVERYBODY, Notified, Report
from lull.questions.rest import Rest
from lull.questions.underway import as_reported
from tests.questions.towns import small_town

NOW = 100
ALL_WELL = Report(99, "as_planned", EVERYBODY)


@pytest.fixture(scope="module")
def day() -> tuple[Case, Plan]:
    """Four hours in a town with two corridors; the plan in force."""
    case = small_town(5, minutes=300)
    plan = make_plan(case, work=5, stop_bound=lambda: True).plan
    assert not judge(case, plan)
    return case, plan


def persons(plan: Plan) -> int:
    return sum(arrived(plan).persons.values())


def steps_before(plan: Plan, minute: int) -> dict[str, list[object]]:
    """What each vehicle has done by a minute."""
    found = {d.vehicle: [s for s in d.steps if left_at(s) < minute] for d in plan.vehicles}
    return {vehicle: steps for vehicle, steps in found.items() if len(steps) > 1}


def later_crossings(plan: Plan, corridor: str, minute: int) -> list[Crossing]:
    return [s for _, s in plan.crossings() if s.corridor == corridor and s.enters >= minute]


def test_where_all_goes_as_planned_nothing_is_changed_or_something_is_better(
    day: tuple[Case, Plan]
) -> None:
    case, plan = day
    made = replan(case, plan, NOW, [ALL_WELL], work=5)
    assert not judge(case, made.plan)
    assert persons(made.plan) >= persons(plan)
    assert steps_before(made.plan, NOW) == steps_before(plan, NOW)
    assert made.stands == ()
    assert made.silent == ()
    if persons(made.plan) == persons(plan):
        assert {d.what for d in made.differences} == {Change.KEPT}


def closed(day: tuple[Case, Plan], at: int = 95) -> tuple[Case, Plan, NewPlan, str]:
    """The corridor that the plan uses most closes at a minute."""
    case, plan = day
    used = [s.corridor for _, s in plan.crossings() if s.enters >= at]
    name = max(sorted(set(used)), key=used.count)
    reports = [Report(at, "closed", name), ALL_WELL]
    return case, plan, replan(case, plan, NOW, reports, work=5), name


def test_after_a_corridor_has_closed_nobody_enters_it_and_who_is_inside_comes_out_by_another(
    day: tuple[Case, Plan]
) -> None:
    case, _, made, name = closed(day)
    assert later_crossings(made.plan, name, NOW) == []
    actual = as_reported(case, [Report(95, "closed", name)])
    new = [v for v in judge(actual, made.plan) if v not in made.stands]
    assert new == []
    assert made.said or not later_crossings(day[1], name, NOW)
    inside = [s for _, s in made.plan.stops() if s.task.value == "end" and
              case.sites[s.site].inside]
    assert inside == []


def test_what_is_new_starts_only_when_its_orders_can_have_come(day: tuple[Case, Plan]) -> None:
    _, plan, made, _ = closed(day)
    old = {c.id for c in plan.convoys}
    for convoy in made.plan.convoys:
        if convoy.id.startswith("re-"):
            assert convoy.starts >= made.orders_from >= NOW + 15
        else:
            assert convoy.id.partition("-by-")[0] in old
    calls = [c for c in made.plan.calls if c.serves.startswith("re-")]
    assert all(c.at >= NOW for c in calls)


def test_a_vehicle_that_is_broken_or_silent_is_not_planned_on_again(day: tuple[Case, Plan]) -> None:
    """Without a report it counts as inside and loaded: its round stands, and no other is given."""
    case, plan = day
    vehicle = plan.vehicles[0].vehicle
    broken = replan(case, plan, NOW, [Report(90, "broken_down", vehicle), ALL_WELL], work=5)
    assert starts_after(broken.plan, vehicle, NOW) == []
    assert any(vehicle in said for said in broken.said)
    silent = replan(case, plan, NOW, [], work=5)
    out = {d.vehicle for d in plan.vehicles if d.steps[0].departs < NOW}  # type: ignore[union-attr]
    assert set(silent.silent) == out
    for one in out:
        assert starts_after(silent.plan, one, NOW) == []


def starts_after(plan: Plan, vehicle: str, minute: int) -> list[object]:
    """Ways into the enclosed side that a vehicle begins after a minute."""
    return [s for v, s in plan.crossings()
            if v == vehicle and s.direction is Direction.IN and s.arrives >= minute + 60]


def test_a_delay_moves_what_is_under_way_in_whole_slots(day: tuple[Case, Plan]) -> None:
    case, plan = day
    vehicle = plan.vehicles[0].vehicle
    made = replan(case, plan, NOW, [Report(98, "delayed", vehicle, minutes=7), ALL_WELL], work=5)
    was = next(d for d in plan.vehicles if d.vehicle == vehicle)
    now = next(d for d in made.plan.vehicles if d.vehicle == vehicle)
    under_way = [s for s in was.steps[1:] if left_at(s) >= 98 and s.arrives < NOW + 40
                 and s.round == _round_at(was.steps, NOW)]
    assert under_way
    for step in under_way:
        same = next(s for s in now.steps if _same(s, step))
        assert left_at(same) == left_at(step) + 10


def _round_at(steps: tuple[object, ...], minute: int) -> int:
    return max(s.round for s in steps[1:] if s.arrives < minute)  # type: ignore[attr-defined]


def _same(one: object, other: object) -> bool:
    if isinstance(one, Crossing) and isinstance(other, Crossing):
        return one.convoy == other.convoy
    return isinstance(one, Stop) and isinstance(other, Stop) and (
        one.site, one.task, one.round) == (other.site, other.task, other.round)


def test_what_lies_outside_what_was_notified_is_marked_and_waits_for_its_notice(
    day: tuple[Case, Plan]
) -> None:
    """One corridor was notified; the other may be used an hour from now at the earliest."""
    case, plan = day
    told = [Notified("c0", way, 0, 300) for way in Direction]
    reports = [Report(95, "closed", "c0"), ALL_WELL]
    made = replan(case, plan, NOW, reports, notified=told, notice=60, work=5)
    for one in made.differences:
        if one.what is Change.NEW:
            assert one.corridor != "c0"
            assert "not yet notified" in one.notified
            assert one.new is not None
            assert one.new >= NOW + 60
    within = replan(case, plan, NOW, [ALL_WELL], notified=[
        Notified(c, way, 0, 300) for c in ("c0", "c1") for way in Direction], work=5)
    assert not within.beyond
    unreceipted = [evolve(n, receipted=False) for n in told]
    none = replan(case, plan, NOW, reports, notified=unreceipted, notice=1000, work=5)
    assert [d for d in none.differences if d.what is Change.NEW] == []


@pytest.mark.parametrize(("report", "says"), [
    (Report(50, "departed", "bus#99", "A0"), "no vehicle or convoy"),
    (Report(50, "closed", "bridge"), "no corridor"),
    (Report(50, "arrived", "bus#1", "Moon"), "no site or corridor"),
    (Report(NOW + 1, "delayed", "bus#1", minutes=5), "after now"),
])  # fmt: skip
def test_reports_that_do_not_belong_to_the_plan_are_refused_in_words(
    day: tuple[Case, Plan], report: Report, says: str
) -> None:
    with pytest.raises(Refusal, match=says):
        replan(*day, NOW, [report])


@pytest.mark.parametrize(("what", "more"), [
    ("vanished", {}), ("delayed", {}), ("departed", {}), ("closed", {"where": "A0"}),
])  # fmt: skip
def test_a_report_that_says_too_little_or_too_much_is_refused(
    what: str, more: dict[str, str]
) -> None:
    with pytest.raises(Refusal):
        Report(1, what, "c0", **more)


def test_a_plan_made_anew_is_made_anew_again(day: tuple[Case, Plan]) -> None:
    """Names stay apart, and a breach that could not be helped does not stand in the way."""
    case, plan = day
    vehicle = plan.vehicles[0].vehicle
    late = Report(NOW - 2, "delayed", vehicle, minutes=35)
    first = replan(case, plan, NOW, [ALL_WELL, late], work=5)
    later = NOW + 60
    assert new_breaches(case, first.plan, later) == ()
    second = replan(case, first.plan, later, [Report(later - 1, "as_planned", EVERYBODY)], work=5)
    for made in (first, second):
        names = [c.id for c in made.plan.convoys] + [p.id for p in made.plan.parties]
        assert len(names) == len(set(names))
    assert persons(second.plan) >= persons(first.plan)


def test_what_is_joined_has_names_of_its_own(day: tuple[Case, Plan]) -> None:
    case, plan = day
    kept = evolve(plan, convoys=tuple(evolve(c, id=f"re-{c.id}") for c in plan.convoys))
    rest = Rest(case, {v.vehicle: v.vehicle for v in plan.vehicles}, 0)
    names = [c.id for c in joined(kept, rest, evolve(plan, vehicles=())).convoys]
    assert len(names) == len(set(names)) == 2 * len(plan.convoys)


def test_a_breach_at_another_minute_is_not_excused_by_one_that_cannot_be_helped() -> None:
    one = Violation("checkpoint_throughput", "the bridge", "the bridge", 70, "1", "Too many.")
    assert _name(one) != _name(evolve(one, when_minute=90))
