"""What `lull stress` answers, as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from lull.cli.questions.model import Answer, QuestionAnswer, common

if TYPE_CHECKING:
    from lull.questions.ladder import PlanFor
    from lull.questions.margined import Margined
    from lull.questions.stress import Stress
    from lull.simulate import Band, Cause, Likelihood, Split
    from lull.simulate.margins import Margin


class BandAnswer(Answer):
    """P10, P50, P90 are values that occurred; the half-width is that of the mean's 95 % interval.
    """

    p10: float
    p50: float
    p90: float
    mean: float
    half_width: float | None = Field(description="null where one replication tells nothing")


class FigureAnswer(BandAnswer):
    """One figure of the day."""

    name: str
    unit: str
    planned: float | None = Field(description="what the plan says; null where it says nothing")


class ChanceAnswer(Answer):
    """A chance of the modelled delays only: attack, breach and refusal are not in it."""

    count: int
    of: int
    share: float
    low: float = Field(description="95 % interval of Clopper and Pearson")
    high: float
    upper: float = Field(description="one-sided upper 95 % limit; never 0")


class MarginAnswer(Answer):
    """How late a corridor is cleared, and the margin that makes being late rare."""

    corridor: str
    late: ChanceAnswer
    never_out: ChanceAnswer
    p50: int | None = Field(description="minutes from the close to the last one out")
    p90: int | None
    extra: int | None = Field(description="minutes more than the plan's margin; null: none helps")
    of_those_out: int | None = Field(description="the same, leaving those aside who never come out")
    needed: int = Field(description="replications without which no margin can be shown")


class SplitAnswer(Answer):
    """What a margin can buy, and what none can."""

    extra: int | None = Field(
        description="minutes more than the plan's margin that make being late by delays alone "
        "rarer than the limit; null: too few days to show it")
    delays: ChanceAnswer = Field(description="late by delays alone with the plan's own margin")
    outlasts: ChanceAnswer | None = Field(
        description="later even with them, or never out: halts, closures, lost vehicles")


class CorridorAnswer(Answer):
    """One corridor."""

    corridor: str
    inside: ChanceAnswer
    unsheltered: ChanceAnswer
    caught: ChanceAnswer = Field(description="inside or unsheltered")
    margin: MarginAnswer | None
    split: SplitAnswer | None
    words: str


class CauseAnswer(Answer):
    """A source of delay: the same days with it less those without it."""

    source: str
    persons: float = Field(description="fewer persons who arrive, in the mean")
    half_width: float | None
    patients: float
    tonnes: float
    caught_with: int
    caught_without: int


class PolicyAnswer(Answer):
    """Another policy on the same days."""

    policy: str
    words: str
    caught: ChanceAnswer
    arrived: BandAnswer
    margins: list[MarginAnswer]


class FanAnswer(Answer):
    """People at their destination by each minute."""

    minutes: list[int]
    planned: list[int]
    p10: list[int]
    p50: list[int]
    p90: list[int]


class BesideAnswer(Answer):
    """One figure of the plan before and of the plan after, on the same days."""

    name: str
    unit: str
    before: BandAnswer
    after: BandAnswer
    difference: float = Field(description="mean of the days' differences, after less before")
    half_width: float | None


class MarginedAnswer(Answer):
    """The plan made again with margins."""

    found: bool
    met: bool
    words: str
    policy: str
    extra: dict[str, int] = Field(description="minutes more by corridor")
    rounds: int
    caught_before: ChanceAnswer
    caught_after: ChanceAnswer | None
    figures: list[BesideAnswer]
    margins: list[MarginAnswer]
    file: str


class CandidateAnswer(Answer):
    """A plan that was judged on the days."""

    words: str
    work: int
    patients: float = Field(description="reached on so many days of a hundred")
    persons: float
    tonnes: float
    caught: ChanceAnswer
    best: bool


class PlanForAnswer(Answer):
    """The plan that is best on nearly all days."""

    percent: int
    candidates: list[CandidateAnswer]
    left_out: list[str]
    file: str


class StressAnswer(QuestionAnswer):
    """What `lull stress` prints."""

    form: Literal["lull stress 1"] = "lull stress 1"
    plan: str = Field(description="the plan that was simulated")
    only_delays: str = Field(description="what no chance here holds")
    replications: int
    precise: bool | None = Field(description="the half-width was reached; null: none was asked for")
    policy: str
    policy_words: str
    limit: float
    figures: list[FigureAnswer]
    inside: ChanceAnswer
    unsheltered: ChanceAnswer
    caught: ChanceAnswer = Field(description="anyone inside or unsheltered at the end")
    corridors: list[CorridorAnswer]
    causes: list[CauseAnswer]
    other_policies: list[PolicyAnswer]
    fan: FanAnswer
    assumed: dict[str, str] = Field(description="every assumed input, and why it is what it is")
    with_margins: MarginedAnswer | None
    plan_for: PlanForAnswer | None


def answer(
    of: Stress, plan: str, work: int, assumed: dict[str, str], margined: MarginedAnswer | None,
    best: PlanForAnswer | None,
) -> StressAnswer:
    """The answer as JSON; the frame fills in what only it knows."""
    return StressAnswer(
        **common(of.seed, work, stopped=of.stopped), plan=plan, only_delays=of.said,
        replications=of.replications, precise=of.precise, policy=of.day.name,
        policy_words=of.day.words, limit=of.limit,
        figures=[FigureAnswer(name=f.name, unit=f.unit, planned=f.planned, **_band(f.band))
                 for f in of.figures],
        inside=chance(of.inside), unsheltered=chance(of.unsheltered), caught=chance(of.caught),
        corridors=[CorridorAnswer(
            corridor=one.corridor, inside=chance(one.inside), unsheltered=chance(one.unsheltered),
            caught=chance(one.caught), margin=None if one.margin is None else _margin(one.margin),
            split=None if one.split is None else _split(one.split),
            words=one.words) for one in of.corridors],
        causes=[_cause(cause) for cause in of.causes],
        other_policies=[PolicyAnswer(
            policy=t.day.name, words=t.day.words, caught=chance(t.caught),
            arrived=BandAnswer(**_band(t.arrived)), margins=_margins(t.margins))
            for t in of.tried],
        fan=FanAnswer.model_validate(of.fan, from_attributes=True),
        assumed=assumed, with_margins=margined, plan_for=best,
    )


def margined_answer(of: Margined, file: str) -> MarginedAnswer:
    """A plan with margins as JSON."""
    return MarginedAnswer(
        found=of.plan is not None, met=of.met, words=of.words, policy=of.day.words,
        extra=dict(of.extra), rounds=of.rounds, caught_before=chance(of.before.anyone_caught()),
        caught_after=None if of.after is None else chance(of.after.anyone_caught()),
        figures=[BesideAnswer(
            name=one.name, unit=one.unit, before=BandAnswer(**_band(one.before)),
            after=BandAnswer(**_band(one.after)), difference=one.difference.mean,
            half_width=_finite(one.difference.half_width)) for one in of.beside()],
        margins=_margins(of.margins), file=file)


def plan_for_answer(of: PlanFor, file: str) -> PlanForAnswer:
    """The ladder of plans as JSON."""
    return PlanForAnswer(
        percent=of.percent, left_out=list(of.left_out), file=file,
        candidates=[CandidateAnswer(
            words=one.rung.words, work=one.work, patients=one.reached["patients arrived"],
            persons=one.reached["arrived"], tonnes=one.reached["aid delivered"],
            caught=chance(one.caught), best=one is of.best) for one in of.judged])


def chance(of: Likelihood) -> ChanceAnswer:
    """A chance as JSON."""
    low, high = of.interval
    return ChanceAnswer(count=of.count, of=of.of, share=of.share, low=low, high=high,
                        upper=of.upper)


def _band(of: Band) -> dict[str, Any]:
    return {"p10": of.p10, "p50": of.p50, "p90": of.p90, "mean": of.mean,
            "half_width": _finite(of.half_width)}


def _finite(value: float) -> float | None:
    return value if value < float("inf") else None


def _margin(of: Margin) -> MarginAnswer:
    return MarginAnswer(
        corridor=of.corridor, late=chance(of.late), never_out=chance(of.never_out), p50=of.p50,
        p90=of.p90, extra=of.extra, of_those_out=of.of_those_out, needed=of.needed)


def _split(of: Split) -> SplitAnswer:
    return SplitAnswer(extra=of.delays.extra, delays=chance(of.delays.late),
                       outlasts=None if of.outlasts is None else chance(of.outlasts))


def _margins(of: Iterable[Margin]) -> list[MarginAnswer]:
    return [_margin(margin) for margin in of]


def _cause(of: Cause) -> CauseAnswer:
    cost = of.costs["arrived"]
    return CauseAnswer(
        source=of.source.value, persons=of.persons_lost, half_width=_finite(cost.half_width),
        patients=-of.costs["patients arrived"].mean, tonnes=-of.costs["aid delivered"].mean,
        caught_with=of.caught_with, caught_without=of.caught_without)
