"""The steps of a plan as rows: what each takes, its last safe minute, and what else may be done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np
from attrs import define

from lull.domain.case import Case
from lull.domain.corridor import Corridor, Direction, MineStatus, User
from lull.domain.place import INSIDE
from lull.domain.plan import Crossing, Step, Stop, Task, left_at
from lull.domain.rules.facts import USER_OF, USER_SERVED, Facts
from lull.domain.rules.waits import at_assembly
from lull.domain.time import Estimate
from lull.domain.travel import Leg
from lull.simulate import columns as c
from lull.simulate.columns import Ints
from lull.simulate.policy import Policy
from lull.simulate.spreads import SpreadTable
from lull.simulate.travellers import Together, Traveller
from lull.simulate.uncertainty import Source, Uncertainty

KINDS = {Task.START: c.START, Task.LOAD: c.SERVED, Task.UNLOAD: c.SERVED, Task.WAIT: c.WAITS,
         Task.END: c.END}
TASKS = {Task.LOAD: c.LOADS, Task.UNLOAD: c.UNLOADS}
STAYS = Leg(0, 0, 0, 0.0, approved=True, mined=False)


@define(eq=False)
class Flat:
    """What the rows are made from. `first` is the row of each traveller's first step."""

    facts: Facts
    everyone: tuple[Traveller, ...]
    together: tuple[Together, ...]
    uncertainty: Uncertainty
    policy: Policy
    spreads: SpreadTable
    first: tuple[int, ...]

    @classmethod
    def of(
        cls, facts: Facts, everyone: tuple[Traveller, ...], together: tuple[Together, ...],
        uncertainty: Uncertainty, policy: Policy,
    ) -> Flat:
        """Number the steps of all travellers one after the other."""
        first = np.cumsum([0, *(len(one.steps) for one in everyone)])[:-1]
        return cls(facts, everyone, together, uncertainty, policy,
                   SpreadTable(uncertainty.shape), tuple(int(n) for n in first))

    @property
    def case(self) -> Case:
        """The case of the plan."""
        return self.facts.case

    @cached_property
    def corridor_index(self) -> Mapping[str, int]:
        """Corridor id to row."""
        return {name: n for n, name in enumerate(self.case.corridors)}

    @cached_property
    def site_index(self) -> Mapping[str, int]:
        """Site id to row."""
        return {name: n for n, name in enumerate(self.case.sites)}

    @cached_property
    def crossing_of(self) -> Mapping[tuple[int, int], tuple[int, int]]:
        """(traveller, index of its step) to (row of the crossing, row of the convoy)."""
        found: dict[tuple[int, int], tuple[int, int]] = {}
        for g, one in enumerate(self.together):
            for where in one.crossings:
                found[where] = (len(found), g)
        return found

    def crossing_rows(self) -> Ints:
        """`World.crossings`."""
        rows = [(self.first[v] + index, v) for v, index in self.crossing_of]
        return np.array(rows, np.int64).reshape(-1, 2)

    def spread(self, estimate: Estimate, source: Source) -> int:
        """The spread of a time; one figure where its source is switched off."""
        if not self.uncertainty.has(source):
            return self.spreads.fixed(estimate.likely)
        return self.spreads.of(estimate, self.uncertainty.beyond_high)

    def way(self, leg: Leg, more: int = 0) -> int:
        """The spread of a way, with some minutes more."""
        estimate = Estimate(leg.low + more, leg.likely + more, leg.high + more)
        return self.spread(estimate, Source.TRAVEL)

    def leg(self, one: Traveller, start: str, end: str) -> Leg | None:
        """The way between two places for a traveller."""
        return self.facts.leg(one.profile, start, end)

    def transit(self, one: Traveller, corridor: str, direction: Direction) -> Leg:
        """The way through a corridor; no time where the table has none."""
        gates = self.case.corridors[corridor].gates(direction)
        return self.facts.leg(one.profile, *gates) or STAYS

    def check(self, one: Traveller, step: Crossing) -> Estimate:
        """The minutes of a traveller's check; people on foot take what the plan gives them."""
        if one.by == c.FOOT:
            return Estimate.of(step.cleared - step.enters)
        corridor = self.case.corridors[step.corridor]
        return corridor.check(step.direction).minutes_of(one.profile)

    def service(self, one: Traveller, step: Step) -> Estimate:
        """The minutes of a service; none for a stop without one."""
        if isinstance(step, Stop) and step.task in TASKS:
            return self.case.sites[step.site].service_of(one.profile)
        return Estimate.of(0)


def step_rows(flat: Flat) -> Ints:
    """`World.steps`, without the lines of its loads."""
    total = sum(len(one.steps) for one in flat.everyone)
    rows = np.full((total, c.STEP_COLUMNS), -1, np.int64)
    for name in (c.TASK, c.SLACK, c.WAY_SLACK, c.CALLED, c.CALLED_AT, c.SPELL, c.GAP):
        rows[:, name] = 0
    rows[:, c.LATEST] = rows[:, c.SEND_HOME] = c.NEVER
    none = flat.spreads.fixed(0)
    rows[:, [c.WAY, c.TRANSIT, c.SERVICE]] = none
    for v, one in enumerate(flat.everyone):
        for index, step in enumerate(one.steps):
            row = rows[flat.first[v] + index]
            row[c.VEHICLE] = v
            row[c.WINDOW] = _window(flat, step)
            if isinstance(step, Stop):
                _stop(flat, one, step, row)
            else:
                _crossing(flat, v, one, index, step, row)
            if index + 1 < len(one.steps):
                _way_on(flat, one, step, one.steps[index + 1], row)
        _gates_ahead(flat, v, one, rows)
        _latest(flat, v, one, rows)
    _called(flat, rows)
    return rows


def _window(flat: Flat, step: Step) -> int:
    moment = step.starts if isinstance(step, Stop) else step.enters
    windows = flat.facts.windows
    return next((n for n, w in enumerate(windows) if moment < w.closes), len(windows) - 1)


def _stop(flat: Flat, one: Traveller, step: Stop, row: Ints) -> None:
    row[c.KIND] = KINDS[step.task]
    row[c.TASK] = TASKS.get(step.task, c.NO_TASK)
    row[c.STARTS], row[c.DEPARTS] = step.starts, step.departs
    row[c.SITE] = flat.site_index[step.site]
    row[c.SERVICE] = flat.spread(flat.service(one, step), Source.BOARDING)
    if one.kind is None and step.people:
        row[c.TASK] = c.LOADS if step.task is Task.START else c.UNLOADS
    if step.task is Task.LOAD and flat.uncertainty.has(Source.NO_SHOWS):
        low, likely, high = (round(1000 * share) for share in flat.uncertainty.no_show)
        row[c.NO_SHOWS] = flat.spreads.of(Estimate(low, likely, high), 1.0)
    site = flat.case.sites[step.site]
    if step.task is Task.LOAD and INSIDE in site.sides:
        row[c.SEND_HOME] = max(step.starts, flat.facts.send_home(site, int(row[c.WINDOW])))


def _crossing(
    flat: Flat, v: int, one: Traveller, index: int, step: Crossing, row: Ints
) -> None:
    check = flat.check(one, step)
    row[c.KIND] = c.CROSSES
    row[c.STARTS], row[c.DEPARTS] = step.enters, step.leaves
    row[c.CORRIDOR] = flat.corridor_index[step.corridor]
    row[c.DIRECTION] = c.OUT if step.direction is Direction.OUT else c.IN
    row[c.SERVICE] = flat.spread(check, Source.CHECKPOINT)
    row[c.CLEARS] = step.cleared
    row[c.SLACK] = max(0, step.cleared - step.enters - check.likely)
    row[c.TRANSIT] = flat.way(flat.transit(one, step.corridor, step.direction))
    row[c.CROSSING], row[c.CONVOY] = flat.crossing_of[v, index]
    row[c.SPELL], row[c.GAP] = step.cleared - step.enters, one.gap
    before = one.steps[index - 1]
    if step.direction is Direction.OUT and isinstance(before, Stop):
        back = flat.leg(one, flat.facts.comes_to(step), before.site)
        if back is not None:
            row[c.BACK] = flat.way(back, flat.case.sites[before.site].walk_to_shelter)
    if step.direction is Direction.IN:
        _round(flat, v, one, index, step, row)


def _round(flat: Flat, v: int, one: Traveller, index: int, step: Crossing, row: Ints) -> None:
    """Where to go on where the round that begins here is given up."""
    after = index + 1
    while after < len(one.steps) and not _goes_out(one.steps[after]):
        after += 1
    after += 1
    while after < len(one.steps) - 1:
        there = one.steps[after]
        unloads = isinstance(there, Stop) and there.task is Task.UNLOAD
        if not (unloads and there.round == step.round):
            break
        after += 1
    after = min(after, len(one.steps) - 1)
    row[c.SKIP_TO] = flat.first[v] + after
    way = flat.leg(one, flat.facts.comes_to(step), flat.facts.comes_to(one.steps[after]))
    if way is not None:
        row[c.SKIP_WAY] = flat.way(way)


def _goes_out(step: Step) -> bool:
    return isinstance(step, Crossing) and step.direction is Direction.OUT


def _way_on(flat: Flat, one: Traveller, step: Step, after: Step, row: Ints) -> None:
    leg = flat.leg(one, flat.facts.goes_from(step), flat.facts.comes_to(after)) or STAYS
    row[c.WAY] = flat.way(leg)
    row[c.COMES_NEXT] = after.arrives
    row[c.WAY_SLACK] = max(0, after.arrives - left_at(step) - leg.likely)


def _gates_ahead(flat: Flat, v: int, one: Traveller, rows: Ints) -> None:
    """By which corridor each step's traveller goes out, and whose hours its ways share."""
    out_by = ahead = -1
    for index in reversed(range(len(one.steps))):
        step, row = one.steps[index], rows[flat.first[v] + index]
        if isinstance(step, Crossing):
            ahead = int(row[c.CORRIDOR])
            if _goes_out(step):
                out_by = ahead
        row[c.GOES_OUT_BY], row[c.FACTOR] = out_by, ahead
    last = -1
    for index in range(len(one.steps)):
        row = rows[flat.first[v] + index]
        if row[c.KIND] == c.CROSSES:
            last = int(row[c.CORRIDOR])
        elif row[c.FACTOR] < 0:
            row[c.FACTOR] = last


def _latest(flat: Flat, v: int, one: Traveller, rows: Ints) -> None:
    """The last safe minute of each step inside, from its way out backwards; never before planned.

    As the rule `last_safe_departure` counts it for one vehicle, without others in the queue.
    """
    if one.kind is not None and one.kind.sides == (INSIDE,):
        return
    rules = flat.case.pause.rules
    reserve = rules.margin if flat.policy.reserve is None else flat.policy.reserve
    needs, until, more = 0, c.NEVER, 0
    for index in reversed(range(len(one.steps))):
        step, row = one.steps[index], rows[flat.first[v] + index]
        if isinstance(step, Crossing):
            transit = flat.transit(one, step.corridor, step.direction).high
            through = flat.check(one, step).high + transit
            if step.direction is Direction.OUT:
                until, needs = _out_until(flat, step), through
                more = flat.policy.reserve_of.get(step.corridor, 0)
                row[c.LATEST] = max(step.enters, until - flat.policy.reserve_at_gate - needs)
                continue
            needs += through + _leg_high(flat, one, step, one.steps[index + 1])
            row[c.LATEST] = max(step.enters, until - reserve - more - needs)
            until = c.NEVER
        elif until < c.NEVER:
            needs += flat.service(one, step).high
            needs += _leg_high(flat, one, step, one.steps[index + 1])
            if step.task in TASKS:
                row[c.LATEST] = max(step.starts, until - reserve - more - needs)


def _out_until(flat: Flat, step: Crossing) -> int:
    """When the way out of a crossing ends: with its window, or its corridor's own hours."""
    window = flat.facts.window_after(step.enters) or flat.facts.windows[-1]
    hours = flat.case.corridors[step.corridor].open_hours
    own = [spell.closes for spell in hours if spell.opens <= step.enters <= spell.closes]
    return min([window.closes, *own])


def _leg_high(flat: Flat, one: Traveller, step: Step, after: Step) -> int:
    leg = flat.leg(one, flat.facts.goes_from(step), flat.facts.comes_to(after))
    return leg.high if leg is not None else 0


def _called(flat: Flat, rows: Ints) -> None:
    """How many were called for each boarding, and the sum of the minutes at which."""
    where: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for v, one in enumerate(flat.everyone):
        for index, step in enumerate(one.steps):
            if isinstance(step, Stop) and step.task is Task.LOAD:
                where[one.id, step.site, step.starts].append(flat.first[v] + index)
    for wait in at_assembly(flat.facts):
        for row in where.get((wait.who, wait.site, wait.ends or 0), ())[:1]:
            rows[row, c.CALLED] += wait.persons
            rows[row, c.CALLED_AT] += wait.persons * wait.begins


def elsewhere(flat: Flat) -> Ints:
    """`World.elsewhere`: for each crossing out, by which other gates it could be made."""
    many = len(flat.crossing_of)
    rows = np.full((many, len(flat.case.corridors), c.ELSEWHERE_COLUMNS), -1, np.int64)
    for (v, index), (x, _) in flat.crossing_of.items():
        one = flat.everyone[v]
        step = one.steps[index]
        if not isinstance(step, Crossing) or not _goes_out(step):
            continue
        after = one.steps[index + 1]
        for n, other in enumerate(flat.case.corridors.values()):
            if other.id != step.corridor and _may_use(flat, one, v, index, other):
                found = _by(flat, one, step, after, other)
                if found is not None:
                    rows[x, n] = found
    return rows


def _by(
    flat: Flat, one: Traveller, step: Crossing, after: Step, other: Corridor
) -> tuple[int, ...] | None:
    """Way there, check, way through, way on and last minute at another gate; None if no way."""
    inner, outer = other.gates(Direction.OUT)
    legs = [
        flat.leg(one, flat.facts.comes_to(step), inner), flat.leg(one, inner, outer),
        flat.leg(one, outer, flat.facts.comes_to(after)),
    ]
    there, through, on = legs
    if there is None or through is None or on is None:
        return None
    if not all(_allowed(flat, leg) for leg in (there, through, on)):
        return None
    check = flat.check(one, step)
    if one.by != c.FOOT:
        check = other.check(Direction.OUT).minutes_of(one.profile)
    high = check.high + through.high + flat.policy.reserve_at_gate
    window = flat.facts.window_after(step.enters) or flat.facts.windows[-1]
    closes = [spell.closes for spell in other.open_hours]
    latest = min([window.closes, *([max(closes)] if closes else [])]) - high
    return (flat.way(there), flat.spread(check, Source.CHECKPOINT), flat.way(through),
            flat.way(on), latest)


def _allowed(flat: Flat, leg: Leg) -> bool:
    """Whether a way may be taken that the plan did not take: approved and without mines."""
    return not leg.mined and (leg.approved or bool(flat.facts.plan.draft))


def _may_use(flat: Flat, one: Traveller, v: int, index: int, other: Corridor) -> bool:
    """Whether another corridor is open outward to a traveller and what it carries."""
    if Direction.OUT not in other.directions:
        return False
    cleared = other.mine_status(Direction.OUT) is MineStatus.CLEARED
    if not cleared and other.mines_override is None:
        return False
    if one.by == c.FOOT and not other.check(Direction.OUT).persons_per_hour:
        return False
    aboard = set(_users(flat, one, v, index))
    if aboard or one.kind is None:
        return aboard <= other.users
    return bool({USER_SERVED[use] for use in one.kind.uses} & other.users)


def _people(flat: Flat, one: Traveller, v: int, index: int) -> list[str]:
    """The groups on board at a crossing."""
    if one.kind is None:
        start = one.steps[0]
        return [line.group for line in start.people] if isinstance(start, Stop) else []
    return [group for group, _ in flat.facts.days[v].loads[index].people]


def _users(flat: Flat, one: Traveller, v: int, index: int) -> Iterator[User]:
    for group in _people(flat, one, v, index):
        yield USER_OF[flat.case.groups[group].category]
