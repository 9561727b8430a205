"""What is taken on and set down at each step, as rows: by whom, how much, and for whom it waits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen

from lull.domain.place import SiteKind
from lull.domain.plan import Goods, Stop, Task
from lull.simulate import columns as c
from lull.simulate.columns import Ints
from lull.simulate.flatten import Flat

Key = tuple[str, str, str, int]
"""(site, group or item, destination, what) of people or goods handed over at an exchange point."""

TASKS = {Task.START: c.LOADS, Task.LOAD: c.LOADS, Task.END: c.UNLOADS, Task.UNLOAD: c.UNLOADS}


@frozen(eq=False)
class Line:
    """A part of a step's load: how much of what, for where, handed over or brought for good."""

    step: int
    traveller: int
    task: int
    key: Key
    amount: int
    handed: bool
    final: bool
    gone: int = 0
    grams: int = 0


def lines_of(flat: Flat) -> tuple[Line, ...]:
    """Every part of every load, in the order of the steps."""
    found: list[Line] = []
    for n, one in enumerate(flat.everyone):
        for index, step in enumerate(one.steps):
            if isinstance(step, Stop) and step.task in TASKS:
                found.extend(_lines(flat, n, flat.first[n] + index, step))
    return tuple(found)


def _lines(flat: Flat, n: int, row: int, stop: Stop) -> Iterator[Line]:
    exchange = flat.case.sites[stop.site].kind is SiteKind.EXCHANGE
    task = TASKS[stop.task]
    for people in stop.people:
        brought = task == c.UNLOADS and people.destination == stop.site
        came = flat.case.groups[people.group].site != stop.site
        handed = exchange and (not brought if task == c.UNLOADS else came)
        for what, many in ((c.SITS, people.persons - people.stretchers),
                           (c.LIES, people.stretchers)):
            if many:
                key = (stop.site, people.group, people.destination, what)
                yield Line(row, n, task, key, many, handed, brought)
    for goods in stop.goods:
        yield _of_goods(flat, n, row, stop, goods, exchange)


def _of_goods(flat: Flat, n: int, row: int, stop: Stop, goods: Goods, exchange: bool) -> Line:
    task = TASKS[stop.task]
    brought = task == c.UNLOADS and goods.destination == stop.site
    stocked = any((s.item, s.site) == (goods.item, stop.site) for s in flat.case.stocks)
    handed = exchange and (not brought if task == c.UNLOADS else not stocked)
    grams = round(flat.case.items[goods.item].kg * 1000)
    return Line(row, n, task, (stop.site, goods.item, goods.destination, c.GOODS), goods.units,
                handed, brought, goods.removed + goods.returned, grams)


def _handed(lines: tuple[Line, ...]) -> dict[Key, int]:
    keys = dict.fromkeys(line.key for line in lines if line.handed)
    return {key: n for n, key in enumerate(keys)}


def cell_of(line: Line) -> tuple[int, str, str]:
    """What a line counts in: who sits or lies of a group, or an item at a place."""
    site, thing, _, what = line.key
    return what, thing, site if what == c.GOODS else ""


def cells_of(lines: tuple[Line, ...]) -> dict[tuple[int, str, str], int]:
    """All that is brought for good, with how much of it the plan brings."""
    found: dict[tuple[int, str, str], int] = {}
    for line in lines:
        if line.final:
            cell = cell_of(line)
            brought = max(0, line.amount - line.gone)
            found[cell] = found.get(cell, 0) + brought
    return found


def line_rows(lines: tuple[Line, ...], steps: Ints) -> Ints:
    """`World.lines`; sets where each step's lines are in `steps`."""
    rows = np.zeros((len(lines), c.LINE_COLUMNS), np.int64)
    handed, cells = _handed(lines), {cell: n for n, cell in enumerate(cells_of(lines))}
    slots: dict[tuple[int, str, str, int], int] = {}
    steps[:, c.LINES_FROM] = steps[:, c.LINES_TO] = 0
    for n, line in enumerate(lines):
        _, thing, goal, what = line.key
        slot = slots.setdefault((line.traveller, thing, goal, what), len(slots))
        pool = handed[line.key] if line.handed else -1
        cell = cells[cell_of(line)] if line.final else -1
        rows[n] = (slot, line.amount, what, pool, line.final, line.gone, line.grams, cell)
        if steps[line.step, c.LINES_TO] == 0:
            steps[line.step, c.LINES_FROM] = n
        steps[line.step, c.LINES_TO] = n + 1
    return rows


def handed_rows(flat: Flat, lines: tuple[Line, ...]) -> Ints:
    """`World.handed`: the site and kind of what is handed over."""
    sites = list(flat.case.sites)
    rows = [(sites.index(site), what) for site, _, _, what in _handed(lines)]
    return np.array(rows, np.int64).reshape(-1, c.HANDED_COLUMNS)
