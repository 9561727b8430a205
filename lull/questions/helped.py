"""Rounds under way, changed no more than it takes for them to break no rule.

Each round that a rule blames is changed a step further, from the mildest change on: held at once,
given room before others, held where it loaded instead of at the gate, made to make up for its
delay, led out by another corridor, sent out without those who have not boarded, turned back. Of all
that was tried the best is kept: first that nobody is caught inside, then that no other rule is
broken, then who is moved, then how little was changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from attrs import evolve, frozen

from lull.domain.case import Case
from lull.domain.plan import Crossing, Plan
from lull.domain.rules import Violation, judge
from lull.domain.worth import arrived
from lull.questions.choice import AS_IT_IS, Choice, Part
from lull.questions.reports import Report
from lull.questions.standing import Standing
from lull.questions.underway import Group, Underway, groups_of, home

MOST_TRIED = 24
"""How many changes are tried at most."""

CAUGHT = frozenset({"nobody_inside_at_end", "last_safe_departure"})
"""Rules by which people could be caught inside."""

Step = Callable[[Choice, Part], Choice]

STEPS: tuple[Step, ...] = (
    lambda c, p: evolve(c, at_once=c.at_once | {p}),
    lambda c, p: evolve(c, first=(p, *(q for q in c.first if q != p))),
    lambda c, p: evolve(c, waits=c.waits | {p}),
    lambda c, p: evolve(c, tight=c.tight | {p}),
    lambda c, p: evolve(c, other_way=c.other_way | {p}),
    lambda c, p: evolve(c, other_way=c.other_way - {p}, unloaded=c.unloaded | {p}),
    lambda c, p: evolve(c, unloaded=c.unloaded - {p}, back=c.back | {p}),
)


@frozen
class _Tried:
    """What one choice comes to; the smaller `cost`, the better."""

    under: Underway
    broken: tuple[Violation, ...]
    cost: tuple[int, int, int, int]


def helped(
    case: Case, plan: Plan, now: int, reports: Sequence[Report], reaches: int
) -> tuple[Underway, tuple[Violation, ...]]:
    """What stands of a plan, with the mildest choice found that breaks the fewest rules.

    With it what it still breaks; `case` has its corridors as the reports leave them.
    """
    best = latest = _tried(case, plan, now, reports, reaches, AS_IT_IS)
    level: dict[Part, int] = {}
    known = {part: g.parts[0] for g in groups_of(plan) for part in g.parts}
    for _ in range(MOST_TRIED):
        blamed = _blamed(case, latest.under.kept, latest.broken, now, known)
        raised = [p for p in blamed if level.get(p, 0) < len(STEPS)]
        if not raised:
            break
        choice = latest.under.choice
        for part in raised:
            choice = STEPS[level.get(part, 0)](choice, part)
            level[part] = level.get(part, 0) + 1
        latest = _tried(case, plan, now, reports, reaches, choice)
        if latest.cost < best.cost:
            best = latest
        if not any(best.cost[:2]):
            break
    return best.under, best.broken


def _tried(case: Case, plan: Plan, now: int, reports: Sequence[Report], reaches: int,
           choice: Choice) -> _Tried:
    under = Standing(case, plan, now, reports, choice=choice, reaches=reaches).of()
    broken = judge(case, under.kept)
    caught = sum(v.rule in CAUGHT for v in broken)
    changes = sum(len(x) for x in (
        choice.at_once, choice.first, choice.waits, choice.tight, choice.other_way,
        choice.unloaded, choice.back))
    moved = sum(arrived(under.kept).persons.values())
    return _Tried(under, broken, (caught, len(broken) - caught, -moved, changes))


def _blamed(
    case: Case, kept: Plan, broken: Iterable[Violation], now: int, known: Mapping[Part, Part]
) -> list[Part]:
    """The groups, by their parts in the old plan, that breaches still ahead are by, or at.

    `known` names the group of each part.
    """
    found: dict[Part, None] = {}
    groups = groups_of(kept)
    for breach in broken:
        when = breach.when_minute
        if when is not None and when < now:
            continue
        for group in groups:
            if _is_by(case, group, breach.who, when) or (
                    breach.who == breach.where and when is not None
                    and is_at(case, group, breach.where, when)):
                found[known[group.parts[0]]] = None
    return list(found)


def _is_by(case: Case, group: Group, who: str, when: int | None) -> bool:
    """Whether a group is the convoy that is meant, or has the vehicle at that minute."""
    steps = group.steps.get(who)
    if steps is None:
        return any(isinstance(s, Crossing) and s.convoy == who
                   for some in group.steps.values() for s in some)
    return when is None or group.outs[who] <= when <= home(case, who, steps)


def is_at(case: Case, group: Group, where: str, when: int) -> bool:
    """Whether a group is in a checkpoint or a bay by its name at a minute."""
    for steps in group.steps.values():
        for step in steps:
            if isinstance(step, Crossing):
                name, ident = case.corridors[step.corridor].name, step.corridor
                spell = step.enters, step.cleared
            else:
                name, ident = case.sites[step.site].name, step.site
                spell = step.arrives, step.departs
            if where in (name, ident, f"{name} ({ident})") and (
                    spell[0] <= when < max(spell[1], spell[0] + 1)):
                return True
    return False
