"""Bounds follow again from their saved prices; changed ones are found or do no harm."""

from __future__ import annotations

import random
import subprocess
import sys
import textwrap
from functools import cache
from pathlib import Path

import pytest
from attrs import evolve

from lull.domain.case import Case
from lull.domain.worth import arrived, tier_value
from lull.plan import Result, make_plan
from lull.plan.bound import Bounds
from lull.plan.ground import Ground
from lull.plan.proof.certificate import Foreign, recount
from lull.plan.proof.evidence import By, Proof
from tests.plan.test_bound_holds import as_case, made_up
from tests.plan.towns import town


@cache
def planned() -> tuple[Case, Result]:
    """A small town and its plan."""
    case = town(3, points=5, corridors=2, receptions=2, buses=4, ambulances=2, trucks=2, hours=4,
                people=300)
    return case, make_plan(case, work=3)


def values(case: Case, result: Result) -> list[float]:
    """What the plan is worth, tier by tier."""
    got = arrived(result.plan)
    return [tier_value(case, tier, got, result.plan) for tier in case.pause.tiers]


def test_every_printed_bound_follows_again() -> None:
    """And is the very figure, not only a lower one."""
    case, result = planned()
    printed = recount(case, result.proof, values(case, result), result.tiers, result.ceiling)
    assert all(p.holds for p in printed)
    assert len(printed) == 3 + 2 * sum(t.bound is not None for t in result.tiers)
    assert all(p.again == pytest.approx(p.stated, abs=1e-6) for p in printed)


def test_some_bounds_rest_on_days_and_none_lies_above_the_flows() -> None:
    """The lower of the two is printed; over all plans it is no lower than given more."""
    case, result = planned()
    assert any(e.by is By.DAYS for e in result.proof.evidence)
    flows = Bounds.of(Ground(case))
    for i, tier in enumerate(result.tiers):
        if tier.bound is None or tier.bound_any is None:
            continue
        assert tier.value <= tier.bound + 1e-6
        assert tier.bound <= tier.bound_any + 1e-6
        assert tier.bound_any <= (flows.unconditional(i) or 0.0) + 1e-6


def test_a_bound_that_is_printed_too_low_is_found() -> None:
    """One figure a little lower than what follows from its prices, each in turn."""
    case, result = planned()
    worth = values(case, result)
    for i, tier in enumerate(result.tiers):
        if not tier.bound:
            continue
        lower = evolve(tier, bound=tier.bound * 0.99)
        tiers = (*result.tiers[:i], lower, *result.tiers[i + 1 :])
        wrong = [p for p in recount(case, result.proof, worth, tiers, result.ceiling)
                 if not p.holds]
        assert [p.what for p in wrong] == [f"{tier.name}, given the tiers before"]
    fewer = evolve(result.ceiling, persons=result.ceiling.persons - 1)
    wrong = [p for p in recount(case, result.proof, worth, result.tiers, fewer) if not p.holds]
    assert len(wrong) == 1


def test_a_bound_without_prices_does_not_hold() -> None:
    """Nothing follows from nothing."""
    case, result = planned()
    printed = recount(case, Proof(), values(case, result), result.tiers, result.ceiling)
    assert not any(p.holds for p in printed if p.again is None)
    assert sum(p.again is None for p in printed) >= 8


@pytest.mark.parametrize("seed", range(8))
def test_changed_prices_never_give_less_than_the_best_plan(seed: int) -> None:
    """Whatever is written into the file, the value stays above what trying everything finds."""
    tiny = made_up(seed)
    case = as_case(tiny)
    result, rng = make_plan(case, work=3), random.Random(seed)
    best = tiny.best()
    for _ in range(12):
        changed = Proof(tuple(
            evolve(e, duals={n: rng.choice((-v, 0.0, v * rng.uniform(0, 3), v))
                             for n, v in e.duals.items()})
            for e in result.proof.evidence if not e.demands))
        printed = {p.what: p.again for p in recount(
            case, changed, values(case, result), result.tiers, result.ceiling)}
        again = printed["persons that any plan can move"]
        assert again is not None
        assert again >= best


def test_prices_of_another_pause_are_refused_in_words() -> None:
    """Rows that are not there, demands beyond the plan, a tier that rests on itself."""
    case, result = planned()
    worth = values(case, result)
    first = next(e for e in result.proof.evidence if e.tier is not None and e.tier > 0)
    for wrong, said in (
        (evolve(first, duals={"seats of a tram": 1.0}), "seats of a tram"),
        (evolve(first, duals={}, demands=((0, worth[0] + 5),)), "this plan reaches"),
        (evolve(first, duals={}, demands=((first.tier, 0.0),)), "tiers before it alone"),
        (evolve(first, duals={next(iter(first.duals), "x"): float("nan")}), "price"),
    ):
        with pytest.raises(Foreign, match=said):
            recount(case, Proof((wrong,)), worth, result.tiers, result.ceiling)


def test_no_solver_is_needed() -> None:
    """A process that works out bounds has loaded neither HiGHS nor scipy's own copy of it."""
    program = textwrap.dedent("""
        import sys
        from lull.plan.ground import Ground
        from lull.plan.proof.certificate import Recount
        from lull.plan.proof.evidence import About, By, Evidence
        from tests.plan.test_bound_holds import as_case, made_up
        again = Recount(as_case(made_up(3)))
        for by in By:
            assert again.value(Evidence(About.PERSONS, None, (), by, 0.0, {})) > 0
        assert not [m for m in sys.modules if m.startswith(("highspy", "scipy.optimize"))]
    """)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False,
                          encoding="utf-8", cwd=Path(__file__).resolve().parents[2], timeout=200)
    assert done.returncode == 0, done.stderr
