"""Plan a pause: build, improve, bound, account."""

from __future__ import annotations

import random

from attrs import evolve, frozen

from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.plan.account import anything_fits, left_behind, limits, shortest_useful
from lull.plan.aims import Value, better
from lull.plan.assemble import assemble
from lull.plan.bound import tier_results
from lull.plan.cannot import cannot_plan
from lull.plan.escorts import with_escorts
from lull.plan.ground import Ground
from lull.plan.kernel.pilot import ALONE, Pilot
from lull.plan.progress import Progress, Step, Teller, standing_of
from lull.plan.relaxation import NOT_IN_BOUND
from lull.plan.result import Result
from lull.plan.returns import Seats, keep_return_seats
from lull.plan.schedule import Schedule
from lull.plan.search import Search, Stop

DEFAULT_WORK = 2000
"""Rounds of removing and inserting that a plan gets unless it is told otherwise."""

FEW = 24
"""Vehicles up to which a pause is also searched step by step, with rounds of several stops; the
better plan is kept."""

FINISHING = 8
"""Rounds of that at the most, as they come after the time that was given."""

SLOWER = 5
"""Rounds of the compiled search that one round of the other counts for."""


def make_plan(
    case: Case,
    *,
    work: int = DEFAULT_WORK,
    seed: int = 0,
    progress: Progress | Step | None = None,
    stop: Stop | None = None,
    stop_bound: Stop | None = None,
    alone: int = ALONE,
    heads_only: bool = False,
) -> Result:
    """Plan a case; the same case, work and seed give the same plan.

    `progress` is told of every step, and of what the plan is worth whenever that changes. When
    `stop()` turns true the best plan so far is finished, bounded and returned, marked as
    interrupted; its `work` gives the same plan again, unless not even the first plan was whole.
    When `stop_bound()` turns true the bounds stay as good as they are by then. `alone` are the
    rounds of the first turn of the search in which ambulances are improved alone: fewer where there
    is little work. With `heads_only` no tier is bounded, only persons, patients and tonnes. A case
    with a kind of rule that cannot be planned for yet is refused in words, with an empty plan.
    """
    report = Teller(progress)
    halted = stop or _never
    refused = cannot_plan(case)
    if refused:
        return Result(Plan(draft=case.draft), refused=refused)
    ground = Ground(with_escorts(case))
    found = _searched(ground, work, random.Random(seed), halted, report, alone)  # noqa: S311
    schedule, seats, done = found.schedule, found.seats, found.done
    interrupted = not found.repeatable or (done < work and halted())
    value = schedule.value()
    report.standing(standing_of(case.pause.tiers, value))
    tiers, ceiling, proof = tier_results(
        Ground(case), value, report, stop_bound or _never, heads_only=heads_only)
    report.standing(tiers)
    too_short, shortest = _too_short(
        case, schedule.days or schedule.batches or schedule.journeys)
    return Result(
        plan=assemble(schedule, seats, work=done, seed=seed),
        tiers=tiers,
        ceiling=ceiling,
        left=left_behind(schedule),
        limits=limits(schedule),
        not_in_bound=NOT_IN_BOUND,
        too_short=too_short,
        shortest_useful=shortest,
        interrupted=interrupted,
        repeatable=found.repeatable,
        proof=proof,
    )


@frozen(eq=False)
class _Found:
    """A schedule with its seats for returns, the work done, and whether that gives it again."""

    schedule: Schedule
    seats: Seats
    done: int
    repeatable: bool


def _searched(
    ground: Ground, work: int, random_: random.Random, halted: Stop, report: Teller, alone: int
) -> _Found:
    """Search a schedule: compiled where its rounds are of the usual kind, step by step if not."""
    search = Search(ground, random_, halted, report)
    empty = Schedule.empty(ground, search.aims, search.catalogue)
    if not Pilot.suits(empty):
        return _stepwise(search, work, report)
    apart = random.Random(random_.getrandbits(64))  # noqa: S311 - the same however long the other
    found = _piloted(Pilot(empty, random_, halted, report, alone), search, work, report)
    vehicles = sum(k.number for k in ground.case.fleet.values())
    if vehicles > FEW or not found.repeatable:
        return found
    search.random_, search.stop = apart, _never  # else other seconds would give another plan
    other = _stepwise(search, min(found.done, SLOWER * FINISHING), report)
    search.stop = halted
    if other.repeatable and better(other.schedule.value(), found.schedule.value()):
        return evolve(other, done=found.done)
    return found


def _stepwise(search: Search, work: int, report: Teller) -> _Found:
    schedule = search.first()
    repeatable = not search.stop()
    report.standing(standing_of(search.ground.case.pause.tiers, schedule.value()))
    schedule, done = search.improve(schedule, -(-work // SLOWER))
    search.stop = _never  # what finishes a plan is part of it, however the search ended
    seats = keep_return_seats(schedule)
    if seats:
        search.bring_aid_with_the_rest(schedule)
    return _Found(schedule, seats, min(work, done * SLOWER), repeatable)


def _piloted(pilot: Pilot, search: Search, work: int, report: Teller) -> _Found:
    tiers, stop = search.ground.case.pause.tiers, search.stop

    def tell(value: Value) -> None:
        report.standing(standing_of(tiers, value))

    pilot.first()
    repeatable = not stop()
    tell(pilot.value())
    done = pilot.improve(work, tell)
    schedule = pilot.schedule()
    search.stop = _never
    schedule = search.finish(schedule)
    search.stop = stop
    return _Found(schedule, keep_return_seats(schedule), done, repeatable)


def _too_short(case: Case, moved: object) -> tuple[str, int | None]:
    """The sentence for a pause in which nothing can be done, with the shortest useful length."""
    if moved or anything_fits(case):
        return "", None
    shortest = shortest_useful(case)
    length = case.pause.windows[0].minutes
    if shortest is None:
        return ("Nothing can be moved, however long the pause: no corridor, vehicle and need fit "
                "together."), None
    if shortest <= length:
        return "", None
    return (f"A window of {length} minutes is too short to be of use: not one vehicle can come, "
            f"load and be out in time. The shortest useful window has {shortest} minutes."
            ), shortest


def _never() -> bool:
    return False
