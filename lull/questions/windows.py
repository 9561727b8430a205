"""Which window is long enough, and which is proven too short, by planning at several lengths.

A length is enough where a plan that keeps every rule reaches the aim. It is too short where what no
plan of that length can exceed falls short of the aim; then so is every shorter one, as a plan for a
shorter window is one for a longer window too. Between the two nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import define, evolve, field, frozen

from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.domain.refusal import Refusal, require
from lull.domain.rules import judge
from lull.domain.worth import arrived
from lull.plan import LeftBehind, make_plan
from lull.plan.cannot import cannot_plan
from lull.plan.proof.wanted import most_wanted
from lull.questions.aim import Aim

Stop = Callable[[], bool]
Told = Callable[[str, int, int], None]

CLOSE = 1e-6
"""Share of a value within which a bound does not lie below it."""


@frozen
class Try:
    """One length that was looked at: whether a plan reached the aim, whether none can.

    `persons`, `patients` and `tonnes` arrive by the plan that was made for it; None where only the
    bound was asked.
    """

    minutes: int
    reached: bool = False
    ruled_out: bool = False
    persons: int | None = None
    patients: int | None = None
    tonnes: float | None = None


@define(eq=False)
class Windows:
    """Plans and bounds of one case at several lengths of its window.

    `left` is what the plan for the longest window leaves behind, while none reaches the aim.
    Raises Refusal for a pause of several windows, and for one that cannot be planned for.
    """

    case: Case
    aim: Aim
    work: int
    seed: int
    told: Told
    stop: Stop
    tries: dict[int, Try] = field(init=False, factory=dict)
    plans: dict[int, Plan] = field(init=False, factory=dict)
    left: tuple[LeftBehind, ...] = field(init=False, default=())

    def __attrs_post_init__(self) -> None:
        require(len(self.case.pause.windows) == 1,
                "The shortest window is asked of a pause with one window; this one has "
                f"{len(self.case.pause.windows)}.")
        refused = cannot_plan(self.case)
        if refused:
            raise Refusal(" ".join(refused))

    def _steps(self, minutes: int) -> Told:
        return lambda what, done, total: self.told(f"{minutes} minutes: {what}", done, total)

    def plan(self, minutes: int) -> bool:
        """Whether a plan for a window of so many minutes reaches the aim."""
        tried = self.tries.get(minutes, Try(minutes))
        if tried.persons is not None:
            return tried.reached
        case = lasting(self.case, minutes)
        result = make_plan(
            self.aim.first(case), work=self.work, seed=self.seed, stop=self.stop,
            stop_bound=lambda: True, progress=self._steps(minutes))
        plan = result.plan
        got = arrived(plan)
        reached = self.aim.reached_by(case, plan) and not judge(case, plan)
        self.tries[minutes] = evolve(
            tried, reached=reached, persons=sum(got.persons.values()),
            patients=sum(got.patients.values()),
            tonnes=sum(case.items[item].kg * many for (item, _), many in got.units.items()) / 1000)
        if reached:
            self.plans[minutes] = plan
        elif not self.plans and minutes >= max(self.tries):
            self.left = result.left
        return reached

    def rule_out(self, minutes: int) -> bool:
        """Whether a window of so many minutes is proven too short."""
        self.told(f"{minutes} minutes: what no plan can exceed", 0, 0)
        case = lasting(self.case, minutes)
        worth = self.aim.worth(case)
        below = worth - CLOSE * max(1.0, worth)
        ruled_out = most_wanted(
            self.aim.alone(case), self.aim.wanted(case), below, self.stop) < below
        self.tries[minutes] = evolve(self.tries.get(minutes, Try(minutes)), ruled_out=ruled_out)
        return ruled_out

    @property
    def enough(self) -> int | None:
        """The least length that a plan has shown to be enough."""
        return min((t.minutes for t in self.tries.values() if t.reached), default=None)

    @property
    def too_short(self) -> int:
        """The greatest length that is proven too short; 0 if none is."""
        return max((t.minutes for t in self.tries.values() if t.ruled_out), default=0)

    def search(self, step: int, longest: int) -> None:
        """Close in on both lengths to within `step` minutes, looking no further than `longest`."""
        length = min(longest, self.case.pause.windows[0].minutes)
        if not self.plan(length) and not self.stop() and self.rule_out(longest):
            return
        low = 0
        while not self.stop() and not self.plan(length) and length < longest:
            low, length = length, min(longest, 2 * length)
        if self.enough is not None:
            _close(low, self.enough, step, self.plan, self.stop)
        top = self.enough if self.enough is not None else longest
        _close(0, top, step, lambda minutes: not self.rule_out(minutes), self.stop)


def _close(low: int, top: int, step: int, high: Callable[[int], bool], stop: Stop) -> None:
    """Halve what lies between two lengths until it is no more than a step."""
    while top - low > step and not stop():
        middle = (low + top) // 2
        if step > 1:
            middle = max(low + 1, middle // step * step)
        if high(middle):
            top = middle
        else:
            low = middle


def lasting(case: Case, minutes: int) -> Case:
    """The same case with a window of so many minutes from its opening."""
    window = case.pause.windows[0]
    longer = evolve(window, closes=window.opens + minutes)
    return evolve(case, pause=evolve(case.pause, windows=(longer,)))
