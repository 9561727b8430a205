"""The dearest day, found minute by minute backwards, against a plain recursion and by hand."""

from __future__ import annotations

import random
from functools import cache

import pytest
from attrs import evolve

from lull.domain.case import Case
from lull.domain.corridor import Checkpoint, ConvoyRule, Direction
from lull.domain.fleet import Use
from lull.domain.supplies import Demand, Item, Stock
from lull.domain.time import Estimate, Window
from lull.plan.ground import Ground
from lull.plan.proof.generate import Generator
from lull.plan.proof.lagrangian import Lagrangian
from lull.plan.proof.model import Model
from lull.plan.proof.pricing import Pricer
from lull.plan.proof.rounds import keys, row_of_goods, row_of_people
from lull.plan.reach import Reach
from tests.tiny.build import corridor, people, site, tiny, vehicles

LOW = float("-inf")


def places() -> list:
    """Two assembly points, two reception centres, a base and a store."""
    return [site("A"), site("B", bays=1), site("R", "reception_centre", bays=1),
            site("S", "reception_centre"), site("base", "base"), site("W", "warehouse", bays=1)]


def ways(seed: int) -> dict[tuple[str, str], Estimate]:
    """Minutes between places of a side, drawn by chance, not always a metric."""
    rng = random.Random(seed)
    inner, outer = ["A", "B", "north@inside", "south@inside"], [
        "R", "S", "base", "W", "north@outside", "south@outside"]
    found = {}
    for side in (inner, outer):
        for a in side:
            for b in side:
                if a != b:
                    minutes = rng.randint(1, 6)
                    found[a, b] = Estimate(minutes, minutes, minutes + rng.randint(0, 3))
    return found


def case(seed: int, kind: str) -> Case:
    """A pause of an hour and a half with two corridors, for one bus or one truck."""
    rng = random.Random(seed)
    north = corridor("north", convoy=ConvoyRule(2, 10))
    south = corridor("south", open_hours=(Window(5, 40), Window(45, 110)))
    fleet = [vehicles(number=1)] if kind == "bus" else [
        vehicles("truck", 1, (Use.AID,), payload_t=5.0, seats=0)]
    return tiny(
        places(), [north, south], [people(where="A"), people("others", where="B")], fleet,
        windows=[(0, 60), (70, 120)] if rng.random() < 0.5 else [(0, 90)],
        rules={"margin": 5}, ways=ways(seed), through=Estimate(2, 3, 4),
        items={"t": Item("t", "Tent", 50.0)}, stocks=(Stock("t", "W", 500),),
        demands=(Demand("t", "A", 100, 50), Demand("t", "B", 100, 50)),
    )


def model_of(given: Case) -> Model:
    """The rows of a case."""
    ground = Ground(given)
    return Model.of(ground, Reach(ground))


class Plain:
    """The same chain, minute by minute, by plain recursion over places and times."""

    def __init__(self, pricer: Pricer, duals: dict[str, float]) -> None:
        self.p, self.w, self.duals = pricer, pricer.ways, duals
        self.grid = pricer.capacities.grid
        self.high, self.last = self.w.round_high().tolist(), self.w.last_leg().tolist()

    @cache  # noqa: B019
    def may(self, gate) -> list[bool]:
        """Minutes in which a check may begin."""
        return self.w.may_enter(gate, self.grid).tolist()

    @cache  # noqa: B019
    def serves(self, stop: str) -> list[bool]:
        """Minutes in which a stop inside may begin."""
        return self.w.may_serve(stop, self.grid, boards=bool(self.w.picks)).tolist()

    @cache  # noqa: B019
    def minute(self, key: tuple[str, ...], t: int) -> float:
        blocks = self.p.capacities.rows.get(key, ())
        return sum(self.duals.get(b.name, 0.0) for b in blocks if b.start <= t < b.end)

    @cache  # noqa: B019
    def during(self, key: tuple[str, ...], t: int, lasts: int) -> float:
        return sum(self.minute(key, m) for m in range(t, t + lasts))

    @cache  # noqa: B019
    def go(self, a: str, b: str) -> int | None:
        found = int(self.w.least([a], [b])[0, 0])
        return None if found < 0 else found

    @cache  # noqa: B019 - one recursion, one case
    def outside(self, place: str, t: int) -> float:
        """The most from a place outside, empty."""
        best = 0.0
        if t >= self.grid.length:
            return best
        for gate in self.w.entries:
            way = self.go(place, gate.first)
            if way is not None:
                best = max(best, self.enters(gate, t + way, ""))
        for store in self.w.stores:
            way = self.go(place, store)
            if way is None:
                continue
            serves = self.w.service(store)
            for at in range(t + way, self.grid.length):
                price = self.during(("bays", store), at, serves)
                for gate in self.w.entries:
                    leg = self.go(store, gate.first)
                    if leg is not None:
                        best = max(best, self.enters(gate, at + serves + leg, store) - price)
        return best

    @cache  # noqa: B019
    def slots(self, gate, t: int) -> list[tuple[int, float]]:
        """Each check that may follow an arrival, at its least price over the convoys' starts."""
        least: dict[int, float] = {}
        for check, price in self._slots(gate, t):
            least[check] = min(price, least.get(check, price))
        return sorted(least.items())

    def _slots(self, gate, t: int):
        lanes, convoys, entries = keys(gate)
        may = self.may(gate)
        for start in range(t, self.grid.length):
            if not self.grid.slot[start] or self.grid.window[start] < 0:
                continue
            for check in range(start, self.grid.length):
                if self.grid.window[check] != self.grid.window[start]:
                    break
                if may[check]:
                    yield check, (self.minute(convoys, start) + self.minute(entries, check)
                                  + self.during(lanes, check, self.w.check(gate)))

    @cache  # noqa: B019
    def enters(self, gate, t: int, store: str) -> float:
        best = LOW
        for check, price in self.slots(gate, t):
            window, limit = self.grid.window[check], self.grid.limit[check]
            out = check + self.w.passing(gate)
            for j, stop in enumerate(self.w.sites):
                high = self.high[self.w.entries.index(gate)][j]
                leg = self.go(gate.far, stop)
                if leg is None or high < 0 or check + high > limit:
                    continue
                if self.w.stores and not store:
                    continue
                pay = self.p.kg * self.duals.get(
                    row_of_goods(self.w.kind.id, store, stop), 0.0) if store else 0.0
                best = max(best, pay + self.stops(stop, out + leg, window) - price)
        return best

    @cache  # noqa: B019
    def stops(self, stop: str, t: int, window: int) -> float:
        best = LOW
        may = self.serves(stop)
        lasts = self.w.service(stop)
        for at in range(t, self.grid.length):
            if self.grid.window[at] != window:
                break
            if not may[at]:
                continue
            price = self.during(("bays", stop), at, lasts)
            for e, gate in enumerate(self.w.exits):
                leg, high = self.go(stop, gate.first), self.last[
                    self.w.sites.index(stop)][e]
                if leg is None or high < 0 or at + lasts + high > self.grid.limit[at]:
                    continue
                for pick in self.w.picks or [None]:
                    if pick is None or pick[0] == stop:
                        gain = self.leaves(gate, at + lasts + leg, pick, window)
                        best = max(best, gain - price)
        return best

    @cache  # noqa: B019
    def leaves(self, gate, t: int, pick, window: int) -> float:
        best = LOW
        if t >= self.grid.length or self.grid.window[t] != window:
            return best
        for check, price in self.slots(gate, t):
            if self.grid.window[check] != window:
                break
            out = check + self.w.passing(gate)
            if pick is None:
                best = max(best, self.outside(gate.far, out) - price)
                continue
            for down in self.w.may_end[pick]:
                leg = self.go(gate.far, down)
                pay = self.p.lead * self.duals.get(
                    row_of_people(self.w.kind.id, pick, down), 0.0)
                serves = self.w.service(down)
                if leg is None:
                    continue
                for at in range(out + leg, min(self.grid.length, out + leg + 60)):
                    bay = self.during(("bays", down), at, serves)
                    on = self.outside(down, at + serves)
                    best = max(best, pay - bay + on - price)
        return best


def prices(model: Model, seed: int) -> dict[str, float]:
    """Prices by chance: of seats and goods often, of time sometimes."""
    rng = random.Random(seed)
    found = {}
    for name in model.program.names:
        if " from " in name and rng.random() < 0.8:
            found[name] = rng.uniform(0, 3)
        elif rng.random() < 0.3:
            found[name] = rng.uniform(0, 2) if "bays" not in name else rng.uniform(0, 0.5)
    return found


@pytest.mark.parametrize(("seed", "kind"), [*((n, "bus") for n in range(5)),
                                            *((n, "truck") for n in range(5, 8))])
def test_the_backward_pass_is_worth_what_plain_recursion_finds(seed: int, kind: str) -> None:
    """On made-up minutes and prices, with bays, hours, two windows, and times at the high."""
    model = model_of(case(seed, kind))
    pricer, = model.pricers.values()
    duals = prices(model, seed)
    value, days = pricer.best(duals, many=9)
    plain = Plain(pricer, duals)
    start = pricer.ways.starts_from(plain.grid)
    wanted = plain.outside(pricer.ways.kind.base, start)
    if pricer.ways.stores:
        wanted = max(wanted, *(plain.enters(g, 0, s) for g in pricer.ways.entries
                               for s in pricer.ways.stores))
    assert value == pytest.approx(max(0.0, wanted), abs=1e-6)
    assert days or value == 0
    for one in days:
        worth = -sum(v * duals.get(name, 0.0) for name, v in one.rows)
        assert worth <= value + 1e-6
    if days and not pricer.ways.stores:
        worth = -sum(v * duals.get(name, 0.0) for name, v in days[0].rows)
        assert worth == pytest.approx(value, abs=1e-6)


def test_a_day_by_hand() -> None:
    """Two rounds fit 200 minutes: in, load, out, set down, and again."""
    given = tiny(
        [site("A"), site("R", "reception_centre"), site("base", "base")], [corridor()],
        [people()], [vehicles(number=1)], windows=[(0, 200)])
    model = model_of(given)
    pricer = model.pricers["bus"]
    pick, = pricer.ways.picks
    value, days = pricer.best({row_of_people("bus", pick, "R"): 1.0})
    seats = pricer.lead
    assert value == pytest.approx(2 * seats)
    assert len(days[0].rounds) == 2


def test_any_prices_give_a_value_no_lower_than_what_one_bus_can_do() -> None:
    """One round brings out fifty; no prices whatever say that it cannot."""
    given = tiny(
        [site("A"), site("R", "reception_centre"), site("base", "base")], [corridor()],
        [people(households={5: 10})], [vehicles(number=1)], windows=[(0, 130)])
    lagrangian = Lagrangian.of(model_of(given))
    gain = lagrangian.gain({("persons", "families"): 1.0})
    rng = random.Random(7)
    for _ in range(200):
        tried = lagrangian.array({
            n: rng.choice((0.0, rng.uniform(0, 2), rng.uniform(0, 40)))
            for n in lagrangian.model.program.names})
        assert lagrangian.value(gain, tried)[0] >= 50 - 1e-6


def test_nothing_is_priced_where_rounds_take_no_time() -> None:
    """Any number of rounds would fit into a minute; the bound without a clock stands alone."""
    free = evolve(corridor(), checkpoint=dict.fromkeys(Direction, Checkpoint()))
    given = tiny([site("A"), site("R", "reception_centre"), site("base", "base")],
                 [free], [people()], [vehicles(number=1)], through=Estimate.of(0))
    assert not model_of(given).works
    assert Generator.of(Ground(given)) is None
