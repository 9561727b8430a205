"""Figures that a report shows, counted from a case and a plan alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from attrs import frozen

from lull.domain.case import Case
from lull.domain.corridor import Direction
from lull.domain.people import PATIENTS, Need
from lull.domain.plan import Crossing, Goods, Plan, Step, Stop, Task, VehicleDay
from lull.domain.worth import arrived


@frozen
class Served:
    """Heads of one neighbourhood and need; patients are counted within the persons."""

    present: int = 0
    wishing: int = 0
    out: int = 0
    patients_wishing: int = 0
    patients_out: int = 0

    @property
    def waiting(self) -> int:
        """Those who wish to leave and do not with this plan."""
        return self.wishing - self.out

    @property
    def staying(self) -> int:
        """All who are still there afterwards, by choice or not."""
        return self.present - self.out

    @property
    def share(self) -> float:
        """Share of those who wish to leave that does; 1 where nobody wishes to."""
        return self.out / self.wishing if self.wishing else 1.0

    def __add__(self, other: Served) -> Served:
        return Served(
            self.present + other.present,
            self.wishing + other.wishing,
            self.out + other.out,
            self.patients_wishing + other.patients_wishing,
            self.patients_out + other.patients_out,
        )


def served(case: Case, plan: Plan) -> dict[tuple[str, Need], Served]:
    """Heads by (neighbourhood, need), in the case's order of neighbourhoods."""
    got = arrived(plan)
    cells: dict[tuple[str, Need], Served] = defaultdict(Served)
    for group in case.groups.values():
        cells[case.neighbourhood_of(group), group.need] += Served(
            group.count,
            group.wishing,
            got.persons.get(group.id, 0),
            group.patients,
            got.patients.get(group.id, 0) if group.need in PATIENTS else 0,
        )
    order = {name: i for i, name in enumerate(case.neighbourhoods)}
    needs = list(Need)
    return dict(sorted(cells.items(), key=lambda kv: (order[kv[0][0]], -needs.index(kv[0][1]))))


def total(cells: Iterable[Served]) -> Served:
    """The sum of some cells."""
    result = Served()
    for cell in cells:
        result += cell
    return result


@frozen
class Supplied:
    """One line of need beside what reaches it, in units and tonnes."""

    item: str
    unit: str
    site: str
    neighbourhood: str
    needed: int
    minimum: int
    units: int
    tonnes_needed: float
    tonnes: float
    persons: float
    """Persons for whom the delivered units suffice (0: not known)."""

    days: float


def supplied(case: Case, plan: Plan) -> tuple[Supplied, ...]:
    """Each line of need with what the plan delivers to it."""
    got = arrived(plan)
    lines = []
    for line, units in zip(case.demands, got.by_line(case), strict=True):
        item = case.items[line.item]
        lines.append(
            Supplied(
                item.name or item.id,
                item.unit,
                line.site,
                line.neighbourhood or case.site_neighbourhood(line.site),
                line.units,
                line.minimum,
                units,
                line.units * item.kg / 1000,
                units * item.kg / 1000,
                units * item.persons_per_unit,
                item.days,
            )
        )
    return tuple(lines)


def tonnes_of(case: Case, goods: Iterable[Goods]) -> float:
    """Tonnes of some goods, without what was removed or returned."""
    return sum((g.units - g.removed - g.returned) * case.items[g.item].kg / 1000 for g in goods)


def tonnes_in(case: Case, plan: Plan) -> float:
    """Tonnes set down at their destination."""
    return sum(
        tonnes_of(case, [g for g in stop.goods if g.destination == stop.site])
        for _, stop in plan.stops()
        if stop.task is Task.UNLOAD
    )


Steps = tuple[tuple[int, float], ...]
"""A cumulative quantity: (minute, value from then on), minutes rising."""


def _cumulate(gains: Mapping[int, float]) -> Steps:
    steps, value = [], 0.0
    for minute in sorted(gains):
        value += gains[minute]
        steps.append((minute, value))
    return tuple(steps)


def people_over_time(plan: Plan) -> Steps:
    """Persons set down at their destination, cumulative over minutes."""
    gains: dict[int, float] = defaultdict(float)
    for _, stop in plan.stops():
        if stop.task is Task.UNLOAD:
            for people in stop.people:
                if people.destination == stop.site:
                    gains[stop.departs] += people.persons
    for party in plan.parties:
        gains[party.reaches] += 0 if party.bound_for else party.persons
    return _cumulate(gains)


def people_through_gates(plan: Plan) -> Steps:
    """Persons who have left the far gate outwards, cumulative over minutes."""
    gains: dict[int, float] = defaultdict(float)
    for crossing, aboard in loads_at_crossings(plan):
        if crossing.direction is Direction.OUT and aboard.persons:
            gains[crossing.leaves] += aboard.persons
    for party in plan.parties:
        gains[party.leaves] += party.persons
    return _cumulate(gains)


def tonnes_over_time(case: Case, plan: Plan) -> Steps:
    """Tonnes set down at their destination, cumulative over minutes."""
    gains: dict[int, float] = defaultdict(float)
    for _, stop in plan.stops():
        if stop.task is Task.UNLOAD:
            gain = tonnes_of(case, [g for g in stop.goods if g.destination == stop.site])
            if gain:
                gains[stop.departs] += gain
    return _cumulate(gains)


@frozen
class Aboard:
    """What a vehicle carries between two steps."""

    vehicle: str = ""
    persons: int = 0
    patients: int = 0
    units: tuple[tuple[str, int], ...] = ()

    def tonnes(self, case: Case) -> float:
        """Tonnes of goods on board."""
        return sum(units * case.items[item].kg / 1000 for item, units in self.units)

    @property
    def loaded(self) -> bool:
        """Whether it carries anybody or anything."""
        return bool(self.persons or self.patients or any(u for _, u in self.units))


def carried(day: VehicleDay) -> list[tuple[Step, Aboard]]:
    """Each step of a vehicle's day with what is on board when the vehicle leaves it."""
    persons = patients = 0
    units: dict[str, int] = defaultdict(int)
    result: list[tuple[Step, Aboard]] = []
    for step in day.steps:
        if isinstance(step, Stop) and step.task in (Task.LOAD, Task.UNLOAD):
            sign = 1 if step.task is Task.LOAD else -1
            persons += sign * sum(p.persons for p in step.people)
            patients += sign * sum(p.stretchers for p in step.people)
            for goods in step.goods:
                units[goods.item] += sign * goods.units
        held = tuple((item, n) for item, n in units.items() if n)
        result.append((step, Aboard(day.vehicle, persons, patients, held)))
    return result


def loads_at_crossings(plan: Plan) -> list[tuple[Crossing, Aboard]]:
    """Each crossing of the plan with what the vehicle carries through it."""
    return [
        (step, aboard)
        for day in plan.vehicles
        for step, aboard in carried(day)
        if isinstance(step, Crossing)
    ]
