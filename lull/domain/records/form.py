"""Records as JSON and back: every field looked at, every error told at its field.

In JSON, blank fields are left out, figures with a fraction and times are text, so that a record has
one form only. A blank is None, "", (), or False; a field that need not be filled defaults to one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs
from attrs import frozen

from lull.domain.refusal import Refusal
from lull.domain.time import FIRST_YEAR, LAST_YEAR

R = TypeVar("R")
PLAIN_DECIMAL = re.compile(r"-?(0|[1-9]\d*)(\.\d*[1-9])?", re.ASCII)
UTC_SECOND = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)
LONGEST_TEXT = 10_000
TO_FILL = "«to be filled»"
"""Stands in a text that must be filled and that nobody has filled yet: a draft may hold it, and
nothing that leaves may."""


@frozen
class FieldError:
    """What is wrong at one field, such as `vehicles.2.number`."""

    field: str
    sentence: str


class BadRecord(Refusal):
    """A record is not right; `errors` has each error at its field."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__(" ".join(f"{e.field}: {e.sentence}" if e.field else e.sentence
                                  for e in errors))
        self.errors = errors


def as_json(record: Any) -> dict[str, Any]:
    """A record as JSON, without the fields that are blank."""
    found = {}
    for name in fields_of(record.__class__):
        value = getattr(record, name)
        if not is_blank(value):
            found[name] = _write(value)
    return found


def is_blank(value: Any) -> bool:
    """Whether a value stands for nothing said."""
    return value is None or value is False or value in ("", ())


def unfilled(node: Any, at: str = "") -> Iterator[str]:
    """The fields of a record as JSON in which still stands that they are to be filled."""
    if node == TO_FILL:
        yield at
    elif isinstance(node, Mapping):
        for name, inner in node.items():
            yield from unfilled(inner, _at(at, name))
    elif isinstance(node, list):
        for i, inner in enumerate(node, 1):
            yield from unfilled(inner, _at(at, i))


def _write(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, tuple):
        return [_write(item) for item in value]
    return as_json(value) if attrs.has(type(value)) else value


def utc_text(instant: datetime) -> str:
    """An aware instant to the second in UTC, such as 2016-10-20T09:15:00Z."""
    if instant.tzinfo is None or instant.microsecond:
        raise Refusal(f"The time {instant} needs a time zone, and no parts of a second.")
    return f"{instant.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"


def decimal_text(figure: Decimal) -> str:
    """A figure in its one plain form: no exponent, no zeros at the end."""
    text = f"{figure:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


@cache
def fields_of(record: Any) -> dict[str, Any]:
    """The fields of a record with their types."""
    hints = get_type_hints(record)
    return {a.name: hints[a.name] for a in attrs.fields(record)}


def required(record: type) -> tuple[str, ...]:
    """The fields of a record that must be filled."""
    return tuple(a.name for a in attrs.fields(record) if a.default is attrs.NOTHING)


def read(record: type[R], node: Any) -> R:
    """A record from JSON; raises BadRecord with every error at its field."""
    errors: list[FieldError] = []
    made = _read_record(record, node, "", errors)
    if errors:
        raise BadRecord(tuple(errors))
    return made  # type: ignore[no-any-return]


def _read_record(record: type, node: Any, at: str, errors: list[FieldError]) -> Any:
    if not isinstance(node, Mapping):
        errors.append(FieldError(at, "There must be fields with values here."))
        return None
    before = len(errors)
    known = fields_of(record)
    errors += [FieldError(_at(at, name), "This field is not known.")
               for name in node if name not in known]
    errors += [FieldError(_at(at, name), "This must be filled.")
               for name in required(record) if name not in node]
    values = {
        name: _read_value(kind, node[name], _at(at, name), errors)
        for name, kind in known.items() if name in node
    }
    if len(errors) > before:
        return None
    try:
        return record(**values)
    except Refusal as wrong:
        errors.append(FieldError(at, str(wrong)))
        return None


def _at(at: str, name: str | int) -> str:
    return f"{at}.{name}" if at else str(name)


def _read_value(kind: Any, node: Any, at: str, errors: list[FieldError]) -> Any:
    """A value of a kind, or None with an error."""
    if get_origin(kind) is tuple:
        return _read_list(get_args(kind)[0], node, at, errors)
    if get_origin(kind) in (Union, UnionType):
        inner = next(k for k in get_args(kind) if k is not type(None))
        return _read_value(inner, node, at, errors)
    if attrs.has(kind):
        return _read_record(kind, node, at, errors)
    wrong = next(_wrong(kind, node), "")
    if wrong:
        errors.append(FieldError(at, wrong))
        return None
    return _made(kind, node)


def _read_list(kind: Any, node: Any, at: str, errors: list[FieldError]) -> Any:
    if not isinstance(node, list) or not node:
        errors.append(FieldError(at, "There must be a list here, or nothing."))
        return None
    return tuple(_read_value(kind, item, _at(at, i), errors) for i, item in enumerate(node, 1))


def _wrong(kind: Any, node: Any) -> Iterator[str]:
    """What is wrong with a plain value; nothing if it is right."""
    if kind is bool:
        if node is not True:
            yield "It must be true, or be left out."
    elif kind is int:
        if isinstance(node, bool) or not isinstance(node, int):
            yield f"{node!r} is no whole number."
    elif not isinstance(node, str) or not node.strip():
        yield "There must be a text here, or nothing."
    elif not _is_unicode(node):
        yield "The text holds half of a character (a lone surrogate)."
    elif len(node) > LONGEST_TEXT:
        yield f"The text is longer than {LONGEST_TEXT:,} characters."
    elif kind is Decimal:
        if not PLAIN_DECIMAL.fullmatch(node) or node == "-0":
            yield f"{node!r} is no figure in plain form, such as 36.2021."
    elif kind is datetime:
        if instant(node) is None:
            yield f"{node!r} is no time in UTC, such as 2016-10-20T09:15:00Z."
        elif not FIRST_YEAR <= int(node[:4]) <= LAST_YEAR:
            yield beyond_years(node)
    elif issubclass(kind, StrEnum) and node not in list(kind):
        yield f"{node!r} is none of: {', '.join(kind)}."


def beyond_years(text: str) -> str:
    """What is wrong with a time in a year of which no record speaks."""
    return (f"{text!r} is no year of a pause; times lie in the years {FIRST_YEAR} to {LAST_YEAR}. "
            "Look at the year.")


def is_instant(text: str) -> bool:
    """Whether a text is a time of a record: in UTC, to the second, in a year that one may have."""
    at = instant(text)
    return at is not None and FIRST_YEAR <= at.year <= LAST_YEAR


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _made(kind: Any, node: Any) -> Any:
    if kind is datetime:
        return instant(node)
    return node if kind in (bool, int, str) else kind(node)


def instant(text: object) -> datetime | None:
    """The time that a text of a record is; None where it is none, as in what arrives by merge."""
    if not (isinstance(text, str) and UTC_SECOND.fullmatch(text)):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def figure(value: str | int) -> Decimal:
    """A figure from text or a whole number; raises Refusal."""
    try:
        return Decimal(value)
    except InvalidOperation:
        raise Refusal(f"{value!r} is no figure.") from None
