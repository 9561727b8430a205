"""What a placed round carries, in arrays: whole households and whole units, as `packing` says."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lull.compiling.jit import inner
from lull.plan.kernel.columns import (
    BOUND_FROM,
    BOUND_TO,
    CARRIES,
    COUNT_FROM,
    COUNT_TO,
    DOWN,
    LIES,
    LINE_ITEM,
    LINE_MINIMUM,
    LINE_UNITS,
    LINES_FROM,
    LINES_TO,
    MEDICAL,
    OPTION_FROM,
    OPTION_TO,
    PAYLOAD,
    PICK,
    SEATS,
    SITE_CROWD,
    STOCK_ITEM,
    STOCK_READY,
    STOCK_SITE,
    STRETCHERS,
)
from lull.plan.kernel.state import State
from lull.plan.kernel.tables import AID, NO, Floats, Ints, Tables

MOST_ROWS = 40
"""Groups, or lines of stock and need, in one load at the most."""

FIRST_SIZE = 4
"""In a row of people: group, destination, persons, patients, then households by size. In a row
of goods: line of stock, line of need, units."""


@inner
def cell_value(t: Tables, c: int, served: int) -> float:
    """Heads of a cell times the value of the share served, before the weight."""
    total = t.cell[c, 0]
    tier = t.cell[c, 1]
    left = min(float(served), float(total))
    value = 0.0
    for j in range(t.segment.shape[2]):
        step = min(left, t.segment[0, tier, j] * total)
        value += step * t.segment[1, tier, j]
        left -= step
        if left <= 0:
            break
    return value


@inner
def slope_and_room(t: Tables, c: int, served: int) -> tuple[float, int]:
    """What one more head in a cell is worth, before the weight, and for how many that holds."""
    total, tier = t.cell[c, 0], t.cell[c, 1]
    end = 0.0
    for j in range(t.segment.shape[2]):
        end += t.segment[0, tier, j] * total
        whole = int(end + 1e-9)
        if served < whole:
            return t.segment[1, tier, j], whole - served
        if served < end:  # a head that stands across a break
            return cell_value(t, c, served + 1) - cell_value(t, c, served), 1
    return 0.0, 0


@inner
def worth_of_one(t: Tables, s: State, tw: Floats, group: int) -> float:
    """What one more head of a group is worth, with a weight for each tier."""
    worth = 0.0
    for j in range(t.group[group, COUNT_FROM], t.group[group, COUNT_TO]):
        c = t.counted[j, 0]
        if tw[t.cell[c, 1]] > 0:
            worth += tw[t.cell[c, 1]] * t.count_weight[j] * slope_and_room(t, c, s.served[c])[0]
    return worth


@inner
def _take(
    t: Tables, s: State, group: int, end: int, row: Ints, sign: int, value: Floats
) -> None:
    """Take a row of households to its destination (sign -1 gives them back), adding its value."""
    persons, patients = row[2], row[3]
    for z in range(1, s.homes.shape[1]):
        s.homes[group, z] -= sign * row[FIRST_SIZE + z]
    if t.group[group, MEDICAL]:
        s.places[end, t.group[group, LIES]] -= sign * patients
        s.places[end, 0] -= sign * (persons - patients)
        for j in range(t.group[group, BOUND_FROM], t.group[group, BOUND_TO]):
            s.kept[t.bound_site[j]] -= sign * (persons - patients)
    else:
        s.places[end, 0] -= sign * persons
    for j in range(t.group[group, COUNT_FROM], t.group[group, COUNT_TO]):
        c = t.counted[j, 0]
        before = cell_value(t, c, s.served[c])
        s.served[c] += sign * (patients if t.counted[j, 1] else persons)
        after = cell_value(t, c, s.served[c])
        value[t.cell[c, 1]] += t.count_weight[j] * (after - before)


@inner
def seats_at(t: Tables, s: State, group: int, end: int) -> int:
    """Seated places at a destination that a group may take."""
    free = s.places[end, 0]
    if t.group[group, MEDICAL]:
        return int(free)
    return int(max(0, free - s.kept[end]))


@inner
def _households(
    s: State, group: int, medical: bool, seats: int, lying: int, most: int, row: Ints
) -> int:
    """Put into a row the most persons in whole households, larger ones first; how many persons."""
    persons = 0
    patients = 0
    for z in range(s.homes.shape[1] - 1, 0, -1):
        row[FIRST_SIZE + z] = 0
        number = s.homes[group, z]
        if number <= 0:
            continue
        if medical:
            number = min(number, lying)
            if z > 1:
                number = min(number, seats // (z - 1))
        else:
            number = min(number, seats // z)
        number = min(number, most // z)
        if number <= 0:
            continue
        row[FIRST_SIZE + z] = number
        persons += number * z
        most -= number * z
        if medical:
            patients += number
            lying -= number
            seats -= number * (z - 1)
        else:
            seats -= number * z
    row[2], row[3] = persons, patients
    return persons


@inner
def pack_people(
    t: Tables, s: State, tw: Floats, k: int, size: int, r: int, most: int,
    rows: Ints, value: Floats,
) -> int:
    """Load the groups that are worth most first; changes the state, fills rows and value.

    Returns how many rows.
    """
    seats, lying = size * t.kind[k, SEATS], size * t.kind[k, STRETCHERS]
    a, b = t.round[r, OPTION_FROM], t.round[r, OPTION_TO]
    worth = np.empty(b - a)
    for j in range(a, b):
        worth[j - a] = worth_of_one(t, s, tw, t.option[j, 0])
    n = 0
    while n < MOST_ROWS and most > 0 and (seats > 0 or lying > 0):
        best, top = -1, 0.0
        for j in range(b - a):
            if worth[j] > top * (1 + 1e-9):
                best, top = j, worth[j]
        if best < 0:
            break
        worth[best] = 0.0
        group, end = t.option[a + best, 0], t.option[a + best, 1]
        medical = t.group[group, MEDICAL] == 1
        sit = min(seats, seats_at(t, s, group, end))
        lie = lying
        if medical:
            lie = min(lie, s.places[end, t.group[group, LIES]])
        row = rows[n]
        row[0], row[1] = group, end
        if _households(s, group, medical, sit, lie, most, row) <= 0:
            continue
        _take(t, s, group, end, row, 1, value)
        seats -= row[2] - row[3]
        lying -= row[3]
        most -= row[2]
        n += 1
    return n


@inner
def line_value(t: Tables, line: int, units: int, value: Floats, sign: float) -> None:
    """Add (sign 1) or take away what a number of units delivered to a line is worth, by tier."""
    for j in range(t.line_tier.shape[0]):
        if t.line_worth[line, 1 + j] > 0:
            value[t.line_tier[j, 0]] += sign * _line_in(t, line, units, j)


@inner
def next_break(t: Tables, line: int, got: int) -> int:
    """The number of units at which the worth of a further unit of a line next falls."""
    minimum, units = t.line[line, LINE_MINIMUM], t.line[line, LINE_UNITS]
    for j in range(t.line_tier.shape[0]):
        low, high = (0, minimum) if t.line_tier[j, 1] else (minimum, units)
        if got < low or got >= high:
            continue
        share, tier = 0.0, t.line_tier[j, 0]
        for i in range(t.segment.shape[2]):
            share += t.segment[0, tier, i]
            at = low + int(np.ceil(share * (high - low) - 1e-9))
            if at > got:
                return int(at)
    return int(units)


@inner
def pack_goods(
    t: Tables, s: State, tw: Floats, k: int, size: int, r: int, loads_at: int,
    rows: Ints, value: Floats,
) -> int:
    """Load what is worth most a kilogram first, up to where its worth falls; as `pack_people`."""
    room = np.full(size, np.int64(t.kind[k, PAYLOAD]))
    store, place = t.round[r, PICK], t.round[r, DOWN]
    first, n = t.site[place, LINES_FROM], 0
    lines = t.site[place, LINES_TO] - first
    spare = _spare(t, s)
    each, many = np.zeros(lines), np.zeros(lines, np.int64)
    source = np.full(lines, -1, np.int64)
    for j in range(lines):
        each[j], many[j], source[j] = _piece(t, s, tw, t.place_lines[first + j], store, loads_at,
                                             spare)
    while n < MOST_ROWS:
        best, rate = -1, 0.0
        for j in range(lines):
            if each[j] > rate * (1 + 1e-9):
                best, rate = j, each[j]
        if best < 0:
            break
        line = t.place_lines[first + best]
        item = t.line[line, LINE_ITEM]
        units = _fit(room, t.item_grams[item], many[best])
        spent = units < many[best]
        if units > 0:
            line_value(t, line, s.delivered[line], value, -1.0)
            if s.delivered[line] >= t.line[line, LINE_MINIMUM]:
                spare[item] -= units
            s.delivered[line] += units
            s.stock[source[best]] -= units
            line_value(t, line, s.delivered[line], value, 1.0)
            if n and rows[n - 1, 0] == source[best] and rows[n - 1, 1] == line:
                rows[n - 1, 2] += units
            else:
                rows[n, 0], rows[n, 1], rows[n, 2] = source[best], line, units
                n += 1
        for j in range(lines):
            if t.line[t.place_lines[first + j], LINE_ITEM] == item and source[j] >= 0:
                each[j], many[j], source[j] = _piece(
                    t, s, tw, t.place_lines[first + j], store, loads_at, spare)
        if spent:
            each[best], source[best] = 0.0, -1
    return n


@inner
def _piece(
    t: Tables, s: State, tw: Floats, line: int, store: int, loads_at: int, spare: Ints
) -> tuple[float, int, int]:
    """Worth a gram and units of what a line next takes on at a store, and the stock it is from.

    (0, 0, -1) where that is nothing.
    """
    got = s.delivered[line]
    units = next_break(t, line, got) - got
    if units <= 0:
        return 0.0, 0, -1
    found, item = -1, t.line[line, LINE_ITEM]
    for i in range(len(t.stock)):
        same = t.stock[i, STOCK_ITEM] == item and t.stock[i, STOCK_SITE] == store
        if same and s.stock[i] > 0 and t.stock[i, STOCK_READY] <= loads_at:
            found = i
            break
    if found < 0:
        return 0.0, 0, -1
    units = min(units, s.stock[found])
    if got >= t.line[line, LINE_MINIMUM]:
        units = min(units, spare[item])
        if units <= 0:
            return 0.0, 0, -1
    gain = scalar_line(t, tw, line, got + units) - scalar_line(t, tw, line, got)
    return gain / (units * t.item_grams[item]), units, found


@inner
def _spare(t: Tables, s: State) -> Ints:
    """Units of each item that no line of need lacks for its survival minimum."""
    spare = np.zeros(len(t.item_grams), np.int64)
    for i in range(len(t.stock)):
        spare[t.stock[i, STOCK_ITEM]] += s.stock[i]
    for line in range(len(t.line)):
        lacks = t.line[line, LINE_MINIMUM] - s.delivered[line]
        if lacks > 0:
            spare[t.line[line, LINE_ITEM]] -= lacks
    return spare


@inner
def scalar_line(t: Tables, tw: Floats, line: int, units: int) -> float:
    """What a number of units delivered to a line is worth, with a weight for each tier."""
    value = 0.0
    for j in range(t.line_tier.shape[0]):
        if t.line_worth[line, 1 + j] > 0 and tw[t.line_tier[j, 0]] > 0:
            value += tw[t.line_tier[j, 0]] * _line_in(t, line, units, j)
    return value


@inner
def _line_in(t: Tables, line: int, units: int, j: int) -> float:
    """What units delivered to a line are worth in one tier of supplies."""
    tier, minimum = t.line_tier[j, 0], t.line[line, LINE_MINIMUM]
    if t.line_tier[j, 1]:
        share = min(units, minimum) / minimum
    else:
        share = max(0, min(units, t.line[line, LINE_UNITS]) - minimum) / (
            t.line[line, LINE_UNITS] - minimum)
    left, total = share, 0.0
    for i in range(t.segment.shape[2]):
        step = min(left, t.segment[0, tier, i])
        total += step * t.segment[1, tier, i]
        left -= step
        if left <= 0:
            break
    return float(t.line_worth[line, 0] * t.line_worth[line, 1 + j] * total)


@inner
def _fit(room: NDArray[np.int64], grams: int, units: int) -> int:
    placed = 0
    for i in range(len(room)):
        here = min(units - placed, room[i] // grams)
        room[i] -= here * grams
        placed += here
    return placed


@inner
def put_back(t: Tables, s: State, r: int, rows: Ints, n: int, sign: int, value: Floats) -> None:
    """Give a load back (sign -1), or take it again (sign 1)."""
    for i in range(n):
        if t.round[r, CARRIES] == AID:
            line = rows[i, 1]
            line_value(t, line, s.delivered[line], value, -1.0)
            s.delivered[line] += sign * rows[i, 2]
            s.stock[rows[i, 0]] -= sign * rows[i, 2]
            line_value(t, line, s.delivered[line], value, 1.0)
        else:
            _take(t, s, rows[i, 0], rows[i, 1], rows[i], sign, value)


@inner
def crowd_room(t: Tables, s: State, site: int, start: int, end: int) -> int:
    """How many more may wait at a site through [start, end)."""
    if t.site[site, SITE_CROWD] >= NO:
        return NO
    worst = 0
    for m in range(start, max(end, start + 1)):
        worst = max(worst, s.crowd[site, m])
    return int(max(0, t.site[site, SITE_CROWD] - worst))


@inner
def persons_in(rows: Ints, n: int) -> int:
    """Persons of a load of people."""
    total = 0
    for i in range(n):
        total += rows[i, 2]
    return total


@inner
def wait_at(s: State, site: int, start: int, end: int, persons: int) -> None:
    """Note persons waiting at a site through [start, end); negative takes them away."""
    for m in range(start, end):
        s.crowd[site, m] += persons
