"""Damages to the numbers of rounds: whoever numbers otherwise drives what the others forbid."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from lull.domain.case import Case
from lull.domain.fleet import Use
from lull.domain.place import INSIDE
from lull.domain.plan import Plan
from lull.domain.supplies import Demand, Item, Stock
from lull.domain.time import Estimate
from tests.domain.damages.kit import Damage, Damages, on
from tests.domain.damages.of_loads import town_of_routes
from tests.tiny.build import IN, OUT, Team, corridor, people, plan, site, tiny, vehicles
from tests.tiny.cases import Sample
from tests.tiny.damage import numbered, recased

BUS, TRUCK = "bus#1", "truck#1"
AR = ("A", "R")
THREE = (AR, ("B", "R"), ("C", "R"))


def renumbered(rounds: Mapping[int, int], *vehicles_: str) -> Callable[[Plan], Plan]:
    """A change of the numbers at some indices, for one or several vehicles."""

    def spoil(p: Plan) -> Plan:
        for name in vehicles_ or (BUS,):
            p = numbered(p, name, rounds)
        return p

    return spoil


def one_number(*rounds: tuple[str, str], **rules: int) -> Damage:
    """A whole day under one number, where the routes that it holds are more than may be."""

    def made() -> tuple[Case, Plan]:
        sample = town_of_routes(*rounds)
        every = range(len(sample.plan.vehicles[0].steps))
        return recased(sample.case, rules=rules), numbered(
            sample.plan, BUS, dict.fromkeys(every, 1))

    said = ", ".join(f"{name.replace('_', ' ')} {most}" for name, most in rules.items())
    return Damage(f"{len(rounds)} rounds under one number, {said}", made)


def spare_rounds() -> Sample:
    """A bus brings people out and then goes in empty and waits, as for people who are refused."""
    case = tiny(
        [site("A"), site("R", "reception_centre"), site("base", "base")], [corridor()], [people()],
        [vehicles()],
    )
    team = Team(case, BUS).cross("north", IN, convoy="in").load("A", "families", "R", {4: 10})
    team.cross("north", OUT, convoy="out").unload("R").again()
    team.cross("north", IN, convoy="back").wait("A", team.free + 20)
    return Sample("spare", case, plan(case, team.cross("north", OUT, convoy="spare").end()), 40)


def two_loads_of_aid() -> Sample:
    """A truck takes a load to D and another to E."""
    case = tiny(
        [site("D", "distribution_point"), site("E", "distribution_point"), site("W", "warehouse"),
         site("base", "base")],
        [corridor()], (), [vehicles("truck", uses={Use.AID}, payload_t=9, seats=0)],
        items={"parcel": Item("parcel", "Parcel", 50.0)}, stocks=(Stock("parcel", "W", 99),),
        demands=(Demand("parcel", "D", 40), Demand("parcel", "E", 40)),
    )
    team = Team(case, TRUCK)
    for where in "DE":
        team.goods("W", "parcel", where, 40).cross("north", IN, convoy=f"in {where}")
        team.unload(where).cross("north", OUT, convoy=f"out {where}").again()
    return Sample("two-loads", case, plan(case, team.end()), 0)


def dispersed() -> Sample:
    """Two buses go in as one convoy and, under the next number, each its own way."""
    quick = Estimate.of(1)
    case = tiny(
        [*(site(n, service={"": quick}, call=0) for n in "AB"),
         site("R", "reception_centre"), site("base", "base")],
        [corridor(check=quick, lanes=2)], [people(n, where=n) for n in "AB"], [vehicles()],
        way=quick, through=quick,
    )
    both = Team(case, BUS, "bus#2").cross("north", IN, convoy="in").again()
    teams = []
    for number, (name, where) in enumerate(((BUS, "A"), ("bus#2", "B"))):
        own = Team(case, name)
        own.steps = [list(both.steps[number])]
        own.place, own.free, own.turn = both.place, both.free, 2
        own.convoys = list(both.convoys) if number == 0 else []
        own.load(where, where, "R", {4: 1}).cross("north", OUT, convoy=f"out{where}")
        teams.append(own.unload("R").end())
    return Sample("dispersed", case, plan(case, *teams), 8)


def cart_inside() -> Sample:
    """A cart that lives inside and passes no gate brings parcels from a store there, twice."""
    case = tiny(
        [site("D", "distribution_point"), site("I", "warehouse", sides=(INSIDE,)),
         site("base", "base")],
        [corridor()], (),
        [vehicles("cart", uses={Use.AID}, payload_t=1, seats=0, sides=(INSIDE,), base="D")],
        items={"parcel": Item("parcel", "Parcel", 50.0)}, stocks=(Stock("parcel", "I", 20),),
        demands=(Demand("parcel", "D", 20),),
    )
    cart = Team(case, "cart#1")
    for _ in range(2):
        cart.goods("I", "parcel", "D", 10).unload("D").again()
    return Sample("cart", case, plan(case, cart.end()), 0)


def rounds() -> list[Damage]:
    """Indices of a bus: start 0, then in, load, out, unload for each round, then end."""
    twice, thrice = partial(town_of_routes, AR, AR), partial(town_of_routes, *THREE)
    return [
        one_number(*THREE, routes_per_driver=2),
        one_number(*[AR] * 20, max_order_lines=24),
        one_number(*THREE, AR, max_order_lines=6),
        on("the second of two under the first's number", twice, renumbered(
            dict.fromkeys(range(5, 9), 1))),
        on("the last two of three under one number", thrice, renumbered(
            dict.fromkeys(range(9, 13), 2))),
        on("the numbers go back", twice, renumbered(dict.fromkeys(range(1, 5), 3))),
        on("the third under the first's number", thrice, renumbered(
            dict.fromkeys(range(9, 13), 1))),
        *(on(f"{what} under a number of its own", twice, renumbered(
            {n: 2 if n <= cut else 3 for n in range(2, 9)} | {1: 1 if cut == 1 else 2}))
          for what, cut in (("the way in", 1), ("loading", 2))),
        on("setting down under the next number", twice, renumbered({4: 2})),
        on("the way in under the number before", twice, renumbered({5: 1})),
        on("waiting for the refused under the number of a load", spare_rounds, renumbered(
            dict.fromkeys(range(5, 8), 1))),
        on("two loads of aid under one number", two_loads_of_aid, renumbered(
            dict.fromkeys(range(5, 9), 1), TRUCK)),
        on("the way out after aid under a number of its own", two_loads_of_aid, renumbered(
            {4: 2, 5: 3, 6: 3, 7: 3, 8: 3}, TRUCK), widen={"rules": {"routes_per_driver": 3}}),
        on("the way out after aid under the next number", two_loads_of_aid, renumbered(
            {4: 2}, TRUCK)),
        on("two ways of a cart under one number", cart_inside, renumbered(
            {3: 1, 4: 1}, "cart#1")),
        on("a convoy that scatters once it is in", dispersed),
    ]


DAMAGES: Damages = {"round_is_one_journey": rounds()}
