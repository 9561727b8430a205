"""What the largest cases get: a weaker bound that still holds."""

from __future__ import annotations

import pytest

from lull.plan import relaxation
from lull.plan.bound import Bounds
from lull.plan.ground import Ground
from lull.plan.proof import generate
from lull.plan.proof.generate import Generator
from tests.plan.test_bound_holds import as_case, made_up
from tests.plan.towns import town


@pytest.mark.parametrize("seed", range(6))
def test_without_legs_the_bound_is_no_lower(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer rows, so a wider programme: above the full one, and above what can be done."""
    tiny = made_up(seed)
    case = as_case(tiny)
    full = Bounds.of(Ground(case)).ceiling()
    monkeypatch.setattr(relaxation, "MOST_LEGS", 0)
    light = Bounds.of(Ground(case))
    assert light.relaxation.light
    assert light.ceiling().persons >= full.persons >= tiny.best()


def test_a_case_with_too_many_kinds_of_load_is_not_priced_by_days(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    """The flows stand alone then."""
    ground = Ground(town(1, points=4, corridors=2, receptions=2))
    assert Generator.of(ground) is not None
    monkeypatch.setattr(generate, "MOST_LOADS", 3)
    assert Generator.of(ground) is None
