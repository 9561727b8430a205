"""Days found at different moments are chosen anew together: against trying every set of them."""

from __future__ import annotations

import random
from collections import Counter
from itertools import combinations, pairwise

import pytest

from lull.domain.rules import judge
from lull.plan.assemble import assemble
from lull.plan.ground import Ground
from lull.plan.kernel.columns import DOWN, ENTRY, EXIT, GATE_HEADWAY, PICK, POOL, SITE_BAYS
from lull.plan.kernel.guide import guided
from lull.plan.kernel.improve import Improver
from lull.plan.kernel.pilot import WAYS, Pilot
from lull.plan.kernel.place import DOWN_START, IN_START, LOAD_START, OUT_START
from lull.plan.kernel.recombine import KnownDay, Pool
from lull.plan.kernel.roster import RosterDay
from lull.plan.kernel.state import BLOCKED
from lull.plan.schedule import Schedule
from lull.plan.search import Search
from tests.plan.towns import town


def pilot_of(seed: int, buses: int, corridors: int = 2, ways: int = len(WAYS)) -> Pilot:
    """A first plan, built in every way that there is, or in the first alone."""
    case = town(seed, points=4, corridors=corridors, receptions=2, buses=buses, ambulances=2,
                trucks=2, hours=5)
    search = Search(Ground(case), random.Random(1), lambda: False, lambda *_: None)
    empty = Schedule.empty(search.ground, search.aims, search.catalogue)
    pilot = Pilot(empty, random.Random(seed), lambda: False, lambda *_: None)
    if ways == len(WAYS):
        pilot.first()
    else:
        pilot._build(WAYS[0])
    return pilot


def searched(pilot: Pilot, moves: int) -> Pool:
    """A pool of what so many moves have tried."""
    pool = Pool(pilot.composer)
    improver = Improver(pilot.composer, pilot.random_, weighing=pilot.weighing, pool=pool)
    for _ in range(moves):
        improver.move()
    return pool


@pytest.mark.parametrize("seed", [2, 3])
def test_teams_that_share_gates_make_room_for_each_other(seed: int) -> None:
    """From a plan built in one way, with the days in mind that a search has tried later: better,
    a plan by the rules, and whoever shares no gate stays as they were."""
    pilot = pilot_of(seed, 8, corridors=1, ways=1)
    first, before = pilot.roster.kept(), pilot.weighing.of_value(pilot.value())
    pool = searched(pilot, 200)
    pilot.roster.go_back(first)
    day = next(d for d in pilot.roster.days if d.kind in guided_kinds(pilot))
    others = [d for d in pilot.roster.days if d.kind not in guided_kinds(pilot)
              or not gates_of(pilot, day) & gates_of(pilot, d)]
    stood = [[(t.round, *t.out.tolist()) for t in d.trips] for d in others]
    assert pool.choose_near(day, pilot.weighing)
    assert pilot.weighing.of_value(pilot.value()) > 1.004 * before
    assert [[(t.round, *t.out.tolist()) for t in d.trips] for d in others] == stood
    assert judge(pilot.base.ground.case, assemble(pilot.schedule(), [], work=0, seed=0)) == ()


def guided_kinds(pilot: Pilot) -> set[int]:
    return {k for k, kind in pilot.composer.kinds() if guided(kind)}


def gates_of(pilot: Pilot, day: RosterDay) -> set[int]:
    table = pilot.roster.tables.round
    return {int(g) for t in day.trips for g in (table[t.round, ENTRY], table[t.round, EXIT])}


@pytest.mark.parametrize("seed", range(2))
def test_what_is_chosen_keeps_every_rule(seed: int) -> None:
    """The plan made of it is judged by the rules themselves."""
    pilot = pilot_of(seed, 8)
    pool = searched(pilot, 300)
    assert pool.choose(pilot.weighing)
    plan = assemble(pilot.schedule(), [], work=0, seed=0)
    assert judge(pilot.base.ground.case, plan) == ()
    assert any(day.vehicle.startswith("bus") for day in plan.vehicles)


@pytest.mark.parametrize("near", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_no_set_of_the_days_known_is_worth_much_more(seed: int, near: bool) -> None:
    """Every set of eight days for three buses, driven for real; people in parts are forgiven."""
    pilot = pilot_of(seed, 3)
    pool = searched(pilot, 150)
    kinds = guided_kinds(pilot)
    stands = pilot.roster.kept()
    for day in [d for d in pilot.roster.days if d.kind in kinds]:
        pilot.roster.take_back(day)
    pilot.roster.days = [d for d in pilot.roster.days if d.trips]
    alone = [key for key in sorted(pool.days, key=str) if fit_together(pilot, (pool.days[key],))]
    pool.days = {key: pool.days[key] for key in random.Random(seed).sample(alone, 8)}
    rest, days = pilot.roster.kept(), list(pool.days.values())
    nothing = pilot.weighing.of_value(pilot.value())
    best = 0.0
    for number in range(1, 4):
        for chosen in combinations(days, number):
            if sum(d.size for d in chosen) <= 3 and fit_together(pilot, chosen):
                pool.drive(chosen)
                best = max(best, pilot.weighing.of_value(pilot.value()) - nothing)
                pilot.roster.go_back(rest)
    if near:  # from the plan that stands, which leaves teams and gates to choose by
        pilot.roster.go_back(stands)
        assert pool.choose_near(max(
            (d for d in pilot.roster.days if d.kind in kinds), key=lambda d: len(d.trips)),
            pilot.weighing)
    else:
        assert pool.choose(pilot.weighing)
    assert pilot.weighing.of_value(pilot.value()) - nothing >= 0.97 * best > 0


def fit_together(pilot: Pilot, chosen: tuple[KnownDay, ...]) -> bool:
    """Whether a set fits at the minutes that are known: counted minute by minute."""
    t, state = pilot.roster.tables, pilot.roster.state
    held: Counter[tuple[str, int, int]] = Counter()
    starts: dict[int, list[int]] = {}
    for r, out in ((r, o) for d in chosen for r, o in zip(d.rounds, d.outs, strict=True)):
        for end, first in ((ENTRY, IN_START), (EXIT, OUT_START)):
            gate = int(t.round[r, end])
            starts.setdefault(gate, []).append(int(out[first]))
            for minute in range(out[first], out[first] + out[first + 1]):
                held["lanes", int(t.gate[gate, POOL]), minute] += int(out[first + 2])
        for end, first in ((PICK, LOAD_START), (DOWN, DOWN_START)):
            for minute in range(out[first], out[first] + out[first + 1]):
                held["bays", int(t.round[r, end]), minute] += int(out[first + 2])
    for gate, minutes in starts.items():
        minutes.sort()
        if any(b - a < t.gate[gate, GATE_HEADWAY] for a, b in pairwise(minutes)):
            return False
        if any(state.starts[BLOCKED, gate, m] for m in minutes):
            return False
    for (what, n, minute), many in held.items():
        free = (t.lanes[n] - state.used[n, minute] if what == "lanes"
                else t.site[n, SITE_BAYS] - state.bays[n, minute])
        if many > free:
            return False
    return True


def test_a_pool_forgets_the_oldest_days() -> None:
    """So that a long search does not choose among ever more."""
    pilot = pilot_of(0, 8)
    pool = Pool(pilot.composer, most=5)
    for _ in range(3):
        pool.notice(pilot.roster.days)
        pilot.roster.go_back([])
        pilot.first()
    assert len(pool.days) == 5


def test_an_empty_pool_leaves_no_answer() -> None:
    """Nothing is driven in the place of nothing."""
    pilot = pilot_of(0, 8)
    pilot.roster.go_back([])
    assert not Pool(pilot.composer).choose(pilot.weighing)
