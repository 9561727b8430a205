"""Steps of the search are weighed in loads of a vehicle; the first tier is never given away."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from lull.exchange.reading import read_folder
from lull.plan.weighing import EARLY, LATE, Weighing, one_load

CASE = read_folder(Path("bench/cases/s-1")).case
TIERS = CASE.pause.tiers
LOADS = [one_load(CASE, tier) for tier in TIERS]
EARLY_TIERS = 2
"""Lives, and who cannot leave alone: those before survival supplies."""


def plan(**changes: float) -> tuple[float, ...]:
    """A value of 100 loads in every tier, with so many loads more or less."""
    return tuple((100.0 + changes.get(f"tier{i}", 0.0)) * load for i, load in enumerate(LOADS))


def weighing() -> Weighing:
    return Weighing.of(CASE, EARLY_TIERS)


def test_a_load_is_what_one_full_vehicle_adds() -> None:
    """Two stretchers of critical patients weigh 6; a bus has 50 seats; a truck carries 5.5 t."""
    assert LOADS[:4] == [6.0, 50.0, 5.5, 50.0]


@pytest.mark.parametrize(("tier", "ratio"), [(1, EARLY), (2, LATE), (3, LATE)])
def test_one_load_outweighs_so_many_of_the_next_tier_and_no_more(tier: int, ratio: float) -> None:
    """One load against a little less and a little more than so many loads of the next."""
    gained = {f"tier{tier}": 1.0, f"tier{tier + 1}": -(ratio - 0.5)}
    dear = {f"tier{tier}": 1.0, f"tier{tier + 1}": -(ratio + 0.5)}
    assert weighing().allows(plan(), plan(**gained))
    assert not weighing().allows(plan(**gained), plan())
    assert not weighing().allows(plan(), plan(**dear))


def test_the_first_tier_never_falls_whatever_the_others_gain() -> None:
    """A thousandth of a load of lives is not given for everything else doubled."""
    after = plan(tier0=-0.001, tier1=100, tier2=100, tier3=100)
    assert not weighing().allows(plan(), after)


def test_a_step_that_changes_nothing_is_allowed_both_ways() -> None:
    """So that a search may wander between plans that are worth the same."""
    assert weighing().allows(plan(), plan())


def test_without_supplies_all_tiers_are_early() -> None:
    """Each load outweighs fifty of the next."""
    weights = Weighing.of(CASE, None).weights
    worth = [w * load for w, load in zip(weights, LOADS, strict=True) if load]
    ratios = [a / b for a, b in pairwise(worth)]
    assert ratios == pytest.approx([EARLY] * len(ratios))
