"""Loads ride on vehicles: what is carried on a leg needs vehicles on that leg.

Without these rows vehicles could circle where the people are while others pass the gates.
"""

from __future__ import annotations

from collections.abc import Iterable

from lull.domain.corridor import Direction
from lull.domain.fleet import VehicleType
from lull.plan.ground import Ground
from lull.plan.program import Column, Program

Terms = list[tuple[Column, float]]


def carry_out(
    ground: Ground, program: Program, kind: VehicleType, what: str, each: float,
    heads: Iterable[tuple[str, Column, float]], exits: list[str], turns: list[str],
) -> None:
    """People of one type's vehicles from their sites, through exits, to where they get off.

    `heads` are (site, column, heads a column's unit); `each` is seats or stretchers a vehicle.
    """
    balance: dict[str, Terms] = {}
    most = program.largest_of(heads)
    for site, column, weight in heads:
        balance.setdefault(site, []).append((column, weight))
    _ride(program, kind, what, each, most, balance)
    for c in exits:
        near, far = ground.case.corridors[c].gates(Direction.OUT)
        _hand_over(program, (what, kind.id, c), most, each, ("pass", kind.id, c, Direction.OUT),
                   near, far, balance)
        _leave(program, (what, "last", kind.id, c), most, each, ("last", kind.id, c), far, balance)
    for site in turns:
        _leave(program, (what, "off", kind.id, site), most, each, ("stop", kind.id, site), site,
               balance)
    _close(program, f"{what} of {kind.id}", balance)


def carry_in(
    ground: Ground, program: Program, kind: VehicleType, what: str, each: float,
    loads: Iterable[tuple[str, Column, float]], entries: list[str], stores: list[str],
) -> None:
    """Goods of one type's vehicles from stores, through entries, to the sites of need."""
    balance: dict[str, Terms] = {}
    most = program.largest_of(loads)
    for site, column, weight in loads:
        balance.setdefault(site, []).append((column, -weight))
    _ride(program, kind, what, each, most, balance)
    for c in entries:
        far, near = ground.case.corridors[c].gates(Direction.IN)
        _hand_over(program, (what, kind.id, c), most, each, ("pass", kind.id, c, Direction.IN),
                   far, near, balance)
        _arrive(program, (what, "first", kind.id, c), most, each, ("first", kind.id, c), far,
                balance)
    for site in stores:
        _arrive(program, (what, "on", kind.id, site), most, each, ("stop", kind.id, site), site,
                balance)
    _close(program, f"{what} of {kind.id}", balance)


def _within(program: Program, column: Column, each: float, vehicles: Column) -> None:
    program.at_most(f"{column} rides", [(column, 1.0), (vehicles, -each)], 0.0)


def _ride(
    program: Program, kind: VehicleType, what: str, each: float, most: float,
    balance: dict[str, Terms],
) -> None:
    legs = [c for c in program.columns
            if isinstance(c, tuple) and c[0] == "leg" and c[1] == kind.id]
    for leg in legs:
        column = program.column((what, *leg), most)
        _within(program, column, each, leg)
        balance.setdefault(leg[2], []).append((column, -1.0))
        balance.setdefault(leg[3], []).append((column, 1.0))


def _hand_over(
    program: Program, column: Column, most: float, each: float, vehicles: Column, start: str,
    end: str, balance: dict[str, Terms],
) -> None:
    program.column(column, most)
    _within(program, column, each, vehicles)
    balance.setdefault(start, []).append((column, -1.0))
    balance.setdefault(end, []).append((column, 1.0))


def _leave(
    program: Program, column: Column, most: float, each: float, vehicles: Column, place: str,
    balance: dict[str, Terms],
) -> None:
    program.column(column, most)
    _within(program, column, each, vehicles)
    balance.setdefault(place, []).append((column, -1.0))


def _arrive(
    program: Program, column: Column, most: float, each: float, vehicles: Column, place: str,
    balance: dict[str, Terms],
) -> None:
    program.column(column, most)
    _within(program, column, each, vehicles)
    balance.setdefault(place, []).append((column, 1.0))


def _close(program: Program, name: str, balance: dict[str, Terms]) -> None:
    for place, terms in balance.items():
        program.equal(f"{name} at {place}", terms)
