"""Plans made by hand that the planner would not make keep every rule and stay under the bound."""

from __future__ import annotations

from attrs import evolve

from lull.domain.case import Case
from lull.domain.corridor import Checkpoint, Corridor, Direction
from lull.domain.fleet import Use
from lull.domain.people import Category, Means, Need
from lull.domain.place import OUTSIDE
from lull.domain.plan import Plan
from lull.domain.rules import judge
from lull.domain.time import Estimate, Window
from lull.domain.worth import arrived
from lull.plan.bound import Bounds
from lull.plan.ground import Ground
from lull.plan.result import Ceiling
from tests.tiny.build import IN, OUT, Team, corridor, people, plan, site, tiny, vehicles

PLACES = (site("A"), site("R", "reception_centre"), site("base", "base"))


def ceiling(case: Case) -> Ceiling:
    """What no plan of a case can exceed."""
    bounds = Bounds.of(Ground(case))
    return bounds.ceiling()


def holds(case: Case, made: Plan) -> bool:
    """Whether a plan keeps every rule, moves somebody, and moves no more than the bound says."""
    assert [v.sentence for v in judge(case, made)] == []
    got, most = arrived(made), ceiling(case)
    assert sum(got.persons.values()) > 0
    return (sum(got.persons.values()) <= most.persons
            and sum(got.patients.values()) <= most.patients)


def one_round(case: Case, to: str = "R", group: str = "families") -> Plan:
    """One bus in, ten households of four, out again."""
    team = Team(case, "bus#1").cross("north", IN, convoy="in").load("A", group, to, {4: 10})
    return plan(case, team.cross("north", OUT, convoy="out").unload(to).end())


def test_people_who_could_walk_may_be_driven() -> None:
    """No rule keeps who goes on foot, or has a car, out of a bus."""
    for means, more in ((Means.ON_FOOT, {}), (Means.OWN_CAR, {"persons_per_car": 4})):
        families = people(means=means, need=Need.WALKING, **more)
        case = tiny(PLACES, [corridor()], [families], [vehicles()])
        assert holds(case, one_round(case))


def test_who_names_no_destination_may_go_wherever_people_are_received() -> None:
    """A hospital receives too where the reception centre has no place."""
    full = site("R", "reception_centre", capacity_seated=0)
    places = (site("A"), site("H", "hospital"), full, site("base", "base"))
    case = tiny(places, [corridor()], [people()], [vehicles()])
    assert holds(case, one_round(case, to="H"))


def test_companions_may_sit_in_a_bus_of_the_same_convoy() -> None:
    """An ambulance without seats and a bus together bring out two patients with companions."""
    places = (site("A"), site("H", "hospital"), site("base", "base"))
    sick = people("sick", {3: 2}, need=Need.STRETCHER, category=Category.PATIENTS)
    ambulance = vehicles("amb", uses=(Use.WOUNDED,), seats=0, stretchers=2)
    case = tiny(places, [corridor(lanes=2)], [sick], [vehicles(), ambulance])
    made = one_convoy_of_two(case)
    assert holds(case, made)
    assert arrived(made).patients == {"sick": 2}
    assert ceiling(case).persons == 6


def one_convoy_of_two(case: Case) -> Plan:
    """bus#1 carries the four companions, amb#1 the two patients, step by step side by side."""
    lying = Team(case, "amb#1").cross("north", IN, convoy="in")
    lying.load("A", "sick", "H", {3: 2}, split=[2])
    lying.cross("north", OUT, convoy="out").unload("H").end()
    one = plan(case, lying)
    calls = tuple(evolve(c, persons=6) for c in one.calls)
    bus = evolve(one.vehicles[0], vehicle="bus#1", steps=tuple(
        evolve(s, people=tuple(evolve(p, persons=4, stretchers=0) for p in s.people))
        if hasattr(s, "people") else s for s in one.vehicles[0].steps))
    both = ("amb#1", "bus#1")
    convoys = tuple(evolve(c, vehicles=both) for c in one.convoys)
    return evolve(one, vehicles=(one.vehicles[0], bus), convoys=convoys, calls=calls)


def test_a_rate_an_hour_counts_anew_in_every_spell_of_a_corridors_hours() -> None:
    """Four short spells far apart let in four times the vehicles of one hour."""
    hours = tuple(Window(h * 120, h * 120 + 25) for h in range(5))
    case = tiny(
        PLACES, [corridor(rates={"vehicles_per_hour": 1}, open_hours=hours)], [people()],
        [vehicles()],
    )
    most = Relaxed(case).entries(case.corridors["north"])
    assert most >= 4


class Relaxed:
    """The row of vehicles an hour of a case's programme."""

    def __init__(self, case: Case) -> None:
        self.program = Bounds.of(Ground(case)).relaxation.program

    def entries(self, passed: Corridor) -> float:
        """The most entries inward that the rate admits."""
        return self.program.limits[self.program.names.index(
            f"vehicles an hour {Direction.IN.value} of {passed.id}")]


def test_a_vehicle_may_shorten_its_way_by_waiting_at_a_site() -> None:
    """Where the table is no metric the way by another site is the shorter one."""
    slow = Estimate.of(200)
    gate = "north@outside"
    ways = {("base", gate): slow, ("R", gate): slow, (gate, "R"): slow,
            (gate, "A"): slow}
    case = tiny((*PLACES, site("wait", "holding_area", sides=(OUTSIDE,))), [corridor()],
                [people(households={4: 50})], [vehicles(number=1)], ways=ways,
                windows=[(0, 260)])
    team = Team(case, "bus#1", leaves=-30).wait("wait", -10)
    for turn in (1, 2):
        team.cross("north", IN, convoy=f"in{turn}").load("A", "families", "R", {4: 12})
        team.cross("north", OUT, convoy=f"out{turn}").wait("wait", team.free + 10)
        team.unload("R")
        if turn == 1:
            team.again().wait("wait", team.free + 10)
    made = plan(case, team.end())
    assert holds(case, made)


def test_a_window_shorter_than_the_margin_bounds_everything_by_nothing() -> None:
    """The bound is then a plain nought, not an answer that cannot be given."""
    check = Checkpoint(1, {"": Estimate.of(5)})
    north = evolve(corridor(), shared_lanes=True, checkpoint=dict.fromkeys(Direction, check))
    case = tiny([evolve(p, bays=2) for p in PLACES], [north], [people()], [vehicles()],
                windows=[(0, 20)])
    assert ceiling(case) == Ceiling(0, 0, 0.0)
    bounds = Bounds.of(Ground(case))
    assert {bounds.unconditional(i) for i in range(5)} == {0.0}
