"""Reports of a day and what was notified, as CSV or JSON; all that is wrong is said at once.

Reports: `at,what,who,where,minutes,note`. Notified: `corridor,direction,from,to,largest_convoy,
receipted`. Times are `HH:MM` on the first day of the pause, `HH:MM+1` on the next, or ISO 8601; all
local where they do not say otherwise. JSON is a list of objects with the same names. A second line
that begins with `#` (HXL hashtags) and lines that begin with `#` are passed over.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from attrs import frozen

from lull.domain.corridor import Direction
from lull.domain.refusal import Refusal
from lull.domain.time import Clock
from lull.questions.reports import Happened, Notified, Report

T = TypeVar("T")

MOST_BYTES = 20_000_000
REPORT_COLUMNS = ("at", "what", "who", "where", "minutes", "note")
NOTIFIED_COLUMNS = ("corridor", "direction", "from", "to", "largest_convoy", "receipted")
SHORT_TIME = re.compile(r"^(\d{1,2}):(\d{2})(?:\+(\d+))?$")
LINE = "line of the file"
"""Where a row stands, beside its columns."""
LONG_AGO = -(10**6)
"""A minute that is before any now: stands where a time could not be read."""

YES, NO = {"yes", "true", "1"}, {"no", "false", "0", ""}


@frozen
class Read(Generic[T]):
    """What a list holds: its rows, and what is wrong with the others.

    `doubtful` are rows of which not all could be read, as far as they could: enough to see whether
    their names are known, and for nothing else.
    """

    rows: tuple[T, ...] = ()
    wrong: tuple[str, ...] = ()
    doubtful: tuple[T, ...] = ()


def read_reports(path: Path, clock: Clock) -> tuple[Report, ...]:
    """The reports in a file. Raises Refusal with every line that cannot be read, and why."""
    return _sound(reports_in(path, clock))


def reports_in(path: Path, clock: Clock, *, raw: bytes | None = None) -> Read[Report]:
    """The reports in a file, with what is wrong with it. Raises Refusal where it is no list.

    `raw` is the file's content where it does not lie on a disk.
    """
    def report(row: Mapping[str, str]) -> Report:
        at, what, minutes = _each(
            lambda: minute_of(row.get("at", ""), clock),
            lambda: Happened(_one_of(row.get("what", ""), [h.value for h in Happened], "what")),
            lambda: _whole(row.get("minutes", ""), "minutes"))
        return Report(at, what, row.get("who", ""), row.get("where", ""), minutes, row[LINE])

    def names(row: Mapping[str, str]) -> Report:
        what = Happened(_one_of(row.get("what", ""), [h.value for h in Happened], "what"))
        return Report(LONG_AGO, what, row.get("who", ""), row.get("where", ""),
                      1 if what is Happened.DELAYED else 0, row[LINE])

    return _rows(path, REPORT_COLUMNS, report, names, raw)


def read_notified(path: Path, clock: Clock) -> tuple[Notified, ...]:
    """What was notified, with or without receipt. Raises Refusal as `read_reports` does."""
    return _sound(notified_in(path, clock))


def notified_in(path: Path, clock: Clock, *, raw: bytes | None = None) -> Read[Notified]:
    """What was notified, with what is wrong with the list; as `reports_in`."""
    def notified(row: Mapping[str, str]) -> Notified:
        largest = row.get("largest_convoy", "")
        receipted, direction, opens, closes, most = _each(
            lambda: _yes(row.get("receipted", "").lower()),
            lambda: Direction(_one_of(row.get("direction", ""), ["out", "in"], "direction")),
            lambda: minute_of(row.get("from", ""), clock),
            lambda: minute_of(row.get("to", ""), clock),
            lambda: _whole(largest, "largest_convoy") if largest else None)
        return Notified(row.get("corridor", ""), direction, opens, closes, most, receipted,
                        row[LINE])

    def names(row: Mapping[str, str]) -> Notified:
        return Notified(row.get("corridor", ""), Direction.OUT, 0, 1, line=row[LINE])

    return _rows(path, NOTIFIED_COLUMNS, notified, names, raw)


def _sound(of: Read[T]) -> tuple[T, ...]:
    if of.wrong:
        raise Refusal("\n".join(of.wrong))
    return of.rows


def minute_of(words: str, clock: Clock) -> int:
    """A local time as minutes since the pause's origin. Raises Refusal where it is none."""
    zone = ZoneInfo(clock.zone)
    if short := SHORT_TIME.match(words):
        hours, minutes, days = int(short[1]), int(short[2]), int(short[3] or 0)
        if hours < 24 and minutes < 60:
            first = clock.local(0)
            day = first.date() + timedelta(days=days)
            return clock.minute(datetime(day.year, day.month, day.day, hours, minutes, tzinfo=zone))
    try:
        when = datetime.fromisoformat(words)
    except ValueError:
        raise Refusal(f"{words!r} is no time; write 10:40, 10:40+1 or 2016-10-20T10:40.") from None
    return clock.minute(when if when.tzinfo else when.replace(tzinfo=zone))


def _each(*fields: Callable[[], Any]) -> list[Any]:
    """What each field of a line says; raises Refusal with all that cannot be read in it."""
    found, wrong = [], []
    for field in fields:
        try:
            found.append(field())
        except Refusal as why:
            wrong.append(str(why))
    if wrong:
        raise Refusal(" ".join(wrong))
    return found


def _yes(said: str) -> bool:
    if said not in YES | NO:
        raise Refusal(f"receipted is {said!r}; write yes or no.")
    return said in YES


def _one_of(word: str, known: list[str], what: str) -> str:
    if word not in known:
        raise Refusal(f"{what} is {word!r}; it is one of {', '.join(known)}.")
    return word


def _whole(words: str, what: str) -> int:
    if not words:
        return 0
    if not words.isascii() or not words.isdigit():
        raise Refusal(f"{what} is {words!r}; write a whole number.")
    return int(words)


def _rows(
    path: Path, columns: tuple[str, ...], make: Callable[[Mapping[str, str]], T],
    names: Callable[[Mapping[str, str]], T], raw: bytes | None,
) -> Read[T]:
    raw = path.read_bytes() if raw is None else raw
    if len(raw) > MOST_BYTES:
        raise Refusal(f"{path.name} has {len(raw)} bytes; no list is so long.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal(f"{path.name} is not in UTF-8; save it as CSV UTF-8.") from None
    rows = _json(text, path) if path.suffix == ".json" else _csv(text, path, columns)
    made: list[T] = []
    doubtful: list[T] = []
    wrong: list[str] = []
    told: set[tuple[str, ...]] = set()
    for line, row in rows:
        strange = tuple(sorted(set(row) - set(columns)))
        if strange:
            if strange not in told:
                wrong.append(f"{path.name}, {line}: there is no column {', '.join(strange)}; there "
                             f"are {', '.join(columns)}.")
            told.add(strange)
            continue
        known = {**row, LINE: f"{path.name}, {line}"}
        try:
            made.append(make(known))
        except Refusal as why:
            wrong.append(f"{path.name}, {line}: {why}")
            with suppress(Refusal):
                doubtful.append(names(known))
    return Read(tuple(made), tuple(wrong), tuple(doubtful))


def _csv(text: str, path: Path, columns: tuple[str, ...]) -> list[tuple[str, dict[str, str]]]:
    lines = list(csv.reader(io.StringIO(text)))
    found: list[tuple[str, dict[str, str]]] = []
    header: list[str] | None = None
    for number, line in enumerate(lines, start=1):
        cells = [cell.strip() for cell in line]
        if not any(cells) or cells[0].startswith("#"):
            continue
        if header is None:
            header = cells
            continue
        row = dict(zip(header, cells, strict=False))
        more = {f"beyond the header: {x}": x for x in cells[len(header):] if x}
        found.append((f"line {number}", {**row, **more}))
    if header is None or (not found and not set(header) & set(columns)):
        raise Refusal(f"{path.name} has {'no line' if header is None else 'one line'} and no "
                      f"heading, as if it were cut off; the first line is {','.join(columns)}, "
                      "which stands alone where there is nothing to say.")
    return found


def _json(text: str, path: Path) -> list[tuple[str, dict[str, str]]]:
    try:
        body = json.loads(text)
    except ValueError as wrong:
        raise Refusal(f"{path.name} is no JSON: {wrong}.") from None
    if not isinstance(body, list) or not all(isinstance(row, dict) for row in body):
        raise Refusal(f"{path.name} must hold a list of objects.")
    return [(f"entry {n}", {str(k): _word(v) for k, v in row.items()})
            for n, row in enumerate(body, start=1)]


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value).strip()
