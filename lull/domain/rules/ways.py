"""Rules about the streets: the line is crossed at gates, streets are approved and cleared."""

from __future__ import annotations

from collections.abc import Iterator

from lull.domain.corridor import Direction, MineStatus
from lull.domain.plan import Crossing
from lull.domain.rules.facts import Day, Facts
from lull.domain.rules.rule import Breach, rule


@rule("The line between the sides is crossed at the gates of a corridor and nowhere else.")
def crossed_at_gates_only(facts: Facts) -> Iterator[Breach]:
    """A vehicle keeps its side from gate to gate; both ends of a way lie on that side.

    A vehicle that comes to an exchange point which lies on two sides stays on the side from
    which it came. A party's site lies on the side of the first gate, its destination on that of
    the far one.
    """
    for day in facts.days:
        yield from _sides_of_day(facts, day)
    for party in facts.plan.parties:
        corridor = facts.case.corridors[party.corridor]
        left, reached = corridor.sides(Direction.OUT)
        site = facts.case.groups[party.group].site
        for place, side, when in (
            (site, left, party.departs),
            (party.destination, reached, party.reaches),
        ):
            if side not in facts.case.sites[place].sides:
                where = facts.name(place)
                yield Breach(
                    party.id, where, when, "1 crossing of the line",
                    f"{party.id} is at {where} at {facts.at(when)}, which does not lie on the "
                    f"side {side!r} of {facts.corridor_name(corridor.id)}; choose a corridor "
                    "that leads there.",
                )


def _sides_of_day(facts: Facts, day: Day) -> Iterator[Breach]:
    here: set[str] = set()
    for index, step in enumerate(day.steps):
        place = facts.comes_to(step)
        sides = set(facts.case.sides_of(place))
        if not index:
            here = (sides & set(day.kind.sides)) or sides
        elif not here & sides:
            before = facts.name(facts.goes_from(day.steps[index - 1]))
            where = facts.name(place)
            yield Breach(
                day.vehicle, where, step.arrives, "1 crossing of the line",
                f"{day.vehicle} goes from {before} to {where}, where it arrives at "
                f"{facts.at(step.arrives)}, across the line without a gate; lead it through a "
                "corridor.",
            )
            here = sides
        else:
            here = here & sides
        if isinstance(step, Crossing):
            here = {facts.case.corridors[step.corridor].sides(step.direction)[1]}


@rule(
    "Vehicles and parties keep to approved streets, unless the plan is a draft or a named role "
    "has overridden with a reason.",
    "Agreements name specific routes: ICRC on Mariupol, 6 March 2022, "
    "https://indianeconomicobserver.com/news/russia-ukraine-conflict-second-attempt-to-evacuate-"
    "civilians-from-mariupol-failed-says-icrc20220306215333",
)
def approved_streets(facts: Facts) -> Iterator[Breach]:
    """A way is approved when every street of it lies on an approved route.

    A plan that says of itself that it is a draft may use others. Where the folder makes any plan
    a draft, a plan that does not say so is itself a violation. An override stands in the folder
    or in the plan.
    """
    plan = facts.plan
    if facts.case.draft and not plan.draft:
        yield Breach(
            "The plan", "", None, "1 plan",
            f"Any plan on this folder is a draft only ({facts.case.draft}), but this one does "
            "not say so; mark it as a draft.",
        )
    if plan.draft or _signed(facts, "approved_streets"):
        return
    for move in facts.moves:
        if move.leg is not None and not move.leg.approved:
            way = f"from {facts.name(move.start)} to {facts.name(move.end)}"
            yield Breach(
                move.who, way, move.leaves, "1 way",
                f"{move.who} goes {way} at {facts.at(move.leaves)} on streets that are not "
                "approved; use an approved route, mark the plan as a draft or let a named role "
                "override with a reason.",
            )


@rule(
    "Streets and corridors are cleared of mines in the direction of travel, or a named role has "
    "overridden with a reason that is printed.",
    "Demining of the whole route in both directions before a corridor opened: Ukraine, March "
    "2022, https://novosti.dn.ua/news/321945-gumanitarnye-koridory-otkroyutsya-19-marta-v-ukraine",
)
def mines_cleared(facts: Facts) -> Iterator[Breach]:
    """Unknown is not cleared. A corridor's own override holds for that corridor alone.

    An override in the folder or the plan holds for every way. A draft is no excuse.
    """
    if _signed(facts, "mines_cleared"):
        return
    for move in facts.moves:
        way = f"from {facts.name(move.start)} to {facts.name(move.end)}"
        if move.passes is not None:
            corridor = facts.case.corridors[move.passes[0]]
            status = corridor.mine_status(move.passes[1])
            if corridor.mines_override is not None:
                continue
            if status is not MineStatus.CLEARED:
                where = facts.corridor_name(corridor.id)
                yield Breach(
                    move.who, where, move.leaves, "1 corridor",
                    f"{move.who} passes {where} {move.passes[1].value} at "
                    f"{facts.at(move.leaves)}, where the mine status is {_said(status)}; have "
                    "it cleared, take another or let a named role override with a reason.",
                )
                continue
        if move.leg is not None and move.leg.mined:
            yield Breach(
                move.who, way, move.leaves, "1 way",
                f"{move.who} goes {way} at {facts.at(move.leaves)} on a street under suspicion "
                "of mines; go round it, have it cleared or let a named role override with a "
                "reason.",
            )


def _said(status: MineStatus) -> str:
    return "unknown" if status is MineStatus.UNKNOWN else "residual (some may be left)"


def _signed(facts: Facts, rule_name: str) -> bool:
    """Whether a named role has set a rule aside with a reason, in the folder or the plan."""
    if rule_name in facts.case.overrides:
        return True
    role, reason = facts.plan.overrides.get(rule_name, ("", ""))
    return bool(role.strip() and reason.strip())
