"""Rounds are cut out of days once, and a full pool loses none that the best mix needs."""

from __future__ import annotations

import pytest

from lull.plan.ground import Ground
from lull.plan.proof.generate import Generator
from lull.plan.proof.rounds import Day
from tests.plan.towns import town


def searched(seed: int) -> Generator:
    """A generator whose pool is filled by a short search for each tier."""
    generator = Generator.of(Ground(town(seed, points=4, corridors=2, receptions=2)))
    assert generator is not None
    for objective in generator.model.objectives:
        if objective:
            generator.bound(objective, [], steps=6)
    return generator


@pytest.mark.parametrize("seed", range(3))
def test_a_pool_cut_down_still_holds_the_best_mix(seed: int) -> None:
    """The newest rounds are often the ones that count; what each lacks decides."""
    generator = searched(seed)
    gain = generator.lagrangian.gain(next(o for o in generator.model.objectives if o))
    before, _ = generator.rounds.solve(gain, {})
    many = len(generator.rounds.columns)
    generator.rounds.drop(many - 1)
    after, _ = generator.rounds.solve(gain, {})
    assert len(generator.rounds.columns) <= many * 2 // 3
    assert before > 0
    assert after == pytest.approx(before, rel=1e-3)


def test_a_day_uses_what_its_rounds_use() -> None:
    """And the same steps give the very same round."""
    generator = searched(1)
    days = [day for pricer in generator.model.pricers.values()
            for day in pricer.best({name: 1.0 for name in generator.model.program.names
                                    if " from " in name}, many=5)[1]]
    assert any(len(day.rounds) > 1 for day in days)
    for day in days:
        for name, used in day.rows:
            parts = [value for one in day.rounds for row, value in one.rows if row == name]
            assert used == pytest.approx(sum(parts))
        assert day == Day(day.kind, day.rounds)
    rounds = [one for day in days for one in day.rounds]
    assert len({id(one) for one in rounds}) == len(set(rounds))
