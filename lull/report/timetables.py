"""Timetables as rows: by corridor, by site, by vehicle and by convoy."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from lull.domain.case import Case
from lull.domain.plan import By, Call, Convoy, Crossing, Party, Plan, Stop, Task
from lull.report.figures import Aboard, loads_at_crossings
from lull.report.orders import load_words, orders
from lull.report.words import (
    DIRECTION_WORDS,
    NEED_WORDS,
    corridor_name,
    local,
    site_name,
    utc,
    vehicle_words,
)

Cell = str | int | float | None
Row = tuple[Cell, ...]


@frozen
class Table:
    """Rows under a header; `name` is fit for a file or a sheet, `title` for a reader.

    Raises ValueError where a row has not as many cells as the header.
    """

    name: str
    title: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""

    def __attrs_post_init__(self) -> None:
        if any(len(row) != len(self.header) for row in self.rows):
            raise ValueError(f"A row of {self.title!r} does not have {len(self.header)} cells.")

    def records(self) -> list[dict[str, Cell]]:
        """Each row by the header's names."""
        return [dict(zip(self.header, row, strict=True)) for row in self.rows]


def timetables(case: Case, plan: Plan) -> tuple[Table, ...]:
    """All four timetables of a plan."""
    return (
        by_corridor(case, plan),
        by_site(case, plan),
        by_vehicle(case, plan),
        by_convoy(case, plan),
    )


def _loads(plan: Plan) -> dict[tuple[str, str], tuple[Crossing, Aboard]]:
    return {(c.convoy, aboard.vehicle): (c, aboard) for c, aboard in loads_at_crossings(plan)}


CORRIDOR_HEADER = (
    "corridor",
    "direction",
    "convoy",
    "slot_local",
    "slot_utc",
    "vehicles",
    "leader",
    "first_enters_local",
    "last_cleared_local",
    "leaves_local",
    "leaves_utc",
    "persons",
    "patients",
    "tonnes",
    "vehicle_list",
)


def by_corridor(case: Case, plan: Plan) -> Table:
    """Convoys and parties through each corridor, in the order of their slots."""
    loads = _loads(plan)
    rows: list[tuple[str, int, str, Row]] = []
    for convoy in plan.convoys:
        rows.append(_convoy_row(case, convoy, loads))
    for party in plan.parties:
        rows.append(_party_row(case, party))
    rows.sort(key=lambda row: row[:3])
    return Table("by-corridor", "By corridor", CORRIDOR_HEADER, tuple(row[3] for row in rows))


def _convoy_row(
    case: Case, convoy: Convoy, loads: dict[tuple[str, str], tuple[Crossing, Aboard]]
) -> tuple[str, int, str, Row]:
    clock = case.pause.clock
    passes = [loads[convoy.id, v] for v in convoy.vehicles if (convoy.id, v) in loads]
    first = min((c.enters for c, _ in passes), default=convoy.starts)
    last = max((c.cleared for c, _ in passes), default=convoy.starts)
    leaves = max((c.leaves for c, _ in passes), default=convoy.starts)
    name, way = corridor_name(case, convoy.corridor), DIRECTION_WORDS[convoy.direction]
    return (
        name,
        convoy.starts,
        way,
        (
            name,
            way,
            convoy.id,
            local(clock, convoy.starts),
            utc(clock, convoy.starts),
            len(convoy.vehicles),
            vehicle_words(case, convoy.leader) if convoy.leader else "",
            local(clock, first),
            local(clock, last),
            local(clock, leaves),
            utc(clock, leaves),
            sum(a.persons for _, a in passes),
            sum(a.patients for _, a in passes),
            round(sum(a.tonnes(case) for _, a in passes), 3),
            ", ".join(vehicle_words(case, v) for v in convoy.vehicles),
        ),
    )


def _party_row(case: Case, party: Party) -> tuple[str, int, str, Row]:
    clock = case.pause.clock
    name = corridor_name(case, party.corridor)
    means = "on foot" if party.by is By.FOOT else "own cars"
    return (
        name,
        party.enters,
        "out",
        (
            name,
            "out",
            party.id,
            local(clock, party.enters),
            utc(clock, party.enters),
            party.cars,
            "",
            local(clock, party.enters),
            local(clock, party.cleared),
            local(clock, party.leaves),
            utc(clock, party.leaves),
            party.persons,
            0,
            0.0,
            means,
        ),
    )


SITE_HEADER = (
    "site",
    "site_name",
    "local",
    "utc",
    "what",
    "until_local",
    "vehicle",
    "convoy_or_party",
    "persons",
    "patients",
    "detail",
)


def by_site(case: Case, plan: Plan) -> Table:
    """All that happens at each site in order: calls, vehicles, parties, last call, send-home."""
    rows: list[tuple[str, int, int, Row]] = [
        *(_call_row(case, call) for call in plan.calls),
        *_last_rows(case, plan),
        *(_stop_row(case, v, s) for v, s in plan.stops() if s.task is not Task.START),
        *_start_rows(case, plan),
        *(row for party in plan.parties for row in _party_rows(case, party)),
    ]
    order = {site: i for i, site in enumerate(case.sites)}
    rows.sort(key=lambda row: (order[row[0]], row[1], row[2]))
    return Table("by-site", "By site", SITE_HEADER, tuple(row[3] for row in rows))


def _site_row(
    case: Case,
    site: str,
    minute: int,
    rank: int,
    what: str,
    *,
    until: int | None = None,
    vehicle: str = "",
    serves: str = "",
    persons: int = 0,
    patients: int = 0,
    detail: str = "",
) -> tuple[str, int, int, Row]:
    clock = case.pause.clock
    return (
        site,
        minute,
        rank,
        (
            site,
            site_name(case, site),
            local(clock, minute),
            utc(clock, minute),
            what,
            "" if until is None else local(clock, until),
            vehicle_words(case, vehicle) if vehicle else "",
            serves,
            persons,
            patients,
            detail,
        ),
    )


def _call_row(case: Case, call: Call) -> tuple[str, int, int, Row]:
    group = case.groups[call.group]
    return _site_row(
        case,
        call.site,
        call.at,
        0,
        "call forward",
        serves=call.serves,
        persons=call.persons,
        detail=f"{NEED_WORDS[group.need]} ({call.group})",
    )


def _last_rows(case: Case, plan: Plan) -> Iterable[tuple[str, int, int, Row]]:
    for last in plan.last_calls:
        window = case.pause.windows[last.window]
        name = window.name or f"window {last.window + 1}"
        yield _site_row(case, last.site, last.last_call, 3, "last call", detail=name)
        yield _site_row(case, last.site, last.send_home, 4, "send home", detail=name)


def _stop_row(case: Case, vehicle: str, stop: Stop) -> tuple[str, int, int, Row]:
    what = {Task.LOAD: "load", Task.UNLOAD: "set down", Task.WAIT: "wait", Task.END: "end"}
    moved = stop.task in (Task.LOAD, Task.UNLOAD)
    return _site_row(
        case,
        stop.site,
        stop.arrives,
        1,
        what[stop.task],
        until=stop.departs,
        vehicle=vehicle,
        persons=sum(x.persons for x in stop.people),
        patients=sum(x.stretchers for x in stop.people),
        detail=load_words(case, stop) if moved else "",
    )


def _start_rows(case: Case, plan: Plan) -> Iterable[tuple[str, int, int, Row]]:
    for vehicle, stop in plan.stops():
        if stop.task is Task.START:
            yield _site_row(case, stop.site, stop.departs, 2, "leave base", vehicle=vehicle)


def _party_rows(case: Case, party: Party) -> Iterable[tuple[str, int, int, Row]]:
    how = "on foot" if party.by is By.FOOT else f"in {party.cars} own cars"
    start = case.groups[party.group].site
    to = f"{how}, by {corridor_name(case, party.corridor)} to {site_name(case, party.destination)}"
    yield _site_row(
        case, start, party.departs, 2, "set out", serves=party.id, persons=party.persons, detail=to
    )
    yield _site_row(
        case,
        party.destination,
        party.reaches,
        1,
        "arrive",
        serves=party.id,
        persons=party.persons,
        detail=how + (f", to go on to {site_name(case, party.bound_for)}"
                      if party.bound_for else ""),
    )


VEHICLE_HEADER = ("vehicle", "name", "line", "round", "local", "utc", "order")


def by_vehicle(case: Case, plan: Plan) -> Table:
    """The orders of each driver, line by line."""
    rows: list[Row] = []
    for sheet in orders(case, plan):
        for i, order in enumerate(sheet.lines, 1):
            rows.append(
                (sheet.vehicle, sheet.name, i, order.round, order.local, order.utc, order.words)
            )
    return Table("by-vehicle", "By vehicle", VEHICLE_HEADER, tuple(rows))


CONVOY_HEADER = (
    "convoy",
    "corridor",
    "direction",
    "slot_local",
    "slot_utc",
    "place",
    "vehicle",
    "leads",
    "arrives_local",
    "enters_local",
    "cleared_local",
    "leaves_local",
    "persons",
    "stretchers",
    "tonnes",
    "households",
)


def by_convoy(case: Case, plan: Plan) -> Table:
    """Each convoy vehicle by vehicle; the households that travel stand in its first row."""
    loads = _loads(plan)
    clock = case.pause.clock
    rows: list[Row] = []
    for convoy in sorted(plan.convoys, key=lambda c: (c.starts, c.id)):
        for place, vehicle in enumerate(convoy.vehicles, 1):
            crossing, aboard = loads.get((convoy.id, vehicle), (None, Aboard()))
            times = ("", "", "", "")
            if crossing:
                minutes = (crossing.arrives, crossing.enters, crossing.cleared, crossing.leaves)
                times = tuple(local(clock, m) for m in minutes)  # type: ignore[assignment]
            rows.append(
                (
                    convoy.id,
                    corridor_name(case, convoy.corridor),
                    DIRECTION_WORDS[convoy.direction],
                    local(clock, convoy.starts),
                    utc(clock, convoy.starts),
                    place,
                    vehicle_words(case, vehicle),
                    "yes" if convoy.leader == vehicle else "",
                    *times,
                    aboard.persons,
                    aboard.patients,
                    round(aboard.tonnes(case), 3),
                    _households(case, convoy) if place == 1 else "",
                )
            )
    return Table("by-convoy", "By convoy", CONVOY_HEADER, tuple(rows))


def _households(case: Case, convoy: Convoy) -> str:
    return "; ".join(
        f"{h.number} × {h.size} of {h.group} to {site_name(case, h.destination)}"
        for h in convoy.households
    )
