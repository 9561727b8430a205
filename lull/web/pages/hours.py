"""Hours of windows, as they are announced, asked for or granted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from attrs import frozen

from lull.web.pages.zones import utc_instant


@frozen
class Window:
    """From one time to another, and how long that is."""

    start: datetime
    end: datetime
    recurrence: str
    lasts: str


def windows(spans: Iterable[Mapping[str, Any]]) -> tuple[Window, ...]:
    """Windows from a record's spans."""
    found = []
    for span in spans:
        start, end = utc_instant(span["start"]), utc_instant(span["end"])
        found.append(Window(start, end, span.get("recurrence", ""), lasting(end - start)))
    return tuple(found)


def in_all(of: Iterable[Window]) -> str:
    """How long windows are together."""
    return lasting(sum((w.end - w.start for w in of), timedelta()))


def lasting(time: timedelta) -> str:
    """Hours and minutes, such as 11:00, however many hours they are."""
    minutes = int(time.total_seconds()) // 60
    return f"{minutes // 60}:{minutes % 60:02d}"
