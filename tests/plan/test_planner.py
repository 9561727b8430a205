"""Plans of made-up towns: every rule kept, no bound passed, the same work the same plan."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from attrs import evolve

from lull.domain.case import Case
from lull.domain.corridor import Override
from lull.domain.fleet import Use, VehicleType
from lull.domain.pause import PlanningRules
from lull.domain.people import Means
from lull.domain.place import INSIDE, OUTSIDE, Site, SiteKind
from lull.domain.plan import Crossing, Stop
from lull.domain.rules import judge
from lull.domain.tiers import TierKind
from lull.domain.time import Estimate, Window
from lull.domain.worth import arrived, tier_value
from lull.plan import Result, make_plan
from tests.alone import plan_alone
from tests.plan.towns import town

SMALL = {"points": 5, "corridors": 2, "receptions": 2, "buses": 5, "ambulances": 2, "trucks": 2,
         "hours": 5, "people": 400}


def checked(case: Case, **how: int) -> Result:
    """A plan that keeps every rule and whose values lie under their bounds."""
    result = make_plan(case, **how)  # type: ignore[arg-type]
    assert [v.sentence for v in judge(case, result.plan)] == []
    got = arrived(result.plan)
    for tier, found in zip(case.pause.tiers, result.tiers, strict=True):
        if tier.kind is TierKind.SHORTER:
            continue
        assert found.value == pytest.approx(tier_value(case, tier, got))
        assert found.bound is not None
        assert found.bound_any is not None
        assert found.value <= found.bound + 1e-6 * max(1.0, found.bound)
        assert found.bound <= found.bound_any + 1e-6 * max(1.0, found.bound_any)
    assert sum(got.persons.values()) <= result.ceiling.persons
    return result


VARIANTS: dict[str, Callable[[int], Case]] = {
    "one window": lambda seed: town(seed, **SMALL),
    "two windows": lambda seed: town(seed, **{**SMALL, "windows": 2, "hours": 4}),
    "return seats": lambda seed: town(seed, **SMALL, rules=PlanningRules(return_share=0.1)),
    "few seats filled, ten-minute slots": lambda seed: town(
        seed, **SMALL, rules=PlanningRules(fill=0.8, slot=10, margin=15, call_lead=45)),
    "one route a driver": lambda seed: town(
        seed, **SMALL, rules=PlanningRules(routes_per_driver=1)),
    "twelve lines of orders": lambda seed: town(
        seed, **SMALL, rules=PlanningRules(max_order_lines=12)),
    "short crews": lambda seed: _with_duty(town(seed, **SMALL), 180),
    "vehicles an hour": lambda seed: _with_rate(town(seed, **SMALL), 6),
    "shared lanes": lambda seed: _shared(town(seed, **SMALL)),
    "own hours of a corridor": lambda seed: _hours(town(seed, **SMALL)),
    "late notice": lambda seed: _notice(town(seed, **SMALL)),
}


@pytest.mark.parametrize(("name", "seed"), list(itertools.product(VARIANTS, range(3))))
def test_plans_keep_every_rule_and_no_bound_is_passed(name: str, seed: int) -> None:
    """For each kind of rule in turn, on three towns."""
    checked(VARIANTS[name](seed), work=6)


def test_a_case_of_forty_points_keeps_every_rule() -> None:
    """Eight corridors, forty points, 110 vehicles: hundreds of convoys through full gates."""
    case = town(3, points=40, corridors=8, receptions=8, buses=60, ambulances=20, trucks=30,
                hours=8, people=800)
    result = checked(case, work=2)
    assert len(result.plan.convoys) > 300


def test_same_work_same_plan() -> None:
    """The plan depends on case, work and seed, and on nothing else."""
    case = town(7, **SMALL)
    assert plan_alone(case, work=8, seed=3) == plan_alone(case, work=8, seed=3)


def test_more_work_is_never_worse() -> None:
    """The search keeps the best it has found."""
    case = town(8, **SMALL)
    values = [[round(t.value, 6) for t in make_plan(case, work=w).tiers[:-1]] for w in (0, 10, 30)]
    assert values == sorted(values)


def test_stopping_gives_a_whole_plan_marked_as_interrupted() -> None:
    """Ctrl-C after the first steps leaves a plan that keeps every rule."""
    calls = itertools.count()
    case = town(9, **SMALL)
    result = make_plan(case, work=100, stop=lambda: next(calls) > 3)
    assert result.interrupted
    assert judge(case, result.plan) == ()
    assert result.plan.convoys


def test_progress_is_told_and_ends_full() -> None:
    """Each phase reports how much is done out of how much."""
    told: list[tuple[str, int, int]] = []
    make_plan(town(1, **SMALL), work=3, progress=lambda *step: told.append(step))
    assert {what for what, _, _ in told} >= {"first plan", "improving", "bound"}
    assert all(0 <= done <= total for _, done, total in told)


def test_a_pause_too_short_says_how_long_it_must_be() -> None:
    """At the length named something can be done, at one minute less nothing."""
    short = town(1, **{**SMALL, "hours": 1})
    result = make_plan(short)
    assert not result.plan.vehicles
    assert result.shortest_useful is not None
    assert str(result.shortest_useful) in result.too_short
    for minutes, useful in ((result.shortest_useful, True), (result.shortest_useful - 1, False)):
        again = evolve(short, pause=evolve(short.pause, windows=(Window(0, minutes),)))
        made = plan_alone(again, work=0)
        assert bool(made.vehicles or made.parties) is useful


def test_everyone_left_behind_is_named_with_a_reason() -> None:
    """Those who arrive and those left behind are all who wish to leave, and all units."""
    case = town(2, **SMALL)
    result = make_plan(case, work=3)
    got = arrived(result.plan)
    people = sum(x.number for x in result.left if x.unit == "persons")
    assert people + sum(got.persons.values()) == sum(g.wishing for g in case.groups.values())
    units = sum(x.number for x in result.left if x.unit != "persons")
    assert units + sum(got.units.values()) == sum(d.units for d in case.demands)
    assert all(x.why.endswith(".") for x in result.left)


def test_without_a_corridor_for_them_people_stay_and_the_reason_says_so() -> None:
    """No corridor at all: nothing moves, nothing is invented."""
    case = town(2, **SMALL)
    result = make_plan(evolve(case, corridors={}))
    assert not result.plan.vehicles
    assert result.shortest_useful is None
    assert {x.why for x in result.left if x.unit == "persons"} == {"No corridor is open to them."}
    assert result.too_short.startswith("Nothing can be moved")


def test_people_change_vehicles_at_an_exchange_point_and_nobody_is_left_there() -> None:
    """Beyond the exchange only the second fleet drives; it takes on all who are set down."""
    case = _with_exchange(town(4, **SMALL))
    result = checked(case, work=20)
    onward = [d for d in result.plan.vehicles if d.vehicle.startswith("far#")]
    assert onward
    assert not any(isinstance(s, Crossing) for d in onward for s in d.steps)
    assert sum(arrived(result.plan).persons.values()) > 200


def test_no_vehicle_drives_a_round_with_nothing_to_do() -> None:
    """Every vehicle that comes in brings or takes something, but to follow its team elsewhere."""
    result = make_plan(town(5, **SMALL), work=5)
    empty = whole = 0
    for day in result.plan.vehicles:
        rounds: dict[int, int] = {}
        for stop in (s for s in day.steps if isinstance(s, Stop) and s.round):
            rounds[stop.round] = rounds.get(stop.round, 0) + len(stop.people) + len(stop.goods)
        whole += len(rounds)
        empty += sum(not things for things in rounds.values())
        assert rounds[max(rounds)]
    assert empty <= whole // 50


def _with_duty(case: Case, minutes: int) -> Case:
    fleet = {k: evolve(v, crew_duty=minutes) for k, v in case.fleet.items()}
    return evolve(case, fleet=fleet)


def _with_rate(case: Case, rate: int) -> Case:
    corridors = {
        k: evolve(c, checkpoint={d: evolve(x, vehicles_per_hour=rate)
                                 for d, x in c.checkpoint.items()})
        for k, c in case.corridors.items()
    }
    return evolve(case, corridors=corridors)


def _shared(case: Case) -> Case:
    corridors = {k: evolve(c, shared_lanes=True) for k, c in case.corridors.items()}
    return evolve(case, corridors=corridors)


def _hours(case: Case) -> Case:
    narrow = evolve(case.corridors["C0"], open_hours=(Window(60, 150), Window(170, 240)))
    return evolve(case, corridors={**case.corridors, "C0": narrow})


def _notice(case: Case) -> Case:
    fleet = {k: evolve(v, mobilise=90, available_to=280) for k, v in case.fleet.items()}
    return evolve(case, fleet=fleet, pause=evolve(case.pause, notice=-30))


def _with_exchange(case: Case) -> Case:
    """The reception centres lie in the west, beyond an exchange point on the outer side."""
    west, sites = ("west",), dict(case.sites)
    for name in ("R00", "R01"):
        sites[name] = evolve(sites[name], sides=west, capacity_seated=None)
    sites["X"] = Site("X", "Exchange", SiteKind.EXCHANGE, sides=(OUTSIDE, "west"), bays=6,
                      crowd_limit=600, waiting_limit=60, service={"": Estimate.of(6)})
    sites["F"] = Site("F", "Far base", SiteKind.BASE, sides=west)
    far = VehicleType("far", "Far bus", 12, "F", frozenset({Use.PASSENGERS}), west, seats=50)
    groups = {k: g for k, g in case.groups.items() if g.means is Means.TRANSPORT}
    travel = _longer_table(case, {"X": "B00", "F": "R00"})
    assert all(INSIDE not in s.sides for s in sites.values() if s.id in ("X", "F"))
    return evolve(case, sites=sites, groups=groups, fleet={**case.fleet, "far": far},
                  travel=travel)


def _longer_table(case: Case, like: dict[str, str]) -> object:
    """The table with more places, each as far from all others as one that is there."""
    import numpy as np

    old = case.travel
    rows = [*range(len(old.places)), *(old.index[p] for p in like.values())]
    grid = np.ix_(rows, rows)

    def wider(layers: object) -> dict[str, object]:
        found = {k: v[grid] for k, v in layers.items()}  # type: ignore[attr-defined]
        return {**found, "far": found["bus"]}

    return evolve(
        old, places=(*old.places, *like), low=wider(old.low), likely=wider(old.likely),
        high=wider(old.high), metres=wider(old.metres), approved=wider(old.approved),
        mined=wider(old.mined),
    )


def test_streets_outside_the_approved_routes_need_a_draft_or_a_named_role() -> None:
    """Nothing approved: no vehicle drives; set aside by a named role: it does, and says by whom."""
    case = town(6, **SMALL)
    nowhere = {k: ~v for k, v in case.travel.approved.items()}
    closed = evolve(case, travel=evolve(case.travel, approved=nowhere), draft="")
    assert not plan_alone(closed, work=0).vehicles
    allowed = evolve(closed, overrides={"approved_streets": Override("OCHA access", "surveyed")})
    result = checked(allowed, work=0)
    assert result.plan.vehicles
    assert result.plan.overrides["approved_streets"] == ("OCHA access", "surveyed")


def test_families_do_not_take_the_places_of_those_who_come_with_patients() -> None:
    """A clinic has forty seats and takes families too; no patient stays behind for want of one."""
    case = town(2, **{**SMALL, "windows": 2, "hours": 4, "ambulances": 4})
    apart = make_plan(_clinic(case, families_too=False), work=3)
    shared = checked(_clinic(case, families_too=True), work=3)
    assert apart.tiers[0].value > 0
    assert shared.tiers[0].value == pytest.approx(apart.tiers[0].value)


def _clinic(case: Case, *, families_too: bool) -> Case:
    clinic = evolve(case.sites["H00"], capacity_seated=40)
    ends = ("R00", "H00") if families_too else ("R00",)
    groups = {k: g if g.is_medical else evolve(g, destinations=ends)
              for k, g in case.groups.items()}
    return evolve(case, sites={**case.sites, "H00": clinic}, groups=groups)
