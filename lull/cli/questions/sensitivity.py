"""What `lull sensitivity` answers, as JSON and as sentences, tables and pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from lull.cli.questions.model import Answer, QuestionAnswer, common
from lull.cli.questions.stress import BandAnswer, ChanceAnswer, chance
from lull.domain.case import Case
from lull.report.day_pictures import Bar, tornado
from lull.report.timetables import Table
from lull.report.told import Part, Told
from lull.report.words import whole

if TYPE_CHECKING:
    from lull.questions.sensitivity import Sensitivity, Side

UNITS = {"people": "people", "patients": "patients", "tonnes": "tonnes"}


class SideAnswer(Answer):
    """An input at one end, the others as they are."""

    value: str
    mean: float = Field(description="mean headline over the days")
    change: float = Field(description="from the base, on the same days")
    half_width: float | None = Field(description="95 % half-width of the change")
    caught: ChanceAnswer | None = Field(description="null where there is nothing to simulate")
    planned: float | None = Field(description="what the plan made again says; null: the same plan")
    words: str


class InputAnswer(Answer):
    """One input, at its low and at its high."""

    name: str
    stands_in: str
    plan_made_again: bool
    swing: float
    sure: bool = Field(description="the larger change is more than its own error")
    low: SideAnswer
    high: SideAnswer


class SensitivityAnswer(QuestionAnswer):
    """What `lull sensitivity` prints."""

    form: Literal["lull sensitivity 1"] = "lull sensitivity 1"
    plan: str
    headline: str
    policy: str
    policy_words: str
    only_delays: str
    replications: int
    planned: float
    base: BandAnswer
    caught: ChanceAnswer
    inputs: list[InputAnswer] = Field(description="the headline turns most on the first")


def answer(of: Sensitivity, plan: str, only_delays: str) -> SensitivityAnswer:
    """The answer as JSON; the frame fills in what only it knows."""
    base = of.base
    return SensitivityAnswer(
        **common(of.seed, of.work, stopped=of.stopped), plan=plan, headline=of.headline,
        policy=of.day.name, policy_words=of.day.words, only_delays=only_delays,
        replications=of.replications, planned=of.planned,
        base=BandAnswer(p10=base.p10, p50=base.p50, p90=base.p90, mean=base.mean,
                        half_width=_finite(base.half_width)),
        caught=chance(of.caught),
        inputs=[InputAnswer(
            name=t.input.name, stands_in=t.input.stands_in, plan_made_again=t.input.replans,
            swing=t.swing, sure=t.sure, low=_side(t.input.low_words, t.low),
            high=_side(t.input.high_words, t.high)) for t in of.turns])


def _side(value: str, of: Side) -> SideAnswer:
    return SideAnswer(
        value=value, mean=of.mean, change=of.change, half_width=_finite(of.half_width),
        caught=None if of.caught is None else chance(of.caught), planned=of.planned,
        words=of.words)


def _finite(value: float) -> float | None:
    return value if value < float("inf") else None


def told(_case: Case, of: SensitivityAnswer) -> Told:
    """The answer in words, a table and a tornado."""
    unit = UNITS[of.headline]
    parts = []
    if of.inputs:
        bars = [Bar(one.name, one.low.value, one.high.value, one.low.mean, one.high.mean)
                for one in of.inputs if one.swing > 0]
        parts.append(Part(
            "What the headline turns on",
            pictures=(tornado(bars, of.base.mean, unit),) if bars else (),
            tables=(_ranked(of), _chances(of))))
    return Told(
        "sensitivity", "What to find out first", tuple(_sentences(of, unit)), tuple(parts),
        _rests_on(of), of.again, of.consents,
        ("It was stopped before its end: inputs that were not looked at are missing.",)
        if of.stopped else ())


def _sentences(of: SensitivityAnswer, unit: str) -> list[str]:
    said = [f"The days bring {_number(of.base.mean)} {unit} in the mean; the plan says "
            f"{_number(of.planned)}."]
    first = [one for one in of.inputs if one.sure][:3]
    for n, one in enumerate(first):
        opening = "Find out first" if n == 0 else "Then"
        said.append(
            f"{opening}: {one.name} ({one.stands_in}). At {one.low.value} it is "
            f"{_number(one.low.mean)}, at {one.high.value} {_number(one.high.mean)}.")
    none = [one.name for one in of.inputs if not one.sure]
    if none:
        said.append(f"Hardly matters here: {', '.join(none)}.")
    return said


def _number(value: float) -> str:
    return whole(value) if abs(value) >= 100 or value == round(value) else f"{value:.1f}"


def _cell(value: float | None) -> float | None:
    return None if value is None else round(value) if abs(value) >= 100 else round(value, 1)


def _ranked(of: SensitivityAnswer) -> Table:
    rows = tuple((
        one.name, one.low.value, one.high.value, _cell(one.low.mean), _cell(one.high.mean),
        _cell(one.swing), "simulated, plan made again" if one.plan_made_again else "simulated")
        for one in of.inputs)
    return Table(
        "inputs", "The inputs, the one that matters most first",
        ("input", "low", "high", "at low", "at high", "swing", "rests on"), rows,
        f"mean {UNITS[of.headline]} on the same {whole(of.replications)} days, one input moved at "
        "a time")


def _chances(of: SensitivityAnswer) -> Table:
    def share(side: SideAnswer) -> str:
        return "–" if side.caught is None else f"{side.caught.share:.2g}"

    often = sorted(of.inputs, key=lambda one: -abs(
        (one.high.caught.share if one.high.caught else 0.0)
        - (one.low.caught.share if one.low.caught else 0.0)))
    rows = tuple((one.name, share(one.low), share(one.high)) for one in often)
    return Table(
        "caught", "Chance that anyone is inside or unsheltered at the end",
        ("input", "at low", "at high"), rows,
        f"{of.caught.share:.2g} with all as it is, at most {of.caught.upper:.2g} at 95 %. "
        f"{of.only_delays}")


def _rests_on(of: SensitivityAnswer) -> tuple[str, ...]:
    return (
        f"Simulated: {whole(of.replications)} days for each end of each input, with the same "
        f"numbers of chance and the policy «{of.policy}».",
        "Where the plan rests on an input it was made again for each end, and compared with a plan "
        "made in the same way from the folder as it is: what a longer search would find is not in "
        "it.",
        "Assumed: the low and the high of every input, about half and double, or what the folder "
        "gives as low and high. A wider range makes an input matter more.",
        "One input is moved at a time: what two of them do together is not in it.",
        of.only_delays,
    )
