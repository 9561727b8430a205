"""The rule about people who are refused on the way: a seat back is planned."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping

from lull.domain.fleet import Use
from lull.domain.people import Category
from lull.domain.place import INSIDE
from lull.domain.plan import Convoy, Stop
from lull.domain.rules.facts import Facts, Passing, counted, persons
from lull.domain.rules.people import aboard_convoy
from lull.domain.rules.rule import Breach, rule

SERVES = {
    Category.CIVILIANS: frozenset({Use.PASSENGERS}),
    Category.PATIENTS: frozenset({Use.WOUNDED, Use.PASSENGERS}),
    Category.FIGHTERS: frozenset({Use.FIGHTERS}),
}


@rule(
    "After each convoy out, seats back are kept for the share of it that may be refused, on "
    "convoys that reach a site inside before its people are sent home.",
    "A refused member of a family means that all may return (family unity): ICRC news release "
    "18/15, 14 March 2018, http://www.rks.si/sl/News_1/Syria_Evacuations_of_civilians_must_be_humane/",
)
def return_seats(facts: Facts) -> Iterator[Breach]:
    """⌈return share × persons⌉ seats, for every convoy out of the enclosed side with people.

    They are kept on convoys into the enclosed side that start in the same window no earlier
    than the outbound one has left the far gate. All that is kept on an inbound convoy fits the
    empty seats (⌊seats × fill⌋) of those of its vehicles which may carry such people (passengers
    or patients, patients' companions among them; fighters) and whose next stop, at a site inside,
    begins by that site's send-home time (or, where none is planned, by the last minute at which
    people can be sent home).
    """
    share = facts.case.pause.rules.return_share
    kept: dict[str, int] = defaultdict(int)
    used: dict[str, int] = defaultdict(int)
    for line in facts.plan.return_seats:
        why = _why_not(facts, facts.convoys[line.outbound], facts.convoys[line.inbound])
        if why:
            convoy = facts.convoys[line.inbound]
            where = facts.corridor_name(convoy.corridor)
            yield Breach(
                line.inbound, where, convoy.starts, counted(line.seats, "seat"),
                f"{counted(line.seats, 'seat')} for people refused from convoy {line.outbound} "
                f"are kept on convoy {line.inbound} at {facts.at(convoy.starts)}, but {why}.",
            )
        kept[line.outbound] += line.seats
        used[line.inbound] += line.seats
    for convoy in facts.plan.convoys:
        if not facts.leaves_inside(convoy):
            continue
        out = sum(many for many, _ in aboard_convoy(facts, convoy).values())
        lacking = math.ceil(share * out - 1e-9) - kept.get(convoy.id, 0)
        if lacking > 0:
            where = facts.corridor_name(convoy.corridor)
            yield Breach(
                convoy.id, where, convoy.starts, counted(lacking, "seat"),
                f"Convoy {convoy.id} takes {persons(out)} out through {where} at "
                f"{facts.at(convoy.starts)}; {counted(lacking, 'return seat')} more must be kept "
                "on a convoy that goes back in.",
            )
    yield from _too_few_seats(facts, used)


def _why_not(facts: Facts, outbound: Convoy, inbound: Convoy) -> str:
    """Why an inbound convoy cannot hold seats for an outbound one; empty if it can."""
    if facts.case.corridors[inbound.corridor].sides(inbound.direction)[1] != INSIDE:
        return "it does not go into the enclosed side"
    gone = max((p.step.leaves for p in facts.passings_of.get(outbound.id, ())), default=None)
    if gone is None:
        return f"nobody passes in convoy {outbound.id}"
    if inbound.starts < gone:
        return f"it starts before convoy {outbound.id} has left ({facts.at(gone)})"
    if facts.window_number(inbound.starts) != facts.window_number(outbound.starts):
        return "it goes in another window"
    return ""


def _too_few_seats(facts: Facts, used: Mapping[str, int]) -> Iterator[Breach]:
    outbound: dict[str, set[Use]] = defaultdict(set)
    for line in facts.plan.return_seats:
        for key in aboard_convoy(facts, facts.convoys[line.outbound]):
            outbound[line.inbound] |= SERVES[facts.group(key).category]
    for name, seats in used.items():
        passings = facts.passings_of.get(name, ())
        fits = sum(_empty_seats(facts, p, outbound[name]) for p in passings)
        if seats > fits:
            convoy = facts.convoys[name]
            where = facts.corridor_name(convoy.corridor)
            yield Breach(
                name, where, convoy.starts, counted(seats - fits, "seat"),
                f"{counted(seats, 'return seat')} are kept on convoy {name} at "
                f"{facts.at(convoy.starts)}, but only {fits} are empty and reach a site inside "
                "before people there are sent home.",
            )


def _empty_seats(facts: Facts, passing: Passing, uses: set[Use]) -> int:
    """Seats of one inbound vehicle that can bring people back under shelter in time."""
    kind = passing.day.kind
    if not kind.uses & uses:
        return 0
    after = passing.day.steps[passing.index + 1 :]
    stop = next((step for step in after if isinstance(step, Stop)), None)
    if stop is None or INSIDE not in facts.case.sites[stop.site].sides:
        return 0
    number = facts.window_number(passing.step.enters)
    if number is None or stop.arrives > facts.send_home(facts.case.sites[stop.site], number):
        return 0
    seats = int(kind.seats * facts.case.pause.rules.fill + 1e-9)
    return max(0, seats - (passing.load.persons - passing.load.lying))
