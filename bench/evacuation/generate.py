"""Bus evacuation cases by the published recipe, with seeds of our own; and a city at whole minutes.

The sets S2 … S10 have as many yards, pickup points and shelters as their number, distances that are
whole and uniform from 1 to 10 (not metric), and a few bus loads a point; shelters have a little
more room than is needed (Goerigk, Grün & Heßler 2013, doi:10.1016/j.cor.2013.07.007). The original
files carry no licence and are not used.
"""

from __future__ import annotations

import random

from lull.plan.makespan.instance import Evacuation

BUSES = {2: 2, 3: 2, 4: 3, 5: 3, 6: 4, 7: 4, 8: 5, 9: 5, 10: 6}
"""Buses of each set, by its number."""

SEEDS = range(10)
MOST_LOADS = 5
"""Loads of a point are uniform from 1 to this: 30 in the mean in S10, as published."""


def small(size: int, seed: int) -> Evacuation:
    """The case of a set and a seed."""
    dice = random.Random(f"S{size}-{seed}")
    loads = [dice.randint(1, MOST_LOADS) for _ in range(size)]
    places = [dice.randint(1, MOST_LOADS) for _ in range(size)]
    room = sum(loads) + dice.randint(1, max(1, size // 2))
    while sum(places) < room:
        places[dice.randrange(size)] += 1
    while sum(places) > room:
        full = [i for i, many in enumerate(places) if many > 1]
        places[dice.choice(full)] -= 1
    buses = [0] * size
    for _ in range(BUSES[size]):
        buses[dice.randrange(size)] += 1

    def minutes() -> list[list[int]]:
        return [[dice.randint(1, 10) for _ in range(size)] for _ in range(size)]

    return Evacuation(
        _named("yard", size), tuple(buses), _named("point", size), tuple(loads),
        _named("shelter", size), tuple(places), minutes(), minutes(), minutes(),
    )


def city(buses: int, seed: int) -> Evacuation:
    """52 points, 12 shelters and 5 yards in a plane, at minutes so fine that no two ways are alike.

    Points lie close in the middle, shelters on a ring, yards between; each way has a factor of its
    own for its streets, and the two directions differ. 75 loads in all.
    """
    dice = random.Random(f"city-{buses}-{seed}")
    points = [(dice.gauss(0, 900), dice.gauss(0, 900)) for _ in range(52)]
    shelters = [(dice.gauss(0, 1600), dice.gauss(0, 1600)) for _ in range(12)]
    yards = [(dice.gauss(0, 3500), dice.gauss(0, 3500)) for _ in range(5)]
    loads = [1] * 52
    for _ in range(75 - 52):
        loads[dice.randrange(52)] += 1
    places = [1] * 12
    for _ in range(75 + 6 - 12):
        places[dice.randrange(12)] += 1
    stand = [0] * 5
    for _ in range(buses):
        stand[dice.randrange(5)] += 1

    def minutes(here: list[tuple[float, float]], there: list[tuple[float, float]]
                ) -> list[list[int]]:
        return [[30 + round(((a - c) ** 2 + (b - d) ** 2) ** 0.5 * dice.uniform(1.1, 1.5))
                 for c, d in there] for a, b in here]

    return Evacuation(
        _named("yard", 5), tuple(stand), _named("point", 52), tuple(loads),
        _named("shelter", 12), tuple(places), minutes(yards, points), minutes(points, shelters),
        minutes(shelters, points),
    )


def _named(what: str, many: int) -> tuple[str, ...]:
    return tuple(f"{what}-{i + 1}" for i in range(many))
