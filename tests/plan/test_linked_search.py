"""The compiled search plans through linked corridors, keeps them in step, and knows how far."""

from __future__ import annotations

import random

import pytest
from attrs import evolve

from lull.domain.case import Case
from lull.domain.corridor import Direction, Link, LinkUnit
from lull.domain.people import Means
from lull.domain.plan import Crossing, Plan
from lull.domain.rules import judge
from lull.plan import make_plan
from lull.plan.aims import Value, better
from lull.plan.assemble import assemble
from lull.plan.balance import Balance, parties_in_step
from lull.plan.ground import Ground
from lull.plan.kernel.columns import EXIT, LINK_OTHER_GATE
from lull.plan.kernel.improve import Improver
from lull.plan.kernel.pilot import Pilot
from lull.plan.kernel.roster import RosterDay
from lull.plan.returns import keep_return_seats
from lull.plan.schedule import Schedule
from lull.plan.search import Search
from tests.plan.towns import town

BY_PERSONS = Link("C1", LinkUnit.PERSONS, 1.0, 120, 60)
BY_VEHICLES = Link("C1", LinkUnit.VEHICLES, 2.0, 6, 2)


def linked(tie: Link, seed: int = 0, **more: int) -> Case:
    """A town of some size; two of its corridors are linked, and two are not."""
    case = town(seed, **{"points": 10, "buses": 26, "ambulances": 6, "trucks": 6, **more})
    return evolve(case, corridors={**case.corridors, "C0": evolve(case.corridors["C0"], link=tie)})


def search_of(case: Case) -> Search:
    return Search(Ground(case), random.Random(1), lambda: False, lambda *_: None)


def empty(case: Case) -> Schedule:
    search = search_of(case)
    return Schedule.empty(search.ground, search.aims, search.catalogue)


def pilot_of(case: Case) -> Pilot:
    """The compiled search with its first plan."""
    pilot = Pilot(empty(case), random.Random(1), lambda: False, lambda *_: None)
    pilot.first()
    return pilot


def gone(plan: Plan, corridor: str, unit: LinkUnit) -> list[tuple[int, int]]:
    """Minute and number of each departure through a corridor, read from the plan itself."""
    found = []
    for day in plan.vehicles:
        aboard = 0
        for step in day.steps:
            if not isinstance(step, Crossing):
                moved = sum(p.persons for p in step.people)
                aboard += moved if step.task.value == "load" else -moved
            elif step.corridor == corridor and step.direction is Direction.OUT and aboard:
                found.append((step.enters, aboard if unit is LinkUnit.PERSONS else 1))
    for party in plan.parties:
        if party.corridor == corridor:
            found.append((party.enters, party.persons if unit is LinkUnit.PERSONS else party.cars))
    return sorted(found)


@pytest.mark.parametrize("tie", [BY_PERSONS, BY_VEHICLES])
def test_a_town_is_planned_in_step_and_better_than_by_setting_trips_in_order(tie: Link) -> None:
    """The other way plans freely and then sets every trip through the two again by time."""
    case = linked(tie)
    assert Pilot.suits(empty(case))
    result = make_plan(case, work=40, stop_bound=lambda: True)
    assert judge(case, result.plan) == ()
    for corridor, lead in (("C0", tie.lead), ("C1", tie.other_lead)):
        out = sum(many for _, many in gone(result.plan, corridor, tie.unit))
        assert out > lead, "one side has let the other go on"
    other = search_of(case).first()
    keep_return_seats(other)
    assert better(tuple(t.value for t in result.tiers), _as_told(other.value()))


def _as_told(value: Value) -> Value:
    return tuple(abs(x) for x in value)


@pytest.mark.parametrize("tie", [BY_PERSONS, BY_VEHICLES])
def test_moves_keep_step_and_the_search_counts_as_the_plan_does(tie: Link) -> None:
    """After moves the sums by minute are those that can be read from the plan."""
    case = linked(tie)
    pilot = pilot_of(case)
    assert pilot.roster.out_of_step() == 0
    improver = Improver(pilot.composer, random.Random(2))
    better_by = sum(improver.move() for _ in range(120))
    assert better_by > 0
    assert pilot.roster.out_of_step() == 0
    plan = assemble(pilot.schedule(), [], work=0, seed=0)
    start = pilot.base.ground.horizon.start
    for row, corridor in enumerate(("C0", "C1")):
        known = gone(plan, corridor, tie.unit)
        for minute in range(0, len(pilot.roster.state.gone[row]), 7):
            by_then = sum(many for at, many in known if at <= minute + start)
            assert pilot.roster.state.gone[row, minute] == by_then, (corridor, minute)


def test_one_side_taken_back_leaves_the_other_ahead_until_it_is_given_up_too() -> None:
    case = linked(BY_VEHICLES, people=400)
    pilot = pilot_of(case)
    roster = pilot.roster
    gate = roster.tables.link[0, LINK_OTHER_GATE]
    for day in roster.days:
        exits = [int(roster.tables.round[t.round, EXIT]) for t in day.trips]
        if gate in exits:
            roster.take_back(day, exits.index(gate))
    assert roster.out_of_step() > 0
    before = sum(len(day.trips) for day in roster.days)
    assert roster.back_in_step()
    assert roster.out_of_step() == 0
    assert 0 < sum(len(day.trips) for day in roster.days) < before
    assert Balance.of(pilot.schedule()).kept()


class _PutsNothingIn(Improver):
    """To which every move is as good as any other."""

    def value(self) -> Value:
        return (0.0,)

    def _insert(self, days: list[RosterDay]) -> list[RosterDay]:
        return []


def test_a_move_that_takes_back_what_the_other_side_waits_for_is_undone() -> None:
    """A search that may put nothing in again can keep no move that breaks the step."""
    case = linked(BY_VEHICLES)
    pilot = pilot_of(case)
    improver = _PutsNothingIn(pilot.composer, random.Random(3))
    trips = sum(len(day.trips) for day in pilot.roster.days)
    undone = 0
    for _ in range(40):
        before = [(day, list(day.trips)) for day in pilot.roster.days]
        improver.move()
        assert pilot.roster.out_of_step() == 0
        undone += before == [(day, list(day.trips)) for day in pilot.roster.days]
    assert undone > 0
    assert sum(len(day.trips) for day in pilot.roster.days) < trips


@pytest.mark.parametrize("unit", list(LinkUnit))
def test_walkers_and_cars_wait_for_the_other_side(unit: LinkUnit) -> None:
    """Without any vehicle: parties alone are set so that the two corridors keep step."""
    case = linked(Link("C1", unit, 1.0, 8, 8), seed=1, corridors=2)
    groups = {g.id: g for g in case.groups.values() if g.means is not Means.TRANSPORT}
    schedule = empty(evolve(case, groups=groups))
    schedule.leave_alone(0)
    free = sum(batch.persons for _, batch in schedule.batches)
    assert not Balance.of(schedule).kept()
    parties_in_step(schedule, 0)
    moved = sum(batch.persons for _, batch in schedule.batches)
    plan = assemble(schedule, [], work=0, seed=0)
    assert judge(evolve(case, groups=groups), plan) == ()
    assert 0 < moved <= free


def test_without_any_lead_nobody_may_begin_and_the_search_leaves_both_corridors_alone() -> None:
    case = linked(Link("C1", LinkUnit.VEHICLES))
    pilot = pilot_of(case)
    used = {name for day in pilot.roster.days for trip in day.trips
            for name in (pilot.roster.names.rounds[trip.round].exit,)}
    assert used
    assert not used & {"C0", "C1"}
