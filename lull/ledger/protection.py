"""The protection questions of a pause, as a gate: it begins when each is answered or accepted.

Each side's last word on a question stands beside those of others. A question is open where nobody
has answered it, and where somebody says that it is: that stands until they take it back themselves,
or a role that may accepts it with a reason. A beginning names the words on which it rests, and is
judged by those that its writer had seen; so destroying them later, or not being able to read them,
does not undo it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum

from attrs import define, field, frozen

from lull.domain.protocol import Fault
from lull.domain.records import read_payload
from lull.domain.records.readiness import PauseBegun, ProtectionAnswer, Question, Settled
from lull.ledger.content import Content, Wall
from lull.ledger.order import Clock

ANSWER = "protection_answer"
BEGIN = "pause.begin"
NOT_TOLD = "somebody whose word is not public"


class Says(StrEnum):
    """What a word on a question does."""

    ANSWERS = "answers"
    ACCEPTS = "accepts"
    OPENS = "opens"


@frozen
class Word:
    """One word on one question of one pause, with the entry that says it."""

    entry: str
    pause: str
    question: Question
    says: Says
    content: Content

    @property
    def side(self) -> str:
        """Whose word it is."""
        return self.content.writer.side

    @property
    def record(self) -> ProtectionAnswer:
        """The word in full."""
        return _answer(self.content)

    def lifts(self, earlier: Word) -> bool:
        """Whether this word, whose writer had seen an earlier one, takes its place."""
        if (self.pause, self.question) != (earlier.pause, earlier.question):
            return False
        accepted = self.says is Says.ACCEPTS and earlier.says is Says.OPENS
        return self.side == earlier.side or accepted


@frozen
class Open:
    """A question that is open, and why, in a sentence."""

    question: Question
    sentence: str


def word_of(entry: str, content: Content) -> Word | None:
    """The word that an entry says on a question, or None."""
    if content.kind != ANSWER:
        return None
    record = _answer(content)
    says = Says.ANSWERS if record.answer else Says.OPENS if record.open_because else Says.ACCEPTS
    return Word(entry, content.object, record.question, says, content)


def _answer(content: Content) -> ProtectionAnswer:
    record = read_payload(ANSWER, content.payload)
    assert isinstance(record, ProtectionAnswer)
    return record


def word_fault(content: Content) -> Fault | None:
    """Why nobody may say that: it is accepted in the name of another role; or None."""
    if content.kind != ANSWER:
        return None
    waived, role, side = _answer(content).waived_by, content.writer.role, content.writer.side
    if waived in (None, role):
        return None
    return Fault(side, (), f"{side} writes as {role.value} and accepts an open question as "
                 f"{waived.value}; whoever accepts it says so in their own role. The fault lies "
                 f"with {side}.")


@define
class Words:
    """What was said to the questions, taken in causal order."""

    _all: list[tuple[Clock, Word]] = field(factory=list)

    def take(self, clock: Clock, entry: str, content: Content) -> None:
        """Take in an entry that has effect, if it is a word on a question."""
        word = word_of(entry, content)
        if word is not None:
            self._all.append((clock, word))

    def standing(self, clock: Clock | None = None) -> tuple[Word, ...]:
        """The words that stand for a writer at a clock, or now."""
        seen = [(at, w) for at, w in self._all if clock is None or clock.knew(at)]
        return tuple(w for at, w in seen
                     if not any(later.lifts(w) and then.knew(at) for then, later in seen))


def after(standing: Iterable[Word], word: Word) -> tuple[Word, ...]:
    """The words that stand after one more, whose writer had seen all of them."""
    return (*(w for w in standing if not word.lifts(w)), word)


def is_public(word: Word) -> bool:
    """Whether a word may be told to whoever asks."""
    return word.content.wall is Wall.PUBLIC


def open_questions(standing: Iterable[Word], pause: str,
                   may_tell: Callable[[Word], bool] = lambda _word: True) -> tuple[Open, ...]:
    """The questions that keep a pause from beginning, in their order.

    Of a word that `may_tell` does not let be told, it is said that it stands, and no more.
    """
    mine = [w for w in standing if w.pause == pause]
    found = []
    for question in Question:
        here = [w for w in mine if w.question is question]
        opened = [w for w in here if w.says is Says.OPENS]
        if opened:
            said = "; ".join(dict.fromkeys(
                f"{w.side} ({w.record.answered_by_function}): {w.record.open_because}"
                if may_tell(w) else NOT_TOLD for w in opened))
            found.append(Open(question, f"The question {question.value!r} is open by {said}. They "
                              "close it, or a role that may accepts it with a reason."))
        elif not here:
            found.append(Open(question, f"The question {question.value!r} is open: nobody has "
                              "answered it. Answer it, or accept it as open in your role, with a "
                              "reason that is printed."))
    return tuple(found)


@frozen
class AcceptedOpen:
    """That a role accepts a question as open, with the reason, as both are printed.

    They stand on the notice, on the report and in the account of the pause. `role` is empty where
    only the beginning that rests on it can be read, which repeats by whom (`by`) and why.
    """

    pause: str
    question: Question
    reason: str
    by: str
    role: str
    entry: str


def accepted_open(standing: Iterable[Word], said: Iterable[Content], pause: str = ""
                  ) -> tuple[AcceptedOpen, ...]:
    """What is accepted as open, by the words that stand and the beginnings among what was said.

    Of one pause, or of all. An acceptance that both tell is told once, in its own words.
    """
    found = {w.entry: AcceptedOpen(w.pause, w.question, w.record.waiver_reason, (
        f"{w.record.answered_by_function}, {w.side}"), w.content.writer.role.value, w.entry)
        for w in standing if w.says is Says.ACCEPTS}
    for content in said:
        if content.kind == BEGIN:
            begun = read_payload(BEGIN, content.payload)
            assert isinstance(begun, PauseBegun)
            for one in begun.rests_on:
                if one.reason:
                    found.setdefault(one.entry, AcceptedOpen(
                        content.object, one.question, one.reason, one.accepted_by, "", one.entry))
    order = list(Question)
    return tuple(sorted((one for one in found.values() if pause in ("", one.pause)),
                        key=lambda one: (one.pause, order.index(one.question), one.entry)))


def rests_on(standing: Iterable[Word], begun: Content) -> tuple[Settled, ...]:
    """What a beginning rests on, filled from what stands, as far as it may be repeated there.

    The reason of an acceptance is repeated where it was public, or the own side's and nobody reads
    it here who may not read it there; else whoever begins gives it in their own words.
    """
    found = []
    for word in standing:
        if word.pause != begun.object or word.says is Says.OPENS:
            continue
        record = word.record
        if word.says is Says.ANSWERS:
            found.append(Settled(question=word.question, entry=word.entry))
        elif is_public(word) or _stays_among(word.content, begun):
            found.append(Settled(question=word.question, entry=word.entry, reason=(
                record.waiver_reason), accepted_by=f"{record.answered_by_function}, {word.side}"))
    order = list(Question)
    return tuple(sorted(found, key=lambda s: (order.index(s.question), s.entry)))


def _stays_among(word: Content, begun: Content) -> bool:
    """Whether a beginning of the same side goes to nobody to whom a word of it did not go."""
    if word.writer.side != begun.writer.side or word.wall is not begun.wall:
        return False
    return set(begun.recipients) <= set(word.recipients)


def not_settled(content: Content, standing: Iterable[Word], unread: Callable[[str], bool],
                may_tell: Callable[[Word], bool] = is_public) -> tuple[Open, ...]:
    """What keeps a beginning from having effect, one sentence a question; empty if nothing does.

    `standing` are the words that stood for its writer, as far as they can be read here. An entry of
    which `unread` says that what it said cannot be known here is taken at the writer's word.
    """
    begun = read_payload(BEGIN, content.payload)
    assert isinstance(begun, PauseBegun)
    mine = [w for w in standing if w.pause == content.object]
    closing = {w.entry: w for w in mine if w.says is not Says.OPENS}
    still = {w.question for w in mine if w.says is Says.OPENS}
    named = {s.question for s in begun.rests_on}
    found = [one for one in open_questions(mine, content.object, may_tell)
             if one.question in still or one.question not in named]
    found += [Open(q, f"The question {q.value!r} is settled in an entry that the beginning does "
                   "not name; give it in rests_on, with the reason that is printed if it was "
                   "accepted as open.")
              for q in Question if q not in still | named and any(w.question is q for w in mine)]
    for one in begun.rests_on:
        sentence = _not_so(one, closing.get(one.entry), unread)
        if sentence and one.question not in still:
            found.append(Open(one.question, sentence))
    order = list(Question)
    return tuple(sorted(found, key=lambda o: order.index(o.question)))


def _not_so(one: Settled, word: Word | None, unread: Callable[[str], bool]) -> str:
    """What is wrong with one thing that a beginning rests on, or nothing."""
    at = f"Entry {one.entry[:12]}"
    if word is None:
        return "" if unread(one.entry) else (
            f"{at} does not settle the question {one.question.value!r} here, or its writer had not "
            "seen it.")
    if word.question is not one.question:
        return f"{at} is about the question {word.question.value!r}, not {one.question.value!r}."
    if (word.says is Says.ACCEPTS) != bool(one.reason):
        return (f"{at} accepts the question {one.question.value!r} as open; say who does and the "
                "reason, which is printed." if not one.reason
                else f"{at} answers the question {one.question.value!r}; nobody accepts it as "
                "open.")
    return ""


def begin_fault(content: Content, standing: Iterable[Word], unread: Callable[[str], bool]
                ) -> Fault | None:
    """Why a beginning has no effect, or None."""
    found = not_settled(content, standing, unread)
    if not found:
        return None
    side = content.writer.side
    said = " ".join(one.sentence for one in found)
    return Fault(side, (), f"{side} wrote {content.kind!r} for {content.object} while protection "
                 f"questions were not settled. {said} The fault lies with {side}.")
