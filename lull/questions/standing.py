"""From a plan and reports to what is kept: rounds under way, new ways out, what is dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import define, evolve, field

from lull.domain.case import Case
from lull.domain.corridor import Direction
from lull.domain.fleet import type_of
from lull.domain.plan import (
    Convoy,
    Crossing,
    Party,
    Plan,
    Step,
    Stop,
    Task,
    VehicleDay,
    left_at,
)
from lull.questions.reports import Happened, Report
from lull.questions.underway import (
    Group,
    Part,
    Reading,
    Underway,
    blocked_crossings,
    comes,
    day_of,
    home,
    inside_at,
    later,
    shifted,
    ways_out,
)

LATEST_SEARCH = 24 * 60
"""Minutes within which a slot at another gate is looked for."""


@define(eq=False)
class Standing:
    """Builds what stands; `case` has the corridors as they are open now.

    With `forward` rounds that have not set out are kept too, as late as their vehicles come home:
    the old plan with its delays. Those of which a part stands in `skip` are dropped all the same.
    """

    case: Case
    plan: Plan
    now: int
    reports: Sequence[Report]
    forward: bool = False
    skip: frozenset[Part] = frozenset()
    reaches: int | None = None
    """Minute at which new orders reach drivers: who sets out before it cannot be told otherwise."""

    ahead: list[Group] = field(factory=list)
    """Rounds that have not set out and are kept."""

    steps: dict[str, list[Step]] = field(factory=dict)
    convoys: dict[str, Convoy] = field(factory=dict)
    free_at: dict[str, int | None] = field(factory=dict)
    silent: list[str] = field(factory=list)
    turned: list[str] = field(factory=list)
    stuck: set[str] = field(factory=set)
    """Vehicles inside that no open corridor leads out of; nothing else is planned for them."""

    dropped: list[str] = field(factory=list)
    said: list[str] = field(factory=list)
    renamed: dict[str, str] = field(factory=dict)
    booked: list[tuple[str, Direction, int, int]] = field(factory=list)
    """Corridor, direction, start and last minute in the check of every convoy that is kept."""

    def of(self) -> Underway:
        """Read the reports and take every group in the order in which it sets out."""
        groups = Reading(self.case, self.plan, self.now, self.reports).groups()
        broken = {r.who: r.at for r in self.reports if r.what is Happened.BROKEN_DOWN}
        for group in groups:
            if group.begun or ((self.forward or group.begins < self._told_from)
                               and self._goes_on(group)):
                self._keep(group, broken)
            else:
                self._drop(group)
                self._hold(group, broken)
        parties = tuple(p for p in self.plan.parties if self._stays(p)
                        and (p.departs < self._told_from
                             or (self.forward and (p.id, 0) not in self.skip)))
        kept = {p.id for p in parties}
        self.dropped += [p.id for p in self.plan.parties if p.id not in kept]
        for vehicle in broken:
            self.free_at[vehicle] = None
        days = []
        for day in self.plan.vehicles:
            if self.steps.get(day.vehicle):
                start = day.steps[0]
                assert isinstance(start, Stop)
                days.append(day_of(self.case, day.vehicle, start, self.steps[day.vehicle]))
        return Underway(
            self._kept(tuple(days), {p.id for p in parties}), self.free_at, tuple(self.dropped),
            tuple(broken), tuple(dict.fromkeys(self.silent)), tuple(dict.fromkeys(self.turned)),
            tuple(self.said))

    def _stays(self, party: Party) -> bool:
        """Whether a party has its way still; outside a corridor that has closed it turns back."""
        if party.enters < self.now or self.case.corridors[party.corridor].is_open(
                party.enters, party.leaves):
            return True
        if party.departs < self._told_from:
            self.said.append(
                f"Party {party.id}, {party.persons} people: on the way to a corridor that is "
                f"closed, not inside it; to turn back to {self._waits_at(party)}.")
        return False

    def _waits_at(self, party: Party) -> str:
        site = self.case.sites[self.case.groups[party.group].site]
        return site.name or site.id

    @property
    def _told_from(self) -> int:
        return self.now if self.reaches is None else max(self.now, self.reaches)

    def _hold(self, group: Group, broken: Mapping[str, int]) -> None:
        """Say who is to be stopped before setting out; each may have to come back first."""
        if not self.now <= group.begins < self._told_from:
            return
        some = [v for v, _ in group.parts if v not in broken and self.free_at.get(v, 0) is not None]
        for vehicle in some:
            back = 2 * self._told_from - group.outs[vehicle]
            self.free_at[vehicle] = max(self.free_at.get(vehicle) or back, back)
        if some:
            self.said.append(
                f"{', '.join(some)}: due to set out at {self.case.pause.clock.hhmm(group.begins)}, "
                "before new orders reach drivers; to be stopped at once.")

    def _kept(self, days: tuple[VehicleDay, ...], parties: set[str]) -> Plan:
        names = set(self.convoys)
        calls = [evolve(c, serves=self.renamed.get(c.serves, c.serves)) for c in self.plan.calls]
        return evolve(
            self.plan, vehicles=days, convoys=tuple(self.convoys.values()),
            parties=tuple(p for p in self.plan.parties if p.id in parties),
            calls=tuple(c for c in calls if c.serves in names | parties
                        or any(d.vehicle == c.serves for d in days)),
            return_seats=tuple(r for r in self.plan.return_seats
                               if r.outbound in names and r.inbound in names))

    def _goes_on(self, group: Group) -> bool:
        """Whether a round that has not set out can be kept, with the delay of its vehicles."""
        broken = {r.who for r in self.reports if r.what is Happened.BROKEN_DOWN}
        lost = any(v in broken or self.free_at.get(v, 0) is None for v, _ in group.parts)
        if lost or self.skip & set(group.parts):
            return False
        slot = self.case.pause.rules.slot
        behind = max(self._comes(v, steps[0]) - steps[0].arrives
                     for v, steps in group.steps.items())
        if behind > 0:
            group.late, group.from_minute = -(-behind // slot) * slot, group.begins
        if any(True for steps in shifted(group).values()
               for _ in blocked_crossings(self.case, steps, self.now)):
            return False
        cannot_be_told = group.begins + group.late < self._told_from
        if not self.forward and not cannot_be_told:
            return False
        group.reported = True
        if not cannot_be_told:
            self.ahead.append(group)
        return True

    def _comes(self, vehicle: str, then: Step) -> int:
        """When a vehicle can be at the place of a step, after what it drives before."""
        driven = self.steps.get(vehicle)
        at = comes(self.case, vehicle, driven, then) if driven else then.arrives
        free = self.free_at.get(vehicle)
        if vehicle in self.turned and free is not None:
            base = self.case.fleet[type_of(vehicle)].base
            stop = Stop(base, Task.WAIT, free, free, free, round=then.round)
            at = max(at, comes(self.case, vehicle, [stop], then))
        return at

    def _drop(self, group: Group) -> None:
        for steps in group.steps.values():
            for step in steps:
                if isinstance(step, Crossing) and step.convoy not in self.dropped:
                    self.dropped.append(step.convoy)

    def _keep(self, group: Group, broken: Mapping[str, int]) -> None:
        moved = shifted(group)
        out = [v for v, _ in group.parts if v in broken and broken[v] <= max(
            left_at(s) for s in moved[v])]
        for vehicle in out:
            self._breaks_down(vehicle, moved[vehicle], broken[vehicle])
        first = next(iter(moved.values()))
        blocked = list(blocked_crossings(self.case, first, self.now))
        if blocked and not any(inside_at(self.case, s, self.now) for s in moved.values()):
            if group.reported:
                self._turn_back(group, moved)
                return
            self.said.append(
                f"{', '.join(moved)}: no report, and on the way to a corridor that is closed. "
                "Whoever is still outside is to turn back to base; whoever is inside counts as "
                "loaded, and the round stands in the plan.")
        for i in blocked:
            crossing = first[i]
            if isinstance(crossing, Crossing) and crossing.direction is Direction.OUT:
                moved = self._other_way(moved, i)
        for vehicle, steps in moved.items():
            self.steps.setdefault(vehicle, []).extend(steps)
            free = group.reported and vehicle not in self.stuck
            self.free_at[vehicle] = home(self.case, vehicle, steps) if free else None
            if not group.reported:
                self.silent.append(vehicle)
        self._book(moved)

    def _breaks_down(self, vehicle: str, steps: Sequence[Step], at: int) -> None:
        aboard = 0
        for step in steps:
            if isinstance(step, Stop) and step.departs <= at:
                sign = 1 if step.task.value == "load" else -1
                aboard += sign * sum(p.persons for p in step.people)
        where = "inside" if inside_at(self.case, steps, at) else "outside"
        self.said.append(
            f"{vehicle} has broken down {where} at {self.case.pause.clock.hhmm(at)} with "
            f"{max(0, aboard)} people on board: its round stands in the plan as if it were driven; "
            "send another vehicle for it.")

    def _turn_back(self, group: Group, moved: Mapping[str, list[Step]]) -> None:
        """A group that is still outside and cannot go in or come out drives home."""
        for vehicle, _ in group.parts:
            last = self.steps.get(vehicle)
            at_home = home(self.case, vehicle, last) if last else group.begins
            gone = max(0, self.now - max(at_home, group.begins))
            self.free_at[vehicle] = self.now + gone
            self.turned.append(vehicle)
        self._drop(group)
        self.said.append(
            f"{', '.join(v for v, _ in group.parts)}: on the way to a corridor that is closed, not "
            "inside; to turn back to base.")

    def _other_way(self, moved: dict[str, list[Step]], at: int) -> dict[str, list[Step]]:
        """The round by the corridor that is through first, from the crossing `at` on."""
        first = next(iter(moved.values()))
        crossing = first[at]
        assert isinstance(crossing, Crossing)
        choices = [c for name in ways_out(self.case, crossing)
                   if (c := self._by(moved, at, name)) is not None]
        if not choices:
            self.said.append(
                f"{', '.join(moved)}: inside, and no open corridor leads out in time; they are to "
                "stay under shelter until one opens. The plan shows their round as it was, and the "
                "figures still count who is on board.")
            self.stuck.update(moved)
            return moved
        best = min(choices, key=lambda c: max(left_at(s[at]) for s in c.values()))
        name = self.case.corridors[_crossing(best, at).corridor].name
        self.said.append(
            f"{', '.join(moved)}: out by {name or _crossing(best, at).corridor} at "
            f"{self.case.pause.clock.hhmm(_crossing(best, at).enters)}, as "
            f"{self.case.corridors[crossing.corridor].name or crossing.corridor} is closed.")
        return best

    def _by(self, moved: Mapping[str, list[Step]], at: int, name: str
            ) -> dict[str, list[Step]] | None:
        corridor = self.case.corridors[name]
        vehicles, first = list(moved), next(iter(moved.values()))
        old = first[at]
        assert isinstance(old, Crossing)
        kind = self.case.fleet[type_of(vehicles[0])]
        gate_in, gate_out = corridor.gates(old.direction)
        before = first[at - 1] if at else None
        if before is None or corridor.inside_gate.side not in kind.sides:
            return None
        place = before.site if isinstance(before, Stop) else self.case.corridors[
            before.corridor].gates(before.direction)[1]
        after = first[at + 1] if at + 1 < len(first) else None
        goal = after.site if isinstance(after, Stop) else kind.base
        legs = [self.case.leg(kind.id, *pair) for pair in (
            (place, gate_in), (gate_in, gate_out), (gate_out, goal))]
        if any(leg is None for leg in legs):
            return None
        to, through, onward = (leg.likely for leg in legs if leg is not None)
        comes = max(self.now, *(left_at(s[at - 1]) for s in moved.values())) + to
        check = corridor.check(old.direction).minutes_of(kind.id).likely
        lanes = corridor.lanes(old.direction)
        last = (len(vehicles) - 1) // lanes * check + check
        start = self._slot(name, old.direction, comes, last, through)
        if start is None:
            return None
        leaves = start + last + through
        found: dict[str, list[Step]] = {}
        for n, (vehicle, steps) in enumerate(moved.items()):
            enters = start + n // lanes * check
            way = evolve(old, corridor=name, convoy=f"{old.convoy}-by-{name}", arrives=comes,
                         enters=enters, cleared=enters + check, leaves=leaves)
            shift = leaves + onward - (after.arrives if after else 0)
            found[vehicle] = [*steps[:at], way, *(later(s, shift) for s in steps[at + 1 :])]
        return found

    def _slot(self, name: str, way: Direction, comes: int, last: int, through: int) -> int | None:
        """The first slot at which a gate is free of the convoys that are kept."""
        corridor, rules = self.case.corridors[name], self.case.pause.rules
        clock = self.case.pause.clock
        for start in range(comes, comes + LATEST_SEARCH):
            local = clock.local(start)
            if (local.hour * 60 + local.minute) % rules.slot:
                continue
            window = self.case.pause.window_at(start)
            if window is None or start + last + through > window.closes - rules.margin:
                return None
            if not corridor.is_open(start, start + last + through):
                continue
            near = [b for b in self.booked if b[0] == name
                    and (b[1] is way or corridor.shared_lanes)]
            if all(start + last <= a or start >= b for _, _, a, b in near) and all(
                    abs(start - a) >= corridor.convoy.headway for _, w, a, _ in near if w is way):
                return start
        return None

    def _book(self, moved: Mapping[str, list[Step]]) -> None:
        known = {c.id: c for c in self.plan.convoys}
        by_convoy: dict[str, list[Crossing]] = {}
        for steps in moved.values():
            for step in steps:
                if isinstance(step, Crossing):
                    by_convoy.setdefault(step.convoy, []).append(step)
        for name, passed in by_convoy.items():
            old = known[name.partition("-by-")[0]] if name not in known else known[name]
            if name != old.id:
                self.renamed[old.id] = name
            self.convoys[name] = evolve(
                old, id=name, corridor=passed[0].corridor, starts=self._starts(old, passed))
            self.booked.append((passed[0].corridor, passed[0].direction,
                                min(p.enters for p in passed), max(p.cleared for p in passed)))

    def _starts(self, old: Convoy, passed: Sequence[Crossing]) -> int:
        """When a convoy starts: with its delay, on the slot that it had or was given."""
        first = min(p.enters for p in passed)
        if passed[0].corridor != old.corridor:
            return first
        planned = min((s.enters for d in self.plan.vehicles for s in d.steps
                       if isinstance(s, Crossing) and s.convoy == old.id), default=first)
        return old.starts + (first - planned)


def _crossing(of: Mapping[str, list[Step]], at: int) -> Crossing:
    step = next(iter(of.values()))[at]
    assert isinstance(step, Crossing)
    return step


def stand(
    case: Case, plan: Plan, now: int, reports: Sequence[Report], reaches: int | None = None
) -> Underway:
    """What stands of a plan at a minute; `case` has its corridors as the reports leave them.

    Who sets out before minute `reaches`, at which new orders reach drivers, keeps the round.
    """
    return Standing(case, plan, now, reports, reaches=reaches).of()
