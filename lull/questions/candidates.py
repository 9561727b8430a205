"""What may be asked for in a pause: every change that somebody at the table could grant.

Each candidate is a case with one thing more than the folder says, the words for it, and the minute
by which it could be there. What cannot be there in time is listed too, worth nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from attrs import evolve, field, frozen

from lull.domain.case import Case
from lull.domain.corridor import Corridor, Direction, MineStatus
from lull.domain.fleet import Use, VehicleType
from lull.domain.pause import Consents
from lull.questions import changes

HOUR = 60


class Kind(StrEnum):
    """What is asked for."""

    HOURS = "hours"
    LANE = "lane"
    CHECK = "check"
    RATE = "vehicles an hour"
    CONVOY = "convoy"
    VEHICLES = "vehicles"
    BAY = "bay"
    CORRIDOR = "corridor"
    MINES = "mines"
    NOTICE = "notice"


LEAD = {
    Kind.HOURS: 6 * HOUR,
    Kind.LANE: 2 * HOUR,
    Kind.CHECK: 0,
    Kind.RATE: 0,
    Kind.CONVOY: 0,
    Kind.VEHICLES: 0,
    Kind.BAY: 2 * HOUR,
    Kind.CORRIDOR: 24 * HOUR,
    Kind.MINES: 48 * HOUR,
    Kind.NOTICE: 0,
}
"""Minutes from the day it is granted until it is there. Vehicles take what the folder says they
take to mobilise, on top. A corridor takes the shortest notice of an emergency movement in Yemen, 24
hours (OCHA, Humanitarian Notification System, 31 March 2021); all others are assumed."""

MORE: Mapping[Use, tuple[int, ...]] = {
    Use.PASSENGERS: (5, 10, 20), Use.WOUNDED: (2, 5, 10), Use.FIGHTERS: (5,), Use.AID: (5, 10),
}
"""Vehicles more that are looked at, by what they are for (assumed: what a table talks of)."""


@frozen
class Terms:
    """What asks are looked for with.

    `asked_at` is the minute at which they are granted (None: long before, so that all is ready).
    `lead` are minutes to make ready by kind; `more` are numbers of vehicles; `hours` the minutes
    that a window may be longer.
    """

    asked_at: int | None = None
    lead: Mapping[Kind, int] = field(factory=lambda: dict(LEAD))
    more: Mapping[Use, tuple[int, ...]] = field(factory=lambda: dict(MORE))
    hours: tuple[int, ...] = (HOUR,)


@frozen(eq=False)
class Candidate:
    """One thing to ask for; `not_ready` says why it comes too late ("" where it does not).

    `about` names what it relieves, as `Limit.name` does, to order those alike.
    """

    id: str
    kind: Kind
    words: str
    case: Case
    not_ready: str = ""
    about: str = ""
    number: int = 0
    vehicle: str = ""


def candidates(
    case: Case, reading: Consents, terms: Terms, *, full_bays: Sequence[str] = ()
) -> list[Candidate]:
    """Every candidate of a case, on one reading of the consents.

    `full_bays` are names of sites whose bays limit the plan; others are not asked for.
    """
    now = case.on(reading)
    return [*_hours(now, terms), *_gates(now, terms), *_vehicles(now, terms),
            *_bays(now, terms, full_bays), *_closed(case, now, terms), *_mines(now, terms),
            *_notice(now, terms)]


def _late(case: Case, terms: Terms, kind: Kind, by: int | None = None) -> str:
    """Why something is not ready by a minute (the first opening), or ""."""
    if terms.asked_at is None:
        return ""
    ready = terms.asked_at + terms.lead.get(kind, 0)
    needed = case.pause.windows[0].opens if by is None else by
    if ready <= needed:
        return ""
    clock = case.pause.clock
    return (f"ready at {clock.hhmm(ready)} at the earliest, {terms.lead.get(kind, 0) / 60:g} h "
            f"after it is granted; needed by {clock.hhmm(needed)}")


def _hours(case: Case, terms: Terms) -> Iterator[Candidate]:
    windows = case.pause.windows
    for n, window in enumerate(windows):
        which = f" of {window.name or f'window {n + 1}'}" if len(windows) > 1 else ""
        free = (windows[n + 1].opens - window.closes if n + 1 < len(windows) else 10**9,
                window.opens - windows[n - 1].closes if n else 10**9)
        for minutes in terms.hours:
            long = f"{minutes / 60:g} hour{'s' if minutes != HOUR else ''} more"
            if minutes <= free[0]:
                yield Candidate(
                    f"hours-after-{n + 1}-{minutes}", Kind.HOURS, f"{long} at the end{which}",
                    changes.longer(case, n, minutes),
                    _late(case, terms, Kind.HOURS, window.closes), number=minutes)
            if minutes <= free[1]:
                yield Candidate(
                    f"hours-before-{n + 1}-{minutes}", Kind.HOURS,
                    f"{long} at the beginning{which}",
                    changes.longer(case, n, minutes, before=True),
                    _late(case, terms, Kind.HOURS, window.opens - minutes), number=minutes)


def _gates(case: Case, terms: Terms) -> Iterator[Candidate]:
    for corridor in case.corridors.values():
        name = corridor.name or corridor.id
        pools = dict.fromkeys(corridor.lane_pool(w) for w in Direction if w in corridor.directions)
        for pool in pools:
            about, way = f"{name}, {_way(corridor, pool)}", _way(corridor, pool)
            lanes = corridor.lanes(pool) + 1
            yield Candidate(
                f"lane-{corridor.id}-{pool.value}", Kind.LANE,
                f"a {_ordinal(lanes)} lane at the checkpoint {name} ({way})",
                changes.more_lanes(case, corridor.id, pool), _late(case, terms, Kind.LANE), about)
        for way in Direction:
            if way in corridor.directions:
                yield from _check(case, corridor, way, terms)
        yield from _convoy(case, corridor, terms)


def _check(case: Case, corridor: Corridor, way: Direction, terms: Terms) -> Iterator[Candidate]:
    name, check = corridor.name or corridor.id, corridor.check(way)
    about = f"{name}, {_way(corridor, way)}"
    if any(e.likely > 1 for e in check.minutes.values()):
        yield Candidate(
            f"check-{corridor.id}-{way.value}", Kind.CHECK,
            f"a check at {name} going {way.value} that takes each vehicle a minute less",
            changes.quicker(case, corridor.id, way), _late(case, terms, Kind.CHECK), about)
    if check.vehicles_per_hour is not None:
        more = max(1, check.vehicles_per_hour // 4)
        yield Candidate(
            f"rate-{corridor.id}-{way.value}", Kind.RATE,
            f"{more} more vehicles an hour through {name} going {way.value}",
            changes.more_an_hour(case, corridor.id, way, more), _late(case, terms, Kind.RATE),
            about, number=more)


def _convoy(case: Case, corridor: Corridor, terms: Terms) -> Iterator[Candidate]:
    name, rule = corridor.name or corridor.id, corridor.convoy
    if rule.largest is not None:
        yield Candidate(
            f"convoy-{corridor.id}", Kind.CONVOY,
            f"convoys of up to {2 * rule.largest} through {name} instead of {rule.largest}",
            changes.convoys(case, corridor.id, largest=2 * rule.largest),
            _late(case, terms, Kind.CONVOY), f"{name}, going out")
    if rule.headway > case.pause.rules.slot:
        half = max(case.pause.rules.slot, rule.headway // 2)
        yield Candidate(
            f"headway-{corridor.id}", Kind.CONVOY,
            f"convoys through {name} every {half} minutes instead of every {rule.headway}",
            changes.convoys(case, corridor.id, headway=half), _late(case, terms, Kind.CONVOY),
            f"{name}, going out")


def _vehicles(case: Case, terms: Terms) -> Iterator[Candidate]:
    last = case.pause.windows[-1].closes
    for kind in case.fleet.values():
        use = min(kind.uses, key=list(Use).index)
        for many in terms.more.get(use, ()):
            ready = _ready(case, kind, terms)
            late = ""
            if ready is not None and ready >= last - case.pause.rules.margin:
                late = (f"ready at {case.pause.clock.hhmm(ready)} at the earliest, "
                        f"{kind.mobilise / 60:g} h to mobilise after they are granted; the pause "
                        f"ends at {case.pause.clock.hhmm(last)}")
            yield Candidate(
                f"vehicles-{kind.id}-{many}", Kind.VEHICLES,
                f"{many} more vehicles «{_named(kind)}»",
                case if late else changes.more_vehicles(case, kind.id, many, ready), late,
                _named(kind), number=many, vehicle=kind.id)


def _ready(case: Case, kind: VehicleType, terms: Terms) -> int | None:
    """When more vehicles of a type could leave their base; None where it is no later than the rest.
    """
    if terms.asked_at is None:
        return None
    ready = terms.asked_at + terms.lead.get(Kind.VEHICLES, 0) + kind.mobilise
    notice = case.pause.notice
    rest = None if notice is None else notice + kind.mobilise
    return None if rest is not None and ready <= rest else ready


def _named(kind: VehicleType) -> str:
    name = kind.name or kind.id
    return name[:1].upper() + name[1:]


def _bays(case: Case, terms: Terms, full: Sequence[str]) -> Iterator[Candidate]:
    for site in case.sites.values():
        if site.bays is not None and site.name in full:
            yield Candidate(
                f"bay-{site.id}", Kind.BAY, f"one more bay at {site.name or site.id}",
                changes.more_bays(case, site.id), _late(case, terms, Kind.BAY), site.name)


def _closed(whole: Case, now: Case, terms: Terms) -> Iterator[Candidate]:
    """Corridors of the folder that nobody may use on this reading, or not for all."""
    for corridor in whole.corridors.values():
        open_now = now.corridors.get(corridor.id)
        if open_now is not None and open_now.users == corridor.users:
            continue
        late = _late(now, terms, Kind.CORRIDOR)
        name = corridor.name or corridor.id
        opened = {corridor.id: corridor}
        if corridor.link:
            opened[corridor.link.other] = whole.corridors[corridor.link.other]
        users = corridor.users - (open_now.users if open_now else frozenset())
        words = f"the corridor {name} opened for {', '.join(sorted(u.value for u in users))}"
        if corridor.link and corridor.link.other not in now.corridors:
            other = whole.corridors[corridor.link.other]
            words += f", with {other.name or other.id}, to which it is linked"
        yield Candidate(
            f"corridor-{corridor.id}", Kind.CORRIDOR, words,
            evolve(now, corridors={**now.corridors, **opened}), late, f"{name}, going out")


def _mines(case: Case, terms: Terms) -> Iterator[Candidate]:
    for corridor in case.corridors.values():
        mined = [w for w in sorted(corridor.directions)
                 if corridor.mine_status(w) is not MineStatus.CLEARED]
        if mined and not corridor.mines_override:
            yield Candidate(
                f"mines-{corridor.id}", Kind.MINES,
                f"the corridor {corridor.name or corridor.id} cleared of mines and said to be so",
                changes.cleared(case, corridor.id), _late(case, terms, Kind.MINES))


def _notice(case: Case, terms: Terms) -> Iterator[Candidate]:
    notice, first = case.pause.notice, case.pause.windows[0].opens
    slowest = max((k.mobilise for k in case.fleet.values() if k.number), default=0)
    if notice is None or notice + slowest <= first:
        return
    earlier = -(-(notice + slowest - first) // HOUR) * HOUR
    late = ""
    if terms.asked_at is not None and notice - earlier < terms.asked_at:
        late = (f"it would have to be given at {case.pause.clock.hhmm(notice - earlier)}, and it "
                f"is {case.pause.clock.hhmm(terms.asked_at)}")
    yield Candidate(
        f"notice-{earlier}", Kind.NOTICE, f"notice given {earlier // HOUR} hours earlier",
        changes.earlier_notice(case, earlier), late, number=earlier)


def _way(corridor: Corridor, way: Direction) -> str:
    return "both directions" if corridor.shared_lanes else f"going {way.value}"


def _ordinal(number: int) -> str:
    words = {2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth"}
    return words.get(number, f"{number}th")
