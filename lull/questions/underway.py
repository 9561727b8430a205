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
from lull.domain.corridor import Corridor, Direction
from lull.domain.fleet import type_of
from lull.domain.matching import SERVES, USER_OF
from lull.domain.place import INSIDE
from lull.domain.plan import Crossing, Plan, Step, Stop, Task, VehicleDay, left_at
from lull.domain.refusal import Refusal
from lull.domain.time import Window
from lull.questions.choice import AS_IT_IS, Choice, Part
from lull.questions.reports import EVERYBODY, Happened, Report
from lull.questions.stranded import Stranded, aboard_at

FAR = 10**6

EARLY = 10
"""Minutes by which something may happen before its time in the plan and still be read as that
(assumed)."""


@define
class Group:
    """Vehicles that drive a round together: each one's steps, when they set out, how late.

    `outs` is when each sets out, `bases` the sites that some leave for the first time of the day;
    `told` says that a report is of this very round.
    """

    parts: tuple[Part, ...]
    steps: dict[str, list[Step]]
    begins: int
    begun: bool = False
    reported: bool = False
    late: int = 0
    from_minute: int = FAR
    """Planned minute from which on its steps are late."""

    outs: dict[str, int] = field(factory=dict)
    bases: dict[str, str] = field(factory=dict)
    told: bool = False


@frozen(eq=False)
class Underway:
    """What of a plan stands, and what is free again.

    `kept` is the plan of all that has set out; `free_at` the minute at which each vehicle is home
    (None: not planned on again); `stranded` are on board of vehicles that broke down; `choice` is
    what was done so that rounds under way keep the rules; `broken`, `silent` and `turned_back` are
    vehicles; `said` are sentences about what cannot be helped.
    """

    kept: Plan
    free_at: Mapping[str, int | None]
    dropped: tuple[str, ...]
    broken: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    turned_back: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    stranded: tuple[Stranded, ...] = ()
    choice: Choice = AS_IT_IS


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
    bases: dict[Part, str] = {}
    for day in plan.vehicles:
        before: Step | None = None
        for step in day.steps:
            if not (isinstance(step, Stop) and step.task in (Task.START, Task.END)):
                part = (day.vehicle, step.round)
                rounds.setdefault(part, []).append(step)
                sets_out.setdefault(part, left_at(before) if before else step.arrives)
                if isinstance(before, Stop) and before.task is Task.START:
                    bases[part] = before.site
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
                   min(sets_out[p] for p in parts), outs={v: sets_out[v, n] for v, n in parts},
                   bases={v: bases[v, n] for v, n in parts if (v, n) in bases})
             for parts in together.values()]
    return sorted(found, key=lambda g: (g.begins, g.parts))


def _heard(group: Group, report: Report) -> bool:
    if report.who == EVERYBODY:
        return True
    convoys = {s.convoy for steps in group.steps.values() for s in steps
               if isinstance(s, Crossing)}
    return report.who in convoys or report.who in group.steps


def _occasions(case: Case, group: Group, report: Report) -> Iterator[int]:
    """Every minute at which the plan has for a group what a report says of it."""
    for vehicle, steps in group.steps.items():
        convoys = {s.convoy for s in steps if isinstance(s, Crossing)}
        if report.who not in {vehicle, EVERYBODY} | convoys:
            continue
        if report.what is Happened.DEPARTED and group.bases.get(vehicle) == report.where:
            yield group.outs[vehicle]
        for step in steps:
            if isinstance(step, Stop) and step.site == report.where:
                times = {Happened.ARRIVED: step.arrives, Happened.DEPARTED: step.departs}
            elif (isinstance(step, Crossing) and step.corridor == report.where
                    and (report.who not in convoys or report.who == step.convoy)):
                times = {Happened.ENTERED: step.enters, Happened.LEFT: step.leaves}
            else:
                continue
            if report.what in times:
                yield times[report.what]
        if report.what is Happened.ARRIVED and case.fleet[type_of(vehicle)].base == report.where:
            yield home(case, vehicle, steps)


@define(eq=False)
class Reading:
    """Reads reports into the groups of a plan."""

    case: Case
    plan: Plan
    now: int
    reports: Sequence[Report]
    read: dict[tuple[str, Happened, str], tuple[int, int]] = field(factory=dict)
    """Of whom, what and where: the planned minute that was read last, and when it was reported."""

    useless: list[Report] = field(factory=list)

    def groups(self) -> list[Group]:
        """Every group, with whether it has set out, was heard of, and how late it is.

        Raises Refusal with every report that fits no round: none is passed over in silence.
        """
        found = self.read_all()
        if self.useless:
            raise Refusal("\n".join(self.unfit()))
        return found

    def read_all(self) -> list[Group]:
        """Every group as the reports say; `useless` holds those that fit none."""
        found = groups_of(self.plan)
        for group in found:
            group.begun = group.begins < self.now
        self.useless = [r for r in sorted(self.reports, key=lambda r: r.at)
                        if not self._read(r, found)]
        slot = self.case.pause.rules.slot
        for group in found:
            group.late = -(-group.late // slot) * slot
        self._carry_over(found, slot)
        return found

    def unfit(self) -> list[str]:
        """A sentence for each report that fits no round."""
        return [self._fits_nothing(r) for r in self.useless]

    def _fits_nothing(self, of: Report) -> str:
        where = f" ({of.where})" if of.where else ""
        line = f"{of.line}: the report" if of.line else "The report"
        return (f"{line} of {self.case.pause.clock.hhmm(of.at)} that {of.who} "
                f"{of.what.value}{where} fits no round of the plan at that time: correct it, or "
                "leave it out.")

    def _read(self, report: Report, groups: Sequence[Group]) -> bool:
        """Read one report; False where nothing of the plan is what it speaks of."""
        if report.what in (Happened.CLOSED, Happened.OPENED, Happened.BROKEN_DOWN,
                           Happened.TAKEN_OVER):
            return True
        if report.what is Happened.AS_PLANNED:
            for group in groups:
                if group.begun and group.begins <= report.at and _heard(group, report):
                    group.reported = True
            return True
        if report.what is Happened.DELAYED:
            return self._delayed(report, groups)
        each = [[g] for g in groups if g.begun] if report.who == EVERYBODY else [groups]
        read = [self._at_a_place(report, some) for some in each]
        return any(read)

    def _delayed(self, report: Report, groups: Sequence[Group]) -> bool:
        """The rounds under way at the minute of a report are late."""
        last: dict[str, Group] = {}
        for group in groups:
            if group.begun and group.begins <= report.at:
                last.update(dict.fromkeys(group.steps, group))
        under_way = [g for g in groups if _heard(g, report) and any(
            last.get(v) is g and report.at <= home(self.case, v, steps) + g.late
            for v, steps in g.steps.items())]
        for group in under_way:
            _is_late(group, report.at, report.minutes)
        return bool(under_way)

    def _at_a_place(self, report: Report, groups: Sequence[Group]) -> bool:
        """Read a report into the last occasion that it can be of, after those already read."""
        key = (report.who, report.what, report.where)
        read = self.read.get(key) if report.who != EVERYBODY else None
        occasions = sorted((
            (planned, n) for n, g in enumerate(groups)
            for planned in _occasions(self.case, g, report)
            if read is None or planned > read[0]
            or (planned == read[0] and report.at - read[1] <= EARLY)))
        due = [(planned, n) for planned, n in occasions if planned <= report.at + EARLY]
        open_ = [(planned, n) for planned, n in occasions if groups[n].begun]
        if not due and not open_:
            return False
        planned, number = due[-1] if due else open_[0]
        self.read[key] = planned, report.at
        group = groups[number]
        group.begun = True
        _is_late(group, planned, report.at - planned)
        return True

    def _carry_over(self, groups: Sequence[Group], slot: int) -> None:
        """A vehicle that is late in one round is late in the next, or has not set out on it."""
        before: dict[str, list[Step]] = {}
        for group in groups:
            first = {v: before[v] for v in group.steps if v in before}
            behind = max((comes(self.case, v, steps, group.steps[v][0]) - group.steps[v][0].arrives
                          for v, steps in first.items()), default=0)
            if group.begun and behind > 0 and not group.told:
                group.begun = any(
                    max(out, left_at(first[v][-1]) if v in first else out) < self.now
                    for v, out in group.outs.items())
                if group.begun:
                    group.late = max(group.late, -(-behind // slot) * slot)
                    group.from_minute = group.begins
            if group.begun:
                before.update(shifted(group))


def _is_late(group: Group, planned: int, minutes: int) -> None:
    """A group was heard of; from a planned minute on it is so many minutes late, if it is."""
    group.reported = group.told = True
    if minutes > 0:
        last = min(left_at(steps[-1]) for steps in group.steps.values())
        group.late = max(group.late, minutes)
        group.from_minute = min(group.from_minute, planned, last)


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
            elif isinstance(step, Crossing) and step.enters < group.from_minute:
                at_gate = group.late if step.cleared > group.from_minute else 0
                moved.append(evolve(step, cleared=step.cleared + at_gate,
                                    leaves=step.leaves + group.late))
            elif isinstance(step, Crossing) and step.arrives < group.from_minute:
                moved.append(evolve(later(step, group.late), arrives=step.arrives))
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


def ways_out(case: Case, moved: Mapping[str, Sequence[Step]], at: int) -> list[str]:
    """Corridors other than the planned one that lead out for all who are on board, or empty.

    `at` is the number of the crossing in each vehicle's steps.
    """
    crossing = next(iter(moved.values()))[at]
    assert isinstance(crossing, Crossing)
    here = case.corridors[crossing.corridor]
    return [c.id for c in case.corridors.values()
            if c.id != here.id and not c.link
            and crossing.direction in c.directions and crossing.direction is Direction.OUT
            and c.sides(crossing.direction) == here.sides(crossing.direction)
            and all(_may_pass(case, vehicle, steps, at, c)
                    for vehicle, steps in moved.items())]


def _may_pass(case: Case, vehicle: str, steps: Sequence[Step], at: int, by: Corridor) -> bool:
    people, _ = aboard_at(steps[:at], FAR)
    if people:
        return {USER_OF[case.groups[p.group].category] for p in people} <= by.users
    return bool({SERVES[use] for use in case.fleet[type_of(vehicle)].uses} & by.users)
