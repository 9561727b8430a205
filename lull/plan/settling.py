"""Linked corridors kept in step: departures are set again in the order of time.

A plan is first made as if corridors were not linked. Here all that goes out through linked ones
is taken back and set again, trip by trip and party by party, the earliest first. Who would run
ahead waits, at its base, until the other side has gone; where neither may go first, both go
together with as many on board as the link allows. What then finds no place is dropped.
"""

from __future__ import annotations

from itertools import islice

from attrs import define, evolve, field

from lull.domain.corridor import Direction
from lull.plan import orders
from lull.plan.alone import Batch
from lull.plan.itinerary import Trip
from lull.plan.links import Links, departures, of_trip
from lull.plan.packing import Load
from lull.plan.pools import NEVER
from lull.plan.remaining import UNLIMITED
from lull.plan.schedule import Committed, Schedule
from lull.plan.templates import Carries
from lull.plan.walk import AtGate, Team, Walk, Walker, loaded_at

LATER_TRIES = 8
"""How often a trip is set later until it reaches the gate at the minute wanted."""

FEWER_TRIES = 8
"""How often loads are cut down until linked corridors keep in step."""

CHOICES = 6
"""Rounds that a team looks at before it is given up."""

MATES = 2
"""Teams that are asked to drive on the other side at the same time."""


@define(eq=False)
class _Line:
    """What one team, or one group by one way, still has to do; `since` holds it back."""

    window: int
    made: Committed | None
    team: Team | None
    trips: list[Trip]
    batches: list[Batch]
    since: int = -NEVER
    starts: int = NEVER
    corridor: str = ""


@define(eq=False)
class _Settler:
    schedule: Schedule
    links: Links
    lines: list[_Line] = field(factory=list)

    # -- taking back ------------------------------------------------------------------------

    def take_back(self) -> None:
        """Take back every day and party that goes out through a linked corridor."""
        s, linked = self.schedule, self.links.corridors
        for day in list(s.days):
            if not any(c in linked for t in day.trips for c in of_trip(s, day.team, t)):
                continue
            s.remove(day)
            made = Committed(day.window, day.team, [])
            self.lines.append(_Line(day.window, made, day.team, list(day.trips), []))
        streams: dict[tuple[int, str, str, str], _Line] = {}
        for window, batch in list(s.batches):
            if batch.way.corridor in linked:
                s.alone(window).give_back(batch)
                s.batches.remove((window, batch))
                key = (window, batch.group, batch.way.corridor, batch.way.end)
                line = streams.setdefault(key, _Line(window, None, None, [], []))
                line.batches.append(batch)
        self.lines += streams.values()

    # -- looking ahead ----------------------------------------------------------------------

    def look(self, line: _Line) -> bool:
        """Find when a line would next go out through a linked corridor; False if it is done.

        Trips before that, which no link concerns, are set at once.
        """
        if line.made is None:
            if not line.batches:
                return False
            line.corridor = line.batches[0].way.corridor
            line.starts = max(line.since, line.batches[0].enters)
            return True
        while line.trips:
            if self.peek(line):
                return True
            walk = self.place(line)
            if walk is not None:
                self.set_trip(line, walk, UNLIMITED)
            line.trips.pop(0)
        return False

    def peek(self, line: _Line) -> bool:
        """Find when a line's next trip or party would go out; False if by no linked corridor."""
        if line.made is None:
            line.starts = max(line.since, line.batches[0].enters)
            return True
        walk = self.place(line)
        gate = None if walk is None else self._out(walk)
        if walk is None or gate is None or walk.round.carries is not Carries.PEOPLE:
            return False
        line.corridor, line.starts = gate.corridor, gate.starts
        return True

    def _out(self, walk: Walk) -> AtGate | None:
        return next((
            g for n, g in enumerate(walk.steps)
            if isinstance(g, AtGate) and g.corridor in self.links.corridors
            and g.direction is Direction.OUT and loaded_at(walk.steps, n)
        ), None)

    def place(self, line: _Line) -> Walk | None:
        """The next trip of a line at its earliest, going out no earlier than it may."""
        team = line.team
        assert team is not None
        s = self.schedule
        window = s.ground.case.pause.windows[line.window]
        walker = Walker(s.ground, s.pools, window)
        planned = line.trips[0].walk
        held = s.dispatcher(line.window).held(team, planned) if planned.steps else team
        for _ in range(LATER_TRIES):
            walk = walker.place(held, planned.round)
            gate = None if walk is None else self._out(walk)
            if walk is None or gate is None or gate.starts >= line.since:
                return walk
            held = evolve(held, free_at=max(held.free_at, walk.departs)
                          + line.since - gate.starts)
        return None

    # -- setting ----------------------------------------------------------------------------

    def set_trip(self, line: _Line, walk: Walk, most: int) -> bool:
        """Book a line's next trip as placed, with at most so many persons."""
        s, made, team = self.schedule, line.made, line.team
        assert made is not None
        assert team is not None
        done = s.add_trip(made, team, walk, most)
        if done is None:
            return False
        if made not in s.days:
            s.days.append(made)
        line.team = done
        return True

    def go(self, line: _Line, most: int) -> int:
        """Let a line's next trip or party go with at most so many; persons on board, or 0."""
        if line.made is None:
            alone = self.schedule.alone(line.window)
            alone.since, alone.at_most, alone.parties = line.starts, most, 1
            batch = alone.again(line.batches[0])
            if batch is None:
                return 0
            self.schedule.batches.append((line.window, batch))
            return batch.persons
        walk = self.place(line)
        if walk is None or not self.set_trip(line, walk, most):
            return 0
        return line.made.trips[-1].load.persons

    def back(self, line: _Line, before: Team | None) -> None:
        """Undo `go`."""
        if line.made is None:
            window, batch = self.schedule.batches.pop()
            self.schedule.alone(window).give_back(batch)
            return
        self.schedule.drop_last_trip(line.made)
        line.team = before

    def together(self, lines: list[_Line], *, whole: bool) -> bool:
        """Let the next of each line go if links allow; `whole`: only with full loads."""
        most = [UNLIMITED] * len(lines)
        for _ in range(1 if whole else FEWER_TRIES):
            before = [line.team for line in lines]
            gone: list[int] = []
            for line, many in zip(lines, most, strict=True):
                persons = self.go(line, many) if many > 0 else 0
                if not persons:
                    break
                gone.append(persons)
            breach = None
            if len(gone) == len(lines):
                breach = self.links.breach(departures(self.schedule, self.links.corridors))
                if breach is None:
                    return True
            for n in reversed(range(len(gone))):
                self.back(lines[n], before[n])
            if breach is None:
                return False
            for n, line in enumerate(lines):
                if line.corridor == breach.ahead:
                    most[n] = gone[n] - breach.persons
            if breach.ahead not in [line.corridor for line in lines]:
                return False
        return False

    def done(self, line: _Line) -> None:
        """Go on to a line's next trip or party."""
        if line.made is None:
            line.batches.pop(0)
        else:
            line.trips.pop(0)

    def settle(self) -> None:
        """Set everything again, the earliest first."""
        self.take_back()
        while True:
            self.lines = [line for line in self.lines if self.look(line)]
            if not self.lines:
                return
            first = min(self.lines, key=lambda x: (x.starts, x.corridor))
            if self.together([first], whole=True):
                self.done(first)
                continue
            others = self.links.others(first.corridor)
            partners = [x for x in self.lines if x.corridor in others]
            partner = min(partners, key=lambda x: (x.starts, x.corridor), default=None)
            if partner is None:
                self.together([first], whole=False)
                self.done(first)
                continue
            self._with(first, partner)

    def _with(self, first: _Line, partner: _Line) -> None:
        """The one that must wait goes after its partner, with it, or as full as it may."""
        if self.together([partner], whole=True):
            self.done(partner)
            first.since = max(first.since, partner.starts)
            return
        before = first.since, partner.since
        if self.at_once(first, partner) and self.together([first, partner], whole=False):
            self.done(first)
            self.done(partner)
            return
        first.since, partner.since = before
        for line in (first, partner):
            if self.peek(line) and self.together([line], whole=False):
                self.done(line)
                return
        self.done(first)

    def at_once(self, one: _Line, two: _Line) -> bool:
        """Hold two lines back until both go out at the same minute, if they can."""
        one.since = two.since = max(one.starts, two.starts)
        for _ in range(LATER_TRIES):
            if not (self.peek(one) and self.peek(two)):
                return False
            if one.starts == two.starts:
                return True
            one.since = two.since = max(one.starts, two.starts)
        return False


@define(eq=False)
class _Stepper:
    """Gives teams their rounds one by one in the order of time, so that links are kept throughout.

    A round that must wait for the other side is driven together with one on that side, by the
    next team that can.
    """

    settler: _Settler
    window: int
    idle: list[_Line]

    def fill(self) -> None:
        """Until no team finds another round."""
        while self.idle:
            line = min(self.idle, key=_free)
            if not self._one(line):
                self.idle.remove(line)

    def _rounds(self, line: _Line, corridors: frozenset[str] | None = None) -> list[Trip]:
        """The rounds that a team may drive next, best first; `corridors`: only out by these."""
        s, team = self.settler.schedule, line.team
        assert team is not None
        assert line.made is not None
        dispatcher = s.dispatcher(self.window)
        rounds = dispatcher.ranked(team, s.remaining)
        if corridors is not None:
            rounds = [r for r in rounds if r.exit in corridors]
        driven = [t.walk.round.route for t in line.made.trips]
        driven += [r.route for r in s.driven(team.vehicles, self.window)]
        rules = s.ground.case.pause.rules
        fits = (r for r in rounds if orders.fit(rules, [*driven, r.route]))
        nothing = Load((), (), s.aims.nothing)
        return [Trip(Walk(r, team.free_at, (), team.free_at, team.place), nothing)
                for r in islice(fits, CHOICES)]

    def _one(self, line: _Line) -> bool:
        """Give a team one more round, alone if links allow it, else together with another."""
        settler = self.settler
        held: set[str] = set()
        for trip in self._rounds(line):
            line.trips, line.since, line.starts = [trip], -NEVER, NEVER
            before = line.team
            if not settler.look(line):
                if line.team is not before:
                    return True
                continue
            if settler.together([line], whole=True):
                return True
            if line.corridor in held:
                continue
            held.add(line.corridor)
            if self._with_other(line):
                return True
            line.trips, line.since = [trip], -NEVER
            if settler.peek(line) and settler.together([line], whole=False):
                return True
        return False

    def _with_other(self, line: _Line) -> bool:
        others = self.settler.links.others(line.corridor)
        asked = line.starts
        for mate in sorted((x for x in self.idle if x is not line), key=_free)[:MATES]:
            for trip in self._rounds(mate, others)[:2]:
                line.since, mate.since, mate.trips = asked, -NEVER, [trip]
                if not self.settler.peek(mate) or mate.corridor not in others:
                    continue
                if self.settler.together([mate], whole=True):
                    line.since = mate.starts
                    return self.settler.peek(line) and self.settler.together([line], whole=False)
                line.starts = asked
                if (self.settler.at_once(line, mate)
                        and self.settler.together([line, mate], whole=False)):
                    return True
        line.since = asked
        return False


def _free(line: _Line) -> tuple[int, tuple[str, ...]]:
    assert line.team is not None
    return line.team.free_at, line.team.vehicles


def fill_in_step(schedule: Schedule, window: int, teams: list[tuple[str, ...]]) -> None:
    """Give idle teams days in a window, round by round, with linked corridors in step."""
    links = Links.of(schedule.ground.case)
    lines = []
    for vehicles in teams:
        team = schedule.team(vehicles, window)
        lines.append(_Line(window, Committed(window, team, []), team, [], []))
    _Stepper(_Settler(schedule, links), window, lines).fill()


def in_step(schedule: Schedule) -> bool:
    """Whether no linked corridor runs further ahead of the other than was agreed."""
    links = Links.of(schedule.ground.case)
    return not links.pairs or links.breach(departures(schedule, links.corridors)) is None


def settle(schedule: Schedule) -> None:
    """Keep linked corridors in step; a schedule that does is left as it is."""
    if not in_step(schedule):
        _Settler(schedule, Links.of(schedule.ground.case)).settle()


def cut_to_step(schedule: Schedule, day: Committed, number: int) -> bool:
    """Take rounds of a day back from its end, beyond a number of them, until linked corridors
    keep step; whether any beyond these are left."""
    while len(day.trips) > number and not in_step(schedule):
        schedule.drop_last_trip(day)
    return len(day.trips) > number


def drop_ahead(schedule: Schedule) -> None:
    """Give up what runs ahead, latest first and with what follows it, until links are kept."""
    links = Links.of(schedule.ground.case)
    while True:
        gone = departures(schedule, links.corridors)
        breach = links.breach(gone)
        if breach is None:
            return
        rows = [(step.starts, n, day) for day in schedule.days for n, trip in enumerate(day.trips)
                for step in trip.walk.steps
                if isinstance(step, AtGate) and step.corridor == breach.ahead
                and breach.ahead in of_trip(schedule, day.team, trip)
                and step.direction is Direction.OUT and step.starts <= breach.minute]
        if not rows:
            settle(schedule)
            return
        _, n, day = max(rows, key=lambda row: row[:2])
        while day in schedule.days and len(day.trips) > n:
            schedule.drop_last_trip(day)
