"""What `lull asks` answers, as JSON and as sentences, tables and pictures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from lull.cli.questions.compare import amount, cell, shown
from lull.cli.questions.model import Answer, QuestionAnswer, common
from lull.domain.case import Case
from lull.report.ranking import Bar, ranking
from lull.report.timetables import Table
from lull.report.told import Part, Picture, Told
from lull.report.words import corridor_name

if TYPE_CHECKING:
    from lull.questions.asks import Ask, Asks

Measure = Literal["persons", "patients", "tonnes"]
MEASURES: tuple[Measure, ...] = ("persons", "patients", "tonnes")

NOTHING = 1e-6
"""What is less is rounding."""

SAID = 5
"""Asks that stand in the headline as sentences; the tables have all."""


class MovedAnswer(Answer):
    """What the plan moves as it stands."""

    of: Measure
    asked: float
    moved: float
    most: float = Field(description="no plan can exceed it")


class GainAnswer(Answer):
    """What an ask brings in one measure."""

    of: Measure
    found: float = Field(description="the new plan less the old one")
    least: float = Field(description="proven: the best with it less the best without is at least")
    most: float = Field(description="and at most")
    proven: bool = Field(description="the new plan exceeds what no plan could without it")


class GivesAwayAnswer(Answer):
    """What an earlier aim of the pause loses by an ask, for a later one."""

    aim: str
    loads: float = Field(description="in full loads of a vehicle")


class AskAnswer(Answer):
    """One thing to ask for."""

    id: str
    kind: str
    words: str
    sentence: str
    worth: float = Field(description="more in the measure shown; 0 where it comes too late")
    at_most: float | None = Field(description="by the saved prices, before it was planned")
    gains: list[GainAnswer] = Field(description="empty where it was not planned again")
    bounded: bool = Field(description="its plan has a bound of its own")
    nothing_better: bool = Field(description="planned again, and no better plan was found")
    more_than: str = Field(description="the greatest number of vehicles that brings less")
    not_ready: str = Field(description="why it comes too late; empty where it does not")
    refused: str = Field(description="why it could not be planned; empty where it could")
    gives_away: list[GivesAwayAnswer] = Field(description="earlier aims that lose by it")


class SavedAnswer(Answer):
    """What a fallback saves when one corridor closes."""

    closed: str
    persons: float
    patients: float
    tonnes: float


class FallbackAnswer(Answer):
    """A corridor that the plan leaves unused."""

    corridor: str
    saves: list[SavedAnswer]


class AsksAnswer(QuestionAnswer):
    """What `lull asks` prints."""

    form: Literal["lull asks 1"] = "lull asks 1"
    ranked_by: Literal["aims", "persons", "patients", "tonnes"] = Field(
        description="aims: the pause's own, in their order, weighed in loads of a vehicle; what "
        "gives an earlier aim away comes after all that does not")
    by: Measure = Field(description="the measure whose interval and proof are shown")
    base: list[MovedAnswer] = Field(description="the plan without any ask")
    asks: list[AskAnswer] = Field(description="those planned again first, then by at_most")
    fallbacks: list[FallbackAnswer]


def answer(of: Asks) -> AsksAnswer:
    """The answer as JSON; the frame fills in what only it knows."""
    return AsksAnswer(
        **common(of.seed, of.work, stopped=of.stopped), by=of.by.value,
        ranked_by="aims" if of.by_tiers else of.by.value,
        base=[MovedAnswer(of=m, asked=getattr(of.counts, m).asked, moved=getattr(of.counts, m).done,
                          most=_most(of, m)) for m in MEASURES],
        asks=[_ask(a, of.by.value) for a in of.asks],
        fallbacks=[FallbackAnswer(corridor=f.corridor, saves=[
            SavedAnswer(closed=s.closed, persons=s.persons, patients=s.patients, tonnes=s.tonnes)
            for s in f.saves]) for f in of.fallbacks])


def _most(of: Asks, measure: Measure) -> float:
    return next(most for by, most in of.most.items() if by.value == measure)


def _ask(a: Ask, by: Measure) -> AskAnswer:
    gains = [GainAnswer(of=b.value, found=g.found, least=g.least, most=g.most, proven=g.proven)
             for b, g in a.gains.items()]
    worth = next((g.found for g in gains if g.of == by), 0.0)
    return AskAnswer(
        id=a.candidate.id, kind=a.candidate.kind.value, words=a.candidate.words, worth=worth,
        sentence=_sentence(a, gains, by), at_most=a.at_most, gains=gains, bounded=a.bounded,
        nothing_better=a.kept,
        more_than=a.more_than, not_ready=a.candidate.not_ready, refused=a.refused,
        gives_away=[GivesAwayAnswer(aim=x.tier, loads=round(x.loads, 3)) for x in a.weighed.lost])


def _sentence(a: Ask, gains: list[GainAnswer], by: Measure) -> str:
    """The ask in one sentence: what it brings, what it beats, and whether that is proven."""
    words = a.candidate.words[:1].upper() + a.candidate.words[1:]
    if a.candidate.not_ready:
        return f"{words}: 0, as it comes too late ({a.candidate.not_ready})."
    if a.refused:
        return f"{words}: could not be planned ({a.refused})."
    if not gains:
        if not a.useful:
            return f"{words}: proven to bring no more {'people' if by == 'persons' else by}."
        return f"{words}: not planned again; {_at_most(a.at_most, by)}."
    first = next(g for g in gains if g.of == by)
    parts = [_more(first)]
    parts += [_more(g) for g in gains if g.of != by and g.found]
    said = f"{words}: {', '.join(parts)}."
    if a.weighed.lost:
        aims = ", ".join(f"«{x.tier}» loses {x.loads:.2g} of a full load" for x in a.weighed.lost)
        said += f" It gives an earlier aim away: {aims}."
    if a.more_than and first.found > 0:
        said += f" That is more than {a.more_than} would bring."
    return f"{said} {_proof(first)}"


def _more(g: GainAnswer) -> str:
    if not g.found:
        return f"no more {'people' if g.of == 'persons' else g.of}"
    number, _, noun = amount(abs(g.found), g.of).rpartition(" ")
    return f"{number} {'more' if g.found > 0 else 'fewer'} {noun}"


def _proof(g: GainAnswer) -> str:
    low, high = shown(g.of)(g.least), shown(g.of)(g.most)
    if g.proven:
        return f"Proven: at least {low} more, at most {high}."
    return f"Not proven: between {low} and {high} more."


def _at_most(most: float | None, by: Measure) -> str:
    return "nothing is known of it" if most is None else f"at most {amount(most, by)} more"


def told(case: Case, of: AsksAnswer) -> Told:
    """The answer in words, tables and pictures."""
    sure = [a for a in of.asks if a.gains]
    late = [a for a in of.asks if a.not_ready]
    rest = [a for a in of.asks if not a.gains and not a.not_ready]
    now = ", ".join(f"{shown(m.of)(m.moved)} of {shown(m.of)(m.asked)} "
                    f"{'people' if m.of == 'persons' else m.of}" for m in of.base if m.asked)
    said = [f"As it stands the plan moves {now}."]
    said += [a.sentence for a in sure[:SAID] if _brings(a)]
    if not any(_brings(a) for a in sure):
        first = next(m for m in of.base if m.of == of.by)
        said.append("Nothing that was planned again brings more." if first.moved < first.asked
                    else "That is all that was asked for: there is nothing more to ask.")
    parts = [_planned(of, sure)] if sure else []
    if late:
        parts.append(Part("Too late to be ready: worth 0", tables=(Table(
            "late", "Too late to be ready: worth 0", ("ask", "worth", "why"),
            tuple((a.words, 0, a.not_ready) for a in late)),)))
    if rest:
        parts.append(Part("Not planned again", tables=(Table(
            "rest", "Not planned again", ("ask", "at most", ""),
            tuple((a.words, None if a.at_most is None else cell(of.by, a.at_most), a.refused)
                  for a in rest)),)))
    if of.fallbacks:
        parts.append(_fallbacks(case, of.fallbacks))
    return Told("asks", "What to ask for", tuple(said), tuple(parts), RESTS_ON, of.again,
                of.consents, ("It was stopped before its end.",) if of.stopped else ())


def _brings(a: AskAnswer) -> bool:
    return any(g.found > NOTHING for g in a.gains)


RESTS_ON = (
    "The order: what gives nothing of an earlier aim away comes first; then what brings most in "
    "the pause's own aims, a load of a vehicle in one outweighing fifty in the next, three from "
    "supplies on; with --by a measure, what brings most of it.",
    "What an ask brings: a plan with it that keeps every rule, less the plan without it.",
    "That it is proven: the new plan moves more than a bound on all plans without it.",
    "At most: a bound on all plans with it, from the prices saved with the plan or from its own.",
    "Numbers of vehicles, and how long a lane, a bay, more hours or a cleared road take to be "
    "ready, are assumed unless they were given.",
)


def _planned(of: AsksAnswer, sure: list[AskAnswer]) -> Part:
    def gain(a: AskAnswer, measure: str) -> GainAnswer:
        return next(g for g in a.gains if g.of == measure)

    rows = tuple(
        (a.words, *(cell(m, gain(a, m).found) for m in MEASURES),
         cell(of.by, gain(a, of.by).least), cell(of.by, gain(a, of.by).most),
         "yes" if gain(a, of.by).proven else "no", a.more_than) for a in sure)
    header = ("ask", "people more", "patients more", "tonnes more", "at least", "at most",
              "proven", "brings more than")
    bars = [Bar(a.words, a.worth, gain(a, of.by).least, gain(a, of.by).most) for a in sure]
    unit = "people" if of.by == "persons" else of.by
    drawn = ranking(bars, "What each ask brings", unit, shown(of.by), ident="asks")
    picture = Picture("ranking", drawn, f"Asks by {unit} more", f"More {unit}.")
    return Part("Planned again, one by one", pictures=(picture,) if sure else (), tables=(
        Table("asks", "Planned again, one by one", header, rows,
              f"at least and at most are of {unit}, the best plan with it less the best without"),))


def _fallbacks(case: Case, of: Iterable[FallbackAnswer]) -> Part:
    said, rows = [], []
    for f in of:
        name = corridor_name(case, f.corridor)
        best = max(f.saves, key=lambda s: (s.persons, s.tonnes), default=None)
        saved = "; nothing was found that it would save"
        if best and (best.persons > 0 or best.patients > 0 or best.tonnes > 0):
            saved = (f": if {corridor_name(case, best.closed)} closes it saves "
                     f"{amount(max(0.0, best.persons), 'persons')}, "
                     f"{amount(max(0.0, best.patients), 'patients')} and "
                     f"{amount(max(0.0, best.tonnes), 'tonnes')}")
        said.append(f"{name} is not used by the plan. It is a fallback, not a thing to give "
                    f"away{saved}.")
        rows += [(name, corridor_name(case, s.closed), round(s.persons), round(s.patients),
                  round(s.tonnes, 1)) for s in f.saves]
    header = ("fallback", "when this one closes", "people saved", "patients saved", "tonnes saved")
    return Part("Fallbacks", tuple(said), tables=(
        Table("fallbacks", "Fallbacks", header, tuple(rows)),) if rows else ())
