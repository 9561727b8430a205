"""Questions about positions and ways: snapping, sides of the line, approved streets, minutes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import cos, hypot, radians

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from lull.domain.corridor import Direction, User
from lull.domain.travel import FOOT, UNREACHABLE, TravelTable
from lull.exchange.build.draft import Draft
from lull.exchange.build.geography import Geography
from lull.exchange.checks.reach import KM_A_DEGREE, has_way
from lull.exchange.finding import Where
from lull.exchange.note import STREETS
from lull.exchange.schema.folder import CLOSURES_FILE, ROUTES_FILE, STREETS_FILE
from lull.exchange.schema.others import TRAVEL

FARTHEST_KM = 300
"""A place this far from the middle of all others does not belong to one pause (assumed)."""

AROUND_DEGREES = 0.002
"""How far beyond the outermost places the area reaches that a line must part (about 200 m)."""

MOST_KMH = 130
LEAST_KMH = 0.3
LEAST_METRES = 200
MOST_SERVICE_MINUTES = 240
MOST_TRAVEL_MINUTES = 720
"""Beyond these, minutes smell of seconds or hours (assumed)."""


def positions_belong_together(draft: Draft) -> None:
    """Every place lies where the others do; latitude and longitude are not exchanged."""
    places = list(_positions(draft))
    if len(places) < 3:
        return
    half = len(places) // 2
    middle = (sorted(p[1] for p in places)[half], sorted(p[2] for p in places)[half])
    for where, lat, lon, name in places:
        away = _km(middle, (lat, lon))
        if away <= FARTHEST_KM:
            continue
        if _km(middle, (lon, lat)) <= FARTHEST_KM:
            draft.findings.error(
                "latitude and longitude", where,
                f"The position {lat}, {lon} of {name!r} lies {away:,.0f} km from the others; "
                "latitude and longitude seem to be exchanged.", f"{lat}, {lon}", f"{lon}, {lat}",
            )
        else:
            draft.findings.warn(
                "far away", where, f"{name!r} at {lat}, {lon} lies {away:,.0f} km from the middle "
                "of all other places.", f"{lat}, {lon}", f"within {FARTHEST_KM} km",
            )


def _positions(draft: Draft) -> Iterator[tuple[Where, float, float, str]]:
    for site in draft.sites.values():
        if site.lat is not None and site.lon is not None:
            yield draft.place_of("sites", site.id, "lat"), site.lat, site.lon, site.id
    for corridor in draft.corridors.values():
        for which, gate in (("inside", corridor.inside_gate), ("outside", corridor.outside_gate)):
            if gate.lat is not None and gate.lon is not None:
                where = draft.place_of("corridors", corridor.id, f"{which}_gate_lat")
                yield where, gate.lat, gate.lon, corridor.gate_place(gate.side)


def _km(a: tuple[float, float], b: tuple[float, float]) -> float:
    north = (a[0] - b[0]) * KM_A_DEGREE
    east = (a[1] - b[1]) * KM_A_DEGREE * cos(radians(a[0]))
    return hypot(north, east)


def streets_are_near(draft: Draft) -> None:
    """Say what the streets say of each place: far, across the line, in a one-way trap."""
    for note in draft.notes:
        who = "" if len(note.travellers) > 3 else f" ({', '.join(note.travellers)})"
        draft.findings.warn(
            "streets", _where_of(draft, note.what), f"{note.what}{who}: {note.sentence}", note.what,
        )


def _where_of(draft: Draft, what: str) -> Where:
    if what.startswith("closure "):
        return Where(CLOSURES_FILE, 0, what.removeprefix("closure "))
    if what == STREETS:
        return Where(STREETS_FILE)
    if what in draft.sites:
        return draft.place_of("sites", what, "lat")
    corridor, _, side = what.partition("@")
    column = f"{'inside' if side == 'inside' else 'outside'}_gate_lat" if side else "id"
    return draft.place_of("corridors", corridor, column)


def sites_are_reached(draft: Draft) -> None:
    """Each site can be reached and left: by vehicles, or, where none comes, by some traveller."""
    travel = draft.travel
    if travel is None:
        return
    driven = _ways(travel, [kind for kind in draft.fleet if kind in travel.likely])
    by_any = _ways(travel, list(travel.likely))
    for site in draft.sites.values():
        at = travel.index[site.id]
        ways = driven if driven[:, at].any() or driven[at].any() else by_any
        into, out = bool(ways[:, at].any()), bool(ways[at].any())
        if into and out:
            continue
        check = "one-way trap" if into or out else "no road"
        what = ("cannot be left again" if into else "cannot be reached") if into or out else (
            "is reached by no road"
        )
        draft.findings.error(
            check, draft.place_of("sites", site.id, "id"),
            f"{site.id!r} {what}; look at its position, its sides, closures, or "
            f"{TRAVEL.file}.", site.id, "a way to it and back",
        )


def _ways(travel: TravelTable, profiles: list[str]) -> NDArray[np.bool_]:
    """[place, place] whether one of these travellers has a way from one to another place."""
    ways = np.zeros((len(travel.places), len(travel.places)), dtype=np.bool_)
    for profile in profiles:
        ways |= travel.likely[profile] != UNREACHABLE
    np.fill_diagonal(ways, val=False)
    return ways


def on_its_side_of_the_line(draft: Draft, geography: Geography) -> None:
    """Places that the line puts together say that they lie on one side.

    A line that does not part the places (it ends among them) says nothing.
    """
    parts = [
        [p for p in _sided(draft) if face.contains(shapely.Point(p[2], p[1]))]
        for face in _faces(draft, geography)
    ]
    if sum(bool(places) for places in parts) < 2:
        return
    for places in parts:
        tally = Counter(side for *_, side in places)
        if len(tally) < 2:
            continue
        usual, most = tally.most_common(1)[0]
        for where, _, _, name, side in places:
            if side != usual and tally[side] < most:
                draft.findings.warn(
                    "wrong side", where, f"{name!r} is said to lie {side}, but the line in "
                    f"{ROUTES_FILE} puts it with {most} places that lie {usual}.", side, usual,
                )


def _sided(draft: Draft) -> Iterator[tuple[Where, float, float, str, str]]:
    """Places that lie on exactly one side; gates stand on the line and are left out."""
    for site in draft.sites.values():
        if site.lat is not None and site.lon is not None and len(site.sides) == 1:
            where = draft.place_of("sites", site.id, "sides")
            yield where, site.lat, site.lon, site.id, site.sides[0]


def _faces(draft: Draft, geography: Geography) -> list[BaseGeometry]:
    """The pieces into which the line cuts the area of all places."""
    points = shapely.MultiPoint([(lon, lat) for _, lat, lon, _ in _positions(draft)])
    if not geography.line or points.is_empty:
        return []
    frame = shapely.box(*points.bounds).buffer(AROUND_DEGREES)
    lines = [s.boundary if "Polygon" in s.geom_type else s for s in geography.line]
    cut = shapely.union_all([frame.boundary, *lines])
    return list(shapely.get_parts(shapely.polygonize([*shapely.get_parts(cut)])))


def streets_are_approved(draft: Draft, geography: Geography) -> None:
    """On streets: approved routes are given, and lead from the sites to the gates."""
    travel = draft.travel
    if travel is None or travel.source == TRAVEL.file:
        return
    where = Where(ROUTES_FILE)
    if draft.entry.entry("streets_override").values:
        said = draft.entry.entry("streets_override")
        draft.findings.warn("override", draft.entry.at("streets_override"), "Streets outside "
                            f"approved routes are used by decision of {said.get('role')}: "
                            f"{str(said.get('reason')).rstrip('.')}.", str(said.get("role")))
        return
    if not geography.approved:
        draft.findings.warn("approved routes", where, "No approved route is given, so every plan "
                            "on these streets is a draft only.", "", "approved routes")
        return
    for corridor in draft.corridors.values():
        for side in (corridor.inside_gate.side, corridor.outside_gate.side):
            gate = corridor.gate_place(side)
            sites = [s.id for s in draft.sites.values() if side in s.sides]
            if not any(_approved(travel, s, gate) for s in sites):
                draft.findings.warn(
                    "approved routes", where, f"No approved route joins {gate} to any site on its "
                    "side; nothing is planned through it.", gate, "an approved route to the gate",
                )
    for site in draft.sites.values():
        if not any(_approved(travel, site.id, p) for p in travel.places if p != site.id):
            draft.findings.warn(
                "approved routes", draft.place_of("sites", site.id, "id"),
                f"No approved route leads to {site.id!r}; nothing is planned there.", site.id,
                "an approved route",
            )


def _approved(travel: TravelTable, start: str, end: str) -> bool:
    """Whether some vehicle has an approved way there and back."""
    i, j = travel.index[start], travel.index[end]
    return any(
        has_way(travel, t, start, end) and has_way(travel, t, end, start)
        and travel.approved[t][i, j] and travel.approved[t][j, i]
        for t in travel.profiles if t != FOOT
    )


def minutes_are_minutes(draft: Draft) -> None:
    """Minutes on the way fit the metres, and minutes in a bay fit a bay."""
    for row in draft.rows.get(TRAVEL.name, []):
        minutes, metres = row.get("minutes"), row.get("metres", 0.0)
        if not row.good or minutes is None:
            continue
        kmh = metres / 1000 / (minutes.likely / 60) if minutes.likely else 0.0
        if metres >= LEAST_METRES and not LEAST_KMH <= kmh <= MOST_KMH:
            draft.findings.warn(
                "units", row.where.at("minutes"), f"{metres:,.0f} m in {minutes.likely} minutes "
                f"are {kmh:,.1f} km/h; are the minutes minutes and the metres metres?",
                str(minutes.likely), f"{LEAST_KMH} to {MOST_KMH} km/h",
            )
        elif minutes.likely > MOST_TRAVEL_MINUTES:
            draft.findings.warn("units", row.where.at("minutes"), f"{minutes.likely} minutes on "
                                "one way: are these seconds?", str(minutes.likely), "minutes")
    for site in draft.sites.values():
        longest = max((m.high for m in site.service.values()), default=0)
        if longest > MOST_SERVICE_MINUTES:
            draft.findings.warn("units", draft.place_of("sites", site.id, "service_minutes"),
                                f"{longest} minutes in a bay at {site.id!r}: are these seconds?",
                                str(longest), "minutes")


def overrides_of_closures(draft: Draft, geography: Geography) -> None:
    """Say which suspicions of mines a named role has set aside."""
    for closure, said in geography.set_aside:
        draft.findings.warn("override", Where(CLOSURES_FILE, 0, closure.id), "The suspicion of "
                            f"mines is set aside by {said.role}: {said.reason.rstrip('.')}.",
                            said.role)


def tables_have_rows(draft: Draft) -> None:
    """A table without which nothing moves has a row."""
    for name in ("sites", "corridors", "people", "fleet"):
        if name in draft.rows and not draft.rows[name]:
            draft.findings.warn("no rows", Where(draft.tables[name]),
                                "The table has headings but not one row; was it cut off?")


def somebody_may_pass(draft: Draft) -> None:
    """At least one corridor leads out for somebody."""
    users = (User.CIVILIANS, User.WOUNDED, User.FIGHTERS)
    if draft.corridors and not any(
        user in c.users and Direction.OUT in c.directions
        for c in draft.corridors.values() for user in users
    ) and draft.groups:
        draft.findings.warn("no way out", Where(draft.tables.get("corridors", "corridors.csv")),
                            "No corridor leads out for people.", "", "a corridor out")
