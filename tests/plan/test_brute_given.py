"""Bounds given other plans than the planner's: none is below what trying everything finds.

A plan that is the best already leaves the bound little to do; asked about a plan that moves
nobody, or about the best plans of other tiers, it must still hold.
"""

from __future__ import annotations

import pytest

from lull.domain.tiers import TierKind
from lull.plan.bound import tier_results
from lull.plan.ground import Ground
from tests.oracle.exhaustive import Found, everything
from tests.oracle.kinds import SEEDED, made

CHUNKS = [SEEDED[n::140] for n in range(0, 140, 7)]
"""Every seventh case, in twenty tests."""


def quiet(_what: str, _done: int, _total: int) -> None:
    """Nobody is told."""


def passed(name: str, found: Found, case_seed: tuple[int, tuple[str, ...]]) -> list[str]:
    """Bounds below what is possible, given no value at all and given the two first best points."""
    case, said = made(case_seed[1], case_seed[0]), []
    nothing = (0.0,) * len(case.pause.tiers)
    for given in (nothing, *(p.tiers for p in found.points[:2])):
        tiers, ceiling, *_ = tier_results(Ground(case), given, quiet)
        for n, (tier, got) in enumerate(zip(case.pause.tiers, tiers, strict=True)):
            if tier.kind is TierKind.SHORTER:
                continue
            for bound, best in ((got.bound_any, found.most(n)),
                                (got.bound, found.most_given(n, given))):
                if best is not None and (bound is None or bound < best - 1e-6 * max(1.0, best)):
                    said.append(f"{name}: {tier.name} ≤ {bound} given {given}, but {best} is "
                                "possible")
        for what in ("persons", "patients", "tonnes"):
            best = max(getattr(p, what) for p in found.points)
            if getattr(ceiling, what) < best - 1e-3:
                said.append(f"{name}: {what} ≤ {getattr(ceiling, what)}, but {best} is possible")
    return said


@pytest.mark.parametrize("chunk", CHUNKS, ids=lambda c: f"from {c[0][0]}")
def test_bounds_hold_whatever_plan_they_are_asked_about(
    chunk: list[tuple[int, tuple[str, ...]]]
) -> None:
    """Given nothing, and given what other best plans reach in the tiers before."""
    said = []
    for seed, kinds in chunk:
        found = everything(made(kinds, seed), in_part=True)
        said += passed(f"{seed} {' and '.join(kinds)}", found, (seed, kinds))
    assert said == []
