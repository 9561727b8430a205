"""The rule about rounds: what a plan numbers as one round is one journey, as it is driven.

Other rules look at a vehicle round by round (`convoy_keeps_together`, `routes_per_driver`,
`orders_fit_half_page`) and may trust the numbers, since this one does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from attrs import frozen

from lull.domain.case import Case
from lull.domain.place import INSIDE
from lull.domain.plan import Crossing, Step, Stop, Task
from lull.domain.rules.facts import EMPTY, Day, Facts, on_the_route
from lull.domain.rules.rule import Breach, rule


def rounds_of(case: Case, day: Day) -> dict[int, list[Step]]:
    """Round number to its steps on the route, in order: served stops, waits inside, crossings."""
    found: dict[int, list[Step]] = {}
    for step in day.steps:
        if isinstance(step, Crossing) or on_the_route(case, step, day.kind.base):
            found.setdefault(step.round, []).append(step)
    return found


@frozen
class _Spell:
    """A stay on the enclosed side: which sides it comes from and goes to ("" if it does not)."""

    begins: int
    came_from: str
    goes_to: str
    stops: bool

    @property
    def is_a_passage(self) -> bool:
        """Whether the vehicle only drives through, from one side to another."""
        return bool(self.came_from and self.goes_to) and not self.stops and (
            self.came_from != self.goes_to)


@rule(
    "A round is one journey and is numbered as one: in, taken on, set down and out again, in the "
    "order in which it is driven."
)
def round_is_one_journey(facts: Facts) -> Iterator[Breach]:
    """Judged by what is driven: the steps that load, unload, pass a corridor or wait inside.

    The numbers of a vehicle's rounds never go back. In a round nothing is taken on after
    something was set down, and the vehicle is on the enclosed side once; driving through it from
    one side to another without a stop does not count. No journey is cut into several rounds:
    a round begins with nothing on board and not by setting down; one without a stop comes back
    to its side; and where a round begins on the enclosed side, the round before has set down
    there last and this one loads before it passes a gate.
    """
    for day in facts.days:
        runs: list[list[Step]] = []
        loaded: list[bool] = []
        for step, load in zip(day.steps, [EMPTY, *day.loads], strict=False):
            if isinstance(step, Crossing) or on_the_route(facts.case, step, day.kind.base):
                if not runs or runs[-1][0].round != step.round:
                    runs.append([])
                    loaded.append(not load.is_empty)
                runs[-1].append(step)
        for before, run in pairwise(runs):
            if run[0].round < before[0].round:
                yield _breach(facts, day, run[0], f"goes back to round {run[0].round} after round "
                              f"{before[0].round}; number its rounds in the order driven")
        for number, run in enumerate(runs):
            yield from _too_much(facts, day, run)
            yield from _too_little(facts, day, runs, number, loaded[number])


def _too_much(facts: Facts, day: Day, run: Sequence[Step]) -> Iterator[Breach]:
    """More than one journey under one number."""
    down = False
    for step in run:
        down = down or _task(step) is Task.UNLOAD
        if down and _task(step) is Task.LOAD:
            yield _breach(facts, day, step, f"takes on in round {step.round} after it has set down "
                          "in it; give what follows a round of its own")
            return
    spells = [s for s in _spells(facts.case, run) if not s.is_a_passage]
    if len(spells) > 1:
        step = run[spells[1].begins]
        yield _breach(facts, day, step, f"is on the enclosed side {len(spells)} times in round "
                      f"{step.round}; give each time a round of its own")


def _too_little(
    facts: Facts, day: Day, runs: Sequence[Sequence[Step]], number: int, loaded: bool
) -> Iterator[Breach]:
    """Less than one journey under one number."""
    case, run = facts.case, runs[number]
    first = run[0]
    said = f"begins round {first.round}"
    ways = [s for s in run if isinstance(s, Crossing)]
    only_a_way = len(ways) == len(run) and (
        _sides(case, ways[0])[0] != _sides(case, ways[-1])[1])
    if only_a_way and len(runs) > 1:
        yield _breach(facts, day, first, f"{said}, which is no more than a way; number it with "
                      "the stops that it is driven for")
    elif number:
        before = runs[number - 1]
        served = next((s for s in run if _task(s) in (Task.LOAD, Task.UNLOAD)), None)
        acts = [s for s in run if isinstance(s, Crossing) or _task(s) is Task.LOAD]
        if loaded:
            yield _breach(facts, day, first, f"{said} with people or aid on board; number "
                          "a journey as one round until all is set down")
        elif served is not None and _task(served) is Task.UNLOAD:
            yield _breach(facts, day, first, f"{said} without taking anything on; number the stop "
                          "with the round that loaded")
        elif _begins_inside(case, runs, number) and (
            _last_act(before) is not Task.UNLOAD or (acts and isinstance(acts[0], Crossing))
        ):
            yield _breach(facts, day, first, f"{said} on the enclosed side in the middle of a "
                          "journey; number the way in and the way out with the stops between")


def _breach(facts: Facts, day: Day, step: Step, said: str) -> Breach:
    where = facts.corridor_name(step.corridor) if isinstance(step, Crossing) else (
        facts.name(step.site))
    return Breach(
        day.vehicle, where, step.arrives, "1 round",
        f"{day.vehicle}, at {where} at {facts.at(step.arrives)}, {said}.",
    )


def _task(step: Step) -> Task | None:
    return step.task if isinstance(step, Stop) else None


def _last_act(run: Sequence[Step]) -> Task | None:
    """The task of the last stop, waits left out; None where a corridor was passed after it."""
    return next((_task(s) for s in reversed(run) if _task(s) is not Task.WAIT), Task.WAIT)


def _sides(case: Case, step: Crossing) -> tuple[str, str]:
    return case.corridors[step.corridor].sides(step.direction)


def _begins_inside(case: Case, runs: Sequence[Sequence[Step]], number: int) -> bool:
    """Whether a vehicle is on the enclosed side when a round begins; False if it never crosses."""
    driven = [s for run in runs[:number] for s in run if isinstance(s, Crossing)]
    if driven:
        return _sides(case, driven[-1])[1] == INSIDE
    coming = (s for run in runs[number:] for s in run if isinstance(s, Crossing))
    return any(_sides(case, s)[0] == INSIDE for s in [next(coming, None)] if s is not None)


def _spells(case: Case, run: Sequence[Step]) -> list[_Spell]:
    """The stays on the enclosed side of a round; none where it passes no corridor."""
    ways = [n for n, s in enumerate(run) if isinstance(s, Crossing)]
    if not ways:
        return []
    spells: list[_Spell] = []
    bounds = [-1, *ways, len(run)]
    for start, end in pairwise(bounds):
        entry, leave = (run[n] if 0 <= n < len(run) else None for n in (start, end))
        came = _sides(case, entry) if isinstance(entry, Crossing) else ("", "")
        goes = _sides(case, leave) if isinstance(leave, Crossing) else ("", "")
        if INSIDE in (came[1], goes[0]):
            spells.append(_Spell(max(start, 0), came[0], goes[1], end - start > 1))
    return spells
