"""Questions about vehicles and supplies: do they carry anything, and do the units smell right."""

from __future__ import annotations

from lull.domain.corridor import Direction, User
from lull.domain.fleet import Use, VehicleType
from lull.domain.place import INSIDE
from lull.exchange.build.draft import Draft
from lull.exchange.checks.reach import corridors_for, gates_on, has_way
from lull.exchange.finding import Where

MOST_SEATS = 120
"""A double-decker seats fewer; a bus of 500 seats is a count of something else (assumed)."""

MOST_STRETCHERS = 30
"""A bus turned ambulance takes fewer lying patients (assumed)."""

MOST_PAYLOAD_T = 60
"""A road train carries less; larger figures are kilograms (assumed)."""

MOST_LOADS = 60
"""Loads for each truck, over all windows, beyond which tonnes smell of kilograms (assumed)."""

HEAVIEST_UNIT_KG = 1_500
"""A unit heavier than a pallet is likely given in grams (assumed: a EUR pallet bears 1,500 kg)."""

LIGHTEST_UNIT_KG = 0.005
"""A unit lighter than five grams is likely given in tonnes (assumed)."""


def carries_something(draft: Draft) -> None:
    """A vehicle type has room for what it is used for."""
    for kind in draft.fleet.values():
        lacks = []
        if Use.AID in kind.uses and kind.payload_t <= 0:
            lacks.append(("payload_t", "aid"))
        if kind.uses & {Use.PASSENGERS, Use.FIGHTERS} and kind.seats <= 0:
            lacks.append(("seats", "people"))
        if kind.uses == {Use.WOUNDED} and kind.stretchers + kind.seats <= 0:
            lacks.append(("stretchers", "wounded"))
        for column, what in lacks:
            draft.findings.warn(
                "carries nothing", _at(draft, kind, column),
                f"{kind.id!r} is for {what} but its {column} is 0; it will never be used.",
                "0", "more than 0",
            )


def figures_of_vehicles(draft: Draft) -> None:
    """Seats, stretchers and tonnes are those of one vehicle, in the right unit."""
    for kind in draft.fleet.values():
        for column, value, most, guess in (
            ("seats", kind.seats, MOST_SEATS, "is it the number for all vehicles together?"),
            ("stretchers", kind.stretchers, MOST_STRETCHERS, "is it for all vehicles together?"),
            ("payload_t", kind.payload_t, MOST_PAYLOAD_T, "are these kilograms?"),
        ):
            if value > most:
                draft.findings.warn(
                    "units", _at(draft, kind, column),
                    f"One {kind.id!r} has {column} {value:g}; {guess}", f"{value:g}",
                    f"at most {most} or so",
                )


def can_leave_its_base(draft: Draft) -> None:
    """A vehicle may drive on the side of its base, and ends its day outside."""
    for kind in draft.fleet.values():
        base = draft.sites.get(kind.base)
        if base is None:
            continue
        if not set(base.sides) & set(kind.sides):
            draft.findings.error(
                "sides", _at(draft, kind, "sides"),
                f"{kind.id!r} may drive on {' and '.join(kind.sides)} but its base {base.id!r} "
                f"lies {' and '.join(base.sides)}; it can never leave.",
                "|".join(kind.sides), "|".join(base.sides),
            )
        elif base.inside and kind.sides != (INSIDE,):
            draft.findings.warn(
                "sides", _at(draft, kind, "base"),
                f"{kind.id!r} starts inside at {base.id!r} and may drive outside; it ends its day "
                "outside, as no vehicle that leaves is caught inside.", base.id,
            )


def reaches_a_gate(draft: Draft) -> None:
    """From its base a vehicle type reaches a gate or another site on its side."""
    travel = draft.travel
    if travel is None:
        return
    for kind in draft.fleet.values():
        base = draft.sites.get(kind.base)
        if base is None or kind.number == 0:
            continue
        gates = [gate for side in base.sides for _, gate in gates_on(draft, side)]
        if INSIDE in kind.sides and len(kind.sides) > 1 and gates and not any(
            has_way(travel, kind.id, base.id, gate) for gate in gates
        ):
            draft.findings.warn(
                "out of reach", _at(draft, kind, "base"),
                f"{kind.id!r} finds no way from its base {base.id!r} to any gate.", base.id,
                "a way to a gate",
            )


def available_in_a_window(draft: Draft) -> None:
    """A vehicle is available at some time of some window."""
    if draft.pause is None:
        return
    for kind in draft.fleet.values():
        start = kind.available_from if kind.available_from is not None else -10**9
        end = kind.available_to if kind.available_to is not None else 10**9
        if end <= start or not any(
            start < w.closes and w.opens < end for w in draft.pause.windows
        ):
            draft.findings.warn(
                "never available", _at(draft, kind, "available_from"),
                f"{kind.id!r} is not available in any window.", "", "a time in a window",
            )


def tonnes_fit_the_trucks(draft: Draft) -> None:
    """What is needed could be carried by the trucks that there are, in any sense."""
    trucks = [k for k in draft.fleet.values() if Use.AID in k.uses and k.number > 0]
    need = sum(
        line.units * draft.items[line.item].kg / 1000
        for line in draft.demands
        if line.item in draft.items
    )
    where = Where(draft.tables.get("supplies", "supplies.csv"))
    if need <= 0:
        return
    payload = sum(kind.number * kind.payload_t for kind in trucks)
    if payload <= 0:
        draft.findings.warn("supplies without truck", where, f"{need:,.1f} t are needed, but no "
                            "vehicle type has the use aid and a payload.", "", "a truck")
    elif need > MOST_LOADS * payload:
        draft.findings.warn(
            "units", where.at("units"),
            f"{need:,.0f} t are needed and {sum(k.number for k in trucks):,} trucks carry "
            f"{payload:,.0f} t at once: {need / payload:,.0f} loads each. Are these kilograms?",
            f"{need:,.0f} t", "tonnes",
        )
    to_come_in = _tonnes_to_come_in(draft)
    if to_come_in > 0 and not list(corridors_for(draft, User.AID, Direction.IN)):
        draft.findings.warn("supplies without corridor", where, f"{to_come_in:,.1f} t are needed "
                            "inside, but no corridor is open to aid on the way in.", "",
                            "a corridor for aid, in")


def _tonnes_to_come_in(draft: Draft) -> float:
    """Tonnes needed on the enclosed side that do not stand in stock there."""
    def inside(site: str) -> bool:
        return site in draft.sites and draft.sites[site].inside

    total = 0.0
    for name, item in draft.items.items():
        wanted = sum(d.units for d in draft.demands if d.item == name and inside(d.site))
        stands = sum(s.units for s in draft.stocks if s.item == name and inside(s.site))
        total += max(0, wanted - stands) * item.kg / 1000
    return total


def stock_covers_need(draft: Draft) -> None:
    """Each item that is needed stands in stock somewhere, and enough of it for survival."""
    for name, item in draft.items.items():
        needs = [line for line in draft.demands if line.item == name]
        stock = sum(line.units for line in draft.stocks if line.item == name)
        least = sum(line.minimum for line in needs)
        wanted = sum(line.units for line in needs)
        where = draft.place_of("items", name, "units")
        if wanted and not stock:
            draft.findings.warn("stock", where, f"{item.name} is needed but stands in no stock.",
                                "0", f"{wanted:,} {item.unit}")
        elif stock < least:
            draft.findings.warn("stock", where, f"{stock:,} {item.unit} of {item.name} are in "
                                f"stock, less than the {least:,} needed for survival.",
                                f"{stock:,}", f"{least:,} or more")


def units_of_items(draft: Draft) -> None:
    """A unit weighs what a person or a forklift can lift, and fits a truck."""
    loads = [k.payload_t * 1000 for k in draft.fleet.values() if Use.AID in k.uses]
    for name, item in draft.items.items():
        where = draft.place_of("items", name, "kg_per_unit")
        if item.kg > HEAVIEST_UNIT_KG:
            draft.findings.warn("units", where, f"One {item.unit} of {item.name} weighs "
                                f"{item.kg:,g} kg; are these grams?", f"{item.kg:g}", "kilograms")
        elif item.kg < LIGHTEST_UNIT_KG:
            draft.findings.warn("units", where, f"One {item.unit} of {item.name} weighs "
                                f"{item.kg:g} kg; are these tonnes?", f"{item.kg:g}", "kilograms")
        elif loads and item.kg > max(loads) > 0:
            draft.findings.warn("units", where, f"One {item.unit} of {item.name} ({item.kg:g} kg) "
                                "fits no truck.", f"{item.kg:g}", f"at most {max(loads):g} kg")


def _at(draft: Draft, kind: VehicleType, column: str) -> Where:
    return draft.place_of("fleet", kind.id, column)
