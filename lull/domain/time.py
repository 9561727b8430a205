"""Minutes inside, aware UTC beneath, local time at the edge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import frozen

from lull.domain.refusal import require

FIRST = datetime(1, 1, 1, tzinfo=UTC)
LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""Between these lies every instant that a calendar reaches."""
FIRST_YEAR, LAST_YEAR = 1900, 2200
"""The years in which a time that somebody writes down may lie: the oldest agreements on a pause
that are cited are younger, nothing is planned so far ahead, and far from the ends of the calendar
every time zone and every span can be reckoned (assumed). A slip of a key is told at once."""


@frozen
class Estimate:
    """A duration in whole minutes as low, likely and high."""

    low: int
    likely: int
    high: int

    def __attrs_post_init__(self) -> None:
        require(
            0 <= self.low <= self.likely <= self.high,
            f"Minutes {self.low} / {self.likely} / {self.high} must rise from low to high "
            "and none may be negative.",
        )

    @classmethod
    def of(cls, minutes: int) -> Estimate:
        """The same figure for low, likely and high."""
        return cls(minutes, minutes, minutes)


@frozen
class Clock:
    """Turns whole minutes since the origin into UTC and local time, and back.

    `origin` is the opening of the first window in aware UTC; minutes before it are negative.
    """

    origin: datetime
    zone: str

    def __attrs_post_init__(self) -> None:
        require(
            self.origin.tzinfo is not None and self.origin.utcoffset() == timedelta(0),
            f"The origin {self.origin} must be in UTC.",
        )

    def utc(self, minute: int) -> datetime:
        """The instant of a minute, aware, in UTC."""
        return self.origin + timedelta(minutes=minute)

    def local(self, minute: int) -> datetime:
        """The instant of a minute, aware, in the time zone of the place."""
        return self.utc(minute).astimezone(ZoneInfo(self.zone))

    def minute(self, instant: datetime) -> int:
        """The whole minute in which an aware instant falls."""
        require(instant.tzinfo is not None, f"The time {instant} has no time zone.")
        return int((instant.astimezone(UTC) - self.origin).total_seconds() // 60)

    def hhmm(self, minute: int) -> str:
        """Local time as 24-hour `HH:MM`, with `+n` after midnight of the first day.

        In the hour that comes twice when a clock is set back, `A` marks the first and `B` the
        second, as timetables of railways do: 02:55A comes before 02:07B.
        """
        local = self.local(minute)
        days = (local.date() - self.local(0).date()).days
        twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
        which = "AB"[local.fold] if twice else ""
        return f"{local:%H:%M}{which}" + (f"{days:+d}" if days else "")


@frozen
class Window:
    """One spell of quiet: minutes [opens, closes) since the origin."""

    opens: int
    closes: int
    name: str = ""

    def __attrs_post_init__(self) -> None:
        require(
            self.closes > self.opens,
            f"The window {self.name or ''} closes (minute {self.closes}) before it opens "
            f"(minute {self.opens}).".replace("  ", " "),
        )

    @property
    def minutes(self) -> int:
        """Length in minutes."""
        return self.closes - self.opens

    def holds(self, start: int, end: int | None = None) -> bool:
        """Whether the spell [start, end] lies within the window (a moment if `end` is None)."""
        return self.opens <= start and (start if end is None else end) <= self.closes


def minutes_between(start: datetime, end: datetime) -> int:
    """Whole minutes from one aware instant to another, rounded up; negative if it lies before."""
    return -int((start - end).total_seconds() // 60)


def shifted(time: datetime, minutes: int) -> datetime:
    """An aware instant moved by minutes; where no calendar reaches, the first or last one there is.

    What others wrote may hold any year and any number of minutes.
    """
    try:
        return time.astimezone(UTC) + timedelta(minutes=minutes)
    except OverflowError:
        return LAST if minutes > 0 else FIRST


def lasting(minutes: int) -> str:
    """A span of time in words, as 40 min, 48 h or, beyond three days, 4 d 3 h."""
    days, rest = divmod(max(0, minutes), 24 * 60) if minutes > 3 * 24 * 60 else (0, max(0, minutes))
    hours, left = divmod(rest, 60)
    parts = [f"{n} {unit}" for n, unit in ((days, "d"), (hours, "h"), (left, "min")) if n]
    return " ".join(parts[:2]) or "0 min"
