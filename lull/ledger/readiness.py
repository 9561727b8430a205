"""Who has said yes to what, at which level, what is missing, and whether that is go or no-go.

A cell says nothing of another: a yes in the capital leaves a no at the checkpoint as it is. Nor
does what one side says of a cell hide what another says of it: all of it stands, and go needs that
none of it is a no, nor a yes that was taken back. What is wanted is what the terms of the pause
list; where they list nothing, whatever somebody has spoken of is wanted at every level. Go is no
more than that nothing is missing here: it is no permission, and says nothing about safety.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import frozen

from lull.domain.protocol import NONE
from lull.domain.records import read_payload
from lull.domain.records.readiness import CommandLevel, Question, ReadinessCell
from lull.domain.records.terms import PauseTerms
from lull.ledger.content import Content
from lull.ledger.fold import Stand, Thing
from lull.ledger.protection import Says, Word, open_questions

READY = "ready"
STANDING_PAUSE = frozenset({"declared", "agreed", "in_force", "extended"})
"""States of a pause in which one can be ready for it."""
CONSENTING = frozenset({"agreed", "declared"})
LEVELS = tuple(CommandLevel)


@frozen
class CellSaid:
    """What one entry says of one cell, as it stands."""

    state: str
    side: str
    record: ReadinessCell
    entry: str


@frozen
class Cell:
    """One corridor, condition, actor and level, with the word of each side that stands of it."""

    corridor: str
    condition: str
    actor: str
    level: CommandLevel
    wanted: bool
    said: tuple[CellSaid, ...]

    @property
    def states(self) -> tuple[str, ...]:
        """The states in which it stands: one, unless sides differ, or posts that were apart."""
        return tuple(sorted({one.state for one in self.said})) or (NONE,)

    @property
    def differ(self) -> bool:
        """Whether not all say the same of it."""
        return len(self.states) > 1

    @property
    def missing(self) -> str:
        """Why it stands in the way of go, in a sentence; nothing if it does not."""
        if self.states == (READY,) or (not self.said and not self.wanted):
            return ""
        what = (f"{self.actor} on {self.condition!r}, corridor {self.corridor}, at "
                f"{self.level.value}")
        if not self.said:
            return f"{what}: nobody has said that it is ready."
        words = "; ".join(f"{one.state.replace('_', ' ')} by {one.record.said_by_function}, "
                          f"{one.side}" for one in self.said)
        return f"{what}: {words}."


@frozen
class Asked:
    """One protection question with the words that stand, and why it is open, if it is."""

    question: Question
    words: tuple[Word, ...]
    open: str

    @property
    def accepted(self) -> tuple[Word, ...]:
        """Acceptances that it is open, whose reasons are printed on the notice and the report."""
        return tuple(w for w in self.words if w.says is Says.ACCEPTS)


@frozen
class Readiness:
    """How one pause stands before it begins. `reasons` are all that speaks against go."""

    pause: str
    states: tuple[str, ...]
    cells: tuple[Cell, ...]
    questions: tuple[Asked, ...]
    reasons: tuple[str, ...]

    @property
    def go(self) -> bool:
        """Whether nothing is missing."""
        return not self.reasons


def readiness(things: Mapping[Thing, tuple[Stand, ...]], words: Iterable[Word],
              said: Iterable[Content]) -> tuple[Readiness, ...]:
    """How each pause stands, from what can be read: things, words that stand, contents in effect.

    `said` are read for the terms alone, of which the latest version counts.
    """
    standing = tuple(words)
    terms = _terms(said)
    names = {t.object for t in things if t.table in ("pause", "readiness")}
    names |= {w.pause for w in standing}
    return tuple(_of(name, things, standing, terms.get(name, ())) for name in sorted(names))


def _terms(said: Iterable[Content]) -> dict[str, tuple[PauseTerms, ...]]:
    """The terms of the latest version of each pause: several where that was written twice."""
    found: dict[str, list[PauseTerms]] = {}
    for content in said:
        if content.kind.startswith("pause.") and content.payload.get("record") == "pause_terms":
            record = read_payload(content.kind, content.payload)
            assert isinstance(record, PauseTerms)
            found.setdefault(content.object, []).append(record)
    return {name: tuple(t for t in all_of if t.version == max(o.version for o in all_of))
            for name, all_of in found.items()}


def _of(pause: str, things: Mapping[Thing, tuple[Stand, ...]], words: tuple[Word, ...],
        terms: tuple[PauseTerms, ...]) -> Readiness:
    states = tuple(sorted({s.state for s in things.get(Thing("pause", pause), ())})) or (NONE,)
    cells = _cells(pause, things, terms)
    opened = {one.question: one for one in open_questions(words, pause)}
    questions = tuple(
        Asked(q, tuple(w for w in words if (w.pause, w.question) == (pause, q)),
              opened[q].sentence if q in opened else "") for q in Question)
    reasons = [*_standing(pause, states), *_parties(pause, things, terms),
               *(one.sentence for one in opened.values())]
    if not cells:
        reasons.append("Nobody has said which cells must be ready, and none has been spoken of.")
    reasons += [cell.missing for cell in cells if cell.missing]
    return Readiness(pause, states, cells, questions, tuple(reasons))


def _standing(pause: str, states: tuple[str, ...]) -> list[str]:
    if set(states) <= STANDING_PAUSE:
        return []
    said = " or ".join(s.replace("_", " ") for s in states)
    if states == (NONE,):
        return [f"Nothing has been said of the pause {pause} itself."]
    return [f"The pause {pause} is {said}; it must be declared or agreed."]


def _parties(pause: str, things: Mapping[Thing, tuple[Stand, ...]], terms: tuple[PauseTerms, ...]
             ) -> list[str]:
    found = []
    for party in dict.fromkeys(p.party for t in terms for p in t.parties if p.must_agree):
        stands = things.get(Thing("consent", pause, party), ())
        states = sorted({s.state for s in stands})
        if not states:
            found.append(f"{party} must agree, and has said nothing.")
        elif not set(states) <= CONSENTING:
            found.append(f"{party} must agree; it stands as "
                         f"{' and '.join(s.replace('_', ' ') for s in states)}.")
    return found


def _cells(pause: str, things: Mapping[Thing, tuple[Stand, ...]], terms: tuple[PauseTerms, ...]
           ) -> tuple[Cell, ...]:
    said: dict[tuple[str, str, str, CommandLevel], list[CellSaid]] = {}
    for thing, stands in things.items():
        if (thing.table, thing.object) != ("readiness", pause):
            continue
        for stand in stands:
            record = read_payload(stand.content.kind, stand.content.payload)
            assert isinstance(record, ReadinessCell)
            at = (record.corridor, record.condition, record.actor, record.level)
            said.setdefault(at, []).append(
                CellSaid(stand.state, stand.content.writer.side, record, stand.entry.hash))
    wanted = {(w.corridor, w.condition, w.actor, w.level)
              for t in terms for w in t.readiness_wanted}
    wanted = wanted or {(*at[:3], level) for at in said for level in LEVELS}
    order = sorted(wanted | said.keys(), key=lambda at: (*at[:3], LEVELS.index(at[3])))
    return tuple(
        Cell(*at, at in wanted, tuple(sorted(said.get(at, ()), key=lambda one: one.entry)))
        for at in order)

