"""A bus evacuation as a pause folder: nothing but sites, people, buses and travel minutes."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from lull.domain.case import Case
from lull.domain.fleet import Use, VehicleType
from lull.domain.pause import Pause
from lull.domain.people import Group
from lull.domain.place import Site, SiteKind
from lull.domain.time import Clock, Window
from lull.domain.travel import UNREACHABLE, TravelTable
from lull.plan.makespan.instance import Evacuation

SEATS = 50
"""Persons of one load; assumed."""

HOUSEHOLD = 5
"""Persons of a household, so that ten fill a bus; assumed."""

ORIGIN = datetime(2026, 1, 1, 6, tzinfo=UTC)


def case_of(of: Evacuation, title: str, window: int = 600) -> Case:
    """The case: everything lies on one side, no corridor, no bays, boarding in no time of its own.
    """
    sites = [*(Site(n, n, SiteKind.BASE) for n in of.yards),
             *(Site(n, n, SiteKind.ASSEMBLY) for n in of.points),
             *(Site(n, n, SiteKind.RECEPTION, capacity_seated=many * SEATS)
               for n, many in zip(of.shelters, of.places, strict=True))]
    groups = [Group(f"people-{n}", n, many * SEATS, many * SEATS,
                    {HOUSEHOLD: many * SEATS // HOUSEHOLD}, wish_assumed=True)
              for n, many in zip(of.points, of.loads, strict=True) if many]
    fleet = [VehicleType(f"bus-{n}", f"Bus of {n}", many, n, frozenset({Use.PASSENGERS}),
                         seats=SEATS, assumed="made by a recipe")
             for n, many in zip(of.yards, of.buses, strict=True) if many]
    return Case(
        pause=Pause(title, "nowhere", Clock(ORIGIN, "UTC"), (Window(0, window),),
                    assumptions=("Every figure is made by a recipe.",)),
        sites={s.id: s for s in sites},
        corridors={},
        groups={g.id: g for g in groups},
        fleet={k.id: k for k in fleet},
        travel=_travel(of, [k.id for k in fleet]),
    )


def _travel(of: Evacuation, kinds: list[str]) -> TravelTable:
    places = (*of.yards, *of.points, *of.shelters)
    d, p = len(of.yards), len(of.points)
    minutes: NDArray[np.int32] = np.full((len(places), len(places)), UNREACHABLE, dtype=np.int32)
    np.fill_diagonal(minutes, 0)
    minutes[:d, d : d + p] = of.out
    minutes[d : d + p, d + p :] = of.carry
    minutes[d + p :, d : d + p] = of.back
    minutes[d + p :, :d] = of.out.max()  # the way home, which no aim counts; assumed
    flat = np.zeros(minutes.shape)
    yes = np.ones(minutes.shape, dtype=np.bool_)
    return TravelTable(
        places, dict.fromkeys(kinds, minutes), dict.fromkeys(kinds, minutes),
        dict.fromkeys(kinds, minutes), dict.fromkeys(kinds, flat), dict.fromkeys(kinds, yes),
        dict.fromkeys(kinds, ~yes), "made by a recipe")
