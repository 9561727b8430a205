"""Every rule catches what breaks it, and no other rule cries with it."""

from __future__ import annotations

from collections import Counter

import pytest

from lull.domain.rules import RULES, judge
from tests.domain.damages import of_corridors, of_loads, of_places, of_rounds, of_vehicles
from tests.domain.damages.kit import Damage

ALL = [
    of_vehicles.DAMAGES, of_corridors.DAMAGES, of_places.DAMAGES, of_loads.DAMAGES,
    of_rounds.DAMAGES,
]
CASES = [
    pytest.param(rule, damage, id=f"{rule}: {damage.label}")
    for damages in ALL
    for rule, those in damages.items()
    for damage in those
]


@pytest.mark.parametrize(("rule", "damage"), CASES)
def test_a_damaged_plan_is_caught_by_the_name_of_the_rule_it_breaks(
    rule: str, damage: Damage
) -> None:
    case, plan = damage.made()
    found = judge(case, plan)
    assert {v.rule for v in found} == {rule}, [v.sentence for v in found]


@pytest.mark.parametrize(("rule", "damage"), [c for c in CASES if c.values[1].before])
def test_before_it_was_damaged_the_plan_kept_every_rule(rule: str, damage: Damage) -> None:
    assert damage.before is not None
    assert [v.sentence for v in judge(*damage.before())] == []


def test_ten_damages_stand_for_every_rule() -> None:
    many = Counter(rule for damages in ALL for rule, those in damages.items() for _ in those)
    lacking = {rule.name: many[rule.name] for rule in RULES if many[rule.name] < 10}
    assert not lacking
