"""Who is on board of broken vehicles, and who fetches them, in sentences for the coordinator."""

from __future__ import annotations

from collections.abc import Iterator

from lull.domain.case import Case
from lull.domain.place import INSIDE
from lull.domain.plan import Crossing, Plan, Stop, Task
from lull.questions.stranded import Stranded
from lull.questions.underway import Underway


def on_board(
    case: Case, under: Underway, with_fetching: Plan, plan: Plan, now: int
) -> Iterator[str]:
    """A sentence for each vehicle that broke down: who is on board, where, and who fetches them.

    `with_fetching` is what stands with those sent for them first, `plan` the whole new plan.
    """
    kept = {c.id for c in under.kept.convoys}
    sent = {c.id for c in with_fetching.convoys} - kept
    for one in under.stranded:
        yield _said(case, one, plan, sent, now)


def _said(case: Case, one: Stranded, plan: Plan, sent: set[str], now: int) -> str:
    clock = case.pause.clock
    said = f"{one.vehicle} has broken down {one.where} at {clock.hhmm(one.at)}"
    side = "on the enclosed side" if one.inside else "outside"
    if not one.people:
        aid = " and its load of aid" if one.goods else ""
        crew = f"its crew{aid} to be brought out" if one.inside else f"nobody on board{aid}"
        return f"{said}, {side}, without passengers: {crew}."
    count = f"{said}, {side}, with {one.persons} people on board. They count as waiting there"
    together = sum(h.size * h.number for h in one.households) - one.persons
    if together > 0:
        count += f", and {together} of their families who are in other vehicles with them"
    how = _fetched(case, one, plan, sent)
    if how:
        return f"{count}. {how}"
    by = _first_by(case, one, plan, now)
    return (f"{count}. TO BE FETCHED BY HAND {one.where}: no vehicle can be planned to fetch them."
            f"{by}")


def _fetched(case: Case, one: Stranded, plan: Plan, sent: set[str]) -> str:
    """Who is planned to take them on, where and when, and when they are out."""
    groups = {p.group for p in one.people}
    found = []
    for day in plan.vehicles:
        for i, step in enumerate(day.steps):
            if not isinstance(step, Stop) or step.task is not Task.LOAD or (
                    step.site != one.pick_up or not groups & {p.group for p in step.people}):
                continue
            out = next((s for s in day.steps[i:] if isinstance(s, Crossing)), None)
            if out is not None and out.convoy in sent:
                found.append((step.starts, day.vehicle, out))
    if not found:
        return ""
    clock, site = case.pause.clock, case.sites[one.pick_up]
    starts, _, out = min(found, key=lambda f: f[0])
    vehicles = ", ".join(sorted({v for _, v, _ in found}))
    corridor = case.corridors[out.corridor]
    return (f"{vehicles} comes for them before all else: planned as boarding at "
            f"{site.name or site.id} at {clock.hhmm(starts)}, the last place on their way, out by "
            f"{corridor.name or corridor.id} at {clock.hhmm(max(o.leaves for _, _, o in found))}; "
            f"tell the driver where they really are ({one.where}).")


def _first_by(case: Case, one: Stranded, plan: Plan, now: int) -> str:
    """Until when, and whom to send: the next vehicle that passes or comes home."""
    window = next((w for w in case.pause.windows if w.closes > now), None)
    if window is None:
        return " The last window has closed: ask both sides at once for leave to fetch them."
    clock, limit = case.pause.clock, window.closes - case.pause.rules.margin
    until = (f" They must be out by {clock.hhmm(limit)}; if they cannot be, bring them under the "
             "nearest shelter before." if one.inside else "")
    passing = sorted(
        (s.enters, v) for v, s in plan.crossings()
        if s.enters >= now and v != one.vehicle
        and case.corridors[s.corridor].sides(s.direction)[1 if one.inside else 0] == INSIDE)
    return (f" The next vehicle to come by is {passing[0][1]}, at the gate at "
            f"{clock.hhmm(passing[0][0])}.{until}" if passing else until)
