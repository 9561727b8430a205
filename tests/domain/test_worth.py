"""What a plan is worth, worked out by hand; and who may pass on which reading of consents."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lull.domain.corridor import Direction, User
from lull.domain.pause import Consent, Consents, Party, Stance
from lull.domain.people import Category, Need
from lull.domain.plan import Plan
from lull.domain.supplies import Demand, Item
from lull.domain.tiers import BREAKS, DEFAULT_TIERS, WEIGHTS, Concave, Tier, TierKind
from lull.domain.worth import (
    Arrived,
    arrived,
    counted_in_patients,
    heads,
    line_tonnes,
    tier_value,
)
from tests.tiny.build import IN, OUT, Team, corridor, people, plan, site, tiny, vehicles
from tests.tiny.cases import aid, first_steps, hospitals, walkers
from tests.tiny.damage import goods

LIVES, CANNOT, SURVIVAL, ALL, FURTHER, SHORTER = DEFAULT_TIERS


def test_a_first_quarter_everywhere_is_worth_more_than_a_last_quarter_anywhere() -> None:
    """φ(1/4) = 0.25 × 1 = 0.25; φ(1/2) = 0.25 + 0.25 × 0.9 = 0.475;
    φ(1) = 0.25 + 0.225 + 0.25 × 0.8 + 0.15 × 0.65 + 0.1 × 0.5 = 0.8225.
    Two neighbourhoods of 100: 50 and 50 are worth 100 × (0.475 + 0.475) = 95; 100 and 0 are
    worth 82.25."""
    phi = Concave()
    assert phi.of(0.25) == pytest.approx(0.25)
    assert phi.of(0.5) == pytest.approx(0.475)
    assert phi.of(1.0) == pytest.approx(0.8225)
    case = tiny(
        [site("A", neighbourhood="east"), site("B", neighbourhood="west"),
         site("R", "reception_centre"), site("base", "base")],
        [corridor()],
        [people("a", {1: 100}), people("b", {1: 100}, where="B")], [vehicles()],
    )
    even = Arrived({"a": 50, "b": 50}, {}, {})
    uneven = Arrived({"a": 100}, {}, {})
    assert tier_value(case, CANNOT, even) == pytest.approx(95.0)
    assert tier_value(case, CANNOT, uneven) == pytest.approx(82.25)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_value_rises_ever_more_slowly(a: float, b: float, c: float) -> None:
    low, mid, high = sorted((a, b, c))
    phi = Concave()
    assert phi.of(low) <= phi.of(mid) <= phi.of(high)
    if low < mid < high:
        first = (phi.of(mid) - phi.of(low)) / (mid - low)
        then = (phi.of(high) - phi.of(mid)) / (high - mid)
        assert first >= then - 1e-6
    assert 0 <= phi.of(mid) <= mid + 1e-12


def test_stretches_are_as_wide_as_the_breaks_are_apart() -> None:
    segments = Concave().segments
    assert [round(w, 9) for w, _ in segments] == [0.25, 0.25, 0.25, 0.15, 0.1]
    assert tuple(weight for _, weight in segments) == WEIGHTS
    assert sum(w for w, _ in segments) == pytest.approx(BREAKS[-1])


def test_groups_of_one_neighbourhood_and_need_are_one_share() -> None:
    """60 and 40 wish to leave the same quarter; 25 of the first are 25 % of 100: 25."""
    case = tiny(
        [site("A", neighbourhood="east"), site("R", "reception_centre"), site("base", "base")],
        [corridor()], [people("a", {1: 60}), people("b", {1: 40})], [vehicles()],
    )
    assert tier_value(case, CANNOT, Arrived({"a": 25}, {}, {})) == pytest.approx(25.0)
    assert case.neighbourhoods == ("east",)


def test_the_first_tier_counts_patients_and_not_their_companions() -> None:
    """Four of 20 patients are 20 %: 20 × 0.2 = 4; their 4 companions count only among all. A
    critical patient counts three times: 12."""
    made = hospitals()
    got = arrived(made.plan)
    assert (got.persons, got.patients) == ({"patients": 8}, {"patients": 4})
    patients = made.case.groups["patients"]
    assert counted_in_patients(LIVES)
    assert not counted_in_patients(ALL)
    assert (heads(LIVES, patients), heads(ALL, patients)) == (20, 40)
    assert tier_value(made.case, LIVES, got) == pytest.approx(4.0)
    assert tier_value(made.case, ALL, got) == pytest.approx(8.0)
    assert tier_value(made.case, CANNOT, got) == 0
    critical = evolve(made.case, groups={"patients": evolve(patients, need=Need.CRITICAL)})
    assert tier_value(critical, LIVES, got) == pytest.approx(12.0)
    assert patients.category is Category.PATIENTS


def test_who_can_walk_counts_only_among_all() -> None:
    made = walkers()
    got = arrived(made.plan)
    assert tier_value(made.case, CANNOT, got) == 0
    assert tier_value(made.case, ALL, got) == pytest.approx(160 * 0.25)


def test_aid_counts_to_the_minimum_first_and_then_further() -> None:
    """180 units of 50 kg, of which 100 for survival: 5 t and 4 t. All delivered: 5 × 0.8225 and
    4 × 0.8225. After 60 are removed, 120 arrive: all 100, and 20 of 80 = 25 %: 4 × 0.25 = 1."""
    made = aid()
    line = made.case.demands[0]
    assert line_tonnes(made.case, SURVIVAL, line) == pytest.approx(5.0)
    assert line_tonnes(made.case, FURTHER, line) == pytest.approx(4.0)
    whole = arrived(made.plan)
    assert tier_value(made.case, SURVIVAL, whole) == pytest.approx(5 * 0.8225)
    assert tier_value(made.case, FURTHER, whole) == pytest.approx(4 * 0.8225)
    part = arrived(goods(made.plan, "truck#1", 3, removed=60))
    assert part.by_line(made.case) == (120,)
    assert tier_value(made.case, SURVIVAL, part) == pytest.approx(5 * 0.8225)
    assert tier_value(made.case, FURTHER, part) == pytest.approx(1.0)


def test_a_second_priority_counts_half() -> None:
    made = aid()
    second = evolve(made.case, demands=(evolve(made.case.demands[0], priority=2),))
    got = arrived(made.plan)
    assert tier_value(second, SURVIVAL, got) == pytest.approx(2.5 * 0.8225)


def test_what_is_not_needed_is_worth_nothing() -> None:
    made = aid()
    case = evolve(made.case, items={**made.case.items, "tent": Item("tent", "Tent", 9.0)},
                  demands=(Demand("tent", "D", 0), *made.case.demands))
    got = Arrived({}, {}, {("tent", "D"): 99})
    assert tier_value(case, SURVIVAL, got) == 0


def test_waiting_and_driving_are_counted_in_minutes() -> None:
    """40 persons called at 40 board at 50: 400 person-minutes. Ways of ten minutes each: to the
    gate, to A, to the gate, to R, home: 50; in the corridor from 30 to 40 and from 70 to 80: 20."""
    made = first_steps()
    got = arrived(made.plan)
    assert tier_value(made.case, SHORTER, got, made.plan) == 400 + 50 + 20


def test_people_set_down_on_the_way_have_not_arrived() -> None:
    case = tiny(
        [site("A"), site("E", "exchange_point"), site("R", "reception_centre"),
         site("base", "base")], [corridor()], [people()], [vehicles()],
    )
    team = Team(case, "bus#1").cross("north", IN).load("A", "families", "R", {4: 10})
    made = plan(case, team.cross("north", OUT).unload("E").end())
    assert arrived(made).persons == {}
    assert arrived(Plan()) == Arrived({}, {}, {})


def test_a_pause_may_state_its_own_tiers() -> None:
    made = first_steps()
    flat = Tier("everyone alike", TierKind.PEOPLE, "persons", {"seated": 1.0},
                concave=Concave((1.0,), (1.0,)))
    assert tier_value(made.case, flat, arrived(made.plan)) == pytest.approx(40.0)


BOTH = (Party("east", "One side"), Party("west", "The other"), Party("press", "P", False))


@pytest.mark.parametrize(("consents", "recorded", "declared"), [
    ((), False, False),
    ((Consent("east", Stance.DECLARED),), False, True),
    ((Consent("east", Stance.AGREED),), False, True),
    ((Consent("east", Stance.AGREED), Consent("west", Stance.AGREED)), True, True),
    ((Consent("east", Stance.AGREED), Consent("west", Stance.REFUSED)), False, True),
    ((Consent("east", Stance.AGREED), Consent("west", Stance.NO_ANSWER)), False, True),
    ((Consent("east", Stance.AGREED),
      Consent("west", Stance.CONDITIONAL, condition="mines are cleared")), False, True),
    ((Consent("east", Stance.AGREED), Consent("west", Stance.AGREED),
      Consent("press", Stance.REFUSED)), True, True),
    ((Consent("east", Stance.AGREED), Consent("west", Stance.AGREED),
      Consent("west", Stance.REFUSED, "north")), False, True),
    ((Consent("east", Stance.AGREED, "south"), Consent("west", Stance.AGREED, "south")),
     False, False),
    ((Consent("east", Stance.AGREED, use="wounded"),
      Consent("west", Stance.AGREED, use="wounded")), False, False),
])
def test_a_corridor_is_in_force_when_all_who_must_have_agreed(
    consents: tuple[Consent, ...], recorded: bool, declared: bool
) -> None:
    pause = evolve(first_steps().case.pause, parties=BOTH, consents=consents)
    for reading, permitted in (
        (Consents.RECORDED, recorded), (Consents.DECLARED, declared), (Consents.ALL_MET, True),
    ):
        assert pause.permits("north", User.CIVILIANS, reading) == permitted


def test_a_case_on_a_reading_keeps_only_the_users_that_are_permitted() -> None:
    made = first_steps().case
    agreed = tuple(Consent(p, Stance.AGREED, use="wounded") for p in ("east", "west"))
    case = evolve(made, pause=evolve(made.pause, parties=BOTH, consents=agreed))
    assert case.on(Consents.RECORDED).corridors["north"].users == {User.WOUNDED}
    assert case.on(Consents.ALL_MET).corridors["north"].users == made.corridors["north"].users
    silent = evolve(made, pause=evolve(made.pause, parties=BOTH))
    assert silent.on(Consents.RECORDED).corridors == {}
    assert [c.id for c in case.crossings_for(User.CIVILIANS, Direction.OUT)] == ["north"]
