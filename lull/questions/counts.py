"""What a plan does, counted for a question: heads and tonnes, in all, by need, by neighbourhood."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from attrs import field, frozen

from lull.domain.case import Case
from lull.domain.people import Need
from lull.domain.plan import Plan
from lull.domain.tiers import TierKind
from lull.domain.worth import arrived, tier_value


@frozen
class Share:
    """What is asked for and what of it is done, in one unit."""

    asked: float = 0.0
    done: float = 0.0

    def __add__(self, other: Share) -> Share:
        return Share(self.asked + other.asked, self.done + other.done)


@frozen
class Counts:
    """Persons (companions included), patients and tonnes of one plan of one case.

    `by_need` and `by_place` count persons, `tonnes_by_place` tonnes; places are neighbourhoods.
    `tiers` are the values of the tiers in their order.
    """

    persons: Share
    patients: Share
    tonnes: Share
    by_need: Mapping[Need, Share] = field(factory=dict)
    by_place: Mapping[str, Share] = field(factory=dict)
    tonnes_by_place: Mapping[str, Share] = field(factory=dict)
    tiers: tuple[float, ...] = ()


def counts(case: Case, plan: Plan) -> Counts:
    """Count what a plan brings to its destination beside what the case asks for."""
    got = arrived(plan)
    by_need: dict[Need, Share] = defaultdict(Share)
    by_place: dict[str, Share] = {name: Share() for name in case.neighbourhoods}
    aid: dict[str, Share] = defaultdict(Share)
    patients = Share()
    for group in case.groups.values():
        heads = Share(group.wishing, got.persons.get(group.id, 0))
        by_need[group.need] += heads
        by_place[case.neighbourhood_of(group)] += heads
        if group.is_medical:
            patients += Share(group.patients, got.patients.get(group.id, 0))
    for line, units in zip(case.demands, got.by_line(case), strict=True):
        place = line.neighbourhood or case.site_neighbourhood(line.site)
        kg = case.items[line.item].kg
        aid[place] += Share(line.units * kg / 1000, units * kg / 1000)
    return Counts(
        sum(by_place.values(), Share()), patients, sum(aid.values(), Share()),
        dict(by_need), by_place, dict(aid),
        tuple(tier_value(case, t, got, plan) for t in case.pause.tiers
              if t.kind is not TierKind.SHORTER))
