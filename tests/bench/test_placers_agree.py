"""The compiled search places and loads as the readable planner does, on the benchmark's pauses."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lull.exchange.reading import Reading
from tests.plan.placing import check_loads, check_places


@pytest.mark.parametrize("name", ["s-1", "m-gate-1"])
def test_both_placers_and_both_packings_agree_on_real_streets(
    reading: Callable[[str], Reading], name: str
) -> None:
    case = reading(name).case
    assert case is not None
    assert check_places(case, 1, 400) > 30
    assert check_loads(case, 1, 400) > 15
