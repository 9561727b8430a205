"""Questions about corridors: do their gates connect, are they cleared, are they ever open."""

from __future__ import annotations

from math import cos, hypot, radians

from lull.domain.corridor import Corridor, Direction, MineStatus, Override
from lull.domain.fleet import VehicleType
from lull.domain.matching import SERVES
from lull.domain.time import Window
from lull.domain.travel import FOOT, TravelTable
from lull.exchange.build.draft import Draft
from lull.exchange.checks.reach import KM_A_DEGREE, has_way
from lull.exchange.finding import Where

DETOUR_FACTOR, DETOUR_METRES = 2, 500
"""A way this many times the straight distance, and this much more, is asked about (assumed)."""

MOST_CHECK_MINUTES = 120
"""Longer than this at one check for one vehicle smells of seconds (suggested range: 30 to 120
minutes for a whole convoy; assumed)."""


def gates_connect(draft: Draft) -> None:
    """A vehicle that may use a corridor finds a way between its gates, in each direction."""
    if draft.travel is None:
        return
    for corridor in draft.corridors.values():
        where = draft.place_of("corridors", corridor.id, "directions")
        profiles = [kind.id for kind in _users(draft, corridor)] or list(draft.fleet)
        driven = {w for w in corridor.directions if _passes(draft.travel, corridor, w, profiles)}
        lacking = sorted(way.value for way in corridor.directions - driven)
        if driven and lacking:
            draft.findings.error(
                "one-way trap", where,
                f"{corridor.id!r} can be driven only {'in' if lacking == ['out'] else 'out'}: what "
                f"drives through cannot come back. Say so in directions, or mend the way "
                f"{lacking[0]}.", "one way only", "both ways, or one direction",
            )
        elif not driven and any(
            _passes(draft.travel, corridor, way, [FOOT]) for way in corridor.directions
            if corridor.check(way).persons_per_hour
        ):
            draft.findings.warn(
                "gates do not connect", where, f"{corridor.id!r} can be walked but not driven; no "
                "vehicle finds a way between its gates.", "no way for vehicles", "a way",
            )
        elif not driven:
            draft.findings.error(
                "gates do not connect", where,
                f"No way leads from one gate of {corridor.id!r} to the other"
                f"{f' going {lacking[0]}' if len(lacking) == 1 else ''}; look at the gates' "
                "positions, at closures, or give the minutes between them.",
                "no way", "a way between the gates",
            )


def _passes(
    travel: TravelTable, corridor: Corridor, way: Direction, profiles: list[str]
) -> bool:
    return any(has_way(travel, profile, *corridor.gates(way)) for profile in profiles)


def _users(draft: Draft, corridor: Corridor) -> list[VehicleType]:
    """Vehicle types that may use a corridor: on both its sides, for one of its users."""
    sides = {corridor.inside_gate.side, corridor.outside_gate.side}
    return [
        kind
        for kind in draft.fleet.values()
        if sides <= set(kind.sides) and any(SERVES[use] in corridor.users for use in kind.uses)
    ]


def gates_are_reached(draft: Draft) -> None:
    """Some site on each side reaches each gate, and is reached from it."""
    travel = draft.travel
    if travel is None:
        return
    profiles = [*draft.fleet, FOOT]
    for corridor in draft.corridors.values():
        for which, side in (("inside", corridor.inside_gate.side),
                            ("outside", corridor.outside_gate.side)):
            gate = corridor.gate_place(side)
            sites = [site.id for site in draft.sites.values() if side in site.sides]
            to_gate = any(has_way(travel, p, s, gate) for s in sites for p in profiles)
            back = any(has_way(travel, p, gate, s) for s in sites for p in profiles)
            if not (to_gate and back):
                what = "reached from" if not to_gate else "left towards"
                draft.findings.warn(
                    "gate out of reach", draft.place_of("corridors", corridor.id, f"{which}_side"),
                    f"The {which} gate of {corridor.id!r} cannot be {what} any site on the side "
                    f"{side!r}; nobody can use the corridor.", gate, "a way to a site and back",
                )


def ways_through_are_direct(draft: Draft) -> None:
    """The way between two gates is no detour, which may cross the line somewhere else."""
    if draft.travel is None:
        return
    for corridor in draft.corridors.values():
        straight = _metres_between_gates(corridor)
        if straight is None:
            continue
        for way in sorted(corridor.directions):
            start, end = corridor.gates(way)
            profiles = [kind.id for kind in _users(draft, corridor)] or [FOOT]
            legs = [draft.travel.leg(profile, start, end) for profile in profiles]
            metres = [leg.metres for leg in legs if leg and leg.metres]
            if metres and min(metres) > DETOUR_FACTOR * straight + DETOUR_METRES:
                draft.findings.warn(
                    "detour", draft.place_of("corridors", corridor.id, "directions"),
                    f"The gates of {corridor.id!r} lie {straight:,.0f} m apart, but the way "
                    f"between them going {way.value} is {min(metres):,.0f} m long: it may cross "
                    "the line elsewhere. Draw it as a corridor_line, or give the minutes.",
                    f"{min(metres):,.0f} m", "a way through this corridor",
                )


def _metres_between_gates(corridor: Corridor) -> float | None:
    """Metres between the gates as the crow flies, on a plane at their latitude."""
    a, b = corridor.inside_gate, corridor.outside_gate
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    east = (a.lon - b.lon) * cos(radians(a.lat))
    return 1000 * KM_A_DEGREE * hypot(a.lat - b.lat, east)


def mines_are_known(draft: Draft) -> None:
    """For each direction in which a corridor is driven it is known whether mines were cleared."""
    set_aside: dict[Override, list[str]] = {}
    for corridor in draft.corridors.values():
        for way in sorted(corridor.directions):
            status = corridor.mine_status(way)
            if status is MineStatus.CLEARED:
                continue
            if corridor.mines_override:
                set_aside.setdefault(corridor.mines_override, []).append(corridor.id)
                continue
            draft.findings.warn(
                "mines", draft.place_of("corridors", corridor.id, f"mines_{way.value}"),
                f"Mines on {corridor.id!r} going {way.value} are {status.value}; nothing is "
                "planned that way until it is cleared, or a named role sets the rule aside.",
                status.value, MineStatus.CLEARED.value,
            )
    for override, corridors in set_aside.items():
        names = tuple(dict.fromkeys(corridors))
        draft.findings.warn(
            "override", draft.place_of("corridors", names[0], "mines_override_role"),
            f"The mine rule is set aside for {', '.join(names)} by {override.role}: "
            f"{override.reason.rstrip('.')}.", override.role,
        )


def opens_in_a_window(draft: Draft) -> None:
    """Opening hours of corridors and sites meet at least one window."""
    if draft.pause is None:
        return
    windows = draft.pause.windows
    for table, things in (("corridors", draft.corridors), ("sites", draft.sites)):
        for name, thing in things.items():
            if thing.open_hours and not _meet(thing.open_hours, windows):
                draft.findings.warn(
                    "never open", draft.place_of(table, name, "open_hours"),
                    f"{name!r} is not open in any window; look at its hours (they are local "
                    "times).", "closed throughout", "hours that meet a window",
                )


def _meet(hours: tuple[Window, ...], windows: tuple[Window, ...]) -> bool:
    return any(h.opens < w.closes and w.opens < h.closes for h in hours for w in windows)


def check_takes_time(draft: Draft) -> None:
    """A checkpoint has a time or a rate, and not one that smells of seconds."""
    for row in draft.rows.get("corridors", []):
        corridor = draft.corridors.get(row.get("id", ""))
        if corridor is None:
            continue
        for way in sorted(corridor.directions):
            column = f"check_minutes_{way.value}"
            _look_at_check(draft, corridor, way, row.where.at(column),
                           column in row or f"vehicles_per_hour_{way.value}" in row)


def _look_at_check(
    draft: Draft, corridor: Corridor, way: Direction, where: Where, given: bool
) -> None:
    longest = max(minutes.high for minutes in corridor.check(way).minutes.values())
    if longest > MOST_CHECK_MINUTES:
        draft.findings.warn(
            "units", where, f"A check of {longest} minutes for one vehicle on {corridor.id!r}: are "
            "these seconds, or minutes for a whole convoy?", str(longest), "minutes a vehicle",
        )
    elif not given:
        draft.findings.warn(
            "no checkpoint", where, f"It is not said how long a check takes on {corridor.id!r} "
            f"going {way.value}, nor how many vehicles pass in an hour; no delay is counted.",
            "", "minutes, or vehicles an hour",
        )
