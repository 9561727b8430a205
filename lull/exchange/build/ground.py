"""The ground of a pause: its streets, places and travellers, and the travel table made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

from attrs import define

from lull.domain.corridor import Gate
from lull.domain.fleet import Use, VehicleType
from lull.domain.pause import PlanningRules
from lull.domain.place import Site
from lull.domain.travel import FOOT, OWN_CAR, TravelTable
from lull.exchange.build.draft import Draft
from lull.exchange.build.geography import Geography
from lull.exchange.build.travel import profiles_of
from lull.exchange.finding import Where
from lull.exchange.note import STREETS, Note
from lull.network import (
    ON_FOOT,
    Crossing,
    Place,
    Profile,
    Streets,
    TravelNetwork,
    read_streets,
)
from lull.network.speeds import CONVOY_FACTOR, LOADED_FACTOR

Progress = Callable[[str, float, float], None]
"""Told what is being worked on, how much is done, and how much there is (0: not known)."""


@define(eq=False)
class Ground:
    """Streets with all that a pause puts on them; made lazily, as a cached table needs none.

    `source` is the extract, as a path or as bytes; a street within `approved_within_m` of an
    approved route is approved.
    """

    source: Path | bytes
    geography: Geography
    places: tuple[Place, ...]
    profiles: tuple[Profile, ...]
    crossings: tuple[Crossing, ...]
    approved_within_m: float

    @cached_property
    def streets(self) -> Streets:
        """The streets of the extract; raises StreetsError."""
        return read_streets(self.source)

    @cached_property
    def network(self) -> TravelNetwork:
        """The network, which also gives routes with their geometry."""
        return TravelNetwork(
            self.streets, self.places, self.profiles,
            closures=self.geography.closures, cuts=self.geography.line,
            approved=self.geography.approved, crossings=self.crossings,
            approved_within_m=self.approved_within_m,
        )  # fmt: skip

    def table(self, progress: Progress) -> tuple[TravelTable, tuple[Note, ...]]:
        """The travel table and what is to be known of its places; raises StreetsError."""
        progress("reading the streets", 0, 0)
        network = self.network

        def told(name: str, done: int, total: int) -> None:
            progress(f"ways of {name}" if name else "ways", done, total)

        return network.table(told), tuple(self._notes())

    def _notes(self) -> Iterator[Note]:
        found: dict[tuple[str, str], list[str]] = {}
        for profile in self.profiles:
            snaps = self.network.snaps(profile.name)
            for i, place in enumerate(self.places):
                for sentence in snaps.notes(i):
                    found.setdefault((place.id, sentence), []).append(profile.name)
        for (place_id, sentence), names in found.items():
            yield Note(place_id, tuple(names), sentence)
        everyone = tuple(profile.name for profile in self.profiles)
        for said in self.streets.notes:
            yield Note(STREETS, everyone, said)
        notes = self.network.notes()
        for crossing in self.crossings:
            start = f"Corridor {crossing.corridor!r}"
            for said in notes:
                if said.startswith(start):
                    yield Note(crossing.corridor, everyone, said.partition(": ")[2])
        for closure in self.network.unmatched_closures:
            yield Note(f"closure {closure}", everyone, "It touches no street of the extract.")


def ground_of(draft: Draft, source: Path | bytes, geography: Geography) -> Ground | None:
    """The ground of a draft; None (and findings) where a place has no position."""
    places = [*_sites(draft, _given_in_rows(draft)), *_gates(draft)]
    if any(place is None for place in places):
        return None
    crossings = tuple(
        Crossing(c.id, c.gate_place(c.inside_gate.side), c.gate_place(c.outside_gate.side),
                 geography.corridor_lines.get(c.id))
        for c in draft.corridors.values()
    )
    found = tuple(place for place in places if place is not None)
    rules = draft.pause.rules if draft.pause else PlanningRules()
    profiles = tuple(_profiles(draft))
    return Ground(source, geography, found, profiles, crossings, rules.approved_within_m)


def _given_in_rows(draft: Draft) -> frozenset[str]:
    """Places of `travel_minutes.csv`, which need no position as rows say how far they are."""
    rows = draft.rows.get("travel_minutes", [])
    return frozenset(row[end] for row in rows if row.good for end in ("from", "to"))


def _sites(draft: Draft, by_row: frozenset[str]) -> Iterator[Place | None]:
    for site in draft.sites.values():
        if site.lat is None and site.lon is None and site.id in by_row:
            continue
        where = draft.place_of("sites", site.id, "lat")
        yield _place(draft, where, f"The site {site.id!r}", site.id, site, site.sides)


def _gates(draft: Draft) -> Iterator[Place | None]:
    for corridor in draft.corridors.values():
        for which, gate in (("inside", corridor.inside_gate), ("outside", corridor.outside_gate)):
            where = draft.place_of("corridors", corridor.id, f"{which}_gate_lat")
            yield _place(draft, where, f"The {which} gate of {corridor.id!r}",
                         corridor.gate_place(gate.side), gate, (gate.side,))


def _place(
    draft: Draft, where: Where, what: str, name: str, at: Site | Gate,
    sides: tuple[str, ...],
) -> Place | None:
    if at.lat is None or at.lon is None:
        draft.findings.error("position", where, f"{what} has no position; where streets are used "
                             "every place needs its latitude and longitude.", "", "degrees")
        return None
    return Place(name, at.lat, at.lon, sides)


def _profiles(draft: Draft) -> Iterator[Profile]:
    """Travel profiles: vehicles are slowed by load, convoy and damage, people on foot are not."""
    travel = draft.entry.entry("travel")
    damage = travel.get("damage_factor", 1.0)
    motor = (
        travel.get("load_factor", LOADED_FACTOR)
        * travel.get("convoy_factor", CONVOY_FACTOR)
        * damage
    )
    for name in profiles_of(draft):
        if name == FOOT:
            yield ON_FOOT
        elif name == OWN_CAR:
            yield Profile(OWN_CAR, speed_factor=motor)
        else:
            yield _of_type(draft.fleet[name], motor)


def _of_type(kind: VehicleType, motor: float) -> Profile:
    return Profile(kind.id, speed_factor=kind.speed_factor * motor, heavy=Use.AID in kind.uses)

