"""Ambulances and a bus in one convoy, where ambulances have too few seats for companions.

A convoy of two types is planned as vehicles of one made-up type, as slow as the slower of both
in everything, with the seats and stretchers of the whole convoy. It stands in the fleet with no
vehicles of its own; teams of it are made of vehicles of its parts.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from lull.domain.case import Case
from lull.domain.fleet import Use, VehicleType, type_of
from lull.domain.place import INSIDE, Site, SiteKind
from lull.domain.time import Estimate
from lull.domain.travel import UNREACHABLE, TravelTable
from lull.plan.packing import seats_planned

MOST = 4
"""Ambulances that go with one bus at the most."""


@frozen
class Escorted(VehicleType):
    """A convoy of two types as one: `parts` are (type, how many), who carries patients first."""

    parts: tuple[tuple[str, int], ...] = ()


def kind_of(case: Case, vehicles: tuple[str, ...]) -> VehicleType:
    """The type of a team's vehicles, which is a made-up one where they are of two types."""
    counts = Counter(type_of(v) for v in vehicles)
    if len(counts) == 1:
        return case.vehicle_type(vehicles[0])
    return next(k for k in case.fleet.values()
                if isinstance(k, Escorted) and dict(k.parts) == dict(counts))


def convoys_of(kind: VehicleType, vehicles: int) -> int:
    """How often a team has the seats and stretchers of its type: once if it is made up."""
    return 1 if isinstance(kind, Escorted) else vehicles


def with_escorts(case: Case) -> Case:
    """The case with a made-up type for each useful pair; the same case where there is none."""
    made = []
    for medical in case.fleet.values():
        if not _needs_seats(case, medical):
            continue
        others = [k for k in case.fleet.values() if _may_escort(case, medical, k)]
        if others:
            best = max(others, key=lambda k: (len(set(k.sides) & set(medical.sides)),
                                              -seats_planned(case, k), k.id))
            made += [_together(case, medical, n, best) for n in _sizes(case, medical, best)]
    for kind, (one, two) in made:
        case = _add(case, kind, one, two)
    return case


def _companions(case: Case) -> int:
    """The most companions whom one patient of any group has."""
    return max((size - 1 for g in case.groups.values() if g.is_medical and g.wishing
                for size, number in g.households.items() if number), default=0)


def _needs_seats(case: Case, kind: VehicleType) -> bool:
    return (kind.number > 0 and Use.WOUNDED in kind.uses and kind.stretchers > 0
            and seats_planned(case, kind) < kind.stretchers * _companions(case))


def _may_escort(case: Case, medical: VehicleType, kind: VehicleType) -> bool:
    shared = set(kind.sides) & set(medical.sides)
    bases = [case.sites[k.base] for k in (medical, kind)]
    return (
        kind.id != medical.id and kind.number > 0
        and bool(kind.uses & {Use.PASSENGERS, Use.WOUNDED}) and seats_planned(case, kind) > 0
        and INSIDE in shared and len(shared) > 1
        and not any(b.inside for b in bases) and bool(set(bases[0].sides) & set(bases[1].sides))
    )


def _sizes(case: Case, medical: VehicleType, escort: VehicleType) -> list[int]:
    """How many ambulances go with one bus: as many as its seats are good for, and one."""
    most = min(MOST, medical.number)
    lacking = medical.stretchers * _companions(case) - seats_planned(case, medical)
    enough = max(1, seats_planned(case, escort) // max(1, lacking))
    return sorted({1, min(most, enough)}, reverse=True)


def _together(
    case: Case, medical: VehicleType, number: int, escort: VehicleType
) -> tuple[Escorted, tuple[VehicleType, VehicleType]]:
    name = f"{number} {medical.id} + {escort.id}"
    seats = number * seats_planned(case, medical) + seats_planned(case, escort)
    fill = case.pause.rules.fill
    stated = math.ceil(seats / fill - 1e-9)
    while int(stated * fill + 1e-9) > seats:
        stated -= 1
    pair = (medical, escort)
    froms = [k.available_from for k in pair if k.available_from is not None]
    tos = [k.available_to for k in pair if k.available_to is not None]
    duties = [k.crew_duty for k in pair if k.crew_duty is not None]
    same = medical.base == escort.base
    return Escorted(
        name, f"{medical.name or medical.id} and {escort.name or escort.id}", 0,
        medical.base if same else f"{medical.base} and {escort.base}",
        medical.uses, tuple(s for s in medical.sides if s in escort.sides),
        seats=stated,
        stretchers=number * medical.stretchers + lying_in(escort),
        mobilise=max(k.mobilise for k in pair),
        available_from=max(froms, default=None), available_to=min(tos, default=None),
        crew_duty=min(duties, default=None), parts=((medical.id, number), (escort.id, 1)),
    ), pair


def lying_in(kind: VehicleType) -> int:
    """Patients whom one vehicle may take lying."""
    return kind.stretchers if Use.WOUNDED in kind.uses else 0


def _add(case: Case, kind: Escorted, one: VehicleType, two: VehicleType) -> Case:
    """A case that knows a made-up type: its minutes at sites and checks, and its ways."""
    def slower(minutes: Mapping[str, Estimate]) -> dict[str, Estimate]:
        none = Estimate.of(0)
        a, b = (minutes.get(k.id) or minutes.get("") or none for k in (one, two))
        longest = Estimate(max(a.low, b.low), max(a.likely, b.likely), max(a.high, b.high))
        return {**minutes, kind.id: longest}

    sites = {k: evolve(s, service=slower(s.service)) for k, s in case.sites.items()}
    if kind.base not in sites:
        shared = tuple(s for s in sites[one.base].sides if s in sites[two.base].sides)
        sites[kind.base] = Site(kind.base, kind.base, SiteKind.BASE, sides=shared)
    corridors = {
        k: evolve(c, checkpoint={way: evolve(check, minutes=slower(check.minutes))
                                 for way, check in c.checkpoint.items()})
        for k, c in case.corridors.items()
    }
    travel = _ways(case.travel, kind, one, two)
    return evolve(case, sites=sites, corridors=corridors, travel=travel,
                  fleet={**case.fleet, kind.id: kind})


def _ways(
    table: TravelTable, kind: Escorted, one: VehicleType, two: VehicleType
) -> TravelTable:
    """The table with ways of a made-up type, from and to both bases at once."""
    new = kind.base not in table.index
    places = (*table.places, kind.base) if new else table.places

    def rows(base: str) -> list[int]:
        return [table.index[base] if p == kind.base else table.index[p] for p in places]

    def wider(layers: Mapping[str, NDArray[np.int32]]) -> dict[str, NDArray[np.int32]]:
        found = dict(layers)
        if new:
            found = {p: np.pad(a, ((0, 1), (0, 1)), constant_values=UNREACHABLE)
                     for p, a in layers.items()}
        a, b = (layers[k.id][np.ix_(rows(k.base), rows(k.base))] for k in (one, two))
        none = (a == UNREACHABLE) | (b == UNREACHABLE)
        found[kind.id] = np.where(none, UNREACHABLE, np.maximum(a, b)).astype(np.int32)
        return found

    def marks(
        layers: Mapping[str, NDArray[np.bool_]], both: bool
    ) -> dict[str, NDArray[np.bool_]]:
        found = {p: np.pad(a, ((0, 1), (0, 1))) if new else a for p, a in layers.items()}
        a, b = (layers[k.id][np.ix_(rows(k.base), rows(k.base))] for k in (one, two))
        found[kind.id] = (a & b) if both else (a | b)
        return found

    metres = {p: np.pad(a, ((0, 1), (0, 1))) if new else a for p, a in table.metres.items()}
    a, b = (table.metres[k.id][np.ix_(rows(k.base), rows(k.base))] for k in (one, two))
    metres[kind.id] = np.maximum(a, b)
    return evolve(
        table, places=places, low=wider(table.low), likely=wider(table.likely),
        high=wider(table.high), metres=metres, approved=marks(table.approved, True),
        mined=marks(table.mined, False),
    )
