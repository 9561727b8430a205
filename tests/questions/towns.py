"""Small towns drawn by chance, in which asks and frontiers are planned over and over."""

from __future__ import annotations

import random

from lull.domain.case import Case
from lull.domain.corridor import Checkpoint, ConvoyRule
from lull.domain.people import Need
from lull.domain.time import Estimate
from tests.tiny.build import BOTH, corridor, people, site, tiny, vehicles


def small_town(seed: int, *, corridors: int = 2, minutes: int | None = None) -> Case:
    """Two or three assembly points, `corridors` corridors, a few buses, more people than fit."""
    rng = random.Random(seed)
    points = [site(f"A{n}", neighbourhood=f"N{n}", bays=rng.choice([None, 2]))
              for n in range(rng.choice([2, 3]))]
    ways = []
    for n in range(corridors):
        likely = rng.choice([2, 4, 6])
        check = Checkpoint(rng.choice([1, 2]), {"": Estimate(likely - 1, likely, likely + 3)})
        ways.append(corridor(
            f"c{n}", checkpoint=dict.fromkeys(BOTH, check),
            convoy=ConvoyRule(rng.choice([None, 2, 3]), rng.choice([0, 10, 15]), None)))
    groups = [people(f"g{n}", {4: rng.randint(10, 40)}, p.id, need=Need.SEATED)
              for n, p in enumerate(points)]
    length = minutes or rng.choice([150, 180, 240])
    return tiny(
        [*points, site("R", "reception_centre"), site("base", "base")], ways, groups,
        [vehicles(number=rng.choice([1, 2, 3]))], windows=[(0, length)])
