"""Rules about what a corridor is open for: hours, directions, users, holding, links."""

from __future__ import annotations

from collections.abc import Iterator

from lull.domain.corridor import Corridor, Direction, Link, LinkUnit
from lull.domain.place import INSIDE
from lull.domain.plan import By, Party
from lull.domain.rules.facts import USER_OF, USER_SERVED, Facts, Passing, minutes
from lull.domain.rules.names import FAR
from lull.domain.rules.rule import Breach, rule
from lull.domain.time import Window


@rule("A corridor is passed only in its open hours.")
def corridor_open(facts: Facts) -> Iterator[Breach]:
    """From entering the check to leaving the far gate, for vehicles, walkers and private cars.

    No hours stated means open through every window; what happens outside the windows is judged
    by `windows_carry_over` and `nobody_inside_at_end`.
    """
    for who, corridor, enters, leaves in (
        *((p.vehicle, p.corridor, p.step.enters, p.step.leaves) for p in facts.passings),
        *(
            (party.id, facts.case.corridors[party.corridor], party.enters, party.leaves)
            for party in facts.plan.parties
        ),
    ):
        if corridor.is_open(enters, leaves):
            continue
        hours = ", ".join(_spell(facts, w) for w in corridor.open_hours)
        over = min(max(w.opens - enters, leaves - w.closes) for w in corridor.open_hours)
        where = facts.corridor_name(corridor.id)
        yield Breach(
            who, where, enters, minutes(over),
            f"{who} passes {where} from {facts.at(enters)} to {facts.at(leaves)}, "
            f"{minutes(over)} outside its hours ({hours}); move it or ask for longer hours.",
        )


def _spell(facts: Facts, hours: Window) -> str:
    """Hours in words; an end that lies more than a week from the pause is none."""
    before, after = facts.windows[0].opens - FAR, facts.windows[-1].closes + FAR
    if hours.closes < before or hours.opens > after:
        return "never in this pause"
    if hours.opens < before and hours.closes > after:
        return "always"
    if hours.opens < before:
        return f"until {facts.at(hours.closes)}"
    if hours.closes > after:
        return f"from {facts.at(hours.opens)}"
    return f"{facts.at(hours.opens)} to {facts.at(hours.closes)}"


@rule("Vehicles drive in the directions that a corridor allows; people go out, aid comes in.")
def corridor_direction(facts: Facts) -> Iterator[Breach]:
    """Nobody is carried into the enclosed side, and no aid out of it.

    People who are refused come back by the seats kept under `return_seats`, which a plan does
    not fill; aid that is returned is stated at the stop where it was to be set down.
    """
    for passing in facts.passings:
        corridor, step = passing.corridor, passing.step
        where = facts.corridor_name(corridor.id)
        said = f"{passing.vehicle} passes {where} {step.direction.value} at {facts.at(step.enters)}"
        leaves_inside = corridor.sides(step.direction)[0] == INSIDE
        enters_inside = corridor.sides(step.direction)[1] == INSIDE
        if step.direction not in corridor.directions:
            yield Breach(
                passing.vehicle, where, step.enters, "1 wrong direction",
                f"{said}, but it is open only {_listed(corridor)}; take another corridor.",
            )
        elif enters_inside and passing.load.people:
            yield Breach(
                passing.vehicle, where, step.enters, f"{passing.load.persons} persons",
                f"{said} with {passing.load.persons} persons on board; nobody is planned into "
                "the enclosed side.",
            )
        elif leaves_inside and passing.load.goods:
            units = sum(passing.load.goods.values())
            yield Breach(
                passing.vehicle, where, step.enters, f"{units} units",
                f"{said} with {units} units of aid still on board; set them down first or state "
                "them as returned.",
            )
    for party in facts.plan.parties:
        corridor = facts.case.corridors[party.corridor]
        if Direction.OUT not in corridor.directions:
            where = facts.corridor_name(corridor.id)
            yield Breach(
                party.id, where, party.enters, "1 wrong direction",
                f"{party.id} leaves through {where} at {facts.at(party.enters)}, but it is open "
                f"only {_listed(corridor)}; take another corridor.",
            )


def _listed(corridor: Corridor) -> str:
    return " and ".join(sorted(d.value for d in corridor.directions))


@rule(
    "A corridor is used only by those for whom it is open; fighters and civilians share one only "
    "where the pause says mixed, and wounded of any status use any medical corridor.",
    "Separate corridors for civilians and fighters, wounded by either: Aleppo, 17 October 2016, "
    "https://regnum.ru/amp/2193718; care of wounded without distinction: first Geneva "
    "Convention, article 12.",
)
def corridor_users(facts: Facts) -> Iterator[Breach]:
    """Civilians, fighters and wounded (patients with their companions) each need to be a user.

    An empty vehicle may use a corridor whose users include one that a use of its type serves.
    Loaded aid is judged by `aid_inspected`.
    """
    for passing in facts.passings:
        where = facts.corridor_name(passing.corridor.id)
        lacking = _lacking(facts, passing)
        if lacking:
            yield Breach(
                passing.vehicle, where, passing.step.enters, f"1 user ({lacking})",
                f"{passing.vehicle} passes {where} at {facts.at(passing.step.enters)} for "
                f"{lacking}, but it is open to {_users(passing.corridor)} only; take another.",
            )
    for party in facts.plan.parties:
        corridor = facts.case.corridors[party.corridor]
        user = USER_OF[facts.case.groups[party.group].category]
        if user not in corridor.users:
            where = facts.corridor_name(corridor.id)
            yield Breach(
                party.id, where, party.enters, f"1 user ({user.value})",
                f"{party.id} passes {where} at {facts.at(party.enters)} with {user.value}, but "
                f"it is open to {_users(corridor)} only; take another.",
            )


def _lacking(facts: Facts, passing: Passing) -> str:
    """Whom a passing serves that the corridor is not open to; empty if all is well."""
    open_to = passing.corridor.users
    if passing.load.people:
        aboard = {USER_OF[facts.group(key).category] for key in passing.load.people}
        return " and ".join(sorted(user.value for user in aboard - open_to))
    if passing.load.goods:
        return ""
    served = {USER_SERVED[use] for use in passing.day.kind.uses}
    return "" if served & open_to else " or ".join(sorted(user.value for user in served))


def _users(corridor: Corridor) -> str:
    return ", ".join(sorted(user.value for user in corridor.users))


@rule(
    "Nobody waits loaded at a gate for longer than the corridor's holding limit.",
    "Loaded buses held at the exchange point at Rashidin were bombed on 15 April 2017: "
    "https://syriadirect.org/four-towns-one-agreement-and-the-same-tragedy-for-all-buses-arrive-ahead-of-mass-evacuations/",
)
def holding_limit(facts: Facts) -> Iterator[Breach]:
    """From arrival at the first gate to entering the check, with people or aid on board.

    The same holds for the first of a party on foot or in private cars.
    """
    for who, corridor, arrives, enters in (
        *(
            (p.vehicle, p.corridor, p.step.arrives, p.step.enters)
            for p in facts.passings
            if not p.load.is_empty
        ),
        *(
            (party.id, facts.case.corridors[party.corridor], party.arrives, party.enters)
            for party in facts.plan.parties
        ),
    ):
        limit = corridor.holding_limit
        if limit is not None and enters - arrives > limit:
            over = enters - arrives - limit
            where = facts.corridor_name(corridor.id)
            yield Breach(
                who, where, arrives, minutes(over),
                f"{who} waits loaded at {where} from {facts.at(arrives)} to {facts.at(enters)}, "
                f"{minutes(over)} longer than the {minutes(limit)} allowed; let it leave later.",
            )


@rule(
    "Linked corridors move together: neither runs ahead of the other by more than was agreed.",
    "Foua and Kefraya for eastern Aleppo, December 2016; the Four Towns exchange, April 2017: "
    "https://imlebanon.org/2017/04/14/syria-civilians/amp",
)
def linked_corridors(facts: Facts) -> Iterator[Breach]:
    """A(t) ≤ ratio × B(t) + lead and B(t) ≤ A(t) / ratio + other lead, at every minute t.

    A and B count outward entries until and including minute t: persons, or vehicles with
    people on board (private cars included). A party counts whole when its first enters.
    """
    for corridor in facts.case.corridors.values():
        if corridor.link is None:
            continue
        ours = _outward(facts, corridor.id, corridor.link)
        theirs = _outward(facts, corridor.link.other, corridor.link)
        a = b = 0
        for minute in sorted({*ours, *theirs}):
            a += ours.get(minute, 0)
            b += theirs.get(minute, 0)
            link = corridor.link
            ahead = a - (link.ratio * b + link.lead)
            behind = b - (a / link.ratio + link.other_lead)
            for over, runs, waits in (
                (ahead, corridor.id, link.other),
                (behind, link.other, corridor.id),
            ):
                if over > 1e-9:
                    by = f"{over:g} {link.unit.value}"
                    yield Breach(
                        facts.corridor_name(runs), facts.corridor_name(runs), minute, by,
                        f"At {facts.at(minute)} {facts.corridor_name(runs)} is {by} further ahead "
                        f"of {facts.corridor_name(waits)} than was agreed ({a} and {b} "
                        f"{link.unit.value} out); hold it back.",
                    )


def _outward(facts: Facts, corridor: str, link: Link) -> dict[int, int]:
    """Outward entries by minute, in the unit of the link."""
    found: dict[int, int] = {}
    in_persons = link.unit is LinkUnit.PERSONS
    for passing in facts.passings:
        step = passing.step
        if step.corridor == corridor and step.direction is Direction.OUT and passing.load.people:
            many = passing.load.persons if in_persons else 1
            found[step.enters] = found.get(step.enters, 0) + many
    for party in facts.plan.parties:
        if party.corridor == corridor:
            many = party.persons if in_persons else _cars(party)
            found[party.enters] = found.get(party.enters, 0) + many
    return found


def _cars(party: Party) -> int:
    return party.cars if party.by is By.OWN_CAR else 0

