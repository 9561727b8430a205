"""What is still free and what is still to be moved, as arrays that a search changes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lull.plan.balance import Balance
from lull.plan.kernel.columns import (
    BOUND_FROM,
    BOUND_TO,
    GATE_HEADWAY,
)
from lull.plan.kernel.tables import PLACES, Floats, Ints, Names, Tables
from lull.plan.remaining import Remaining
from lull.plan.schedule import Schedule

BLOCKED, ENTERED = 0, 1
QUEUE, PROMISES = 0, 1
MOST_IN_LIST = 8000
"""Checks, or promises, at one pool of lanes."""


class State(NamedTuple):
    """Bookings and what remains; every array may be changed in place."""

    used: NDArray[np.int16]
    """(pool, minute): lanes in use."""
    starts: NDArray[np.int16]
    """(blocked | entered, gate, minute): convoys whose headway forbids a start in the minute;
    vehicles that enter in it, where an hourly limit asks for them."""
    listed: Ints
    """(queue | promises, pool): how many stand in `lists`."""
    lists: Ints
    """(queue | promises, pool, place in the list, …): enters | cleared | high minutes of each
    check; moment | until | high minutes to spare of each promise."""
    bays: NDArray[np.int16]
    crowd: Ints
    homes: Ints
    """(group, size): households left."""
    served: Ints
    places: Ints
    """(site, seated | stretcher | critical): places left."""
    kept: Ints
    """(site): seated places kept for those who come with patients still waiting."""
    stock: Ints
    delivered: Ints
    gone: Ints
    """(two sides a link, minute): who has gone out by then, in the unit of the link."""
    price: Floats
    """(pool, minute): Σ of what a lane costs up to the minute; zero where nothing is priced."""


def state_of(schedule: Schedule, tables: Tables, names: Names) -> State:
    """The arrays of a schedule as it stands."""
    case, start, t = schedule.ground.case, schedule.ground.horizon.start, tables.clock.shape[1]
    pools, gates = len(tables.lanes), len(names.gates)
    sizes = max((s for g in case.groups.values() for s in g.households), default=1) + 1
    state = State(
        used=np.zeros((pools, t), np.int16),
        starts=np.zeros((2, gates, t), np.int16),
        listed=np.zeros((2, pools), np.int64),
        lists=np.zeros((2, pools, MOST_IN_LIST, 3), np.int64),
        bays=np.zeros((len(names.sites), t), np.int16),
        crowd=np.zeros((len(names.sites), t), np.int64),
        homes=np.zeros((len(names.groups), sizes), np.int64),
        served=np.zeros(len(names.cells), np.int64),
        places=np.zeros((len(names.sites), 3), np.int64),
        kept=np.zeros(len(names.sites), np.int64),
        stock=np.zeros(len(names.stocks), np.int64),
        delivered=np.zeros(len(names.lines), np.int64),
        gone=Balance.of(schedule).gone,
        price=np.zeros((pools, t + 1), np.float64),
    )
    _gates(state, schedule, tables, names, start)
    for i, site in enumerate(names.sites):
        state.bays[i] = schedule.pools.bays[site].used
        for a, b, persons in schedule.crowds.spells.get(site, ()):
            state.crowd[i, a - start : b - start] += persons
    _remaining(state, schedule.remaining, tables, names)
    return state


def _gates(state: State, schedule: Schedule, tables: Tables, names: Names, start: int) -> None:
    done = set()
    for i, (name, way) in enumerate(names.gates):
        pool, p = schedule.pools.gates[name, way], names.pools[i]
        headway = int(tables.gate[i, GATE_HEADWAY])
        for at in pool.starts.get(way.value, ()):
            a = at - start
            state.starts[BLOCKED, i, max(0, a - headway + 1) : a + headway] += 1
        if way.value in pool.entries:
            state.starts[ENTERED, i] = pool.entries[way.value]
        if p in done:
            continue
        done.add(p)
        state.used[p] = pool.used
        for n, (enters, cleared, high) in enumerate(pool.queue):
            state.lists[QUEUE, p, n] = enters - start, cleared - start, high
        state.listed[QUEUE, p] = len(pool.queue)
        for n, (moment, until, room) in enumerate(pool.promises):
            slack = room - pool.waiting(moment, until)
            state.lists[PROMISES, p, n] = moment - start, until - start, slack
        state.listed[PROMISES, p] = len(pool.promises)


def _remaining(
    state: State, remaining: Remaining, tables: Tables, names: Names
) -> None:
    for i, group in enumerate(names.groups):
        for size, number in remaining.households(group).items():
            state.homes[i, size] = number
    sizes = np.arange(state.homes.shape[1])
    for i, row in enumerate(tables.group):
        companions = int((np.maximum(0, sizes - 1) * state.homes[i]).sum())
        for j in range(row[BOUND_FROM], row[BOUND_TO]):
            state.kept[tables.bound_site[j]] += companions
    for i, cell in enumerate(names.cells):
        state.served[i] = remaining.served(cell)  # type: ignore[arg-type]
    for i, site in enumerate(names.sites):
        for j, kind in enumerate(PLACES):
            state.places[i, j] = remaining.places(site, kind)
    for i, line in enumerate(remaining.case.demands):
        state.delivered[i] = line.units - remaining.need(line.item, line.site)
    taken: dict[tuple[str, str], int] = {}
    for item, site in names.stocks:
        all_of_it = sum(s.units for s in remaining.case.stocks if (s.item, s.site) == (item, site))
        taken[item, site] = all_of_it - remaining.stock(item, site)
    for i, stock in sorted(enumerate(remaining.case.stocks), key=lambda line: line[1].ready):
        gone = min(stock.units, taken[stock.item, stock.site])
        taken[stock.item, stock.site] -= gone
        state.stock[i] = stock.units - gone


