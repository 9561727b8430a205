"""The text of one cell into a value: digits of any script, lists, minutes, local times, hours.

Every function raises `Unexpected` with what was expected; none raises anything else.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from lull.domain.time import Clock, Estimate, Window
from lull.exchange.finding import did_you_mean
from lull.exchange.schema.column import Column, Kind

YES = frozenset(("yes", "y", "true", "1", "نعم", "oui"))
NO = frozenset(("no", "n", "false", "0", "لا", "non"))
GROUP_MARKS = (
    "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\N{ARABIC THOUSANDS SEPARATOR}'’ "
)
MARKS_OF_DIRECTION = dict.fromkeys(
    (0x061C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)
)
MOST_DIGITS = 15
PLAIN_ID = re.compile(r"[^\s|:;,/\\@#\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e]{1,80}")
LIST_MARKS = re.compile(r"[|\u061B]")


class Unexpected(ValueError):
    """A cell does not hold what it should; `expected` says what that is."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


def unmarked(text: str) -> str:
    """The text in its composed form (NFC), without marks of direction and blanks at its ends."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFC", text).translate(MARKS_OF_DIRECTION).strip()


def latin(text: str) -> str:
    """The text with the digits of any script as 0-9, and without marks of direction."""
    plain = unmarked(text)
    if plain.isascii():
        return plain
    return "".join(
        str(unicodedata.decimal(c)) if c > "\x7f" and unicodedata.category(c) == "Nd" else c
        for c in plain
    )


def number(text: str, *, decimal_comma: bool = False) -> float:
    """A finite number; takes Arabic decimal marks and, where told, a decimal comma."""
    plain = latin(text).replace("\N{ARABIC DECIMAL SEPARATOR}", ".")
    plain = plain.replace("\N{MINUS SIGN}", "-")
    if re.fullmatch(rf"-?\d{{1,3}}([{GROUP_MARKS}]\d{{3}})+(\.\d+)?", plain):
        plain = re.sub(f"[{GROUP_MARKS}]", "", plain)
    if "," in plain:
        if not decimal_comma:
            raise Unexpected("a number with a point and without thousands marks, such as 1500.5")
        plain = plain.replace(",", ".")
    if not re.fullmatch(r"[+-]?(\d{1,15}(\.\d{0,15})?|\.\d{1,15})([eE][+-]?\d{1,2})?", plain):
        raise Unexpected("a number")
    value = float(plain)
    if not math.isfinite(value):
        raise Unexpected("a number")
    return value


def whole(text: str) -> int:
    """A whole number; `12.0` is one, `1,000` and `1.000` are not (they mean two things)."""
    plain = latin(text).replace("\N{MINUS SIGN}", "-")
    if re.fullmatch(rf"-?\d{{1,3}}([{GROUP_MARKS}]\d{{3}})+", plain):
        plain = re.sub(f"[{GROUP_MARKS}]", "", plain)
    if re.fullmatch(r"[+-]?\d{1,15}\.0", plain):
        plain = plain[:-2]
    if not re.fullmatch(r"[+-]?\d{1,15}", plain):
        raise Unexpected("a whole number, in digits without thousands marks")
    return int(plain)


def bounded(value: float, column: Column) -> None:
    """Refuse a number outside its column's bounds."""
    least, most = column.least, column.most
    if (least is not None and value < least) or (most is not None and value > most):
        bounds = [f"at least {least:,g}"] if least is not None else []
        bounds += [f"at most {most:,.15g}"] if most is not None else []
        unit = f" {column.unit}" if column.unit else ""
        raise Unexpected(f"a number of {' and '.join(bounds)}{unit}")


def share(text: str, *, decimal_comma: bool = False) -> float:
    """A share between 0 and 1; `40 %` is 0.4."""
    plain = latin(text)
    percent = plain.endswith(("%", "\N{ARABIC PERCENT SIGN}"))
    value = number(plain.rstrip("%\N{ARABIC PERCENT SIGN}"), decimal_comma=decimal_comma)
    value = value / 100 if percent else value
    if not 0 <= value <= 1:
        raise Unexpected("a share between 0 and 1, such as 0.4 or 40%")
    return value


def yes_no(text: str) -> bool:
    """`yes` or `no`."""
    plain = latin(text).casefold()
    if plain in YES:
        return True
    if plain in NO:
        return False
    raise Unexpected("yes or no")


BLANKS = re.compile(r"[\s_-]+")


@cache
def _by_plain(allowed: tuple[str, ...]) -> Mapping[str, str]:
    """Allowed words by their plain form."""
    return {BLANKS.sub("_", str(word).casefold()): str(word) for word in allowed}


def choice(text: str, allowed: tuple[str, ...]) -> str:
    """One of the allowed words, however its letters and blanks are written."""
    plain = BLANKS.sub("_", latin(text).casefold())
    by_plain = _by_plain(allowed)
    if plain not in by_plain:
        listed = ", ".join(by_plain.values())
        raise Unexpected(f"one of: {listed}.{did_you_mean(plain, list(by_plain.values()))}")
    return by_plain[plain]


def identifier(text: str, *, gate: bool = False) -> str:
    """An id: letters and digits of any script, no blanks, no marks that part ids elsewhere.

    `gate` says that it may be a gate, `CORRIDOR@SIDE`.
    """
    plain = unmarked(text)
    if not PLAIN_ID.fullmatch(plain.replace("@", "", 1) if gate else plain):
        raise Unexpected("a short name of letters, digits, - and _, without blanks")
    return plain


def split_list(text: str) -> tuple[str, ...]:
    """The parts of a list, separated by `|`."""
    return tuple(part.strip() for part in LIST_MARKS.split(text) if part.strip())


def estimate(text: str, column: Column) -> Estimate:
    """`30` or `20/30/45` as low, likely and high minutes; parts of minutes are rounded up."""
    parts = [part.strip() for part in text.split("/")]
    if len(parts) not in (1, 3) or not all(parts):
        raise Unexpected("minutes as one number or as low/likely/high, such as 20/30/45")
    values = [minutes_up(part, column) for part in parts]
    if values != sorted(values):
        raise Unexpected("low, likely and high minutes that rise, such as 20/30/45")
    low, likely, high = values if len(values) == 3 else values * 3
    return Estimate(low, likely, high)


def minutes_up(text: str, column: Column) -> int:
    """Whole minutes, rounded up, within the column's bounds."""
    value = number(text)
    bounded(value, column)
    return math.ceil(value - 1e-9)


def by_type(text: str, column: Column) -> dict[str, Estimate]:
    """`ambulance:10|truck:30/40/60` by vehicle type; a prefix `out:` or `in:` stays in the key."""
    found: dict[str, Estimate] = {}
    for part in split_list(text):
        name, colon, minutes = part.rpartition(":")
        if not colon or not name.strip():
            raise Unexpected("type:minutes, separated by |, such as ambulance:10|truck:30/40/60")
        key = ":".join(identifier(word) for word in name.split(":"))
        if key in found:
            raise Unexpected(f"each type once; {key!r} stands twice")
        found[key] = estimate(minutes, column)
    return found


def sizes(text: str) -> tuple[dict[int, int], tuple[float, ...]]:
    """Household sizes: `size:number` pairs, and average sizes that stand alone."""
    fixed: dict[int, int] = {}
    averages: list[float] = []
    for part in split_list(text):
        size, colon, count = part.partition(":")
        if not colon:
            average = number(size)
            if not 1 <= average <= 60:
                raise Unexpected("an average household size between 1 and 60")
            averages.append(average)
            continue
        persons, households = whole(size), whole(count)
        if not 1 <= persons <= 200 or households < 0 or persons in fixed:
            raise Unexpected("size:number once for each size of 1 to 200, such as 1:40|4:100|5")
        fixed[persons] = households
    return fixed, tuple(averages)


FIRST_YEAR, LAST_YEAR = 1970, 2199
CLOCK_TIME = r"(\d{1,2}):(\d{2})(?::00(?:\.0+)?)?"
DATED = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}})(?:[T\s]+{CLOCK_TIME})?")
UNDATED = re.compile(rf"{CLOCK_TIME}(?:\+(\d{{1,2}}))?")
A_TIME = "a local time such as 2016-10-20 08:00, or 08:00 of the first window's day"


def clock_minutes(hours: str, minutes: str) -> int:
    """Minutes after midnight; 24:00 is the end of the day."""
    value = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or value > 1_440:
        raise Unexpected("a time between 00:00 and 24:00")
    return value


def naive(text: str, first_day: date | None) -> datetime:
    """A local date and time without a zone; a time alone is of `first_day` (`06:00+1`: the next).

    Without a first day, a time alone is not understood.
    """
    plain = latin(text)
    dated = DATED.fullmatch(plain)
    if dated:
        year, month, day, hours, minutes = dated.groups()
        try:
            midnight = datetime(int(year), int(month), int(day))  # noqa: DTZ001 - local by intent
        except ValueError as error:
            raise Unexpected("a date that exists, such as 2016-10-20 08:00") from error
        if hours is None:
            raise Unexpected(A_TIME)
        if not FIRST_YEAR <= midnight.year <= LAST_YEAR:
            raise Unexpected(f"a year between {FIRST_YEAR} and {LAST_YEAR}")
        return _after(midnight, clock_minutes(hours, minutes))
    undated = UNDATED.fullmatch(plain)
    if not undated:
        raise Unexpected(A_TIME)
    if first_day is None:
        raise Unexpected("a local date and time such as 2016-10-20 08:00")
    hours, minutes, days = undated.groups()
    midnight = datetime(first_day.year, first_day.month, first_day.day)  # noqa: DTZ001
    return _after(midnight, clock_minutes(hours, minutes) + 1_440 * int(days or 0))


def _after(midnight: datetime, minutes: int) -> datetime:
    try:
        return midnight + timedelta(minutes=minutes)
    except OverflowError as error:
        raise Unexpected("a date that exists, such as 2016-10-20 08:00") from error


def instants(local: datetime, zone: str) -> tuple[datetime, ...]:
    """The instants (UTC) that a local time can mean: none in a gap, two in a repeated hour."""
    place = ZoneInfo(zone)
    try:
        first = local.replace(tzinfo=place, fold=0).astimezone(UTC)
        second = local.replace(tzinfo=place, fold=1).astimezone(UTC)
        real = [u for u in (first, second) if u.astimezone(place).replace(tzinfo=None) == local]
    except (OverflowError, ValueError):
        return ()
    return tuple(dict.fromkeys(real))


def one_instant(local: datetime, zone: str) -> datetime:
    """The instant (UTC) of a local time; refuses a time that is skipped or comes twice."""
    found = instants(local, zone)
    if not found:
        raise Unexpected(
            f"a local time that exists: the clock in {zone} jumps over {local:%Y-%m-%d %H:%M}"
        )
    if len(found) > 1:
        raise Unexpected(
            f"a time that comes once: in {zone} the clock is set back and {local:%Y-%m-%d %H:%M} "
            "comes twice, so choose another time or give it in UTC where the file allows it"
        )
    return found[0]


def minute_of(text: str, clock: Clock) -> int:
    """A local time as whole minutes since the clock's origin."""
    local = naive(text, clock.local(0).date())
    return clock.minute(one_instant(local, clock.zone))


SPELL = re.compile(r"(?P<start>.+?\d:\d\d(?::00)?)\s*[-–—]\s*(?P<end>.+)")


def hours(text: str, clock: Clock, last: int) -> tuple[Window, ...]:
    """Opening hours as windows in minutes, merged, over all days up to minute `last`.

    A spell without a date (`08:00-18:00`) holds on every day; one that closes before it opens
    closes the next day.
    """
    spells: list[tuple[int, int]] = []
    for part in split_list(text):
        match = SPELL.fullmatch(latin(part))
        if not match:
            raise Unexpected("hours such as 08:00-18:00, separated by |")
        start, end = match["start"].strip(), match["end"].strip()
        if DATED.fullmatch(start):
            opens = naive(start, None)
            closes = naive(end, opens.date())
            if closes <= opens:
                raise Unexpected("hours that close after they open")
            spells.append((_minute(opens, clock), _minute(closes, clock)))
        else:
            spells += daily(start, end, clock, last)
    return merged(spells)


def daily(start: str, end: str, clock: Clock, last: int) -> list[tuple[int, int]]:
    """The same spell on every local day from the day before the origin to that of `last`."""
    opening, closing = UNDATED.fullmatch(latin(start)), UNDATED.fullmatch(latin(end))
    if not opening or not closing:
        raise Unexpected("hours such as 08:00-18:00, or 2016-10-20 08:00 - 2016-10-20 18:00")
    opens, closes = clock_minutes(*opening.groups()[:2]), clock_minutes(*closing.groups()[:2])
    closes += 1_440 if closes <= opens else 0
    first = clock.local(0).date() - timedelta(days=1)
    days = (clock.local(last).date() - first).days + 1
    found = []
    for day in range(days):
        midnight = datetime(first.year, first.month, first.day) + timedelta(days=day)  # noqa: DTZ001
        found.append((
            _minute(midnight + timedelta(minutes=opens), clock),
            _minute(midnight + timedelta(minutes=closes), clock),
        ))
    return found


def _minute(local: datetime, clock: Clock) -> int:
    found = instants(local, clock.zone)
    if not found:
        raise Unexpected(
            f"hours that exist: the clock in {clock.zone} jumps over {local:%Y-%m-%d %H:%M}"
        )
    return clock.minute(found[0])


def merged(spells: list[tuple[int, int]]) -> tuple[Window, ...]:
    """Spells in order, those that touch or overlap made one."""
    joined: list[tuple[int, int]] = []
    for opens, closes in sorted(spells):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(closes, joined[-1][1]))
        elif closes > opens:
            joined.append((opens, closes))
    return tuple(Window(opens, closes) for opens, closes in joined)


def _whole_in(text: str, column: Column) -> int:
    value = whole(text)
    bounded(value, column)
    return value


def _number_in(text: str, column: Column, decimal_comma: bool) -> float:
    value = number(text, decimal_comma=decimal_comma)
    bounded(value, column)
    return value


Reader = Callable[[str, Column, bool], Any]


def _unique(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(parts))


READERS: Mapping[Kind, Reader] = {
    Kind.TEXT: lambda text, _column, _comma: text,
    Kind.ID: lambda text, column, _comma: identifier(text, gate=column.refers == "places"),
    Kind.WHOLE: lambda text, column, _comma: _whole_in(text, column),
    Kind.NUMBER: _number_in,
    Kind.SHARE: lambda text, _column, comma: share(text, decimal_comma=comma),
    Kind.YES_NO: lambda text, _column, _comma: yes_no(text),
    Kind.CHOICE: lambda text, column, _comma: choice(text, column.allowed),
    Kind.CHOICES: lambda text, column, _comma: _unique(
        choice(part, column.allowed) for part in split_list(text)
    ),
    Kind.IDS: lambda text, _column, _comma: _unique(identifier(p) for p in split_list(text)),
    Kind.WORDS: lambda text, _column, _comma: split_list(text),
    Kind.ESTIMATE: lambda text, column, _comma: estimate(text, column),
    Kind.TIME: lambda text, _column, _comma: text,
    Kind.HOURS: lambda text, _column, _comma: text,
    Kind.BY_TYPE: lambda text, column, _comma: by_type(text, column),
    Kind.SIZES: lambda text, _column, _comma: sizes(text),
    Kind.NUMBERS: lambda text, _column, _comma: tuple(number(p) for p in split_list(text)),
}
"""How the text of a cell is read, by the kind of its column."""


def read_cell(text: str, column: Column, *, decimal_comma: bool = False) -> Any:
    """The value of a filled cell by its column's kind; times and hours stay text until a clock
    is known.
    """
    return READERS[column.kind](text, column, decimal_comma)
