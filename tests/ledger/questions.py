"""Posts that answer the protection questions of a pause, and begin it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from attrs import evolve

from lull.domain.protocol import Role
from lull.domain.records import payload
from lull.domain.records.readiness import PauseBegun, ProtectionAnswer, Question, Settled
from lull.ledger.content import Content, Wall, Writer
from lull.ledger.entry import Entry
from lull.ledger.fold import fold
from lull.ledger.write import with_what_it_rests_on
from tests.ledger.kit import RECEIVED, Post

PAUSE = "ALE-P02"


def says(question: Question, how: str, role: Role) -> ProtectionAnswer:
    """A word: an answer, an acceptance in a role, or an opening."""
    said: dict[str, Any] = {
        "answer": {"answer": "asked on 18 October"},
        "accept": {"waived_by": role, "waiver_reason": "walked today"},
        "open": {"open_because": "not looked at"},
    }[how]
    return ProtectionAnswer(reference="Q", version=1, question=question,
                            answered_by_function="protection officer",
                            answered_at=datetime(2016, 10, 19, tzinfo=UTC), **said)


def word(post: Post, question: Question, how: str, *, pause: str = PAUSE,
         role: Role | None = None) -> Entry:
    """A post says a word on a question."""
    return post.put(Content("protection_answer", pause, Writer(post.role, post.name),
                            payload(says(question, how, role or post.role)), Wall.PUBLIC,
                            RECEIVED))


def answer_all(post: Post, *but: Question, pause: str = PAUSE) -> dict[Question, Entry]:
    """A post answers all questions but some."""
    return {q: word(post, q, "answer", pause=pause) for q in Question if q not in but}


def beginning(post: Post, rests_on: tuple[Settled, ...] = ()) -> Content:
    """A beginning, resting on what is given."""
    begun = PauseBegun(reference="B", version=1, rests_on=rests_on)
    return Content("pause.begin", PAUSE, Writer(post.role, post.name), payload(begun),
                   Wall.PUBLIC, RECEIVED)


def begin(post: Post) -> Entry:
    """A post begins the pause, with what it rests on filled in, whether it may or not."""
    return post.put(with_what_it_rests_on(beginning(post), fold(post.held).words)[0])


def settled(entries: dict[Question, Entry], **changes: Any) -> tuple[Settled, ...]:
    """That each question is settled by an entry."""
    return tuple(evolve(Settled(question=q, entry=e.hash), **changes) for q, e in entries.items())
