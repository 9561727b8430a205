"""Who is left beside a lost vehicle, worked out by hand: taken up, fetched, or inside at the end.

Ways take 10 minutes (12 to 15 at the most they are drawn), corridors 5, checks 5, services 10.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lull.domain.case import Case
from lull.domain.refusal import Refusal
from lull.simulate import Policy, Source
from lull.simulate import columns as c
from lull.simulate.columns import Chance, State
from lull.simulate.driving import spared
from lull.simulate.scenario import Scenario
from tests.simulate.kit import crossings_of, nothing, ready, run, two_corridors
from tests.tiny.build import IN, OUT, Team
from tests.tiny.build import plan as plan_of

OUT_AT = 1
ONLY_BREAKDOWNS: dict[str, Any] = {
    "sources": frozenset({Source.BREAKDOWNS}), "breakdowns_an_hour": 1e-3, "lost_share": 1.0}


def one_after_the_other(policy: Policy, case: Case | None = None) -> tuple[Scenario, Chance]:
    """Bus 1 with 30 people, and bus 2 with 30 a quarter of an hour later, each alone."""
    case = case or two_corridors()
    teams = []
    for bus, leaves in (("bus#1", 20), ("bus#2", 35)):
        team = Team(case, bus, leaves=leaves)
        team.cross("north", IN).load("A", "families", "R", {1: 30}).cross("north", OUT)
        teams.append(team.unload("R").end())
    made = ready(case, plan_of(case, *teams), policy, **ONLY_BREAKDOWNS)
    return made, nothing(made)


def lost(made: Scenario, chance: Chance, bus: str, *, transit: bool) -> State:
    """The day on which a bus is lost between the gates, or on its way to the gate."""
    row = crossings_of(made, bus)[OUT_AT]
    steps = chance.steps.copy()
    if transit:
        steps[row, c.BREAKS_IN_TRANSIT] = 1e-9
    else:
        steps[row - 1, c.BREAKS_ON_WAY] = 1e-9
    return run(made, chance._replace(steps=steps))


@pytest.mark.parametrize("transit", [True, False])
def test_without_a_policy_for_it_they_are_inside_at_the_end(transit: bool) -> None:
    state = lost(*one_after_the_other(Policy()), "bus#1", transit=transit)
    assert state.total[c.ARRIVED] == 30
    assert state.total[c.PERSONS_INSIDE] == state.total[c.UNSHELTERED] == 30
    assert state.total[c.VEHICLES_INSIDE] == 1


@pytest.mark.parametrize("transit", [True, False])
def test_who_comes_later_takes_up_as_many_as_have_seats_and_the_crew(transit: bool) -> None:
    """50 seats, 30 taken: 20 of 30 are taken up, and the detour makes the second bus later."""
    made, chance = one_after_the_other(Policy(take_up=True, detour=25))
    state = lost(made, chance, "bus#1", transit=transit)
    assert state.total[c.ARRIVED] == 50
    assert state.total[c.PERSONS_INSIDE] == state.total[c.UNSHELTERED] == 10
    assert state.total[c.VEHICLES_INSIDE] == 0
    row = crossings_of(made, "bus#2")[OUT_AT]
    assert state.times[row, c.WENT] >= state.times[row, c.FREED] + 25


def test_nobody_behind_the_last_takes_anyone_up() -> None:
    state = lost(*one_after_the_other(Policy(take_up=True)), "bus#2", transit=True)
    assert state.total[c.PERSONS_INSIDE] == 30
    assert state.total[c.VEHICLES_INSIDE] == 1


@pytest.mark.parametrize("bus", ["bus#1", "bus#2"])
def test_a_team_fetches_all_for_whom_it_has_places(bus: str) -> None:
    made, chance = one_after_the_other(Policy(teams=1))
    state = lost(made, chance, bus, transit=True)
    assert state.total[c.ARRIVED] == state.by_time.sum() == 60
    assert state.total[c.PERSONS_INSIDE] + state.total[c.VEHICLES_INSIDE] == 0
    assert state.by_corridor[0, c.C_OUT] == 60


def test_a_team_with_too_few_places_goes_twice() -> None:
    """12 places: 30 people need three turns; the corridor is cleared later with each."""
    cleared = []
    for places in (30, 12):
        made, chance = one_after_the_other(Policy(teams=1, team_seats=places))
        state = lost(made, chance, "bus#2", transit=True)
        assert state.total[c.ARRIVED] == 60
        cleared.append(int(state.by_corridor[0, c.C_CLEAR]))
    assert cleared[0] < cleared[1]


def test_no_team_goes_in_that_would_not_be_out_before_the_close() -> None:
    """The window ends five minutes after the second bus should be out of the far gate."""
    made, _ = one_after_the_other(Policy())
    out = int(made.planned[crossings_of(made, "bus#2")[OUT_AT], c.WENT])
    case = two_corridors(windows=((0, out + 5),), rules={"margin": 0})
    state = lost(*one_after_the_other(Policy(teams=1), case), "bus#2", transit=True)
    assert state.total[c.PERSONS_INSIDE] == 30
    assert state.total[c.VEHICLES_INSIDE] == 1, "the crew of the lost bus, and no team"


def test_a_team_in_a_corridor_that_then_closes_is_inside_with_those_it_fetched() -> None:
    made, chance = one_after_the_other(Policy(teams=1, reroute=False))
    row = crossings_of(made, "bus#2")[OUT_AT]
    closed = chance.closed.copy()
    closed[0, :] = made.planned[row, c.WENT] + 1 + made.world.whole[c.TOW]
    state = lost(made, chance._replace(closed=closed), "bus#2", transit=True)
    assert state.total[c.PERSONS_INSIDE] == 30
    assert state.total[c.VEHICLES_INSIDE] == 1 + c.TEAM_VEHICLES


def test_from_a_closed_corridor_they_are_fetched_by_the_other() -> None:
    """Lost on the way to the north, which has closed; the south's team brings all out."""
    made, chance = one_after_the_other(Policy(teams=1))
    row = crossings_of(made, "bus#2")[OUT_AT]
    closed = chance.closed.copy()
    closed[0, :] = made.planned[row, c.CAME] - 20
    state = lost(made, chance._replace(closed=closed), "bus#2", transit=False)
    assert state.total[c.PERSONS_INSIDE] + state.total[c.VEHICLES_INSIDE] == 0
    assert state.by_corridor[1, c.C_OUT] >= 30


def test_a_reserve_for_one_corridor_keeps_rounds_by_it_at_home() -> None:
    """The second round by the north is 1000 minutes too late with that reserve; the first, which
    is planned so, is driven."""
    plain, chance = one_after_the_other(Policy())
    for policy, skipped in ((Policy(), 0), (Policy(reserve_of={"north": 10_000}), 1),
                            (Policy(reserve_of={"south": 10_000}), 0)):
        made, chance = one_after_the_other(policy)
        late = chance.late.copy()
        late[made.travellers.index("bus#2")] = 30
        state = run(made, chance._replace(late=late))
        assert state.total[c.ROUNDS_SKIPPED] == skipped
    assert plain.persons == 60


@pytest.mark.parametrize("wrong", [{"detour": -1}, {"teams": -1}, {"reserve_of": {"north": -5}}])
def test_negative_minutes_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        Policy(**wrong)


@pytest.mark.parametrize(("slack", "due", "at", "used"), [
    (0, 50, 40, 0), (5, 50, 40, 5), (15, 50, 40, 10), (15, 50, 50, 0), (15, 50, 60, 0),
])  # fmt: skip
def test_what_is_to_spare_is_used_only_as_far_as_it_is_early(
    slack: int, due: int, at: int, used: int
) -> None:
    assert spared(slack, due, at) == used


def test_arrivals_by_time_add_up_to_all_arrivals() -> None:
    made, chance = one_after_the_other(Policy())
    state = run(made, chance)
    assert state.by_time.sum() == state.total[c.ARRIVED] == 60
    first = made.world.whole[c.FIRST_HOUR] * 60
    bars = np.flatnonzero(state.by_time)
    unloads = [made.planned[crossings_of(made, bus)[OUT_AT] + 1, c.CAME] for bus in
               ("bus#1", "bus#2")]
    for bar, came in zip(bars, unloads, strict=True):
        assert first + c.BIN_MINUTES * bar <= came + 10 < first + c.BIN_MINUTES * (bar + 2)
