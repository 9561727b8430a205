"""What `lull extension` answers, as JSON and as a request with its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from lull.cli.questions.compare import amount, cell, shown
from lull.cli.questions.model import Answer, QuestionAnswer, common
from lull.domain.case import Case
from lull.domain.records.form import utc_text
from lull.report.bands import Edge, band
from lull.report.timetables import Row, Table
from lull.report.told import Part, Picture, Told
from lull.report.words import duration, stamp

if TYPE_CHECKING:
    from lull.questions.extension import Extension

Measure = Literal["persons", "patients", "tonnes"]
MEASURES: tuple[Measure, ...] = ("persons", "patients", "tonnes")

TO_FILL = (
    "requester: organisation and capacity", "sent at, by which channel", "received at, by which "
    "post", "addressees", "conditions offered or asked", "decision of each party: granted, granted "
    "with conditions, partly, refused, no answer; at; reasons; conditions for the next pause",
    "public statement", "earlier requests",
)
"""Fields of a request that no figure can fill."""


class FigureAnswer(Answer):
    """One measure at one length."""

    of: Measure
    found: float
    most: float = Field(description="no plan moves more")


class LongerAnswer(Answer):
    """The pause with some minutes more."""

    minutes: int
    figures: list[FigureAnswer]
    p50: float | None = Field(description="people out in at least half of the simulated days")
    p90: float | None = Field(description="people out in at least nine tenths of them")
    limits: list[str] = Field(description="what keeps more people from leaving")


class SaidAnswer(Answer):
    """Where one party stands."""

    party: str
    stance: str
    corridor: str
    condition: str
    source: str
    outstanding: str


class ExtensionAnswer(QuestionAnswer):
    """What `lull extension` prints."""

    form: Literal["lull extension 1"] = "lull extension 1"
    asked: dict[str, float]
    target: int = Field(description="people that the hours must be enough for")
    target_share: float
    steps: list[LongerAnswer] = Field(description="the first is the pause as it is")
    people_an_hour: float = Field(description="that the first step brings for each hour of it")
    needed_minutes: int | None = Field(description="on paper; null if none looked at is enough")
    needed_minutes_p50: int | None
    needed_minutes_p90: int | None
    not_enough_minutes: int | None = Field(description="proven: so many more are too few")
    requested_end: str = Field(description="local time, for the hours needed at P90 or else found")
    latest_decision: str = Field(description="local time by which it must be granted")
    closes_utc: str = Field(description="end of the present window; UTC, as the two that follow")
    requested_end_utc: str
    latest_decision_utc: str
    new_in_it: list[str]
    said: list[SaidAnswer]
    not_used: list[str]
    to_fill_in: list[str]


def answer(of: Extension, case: Case, new: tuple[str, ...]) -> ExtensionAnswer:
    """The answer as JSON; the frame fills in what only it knows."""
    more = next((m for m in (of.needed_p90, of.needed_p50, of.needed) if m is not None),
                of.steps[-1].minutes)
    clock = case.pause.clock
    end = stamp(clock, of.closes + more)
    terms = [f"the window ends at {end} instead of {stamp(clock, of.closes)}: {duration(more)} "
             "more"] if more else []
    return ExtensionAnswer(
        **common(of.seed, of.work, stopped=of.stopped),
        asked={m.value: x for m, x in of.asked.items()}, target=of.target,
        target_share=of.share,
        steps=[LongerAnswer(
            minutes=s.minutes, p50=s.p50, p90=s.p90, limits=list(s.limits), figures=[
                FigureAnswer(of=m.value, found=x.found, most=x.most) for m, x in s.moved.items()])
            for s in of.steps],
        people_an_hour=of.an_hour, needed_minutes=of.needed, needed_minutes_p50=of.needed_p50,
        needed_minutes_p90=of.needed_p90, not_enough_minutes=of.not_enough, requested_end=end,
        latest_decision=stamp(clock, of.latest_decision),
        closes_utc=utc_text(clock.utc(of.closes)),
        requested_end_utc=utc_text(clock.utc(of.closes + more)),
        latest_decision_utc=utc_text(clock.utc(of.latest_decision)), new_in_it=[*terms, *new],
        said=[SaidAnswer(party=s.party, stance=s.stance, corridor=s.corridor,
                         condition=s.condition, source=s.source, outstanding=s.outstanding)
              for s in of.said],
        not_used=list(of.not_used), to_fill_in=list(TO_FILL))


def told(_case: Case, of: ExtensionAnswer) -> Told:
    """The request in words, tables and a picture."""
    now = {f.of: f for f in of.steps[0].figures}
    said = []
    for m in MEASURES:
        asked = of.asked.get(m, 0.0)
        if asked:
            said.append(_present(m, asked, now[m]))
    said += _hours(of)
    if of.new_in_it:
        said.append(f"To be of use it must be decided by {of.latest_decision}.")
    parts = [_longer(of), Part("What is new in it", tuple(
        f"{line[:1].upper()}{line[1:]}." for line in of.new_in_it) or (
            "Nothing: the present terms are enough on paper.",))]
    if of.said:
        parts.append(Part("Consents, and what is outstanding", tables=(Table(
            "consents", "Consents, and what is outstanding",
            ("party", "stance", "corridor", "condition", "outstanding", "source"),
            tuple((s.party, s.stance, s.corridor, s.condition, s.outstanding, s.source)
                  for s in of.said)),)))
    parts.append(Part("What the pause has not been used for", tuple(of.not_used) or (
        "Every corridor and every vehicle is used.",)))
    parts.append(Part("To fill in", tables=(Table(
        "to-fill-in", "To fill in", ("field", ""), tuple((x, "") for x in of.to_fill_in)),)))
    return Told("extension", "Request for an extension", tuple(said), tuple(parts), RESTS_ON,
                of.again, of.consents, ("It was stopped before its end.",) if of.stopped else ())


def _present(measure: Measure, asked: float, now: FigureAnswer) -> str:
    """What moves under the present terms, what does not, and what no plan could move."""
    left, surely = max(0.0, asked - now.found), max(0.0, asked - now.most)
    said = f"Under the present terms {shown(measure)(now.found)} of {amount(asked, measure)} move"
    if not cell(measure, left):
        return f"{said}: nothing is left over."
    who = "are not brought in" if measure == "tonnes" else "stay"
    said += f"; {amount(left, measure)} {who}"
    if not cell(measure, surely):
        return f"{said}, and a better plan might still move them."
    return f"{said}, and at least {shown(measure)(surely)} of them whatever is planned."


RESTS_ON = (
    "Found: plans that keep every rule. At most: a bound on all plans.",
    "P50 and P90: the plans in simulated days with assumed delays, breakdowns and no-shows; "
    "attack, breach and refusal are not in it, and it says nothing about safety.",
    "The latest decision: the hours that every post and crew needs to be told, assumed unless "
    "given.",
)


def _hours(of: ExtensionAnswer) -> list[str]:
    who = "all who wish to leave" if of.target_share == 1 else (
        f"{100 * of.target_share:g} % of those who wish to leave")
    if of.needed_minutes == 0:
        found = f"The present window is enough on paper for {who}."
    elif of.needed_minutes is None:
        found = (f"No length looked at is enough for {who}: up to "
                 f"{duration(of.steps[-1].minutes)} more.{_limits(of.steps[-1])}")
    else:
        found = f"{duration(of.needed_minutes)} more would be enough on paper for {who}."
    said = [found]
    if of.not_enough_minutes is not None:
        few = next(s for s in of.steps if s.minutes == of.not_enough_minutes)
        why = "" if of.needed_minutes is None and few is of.steps[-1] else _limits(few)
        said.append((f"Proven: {duration(of.not_enough_minutes)} more would be too few."
                     if of.not_enough_minutes
                     else "Proven: the present window is too short for it.") + why)
    for chance, minutes in (("half", of.needed_minutes_p50),
                            ("nine tenths", of.needed_minutes_p90)):
        if of.steps[0].p50 is not None:
            said.append(f"In {chance} of the simulated days " + (
                f"it takes {duration(minutes)} more." if minutes is not None
                else "none of the lengths looked at is enough."))
    if of.steps[0].p50 is not None and of.target_share == 1 and (
            of.needed_minutes is not None and of.needed_minutes_p90 is None):
        said.append("Not everyone comes on a simulated day; ask for a share instead, such as "
                    "--share 95.")
    if of.people_an_hour > 0:
        said.append(f"The first hours bring {shown('persons')(of.people_an_hour)} people an hour.")
    return said


def _limits(step: LongerAnswer) -> str:
    """What keeps people from leaving with one length, as a sentence to follow another."""
    return f" What limits the plan then: {'; '.join(step.limits)}." if step.limits else ""


def _longer(of: ExtensionAnswer) -> Part:
    measures = [m for m in MEASURES if of.asked.get(m, 0) > 0]

    def figure(step: LongerAnswer, measure: str) -> FigureAnswer:
        return next(f for f in step.figures if f.of == measure)

    rows: list[Row] = []
    for s in of.steps:
        cells: list[float] = []
        for m in measures:
            cells += [cell(m, figure(s, m).found), cell(m, figure(s, m).most)]
        rows.append((s.minutes, *cells, *(None if x is None else cell("persons", x)
                                          for x in (s.p50, s.p90)), "; ".join(s.limits)))
    header = ["minutes more"]
    for m in measures:
        name = "people" if m == "persons" else m
        header += [name, f"{name} at most"]
    title = "What more time moves"
    drawn = band([Edge(s.minutes, figure(s, "persons").found, figure(s, "persons").most)
                  for s in of.steps], "People by minutes more", "minutes more", "people",
                 shown("persons"), ident="extension", asked=of.asked.get("persons", 0.0))
    return Part(title, pictures=(Picture("people", drawn, "People by minutes more"),), tables=(
        Table("longer", title, (*header, "people P50", "people P90", "what limits"),
              tuple(rows)),))
