"""A record as it is read: each field that says something, in the order of its form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from lull.domain.protocol import NotJudged
from lull.domain.records import RECORDS
from lull.store.view import Known
from lull.web.forms.fields import Field, Kind, fields_of_record

HIDDEN = frozenset({"record", "reference", "version"})
"""Fields that stand in the heading."""


@frozen
class Line:
    """One field with what it says; `groups` where it holds groups of fields."""

    name: str
    kind: str
    value: Any = ""
    groups: tuple[tuple[Line, ...], ...] = ()
    changed: bool = False


def lines_of(payload: Mapping[str, Any], before: Mapping[str, Any] | None = None
             ) -> tuple[Line, ...]:
    """The lines of a payload; those that differ from an earlier one are marked."""
    record: Any = RECORDS.get(str(payload.get("record", "")))
    if record is None:
        return ()
    return _lines(fields_of_record(record), payload, before)


def _lines(fields: tuple[Field, ...], node: Mapping[str, Any],
           before: Mapping[str, Any] | None) -> tuple[Line, ...]:
    return tuple(
        _line(field, node.get(field.name), before is not None
              and before.get(field.name) != node.get(field.name))
        for field in fields if field.name not in HIDDEN
        and (field.name in node or (before and field.name in before))
    )


def _line(field: Field, value: Any, changed: bool) -> Line:
    kind = field.kind.value
    if field.kind is Kind.GROUP and value is not None:
        return Line(field.name, kind, groups=(_lines(field.fields, value, None),), changed=changed)
    if field.kind is Kind.GROUPS and value is not None:
        groups = tuple(_lines(field.fields, one, None) for one in value)
        return Line(field.name, kind, groups=groups, changed=changed)
    return Line(field.name, kind, value if value is not None else "", changed=changed)


@frozen
class Told:
    """One entry as it stands on a page: who said it as what, when, to whom, and what."""

    seq: int
    hash: str
    kind: str
    table: str
    event: str
    about: str
    part: str
    side: str
    role: str
    function: str
    wall: str
    received: str
    said: str
    version: int
    lines: tuple[Line, ...]
    fault: str
    unjudged: bool
    payload: Mapping[str, Any]

    @property
    def is_receipt(self) -> bool:
        """Whether the sentence of receipts must stand beside it."""
        return self.table == "receipt"


def told(known: Known, before: Mapping[str, Any] | None = None) -> Told:
    """An entry for a page."""
    content = known.content
    assert content is not None
    table, _, event = content.kind.partition(".")
    return Told(
        known.seq, known.entry.hash, content.kind, table, event or table, content.object,
        content.part, content.writer.side, content.writer.role.value, content.writer.function,
        content.wall.value, content.received, content.said,
        int(content.payload.get("version", 1)), lines_of(content.payload, before),
        known.fault.sentence if known.fault else "", isinstance(known.fault, NotJudged),
        content.payload)
