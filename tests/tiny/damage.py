"""Ways to spoil a plan: one figure, one time or one name at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import evolve

from lull.domain.case import Case
from lull.domain.plan import Crossing, Household, People, Plan, Step, Stop, VehicleDay

Change = Callable[[Plan], Plan]


def _times(step: Step, by: int) -> Step:
    if isinstance(step, Crossing):
        return evolve(
            step, arrives=step.arrives + by, enters=step.enters + by, cleared=step.cleared + by,
            leaves=step.leaves + by,
        )
    return evolve(
        step, arrives=step.arrives + by, starts=step.starts + by, departs=step.departs + by
    )


def shifted(plan: Plan, by: int, *, only: tuple[str, ...] = (), calls: bool = True) -> Plan:
    """Everything later by some minutes, for all vehicles and parties or for `only` some."""

    def ours(*names: str) -> bool:
        return not only or bool(set(names) & set(only))

    moved = {c.id for c in plan.convoys if ours(c.id, *c.vehicles)}
    return evolve(
        plan,
        vehicles=tuple(
            VehicleDay(d.vehicle, tuple(_times(s, by) for s in d.steps)) if ours(d.vehicle) else d
            for d in plan.vehicles
        ),
        convoys=tuple(
            evolve(c, starts=c.starts + by) if c.id in moved else c for c in plan.convoys
        ),
        parties=tuple(
            evolve(
                p, departs=p.departs + by, arrives=p.arrives + by, enters=p.enters + by,
                cleared=p.cleared + by, leaves=p.leaves + by, reaches=p.reaches + by,
            ) if ours(p.id) else p
            for p in plan.parties
        ),
        calls=tuple(
            evolve(c, at=c.at + by) if calls and (c.serves in moved or ours(c.serves)) else c
            for c in plan.calls
        ),
    )


def step(plan: Plan, vehicle: str, index: int, **changes: Any) -> Plan:
    """One step changed; a change that is a function is given the value before."""
    return evolve(
        plan,
        vehicles=tuple(
            VehicleDay(
                d.vehicle,
                tuple(
                    _changed(s, changes) if n == index % len(d.steps) else s
                    for n, s in enumerate(d.steps)
                ),
            )
            if d.vehicle == vehicle
            else d
            for d in plan.vehicles
        ),
    )


def _changed(thing: Any, changes: dict[str, Any]) -> Any:
    return evolve(
        thing,
        **{k: v(getattr(thing, k)) if callable(v) else v for k, v in changes.items()},
    )


def listed(plan: Plan, what: str, index: int, **changes: Any) -> Plan:
    """One convoy, party, call, last call or return seats changed."""
    lines = list(getattr(plan, what))
    lines[index] = _changed(lines[index], changes)
    return evolve(plan, **{what: tuple(lines)})


def without(plan: Plan, what: str, index: int) -> Plan:
    """One convoy, party, call, last call or return seats left out."""
    lines = list(getattr(plan, what))
    del lines[index]
    return evolve(plan, **{what: tuple(lines)})


def inserted(plan: Plan, vehicle: str, index: int, new: Step) -> Plan:
    """A further step before the one at an index."""
    return evolve(
        plan,
        vehicles=tuple(
            VehicleDay(d.vehicle, (*d.steps[:index], new, *d.steps[index:]))
            if d.vehicle == vehicle
            else d
            for d in plan.vehicles
        ),
    )


def removed(plan: Plan, vehicle: str, index: int) -> Plan:
    """One step left out."""
    return evolve(
        plan,
        vehicles=tuple(
            VehicleDay(d.vehicle, (*d.steps[:index], *d.steps[index:][1:]))
            if d.vehicle == vehicle
            else d
            for d in plan.vehicles
        ),
    )


def numbered(plan: Plan, vehicle: str, rounds: Mapping[int, int]) -> Plan:
    """The steps at some indices of a vehicle given other round numbers."""
    for index, number in rounds.items():
        plan = step(plan, vehicle, index, round=number)
    return plan


def delayed(plan: Plan, vehicles: tuple[str, ...], index: int, by: int) -> Plan:
    """Vehicles held at a step: they arrive as before and do all else later, with their convoys."""
    convoys: set[str] = set()

    def late(n: int, s: Step) -> Step:
        if n < index:
            return s
        if isinstance(s, Crossing):
            convoys.add(s.convoy)
        return evolve(_times(s, by), arrives=s.arrives) if n == index else _times(s, by)

    days = tuple(
        VehicleDay(d.vehicle, tuple(late(n, s) for n, s in enumerate(d.steps)))
        if d.vehicle in vehicles
        else d
        for d in plan.vehicles
    )
    return evolve(
        plan,
        vehicles=days,
        convoys=tuple(
            evolve(c, starts=c.starts + by) if c.id in convoys else c for c in plan.convoys
        ),
    )


def lines(plan: Plan, change: Callable[[People], People], *, vehicle: str = "",
          at: int | None = None) -> Plan:
    """Every line of people changed, or those of one vehicle (at one step)."""

    def touched(day: VehicleDay) -> VehicleDay:
        if vehicle not in ("", day.vehicle):
            return day
        return VehicleDay(
            day.vehicle,
            tuple(
                evolve(s, people=tuple(change(p) for p in s.people))
                if isinstance(s, Stop) and (at is None or n == at % len(day.steps))
                else s
                for n, s in enumerate(day.steps)
            ),
        )

    return evolve(plan, vehicles=tuple(touched(d) for d in plan.vehicles))


def goods(plan: Plan, vehicle: str, index: int, **changes: Any) -> Plan:
    """The lines of goods at one step changed."""
    return step(
        plan, vehicle, index, goods=lambda parts: tuple(_changed(p, changes) for p in parts)
    )


def renamed(plan: Plan, old: str, new: str) -> Plan:
    """One vehicle's id replaced wherever it stands."""

    def name(vehicle: str) -> str:
        return new if vehicle == old else vehicle

    return evolve(
        plan,
        vehicles=tuple(VehicleDay(name(d.vehicle), d.steps) for d in plan.vehicles),
        convoys=tuple(
            evolve(c, vehicles=tuple(map(name, c.vehicles)), leader=name(c.leader))
            for c in plan.convoys
        ),
        calls=tuple(evolve(c, serves=name(c.serves)) for c in plan.calls),
    )


def redirected(plan: Plan, old: str, new: str) -> Plan:
    """Everyone bound for one site sent to another."""

    def at(s: Step) -> Step:
        if isinstance(s, Crossing):
            return s
        return evolve(
            s,
            site=new if s.site == old else s.site,
            people=tuple(
                evolve(p, destination=new) if p.destination == old else p for p in s.people
            ),
        )

    return evolve(
        plan,
        vehicles=tuple(VehicleDay(d.vehicle, tuple(map(at, d.steps))) for d in plan.vehicles),
        convoys=tuple(
            evolve(
                c,
                households=tuple(
                    evolve(h, destination=new) if h.destination == old else h
                    for h in c.households
                ),
            )
            for c in plan.convoys
        ),
        parties=tuple(
            evolve(p, destination=new) if p.destination == old else p for p in plan.parties
        ),
    )


def through(plan: Plan, convoy: str, corridor: str) -> Plan:
    """One convoy led through another corridor."""
    return evolve(
        plan,
        convoys=tuple(
            evolve(c, corridor=corridor) if c.id == convoy else c for c in plan.convoys
        ),
        vehicles=tuple(
            VehicleDay(
                d.vehicle,
                tuple(
                    evolve(s, corridor=corridor)
                    if isinstance(s, Crossing) and s.convoy == convoy
                    else s
                    for s in d.steps
                ),
            )
            for d in plan.vehicles
        ),
    )


def households(plan: Plan, convoy: str, *whole: tuple[int, int]) -> Plan:
    """The households of a convoy's first group and destination replaced: (size, number)."""
    return evolve(
        plan,
        convoys=tuple(
            evolve(
                c,
                households=tuple(
                    Household(c.households[0].group, c.households[0].destination, size, number)
                    for size, number in whole
                ),
            )
            if c.id == convoy
            else c
            for c in plan.convoys
        ),
    )


def recased(case: Case, **changes: Any) -> Case:
    """The case with one of its parts replaced: `site_A={...}`, `corridor_north={...}` and so on.

    `rules={...}` changes planning rules; any other name is a part of the case.
    """
    parts = {"site": "sites", "corridor": "corridors", "group": "groups", "kind": "fleet"}
    made: dict[str, Any] = {}
    for name, change in changes.items():
        prefix, _, which = name.partition("_")
        if prefix in parts and which:
            table = dict(made.get(parts[prefix]) or getattr(case, parts[prefix]))
            table[which] = evolve(table[which], **change)
            made[parts[prefix]] = table
        elif name == "rules":
            made["pause"] = evolve(case.pause, rules=evolve(case.pause.rules, **change))
        else:
            made[name] = change
    return evolve(case, **made)
