"""Times and hours in rows into minutes, once the pause's clock is known."""

from __future__ import annotations

from lull.domain.time import Window
from lull.exchange.build.draft import Draft
from lull.exchange.cells import Unexpected, hours, minute_of
from lull.exchange.rows import Row


def minute(draft: Draft, row: Row, column: str) -> int | None:
    """The minute of a row's local time; None where it is blank or the clock is unknown."""
    text = row.get(column)
    if text is None or draft.pause is None:
        return None
    try:
        return minute_of(text, draft.pause.clock)
    except Unexpected as error:
        draft.findings.unexpected(row.where.at(column), text, error.expected)
        return None


def open_hours(draft: Draft, row: Row) -> tuple[Window, ...]:
    """The opening hours of a row from `open_hours`, or from `opens` and `closes`."""
    text, column = row.get("open_hours"), "open_hours"
    opens, closes = row.get("opens"), row.get("closes")
    if text is None and (opens is None) != (closes is None):
        column = "opens" if closes is None else "closes"
        draft.findings.error("hours", row.where.at(column), "Only one of opens and closes is "
                             "given; give both or neither.", opens or closes, "both or neither")
        return ()
    if text is None and opens is not None:
        text, column = f"{opens}-{closes}", "opens"
    if text is None or draft.pause is None:
        return ()
    try:
        return hours(text, draft.pause.clock, draft.pause.windows[-1].closes)
    except Unexpected as error:
        draft.findings.unexpected(row.where.at(column), text, error.expected)
        return ()
