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
from lull.plan import make_plan
from lull.questions.aim import Aim

Stop = Callable[[], bool]
Told = Callable[[str, int, int], None]


@frozen
class Try:
    """One length that was planned for: whether its plan reached the aim, whether none could.

    `persons`, `patients` and `tonnes` arrive by the plan; none of that length brings more than
    `most_persons`, `most_patients` and `most_tonnes`.
    """

    minutes: int
    reached: bool
    ruled_out: bool
    persons: int = 0
    patients: int = 0
    tonnes: float = 0.0
    most_persons: int = 0
    most_patients: int = 0
    most_tonnes: float = 0.0


@define(eq=False)
class Windows:
    """Plans of one case at several lengths of its window."""

    case: Case
    aim: Aim
    work: int
    seed: int
    told: Told
    stop: Stop
    tries: dict[int, Try] = field(init=False, factory=dict)
    plans: dict[int, Plan] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        require(len(self.case.pause.windows) == 1,
                "The shortest window is asked of a pause with one window; this one has "
                f"{len(self.case.pause.windows)}.")

    def look(self, minutes: int) -> Try:
        """Plan for a window of so many minutes, once. Raises Refusal where no plan can be made."""
        if minutes in self.tries:
            return self.tries[minutes]
        self.told(f"planning for {minutes} minutes", len(self.tries), 0)
        case = lasting(self.case, minutes)
        result = make_plan(case, work=self.work, seed=self.seed, stop=self.stop)
        if result.refused:
            raise Refusal(" ".join(result.refused))
        reached = self.aim.reached_by(case, result.plan) and not judge(case, result.plan)
        got, most = arrived(result.plan), result.ceiling
        found = Try(
            minutes, reached, self.aim.ruled_out_by(case, most),
            sum(got.persons.values()), sum(got.patients.values()),
            sum(case.items[item].kg * units for (item, _), units in got.units.items()) / 1000,
            most.persons, most.patients, most.tonnes)
        self.tries[minutes] = found
        if reached:
            self.plans[minutes] = result.plan
        return found

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
        while not self.stop() and not self.look(length).reached and length < longest:
            length = min(longest, 2 * length)
        if self.enough is not None:
            self._close(step, lambda t: t.reached, self._below())
        top = self.enough or longest
        self._close(step, lambda t: not t.ruled_out,
                    (self.too_short, min((t.minutes for t in self.tries.values()
                                          if not t.ruled_out), default=top)))

    def _below(self) -> tuple[int, int]:
        assert self.enough is not None
        top = self.enough
        return max((t.minutes for t in self.tries.values()
                    if not t.reached and t.minutes < top), default=0), top

    def _close(self, step: int, high: Callable[[Try], bool], between: tuple[int, int]) -> None:
        """Halve what lies between two lengths until it is no more than a step."""
        low, top = between
        while top - low > step and not self.stop():
            middle = (low + top) // 2
            if step > 1:
                middle = max(low + 1, middle // step * step)
            if high(self.look(middle)):
                top = middle
            else:
                low = middle


def lasting(case: Case, minutes: int) -> Case:
    """The same case with a window of so many minutes from its opening."""
    window = case.pause.windows[0]
    longer = evolve(window, closes=window.opens + minutes)
    return evolve(case, pause=evolve(case.pause, windows=(longer,)))
