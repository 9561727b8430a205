"""What one type of vehicle can do, as arrays: gates, places, loads, least minutes and high times.

Wider than the rules, nowhere tighter: legs are least minutes by way of any site of the type's
sides, services likely ones, and high times the least that can remain.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from lull.domain.corridor import User
from lull.domain.fleet import Use, VehicleType
from lull.domain.matching import USER_OF
from lull.domain.place import Site, SiteKind
from lull.plan.ground import Ground
from lull.plan.packing import seats_planned
from lull.plan.pools import NEVER
from lull.plan.proof.grid import Grid
from lull.plan.reach import Gate, Reach

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

Pick = tuple[str, User]
"""Where people are taken on, and as whom they pass a corridor."""


@define(eq=False)
class Ways:
    """One type's gates and places in the order of the arrays that price its days.

    `picks` are (site inside, user) of people taken on, `downs` where they are set down; `stores`
    where aid is taken on, `sites` every stop inside. `may_end[pick]` are the set-downs that a
    group of that pick may go to.
    """

    ground: Ground
    reach: Reach
    kind: VehicleType
    entries: list[Gate] = field(factory=list)
    exits: list[Gate] = field(factory=list)
    sites: list[str] = field(factory=list)
    picks: list[Pick] = field(factory=list)
    downs: list[str] = field(factory=list)
    stores: list[str] = field(factory=list)
    may_end: dict[Pick, set[str]] = field(factory=dict)

    @classmethod
    def of(cls, ground: Ground, reach: Reach, kind: VehicleType) -> Ways:
        """Everything that a type can reach; without entries or exits it can do nothing."""
        made = cls(ground, reach, kind)
        for gate in reach.gates():
            if not reach.may_pass(kind, gate.corridor, gate.way):
                continue
            (made.entries if gate.inward else made.exits).append(gate)
        if Use.AID in kind.uses:
            made._for_aid()
        else:
            made._for_people()
        return made

    @property
    def idle(self) -> bool:
        """Whether the type can bring nobody and nothing anywhere."""
        loads = (self.picks and self.downs) or (self.stores and self.sites)
        inside = self.starts_inside or self.entries
        return not (self.kind.number and loads and inside and self.exits)

    @property
    def starts_inside(self) -> bool:
        """Whether its base lies on the enclosed side."""
        return self.ground.site(self.kind.base).inside

    def _for_people(self) -> None:
        for group in self.ground.case.groups.values():
            downs = self.reach.set_downs(self.kind, group)
            if not group.wishing or not downs or not self.reach.carries(self.kind, group):
                continue
            for site in self.reach.taken_on_at(group):
                pick = (site, USER_OF[group.category])
                self.may_end.setdefault(pick, set()).update(downs)
        self.picks = sorted(p for p in self.may_end if self._on_side(p[0]))
        self.sites = sorted({site for site, _ in self.picks})
        self.downs = sorted({d for p in self.picks for d in self.may_end[p]})

    def _for_aid(self) -> None:
        wanted = {d.site for d in self.ground.case.demands if d.units}
        changes = {s.id for s in self.ground.case.sites.values()
                   if wanted and s.kind is SiteKind.EXCHANGE}
        self.sites = sorted(s for s in wanted | changes
                            if self.ground.site(s).inside and self._on_side(s))
        self.stores = sorted(self.reach.stores(self.kind)) if self.sites else []

    def _on_side(self, site: str) -> bool:
        return bool(set(self.ground.site(site).sides) & set(self.kind.sides))

    @property
    def places(self) -> list[str]:
        """Places outside from which it goes on, empty: set-downs, far gates of exits, its base."""
        return [*self.downs, *(g.far for g in self.exits), self.kind.base]

    # -- minutes --------------------------------------------------------------------------

    def least(self, starts: Iterable[str], ends: Iterable[str], *, high: bool = False) -> Ints:
        """Least minutes, [start, end]; −1 where there is no way."""
        ends = list(ends)
        rows = [[self.reach.minutes(self.kind.id, a, b, high=high) for b in ends] for a in starts]
        table = np.array(rows, dtype=np.int64).reshape(len(rows), len(ends))
        return np.where(table >= NEVER, -1, table)

    def check(self, gate: Gate, *, high: bool = False) -> int:
        """Minutes in the check."""
        found = gate.corridor.check(gate.way).minutes_of(self.kind.id)
        return found.high if high else found.likely

    def through(self, gate: Gate, *, high: bool = False) -> int:
        """Minutes from the first gate to the far one."""
        look = self.ground.high if high else self.ground.minutes
        return look(self.kind.id, gate.first, gate.far)

    def passing(self, gate: Gate, *, high: bool = False) -> int:
        """Check and way through."""
        return self.check(gate, high=high) + self.through(gate, high=high)

    def service(self, site: str, *, high: bool = False) -> int:
        """Minutes of a stop that is served."""
        found = self.ground.site(site).service_of(self.kind.id)
        return found.high if high else found.likely

    def last_leg(self) -> Ints:
        """High minutes from done at a site until out by an exit, [site, exit]; −1: no way.

        From another site on the way the last leg may be shorter, so the least over all of the
        likely way there and the high way on counts.
        """
        stops = [s.id for s in self.ground.case.sites.values() if self._on_side(s.id) and s.inside]
        near = [g.first for g in self.exits]
        there = _never(self.least(self.sites, stops))
        on = _never(self.least(stops, near, high=True, ) if stops else
                    np.zeros((0, len(near)), dtype=np.int64))
        direct = _never(self.least(self.sites, near, high=True))
        best = direct
        for k in range(len(stops)):
            best = np.minimum(best, there[:, k : k + 1] + on[k : k + 1, :])
        out = np.array([self.passing(g, high=True) for g in self.exits], dtype=np.int64)
        return np.where(best >= NEVER, -1, best + out[None, :])

    def round_high(self) -> Ints:
        """Least high minutes from entering by a gate, with one stop at a site, until out."""
        if not self.entries or not self.exits or not self.sites:
            return np.full((len(self.entries), len(self.sites)), -1, dtype=np.int64)
        into = _never(self.least([g.far for g in self.entries], self.sites, high=True))
        out = _never(self.least(self.sites, [g.first for g in self.exits], high=True))
        out = out + np.array([self.passing(g, high=True) for g in self.exits])[None, :]
        served = np.array([self.service(s, high=True) for s in self.sites], dtype=np.int64)
        enter = np.array([self.passing(g, high=True) for g in self.entries], dtype=np.int64)
        total = enter[:, None] + into + (served + out.min(axis=1))[None, :]
        return np.where(total >= NEVER, -1, total)

    # -- when -----------------------------------------------------------------------------

    def starts_from(self, grid: Grid) -> int:
        """The first index at which it may leave its base."""
        first, notice = 0, self.ground.case.pause.notice
        if notice is not None:
            first = max(first, notice + self.kind.mobilise - grid.start)
        if self.kind.available_from is not None:
            first = max(first, self.kind.available_from - grid.start)
        return first

    def starts_before(self, grid: Grid) -> bool:
        """Whether it may leave its base before the grid begins."""
        notice, since = self.ground.case.pause.notice, self.kind.available_from
        first = [] if notice is None else [notice + self.kind.mobilise]
        first += [] if since is None else [since]
        return not first or max(first) < grid.start

    def ends_by(self, grid: Grid) -> int | None:
        """The last index at which it may do anything, or None."""
        to = self.kind.available_to
        return None if to is None else to - grid.start

    def may_enter(self, gate: Gate, grid: Grid) -> Bools:
        """In which minutes its check may begin."""
        likely = self.passing(gate)
        found = grid.window[:-1] >= 0
        if gate.corridor.open_hours:
            found = found & grid.holds(gate.corridor.open_hours, likely)
        if not gate.inward:
            index = np.arange(grid.length)
            found = found & (index + self.passing(gate, high=True) <= grid.limit[:-1])
        return found

    def may_serve(self, site: str, grid: Grid, *, boards: bool) -> Bools:
        """In which minutes a service may begin; `boards`: people of the site's groups get on."""
        at: Site = self.ground.site(site)
        found = grid.holds(at.open_hours, self.service(site))
        if at.inside:
            found = found & (grid.window[:-1] >= 0)
        if boards and at.inside:
            found = found & self._before_going_home(at, grid)
        return found

    def _before_going_home(self, site: Site, grid: Grid) -> Bools:
        """People board by the last send-home time, and not before a first call can reach them."""
        windows = self.ground.case.pause.windows
        spells = [(w.opens, self.ground.send_home(site, w) + 1) for w in windows]
        mask = grid.mask([s for s in spells if s[1] > s[0]])
        mask[: max(0, windows[0].opens + site.call - grid.start)] = False
        return mask

    @property
    def room(self) -> tuple[int, int]:
        """Seats and stretchers of one vehicle that count."""
        return seats_planned(self.ground.case, self.kind), (
            self.kind.stretchers if Use.WOUNDED in self.kind.uses else 0)


def _never(table: Ints) -> Ints:
    return np.where(table < 0, NEVER, table)
