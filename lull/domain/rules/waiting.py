"""Rules about people who wait: crowds, waiting times, calls, sending home, exchange points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from lull.domain.place import INSIDE, Site, SiteKind
from lull.domain.plan import Stop, Task
from lull.domain.rules.facts import Day, Facts, minutes, persons
from lull.domain.rules.rule import Breach, rule
from lull.domain.rules.waits import (
    Boarding,
    all_waits,
    boardings,
    exchanges,
    matched,
)

RASHIDIN = (
    "Waiting areas are the danger: buses held at the exchange point at Rashidin were bombed on "
    "15 April 2017, https://syriadirect.org/four-towns-one-agreement-and-the-same-tragedy-for-"
    "all-buses-arrive-ahead-of-mass-evacuations/"
)


@rule("At no minute do more people wait at a site than its crowd limit.", RASHIDIN)
def crowd_limit(facts: Facts) -> Iterator[Breach]:
    """Counted from the call to the start of boarding, between two vehicles at an exchange, and
    in vehicles that wait at a site with people on board (a holding area for one).

    People may come as soon as they are called, so they count from the call on. Those who are
    called and not taken on count until they are sent home. At the minute of boarding they no
    longer wait.
    """
    by_site: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for wait in all_waits(facts):
        changes = by_site[wait.site]
        changes[wait.begins] += wait.persons
        if wait.ends is not None:
            changes[max(wait.begins, wait.ends)] -= wait.persons
    for name, changes in by_site.items():
        limit = facts.case.sites[name].crowd_limit
        if limit is None:
            continue
        now, most, since = 0, 0, None
        for minute in sorted(changes):
            now += changes[minute]
            if now > limit:
                since = minute if since is None else since
                most = max(most, now)
            elif since is not None:
                yield _crowd(facts, name, since, most, limit)
                most, since = 0, None
        if since is not None:
            yield _crowd(facts, name, since, most, limit)


def _crowd(facts: Facts, site: str, since: int, most: int, limit: int) -> Breach:
    where = facts.name(site)
    return Breach(
        where, where, since, persons(most - limit),
        f"At {where} {persons(most)} wait from {facts.at(since)} on, {persons(most - limit)} more "
        f"than the {limit} that may; call fewer at a time.",
    )


@rule("Nobody waits at a site for longer than its waiting limit.", RASHIDIN)
def waiting_limit(facts: Facts) -> Iterator[Breach]:
    """From the call to the start of boarding; at an exchange from set-down to boarding; in a
    vehicle that waits at a site (a holding area for one) from its arrival to its departure.

    First come, first served. Those who are called and not taken on wait until they are sent
    home.
    """
    for wait in all_waits(facts):
        limit = facts.case.sites[wait.site].waiting_limit
        if limit is None or wait.ends is None or wait.ends - wait.begins <= limit:
            continue
        over = wait.ends - wait.begins - limit
        where = facts.name(wait.site)
        yield Breach(
            wait.who, where, wait.begins, minutes(over),
            f"{persons(wait.persons)} of {wait.group} wait at {where} from "
            f"{facts.at(wait.begins)} to {facts.at(wait.ends)}, {minutes(over)} longer than the "
            f"{minutes(limit)} allowed; call them later.",
        )


@rule("Everyone who boards was called forward by a time slot, early enough and not too late.")
def called_forward(facts: Facts) -> Iterator[Breach]:
    """Calls for a group, site and convoy (or party) cover all who board there for it.

    A call goes out at least the site's `call` minutes before boarding (or before a party sets
    out), on the enclosed side in a window, and not after the site's last call in that window.
    People are called to the site where their group waits. Who is called first boards first. A
    vehicle that crosses no gate afterwards (one that stays inside) is itself what the call serves.
    """
    go: dict[tuple[str, str, str], list[Boarding]] = defaultdict(list)
    for some in boardings(facts):
        go[some.site, some.group, some.serves].append(some)
    come: dict[tuple[str, str, str], list[tuple[int, int]]] = defaultdict(list)
    for call in facts.plan.calls:
        come[call.site, call.group, call.serves].append((call.at, call.persons))
    for key, those in go.items():
        site = facts.case.sites[key[0]]
        leaving = [(b.at, b.persons, b.who) for b in those]
        for came, went, many, who in matched(come.get(key, ()), leaving):
            if went is None:
                continue
            where = facts.name(site.id)
            said = f"{persons(many)} of {key[1]} who board {who} at {where} at {facts.at(went)}"
            if came is None:
                yield Breach(
                    who, where, went, persons(many),
                    f"{said} have not been called for {key[2]}; call them "
                    f"{minutes(site.call)} before.",
                )
            elif came > went - site.call:
                short = came - (went - site.call)
                yield Breach(
                    who, where, went, minutes(short),
                    f"{said} are called at {facts.at(came)}, {minutes(short)} too late to come "
                    f"forward ({minutes(site.call)} are needed).",
                )
    yield from _calls_in_time(facts)


def _calls_in_time(facts: Facts) -> Iterator[Breach]:
    for call in facts.plan.calls:
        where = facts.name(call.site)
        many = persons(call.persons)
        said = f"{many} of {call.group} are called to {where} at {facts.at(call.at)}"
        own = facts.case.groups[call.group].site
        if own != call.site:
            yield Breach(
                call.group, where, call.at, "1 wrong place",
                f"{said}, but they wait at {facts.name(own)}; call them there.",
            )
        number = facts.window_number(call.at)
        if number is None and INSIDE not in facts.case.sites[call.site].sides:
            continue
        if number is None:
            after = facts.window_after(call.at)
            off = after.opens - call.at if after else call.at - facts.windows[-1].closes
            yield Breach(
                call.group, where, call.at, minutes(off),
                f"{said}, {minutes(off)} outside any window; call within one.",
            )
            continue
        last = facts.last_calls.get((call.site, number))
        if last is not None and call.at > last.last_call:
            late = call.at - last.last_call
            yield Breach(
                call.group, where, call.at, minutes(late),
                f"{said}, {minutes(late)} after the last call ({facts.at(last.last_call)}); "
                "do not call them any more.",
            )


@rule(
    "Each point inside has a last call and a send-home time that lets everyone unserved reach "
    "shelter before the window ends; nobody boards after it.",
)
def send_home(facts: Facts) -> Iterator[Breach]:
    """last call ≤ send-home ≤ close − walk to shelter − time to call, site by site.

    Needed for every site on the enclosed side and every window in which people are called to
    it or leave from it; both times lie in that window. Boarding starts, and parties set out, no
    later than the send-home time.
    """
    used: dict[tuple[str, int], int] = {}
    for some in boardings(facts):
        number = facts.window_number(some.at)
        if number is None or INSIDE not in facts.case.sites[some.site].sides:
            continue
        used[some.site, number] = max(some.at, used.get((some.site, number), some.at))
        last = facts.last_calls.get((some.site, number))
        if last is not None and some.at > last.send_home:
            late = some.at - last.send_home
            where = facts.name(some.site)
            yield Breach(
                some.who, where, some.at, minutes(late),
                f"{some.who} takes {persons(some.persons)} from {where} at {facts.at(some.at)}, "
                f"{minutes(late)} after all are sent home ({facts.at(last.send_home)}).",
            )
    for call in facts.plan.calls:
        number = facts.window_number(call.at)
        if number is not None and INSIDE in facts.case.sites[call.site].sides:
            used.setdefault((call.site, number), call.at)
    for (site, number), when in used.items():
        if (site, number) not in facts.last_calls:
            where = facts.name(site)
            latest = facts.latest_send_home(facts.case.sites[site], number)
            yield Breach(
                where, where, when, "1 last call",
                f"People wait at {where} in the window that closes at "
                f"{facts.at(facts.windows[number].closes)}, but no last call is set; set one, and "
                f"send people home by {facts.at(latest)}.",
            )
    yield from _home_in_time(facts)


def _home_in_time(facts: Facts) -> Iterator[Breach]:
    for last in facts.plan.last_calls:
        site = facts.case.sites[last.site]
        where = facts.name(last.site)
        window = facts.windows[last.window]
        latest = facts.latest_send_home(site, last.window)
        if last.send_home > latest:
            late = last.send_home - latest
            yield Breach(
                where, where, last.send_home, minutes(late),
                f"At {where} people are sent home at {facts.at(last.send_home)}, "
                f"{minutes(late)} too late to reach shelter before the window closes at "
                f"{facts.at(window.closes)}; send them by {facts.at(latest)}.",
            )
        if last.last_call > last.send_home:
            late = last.last_call - last.send_home
            yield Breach(
                where, where, last.last_call, minutes(late),
                f"At {where} the last call ({facts.at(last.last_call)}) goes out {minutes(late)} "
                f"after people are sent home ({facts.at(last.send_home)}).",
            )
        if last.last_call < window.opens:
            yield Breach(
                where, where, last.last_call, minutes(window.opens - last.last_call),
                f"At {where} the last call ({facts.at(last.last_call)}) lies before the window "
                f"opens at {facts.at(window.opens)}.",
            )


@rule(
    "At an exchange point whoever is set down is taken on in time, nobody is left, and vehicles "
    "hold at base, not there.",
    RASHIDIN,
)
def exchange_point(facts: Facts) -> Iterator[Breach]:
    """People set down are taken on within the planning rule `exchange_wait`, all of them.

    Matched first come, first served, by group and destination; nobody is taken on before being
    set down (at the end of the service of the vehicle that brings them). A vehicle stays for no
    longer than the likely service of its stops there.
    """
    allowed = facts.case.pause.rules.exchange_wait
    for (site, group, goal), (come, go) in exchanges(facts).items():
        where = facts.name(site)
        for came, went, many, who in matched(come, go):
            said = f"{persons(many)} of {group} for {facts.name(goal)} at {where}"
            yield from _handed_over(facts, said, where, (came, went, many, who), allowed)
    for day in facts.days:
        yield from _stays(facts, day)


def _handed_over(
    facts: Facts,
    said: str,
    where: str,
    match: tuple[int | None, int | None, int, str],
    allowed: int,
) -> Iterator[Breach]:
    came, went, many, who = match
    if went is None:
        yield Breach(
            where, where, came, persons(many),
            f"{said} are set down at {facts.at(came or 0)} and never taken on; send a vehicle.",
        )
    elif came is None:
        yield Breach(
            who, where, went, persons(many),
            f"{said} are taken on by {who} at {facts.at(went)}, but nobody has set them down.",
        )
    elif went < came:
        yield Breach(
            who, where, went, minutes(came - went),
            f"{said} are taken on by {who} at {facts.at(went)}, {minutes(came - went)} before "
            f"they are set down ({facts.at(came)}).",
        )
    elif went - came > allowed:
        over = went - came - allowed
        yield Breach(
            who, where, came, minutes(over),
            f"{said} wait from {facts.at(came)} to {facts.at(went)}, {minutes(over)} longer "
            f"than the {minutes(allowed)} that an exchange may take; bring {who} earlier or let "
            "them leave later.",
        )


def _stays(facts: Facts, day: Day) -> Iterator[Breach]:
    """Stays at an exchange point that last longer than the service."""
    index = 0
    while index < len(day.steps):
        run: list[Stop] = []
        first = day.steps[index]
        for step in day.steps[index:]:
            if not isinstance(step, Stop) or not isinstance(first, Stop) or step.site != first.site:
                break
            run.append(step)
        index += max(1, len(run))
        if not run or any(stop.task in (Task.START, Task.END) for stop in run):
            continue
        site: Site = facts.case.sites[run[0].site]
        if site.kind is not SiteKind.EXCHANGE:
            continue
        served = sum(stop.task is not Task.WAIT for stop in run)
        needed = served * site.service_of(day.kind.id).likely
        over = run[-1].departs - run[0].arrives - needed
        if over > 0:
            where = facts.name(site.id)
            yield Breach(
                day.vehicle, where, run[0].arrives, minutes(over),
                f"{day.vehicle} is at {where} from {facts.at(run[0].arrives)} to "
                f"{facts.at(run[-1].departs)}, {minutes(over)} longer than its service; let it "
                "hold at its base and come later.",
            )

