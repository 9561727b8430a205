"""Before anything is judged: names are known, figures are possible, overrides are signed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator

from lull.domain.fleet import type_of
from lull.domain.plan import Crossing, Plan, Stop
from lull.domain.rules.facts import Facts
from lull.domain.rules.rule import Breach, rule

FAR = 7 * 24 * 60
"""Minutes before the first opening and after the last closing in which a plan may speak."""

MAY_BE_SET_ASIDE = ("approved_streets", "mines_cleared")
"""Rules that a named role may set aside with a reason."""


@rule("Everything that a plan names stands in the folder, and nothing is named twice.")
def known_names(facts: Facts) -> Iterator[Breach]:
    """Sites, corridors, groups, items, vehicles, convoys, parties and windows are known.

    A corridor that the consents of the chosen reading do not open counts as unknown. Call,
    household and return lines refer to convoys and parties of the same plan. While a name is
    unknown, no other rule can be judged, so these violations stand alone.
    """
    for who, what, name, known in _named(facts):
        if name not in known:
            yield Breach(
                who, name, None, f"1 unknown {what}",
                f"{who} names the {what} {name!r}, which does not stand in this folder; "
                "correct the name or plan again on this folder.",
            )
    plan = facts.plan
    listed = (
        ("convoy", [c.id for c in plan.convoys]),
        ("party", [p.id for p in plan.parties]),
    )
    for what, ids in listed:
        for name, times in Counter(ids).items():
            if times > 1:
                yield Breach(
                    name, "", None, f"{times - 1} too many",
                    f"The {what} {name!r} is listed {times} times; give each its own id.",
                )


Named = tuple[str, str, str, Container[str]]
"""Who names it, what it is, its name, the names that are known."""


def _named(facts: Facts) -> Iterator[Named]:
    case, plan = facts.case, facts.plan
    convoys = {c.id for c in plan.convoys}
    vehicles = {d.vehicle for d in plan.vehicles}
    parties = {p.id for p in plan.parties}
    windows = {str(n) for n in range(len(case.pause.windows))}
    for day in plan.vehicles:
        number = day.vehicle.partition("#")[2]
        known = {day.vehicle} if number.isascii() and number.isdigit() else set()
        known &= {day.vehicle} if type_of(day.vehicle) in case.fleet else set()
        yield day.vehicle, "vehicle", day.vehicle, known
        for step in day.steps:
            if isinstance(step, Crossing):
                yield day.vehicle, "corridor", step.corridor, case.corridors
                yield day.vehicle, "convoy", step.convoy, convoys
                continue
            yield day.vehicle, "site", step.site, case.sites
            yield from _named_by_load(day.vehicle, step, facts)
    for convoy in plan.convoys:
        yield convoy.id, "corridor", convoy.corridor, case.corridors
        for vehicle in (*convoy.vehicles, *([convoy.leader] if convoy.leader else ())):
            yield convoy.id, "vehicle", vehicle, vehicles
        for household in convoy.households:
            yield convoy.id, "group", household.group, case.groups
            yield convoy.id, "site", household.destination, case.sites
    for party in plan.parties:
        yield party.id, "corridor", party.corridor, case.corridors
        yield party.id, "group", party.group, case.groups
        yield party.id, "site", party.destination, case.sites
        if party.bound_for:
            yield party.id, "site", party.bound_for, case.sites
    for call in plan.calls:
        who = f"The call at {call.site}"
        yield who, "site", call.site, case.sites
        yield who, "group", call.group, case.groups
        yield who, "convoy or party", call.serves, convoys | parties | vehicles
    for last in plan.last_calls:
        who = f"The last call at {last.site}"
        yield who, "site", last.site, case.sites
        yield who, "window", str(last.window), windows
    for seats in plan.return_seats:
        yield "The return seats", "convoy", seats.outbound, convoys
        yield "The return seats", "convoy", seats.inbound, convoys


def _named_by_load(who: str, stop: Stop, facts: Facts) -> Iterator[Named]:
    case = facts.case
    for people in stop.people:
        yield who, "group", people.group, case.groups
        yield who, "site", people.destination, case.sites
    for goods in stop.goods:
        yield who, "item", goods.item, case.items
        yield who, "site", goods.destination, case.sites
        if goods.taken_from:
            yield who, "site", goods.taken_from, case.sites


@rule("Every count is a whole number, none is negative, and every time is near the windows.")
def sensible_figures(facts: Facts) -> Iterator[Breach]:
    """Persons, stretchers, units, households, cars and seats are whole and at least 0.

    Stretchers are no more than persons. Times lie at most seven days before the first opening
    or after the last closing. While a figure makes no sense, no other rule is judged.
    """
    for who, what, figure in _counts(facts.plan):
        if isinstance(figure, bool) or not isinstance(figure, int) or figure < 0:
            yield Breach(
                who, "", None, f"{figure} {what}",
                f"{who} states {figure} {what}; it must be a whole number of at least 0.",
            )
    earliest = facts.windows[0].opens - FAR
    latest = facts.windows[-1].closes + FAR
    for who, what, minute in _times(facts.plan):
        if isinstance(minute, bool) or not isinstance(minute, int):
            yield Breach(
                who, "", None, f"{minute} as a time",
                f"{who} {what} at minute {minute}; a time is a whole minute.",
            )
        elif not earliest <= minute <= latest:
            yield Breach(
                who, "", minute, f"more than {FAR // 1440} days from the windows",
                f"{who} {what} at minute {minute}, more than {FAR // 1440} days from the "
                "windows of this pause; correct the time.",
            )


def _counts(plan: Plan) -> Iterator[tuple[str, str, int]]:
    for vehicle, stop in plan.stops():
        for people in stop.people:
            yield vehicle, "persons", people.persons
            yield vehicle, "stretchers", people.stretchers
            yield vehicle, "persons beside the stretchers", people.persons - people.stretchers
        for goods in stop.goods:
            yield vehicle, f"units of {goods.item}", goods.units
            yield vehicle, f"removed units of {goods.item}", goods.removed
            yield vehicle, f"returned units of {goods.item}", goods.returned
    for convoy in plan.convoys:
        for household in convoy.households:
            yield convoy.id, "households", household.number
            yield convoy.id, "persons a household beside the first", household.size - 1
    for party in plan.parties:
        yield party.id, "persons", party.persons
        yield party.id, "cars", party.cars
        for size, number in party.households.items():
            yield party.id, "persons a household beside the first", size - 1
            yield party.id, "households", number
    for call in plan.calls:
        yield f"The call at {call.site}", "persons", call.persons
    for seats in plan.return_seats:
        yield seats.outbound, "return seats", seats.seats


def _times(plan: Plan) -> Iterator[tuple[str, str, int]]:
    for day in plan.vehicles:
        for step in day.steps:
            yield day.vehicle, "arrives", step.arrives
            if isinstance(step, Crossing):
                yield day.vehicle, "enters a corridor", step.enters
                yield day.vehicle, "is cleared", step.cleared
                yield day.vehicle, "leaves a corridor", step.leaves
            else:
                yield day.vehicle, "starts a stop", step.starts
                yield day.vehicle, "departs", step.departs
    for convoy in plan.convoys:
        yield convoy.id, "starts", convoy.starts
    for party in plan.parties:
        yield party.id, "departs", party.departs
        yield party.id, "arrives at the gate", party.arrives
        yield party.id, "enters", party.enters
        yield party.id, "is cleared", party.cleared
        yield party.id, "leaves", party.leaves
        yield party.id, "reaches its destination", party.reaches
    for call in plan.calls:
        yield f"The call at {call.site}", "goes out", call.at
    for last in plan.last_calls:
        yield f"The last call at {last.site}", "goes out", last.last_call
        yield f"The last call at {last.site}", "sends people home", last.send_home


@rule(
    "A rule is set aside only where that is possible, by a named role that says why.",
)
def overrides_named(facts: Facts) -> Iterator[Breach]:
    """Only unapproved streets and mines not cleared may be set aside, each by role and reason.

    An override of any other rule has no effect and is itself a violation.
    """
    stated = {name: (said.role, said.reason) for name, said in facts.case.overrides.items()}
    for name, (role, reason) in {**stated, **facts.plan.overrides}.items():
        if name not in MAY_BE_SET_ASIDE:
            yield Breach(
                role, name, None, "1 override",
                f"The rule {name!r} is set aside, which nobody may; only "
                f"{' and '.join(MAY_BE_SET_ASIDE)} may be set aside.",
            )
        elif not role.strip() or not reason.strip():
            lacking = "role" if not role.strip() else "reason"
            yield Breach(
                role or "nobody", name, None, f"1 {lacking} lacking",
                f"The rule {name!r} is set aside without a {lacking}; name the role that "
                "decided it and why, since both are printed with the plan.",
            )
