"""The answer of `lull compare`: its form, and its words, tables and pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from lull.cli.questions.model import Answer, QuestionAnswer
from lull.domain.case import Case
from lull.domain.people import Need
from lull.report.side_by_side import Pair, side_by_side
from lull.report.timetables import Table
from lull.report.told import Part, Picture, Told
from lull.report.words import NEED_WORDS, count_of, tonnes, whole

if TYPE_CHECKING:
    from lull.questions.compare import Comparison

MOST_NAMED = 5
"""Neighbourhoods that a sentence names."""


class ChangeAnswer(Answer):
    """One figure in A and in B."""

    of: Literal["all", "tier", "need", "neighbourhood", "aid to a neighbourhood"]
    name: str
    unit: str
    asked_a: float = Field(description="what is asked for in A; 0 for a tier")
    asked_b: float
    a: float
    b: float
    more: float = Field(description="B less A")
    most_a: float | None = Field(description="no plan of A can exceed it; null where not known")
    most_b: float | None
    proven: bool = Field(description="the one exceeds what any plan of the other can reach")


class DiffersAnswer(Answer):
    """What the two folders say differently."""

    what: str
    a: str
    b: str


class CompareAnswer(QuestionAnswer):
    """What `lull compare` prints; `folder` is that of A."""

    form: Literal["lull compare 1"] = "lull compare 1"
    a: str = Field(description="what A is: a folder that was planned, or a plan")
    b: str
    folder_hash_b: str = Field(description="of the pause folder of B")
    changes: list[ChangeAnswer]
    differs: list[DiffersAnswer]


def changes(of: Comparison) -> list[ChangeAnswer]:
    """The lines of a comparison."""
    return [ChangeAnswer(
        of=c.of.value, name=c.name, unit=c.unit, asked_a=c.asked_a, asked_b=c.asked_b, a=c.a,
        b=c.b, more=c.more, most_a=c.most_a, most_b=c.most_b, proven=c.proven)
        for c in of.changes]


def differs(of: Comparison) -> list[DiffersAnswer]:
    """In what the cases differ."""
    return [DiffersAnswer(what=d.what, a=d.a, b=d.b) for d in of.differs]


def told(_case: Case, answer: CompareAnswer) -> Told:
    """The answer in words, tables and pictures."""
    def of(what: str) -> list[ChangeAnswer]:
        return [c for c in answer.changes if c.of == what]

    people = [c.model_copy(update={"name": NEED_WORDS[Need(c.name)]}) for c in of("need")]
    places, aid = of("neighbourhood"), of("aid to a neighbourhood")
    parts = [
        Part("In all", tables=(_table("all", "In all", of("all"), asked=True, most=True),)),
        Part("By aim, in order", _first_tier(of("tier")),
             tables=(_table("tiers", "By aim, in order", of("tier"), asked=False, most=True),)),
        _part("by-need", "By need", people, "persons"),
        _part("by-neighbourhood", "By neighbourhood", places, "persons"),
        *([_part("aid", "Aid by neighbourhood", aid, "tonnes")] if aid else []),
        _differing(answer),
    ]
    return Told(
        "compare", f"{answer.a} beside {answer.b}",
        (f"A is {answer.a}; B is {answer.b}.", *_headline(of("all")),
         *_who("people of", places), *_who("aid to", aid)),
        tuple(parts),
        rests_on=(
            "The figures of both sides are those of plans that keep every rule.",
            "A difference is proven only where the one exceeds what any plan of the other can "
            "reach; any other may shrink or turn with more search.",
        ),
        again=answer.again, consents=answer.consents,
    )


def amount(number: float, unit: str) -> str:
    """A figure with its unit."""
    if unit == "tonnes":
        return f"{tonnes(number)} tonnes"
    nouns = {"persons": ("person", "people"), "patients": ("patient", "patients")}
    return count_of(round(number), *nouns[unit])


def _headline(totals: Sequence[ChangeAnswer]) -> list[str]:
    said = []
    for c in totals:
        if not c.asked_a and not c.asked_b:
            continue
        if not c.more:
            said.append(f"Both move {amount(c.a, c.unit)}.")
            continue
        word = "more" if c.more > 0 else "fewer" if c.unit != "tonnes" else "less"
        by = amount(abs(c.more), c.unit)
        said.append(f"B moves {by} {word} than A: {shown(c.unit)(c.b)} against "
                    f"{shown(c.unit)(c.a)}. {_proof(c)}")
    return said


def _proof(c: ChangeAnswer) -> str:
    most, other = (c.most_a, "A") if c.more > 0 else (c.most_b, "B")
    if most is None:
        return "Nothing is known of how far either could be improved, so this is not proven."
    if c.proven:
        return f"Proven: no plan of {other} moves more than {shown(c.unit)(most)}."
    return (f"Not proven: a plan of {other} that nobody has found might move up to "
            f"{shown(c.unit)(most)}.")


def _first_tier(tiers: Sequence[ChangeAnswer]) -> tuple[str, ...]:
    for c in tiers:
        if c.more:
            side, other = ("B", "A") if c.more > 0 else ("A", "B")
            return (f"In the order of the aims {side} comes before {other}: «{c.name}» is the "
                    "first aim that differs.",)
    return ("No aim differs.",)


def _who(what: str, places: Sequence[ChangeAnswer]) -> list[str]:
    said = []
    for sign, words in ((1, "More with B"), (-1, "Less with B")):
        some = sorted((c for c in places if c.more * sign > 0), key=lambda c: -c.more * sign)
        if some:
            named = ", ".join(f"{c.name} ({'+' if sign > 0 else '−'}"
                              f"{shown(c.unit)(abs(c.more))})" for c in some[:MOST_NAMED])
            rest = len(some) - MOST_NAMED
            said.append(f"{words}, {what}: {named}"
                        + (f", and {whole(rest)} more neighbourhoods." if rest > 0 else "."))
    return said


def shown(unit: str) -> Callable[[float], str]:
    """How figures of a unit are put into words."""
    return tonnes if unit == "tonnes" else whole


def cell(unit: str, number: float) -> float:
    """A figure for a table: people and patients in whole numbers, all else to one decimal."""
    return round(number) if unit in ("persons", "patients") else round(number, 1)


def _part(name: str, title: str, lines: Sequence[ChangeAnswer], unit: str) -> Part:
    drawn = side_by_side(
        [Pair(c.name, c.a, c.b, max(c.asked_a, c.asked_b)) for c in lines], f"{title}: A and B",
        unit, shown(unit), ident=f"compare-{name}")
    picture = Picture(name, drawn, f"{title}, A beside B",
                      "From the greatest gain in B to the greatest loss.")
    return Part(title, pictures=(picture,) if lines else (),
                tables=(_table(name, title, lines, asked=True, most=False),))


def _table(
    name: str, title: str, lines: Sequence[ChangeAnswer], *, asked: bool, most: bool
) -> Table:
    header = ["", "unit", *(["asked in A", "asked in B"] if asked else []), "A", "B", "B less A",
              *(["no plan of A more than", "no plan of B more than", "proven"] if most else [])]
    rows = []
    for c in lines:
        figures = [c.asked_a, c.asked_b] if asked else []
        known = [None if m is None else cell(c.unit, m) for m in (c.most_a, c.most_b)]
        rows.append((
            c.name, c.unit, *(cell(c.unit, x) for x in [*figures, c.a, c.b, c.more]),
            *([*known, "yes" if c.proven else "" if not c.more else "no"] if most else [])))
    return Table(name, title, tuple(header), tuple(rows))


def _differing(answer: CompareAnswer) -> Part:
    rows = tuple((d.what, d.a, d.b) for d in answer.differs)
    if not rows:
        return Part("What differs in the pauses", ("Hours, fleet, corridors, people and aid are "
                                                   "the same on both sides.",))
    return Part("What differs in the pauses", tables=(
        Table("differs", "What differs in the pauses", ("", "A", "B"), rows),))
