"""The kinds of rules that a tiny pause may have, each a small change to a draft.

`KINDS` holds them by name; `made(kinds, seed)` makes a case with some of them switched on, and
`SEEDED` lists the cases that the tests go through: each kind alone three times, each pair once.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import combinations

from attrs import evolve

from lull.domain.case import Case
from lull.domain.corridor import ConvoyRule, Link, LinkUnit, User
from lull.domain.fleet import Use
from lull.domain.people import Category, Means, Need
from lull.domain.place import INSIDE, OUTSIDE
from lull.domain.supplies import Demand, Stock
from lull.domain.tiers import DEFAULT_TIERS, Concave
from lull.domain.time import Window
from tests.oracle.draft import Draft, plain

Kind = Callable[[Draft], None]


def lanes(d: Draft) -> None:
    """Two lanes, and two buses that could pass side by side."""
    for said in d.corridors.values():
        said["lanes"] = 2
    d.fleet["bus"]["number"] = max(2, d.fleet["bus"]["number"])


def shared_lanes(d: Draft) -> None:
    """Both directions hold the same lanes."""
    for said in d.corridors.values():
        said["shared_lanes"] = True
        said["check"] = d.rng.choice([8, 10, 12])


def vehicles_an_hour(d: Draft) -> None:
    """One or two vehicles an hour in a direction."""
    for said in d.corridors.values():
        said.setdefault("rates", {})["vehicles_per_hour"] = d.rng.choice([1, 2])


def walkers(d: Draft) -> None:
    """People on foot, a few an hour."""
    d.groups["walkers"] = {
        "households": {1: d.rng.choice([4, 7])}, "where": "A", "means": Means.ON_FOOT,
        "need": Need.WALKING,
    }
    for said in d.corridors.values():
        said.setdefault("rates", {})["persons_per_hour"] = d.rng.choice([2, 3])


def own_cars(d: Draft) -> None:
    """Private cars through the same lanes."""
    d.groups["drivers"] = {
        "households": {2: d.rng.choice([2, 4])}, "where": "A", "means": Means.OWN_CAR,
        "persons_per_car": 2,
    }


def convoys(d: Draft) -> None:
    """A largest convoy, a headway and a leader."""
    rule = ConvoyRule(d.rng.choice([1, 2, 2]), d.rng.choice([15, 20, 30]), d.rng.choice([2, None]))
    for said in d.corridors.values():
        said["convoy"] = rule
    d.fleet["bus"]["number"] = max(2, d.fleet["bus"]["number"])


def holding(d: Draft) -> None:
    """Nobody may wait loaded at a gate for more than a moment."""
    for said in d.corridors.values():
        said["holding_limit"] = d.rng.choice([0, 2, 5])


def open_hours(d: Draft) -> None:
    """A corridor or a site that opens late, closes early or rests in between."""
    close = d.windows[-1][1]
    cut = d.rng.choice([((0, close // 2), (close * 2 // 3, close)), ((close // 4, close),),
                        ((0, close * 3 // 4),)])
    hours = tuple(Window(a, b) for a, b in cut)
    where = d.rng.choice(["corridor", "A", "R"])
    if where == "corridor":
        d.corridors["north"]["open_hours"] = hours
    else:
        d.sites[where]["open_hours"] = hours


def bays(d: Draft) -> None:
    """One bay where two buses load, and minutes by type."""
    for name in ("A", "R"):
        d.sites[name]["bays"] = 1
        d.sites[name]["service_by_type"] = {"bus": d.rng.choice([6, 9])}
    d.fleet["bus"]["number"] = max(2, d.fleet["bus"]["number"])


def crowd(d: Draft) -> None:
    """Few may wait at the point at once, from being called on."""
    d.sites["A"].update(crowd_limit=d.rng.choice([1, 2, 3]), call=d.rng.choice([5, 10]))


def waiting(d: Draft) -> None:
    """People come after a call, and none may wait for long."""
    call = d.rng.choice([5, 10, 15])
    d.sites["A"].update(call=call, waiting_limit=call + d.rng.choice([0, 3]))


def send_home(d: Draft) -> None:
    """It takes long to walk back to shelter."""
    d.sites["A"].update(walk_to_shelter=d.rng.choice([30, 45, 60]), call=5)


def households(d: Draft) -> None:
    """Families that stay together and do not fill a bus."""
    d.groups["families"]["households"] = d.rng.choice([{2: 2, 3: 2}, {1: 1, 3: 2}, {4: 2, 1: 1}])
    d.fleet["bus"]["seats"] = d.rng.choice([3, 4])


def patients(d: Draft) -> None:
    """Patients with companions, and an ambulance with a seat or two."""
    d.ambulance()
    d.fleet["amb"]["seats"] = d.rng.choice([0, 1, 2])
    d.groups["sick"] = {
        "households": d.rng.choice([{2: 2}, {1: 1, 2: 1}, {1: 2, 3: 1}]), "where": "A",
        "category": Category.PATIENTS, "need": Need.STRETCHER,
    }


def stretchers(d: Draft) -> None:
    """Critical patients and others, and one stretcher at a time."""
    d.ambulance()
    d.fleet["amb"]["stretchers"] = 1
    for name, need in (("grave", Need.CRITICAL), ("lying", Need.STRETCHER)):
        d.groups[name] = {
            "households": {1: d.rng.choice([1, 2])}, "where": "A",
            "category": Category.PATIENTS, "need": need,
        }


def hospital_level(d: Draft) -> None:
    """A near hospital that is too small, and a far one that is not."""
    d.ambulance()
    d.place("H2", "hospital", hospital_level=3)
    d.both_ways("H2", "north@outside", 12)
    d.groups["operated"] = {
        "households": {1: d.rng.choice([1, 3])}, "where": "A", "hospital_level": 2,
        "category": Category.PATIENTS, "need": Need.CRITICAL,
    }


def unaccompanied(d: Draft) -> None:
    """Children by themselves, received in one place only."""
    d.place("K", "reception_centre", receives_unaccompanied=True, receiving_organisation="one")
    d.groups["children"] = {"households": {1: d.rng.choice([2, 3])}, "where": "A",
                            "unaccompanied": True}


def destinations(d: Draft) -> None:
    """Two groups that chose different places."""
    d.place("R2", "reception_centre")
    d.both_ways("R2", "north@outside", d.rng.choice([3, 10]))
    d.groups["families"]["destinations"] = ("R",)
    d.groups["others"] = {"households": {1: d.rng.choice([2, 4])}, "where": "A",
                          "destinations": ("R2",)}


def places(d: Draft) -> None:
    """Fewer places at the centre than people."""
    d.sites["R"]["capacity_seated"] = d.rng.choice([1, 2, 4])


def duty(d: Draft) -> None:
    """Crews that may be on duty for little more than a round."""
    for said in d.fleet.values():
        said["crew_duty"] = d.rng.choice([60, 80, 100])


def mobilising(d: Draft) -> None:
    """Late notice, and vehicles that are lent for some hours only."""
    d.notice = d.rng.choice([-20, 0])
    d.fleet["bus"].update(mobilise=d.rng.choice([20, 30]))
    for said in d.fleet.values():
        said.update(available_from=d.rng.choice([None, 10]),
                    available_to=d.windows[-1][1] - d.rng.choice([0, 25]))


def margin(d: Draft) -> None:
    """Out long before the close, at likely times."""
    d.rules["margin"] = d.rng.choice([20, 30])


def high_times(d: Draft) -> None:
    """High times well above the likely ones."""
    d.slower = d.rng.choice([2, 3, 5])


def fill(d: Draft) -> None:
    """Seats that are not planned on."""
    d.rules["fill"] = d.rng.choice([0.5, 0.75])
    d.fleet["bus"]["seats"] = d.rng.choice([3, 4])


def returns(d: Draft) -> None:
    """A seat back for those who are refused."""
    d.rules["return_share"] = d.rng.choice([0.3, 0.5])


def two_windows(d: Draft) -> None:
    """A second window, soon after or the next day."""
    length = d.rng.choice([50, 60])
    gap = d.rng.choice([length + 30, 1440])
    d.windows = [(0, length), (gap, gap + length)]


def exchange(d: Draft) -> None:
    """People change to a second fleet at a point on the line between two outer sides."""
    d.place("X", "exchange_point", sides=(OUTSIDE, "west"))
    d.place("far", "reception_centre", sides=("west",))
    d.place("west base", "base", sides=("west",), service=0)
    d.fleet["coach"] = {"number": d.rng.choice([1, 2]), "seats": d.rng.choice([2, 4]),
                        "sides": ("west",), "base": "west base"}
    d.groups["farther"] = {"households": {1: d.rng.choice([2, 4])}, "where": "A",
                           "destinations": ("far",)}


def linked(d: Draft) -> None:
    """A second point and corridor, and neither runs ahead of the other."""
    d.corridors["south"] = dict(d.corridors["north"])
    d.both_ways("A", "south@inside", 60)
    d.point("B")
    d.both_ways("B", "north@inside", 60)
    unit = d.rng.choice(list(LinkUnit))
    lead = d.rng.choice([1, 2])
    d.corridors["north"]["link"] = Link("south", unit, 1.0, lead, lead)
    d.groups["across"] = {"households": {1: d.rng.choice([2, 4])}, "where": "B"}
    d.fleet["bus"]["number"] = max(2, d.fleet["bus"]["number"])


def fighters(d: Draft) -> None:
    """A corridor and a vehicle of their own."""
    said = dict(d.corridors["north"], users=(User.FIGHTERS,))
    said.pop("link", None)
    d.corridors["east"] = said
    d.fleet["van"] = {"number": 1, "uses": (Use.FIGHTERS,), "seats": 2}
    d.groups["fighters"] = {"households": {1: d.rng.choice([2, 3])}, "where": "A",
                            "category": Category.FIGHTERS}


def two_types(d: Draft) -> None:
    """A smaller bus that is faster through the check and slower to load."""
    d.fleet["bus"]["number"] = 1
    d.fleet["minibus"] = {"number": 1, "seats": d.rng.choice([1, 2])}
    for said in d.corridors.values():
        said["check_by_type"] = {"minibus": d.rng.choice([1, 2, 8])}
    d.sites["A"]["service_by_type"] = {"minibus": d.rng.choice([2, 8])}


def aid(d: Draft) -> None:
    """Parcels for a point inside: some for survival, some ready late."""
    d.truck()
    d.point("D")
    d.sites["D"]["kind"] = "distribution_point"
    d.items["food"] = 500.0
    need = d.rng.choice([3, 5])
    d.demands.append(Demand("food", "D", need, d.rng.choice([1, 2])))
    late = d.rng.choice([0, 40])
    if late and d.notice is None:
        d.notice = 0
    d.stocks += [Stock("food", "W", 2), Stock("food", "W", d.rng.choice([1, 3]), late)]


def items(d: Draft) -> None:
    """Two items of different weight, priority and minimum, at two points."""
    d.truck()
    for name, kg in (("kits", 300.0), ("water", 400.0)):
        d.items[name] = kg
        d.stocks.append(Stock(name, "W", d.rng.choice([2, 4])))
    d.demands += [Demand("kits", d.point("A"), d.rng.choice([1, 2]), 1, 2),
                  Demand("water", d.point("A"), 2, d.rng.choice([0, 1]))]


def concave(d: Draft) -> None:
    """Two neighbourhoods of which a first share counts for more."""
    d.point("B")
    d.sites["A"]["neighbourhood"] = "upper"
    d.sites["B"]["neighbourhood"] = "lower"
    d.groups["neighbours"] = {"households": {1: d.rng.choice([2, 4])}, "where": "B"}
    shape = Concave((0.5, 1.0), (1.0, d.rng.choice([0.2, 0.6])))
    d.tiers = tuple(evolve(t, concave=shape) for t in d.tiers or DEFAULT_TIERS)


def tier_order(d: Draft) -> None:
    """The tiers in another order, with those who walk before those who sit."""
    d.groups["on foot"] = {"households": {1: d.rng.choice([1, 2])}, "where": "A",
                           "need": Need.WALKING}
    first = evolve(DEFAULT_TIERS[1], name="walking first", weights={"walking": 2.0, "seated": 0.5})
    old = list(d.tiers or DEFAULT_TIERS)
    d.tiers = (first, *d.rng.sample(old[:-1], len(old) - 1), old[-1])


def goal_inside(d: Draft) -> None:
    """People who wish to go elsewhere inside, and a shuttle that lives there."""
    d.place("S", "shelter", sides=(INSIDE,))
    d.place("depot", "base", sides=(INSIDE,), service=0)
    d.fleet["shuttle"] = {"number": 1, "seats": d.rng.choice([1, 2]), "sides": (INSIDE,),
                          "base": "depot"}
    d.groups["inner"] = {"households": {1: d.rng.choice([3, 6])}, "where": "A",
                         "destinations": ("S",)}


def point_outside(d: Draft) -> None:
    """People who wait outside and want to be brought on."""
    d.place("O", "assembly_point", sides=(OUTSIDE,))
    d.groups["outer"] = {"households": {1: d.rng.choice([4, 7])}, "where": "O",
                         "destinations": ("R",)}


def outer_corridor(d: Draft) -> None:
    """A corridor between two outer sides, and people who wait before it."""
    d.place("far", "reception_centre", sides=("west",))
    d.place("O", "assembly_point", sides=(OUTSIDE,))
    said = dict(d.corridors["north"], between=(OUTSIDE, "west"))
    said.pop("link", None)
    d.corridors["border"] = said
    for bus in d.fleet.values():
        bus["sides"] = (INSIDE, OUTSIDE, "west")
    d.groups["onward"] = {"households": {1: d.rng.choice([4, 7])}, "where": "O",
                          "destinations": ("far",)}


def need_outside(d: Draft) -> None:
    """A camp outside that needs parcels too."""
    d.truck()
    d.place("camp", "distribution_point", sides=(OUTSIDE,))
    d.items["tents"] = 400.0
    d.stocks.append(Stock("tents", "W", 5))
    d.demands.append(Demand("tents", "camp", d.rng.choice([3, 5]), 1))


def stock_inside(d: Draft) -> None:
    """Parcels that stand inside already, and a truck that lives there."""
    d.truck()
    d.point("D")
    d.sites["D"]["kind"] = "distribution_point"
    d.place("store", "warehouse", sides=(INSIDE,))
    d.place("depot", "base", sides=(INSIDE,), service=0)
    d.fleet["cart"] = {"number": 1, "uses": (Use.AID,), "payload_t": 0.5, "sides": (INSIDE,),
                       "base": "depot"}
    d.items["flour"] = 250.0
    d.stocks.append(Stock("flour", "store", d.rng.choice([3, 6])))
    d.demands.append(Demand("flour", "D", 5, 2))


def two_lines(d: Draft) -> None:
    """One item needed at one place on two lines, of which one comes first."""
    d.truck()
    d.items["fuel"] = 300.0
    d.stocks.append(Stock("fuel", "W", d.rng.choice([3, 6])))
    d.demands += [Demand("fuel", d.point("A"), 3, 1, 2), Demand("fuel", d.point("A"), 2, 1, 1)]


def loaded_early(d: Draft) -> None:
    """A warehouse that closes long before the pause, or has one bay that takes its time."""
    d.truck()
    d.fleet["truck"]["number"] = 2
    d.items["seed"] = 500.0
    d.stocks.append(Stock("seed", "W", 8))
    d.demands.append(Demand("seed", d.point("A"), 8, 2))
    if d.rng.random() < 0.5:
        d.sites["W"]["open_hours"] = (Window(-180, -60),)
    else:
        d.sites["W"].update(bays=1, service=d.rng.choice([30, 60]))


def received_late(d: Draft) -> None:
    """A centre that opens hours after the pause, or takes long for one bus at a time."""
    if d.rng.random() < 0.5:
        d.sites["R"]["open_hours"] = (Window(d.windows[-1][1] + 300, d.windows[-1][1] + 600),)
    else:
        d.sites["R"].update(bays=1, service=d.rng.choice([60, 150]))
    d.fleet["bus"].update(number=2, available_to=d.rng.choice([None, d.windows[-1][1] + 900]))


def fleet_inside(d: Draft) -> None:
    """A shuttle that lives inside brings people from afar to where buses from outside stop."""
    d.place("X in", "exchange_point", sides=(INSIDE,))
    d.place("P", "assembly_point", sides=(INSIDE,))
    d.place("depot", "base", sides=(INSIDE,), service=0)
    for place in ("A", "north@inside", "X in", "depot"):
        d.both_ways("P", place, 20)
    d.fleet["shuttle"] = {"number": 1, "seats": d.rng.choice([2, 4]), "sides": (INSIDE,),
                          "base": "depot"}
    d.groups["remote"] = {"households": {1: d.rng.choice([3, 6])}, "where": "P"}


def walkers_change(d: Draft) -> None:
    """People who walk out and are driven on from an exchange point."""
    exchange(d)
    d.groups["marchers"] = {"households": {1: d.rng.choice([3, 6])}, "where": "A",
                            "means": Means.ON_FOOT, "need": Need.WALKING,
                            "destinations": ("far",)}
    for said in d.corridors.values():
        said.setdefault("rates", {})["persons_per_hour"] = d.rng.choice([2, 4])


def cargo_changes(d: Draft) -> None:
    """Parcels that come from another side and change trucks at an exchange point."""
    d.truck()
    d.place("Y", "exchange_point", sides=(OUTSIDE, "west"))
    d.place("port", "warehouse", sides=("west",))
    d.place("west base", "base", sides=("west",), service=0)
    d.fleet["lorry"] = {"number": 1, "uses": (Use.AID,), "payload_t": 1.0, "sides": ("west",),
                        "base": "west base"}
    d.items["oil"] = 500.0
    d.stocks.append(Stock("oil", "port", 6))
    d.demands.append(Demand("oil", d.point("A"), 4, 2))


WIDER: dict[str, Kind] = {
    kind.__name__: kind
    for kind in (goal_inside, point_outside, outer_corridor, need_outside, stock_inside, two_lines,
                 loaded_early, received_late, fleet_inside, walkers_change, cargo_changes)
}
"""What a folder may say beyond in and out: each alone, and beside some other kinds.

Fleets that meet inside, walkers who change and cargo that changes are not all tried: there the
planner's own plan is what the bound may not lie below.
"""

KINDS: dict[str, Kind] = {
    kind.__name__: kind
    for kind in (
        lanes, shared_lanes, vehicles_an_hour, walkers, own_cars, convoys, holding, open_hours,
        bays, crowd, waiting, send_home, households, patients, stretchers, hospital_level,
        unaccompanied, destinations, places, duty, mobilising, margin, high_times, fill, returns,
        two_windows, exchange, linked, fighters, two_types, aid, items, concave, tier_order,
    )
}
"""All kinds by name, in the order in which they change a draft if several do."""

FIRST = ("two_windows", "linked", "fighters", "two_types")
"""Kinds that add corridors, windows or vehicles which other kinds then change."""

SEEDED: tuple[tuple[int, tuple[str, ...]], ...] = tuple(
    enumerate([
        *((kind,) for _ in range(3) for kind in KINDS),
        *combinations(KINDS, 2),
        *((kind,) for _ in range(4) for kind in WIDER),
        *((wide, kind) for n, wide in enumerate(WIDER) for kind in list(KINDS)[n % 6 :: 6]),
    ])
)
"""(seed, kinds): every kind alone three times, every pair once; then the wider ones alone and
each beside every sixth kind."""


def made(kinds: tuple[str, ...], seed: int) -> Case:
    """The tiny pause of a seed with some kinds of rules switched on."""
    rng = random.Random(f"{seed} {' '.join(kinds)}")
    draft = plain(rng)
    every = {**KINDS, **WIDER}
    for kind in sorted(kinds, key=lambda k: (k not in FIRST, list(every).index(k))):
        every[kind](draft)
    return draft.case()
