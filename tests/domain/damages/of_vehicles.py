"""Damages to what single vehicles do, and to names and figures."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from attrs import evolve

from lull.domain.corridor import User
from lull.domain.fleet import Use
from lull.domain.people import Category, Need
from lull.domain.plan import Call, Household, LastCall, Plan, ReturnSeats, Task
from lull.domain.supplies import Demand, Item, Stock
from lull.domain.travel import TravelTable
from tests.domain.damages.kit import Damage, Damages, on
from tests.tiny.build import IN, OUT, Team, corridor, people, plan, site, tiny, vehicles
from tests.tiny.cases import (
    Sample,
    aid,
    cars,
    duty,
    first_steps,
    hospitals,
    return_seats,
    two_windows,
    walkers,
)
from tests.tiny.damage import (
    delayed,
    goods,
    lines,
    listed,
    renamed,
    step,
)

BUS = "bus#1"


def later(by: int) -> Callable[[int], int]:
    """A function that adds minutes or persons."""
    return lambda value: value + by


def names() -> list[Damage]:
    unknown_call = Call("A", "families", 40, 4, "nobody")
    return [
        on("a site", first_steps, lambda p: step(p, BUS, 2, site="Z")),
        on("a corridor", first_steps, lambda p: step(p, BUS, 1, corridor="east")),
        on("a convoy", first_steps, lambda p: step(p, BUS, 3, convoy="ghost")),
        on("a group", first_steps, lambda p: lines(p, lambda x: evolve(x, group="others"))),
        on("a destination", first_steps, lambda p: lines(p, lambda x: evolve(x, destination="Z"))),
        on("an item", aid, lambda p: goods(p, "truck#1", 1, item="tents")),
        on("a vehicle type", first_steps, lambda p: renamed(p, BUS, "tram#1")),
        on("a vehicle's number", first_steps, lambda p: renamed(p, BUS, "bus#one")),
        on("a convoy's vehicle", first_steps, lambda p: listed(
            p, "convoys", 0, vehicles=(BUS, "bus#2"))),
        on("whom a call serves", first_steps, lambda p: evolve(p, calls=(*p.calls, unknown_call))),
        on("a window", first_steps, lambda p: evolve(
            p, last_calls=(*p.last_calls, LastCall("A", 3, 0, 0)))),
        on("an inbound convoy", first_steps, lambda p: evolve(
            p, return_seats=(ReturnSeats("out", "never", 1),))),
        on("a convoy listed twice", first_steps, lambda p: evolve(
            p, convoys=(*p.convoys, p.convoys[0]))),
        on("a party listed twice", walkers, lambda p: evolve(p, parties=p.parties * 2)),
        on("a corridor that the consents closed", first_steps, corridors={"south": corridor(
            "south")}),
    ]


def figures() -> list[Damage]:
    far = 60 * 24 * 60
    return [
        on("persons", first_steps, lambda p: lines(p, lambda x: evolve(x, persons=-40))),
        on("stretchers", hospitals, lambda p: lines(p, lambda x: evolve(x, stretchers=-1))),
        on("more lying than there are", hospitals, lambda p: lines(
            p, lambda x: evolve(x, stretchers=5))),
        on("units", aid, lambda p: goods(p, "truck#1", 1, units=-180)),
        on("units removed", aid, lambda p: goods(p, "truck#1", 3, removed=-1)),
        on("households", first_steps, lambda p: listed(
            p, "convoys", 1, households=(Household("families", "R", 4, -10),))),
        on("a household of none", first_steps, lambda p: listed(
            p, "convoys", 1, households=(Household("families", "R", 0, 10),))),
        on("people called", first_steps, lambda p: listed(p, "calls", 0, persons=-40)),
        on("cars", cars, lambda p: listed(p, "parties", 0, cars=-1)),
        on("half a person", first_steps, lambda p: lines(p, lambda x: evolve(x, persons=0.5))),
        on("return seats", return_seats, lambda p: listed(p, "return_seats", 0, seats=-4)),
        on("a stop months away", first_steps, lambda p: step(p, BUS, -1, arrives=far)),
        on("a convoy months ago", first_steps, lambda p: listed(p, "convoys", 0, starts=-far)),
        on("half a minute", first_steps, lambda p: step(p, BUS, 2, starts=50.5)),
    ]


def overrides() -> list[Damage]:
    def said(rule: str, role: str, reason: str) -> Damage:
        return on(f"{rule} by {role!r} because {reason!r}", first_steps,
                  lambda p: evolve(p, overrides={rule: (role, reason)}))

    return [
        *(said(rule, "head of operations", "in a hurry") for rule in (
            "load_fits", "last_safe_departure", "nobody_inside_at_end", "no_more_than_wish",
            "corridor_users", "a rule that does not exist")),
        *(said(rule, role, reason) for rule in ("approved_streets", "mines_cleared")
          for role, reason in (("", "the other way is blocked"), ("head of operations", " "))),
    ]


def one_place() -> list[Damage]:
    def ends(task: Task) -> Damage:
        return on(f"ends with {task.value}", first_steps, lambda p: step(p, BUS, -1, task=task))

    return [
        *(on(f"step {n} arrives {by} too late", first_steps,
             lambda p, n=n, by=by: step(p, BUS, n, arrives=later(by)))
          for n, by in ((1, 1), (2, 3), (2, 5), (3, 2), (4, 1), (4, 7))),
        on("does not start", first_steps, lambda p: step(p, BUS, 0, task=Task.WAIT)),
        ends(Task.WAIT),
        ends(Task.START),
        on("is cleared before it enters, for all the lane knows", first_steps,
           lambda p: step(p, BUS, 1, cleared=25)),
        on("has an empty day besides", first_steps,
           lambda p: evolve(p, vehicles=(*p.vehicles, evolve(p.vehicles[0], steps=(
               p.vehicles[0].steps[0], p.vehicles[0].steps[-1]))))),
    ]


def ways() -> list[Damage]:
    return [
        *(on(f"leaves step {n} {by} later", first_steps,
             lambda p, n=n, by=by: step(p, BUS, n, departs=later(by)))
          for n in (0, 2, 4) for by in (1, 9)),
        *(on(f"is home {by} sooner", first_steps,
             lambda p, by=by: step(p, BUS, -1, arrives=later(-by))) for by in (1, 10)),
        *(on(f"leaves the far gate {by} late for A", first_steps,
             lambda p, by=by: step(p, BUS, 1, leaves=later(by))) for by in (1, 10)),
        *(on(f"walks to R {by} faster", walkers,
             lambda p, by=by: listed(p, "parties", 0, reaches=later(-by))) for by in (1, 20)),
        on("drives to the gate faster", cars, lambda p: listed(p, "parties", 0, departs=21)),
        on("walkers enter before they have come", walkers,
           lambda p: listed(p, "parties", 0, arrives=41)),
        on("knows no way", first_steps, travel=_no_way("bus", "A", "north@inside")),
    ]


def _no_way(profile: str, start: str, end: str) -> TravelTable:
    table = first_steps().case.travel
    array = table.likely[profile].copy()
    array[table.index[start], table.index[end]] = -1
    return evolve(table, likely={**table.likely, profile: array})


def more(made: Plan, persons: int, number: int, size: int) -> Plan:
    """The one load of a plan becomes `number` households of `size` in each place it stands."""
    spoilt = lines(made, lambda x: evolve(x, persons=persons))
    return evolve(
        spoilt,
        convoys=tuple(
            evolve(c, households=tuple(
                evolve(h, number=number) for h in c.households if h.size == size))
            for c in made.convoys
        ),
        calls=tuple(evolve(c, persons=persons) for c in made.calls),
    )


def loads() -> list[Damage]:
    def seats(number: int) -> Damage:
        return on(f"{4 * number} on 50 seats", first_steps,
                  lambda p: more(p, 4 * number, number, 4))

    def heavy(units: int) -> Damage:
        return on(f"{units * 50} kg on 10 t", aid, lambda p: goods(
            goods(p, "truck#1", 1, units=units), "truck#1", 3, units=units),
            widen={"stocks": (Stock("parcel", "W", 999),), "demands": (
                Demand("parcel", "D", 999),)})

    return [
        *(seats(number) for number in (13, 14, 20)),
        *(heavy(units) for units in (201, 210, 400)),
        on("48 on 47 seats that may be filled", first_steps, lambda p: more(p, 48, 12, 4),
           rules={"fill": 0.95}),
        on("40 on 39 seats", first_steps, kind_bus={"seats": 39}),
        on("40 on seats filled to 79 %", first_steps, rules={"fill": 0.79}),
        on("two lying on one stretcher", hospitals, kind_ambulance={"stretchers": 1}),
        on("two companions on one seat", hospitals, kind_ambulance={"seats": 1}),
        on("9 t on 8.9", aid, kind_truck={"payload_t": 8.9}),
    ]


ALL_USES = {"lorry": Use.AID, "ambulance": Use.WOUNDED, "bus": Use.PASSENGERS, "van": Use.FIGHTERS}


def any_load(what: str) -> Sample:
    """One vehicle of the right type with one kind of load; all types have room for anything."""
    groups = [
        people(), people("patients", households={2: 20}, category=Category.PATIENTS,
                         need=Need.STRETCHER),
        people("fighters", category=Category.FIGHTERS, where="A"),
    ]
    case = tiny(
        [site("A"), site("D", "distribution_point"), site("R", "reception_centre"),
         site("W", "warehouse"), site("base", "base")],
        [corridor(users=frozenset(User), mixed=True)], groups,
        [vehicles(name, uses={use}, stretchers=9, payload_t=9) for name, use in ALL_USES.items()],
        items={"parcel": Item("parcel", "Parcel", 50.0)}, stocks=(Stock("parcel", "W", 99),),
        demands=(Demand("parcel", "D", 99),),
    )
    name, sizes = {
        "families": ("bus#1", {4: 10}), "patients": ("ambulance#1", {2: 4}),
        "fighters": ("van#1", {4: 10}), "parcel": ("lorry#1", {}),
    }[what]
    team = Team(case, name)
    if what == "parcel":
        team.goods("W", "parcel", "D", 9).cross("north", IN, convoy="in").unload("D")
        team.cross("north", OUT, convoy="out")
    else:
        team.cross("north", IN, convoy="in").load("A", what, "R", sizes)
        team.cross("north", OUT, convoy="out").unload("R")
    return Sample(what, case, plan(case, team.end()), 0)


def uses() -> list[Damage]:
    right = {"families": "bus", "patients": "ambulance", "fighters": "van", "parcel": "lorry"}
    return [
        on(f"{what} in a {wrong}", partial(any_load, what),
           lambda p, own=own, wrong=wrong: renamed(p, f"{own}#1", f"{wrong}#1"))
        for what, own in right.items()
        for wrong in ALL_USES
        if wrong != own
    ]


def fleet() -> list[Damage]:
    def early(by: int) -> Plan:
        return step(first_steps().plan, BUS, 0, arrives=20 - by, starts=20 - by, departs=20 - by)

    return [
        *(on(f"{name} of four", first_steps, lambda p, name=name: renamed(p, BUS, name))
          for name in ("bus#0", "bus#5", "bus#40")),
        on("starts at R", first_steps, lambda p: step(p, BUS, 0, site="R")),
        *(on(f"leaves {by} before it is mobilised", first_steps, lambda p, by=by: early(by),
             kind_bus={"mobilise": 20}, widen={"pause": evolve(first_steps().case.pause, notice=0)})
          for by in (1, 15)),
        *(on(f"leaves {by} before it is available", first_steps, lambda p, by=by: early(by),
             kind_bus={"available_from": 20}) for by in (2, 30)),
        *(on(f"is given back {by} late", first_steps,
             lambda p, by=by: step(p, BUS, -1, arrives=110 + by, starts=110 + by, departs=110 + by),
             kind_bus={"available_to": 110}) for by in (1, 60)),
        on("may not drive inside", first_steps, kind_bus={"sides": ("outside",)}),
    ]


def crews() -> list[Damage]:
    return [
        *(on(f"home {by} late", duty,
             lambda p, by=by: step(p, BUS, -1, arrives=110 + by, starts=110 + by, departs=110 + by))
          for by in (1, 5, 30, 200)),
        *(on(f"leaves {by} early", duty, lambda p, by=by: step(
            p, BUS, 0, arrives=20 - by, starts=20 - by, departs=20 - by)) for by in (1, 12, 50)),
        on("is at the gate 1 later", duty, lambda p: delayed(p, (BUS,), 5, 1),
           kind_bus={"crew_duty": 89}),
        on("rests for too short a night", two_windows, kind_bus={"crew_duty": 100},
           rules={"rest": 1500}),
        on("drives two spells within 24 hours", two_windows, kind_bus={"crew_duty": 80}),
        on("may be on duty for no more than a quarter of an hour", duty,
           kind_bus={"crew_duty": 15}),
    ]


DAMAGES: Damages = {
    "known_names": names(),
    "sensible_figures": figures(),
    "overrides_named": overrides(),
    "vehicle_in_one_place": one_place(),
    "leg_takes_its_time": ways(),
    "load_fits": loads(),
    "use_matches": uses(),
    "fleet_available": fleet(),
    "crew_duty": crews(),
}
