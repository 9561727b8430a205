"""`shortest`: the shortest window that reaches an aim, and which windows are proven too short."""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve, frozen

from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.domain.refusal import require
from lull.plan import LeftBehind
from lull.plan.makespan.instance import Evacuation
from lull.plan.makespan.prices import Prices
from lull.plan.makespan.solve import solve
from lull.questions.aim import Aim, AimKind
from lull.questions.buses import as_buses
from lull.questions.windows import Try, Windows

LONGEST = 2880
"""Minutes up to which windows are looked at: two days, unless asked for more."""

BUS_WORK, PLAN_WORK = 40, 60
"""Rounds of search for days of buses; rounds of planning for each window."""

STEP = 5
"""To how many minutes the length of a window is settled; convoys start on whole five minutes."""


@frozen
class BusDayOf:
    """One bus's day in words of the folder: its type, its trips, and its minutes.

    A trip is where people board, where they are set down, and the minutes at which the bus comes to
    the one and has set down at the other.
    """

    kind: str
    trips: tuple[tuple[str, str, int, int], ...]
    minutes: int


@frozen
class Answer:
    """The shortest window that was found, and what is proven.

    `minutes` is a length that is enough (None: none was found); no window shorter than `low` can
    be. `days` are those of the buses where the case is a bus evacuation (`exact`), with the
    `prices` that rule out everything below `by_prices`; else `plan` is the plan of the window and
    `tries` are the lengths that were planned for. `why_not_exact` says what kept the case from
    being a bus evacuation; `left` is what the plan for the longest window that was planned leaves
    behind, where none is enough. `stopped`: the answer stands as it was when it was asked to end.
    """

    aim: Aim
    minutes: int | None
    low: int
    exact: bool
    days: tuple[BusDayOf, ...] = ()
    evacuation: Evacuation | None = None
    prices: Prices | None = None
    by_prices: int = 0
    plan: Plan | None = None
    tries: tuple[Try, ...] = ()
    left: tuple[LeftBehind, ...] = ()
    why_not_exact: tuple[str, ...] = ()
    work: int = 0
    seed: int = 0
    stopped: bool = False

    @property
    def gap(self) -> float | None:
        """(minutes − low) / minutes; None where no length is known to be enough."""
        if self.minutes is None:
            return None
        return (self.minutes - self.low) / self.minutes if self.minutes else 0.0


def _silent(_what: str, _done: int, _total: int) -> None:
    return None


def _untold(_minutes: int | None, _low: int) -> None:
    return None


def _never() -> bool:
    return False


def shortest(
    case: Case,
    aim: Aim = Aim(),  # noqa: B008 - frozen
    *,
    near: float = 0.0,
    work: int | None = None,
    seed: int = 0,
    step: int = STEP,
    longest: int = LONGEST,
    progress: Callable[[str, int, int], None] = _silent,
    standing: Callable[[int | None, int], None] = _untold,
    stop: Callable[[], bool] = _never,
) -> Answer:
    """The shortest window of a case that reaches an aim, with a proven lower bound, in minutes.

    A case without limits of corridors, bays and hours, with one kind of bus, is a bus evacuation:
    its shortest time is sought exactly, until it is proven to within a share `near`. Any other case
    is planned at several lengths of its window, settled to `step` minutes and up to `longest`.
    `work` is how much to search (rounds); the same work and seed give the same answer. `standing`
    is told the best length and the bound whenever they change. Raises Refusal where the question
    cannot be put to this case.
    """
    if aim.nothing_to_do(case):
        return Answer(aim, 0, 0, exact=True, seed=seed)
    people = aim.kind in (AimKind.EVERYONE, AimKind.SHARE)
    buses = as_buses(case, aim.share if aim.kind is AimKind.SHARE else 1.0)
    reasons = buses.reasons if people else ("the aim is not that people leave",)
    require(bool(case.corridors) or (buses.evacuation is not None and people),
            "Plans move people and goods through corridors, and this pause has none. Without "
            "corridors the question is put to buses alone, which is not possible here: "
            f"{'; '.join(reasons)}.")
    if buses.evacuation is not None and people:
        return _by_days(buses.evacuation, aim, near, BUS_WORK if work is None else work, seed,
                        progress, standing, stop)
    windows = Windows(case, aim, PLAN_WORK if work is None else work, seed, progress, stop)
    windows.search(step, longest)
    enough = windows.enough
    low = windows.too_short + 1
    standing(enough, low)
    return Answer(
        aim, enough, low, exact=False,
        plan=None if enough is None else windows.plans[enough],
        left=() if enough is not None else windows.left,
        tries=tuple(evolve(t, ruled_out=t.minutes < low)
                    for t in sorted(windows.tries.values(), key=lambda t: t.minutes)),
        why_not_exact=reasons, work=windows.work, seed=seed, stopped=stop())


def _by_days(
    of: Evacuation, aim: Aim, near: float, work: int, seed: int,
    progress: Callable[[str, int, int], None], standing: Callable[[int | None, int], None],
    stop: Callable[[], bool],
) -> Answer:
    found = solve(of, work=work, seed=seed, near=near, progress=progress, standing=standing,
                  stop=stop)
    days = []
    for day in found.days:
        trips, now, at = [], 0, -1
        for p, s in day.trips:
            now += int(of.out[day.yard, p] if at < 0 else of.back[at, p])
            comes, at = now, s
            now += int(of.carry[p, s])
            trips.append((of.points[p], of.shelters[s], comes, now))
        days.append(BusDayOf(of.yards[day.yard], tuple(trips), now))
    return Answer(
        aim, found.minutes, found.low, exact=True, days=tuple(days), evacuation=of,
        prices=found.prices, by_prices=found.by_prices, work=found.work, seed=seed,
        stopped=found.stopped)
