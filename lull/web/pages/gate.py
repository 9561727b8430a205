"""Whether a pause is ready to begin, as its reader sees it: cells, questions, what is missing.

A cell says nothing of another: a yes in the capital leaves a no at the checkpoint as it is. What
one side says of a cell stands beside what others say of it, and each takes back its own alone. «Go»
is no more than that nothing is missing here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from attrs import define, frozen
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lull.domain.protocol import NONE, TABLES, Step
from lull.domain.records.readiness import NOT_WAIVED_BY_A_PARTY, CommandLevel, Question
from lull.ledger.protection import BEGIN, AcceptedOpen, accepted_open
from lull.store.told import readiness_of
from lull.web.pages.preparations import terms_of
from lull.web.pages.record import Told, told
from lull.web.pages.room import Room
from lull.web.pages.words import word

LEVELS = tuple(level.value for level in CommandLevel)
COORDINATES = ("corridor", "condition", "actor", "level")
READY = "ready"
STANDING = frozenset({"declared", "agreed", "in_force", "extended"})
"""States of a pause in which one can be ready for it."""
CONSENTING = frozenset({"agreed", "declared"})

At = tuple[str, str, str, str]


@frozen
class Word:
    """What one entry says of a cell, and the state that it leads to."""

    state: str
    told: Told


@frozen
class Cell:
    """One corridor, condition, actor and level, with the word of each side that stands of it.

    `next` are the steps that the reader's own side may take.
    """

    at: At
    tag: str
    said: tuple[Word, ...]
    next: tuple[Step, ...]

    @property
    def level(self) -> str:
        """At which level."""
        return self.at[3]

    @property
    def states(self) -> tuple[str, ...]:
        """The states in which it stands: one, unless sides differ, or posts that were apart."""
        return tuple(sorted({one.state for one in self.said})) or (NONE,)

    @property
    def look(self) -> str:
        """How it looks, in a word: a state, or `contested`."""
        return self.states[0] if len(self.states) == 1 else "contested"


@frozen
class Row:
    """One condition and actor on one corridor, at all four levels."""

    corridor: str
    condition: str
    actor: str
    cells: tuple[Cell, ...]


@frozen
class Asked:
    """One protection question with the last word of each side."""

    question: Question
    words: tuple[Told, ...]

    @property
    def opened(self) -> tuple[Told, ...]:
        """Words that hold it open."""
        return tuple(w for w in self.words if w.payload.get("open_because"))

    @property
    def accepted(self) -> tuple[Told, ...]:
        """Acceptances that it stays open, whose reasons are printed."""
        return tuple(w for w in self.words if w.payload.get("waived_by"))

    @property
    def answers(self) -> tuple[Told, ...]:
        """Answers to it."""
        return tuple(w for w in self.words if w.payload.get("answer"))

    @property
    def is_open(self) -> bool:
        """Whether it stands in the way."""
        return not self.words or (bool(self.opened) and not any(
            a.seq > o.seq for a in self.accepted for o in self.opened))

    @property
    def no_party(self) -> bool:
        """Whether no party may accept that it stays open."""
        return self.question in NOT_WAIVED_BY_A_PARTY


def questions(room: Room, about: str) -> tuple[Asked, ...]:
    """Every question of a pause; of each side its last word stands, beside those of others."""
    last: dict[tuple[str, str], Told] = {}
    for known in room.told("protection_answer", about=about):
        one = told(known)
        if not one.fault:
            last[(str(one.payload["question"]), one.side)] = one
    return tuple(Asked(q, tuple(sorted((w for (asked, _side), w in last.items()
                                        if asked == q.value), key=lambda w: w.seq)))
                 for q in Question)


def own_part(room: Room, at: At) -> str:
    """The part under which the reader's side has its word on a cell."""
    return "/".join((*at, room.side))


def accepted(room: Room, about: str) -> tuple[AcceptedOpen, ...]:
    """Questions of a pause that are accepted as open, with the reasons, as they are printed."""
    read = {k.entry.hash for k in room.told("protection_answer", about=about)}
    said = [k.content for k in room.told(BEGIN, about=about) if k.content and k.fault is None]
    return accepted_open((w for w in room.view.words if w.entry in read), said, about)


@define(eq=False)
class Gate:
    """How one pause stands before it begins, as far as its reader can see."""

    room: Room
    about: str

    @cached_property
    def cells(self) -> Mapping[At, Cell]:
        """Every cell that somebody spoke of or that the terms want, with its row's other levels."""
        said: dict[At, list[Word]] = {}
        for stood in self.room.standing("readiness", self.about):
            for known in stood.said:
                one = told(known)
                step = TABLES["readiness"].step(one.event)
                assert step is not None
                at = tuple(str(one.payload.get(name, "")) for name in COORDINATES)
                said.setdefault((at[0], at[1], at[2], at[3]), []).append(Word(step.after, one))
        rows = dict.fromkeys([*(at[:3] for at in self._wanted()), *(at[:3] for at in said)])
        return {(*row, level): self._cell((*row, level), said.get((*row, level), ()))
                for row in sorted(rows) for level in LEVELS}

    def _wanted(self) -> list[At]:
        terms = terms_of(self.room, self.about)
        wanted = terms[-1].payload.get("readiness_wanted", ()) if terms else ()
        return [(w["corridor"], w["condition"], w["actor"], w["level"]) for w in wanted]

    def _cell(self, at: At, said: Iterable[Word]) -> Cell:
        words, side = tuple(said), self.room.side
        states = {one.state for one in words if one.told.side == side} or {NONE}
        return Cell(at, self.room.part_tag("readiness", self.about, "/".join(at)), words,
                    tuple(self.room.steps("readiness", sorted(states), self.about,
                                          own_part(self.room, at))))

    @cached_property
    def corridors(self) -> dict[str, list[Row]]:
        """The rows of the matrix, by corridor."""
        found: dict[str, list[Row]] = {}
        for at in list(self.cells)[::len(LEVELS)]:
            cells = tuple(self.cells[(*at[:3], level)] for level in LEVELS)
            found.setdefault(at[0], []).append(Row(*at[:3], cells))
        return found

    @cached_property
    def unspoken(self) -> list[str]:
        """Corridors of the notice of which no cell is wanted or spoken of."""
        terms = terms_of(self.room, self.about)
        named = terms[-1].payload.get("corridors", ()) if terms else ()
        return [name for name in named if name not in self.corridors]

    @cached_property
    def questions(self) -> tuple[Asked, ...]:
        """The protection questions."""
        return questions(self.room, self.about)

    @cached_property
    def missing(self) -> list[SafeString]:
        """All that speaks against «go», each in a sentence; what depends on the room first."""
        wanted = set(self._wanted())
        cells = [c for at, c in self.cells.items() if not wanted or at in wanted or c.said]
        none = [] if self.cells else [format_html("{}", _(
            "Nobody has said which cells must be ready, and none has been spoken of."))]
        found = [*self._pause(), *self._parties(),
                 *(_open(q) for q in self.questions if q.is_open), *none,
                 *(_not_ready(c) for c in cells if c.look != READY)]
        return found or [format_html("<bdi>{}</bdi>", one) for one in self._by_the_ledger]

    @cached_property
    def _by_the_ledger(self) -> tuple[str, ...]:
        """What the ledger's own rule holds against «go»: a page never says more than it does."""
        return next((one.reasons for one in readiness_of(self.room.store, self.room.seat)
                     if one.pause == self.about), ())

    @property
    def go(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing

    def _pause(self) -> list[SafeString]:
        stood = self.room.standing("pause", self.about)
        if not stood:
            return [format_html("{}", _("Nothing has been said of the pause itself."))]
        states = set(stood[0].states)
        if states <= STANDING:
            return []
        return [format_html(_("The pause stands as: {}. It must be declared or agreed."),
                            _and(states))]

    def _parties(self) -> list[SafeString]:
        terms = terms_of(self.room, self.about)
        found = []
        for party in terms[-1].payload.get("parties", ()) if terms else ():
            stands = [s for s in self.room.standing("consent", self.about)
                      if s.thing.part == party["party"]]
            states = {state for s in stands for state in s.states}
            if not party.get("must_agree") or (states and states <= CONSENTING):
                continue
            name = format_html("<bdi>{}</bdi>", party["party"])
            found.append(format_html(_("{} must agree; its word stands as: {}."), name,
                                     _and(states)) if states
                         else format_html(_("{} must agree, and has said nothing."), name))
        return found


def _and(states: Iterable[str]) -> str:
    return ", ".join(word(state) for state in sorted(states))


def _open(asked: Asked) -> SafeString:
    if asked.opened:
        return format_html(_("The question «{}» is held open."), word(asked.question.value))
    return format_html(_("The question «{}» is open: nobody has answered it."),
                       word(asked.question.value))


def _not_ready(cell: Cell) -> SafeString:
    corridor, condition, actor = (format_html("<bdi>{}</bdi>", one) for one in cell.at[:3])
    if not cell.said:
        return format_html(_("{}, {}, {}, {}: nobody has said that it is ready."), corridor,
                           condition, actor, word(cell.level))
    said = format_html_join("; ", "{} (<bdi>{}</bdi>)", (
        (word(one.state), one.told.side) for one in cell.said))
    return format_html(_("{}, {}, {}, {}: {}."), corridor, condition, actor, word(cell.level),
                       said)
