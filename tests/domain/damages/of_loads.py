"""Damages to people, aid, windows and orders."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from attrs import evolve

from lull.domain.corridor import User
from lull.domain.fleet import Use
from lull.domain.people import Means
from lull.domain.plan import Goods, Household, People, Plan, Stop, Task
from lull.domain.supplies import Demand, Item, Stock
from lull.domain.time import Estimate
from lull.domain.travel import TravelTable
from tests.domain.damages.kit import Damage, Damages, on
from tests.domain.damages.of_vehicles import more
from tests.tiny.build import IN, OUT, Team, corridor, people, plan, site, tiny, vehicles
from tests.tiny.cases import (
    Sample,
    aid,
    cargo_exchange,
    cars,
    children,
    convoy,
    first_steps,
    hospitals,
    return_seats,
    shuttle,
    two_windows,
    walkers,
)
from tests.tiny.damage import (
    goods,
    households,
    lines,
    listed,
    redirected,
    removed,
    renamed,
    shifted,
    step,
    through,
)

BUS = "bus#1"


def later(by: int) -> Callable[[int], int]:
    """A function that adds minutes or persons."""
    return lambda value: value + by


def accounted() -> list[Damage]:
    def fewer(by: int) -> Damage:
        return on(f"{by} too few are set down", first_steps, lambda p: lines(
            p, lambda x: evolve(x, persons=40 - by), vehicle=BUS, at=4))

    def none_at(task: Task) -> Damage:
        return on(f"people at a stop to {task.value}", first_steps, lambda p: step(
            p, BUS, -1 if task is Task.END else 0, people=(People("families", "R", 4),)))

    return [
        fewer(1), fewer(20), fewer(40),
        *(on(f"{by} too many are set down", first_steps, lambda p, by=by: lines(
            p, lambda x: evolve(x, persons=40 + by), vehicle=BUS, at=4)) for by in (1, 9)),
        on("people of another place are taken on", first_steps, lambda p: evolve(
            lines(p, lambda x: evolve(x, group="others")),
            convoys=tuple(evolve(c, households=tuple(evolve(h, group="others")
                                                     for h in c.households)) for c in p.convoys),
            calls=()), groups={**first_steps().case.groups, "others": people("others", where="B")}),
        on("set down where they are not bound for", first_steps,
           lambda p: step(p, BUS, 4, site="S"), travel=_with_s(), sites={
               **first_steps().case.sites, "S": site("S", "reception_centre")}),
        none_at(Task.START), none_at(Task.END),
        on("set down as lying who sat", first_steps, lambda p: lines(
            p, lambda x: evolve(x, stretchers=2), vehicle=BUS, at=4)),
    ]


def _with_s() -> TravelTable:
    made = first_steps().case
    sites = [*made.sites.values(), site("S", "reception_centre")]
    return tiny(sites, made.corridors.values(), fleet=made.fleet.values()).travel


def means() -> list[Damage]:
    def walk_as(group: str) -> Damage:
        return on(f"{group} on foot", walkers, lambda p: evolve(
            listed(p, "calls", 0, group=group), parties=(evolve(
                p.parties[0], group=group,
                households={1: 40} if group == "children" else {4: 10}),)))

    return [
        walk_as("families"), walk_as("drivers"), walk_as("children"),
        *(on(f"{number} cars", cars, lambda p, number=number: listed(
            p, "parties", 0, cars=number)) for number in (0, 1, 5, 9)),
        *(on(f"{each} a car", cars, group_drivers={"persons_per_car": each})
          for each in (1, 2, 3)),
        on("walkers in cars that they do not have", cars, group_drivers={"means": Means.ON_FOOT}),
        on("those who need transport in cars", cars, group_drivers={"means": Means.TRANSPORT}),
    ]


def wishes() -> list[Damage]:
    def wish(number: int) -> dict[str, object]:
        return {"wishing": 4 * number, "households": {4: number}}

    return [
        *(on(f"{4 * number} where 40 wish to", first_steps,
             lambda p, number=number: more(p, 4 * number, number, 4), group_families=wish(10),
             widen={"kind_bus": {"seats": 200}}) for number in (11, 12, 20, 40)),
        *(on(f"40 where {4 * number} wish to", first_steps, group_families=wish(number))
          for number in (0, 1, 9)),
        on("more walk than wish to", walkers, group_walkers=wish(9)),
        on("more over two days than wish to", two_windows, group_families=wish(19)),
        on("more patients than wish to", hospitals, group_patients={
            "wishing": 6, "households": {2: 3}}),
    ]


def families() -> list[Damage]:
    return [
        *(on(f"{number} households of {size} for 40 persons", first_steps,
             lambda p, size=size, number=number: households(p, "out", (size, number)))
          for size, number in ((4, 9), (4, 11), (5, 8), (8, 5), (40, 1), (3, 13), (1, 40))),
        on("part of them in households that they do not form", first_steps,
           lambda p: households(p, "out", (4, 5), (2, 10))),
        on("nobody's household is listed", first_steps, lambda p: listed(
            p, "convoys", 1, households=())),
        on("a household stays behind", first_steps, lambda p: lines(
            listed(p, "calls", 0, persons=38), lambda x: evolve(x, persons=38))),
        on("walkers without a household", walkers, lambda p: listed(
            p, "parties", 0, households={4: 9})),
        on("walkers in households that they do not form", walkers, lambda p: listed(
            p, "parties", 0, households={5: 8})),
        on("more households of a size than there are", two_windows, lambda p: p,
           group_families={"households": {4: 19, 1: 84}}),
    ]


def goals() -> list[Damage]:
    three = {name: site(name, "reception_centre") for name in ("S", "T")}

    def chosen(*where: str) -> dict[str, object]:
        return {"destinations": where}

    return [
        *(on(f"chose {' and '.join(where)}", first_steps, group_families=chosen(*where),
             sites={**first_steps().case.sites, **three})
          for where in (("S",), ("S", "T"), ("T",))),
        on("patients chose C1", hospitals, group_patients=chosen("C1")),
        on("patients chose C1 or C5", hospitals, group_patients=chosen("C1", "C5")),
        on("walkers chose A", walkers, group_walkers=chosen("A")),
        on("drivers chose the base", cars, group_drivers=chosen("base")),
        on("children chose R", children, group_children=chosen("R")),
        *(on(f"a journey ends at a {kind}", first_steps, site_R={"kind": kind})
          for kind in ("shelter", "feeding_centre", "holding_area")),
    ]


def companions() -> list[Damage]:
    def lying(by: int, vehicle: str = "") -> Callable[[Plan], Plan]:
        return lambda p: lines(p, lambda x: evolve(x, stretchers=x.stretchers + by),
                               vehicle=vehicle)

    return [
        *(on(f"{by:+d} lying in each", hospitals, lying(by),
             widen={"kind_ambulance": {"stretchers": 9, "seats": 9},
                    "site_H": {"capacity_stretcher": None}}) for by in (-2, -1, 1, 2)),
        *(on(f"{by:+d} lying in {which}", hospitals, lying(by, which),
             widen={"kind_ambulance": {"stretchers": 9, "seats": 9},
                    "site_H": {"capacity_stretcher": None}})
          for by in (-1, 1) for which in ("ambulance#1", "ambulance#2")),
        *(on(f"{many} lie who are no patients", first_steps, lambda p, many=many: lines(
            p, lambda x: evolve(x, stretchers=many)),
            widen={"kind_bus": {"stretchers": 40, "uses": frozenset(
                {Use.PASSENGERS, Use.WOUNDED})}}) for many in (1, 40)),
        on("companions without their patients", hospitals, lambda p: evolve(
            lines(p, lambda x: evolve(x, stretchers=2 if x.persons == 4 else 0)),
            convoys=(p.convoys[0], evolve(p.convoys[1], households=(
                Household("patients", "H", 8, 1),)))), widen={
                "group_patients": {"households": {2: 16, 8: 1}}}),
    ]


def alone() -> list[Damage]:
    """Children bound for centres where no organisation receives them."""
    def other(kind: str, persons: int) -> Damage:
        def sample() -> Sample:
            made = children()
            team = Team(made.case, BUS).cross("north", IN, convoy="in")
            team.load("A", "children", "R", {1: persons})
            team.cross("north", OUT, convoy="out").unload("R").end()
            return Sample("children", made.case, plan(made.case, team), persons)

        return on(f"{persons} to a {kind}", sample, widen={"site_R": {"kind": kind}})

    return [
        *(other("reception_centre", persons) for persons in (1, 2, 5, 10, 20, 30, 40)),
        *(other("hospital", persons) for persons in (1, 10)),
        on("to a centre that receives them no longer", children, site_K={
            "receives_unaccompanied": False}),
        on("to R after all", children, lambda p: redirected(p, "K", "R")),
    ]


def seats_back() -> list[Damage]:
    return [
        *(on(f"{seats} seats of 4", return_seats, lambda p, seats=seats: listed(
            p, "return_seats", 0, seats=seats)) for seats in (0, 1, 3)),
        on("no seats", return_seats, lambda p: evolve(p, return_seats=())),
        *(on(f"{share:.0%} may be refused", return_seats, rules={"return_share": share})
          for share in (0.101, 0.5)),
        *(on(f"the way back starts {by} too soon", return_seats, lambda p, by=by: shifted(
            p, -by, only=("bus#2",))) for by in (25, 65)),
        on("more seats than the bus has", return_seats, lambda p: listed(
            p, "return_seats", 0, seats=51)),
        on("the bus back comes after people are sent home", return_seats, lambda p: listed(
            p, "last_calls", 0, last_call=119, send_home=119)),
        on("the seats are on the way out", return_seats, lambda p: listed(
            p, "return_seats", 0, inbound="spare out")),
        on("more seats than may be filled", return_seats, lambda p: listed(
            p, "return_seats", 0, seats=46), rules={"fill": 0.9}),
        on("the bus back is for fighters", back_for_fighters),
    ]


def back_for_fighters() -> Sample:
    """Seats for civilians are kept in a vehicle that is for fighters only."""
    made = return_seats()
    case = tiny(
        made.case.sites.values(),
        [corridor(users={User.CIVILIANS, User.FIGHTERS}, mixed=True)], [people()],
        [vehicles(), vehicles("van", uses={Use.FIGHTERS})], rules={"return_share": 0.1},
    )
    return Sample("fighters back", case, renamed(made.plan, "bus#2", "van#1"), 40)


PLENTY = {"stocks": (Stock("parcel", "W", 9999, ready=30),), "demands": (
    Demand("parcel", "D", 9999),), "kind_truck": {"payload_t": 999}}


def stock() -> list[Damage]:
    return [
        *(on(f"{units} of 200", aid, lambda p, units=units: goods(
            goods(p, "truck#1", 1, units=units), "truck#1", 3, units=units),
            widen={"demands": PLENTY["demands"], "kind_truck": PLENTY["kind_truck"]})
          for units in (201, 250, 999)),
        *(on(f"180 of {units}", aid, stocks=(Stock("parcel", "W", units, ready=30),))
          for units in (0, 1, 179)),
        on("180 of 100 and 79", aid, stocks=(
            Stock("parcel", "W", 100, ready=30), Stock("parcel", "W", 79, ready=0))),
        on("they stand elsewhere", aid, stocks=(Stock("parcel", "base", 200, ready=30),)),
        on("nothing stands anywhere", aid, stocks=()),
        on("two trucks take more than there is", two_trucks_of_100, stocks=(
            Stock("parcel", "W", 199),)),
    ]


def two_trucks_of_100() -> Sample:
    """Two trucks with 100 parcels each, no notice stated."""
    made = aid()
    case = evolve(made.case, stocks=(Stock("parcel", "W", 200),), demands=(
        Demand("parcel", "D", 200),))
    team = Team(case, "truck#1", "truck#2").goods("W", "parcel", "D", 100)
    team.cross("north", IN, convoy="in").unload("D").cross("north", OUT, convoy="out").end()
    return Sample("two trucks", case, plan(case, team), 0)


def ready() -> list[Damage]:
    def early(by: int) -> Damage:
        def spoil(p: Plan) -> Plan:
            spoilt = step(p, "truck#1", 0, arrives=20 - by, starts=20 - by, departs=20 - by)
            return step(spoilt, "truck#1", 1, arrives=30 - by, starts=30 - by)

        return on(f"loads {by} too soon", aid, spoil)

    return [
        *(early(by) for by in (1, 2, 5, 15, 20)),
        *(on(f"sealed {minutes} after the notice", aid, stocks=(
            Stock("parcel", "W", 200, ready=minutes),)) for minutes in (31, 600)),
        *(on(f"{late} of them are ready later", aid, stocks=(
            Stock("parcel", "W", 200 - late, ready=30), Stock("parcel", "W", late, ready=90)))
          for late in (21, 200)),
        on("the notice comes five minutes later", aid, pause=evolve(aid().case.pause, notice=5)),
    ]


def needs() -> list[Damage]:
    return [
        *(on(f"180 where {units} are needed", aid, demands=(Demand("parcel", "D", units),))
          for units in (0, 1, 100, 179)),
        on("180 where two lines need 100 and 70", aid, demands=(
            Demand("parcel", "D", 100), Demand("parcel", "D", 70, priority=2))),
        on("they are needed elsewhere", aid, demands=(Demand("parcel", "W", 180),)),
        on("nothing is needed", aid, demands=()),
        *(on(f"{units} where 180 are needed", aid, lambda p, units=units: goods(
            goods(p, "truck#1", 1, units=units), "truck#1", 3, units=units))
          for units in (181, 200)),
        on("two trucks bring more than is needed", two_trucks_of_100, demands=(
            Demand("parcel", "D", 199),)),
    ]


def over_the_line(units: int, handed: bool = False) -> Sample:
    """A store on the line itself, or an exchange point there, from which a cart brings aid in."""
    case = tiny(
        [site("D", "distribution_point"), site("base", "base"), site("yard", "base"),
         site("W", "warehouse"),
         site("X", "exchange_point" if handed else "warehouse", sides=("inside", "outside"))],
        [corridor()], (),
        [vehicles("truck", uses={Use.AID}, payload_t=10, seats=0),
         vehicles("cart", uses={Use.AID}, payload_t=10, seats=0,
                  sides=("inside",), base="D")],
        items={"parcel": Item("parcel", "Parcel", 50.0)},
        stocks=(Stock("parcel", "W", 200), Stock("parcel", "D", 200)),
        demands=(Demand("parcel", "D", 200),),
    )
    truck = Team(case, "truck#1", leaves=0).goods("W", "parcel", "D", units).unload("X").end()
    cart = Team(case, "cart#1", leaves=100).goods("X", "parcel", "D", units).unload("D").end()
    return Sample("over the line", case, plan(case, truck, cart), 0)


def inspected() -> list[Damage]:
    return [
        on("in by a corridor that is not open to aid", aid, lambda p: through(p, "in", "south"),
           widen={"corridor_south": {"users": frozenset({User.CIVILIANS})}}),
        *(on(f"{units} over the line at an exchange point", partial(over_the_line, units, True))
          for units in (1, 100, 200)),
        *(on(f"{gone} removed before any check", aid, lambda p, gone=gone: _back(p, gone))
          for gone in (1, 90, 180)),
        on("two trucks by the way of civilians", two_trucks_of_100,
           lambda p: through(p, "in", "south")),
        *(on(f"a truck of {units} by the way of civilians", aid, lambda p, units=units: through(
            goods(goods(p, "truck#1", 1, units=units), "truck#1", 3, units=units), "in", "south"))
          for units in (1, 100)),
    ]


def _back(p: Plan, gone: int) -> Plan:
    """The truck does not go in; part of its load is said to have been removed."""
    start, load, *_, end = p.vehicles[0].steps
    assert isinstance(load, Stop)
    assert isinstance(end, Stop)
    back = Goods("parcel", "D", 180, "W", removed=gone, returned=180 - gone)
    steps = (
        start, load,
        evolve(load, task=Task.UNLOAD, arrives=40, starts=40, departs=50, goods=(back,)),
        evolve(end, arrives=70, starts=70, departs=70),
    )
    return evolve(p, vehicles=(evolve(p.vehicles[0], steps=steps),), convoys=())


def units() -> list[Damage]:
    return [
        *(on(f"{by} too many are set down", aid, lambda p, by=by: goods(
            p, "truck#1", 3, units=180 + by), widen={"demands": PLENTY["demands"]})
          for by in (1, 20)),
        *(on(f"{gone} removed of 180", aid, lambda p, gone=gone: goods(
            p, "truck#1", 3, removed=gone)) for gone in (181, 400)),
        *(on(f"{gone} returned of 180", aid, lambda p, gone=gone: goods(
            p, "truck#1", 3, returned=gone)) for gone in (181, 999)),
        on("removed and returned more than came", aid, lambda p: goods(
            p, "truck#1", 3, removed=100, returned=81)),
        on("returned while loading", aid, lambda p: goods(p, "truck#1", 1, returned=1)),
        on("goods at the end", aid, lambda p: step(p, "truck#1", -1, goods=(
            Goods("parcel", "D", 5),))),
        *(on(f"{units} are handed over where 10 are set down", cargo_exchange,
             lambda p, units=units: goods(goods(p, "lorry#1", 1, units=units), "lorry#1", 3,
                                          units=units), demands=(Demand("parcel", "D", 99),))
          for units in (1, 9, 11, 40)),
        *(on(f"handed over {by} before they are set down", cargo_exchange,
             lambda p, by=by: step(
                 step(p, "lorry#1", 0, departs=later(-by), arrives=later(-by), starts=later(-by)),
                 "lorry#1", 1, arrives=later(-by), starts=later(-by), departs=later(-by)))
          for by in (1, 25)),
        on("the cart loads and keeps its load", carted, lambda p: removed(p, "cart#1", 2)),
        on("the cart sets down less than it loads", carted, lambda p: goods(
            p, "cart#1", 2, units=9)),
        on("the cart sets down at another place", carted, lambda p: step(
            step(p, "cart#1", 2, site="X"), "cart#1", -1, arrives=70, starts=70, departs=70)),
    ]


def carted() -> Sample:
    """A cart inside brings ten parcels from a store inside to where they are needed."""
    case = tiny(
        [site("D", "distribution_point"), site("X", "distribution_point"),
         site("I", "warehouse", sides=("inside",)), site("base", "base")],
        [corridor()], (),
        [vehicles("cart", uses={Use.AID}, payload_t=1, seats=0,
                  sides=("inside",), base="D")],
        items={"parcel": Item("parcel", "Parcel", 50.0)},
        stocks=(Stock("parcel", "I", 10),), demands=(Demand("parcel", "D", 10),),
    )
    cart = Team(case, "cart#1").goods("I", "parcel", "D", 10).unload("D").end()
    return Sample("carted", case, plan(case, cart), 0)


def caught() -> list[Damage]:
    def ends_inside(where: str) -> Damage:
        def sample() -> Sample:
            made = first_steps()
            team = Team(made.case, BUS).cross("north", IN, convoy="in").end(where)
            return Sample("inside", made.case, plan(made.case, team), 0)

        return on(f"ends at {where}", sample)

    return [
        *(on(f"goes {by} later", first_steps, lambda p, by=by: shifted(p, by))
          for by in (555, 560, 570, 585)),
        *(on(f"walkers go {by} later", walkers, lambda p, by=by: shifted(p, by),
             widen={"site_A": {"call": 5}}) for by in (541, 600)),
        on("cars go later", cars, lambda p: shifted(p, 571)),
        *(on(f"a margin of {margin}", first_steps, rules={"margin": margin})
          for margin in (581, 600)),
        ends_inside("A"), ends_inside("B"),
        *(on(f"people spend the {gap} minutes between two windows at X", partial(
            shuttle, 60 + gap, ((0, 100), (100 + gap, 660)))) for gap in (10, 300)),
    ]


def safe() -> list[Damage]:
    slow = Estimate(3, 5, 500)
    return [
        *(on(f"goes {by} later", first_steps, lambda p, by=by: shifted(p, by))
          for by in (520, 530, 540, 550)),
        on("walkers go later", walkers, lambda p: shifted(p, 540)),
        on("cars go later", cars, lambda p: shifted(p, 560)),
        on("the check may take half a day", first_steps, corridor_north={
            "checkpoint": corridor(check=slow).checkpoint}),
        on("loading may take half a day", first_steps, site_A={
            "service": {"": Estimate(8, 10, 600)}}),
        *(on(f"a margin of {margin}", first_steps, rules={"margin": margin})
          for margin in (550, 579)),
        on("six in one lane may wait for each other", lambda: convoy(6, lanes=1), corridor_north={
            "checkpoint": corridor(check=Estimate(3, 5, 95)).checkpoint}),
    ]


def enters_early(by: int, step_in: int, convoy_in: int) -> Callable[[Plan], Plan]:
    """The bus leaves its base and goes in earlier, and waits at A until it is time."""

    def spoil(p: Plan) -> Plan:
        before = p.vehicles[0].steps[step_in - 1]
        assert isinstance(before, Stop)
        sooner = {"departs": later(-by)}
        if before.task is Task.START:
            sooner |= {"arrives": later(-by), "starts": later(-by)}
        spoilt = step(p, BUS, step_in - 1, **sooner)
        spoilt = step(spoilt, BUS, step_in, arrives=later(-by), enters=later(-by),
                      cleared=later(-by), leaves=later(-by))
        return listed(spoilt, "convoys", convoy_in, starts=later(-by))

    return spoil


def between() -> list[Damage]:
    return [
        *(on(f"goes in {by} early", first_steps, enters_early(by, 1, 0))
          for by in (35, 40, 50, 60, 90, 120)),
        *(on(f"goes in {by} early on the second day", two_windows, enters_early(by, 6, 2),
             kind_bus={"crew_duty": None}) for by in (35, 60, 300)),
        on("drives about inside before the window", carted, lambda p: shifted(p, -40)),
        on("drives about inside after the window", carted, lambda p: shifted(p, 700)),
        on("is still being served inside when the window closes", carted,
           lambda p: shifted(p, 605)),
    ]


def town_of_routes(*rounds: tuple[str, str]) -> Sample:
    """A bus with a given (assembly point, centre) in each round."""
    quick = Estimate.of(1)
    names = ("A", "B", "C")
    case = tiny(
        [*(site(n, service={"": quick}, call=0) for n in names),
         *(site(n, "reception_centre", service={"": quick}) for n in ("R", "S")),
         site("base", "base")],
        [corridor(check=quick)], [people(n, where=n) for n in names], [vehicles()],
        way=quick, through=quick, rules={"max_order_lines": 99, "routes_per_driver": 9},
    )
    team = Team(case, BUS)
    for number, (where, to) in enumerate(rounds):
        team.cross("north", IN, convoy=f"in{number}").load(where, where, to, {4: 1})
        team.cross("north", OUT, convoy=f"out{number}").unload(to).again()
    return Sample("routes", case, plan(case, team.end()), 4 * len(rounds))


def routes() -> list[Damage]:
    most = {"rules": {"routes_per_driver": 2}}
    three = (("A", "R"), ("B", "R"), ("C", "R"))
    return [
        on("three points", partial(town_of_routes, *three), **most),
        on("three points, over and over", partial(town_of_routes, *three * 3), **most),
        on("one point, two centres, and another", partial(
            town_of_routes, ("A", "R"), ("A", "S"), ("B", "R")), **most),
        on("all six", partial(town_of_routes, *((a, r) for a in "ABC" for r in "RS")), **most),
        on("five of six where four may", partial(
            town_of_routes, *[(a, r) for a in "ABC" for r in "RS"][:5]),
            rules={"routes_per_driver": 4}),
        *(on(f"two routes where one may, the second in round {n}", partial(
            town_of_routes, *[("A", "R")] * n, ("A", "S")), rules={"routes_per_driver": 1})
          for n in (1, 2, 5)),
        on("aid and back by one, people by another", partial(
            town_of_routes, ("B", "S"), ("C", "S"), ("B", "S")), rules={"routes_per_driver": 1}),
        on("three routes where two may, and back to the first", partial(
            town_of_routes, *three, three[0]), **most),
    ]


def pages() -> list[Damage]:
    def lines_(rounds: int, most: int, other: int = 0) -> Damage:
        return on(
            f"{rounds} rounds and {other} on another route, {most} lines",
            partial(town_of_routes, *[("A", "R")] * rounds, *[("B", "R")] * other),
            rules={"max_order_lines": most},
        )

    return [
        lines_(1, 5), lines_(2, 6), lines_(6, 10), lines_(10, 14), lines_(20, 24),
        lines_(1, 11, 1), lines_(5, 19, 5), lines_(3, 13, 1), lines_(26, 30), lines_(15, 30, 6),
    ]


DAMAGES: Damages = {
    "people_accounted": accounted(),
    "means_respected": means(),
    "no_more_than_wish": wishes(),
    "households_together": families(),
    "destinations_respected": goals(),
    "companions_with_patients": companions(),
    "unaccompanied_children": alone(),
    "return_seats": seats_back(),
    "aid_stock": stock(),
    "aid_lead_times": ready(),
    "aid_need": needs(),
    "aid_inspected": inspected(),
    "aid_accounted": units(),
    "nobody_inside_at_end": caught(),
    "last_safe_departure": safe(),
    "windows_carry_over": between(),
    "routes_per_driver": routes(),
    "orders_fit_half_page": pages(),
}
