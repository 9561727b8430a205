"""A plan made again with a margin for each corridor, and what it then gives on the same days.

A corridor's margin is kept twice: the plan is made for corridors that close so much earlier, and on
the day nobody goes in who would not be out so much earlier even at the high times. The end itself
stays where it is; only so does a late vehicle find the minutes that were set aside for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from attrs import evolve, frozen

from lull.domain.case import Case
from lull.domain.corridor import Corridor
from lull.domain.pause import Pause
from lull.domain.plan import Plan
from lull.domain.rules import judge
from lull.domain.time import Window
from lull.plan import make_plan
from lull.questions.days import NamedPolicy
from lull.questions.runs import Told, silent
from lull.simulate import MEASURES, Band, Executor, Outcome, Uncertainty, margins, simulate
from lull.simulate.margins import Margin

ROUNDS = 4
"""Times that margins are widened: a plan made anew is late for other reasons than the one before.
"""

Stop = Callable[[], bool]


@frozen
class Beside:
    """One measure before and after; `difference` is the band of (after − before) day by day."""

    name: str
    unit: str
    before: Band
    after: Band
    difference: Band


@frozen(eq=False)
class Margined:
    """The plan made again, its margins, and both plans on the same days.

    `extra` are minutes by corridor beyond the plan's own margin; `day` is the policy with them kept
    as a reserve. `before` and `after` are outcomes with common random numbers. `met` says whether
    the chance of being late or never out is under the limit in every corridor, as `margins` of the
    new plan show it; `words` says what stands in the way if not. `plan` is None where none that
    keeps the rules was found.
    """

    plan: Plan | None
    day: NamedPolicy
    extra: Mapping[str, int]
    before: Outcome
    after: Outcome | None
    margins: tuple[Margin, ...]
    rounds: int
    met: bool
    words: str

    def beside(self) -> tuple[Beside, ...]:
        """Each measure of both plans, with the mean of the days' differences."""
        if self.after is None:
            return ()
        return tuple(
            Beside(m.name, m.unit, self.before.band(m.name), self.after.band(m.name),
                   Band.of(self.after.values(m.name) - self.before.values(m.name)))
            for m in MEASURES)


def with_margins(
    case: Case, uncertainty: Uncertainty, day: NamedPolicy, found: Sequence[Margin],
    before: Outcome, *, limit: float, work: int, seed: int, plan_seed: int = 0,
    executor: Executor | None = None, progress: Told = silent, stop: Stop | None = None,
) -> Margined:
    """Plan again with margins, and widen them until the limit is met or nothing more helps.

    `found` are the margins of the plan before, `before` its outcome, whose seed and replications
    the new one gets. The best of the plans so made is kept: the first that meets the limit, else
    the one with the fewest late days.
    """
    halted = stop or (lambda: False)
    extra = {m.corridor: _more(m) for m in found}
    best: Margined | None = None
    for turn in range(1, ROUNDS + 1):
        progress("planning with margins", turn, ROUNDS)
        made = make_plan(earlier(case, extra), work=work, seed=plan_seed, stop=stop,
                         stop_bound=lambda: True)
        if made.refused or judge(case, made.plan) or not (made.plan.vehicles or made.plan.parties):
            break
        kept = NamedPolicy(f"{day.name} with margins", evolve(day.policy, reserve_of=dict(extra)),
                           f"{day.words} Going in ends by the margin of its corridor earlier.")
        how = {"replications": before.replications, "seed": seed}
        late = margins(case, made.plan, uncertainty, kept.policy, limit=limit, executor=executor,
                       progress=lambda done, most: progress("the new plan's margins", done, most),
                       **how)
        met = all(m.extra is not None and m.extra <= 0 for m in late)
        one = Margined(made.plan, kept, dict(extra), before, None, late, turn, met, "")
        best = one if best is None or met or _late(one) < _late(best) else best
        widened = {m.corridor: extra.get(m.corridor, 0) + _more(m) for m in late}
        if met or halted() or all(widened[c] == extra.get(c, 0) for c in widened):
            break
        extra = {**extra, **widened}
    if best is None or best.plan is None:
        return Margined(None, day, extra, before, None, tuple(found), 0, met=False,
                        words="No plan that keeps the rules was found with these margins.")
    after = simulate(case, best.plan, uncertainty, best.day.policy, seed=seed,
                     replications=before.replications, executor=executor,
                     progress=lambda done, most: progress("the new plan's days", done, most))
    return evolve(best, after=after, words=_words(best, limit))


def _late(of: Margined) -> int:
    return sum(m.late.count for m in of.margins)


def _more(margin: Margin) -> int:
    """Minutes to add: the margin itself, or as far as time helps those who do come out."""
    if margin.extra is not None:
        return max(0, margin.extra)
    return max(0, margin.of_those_out or 0)


def earlier(case: Case, extra: Mapping[str, int]) -> Case:
    """The same case, each corridor open until the pause's margin and its own before each close."""
    return evolve(case, corridors={
        name: _closes_earlier(corridor, case.pause, extra[name]) if extra.get(name) else corridor
        for name, corridor in case.corridors.items()})


def _closes_earlier(corridor: Corridor, pause: Pause, extra: int) -> Corridor:
    hours = []
    for window in pause.windows:
        last = window.closes - pause.rules.margin - extra
        for spell in corridor.open_hours or (window,):
            opens, closes = max(spell.opens, window.opens), min(spell.closes, last)
            if opens < closes:
                hours.append(Window(opens, closes))
    first = pause.windows[0].opens
    return evolve(corridor, open_hours=tuple(hours) or (Window(first, first + 1),))


def _words(of: Margined, limit: float) -> str:
    if of.met:
        return f"In every corridor the chance of being late is shown to be under {limit:g}."
    over = [m for m in of.margins if m.extra is None or m.extra > 0]
    names = ", ".join(m.corridor for m in over)
    never = sum(m.never_out.count for m in over)
    if any(m.late.of < m.needed for m in over):
        return f"The replications are too few to show a chance under {limit:g}."
    why = (f"on {never} days someone never comes out, which no margin helps" if never
           else "what is still late comes from halts and closures that outlast the margin")
    return f"Still above {limit:g}: {names}; {why}."
