"""Tiny named pauses with a valid plan each, small enough to be worked out by hand.

Unless a sample says otherwise: minute 0 is 08:00 in Aleppo; one window of eleven hours (660
minutes) with a margin of 30; every way takes 8 / 10 / 15 minutes, through a corridor 4 / 5 / 8,
a check 3 / 5 / 10 in one lane, a service 8 / 10 / 15, walkers twice as long; people are called
10 minutes before they board; households of four.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attrs import evolve, frozen

from lull.domain.case import Case
from lull.domain.corridor import Checkpoint, ConvoyRule, Link, LinkUnit, User
from lull.domain.fleet import Use
from lull.domain.people import Category, Means, Need
from lull.domain.place import INSIDE, OUTSIDE
from lull.domain.plan import By, Call, Household, Party, Plan, ReturnSeats
from lull.domain.supplies import Demand, Item, Stock
from lull.domain.time import Estimate
from tests.tiny.build import IN, OUT, Team, corridor, people, plan, site, tiny, vehicles

EVERYONE = frozenset(User)
HOSPITAL = {"hospital_level": 3}


@frozen(eq=False)
class Sample:
    """A case with a plan that keeps every rule; `persons` reach their destination in it."""

    name: str
    case: Case
    plan: Plan
    persons: int


def first_steps(**case: object) -> Sample:
    """One bus, one round: 40 people.

    Base 20 → gate 30, check to 35, inside gate 40 → A 50, loaded 60 → gate 70, check to 75,
    outside gate 80 → R 90, empty 100 → base 110.
    """
    made = tiny(
        [site("A"), site("B"), site("R", "reception_centre"), site("base", "base")],
        [corridor()], [people()], [vehicles()], **case,  # type: ignore[arg-type]
    )
    team = Team(made, "bus#1").cross("north", IN, convoy="in").load("A", "families", "R", {4: 10})
    team.cross("north", OUT, convoy="out").unload("R").end()
    return Sample("first-steps", made, plan(made, team), 40)


def full_bus() -> Sample:
    """Two rounds in a window of 200 minutes and a bus of 50: 96 people, and no plan moves more.

    A round is 80 minutes from gate to gate (check 5, through 5, way 10, service 10, way 10,
    check 5, through 5, way 10, service 10, way 10). Out by 200 − 30 = 170: the first round is
    out at 50 (in at 0), back at the gate at 80, out at 130; a third would be out at 210. A
    household of four does not fit into the last two seats: 12 × 4 = 48 a round.
    """
    made = tiny(
        [site("A"), site("R", "reception_centre"), site("base", "base")],
        [corridor()], [people(households={4: 100})], [vehicles(number=1)], windows=[(0, 200)],
    )
    team = Team(made, "bus#1", leaves=-10)
    for turn in (1, 2):
        team.cross("north", IN, convoy=f"in{turn}").load("A", "families", "R", {4: 12})
        team.cross("north", OUT, convoy=f"out{turn}").unload("R").again()
    return Sample("full-bus", made, plan(made, team.end()), 96)


def convoy(size: int = 6, *, largest: int | None = 8, lanes: int = 2, leader: bool = True,
           leader_from: int | None = 6, out_at: int | None = None) -> Sample:
    """Six buses in one convoy with a leader, two lanes: 240 people.

    Three pairs through the check of 5 minutes: in at 30, cleared at 45; at A 60 with six bays,
    loaded 70; out at 80, cleared 95, out of the far gate at 100.
    """
    made = tiny(
        [site("A"), site("B"), site("R", "reception_centre"), site("base", "base")],
        [corridor(lanes=lanes, convoy=ConvoyRule(largest, 0, leader_from)), corridor("south")],
        [people(households={4: 200})], [vehicles(number=20)],
    )
    names = tuple(f"bus#{n}" for n in range(1, size + 1))
    team = Team(made, *names).cross("north", IN, convoy="in", leader=leader)
    team.load("A", "families", "R", {4: 10 * size})
    team.cross("north", OUT, at=out_at, convoy="out", leader=leader).unload("R").end()
    return Sample("convoy", made, plan(made, team), 40 * size)


def headway(gap: int = 60) -> Sample:
    """Two buses 60 minutes apart, the least that the corridor allows: 80 people."""
    made = tiny(
        [site("A"), site("R", "reception_centre"), site("base", "base")],
        [corridor(lanes=4, convoy=ConvoyRule(8, 60, None))], [people()], [vehicles()],
    )
    teams = []
    for number in (1, 2):
        team = Team(made, f"bus#{number}", leaves=20 + gap * (number - 1))
        team.cross("north", IN, convoy=f"in{number}").load("A", "families", "R", {4: 10})
        teams.append(team.cross("north", OUT, convoy=f"out{number}").unload("R").end())
    return Sample("headway", made, plan(made, *teams), 80)


def link(unit: LinkUnit = LinkUnit.PERSONS) -> Sample:
    """Two corridors, 40 people at a time each, neither ever ahead: 160 people.

    Both let a bus out at 70 and at 170. The lead is 30 persons (no vehicle), so that one bus of
    40 alone would be 10 persons (one vehicle) too far ahead.
    """
    lead = 30 if unit is LinkUnit.PERSONS else 0
    tied = Link("south", unit, 1.0, lead, lead)
    made = tiny(
        [site("A"), site("B"), site("R", "reception_centre"), site("base", "base")],
        [corridor(link=tied), corridor("south")],
        [people(), people("others", where="B")], [vehicles()],
    )
    teams = []
    for name, where, group, bus in (
        ("north", "A", "families", "bus#1"), ("north", "A", "families", "bus#2"),
        ("south", "B", "others", "bus#3"), ("south", "B", "others", "bus#4"),
    ):
        leaves = 20 if bus in ("bus#1", "bus#3") else 120
        team = Team(made, bus, leaves=leaves).cross(name, IN, convoy=f"in {bus}")
        team.load(where, group, "R", {4: 10})
        teams.append(team.cross(name, OUT, convoy=f"out {bus}").unload("R").end())
    return Sample("link", made, plan(made, *teams), 160)


def exchange() -> Sample:
    """People change at E from a bus of the outside to a coach of the west: 40 people.

    The bus reaches E at 90 and has set all down at 100; the coach starts to load at 110, so
    that they wait for 10 minutes of the 60 allowed, and is gone at 120. The other coach stands
    at its base.
    """
    made = tiny(
        [
            site("A"), site("E", "exchange_point", sides=(OUTSIDE, "west")),
            site("Q", "reception_centre", sides=("west",)), site("base", "base"),
            site("depot", "base", sides=("west",)),
        ],
        [corridor()], [people()],
        [vehicles(), vehicles("coach", sides=("west",), base="depot")],
    )
    team = Team(made, "bus#1").cross("north", IN, convoy="in").load("A", "families", "Q", {4: 10})
    team.cross("north", OUT, convoy="out").unload("E").end()
    coach = Team(made, "coach#1", leaves=100).load("E", "families", "Q", {4: 10}, at=110)
    return Sample("exchange", made, plan(made, team, coach.unload("Q").end()), 40)


def shuttle(late: int = 0, windows: Sequence[tuple[int, int]] = ((0, 660),)) -> Sample:
    """A minibus that lives inside brings 20 people from A to X, where a bus takes them on: 20.

    It loads at A from 30 to 40 and sets down at X from 50 to 60; the bus loads from 60 to 70,
    so that nobody waits at X, and is out at 90. Called at 20 for the minibus itself.
    """
    made = tiny(
        [
            site("A"), site("X", "exchange_point", sides=(INSIDE,)),
            site("R", "reception_centre"), site("base", "base"),
            site("yard", "base", sides=(INSIDE,)),
        ],
        [corridor()], [people()],
        [vehicles(), vehicles("minibus", sides=(INSIDE,), base="yard", seats=20)],
        windows=windows, rules={"exchange_wait": 600},
    )
    small = Team(made, "minibus#1").load("A", "families", "R", {4: 5}).unload("X").end()
    small.calls.append(Call("A", "families", 20, 20, "minibus#1"))
    bus = Team(made, "bus#1", leaves=30 + late).cross("north", IN, convoy="in")
    bus.load("X", "families", "R", {4: 5}).cross("north", OUT, convoy="out").unload("R").end()
    bus.convoys[1] = evolve(
        bus.convoys[1], households=(Household("families", "R", 4, 5),)
    )
    return Sample("shuttle", made, plan(made, small, bus), 20)


def cargo_exchange() -> Sample:
    """Ten parcels change at E from a truck of the west to a lorry that goes in; no people.

    The truck loads from 30 to 40 and has set down by 60; the lorry loads from 60 to 70, enters
    at 80, is inside at 90 and has set down at D at 110.
    """
    made = tiny(
        [
            site("D", "distribution_point"), site("E", "exchange_point", sides=(OUTSIDE, "west")),
            site("W", "warehouse", sides=("west",)), site("base", "base"),
            site("depot", "base", sides=("west",)),
        ],
        [corridor()], (),
        [
            vehicles("truck", uses={Use.AID}, payload_t=10, seats=0, sides=("west",),
                     base="depot"),
            vehicles("lorry", uses={Use.AID}, payload_t=10, seats=0),
        ],
        items={"parcel": Item("parcel", "Parcel", 50.0)},
        stocks=(Stock("parcel", "W", 10),), demands=(Demand("parcel", "D", 10),),
    )
    truck = Team(made, "truck#1").goods("W", "parcel", "D", 10).unload("E").end()
    lorry = Team(made, "lorry#1", leaves=50).goods("E", "parcel", "D", 10)
    lorry.cross("north", IN, convoy="in").unload("D").cross("north", OUT, convoy="out").end()
    return Sample("cargo-exchange", made, plan(made, truck, lorry), 0)


def two_windows() -> Sample:
    """One bus, two days: a first load of 40 on the first, a second on the next: 80 people.

    The first window is 0 to 180, the second 1440 to 1620 (a day later). Between them the bus
    waits at its base, and its crew rests for more than eight hours.
    """
    made = tiny(
        [site("A"), site("R", "reception_centre", capacity_seated=80), site("base", "base")],
        [corridor()], [people()], [vehicles(number=1, crew_duty=90)],
        windows=[(0, 180), (1440, 1620)],
    )
    team = Team(made, "bus#1").cross("north", IN, convoy="in1").load("A", "families", "R", {4: 10})
    team.cross("north", OUT, convoy="out1").unload("R").wait("base", 1460).again()
    team.cross("north", IN, convoy="in2").load("A", "families", "R", {4: 10})
    team.cross("north", OUT, convoy="out2").unload("R").end()
    return Sample("two-windows", made, plan(made, team), 80)


def holding() -> Sample:
    """A loaded bus waits at the gate for ten minutes, the most that is allowed: 40 people.

    It leaves A at 60, is at the gate at 70 and enters at 80.
    """
    made = tiny(
        [site("A"), site("R", "reception_centre"), site("base", "base")],
        [corridor(holding_limit=10)], [people()], [vehicles()],
    )
    team = Team(made, "bus#1").cross("north", IN, convoy="in").load("A", "families", "R", {4: 10})
    team.cross("north", OUT, at=80, convoy="out").unload("R").end()
    return Sample("holding", made, plan(made, team), 40)


def holding_area() -> Sample:
    """A loaded bus waits for its slot in a holding area rather than at the gate: 40 people.

    It leaves A at 60, is in the area at 70 and leaves it at 85, is at the gate at 95 and
    enters at once: 15 minutes of the 15 allowed, 40 persons of the 40 allowed.
    """
    made = tiny(
        [
            site("A"), site("G", "holding_area", sides=(INSIDE,), waiting_limit=15,
                            crowd_limit=40),
            site("R", "reception_centre"), site("base", "base"),
        ],
        [corridor(holding_limit=0)], [people()], [vehicles()],
    )
    team = Team(made, "bus#1").cross("north", IN, convoy="in").load("A", "families", "R", {4: 10})
    team.wait("G", 85).cross("north", OUT, convoy="out").unload("R").end()
    return Sample("holding-area", made, plan(made, team), 40)


def last_call() -> Sample:
    """The last bus loads at A at the very minute at which all others are sent home: 40 people.

    Shelter is 60 minutes away and calling takes 10: home by 660 − 60 − 10 = 590. The bus begins
    to load at 590; called at 580, the last call. It is out at 80 + 540 = 620, by 630.
    """
    quick = Estimate.of
    made = tiny(
        [
            site("A", walk_to_shelter=60, service={"": quick(5)}),
            site("R", "reception_centre"), site("base", "base"),
        ],
        [corridor(check=quick(5))], [people()], [vehicles()], way=quick(10), through=quick(5),
    )
    team = Team(made, "bus#1", leaves=560).cross("north", IN, convoy="in")
    team.load("A", "families", "R", {4: 10}).cross("north", OUT, at=605, convoy="out")
    return Sample("last-call", made, plan(made, team.unload("R").end()), 40)


def return_seats() -> Sample:
    """A tenth of each load may be refused: ⌈0.1 × 40⌉ = 4 seats go back in.

    The bus is out at 80. Another, empty, goes in at 100 and is at A at 120, long before people
    are sent home at 650; it comes out empty at 150.
    """
    made = tiny(
        [site("A"), site("R", "reception_centre"), site("base", "base")],
        [corridor()], [people()], [vehicles()], rules={"return_share": 0.1},
    )
    team = Team(made, "bus#1").cross("north", IN, convoy="in").load("A", "families", "R", {4: 10})
    team.cross("north", OUT, convoy="out").unload("R").end()
    spare = Team(made, "bus#2", leaves=90).cross("north", IN, convoy="back").wait("A", 130)
    spare.cross("north", OUT, convoy="spare out").end()
    kept = (ReturnSeats("out", "back", 4),)
    return Sample("return-seats", made, plan(made, team, spare, return_seats=kept), 40)


def aid() -> Sample:
    """A truck of ten tonnes takes 9 t of parcels in through the check: 180 units of 50 kg.

    Ready 30 minutes after the notice at minute 0: loaded from 30 to 40, at the gate 50, inside
    at 60, at D 70, empty at 80, out at 100. Stock 200, need 180, nothing removed.
    """
    made = tiny(
        [
            site("D", "distribution_point"), site("W", "warehouse"), site("base", "base"),
        ],
        [corridor(), corridor("south", {User.CIVILIANS})], (),
        [
            vehicles("truck", uses={Use.AID}, payload_t=10.0, seats=0),
            vehicles("cart", uses={Use.AID}, payload_t=1.0, seats=0, sides=(INSIDE,), base="D"),
        ],
        notice=0,
        items={"parcel": Item("parcel", "Parcel", 50.0)},
        stocks=(Stock("parcel", "W", 200, ready=30),),
        demands=(Demand("parcel", "D", 180, minimum=100),),
    )
    team = Team(made, "truck#1").goods("W", "parcel", "D", 180)
    team.cross("north", IN, convoy="in").unload("D").cross("north", OUT, convoy="out").end()
    return Sample("aid", made, plan(made, team), 0)


def fighters() -> Sample:
    """Fighters leave through a corridor of their own, civilians through another: 80 people."""
    made = tiny(
        [
            site("A"), site("F"), site("R", "reception_centre"),
            site("S", "reception_centre"), site("base", "base"),
        ],
        [corridor(), corridor("castello", {User.FIGHTERS, User.WOUNDED})],
        [
            people(), people("fighters", where="F", category=Category.FIGHTERS,
                             destinations=("S",)),
        ],
        [vehicles(), vehicles("van", uses={Use.FIGHTERS})],
    )
    bus = Team(made, "bus#1").cross("north", IN, convoy="in").load("A", "families", "R", {4: 10})
    bus.cross("north", OUT, convoy="out").unload("R").end()
    van = Team(made, "van#1").cross("castello", IN, convoy="van in")
    van.load("F", "fighters", "S", {4: 10})
    van.cross("castello", OUT, convoy="van out").unload("S").end()
    return Sample("fighters", made, plan(made, bus, van), 80)


def walkers() -> Sample:
    """Forty walk out in the hour in which 60 may enter: one a minute from 40 to 80.

    They set out at 20, walk 20 minutes to the gate, and the last leaves the far one at
    80 + 10 = 90; at R at 110.
    """
    made = tiny(
        [site("A"), site("R", "reception_centre"), site("base", "base")],
        [corridor(rates={"persons_per_hour": 60})],
        [
            people("walkers", means=Means.ON_FOOT, need=Need.WALKING), people(),
            people("drivers", means=Means.OWN_CAR, persons_per_car=4),
            people("children", households={1: 40}, means=Means.ON_FOOT, unaccompanied=True),
        ],
        [vehicles()],
    )
    party = Party(
        "walk", By.FOOT, "walkers", "north", "R", 40, {4: 10}, 20, 40, 40, 80, 90, 110
    )
    return Sample("walkers", made, plan(made, parties=[party]), 40)


def cars() -> Sample:
    """Ten cars of four through two lanes: five turns of 5 minutes, from 30 to 55: 40 people.

    They set out at 20, are at the gate at 30; the last leaves the far gate at 60; at R at 70.
    """
    made = tiny(
        [site("A"), site("R", "reception_centre"), site("base", "base")],
        [corridor(lanes=2, rates={"vehicles_per_hour": 24})],
        [people("drivers", means=Means.OWN_CAR, persons_per_car=4)], [vehicles()],
    )
    party = Party(
        "cars", By.OWN_CAR, "drivers", "north", "R", 40, {4: 10}, 20, 30, 30, 55, 60, 70, cars=10
    )
    return Sample("cars", made, plan(made, parties=[party]), 40)


def children() -> Sample:
    """Ten unaccompanied children go to the one centre where an organisation receives them."""
    made = tiny(
        [
            site("A"), site("R", "reception_centre"), site("base", "base"),
            site("K", "reception_centre", receives_unaccompanied=True,
                 receiving_organisation="A receiving organisation"),
        ],
        [corridor()], [people("children", households={1: 40}, unaccompanied=True)], [vehicles()],
    )
    team = Team(made, "bus#1").cross("north", IN, convoy="in").load("A", "children", "K", {1: 10})
    team.cross("north", OUT, convoy="out").unload("K").end()
    return Sample("children", made, plan(made, team), 10)


def hospitals(level: int = 2) -> Sample:
    """Four patients with a companion each in two ambulances of two: 8 people.

    Each ambulance has two stretchers and two seats. They need a hospital of level 2; H has
    level 3 and four stretcher places, C (a clinic) has level 1.
    """
    made = tiny(
        [
            site("A"), site("H", "hospital", hospital_level=max(level, 3), capacity_stretcher=4),
            site("base", "base"),
            *(site(f"C{n}", "hospital", hospital_level=n) for n in range(6)),
        ],
        [corridor(lanes=2)],
        [
            people("patients", households={2: 20}, category=Category.PATIENTS,
                   need=Need.STRETCHER, hospital_level=level),
        ],
        [vehicles("ambulance", uses={Use.WOUNDED}, seats=2, stretchers=2)],
    )
    team = Team(made, "ambulance#1", "ambulance#2").cross("north", IN, convoy="in")
    team.load("A", "patients", "H", {2: 4})
    team.cross("north", OUT, convoy="out").unload("H").end()
    return Sample("hospitals", made, plan(made, team), 8)


def duty() -> Sample:
    """A crew that may be on duty for 90 minutes drives the first round, from 20 to 110."""
    made = first_steps()
    case = tiny(
        list(made.case.sites.values()), [corridor()], [people()], [vehicles(crew_duty=90)]
    )
    return Sample("duty", case, made.plan, 40)


def shared_lane() -> Sample:
    """One lane for both directions: a bus comes out while another waits to go in: 80 people.

    Bus 1 is in the check outwards from 70 to 75; bus 2 in the check inwards from 75 to 80.
    """
    made = tiny(
        [site("A"), site("R", "reception_centre"), site("base", "base")],
        [corridor(shared_lanes=True)], [people()], [vehicles()],
    )
    one = Team(made, "bus#1").cross("north", IN, convoy="in1").load("A", "families", "R", {4: 10})
    one.cross("north", OUT, convoy="out1").unload("R").end()
    two = Team(made, "bus#2", leaves=65).cross("north", IN, convoy="in2")
    two.load("A", "families", "R", {4: 10}).cross("north", OUT, convoy="out2").unload("R").end()
    return Sample("shared-lane", made, plan(made, one, two), 80)


def hourly(limit: int = 4) -> Sample:
    """A checkpoint known by its rate alone: four vehicles an hour, no minutes a vehicle.

    Four buses in one convoy go in at 30, and out at 60 (no check, so all at once).
    """
    made = tiny(
        [site("A"), site("R", "reception_centre"), site("base", "base")],
        [
            corridor(
                checkpoint={
                    d: Checkpoint(4, {"": Estimate.of(0)}, vehicles_per_hour=limit)
                    for d in (IN, OUT)
                }
            )
        ],
        [people()], [vehicles(number=4)],
    )
    team = Team(made, *(f"bus#{n}" for n in range(1, 5))).cross("north", IN, convoy="in")
    team.load("A", "families", "R", {4: 40}).cross("north", OUT, convoy="out").unload("R").end()
    return Sample("hourly", made, plan(made, team), 160)


SAMPLES: tuple[Callable[[], Sample], ...] = (
    first_steps, full_bus, convoy, headway, link, exchange, two_windows, holding, holding_area,
    shuttle, cargo_exchange, last_call, return_seats, aid, fighters, walkers, cars, children,
    hospitals, duty, shared_lane, hourly,
)
"""Every sample, each made anew."""
