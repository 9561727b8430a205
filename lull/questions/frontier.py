"""`frontier`: what each further hour, or bus, or hour of notice buys, between a plan and a bound.

Every point is planned, judged by every rule, and bounded. A plan for less is a plan for more, so
the best plan known at or below a point stands for it; a bound for more is a bound for less. Both
edges of the band therefore rise. Points of which the bounds were found first lend their prices to
those between them (`plan.proof.ceilings`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import pairwise

from attrs import field, frozen

from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.domain.refusal import require
from lull.domain.rules import judge
from lull.plan import make_plan
from lull.plan.account import shortest_useful
from lull.plan.proof.ceilings import ceilings
from lull.plan.proof.evidence import About, Proof
from lull.plan.result import Limit
from lull.questions.axes import Along, At, Axis, default_lengths, no_more, points
from lull.questions.counts import counts
from lull.questions.replanning import Executor, Stop, Told, never, silent

FRONTIER_WORK = 600
"""Rounds of search for each point: some seconds on a case of size M; its bounds take more."""

FIRST_TURN = 40
"""Rounds in which ambulances are improved alone at first: with a thousand, as where a single plan
is made, all of a point's work would go into ambulances, and none into what comes after them."""

EVERY = 4
"""Of so many points along an axis one is bounded before those around it, and lends them prices."""

FIRST_STEPS, LATER_STEPS = 12, 5
"""Steps of the search for prices at the point with most of everything, which is bounded first, and
at the others."""

NEAR = 0.01
"""Share of what is moved within which a bound is near enough."""

FULL = 0.9
"""Use in the busiest half of a window from which on a thing limits a plan."""


class Measure(StrEnum):
    """What is counted."""

    PERSONS = "persons"
    PATIENTS = "patients"
    TONNES = "tonnes"


ABOUT = {Measure.PERSONS: About.PERSONS, Measure.PATIENTS: About.PATIENTS,
         Measure.TONNES: About.TONNES}


@frozen(eq=False)
class Planned:
    """One point by itself: its plan, what that moves, what no plan there can, and what limits it.

    `rows` are the names of the rows that the prices of `proof` belong to. `refused` says why there
    is no plan ("" where there is one).
    """

    at: At
    plan: Plan
    moved: Mapping[Measure, float]
    most: Mapping[Measure, float]
    limits: tuple[str, ...] = ()
    refused: str = ""
    proof: Proof = field(factory=Proof)
    rows: tuple[str, ...] = ()


@frozen
class Band:
    """What was found by any plan at or below a point, what its own plan moves, and the bound."""

    found: float
    own: float
    most: float

    @property
    def gap(self) -> float:
        """(most − found) / most; 0 where nothing can be moved."""
        return max(0.0, (self.most - self.found) / self.most) if self.most > 1e-9 else 0.0


@frozen(eq=False)
class Point:
    """One point of the frontier. `carried_from` are the points whose plans are the best here."""

    at: At
    bands: Mapping[Measure, Band]
    carried_from: Mapping[Measure, At]
    limits: tuple[str, ...]
    refused: str = ""


@frozen
class Stretch:
    """Neighbouring points of one axis with the same limits, and what a unit more buys there."""

    start: int
    end: int
    limits: tuple[str, ...]
    persons_a_unit: float


@frozen(eq=False)
class Frontier:
    """All points in the order of their values; `knees` and `stretches` along a single axis.

    `asked` is what there is to be moved at all. `plans` are the verified plans by point.
    """

    axes: tuple[Axis, ...]
    asked: Mapping[Measure, float]
    points: tuple[Point, ...]
    plans: Mapping[At, Plan]
    knees: Mapping[Measure, int]
    stretches: tuple[Stretch, ...]
    work: int = 0
    seed: int = 0
    stopped: bool = False


def frontier(
    case: Case,
    axes: Sequence[Axis] = (),
    *,
    work: int = FRONTIER_WORK,
    seed: int = 0,
    executor: Executor | None = None,
    width: int = 1,
    progress: Told = silent,
    stop: Stop = never,
) -> Frontier:
    """People, patients and tonnes along one or two quantities (the window's length if none given).

    The same work and seed give the same frontier, wherever it is worked out: `width` points at a
    time go to the `executor`. Raises Refusal for axes that cannot be drawn.
    """
    require(bool(case.corridors), "No corridor is open on this reading of the consents: nothing "
            "moves, whatever else is given.")
    drawn = tuple(axes) or (Axis(Along.LENGTH, default_lengths(case, shortest_useful(case))),)
    places = points(drawn)
    cases = {at: _at(case, drawn, at) for at in places}
    anchors = [at for at in places if all(_is_anchor(a, v) for a, v in zip(drawn, at, strict=True))]
    done: dict[At, Planned] = {}
    top = places[-1:]
    for some, steps in ((top, FIRST_STEPS), ([at for at in anchors if at not in top], LATER_STEPS),
                        ([at for at in places if at not in anchors], LATER_STEPS)):
        _plan_all(some, cases, done, steps, len(places), work, seed, executor, width, progress,
                  stop)
    known = [at for at in places if at in done]
    single, whole = len(drawn) == 1, counts(case, Plan())
    asked = {m: float(getattr(whole, m.value).asked) for m in Measure}
    made = tuple(_point(at, done, cases, asked) for at in known)
    return Frontier(
        drawn, asked, made,
        {at: done[at].plan for at in known},
        {m: knee for m in Measure if single and (knee := _knee(made, m)) is not None},
        _stretches(made) if single else (), work, seed, stopped=len(known) < len(places))


def _at(case: Case, axes: Sequence[Axis], at: At) -> Case:
    """The case of a point, in whatever order its quantities were given.

    A length counts from the opening that the folder has: counted from an earlier one, the window
    would be moved and not be longer, and a bound for more would be none for less.
    """
    for axis, value in sorted(zip(axes, at, strict=True),
                              key=lambda pair: pair[0].along is not Along.LENGTH):
        case = axis.apply(case, value)
    return case


def _is_anchor(axis: Axis, value: int) -> bool:
    """The last value, and every so many before it."""
    return (len(axis.values) - 1 - axis.values.index(value)) % EVERY == 0


def _plan_all(
    some: Sequence[At], cases: Mapping[At, Case], done: dict[At, Planned], steps: int, total: int,
    work: int, seed: int, executor: Executor | None, width: int, progress: Told, stop: Stop,
) -> None:
    """Plan points that lend each other nothing."""
    ready = dict(done)
    size = max(1, width)
    for start in range(0, len(some), size):
        if stop():
            return
        progress("points of the frontier", len(done), total)
        part = some[start : start + size]
        beside = [_beside(at, ready) for at in part]
        many = len(part)
        given = (part, [cases[at] for at in part], beside, [steps] * many, [work] * many,
                 [seed] * many)
        made = map(plan_point, *given) if executor is None else executor.map(plan_point, *given)
        for planned in made:
            done[planned.at] = planned
            progress("points of the frontier", len(done), total)
            if stop():
                return


def _beside(at: At, ready: Mapping[At, Planned]) -> Planned | None:
    """The nearest finished point with more of everything, whose prices are lent."""
    above = [p for p in ready.values() if no_more(at, p.at) and not p.refused]
    return min(above, key=lambda p: sum(b - a for a, b in zip(at, p.at, strict=True)), default=None)


def plan_point(at: At, case: Case, beside: Planned | None, steps: int, work: int, seed: int
               ) -> Planned:
    """Plan one point, judge its plan, and bound what any plan can move there."""
    made = make_plan(case, work=work, seed=seed, stop_bound=lambda: True, alone=FIRST_TURN,
                     heads_only=True)
    nothing = dict.fromkeys(Measure, 0.0)
    broken = [] if made.refused else judge(case, made.plan)
    if made.refused or broken:
        why = "; ".join(made.refused) or f"the plan found breaks a rule ({broken[0].rule})"
        return Planned(at, Plan(), nothing, dict.fromkeys(Measure, float("inf")), refused=why)
    counted = counts(case, made.plan)
    moved = {m: float(getattr(counted, m.value).done) for m in Measure}
    proof, rows = ceilings(
        case, made.proof, {ABOUT[m]: moved[m] for m in Measure}, steps=steps, near=NEAR,
        beside=beside.proof if beside else None, rows=beside.rows if beside else ())
    least = {m: min(e.value for e in proof.of(ABOUT[m])) for m in Measure}
    most = {m: least[m] if m is Measure.TONNES else float(int(least[m] + 1e-6)) for m in Measure}
    return Planned(at, made.plan, moved, most, _limiting(made.limits), "", proof, rows)


def _limiting(limits: Sequence[Limit]) -> tuple[str, ...]:
    full = sorted((x for x in limits if x.share >= FULL), key=lambda x: -x.share)
    return tuple(f"{x.kind} {x.name}" for x in full[:3])


def _point(
    at: At, done: Mapping[At, Planned], cases: Mapping[At, Case], asked: Mapping[Measure, float]
) -> Point:
    below = [p for p in done.values() if no_more(p.at, at) and not p.refused]
    above = [p for p in done.values() if no_more(at, p.at)]
    bands, carried = {}, {}
    for m in Measure:
        best, source = done[at].moved[m], at
        for p in sorted(below, key=lambda p: (-p.moved[m], p.at)):
            if p.moved[m] <= best + 1e-9:
                break
            if not judge(cases[at], p.plan):
                best, source = p.moved[m], p.at
                break
        most = min(asked[m], *(p.most[m] for p in above))
        bands[m], carried[m] = Band(best, done[at].moved[m], max(best, most)), source
    return Point(at, bands, carried, done[at].limits, done[at].refused)


def _knee(made: Sequence[Point], m: Measure) -> int | None:
    """Where a curve bends most: the value farthest above the line from its first to its last point.

    Satopää, Albrecht, Irwin & Raghavan 2011, doi:10.1109/ICDCSW.2011.20, without smoothing. None
    for fewer than three points and where no point lies above the line.
    """
    if len(made) < 3:
        return None
    xs, ys = [p.at[0] for p in made], [p.bands[m].found for p in made]
    wide, high = xs[-1] - xs[0], ys[-1] - ys[0]
    if high <= 1e-9:
        return None
    over = [(y - ys[0]) / high - (x - xs[0]) / wide for x, y in zip(xs, ys, strict=True)]
    best = max(range(len(over)), key=lambda i: over[i])
    return xs[best] if over[best] > 1e-9 else None


def _stretches(made: Sequence[Point]) -> tuple[Stretch, ...]:
    """Points with the same limits put together; what a unit more buys, from one to the next."""
    found: list[Stretch] = []
    for before, after in pairwise(made):
        gain = after.bands[Measure.PERSONS].found - before.bands[Measure.PERSONS].found
        width = after.at[0] - before.at[0]
        last = found[-1] if found else None
        if last and last.limits == before.limits and last.end == before.at[0]:
            whole = last.persons_a_unit * (last.end - last.start) + gain
            found[-1] = Stretch(last.start, after.at[0], last.limits,
                                whole / (after.at[0] - last.start))
        else:
            found.append(Stretch(before.at[0], after.at[0], before.limits, gain / width))
    return tuple(found)
