"""Damages to streets, sites and the people who wait at them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from attrs import evolve

from lull.domain.case import Case
from lull.domain.corridor import Direction, MineStatus
from lull.domain.people import Need
from lull.domain.plan import Call, LastCall, Plan, Stop, Task
from lull.domain.time import Window
from tests.domain.damages.kit import Damage, Damages, on
from tests.domain.damages.of_vehicles import more
from tests.tiny.build import IN, OUT, Team, corridor, plan, site
from tests.tiny.cases import (
    Sample,
    aid,
    convoy,
    exchange,
    first_steps,
    headway,
    holding_area,
    hospitals,
    two_windows,
    walkers,
)
from tests.tiny.damage import (
    delayed,
    inserted,
    listed,
    redirected,
    removed,
    shifted,
    step,
    without,
)

BUS = "bus#1"


def later(by: int) -> Callable[[int], int]:
    """A function that adds minutes or persons."""
    return lambda value: value + by


def crossings() -> list[Damage]:
    def detour(where: str, index: int, after: str) -> Damage:
        def spoil(p: Plan) -> Plan:
            before = p.vehicles[0].steps[index - 1]
            at = before.departs if isinstance(before, Stop) else before.leaves
            stop = Stop(where, Task.WAIT, at, at, at, round=1)
            return inserted(p, BUS, index, stop)

        return on(f"to {where} on the way from {after}", first_steps, spoil)

    def no_way_in(p: Plan) -> Plan:
        return without(removed(p, BUS, 1), "convoys", 0)

    return [
        detour("B", 1, "the base"), detour("A", 1, "the base"),
        detour("R", 2, "the gate in"), detour("base", 2, "the gate in"),
        detour("R", 3, "A"), detour("base", 3, "A"),
        detour("B", 4, "the gate out"), detour("A", 4, "the gate out"),
        detour("A", 5, "R"), detour("B", 5, "R"),
        on("in without a gate", first_steps, no_way_in),
        on("on foot to a centre on another side", walkers, lambda p: redirected(p, "R", "Q"),
           sites={**walkers().case.sites, "Q": site("Q", "reception_centre", sides=("west",))}),
        on("through an exchange point to another side", exchange, lambda p: inserted(
            p, BUS, 5, Stop("Q", Task.WAIT, 110, 110, 110, round=1)),
            widen={"kind_bus": {"sides": ("inside", "outside", "west")}}),
    ]


def marked(sample: Callable[[], Sample], profile: str, ways: list[tuple[str, str]], layer: str,
           value: bool) -> Case:
    """The sample's case with some ways marked in a layer of its travel table."""
    case = sample().case
    table = case.travel
    array: np.ndarray = getattr(table, layer)[profile].copy()  # type: ignore[type-arg]
    for start, end in ways:
        array[table.index[start], table.index[end]] = value
    return evolve(
        case, travel=evolve(table, **{layer: {**getattr(table, layer), profile: array}})
    )


WAYS = [
    ("base", "north@outside"), ("north@outside", "north@inside"), ("north@inside", "A"),
    ("A", "north@inside"), ("north@inside", "north@outside"), ("north@outside", "R"),
    ("R", "base"),
]


def on_streets(layer: str, value: bool) -> list[Damage]:
    """Each way of first steps, of walkers and of a truck, marked in a layer."""

    def marked_way(sample: Callable[[], Sample], who: str, way: tuple[str, str]) -> Damage:
        label = f"{who} from {way[0]} to {way[1]}"
        return Damage(
            label,
            lambda: (marked(sample, who, [way], layer, value), sample().plan),
            lambda: (sample().case, sample().plan),
        )

    return [
        *(marked_way(first_steps, "bus", way) for way in WAYS),
        marked_way(walkers, "foot", WAYS[3]),
        marked_way(aid, "truck", ("W", "north@outside")),
        marked_way(aid, "truck", ("north@inside", "D")),
    ]


def streets() -> list[Damage]:
    return [
        *on_streets("approved", False),
        on("does not say that it is a draft", first_steps, draft="no approved route"),
    ]


def mines() -> list[Damage]:
    def known(sample: Callable[[], Sample], label: str, **status: MineStatus) -> Damage:
        mined = {Direction(way): said for way, said in status.items()}
        return on(label, sample, corridor_north={"mines": mined})

    cleared = MineStatus.CLEARED
    return [
        *on_streets("mined", True),
        known(first_steps, "unknown out", **{"in": cleared}),
        known(first_steps, "unknown in", out=cleared),
        known(first_steps, "residual out", out=MineStatus.RESIDUAL, **{"in": cleared}),
        known(walkers, "unknown for walkers"),
    ]


def bays() -> list[Damage]:
    one_bay = partial(convoy, 3, leader=False, leader_from=None)

    return [
        *(on(f"{number} bays for three", one_bay, site_A={"bays": number}) for number in (1, 2)),
        *(on(f"{number} bays at R for three", one_bay, site_R={"bays": number})
          for number in (1, 2)),
        *(on(f"{number} bays for {size}", lambda size=size: convoy(size), site_A={"bays": number})
          for size, number in ((6, 5), (6, 1), (8, 7), (8, 4))),
        *(on(f"one bay, {gap} minutes apart", lambda gap=gap: headway(gap), site_A={"bays": 1},
             widen={"corridor_north": {"convoy": corridor().convoy}}) for gap in (0, 5)),
        on("one bay at the warehouse for two trucks", two_trucks, site_W={"bays": 1}),
    ]


def two_trucks() -> Sample:
    """Two trucks of 4.5 t each."""
    made = aid()
    team = Team(made.case, "truck#1", "truck#2").goods("W", "parcel", "D", 90)
    team.cross("north", IN, convoy="in").unload("D").cross("north", OUT, convoy="out").end()
    return Sample("two trucks", made.case, plan(made.case, team), 0)


def minutes() -> list[Damage]:
    return [
        *(on(f"loads {by} too short", first_steps,
             lambda p, by=by: step(p, BUS, 2, departs=later(-by))) for by in (1, 4, 10)),
        *(on(f"unloads {by} too short", first_steps,
             lambda p, by=by: step(p, BUS, 4, departs=later(-by))) for by in (1, 4, 10)),
        *(on(f"begins to load {by} late", first_steps,
             lambda p, by=by: step(p, BUS, 2, starts=later(by))) for by in (1, 8)),
        *(on(f"a truck unloads {by} too short", aid,
             lambda p, by=by: step(p, "truck#1", 3, departs=later(-by))) for by in (2, 9)),
        on("buses take twelve minutes", first_steps, site_R={
            "service": {"": site("R").service[""], "bus": site("R").service[""].of(12)}}),
    ]


def opening() -> list[Damage]:
    def open_at(*hours: tuple[int, int]) -> dict[str, object]:
        return {"open_hours": tuple(Window(a, b) for a, b in hours)}

    return [
        *(on(f"loads {by} later", first_steps, lambda p, by=by: shifted(p, by),
             site_A=open_at((45, 200), (300, 400))) for by in (-10, 150, 220, 345)),
        *(on(f"unloads {by} later", first_steps, lambda p, by=by: shifted(p, by),
             site_R=open_at((85, 200))) for by in (-10, 105, 200)),
        on("a party sets out too early", walkers, site_A=open_at((21, 200))),
        on("a party comes too late", walkers, site_R=open_at((0, 109))),
        on("a truck comes too early", aid, site_D=open_at((71, 200))),
        on("closes a minute before the truck is loaded", aid, site_W=open_at((0, 39))),
    ]


def places() -> list[Damage]:
    return [
        *(on(f"{4 * number} on 40 places", first_steps, lambda p, number=number: more(
            p, 4 * number, number, 4), site_R={"capacity_seated": 40}) for number in (11, 12)),
        *(on(f"40 on {room} places", first_steps, site_R={"capacity_seated": room})
          for room in (39, 10, 0)),
        on("four lying on three places", hospitals, site_H={"capacity_stretcher": 3}),
        on("four companions on three places", hospitals, site_H={"capacity_seated": 3}),
        on("four critical on two places", hospitals, group_patients={"need": Need.CRITICAL},
           site_H={"capacity_critical": 2}),
        on("walkers", walkers, site_R={"capacity_seated": 25}),
        on("no place left on the second day", two_windows, site_R={"capacity_seated": 79}),
        on("no place left on the first day", two_windows, site_R={"capacity_seated": 39}),
    ]


def levels() -> list[Damage]:
    return [
        on(f"level {need} to a hospital of level {level}", lambda need=need: hospitals(need),
           lambda p, level=level: redirected(p, "H", f"C{level}"))
        for need in (1, 2, 3, 4, 5)
        for level in (0, 2, 4)
        if level < need
    ] + [
        on(f"level 3 to a hospital of level {level}", lambda: hospitals(3),
           lambda p, level=level: redirected(p, "H", f"C{level}")) for level in (1,)
    ]


def crowds() -> list[Damage]:
    limit = {"site_A": {"crowd_limit": 40}}
    return [
        *(on(f"{many} more are called than go", first_steps,
             lambda p, many=many: listed(p, "calls", 0, persons=40 + many), **limit)
          for many in (1, 8, 80)),
        *(on(f"the second bus's people are called with the first's, {gap} apart",
             lambda gap=gap: headway(gap), lambda p: listed(p, "calls", 1, at=40), **limit,
             widen={"corridor_north": {"convoy": corridor().convoy}}) for gap in (10, 30, 60)),
        *(on(f"only {room} may wait", first_steps, site_A={"crowd_limit": room})
          for room in (39, 1)),
        on("walkers", walkers, site_A={"crowd_limit": 30}),
        on("a bus too full for the holding area", holding_area, site_G={"crowd_limit": 39}),
        *(on(f"only {room} may change at E", exchange, site_E={"crowd_limit": room})
          for room in (39, 20)),
    ]


def waits() -> list[Damage]:
    limit = {"site_A": {"waiting_limit": 10}}
    return [
        *(on(f"called {by} early", first_steps,
             lambda p, by=by: listed(p, "calls", 0, at=40 - by), **limit) for by in (1, 15, 40)),
        *(on(f"the bus is {by} late", first_steps,
             lambda p, by=by: delayed(p, (BUS,), 2, by), **limit) for by in (5, 60)),
        on("four too many are called", first_steps, lambda p: listed(p, "calls", 0, persons=44),
           **limit),
        on("walkers are called early", walkers, lambda p: listed(p, "calls", 0, at=9), **limit),
        *(on(f"the coach is {by} late", exchange, lambda p, by=by: shifted(
            p, by, only=("coach#1",)), site_E={"waiting_limit": 10}) for by in (1, 50)),
        on("nobody may wait at E", exchange, site_E={"waiting_limit": 9}),
        on("a minute too long in the holding area", holding_area, site_G={"waiting_limit": 14}),
    ]


def calls() -> list[Damage]:
    return [
        *(on(f"{many} too few are called", first_steps,
             lambda p, many=many: listed(p, "calls", 0, persons=40 - many)) for many in (1, 39)),
        on("nobody is called", first_steps, lambda p: without(p, "calls", 0)),
        *(on(f"called {by} too late", first_steps,
             lambda p, by=by: listed(p, "calls", 0, at=40 + by)) for by in (1, 10)),
        on("called for another convoy", first_steps, lambda p: listed(p, "calls", 0, serves="in")),
        on("called to another place too", first_steps, lambda p: evolve(
            p, calls=(*p.calls, Call("B", "families", 40, 4, "out")),
            last_calls=(*p.last_calls, LastCall("B", 0, 650, 650)))),
        *(on(f"called {by} before the window", first_steps,
             lambda p, by=by: listed(p, "calls", 0, at=-by)) for by in (1, 60)),
        on("called after the last call", first_steps, lambda p: listed(
            p, "last_calls", 0, last_call=39)),
        on("walkers are called too late", walkers, lambda p: listed(p, "calls", 0, at=11)),
    ]


def homes() -> list[Damage]:
    return [
        *(on(f"sent home {by} too late", first_steps,
             lambda p, by=by: listed(p, "last_calls", 0, send_home=650 + by))
          for by in (1, 10, 100)),
        *(on(f"shelter is {walk} away", first_steps, site_A={"walk_to_shelter": walk})
          for walk in (1, 45)),
        on("no last call", first_steps, lambda p: without(p, "last_calls", 0)),
        on("no last call on the second day", two_windows, lambda p: without(p, "last_calls", 1)),
        on("the last call comes after all are home", first_steps, lambda p: listed(
            p, "last_calls", 0, send_home=640)),
        on("the bus loads after all are home", first_steps, lambda p: listed(
            p, "last_calls", 0, last_call=45, send_home=49)),
        on("walkers set out after all are home", walkers, lambda p: listed(
            p, "last_calls", 0, last_call=15, send_home=19)),
        on("a last call before the window", first_steps, lambda p: evolve(
            p, last_calls=(*p.last_calls, LastCall("B", 0, -5, 600)))),
    ]


def exchanges() -> list[Damage]:
    def stays(vehicle: str, index: int, by: int) -> Damage:
        return on(f"{vehicle} stays {by} too long", exchange, lambda p: _on(p, vehicle, index, by))

    def _on(p: Plan, vehicle: str, index: int, by: int) -> Plan:
        held = step(p, vehicle, index, departs=later(by))
        for after in range(index + 1, len(p.vehicles[0].steps)):
            held = step(held, vehicle, after, arrives=later(by), starts=later(by),
                        departs=later(by))
        return held

    def coach(by: int) -> Damage:
        return on(f"the coach comes {by} later", exchange,
                  lambda p: shifted(p, by, only=("coach#1",)))

    return [
        stays(BUS, 4, 1), stays(BUS, 4, 30),
        on("the coach comes 5 before it is needed", exchange, lambda p: step(
            step(p, "coach#1", 0, arrives=95, starts=95, departs=95), "coach#1", 1, arrives=105)),
        on("the coach waits there", exchange, lambda p: inserted(
            step(p, "coach#1", 0, arrives=70, starts=70, departs=70), "coach#1", 1,
            Stop("E", Task.WAIT, 80, 80, 110))),
        coach(51), coach(120), coach(-11), coach(-60),
        on("the coach leaves four behind", exchange, lambda p: evolve(
            p, vehicles=(p.vehicles[0], evolve(p.vehicles[1], steps=tuple(
                evolve(s, people=tuple(evolve(x, persons=36) for x in s.people))
                for s in p.vehicles[1].steps))))),
        on("the coach takes more than came", exchange, lambda p: evolve(
            p, vehicles=(p.vehicles[0], evolve(p.vehicles[1], steps=tuple(
                evolve(s, people=tuple(evolve(x, persons=41) for x in s.people))
                for s in p.vehicles[1].steps))))),
        on("no coach comes", exchange, lambda p: evolve(p, vehicles=p.vehicles[:1])),
        on("an exchange may take five minutes", exchange, rules={"exchange_wait": 5}),
    ]


DAMAGES: Damages = {
    "crossed_at_gates_only": crossings(),
    "approved_streets": streets(),
    "mines_cleared": mines(),
    "site_bays": bays(),
    "site_minutes": minutes(),
    "site_hours": opening(),
    "site_capacity": places(),
    "hospital_level": levels(),
    "crowd_limit": crowds(),
    "waiting_limit": waits(),
    "called_forward": calls(),
    "send_home": homes(),
    "exchange_point": exchanges(),
}
