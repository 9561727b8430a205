"""The compiled search places and loads as the planner says that can be read; each from scratch."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from lull.domain.case import Case
from lull.domain.pause import PlanningRules
from lull.plan.kernel.state import state_of
from lull.plan.templates import Carries
from tests.plan.placing import Twice, check_loads, check_places, roughened, scarce
from tests.plan.towns import town

SMALL = {"points": 5, "corridors": 2, "receptions": 2, "buses": 5, "ambulances": 2, "trucks": 2}


def drawn(seed: int, rng: random.Random, **more: int) -> Case:
    """A small town with rules of its own."""
    rules = PlanningRules(
        slot=rng.choice([5, 10, 7]), margin=rng.choice([0, 15, 30]),
        call_lead=rng.choice([0, 45]), fill=rng.choice([1.0, 0.8]),
    )
    return town(seed, **{**SMALL, "hours": rng.choice([5, 9]), "people": rng.choice([40, 400]),
                         **more}, rules=rules)


def test_both_placers_say_the_same_minutes_in_towns_as_they_are() -> None:
    placed = sum(
        check_places(drawn(seed, random.Random(seed), windows=1 + seed % 2), seed, 250)
        for seed in range(8)
    )
    assert placed > 500


def test_both_placers_say_the_same_minutes_whatever_the_hours_lanes_and_limits() -> None:
    """Own hours, shared lanes, hourly limits, holding, waiting, headways, one bay."""
    placed = 0
    for seed in range(40):
        rng = random.Random(seed)
        placed += check_places(roughened(drawn(seed, rng), rng), seed, 250)
    assert placed > 1000


def test_both_packings_load_the_same_whatever_is_left() -> None:
    loaded = 0
    for seed in range(30):
        rng = random.Random(seed)
        loaded += check_loads(scarce(drawn(seed, rng), rng), seed, 250)
    assert loaded > 1000


@pytest.mark.parametrize("seed", range(12))
def test_what_the_kernel_loads_has_been_ready_by_then(seed: int) -> None:
    """Where an item stands in several lines that are ready at different minutes the two packings
    may load otherwise; at no minute has the kernel loaded more than was ready, counted in sums,
    though its arrays are made anew again and again."""
    rng = random.Random(seed)
    twice = Twice.of(scarce(drawn(seed, rng), rng, lines=3))
    case, schedule = twice.case, twice.schedule
    taken: list[tuple[str, int, int]] = []
    trucks = [r for r, own in enumerate(twice.names.rounds) if own.carries is Carries.AID]
    for _ in range(60):
        r, size, at_ = rng.choice(trucks), rng.randrange(1, 4), rng.randrange(-60, 300)
        k = twice.names.kinds.index("truck")
        found, _, rows = twice.loaded_by_kernel(r, k, size, 0, at_)
        for row in rows:
            item, store = twice.names.stocks[row[0]]
            place = twice.names.lines[row[1]][1]
            schedule.remaining.take_goods(item, store, place, int(row[2]))
            taken.append((item, at_, int(row[2])))
        assert sum(found.values()) == sum(int(row[2]) for row in rows)
        twice.state = state_of(schedule, twice.tables, twice.names)
    notice = case.pause.notice
    for item in case.items:
        for minute in sorted({m for _, m, _ in taken}):
            gone = sum(n for i, m, n in taken if i == item and m <= minute)
            ready = sum(s.units for s in case.stocks if s.item == item
                        and (notice is None or notice + s.ready <= minute))
            assert gone <= ready, (item, minute)
    assert Counter(i for i, _, _ in taken)
