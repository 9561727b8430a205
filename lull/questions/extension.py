"""`extension`: a request to prolong a pause, filled with what would come of it.

Who still waits under the present terms; what each further stretch of time moves, found and at most;
how many hours are needed on paper, and in half and in nine tenths of the simulated days; what the
pause has not been used for. The figures come from `frontier` and from the simulator.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from lull.domain.case import Case
from lull.domain.pause import Stance
from lull.domain.plan import Plan
from lull.domain.refusal import Refusal, require
from lull.questions.axes import Along, Axis
from lull.questions.candidates import LEAD, Kind
from lull.questions.fallbacks import unused
from lull.questions.frontier import FRONTIER_WORK, Frontier, Measure, Point, frontier
from lull.questions.limited import limited_by
from lull.questions.replanning import Executor, Stop, Told, never, silent
from lull.simulate import DAY_POLICY, NOT_MODELLED, Uncertainty, simulate

FURTHER = (60, 120, 180, 240, 360, 480)
"""Minutes more that are looked at."""

REPLICATIONS = 500
"""Simulated days of each plan."""


@frozen
class Moved:
    """One measure with the window as it is now or with so many minutes more."""

    found: float
    most: float


@frozen
class Longer:
    """The pause with `minutes` more. `p50` and `p90` are people out in at least half, and in at
    least nine tenths, of the simulated days; None where nothing was simulated. `limits` is what
    keeps more people from leaving with them."""

    minutes: int
    moved: dict[Measure, Moved]
    p50: float | None = None
    p90: float | None = None
    limits: tuple[str, ...] = ()


@frozen
class Said:
    """Where one party stands, in its own act; `outstanding` is what is still lacking of it."""

    party: str
    stance: str
    corridor: str
    condition: str
    source: str
    outstanding: str


@frozen(eq=False)
class Extension:
    """A request's figures.

    `steps` begin with the terms as they are (0 minutes). `needed` are the fewest minutes more that
    were found enough for the target on paper, at P50 and at P90 (None: none looked at is enough);
    `not_enough` the most minutes more that are proven too few. `latest_decision` is the minute by
    which it must be granted, so that every post and crew is told. `not_used` says what the pause
    has not been used for.
    """

    asked: dict[Measure, float]
    target: int
    share: float
    steps: tuple[Longer, ...]
    needed: int | None
    needed_p50: int | None
    needed_p90: int | None
    not_enough: int | None
    latest_decision: int
    closes: int
    said: tuple[Said, ...]
    not_used: tuple[str, ...]
    not_modelled: str
    work: int = 0
    seed: int = 0
    stopped: bool = False

    @property
    def an_hour(self) -> float:
        """People that the first step brings for each hour of it."""
        if len(self.steps) < 2:
            return 0.0
        first, second = self.steps[:2]
        gain = second.moved[Measure.PERSONS].found - first.moved[Measure.PERSONS].found
        return 60 * gain / second.minutes


def extension(
    case: Case,
    further: Sequence[int] = FURTHER,
    *,
    share: float = 1.0,
    lead: int = LEAD[Kind.HOURS],
    replications: int = REPLICATIONS,
    work: int = FRONTIER_WORK,
    seed: int = 0,
    executor: Executor | None = None,
    width: int = 1,
    progress: Told = silent,
    stop: Stop = never,
) -> Extension:
    """What a longer last window would make possible, as a request for an extension needs it.

    `further` are minutes more that are looked at; `share` of those who wish to leave is what the
    hours must be enough for; `lead` minutes from the decision until everybody has been told. The
    same work and seed give the same figures. Raises Refusal where the question cannot be put.
    """
    require(0 < share <= 1, f"A share of {share} must lie above 0 and up to 1.")
    require(all(m > 0 for m in further), "Minutes more must be above 0.")
    now = case.pause.windows[-1].minutes
    axis = Axis(Along.LENGTH, (now, *(now + m for m in sorted(set(further)))))
    made = frontier(case, [axis], work=work, seed=seed, executor=executor,
                    width=width, progress=progress, stop=stop)
    if not made.points or made.points[0].at != (now,):
        raise Refusal("It was stopped before the pause as it is had been planned; give it more "
                      "time.")
    steps = []
    for i, point in enumerate(made.points):
        progress("simulating each length", i, len(made.points))
        steps.append(_step(case, axis, made, point, now, replications, seed, executor, stop))
    target = int(np.ceil(share * made.asked[Measure.PERSONS] - 1e-9))
    closes = case.pause.windows[-1].closes
    return Extension(
        {m: made.asked[m] for m in Measure}, target, share, tuple(steps),
        _first(steps, target, lambda s: s.moved[Measure.PERSONS].found),
        _first(steps, target, lambda s: s.p50), _first(steps, target, lambda s: s.p90),
        max((s.minutes for s in steps if s.moved[Measure.PERSONS].most < target), default=None),
        closes - lead, closes, _said(case), _not_used(case, made.plans[now,]), NOT_MODELLED,
        work, seed, stopped=made.stopped or stop())


def _step(
    case: Case, axis: Axis, made: Frontier, point: Point, now: int, replications: int, seed: int,
    executor: Executor | None, stop: Stop,
) -> Longer:
    moved = {m: Moved(b.found, b.most) for m, b in point.bands.items()}
    plan = made.plans[point.carried_from[Measure.PERSONS]]
    p50 = p90 = None
    if replications and (plan.vehicles or plan.parties) and not stop():
        days = simulate(axis.apply(case, point.at[0]), plan, Uncertainty(), DAY_POLICY,
                        replications=replications, seed=seed, executor=executor).values("arrived")
        p50, p90 = (float(np.percentile(days, p, method="lower")) for p in (50, 10))
    elif replications and not stop():
        p50 = p90 = 0.0
    there = axis.apply(case, point.at[0])
    return Longer(point.at[0] - now, moved, p50, p90,
                  limited_by(there, plan, point.limits, point.refused))


def _first(steps: Sequence[Longer], target: int, of: object) -> int | None:
    assert callable(of)
    for step in steps:
        value = of(step)
        if value is not None and value >= target - 1e-6:
            return step.minutes
    return None


def _said(case: Case) -> tuple[Said, ...]:
    """Every consent, and for each party that must agree what is outstanding."""
    found = []
    for party in case.pause.parties:
        own = [c for c in case.pause.consents if c.party == party.id]
        if not own:
            lacking = "has said nothing" if party.must_agree else ""
            found.append(Said(party.name, Stance.NO_ANSWER.value, "*", "", "", lacking))
        for c in own:
            lacking = "" if c.stance is Stance.AGREED or not party.must_agree else (
                f"not agreed: {c.stance.value}" + (f", {c.condition}" if c.condition else ""))
            found.append(Said(party.name, c.stance.value, c.corridor, c.condition, c.source,
                              lacking))
    return tuple(found)


def _not_used(case: Case, plan: Plan) -> tuple[str, ...]:
    """What stands ready and the plan does not use."""
    said = [f"The corridor {case.corridors[name].name or name} is not used."
            for name in unused(case, plan)]
    moving = {d.vehicle for d in plan.vehicles if len(d.steps) > 2}
    for kind in case.fleet.values():
        idle = kind.number - sum(kind.vehicle(n) in moving for n in range(1, kind.number + 1))
        if idle:
            name = kind.name or kind.id
            said.append(f"{idle} of {kind.number} vehicles of the type {name} "
                        f"{'is' if idle == 1 else 'are'} not used.")
    return tuple(said)
