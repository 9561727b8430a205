"""Linked corridors: neither runs ahead of the other by more than was agreed, and people move."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from lull.domain.case import Case
from lull.domain.corridor import Direction, Link, LinkUnit
from lull.domain.fleet import Use
from lull.domain.pause import Consent, Consents, Party, PlanningRules, Stance
from lull.domain.people import Category, Group, Means, Need
from lull.domain.worth import arrived
from tests.plan.test_planner import SMALL, checked
from tests.plan.towns import town
from tests.tiny.build import corridor, people, site, tiny, vehicles
from tests.tiny.cases import link


def moved(case: Case, **how: int) -> dict[str, int]:
    """Persons of each group whom a checked plan brings to their destination."""
    return dict(arrived(checked(case, **{"work": 4, **how}).plan).persons)


def two_sides(tie: Link, **more: Any) -> Case:
    """Families leave A by the north, others B by the south; the two corridors are linked."""
    places = [site("A"), site("B"), site("R", "reception_centre"), site("base", "base")]
    parts: dict[str, Any] = {
        "groups": [people(), people("others", where="B")], "fleet": [vehicles()], **more}
    gates = [corridor("north", parts.pop("users", ("civilians", "wounded")), link=tie),
             corridor("south")]
    return tiny(places, gates, parts.pop("groups"), parts.pop("fleet"), **parts)


def apart(groups: list[Group] | None = None) -> dict[str, Any]:
    """Fighters by the north in a vehicle of their own, civilians by the south in a bus."""
    own = people(category=Category.FIGHTERS)
    return {"users": ("fighters",), "groups": groups or [own, people("others", where="B")],
            "fleet": [vehicles(number=1), vehicles("green", 1, (Use.FIGHTERS,))]}


@pytest.mark.parametrize("unit", list(LinkUnit))
def test_both_sides_leave_wholly_where_time_allows(unit: LinkUnit) -> None:
    """Eleven hours are enough for 160 persons on either side, step by step."""
    assert moved(link(unit).case) == {"families": 160, "others": 160}


def test_without_any_lead_both_leave_at_the_same_minute() -> None:
    """One bus on each side, whole households of four: 48 and 48 in each step, never one alone.

    A round takes 80 minutes from gate to gate; in at 0, 80 and 160 the buses are out at 50, 130
    and 210, and a fourth time at 290, where 290 - 30 is the latest. Three steps: 144 each.
    """
    case = two_sides(Link("south"), **apart(), windows=[(0, 290)])
    plan = checked(case, work=4).plan
    assert dict(arrived(plan).persons) == {"families": 144, "others": 144}
    out = [(c.starts, c.corridor) for c in plan.convoys if c.direction is Direction.OUT]
    assert sorted({n for n, _ in out}) == [n for n, c in sorted(out) if c == "north"]


def test_the_side_with_fewer_people_sets_the_pace() -> None:
    """Twenty on one side, a lead of ten, two for one: no more than 2 x 20 + 10 on the other."""
    groups = [people(households={1: 160}, category=Category.FIGHTERS),
              people("others", {1: 20}, where="B")]
    case = two_sides(Link("south", ratio=2.0, lead=10, other_lead=10), **apart(groups))
    assert moved(case) == {"families": 50, "others": 20}


def test_fighters_and_wounded_by_one_corridor_civilians_by_the_other() -> None:
    """Different people in different vehicles; walkers and cars count too.

    Through the north 40 and 12 at the most, so through the south 52 and the lead of 12: 116.
    """
    groups = [
        people("own", {1: 40}, category=Category.FIGHTERS),
        people("sick", {2: 6}, where="A", need=Need.STRETCHER, category=Category.PATIENTS),
        people("others", {4: 10}, where="B"),
        people("walk", {2: 20}, where="B", means=Means.ON_FOOT, need=Need.WALKING),
        people("drive", {3: 8}, where="B", means=Means.OWN_CAR, persons_per_car=3),
    ]
    fleet = [
        vehicles(number=2), vehicles("green", number=2, uses=(Use.FIGHTERS,)),
        vehicles("amb", number=2, uses=(Use.WOUNDED,), seats=4, stretchers=2),
    ]
    places = [site("A"), site("B"), site("R", "reception_centre"), site("base", "base"),
              site("H", "hospital", hospital_level=3)]
    tie = Link("south", LinkUnit.PERSONS, 1.0, 12, 12)
    gates = [corridor("north", ("fighters", "wounded"), link=tie),
             corridor("south", ("civilians", "wounded"), rates={"persons_per_hour": 60})]
    got = moved(tiny(places, gates, groups, fleet))
    assert sum(got.values()) == 116
    assert (got["own"], got["sick"], got["others"]) == (40, 12, 40)


TIES: dict[str, Callable[[], Link]] = {
    "persons, no lead": lambda: Link("C1"),
    "persons, a bus ahead": lambda: Link("C1", LinkUnit.PERSONS, 1.0, 50, 50),
    "persons, two for one": lambda: Link("C1", LinkUnit.PERSONS, 2.0, 30, 0),
    "vehicles, no lead": lambda: Link("C1", LinkUnit.VEHICLES),
    "vehicles, one for three": lambda: Link("C1", LinkUnit.VEHICLES, 1 / 3, 1, 2),
}


@pytest.mark.parametrize("name", TIES)
@pytest.mark.parametrize("seed", range(2))
def test_towns_with_linked_corridors_keep_every_rule_and_are_not_empty(
    name: str, seed: int
) -> None:
    """Buses, ambulances, trucks, walkers and cars through two corridors that are linked."""
    case = town(seed, **SMALL)
    gates = {**case.corridors, "C0": evolve(case.corridors["C0"], link=TIES[name]())}
    assert sum(moved(evolve(case, corridors=gates)).values()) > 60


def test_links_hold_with_return_seats_and_over_two_windows() -> None:
    """Rounds given up for want of return seats do not leave the other side ahead."""
    for more in ({"rules": PlanningRules(return_share=0.2)}, {"windows": 2, "hours": 4}):
        case = town(3, **{**SMALL, **more})
        tie = Link("C1", LinkUnit.PERSONS, 1.0, 40, 40)
        gates = {**case.corridors, "C0": evolve(case.corridors["C0"], link=tie)}
        assert sum(moved(evolve(case, corridors=gates)).values()) > 0


def test_more_work_is_never_worse_where_corridors_are_linked() -> None:
    """The search takes days out and puts them back without breaking the step."""
    case = town(1, **SMALL)
    tie = Link("C1", LinkUnit.VEHICLES, 1.0, 1, 1)
    case = evolve(case, corridors={**case.corridors,
                                   "C0": evolve(case.corridors["C0"], link=tie)})
    values = [[round(t.value, 6) for t in checked(case, work=w).tiers[:-1]] for w in (0, 12)]
    assert values == sorted(values)


def test_a_corridor_whose_other_side_is_not_agreed_to_is_not_in_force() -> None:
    """One party agreed to the north alone: as recorded, neither of the linked corridors opens."""
    case = two_sides(Link("south", lead=10))
    said = (Consent("a", Stance.AGREED, "north"), Consent("a", Stance.REFUSED, "south"))
    pause = evolve(case.pause, parties=(Party("a", "A"),), consents=said)
    assert not evolve(case, pause=pause).on(Consents.RECORDED).corridors
