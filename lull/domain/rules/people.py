"""Rules about people: whole, together, where they wish to go, and no more than wish to."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping

from lull.domain.people import Group, Means
from lull.domain.place import PEOPLE_END_HERE, SiteKind
from lull.domain.plan import By, Convoy, Task
from lull.domain.rules.facts import Facts, Halt, Key, persons
from lull.domain.rules.rule import Breach, rule

ICRC = "ICRC news release 18/15, 14 March 2018, http://www.rks.si/sl/News_1/Syria_Evacuations_of_civilians_must_be_humane/"


@rule("Whoever is taken on is set down, by the same vehicle, where a journey may go on or end.")
def people_accounted(facts: Facts) -> Iterator[Breach]:
    """People board where their group waits or at an exchange point, and alight at their
    destination or at an exchange point.

    A vehicle sets down no more persons or stretchers of a group and destination than it
    carries, and nobody is on board when its day ends. Who alights at an exchange point is
    followed by `exchange_point`.
    """
    for halt in facts.halts:
        where = facts.name(halt.site.id)
        exchange = halt.site.kind is SiteKind.EXCHANGE
        for line in halt.stop.people:
            if halt.stop.task is Task.LOAD:
                proper = facts.case.groups[line.group].site == halt.site.id or exchange
                wrong = "do not wait there"
            else:
                proper = halt.stop.task is Task.UNLOAD and (
                    line.destination == halt.site.id or exchange
                )
                wrong = f"are bound for {facts.name(line.destination)}"
            if not proper and line.persons:
                yield Breach(
                    halt.vehicle, where, halt.stop.starts, persons(line.persons),
                    f"{halt.vehicle} is to {halt.stop.task.value} {persons(line.persons)} of "
                    f"{line.group} at {where} at {facts.at(halt.stop.starts)}, but they {wrong}.",
                )
        if halt.stop.task is Task.UNLOAD:
            yield from _never_on_board(facts, halt)
    for day in facts.days:
        if day.loads and day.loads[-1].people:
            where = facts.name(facts.comes_to(day.steps[-1]))
            many = persons(day.loads[-1].persons)
            yield Breach(
                day.vehicle, where, day.steps[-1].arrives, many,
                f"{day.vehicle} ends at {where} at {facts.at(day.steps[-1].arrives)} with {many} "
                "still on board; set them down at their destination first.",
            )


def _never_on_board(facts: Facts, halt: Halt) -> Iterator[Breach]:
    aboard = halt.day.before(halt.index).people
    off: dict[Key, tuple[int, int]] = {}
    for line in halt.stop.people:
        before = off.get((line.group, line.destination), (0, 0))
        off[line.group, line.destination] = (
            before[0] + line.persons, before[1] + line.stretchers
        )
    for key, (many, lying) in off.items():
        had = aboard.get(key, (0, 0))
        over = max(many - had[0], lying - had[1])
        if over > 0:
            where = facts.name(halt.site.id)
            yield Breach(
                halt.vehicle, where, halt.stop.starts, persons(over),
                f"{halt.vehicle} sets down {persons(many)} of {key[0]} ({lying} lying) at {where} "
                f"at {facts.at(halt.stop.starts)}, but carries {had[0]} ({had[1]} lying).",
            )


@rule("Those who need transport are driven; nobody is put on foot or in a car they do not have.")
def means_respected(facts: Facts) -> Iterator[Breach]:
    """A party on foot is of people whose means is `on_foot`, one in cars of people with cars.

    Its cars hold all its persons at the group's `persons_per_car`; unaccompanied children and
    patients are in no party. Anyone may be driven.
    """
    right = {By.FOOT: Means.ON_FOOT, By.OWN_CAR: Means.OWN_CAR}
    for party in facts.plan.parties:
        group = facts.case.groups[party.group]
        where = facts.name(group.site)
        if group.means is not right[party.by] or group.unaccompanied:
            yield Breach(
                party.id, where, party.departs, persons(party.persons),
                f"{party.id} leaves {where} at {facts.at(party.departs)} with "
                f"{persons(party.persons)} by {party.by.value}, but {group.id} "
                f"{_how(group)}; plan a vehicle for them or the means that they have.",
            )
            continue
        needed = math.ceil(party.persons / group.persons_per_car) if group.persons_per_car else 0
        if party.by is By.OWN_CAR and party.cars < needed:
            yield Breach(
                party.id, where, party.departs, f"{needed - party.cars} cars",
                f"{party.id} leaves {where} at {facts.at(party.departs)} with "
                f"{persons(party.persons)} in {party.cars} cars; at {group.persons_per_car} a car "
                f"they need {needed}.",
            )


def _how(group: Group) -> str:
    if group.unaccompanied:
        return "are unaccompanied children"
    return {
        Means.TRANSPORT: "need transport",
        Means.OWN_CAR: "have their own cars",
        Means.ON_FOOT: "go on foot",
    }[group.means]


@rule(
    "No more people move than wish to leave.",
    f"Free to stay or to leave: {ICRC}",
)
def no_more_than_wish(facts: Facts) -> Iterator[Breach]:
    """By group over all windows: persons taken from where they wait, in vehicles and parties."""
    for name, many in moved(facts).items():
        group = facts.case.groups[name]
        if many > group.wishing:
            where = facts.name(group.site)
            over = many - group.wishing
            yield Breach(
                name, where, None, persons(over),
                f"{persons(many)} of {name} leave {where}, but {group.wishing} wish to; leave "
                f"{over} free to stay.",
            )


def moved(facts: Facts) -> dict[str, int]:
    """Persons of each group who leave the place where they wait."""
    found: dict[str, int] = defaultdict(int)
    for halt in facts.halts:
        if halt.stop.task is Task.LOAD:
            for line in halt.stop.people:
                if facts.case.groups[line.group].site == halt.site.id:
                    found[line.group] += line.persons
    for party in facts.plan.parties:
        found[party.group] += party.persons
    return found


def aboard_convoy(facts: Facts, convoy: Convoy) -> Mapping[Key, tuple[int, int]]:
    """(persons, of whom lying) by (group, destination) in all vehicles of a convoy."""
    found: dict[Key, tuple[int, int]] = {}
    for passing in facts.passings_of.get(convoy.id, ()):
        for key, (many, lying) in passing.load.people.items():
            before = found.get(key, (0, 0))
            found[key] = (before[0] + many, before[1] + lying)
    return found


@rule(
    "Households stay whole: all of one travel in the same convoy to the same destination.",
    f"Family unity: {ICRC}",
)
def households_together(facts: Facts) -> Iterator[Breach]:
    """A convoy out of the enclosed side lists whole households that sum to those on board.

    By group and destination. A party's households sum to its persons. Over all convoys and
    parties no more households of a size leave than the group has (where more persons leave than
    wish to, `no_more_than_wish` speaks alone).
    """
    for convoy in facts.plan.convoys:
        if not facts.leaves_inside(convoy):
            continue
        aboard = aboard_convoy(facts, convoy)
        whole: dict[Key, int] = defaultdict(int)
        for household in convoy.households:
            whole[household.group, household.destination] += household.size * household.number
        for key in sorted({*aboard, *whole}):
            many = aboard.get(key, (0, 0))[0]
            if many != whole.get(key, 0):
                where = facts.corridor_name(convoy.corridor)
                off = abs(many - whole.get(key, 0))
                yield Breach(
                    convoy.id, where, convoy.starts, persons(off),
                    f"Convoy {convoy.id} through {where} at {facts.at(convoy.starts)} carries "
                    f"{persons(many)} of {key[0]} to {facts.name(key[1])}, but its whole "
                    f"households hold {whole.get(key, 0)}; keep families together.",
                )
    for party in facts.plan.parties:
        held = sum(size * number for size, number in party.households.items())
        if held != party.persons:
            where = facts.corridor_name(party.corridor)
            yield Breach(
                party.id, where, party.departs, persons(abs(held - party.persons)),
                f"{party.id} has {persons(party.persons)} at {facts.at(party.departs)}, but its "
                f"whole households hold {held}; keep families together.",
            )
    yield from _more_than_there_are(facts)


def _more_than_there_are(facts: Facts) -> Iterator[Breach]:
    leave: dict[tuple[str, int], int] = defaultdict(int)
    for convoy in facts.plan.convoys:
        if facts.leaves_inside(convoy):
            for household in convoy.households:
                leave[household.group, household.size] += household.number
    for party in facts.plan.parties:
        for size, number in party.households.items():
            leave[party.group, size] += number
    gone = moved(facts)
    for (name, size), number in leave.items():
        group = facts.case.groups[name]
        there = group.households.get(size, 0)
        if number > there and gone.get(name, 0) <= group.wishing:
            where = facts.name(group.site)
            yield Breach(
                name, where, None, f"{number - there} households of {size}",
                f"{number} households of {size} of {name} leave {where}, but {there} wish to; a "
                "household cannot be split or made up.",
            )


@rule(
    "People go only where they chose to go or may go, and a journey ends where they are received.",
    f"Informed in advance of the destination: {ICRC}",
)
def destinations_respected(facts: Facts) -> Iterator[Breach]:
    """One of the group's destinations where it names any, of whatever kind the folder says.

    Otherwise a reception centre or hospital outside the enclosed side. A party that goes on in
    vehicles goes where these take it, and changes at an exchange point.
    """
    for party in facts.plan.parties:
        if party.bound_for and facts.case.sites[party.destination].kind is not SiteKind.EXCHANGE:
            where = facts.name(party.destination)
            yield Breach(
                party.id, where, party.reaches, persons(party.persons),
                f"{party.id} is to change to vehicles at {where} at {facts.at(party.reaches)}, "
                "which is no exchange point; let it change at one.",
            )
    for who, group, goal, when, many in (
        *(
            (halt.vehicle, facts.case.groups[line.group], line.destination, halt.stop.starts,
             line.persons)
            for halt in facts.halts
            if halt.stop.task is Task.LOAD
            for line in halt.stop.people
        ),
        *(
            (p.id, facts.case.groups[p.group], p.bound_for or p.destination, p.departs, p.persons)
            for p in facts.plan.parties
        ),
    ):
        site = facts.case.sites[goal]
        allowed = (
            goal in group.destinations
            if group.destinations
            else site.kind in PEOPLE_END_HERE and not site.inside
        )
        if not allowed:
            named = ", ".join(facts.name(d) for d in group.destinations)
            yield Breach(
                who, facts.name(goal), when, persons(many),
                f"{who} takes {persons(many)} of {group.id} towards {facts.name(goal)} at "
                f"{facts.at(when)}; they may go to {named or 'reception centres and hospitals'}.",
            )


@rule(
    "Patients travel with their companions, in one convoy to one destination.",
    f"Family unity and special care for the wounded and sick: {ICRC}",
)
def companions_with_patients(facts: Facts) -> Iterator[Breach]:
    """A household of a patients' group is one patient, who lies, and companions, who sit.

    In a convoy out of the enclosed side, by group and destination, as many lie as there are
    households. Nobody else is on a stretcher.
    """
    for convoy in facts.plan.convoys:
        if not facts.leaves_inside(convoy):
            continue
        patients: dict[Key, int] = defaultdict(int)
        for household in convoy.households:
            if facts.case.groups[household.group].is_medical:
                patients[household.group, household.destination] += household.number
        for key, (_, lying) in sorted(aboard_convoy(facts, convoy).items()):
            needed = patients.get(key, 0)
            if lying != needed:
                where = facts.corridor_name(convoy.corridor)
                yield Breach(
                    convoy.id, where, convoy.starts, persons(abs(lying - needed)),
                    f"Convoy {convoy.id} through {where} at {facts.at(convoy.starts)} carries "
                    f"{persons(lying)} of {key[0]} lying, but has {needed} patients with their "
                    "companions; each patient lies and leaves with the own companions.",
                )


@rule(
    "Unaccompanied children travel only to a site with a receiving organisation.",
    f"Special care for unaccompanied and separated children: {ICRC}",
)
def unaccompanied_children(facts: Facts) -> Iterator[Breach]:
    """The destination says that it receives them and by which organisation."""
    for halt in facts.halts:
        if halt.stop.task is not Task.LOAD:
            continue
        for line in halt.stop.people:
            goal = facts.case.sites[line.destination]
            if facts.case.groups[line.group].unaccompanied and not goal.receives_unaccompanied:
                yield Breach(
                    halt.vehicle, facts.name(goal.id), halt.stop.starts, persons(line.persons),
                    f"{halt.vehicle} takes {persons(line.persons)} of {line.group}, who are "
                    f"unaccompanied children, to {facts.name(goal.id)} at "
                    f"{facts.at(halt.stop.starts)}, where no organisation receives them; choose "
                    "a site with one.",
                )

