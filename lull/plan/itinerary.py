"""The best day of one team: a chain of rounds on at most two routes.

Dynamic programming over the rounds driven: from every prefix of the best chains on a first
route, the chain on a second route is tried, each round at its earliest minute, with what the
earlier rounds of the draft took already gone.
"""

from __future__ import annotations

from functools import cached_property
from itertools import islice

from attrs import define, evolve, field, frozen

from lull.domain.corridor import Direction
from lull.domain.fleet import VehicleType
from lull.domain.people import Group
from lull.domain.place import SiteKind
from lull.domain.plan import Task
from lull.domain.time import Window
from lull.plan import orders
from lull.plan.aims import Aims, Value, add, better, scalar
from lull.plan.beyond import beyond, fed, minutes_home
from lull.plan.boarding import board
from lull.plan.crowds import Crowds
from lull.plan.deliveries import Deliveries
from lull.plan.escorts import convoys_of
from lull.plan.gathering import gather
from lull.plan.goods import Errand, pack_goods
from lull.plan.ground import Ground
from lull.plan.onward import Changing, is_exchange
from lull.plan.packing import Load, pack_people
from lull.plan.pools import NEVER
from lull.plan.remaining import UNLIMITED, Remaining
from lull.plan.sideways import sideways_rounds
from lull.plan.stretch import Stretched, stretch
from lull.plan.templates import (
    Carries,
    Round,
    aid_rounds,
    groups_for,
    people_rounds,
    standby_rounds,
)
from lull.plan.walk import AtGate, AtSite, Pools, Team, Walk, Walker

MEETING_STEP = 15
"""Minutes between two tries to meet those who are brought to an exchange point."""

MEETING_WAIT = 60
"""Minutes that a bus is held back at the most so that more people can be brought to meet it."""

FIRST_ROUTES = 10
SECOND_ROUTES = 5
PREFIXES = 3
CHAINS = 3


@frozen
class Trip:
    """One round with its load."""

    walk: Walk
    load: Load


@frozen
class Day:
    """A team's trips in one window, the team at its end, and what it is worth."""

    team: Team
    trips: tuple[Trip, ...]
    after: Team
    value: Value


@define(eq=False)
class Catalogue:
    """Rounds by vehicle type, made once for a case."""

    ground: Ground
    _groups: dict[tuple[str, str], list[Group]] = field(factory=dict)
    _ends: dict[tuple[str, str, str], dict[str, tuple[str, ...]]] = field(factory=dict)
    _bound: dict[tuple[str, str, str], frozenset[str]] = field(factory=dict)
    _carrying: dict[str, list[Round]] = field(factory=dict)

    @cached_property
    def deliveries(self) -> Deliveries:
        """Rounds of aid that do not simply go in and out again."""
        return Deliveries(self.ground)

    def carrying(self, kind: str) -> list[Round]:
        """All rounds with a load of a type."""
        if kind not in self._carrying:
            vehicle_type = self.ground.case.fleet[kind]
            others = self.deliveries.of(vehicle_type) + sideways_rounds(self.ground, vehicle_type)
            others = self._home_again(vehicle_type, others)
            self._carrying[kind] = self.rounds[kind] + others
        return self._carrying[kind]

    @cached_property
    def rounds(self) -> dict[str, list[Round]]:
        """Rounds with a load, by type id."""
        fleet = self.ground.case.fleet.values()
        return {
            k.id: self._home_again(k, people_rounds(self.ground, k) + aid_rounds(self.ground, k))
            for k in fleet
        }

    @cached_property
    def standby(self) -> dict[str, list[Round]]:
        """Empty rounds that keep return seats, by type id."""
        return {k.id: self._home_again(k, standby_rounds(self.ground, k))
                for k in self.ground.case.fleet.values()}

    def _home_again(self, kind: VehicleType, rounds: list[Round]) -> list[Round]:
        """Rounds from whose end there is a way back to the base."""
        def ends(round_: Round) -> str:
            last, _ = round_.acts[-1]
            if isinstance(last, str):
                return last
            return self.ground.case.corridors[last[0]].gates(last[1])[1]

        return [r for r in rounds if minutes_home(self.ground, kind, ends(r)) < NEVER]

    def groups(self, kind: VehicleType, site: str) -> list[Group]:
        """Groups at a site that a type may carry."""
        key = (kind.id, site)
        if key not in self._groups:
            here = groups_for(self.ground, kind, site)
            if self.ground.site(site).kind is SiteKind.EXCHANGE:
                here += [g for g in fed(self.ground, site) if self.ground.carries(kind, g)]
            self._groups[key] = here
        return self._groups[key]

    def ends(self, kind: VehicleType, site: str, set_down: str) -> dict[str, tuple[str, ...]]:
        """Group id to where it may go when set down at a site or an exchange point, best first."""
        key = (kind.id, site, set_down)
        if key not in self._ends:
            place = self.ground.site(set_down)
            found: dict[str, tuple[str, ...]] = {}
            for group in self.groups(kind, site):
                if self.ground.may_end_at(group, place):
                    found[group.id] = (set_down,)
                elif place.kind is SiteKind.EXCHANGE:
                    onward = tuple(beyond(self.ground, group, set_down))
                    if onward:
                        found[group.id] = onward
            self._ends[key] = found
        return self._ends[key]

    def bound_for(self, kind: VehicleType, site: str, set_down: str) -> frozenset[str]:
        """The groups that may be set down at a site or an exchange point."""
        key = (kind.id, site, set_down)
        if key not in self._bound:
            self._bound[key] = frozenset(self.ends(kind, site, set_down))
        return self._bound[key]


@define(eq=False)
class Dispatcher:
    """Finds and judges the days of teams in one window, over what is still free."""

    ground: Ground
    aims: Aims
    catalogue: Catalogue
    pools: Pools
    remaining: Remaining
    crowds: Crowds
    window: Window
    counted: int | None = None
    """How many tiers, from the first, a load must serve to be worth anything; None: all."""
    changing: Changing | None = None
    """What finds rides to and from exchange points; None: people change nowhere."""
    full: frozenset[str] = frozenset()
    """Exchange points from which nobody takes on any more cargo."""

    def best_day(self, team: Team, driven: tuple[Round, ...] = ()) -> Day | None:
        """The best day found for a team, or None where no round of any worth fits.

        `driven` are the rounds that it has driven on the same date before.
        """
        start = _Draft.of(self, team, driven)
        ranked = self.ranked(team, self.remaining)
        chains: list[list[_Draft]] = []
        for tried, route in enumerate(r for r in ranked if self._may_add(start, r)):
            if chains and tried >= FIRST_ROUTES:
                break
            chain = self._chain(start, route)
            if chain:
                chains.append(chain)
        chains.sort(key=lambda c: (_key(c[-1].value), -c[-1].team.free_at), reverse=True)
        best: _Draft | None = chains[0][-1] if chains else None
        for chain in chains[:CHAINS]:
            for draft in chain[-PREFIXES:]:
                ranked = self.ranked(draft.team, draft.remaining)
                first = chain[0].trips[0].walk.round.route
                others = (r for r in ranked if r.route != first and self._may_add(draft, r))
                for second in islice(others, SECOND_ROUTES):
                    longer = self._chain(draft, second)
                    if longer and (best is None or better(longer[-1].value, best.value)):
                        best = longer[-1]
        if best is None or not best.trips:
            return None
        best = self._to_the_full(best)
        return Day(team, best.trips, best.team, best.value)

    def _to_the_full(self, best: _Draft) -> _Draft:
        """The last round of a day made longer where that brings more aid at all."""
        last = best.trips[-1].walk.round
        if last.carries is not Carries.AID or best.before is None:
            return best
        longer = self._one_more(best.before, last, last=True)
        return longer if longer is not None and better(longer.value, best.value) else best

    def _chain(self, draft: _Draft, round_: Round) -> list[_Draft]:
        """Every prefix of driving one round again and again from a draft."""
        prefixes: list[_Draft] = []
        while self._may_add(draft, round_):
            longer = self._one_more(draft, round_)
            if longer is None:
                return prefixes
            prefixes.append(longer)
            draft, round_ = longer, longer.trips[-1].walk.round
        return prefixes

    def _may_add(self, draft: _Draft, round_: Round) -> bool:
        """Whether a driver's routes and half a page of orders allow one more round."""
        rounds = [*draft.driven, *(t.walk.round for t in draft.trips), round_]
        return orders.fit(self.ground.case.pause.rules, [r.route for r in rounds])

    def _one_more(
        self, draft: _Draft, round_: Round, *, last: bool = False
    ) -> _Draft | None:
        walker = Walker(self.ground, self.pools, self.window, draft.starts)
        tried = self._loaded(draft, round_, walker)
        if tried is None:
            return None
        team, since, walk, load, remaining = tried
        if round_.carries is Carries.AID:
            found = stretch(
                self, walker, team, Stretched(walk, load, remaining), draft.remaining,
                lambda r: self._may_add(draft, r), last=last,
            )
            if found is None:
                return None
            walk, load, remaining = found.walk, found.load, found.remaining
        elif round_.carries is Carries.PEOPLE:
            wider = gather(
                self, walker, team, Stretched(walk, load, remaining), draft.remaining,
                lambda r: self._may_add(draft, r), last=last,
            )
            walk, load, remaining = wider.walk, wider.load, wider.remaining
        team = evolve(draft.team, place=walk.place, free_at=walk.free_at, on_duty_since=since)
        starts = {key: list(own) for key, own in draft.starts.items()}
        for step in walk.steps:
            if isinstance(step, AtGate):
                starts.setdefault((step.corridor, step.direction), []).append(step.starts)
        value = add(draft.value, load.value)
        trips = (*draft.trips, Trip(walk, load))
        return _Draft(team, remaining, starts, trips, value, draft.driven, draft)

    def _loaded(
        self, draft: _Draft, round_: Round, walker: Walker
    ) -> tuple[Team, int, Walk, Load, Remaining] | None:
        """A round at the first minute at which it has a load of worth; None if it never has.

        Where people are brought to meet it, it waits, within reason, until more have come.
        """
        best: tuple[Team, int, Walk, Load, Remaining] | None = None
        meets = is_exchange(self.ground, round_.pick_up) and round_.carries is Carries.PEOPLE
        for team in self._when_ready(draft.team, round_):
            if best is not None and team.free_at > best[0].free_at + MEETING_WAIT:
                break
            walk = walker.place(team, round_)
            if walk is None:
                break
            since = draft.team.on_duty_since
            since = walk.departs if since is None else since
            if not self.within_duty(draft.team, since, walk):
                break
            remaining = draft.remaining.draft()
            load = self.load(draft.team, walk, remaining)
            worth = load.value[: self.counted]
            if any(x > 1e-9 for x in worth) and (
                    best is None or better(worth, best[3].value[: self.counted])):
                best = team, since, walk, load, remaining
                if not meets:
                    break
        return best

    def _when_ready(self, team: Team, round_: Round) -> list[Team]:
        """The team as it is, then held back until each later line of stock is ready."""
        if is_exchange(self.ground, round_.pick_up) and round_.carries is Carries.PEOPLE:
            first = max(team.free_at, self.window.opens)
            return [evolve(team, free_at=at)
                    for at in range(first, self.window.closes, MEETING_STEP)]
        teams, notice = [team], self.ground.case.pause.notice
        if round_.carries is Carries.AID and notice is not None:
            leg = self.ground.minutes(team.kind, team.place, round_.pick_up)
            ready = {notice + s.ready - leg for s in self.ground.case.stocks
                     if s.site == round_.pick_up}
            teams += [evolve(team, free_at=at) for at in sorted(ready) if at > team.free_at]
        return teams

    def held(self, team: Team, walk: Walk) -> Team:
        """A team held back as planned, for stock to be ready or for people to be brought."""
        if is_exchange(self.ground, walk.round.pick_up) and walk.round.carries is Carries.PEOPLE:
            return evolve(team, free_at=max(team.free_at, walk.departs))
        first = walk.steps[0]
        if walk.round.carries is not Carries.AID or not isinstance(first, AtSite):
            return team
        leg = self.ground.minutes(team.kind, team.place, first.site)
        return evolve(team, free_at=max(team.free_at, first.starts - leg))

    def within_duty(self, team: Team, since: int, walk: Walk) -> bool:
        """Whether a team is back at its base within its hours after a round."""
        kind = self.ground.case.fleet[team.kind]
        ends = walk.free_at + minutes_home(self.ground, kind, walk.place)
        if kind.available_to is not None and ends > kind.available_to:
            return False
        return kind.crew_duty is None or ends - since <= kind.crew_duty

    def load(
        self, team: Team, walk: Walk, remaining: Remaining, most: int = UNLIMITED
    ) -> Load:
        """What a team takes on in a placed round; changes the last layer of `remaining`.

        `most` is how many persons it may take.
        """
        kind, round_ = self.ground.case.fleet[team.kind], walk.round
        if round_.carries is Carries.STANDBY:
            return Load((), (), self.aims.nothing)
        if round_.carries is Carries.AID:
            loaded = {s.site: s.starts for s in walk.steps
                      if isinstance(s, AtSite) and s.task is Task.LOAD}
            errand = self.errand(kind, round_, loaded)
            return pack_goods(self.aims, remaining, errand, kind, team.size)
        return board(self, team, walk, remaining, most)

    def errand(self, kind: VehicleType, round_: Round, loaded: dict[str, int]) -> Errand:
        """What a round of aid may carry; `loaded` are its stores with when they are loaded."""
        deliveries, places = self.catalogue.deliveries, dict[str, str]()
        barred: set[tuple[str, str]] = set()
        for site in (act for act, task in round_.acts if task is Task.UNLOAD):
            assert isinstance(site, str)
            if site in deliveries.needs:
                places[site] = ""
            if site in self.full or self.ground.site(site).kind is not SiteKind.EXCHANGE:
                continue
            barred |= {(s.item, site) for s in self.ground.case.stocks if s.site == site}
            for store in loaded:
                for place in deliveries.beyond(kind, store, site):
                    places.setdefault(place, site)
        return Errand(loaded, places, frozenset(barred))

    def ends(
        self, kind: VehicleType, pick_up: str, set_down: str, remaining: Remaining
    ) -> dict[str, str]:
        """Group id to its destination between two places: the best that has a place left."""
        found = {}
        for name, ends in self.catalogue.ends(kind, pick_up, set_down).items():
            group = self.ground.case.groups[name]
            what = group.need.value if group.is_medical else "seated"
            found[name] = next((e for e in ends if remaining.places(e, what) > 0), ends[0])
        return found

    def called_at(self, stop: AtSite) -> int:
        """When people are called forward for a stop: no earlier than the window allows."""
        site = self.ground.site(stop.site)
        lead = max(self.ground.case.pause.rules.call_lead, site.call)
        if site.waiting_limit is not None:
            lead = max(site.call, min(lead, site.waiting_limit - stop.block + stop.each))
        return max(self.window.opens, stop.starts - lead) if site.inside else stop.starts - lead

    def ranked(self, team: Team, remaining: Remaining) -> list[Round]:
        """Rounds by worth a minute, with the wait at gates; few of each pick-up and exit."""
        kind = self.ground.case.fleet[team.kind]
        worth: dict[object, float] = {}
        scored = []
        gates = _GateTimes.of(self, kind, team)
        for round_ in self.catalogue.carrying(team.kind):
            place = self._alike(kind, team.size, round_, remaining)
            if place not in worth:
                full = self._full_load(kind, team.size, round_, remaining)
                worth[place] = scalar(full.value[: self.counted])
            if worth[place] > 0:
                minutes = gates.minutes(round_)
                if minutes < NEVER:
                    scored.append((-worth[place] / max(1, minutes), round_.route, round_))
        scored.sort(key=lambda s: (s[0], s[1]))
        return _diverse([s[2] for s in scored])

    def _alike(
        self, kind: VehicleType, size: int, round_: Round, remaining: Remaining
    ) -> object:
        """What a round's load depends on: rounds alike in it are worth the same."""
        if round_.carries is Carries.AID:
            return tuple(act for act, task in round_.acts if task is not None)
        lying, sitting = size * kind.stretchers, size * kind.seats
        roomy = round_.set_down not in self.ground.patients_bound_for and all(
            remaining.places(round_.set_down, what) >= most
            for what, most in (("seated", sitting), ("stretcher", lying), ("critical", lying))
        )
        who = self.catalogue.bound_for(kind, round_.pick_up, round_.set_down)
        return round_.pick_up, who, "" if roomy else round_.set_down

    def _full_load(
        self, kind: VehicleType, size: int, round_: Round, remaining: Remaining
    ) -> Load:
        draft = remaining.draft()
        if round_.carries is Carries.AID:
            loaded = {act: self.window.closes for act, task in round_.acts
                      if isinstance(act, str) and task is Task.LOAD}
            errand = self.errand(kind, round_, loaded)
            return pack_goods(self.aims, draft, errand, kind, size)
        groups = self.catalogue.groups(kind, round_.pick_up)
        ends = self.ends(kind, round_.pick_up, round_.set_down, draft)
        times = convoys_of(kind, size)
        return pack_people(self.ground, self.aims, draft, groups, ends, kind, times, UNLIMITED)


@define(eq=False)
class _GateTimes:
    """When a team could enter each gate, for ranking rounds by what they really take."""

    enters: dict[str, int]
    leaves: dict[str, list[int]]
    start: int
    at: int

    @classmethod
    def of(cls, dispatcher: Dispatcher, kind: VehicleType, team: Team) -> _GateTimes:
        """The tables of every gate that a team of this size may pass."""
        at = max(team.free_at, dispatcher.window.opens)
        start = dispatcher.ground.horizon.start
        enters, leaves = {}, {}
        for (name, way), pool in dispatcher.pools.gates.items():
            corridor = dispatcher.ground.case.corridors[name]
            largest = corridor.convoy.largest
            if way not in corridor.directions or (largest is not None and team.size > largest):
                continue
            width = min(team.size, pool.servers)
            block = -(-team.size // width) * corridor.check(way).minutes_of(kind.id).likely
            table = pool.table(block, width, team.size, way.value)
            if way is Direction.OUT:
                leaves[name] = table
            else:
                enters[name] = table[at - start] if at - start < len(table) else NEVER
        return cls(enters, leaves, start, at)

    def minutes(self, round_: Round) -> int:
        """A round's minutes with its waits at the gates, or NEVER."""
        at, wait = self.at, 0
        if round_.entry:
            slot = self.enters.get(round_.entry, NEVER)
            if slot >= NEVER:
                return NEVER
            wait, at = slot - at, slot
        if round_.exit:
            at += round_.minutes // 2
            table = self.leaves.get(round_.exit)
            index = at - self.start
            if table is None or index >= len(table) or table[index] >= NEVER:
                return NEVER
            wait += table[index] - at
        return round_.minutes + wait


@define(eq=False)
class _Draft:
    team: Team
    remaining: Remaining
    starts: dict[tuple[str, Direction], list[int]]
    trips: tuple[Trip, ...]
    value: Value
    driven: tuple[Round, ...] = ()
    before: _Draft | None = None

    @classmethod
    def of(cls, dispatcher: Dispatcher, team: Team, driven: tuple[Round, ...]) -> _Draft:
        return cls(team, dispatcher.remaining, {}, (), dispatcher.aims.nothing, driven)


def _key(value: Value) -> tuple[float, ...]:
    return tuple(round(x, 6) for x in value)


def _diverse(rounds: list[Round], per_pick_up: int = 2, per_exit: int = 5) -> list[Round]:
    picked: dict[str, int] = {}
    left: dict[str, int] = {}
    first, rest = [], []
    for r in rounds:
        place = r.pick_up if r.carries is Carries.PEOPLE else r.set_down
        if picked.get(place, 0) < per_pick_up and left.get(r.exit, 0) < per_exit:
            picked[place] = picked.get(place, 0) + 1
            left[r.exit] = left.get(r.exit, 0) + 1
            first.append(r)
        else:
            rest.append(r)
    return first + rest
