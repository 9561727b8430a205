"""Lines to a movement: that they were tried before go, who checked in, whom to call if nobody does.

A check-in says at which named point of the notified route a movement was. There is no field for a
position, and none is taken: the figures of coordinates are refused where a point's name belongs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from attrs import frozen

from lull.domain.records.common import Record
from lull.domain.records.grid import MGRS
from lull.domain.records.receipt import Channel
from lull.domain.refusal import require, require_whole

COORDINATES = re.compile(r"\d[.,٫]\d{2,}|\d\s*[°º]|" + MGRS.pattern)
"""What looks like a position: decimals to the second place, degrees, a grid reference."""

NEVER_PUBLIC = frozenset({"line_test", "check_in"})
"""Kinds of entries that say when and by what a movement is reached: never in clear."""


class LineKind(StrEnum):
    """A line over which a movement, or a side that might fire, is reached."""

    HOTLINE = "hotline"
    RADIO = "radio"
    SATELLITE_PHONE = "satellite_phone"
    CONTACT = "contact"
    DEPUTY = "deputy"
    BACKUP = "backup"


class LineOutcome(StrEnum):
    """What came of a test call."""

    NO_ANSWER = "no_answer"
    NOT_UNDERSTOOD = "not_understood"
    DEAD = "dead"
    ANSWERED = "answered"


@frozen(kw_only=True)
class LineTest(Record):
    """A test call before go: which line of a movement, by which function, and what came of it.

    `whose` is the organisation or party whose line it is; blank for the movement's own.
    """

    movement: str
    line: LineKind
    tested_at: datetime
    tested_by_function: str
    outcome: LineOutcome
    whose: str = ""
    answered_by_function: str = ""

    def check(self) -> None:
        """An answer was given by somebody."""
        require(self.outcome is not LineOutcome.ANSWERED or bool(self.answered_by_function),
                "Say which function answered the test call.")


@frozen(kw_only=True)
class CheckIn(Record):
    """That a movement reported, over which channel, at which named point of its notified route."""

    movement: str
    at: datetime
    point: str
    channel: Channel
    taken_by_function: str

    def check(self) -> None:
        """A point is named, never measured."""
        require(not COORDINATES.search(self.point),
                "Give the name of a point of the notified route; positions are not kept.")


@frozen(kw_only=True)
class Rung:
    """One step of a ladder: so long after a missed check-in this function is called and does so."""

    after_minutes: int
    organisation: str
    function: str
    channel: str
    does: str

    def __attrs_post_init__(self) -> None:
        require_whole(self.after_minutes, "Minutes after a missed check-in")


def require_rising(ladder: Iterable[Rung]) -> None:
    """Raise Refusal unless each rung comes later than the one before it."""
    minutes = [rung.after_minutes for rung in ladder]
    require(all(a < b for a, b in pairwise(minutes)),
            "Each step of the escalation comes more minutes after the missed check-in than the one "
            "before it.")
