"""Changes of a case that somebody could ask for, each as another case."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from lull.domain.case import Case
from lull.domain.corridor import Checkpoint, Corridor, Direction, MineStatus
from lull.domain.time import Estimate, Window
from lull.domain.travel import TravelTable

SECOND = "-more"
"""What follows a vehicle type's id where more of it come later than the rest."""


def with_window(case: Case, number: int, window: Window) -> Case:
    """Another window in place of one, with the hours that open and close with it.

    Corridors and sites whose own hours end (or begin) just when the window does are open as long
    as it is now; hours that end earlier are left alone.
    """
    old = case.pause.windows[number]

    def moved(hours: tuple[Window, ...]) -> tuple[Window, ...]:
        return tuple(evolve(
            h, opens=window.opens if h.opens == old.opens else h.opens,
            closes=window.closes if h.closes == old.closes else h.closes) for h in hours)

    windows = tuple(window if n == number else w for n, w in enumerate(case.pause.windows))
    return evolve(
        case, pause=evolve(case.pause, windows=windows),
        corridors={k: evolve(c, open_hours=moved(c.open_hours))
                   for k, c in case.corridors.items()},
        sites={k: evolve(s, open_hours=moved(s.open_hours)) for k, s in case.sites.items()})


def longer(case: Case, number: int, minutes: int, *, before: bool = False) -> Case:
    """A window that closes later, or opens earlier, by so many minutes (may be negative)."""
    w = case.pause.windows[number]
    changed = evolve(w, opens=w.opens - minutes) if before else evolve(w, closes=w.closes + minutes)
    return with_window(case, number, changed)


def with_corridor(case: Case, corridor: Corridor) -> Case:
    """A corridor put in the place of the one with its id, or beside the others."""
    return evolve(case, corridors={**case.corridors, corridor.id: corridor})


def with_check(case: Case, corridor: str, way: Direction, check: Checkpoint) -> Case:
    """Another checkpoint in one direction of a corridor."""
    old = case.corridors[corridor]
    return with_corridor(case, evolve(old, checkpoint={**old.checkpoint, way: check}))


def more_lanes(case: Case, corridor: str, way: Direction, number: int = 1) -> Case:
    """More lanes; where both directions share them, for both."""
    pool = case.corridors[corridor].lane_pool(way)
    check = case.corridors[corridor].check(pool)
    return with_check(case, corridor, pool, evolve(check, lanes=check.lanes + number))


def quicker(case: Case, corridor: str, way: Direction, minutes: int = 1) -> Case:
    """A check that takes each vehicle so many minutes less, at low, likely and high."""
    check = case.corridors[corridor].check(way)
    less = {kind: Estimate(*(max(0, m - minutes) for m in (e.low, e.likely, e.high)))
            for kind, e in check.minutes.items()}
    return with_check(case, corridor, way, evolve(check, minutes=less))


def more_an_hour(case: Case, corridor: str, way: Direction, number: int) -> Case:
    """More vehicles an hour through a checkpoint that has a limit on them."""
    check = case.corridors[corridor].check(way)
    return with_check(case, corridor, way, evolve(
        check, vehicles_per_hour=(check.vehicles_per_hour or 0) + number))


def convoys(case: Case, corridor: str, *, largest: int | None = None,
            headway: int | None = None) -> Case:
    """Another size of convoys, or another headway between them."""
    old = case.corridors[corridor]
    rule = evolve(old.convoy, largest=old.convoy.largest if largest is None else largest,
                  headway=old.convoy.headway if headway is None else headway)
    return with_corridor(case, evolve(old, convoy=rule))


def cleared(case: Case, corridor: str) -> Case:
    """A corridor without mines in the directions in which it may be driven."""
    old = case.corridors[corridor]
    clear = dict.fromkeys(old.directions, MineStatus.CLEARED)
    return with_corridor(case, evolve(old, mines={**old.mines, **clear}))


def more_bays(case: Case, site: str, number: int = 1) -> Case:
    """More bays at a site that has a limit on them."""
    old = case.sites[site]
    return evolve(case, sites={**case.sites, site: evolve(old, bays=(old.bays or 0) + number)})


def more_vehicles(case: Case, kind: str, number: int, ready: int | None = None) -> Case:
    """More vehicles of a type; from minute `ready` on only, as a second row, where it is given."""
    old = case.fleet[kind]
    if ready is None:
        return evolve(case, fleet={**case.fleet, kind: evolve(old, number=old.number + number)})
    name = kind + SECOND
    while name in case.fleet:
        name += SECOND
    start = ready if old.available_from is None else max(ready, old.available_from)
    second = evolve(old, id=name, number=number, available_from=start, mobilise=0)
    return evolve(as_type(case, kind, name), fleet={**case.fleet, name: second})


def as_type(case: Case, kind: str, name: str) -> Case:
    """The case with ways, services and checks for a type's id, as those of another type."""
    return evolve(
        case, travel=_also(case.travel, kind, name),
        sites={k: evolve(s, service=_as(s.service, kind, name)) for k, s in case.sites.items()},
        corridors={k: evolve(c, checkpoint={
            way: evolve(check, minutes=_as(check.minutes, kind, name))
            for way, check in c.checkpoint.items()}) for k, c in case.corridors.items()})


def earlier_notice(case: Case, minutes: int) -> Case:
    """The same pause, notified so many minutes earlier."""
    notice = case.pause.notice
    return case if notice is None else evolve(
        case, pause=evolve(case.pause, notice=notice - minutes))


def without(case: Case, *names: str) -> Case:
    """The case with corridors closed, and with them those to which they are linked."""
    closed = set(names)
    while more := {c.id for c in case.corridors.values() if c.link and c.id not in closed
                   and c.link.other in closed} | {
                       c.link.other for c in case.corridors.values()
                       if c.link and c.id in closed and c.link.other not in closed}:
        closed |= more
    return evolve(case, corridors={k: c for k, c in case.corridors.items() if k not in closed})


def _as(minutes: Mapping[str, Estimate], kind: str, name: str) -> dict[str, Estimate]:
    return {**minutes, name: minutes[kind]} if kind in minutes else dict(minutes)


def _also(table: TravelTable, kind: str, name: str) -> TravelTable:
    return evolve(
        table,
        low={**table.low, name: table.low[kind]},
        likely={**table.likely, name: table.likely[kind]},
        high={**table.high, name: table.high[kind]},
        metres={**table.metres, name: table.metres[kind]},
        approved={**table.approved, name: table.approved[kind]},
        mined={**table.mined, name: table.mined[kind]})
