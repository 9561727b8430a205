"""How often each round could be driven if nobody had to wait: a small linear programme.

Vehicles have minutes, gates have lanes, slots and hours, sites have bays and places; what is
carried is counted in heads and kilograms; there is no clock within a window. The tiers are settled
one after the other. A first plan drives what this outline shares out, so that vehicle after vehicle
does not take the nearest points and the best gates away from those for whom they are worth more.
It is a proposal: nothing rests on it but the order in which days are tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray
from scipy import sparse

from lull.plan.kernel.choose import cycles
from lull.plan.kernel.columns import (
    CARRIES,
    CHECK,
    COUNT_FROM,
    COUNT_TO,
    DOWN,
    ENTRY,
    EXIT,
    GATE_HEADWAY,
    GATE_RATE,
    LIES,
    LIKELY,
    LINE_ITEM,
    LINE_MINIMUM,
    LINE_SITE,
    LINE_UNITS,
    MEDICAL,
    OPTION_FROM,
    OPTION_TO,
    OPTIONS,
    PAYLOAD,
    PICK,
    POOL,
    ROUND_FROM,
    ROUND_TO,
    SEATS,
    SITE_BAYS,
    STOCK_ITEM,
    STOCK_SITE,
    STRETCHERS,
)
from lull.plan.kernel.state import State
from lull.plan.kernel.tables import AID, NO, Floats, Ints, Tables

FULL = 0.97
"""Share of the minutes of a lane, and of the slots of a gate, that a timetable fills. Assumed."""

SERVED = 0.85
"""The same for bays, where nobody stands ready to follow at once. Assumed."""

GIVEN_UP = 0.995
"""Share of a tier's value that later tiers leave it."""


@frozen(eq=False)
class Fleet:
    """What one type has: vehicles, minutes of each in a window, vehicles of a team."""

    vehicles: int
    minutes: float
    team: int


@frozen(eq=False)
class Spell:
    """What a window offers: minutes in which each gate may be entered."""

    gates: Floats
    minutes: float
    share: float = 1.0
    """Of all that is still to be moved, what this window is for."""


@define(eq=False)
class Rows:
    """Named by what they are, filled entry by entry."""

    limits: list[float] = field(factory=list)
    at: dict[tuple[object, ...], int] = field(factory=dict)
    rows: list[NDArray[np.int64]] = field(factory=list)
    cols: list[NDArray[np.int64]] = field(factory=list)
    values: list[Floats] = field(factory=list)

    def row(self, key: tuple[object, ...], limit: float) -> int:
        """The row of a key, made with its limit when it is first asked for."""
        if key not in self.at:
            self.at[key] = len(self.limits)
            self.limits.append(limit)
        return self.at[key]

    def put(self, row: int | NDArray[np.int64], cols: NDArray[np.int64], values: Floats) -> None:
        """Entries of one row, or one entry a row."""
        self.rows.append(np.broadcast_to(np.asarray(row, np.int64), cols.shape))
        self.cols.append(cols)
        self.values.append(np.asarray(values, np.float64))

    def one(self, row: int, col: int, value: float) -> None:
        """One entry."""
        self.put(row, np.array([col]), np.array([value]))


class Outline:
    """The programme of one window over what a state leaves free."""

    def __init__(
        self, t: Tables, s: State, fleet: Sequence[Fleet], spell: Spell, wait: float
    ) -> None:
        """`wait` minutes are lost in each round behind others, beside the wait for slots."""
        self.t, self.s, self.fleet, self.spell, self.wait = t, s, fleet, spell, wait
        self.rows, self.upper = Rows(), list[float]()
        self.gain: list[dict[int, float]] = [{} for _ in range(t.segment.shape[1])]
        self.rounds = self._used_rounds()
        self.column = {int(r): c for c, r in enumerate(self.rounds)}
        self.upper += [np.inf] * len(self.rounds)
        if len(self.rounds):
            self._vehicles()
            self._gates()
            self._sites()
            self._people()
            self._goods()

    def quotas(self) -> Floats:
        """Vehicle-rounds by round; all zero where there is no answer."""
        often = np.zeros(len(self.t.round))
        found = self._solved()
        if found is not None:
            often[self.rounds] = np.maximum(0.0, found[: len(self.rounds)])
        return often

    # -- columns and rows -------------------------------------------------------------------

    def _used_rounds(self) -> Ints:
        t = self.t
        found = [
            np.arange(t.kind[k, ROUND_FROM], t.kind[k, ROUND_TO])
            for k, fleet in enumerate(self.fleet) if fleet.vehicles and fleet.minutes > 0
        ]
        return np.concatenate(found) if found else np.zeros(0, np.int64)

    def _new(self, most: float) -> int:
        self.upper.append(most)
        return len(self.upper) - 1

    def _kind_of(self) -> Ints:
        found = np.zeros(len(self.t.round), np.int64)
        for k in range(len(self.fleet)):
            found[self.t.kind[k, ROUND_FROM] : self.t.kind[k, ROUND_TO]] = k
        return found

    def _vehicles(self) -> None:
        kind = self._kind_of()
        self.kind = kind[self.rounds]
        self.minutes = np.concatenate([
            cycles(self.t, k, self.fleet[k].team) for k in np.unique(self.kind)]) + self.wait
        for k, fleet in enumerate(self.fleet):
            mine = np.flatnonzero(self.kind == k)
            if len(mine):
                row = self.rows.row(("vehicles", k), fleet.vehicles * fleet.minutes)
                self.rows.put(row, mine, self.minutes[mine])

    def _gates(self) -> None:
        t, teams = self.t, np.array([f.team for f in self.fleet])
        for end in (ENTRY, EXIT):
            gate = t.round[self.rounds, end]
            for g in np.unique(gate):
                mine = np.flatnonzero(gate == g)
                minutes = float(self.spell.gates[g])
                check = t.gate_kind[CHECK, g, self.kind[mine]].astype(np.float64)
                pool = int(t.gate[g, POOL])
                lanes = self.rows.row(("lanes", pool), FULL * float(t.lanes[pool]) * minutes)
                self.rows.put(lanes, mine, check)
                headway = max(1.0, float(t.gate[g, GATE_HEADWAY]))
                starts = self.rows.row(("starts", int(g)), FULL * minutes / headway)
                self.rows.put(starts, mine, 1.0 / teams[self.kind[mine]])
                if t.gate[g, GATE_RATE] < NO:
                    rate = self.rows.row(
                        ("rate", int(g)), float(t.gate[g, GATE_RATE]) * minutes / 60.0)
                    self.rows.put(rate, mine, np.ones(len(mine)))

    def _sites(self) -> None:
        t = self.t
        for end in (PICK, DOWN):
            site = t.round[self.rounds, end]
            for i in np.unique(site):
                if t.site[i, SITE_BAYS] >= NO:
                    continue
                mine = np.flatnonzero(site == i)
                row = self.rows.row(
                    ("bays", int(i)), SERVED * float(t.site[i, SITE_BAYS]) * self.spell.minutes)
                self.rows.put(row, mine, t.serve[LIKELY, i, self.kind[mine]].astype(np.float64))

    def _people(self) -> None:
        t, s = self.t, self.s
        sizes = np.arange(s.homes.shape[1])
        heads = (s.homes * sizes).sum(axis=1)
        homes = s.homes.sum(axis=1)
        for o in np.unique(t.round[self.rounds, OPTIONS]):
            mine = np.flatnonzero(t.round[self.rounds, OPTIONS] == o)
            if o < 0 or not len(mine):
                continue
            k, first = int(self.kind[mine[0]]), self.rounds[mine[0]]
            seats, lying = float(t.kind[k, SEATS]), float(t.kind[k, STRETCHERS])
            sat = self.rows.row(("seats", int(o)), 0.0)
            self.rows.put(sat, mine, np.full(len(mine), -seats))
            lain = self.rows.row(("stretchers", int(o)), 0.0)
            self.rows.put(lain, mine, np.full(len(mine), -lying))
            for j in range(t.round[first, OPTION_FROM], t.round[first, OPTION_TO]):
                group, end = int(t.option[j, 0]), int(t.option[j, 1])
                many = int(homes[group] if t.group[group, MEDICAL] else heads[group])
                if many:
                    with_each = heads[group] / homes[group] - 1.0 if homes[group] else 0.0
                    self._carried(group, end, many, float(with_each), sat, lain)
        self._shares()

    def _carried(
        self, group: int, end: int, many: int, with_each: float, sat: int, lain: int
    ) -> None:
        """Heads (or patients, with those who come with them) of a group on one kind of round."""
        t, column = self.t, self._new(float(many))
        medical = bool(t.group[group, MEDICAL])
        self.rows.one(self.rows.row(("group", group), many * self.spell.share), column, 1.0)
        if medical:
            self.rows.one(lain, column, 1.0)
            lies = int(t.group[group, LIES])
            self._place(end, lies, column, 1.0)
            if with_each > 0:
                self.rows.one(sat, column, with_each)
                self._place(end, 0, column, with_each)
        else:
            self.rows.one(sat, column, 1.0)
            self._place(end, 0, column, 1.0)
        for n in range(t.group[group, COUNT_FROM], t.group[group, COUNT_TO]):
            each = 1.0 if not medical or t.counted[n, 1] else 1.0 + with_each
            row = self.rows.row(("cell", int(t.counted[n, 0])), 0.0)
            self.rows.one(row, column, -each)

    def _place(self, end: int, kind: int, column: int, each: float) -> None:
        free = float(self.s.places[end, kind])
        if free < NO:
            self.rows.one(self.rows.row(("places", end, kind), free), column, each)

    def _shares(self) -> None:
        """The pieces of each cell's value that are not reached yet."""
        t = self.t
        for c in range(len(t.cell)):
            row = self.rows.at.get(("cell", c))
            if row is None:
                continue
            tier, left = int(t.cell[c, 1]), float(self.s.served[c])
            for width, slope in zip(t.segment[0, tier], t.segment[1, tier], strict=True):
                room = width * t.cell[c, 0]
                gone = min(left, room)
                left -= gone
                if room - gone > 1e-9 and slope > 0:
                    column = self._new(float(room - gone))
                    self.rows.one(row, column, 1.0)
                    self.gain[tier][column] = float(t.cell_weight[c] * slope)

    def _goods(self) -> None:
        t, s = self.t, self.s
        aid = np.flatnonzero(t.round[self.rounds, CARRIES] == AID)
        carried: dict[int, list[int]] = {}
        pairs = np.stack([self.kind[aid], t.round[self.rounds[aid], PICK],
                          t.round[self.rounds[aid], DOWN]], axis=1)
        for k, store, place in np.unique(pairs, axis=0) if len(aid) else ():
            mine = aid[(pairs == (k, store, place)).all(axis=1)]
            load = self.rows.row(("load", int(k), int(store), int(place)), 0.0)
            self.rows.put(load, mine, np.full(len(mine), -float(t.kind[k, PAYLOAD])))
            for line in np.flatnonzero(t.line[:, LINE_SITE] == place).tolist():
                item = t.line[line, LINE_ITEM]
                there = (t.stock[:, STOCK_ITEM] == item) & (t.stock[:, STOCK_SITE] == store)
                units = float(s.stock[there].sum())
                wanted = float(t.line[line, LINE_UNITS] - s.delivered[line])
                if units <= 0 or wanted <= 0:
                    continue
                column = self._new(wanted)
                carried.setdefault(line, []).append(column)
                self.rows.one(load, column, float(t.item_grams[item]))
                self.rows.one(self.rows.row(("stock", int(item), int(store)), units), column, 1.0)
        for line, columns in carried.items():
            self._line(line, columns)

    def _line(self, line: int, columns: list[int]) -> None:
        t, got = self.t, float(self.s.delivered[line])
        row = self.rows.row(("line", line), 0.0)
        self.rows.put(row, np.array(columns), np.full(len(columns), -1.0))
        minimum, units = float(t.line[line, LINE_MINIMUM]), float(t.line[line, LINE_UNITS])
        for j, (tier, least) in enumerate(t.line_tier):
            low, high = (0.0, minimum) if least else (minimum, units)
            worth = float(t.line_worth[line, 0] * t.line_worth[line, 1 + j])
            left = max(0.0, min(got, high) - low)
            if high <= low or worth <= 0:
                continue
            for width, slope in zip(t.segment[0, tier], t.segment[1, tier], strict=True):
                room = width * (high - low)
                gone = min(left, room)
                left -= gone
                if room - gone > 1e-9 and slope > 0:
                    column = self._new(room - gone)
                    self.rows.one(row, column, 1.0)
                    self.gain[int(tier)][column] = worth * slope / (high - low)

    # -- solving --------------------------------------------------------------------------

    def lane_prices(self, weights: Floats) -> Floats:
        """What a minute of each pool of lanes is worth where tiers are weighed together.

        The duals of the lanes; zero where lanes are not short, or where there is no answer.
        """
        prices = np.zeros(len(self.t.lanes))
        if not len(self.rounds) or not self.rows.rows:
            return prices
        highs = self._passed()
        for gain, weight in zip(self.gain, weights, strict=True):
            for column, value in gain.items():
                highs.changeColCost(column, weight * value)
        highs.run()
        if not _optimal(highs):
            return prices
        duals = np.abs(np.asarray(highs.getSolution().row_dual, dtype=np.float64))
        for pool in range(len(prices)):
            row = self.rows.at.get(("lanes", pool))
            prices[pool] = duals[row] if row is not None else 0.0
        return prices

    def _solved(self) -> Floats | None:
        """The rounds, tier after tier; None where the solver has no answer."""
        if not len(self.rounds) or not self.rows.rows:
            return None
        highs = self._passed()
        found: Floats | None = None
        for gain in self.gain:
            if not gain:
                continue
            columns = np.array(sorted(gain), np.int32)
            values = np.array([gain[c] for c in columns.tolist()])
            every = np.arange(len(self.upper), dtype=np.int32)
            highs.changeColsCost(len(every), every, np.zeros(len(every)))
            highs.changeColsCost(len(columns), columns, values)
            highs.run()
            if not _optimal(highs):
                return found
            found = np.asarray(highs.getSolution().col_value, dtype=np.float64)
            reached = float(values @ found[columns])
            highs.addRow(GIVEN_UP * reached, np.inf, len(columns), columns, values)
        return found

    def _passed(self) -> Any:
        import highspy  # noqa: PLC0415 - a certificate is read without a solver

        rows, wide = self.rows, len(self.upper)
        matrix = sparse.csc_matrix(
            (np.concatenate(rows.values), (np.concatenate(rows.rows), np.concatenate(rows.cols))),
            shape=(len(rows.limits), wide))
        lp = highspy.HighsLp()
        lp.num_row_, lp.num_col_ = matrix.shape
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_, lp.col_lower_ = np.zeros(wide), np.zeros(wide)
        lp.col_upper_ = np.array(self.upper)
        lp.row_lower_ = np.full(len(rows.limits), -np.inf)
        lp.row_upper_ = np.array(rows.limits)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = (
            matrix.indptr, matrix.indices, matrix.data)
        highs = highspy.Highs()
        for name, value in (("output_flag", False), ("solver", "simplex"), ("threads", 1)):
            highs.setOptionValue(name, value)
        highs.passModel(lp)
        return highs


def _optimal(highs: Any) -> bool:
    """Whether the solver has an answer."""
    import highspy  # noqa: PLC0415 - a certificate is read without a solver

    return bool(highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)
