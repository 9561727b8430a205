"""A round under way, timed anew so that what is ahead of it keeps the rules beside all else.

Nothing happens earlier than planned (with its delay): vehicles are held at their base, at the place
where they load, or at the gate, until a slot, a lane and a bay are free. What lies before the
minute from which on orders reach them stays as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from attrs import define, evolve, field

from lull.domain.case import Case
from lull.domain.fleet import type_of
from lull.domain.place import SiteKind
from lull.domain.plan import Crossing, Step, Stop, Task
from lull.questions.booked import SERVED, Booked
from lull.questions.underway import comes, later

Rounds = dict[str, list[Step]]
"""The steps of each vehicle of a group."""

LONGEST_HOLD = 12 * 60
"""Minutes within which a free slot or bay is looked for."""

RIGID = 4 * 60
"""Minutes by which a round that has not set out is moved as a whole before it is held apart."""


@define(eq=False)
class Holding:
    """Times one group; `from_minute` is the first minute that can still be changed.

    `tight` lets it make up for its delay where the plan had it wait.
    """

    case: Case
    booked: Booked
    from_minute: int
    tight: bool = False
    waits: bool = False
    """Whether who is loaded waits where it loaded, until the gate is free."""

    booked_before: bool = False
    """Whether what cannot be changed of the group is booked already."""

    done: Rounds = field(factory=dict)
    aboard: dict[str, int] = field(factory=lambda: defaultdict(int))

    def placed(self, moved: Mapping[str, Sequence[Step]]) -> Rounds:
        """The group with what is ahead held until there is room, and booked."""
        ahead = {v: list(steps) for v, steps in moved.items()}
        self.done = {v: [] for v in ahead}
        while any(ahead.values()):
            stops = [(s.starts, v) for v, steps in ahead.items() if steps
                     and isinstance(s := steps[0], Stop)]
            if stops:
                vehicle = min(stops)[1]
                step = ahead[vehicle].pop(0)
                assert isinstance(step, Stop)
                self._stop(vehicle, step)
                continue
            self._pass(self._next(ahead))
        return self.done

    def as_a_whole(self, moved: Mapping[str, Sequence[Step]]) -> Rounds | None:
        """A round that has not set out, moved by whole slots until all of it has room."""
        slot = self.case.pause.rules.slot
        for by in range(0, RIGID, slot):
            found = {v: [later(s, by) for s in steps] for v, steps in moved.items()}
            if self._has_room(found):
                self.booked.take(found)
                return found
        return None

    def _has_room(self, of: Rounds) -> bool:
        convoys: dict[str, list[Crossing]] = defaultdict(list)
        own: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for vehicle, steps in of.items():
            for step in steps:
                if isinstance(step, Crossing):
                    convoys[step.convoy].append(step)
                elif not self.booked.bay_free(vehicle, step, step.starts):
                    return False
                elif step.task in SERVED:
                    own[step.site].append(
                        (step.starts, step.starts + self.booked.service(vehicle, step)))
        for site, spells in own.items():
            bays = self.case.sites[site].bays
            if bays is not None and _over([*self.booked.bays[site], *spells], spells, bays):
                return False
        return all(self.booked.gate_free(passed) for passed in convoys.values())

    def _next(self, ahead: Rounds) -> dict[str, Crossing]:
        """The next convoy that all of its vehicles have come to; taken off what is ahead."""
        first = {v: s for v, steps in ahead.items()
                 if steps and isinstance(s := steps[0], Crossing)}
        waits = {s.convoy for steps in ahead.values() for s in steps[1:] if isinstance(s, Crossing)}
        ready = {v: s for v, s in first.items() if s.convoy not in waits} or first
        name = min(ready.values(), key=lambda s: (s.enters, s.convoy)).convoy
        found = {v: s for v, s in first.items() if s.convoy == name}
        for vehicle in found:
            ahead[vehicle].pop(0)
        return found

    def _comes(self, vehicle: str, step: Step) -> int:
        driven = self.done[vehicle]
        if not driven:
            return step.arrives
        earliest = comes(self.case, vehicle, driven, step)
        if self.tight and step.arrives >= self.from_minute:
            return max(earliest, self.from_minute)
        return max(step.arrives, earliest)

    def _stop(self, vehicle: str, step: Stop) -> None:
        arrives = self._comes(vehicle, step)
        starts = max(arrives, step.starts)
        makes_up = self.tight and step.arrives >= self.from_minute and not self._called(step)
        if makes_up:
            starts = arrives
        if starts >= self.from_minute and step.task in SERVED:
            starts = next((t for t in range(starts, starts + LONGEST_HOLD)
                           if self.booked.bay_free(vehicle, step, t)), starts)
        departs = starts + self.booked.service(vehicle, step)
        if not makes_up:
            departs = max(departs, step.departs)
        found = evolve(step, arrives=arrives, starts=starts, departs=departs)
        if not (self.booked_before and starts == step.starts < self.from_minute):
            self.booked.take_bay(vehicle, found)
        self.done[vehicle].append(found)
        if step.task in SERVED:
            sign = 1 if step.task is Task.LOAD else -1
            self.aboard[vehicle] += sign * (
                sum(p.persons for p in step.people) + sum(g.units for g in step.goods))

    def _called(self, step: Stop) -> bool:
        """Whether people are called to a stop, who cannot be there earlier."""
        return step.task is Task.LOAD and bool(step.people) and (
            self.case.sites[step.site].kind is SiteKind.ASSEMBLY)

    def _pass(self, of: Mapping[str, Crossing]) -> None:
        comes_at = {v: self._comes(v, s) for v, s in of.items()}
        first = min(s.enters for s in of.values())
        settled = first < self.from_minute and all(
            comes_at[v] <= s.enters for v, s in of.items())
        chosen = dict(of) if settled else self._slot(of, comes_at, first)
        start = min(s.enters for s in chosen.values())
        for vehicle, step in chosen.items():
            self.done[vehicle].append(self._held(vehicle, step, start))
        if not (settled and self.booked_before):
            self.booked.take_gate(list(chosen.values()))

    def _slot(self, of: Mapping[str, Crossing], comes_at: Mapping[str, int], first: int
              ) -> dict[str, Crossing]:
        """A convoy at the first slot with room from when all of it has come."""
        earliest = max(comes_at.values())
        low = max(earliest, self.from_minute if self.tight else first)
        as_it_is = {v: evolve(s, arrives=comes_at[v]) for v, s in of.items()}
        if low <= first and not self.tight and self.booked.gate_free(list(as_it_is.values())):
            return as_it_is
        slots = [t for t in range(low, low + LONGEST_HOLD) if self._whole(t)]
        for start in slots:
            found = self._from(of, comes_at, start)
            if self.booked.gate_free(list(found.values())):
                return found
        return as_it_is if low <= first else self._from(of, comes_at, slots[0] if slots else low)

    def _from(self, of: Mapping[str, Crossing], comes_at: Mapping[str, int], start: int
              ) -> dict[str, Crossing]:
        """A convoy that enters from a minute on, one behind the other in each lane."""
        model = next(iter(of.values()))
        corridor = self.case.corridors[model.corridor]
        check = corridor.check(model.direction)
        free = [start] * corridor.lanes(model.direction)
        found: dict[str, Crossing] = {}
        for vehicle, step in sorted(of.items(), key=lambda x: (x[1].enters, x[0])):
            lane = min(range(len(free)), key=lambda n: free[n])
            takes = max(check.minutes_of(type_of(vehicle)).likely, step.cleared - step.enters
                        if len(of) == 1 else 0)
            enters, free[lane] = free[lane], free[lane] + takes
            found[vehicle] = evolve(step, arrives=comes_at[vehicle], enters=enters,
                                    cleared=enters + takes)
        through = max(s.leaves for s in of.values()) - max(s.cleared for s in of.values())
        leaves = max(s.cleared for s in found.values()) + through
        return {v: evolve(s, leaves=leaves) for v, s in found.items()}

    def _whole(self, minute: int) -> bool:
        local = self.case.pause.clock.local(minute)
        return (local.hour * 60 + local.minute) % self.case.pause.rules.slot == 0

    def _held(self, vehicle: str, step: Crossing, start: int) -> Crossing:
        """Who is loaded waits where it loaded rather than longer than it may at the gate.

        All of a convoy are at the gate when it starts.
        """
        limit = 0 if self.waits else self.case.corridors[step.corridor].holding_limit
        driven = self.done[vehicle]
        if limit is None or not driven or not self.aboard[vehicle]:
            return step
        over = min(step.enters - limit, start) - step.arrives
        last = driven[-1]
        if over <= 0 or not isinstance(last, Stop) or last.departs < self.from_minute:
            return step
        driven[-1] = evolve(last, departs=last.departs + over)
        return evolve(step, arrives=step.arrives + over)


def _over(all_: Sequence[tuple[int, int]], own: Sequence[tuple[int, int]], room: int) -> bool:
    """Whether at any minute of one's own spells more lie over each other than there is room."""
    return any(sum(a <= t < b for a, b in all_) > room for t, _ in all_
               if any(a <= t < b for a, b in own))
