"""Makes docs/reference/records.md: every kind of entry, every record, every field."""

from __future__ import annotations

import inspect
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from types import UnionType
from typing import Any, Union, get_args, get_origin

import attrs

from lull.domain.records import RECORDS, kinds
from lull.domain.records.form import fields_of, required

MADE = "<!-- Made by `make schemas` from the code; do not edit. -->"
PLAIN = {str: "text", int: "whole number", bool: "true, or left out", Decimal: "figure as text",
         datetime: "UTC, as 2016-10-20T09:15:00Z"}


def page() -> str:
    """The page as it should stand."""
    parts = [
        MADE,
        "# Records",
        "What an entry of the ledger carries, as JSON. The field `record` names the kind of "
        "record. Fields that must be filled are bold; a field that is blank is left out. Who "
        "wrote it, when, for whom, its hash and the hash before it stand in the entry and its "
        "content. No record has a field for a person's name: lists of people are kept elsewhere, "
        "and here stand a reference and a count.",
        "## Kinds of entries",
        "| kind | carries |\n|---|---|\n" + "\n".join(
            f"| `{kind}` | {', '.join(f'`{name}`' for name in names)} |"
            for kind, names in kinds().items()),
    ]
    parts += [section(f"## `{name}`", record) for name, record in RECORDS.items()]
    parts.append("## Parts of records")
    parts += [section(f"### {part.__name__}", part) for part in _parts()]
    return "\n\n".join(parts) + "\n"


def section(title: str, record: type) -> str:
    """One record or part: what it is, and its fields."""
    must = required(record)
    rows = [
        f"| {f'**{name}**' if name in must else name} | {_said(kind)} |"
        for name, kind in fields_of(record).items()
    ]
    about = " ".join((inspect.getdoc(record) or "").split())
    return "\n".join([title, "", about, "", "| field | holds |", "|---|---|", *rows])


def _said(kind: Any) -> str:
    if get_origin(kind) is tuple:
        return f"list of: {_said(get_args(kind)[0])}"
    if get_origin(kind) in (Union, UnionType):
        return _said(next(k for k in get_args(kind) if k is not type(None)))
    if kind in PLAIN:
        return PLAIN[kind]
    if issubclass(kind, StrEnum):
        return "one of: " + ", ".join(f"`{value}`" for value in kind)
    return f"[{kind.__name__}](#{kind.__name__.lower()})"


def _parts() -> list[type]:
    """The parts of records, in the order in which records come to them."""
    found: dict[type, None] = {}

    def look(kind: Any) -> None:
        if get_origin(kind) in (tuple, Union, UnionType):
            for inner in get_args(kind):
                look(inner)
        elif isinstance(kind, type) and attrs.has(kind) and kind not in found:
            found[kind] = None
            for inner in fields_of(kind).values():
                look(inner)

    for record in RECORDS.values():
        for inner in fields_of(record).values():
            look(inner)
    return list(found)
