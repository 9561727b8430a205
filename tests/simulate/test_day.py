"""What is done on the day, worked out by hand for two buses and two corridors.

All ways take 10 minutes, corridors 5, checks 5, services 10; a close and high times where needed.
A plan: START 20, in by the north at 30, at A from 50, out by the north from 70.
"""

from __future__ import annotations

import numpy as np
from attrs import evolve

from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.domain.rules.checkpoints import overfull
from lull.simulate import Policy, Source, Uncertainty
from lull.simulate import columns as c
from lull.simulate.columns import Chance
from lull.simulate.scenario import Scenario, scenario
from tests.simulate.kit import (
    crossings_of,
    drawn,
    late,
    nothing,
    one_round,
    ready,
    rounds,
    run,
    small_town,
    steps_of,
    two_corridors,
)

OUT_AT, IN_AT = 1, 0


def day(case: Case | None = None, policy: Policy | None = None, load: int = 40
        ) -> tuple[Scenario, Chance]:
    """Two buses in a convoy, and draws in which nothing happens."""
    case = case or two_corridors()
    made = ready(case, one_round(case, load=load), policy)
    return made, nothing(made)


def test_mates_wait_for_one_who_is_late_and_start_on_the_next_slot() -> None:
    """Bus 2 is at the gate at 37: the convoy waits and starts at 40."""
    made, chance = day()
    state = run(made, late(made, chance, "bus#2", 7))
    rows = [crossings_of(made, bus)[IN_AT] for bus in ("bus#1", "bus#2")]
    assert [int(state.times[row, c.CAME]) for row in rows] == [30, 37]
    assert [int(state.times[row, c.BEGAN]) for row in rows] == [40, 45]


def test_mates_go_without_one_who_is_too_late_who_then_follows_alone() -> None:
    """Patience of 15 minutes ends at 45; bus 2 comes at 63 and starts at 65."""
    made, chance = day()
    state = run(made, late(made, chance, "bus#2", 33))
    rows = [crossings_of(made, bus)[IN_AT] for bus in ("bus#1", "bus#2")]
    assert [int(state.times[row, c.BEGAN]) for row in rows] == [45, 65]
    assert state.total[c.FOLLOWED_ALONE] >= 1
    assert state.total[c.ARRIVED] == 40


def test_who_may_not_follow_alone_gives_the_round_up() -> None:
    made, chance = day(policy=Policy(follow=False))
    state = run(made, late(made, chance, "bus#2", 33))
    assert state.total[c.ROUNDS_SKIPPED] == 1
    assert state.total[c.ARRIVED] == 20
    assert state.total[c.PERSONS_INSIDE] == 0


def test_a_late_convoy_keeps_the_headway() -> None:
    """Two rounds of two single buses: starts at one gate lie 5 minutes apart or more."""
    case = two_corridors()
    one, two = one_round(case, "bus#1", load=20), one_round(case, "bus#2", load=20, leaves=25)
    plan = Plan(one.vehicles + two.vehicles, one.convoys + two.convoys,
                calls=one.calls + two.calls, last_calls=one.last_calls)
    made = ready(case, plan)
    state = run(made, late(made, nothing(made), "bus#1", 4))
    starts = sorted(int(state.times[crossings_of(made, b)[IN_AT], c.BEGAN])
                    for b in ("bus#1", "bus#2"))
    assert starts == [35, 40]


def closing_at(made: Scenario, chance: Chance, minute: int, corridor: int = 0) -> Chance:
    closed = chance.closed.copy()
    closed[corridor] = minute
    return chance._replace(closed=closed)


def test_a_closed_corridor_is_left_by_another() -> None:
    """The north closes at 60, when both are at A: they go on to the south and get out."""
    made, chance = day()
    state = run(made, closing_at(made, chance, 60))
    assert state.total[c.REROUTED] == 2
    assert state.total[c.ARRIVED] == 40
    assert state.by_corridor[1, c.C_OUT] == 40
    assert state.total[c.PERSONS_INSIDE] == 0


def test_with_no_other_corridor_they_turn_back_to_shelter_and_count_as_inside() -> None:
    made, chance = day(policy=Policy(reroute=False))
    state = run(made, closing_at(made, chance, 60))
    assert state.total[c.ARRIVED] == 0
    assert state.total[c.TURNED_BACK] == 2
    assert state.total[c.PERSONS_INSIDE] == 40
    assert state.total[c.UNSHELTERED] == 0
    assert state.total[c.VEHICLES_INSIDE] == 2


def test_nobody_goes_in_by_a_corridor_that_has_closed() -> None:
    made, chance = day()
    state = run(made, closing_at(made, chance, 25))
    assert state.total[c.ROUNDS_SKIPPED] == 2
    assert state.total[c.PERSONS_INSIDE] + state.total[c.VEHICLES_INSIDE] == 0


def test_a_halt_holds_the_gate_and_no_longer() -> None:
    """The north is halted from 65 to 85; the check out is planned for 70 and begins at 85."""
    made, chance = day()
    halts = chance.halts.copy()
    halts[0, 1] = (65, 85)
    state = run(made, chance._replace(halts=halts))
    row = crossings_of(made, "bus#1")[OUT_AT]
    assert made.planned[row, c.BEGAN] == 75
    assert state.times[row, c.BEGAN] == 85
    assert state.total[c.REROUTED] == 0


def test_who_is_held_longer_than_allowed_goes_elsewhere() -> None:
    """Held until 140, the limit is 30 minutes: the south is taken."""
    made, chance = day()
    halts = chance.halts.copy()
    halts[0, 1] = (65, 140)
    state = run(made, chance._replace(halts=halts))
    assert state.total[c.REROUTED] == 2
    assert state.by_corridor[1, c.C_OUT] == 40


def broken(made: Scenario, chance: Chance, row: int, *, transit: bool) -> Chance:
    steps = chance.steps.copy()
    steps[row, c.BREAKS_IN_TRANSIT if transit else c.BREAKS_ON_WAY] = 1e-9
    return chance._replace(steps=steps)


def risky(load: int, lost: float) -> tuple[Scenario, Chance]:
    case = two_corridors()
    made = ready(case, one_round(case, load=load), sources=frozenset({Source.BREAKDOWNS}),
                 breakdowns_an_hour=1e-3, lost_share=lost)
    return made, nothing(made)


def test_a_lost_vehicle_hands_its_people_to_a_mate_with_seats() -> None:
    """20 in each of two buses of 50: all 40 arrive, one bus is lost and nobody is inside."""
    made, chance = risky(40, 1.0)
    row = crossings_of(made, "bus#2")[OUT_AT]
    for transit, at in ((True, row), (False, row - 1)):
        state = run(made, broken(made, chance, at, transit=transit))
        assert state.total[c.VEHICLES_LOST] == 1
        assert state.total[c.ARRIVED] == 40
        assert state.total[c.PERSONS_INSIDE] + state.total[c.VEHICLES_INSIDE] == 0


def test_who_finds_no_seat_is_inside_at_the_end_without_shelter() -> None:
    """30 in each: 20 seats are free in the other bus, so 10 of 30 stay."""
    made, chance = risky(60, 1.0)
    row = crossings_of(made, "bus#2")[OUT_AT]
    state = run(made, broken(made, chance, row, transit=True))
    assert state.total[c.ARRIVED] == 50
    assert state.total[c.PERSONS_INSIDE] == state.total[c.UNSHELTERED] == 10
    assert state.by_corridor[0, c.C_INSIDE] == 10


def test_a_vehicle_that_can_be_mended_is_late_and_so_are_its_mates() -> None:
    """Repair takes at least 10 minutes; the convoy leaves the far gate together."""
    made, chance = risky(40, 0.0)
    rows = [crossings_of(made, bus)[OUT_AT] for bus in ("bus#1", "bus#2")]
    state = run(made, broken(made, chance, int(rows[0]), transit=True))
    left = {int(state.times[row, c.WENT]) for row in rows}
    assert len(left) == 1
    assert left.pop() >= made.planned[rows[0], c.WENT] + 10 - 5
    assert state.total[c.ARRIVED] == 40


def short_window(closes: int) -> Case:
    return two_corridors(windows=((0, closes),), rules={"margin": 10})


def test_nobody_goes_in_who_could_not_be_out_in_time() -> None:
    """High times of a round are 15 + 10 + 8 + 15 + 15 + 10 + 8; the close is tight."""
    case = short_window(150)
    made = ready(case, one_round(case, "bus#1"))
    in_time = run(made, late(made, nothing(made), "bus#1", 10))
    assert in_time.total[c.ROUNDS_SKIPPED] == 0
    state = run(made, late(made, nothing(made), "bus#1", 60))
    assert state.total[c.ROUNDS_SKIPPED] == 1
    assert state.total[c.VEHICLES_INSIDE] == 0


def test_a_gate_passed_too_late_is_not_entered_and_people_are_sheltered_again() -> None:
    """The south does not serve; the north is halted for so long that nobody is out by the close."""
    case = short_window(150)
    made = ready(case, one_round(case, "bus#1"), Policy(reroute=False))
    chance = nothing(made)
    halts = chance.halts.copy()
    halts[0, 1] = (60, 148)
    state = run(made, chance._replace(halts=halts))
    assert state.total[c.ARRIVED] == 0
    assert state.total[c.TURNED_BACK] == 1
    assert state.total[c.PERSONS_INSIDE] == 40
    assert state.total[c.UNSHELTERED] == 0
    stays = run(evolve_policy(made), chance._replace(halts=halts))
    assert stays.total[c.UNSHELTERED] == 40


def evolve_policy(made: Scenario) -> Scenario:
    """The same day, but nobody turns back."""
    whole = made.world.whole.copy()
    whole[c.TURN_BACK] = 0
    return evolve(made, world=made.world._replace(whole=whole))


def test_people_who_do_not_come_are_not_carried_and_are_not_caught() -> None:
    case = two_corridors()
    made = ready(case, one_round(case), sources=frozenset({Source.NO_SHOWS}),
                 no_show=(0.5, 0.5, 0.5))
    state = run(made, nothing(made))
    assert state.total[c.ARRIVED] == state.total[c.ABSENTEES] == 20
    assert state.total[c.PERSONS_INSIDE] == 0


def test_nobody_boards_after_the_send_home_time() -> None:
    case = two_corridors()
    plan = one_round(case, "bus#1")
    early = evolve(plan, last_calls=tuple(
        evolve(last, last_call=55, send_home=55) for last in plan.last_calls))
    made = ready(case, early)
    state = run(made, late(made, nothing(made), "bus#1", 10))
    assert state.total[c.ARRIVED] == 0
    assert state.total[c.PERSONS_INSIDE] == 0


def test_a_round_given_up_does_not_cost_the_next() -> None:
    """Three rounds of 81 minutes at the high times, margin 10, and 20 to spare in the third.

    Forty minutes late the third is given up, the first two are made.
    """
    free = ready(two_corridors(), rounds(two_corridors(), 3))
    third = int(free.planned[crossings_of(free, "bus#1")[4], c.BEGAN])
    case = short_window(third + 81 + 10 + 20)
    made = ready(case, rounds(case, 3))
    state = run(made, late(made, nothing(made), "bus#1", 40))
    assert state.total[c.ROUNDS_SKIPPED] == 1
    assert state.total[c.ARRIVED] == 10
    assert state.total[c.VEHICLES_INSIDE] == 0


def test_everything_that_is_planned_is_a_floor() -> None:
    """Whatever is drawn, nobody boards, enters or leaves before the plan says so."""
    made = scenario(*small_town(1), Uncertainty(), Policy())
    for n in range(20):
        state = run(made, drawn(made, n))
        happened = state.times != c.NO_TIME
        for column in (c.BEGAN, c.WENT):
            stops = made.world.steps[:, c.KIND] == c.SERVED
            rows = happened[:, column] & stops & happened[:, c.BEGAN]
            assert (state.times[rows, column] >= made.planned[rows, column]).all()
        gates = (made.world.steps[:, c.KIND] == c.CROSSES) & happened[:, c.BEGAN]
        assert (state.times[gates, c.BEGAN] >= made.planned[gates, c.BEGAN]).all()


def test_lanes_bays_and_headways_are_kept_on_the_worst_of_days() -> None:
    """Counted from the minutes alone: never more at once in a check or bay than there may be."""
    doubt = Uncertainty(beyond_high=2.5, halts_an_hour=0.3, late_share=0.8)
    made = scenario(*small_town(2), doubt, Policy(reroute=False))
    steps, w = made.world.steps, made.world
    for n in range(20):
        times = run(made, drawn(made, n)).times
        done = (times[:, c.BEGAN] != c.NO_TIME) & (times[:, c.FREED] != c.NO_TIME)
        for site in range(len(w.sites)):
            served = (steps[:, c.KIND] == c.SERVED) & (steps[:, c.SITE] == site)
            rows = np.flatnonzero(done & served)
            spells = [(int(times[r, c.BEGAN]), int(times[r, c.FREED])) for r in rows]
            assert not w.sites[site, c.BAYS] or not overfull(spells, int(w.sites[site, c.BAYS]))
        vehicles = made.world.vehicles[steps[:, c.VEHICLE], c.BY] != c.FOOT
        for corridor in range(len(w.corridors)):
            for way in (c.OUT, c.IN):
                rows = np.flatnonzero(
                    done & vehicles & (steps[:, c.KIND] == c.CROSSES)
                    & (steps[:, c.CORRIDOR] == corridor) & (steps[:, c.DIRECTION] == way))
                spells = [(int(times[r, c.BEGAN]), int(times[r, c.FREED])) for r in rows]
                assert not overfull(spells, int(w.lanes[w.gates[2 * corridor + way, c.POOL]]))


def test_a_vehicle_is_in_one_place_at_a_time() -> None:
    made, chance = day()
    times = run(made, late(made, chance, "bus#2", 33)).times
    rows = steps_of(made, "bus#2")
    flat = [int(t) for row in rows for t in times[row] if t != c.NO_TIME]
    assert flat == sorted(flat)
