"""What a plan is worth: who and what arrives, and the value of each tier.

Nothing here asks whether a plan keeps the rules; that is the business of `rules`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from attrs import frozen

from lull.domain.case import Case
from lull.domain.people import PATIENTS, Group
from lull.domain.plan import Crossing, Plan, Task, left_at
from lull.domain.supplies import Demand
from lull.domain.tiers import Tier, TierKind


@frozen
class Arrived:
    """Persons and patients set down at their destination by group, units by (item, site).

    Patients are counted within the persons.
    """

    persons: Mapping[str, int]
    patients: Mapping[str, int]
    units: Mapping[tuple[str, str], int]

    def by_line(self, case: Case) -> tuple[int, ...]:
        """Units delivered against each line of need, in the order of the case.

        Lines for one item at one site share what arrives there, see `shared_out`.
        """
        together: dict[tuple[str, str], list[int]] = defaultdict(list)
        for n, line in enumerate(case.demands):
            together[line.item, line.site].append(n)
        found = [0] * len(case.demands)
        for key, numbers in together.items():
            shares = shared_out([case.demands[n] for n in numbers], self.units.get(key, 0))
            for n, units in zip(numbers, shares, strict=True):
                found[n] = units
        return tuple(found)


def shared_out(lines: Sequence[Demand], units: int) -> tuple[int, ...]:
    """How units of one item at one site are shared among the lines of need for it there.

    First the survival minimum of each line, priority by priority; then what each needs beyond
    it, again by priority. Lines of one priority are filled in proportion: each further unit goes
    to the line whose share would be the lowest with it (the divisor method of Jefferson and
    D'Hondt: no line ever gets less because more has come). What exceeds all lines is nobody's.
    """
    got = [0] * len(lines)
    minima = [line.minimum for line in lines]
    beyond = [line.units - line.minimum for line in lines]
    for wanted in (minima, beyond):
        for priority in sorted({line.priority for line in lines}):
            here = [n for n, line in enumerate(lines) if line.priority == priority]
            filled = _in_proportion([wanted[n] for n in here], units)
            for n, many in zip(here, filled, strict=True):
                got[n] += many
            units -= sum(filled)
    return tuple(got)


def _in_proportion(wanted: list[int], units: int) -> list[int]:
    """At most `units`, in proportion to what is wanted, in whole units."""
    total = sum(wanted)
    if units >= total:
        return wanted
    got = [units * many // total for many in wanted]
    for _ in range(units - sum(got)):
        open_ = [n for n, many in enumerate(wanted) if got[n] < many]
        got[min(open_, key=lambda n: ((got[n] + 1) / wanted[n], n))] += 1
    return got


def arrived(plan: Plan) -> Arrived:
    """Count what a plan brings to its destination."""
    persons: dict[str, int] = defaultdict(int)
    patients: dict[str, int] = defaultdict(int)
    units: dict[tuple[str, str], int] = defaultdict(int)
    for _, stop in plan.stops():
        if stop.task is not Task.UNLOAD:
            continue
        for people in stop.people:
            if people.destination == stop.site:
                persons[people.group] += people.persons
                patients[people.group] += people.stretchers
        for goods in stop.goods:
            if goods.destination == stop.site:
                units[goods.item, stop.site] += goods.units - goods.removed - goods.returned
    for party in plan.parties:
        persons[party.group] += 0 if party.bound_for else party.persons
    return Arrived(dict(persons), dict(patients), dict(units))


def counted_in_patients(tier: Tier) -> bool:
    """Whether a tier weighs only patients, so that it counts them and not their companions."""
    return all(need in PATIENTS for need, weight in (tier.weights or {}).items() if weight > 0)


def counts_in(tier: Tier, group: Group) -> float:
    """The weight of one head of a group in a tier of people; 0 where it does not count."""
    if tier.kind is not TierKind.PEOPLE or (tier.means and group.means not in tier.means):
        return 0.0
    return (tier.weights or {}).get(group.need, 0.0)


def heads(tier: Tier, group: Group) -> int:
    """How many of those who wish to leave a tier counts in a group."""
    return group.patients if counted_in_patients(tier) else group.wishing


def line_tonnes(case: Case, tier: Tier, line: Demand) -> float:
    """Tonnes that a tier of supplies counts in one line of need."""
    kg = case.items[line.item].kg
    minimum = tier.kind is TierKind.SUPPLIES_MINIMUM
    return (line.minimum if minimum else line.units - line.minimum) * kg / 1000


def line_weight(line: Demand) -> float:
    """The weight of a tonne by its priority: 1, 1/2, 1/3 … (assumed: only the order is known)."""
    return 1.0 / line.priority


def line_value(case: Case, tier: Tier, line: Demand, units: int) -> float:
    """What units delivered against one line of need are worth in a tier; 0 where none count."""
    if tier.kind not in (TierKind.SUPPLIES, TierKind.SUPPLIES_MINIMUM):
        return 0.0
    tonnes = line_tonnes(case, tier, line)
    if tonnes <= 0:
        return 0.0
    if tier.kind is TierKind.SUPPLIES_MINIMUM:
        share = min(units, line.minimum) / line.minimum
    else:
        share = max(0, min(units, line.units) - line.minimum) / (line.units - line.minimum)
    return line_weight(line) * tonnes * tier.concave.of(share)


def tier_value(case: Case, tier: Tier, got: Arrived, plan: Plan | None = None) -> float:
    """The value of one tier, in its unit.

    People: Σ over neighbourhood and need of weight × wishing × φ(share). Supplies: Σ over lines
    of weight × tonnes × φ(share); lines for one item at one site share what arrives there
    (`shared_out`). Shorter: person-minutes waited after the call plus
    vehicle-minutes under way (needs the plan).
    """
    if tier.kind is TierKind.PEOPLE:
        return _people_value(case, tier, got)
    if tier.kind is TierKind.SHORTER:
        return float(_waiting(plan) + _under_way(plan)) if plan else 0.0
    delivered = zip(case.demands, got.by_line(case), strict=True)
    return float(sum(line_value(case, tier, line, units) for line, units in delivered))


def _people_value(case: Case, tier: Tier, got: Arrived) -> float:
    wishing: dict[tuple[str, str], int] = defaultdict(int)
    served: dict[tuple[str, str], int] = defaultdict(int)
    weight: dict[tuple[str, str], float] = {}
    patients_only = counted_in_patients(tier)
    for group in case.groups.values():
        each = counts_in(tier, group)
        if each <= 0:
            continue
        cell = (case.neighbourhood_of(group), group.need.value)
        weight[cell] = each
        wishing[cell] += heads(tier, group)
        source = got.patients if patients_only else got.persons
        served[cell] += source.get(group.id, 0)
    return sum(
        weight[cell] * wishing[cell] * tier.concave.of(min(1.0, served[cell] / wishing[cell]))
        for cell in wishing
        if wishing[cell]
    )


def _waiting(plan: Plan) -> int:
    boards = {
        (crossing.convoy, vehicle): (vehicle, crossing.round)
        for vehicle, crossing in plan.crossings()
    }
    by_convoy: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for (convoy, _), where in boards.items():
        by_convoy[convoy].append(where)
    loads = {
        (vehicle, stop.round, stop.site, people.group): stop.starts
        for vehicle, stop in plan.stops()
        if stop.task is Task.LOAD
        for people in stop.people
    }
    departures = {party.id: party.departs for party in plan.parties}
    total = 0
    for call in plan.calls:
        if call.serves in departures:
            total += call.persons * (departures[call.serves] - call.at)
            continue
        starts = [
            loads[vehicle, turn, call.site, call.group]
            for vehicle, turn in by_convoy.get(call.serves, ())
            if (vehicle, turn, call.site, call.group) in loads
        ]
        if starts:
            total += call.persons * max(0, max(starts) - call.at)
    return total


def _under_way(plan: Plan) -> int:
    total = 0
    for day in plan.vehicles:
        for before, after in zip(day.steps, day.steps[1:], strict=False):
            total += max(0, after.arrives - left_at(before))
            if isinstance(before, Crossing):
                total += before.leaves - before.enters
    return total
