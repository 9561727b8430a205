"""One state twice over: in the objects that `walk` and `packing` read and in the kernel's arrays.

The two halves share no code that places or packs; only what turns the objects into arrays
(`tables`, `state`) stands between them.
"""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
from attrs import define, evolve, field
from numba import njit

from lull.domain.case import Case
from lull.domain.corridor import Direction
from lull.domain.place import INSIDE
from lull.domain.plan import Task
from lull.domain.time import Window
from lull.plan.aims import Aims
from lull.plan.goods import Errand, pack_goods
from lull.plan.ground import Ground
from lull.plan.itinerary import Catalogue
from lull.plan.kernel import load as kernel_load
from lull.plan.kernel import place as at
from lull.plan.kernel.state import ENTERED, PROMISES, QUEUE, State, state_of
from lull.plan.kernel.tables import Floats, Ints, Names, Tables, TablesMaker
from lull.plan.packing import pack_people
from lull.plan.remaining import UNLIMITED, Remaining
from lull.plan.schedule import Schedule
from lull.plan.templates import Carries
from lull.plan.walk import AtGate, Placed, Team, Walk, Walker


@njit
def placed_by_kernel(  # type: ignore[no-untyped-def]
    t, s, k, size, here, free_at, r, w, out
) -> bool:
    """The compiled placer, which only compiled functions may call."""
    return at.place(t, s, k, size, here, free_at, r, w, out)


@njit
def people_by_kernel(t, s, tw, k, size, r, most, rows, value) -> int:  # type: ignore[no-untyped-def]
    """The compiled packing of people."""
    return kernel_load.pack_people(t, s, tw, k, size, r, most, rows, value)


@njit
def goods_by_kernel(t, s, tw, k, size, r, at_, rows, value) -> int:  # type: ignore[no-untyped-def]
    """The compiled packing of goods."""
    return kernel_load.pack_goods(t, s, tw, k, size, r, at_, rows, value)


@njit
def put_back_by_kernel(t, s, r, rows, n, sign, value) -> None:  # type: ignore[no-untyped-def]
    """The compiled giving back of a load."""
    kernel_load.put_back(t, s, r, rows, n, sign, value)


@njit
def booked_by_kernel(t, s, k, size, r, out, sign) -> None:  # type: ignore[no-untyped-def]
    """The compiled booking."""
    at.book_round(t, s, k, size, r, out, sign)


@define(eq=False)
class Twice:
    """A case with both states, and what has been booked in both."""

    case: Case
    schedule: Schedule
    tables: Tables
    names: Names
    state: State
    booked: list[tuple[int, int, int, Ints, Walk]] = field(factory=list)
    """(type, size, round, what the kernel says, what `walk` says)."""

    @classmethod
    def of(cls, case: Case) -> Twice:
        """Nothing booked."""
        ground, aims = Ground(case), Aims(case)
        schedule = Schedule.empty(ground, aims, Catalogue(ground))
        tables, names = TablesMaker(ground, aims, schedule.catalogue).make()
        return cls(case, schedule, tables, names, state_of(schedule, tables, names))

    def anything(self, rng: random.Random) -> tuple[int, int, int, str, int, int]:
        """(round, type, size, place, free from, window) such as a search may ask about."""
        r = rng.randrange(len(self.names.rounds))
        kind = self.case.fleet[self.names.rounds[r].kind]
        w = rng.randrange(len(self.case.pause.windows))
        window = self.case.pause.windows[w]
        places = [kind.base] + [
            ends for own in self.names.rounds for ends in (own.set_down,)
            if own.carries is Carries.PEOPLE and own.kind == kind.id
        ] + [self.case.corridors[own.exit].gates(Direction.OUT)[1]
             for own in self.names.rounds if own.kind == kind.id]
        size = rng.choice([1, 1, 2, 3, 4, 5, 8])
        at_ = rng.randrange(window.opens - 120, window.closes + 30)
        return r, self.names.kinds.index(kind.id), size, rng.choice(places), at_, w

    def by_walk(self, r: int, size: int, here: str, free_at: int, w: int) -> Walk | None:
        """What the planner that is not compiled says."""
        round_ = self.names.rounds[r]
        team = Team(round_.kind, tuple(f"{round_.kind}#{n + 1}" for n in range(size)), here,
                    free_at)
        window = self.case.pause.windows[w]
        return Walker(self.schedule.ground, self.schedule.pools, window).place(team, round_)

    def by_kernel(self, r: int, k: int, size: int, here: str, free_at: int, w: int) -> Ints | None:
        """What the compiled planner says; minutes from the start of the horizon."""
        out = np.zeros(at.FIELDS, np.int64)
        fits = placed_by_kernel(
            self.tables, self.state, k, size, self.names.places.index(here),
            free_at - self.schedule.ground.horizon.start, r, w, out)
        return out if fits else None

    def book(self, k: int, size: int, r: int, out: Ints, walk: Walk) -> None:
        """Hold a round in both."""
        self.schedule.pools.book(walk.steps, size)
        booked_by_kernel(self.tables, self.state, k, size, r, out, 1)
        self.booked.append((k, size, r, out, walk))

    def take_back(self, which: int) -> None:
        """Give one back in both."""
        k, size, r, out, walk = self.booked.pop(which)
        self.schedule.pools.book(walk.steps, size, undo=True)
        booked_by_kernel(self.tables, self.state, k, size, r, out, -1)

    @property
    def weights(self) -> Floats:
        """What a unit of each tier counts when groups are ranked."""
        return np.array([1000.0**-i for i in range(len(self.case.pause.tiers))])

    def loaded_by_packing(
        self, r: int, size: int, most: int, loads_at: int, draft: Remaining
    ) -> tuple[Counter[object], tuple[float, ...]]:
        """What packing loads, line by line, and what it is worth; `draft` is changed."""
        round_, schedule = self.names.rounds[r], self.schedule
        kind, ground = self.case.fleet[round_.kind], schedule.ground
        if round_.carries is Carries.AID:
            errand = Errand({round_.pick_up: loads_at}, {round_.set_down: ""})
            load = pack_goods(schedule.aims, draft, errand, kind, size)
            units: Counter[object] = Counter()
            for c in load.cargo:
                units[c.item, c.place] += c.units
            return units, load.value
        dispatcher = schedule.dispatcher(0)
        ends = dispatcher.ends(kind, round_.pick_up, round_.set_down, draft)
        groups = schedule.catalogue.groups(kind, round_.pick_up)
        load = pack_people(ground, schedule.aims, draft, groups, ends, kind, size, most)
        return Counter({
            (b.group, b.destination, tuple(sorted(b.sizes.items())), b.patients): b.persons
            for b in load.boardings}), load.value

    def loaded_by_kernel(
        self, r: int, k: int, size: int, most: int, loads_at: int
    ) -> tuple[Counter[object], Floats, Ints]:
        """What the kernel loads, in the same words, what it is worth, and its rows."""
        names, sizes = self.names, self.state.homes.shape[1]
        rows = np.zeros((kernel_load.MOST_ROWS, kernel_load.FIRST_SIZE + sizes), np.int64)
        value, found = np.zeros(len(self.weights)), Counter[object]()
        if names.rounds[r].carries is Carries.AID:
            n = goods_by_kernel(
                self.tables, self.state, self.weights, k, size, r,
                loads_at - self.schedule.ground.horizon.start, rows, value)
            for row in rows[:n]:
                item, place = names.lines[row[1]]
                found[item, place] += int(row[2])
            return found, value, rows[:n]
        n = people_by_kernel(
            self.tables, self.state, self.weights, k, size, r, most, rows, value)
        for row in rows[:n]:
            whole = tuple((z, int(row[kernel_load.FIRST_SIZE + z])) for z in range(sizes)
                          if row[kernel_load.FIRST_SIZE + z])
            found[names.groups[row[0]], names.sites[row[1]], whole, int(row[3])] = int(row[2])
        return found, value, rows[:n]

    def put_back(self, r: int, rows: Ints) -> None:
        """Undo a load of the kernel."""
        put_back_by_kernel(self.tables, self.state, r, rows, len(rows), -1,
                           np.zeros(len(self.weights)))

    def said(self, walk: Walk) -> dict[str, object]:
        """What `walk` says, minute by minute."""
        found: dict[str, object] = {
            "departs": walk.departs, "free": walk.free_at, "place": walk.place}
        for step in walk.steps:
            found.update(_of_step(step))
        return found

    def in_words(self, r: int, k: int, size: int, out: Ints) -> dict[str, object]:
        """What the kernel says, in the words of `walk`."""
        start, round_ = self.schedule.ground.horizon.start, self.names.rounds[r]
        o = [int(x) for x in out]
        promise = (o[at.MOMENT] + start, o[at.UNTIL] + start, o[at.ROOM])
        found: dict[str, object] = {
            "departs": o[at.DEPARTS] + start, "free": o[at.FREE] + start,
            "place": self.names.places[o[at.PLACE]],
            "promise": promise if o[at.PROMISED] else None,
        }
        for way, first in (("in", at.IN_START), ("out", at.OUT_START)):
            found[way] = (round_.entry if way == "in" else round_.exit, o[first] + start,
                          o[first + 1], o[first + 2], o[first + 3] + start)
        for task, site, first in (("load", round_.pick_up, at.LOAD_ARRIVES),
                                  ("unload", round_.set_down, at.DOWN_ARRIVES)):
            found[task] = (site, o[first] + start, o[first + 1] + start, o[first + 2],
                           o[first + 3], o[first + 4] + start)
        return found

    def books(self, state: State) -> dict[str, object]:
        """Everything that a state holds, lists in any order."""
        lists = {
            name: [sorted(map(tuple, state.lists[which, p, : state.listed[which, p]].tolist()))
                   for p in range(len(self.tables.lanes))]
            for name, which in (("queue", QUEUE), ("promises", PROMISES))
        }
        return {
            "lanes": state.used.tolist(), "bays": state.bays.tolist(),
            "blocked": (state.starts[0] > 0).tolist(), "entered": state.starts[ENTERED].tolist(),
            **lists,
        }


def _of_step(step: Placed) -> dict[str, object]:
    if isinstance(step, AtGate):
        found: dict[str, object] = {step.direction.value: (
            step.corridor, step.starts, step.block, step.width, step.leaves)}
        if step.direction is Direction.OUT:
            found["promise"] = step.promise
        return found
    task = "load" if step.task is Task.LOAD else "unload"
    return {task: (step.site, step.arrives, step.starts, step.block, step.width, step.departs)}


def roughened(case: Case, rng: random.Random) -> Case:
    """The case with hours, limits and lanes of its own, drawn at random."""
    window = case.pause.windows[0]
    middle = (window.opens + window.closes) // 2

    def hours() -> tuple[Window, ...]:
        early = Window(window.opens - rng.randrange(200), middle - rng.randrange(60))
        late = Window(middle + rng.randrange(30), window.closes + rng.randrange(-60, 200))
        return rng.choice([(), (), (early, late), (late,), (early,)])

    corridors = {
        name: evolve(
            c, open_hours=hours(), shared_lanes=rng.random() < 0.3,
            holding_limit=rng.choice([None, 5, 40]),
            convoy=evolve(c.convoy, headway=rng.choice([0, 5, 17, 30]),
                          largest=rng.choice([None, 3, 8])),
            checkpoint={
                way: evolve(check, lanes=c.checkpoint[Direction.OUT].lanes,
                            vehicles_per_hour=rng.choice([None, None, 4, 9]))
                for way, check in c.checkpoint.items()
            },
        )
        for name, c in case.corridors.items()
    }
    sites = {
        name: evolve(
            s, open_hours=hours(), bays=rng.choice([s.bays, s.bays, 1, None]),
            walk_to_shelter=rng.choice([0, 20, 90]) if INSIDE in s.sides else 0,
            waiting_limit=rng.choice([None, 15, 90]),
        )
        for name, s in case.sites.items()
    }
    return evolve(case, corridors=corridors, sites=sites)


def scarce(case: Case, rng: random.Random, lines: int = 1) -> Case:
    """The case with few places and little stock, which is ready late, in so many lines each."""
    limits = {"seated": [None, 30, 400], "stretcher": [None, 2, 20], "critical": [None, 1, 9]}
    sites = {
        name: evolve(s, **{f"capacity_{what}": rng.choice(most) for what, most in limits.items()})
        for name, s in case.sites.items()
    }
    stocks = tuple(
        evolve(s, units=rng.randrange(300), ready=rng.choice([0, 60, 200]))
        for s in case.stocks for _ in range(lines)
    )
    demands = tuple(
        evolve(d, units=d.units - rng.randrange(5), priority=rng.choice([1, 2]))
        for d in case.demands
    )
    return evolve(case, sites=sites, stocks=stocks, demands=demands,
                  pause=evolve(case.pause, notice=rng.choice([None, 0, 60])))


def check_places(case: Case, seed: int, tries: int) -> int:
    """Ask both placers, book and take back what they say; how many rounds they placed.

    Both refuse or say the same minutes, and both states hold the same in the end.
    """
    rng, twice, placed = random.Random(seed), Twice.of(case), 0
    for _ in range(tries if twice.names.rounds else 0):
        r, k, size, here, free_at, w = twice.anything(rng)
        walk = twice.by_walk(r, size, here, free_at, w)
        out = twice.by_kernel(r, k, size, here, free_at, w)
        asked = twice.names.rounds[r].route, size, here, free_at, w
        assert (walk is None) == (out is None), asked
        if walk is None or out is None:
            continue
        placed += 1
        assert twice.in_words(r, k, size, out) == twice.said(walk), asked
        if rng.random() < 0.5:
            twice.book(k, size, r, out, walk)
        if twice.booked and rng.random() < 0.15:
            twice.take_back(rng.randrange(len(twice.booked)))
    anew = state_of(twice.schedule, twice.tables, twice.names)
    assert twice.books(twice.state) == twice.books(anew)
    return placed


def check_loads(case: Case, seed: int, tries: int) -> int:
    """Ask both packings, keep some of what they load; how often they loaded anything.

    Both load the same for the same value, and both states hold the same in the end. Expects one
    line of stock for an item at a store.
    """
    rng, twice, loaded = random.Random(seed), Twice.of(case), 0
    for _ in range(tries if twice.names.rounds else 0):
        r, k, size, _, at_, _ = twice.anything(rng)
        most = rng.choice([UNLIMITED, rng.randrange(120)])
        draft = twice.schedule.remaining.draft()
        packed, worth = twice.loaded_by_packing(r, size, most, at_, draft)
        found, value, rows = twice.loaded_by_kernel(r, k, size, most, at_)
        assert found == packed, (twice.names.rounds[r].route, size, most, at_)
        assert np.allclose(value, worth, atol=1e-6)
        loaded += bool(found)
        if rng.random() < 0.4:
            twice.schedule.remaining = draft.flat()
        else:
            twice.put_back(r, rows)
    anew = state_of(twice.schedule, twice.tables, twice.names)
    for name in ("homes", "served", "places", "kept", "stock", "delivered"):
        assert (getattr(twice.state, name) == getattr(anew, name)).all(), name
    return loaded
