"""The fields of a record as they are filled in: read off the class that also reads its payload."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

import attrs
from attrs import frozen

from lull.domain.records.form import fields_of, required
from lull.domain.records.receipt import Channel

LONG = frozenset({
    "text", "note", "seen", "announced", "reason", "answer", "purpose", "method", "what_happened",
    "description", "waiver_reason", "turning_back_order", "nearest_shelter_order", "conditions",
    "condition", "outcome", "summary", "mitigation", "reason_given", "explanation",
})
"""Fields in which people write sentences."""


CONSTANT = {"datum": "WGS-84"}
"""Fields that can say one thing only; nobody types it."""
CHOSEN = {("Recipient", "channel"): tuple(one.value for one in (
    Channel.EMAIL, Channel.WEBHOOK, Channel.FILE, Channel.RADIO, Channel.TELEPHONE))}
"""Texts that are chosen among a few, by the class and name of their field."""


class Kind(Enum):
    """How a field is filled in."""

    LINE = "line"
    TEXT = "text"
    INTEGER = "integer"
    FIGURE = "figure"
    TIME = "time"
    TICK = "tick"
    CHOICE = "choice"
    LINES = "lines"
    CHOICES = "choices"
    GROUP = "group"
    GROUPS = "groups"


@frozen
class Field:
    """One field. `fields` are those of a group; `choices` the words that may be chosen.

    `constant` is what it says wherever anything stands beside it.
    """

    name: str
    kind: Kind
    required: bool
    choices: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    constant: str = ""

    @property
    def many(self) -> bool:
        """Whether there may be several groups."""
        return self.kind is Kind.GROUPS


PLAIN = {str: Kind.LINE, int: Kind.INTEGER, Decimal: Kind.FIGURE, datetime: Kind.TIME,
         bool: Kind.TICK}


@cache
def fields_of_record(record: Any) -> tuple[Field, ...]:
    """The fields of a record or of a part of one, those that must be filled first."""
    must = set(required(record))
    made = [_field(record, name, kind, name in must) for name, kind in fields_of(record).items()]
    return tuple(sorted(made, key=lambda field: not field.required))


def inner_kinds(kind: Any) -> tuple[Any, ...]:
    """The kinds within a kind: that of a list's items, or of what may be left out."""
    if get_origin(kind) in (Union, UnionType, tuple):
        return tuple(k for k in get_args(kind) if k not in (type(None), Ellipsis))
    return (kind,)


def _field(record: Any, name: str, kind: Any, must: bool) -> Field:
    if (record.__name__, name) in CHOSEN:
        return Field(name, Kind.CHOICE, must, choices=CHOSEN[record.__name__, name])
    if name in CONSTANT:
        return Field(name, Kind.LINE, must, constant=CONSTANT[name])
    if get_origin(kind) in (Union, UnionType):
        kind = next(k for k in get_args(kind) if k is not type(None))
    if get_origin(kind) is tuple:
        return _several(name, get_args(kind)[0], must)
    if attrs.has(kind):
        return Field(name, Kind.GROUP, must, fields=fields_of_record(kind))
    if issubclass(kind, StrEnum):
        return Field(name, Kind.CHOICE, must, choices=tuple(one.value for one in kind))
    plain = Kind.TEXT if kind is str and name in LONG else PLAIN[kind]
    return Field(name, plain, must)


def _several(name: str, inner: Any, must: bool) -> Field:
    if attrs.has(inner):
        return Field(name, Kind.GROUPS, must, fields=fields_of_record(inner))
    if issubclass(inner, StrEnum):
        return Field(name, Kind.CHOICES, must, choices=tuple(one.value for one in inner))
    return Field(name, Kind.LINES, must)
