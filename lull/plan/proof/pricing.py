"""The dearest day of each type of vehicle at given prices, and what such a day uses and brings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from lull.domain.corridor import User
from lull.plan.proof import day
from lull.plan.proof.capacity import Capacities
from lull.plan.proof.day import Table
from lull.plan.proof.rounds import Cutter, Day, keys, row_of_goods, row_of_people, row_of_ride
from lull.plan.proof.solved import Solved
from lull.plan.proof.ways import Ways
from lull.plan.reach import Gate

Floats = NDArray[np.float64]
Duals = Mapping[str, float]
Arrays = dict[str, NDArray[Any]]

NOT = 1e18
"""The price of what may not be."""


@define(eq=False)
class Pricer:
    """Static arrays of one type; `best` prices its days.

    `lead` units of a load count by where it is taken on and set down, `ride` units of the other
    kind go along with any load; `leads_lying` says that the former are stretchers. For aid both are
    0 and `kg` is the payload.
    """

    ways: Ways
    capacities: Capacities
    lead: float
    ride: float
    kg: float
    leads_lying: bool = False
    cutter: Cutter = field(init=False)
    _of: Arrays = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.cutter = Cutter(self.ways, self.capacities, self.lead, self.ride, self.kg)
        self._places()
        self._times()

    # -- what never changes ---------------------------------------------------------------

    def _places(self) -> None:
        w, of = self.ways, self._of
        entries, exits = [g.far for g in w.entries], [g.first for g in w.exits]
        of["in_site"] = w.least(entries, w.sites)
        of["in_out"] = w.least(entries, exits)
        of["in_high"] = np.where(w.round_high() < 0, day.TOP, w.round_high()).astype(np.int64)
        of["out_site"] = w.least(w.sites, exits)
        of["out_high"] = np.where(w.last_leg() < 0, day.TOP, w.last_leg()).astype(np.int64)
        of["out_down"] = w.least([g.far for g in w.exits], w.downs)
        of["place_in"] = w.least(w.places, [g.first for g in w.entries])
        of["place_store"] = w.least(w.places, w.stores)
        of["store_in"] = w.least(w.stores, [g.first for g in w.entries])
        of["in_minutes"] = np.array([w.passing(g) for g in w.entries], dtype=np.int64)
        of["out_minutes"] = np.array([w.passing(g) for g in w.exits], dtype=np.int64)
        of["stop_minutes"] = np.array([w.service(s) for s in w.sites], dtype=np.int64)
        of["down_minutes"] = np.array([w.service(s) for s in w.downs], dtype=np.int64)
        of["store_minutes"] = np.array([w.service(s) for s in w.stores], dtype=np.int64)
        loads, aid = len(w.picks) + 1, len(w.stores) + 1
        of["load_of"] = np.zeros((len(w.sites), loads), dtype=np.bool_)
        for m, (site, _) in enumerate(w.picks):
            of["load_of"][w.sites.index(site), m] = True
        if w.stores:
            of["load_of"][:, loads - 1] = True
        drive = w.ground.may_drive
        of["in_may"] = np.array(
            [[drive(w.kind, g.corridor, g.way) if a == 0 else User.AID in g.corridor.users
              for g in w.entries] for a in range(aid)], dtype=np.bool_).reshape(aid, -1)
        users = [u for _, u in w.picks]
        of["out_may"] = np.array(
            [[u in g.corridor.users for g in w.exits] for u in users]
            + [[drive(w.kind, g.corridor, g.way) for g in w.exits]], dtype=np.bool_,
        ).reshape(loads, -1)

    def _times(self) -> None:
        w, of, grid = self.ways, self._of, self.capacities.grid
        of["may_in"] = _rows([w.may_enter(g, grid) for g in w.entries], grid.length)
        of["may_out"] = _rows([w.may_enter(g, grid) for g in w.exits], grid.length)
        own = {g.site for g in w.ground.case.groups.values()}
        boards = bool(w.picks)
        of["may_stop"] = _rows(
            [w.may_serve(s, grid, boards=boards and s in own
                         and not w.reach.changes_inside()) for s in w.sites], grid.length)
        of["may_down"] = _rows([w.may_serve(s, grid, boards=False) for s in w.downs], grid.length)
        of["may_store"] = _rows([w.may_serve(s, grid, boards=False) for s in w.stores], grid.length)

    @property
    def turns_in_no_time(self) -> bool:
        """Whether a vehicle could drive any number of rounds within one minute."""
        of = self._of
        if not of["in_minutes"].size or not of["out_minutes"].size:
            return False
        return int(of["in_minutes"].min()) + int(of["out_minutes"].min()) == 0

    # -- prices ---------------------------------------------------------------------------

    def _served(self, name: str, sites: list[str], minutes: NDArray[Any],
                duals: Duals) -> Floats:
        found = np.full((len(sites), self.capacities.grid.length), NOT)
        for n, site in enumerate(sites):
            price = _over(self.capacities.prices(("bays", site), duals), int(minutes[n]))
            found[n] = np.where(self._of[name][n], price, NOT)
        return found

    def _gates(self, name: str, gates: list[Gate], duals: Duals) -> tuple[Floats, Floats]:
        length = self.capacities.grid.length
        lane, start = np.full((len(gates), length), NOT), np.zeros((len(gates), length))
        for n, gate in enumerate(gates):
            lanes, convoys, entries = keys(gate)
            price = _over(self.capacities.prices(lanes, duals), self.ways.check(gate))
            price = price + self.capacities.prices(entries, duals)[:length]
            lane[n] = np.where(self._of[name][n], price, NOT)
            start[n] = self.capacities.prices(convoys, duals)[:length]
        return lane, start

    def _pay(self, duals: Duals) -> tuple[Floats, Floats]:
        w = self.ways
        along = self.ride * duals.get(row_of_ride(w.kind.id), 0.0)
        pay = np.full((len(w.downs), len(w.picks)), day.LOW)
        for m, pick in enumerate(w.picks):
            for d, down in enumerate(w.downs):
                if down in w.may_end[pick]:
                    price = duals.get(row_of_people(w.kind.id, pick, down), 0.0)
                    pay[d, m] = self.lead * price + along
        aid = np.zeros((len(w.stores) + 1, len(w.sites)))
        if w.stores:
            aid[0] = day.LOW
        for a, store in enumerate(w.stores):
            for j, site in enumerate(w.sites):
                aid[a + 1, j] = self.kg * duals.get(row_of_goods(w.kind.id, store, site), 0.0)
        return pay, aid

    def best(self, duals: Duals, *, many: int = 0) -> tuple[float, list[Day]]:
        """The value of the dearest day (at least 0), and up to 1 + `many` good days.

        The further days are the best ones that begin at each stop inside.
        """
        table = Table(**self._priced(duals))
        solved = Solved.at(self.ways, self.capacities.grid, table, self.capacities.load_by)
        starts = solved.starts()
        if not starts or starts[0].value <= 0:
            return 0.0, []
        days = [self.cutter.day(solved.steps(s)) for s in starts[: 1 + many]]
        return starts[0].value, list(dict.fromkeys(d for d in days if d.rounds))

    def _priced(self, duals: Duals) -> Arrays:
        w, of = self.ways, {n: a for n, a in self._of.items() if not n.startswith("may_")}
        of["in_lane"], of["in_slot"] = self._gates("may_in", w.entries, duals)
        of["out_lane"], of["out_slot"] = self._gates("may_out", w.exits, duals)
        of["stop_bay"] = self._served("may_stop", w.sites, of["stop_minutes"], duals)
        of["down_bay"] = self._served("may_down", w.downs, of["down_minutes"], duals)
        of["store_bay"] = self._served("may_store", w.stores, of["store_minutes"], duals)
        of["pay"], of["in_pay"] = self._pay(duals)
        return of

    def onward(self, place: int) -> tuple[list[int], list[int]]:
        """Minutes from a place outside to each entry and each store; −1: no way."""
        return self._of["place_in"][place].tolist(), self._of["place_store"][place].tolist()


def _rows(masks: list[NDArray[np.bool_]], length: int) -> NDArray[np.bool_]:
    return np.array(masks, dtype=np.bool_).reshape(len(masks), length)


def _over(price: Floats, lasts: int) -> Floats:
    """Σ price over [t, t + lasts) for each t of the grid."""
    total = np.concatenate([[0.0], np.cumsum(price[:-1])])
    length = len(price) - 1
    ends = np.minimum(np.arange(length) + lasts, length)
    return np.asarray(total[ends] - total[:length], dtype=np.float64)
