"""Hundreds of tiny pauses, each kind of rule alone and in pairs, against trying everything.

No plan is better than the best there is, and no bound is below it.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest

from tests.oracle.compare import compare
from tests.oracle.kinds import KINDS, SEEDED, WIDER, made

CHUNKS = [SEEDED[n::56] for n in range(56)]
"""Every 56th case is one test: small enough to be spread over processes, and of many kinds."""

FLOOR = 0.5
"""Share of the cases of a chunk in which the plan is the best there is; at least, as measured."""


def test_every_kind_stands_alone_several_times_and_every_pair_once() -> None:
    """At least five hundred cases in all."""
    alone = [kinds for _, kinds in SEEDED if len(kinds) == 1]
    pairs = {frozenset(kinds) for _, kinds in SEEDED if len(kinds) == 2}
    assert all(alone.count((kind,)) >= 3 for kind in KINDS)
    assert {frozenset(pair) for pair in combinations(KINDS, 2)} <= pairs
    assert all(alone.count((kind,)) >= 4 for kind in WIDER)
    assert len(SEEDED) >= 500


@pytest.mark.parametrize("chunk", CHUNKS, ids=lambda c: f"from {c[0][0]}")
def test_no_plan_is_better_than_the_best_and_no_bound_is_below_it(
    chunk: list[tuple[int, tuple[str, ...]]], record_property: Callable[[str, object], None]
) -> None:
    """Plan ≤ best ≤ bound, for each tier alone and given the tiers before, and in heads."""
    seen = [compare(f"{seed} {' and '.join(kinds)}", made(kinds, seed)) for seed, kinds in chunk]
    assert [said for one in seen for said in one.wrong] == []
    planned = [one for one in seen if one.planned]
    best = sum(one.optimal for one in planned)
    record_property("planned", len(planned))
    record_property("best", best)
    assert best >= FLOOR * len(planned)
