"""A case as arrays that never change during a search."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lull.domain.corridor import Direction, LinkUnit
from lull.domain.people import Means, Need
from lull.domain.tiers import TierKind
from lull.domain.worth import line_tonnes, line_weight
from lull.plan.aims import Aims
from lull.plan.ground import Ground
from lull.plan.itinerary import Catalogue
from lull.plan.kernel import columns
from lull.plan.links import Links
from lull.plan.packing import seats_planned
from lull.plan.pools import NEVER
from lull.plan.templates import Carries, Round

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NO = 1 << 28
"""Minutes, or a number, that stand for never and for no limit."""

PLACES = ("seated", "stretcher", "critical")
MOST_SEGMENTS = 12
PEOPLE, AID = 0, 1


class Tables(NamedTuple):
    """What is known before the search; indices run over gates, sites, types, rounds, groups.

    A gate is a corridor in one direction; its pool is shared where lanes are. Minutes are
    indices from the start of the horizon. Few arrays with named columns (`columns.py`), because
    compiling takes the longer the more arrays a function is handed.
    """

    gate: Ints
    """(gate, column)"""
    gate_kind: Ints
    """(check | check_high | transit | transit_high, gate, type)"""
    lanes: Ints
    """(pool)"""
    clock: Ints
    """(row, minute). Row 0: the first minute at or after it in which a convoy may start. From row
    rules[POOLS], by pool: the first minute at or after it in which the pool is closed. From
    rules[GATES], by gate: the end of the corridor's own hours in which it lies, -1 outside them.
    From rules[SITES] and rules[SPELLS], by site: the same two."""
    ways: Ints
    """(likely | high, type, from, to)"""
    site: Ints
    """(site, column)"""
    serve: Ints
    """(likely | high, site, type)"""
    home: Ints
    """(window, site): when all must turn home."""
    windows: Ints
    """(window, opens | closes | then by type: the last minute at which a load of people may leave
    the far gate, so that somebody still drives in after it)"""
    rules: Ints
    kind: Ints
    """(type, column)"""
    round: Ints
    """(round, column)"""
    option: Ints
    """(option, group | destination)"""
    group: Ints
    """(group, column)"""
    counted: Ints
    """(count, cell | whether patients alone)"""
    count_weight: Floats
    cell: Ints
    """(cell, heads | tier)"""
    cell_weight: Floats
    segment: Floats
    """(width | slope, tier, segment)"""
    line: Ints
    """(line of need, column)"""
    line_worth: Floats
    """(line of need, weight | tonnes in each tier of supplies)"""
    line_tier: Ints
    """(tier of supplies, tier | whether it counts the minimum)"""
    item_grams: Ints
    stock: Ints
    """(line of stock, column)"""
    place_lines: Ints
    bound_site: Ints
    link: Ints
    """(link between corridors, column)"""
    link_ratio: Floats


class Names(NamedTuple):
    """What the indices of the arrays stand for."""

    gates: list[tuple[str, Direction]]
    pools: list[int]
    sites: list[str]
    kinds: list[str]
    rounds: list[Round]
    groups: list[str]
    cells: list[object]
    lines: list[tuple[str, str]]
    stocks: list[tuple[str, str]]
    places: list[str]


def _minutes(value: int) -> int:
    return NO if value >= NEVER else value


def _until(open_: NDArray[np.bool_]) -> Ints:
    """For each minute the first closed one at or after it."""
    n = len(open_)
    closed = np.where(~open_, np.arange(n), n)
    return np.minimum.accumulate(closed[::-1])[::-1].astype(np.int64)


def _next(allowed: NDArray[np.bool_]) -> Ints:
    """For each minute the first allowed one at or after it, or NO."""
    at = np.where(allowed, np.arange(len(allowed)), NO)
    return np.minimum.accumulate(at[::-1])[::-1].astype(np.int64)


class TablesMaker:
    """Puts the arrays of a case together; `made` holds them and `names` what they stand for."""

    def __init__(self, ground: Ground, aims: Aims, catalogue: Catalogue) -> None:
        self.ground, self.aims, self.catalogue = ground, aims, catalogue
        self.case = ground.case
        self.start = ground.horizon.start
        self.kinds = [k.id for k in self.case.fleet.values()]
        self.site_at = {s: i for i, s in enumerate(self.case.sites)}
        self.group_at = {g: i for i, g in enumerate(self.case.groups)}
        self.place_at = {p: i for i, p in enumerate(self.case.travel.places)}
        self.fields: dict[str, Any] = {}
        self.gates: list[tuple[str, Direction]] = []
        self.pools: list[int] = []

    def make(self) -> tuple[Tables, Names]:
        """All arrays of the case."""
        self.fields["minutes"] = len(self.ground.horizon)
        self._gates()
        self._ways()
        self._sites()
        self._fleet()
        rounds = self._rounds()
        cells = self._people()
        lines, stocks = self._goods()
        pause = self.case.pause
        shift = self.start
        self.fields["opens"] = _ints([w.opens - shift for w in pause.windows])
        self.fields["closes"] = _ints([w.closes - shift for w in pause.windows])
        self.fields["margin"] = pause.rules.margin
        self.fields["call_lead"] = pause.rules.call_lead
        self.fields["most_routes"] = pause.rules.routes_per_driver
        self.fields["most_lines"] = pause.rules.max_order_lines
        names = Names(self.gates, self.pools, list(self.case.sites), self.kinds, rounds,
                      list(self.case.groups), cells, lines, stocks,
                      list(self.case.travel.places))
        return self._packed(), names

    def _packed(self) -> Tables:
        """Few arrays with named columns out of many."""
        f: dict[str, Any] = self.fields
        pools, gates, sites = len(f["pool_lanes"]), len(self.gates), len(self.site_at)
        rules = np.zeros(columns.RULES, np.int64)
        rules[columns.MARGIN], rules[columns.CALL_LEAD] = f["margin"], f["call_lead"]
        rules[columns.MOST_ROUTES], rules[columns.MOST_LINES] = f["most_routes"], f["most_lines"]
        rules[columns.SLOT] = self.case.pause.rules.slot
        rules[columns.POOLS], rules[columns.GATES] = 1, 1 + pools
        rules[columns.SITES] = 1 + pools + gates
        rules[columns.SPELLS] = 1 + pools + gates + sites
        rules[columns.OPTION_SETS] = len(f["option_from"])
        rules[columns.ALIKE_SETS] = 1 + max(f["round_alike"], default=0)
        clock = np.vstack([
            _next(f["on_slot"])[None], f["pool_until"], f["gate_spell"],
            f["site_until"], f["site_spell"]])
        home = f["send_home"].reshape(len(self.case.pause.windows), sites)
        return Tables(
            gate=_columns(f, columns.GATE), gate_kind=_stacked(
                f["check"], f["check_high"], f["transit"], f["transit_high"]),
            lanes=f["pool_lanes"], clock=np.ascontiguousarray(clock),
            ways=_stacked(f["likely"], f["high"]), site=_columns(f, columns.SITE),
            serve=_stacked(f["service"], f["service_high"]), home=home,
            windows=self._windows(), rules=rules,
            kind=_columns(f, columns.KIND), round=_columns(f, columns.ROUND),
            option=_columns(f, ("option_group", "option_end")),
            group=_columns(f, columns.GROUP), counted=_columns(f, ("count_cell", "count_patients")),
            count_weight=f["count_weight"], cell=_columns(f, ("cell_total", "cell_tier")),
            cell_weight=f["cell_weight"],
            segment=np.stack([f["segment_width"], f["segment_slope"]]),
            line=_columns(f, columns.LINE),
            line_worth=np.column_stack([f["line_weight"], f["line_tonnes"]]),
            line_tier=f["line_tier"], item_grams=f["item_grams"],
            stock=_columns(f, ("stock_item", "stock_site", "stock_ready")),
            place_lines=f["place_lines"], bound_site=f["bound_site"],
            **self._links(),
        )

    def _links(self) -> dict[str, Any]:
        """Links between corridors: gates out (-1: none), unit, leads; and ratios."""
        at = {name: i for i, (name, way) in enumerate(self.gates) if way is Direction.OUT}
        pairs = Links.of(self.case).pairs
        rows = [
            (at.get(one, -1), at.get(other, -1), int(link.unit is LinkUnit.VEHICLES), link.lead,
             link.other_lead) for one, other, link in pairs
        ]
        return {
            "link": np.array(rows, dtype=np.int64).reshape(len(rows), 5),
            "link_ratio": np.array([link.ratio for _, _, link in pairs], dtype=np.float64),
        }

    def _windows(self) -> Ints:
        spells = _columns(self.fields, ("opens", "closes"))
        last = np.full((len(spells), len(self.kinds)), NO, np.int64)
        return np.ascontiguousarray(np.hstack([spells, last]))

    def _gates(self) -> None:
        case, pools = self.case, self.ground.gate_pools()
        self.gates = list(pools)
        seen: dict[int, int] = {}
        for pool in pools.values():
            seen.setdefault(id(pool), len(seen))
        distinct = {seen[id(pool)]: pool for pool in pools.values()}
        self.pools = [seen[id(pools[g])] for g in self.gates]
        f = self.fields
        f["gate_pool"] = _ints(self.pools)
        f["pool_lanes"] = _ints([distinct[i].servers for i in range(len(distinct))])
        f["pool_until"] = _rows([_until(distinct[i].open) for i in range(len(distinct))],
                                self.fields["minutes"])
        spells, first, last, stretch = [], [], [], []
        n = int(self.fields["minutes"])
        numbers: dict[str, list[int]] = {key: [] for key in (
            "gate_out", "gate_headway", "gate_largest", "gate_holding", "gate_rate",
            "gate_slowest")}
        for name, way in self.gates:
            corridor = case.corridors[name]
            hours = [(h.opens, h.closes) for h in corridor.open_hours]
            spells.append(self._spell_ends(hours, n))
            ends = corridor.gates(way)
            first.append(self.place_at[ends[0]])
            last.append(self.place_at[ends[1]])
            rate = corridor.check(way).vehicles_per_hour
            slowest, longer = self.ground.check_span(corridor)
            numbers["gate_out"].append(int(way is Direction.OUT))
            numbers["gate_headway"].append(corridor.convoy.headway)
            numbers["gate_largest"].append(_or_no(corridor.convoy.largest))
            numbers["gate_holding"].append(_or_no(corridor.holding_limit))
            numbers["gate_rate"].append(_or_no(rate))
            numbers["gate_slowest"].append(slowest)
            stretch.append(min(longer, 1e5))
        f.update({key: _ints(values) for key, values in numbers.items()})
        f["gate_spell"] = _rows(spells, n)
        f["gate_first"], f["gate_last"] = _ints(first), _ints(last)
        f["gate_stretch"] = _ints([int(x * columns.MILLIONTHS + 1e-3) for x in stretch])
        f["on_slot"] = self.ground.on_slot

    def _spell_ends(self, hours: list[tuple[int, int]], n: int) -> Ints:
        if not hours:
            return np.full(n, NO, dtype=np.int64)
        ends = np.full(n, -1, dtype=np.int64)
        for opens, closes in sorted(hours):
            a, b = max(0, opens - self.start), min(n - 1, closes - self.start)
            ends[a : b + 1] = np.maximum(ends[a : b + 1], closes - self.start)
        return ends

    def _ways(self) -> None:
        """Minutes between all places, and at and through all gates, by type."""
        case, f = self.case, self.fields
        k, n, g = len(self.kinds), len(self.place_at), len(self.gates)
        likely = np.full((k, n, n), NO, dtype=np.int64)
        high = np.full((k, n, n), NO, dtype=np.int64)
        anywhere = case.draft or "approved_streets" in case.overrides
        cleared = "mines_cleared" in case.overrides
        for i, kind in enumerate(self.kinds):
            if kind not in case.travel.likely:
                continue
            usable = case.travel.likely[kind] >= 0
            if not anywhere:
                usable &= case.travel.approved[kind]
            if not cleared:
                usable &= ~case.travel.mined[kind]
            likely[i][usable] = case.travel.likely[kind][usable]
            high[i][usable] = case.travel.high[kind][usable]
        for i in range(k):
            np.fill_diagonal(likely[i], 0)
            np.fill_diagonal(high[i], 0)
        tables = {key: np.zeros((g, k), dtype=np.int64) for key in (
            "check", "check_high", "transit", "transit_high")}
        for j, (name, way) in enumerate(self.gates):
            corridor = case.corridors[name]
            for i, kind in enumerate(self.kinds):
                minutes = corridor.check(way).minutes_of(kind)
                tables["check"][j, i], tables["check_high"][j, i] = minutes.likely, minutes.high
                ends = corridor.gates(way)
                tables["transit"][j, i] = _minutes(self.ground.minutes(kind, *ends))
                tables["transit_high"][j, i] = _minutes(self.ground.high(kind, *ends))
        f.update(tables)
        f["likely"], f["high"] = likely, high

    def _sites(self) -> None:
        case, f = self.case, self.fields
        n = int(f["minutes"])
        bays = self.ground.bay_pools()
        sites = list(case.sites.values())
        f["site_place"] = _ints([self.place_at.get(s.id, -1) for s in sites])
        f["site_bays"] = _ints([_or_no(s.bays) for s in sites])
        f["site_until"] = _rows([_until(bays[s.id].open) for s in sites], n)
        f["site_spell"] = _rows(
            [self._spell_ends([(h.opens, h.closes) for h in s.open_hours], n) for s in sites], n)
        f["service"] = np.array([[s.service_of(k).likely for k in self.kinds] for s in sites],
                                dtype=np.int64).reshape(len(sites), len(self.kinds))
        f["service_high"] = np.array([[s.service_of(k).high for k in self.kinds] for s in sites],
                                     dtype=np.int64).reshape(len(sites), len(self.kinds))
        f["site_inside"] = _ints([int(s.inside) for s in sites])
        f["site_call"] = _ints([s.call for s in sites])
        f["site_wait"] = _ints([_or_no(s.waiting_limit) for s in sites])
        f["site_crowd"] = _ints([_or_no(s.crowd_limit) for s in sites])
        f["send_home"] = _rows([
            np.array([self.ground.send_home(s, w) - self.start for s in sites], dtype=np.int64)
            for w in case.pause.windows], len(sites))

    def _fleet(self) -> None:
        f, fleet = self.fields, list(self.case.fleet.values())
        f["seats"] = _ints([seats_planned(self.case, k) for k in fleet])
        f["stretchers"] = _ints([k.stretchers for k in fleet])
        f["payload"] = _ints([int(k.payload_t * 1e6 + 1e-3) for k in fleet])
        f["base"] = _ints([self.place_at.get(k.base, -1) for k in fleet])
        f["duty"] = _ints([_or_no(k.crew_duty) for k in fleet])
        f["available_to"] = _ints([
            NO if k.available_to is None else k.available_to - self.start for k in fleet])

    def _rounds(self) -> list[Round]:
        """Rounds with an entry and an exit, by type, and who may board in each."""
        f, gate_at = self.fields, {g: i for i, g in enumerate(self.gates)}
        rounds: list[Round] = []
        starts, options = [0], [0]
        option_of: dict[tuple[str, str, str], int] = {}
        alike: dict[object, int] = {}
        numbers: dict[str, list[int]] = {key: [] for key in (
            "round_carries", "round_entry", "round_pick", "round_exit", "round_down",
            "round_options", "round_minutes", "round_alike", "option_group", "option_end")}
        for kind in self.case.fleet.values():
            for r in self.catalogue.rounds[kind.id]:
                if not self.ordinary(r):
                    continue
                key = (kind.id, r.pick_up, r.set_down)
                if r.carries is Carries.PEOPLE and key not in option_of:
                    option_of[key] = len(options) - 1
                    ends = self.catalogue.ends(kind, r.pick_up, r.set_down)
                    for group in sorted(ends, key=self._first_of_equals):
                        numbers["option_group"].append(self.group_at[group])
                        numbers["option_end"].append(self.site_at[r.set_down])
                    options.append(len(numbers["option_group"]))
                rounds.append(r)
                numbers["round_carries"].append(PEOPLE if r.carries is Carries.PEOPLE else AID)
                numbers["round_entry"].append(gate_at[r.entry, Direction.IN])
                numbers["round_pick"].append(self.site_at[r.pick_up])
                numbers["round_exit"].append(gate_at[r.exit, Direction.OUT])
                numbers["round_down"].append(self.site_at[r.set_down])
                numbers["round_options"].append(option_of.get(key, -1))
                numbers["round_minutes"].append(r.minutes)
                who: object = r.set_down
                if r.carries is Carries.PEOPLE:
                    who = self.catalogue.bound_for(kind, r.pick_up, r.set_down)
                numbers["round_alike"].append(
                    alike.setdefault((kind.id, r.pick_up, who), len(alike)))
            starts.append(len(rounds))
        f.update({key: _ints(values) for key, values in numbers.items()})
        f["round_from"], f["round_to"] = _ints(starts[:-1]), _ints(starts[1:])
        f["option_from"] = _ints(options)
        sets = f["round_options"]
        f["round_option_from"] = _ints([options[i] if i >= 0 else 0 for i in sets])
        f["round_option_to"] = _ints([options[i + 1] if i >= 0 else 0 for i in sets])
        return rounds

    def _first_of_equals(self, group: str) -> tuple[bool, str]:
        """Of groups worth as much, those who need transport come first (`packing.pack_people`)."""
        return self.case.groups[group].means is not Means.TRANSPORT, group

    def ordinary(self, r: Round) -> bool:
        """A round that this search knows: in by a gate, out by a gate, nothing handed over."""
        if r.path or not (r.entry and r.exit) or r.carries is Carries.STANDBY:
            return False
        if r.carries is Carries.AID and self._shared_lines & {r.set_down}:
            return False
        if {r.entry, r.exit} & self._together:
            return False
        return self.case.sites[r.set_down].kind.value != "exchange_point"

    @cached_property
    def _together(self) -> frozenset[str]:
        """Linked corridors of which neither may begin: convoys must leave at the same minute."""
        return Links.of(self.case).together

    @cached_property
    def _shared_lines(self) -> set[str]:
        """Places where two lines of need ask for one item, which share what comes."""
        seen: set[tuple[str, str]] = set()
        twice = set()
        for d in self.case.demands:
            if (d.item, d.site) in seen:
                twice.add(d.site)
            seen.add((d.item, d.site))
        return twice

    def _people(self) -> list[object]:
        f, groups = self.fields, list(self.case.groups.values())
        lies = {Need.CRITICAL: 2, Need.STRETCHER: 1}
        f["group_medical"] = _ints([int(g.is_medical) for g in groups])
        f["group_lies"] = _ints([lies.get(g.need, 1) if g.is_medical else 0 for g in groups])
        cells: dict[object, int] = {}
        starts, cell, weight, patients = [0], [], [], []
        for group in groups:
            for counted in self.aims.counted[group.id]:
                cell.append(cells.setdefault(counted.cell, len(cells)))
                weight.append(counted.weight)
                patients.append(int(counted.patients))
            starts.append(len(cell))
        f["count_from"], f["count_to"] = _ints(starts[:-1]), _ints(starts[1:])
        f["count_cell"] = _ints(cell)
        f["count_weight"] = np.array(weight, dtype=np.float64)
        f["count_patients"] = _ints(patients)
        f["cell_total"] = np.array([self.aims.wishing[c] for c in cells], dtype=np.int64)  # type: ignore[index]
        f["cell_tier"] = _ints([c[0] for c in cells])  # type: ignore[index]
        by_cell = dict(zip(cell, weight, strict=True))
        f["cell_weight"] = np.array([by_cell[i] for i in range(len(cells))], dtype=np.float64)
        tiers = self.case.pause.tiers
        width = np.zeros((len(tiers), MOST_SEGMENTS))
        slope = np.zeros((len(tiers), MOST_SEGMENTS))
        for i, tier in enumerate(tiers):
            for j, (w, s) in enumerate(tier.concave.segments):
                width[i, j], slope[i, j] = w, s
        f["segment_width"], f["segment_slope"] = width, slope
        starts, bound = [0], []
        for group in groups:
            bound += [self.site_at[site] for site, who in self.ground.patients_bound_for.items()
                      if group.id in who]
            starts.append(len(bound))
        f["bound_from"], f["bound_to"] = _ints(starts[:-1]), _ints(starts[1:])
        f["bound_site"] = _ints(bound)
        return list(cells)

    def _goods(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        f, case, tiers = self.fields, self.case, self.case.pause.tiers
        items = {item: i for i, item in enumerate(case.items)}
        lines = list(case.demands)
        f["line_item"] = _ints([items[d.item] for d in lines])
        f["line_site"] = _ints([self.site_at[d.site] for d in lines])
        f["line_units"] = _ints([d.units for d in lines])
        f["line_minimum"] = _ints([d.minimum for d in lines])
        f["line_weight"] = np.array([line_weight(d) for d in lines], dtype=np.float64)
        supplies = [i for i, t in enumerate(tiers)
                    if t.kind in (TierKind.SUPPLIES, TierKind.SUPPLIES_MINIMUM)]
        f["line_tonnes"] = np.array(
            [[line_tonnes(case, tiers[i], d) for i in supplies] for d in lines],
            dtype=np.float64).reshape(len(lines), len(supplies))
        f["line_tier"] = np.array(
            [[i, int(tiers[i].kind is TierKind.SUPPLIES_MINIMUM)] for i in supplies],
            dtype=np.int64).reshape(len(supplies), 2)
        f["item_grams"] = _ints([math.ceil(i.kg * 1000 - 1e-6) for i in case.items.values()])
        notice = case.pause.notice
        f["stock_item"] = _ints([items[s.item] for s in case.stocks])
        f["stock_site"] = _ints([self.site_at[s.site] for s in case.stocks])
        f["stock_ready"] = _ints([
            -NO if notice is None else notice + s.ready - self.start for s in case.stocks])
        starts, by_place = [0], []
        for i in range(len(self.site_at)):
            here = [n for n, d in enumerate(lines) if self.site_at[d.site] == i]
            by_place += sorted(here, key=lambda n: (lines[n].priority, lines[n].item))
            starts.append(len(by_place))
        f["lines_from"], f["lines_to"] = _ints(starts[:-1]), _ints(starts[1:])
        f["place_lines"] = _ints(by_place)
        return ([(d.item, d.site) for d in lines], [(s.item, s.site) for s in case.stocks])


def _columns(fields: dict[str, Any], names: tuple[str, ...]) -> Ints:
    """Arrays of one length side by side."""
    return np.ascontiguousarray(np.column_stack([fields[n] for n in names]).astype(np.int64))


def _stacked(*arrays: Ints) -> Ints:
    return np.ascontiguousarray(np.stack(arrays).astype(np.int64))


def _ints(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _rows(rows: list[Ints], width: int) -> Ints:
    if not rows:
        return np.zeros((0, width), dtype=np.int64)
    return np.ascontiguousarray(np.vstack(rows).astype(np.int64))


def _or_no(value: int | None) -> int:
    return NO if value is None else value
