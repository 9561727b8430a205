"""One thing that is due: what, since when or by when, whose turn it is, and a sentence."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from attrs import frozen

from lull.domain.protocol import Role
from lull.domain.rights import NAMING, Action, Relation, may
from lull.domain.saying import Said


class DueKind(StrEnum):
    """What is due, the most pressing kinds first."""

    CHECK_IN = "check_in"
    LINE_TEST = "line_test"
    TRANSMIT = "transmit"
    RECEIPT = "receipt"
    QUERY = "query"
    ANSWER = "answer"
    QUESTION = "question"
    CONTRADICTION = "contradiction"
    COMPLETE = "complete"
    OUTCOME = "outcome"
    PREPARATION = "preparation"
    RECONCILE = "reconcile"
    OBSERVE = "observe"
    SITE_REVIEW = "site_review"


MEANS: dict[DueKind, str] = {
    DueKind.CHECK_IN: "A movement under way is to check in; if it is late, the escalation ladder "
    "runs. Until it arrives, or is back where the notification has a way back.",
    DueKind.LINE_TEST: "A line of a movement has not answered a test call within the time before "
    "go.",
    DueKind.TRANSMIT: "A version has not left for a recipient, and its lead time runs out; or a "
    "recipient has an older version.",
    DueKind.RECEIPT: "A recipient has not confirmed the newest version that was sent to it.",
    DueKind.QUERY: "A recipient asked back or objected, and nothing has followed.",
    DueKind.ANSWER: "A party that was asked has not decided on a request.",
    DueKind.QUESTION: "A protection question is open, which blocks «ready».",
    DueKind.CONTRADICTION: "Posts that were apart said different things; all of it stands.",
    DueKind.COMPLETE: "The validity of a notification has run out, and no outcome is told.",
    DueKind.OUTCOME: "The last hours of a pause are over, and nobody has said how it ended, or "
    "that it never began.",
    DueKind.PREPARATION: "Something was announced for a pause, and no observer has said what was "
    "seen of it.",
    DueKind.RECONCILE: "The totals of a delivery do not add up, and nobody has said why.",
    DueKind.OBSERVE: "A party says that it delivered, and nobody else has seen it: a claim.",
    DueKind.SITE_REVIEW: "A notified site is to be reviewed, or should have been.",
}
"""What each kind says, for the reference."""


ORDER = {kind: place for place, kind in enumerate(DueKind)}


@frozen
class Ladder:
    """How far an escalation has come: the step reached (0: none yet), who is called, who is next.

    `called` is by function and channel; `next_at` is when the next step is reached (aware UTC).
    """

    step: int
    steps: int
    called: Said | None = None
    does: str = ""
    next_called: Said | None = None
    next_does: str = ""
    next_at: datetime | None = None

    @property
    def call(self) -> str:
        """Who is called, in English."""
        return str(self.called or "")

    @property
    def next_call(self) -> str:
        """Who is called next, in English."""
        return str(self.next_called or "")


@frozen
class Due:
    """One thing that is due at a moment.

    `since` is from when it waits and `by` until when it is to be done (aware UTC, None where none
    is known); `waiting_minutes` and `late_minutes` are counted to the moment asked for, 0 where it
    is in time. `roles` may do it, `side` is whose turn it is (blank: any of them), and `yours` says
    whether the reader is one of them. `said` are the sentences that tell of it, `entries` the
    entries on which it rests, by hash.
    """

    kind: DueKind
    object: str
    part: str
    since: datetime | None
    by: datetime | None
    waiting_minutes: int
    late_minutes: int
    roles: tuple[Role, ...]
    side: str
    said: tuple[Said, ...]
    entries: tuple[str, ...]
    ladder: Ladder | None = None
    yours: bool = False

    @property
    def sentence(self) -> str:
        """What is due, in English."""
        return " ".join(map(str, self.said))

    @property
    def urgency(self) -> tuple[bool, int, float, str, str]:
        """By what things due are sorted: what is late first, then by kind, then by time."""
        at = self.by or self.since
        return (not self.late_minutes, ORDER[self.kind],
                at.timestamp() if at else 0.0, self.object, self.part)


@frozen
class Turn:
    """Whose turn something is: the thing to be written, the roles that may, the side whose it is.

    `side` is the owner of the object, or the side that its part names.
    """

    thing: str
    roles: tuple[Role, ...]
    side: str

    def is_of(self, role: Role | None, side: str) -> bool:
        """Whether it is the turn of this role and side, by the table of rights."""
        mine = bool(side) and side == self.side
        named = mine and self.thing in NAMING
        return role in self.roles and may(role, Action.WRITE, self.thing,
                                          Relation(side=mine, named=named))
