"""Folders that say odd but possible things: a plan that keeps every rule, or words why not."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from lull.domain.case import Case
from lull.domain.corridor import Checkpoint, Direction
from lull.domain.fleet import Use
from lull.domain.pause import PlanningRules
from lull.domain.people import Category, Means, Need
from lull.domain.place import OUTSIDE
from lull.domain.plan import Crossing
from lull.domain.supplies import Demand, Item, Stock
from lull.domain.time import Estimate, Window
from lull.domain.travel import UNREACHABLE
from lull.domain.worth import arrived
from tests.plan.test_planner import checked
from tests.plan.towns import town
from tests.tiny.build import corridor, people, site, tiny, vehicles

PLACES = (site("A"), site("R", "reception_centre"), site("base", "base"))


def simple(**more: Any) -> Case:
    """One assembly point, one corridor, one reception centre, four buses."""
    parts: dict[str, Any] = {"sites": PLACES, "corridors": [corridor()], "groups": [people()],
                             "fleet": [vehicles()], **more}
    return tiny(parts.pop("sites"), parts.pop("corridors"), parts.pop("groups"),
                parts.pop("fleet"), **parts)


def moved(case: Case) -> int:
    """Persons whom a checked plan brings to their destination."""
    return sum(arrived(checked(case, work=3).plan).persons.values())


def test_a_slot_that_does_not_divide_the_hour_counts_from_local_midnight() -> None:
    """Eight o'clock is no multiple of seven minutes; three minutes past is one."""
    assert moved(simple(rules={"slot": 7})) > 0


def test_service_ends_by_the_minute_in_which_a_site_closes() -> None:
    """A service of ten minutes does not fit nine."""
    for closes, expected in ((49, False), (50, True)):
        places = (site("A", open_hours=(Window(0, closes),)), *PLACES[1:])
        case = simple(sites=places, fleet=[vehicles(number=1)], windows=[(0, 200)])
        case = evolve(case, fleet={"bus": evolve(case.fleet["bus"], available_from=10)})
        assert bool(moved(case)) is expected


def test_parties_leave_and_arrive_in_the_hours_of_both_sites() -> None:
    """Walkers and drivers wait for the doors at either end."""
    for means, more in ((Means.ON_FOOT, {}), (Means.OWN_CAR, {"persons_per_car": 4})):
        places = (site("A", open_hours=(Window(40, 300),)),
                  site("R", "reception_centre", open_hours=(Window(100, 260),)), PLACES[2])
        north = corridor(rates={"persons_per_hour": 60})
        assert moved(simple(sites=places, corridors=[north],
                            groups=[people(means=means, need=Need.WALKING, **more)])) > 0


def test_unaccompanied_children_who_could_walk_are_put_in_no_party() -> None:
    """They travel only with an organisation that receives them."""
    received = site("R", "reception_centre", receives_unaccompanied=True,
                    receiving_organisation="a children's organisation")
    children = people(households={1: 20}, means=Means.ON_FOOT, unaccompanied=True)
    result = checked(simple(sites=(PLACES[0], received, PLACES[2]), groups=[children],
                            corridors=[corridor(rates={"persons_per_hour": 60})]), work=2)
    assert not result.plan.parties


def test_nobody_is_called_where_waiting_is_allowed_for_less_than_the_call_takes() -> None:
    """Ten minutes to come forward, five allowed: nobody can board; ten allowed: they can."""
    for limit, expected in ((5, False), (10, True)):
        places = (site("A", waiting_limit=limit, bays=1), *PLACES[1:])
        assert bool(moved(simple(sites=places))) is expected


def test_a_window_too_short_to_send_anyone_home_names_no_last_call() -> None:
    """Shelter 45 minutes away, a window of 30: no time lies before it opens."""
    places = (site("A", walk_to_shelter=45), *PLACES[1:])
    result = checked(simple(sites=places, windows=[(0, 30)], rules={"margin": 0}), work=1)
    assert not result.plan.last_calls
    assert result.too_short


@pytest.mark.parametrize("rate", [1, 3, 7, 50, 201])
def test_walkers_pass_at_any_rate_an_hour_and_never_faster(rate: int) -> None:
    """Rates that no quarter of an hour divides, families larger than a quarter's share."""
    groups = [people(f"w{n}", {1: 3, 7: 2}, means=Means.ON_FOOT, need=Need.WALKING)
              for n in range(6)]
    assert moved(simple(corridors=[corridor(rates={"persons_per_hour": rate})], groups=groups,
                        fleet=[])) >= min(rate, 102)


def test_windows_close_together_find_each_vehicle_where_the_one_before_left_it() -> None:
    """Ten minutes between two windows are too few to drive home and come again."""
    case = town(2, points=3, corridors=2, receptions=2, buses=4, ambulances=2, trucks=2,
                people=300)
    for windows in ([(0, 150), (160, 330)], [(0, 120), (120, 300)]):
        spells = tuple(Window(a, b) for a, b in windows)
        checked(evolve(case, pause=evolve(case.pause, windows=spells)), work=4)


def test_orders_of_two_windows_on_one_date_fit_one_half_page() -> None:
    """One route and one round a day is all that six lines hold."""
    case = simple(rules={"max_order_lines": 6}, windows=[(0, 150), (200, 350)],
                  fleet=[vehicles(number=1)])
    plan = checked(case, work=3).plan
    assert sum(isinstance(s, Crossing) for d in plan.vehicles for s in d.steps) == 2


def test_no_vehicle_is_sent_where_no_way_leads_home() -> None:
    """A base that can be left but not reached."""
    case = simple()
    likely = case.travel.likely["bus"].copy()
    likely[:, case.travel.index["base"]] = UNREACHABLE
    cut = evolve(case, travel=evolve(case.travel, likely={**case.travel.likely, "bus": likely}))
    result = checked(cut, work=1)
    assert not result.plan.vehicles
    assert "home" in result.left[0].why


def test_rounds_given_up_for_want_of_return_seats_end_and_take_their_rides_along() -> None:
    """Seats that fill leaves at nought bring nobody back, and planning ends all the same."""
    small = vehicles("van", number=4, seats=1)
    case = simple(fleet=[vehicles(number=1, seats=3), small],
                  groups=[people(households={1: 60})],
                  rules={"return_share": 0.5, "fill": 0.5})
    checked(case, work=2)


def exchange(**more: Any) -> Case:
    """Two centres beyond an exchange point, the nearer one small; one lies on the wrong side."""
    places = (
        site("A"), site("base", "base"), site("far", "base", sides=("west",)),
        site("X", "exchange_point", sides=(OUTSIDE, "west")),
        site("R1", "reception_centre", sides=("west",), capacity_seated=40),
        site("R2", "reception_centre", sides=("west",)),
    )
    fleet = [vehicles(), vehicles("west", number=4, base="far", sides=("west",))]
    return simple(sites=places, fleet=fleet, **more)


def test_people_at_an_exchange_point_go_on_to_a_centre_that_has_a_place() -> None:
    """When the first centre is full the next is taken."""
    got = arrived(checked(exchange(), work=20).plan)
    assert sum(got.persons.values()) > 40


def test_return_seats_and_an_exchange_point_leave_nobody_who_was_never_set_down() -> None:
    """A round given up takes the onward rides of its people with it."""
    checked(exchange(rules={"return_share": 1.0}, windows=[(0, 150)]), work=3)


def test_onward_drivers_keep_to_half_a_page_and_to_their_hours() -> None:
    """Six lines are one ride a date; a night at the far base is rest."""
    case = exchange(rules={"max_order_lines": 6, "rest": 60},
                    windows=[(0, 240), (1440, 1680)])
    fleet = {k: evolve(v, crew_duty=300) for k, v in case.fleet.items()}
    assert moved(evolve(case, fleet=fleet)) > 0


def test_a_household_larger_than_a_vehicle_sits_in_two_of_one_convoy() -> None:
    """Thirty in buses of twenty: together, whole; one bus alone takes nobody."""
    for number, expected in ((1, 0), (2, 30)):
        case = simple(groups=[people(households={30: 1})],
                      fleet=[vehicles(number=number, seats=20)])
        assert moved(case) == expected


def test_stock_that_is_ready_later_is_loaded_later() -> None:
    """Of two lines of one item at one store the second is sealed four hours after the notice."""
    places = (*PLACES, site("W", "warehouse"))
    truck = vehicles("truck", uses=(Use.AID,), seats=0, payload_t=5.0)
    case = simple(sites=places, fleet=[truck], groups=[], notice=-30,
                  items={"food": Item("food", "Food", 100.0)},
                  stocks=(Stock("food", "W", 20), Stock("food", "W", 200, ready=300)),
                  demands=(Demand("food", "A", 220, 50),))
    units = arrived(checked(case, work=3).plan).units["food", "A"]
    assert units > 20


def test_checks_that_take_no_time_and_ways_of_no_length_are_planned_and_bounded() -> None:
    """Noughts everywhere neither stop the planner nor break the bound."""
    nothing = Estimate.of(0)
    north = corridor()
    north = evolve(north, checkpoint=dict.fromkeys(Direction, Checkpoint(1, {"": nothing})))
    places = [evolve(p, service={"": nothing}, call=0) for p in PLACES]
    case = tiny(places, [north], [people()], [vehicles(number=1)], way=nothing, through=nothing)
    assert moved(case) > 0


def test_fighters_have_vehicles_and_a_corridor_of_their_own() -> None:
    """Nothing of theirs is shared where the pause does not say mixed."""
    theirs = corridor("south", ("fighters",))
    fighters = people("f", {1: 50}, category=Category.FIGHTERS)
    case = simple(corridors=[corridor(), theirs], groups=[people(), fighters],
                  fleet=[vehicles(), vehicles("own", uses=(Use.FIGHTERS,))])
    assert moved(case) == 210


def test_rules_of_a_small_margin_hold_in_every_variant() -> None:
    """A margin of nought and a call of nought are no special case."""
    case = town(6, points=3, corridors=2, receptions=1, buses=3, ambulances=1, trucks=1, hours=3,
                people=200, rules=PlanningRules(margin=0, call_lead=0))
    checked(case, work=3)
