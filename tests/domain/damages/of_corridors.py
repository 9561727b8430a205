"""Damages to what passes corridors, alone and in convoy."""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve

from lull.domain.corridor import ConvoyRule, LinkUnit, User
from lull.domain.fleet import Use
from lull.domain.people import Category, Means, Need
from lull.domain.plan import By, Call, Goods, Party, People, Plan, Stop, Task, VehicleDay
from lull.domain.supplies import Demand, Item, Stock
from lull.domain.time import Window
from tests.domain.damages.kit import Damage, Damages, on
from tests.tiny.build import IN, OUT, Team, corridor, people, plan, site, tiny, vehicles
from tests.tiny.cases import (
    Sample,
    aid,
    cars,
    convoy,
    fighters,
    first_steps,
    headway,
    holding,
    hospitals,
    hourly,
    link,
    shared_lane,
    walkers,
)
from tests.tiny.damage import (
    delayed,
    goods,
    inserted,
    listed,
    numbered,
    shifted,
    step,
    through,
)

BUS = "bus#1"


def later(by: int) -> Callable[[int], int]:
    """A function that adds minutes or persons."""
    return lambda value: value + by


def hours() -> list[Damage]:
    limited = {"open_hours": (Window(25, 400), Window(500, 600))}
    return [
        *(on(f"passes {by} later", first_steps, lambda p, by=by: shifted(p, by),
             corridor_north=limited)
          for by in (-30, -10, 325, 350, 375, 420, 430, 450, 465)),
        on("walks 5 too early", walkers, lambda p: shifted(p, 0),
           corridor_north={"open_hours": (Window(45, 400),)}),
        on("drives 5 too late", cars, corridor_north={"open_hours": (Window(25, 55),)}),
    ]


def ways_about(name: str = "bus") -> Sample:
    """First steps with a corridor for each direction alone, people to take in, a truck."""
    case = tiny(
        [site("A"), site("D", "distribution_point"), site("R", "reception_centre"),
         site("T", "reception_centre"), site("W", "warehouse"), site("base", "base")],
        [corridor(), corridor("inwards", directions=frozenset({IN})),
         corridor("outwards", directions=frozenset({OUT}))],
        [people(), people("returnees", where="T", destinations=("A",)),
         people("walkers", means=Means.ON_FOOT), ],
        [vehicles(), vehicles("truck", uses={Use.AID}, payload_t=10)],
        items={"parcel": Item("parcel", "Parcel", 50.0)}, stocks=(Stock("parcel", "W", 99),),
        demands=(Demand("parcel", "D", 99),),
    )
    if name == "truck":
        team = Team(case, "truck#1").goods("W", "parcel", "D", 90).cross("north", IN, convoy="in")
        team.unload("D").cross("north", OUT, convoy="out").wait("W", 200)
    else:
        team = Team(case, BUS).wait("T", 60).cross("north", IN, convoy="in").wait("A", 140)
        team.load("A", "families", "R", {4: 10}).cross("north", OUT, convoy="out").unload("R")
    return Sample("ways about", case, plan(case, team.end()), 0)


def taken_in(persons: int) -> Damage:
    """People loaded outside and set down inside."""

    def spoil(p: Plan) -> Plan:
        line = (People("returnees", "A", persons),)
        spoilt = step(p, BUS, 1, task=Task.LOAD, people=line)
        spoilt = step(spoilt, BUS, 3, task=Task.UNLOAD, people=line)
        spoilt = numbered(spoilt, BUS, dict.fromkeys(range(4, len(spoilt.vehicles[0].steps)), 2))
        return evolve(spoilt, calls=(*p.calls, Call("T", "returnees", 10, persons, "in")))

    return on(f"takes {persons} in", ways_about, spoil)


def taken_out(units: int) -> Damage:
    """Aid that is not set down but brought back to its warehouse."""

    def spoil(p: Plan) -> Plan:
        back = Goods("parcel", "D", units, "W", returned=units)
        spoilt = goods(p, "truck#1", 3, units=90 - units)
        return step(spoilt, "truck#1", 5, task=Task.UNLOAD, goods=(back,))

    return on(f"brings {units} units out", lambda: ways_about("truck"), spoil)


def walk(where: str = "north") -> Party:
    return Party("walk", By.FOOT, "walkers", where, "R", 40, {4: 10}, 20, 40, 40, 80, 90, 110)


def directions() -> list[Damage]:
    rate = {"checkpoint": corridor(rates={"persons_per_hour": 60}).checkpoint}
    return [
        on("in by the way out", ways_about, lambda p: through(p, "in", "outwards")),
        on("out by the way in", ways_about, lambda p: through(p, "out", "inwards")),
        on("a truck in by the way out", lambda: ways_about("truck"),
           lambda p: through(p, "in", "outwards")),
        on("a truck out by the way in", lambda: ways_about("truck"),
           lambda p: through(p, "out", "inwards")),
        on("on foot by the way in", ways_about,
           lambda p: evolve(
               p, parties=(walk("inwards"),),
               calls=(*p.calls, Call("A", "walkers", 10, 40, "walk"))), corridor_inwards=rate),
        *(taken_in(persons) for persons in (1, 20, 50)),
        *(taken_out(units) for units in (1, 45, 90)),
    ]


def mixed_ways(what: str = "families") -> Sample:
    """A corridor for all but fighters, and one for each use alone."""
    each = {"civilians": User.CIVILIANS, "wounded": User.WOUNDED, "fighters": User.FIGHTERS,
            "aid": User.AID}
    case = tiny(
        [site("A"), site("D", "distribution_point"), site("R", "reception_centre"),
         site("W", "warehouse"), site("base", "base")],
        [corridor(users=frozenset(User), mixed=True),
         *(corridor(name, {user}, rates={"persons_per_hour": 60})
           for name, user in each.items())],
        [people(), people("fighters", category=Category.FIGHTERS),
         people("patients", households={2: 20}, category=Category.PATIENTS, need=Need.STRETCHER),
         people("walkers", means=Means.ON_FOOT)],
        [vehicles(), vehicles("van", uses={Use.FIGHTERS}),
         vehicles("ambulance", uses={Use.WOUNDED}, stretchers=9),
         vehicles("truck", uses={Use.AID}, payload_t=10)],
        items={"parcel": Item("parcel", "Parcel", 50.0)}, stocks=(Stock("parcel", "W", 99),),
        demands=(Demand("parcel", "D", 99),),
    )
    if what == "walkers":
        return Sample(what, case, plan(case, parties=[walk("civilians")]), 40)
    if what == "parcel":
        team = Team(case, "truck#1").goods("W", "parcel", "D", 90).cross("north", IN, convoy="in")
        team.unload("D").cross("north", OUT, convoy="out").end()
        return Sample(what, case, plan(case, team), 0)
    vehicle = {"families": BUS, "fighters": "van#1", "patients": "ambulance#1"}[what]
    team = Team(case, vehicle).cross("north", IN, convoy="in")
    team.load("A", what, "R", {2: 4} if what == "patients" else {4: 10})
    team.cross("north", OUT, convoy="out").unload("R").end()
    return Sample(what, case, plan(case, team), 0)


def users() -> list[Damage]:
    right = {"families": "civilians", "fighters": "fighters", "patients": "wounded"}
    found = [
        on(f"{what} {way} by the way of {wrong}", lambda what=what: mixed_ways(what),
           lambda p, way=way, wrong=wrong: through(p, way, wrong))
        for what, own in right.items()
        for wrong in ("civilians", "fighters", "wounded", "aid")
        for way in ("in", "out")
        if wrong != own
    ]
    found += [
        on(f"an empty truck out by the way of {wrong}", lambda: mixed_ways("parcel"),
           lambda p, wrong=wrong: through(p, "out", wrong))
        for wrong in ("civilians", "wounded")
    ]
    found.append(on("walkers by the way of fighters", lambda: mixed_ways("walkers"),
                    lambda p: listed(p, "parties", 0, corridor="fighters")))
    return found


def held() -> list[Damage]:
    def waits(label: str, sample: Callable[[], Sample], vehicles: tuple[str, ...], index: int,
              by: int, corridor: str = "corridor_north") -> Damage:
        return on(f"{label} {by} longer than it may", sample,
                  lambda p: delayed(p, vehicles, index, by), **{corridor: {"holding_limit": 10}})

    pair = ("ambulance#1", "ambulance#2")
    return [
        *(waits("a bus waits", holding, (BUS,), 3, by) for by in (5, 10, 60)),
        *(waits("a truck waits", aid, ("truck#1",), 2, by) for by in (15, 30)),
        *(waits("two ambulances wait", hospitals, pair, 3, by) for by in (15, 40)),
        *(waits("a van waits", fighters, ("van#1",), 3, by, "corridor_castello")
          for by in (15, 50)),
        *(on(f"walkers wait {by} longer than they may", walkers,
             lambda p, by=by: listed(
                 p, "parties", 0, enters=later(by), cleared=later(by), leaves=later(by),
                 reaches=later(by)), corridor_north={"holding_limit": 0}) for by in (1, 30)),
        on("cars wait 1 longer than they may", cars,
           lambda p: listed(p, "parties", 0, enters=35, cleared=60, leaves=65, reaches=75),
           corridor_north={"holding_limit": 4}),
    ]


def linked() -> list[Damage]:
    return [
        *(on(f"{bus} goes {by} later", link, lambda p, bus=bus, by=by: shifted(p, by, only=(bus,)))
          for bus in ("bus#2", "bus#4") for by in (5, 25, 100)),
        *(on(f"{bus} goes {by} later, counted in vehicles", lambda: link(LinkUnit.VEHICLES),
             lambda p, bus=bus, by=by: shifted(p, by, only=(bus,)))
          for bus in ("bus#2", "bus#4") for by in (5, 30)),
        on("one side does not go at all", link, lambda p: evolve(
            p,
            vehicles=p.vehicles[:2], convoys=tuple(c for c in p.convoys if c.corridor == "north"),
            calls=p.calls[:2], last_calls=p.last_calls[:1])),
    ]


def checks() -> list[Damage]:
    one_lane = lambda: convoy(2, lanes=1, leader=False)  # noqa: E731
    return [
        *(on(f"the second enters {by} too soon", one_lane,
             lambda p, by=by: step(p, "bus#2", 3, enters=later(-by))) for by in (1, 3, 5)),
        *(on(f"is checked {by} shorter", first_steps,
             lambda p, by=by: step(p, BUS, 1, cleared=later(-by))) for by in (1, 5)),
        on("both directions in one lane at once", shared_lane, lambda p: step(
            step(listed(p, "convoys", 2, starts=70), "bus#2", 0, arrives=60, starts=60, departs=60),
            "bus#2", 1, arrives=70, enters=70)),
        *(on(f"{limit} an hour", hourly, corridor_north={
            "checkpoint": hourly(limit).case.corridors["north"].checkpoint})
          for limit in (1, 3)),
        *(on(f"walkers pass in {minutes} minutes", walkers, lambda p, minutes=minutes: listed(
            p, "parties", 0, cleared=40 + minutes, leaves=50 + minutes),
            corridor_north={"checkpoint": corridor(rates={"persons_per_hour": 39}).checkpoint})
          for minutes in (0, 20)),
        on("nobody may walk", walkers, corridor_north={"checkpoint": corridor().checkpoint}),
        *(on(f"cars are cleared {by} sooner", cars, lambda p, by=by: listed(
            p, "parties", 0, cleared=later(-by))) for by in (1, 25)),
        on("fewer cars an hour", cars, corridor_north={"checkpoint": corridor(
            lanes=2, rates={"vehicles_per_hour": 9}).checkpoint}),
    ]


def sizes() -> list[Damage]:
    return [
        on(f"{size} where {largest} may", lambda size=size: convoy(size, leader_from=None,
                                                                   largest=None),
           corridor_north={"convoy": ConvoyRule(largest, 0, None)})
        for size, largest in ((2, 1), (3, 2), (4, 1), (5, 4), (6, 5), (7, 5), (8, 7), (9, 3),
                              (10, 9), (12, 2))
    ]


def leaders() -> list[Damage]:
    def nobody(p: Plan, which: int) -> Plan:
        return listed(p, "convoys", which, leader="")

    return [
        *(on(f"{size} vehicles, convoy {which} without a leader", lambda size=size: convoy(size),
             lambda p, which=which: nobody(p, which))
          for size in (6, 7, 8) for which in (0, 1)),
        *(on(f"led by the {n}th", lambda: convoy(6), lambda p, n=n: evolve(
            p, convoys=tuple(evolve(c, leader=f"bus#{n}") for c in p.convoys))) for n in (2, 6)),
        on("three where three need one", lambda: convoy(3, leader=False, leader_from=None),
           corridor_north={"convoy": ConvoyRule(8, 0, 3)}),
        on("led from behind, though none is needed", lambda: convoy(3, leader=False), lambda p:
           evolve(p, convoys=tuple(evolve(c, leader="bus#3") for c in p.convoys))),
    ]


def distances() -> list[Damage]:
    return [
        on(f"{gap} minutes apart", lambda gap=gap: headway(gap))
        for gap in (0, 5, 10, 15, 20, 30, 40, 45, 50, 55)
    ]


def slots() -> list[Damage]:
    return [
        *(on(f"{by} later", first_steps, lambda p, by=by: shifted(p, by))
          for by in (1, 2, 3, 4, 6, 9, 211)),
        *(on(f"a convoy {by} later", lambda: convoy(3, leader=False),
             lambda p, by=by: shifted(p, by)) for by in (1, 58)),
        on("slots of seven minutes", first_steps, rules={"slot": 7}),
    ]


def together() -> list[Damage]:
    pair = lambda: convoy(2, leader=False)  # noqa: E731

    def comes(p: Plan, by: int) -> Plan:
        """bus#2 enters as it comes, and both leave once it is cleared."""
        late = dict.fromkeys(("arrives", "enters", "cleared"), later(by))
        p = step(p, "bus#2", 3, **late)
        for bus in (BUS, "bus#2"):
            p = step(p, bus, 3, leaves=later(by))
            for n in (4, 5):
                p = step(p, bus, n, **dict.fromkeys(("arrives", "starts", "departs"), later(by)))
        return p

    def ends(p: Plan, by: int) -> Plan:
        return step(step(p, "bus#2", 4, arrives=later(by), starts=later(by), departs=later(by)),
                    "bus#2", -1, arrives=later(by), starts=later(by), departs=later(by))

    return [
        on("one is not listed", pair, lambda p: listed(p, "convoys", 0, vehicles=(BUS,))),
        on("one is listed twice", pair, lambda p: listed(
            p, "convoys", 1, vehicles=(BUS, "bus#2", BUS))),
        on("one that does not pass is listed", pair, lambda p: evolve(
            listed(p, "convoys", 0, vehicles=(BUS, "bus#2", "bus#3")),
            vehicles=(*p.vehicles, _idle("bus#3")))),
        *(on(f"one leaves {by} after the other", pair,
             lambda p, by=by: ends(step(p, "bus#2", 3, leaves=later(by)), by)) for by in (1, 15)),
        *(on(f"starts {by} before anyone enters", pair, lambda p, by=by: listed(
            p, "convoys", 0, starts=later(-by))) for by in (5, 30)),
        *(on(f"one comes {by} after the start", pair, lambda p, by=by: comes(p, by))
          for by in (1, 5)),
        on("starts after the first has entered", pair, lambda p: listed(
            p, "convoys", 0, starts=later(5))),
        on("one waits elsewhere inside on the way", lambda: convoy(2, leader=False, out_at=100),
           lambda p: inserted(
               step(step(p, "bus#2", 3, arrives=80), "bus#2", 2, arrives=60, starts=60, departs=70),
               "bus#2", 2,
               Stop("B", Task.WAIT, 50, 50, 50, round=1))),
        on("they are led by another on the way out", lambda: convoy(2), lambda p: evolve(
            p, convoys=(evolve(p.convoys[0], vehicles=("bus#2", BUS), leader="bus#2"),
                        p.convoys[1]))),
        on("the way back is another direction", pair, lambda p: listed(
            p, "convoys", 0, direction=OUT, households=())),
        on("one passes another gate", pair, lambda p: step(p, "bus#2", 1, corridor="south")),
    ]


def _idle(name: str) -> VehicleDay:
    return Team(convoy(2).case, name).end().days[0]


DAMAGES: Damages = {
    "corridor_open": hours(),
    "corridor_direction": directions(),
    "corridor_users": users(),
    "holding_limit": held(),
    "linked_corridors": linked(),
    "checkpoint_throughput": checks(),
    "convoy_size": sizes(),
    "convoy_leader": leaders(),
    "convoy_headway": distances(),
    "whole_slots": slots(),
    "convoy_keeps_together": together(),
}
