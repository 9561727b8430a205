"""Objects refuse nonsense in one sentence that says what is wrong and where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError

from lull.domain.case import Case
from lull.domain.claim import Claim
from lull.domain.corridor import (
    Checkpoint,
    ConvoyRule,
    Corridor,
    Direction,
    Gate,
    Link,
    MineStatus,
    Override,
    User,
)
from lull.domain.fleet import Use, VehicleType, type_of
from lull.domain.pause import Consent, PlanningRules, Stance
from lull.domain.people import Category, Group, Means, Need
from lull.domain.place import Site, SiteKind
from lull.domain.refusal import Refusal
from lull.domain.supplies import Demand, Item, Stock
from lull.domain.tiers import Concave, Tier, TierKind
from lull.domain.time import Window
from tests.tiny.build import corridor, people, site, vehicles
from tests.tiny.cases import aid, first_steps, link

OUT = frozenset({Direction.OUT})
CIVILIANS = frozenset({User.CIVILIANS})
BUS: dict[str, Any] = {"id": "bus", "name": "Bus", "number": 1, "base": "base",
                       "uses": frozenset({Use.PASSENGERS})}


def group(**more: Any) -> Group:
    return Group(**{"id": "g", "site": "A", "count": 9, "wishing": 8, "households": {4: 2}, **more})


def bus(**more: Any) -> VehicleType:
    return VehicleType(**{**BUS, **more})


REFUSED: list[tuple[str, Callable[[], Any], str]] = [
    ("a site without an id", lambda: Site("", "A", SiteKind.BASE), "no id"),
    ("a site of no kind", lambda: Site("A", "A", "market"), "must be one of"),  # type: ignore[arg-type]
    ("a site on no side", lambda: site("A", sides=()), "on no side"),
    ("a latitude beyond the pole", lambda: site("A", lat=91.0, lon=37.0), "not a latitude"),
    ("a longitude beyond the line", lambda: site("A", lat=36.0, lon=181.0), "not a latitude"),
    ("half a place", lambda: site("A", capacity_seated=0.5), "whole number"),
    ("a crowd below nothing", lambda: site("A", crowd_limit=-1), "whole number"),
    ("no bay at all", lambda: site("A", bays=0), "at least 1"),
    ("children without an organisation", lambda: site("A", receives_unaccompanied=True),
     "no receiving organisation"),
    ("a corridor without an id", lambda: Corridor("", "", CIVILIANS, OUT), "no id"),
    ("a corridor with an @", lambda: Corridor("a@b", "", CIVILIANS, OUT), "may not hold"),
    ("a corridor for nobody", lambda: Corridor("n", "", frozenset(), OUT), "open to nobody"),
    ("a corridor that goes nowhere", lambda: Corridor("n", "", CIVILIANS, frozenset()),
     "no direction"),
    ("fighters with civilians", lambda: corridor(users={User.CIVILIANS, User.FIGHTERS}), "mixed"),
    ("two gates on one side", lambda: corridor(inside_gate=Gate("outside")), "both gates"),
    ("a holding limit below nothing", lambda: corridor(holding_limit=-5), "whole number"),
    ("a check without lanes", lambda: Checkpoint(0), "at least 1"),
    ("a check that nobody passes", lambda: Checkpoint(vehicles_per_hour=0), "at least 1"),
    ("walkers below nothing", lambda: Checkpoint(persons_per_hour=-1), "at least 0"),
    ("an empty convoy", lambda: ConvoyRule(0), "at least 1"),
    ("a headway back in time", lambda: ConvoyRule(headway=-5), "at least 0"),
    ("a link by nothing", lambda: Link("south", ratio=0.0), "above 0"),
    ("an override by nobody", lambda: Override(" ", "because"), "a role and a reason"),
    ("an override for nothing", lambda: Override("head of operations", ""), "a role and a reason"),
    ("a vehicle without an id", lambda: bus(id=""), "no id"),
    ("a vehicle type with a #", lambda: bus(id="bus#1"), "may not hold"),
    ("fewer than no buses", lambda: bus(number=-1), "whole number"),
    ("half a seat", lambda: bus(seats=1.5), "whole number"),
    ("true seats", lambda: bus(seats=True), "whole number"),
    ("a payload below nothing", lambda: bus(payload_t=-1.0), "not possible"),
    ("a standing vehicle", lambda: bus(speed_factor=0.0), "speed factor"),
    ("a flying vehicle", lambda: bus(speed_factor=4.0), "speed factor"),
    ("a vehicle for nothing", lambda: bus(uses=frozenset()), "no use"),
    ("aid with passengers", lambda: bus(uses=frozenset({Use.AID, Use.PASSENGERS})),
     "carries no passengers"),
    ("fighters with passengers", lambda: bus(uses=frozenset({Use.FIGHTERS, Use.PASSENGERS})),
     "never share"),
    ("people without an id", lambda: group(id=""), "no id"),
    ("more wish than are there", lambda: group(count=7), "only 7 are there"),
    ("households that do not add up", lambda: group(households={4: 1, 3: 1}), "hold 7 persons"),
    ("a household of none", lambda: group(households={0: 3, 4: 2}), "size"),
    ("patients who are civilians", lambda: group(need=Need.STRETCHER), "no other category"),
    ("sitting patients", lambda: group(category=Category.PATIENTS), "no other category"),
    ("patients on foot", lambda: group(need=Need.CRITICAL, category=Category.PATIENTS,
                                       means=Means.ON_FOOT), "need transport"),
    ("cars of nobody", lambda: group(means=Means.OWN_CAR), "how many persons"),
    ("an item without an id", lambda: Item("", "Tent", 1.0), "no id"),
    ("an item of no weight", lambda: Item("tent", "Tent", 0.0), "not possible"),
    ("stock below nothing", lambda: Stock("tent", "W", -1), "whole number"),
    ("ready before it began", lambda: Stock("tent", "W", 1, ready=-1), "whole number"),
    ("a minimum above the need", lambda: Demand("tent", "D", 5, minimum=6), "exceeds"),
    ("a priority before the first", lambda: Demand("tent", "D", 5, priority=0), "at least 1"),
    ("a condition that is not stated", lambda: Consent("x", Stance.CONDITIONAL), "the condition"),
    ("a stance that nobody takes", lambda: Consent("x", "perhaps"), "one of"),  # type: ignore[arg-type]
    ("a use that nobody has", lambda: Consent("x", Stance.AGREED, use="tanks"), "one of"),
    ("no slot at all", lambda: PlanningRules(slot=0), "at least 1"),
    ("a margin below nothing", lambda: PlanningRules(margin=-30), "at least 0"),
    ("overfull buses", lambda: PlanningRules(fill=1.2), "between 0 and 1"),
    ("empty buses", lambda: PlanningRules(fill=0.0), "between 0 and 1"),
    ("more returns than people", lambda: PlanningRules(return_share=1.1), "between 0 and 1"),
    ("a figure without a source", lambda: Claim("c", "people", 9.0, "persons", "x", ""), "source"),
    ("breaks that end too soon", lambda: Concave((0.5, 0.9), (1.0, 0.5)), "last break at 1"),
    ("breaks that fall", lambda: Concave((0.9, 0.5, 1.0), (1.0, 0.9, 0.8)), "must rise"),
    ("weights that rise", lambda: Concave((0.5, 1.0), (0.5, 1.0)), "must fall"),
    ("weights below nothing", lambda: Concave((0.5, 1.0), (0.5, -1.0)), "must fall"),
    ("a tier without a name", lambda: Tier("", TierKind.SUPPLIES, "t"), "no name"),
    ("a tier that counts nobody", lambda: Tier("t", TierKind.PEOPLE, "persons"), "no weight"),
]


@pytest.mark.parametrize(("what", "make", "said"), REFUSED, ids=lambda v: v if isinstance(
    v, str) and " " in v else "")
def test_nonsense_is_refused_in_a_sentence(
    what: str, make: Callable[[], Any], said: str
) -> None:
    with pytest.raises(Refusal, match=said) as refused:
        make()
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert sentence[0].isupper()


def case_with(**parts: Any) -> Case:
    return evolve(first_steps().case, **parts)


@pytest.mark.parametrize(("make", "said"), [
    (lambda: case_with(groups={"g": people("g", where="Z")}), "Group 'g' names the site 'Z'"),
    (lambda: case_with(groups={"g": people("g", destinations=("Z",))}), "the site 'Z'"),
    (lambda: case_with(fleet={"bus": vehicles(base="Z")}), "the base 'Z'"),
    (lambda: evolve(aid().case, items={}), "no catalogue line"),
    (lambda: evolve(aid().case, stocks=(Stock("parcel", "Z", 1),)), "placed at 'Z'"),
    (lambda: evolve(link().case, corridors={"north": link().case.corridors["north"]}),
     "linked to 'south'"),
], ids=["group", "destination", "base", "item", "stock", "link"])
def test_a_case_refuses_what_leads_nowhere(make: Callable[[], Case], said: str) -> None:
    with pytest.raises(Refusal, match=said):
        make()


def test_a_case_says_all_that_leads_nowhere_at_once() -> None:
    with pytest.raises(Refusal) as refused:
        case_with(groups={"g": people("g", where="Y")}, fleet={"bus": vehicles(base="Z")})
    assert "'Y'" in str(refused.value)
    assert "'Z'" in str(refused.value)


def test_windows_follow_each_other() -> None:
    pause = first_steps().case.pause
    assert evolve(pause, windows=(Window(0, 60), Window(60, 90))).windows[1].opens == 60
    with pytest.raises(Refusal, match="before the window"):
        evolve(pause, windows=(Window(0, 60), Window(59, 90)))
    with pytest.raises(Refusal, match="no window"):
        evolve(pause, windows=())


def test_what_exists_cannot_be_changed() -> None:
    for thing, field in ((site("A"), "name"), (corridor(), "users"), (vehicles(), "number"),
                         (people(), "count"), (first_steps().plan, "convoys")):
        with pytest.raises(FrozenInstanceError):
            setattr(thing, field, None)


def test_what_is_not_said_of_mines_is_unknown() -> None:
    assert corridor(mines={}).mine_status(Direction.IN) is MineStatus.UNKNOWN


def test_shared_lanes_are_those_of_the_way_out() -> None:
    both = {Direction.OUT: Checkpoint(3), Direction.IN: Checkpoint(1)}
    assert corridor(checkpoint=both).lanes(Direction.IN) == 1
    assert corridor(checkpoint=both, shared_lanes=True).lanes(Direction.IN) == 3


def test_a_vehicle_is_named_after_its_type() -> None:
    assert vehicles().vehicle(12) == "bus#12"
    assert type_of("bus#12") == "bus"
    assert first_steps().case.vehicle_type("bus#3").seats == 50
    with pytest.raises(KeyError):
        first_steps().case.vehicle_type("tram#1")
