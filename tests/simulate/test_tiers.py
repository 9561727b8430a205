"""Each day is worth in the aims of the pause what a plan that brought as much would be worth."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from lull.domain.case import Case
from lull.domain.tiers import Concave, TierKind
from lull.domain.worth import Arrived, arrived, tier_value
from lull.simulate import Outcome, Policy, Source, Uncertainty, simulate
from lull.simulate import columns as c
from lull.simulate.tiers import LOWEST, ByDay, by_day, phi
from tests.simulate.kit import sample, small_town


def valued(case: Case, plan: object, outcome: Outcome) -> dict[str, ByDay]:
    return {d.name: d for d in by_day(
        case, plan, tuple(outcome.cells), outcome.delivered, outcome.totals,  # type: ignore[arg-type]
        tuple(outcome.cells.values()))}


@pytest.mark.parametrize("which", ["town", "first-steps"])
def test_with_nothing_uncertain_every_aim_is_worth_what_the_plan_says(which: str) -> None:
    case, plan = small_town(2) if which == "town" else sample(which)
    outcome = simulate(case, plan, Uncertainty.none(), Policy(), replications=2, seed=1)
    found = valued(case, plan, outcome)
    tiers = [t for t in case.pause.tiers if t.kind is not TierKind.SHORTER]
    assert list(found) == [*(t.name for t in tiers), LOWEST]
    assert any(one.planned > 0 for one in found.values())
    for one in found.values():
        assert one.values == pytest.approx([one.planned] * 2, abs=1e-6)
    got = arrived(plan)
    assert [found[t.name].planned for t in tiers] == [tier_value(case, t, got) for t in tiers]


def brought(outcome: Outcome, day: int) -> Arrived:
    """What one day brought, from its counts alone."""
    persons: dict[str, int] = defaultdict(int)
    patients: dict[str, int] = defaultdict(int)
    units: dict[tuple[str, str], int] = defaultdict(int)
    for (what, thing, place), many in zip(outcome.cells, outcome.delivered[day], strict=True):
        if what == c.GOODS:
            units[thing, place] += int(many)
        else:
            persons[thing] += int(many)
            patients[thing] += int(many) if what == c.LIES else 0
    return Arrived(persons, patients, units)


def test_each_day_is_valued_as_a_plan_that_brings_as_much() -> None:
    case, plan = small_town(2)
    doubt = Uncertainty(halts_an_hour=0.5, closures_an_hour=0.1).without(Source.BREAKDOWNS)
    outcome = simulate(case, plan, doubt, Policy(), replications=40, seed=5)
    found = valued(case, plan, outcome)
    assert len(np.unique(outcome.totals[:, c.ARRIVED])) > 5
    for day in range(40):
        got = brought(outcome, day)
        assert sum(got.persons.values()) == outcome.totals[day, c.ARRIVED]
        for tier in case.pause.tiers:
            if tier.kind is not TierKind.SHORTER:
                assert found[tier.name].values[day] == pytest.approx(
                    tier_value(case, tier, got), abs=1e-6)


def test_who_changed_vehicles_is_shared_out_among_those_who_are_missing() -> None:
    """A team fetches people of lost vehicles: they count in all, and in no group by themselves."""
    case, plan = small_town(2)
    doubt = Uncertainty(sources=frozenset({Source.BREAKDOWNS}), breakdowns_an_hour=2.0)
    outcome = simulate(case, plan, doubt, Policy(teams=2), replications=60, seed=5)
    people = [n for n, (what, _, _) in enumerate(outcome.cells) if what != c.GOODS]
    by_group = outcome.delivered[:, people].sum(axis=1)
    assert (by_group < outcome.totals[:, c.ARRIVED]).any()
    assert (by_group <= outcome.totals[:, c.ARRIVED]).all()
    for one in valued(case, plan, outcome).values():
        assert (one.values <= one.planned + 1e-6).all()


def test_phi_of_many_shares_is_phi_of_each() -> None:
    concave, shares = Concave(), np.linspace(0, 1, 101)
    assert phi(concave, shares) == pytest.approx([concave.of(float(s)) for s in shares])
