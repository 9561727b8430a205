"""How long who waits where: calls matched to boardings, set-downs to those taken on.

First come, first served, in both.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

from lull.domain.place import SiteKind
from lull.domain.plan import Task
from lull.domain.rules.facts import Facts


@frozen
class Boarding:
    """People of a group who leave a site: by whom, when, for which convoy or party."""

    site: str
    group: str
    serves: str
    who: str
    at: int
    persons: int


@frozen
class Wait:
    """Persons who wait at a site from one minute to another.

    `ends` is None where they are never taken on.
    """

    site: str
    group: str
    who: str
    begins: int
    ends: int | None
    persons: int


def boardings(facts: Facts) -> Iterator[Boarding]:
    """Everyone who leaves the place where the group waits.

    A vehicle's people board for the convoy of its next crossing, or for the vehicle itself where
    it crosses no more.
    """
    for halt in facts.halts:
        if halt.stop.task is not Task.LOAD or not halt.stop.people:
            continue
        ahead = halt.day.next_crossing(halt.index)
        serves = ahead.convoy if ahead else halt.vehicle
        for line in halt.stop.people:
            if facts.case.groups[line.group].site == halt.site.id and line.persons:
                yield Boarding(
                    halt.site.id, line.group, serves, halt.vehicle, halt.stop.starts, line.persons
                )
    for party in facts.plan.parties:
        site = facts.case.groups[party.group].site
        yield Boarding(site, party.group, party.id, party.id, party.departs, party.persons)


def matched(
    come: Iterable[tuple[int, int]], go: Iterable[tuple[int, int, str]]
) -> Iterator[tuple[int | None, int | None, int, str]]:
    """Match those who come, as (minute, persons), to those who go, as (minute, persons, who).

    Yields (came, went, persons, who): `went` is None for those who never go, `came` is None
    where more go than have come in all.
    """
    here = deque(sorted(come))
    for went, persons, who in sorted(go):
        left = persons
        while left and here:
            came, many = here.popleft()
            step = min(left, many)
            left -= step
            if many > step:
                here.appendleft((came, many - step))
            yield came, went, step, who
        if left:
            yield None, went, left, who
    for came, many in here:
        yield came, None, many, ""


def at_assembly(facts: Facts) -> tuple[Wait, ...]:
    """Who waits after being called; those never taken on wait until they are sent home."""
    come: dict[tuple[str, str, str], list[tuple[int, int]]] = defaultdict(list)
    go: dict[tuple[str, str, str], list[tuple[int, int, str]]] = defaultdict(list)
    for call in facts.plan.calls:
        come[call.site, call.group, call.serves].append((call.at, call.persons))
    for some in boardings(facts):
        go[some.site, some.group, some.serves].append((some.at, some.persons, some.who))
    found = []
    for (site, group, serves), called in come.items():
        for came, went, many, who in matched(called, go.get((site, group, serves), ())):
            if came is None:
                continue
            ends = went if went is not None else _goes_home(facts, site, came)
            found.append(Wait(site, group, who or serves, came, ends, many))
    return tuple(found)


def _goes_home(facts: Facts, site: str, came: int) -> int | None:
    number = facts.window_number(came)
    if number is None:
        return None
    return max(came, facts.send_home(facts.case.sites[site], number))


def at_exchange(facts: Facts) -> tuple[Wait, ...]:
    """Who waits between being set down at an exchange point and being taken on there.

    Being set down ends with the service of the first vehicle; being taken on begins with that
    of the second. `begins` is the boarding minute where nobody had been set down.
    """
    found = []
    for (site, group, _), (come, go) in exchanges(facts).items():
        for came, went, many, who in matched(come, go):
            if came is not None:
                found.append(Wait(site, group, who, came, went, many))
    return tuple(found)


def on_board(facts: Facts) -> tuple[Wait, ...]:
    """Who sits in a vehicle that waits at a site, a holding area for one."""
    return tuple(
        Wait(halt.site.id, group, halt.vehicle, halt.stop.arrives, halt.stop.departs, many)
        for halt in facts.halts
        if halt.stop.task is Task.WAIT
        for (group, _), (many, _) in halt.day.loads[halt.index].people.items()
    )


def all_waits(facts: Facts) -> tuple[Wait, ...]:
    """Everyone who waits anywhere."""
    return (*at_assembly(facts), *at_exchange(facts), *on_board(facts))


Ledger = tuple[list[tuple[int, int]], list[tuple[int, int, str]]]
"""Set down as (minute, persons) and taken on as (minute, persons, vehicle)."""


def exchanges(facts: Facts) -> Mapping[tuple[str, str, str], Ledger]:
    """At each exchange point, by (site, group, destination), who is set down and taken on.

    A party that goes on from there in vehicles comes, all of it, when it reaches the point.
    """
    found: dict[tuple[str, str, str], Ledger] = defaultdict(lambda: ([], []))
    for party in facts.plan.parties:
        if party.bound_for:
            come, _ = found[party.destination, party.group, party.bound_for]
            come.append((party.reaches, party.persons))
    for halt in facts.halts:
        if halt.site.kind is not SiteKind.EXCHANGE:
            continue
        for line in halt.stop.people:
            come, go = found[halt.site.id, line.group, line.destination]
            if halt.stop.task is Task.UNLOAD and line.destination != halt.site.id:
                come.append((halt.done, line.persons))
            elif (
                halt.stop.task is Task.LOAD
                and facts.case.groups[line.group].site != halt.site.id
            ):
                go.append((halt.stop.starts, line.persons, halt.vehicle))
    return found
