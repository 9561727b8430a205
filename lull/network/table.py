"""From streets, places and corridors to the travel table that plans are made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from attrs import frozen
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from lull.domain.refusal import require
from lull.domain.travel import UNREACHABLE, TravelTable
from lull.network.closures import APPROVED_M, Closure
from lull.network.journeys import Journeys, Surroundings
from lull.network.matrices import Legs
from lull.network.profiles import Profile
from lull.network.routes import Route
from lull.network.snapping import Snaps
from lull.network.speeds import WALKING
from lull.network.streets import Bools, Floats, Streets

Progress = Callable[[str, int, int], None]
"""Told what is being worked on, how many parts are done, and how many there are."""

_TOLERANCE_MIN = 1e-6
"""Minutes by which a sum may exceed a whole minute and still be that minute: rounding of sums."""


@frozen
class Place:
    """A place of a pause: id, degrees, and the sides of the line from which it is reached."""

    id: str
    lat: float
    lon: float
    sides: tuple[str, ...]

    def __attrs_post_init__(self) -> None:
        require(bool(self.id), "A place has no id.")
        require(
            -90 <= self.lat <= 90 and -180 <= self.lon <= 180,
            f"Place {self.id!r}: {self.lat}, {self.lon} is not a latitude and a longitude in "
            "degrees.",
        )
        require(bool(self.sides), f"Place {self.id!r} lies on no side of the line.")


@frozen(eq=False)
class Crossing:
    """A corridor's way between the places of its two gates.

    `line` is the way if the corridor gives it (degrees): the streets under it, or, where the
    extract has none, the line itself. Without it the shortest way between the gates is taken.
    """

    corridor: str
    inside: str
    outside: str
    line: LineString | None = None


class TravelNetwork:
    """Streets with the places, travellers, closures and corridors of one pause.

    Between places that share a side, ways keep off streets that cross the `cuts` (polygons or
    lines between the sides); a corridor's way may use them. A way is the shortest on approved
    streets without suspicion of mines; where there is none, on any street without; where there
    is none, on any, and it is marked. Without any approved route nothing is approved.
    A street within `approved_within_m` of an approved route is approved.
    With `keep`, `change_closures` works out again only what a change can touch.
    """

    def __init__(
        self,
        streets: Streets,
        places: Sequence[Place],
        profiles: Sequence[Profile],
        *,
        closures: Iterable[Closure] = (),
        cuts: Iterable[BaseGeometry] = (),
        approved: Iterable[BaseGeometry] = (),
        crossings: Sequence[Crossing] = (),
        approved_within_m: float = APPROVED_M,
        keep: bool = False,
    ) -> None:
        ids = [place.id for place in places]
        require(len(set(ids)) == len(ids), "A place stands twice among the places of the pause.")
        self._places, self._profiles = tuple(places), tuple(profiles)
        names = [profile.name for profile in profiles]
        require(len(set(names)) == len(names), "A travel profile stands twice.")
        self._index = {place: i for i, place in enumerate(ids)}
        for crossing in crossings:
            for gate in (crossing.inside, crossing.outside):
                require(
                    gate in self._index,
                    f"Corridor {crossing.corridor!r} has the gate {gate!r}, which is no place.",
                )
        self._around = Surroundings.of(streets, closures, cuts, approved, approved_within_m)
        sides = [frozenset(place.sides) for place in places]
        wanted = np.array([[bool(a & b) for b in sides] for a in sides], dtype=np.bool_)
        self._wanted: Bools = wanted.reshape(len(places), len(places))
        self._crossings = tuple(crossings)
        self._keep = keep
        self._kinds: dict[tuple[object, ...], Journeys] = {}

    @property
    def streets(self) -> Streets:
        """The streets on which all ways lie."""
        return self._around.streets

    @property
    def unmatched_closures(self) -> tuple[str, ...]:
        """Ids of closures that touch no street of the extract."""
        return self._around.state.unmatched

    def _journeys(self, profile: Profile) -> Journeys:
        if profile.kind not in self._kinds:
            self._kinds[profile.kind] = Journeys(
                self._around,
                profile,
                self._lon_lat(),
                self._wanted,
                np.array([len(set(place.sides)) for place in self._places], dtype=np.int64),
                [(self._index[c.inside], self._index[c.outside], c.line) for c in self._crossings],
                keep=self._keep,
            )
        return self._kinds[profile.kind]

    def _lon_lat(self) -> Floats:
        return np.array([(p.lon, p.lat) for p in self._places]).reshape(-1, 2)

    def snaps(self, profile: str) -> Snaps:
        """Where the places meet the streets that a traveller may use."""
        return self._journeys(self._named(profile)).snaps

    def _named(self, profile: str) -> Profile:
        return next(p for p in self._profiles if p.name == profile)

    def notes(self) -> tuple[str, ...]:
        """What a planner should know of the streets and of each place, each a sentence.

        A traveller is named where the same does not hold for all.
        """
        found: dict[tuple[str, str], list[str]] = {}
        for profile in self._profiles:
            journeys = self._journeys(profile)
            for i, place in enumerate(self._places):
                for note in journeys.snaps.notes(i):
                    found.setdefault((f"Place {place.id!r}", note), []).append(profile.name)
            for number, note in journeys.crossing_notes:
                corridor = self._crossings[number].corridor
                found.setdefault((f"Corridor {corridor!r}", note), []).append(profile.name)
        everyone = len(self._profiles)
        return self._around.streets.notes + tuple(
            f"{what}: {note}" if len(who) == everyone else f"{what} ({', '.join(who)}): {note}"
            for (what, note), who in found.items()
        )

    def change_closures(self, closures: Iterable[Closure]) -> int:
        """Put these closures in place of those before; returns how many places ran again."""
        self._around = self._around.with_closures(closures)
        return sum(journeys.change(self._around) for journeys in self._kinds.values())

    def table(self, progress: Progress | None = None) -> TravelTable:
        """The travel table; minutes are rounded up, and only here."""
        layers: tuple[dict[str, np.ndarray[tuple[int, int], np.dtype[np.int32]]], ...] = (
            {},
            {},
            {},
        )
        metres, approved, mined = {}, {}, {}
        for done, profile in enumerate(self._profiles):
            if progress:
                progress(profile.name, done, len(self._profiles))
            journeys = self._journeys(profile)
            legs = journeys.legs()
            on_foot = _walk_to_street(journeys.snaps) if profile.on_foot else None
            for layer, what in zip(layers, ("low", "likely", "high"), strict=True):
                layer[profile.name] = _minutes(legs, what, profile, on_foot)
            walked = 0.0 if on_foot is None else on_foot
            metres[profile.name] = np.where(np.isfinite(legs.metres), legs.metres + walked, 0.0)
            approved[profile.name] = legs.approved
            mined[profile.name] = legs.mined
        if progress:
            progress("", len(self._profiles), len(self._profiles))
        return TravelTable(
            places=tuple(place.id for place in self._places),
            low=layers[0], likely=layers[1], high=layers[2],
            metres=metres, approved=approved, mined=mined,
            source=self._around.streets.source,
        )  # fmt: skip

    def route(self, profile: str, start: str, end: str) -> Route | None:
        """The way from one place to another; None where there is none.

        A place whose ways a folder gives in minutes stands on no street, so no way is drawn to it.
        """
        if start not in self._index or end not in self._index:
            return None
        who = self._named(profile)
        return self._journeys(who).route(self._index[start], self._index[end], who.speed_factor)


def travel_table(
    streets: Streets,
    places: Sequence[Place],
    profiles: Sequence[Profile],
    closures: Iterable[Closure] = (),
    cuts: Iterable[BaseGeometry] = (),
    approved: Iterable[BaseGeometry] = (),
    crossings: Sequence[Crossing] = (),
    *,
    progress: Progress | None = None,
) -> TravelTable:
    """The travel table of a pause: see `TravelNetwork`, which also gives routes and notes."""
    network = TravelNetwork(
        streets, places, profiles,
        closures=closures, cuts=cuts, approved=approved, crossings=crossings,
    )  # fmt: skip
    return network.table(progress)


def _walk_to_street(snaps: Snaps) -> Floats:
    """Metres walked off the streets between each two places [p, p], both ends together."""
    away = np.where(np.isfinite(snaps.metres), snaps.metres, 0.0)
    both = away[:, None] + away[None, :]
    np.fill_diagonal(both, 0.0)
    return np.asarray(both, dtype=np.float64)


def _minutes(
    legs: Legs, what: str, profile: Profile, on_foot: Floats | None
) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
    """Whole minutes, rounded up; -1 where there is no way."""
    seconds = getattr(legs, what)
    if on_foot is not None:
        kmh = {"low": WALKING.high_kmh, "likely": WALKING.likely_kmh, "high": WALKING.low_kmh}
        seconds = seconds + on_foot * 3.6 / kmh[what]
    found = np.isfinite(seconds)
    minutes = np.ceil(np.where(found, seconds, 0.0) / profile.speed_factor / 60 - _TOLERANCE_MIN)
    return np.where(found, np.maximum(minutes, 0), UNREACHABLE).astype(np.int32)
