"""People who change vehicles: fleets inside, exchange points on the line, two fleets that meet."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from lull.domain.case import Case
from lull.domain.fleet import Use
from lull.domain.people import Category, Need
from lull.domain.place import INSIDE, OUTSIDE
from lull.domain.plan import Crossing
from lull.domain.worth import arrived
from tests.plan.test_planner import checked
from tests.tiny.build import corridor, people, site, tiny, vehicles
from tests.tiny.cases import shuttle

INNER = (INSIDE,)


def moved(case: Case, **how: int) -> dict[str, int]:
    """Persons of each group whom a checked plan brings to their destination."""
    return dict(arrived(checked(case, **{"work": 4, **how}).plan).persons)


def meeting(sides: tuple[str, ...] = INNER, **more: Any) -> Case:
    """A fleet inside brings people from A and B to X; buses come from outside and take them on."""
    parts: dict[str, Any] = {
        "groups": [people(households={4: 20}), people("others", {4: 10}, where="B")],
        "fleet": [vehicles(number=2),
                  vehicles("minibus", 2, sides=INNER, base="yard", seats=20)],
        "corridors": [corridor()], "windows": [(0, 400)], "x": {}, **more}
    places = [site("A"), site("B"), site("X", "exchange_point", sides=sides, **parts.pop("x")),
              site("R", "reception_centre"), site("base", "base"),
              site("yard", "base", sides=INNER)]
    return tiny(places, parts.pop("corridors"), parts.pop("groups"), parts.pop("fleet"), **parts)


def only_shuttles(case: Case) -> Case:
    """No way for a bus beyond X: it cannot reach the assembly points."""
    likely = case.travel.likely["bus"].copy()
    for name in ("A", "B"):
        likely[:, case.travel.index[name]] = likely[case.travel.index[name], :] = -1
    return evolve(case, travel=evolve(case.travel, likely={**case.travel.likely, "bus": likely}))


def test_the_sample_with_a_minibus_inside_moves_all_who_wish() -> None:
    """160 persons, most of them by buses that come to the assembly point themselves."""
    assert moved(shuttle().case) == {"families": 160}


def test_a_fleet_inside_feeds_buses_that_come_through_the_gate() -> None:
    """Nobody can drive to the assembly points but the fleet inside; all 120 leave."""
    case = only_shuttles(meeting())
    result = checked(case, work=4)
    assert dict(arrived(result.plan).persons) == {"families": 80, "others": 40}
    inside = [d for d in result.plan.vehicles if d.vehicle.startswith("minibus#")]
    assert inside
    assert not any(isinstance(s, Crossing) for d in inside for s in d.steps)


def test_one_minibus_of_twenty_fills_a_bus_in_turns() -> None:
    """A turn of the minibus is 40 minutes: A, X and back; an hour of waiting holds two turns.

    It starts at its yard at 0, loads from 10 to 20, is at X from 30 to 40, again at 80, 120, ...;
    the bus takes 40 persons at a time.
    """
    small = [vehicles(number=1), vehicles("minibus", 1, sides=INNER, base="yard", seats=20)]
    case = only_shuttles(meeting(groups=[people(households={4: 10})], fleet=small,
                                 windows=[(0, 200)]))
    assert moved(case) == {"families": 40}


def test_at_an_exchange_point_on_the_line_no_gate_is_passed() -> None:
    """X is reached from both sides: people walk over from one vehicle to the other there."""
    case = only_shuttles(meeting((INSIDE, OUTSIDE), corridors=[corridor(users=("aid",))]))
    result = checked(case, work=4)
    assert sum(arrived(result.plan).persons.values()) == 120
    assert not result.plan.convoys


def test_two_fleets_that_pass_no_gate_meet_on_the_line() -> None:
    """Inside minibuses, buses of another side, and nothing between them but the point."""
    west = ("west",)
    places = [site("A"), site("X", "exchange_point", sides=(INSIDE, "west"), crowd_limit=40),
              site("R", "reception_centre", sides=west), site("yard", "base", sides=INNER),
              site("far", "base", sides=west), site("base", "base")]
    fleet = [vehicles("minibus", 2, sides=INNER, base="yard", seats=20),
             vehicles("coach", 2, sides=west, base="far", seats=30)]
    case = tiny(places, [corridor()], [people(households={4: 20})], fleet)
    assert moved(case) == {"families": 80}


def test_people_are_brought_to_a_hospital_inside_when_they_chose_it() -> None:
    """By an ambulance that lives inside, and by one that comes in for it and goes out again."""
    sick = people("sick", {2: 6}, need=Need.STRETCHER, category=Category.PATIENTS,
                  destinations=("H",))
    for sides, base in ((INNER, "yard"), ((INSIDE, OUTSIDE), "base")):
        places = [site("A"), site("H", "hospital", sides=INNER, hospital_level=2),
                  site("yard", "base", sides=INNER), site("base", "base")]
        amb = vehicles("amb", 1, (Use.WOUNDED,), seats=2, stretchers=2, sides=sides, base=base)
        assert moved(tiny(places, [corridor()], [sick], [amb])) == {"sick": 12}


@pytest.mark.parametrize("limit", [{"crowd_limit": 24}, {"waiting_limit": 15}, {"bays": 1}])
def test_the_limits_of_an_exchange_point_hold_for_both_halves(limit: dict[str, int]) -> None:
    """Few at a time, or shortly, or by one bay: less is moved, by the rules."""
    got = moved(only_shuttles(meeting(x=limit)))
    assert 0 < sum(got.values()) <= 120


def test_two_days_of_a_fleet_inside_keep_to_their_windows() -> None:
    """It is home at its yard when the first window closes and starts from there in the second."""
    case = only_shuttles(meeting(windows=[(0, 170), (1440, 1640)]))
    got = moved(case)
    assert sum(got.values()) > 40


def test_patients_change_from_an_ambulance_inside_to_one_that_comes_in() -> None:
    """Each lies in both, with companions in seats in both."""
    sick = people("sick", {2: 4}, need=Need.STRETCHER, category=Category.PATIENTS)
    fleet = [vehicles("amb", 2, (Use.WOUNDED,), seats=2, stretchers=2),
             vehicles("inner", 1, (Use.WOUNDED,), seats=2, stretchers=2, sides=INNER,
                      base="yard")]
    case = meeting(groups=[sick], fleet=fleet)
    case = evolve(case, sites={**case.sites, "H": site("H", "hospital", hospital_level=2)})
    places = [*case.sites.values()]
    case = tiny(places, [corridor()], [sick], fleet, windows=[(0, 500)])
    likely = case.travel.likely["amb"].copy()
    likely[:, case.travel.index["A"]] = -1
    case = evolve(case, travel=evolve(case.travel, likely={**case.travel.likely, "amb": likely}))
    assert moved(case) == {"sick": 8}
