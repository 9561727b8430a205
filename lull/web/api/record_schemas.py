"""JSON Schemas of every record, made from the classes that read them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from types import UnionType
from typing import Any, Union, get_args, get_origin

import attrs

from lull.domain.records import RECORDS, kinds
from lull.domain.records.form import LONGEST_TEXT, fields_of, required

UTC = r"^(19\d{2}|2[01]\d{2}|2200)-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"
"""To the second, in the years of `lull.domain.time`."""
FIGURE = r"^-?(0|[1-9]\d*)(\.\d*[1-9])?$"
PREFIX = "#/components/schemas/"


def record_schemas() -> dict[str, Any]:
    """The schema of each record and of its parts, by name."""
    found: dict[str, Any] = {}
    for name, record in RECORDS.items():
        made = _object(record, found)
        made["properties"] = {"record": {"const": name}, **made["properties"]}
        made["required"] = ["record", *made.get("required", [])]
        found[f"Record_{name}"] = made
    return found


def wish_schema(whole: dict[str, Any]) -> dict[str, Any]:
    """The schema of something to be written, which says which records each kind may carry."""
    carried: dict[tuple[str, ...], list[str]] = {}
    for kind, records in kinds().items():
        carried.setdefault(records, []).append(kind)
    properties = whole["properties"]
    return {"anyOf": [
        {**whole, "title": " or ".join(records), "properties": {
            **properties, "kind": {"enum": sorted(of)},
            "payload": {"oneOf": [{"$ref": f"{PREFIX}Record_{name}"} for name in records]}}}
        for records, of in sorted(carried.items())
    ]}  # fmt: skip


def _object(record: type, found: dict[str, Any]) -> dict[str, Any]:
    doc = (record.__doc__ or "").partition("\n")[0]
    made: dict[str, Any] = {
        "type": "object", "description": doc, "additionalProperties": False,
        "properties": {n: _of(k, found) for n, k in fields_of(record).items()},
    }  # fmt: skip
    if needed := required(record):
        made["required"] = list(needed)
    return made


def _of(kind: Any, found: dict[str, Any]) -> dict[str, Any]:
    if get_origin(kind) is tuple:
        return {"type": "array", "minItems": 1, "items": _of(get_args(kind)[0], found)}
    if get_origin(kind) in (Union, UnionType):
        return _of(next(k for k in get_args(kind) if k is not type(None)), found)
    if attrs.has(kind):
        name = f"Part_{kind.__name__}"
        if name not in found:
            found[name] = {}
            found[name] = _object(kind, found)
        return {"$ref": PREFIX + name}
    if issubclass(kind, StrEnum):
        return {"enum": [one.value for one in kind]}
    plain: dict[Any, dict[str, Any]] = {
        bool: {"const": True},
        int: {"type": "integer"},
        str: {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT},
        datetime: {"type": "string", "pattern": UTC},
        Decimal: {"type": "string", "pattern": FIGURE},
    }
    return plain[kind]
