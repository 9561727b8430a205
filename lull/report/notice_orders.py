"""What a movement does when it cannot go on: orders given in advance, from what the plan says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from lull.domain.case import Case
from lull.domain.corridor import Direction
from lull.domain.place import SiteKind
from lull.domain.plan import LastCall, Plan
from lull.domain.travel import FOOT, OWN_CAR
from lull.report.movements import Movement, gate_of
from lull.report.words import count_of, site_name, stamp


def turning_back(case: Case, plan: Plan, movement: Movement) -> str:
    """Where to turn back to if the gate is closed or the check refuses, and when people are sent
    home; empty where the plan names no place before the gate."""
    if not movement.before:
        return ""
    corridor = case.corridors[movement.corridor]
    said = ["If the gate is closed or the check refuses, turn back to "
            f"{_or([site_name(case, v.place) for v in movement.before])}, each to where it came "
            "from."]
    if corridor.holding_limit is not None and (movement.people or movement.units):
        said.append(f"Nobody waits loaded at the gate for more than {corridor.holding_limit} "
                    "minutes.")
    if movement.direction is Direction.OUT:
        said += _sent_home(case, _last_calls(case, plan, movement))
        seats = sum(kept.seats for kept in plan.return_seats if kept.outbound in movement.convoys)
        if seats:
            said.append(f"{count_of(seats, 'seat')} back in {'is' if seats == 1 else 'are'} kept "
                        "for those who are refused.")
    return " ".join(said)


def _last_calls(case: Case, plan: Plan, movement: Movement) -> Iterable[LastCall]:
    places = {visit.place for visit in movement.before}
    window = case.pause.window_at(movement.gates[0].arrives)
    return [last for last in plan.last_calls if last.site in places
            and case.pause.windows[last.window] is window]


def _sent_home(case: Case, last_calls: Iterable[LastCall]) -> Iterable[str]:
    """A sentence for each time at which people are sent home, with the places in it."""
    places: dict[int, list[str]] = defaultdict(list)
    for last in last_calls:
        places[last.send_home].append(site_name(case, last.site))
    for minute, names in sorted(places.items()):
        yield (f"Whoever has not been taken on is sent home at {stamp(case.pause.clock, minute)}: "
               f"{', '.join(names)}.")


def nearest_shelter(case: Case, movement: Movement) -> str:
    """The nearest shelter to each gate, or that of the places before it; empty where the folder
    has none."""
    said = [words for gate in movement.gates if (words := _from_gate(case, movement, gate.place))]
    walks: dict[int, list[str]] = defaultdict(list)
    for visit in movement.before:
        if visit.place in case.sites:
            site = case.sites[visit.place]
            walks[site.walk_to_shelter].append(site.name or site.id)
    said += [f"Shelter is {minutes} minutes on foot from {', '.join(names)}."
             for minutes, names in sorted(walks.items()) if minutes]
    return " ".join(said)


def _from_gate(case: Case, movement: Movement, gate: str) -> str:
    profile = next(iter(sorted(movement.vehicles)), OWN_CAR if movement.cars else FOOT)
    if gate not in case.travel.index or profile not in case.travel.profiles:
        return ""
    found = [
        (leg.likely, site.id) for site in case.sites.values()
        if site.kind is SiteKind.SHELTER and site.id in case.travel.index
        and (leg := case.leg(profile, gate, site.id))
    ]
    if not found:
        return ""
    minutes, site = min(found)
    known = gate_of(case, gate)[1]
    return f"From the gate {known.name or known.side}: {site_name(case, site)}, {minutes} minutes."


def _or(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
