"""What happens seldom is judged too, where more than one rule may have to speak."""

from __future__ import annotations

from attrs import evolve

from lull.domain.corridor import Link, LinkUnit
from lull.domain.plan import Convoy, ReturnSeats, Stop, Task
from lull.domain.rules import Violation, judge
from tests.tiny.build import IN, OUT, Team, corridor, people, plan, site, tiny, vehicles
from tests.tiny.cases import cars, first_steps, return_seats, shuttle, two_windows, walkers
from tests.tiny.damage import inserted, listed, recased, shifted, step


def of(rule: str, found: tuple[Violation, ...]) -> list[Violation]:
    """Those of one rule."""
    return [v for v in found if v.rule == rule]


def test_a_shuttle_inside_may_not_hold_people_when_the_window_closes() -> None:
    """The minibus has 20 on board from 30 on and sets them down at 665, after the close at 660."""
    made = shuttle()
    late = step(made.plan, "minibus#1", 2, starts=665, departs=675)
    late = step(late, "minibus#1", -1, arrives=685, starts=685, departs=685)
    found = of("nobody_inside_at_end", judge(made.case, late))
    assert [(v.who, v.when_minute, v.by) for v in found] == [("minibus#1", 660, "20 persons")]


def test_private_cars_go_between_the_vehicles_of_the_fleet() -> None:
    """One lane, 5 minutes: a bus is in it from 40 to 45, so cars enter at 30, 35 and 45."""
    base = cars()
    case = tiny(
        [site("A"), site("R", "reception_centre"), site("base", "base")],
        [corridor("south"), corridor()],
        [people("drivers", means=base.case.groups["drivers"].means, persons_per_car=4), people()],
        [vehicles()],
    )
    bus = Team(case, "bus#1", leaves=-20).wait("base", 5).cross("south", IN)
    bus.wait("A", 35).load("A", "families", "R", {4: 1}, called=20)
    bus.cross("north", OUT, at=60).unload("R").end()
    party = evolve(base.plan.parties[0], persons=12, households={4: 3}, cars=3)
    shift = {"departs": 40, "arrives": 50, "enters": 50, "cleared": 70, "leaves": 75, "reaches": 85}
    party = evolve(party, **shift)
    assert judge(case, plan(case, bus, parties=[party])) == ()
    tight = evolve(party, cleared=69, leaves=74, reaches=84)
    found = judge(case, plan(case, bus, parties=[tight]))
    assert [(v.rule, v.by) for v in found] == [("checkpoint_throughput", "1 minute")]


def test_walkers_and_cars_count_in_a_link() -> None:
    """40 walkers at 40, nobody on the other side: 40 − 30 = 10 ahead; ten cars are ten vehicles."""
    foot = walkers()
    tied = recased(
        evolve(foot.case, corridors={**foot.case.corridors, "south": corridor("south")}),
        corridor_north={"link": Link("south", lead=30, other_lead=30)},
    )
    assert [v.by for v in of("linked_corridors", judge(tied, foot.plan))] == ["10 persons"]
    driven = cars()
    tied = recased(
        evolve(driven.case, corridors={**driven.case.corridors, "south": corridor("south")}),
        corridor_north={"link": Link("south", LinkUnit.VEHICLES, lead=9, other_lead=9)},
    )
    assert [v.by for v in of("linked_corridors", judge(tied, driven.plan))] == ["1 vehicles"]


def test_a_plain_gap_between_two_steps_is_rest_when_it_is_long_enough() -> None:
    """The bus leaves R at 100 and is at the gate in at 1470 without a word on where it was."""
    made = two_windows()
    quiet = evolve(made.plan, vehicles=(evolve(
        made.plan.vehicles[0],
        steps=tuple(s for s in made.plan.vehicles[0].steps
                    if not (isinstance(s, Stop) and s.task is Task.WAIT)),
    ),))
    assert judge(made.case, quiet) == ()
    assert [v.rule for v in judge(recased(made.case, rules={"rest": 1400}), quiet)] == ["crew_duty"]


def test_return_seats_on_another_day_or_for_nobody_do_not_count() -> None:
    made = two_windows()
    seats = (ReturnSeats("out1", "in2", 4),)
    found = judge(recased(made.case, rules={"return_share": 0.1}),
                  evolve(made.plan, return_seats=seats))
    assert any("another window" in v.sentence for v in of("return_seats", found))
    spare = return_seats()
    ghost = Convoy("ghost", "north", OUT, 70, ())
    empty = evolve(spare.plan, convoys=(*spare.plan.convoys, ghost),
                   return_seats=(*spare.plan.return_seats, ReturnSeats("ghost", "back", 1)))
    assert any("nobody passes" in v.sentence for v in of("return_seats", judge(spare.case, empty)))


def test_a_start_in_the_middle_of_a_day_is_no_day() -> None:
    made = first_steps()
    again = inserted(made.plan, "bus#1", 5, Stop("R", Task.START, 100, 100, 100, round=1))
    found = judge(made.case, again)
    assert [v.rule for v in found] == ["vehicle_in_one_place"]
    assert "in the middle" in found[0].sentence


def test_a_party_that_holds_at_the_gate_must_still_be_out_in_time() -> None:
    """Walkers set out at 20, enter at 570 and are cleared at 610; through takes 2 × 8 = 16 at the
    high times, so they are out at 626 = 660 − 34."""
    made = walkers()
    held = listed(made.plan, "parties", 0, enters=570, cleared=610, leaves=620, reaches=640)
    assert judge(recased(made.case, rules={"margin": 34}), held) == ()
    found = judge(recased(made.case, rules={"margin": 35}), held)
    assert [(v.rule, v.when_minute, v.by) for v in found] == [
        ("last_safe_departure", 570, "1 minute")]


def test_a_crowd_called_outside_any_window_is_still_counted() -> None:
    made = first_steps()
    early = shifted(made.plan, 0)
    early = evolve(early, calls=(*early.calls, evolve(early.calls[0], at=-5, serves="in")))
    found = judge(recased(made.case, site_A={"crowd_limit": 50}), early)
    assert {v.rule for v in found} == {"crowd_limit", "called_forward"}


def test_three_at_once_are_two_too_many_for_one_lane() -> None:
    made = Team(first_steps().case, "bus#1", "bus#2", "bus#3").cross("north", IN, convoy="in")
    made.wait("A", 90).cross("north", OUT, convoy="out").end()
    whole = plan(first_steps().case, made)
    for number in (2, 3):
        whole = step(whole, f"bus#{number}", 1, enters=30 + number - 1, cleared=35 + number - 1)
    found = of("checkpoint_throughput", judge(first_steps().case, whole))
    assert [(v.when_minute, v.by) for v in found] == [(31, "2 too many for 5 minutes")]


def test_people_outside_may_be_called_before_the_window() -> None:
    """Outside there is no window to wait for; the same call to A would break `called_forward`."""
    base = first_steps()
    case = evolve(base.case, groups={
        **base.case.groups, "waiting": people("waiting", where="R", destinations=("A",))})
    early = evolve(base.plan.calls[0], site="R", group="waiting", at=-10)
    assert judge(case, evolve(base.plan, calls=(*base.plan.calls, early))) == ()
    inside = evolve(base.plan.calls[0], at=-10)
    found = judge(case, evolve(base.plan, calls=(*base.plan.calls, inside)))
    assert {v.rule for v in found} == {"called_forward"}
