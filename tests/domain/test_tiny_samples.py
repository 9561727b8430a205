"""Each tiny pause keeps every rule, and its answer is the one worked out by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from attrs import evolve

from lull.domain.corridor import ConvoyRule
from lull.domain.plan import Crossing, Plan
from lull.domain.rules import Violation, judge
from lull.domain.time import Estimate
from lull.domain.worth import arrived
from tests.tiny.build import IN, OUT, Team, corridor, plan
from tests.tiny.cases import (
    SAMPLES,
    Sample,
    aid,
    cars,
    children,
    convoy,
    duty,
    exchange,
    fighters,
    first_steps,
    full_bus,
    headway,
    holding,
    holding_area,
    hospitals,
    hourly,
    last_call,
    link,
    return_seats,
    shared_lane,
    two_windows,
    walkers,
)
from tests.tiny.damage import goods, listed, recased, shifted, step, through


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.__name__)
def test_a_sample_keeps_every_rule_and_moves_whom_it_says(sample: Callable[[], Sample]) -> None:
    made = sample()
    assert [v.sentence for v in judge(made.case, made.plan)] == []
    assert sum(arrived(made.plan).persons.values()) == made.persons


def broken(sample: Sample, spoilt: Plan | None = None, **case: object) -> Violation:
    """The one violation of a sample whose plan or case is changed."""
    found = judge(recased(sample.case, **case), sample.plan if spoilt is None else spoilt)
    assert len(found) == 1, [v.sentence for v in found]
    return found[0]


def keeps(sample: Sample, spoilt: Plan | None = None, **case: object) -> bool:
    """Whether a sample, changed, still keeps every rule."""
    return not judge(recased(sample.case, **case), sample.plan if spoilt is None else spoilt)


def crossings(made: Sample) -> list[tuple[str, int, int]]:
    """(convoy, enters, leaves) in order."""
    return [(c.convoy, c.enters, c.leaves) for _, c in made.plan.crossings()]


def test_first_steps_take_ninety_minutes() -> None:
    """20 + 10 = 30 at the gate, + 5 + 5 = 40 inside, + 10 = 50 at A, + 10 = 60 loaded,
    + 10 = 70 at the gate, + 5 + 5 = 80 outside, + 10 + 10 = 100 empty, + 10 = 110 home."""
    made = first_steps()
    assert crossings(made) == [("in", 30, 40), ("out", 70, 80)]
    assert made.plan.vehicles[0].steps[-1].arrives == 110


def test_a_bus_of_fifty_takes_twelve_households_of_four_and_no_third_round() -> None:
    """12 × 4 = 48 ≤ 50 < 52 = 13 × 4. Rounds start at 0 and 80 and are out at 50 and 130; a third
    would enter at 160 and be out at 210, 40 minutes later than 200 − 30 = 170."""
    made = full_bus()
    assert crossings(made) == [
        ("in1", 0, 10), ("out1", 40, 50), ("in2", 80, 90), ("out2", 120, 130)]
    team = Team(made.case, "bus#1", leaves=150).cross("north", IN).load(
        "A", "families", "R", {4: 12}, called=175
    )
    late = plan(made.case, team.cross("north", OUT).unload("R").end())
    caught = next(v for v in judge(made.case, late) if v.rule == "nobody_inside_at_end")
    assert (caught.who, caught.when_minute, caught.by) == ("bus#1", 210, "40 minutes")
    assert "10:30" not in caught.sentence
    assert "11:30" in caught.sentence, "minute 210 is half past eleven"


def test_a_convoy_leaves_when_its_last_pair_is_cleared() -> None:
    """Six buses, two lanes, 5 minutes: pairs enter at 30, 35, 40; the last is cleared at 45, all
    are inside at 50. Six need a leader, and up to eight may go together."""
    made = convoy()
    entered = sorted(c.enters for _, c in made.plan.crossings() if c.direction is IN)
    assert entered == [30, 30, 35, 35, 40, 40]
    assert {c.leaves for _, c in made.plan.crossings() if c.direction is IN} == {50}
    assert keeps(convoy(5, leader=False))
    assert not keeps(convoy(6, leader=False))
    large = {"corridor_north": {"convoy": ConvoyRule(5, 0, 6)}}
    first = judge(recased(made.case, **large), made.plan)[0]
    assert (first.rule, first.by) == ("convoy_size", "1 vehicle")


def test_consecutive_convoys_keep_sixty_minutes_and_not_one_slot_less() -> None:
    """Starts at 30 and 90 in, at 70 and 130 out: 60 apart. At 55 both directions are 5 short."""
    assert keeps(headway(60))
    assert [(v.rule, v.by) for v in judge(headway(55).case, headway(55).plan)] == [
        ("convoy_headway", "5 minutes")] * 2


def test_linked_corridors_may_differ_by_the_lead_and_no_more() -> None:
    """Entries of 40 at 70 and 170 on both: the difference is 0 at every minute. With the second
    southern bus 5 minutes later, north is 80 − 40 = 40 ahead from 170 to 175: 10 over 30."""
    made = link()
    late = shifted(made.plan, 5, only=("bus#4",))
    caught = broken(made, late)
    assert (caught.rule, caught.when_minute, caught.by) == ("linked_corridors", 170, "10 persons")
    tied = evolve(made.case.corridors["north"].link, lead=40)  # type: ignore[type-var]
    assert keeps(made, late, corridor_north={"link": tied})


def test_a_ratio_lets_one_side_move_twice_as_many() -> None:
    """A ≤ 2B + 0: with B's 40 out at 70 and 170, A may be 80 and 160; it is 40 and 80. The other
    way B ≤ A / 2 + lead': 40 ≤ 20 + 20 at 70 and 80 ≤ 40 + 40 at 170, so a lead of 40 is enough
    and one of 39 is not."""
    made = link()
    tie = evolve(made.case.corridors["north"].link, ratio=2.0, lead=0)  # type: ignore[type-var]
    assert keeps(made, corridor_north={"link": evolve(tie, other_lead=40)})
    caught = broken(made, corridor_north={"link": evolve(tie, other_lead=39)})
    assert (caught.when_minute, caught.by) == (170, "1 persons")


def test_at_an_exchange_people_wait_from_set_down_to_boarding() -> None:
    """Set down by 90 + 10 = 100, taken on at 110: 10 minutes. An exchange may take 10 but not 9,
    and nobody at all may be left."""
    made = exchange()
    assert keeps(made, rules={"exchange_wait": 10})
    caught = broken(made, rules={"exchange_wait": 9})
    assert (caught.rule, caught.when_minute, caught.by) == ("exchange_point", 100, "1 minute")
    assert keeps(made, site_E={"crowd_limit": 40, "waiting_limit": 10})
    assert broken(made, site_E={"crowd_limit": 39}).by == "1 person"
    alone = broken(made, evolve(made.plan, vehicles=made.plan.vehicles[:1]))
    assert alone.by == "40 persons"


def test_two_windows_carry_over_places_wishes_and_crews() -> None:
    """40 + 40 = 80 of 80 places and of 160 wishing; duty 20 to 110 and 1460 to 1550: 90 minutes
    in the 24 hours from 20, since 1460 = 20 + 1440 begins the next day."""
    made = two_windows()
    assert keeps(made)
    full = broken(made, site_R={"capacity_seated": 79})
    assert (full.rule, full.when_minute, full.by) == ("site_capacity", 1620, "1 person")
    assert broken(made, kind_bus={"crew_duty": 89}).by == "1 minute"
    fewer = broken(made, group_families={"wishing": 76, "households": {4: 19}})
    assert (fewer.rule, fewer.by) == ("no_more_than_wish", "4 persons")


def test_a_loaded_bus_may_wait_ten_minutes_at_the_gate() -> None:
    """At the gate at 60 + 10 = 70, in the check at 80: 10 minutes, allowed; 9 are not enough."""
    made = holding()
    assert keeps(made, corridor_north={"holding_limit": 10})
    caught = broken(made, corridor_north={"holding_limit": 9})
    assert (caught.rule, caught.by) == ("holding_limit", "1 minute")


def test_people_in_a_standing_bus_wait_too() -> None:
    """At the holding area from 70 to 85: 15 minutes, 40 persons; not one less allowed."""
    made = holding_area()
    assert broken(made, site_G={"waiting_limit": 14}).by == "1 minute"
    assert broken(made, site_G={"crowd_limit": 39}).by == "1 person"
    early = step(step(made.plan, "bus#1", 3, departs=84), "bus#1", 4, arrives=94)
    assert broken(made, early).rule == "holding_limit"


def test_the_last_bus_loads_when_the_others_go_home() -> None:
    """Home by 660 − 60 − 10 = 590, so that all are at shelter at 660. The last call is at 580.
    At the high times it is out at 590 + 5 + 10 + 5 + 5 = 615 from A, at 605 + 5 + 5 from the
    check: by 630. A minute less to reach shelter in, and the send-home time is a minute late."""
    made = last_call()
    call, last = made.plan.calls[0], made.plan.last_calls[0]
    assert (call.at, last.last_call, last.send_home) == (580, 590, 590)
    assert keeps(made, listed(made.plan, "last_calls", 0, last_call=580))
    assert broken(made, listed(made.plan, "last_calls", 0, last_call=579)).rule == "called_forward"
    caught = broken(made, site_A={"walk_to_shelter": 61})
    assert (caught.rule, caught.when_minute, caught.by) == ("send_home", 590, "1 minute")


def test_four_seats_go_back_for_forty_people() -> None:
    """⌈0.1 × 40⌉ = 4; ⌈0.101 × 40⌉ = ⌈4.04⌉ = 5. The convoy out has left at 80, so that one in at
    100 (or at 80) counts and one at 75 does not."""
    made = return_seats()
    assert keeps(made)
    caught = broken(made, rules={"return_share": 0.101})
    assert (caught.rule, caught.who, caught.by) == ("return_seats", "out", "1 seat")
    assert keeps(made, shifted(made.plan, -20, only=("bus#2",)))
    assert not keeps(made, shifted(made.plan, -25, only=("bus#2",)))
    assert keeps(made, listed(made.plan, "last_calls", 0, last_call=120, send_home=120))
    assert not keeps(made, listed(made.plan, "last_calls", 0, last_call=119, send_home=119))


def test_nine_tonnes_of_aid_pass_the_check_and_every_unit_is_accounted() -> None:
    """180 × 50 kg = 9 t ≤ 10 t; ready at 0 + 30; of 180, 20 removed and 10 returned leave 150."""
    made = aid()
    assert keeps(made, kind_truck={"payload_t": 9.0})
    assert not keeps(made, kind_truck={"payload_t": 8.999})
    part = goods(made.plan, "truck#1", 3, removed=20, returned=10)
    assert keeps(made, part)
    assert arrived(part).units == {("parcel", "D"): 150}
    assert broken(made, goods(made.plan, "truck#1", 3, removed=20, returned=161)).by == "1 units"
    assert broken(made, through(made.plan, "in", "south")).rule == "aid_inspected"


def test_fighters_keep_to_their_own_corridor() -> None:
    """Each of the two corridors has its users; led through the other, a van breaks one rule."""
    made = fighters()
    wide = {
        f"corridor_{name}": {"checkpoint": corridor(lanes=2).checkpoint}
        for name in made.case.corridors
    }
    caught = broken(made, through(made.plan, "van out", "north"), **wide)
    assert (caught.rule, caught.by) == ("corridor_users", "1 user (fighters)")
    other = broken(made, through(made.plan, "out", "castello"), **wide)
    assert (other.rule, other.by) == ("corridor_users", "1 user (civilians)")


def test_sixty_walkers_an_hour_are_one_a_minute() -> None:
    """40 persons over 40 minutes are 1 a minute; over any hour 40. A second party of 20 in the
    next 20 minutes makes 60 in the hour from 40; 21 would be one too many."""
    made = walkers()
    first = made.plan.parties[0]

    def second(persons: int) -> Plan:
        later = evolve(
            first, id="walk 2", persons=persons, households={4: 5, **({1: 1} if persons == 21
                                                                      else {})},
            departs=60, arrives=80, enters=80, cleared=100, leaves=110, reaches=130,
        )
        return plan(made.case, parties=[first, later])

    assert keeps(made, second(20))
    sizes = {"wishing": 61, "count": 160, "households": {4: 15, 1: 1}}
    caught = broken(made, second(21), group_walkers=sizes)
    assert (caught.rule, caught.when_minute, caught.by) == (
        "checkpoint_throughput", 40, "1 person an hour")


def test_ten_cars_take_five_turns_in_two_lanes() -> None:
    """⌈10 / 2⌉ = 5 turns of 5 minutes: 30 + 25 = 55. In one lane it would be 30 + 50 = 80. With
    six an hour the first six enter two by two at 30, 35 and 40, and the next as the first two
    leave the hour: two at 90, two at 95, cleared at 100."""
    made = cars()
    assert keeps(made)
    assert broken(made, listed(made.plan, "parties", 0, cleared=54)).by == "1 minute"
    north = made.case.corridors["north"].checkpoint
    one = {"checkpoint": {way: evolve(check, lanes=1) for way, check in north.items()}}
    assert broken(made, corridor_north=one).by == "25 minutes"
    slow = {"checkpoint": {way: evolve(check, vehicles_per_hour=6) for way, check in north.items()}}
    assert broken(made, corridor_north=slow).by == f"{100 - 55} minutes"


def test_children_alone_go_only_where_an_organisation_receives_them() -> None:
    """Ten children at one a household; R is a centre without an organisation."""
    made = children()
    assert {h.number for h in made.plan.convoys[1].households} == {10}
    assert broken(made, site_K={"receives_unaccompanied": False}).rule == "unaccompanied_children"


def test_four_patients_and_companions_fill_two_ambulances() -> None:
    """Four households of two: 4 lie, 4 sit; two stretchers and two seats in each of two. A
    hospital of level 2 is enough and one of level 1 is not."""
    made = hospitals()
    assert keeps(made, site_H={"hospital_level": 2, "capacity_stretcher": 4, "capacity_seated": 4})
    low = judge(recased(made.case, site_H={"hospital_level": 1}), made.plan)
    assert [(v.rule, v.by) for v in low] == [("hospital_level", "1 level")] * 2
    tight = judge(recased(made.case, kind_ambulance={"stretchers": 1}), made.plan)
    assert [(v.rule, v.by) for v in tight] == [("load_fits", "1 person")] * 2


def test_a_crew_of_ninety_minutes_drives_one_round() -> None:
    """On duty from 20 to 110."""
    assert keeps(duty())
    assert broken(duty(), kind_bus={"crew_duty": 89}).by == "1 minute"


def test_one_lane_for_both_directions_takes_turns() -> None:
    """Out from 70 to 75, in from 75 to 80: never two at once. Checked for 6 minutes, they meet
    for one: from 75 to 76."""
    made = shared_lane()
    assert keeps(made)
    spoilt = step(made.plan, "bus#1", 3, cleared=76)
    found = [v for v in judge(made.case, spoilt) if v.rule == "checkpoint_throughput"]
    assert [(v.when_minute, v.by) for v in found] == [(75, "1 too many for 1 minute")]


def test_a_checkpoint_may_be_known_by_its_hourly_rate_alone() -> None:
    """Four at 30 in and four at 55 out: four an hour each way is enough, three are not."""
    assert keeps(hourly(4))
    assert [v.by for v in judge(hourly(3).case, hourly(3).plan)] == ["1 vehicles an hour"] * 2


def test_last_safe_departure_counts_those_ahead_at_their_high_times() -> None:
    """Six buses in one lane at 5 / 10 minutes, all leaving A at 100 or so: for each, five others
    are uncleared, so 15 to the gate + 5 × 10 + 10 + 8 through = 83. They load from 80 to 90
    (in at 30 … 55, cleared 60, inside 65, A 75, loaded 85) and leave at 85: out at the high times
    at 85 + 83 = 168. A margin of 660 − 168 = 492 is kept, and one of 493 is broken by each."""
    made = convoy(6, lanes=1)
    departs = {s.departs for v, s in made.plan.stops() if s.site == "A"}
    assert departs == {85}
    assert keeps(made, rules={"margin": 492})
    found = judge(recased(made.case, rules={"margin": 493}), made.plan)
    assert {(v.rule, v.by, v.when_minute) for v in found} == {
        ("last_safe_departure", "1 minute", 85)}
    assert {v.who for v in found} == set(made.plan.convoys[0].vehicles)


def test_entering_needs_the_full_round_at_high_times() -> None:
    """From entering at 30: 10 + 8 in, 15 to A, 15 loading, 15 back, 10 + 8 out = 81, so 111; from
    leaving A at 60: 15 + 10 + 8 = 33, so 93. A margin of 660 − 111 = 549 is kept."""
    made = first_steps()
    assert keeps(made, rules={"margin": 549})
    caught = broken(made, rules={"margin": 550})
    assert (caught.rule, caught.when_minute, caught.by) == ("last_safe_departure", 30, "1 minute")
    assert "08:29" in caught.sentence, "the last safe moment was a minute earlier"


def test_a_plan_that_only_stays_in_a_base_breaks_nothing() -> None:
    made = first_steps()
    assert keeps(made, plan(made.case, Team(made.case, "bus#2").end()))
    assert keeps(made, Plan())
    assert Estimate.of(0) == made.case.sites["base"].service_of("bus")
    assert all(isinstance(c, Crossing) for _, c in made.plan.crossings())
