"""The pause that is left to plan: what has been moved or is under way taken out of a case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve, frozen

from lull.domain.case import Case
from lull.domain.corridor import Corridor, Direction
from lull.domain.fleet import VehicleType
from lull.domain.people import Group, Need
from lull.domain.place import Site
from lull.domain.plan import Crossing, Plan, Stop, Task
from lull.domain.refusal import require
from lull.domain.supplies import Demand, Stock
from lull.domain.time import Window
from lull.domain.worth import arrived, shared_out
from lull.questions.changes import as_type
from lull.questions.reports import Notified
from lull.questions.stranded import Stranded
from lull.questions.underway import FAR, Underway

APART = "~"
"""What stands between a type's id and the number of its part."""

ROUND_UP = 15
"""Vehicles home within so many minutes of each other are planned on as if with the last of them."""


@frozen(eq=False)
class Rest:
    """A case to plan, the original vehicle of each of its vehicles, and where its windows begin."""

    case: Case
    vehicles: Mapping[str, str]
    first_window: int


def rest_of(case: Case, under: Underway, opens: int, hours: Mapping[str, Sequence[Notified]] | None,
            also_from: int | None, *, fetch_by: int | None = None) -> Rest | None:
    """What is left from a minute on; None where no window is left.

    With `fetch_by` only those are left who are on board of a vehicle that broke down and can be
    picked up where it took them on, and corridors are used until then only.

    `hours` are what has been notified of each corridor (None: no matter); `also_from` is the minute
    from which on all else may be used too (None: never).
    """
    left = [(n, w) for n, w in enumerate(case.pause.windows)
            if max(w.opens, opens) < w.closes - case.pause.rules.margin]
    if not left:
        return None
    windows = tuple(evolve(w, opens=max(w.opens, opens)) for _, w in left)
    changed = evolve(
        case,
        pause=evolve(case.pause, windows=windows),
        groups={g.id: g for g in (_fetched(case, under.stranded) if fetch_by is not None
                                  else _groups(case, under.kept, under.stranded))},
        stocks=_stocks(case, under.kept, under.stranded),
        demands=() if fetch_by is not None else _demands(case, under.kept),
        corridors=_until(_corridors(case, under.kept, opens, hours, also_from), fetch_by),
        sites={s.id: s for s in _sites(case, under.kept, opens)})
    split, vehicles = _fleet(changed, case, under, opens)
    return Rest(split, vehicles, left[0][0])


def _fetched(case: Case, stranded: Sequence[Stranded]) -> Iterable[Group]:
    """Groups of whom only those are left who can be picked up from broken vehicles."""
    wait: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for one in stranded:
        for h in one.households if one.pick_up else ():
            wait[h.group][h.size] += h.number
    for group in case.groups.values():
        persons = sum(size * number for size, number in wait[group.id].items())
        yield evolve(group, count=persons, wishing=persons, households=dict(wait[group.id]))


def _groups(case: Case, kept: Plan, stranded: Sequence[Stranded]) -> Iterable[Group]:
    """Who still waits where their group does: not who is on board of a vehicle elsewhere."""
    gone: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for convoy in kept.convoys:
        if convoy.direction is Direction.OUT and convoy.households:
            for household in convoy.households:
                gone[household.group][household.size] += household.number
    for party in kept.parties:
        for size, number in party.households.items():
            gone[party.group][size] += number
    for one in stranded:
        for h in () if one.pick_up else one.households:
            gone[h.group][h.size] += h.number
    for group in case.groups.values():
        left = {size: number - gone[group.id].get(size, 0)
                for size, number in group.households.items()}
        require(all(number >= 0 for number in left.values()),
                f"The plan moves more households of {group.id!r} than wish to leave.")
        persons = sum(size * number for size, number in left.items())
        yield evolve(group, count=group.count - (group.wishing - persons), wishing=persons,
                     households={size: number for size, number in left.items() if number})


def _stocks(case: Case, kept: Plan, stranded: Sequence[Stranded]) -> tuple[Stock, ...]:
    taken: dict[tuple[str, str], int] = defaultdict(int)
    for one in stranded:
        for goods in one.goods:
            taken[goods.item, goods.taken_from] += goods.units
    for _, stop in kept.stops():
        if stop.task is Task.LOAD:
            for goods in stop.goods:
                taken[goods.item, goods.taken_from or stop.site] += goods.units
    found = []
    for stock in case.stocks:
        less = min(stock.units, taken[stock.item, stock.site])
        taken[stock.item, stock.site] -= less
        found.append(evolve(stock, units=stock.units - less))
    return tuple(found)


def _demands(case: Case, kept: Plan) -> tuple[Demand, ...]:
    """Lines of need less what the plan under way brings them."""
    units = arrived(kept).units
    shares: dict[int, int] = {}
    together: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n, line in enumerate(case.demands):
        together[line.item, line.site].append(n)
    for key, numbers in together.items():
        parts = shared_out([case.demands[n] for n in numbers], units.get(key, 0))
        shares.update(zip(numbers, parts, strict=True))
    return tuple(evolve(line, units=line.units - shares[n],
                        minimum=max(0, line.minimum - shares[n]))
                 for n, line in enumerate(case.demands))


def _sites(case: Case, kept: Plan, opens: int) -> Iterable[Site]:
    came: dict[tuple[str, str], int] = defaultdict(int)
    busy: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for _, stop in kept.stops():
        if stop.task in (Task.LOAD, Task.UNLOAD) and stop.departs > opens:
            busy[stop.site].append((stop.starts, stop.departs))
        if stop.task is Task.UNLOAD:
            for people in stop.people:
                need = case.groups[people.group].need
                kind = {Need.CRITICAL: "critical", Need.STRETCHER: "stretcher"}.get(need, "seated")
                came[stop.site, kind] += people.stretchers
                came[stop.site, "seated"] += people.persons - people.stretchers
    for party in kept.parties:
        came[party.destination, "seated"] += party.persons
    for site in case.sites.values():
        hours = site.open_hours
        if site.bays is not None and busy[site.id]:
            hours = free(hours or (Window(-FAR, FAR),), busy[site.id])
        yield evolve(
            site, open_hours=hours,
            capacity_seated=_left(site.capacity_seated, came[site.id, "seated"]),
            capacity_stretcher=_left(site.capacity_stretcher, came[site.id, "stretcher"]),
            capacity_critical=_left(site.capacity_critical, came[site.id, "critical"]))


def _left(places: int | None, taken: int) -> int | None:
    return None if places is None else max(0, places - taken)


def _corridors(
    case: Case, kept: Plan, opens: int, hours: Mapping[str, Sequence[Notified]] | None,
    also_from: int | None,
) -> dict[str, Corridor]:
    busy: dict[str, list[tuple[int, int]]] = defaultdict(list)
    passed: dict[str, list[Crossing]] = defaultdict(list)
    for _, crossing in kept.crossings():
        passed[crossing.convoy].append(crossing)
    for some in passed.values():
        last, name = max(c.cleared for c in some), some[0].corridor
        start, headway = min(c.enters for c in some), case.corridors[name].convoy.headway
        if last > opens - headway:
            busy[name].append((start - headway, max(last, start + headway)))
    for party in kept.parties:
        if party.cleared > opens:
            busy[party.corridor].append((party.enters, party.cleared))
    found = {}
    for corridor in case.corridors.values():
        changed = _as_notified(corridor, hours, also_from) if hours is not None else corridor
        if changed is None:
            continue
        open_ = changed.open_hours
        if busy[corridor.id]:
            open_ = free(open_ or (Window(-FAR, FAR),), busy[corridor.id])
        found[corridor.id] = evolve(changed, open_hours=open_)
    gone = {c.id for c in found.values() if c.link and c.link.other not in found}
    return {k: c for k, c in found.items() if k not in gone}


def _until(corridors: dict[str, Corridor], minute: int | None) -> dict[str, Corridor]:
    """Corridors open no longer than to a minute."""
    if minute is None:
        return corridors
    return {name: evolve(c, open_hours=tuple(
        evolve(h, closes=min(h.closes, minute)) for h in c.open_hours or (Window(-FAR, FAR),)
        if h.opens < minute) or (Window(-FAR, 1 - FAR),)) for name, c in corridors.items()}


def _as_notified(
    corridor: Corridor, hours: Mapping[str, Sequence[Notified]], also_from: int | None
) -> Corridor | None:
    """A corridor within what was notified and receipted; after `also_from` without that limit.

    A corridor has hours, directions and a largest convoy for all its traffic: where two directions
    were notified in different hours, only those of both are used (going out alone, where there are
    none); where a direction or large convoys were not, only what comes after `also_from` is free.
    """
    told = [n for n in hours.get(corridor.id, ()) if n.receipted and n.direction in
            corridor.directions]
    by_way = {way: merged((n.opens, n.closes) for n in told if n.direction is way)
              for way in Direction if any(n.direction is way for n in told)}
    ways, spells = frozenset(by_way), [x for some in by_way.values() for x in some]
    if len(by_way) > 1:
        spells = [(max(a, c), min(b, d)) for a, b in by_way[Direction.OUT]
                  for c, d in by_way[Direction.IN] if max(a, c) < min(b, d)]
        if not spells:
            ways, spells = frozenset({Direction.OUT}), by_way[Direction.OUT]
    sizes = [n.largest for n in told if n.largest is not None and n.direction in ways]
    if also_from is not None:
        whole = ways == corridor.directions and not sizes
        spells = [*(spells if whole else ()), (also_from, FAR)]
    if not spells:
        return None
    own = corridor.open_hours or (Window(-FAR, FAR),)
    open_ = tuple(Window(max(h.opens, a), min(h.closes, b)) for h in own for a, b in merged(spells)
                  if max(h.opens, a) < min(h.closes, b))
    if not open_:
        return None
    if also_from is not None:
        return evolve(corridor, open_hours=open_)
    most = min([*sizes, *([corridor.convoy.largest] if corridor.convoy.largest else [])],
               default=None)
    return evolve(corridor, open_hours=open_, directions=ways,
                  convoy=evolve(corridor.convoy, largest=most))


def merged(spells: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spells that touch put together, in their order."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spells):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def free(hours: Sequence[Window], busy: Iterable[tuple[int, int]]) -> tuple[Window, ...]:
    """Hours without the spells in which something is in use; at least one, however short."""
    found = []
    taken = merged(busy)
    for hour in hours:
        start = hour.opens
        for a, b in taken:
            if b <= start or a >= hour.closes:
                continue
            if a > start:
                found.append(Window(start, a, hour.name))
            start = max(start, b)
        if start < hour.closes:
            found.append(Window(start, hour.closes, hour.name))
    return tuple(found) or (Window(-FAR, 1 - FAR),)


def _fleet(changed: Case, case: Case, under: Underway, opens: int) -> tuple[Case, dict[str, str]]:
    """Types cut into parts by when their vehicles are free; broken and silent ones left out."""
    began = {d.vehicle: left_at_start(d.steps[0]) for d in under.kept.vehicles}
    parts: dict[tuple[str, int | None, int | None], list[str]] = defaultdict(list)
    for kind in case.fleet.values():
        for n in range(1, kind.number + 1):
            vehicle = kind.vehicle(n)
            at: int | None = under.free_at.get(vehicle, opens)
            if at is None:
                continue
            duty = kind.crew_duty
            free_from = max(opens, -(-at // ROUND_UP) * ROUND_UP if at > opens else opens)
            if duty is not None and vehicle in began:
                duty = duty - (free_from - began[vehicle])
                if duty <= 0:
                    continue
            used = vehicle in under.free_at
            parts[kind.id, free_from if used else None, duty].append(vehicle)
    fleet: dict[str, VehicleType] = {}
    vehicles: dict[str, str] = {}
    result = changed
    for i, ((name, ready, duty), members) in enumerate(parts.items()):
        kind = case.fleet[name]
        own = f"{name}{APART}{i}"
        begins = max(x for x in (opens, ready, kind.available_from) if x is not None)
        fleet[own] = evolve(kind, id=own, number=len(members), available_from=begins,
                            mobilise=0 if ready is not None else kind.mobilise, crew_duty=duty)
        vehicles.update({f"{own}#{n}": v for n, v in enumerate(members, start=1)})
        result = as_type(result, name, own)
    return evolve(result, fleet=fleet), vehicles


def left_at_start(step: object) -> int:
    """The minute at which a day's first stop is left."""
    assert isinstance(step, Stop)
    return step.departs
