"""What every part of planning looks up: a case turned into tables of whole minutes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property

import numpy as np
from attrs import define
from numpy.typing import NDArray

from lull.domain.case import Case
from lull.domain.corridor import Corridor, Direction, MineStatus
from lull.domain.fleet import VehicleType
from lull.domain.matching import SERVES, USE_OF
from lull.domain.people import Group, Means
from lull.domain.place import PEOPLE_END_HERE, Site, SiteKind
from lull.domain.time import Window
from lull.domain.travel import OWN_CAR, UNREACHABLE
from lull.plan.pools import CARS, NEVER, Horizon, Pool

BEFORE = 720
"""Minutes before the first window in which vehicles may load and stage outside."""

CARS_TOGETHER = 10
"""Private cars that go together at the most, where no corridor says less (assumed)."""

AFTER = 960
"""Minutes after the last window in which vehicles outside may still drive and unload."""

def may_wait(site: Site, minutes: int) -> bool:
    """Whether people may wait that long at a site, from the call to the start of boarding."""
    return site.waiting_limit is None or minutes <= site.waiting_limit


@define(eq=False)
class Ground:
    """Tables over one case. Minutes are likely unless the name says high."""

    case: Case

    @cached_property
    def horizon(self) -> Horizon:
        """The minutes planned over."""
        windows = self.case.pause.windows
        return Horizon(windows[0].opens - BEFORE, windows[-1].closes + AFTER)

    @cached_property
    def _likely(self) -> dict[str, list[list[int]]]:
        return {name: array.tolist() for name, array in self.case.travel.likely.items()}

    @cached_property
    def _high(self) -> dict[str, list[list[int]]]:
        return {name: array.tolist() for name, array in self.case.travel.high.items()}

    def minutes(self, profile: str, start: str, end: str) -> int:
        """Likely minutes from place to place, or NEVER."""
        return self._lookup(self._likely, profile, start, end)

    def table(self, profile: str) -> NDArray[np.int64]:
        """Likely minutes from place to place, (places, places); NEVER where there is no way."""
        case = self.case
        likely = case.travel.likely.get(profile)
        if likely is None:
            return np.full((len(case.travel.places),) * 2, NEVER, dtype=np.int64)
        usable = likely != UNREACHABLE
        if not case.draft and "approved_streets" not in case.overrides:
            usable &= case.travel.approved[profile]
        if "mines_cleared" not in case.overrides:
            usable &= ~case.travel.mined[profile]
        table = np.where(usable, likely, NEVER).astype(np.int64)
        np.fill_diagonal(table, 0)
        return table

    def high(self, profile: str, start: str, end: str) -> int:
        """High minutes from place to place, or NEVER."""
        return self._lookup(self._high, profile, start, end)

    def _lookup(
        self, tables: dict[str, list[list[int]]], profile: str, start: str, end: str
    ) -> int:
        if start == end:
            return 0
        table = tables.get(profile)
        if table is None:
            return NEVER
        index = self.case.travel.index
        if start not in index or end not in index or not self._usable(profile, start, end):
            return NEVER
        found = table[index[start]][index[end]]
        return NEVER if found == UNREACHABLE else found

    def _usable(self, profile: str, start: str, end: str) -> bool:
        i, j = self.case.travel.index[start], self.case.travel.index[end]
        anywhere = self.case.draft or "approved_streets" in self.case.overrides
        if not anywhere and not self.case.travel.approved[profile][i, j]:
            return False
        if not self.case.travel.mined[profile][i, j] or "mines_cleared" in self.case.overrides:
            return True
        through = self.case.gate_corridor.get(start), self.case.gate_corridor.get(end)
        if through[0] is None or through[1] is None or through[0][0] != through[1][0]:
            return False
        return self.case.corridors[through[0][0]].mines_override is not None

    def site(self, place: str) -> Site:
        """The site of an id."""
        return self.case.sites[place]

    def may_drive(self, kind: VehicleType, corridor: Corridor, direction: Direction) -> bool:
        """Whether a vehicle type, empty or rightly loaded, may pass a corridor at all."""
        return (
            direction in corridor.directions
            and set(corridor.sides(direction)) <= set(kind.sides)
            and any(SERVES[use] in corridor.users for use in kind.uses)
            and self.mines_allow(corridor, direction)
            and self.minutes(kind.id, *corridor.gates(direction)) < NEVER
        )

    def mines_allow(self, corridor: Corridor, direction: Direction) -> bool:
        """Whether the way is cleared in a direction, or a named role has overridden."""
        return (
            corridor.mine_status(direction) is MineStatus.CLEARED
            or corridor.mines_override is not None
            or "mines_cleared" in self.case.overrides
        )

    def carries(self, kind: VehicleType, group: Group) -> bool:
        """Whether a vehicle type may carry a group at all."""
        if USE_OF[group.category] not in kind.uses:
            return False
        return kind.stretchers > 0 if group.is_medical else kind.seats > 0

    def may_end_at(self, group: Group, site: Site) -> bool:
        """Whether a group's journey may end at a site."""
        if group.destinations:
            allowed = site.id in group.destinations
        else:
            wanted = SiteKind.HOSPITAL if group.is_medical else SiteKind.RECEPTION
            allowed = site.kind is wanted
        if group.unaccompanied and not site.receives_unaccompanied:
            return False
        if group.is_medical and site.hospital_level < group.hospital_level:
            return False
        return allowed and (bool(group.destinations) or site.kind in PEOPLE_END_HERE)

    @cached_property
    def shuttles(self) -> dict[str, bool]:
        """By type, whether it passes no gate, as far as it has been asked."""
        return {}

    @cached_property
    def _ends(self) -> dict[object, tuple[Site, ...]]:
        return {}

    def destinations(self, group: Group) -> tuple[Site, ...]:
        """Where a group may go, outside the enclosed side."""
        key = (group.destinations, group.is_medical, group.unaccompanied, group.hospital_level)
        if key not in self._ends:
            self._ends[key] = tuple(
                s for s in self.case.sites.values() if not s.inside and self.may_end_at(group, s)
            )
        return self._ends[key]

    @cached_property
    def patients_bound_for(self) -> dict[str, tuple[str, ...]]:
        """Site id to the groups of patients who may be brought there, where seats are limited."""
        fleet = [k for k in self.case.fleet.values() if k.number]
        patients = [g for g in self.case.groups.values()
                    if g.is_medical and any(self.carries(k, g) for k in fleet)]
        found = {
            s.id: tuple(g.id for g in patients if self.may_end_at(g, s))
            for s in self.case.sites.values()
            if s.capacity_seated is not None and not s.inside
        }
        return {site: groups for site, groups in found.items() if groups}

    @cached_property
    def on_slot(self) -> NDArray[np.bool_]:
        """Whether a convoy may start, minute by minute: whole slots of the local minute of the day.

        Asked of the clock itself, as a slot need not divide the hour and clocks may change.
        """
        clock, slot = self.case.pause.clock, self.case.pause.rules.slot
        locals_ = (clock.local(m) for m in range(self.horizon.start, self.horizon.end))
        return np.array([(t.hour * 60 + t.minute) % slot == 0 for t in locals_], dtype=bool)

    def local_date(self, minute: int) -> date:
        """The local date on which a minute falls."""
        return self.case.pause.clock.local(minute).date()

    def check_span(self, corridor: Corridor) -> tuple[int, float]:
        """The longest likely stay in the way out's lanes, and how much high exceeds likely.

        The private cars of one party stand in the queue together, until the last is cleared.
        """
        ways = list(corridor.directions) if corridor.shared_lanes else [Direction.OUT]
        names = ["", OWN_CAR, *self.case.fleet]
        checks = [corridor.check(way).minutes_of(name) for way in ways for name in names]
        slowest = max(c.likely for c in checks)
        if any(g.means is Means.OWN_CAR for g in self.case.groups.values()):
            cars = corridor.convoy.largest or CARS_TOGETHER
            slowest = max(slowest, cars * corridor.check(Direction.OUT).minutes_of(OWN_CAR).likely)
        stretch = max((c.high / c.likely if c.likely else float(c.high > 0) * NEVER)
                      for c in checks)
        return slowest, stretch

    def _spells(self, windows: Iterable[Window], within: Iterable[Window]) -> list[tuple[int, int]]:
        hours = list(within)
        found = []
        for w in windows:
            if not hours:
                found.append((w.opens, w.closes))
            found += [(max(w.opens, h.opens), min(w.closes, h.closes)) for h in hours]
        return [(a, b) for a, b in found if b > a]

    def gate_pools(self) -> dict[tuple[str, Direction], Pool]:
        """A pool for each corridor and direction; one for both where lanes are shared.

        Outward bookings end by the close less the margin; both stand within a window.
        """
        windows = self.case.pause.windows
        pools: dict[tuple[str, Direction], Pool] = {}
        for corridor in self.case.corridors.values():
            spells = self._spells(windows, corridor.open_hours)
            for direction in sorted(corridor.directions):
                lead = corridor.lane_pool(direction)
                pool = pools.get((corridor.id, lead))
                if pool is None:
                    pool = Pool(
                        self.horizon,
                        corridor.lanes(direction),
                        self.horizon.mask(spells),
                        headway=corridor.convoy.headway,
                    )
                    pools[corridor.id, lead] = pool
                pools[corridor.id, direction] = pool
                pool.slots[direction.value] = pool.slots[CARS] = self.on_slot
                limit = corridor.check(direction).vehicles_per_hour
                if limit is not None:
                    pool.per_hour[direction.value] = limit
        return pools

    def bay_pools(self) -> dict[str, Pool]:
        """A pool of bays for each site; inside only within windows."""
        windows = self.case.pause.windows
        whole = [(self.horizon.start, self.horizon.end)]
        pools = {}
        for site in self.case.sites.values():
            spells = [(h.opens, h.closes) for h in site.open_hours] or whole
            if site.inside:
                spells = self._spells(windows, site.open_hours)
            servers = site.bays if site.bays is not None else 10_000
            pools[site.id] = Pool(self.horizon, servers, self.horizon.mask(spells))
        return pools

    def send_home(self, site: Site, window: Window) -> int:
        """The minute by which all who were not served must turn home."""
        return window.closes - site.walk_to_shelter - site.call
