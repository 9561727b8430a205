"""Where a plan stands at a minute: what is done or under way, and what may still be changed.

Vehicles that share convoys in a round form a group. A group that has set out keeps its round; its
times move by what was reported, in whole slots. A group without any report counts as inside and
loaded: it keeps its round, and its vehicles are not planned on again before a report comes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from attrs import define, evolve, field, frozen

from lull.domain.case import Case
from lull.domain.corridor import Direction
from lull.domain.fleet import type_of
from lull.domain.place import INSIDE
from lull.domain.plan import Crossing, Plan, Step, Stop, Task, VehicleDay, left_at
from lull.domain.time import Window
from lull.questions.reports import EVERYBODY, Happened, Report

Part = tuple[str, int]
"""A vehicle and the number of one of its rounds."""

FAR = 10**6


@define
class Group:
    """Vehicles that drive a round together: each one's steps, when they set out, how late."""

    parts: tuple[Part, ...]
    steps: dict[str, list[Step]]
    begins: int
    begun: bool = False
    reported: bool = False
    late: int = 0
    from_minute: int = FAR
    """Planned minute from which on its steps are late."""


@frozen(eq=False)
class Underway:
    """What of a plan stands, and what is free again.

    `kept` is the plan of all that has set out; `free_at` the minute at which each vehicle is home
    (None: not planned on again); `broken`, `silent` and `turned_back` are vehicles; `said` are
    sentences about what cannot be helped.
    """

    kept: Plan
    free_at: Mapping[str, int | None]
    dropped: tuple[str, ...]
    broken: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    turned_back: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


def as_reported(case: Case, reports: Sequence[Report]) -> Case:
    """The case with corridors open only as long as they were, and again since they were opened."""
    corridors = dict(case.corridors)
    for report in sorted(reports, key=lambda r: r.at):
        if report.what is Happened.CLOSED:
            old = corridors[report.who]
            hours = old.open_hours or (Window(-FAR, FAR),)
            kept = tuple(evolve(h, closes=min(h.closes, report.at)) for h in hours
                         if h.opens < report.at)
            corridors[report.who] = evolve(old, open_hours=kept or (Window(-FAR, 1 - FAR),))
        elif report.what is Happened.OPENED:
            old, first = corridors[report.who], case.corridors[report.who]
            again = tuple(evolve(h, opens=max(h.opens, report.at))
                          for h in first.open_hours or (Window(-FAR, FAR),)
                          if h.closes > report.at)
            corridors[report.who] = evolve(old, open_hours=(*old.open_hours, *again))
    return evolve(case, corridors=corridors)


def groups_of(plan: Plan) -> list[Group]:
    """The rounds of a plan, those of vehicles in one convoy together."""
    rounds: dict[Part, list[Step]] = {}
    sets_out: dict[Part, int] = {}
    for day in plan.vehicles:
        before: Step | None = None
        for step in day.steps:
            if not (isinstance(step, Stop) and step.task in (Task.START, Task.END)):
                part = (day.vehicle, step.round)
                rounds.setdefault(part, []).append(step)
                sets_out.setdefault(part, left_at(before) if before else step.arrives)
            before = step
    joined: dict[Part, Part] = {part: part for part in rounds}

    def root(part: Part) -> Part:
        while joined[part] != part:
            part = joined[part]
        return part

    by_convoy: dict[str, Part] = {}
    for part, steps in rounds.items():
        for step in steps:
            if isinstance(step, Crossing):
                joined[root(part)] = root(by_convoy.setdefault(step.convoy, part))
    together: dict[Part, list[Part]] = defaultdict(list)
    for part in rounds:
        together[root(part)].append(part)
    found = [Group(tuple(parts), {v: rounds[v, n] for v, n in parts},
                   min(sets_out[p] for p in parts)) for parts in together.values()]
    return sorted(found, key=lambda g: (g.begins, g.parts))


def _heard(group: Group, report: Report) -> bool:
    if report.who == EVERYBODY:
        return True
    convoys = {s.convoy for steps in group.steps.values() for s in steps
               if isinstance(s, Crossing)}
    return report.who in convoys or report.who in group.steps


def _planned_minute(group: Group, report: Report) -> int | None:
    """When the plan has for a group what a report says of it; None where it has not."""
    for steps in group.steps.values():
        for step in steps:
            if isinstance(step, Stop) and step.site == report.where:
                times = {Happened.ARRIVED: step.arrives, Happened.DEPARTED: step.departs}
            elif isinstance(step, Crossing) and step.corridor == report.where:
                times = {Happened.ENTERED: step.enters, Happened.LEFT: step.leaves}
            else:
                continue
            if report.what in times:
                return times[report.what]
    return None


@define(eq=False)
class Reading:
    """Reads reports into the groups of a plan."""

    case: Case
    plan: Plan
    now: int
    reports: Sequence[Report]
    said: list[str] = field(factory=list)

    def groups(self) -> list[Group]:
        """Every group, with whether it has set out, was heard of, and how late it is."""
        found = groups_of(self.plan)
        for group in found:
            group.begun = group.begins < self.now
        last: dict[str, Group] = {}
        for group in found:
            if group.begun:
                last.update({vehicle: group for vehicle, _ in group.parts})
        for report in sorted(self.reports, key=lambda r: r.at):
            self._read(report, found, last)
        slot = self.case.pause.rules.slot
        for group in found:
            group.late = -(-group.late // slot) * slot
        return found

    def _read(self, report: Report, groups: Sequence[Group], last: Mapping[str, Group]) -> None:
        if report.what in (Happened.CLOSED, Happened.OPENED, Happened.BROKEN_DOWN):
            return
        for group in groups:
            if not group.begun or not _heard(group, report):
                continue
            if report.what is Happened.AS_PLANNED:
                group.reported = True
                continue
            if report.what is Happened.DELAYED:
                if any(last[v] is group for v, _ in group.parts):
                    group.reported, group.late = True, max(group.late, report.minutes)
                    group.from_minute = min(group.from_minute, report.at)
                continue
            planned = _planned_minute(group, report)
            if planned is None:
                continue
            group.reported = True
            if report.at > planned:
                group.late = max(group.late, report.at - planned)
                group.from_minute = min(group.from_minute, planned)


def later(step: Step, minutes: int) -> Step:
    """The same step so many minutes later."""
    if isinstance(step, Stop):
        return evolve(step, arrives=step.arrives + minutes, starts=step.starts + minutes,
                      departs=step.departs + minutes)
    return evolve(step, arrives=step.arrives + minutes, enters=step.enters + minutes,
                  cleared=step.cleared + minutes, leaves=step.leaves + minutes)


def shifted(group: Group) -> dict[str, list[Step]]:
    """A group's steps with its delay: what ends before it is as planned."""
    if not group.late:
        return {v: list(steps) for v, steps in group.steps.items()}
    found = {}
    for vehicle, steps in group.steps.items():
        moved: list[Step] = []
        for step in steps:
            if left_at(step) < group.from_minute:
                moved.append(step)
            elif isinstance(step, Stop) and step.arrives < group.from_minute:
                moved.append(evolve(step, departs=step.departs + group.late))
            else:
                moved.append(later(step, group.late))
        found[vehicle] = moved
    return found


def inside_at(case: Case, steps: Sequence[Step], minute: int) -> bool:
    """Whether a vehicle is on the enclosed side, or in a corridor, at a minute of its round."""
    inside = False
    for step in steps:
        if isinstance(step, Crossing):
            left, reached = case.corridors[step.corridor].sides(step.direction)
            if INSIDE in (left, reached) and step.enters < minute:
                inside = reached == INSIDE or step.leaves > minute
    return inside


def blocked_crossings(case: Case, steps: Sequence[Step], now: int) -> Iterator[int]:
    """Numbers of the crossings of a round that are still ahead and whose corridor is not open."""
    for i, step in enumerate(steps):
        if isinstance(step, Crossing) and step.enters >= now and not case.corridors[
                step.corridor].is_open(step.enters, step.leaves):
            yield i


def home(case: Case, vehicle: str, steps: Sequence[Step]) -> int:
    """When a vehicle is at its base after its last step."""
    last, kind = steps[-1], case.fleet[type_of(vehicle)]
    place = last.site if isinstance(last, Stop) else case.corridors[last.corridor].gates(
        last.direction)[1]
    leg = case.leg(kind.id, place, kind.base)
    return left_at(last) + (leg.likely if leg else 0)


def comes(case: Case, vehicle: str, steps: Sequence[Step], then: Step) -> int:
    """When a vehicle that has driven some steps can be at the place of another one."""
    last, kind = steps[-1], case.fleet[type_of(vehicle)]
    start = last.site if isinstance(last, Stop) else case.corridors[last.corridor].gates(
        last.direction)[1]
    end = then.site if isinstance(then, Stop) else case.corridors[then.corridor].gates(
        then.direction)[0]
    leg = case.leg(kind.id, start, end)
    return left_at(last) + (leg.likely if leg else 0)


def day_of(case: Case, vehicle: str, starts: Stop, steps: Sequence[Step]) -> VehicleDay:
    """A vehicle's day that ends at its base after some steps."""
    kind = case.fleet[type_of(vehicle)]
    at = home(case, vehicle, steps)
    last = steps[-1].round
    end = Stop(kind.base, Task.END, at, at, at, round=last)
    return VehicleDay(vehicle, (starts, *steps, end))


def ways_out(case: Case, crossing: Crossing) -> list[str]:
    """Corridors other than the planned one that lead the same way for the same users."""
    here = case.corridors[crossing.corridor]
    return [c.id for c in case.corridors.values()
            if c.id != here.id and not c.link and here.users <= c.users
            and crossing.direction in c.directions and crossing.direction is Direction.OUT
            and c.sides(crossing.direction) == here.sides(crossing.direction)]
