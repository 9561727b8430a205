"""`replan`: from a plan and what has happened, a new plan for the rest, and what is different.

What has set out is kept (`standing`); the rest is planned anew within what is left (`rest`). It is
planned first within what has been notified and receipted; only where more can be done beyond it is
that used, from when its notice can have run, and each convoy of it is marked. The whole, old and
new, is judged by every rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import StrEnum

from attrs import evolve, frozen

from lull.domain.case import Case
from lull.domain.corridor import Direction
from lull.domain.place import SiteKind
from lull.domain.plan import Convoy, Crossing, Plan, Step, Stop, Task, VehicleDay, left_at
from lull.domain.refusal import Refusal
from lull.domain.rules import Violation, judge
from lull.domain.worth import arrived
from lull.plan import make_plan
from lull.plan.aims import better
from lull.questions.choice import Choice
from lull.questions.counts import Counts, counts
from lull.questions.faults import refuse_faults
from lull.questions.fetching import on_board
from lull.questions.helped import helped, is_at
from lull.questions.last_resort import last_resorts
from lull.questions.replanning import Stop as Ended
from lull.questions.replanning import Told, never, silent, value_of
from lull.questions.reports import Notified, Report
from lull.questions.rest import Rest, merged, rest_of
from lull.questions.seats_back import with_seats_back
from lull.questions.standing import Standing, stand
from lull.questions.stranded import Stranded
from lull.questions.underway import Group, Part, Underway, as_reported

REPLAN_WORK = 300
"""Rounds of search for the rest of a pause."""

RELEASE = 15
"""Minutes until a new order has reached its driver (assumed)."""

NOTICE = 24 * 60
"""Minutes that the notice of something new takes: the shortest of an emergency movement in Yemen
(OCHA, Humanitarian Notification System, 31 March 2021)."""

MOST_DROPPED = 12
"""How often rounds of the old plan that would now break a rule are dropped from it."""

TRIES = 4
"""How often the rest is planned again without the vehicles whose orders would break a rule."""


SOONEST = (45, 60, 75, 90, 120, 180, 240, 24 * 60)
"""Minutes within which those on board of broken vehicles are to be out, the first in which all can
be."""

NEW = "re-"
"""Stands before the name of what is new."""


class Change(StrEnum):
    """What becomes of a convoy or party."""

    KEPT = "kept"
    MOVED = "other time"
    OTHER_WAY = "other corridor"
    CANCELLED = "cancelled"
    NEW = "new"


@frozen
class Difference:
    """One convoy or party: what becomes of it, when it starts in the old plan and in the new one.

    `notified` is "" where it lies within what was notified, or nothing was said of that; else it
    says that it is not yet, and from when it may start.
    """

    what: Change
    id: str
    corridor: str
    direction: str
    old: int | None
    new: int | None
    vehicles: int
    persons: int
    notified: str = ""


@frozen(eq=False)
class NewPlan:
    """The whole day: what is kept and what is new; and all that is to be said of it.

    `stands` are breaches by what is under way that could not be helped. `beyond` says whether
    anything lies outside what was notified. `before` and `after` count the old and the new plan,
    `settled` what is kept of it. `stranded` are on board of vehicles that broke down: they count
    as waiting.
    """

    plan: Plan
    differences: tuple[Difference, ...]
    stands: tuple[Violation, ...]
    said: tuple[str, ...]
    silent: tuple[str, ...]
    before: Counts
    after: Counts
    settled: Counts
    now: int
    orders_from: int
    beyond: bool
    stranded: tuple[Stranded, ...] = ()
    work: int = 0
    seed: int = 0
    stopped: bool = False


def replan(
    case: Case,
    plan: Plan,
    now: int,
    reports: Sequence[Report] = (),
    *,
    notified: Sequence[Notified] | None = None,
    release: int = RELEASE,
    notice: int = NOTICE,
    work: int = REPLAN_WORK,
    seed: int = 0,
    progress: Told = silent,
    stop: Ended = never,
) -> NewPlan:
    """A new plan for the rest of a pause from minute `now` on.

    `notified` is what the parties have been told of (None: nothing is said of it, and no limit is
    kept); `release` minutes until new orders reach drivers; `notice` minutes that anything else has
    to be notified before. Raises Refusal for reports that do not belong to the plan, and for plans
    in which people change vehicles, which cannot be made anew in the middle yet.
    """
    refuse_faults(case, plan, now, reports, notified or ())
    if any(case.sites[s.site].kind is SiteKind.EXCHANGE for _, s in plan.stops()):
        raise Refusal("People change vehicles at an exchange point in this plan; such a plan "
                      "cannot be made anew in the middle of the day yet.")
    actual = as_reported(case, reports)
    under, broken = helped(actual, plan, now, reports, now + release)
    slot = case.pause.rules.slot
    opens = -(-(now + release) // slot) * slot
    hours: dict[str, list[Notified]] = defaultdict(list)
    for one in notified or ():
        hours[one.corridor].append(one)
    progress("planning the rest within what was notified" if notified is not None
             else "planning the rest", 0, 0)
    within = None if notified is None else hours
    fetching = _fetching(actual, under, opens, within, broken, work, seed, stop)
    best, why = _planned(actual, fetching, opens, within, None, broken, work, seed, stop)
    if notified is not None and not stop():
        progress("planning the rest beyond what was notified", 0, 0)
        more, _ = _planned(actual, fetching, opens, hours, now + notice, broken, work, seed, stop)
        if better(value_of(actual, more), value_of(actual, best)):
            best = more
    old = None if fetching is not under else _as_it_was(
        actual, plan, now, reports, broken, now + release, under.choice, notified, now + notice)
    if old is not None and not better(value_of(actual, best), value_of(actual, old)):
        best, why = old, ()
    found = _differences(plan, best, notified, now + notice, case, frozenset(
        [c.id for c in under.kept.convoys] + [p.id for p in under.kept.parties]))
    stands = judge(actual, best)
    return NewPlan(
        best, found, stands, (
            *on_board(actual, under, fetching.kept, best, now),
            *last_resorts(actual, best, stands, now), *under.said,
            *_unheard_of(under.kept, now, notified, case), *why),
        under.silent, counts(case, plan),
        counts(actual, best), counts(actual, under.kept), now, opens,
        any(d.notified for d in found), under.stranded, work, seed, stop())


def _fetching(
    case: Case, under: Underway, opens: int, hours: Mapping[str, Sequence[Notified]] | None,
    broken: Sequence[Violation], work: int, seed: int, stop: Ended,
) -> Underway:
    """What stands, and before all else the vehicles that fetch who is on board of broken ones."""
    wait = sum(h.size * h.number for s in under.stranded if s.pick_up for h in s.households)
    if not wait:
        return under
    had, whole = sum(arrived(under.kept).persons.values()), under.kept
    for within in SOONEST:
        whole, _ = _planned(case, under, opens, hours, None, broken, work, seed, stop,
                            fetch_by=opens + within)
        if sum(arrived(whole).persons.values()) >= had + wait or stop():
            break
    if whole is under.kept:
        return under
    was = {d.vehicle: len(d.steps) for d in under.kept.vehicles}
    sent = {d.vehicle: d.steps[-1].arrives for d in whole.vehicles
            if len(d.steps) != was.get(d.vehicle, 0)}
    return evolve(under, kept=whole, free_at={**under.free_at, **sent})


def _planned(
    case: Case, under: Underway, opens: int, hours: Mapping[str, Sequence[Notified]] | None,
    also_from: int | None, broken: Sequence[Violation], work: int, seed: int, stop: Ended,
    fetch_by: int | None = None,
) -> tuple[Plan, tuple[str, ...]]:
    """What is kept with a plan of the rest that breaks no further rule, or without one."""
    known = {_name(v) for v in broken}
    for _ in range(TRIES):
        rest = rest_of(case, under, opens, hours, also_from, fetch_by=fetch_by)
        if rest is None or not rest.case.corridors:
            return under.kept, ("No window is left in which anything new could start.",) \
                if rest is None else ("No corridor may be used for anything new.",)
        made = make_plan(rest.case, work=work, seed=seed, stop=stop, stop_bound=_at_once)
        if made.refused:
            return under.kept, made.refused
        whole = with_seats_back(case, joined(under.kept, rest, made.plan))
        wrong = [v for v in judge(case, whole) if _name(v) not in known]
        if not wrong:
            return whole, ()
        vehicles = {d.vehicle for d in whole.vehicles}
        blamed = {v.who for v in wrong if v.who in vehicles} or {
            name for v in wrong for c in whole.convoys if c.id == v.who for name in c.vehicles}
        if not blamed:
            break
        under = evolve(under, free_at={**under.free_at, **dict.fromkeys(blamed, None)})
    rules = ", ".join(sorted({v.rule for v in wrong}))
    return under.kept, (f"A plan of the rest was found that breaks a rule together with what is "
                        f"under way ({rules}); it is set aside, and nothing new is planned.",)


def _as_it_was(
    case: Case, plan: Plan, now: int, reports: Sequence[Report], broken: Sequence[Violation],
    reaches: int, choice: Choice, notified: Sequence[Notified] | None = None, noticed: int = 0,
) -> Plan | None:
    """The old plan with the delays there are, without rounds that would now break a rule.

    Nor are rounds in it that have not set out, were not notified, and start before minute
    `noticed`. Orders that drivers have are changed only for something better. None where it cannot
    be had.
    """
    known, skip = {_name(v) for v in broken}, set[tuple[str, int]]()
    for _ in range(MOST_DROPPED):
        standing = Standing(case, plan, now, reports, forward=True, skip=frozenset(skip),
                            choice=choice, reaches=reaches)
        whole = standing.of().kept
        breaches = [v for v in judge(case, whole) if _name(v) not in known]
        wrong = {v.who for v in breaches}
        early = _not_told(whole, standing.ahead, reaches, notified, noticed)
        if not wrong and not early:
            return whole
        convoys = {v for c in whole.convoys if c.id in wrong for v in c.vehicles}
        last = [max((g for g in standing.ahead if any(v == vehicle for v, _ in g.parts)),
                    key=lambda g: g.begins, default=None) for vehicle in wrong | convoys]
        more = {part for group in last if group is not None for part in group.parts}
        more |= early
        more |= {part for v in breaches for g in standing.ahead for part in g.parts
                 if v.who == v.where and v.when_minute is not None
                 and is_at(case, g, v.where, v.when_minute - g.late)}
        more |= {(p.id, 0) for p in whole.parties if p.id in wrong and p.departs >= reaches}
        if not more - skip:
            return None
        skip |= more
    return None


def _not_told(
    plan: Plan, ahead: Sequence[Group], reaches: int, notified: Sequence[Notified] | None,
    noticed: int,
) -> set[Part]:
    """Rounds and parties still to set out that were not notified and cannot be any more."""
    if notified is None:
        return set()
    bad = {c.id for c in plan.convoys if c.starts < noticed and not _within(
        notified, c.corridor, c.direction, c.starts, _leaves(c, plan), len(c.vehicles))}
    found = {part for group in ahead if any(
        isinstance(s, Crossing) and s.convoy in bad for steps in group.steps.values()
        for s in steps) for part in group.parts}
    return found | {
        (p.id, 0) for p in plan.parties if reaches <= p.departs and p.enters < noticed
        and not _within(notified, p.corridor, Direction.OUT, p.enters, p.leaves, 0)}


def _unheard_of(
    kept: Plan, now: int, notified: Sequence[Notified] | None, case: Case
) -> tuple[str, ...]:
    """Who is under way through a corridor at an hour that was not notified, in a sentence each."""
    return tuple(
        f"Convoy {c.id} is under way and passes {case.corridors[c.corridor].name or c.corridor} at "
        f"{case.pause.clock.hhmm(c.starts)}, which was not notified and receipted: tell the "
        "parties at once." for c in kept.convoys if notified is not None and c.starts >= now
        and not _within(notified, c.corridor, c.direction, c.starts, _leaves(c, kept),
                        len(c.vehicles)))


def _at_once() -> bool:
    return True


def _name(of: Violation) -> tuple[str, str, str, int | None]:
    """By what a breach is known: another one by the same at another minute is another breach."""
    return of.rule, of.who, of.where, of.when_minute


def new_breaches(case: Case, plan: Plan, now: int) -> tuple[Violation, ...]:
    """Breaches of a plan that are not by what has set out by a minute, and may still be helped."""
    broken = judge(case, plan)
    known = {_name(v) for v in judge(case, stand(case, plan, now, ()).kept)} if broken else set()
    return tuple(v for v in broken if _name(v) not in known)


def joined(kept: Plan, rest: Rest, new: Plan) -> Plan:
    """One plan of what is kept and what is new, under the original names of vehicles.

    What is new is called `re-` before its name, as often as it takes to be told from what a plan
    made anew before holds already.
    """
    names = [c.id for c in kept.convoys] + [p.id for p in kept.parties]
    prefix = NEW
    while any(name.startswith(prefix) for name in names):
        prefix += NEW

    def convoy_id(name: str) -> str:
        return f"{prefix}{name}"

    fresh: dict[str, VehicleDay] = {}
    for day in new.vehicles:
        steps = tuple(evolve(s, convoy=convoy_id(s.convoy)) if isinstance(s, Crossing) else s
                      for s in day.steps)
        name = rest.vehicles[day.vehicle]
        fresh[name] = VehicleDay(name, steps)
    days = [_day(d, fresh.pop(d.vehicle, None)) for d in kept.vehicles]
    parties = tuple(evolve(p, id=convoy_id(p.id)) for p in new.parties)
    convoys = tuple(evolve(
        c, id=convoy_id(c.id), vehicles=tuple(rest.vehicles[v] for v in c.vehicles),
        leader=rest.vehicles[c.leader] if c.leader else "") for c in new.convoys)
    serves = {c.id for c in new.convoys} | {p.id for p in new.parties}
    calls = tuple(evolve(c, serves=convoy_id(c.serves) if c.serves in serves
                         else rest.vehicles.get(c.serves, c.serves)) for c in new.calls)
    lasts = {(x.site, x.window): x for x in kept.last_calls}
    for last in new.last_calls:
        window = last.window + rest.first_window
        lasts[last.site, window] = evolve(last, window=window)
    seats = tuple(evolve(r, outbound=convoy_id(r.outbound), inbound=convoy_id(r.inbound))
                  for r in new.return_seats)
    return evolve(
        kept, vehicles=(*days, *fresh.values()), convoys=(*kept.convoys, *convoys),
        parties=(*kept.parties, *parties), calls=(*kept.calls, *calls),
        last_calls=tuple(lasts.values()), return_seats=(*kept.return_seats, *seats))


def _day(old: VehicleDay, new: VehicleDay | None) -> VehicleDay:
    """A day that goes on after a wait at the base."""
    if new is None:
        return old
    last, first = old.steps[-1], new.steps[0]
    assert isinstance(last, Stop)
    assert isinstance(first, Stop)
    turn = max(s.round for s in old.steps)
    least = min((s.round for s in new.steps[1:]), default=1)
    wait = Stop(last.site, Task.WAIT, last.arrives, last.arrives, left_at(first), round=turn + 1)
    further: list[Step] = [evolve(s, round=s.round + turn + 1 - least) for s in new.steps[1:]]
    return VehicleDay(old.vehicle, (*old.steps[:-1], wait, *further))


def _differences(
    old: Plan, new: Plan, notified: Sequence[Notified] | None, from_: int, case: Case,
    settled: frozenset[str],
) -> tuple[Difference, ...]:
    was = {c.id: c for c in old.convoys}
    found: list[Difference] = []
    taken: set[str] = set()
    loads, before = _loads(new), _loads(old)
    for convoy in new.convoys:
        name = convoy.id.partition("-by-")[0]
        mark = "" if notified is None or convoy.id in settled else _mark(_within(
            notified, convoy.corridor, convoy.direction, convoy.starts, _leaves(convoy, new),
            len(convoy.vehicles)), from_, case)
        match = was.get(name) or next(
            (c for c in old.convoys if c.id not in taken and _alike(c, convoy)), None)
        if match is None or match.id in taken:
            found.append(_difference(Change.NEW, convoy, None, convoy.starts, loads, mark))
            continue
        taken.add(match.id)
        what = Change.OTHER_WAY if match.corridor != convoy.corridor else (
            Change.KEPT if match.starts == convoy.starts else Change.MOVED)
        found.append(_difference(what, convoy, match.starts, convoy.starts, loads, mark))
    found += [_difference(Change.CANCELLED, c, c.starts, None, before, "") for c in old.convoys
              if c.id not in taken]
    parties = {p.id for p in new.parties}
    marks = {} if notified is None else {p.id: _mark(_within(
        notified, p.corridor, Direction.OUT, p.enters, p.leaves, 0), from_, case)
        for p in new.parties if p.id not in settled}
    for party in old.parties:
        what = Change.KEPT if party.id in parties else Change.CANCELLED
        found.append(Difference(what, party.id, party.corridor, "out", party.enters,
                                party.enters if party.id in parties else None, party.cars,
                                party.persons, marks.get(party.id, "")))
    known = {p.id for p in old.parties}
    found += [Difference(Change.NEW, p.id, p.corridor, "out", None, p.enters, p.cars, p.persons,
                         marks.get(p.id, "")) for p in new.parties if p.id not in known]
    return tuple(sorted(found, key=lambda d: (
        d.new if d.new is not None else d.old or 0, d.corridor, d.id)))


def _alike(one: Convoy, other: Convoy) -> bool:
    """Whether two convoys are the same vehicles through the same corridor in the same direction."""
    return (one.corridor, one.direction, set(one.vehicles)) == (
        other.corridor, other.direction, set(other.vehicles))


def _difference(
    what: Change, of: Convoy, old: int | None, new: int | None, loads: Mapping[str, int], mark: str
) -> Difference:
    return Difference(what, of.id, of.corridor, of.direction.value, old, new, len(of.vehicles),
                      loads.get(of.id, 0), mark)


def _loads(plan: Plan) -> dict[str, int]:
    """Persons on board of each convoy."""
    found: dict[str, int] = defaultdict(int)
    for day in plan.vehicles:
        aboard = 0
        for step in day.steps:
            if isinstance(step, Crossing):
                found[step.convoy] += aboard
            elif step.task in (Task.LOAD, Task.UNLOAD):
                sign = 1 if step.task is Task.LOAD else -1
                aboard += sign * sum(p.persons for p in step.people)
    return found


def _leaves(convoy: Convoy, plan: Plan) -> int:
    """When the last vehicle of a convoy is through."""
    return max((s.leaves for _, s in plan.crossings() if s.convoy == convoy.id),
               default=convoy.starts)


def _within(
    notified: Sequence[Notified], corridor: str, way: Direction, starts: int, leaves: int,
    vehicles: int,
) -> bool:
    """Whether a passage lies within what was notified and receipted."""
    return any(a <= starts and leaves <= b for a, b in merged(
        (n.opens, n.closes) for n in notified
        if n.receipted and n.corridor == corridor and n.direction is way
        and (n.largest is None or vehicles <= n.largest)))


def _mark(within: bool, from_: int, case: Case) -> str:
    """"" for what lies within what was notified and receipted; else what is lacking."""
    return "" if within else (
        f"not yet notified; may start from {case.pause.clock.hhmm(from_)}, once it is receipted")
