"""Where no continuation keeps the rules: who is concerned, by when, and what is safe to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from lull.domain.case import Case
from lull.domain.fleet import type_of
from lull.domain.place import INSIDE, Site, SiteKind
from lull.domain.plan import Crossing, Plan, Step, Stop, Task
from lull.domain.rules import Violation
from lull.questions.stranded import aboard_at
from lull.questions.underway import inside_at

SAFE = (frozenset({"nobody_inside_at_end", "last_safe_departure", "windows_carry_over"}),
        frozenset({"corridor_open"}))
"""Rules about being out in time, and about corridors that have closed."""

REFUGE = (SiteKind.SHELTER, SiteKind.ASSEMBLY, SiteKind.HOSPITAL, SiteKind.DISTRIBUTION)
"""Where people and crews can go back to, in this order where all are as near."""


def last_resorts(case: Case, plan: Plan, broken: Iterable[Violation], now: int) -> tuple[str, ...]:
    """A sentence for each convoy that cannot keep a rule by which people could be caught inside.

    Only for ways out that are not behind it yet; what is past needs no order.
    """
    too_late: dict[str, set[str]] = defaultdict(set)
    closed: dict[str, set[str]] = defaultdict(set)
    briefed: set[str] = set()
    for breach in broken:
        if breach.rule in SAFE[0] and (out := _way_out(case, plan, breach, now)) is not None:
            too_late[out.convoy].add(breach.who)
        elif breach.rule in SAFE[1] and (passing := _passing(plan, breach, now)) is not None:
            closed[passing.convoy].add(breach.who)
        elif breach.rule == "routes_per_driver":
            briefed.add(breach.who)
    return (*(_too_late(case, plan, convoy, sorted(who), now)
              for convoy, who in sorted(too_late.items())),
            *(_closed(case, plan, convoy, sorted(who), now)
              for convoy, who in sorted(closed.items()) if convoy not in too_late),
            *((f"{', '.join(sorted(briefed))}: one route more today than a driver can keep apart: "
               "brief the driver on it, and let another vehicle lead.",) if briefed else ()))


def _way_out(case: Case, plan: Plan, breach: Violation, now: int) -> Crossing | None:
    """The way out of the enclosed side that a vehicle's breach is about, unless it is past."""
    steps = next((d.steps for d in plan.vehicles if d.vehicle == breach.who), ())
    when = now if breach.when_minute is None else breach.when_minute
    return next((s for s in steps if isinstance(s, Crossing) and s.leaves >= max(now, when)
                 and case.corridors[s.corridor].sides(s.direction)[0] == INSIDE), None)


def _passing(plan: Plan, breach: Violation, now: int) -> Crossing | None:
    """The passage of a vehicle that a breach is about, unless it is past."""
    return next((s for v, s in plan.crossings() if v == breach.who and s.leaves >= now
                 and s.enters == breach.when_minute), None)


def _steps(plan: Plan, vehicle: str) -> Sequence[Step]:
    return next(d.steps for d in plan.vehicles if d.vehicle == vehicle)


def _out(plan: Plan, vehicle: str, convoy: str) -> Crossing:
    return next(s for s in _steps(plan, vehicle)
                if isinstance(s, Crossing) and s.convoy == convoy)


def _who(plan: Plan, convoy: str, vehicles: Sequence[str], now: int) -> str:
    aboard = 0
    for vehicle in vehicles:
        out = _out(plan, vehicle, convoy)
        turn = [s for s in _steps(plan, vehicle) if s.round == out.round]
        aboard += sum(p.persons for p in aboard_at(turn, max(now, out.enters))[0])
    return f"{', '.join(vehicles)} ({aboard} people on board)"


def _too_late(case: Case, plan: Plan, convoy: str, vehicles: Sequence[str], now: int) -> str:
    clock, out = case.pause.clock, _out(plan, vehicles[0], convoy)
    corridor = case.corridors[out.corridor]
    where = corridor.name or corridor.id
    window = next((w for w in case.pause.windows if w.closes > min(out.enters, now)),
                  case.pause.windows[-1])
    limit = window.closes - case.pause.rules.margin
    through = _high(case, out, vehicles[0])
    who = _who(plan, convoy, vehicles, now)
    said = (f"{who}: out through {where} at {clock.hhmm(out.leaves)} at the likely times, where "
            f"all must be out by {clock.hhmm(limit)} even at the high ones.")
    latest = limit - through
    if not any(inside_at(case, _steps(plan, v), now) for v in vehicles):
        return (f"{said} They are not inside yet: do not let them in; they are to turn back to "
                "base.")
    if latest < now or out.enters < now:
        return (f"{said} Unless both sides let them through in time, "
                f"{_refuge(case, plan, vehicles[0], out, now, window.closes)}")
    return (f"{said} Go at once, before all others; who has not entered the check by "
            f"{clock.hhmm(latest)} is not to enter it any more: "
            f"{_refuge(case, plan, vehicles[0], out, now, window.closes)}")


def _high(case: Case, out: Crossing, vehicle: str) -> int:
    """Minutes from entering the check to being out, at the high times and without a queue."""
    corridor, kind = case.corridors[out.corridor], type_of(vehicle)
    leg = case.leg(kind, *corridor.gates(out.direction))
    return corridor.check(out.direction).minutes_of(kind).high + (leg.high if leg else 0)


def _closed(case: Case, plan: Plan, convoy: str, vehicles: Sequence[str], now: int) -> str:
    out = _out(plan, vehicles[0], convoy)
    where = case.corridors[out.corridor].name or out.corridor
    window = next((w for w in case.pause.windows if w.closes > now), case.pause.windows[-1])
    who = _who(plan, convoy, vehicles, now)
    if case.corridors[out.corridor].sides(out.direction)[1] == INSIDE:
        return (f"{who}: on the way in through {where} when it closed. They are to turn back out; "
                "where they cannot, to the nearest shelter, until both sides have agreed.")
    if out.enters < now:
        return (f"{who}: in {where} when it closed. Ask both sides at once whether they may come "
                f"through. If not, {_refuge(case, plan, vehicles[0], out, now, window.closes)}")
    return (f"{who}: to come out through {where}, which is closed, and no other way is open in "
            f"time: {_refuge(case, plan, vehicles[0], out, now, window.closes)}")


def _refuge(
    case: Case, plan: Plan, vehicle: str, out: Crossing, now: int, closes: int
) -> str:
    """Where the people of a vehicle are to be brought, how far it is, and by when they set off."""
    kind, clock = type_of(vehicle), case.pause.clock
    place = case.corridors[out.corridor].gates(out.direction)[0]
    before = [s.site for s in _steps(plan, vehicle)
              if isinstance(s, Stop) and s.arrives <= now < s.departs and s.round == out.round
              and s.task is not Task.START and case.sites[s.site].inside]
    if out.arrives > now and before:
        place = before[-1]
    found: list[tuple[int, int, str, Site]] = []
    for site in case.sites.values():
        leg = case.leg(kind, place, site.id)
        if site.inside and site.kind in REFUGE and leg is not None:
            found.append((leg.high, REFUGE.index(site.kind), site.id, site))
    if not found:
        return ("they are to stay under the nearest shelter until both sides have agreed how they "
                "come out.")
    high, _, _, site = min(found, key=lambda x: x[:3])
    latest = closes - high - site.walk_to_shelter
    by = f"setting off by {clock.hhmm(latest)}" if latest > now else "at once"
    goes = (f"turn back to {site.name or site.id}, {by} ({high} minutes at the most)" if high
            else f"stay at {site.name or site.id}")
    return (f"they are to {goes}, and everyone is to be under shelter there before "
            f"{clock.hhmm(closes)}.")
