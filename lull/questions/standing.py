"""From a plan and reports to what is kept: rounds under way, new ways out, what is dropped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from attrs import define, evolve, field

from lull.domain.case import Case
from lull.domain.corridor import Direction
from lull.domain.fleet import type_of
from lull.domain.plan import (
    By,
    Call,
    Convoy,
    Crossing,
    LastCall,
    Party,
    Plan,
    Step,
    Stop,
    Task,
    VehicleDay,
    left_at,
)
from lull.questions.booked import Booked
from lull.questions.choice import AS_IT_IS, Choice, Part
from lull.questions.holding import Holding, Rounds
from lull.questions.reports import Happened, Report
from lull.questions.seats_back import with_seats_back
from lull.questions.stranded import Stranded, Without, fewer, stranded
from lull.questions.underway import (
    Group,
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
    choice: Choice = AS_IT_IS
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
    booked: Booked = field(init=False)
    without: Without = field(init=False)
    stranded: list[Stranded] = field(factory=list)
    later_by: dict[tuple[str, str], int] = field(factory=dict)
    """By site and convoy: minutes by which its people board later than planned."""

    waits_at_base: set[str] = field(factory=set)
    """Vehicles that set out for the first time only now, as late as their orders allow."""

    def __attrs_post_init__(self) -> None:
        self.booked, self.without = Booked(self.case), Without(self.case)

    def of(self) -> Underway:
        """Read the reports and take every group in the order in which it is given room."""
        groups = Reading(self.case, self.plan, self.now, self.reports).groups()
        broken = {r.who: r.at for r in self.reports if r.what is Happened.BROKEN_DOWN}
        self._book_what_is_past(groups)
        for group in self._in_turn(groups):
            if group.begun or ((self.forward or group.begins < self._told_from)
                               and self._goes_on(group)):
                self._keep(group, broken)
            else:
                self._drop(group)
                self._hold(group, broken)
        parties = tuple(p for p in self.plan.parties if self._stays(p) and self._on_its_way(p))
        kept = {p.id for p in parties}
        self.dropped += [p.id for p in self.plan.parties if p.id not in kept]
        for vehicle in broken:
            self.free_at[vehicle] = None
        days = []
        for day in self.plan.vehicles:
            if self.steps.get(day.vehicle):
                days.append(day_of(self.case, day.vehicle, self._start(day),
                                   self.steps[day.vehicle]))
        return Underway(
            with_seats_back(self.case, self._kept(tuple(days), parties)),
            self.free_at, tuple(self.dropped), tuple(broken), tuple(dict.fromkeys(self.silent)),
            tuple(dict.fromkeys(self.turned)), tuple(self.said), tuple(self.stranded), self.choice)

    def _in_turn(self, groups: Sequence[Group]) -> Iterator[Group]:
        """Groups under way first, of them who is given room first, then who is on time.

        No vehicle's round comes before an earlier one of it.
        """
        left = list(groups)
        while left:
            seen: set[str] = set()
            ready = []
            for group in left:
                if not seen & set(group.steps):
                    ready.append(group)
                seen |= set(group.steps)
            best = min(ready, key=lambda g: (
                not g.begun, self.choice.turn(g.parts[0]), g.late > 0, g.begins, g.parts))
            left.remove(best)
            yield best

    def _changes_from(self, group: Group) -> int:
        """The first minute at which a group can still be held."""
        return self.now if group.parts[0] in self.choice.at_once else self._told_from

    def _book_what_is_past(self, groups: Sequence[Group]) -> None:
        """Room at gates and bays that is taken whatever is decided now."""
        self.booked.take_cars(self.plan, [p for p in self.plan.parties if self._on_its_way(p)])
        for group in groups:
            if not group.begun:
                continue
            since = self._changes_from(group)
            passed: dict[str, list[Crossing]] = defaultdict(list)
            for vehicle, steps in shifted(group).items():
                for step in steps:
                    if isinstance(step, Crossing):
                        passed[step.convoy].append(step)
                    elif step.starts < since:
                        self.booked.take_bay(vehicle, step)
            for some in passed.values():
                if min(c.enters for c in some) < since:
                    self.booked.take_gate(some)

    def _on_its_way(self, party: Party) -> bool:
        return party.departs < self._told_from or (
            self.forward and (party.id, 0) not in self.skip)

    def _start(self, day: VehicleDay) -> Stop:
        """Where and when a vehicle's day starts: no earlier than its first round needs."""
        start, first = day.steps[0], self.steps[day.vehicle][0]
        assert isinstance(start, Stop)
        if day.vehicle not in self.waits_at_base:
            return start
        way = comes(self.case, day.vehicle, [start], first) - start.departs
        return evolve(start, departs=max(start.departs, first.arrives - way))

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

    def _kept(self, days: tuple[VehicleDay, ...], parties: Sequence[Party]) -> Plan:
        names, known = set(self.convoys), {p.id for p in parties}
        calls = [self._called(c) for c in self.plan.calls]
        calls = [c for c in calls if c.persons and (
            c.serves in names | known or any(d.vehicle == c.serves for d in days))]
        plan = evolve(
            self.plan, vehicles=days, convoys=tuple(self.convoys.values()), calls=tuple(calls),
            parties=self._through_in_time(days, parties), return_seats=())
        return evolve(plan, last_calls=tuple(self._last_call(x, plan) for x in plan.last_calls))

    def _called(self, call: Call) -> Call:
        """A call without who is not taken on, and later where they board later and it can wait."""
        left = self.without.uncalled.get((call.site, call.group, call.serves), 0)
        gone = min(call.persons, left)
        if gone:
            self.without.uncalled[call.site, call.group, call.serves] = left - gone
        by = self.later_by.get((call.site, call.serves), 0)
        return evolve(call, serves=self.renamed.get(call.serves, call.serves),
                      persons=call.persons - gone,
                      at=call.at + (by if by > 0 and call.at >= self._told_from else 0))

    def _last_call(self, of: LastCall, plan: Plan) -> LastCall:
        """The last call and the way home of a site, later where people board later, if in time."""
        site, window = self.case.sites[of.site], self.case.pause.windows[of.window]
        latest = window.closes - site.walk_to_shelter - site.call
        if of.send_home < self._told_from:
            return of
        called = [c.at for c in plan.calls if c.site == of.site
                  and window.opens <= c.at <= window.closes]
        boards = [s.starts for _, s in plan.stops() if s.site == of.site and s.task is Task.LOAD
                  and s.people and window.opens <= s.starts <= window.closes]
        home_at = max(of.send_home, min(latest, max([*called, *boards], default=0)))
        return evolve(of, send_home=home_at, last_call=max(
            of.last_call, min(home_at, max(called, default=0))))

    def _through_in_time(
        self, days: Sequence[VehicleDay], parties: Sequence[Party]
    ) -> tuple[Party, ...]:
        """Parties in cars, through as late as the convoys that are now before them make it."""
        booked = Booked(self.case)
        booked.take({d.vehicle: d.steps for d in days})
        found: dict[str, Party] = {}
        for party in sorted(parties, key=lambda p: (p.enters, p.id)):
            found[party.id] = party
            if party.by is not By.OWN_CAR:
                continue
            held = booked.lanes[party.corridor, Direction.OUT]
            spells = booked.cars(party, held)
            held += spells
            late = max((b for _, b in spells), default=0) - party.cleared
            if late > 0 and party.cleared >= self.now:
                found[party.id] = evolve(
                    party, cleared=party.cleared + late, leaves=party.leaves + late,
                    reaches=party.reaches + late)
        return tuple(found[p.id] for p in parties)

    def _goes_on(self, group: Group) -> bool:
        """Whether a round that has not set out can be kept, with the delay of its vehicles."""
        broken = {r.who for r in self.reports if r.what is Happened.BROKEN_DOWN}
        lost = all(v in broken for v, _ in group.parts) or any(
            v not in broken and self.free_at.get(v, 0) is None for v, _ in group.parts)
        if lost or self.skip & set(group.parts):
            return False
        slot = self.case.pause.rules.slot
        behind = max(self._comes(v, steps[0]) - steps[0].arrives
                     for v, steps in group.steps.items() if v not in broken)
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
        for vehicle, _ in group.parts:
            if vehicle in broken and (not group.begun or broken[vehicle] <= max(
                    left_at(s) for s in moved[vehicle])):
                self._breaks_down(vehicle, moved, broken[vehicle], group)
        if not moved:
            self._drop(group)
            return
        first = next(iter(moved.values()))
        blocked = list(blocked_crossings(self.case, first, self.now))
        outside = not any(inside_at(self.case, s, self.now) for s in moved.values())
        if group.parts[0] in self.choice.back and outside:
            self._turn_back(group, moved, "cannot be in and out again in time; not inside yet")
            return
        if blocked and outside:
            if group.reported:
                self._turn_back(group, moved, "on the way to a corridor that is closed, not inside")
                return
            self.said.append(
                f"{', '.join(moved)}: no report, and on the way to a corridor that is closed. "
                "Whoever is still outside is to turn back to base; whoever is inside counts as "
                "loaded, and the round stands in the plan.")
        moved = self._chosen(group, moved, blocked)
        moved = self._held(group, moved)
        for vehicle, steps in moved.items():
            self.steps.setdefault(vehicle, []).extend(steps)
            free = group.reported and vehicle not in self.stuck
            self.free_at[vehicle] = home(self.case, vehicle, steps) if free else None
            if not group.reported:
                self.silent.append(vehicle)
        self._book(moved)

    def _chosen(self, group: Group, moved: Rounds, blocked: Sequence[int]) -> Rounds:
        """The round by another way out, or without loading, where that is chosen or must be."""
        key, first = group.parts[0], next(iter(moved.values()))
        if key in self.choice.unloaded:
            moved = self._without_loading(group, moved)
            first = next(iter(moved.values()))
            blocked = list(blocked_crossings(self.case, first, self.now))
        others = [i for i, s in enumerate(first) if key in self.choice.other_way
                  and isinstance(s, Crossing) and s.enters >= self._changes_from(group)
                  and i not in blocked]
        for i in [*blocked, *others]:
            crossing = first[i]
            if isinstance(crossing, Crossing) and crossing.direction is Direction.OUT:
                moved = self._other_way(moved, i, must=i in blocked)
        return moved

    def _held(self, group: Group, moved: Rounds) -> Rounds:
        """The round with what is ahead of it held until gates and bays are free."""
        since = self._changes_from(group)
        holding = Holding(self.case, self.booked, since, group.parts[0] in self.choice.tight,
                          group.parts[0] in self.choice.waits, booked_before=group.begun)
        found = None
        if not group.begun and group.begins + group.late >= self._told_from:
            self.waits_at_base |= {v for v in moved if not self.steps.get(v)}
            found = holding.as_a_whole(moved)
        if found is None:
            found = holding.placed(moved)
        planned = group.steps
        for vehicle, steps in found.items():
            for i, step in enumerate(steps):
                if not isinstance(step, Stop) or step.task is not Task.LOAD or not step.people:
                    continue
                serves = next((s.convoy for s in steps[i:] if isinstance(s, Crossing)), vehicle)
                was = next((s for s in planned[vehicle] if isinstance(s, Stop)
                            and (s.site, s.task) == (step.site, step.task)), step)
                key = step.site, serves.partition("-by-")[0]
                self.later_by[key] = min(step.starts - was.starts,
                                         self.later_by.get(key, step.starts - was.starts))
        return found

    def _without_loading(self, group: Group, moved: Rounds) -> Rounds:
        """The round without the stops inside at which nobody has begun to board."""
        since = self._changes_from(group)
        drop = {s.site for steps in moved.values() for s in steps
                if isinstance(s, Stop) and s.task is Task.LOAD and s.people
                and self.case.sites[s.site].inside}
        drop -= {s.site for steps in moved.values() for s in steps
                 if isinstance(s, Stop) and s.task is Task.LOAD and s.starts < since}
        gone = {p.group for steps in moved.values() for s in steps if isinstance(s, Stop)
                and s.task is Task.LOAD and s.site in drop for p in s.people}
        if not gone:
            return moved
        for steps in moved.values():
            for step in steps:
                if isinstance(step, Crossing) and step.direction is Direction.OUT:
                    self.without.less[step.convoy] += [
                        h for c in self.plan.convoys if c.id == step.convoy.partition("-by-")[0]
                        for h in c.households if h.group in gone]
        convoys = {s.convoy for steps in moved.values() for s in steps if isinstance(s, Crossing)}
        for call in self.plan.calls:
            if call.group in gone and call.serves in convoys:
                self.without.uncalled[call.site, call.group, call.serves] += call.persons
                if call.at < self.now:
                    self.said.append(
                        f"{call.persons} people of {call.group} were called to "
                        f"{self.case.sites[call.site].name or call.site} for {', '.join(moved)}, "
                        "which cannot wait for them: they are to go back under shelter at once.")
        found: Rounds = {}
        for vehicle, steps in moved.items():
            kept: list[Step] = []
            for step in steps:
                if isinstance(step, Stop):
                    if step.site in drop and step.task is Task.LOAD:
                        continue
                    left = tuple(p for p in step.people if p.group not in gone)
                    if step.people and not left and not step.goods:
                        continue
                    step = evolve(step, people=left)  # noqa: PLW2901
                kept.append(step)
            found[vehicle] = kept
        return found

    def _breaks_down(self, vehicle: str, moved: Rounds, at: int, group: Group) -> None:
        """A vehicle is out: nobody on board of it counts as moved, its mates drive on."""
        if not group.begun or group.outs[vehicle] >= at:
            self.without.take_out(vehicle, moved, -1, {c.id: c for c in self.plan.convoys})
            return
        taken = next((r for r in self.reports if r.what is Happened.TAKEN_OVER
                      and r.who == vehicle), None)
        clock = self.case.pause.clock
        here = stranded(self.case, vehicle, moved[vehicle], at,
                        inside_at(self.case, moved[vehicle], at))
        if taken is not None:
            self.said.append(
                f"{vehicle} has broken down {here.where} at {clock.hhmm(at)}; {taken.where} has "
                f"taken on the {here.persons} people on board, who count as in the round of "
                f"{vehicle}.")
            return
        if all(left_at(s) <= at for s in moved[vehicle]):
            return
        households = self.without.take_out(
            vehicle, moved, at, {c.id: c for c in self.plan.convoys})
        self.stranded.append(evolve(here, households=households))

    def _turn_back(self, group: Group, moved: Mapping[str, list[Step]], why: str) -> None:
        """A group that is still outside and cannot go in or come out drives home."""
        for vehicle in moved:
            last = self.steps.get(vehicle)
            at_home = home(self.case, vehicle, last) if last else group.begins
            gone = max(0, self.now - max(at_home, group.begins))
            self.free_at[vehicle] = self.now + gone
            self.turned.append(vehicle)
        self._drop(group)
        self.said.append(
            f"{', '.join(moved)}: {why}; to turn back to base.")

    def _other_way(self, moved: Rounds, at: int, must: bool = True) -> Rounds:
        """The round by the corridor that is through first, from the crossing `at` on."""
        first = next(iter(moved.values()))
        crossing = first[at]
        assert isinstance(crossing, Crossing)
        choices = [c for name in ways_out(self.case, moved, at)
                   if (c := self._by(moved, at, name)) is not None]
        if not choices and not must:
            return moved
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
            f"{self.case.corridors[crossing.corridor].name or crossing.corridor} "
            f"{'is closed' if must else 'would be too late'}.")
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
        start = self._slot(moved, at, name, comes, through)
        if start is None:
            return None
        found: dict[str, list[Step]] = {}
        for (vehicle, steps), way in zip(moved.items(), start, strict=True):
            shift = way.leaves + onward - (after.arrives if after else 0)
            found[vehicle] = [*steps[:at], way, *(later(s, shift) for s in steps[at + 1 :])]
        return found

    def _slot(self, moved: Mapping[str, list[Step]], at: int, name: str, comes: int, through: int
              ) -> list[Crossing] | None:
        """A group through another gate at the first slot at which it is free."""
        corridor, rules = self.case.corridors[name], self.case.pause.rules
        clock, old = self.case.pause.clock, _crossing(moved, at)
        lanes = corridor.lanes(old.direction)
        for start in range(comes, comes + LATEST_SEARCH):
            local = clock.local(start)
            if (local.hour * 60 + local.minute) % rules.slot:
                continue
            free, found = [start] * lanes, []
            for vehicle in moved:
                lane = free.index(min(free))
                check = corridor.check(old.direction).minutes_of(type_of(vehicle)).likely
                found.append(evolve(
                    old, corridor=name, convoy=f"{old.convoy}-by-{name}", arrives=comes,
                    enters=free[lane], cleared=free[lane] + check))
                free[lane] += check
            leaves = max(free) + through
            window = self.case.pause.window_at(start)
            if window is None or leaves > window.closes - rules.margin:
                return None
            found = [evolve(c, leaves=leaves) for c in found]
            if self.booked.gate_free(found):
                return found
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
            on_it = {v for v, steps in moved.items() for step in steps
                     if isinstance(step, Crossing) and step.convoy == name}
            vehicles = tuple(v for v in old.vehicles if v in on_it)
            self.convoys[name] = evolve(
                old, id=name, corridor=passed[0].corridor, starts=min(p.enters for p in passed),
                vehicles=vehicles, leader=vehicles[0] if old.leader else "",
                households=tuple(fewer(old.households, self.without.less.get(old.id, ()))))

def _crossing(of: Mapping[str, list[Step]], at: int) -> Crossing:
    step = next(iter(of.values()))[at]
    assert isinstance(step, Crossing)
    return step


def stand(
    case: Case, plan: Plan, now: int, reports: Sequence[Report], reaches: int | None = None,
    choice: Choice = AS_IT_IS,
) -> Underway:
    """What stands of a plan at a minute; `case` has its corridors as the reports leave them.

    Who sets out before minute `reaches`, at which new orders reach drivers, keeps the round.
    """
    return Standing(case, plan, now, reports, choice=choice, reaches=reaches).of()
