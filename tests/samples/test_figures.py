"""What is documented stands in the folders as its source gave it; what is not is marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from lull.domain.case import Case
from lull.domain.corridor import Direction, MineStatus, User
from lull.domain.fleet import Use
from lull.domain.pause import Consents
from lull.domain.people import Category, Means, Need
from lull.exchange.reading import Reading

OCTOBER, DECEMBER = "aleppo-2016-10", "aleppo-2016-12"
BOTH = pytest.mark.parametrize("name", [OCTOBER, DECEMBER])
Figures = Callable[[str], dict[str, float]]
Rows = Callable[[str, str], list[dict[str, str]]]


@BOTH
def test_the_folder_reads_without_an_error(name: str, readings: dict[str, Reading]) -> None:
    assert [f"{f.file}:{f.row} {f.sentence}" for f in readings[name].errors] == []
    assert readings[name].case is not None


@BOTH
def test_a_plan_on_streets_that_nobody_approved_is_a_draft(
    name: str, readings: dict[str, Reading]
) -> None:
    case = readings[name].case
    assert case is not None
    assert "no approved route" in case.draft


def test_the_hours_of_october_are_those_announced_in_local_time_and_utc(
    october: Case, figures: Figures
) -> None:
    (window,) = october.pause.windows
    assert window.minutes == figures(OCTOBER)["window-hours"] * 60
    assert october.pause.clock.origin == datetime(2016, 10, 20, 5, tzinfo=UTC)
    assert october.pause.clock.hhmm(window.opens) == "08:00"
    assert october.pause.clock.hhmm(window.closes) == "19:00"


def test_the_spells_of_december_are_those_reported_two_hours_before_utc(december: Case) -> None:
    clock = december.pause.clock
    local = [(clock.local(w.opens), clock.local(w.closes)) for w in december.pause.windows]
    assert [(f"{a:%d %H:%M}", f"{b:%d %H:%M}") for a, b in local] == [
        ("15 08:00", "16 07:00"),
        ("18 23:00", "20 12:00"),
        ("21 16:00", "22 20:30"),
    ]
    assert all(a.utcoffset() == b.utcoffset() for a, b in local)
    assert clock.origin == datetime(2016, 12, 15, 6, tzinfo=UTC)


def test_the_second_spell_is_the_one_in_which_buses_were_counted(
    december: Case, figures: Figures
) -> None:
    """184 buses in 37 hours: the likely check lets just as many through."""
    counted = december.pause.windows[1]
    assert counted.minutes == 37 * 60
    check = december.corridors["ramouseh"].check(Direction.OUT)
    assert check.lanes == 1
    through = counted.minutes // check.minutes_of("bus").likely
    assert abs(through - figures(DECEMBER)["buses-counted-37h"]) <= 1


def test_eight_corridors_were_announced_six_for_civilians_two_for_fighters_and_wounded(
    october: Case, figures: Figures
) -> None:
    said = figures(OCTOBER)
    users = [c.users for c in october.corridors.values()]
    assert len(users) == said["corridors"]
    assert sum(User.CIVILIANS in u for u in users) == said["corridors-civilian"]
    assert sum({User.FIGHTERS, User.WOUNDED} <= u for u in users) == said["corridors-fighters"]
    assert not any({User.CIVILIANS, User.FIGHTERS} <= u for u in users)


def test_everyone_said_to_be_inside_in_october_stands_in_one_group(
    october: Case, figures: Figures, rows: Rows
) -> None:
    inside = sum(
        round(int(r["count"]) * (1 + float(r["companions_per_patient"] or 0)))
        for r in rows(OCTOBER, "people")
    )
    assert inside == october.pause.people_inside == figures(OCTOBER)["inside-de-mistura"]


def test_half_of_those_who_are_no_patients_wish_to_leave_in_october(
    october: Case, figures: Figures
) -> None:
    others = [g for g in october.groups.values() if not g.is_medical]
    share = sum(g.wishing for g in others) / sum(g.count for g in others)
    assert share == pytest.approx(figures(OCTOBER)["wishing-share"], abs=1e-4)
    assert all(g.wish_source and g.wish_assumed for g in others)


@pytest.mark.parametrize(("name", "claim"), [(OCTOBER, "patients"), (DECEMBER, "patients")])
def test_patients_are_as_many_as_claimed(
    name: str, claim: str, readings: dict[str, Reading], figures: Figures
) -> None:
    case = readings[name].case
    assert case is not None
    assert sum(g.patients for g in case.groups.values()) == figures(name)[claim]


def test_the_critical_of_december_and_its_cars_are_as_many_as_counted(
    december: Case, figures: Figures
) -> None:
    groups = december.groups.values()
    said = figures(DECEMBER)
    assert sum(g.patients for g in groups if g.need is Need.CRITICAL) == said["critical"]
    by_car = [g for g in groups if g.means is Means.OWN_CAR]
    assert {g.persons_per_car for g in by_car} == {5}
    assert sum(g.wishing for g in by_car) == said["private-vehicles"] * 5
    assert sum(g.wishing for g in groups) == said["out-icrc"]


def test_the_fleets_are_within_what_was_documented(
    october: Case, december: Case, figures: Figures
) -> None:
    assert october.fleet["truck"].number == figures(OCTOBER)["trucks-waiting"]
    assert october.fleet["bus"].seats <= 50
    assert {
        f.stretchers for c in (october, december) for f in c.fleet.values() if Use.WOUNDED in f.uses
    } == {2}
    said = figures(DECEMBER)
    assert december.fleet["ambulance"].number == said["first-convoy-ambulances"]
    assert december.fleet["west-ambulance"].number == said["ambulances-receiving"]
    assert december.fleet["bus"].number == said["second-convoy-vehicles"]


def test_nothing_moves_in_october_on_the_consents_as_recorded_and_no_aid_as_declared(
    october: Case,
) -> None:
    assert not october.on(Consents.RECORDED).corridors
    declared = october.on(Consents.DECLARED).corridors
    assert len(declared) == 8
    assert not any(User.AID in c.users for c in declared.values())
    assert set(october.on(Consents.ALL_MET).corridors) == set(october.corridors)


def test_the_route_of_december_was_agreed(december: Case) -> None:
    assert set(december.on(Consents.RECORDED).corridors) == {"ramouseh"}


@BOTH
def test_no_number_of_fighters_is_planned_on(name: str, readings: dict[str, Reading]) -> None:
    case = readings[name].case
    assert case is not None
    assert Counter(g.category for g in case.groups.values())[Category.FIGHTERS] == 0
    assert not any(Use.FIGHTERS in kind.uses for kind in case.fleet.values())


@BOTH
def test_no_clearance_is_claimed_and_who_sets_the_rule_aside_is_named(
    name: str, readings: dict[str, Reading]
) -> None:
    case = readings[name].case
    assert case is not None
    for corridor in case.corridors.values():
        assert {corridor.mine_status(d) for d in Direction} == {MineStatus.UNKNOWN}
        assert corridor.mines_override is not None
        assert corridor.mines_override.role == "planning exercise"


@BOTH
@pytest.mark.parametrize("table", ["sites", "corridors", "fleet"])
def test_every_row_is_marked_assumed_or_has_a_source(name: str, table: str, rows: Rows) -> None:
    for row in rows(name, table):
        assert row["assumed"] or row["source"], row["id"]


@BOTH
def test_every_claim_names_who_made_it_and_where(name: str, rows: Rows) -> None:
    for row in rows(name, "claims"):
        assert row["claimed_by"]
        assert row["source"].startswith("http"), row["id"]


@BOTH
def test_rival_figures_stand_side_by_side(name: str, rows: Rows) -> None:
    about = Counter(row["about"] for row in rows(name, "claims"))
    assert sum(n > 1 for n in about.values()) >= 2


def test_need_of_food_is_one_parcel_for_five_and_the_minimum_one_week(
    october: Case, figures: Figures
) -> None:
    parcels = [d for d in october.demands if d.item == "food-parcel"]
    people = figures(OCTOBER)["inside-de-mistura"]
    assert 0 <= sum(d.units for d in parcels) * 5 - people < 5 * len(parcels)
    assert sum(d.minimum for d in parcels) / sum(d.units for d in parcels) == pytest.approx(
        7 / 30, abs=0.005
    )
    assert october.items["food-parcel"].kg == pytest.approx(5 * 15.7)
    stock = {s.item: s.units for s in october.stocks}
    for item in october.items:
        assert stock[item] == sum(d.units for d in october.demands if d.item == item)
