"""What `lull replan` answers, as JSON and as sentences, tables and pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from lull.cli.questions.compare import amount
from lull.cli.questions.model import Answer, QuestionAnswer, common
from lull.domain.case import Case
from lull.domain.time import Clock
from lull.report.changed import Mark, changed
from lull.report.timetables import Table
from lull.report.told import Part, Picture, Told
from lull.report.words import corridor_name, count_of

if TYPE_CHECKING:
    from lull.questions.replan import NewPlan

Measure = Literal["persons", "patients", "tonnes"]
MEASURES: tuple[Measure, ...] = ("persons", "patients", "tonnes")
AHEAD = "What is ahead, and what is different"

SAID = 5
"""Breaches that stand on top in a sentence each; the table has all."""


class BeforeAfterAnswer(Answer):
    """One figure over the whole day."""

    of: Measure
    asked: float
    before: float = Field(description="the plan that was in force")
    settled: float = Field(description="done or under way, whatever is decided now")
    after: float = Field(description="the new plan of the whole day")


class DifferenceAnswer(Answer):
    """One convoy or party in the old and in the new plan."""

    what: Literal["kept", "other time", "other corridor", "cancelled", "new"]
    id: str
    corridor: str
    direction: str
    old: str = Field(description="local time of its start in the old plan; empty if it is new")
    new: str = Field(description="the same in the new plan; empty if it is cancelled")
    old_minute: int | None
    new_minute: int | None
    vehicles: int
    persons: int
    not_notified: str = Field(description="empty, or that it was not notified and from when it may")


class StandsAnswer(Answer):
    """A rule that what is under way breaks, where no change was found that keeps it."""

    rule: str
    who: str
    sentence: str
    past: bool = Field(description="it was broken before now: no order can mend it any more")


class OnBoardAnswer(Answer):
    """A vehicle that broke down, and who is on board of it: they count as waiting."""

    vehicle: str
    at: str = Field(description="local time of the breakdown")
    where: str
    inside: bool
    persons: int
    pick_up: str = Field(
        description="site at which they can be fetched; empty: by hand, on the way")


class ReplanAnswer(QuestionAnswer):
    """What `lull replan` prints; `plan` is written to new-plan.json of --out."""

    form: Literal["lull replan 1"] = "lull replan 1"
    now: str = Field(description="local time")
    now_minute: int
    orders_from: str = Field(description="local time from which new orders may start")
    figures: list[BeforeAfterAnswer]
    differences: list[DifferenceAnswer]
    on_board_broken: list[OnBoardAnswer]
    said: list[str] = Field(description="what must be done or cannot be helped, in sentences")
    silent: list[str] = Field(description="vehicles under way without a report")
    stands: list[StandsAnswer]
    beyond_notified: bool
    plan: dict[str, Any] = Field(description="the new plan of the day, of the form plan-file")


def answer(of: NewPlan, clock: Clock) -> ReplanAnswer:
    """The answer as JSON; the frame fills in what only it knows."""
    def at(minute: int | None) -> str:
        return "" if minute is None else clock.hhmm(minute)

    return ReplanAnswer(
        **common(of.seed, of.work, stopped=of.stopped), now=at(of.now), now_minute=of.now,
        orders_from=at(of.orders_from),
        figures=[BeforeAfterAnswer(
            of=m, asked=getattr(of.before, m).asked, before=getattr(of.before, m).done,
            settled=getattr(of.settled, m).done, after=getattr(of.after, m).done)
            for m in MEASURES],
        differences=[DifferenceAnswer(
            what=d.what.value, id=d.id, corridor=d.corridor, direction=d.direction, old=at(d.old),
            new=at(d.new), old_minute=d.old, new_minute=d.new, vehicles=d.vehicles,
            persons=d.persons, not_notified=d.notified) for d in of.differences],
        on_board_broken=[OnBoardAnswer(
            vehicle=s.vehicle, at=at(s.at), where=s.where, inside=s.inside, persons=s.persons,
            pick_up=s.pick_up) for s in of.stranded],
        said=list(of.said), silent=list(of.silent),
        stands=[StandsAnswer(
            rule=v.rule, who=v.who, sentence=v.sentence,
            past=v.when_minute is not None and v.when_minute < of.now) for v in of.stands],
        beyond_notified=of.beyond, plan={})


def told(case: Case, of: ReplanAnswer) -> Told:
    """The answer in words, tables and pictures."""
    said = []
    for f in of.figures:
        if f.asked:
            said.append(f"The new plan of the day moves {amount(f.after, f.of)}, the one before "
                        f"{amount(f.before, f.of)}; {amount(f.settled, f.of)} are done or under "
                        "way.")
    waiting = sum(b.persons for b in of.on_board_broken)
    if waiting:
        said.append(f"{count_of(waiting, 'person is', 'people are')} on board of vehicles that "
                    "broke down: they count as waiting, not as moved, until another vehicle has "
                    "taken them on.")
    counted = {w: sum(d.what == w for d in of.differences)
               for w in ("kept", "other time", "other corridor", "cancelled", "new")}
    said.append("Convoys and parties: " + ", ".join(f"{n} {w}" for w, n in counted.items()) + ".")
    last = case.pause.windows[-1]
    said.append(f"New orders start from {of.orders_from}." if of.now_minute < last.closes
                else f"The last window closed at {case.pause.clock.hhmm(last.closes)}: nothing new "
                "is planned.")
    warnings = [*_cannot_be_kept(of.stands), *of.said]
    if of.silent:
        warnings.append(f"No report from {', '.join(of.silent)}: counted as inside and loaded, "
                        "and not planned on before one comes.")
    if of.beyond_notified:
        warnings.append("Part of the new plan was not notified: it is marked, and is not to be "
                        "given to drivers before it is receipted.")
    parts = [_differences(case, of)]
    if of.stands:
        parts.append(Part("What still breaks a rule", (
            "What is under way breaks these, and nothing that was tried mends it. What is to be "
            "done, by whom and by when stands above.",), tables=(Table(
                "stands", "What still breaks a rule", ("rule", "who", "when", "what is wrong"),
                tuple((s.rule, s.who, "past" if s.past else "ahead", s.sentence)
                      for s in of.stands)),)))
    return Told("replan", f"The plan made anew at {of.now}", tuple(said), tuple(parts), RESTS_ON,
                of.again, of.consents, tuple(warnings))


def _cannot_be_kept(stands: Sequence[StandsAnswer]) -> Iterator[str]:
    """What breaks a rule although nothing was left untried, what is ahead first.

    The same rule broken by many is said once for all of them.
    """
    ahead = [s for s in stands if not s.past]
    for one in ahead[:SAID]:
        yield f"Cannot be kept: {one.sentence}"
    if ahead[SAID:]:
        yield f"Cannot be kept either: {_by_rule(ahead[SAID:])}."
    past = [s for s in stands if s.past]
    if past:
        yield (f"Broken before now, and not to be mended by any order: {_by_rule(past)}.")


def _by_rule(stands: Sequence[StandsAnswer]) -> str:
    who: dict[str, list[str]] = {}
    for one in stands:
        who.setdefault(one.rule, []).append(one.who)
    return "; ".join(f"{rule} ({', '.join(dict.fromkeys(names))})" for rule, names in who.items())


RESTS_ON = (
    "The whole day, what is under way and what is new, is judged by every rule.",
    "What is under way keeps its round; its delay is that which was reported, in whole slots.",
    "Ways and checks still ahead take their likely minutes.",
    "How long an order takes to its driver, and a notice to its receipt, are assumed unless given.",
)


def _differences(case: Case, of: ReplanAnswer) -> Part:
    shown = [d for d in of.differences if d.what != "kept" or (d.new_minute or 0) >= of.now_minute]
    marks = [Mark(f"{corridor_name(case, d.corridor)}, {d.direction}", d.what, d.old_minute,
                  d.new_minute) for d in shown]
    rows = tuple(
        (d.what, d.id, corridor_name(case, d.corridor), d.direction, d.old, d.new, d.vehicles,
         d.persons, d.not_notified) for d in shown)
    header = ("what", "convoy or party", "corridor", "way", "old", "new", "vehicles", "people",
              "notice")
    pictures = (Picture("differences", changed(marks, of.now_minute, case.pause.clock,
                                               ident="replan"),
                        "The old and the new plan, corridor by corridor"),) if marks else ()
    return Part(AHEAD, pictures=pictures, tables=(
        Table("differences", AHEAD, header, rows,
              "what is past and unchanged is left out"),))
