"""Rules about sites: bays, minutes, hours, places, and the level of hospitals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from lull.domain.people import Need
from lull.domain.place import Site
from lull.domain.plan import Task
from lull.domain.rules.checkpoints import overfull
from lull.domain.rules.facts import SERVED, Facts, minutes, persons
from lull.domain.rules.rule import Breach, rule


@rule("No more vehicles are served at a site at once than it has bays.")
def site_bays(facts: Facts) -> Iterator[Breach]:
    """A vehicle that loads or unloads holds a bay from `starts` for the likely service minutes.

    Two stops one after the other at one site (unload, then load) hold it for both.
    """
    held: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for halt in facts.halts:
        if halt.site.bays is not None and halt.minutes:
            held[halt.site.id].append((halt.stop.starts, halt.done))
    for name, spells in held.items():
        bays = facts.case.sites[name].bays or 0
        where = facts.name(name)
        for start, end, most in overfull(spells, bays):
            yield Breach(
                where, where, start, f"{most - bays} too many for {minutes(end - start)}",
                f"At {where} {most} vehicles are served from {facts.at(start)} to "
                f"{facts.at(end)} where there are {bays} bays; let {most - bays} come later.",
            )


@rule("A vehicle that loads or unloads stays at least the likely service minutes.")
def site_minutes(facts: Facts) -> Iterator[Breach]:
    """From the start of service to departure, by vehicle type."""
    for halt in facts.halts:
        short = halt.done - halt.stop.departs
        if short > 0 and halt.stop.departs >= halt.stop.starts:
            where = facts.name(halt.site.id)
            yield Breach(
                halt.vehicle, where, halt.stop.starts, minutes(short),
                f"{halt.vehicle} is served at {where} from {facts.at(halt.stop.starts)} to "
                f"{facts.at(halt.stop.departs)}; to {halt.stop.task.value} likely takes "
                f"{minutes(halt.minutes)}, so the plan is {minutes(short)} short.",
            )


@rule("Sites are used in their opening hours.")
def site_hours(facts: Facts) -> Iterator[Breach]:
    """Through the whole service; parties leave their site and reach their destination in hours.

    Starting, waiting and ending need no open site.
    """
    for halt in facts.halts:
        if halt.stop.task in SERVED:
            yield from _in_hours(facts, halt.vehicle, halt.site, halt.stop.starts, halt.done)
    for party in facts.plan.parties:
        site = facts.case.sites[facts.case.groups[party.group].site]
        yield from _in_hours(facts, party.id, site, party.departs, party.departs)
        goal = facts.case.sites[party.destination]
        yield from _in_hours(facts, party.id, goal, party.reaches, party.reaches)


def _in_hours(facts: Facts, who: str, site: Site, start: int, end: int) -> Iterator[Breach]:
    if site.is_open(start, end):
        return
    over = min(max(w.opens - start, end - w.closes) for w in site.open_hours)
    hours = ", ".join(f"{facts.at(w.opens)} to {facts.at(w.closes)}" for w in site.open_hours)
    where = facts.name(site.id)
    yield Breach(
        who, where, start, minutes(over),
        f"{who} is at {where} from {facts.at(start)} to {facts.at(end)}, {minutes(over)} outside "
        f"its hours ({hours}); come within them or ask for longer ones.",
    )


@rule("No site takes in more people than it has places, by kind of need.")
def site_capacity(facts: Facts) -> Iterator[Breach]:
    """Those who have arrived for good by the end of each window, all windows before included.

    Patients with the need `critical` take critical places, other patients stretcher places;
    companions and everyone else take seated ones. No figure means no limit known. Arrivals
    after a window count in the next, those after the last in the last.
    """
    closes = [w.closes for w in facts.windows]
    taken: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * len(closes))
    for place, kind, when, many in _arrivals(facts):
        number = next((n for n, close in enumerate(closes) if when <= close), len(closes) - 1)
        taken[place, kind][number] += many
    for (name, kind), by_window in taken.items():
        site = facts.case.sites[name]
        room = getattr(site, f"capacity_{kind}")
        total = 0
        for number, many in enumerate(by_window):
            before, total = total, total + many
            if room is None or total <= room or before > room:
                continue
            where = facts.name(name)
            yield Breach(
                where, where, closes[number], persons(total - room),
                f"By {facts.at(closes[number])} {where} has taken in {total} on {room} "
                f"{kind} places; send {persons(total - room)} to another site.",
            )


def _arrivals(facts: Facts) -> Iterator[tuple[str, str, int, int]]:
    """(site, kind of place, minute, persons) for all who arrive for good."""
    for halt in facts.halts:
        if halt.stop.task is not Task.UNLOAD:
            continue
        for line in halt.stop.people:
            if line.destination != halt.site.id:
                continue
            critical = facts.case.groups[line.group].need is Need.CRITICAL
            lying = "critical" if critical else "stretcher"
            yield halt.site.id, lying, halt.stop.starts, line.stretchers
            yield halt.site.id, "seated", halt.stop.starts, line.persons - line.stretchers
    for party in facts.plan.parties:
        if not party.bound_for:
            yield party.destination, "seated", party.reaches, party.persons


@rule("Patients go to a hospital of at least the level that they need.")
def hospital_level(facts: Facts) -> Iterator[Breach]:
    """By the group's `hospital_level`; 0 asks for none."""
    for halt in facts.halts:
        if halt.stop.task is not Task.LOAD:
            continue
        for line in halt.stop.people:
            need = facts.case.groups[line.group].hospital_level
            goal = facts.case.sites[line.destination]
            if goal.hospital_level < need and line.persons:
                lacking = need - goal.hospital_level
                yield Breach(
                    halt.vehicle, facts.name(goal.id), halt.stop.starts,
                    f"{lacking} {'level' if lacking == 1 else 'levels'}",
                    f"{halt.vehicle} takes {persons(line.persons)} of {line.group} to "
                    f"{facts.name(goal.id)} at {facts.at(halt.stop.starts)}; they need a hospital "
                    f"of level {need} and this one has {goal.hospital_level}.",
                )
