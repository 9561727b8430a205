"""The tables described for other programs: a Frictionless Data Package and JSON Schemas.

Data Package and Table Dialect: datapackage.org; `commentChar` lets readers pass over comments and
the HXL row, `headerRows` says where the headings stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lull.exchange.schema.column import ESTIMATE_PARTS, Column, Kind, Table
from lull.exchange.schema.folder import BY_NAME, TABLES
from lull.exchange.schema.pause import PAUSE, Section

TYPES = {
    Kind.WHOLE: "integer",
    Kind.NUMBER: "number",
    Kind.SHARE: "number",
    Kind.YES_NO: "boolean",
}
"""Frictionless types of kinds; every other kind is text with marks inside."""

REFERRED = ("sites", "corridors", "fleet")


def datapackage(
    headings: Mapping[str, tuple[str, ...]] | None = None,
    title: str = "",
    heading_rows: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """The Data Package of a folder whose tables have these headings (default: all there are).

    `heading_rows` are the rows in which they stand, where comments stand above them.
    """
    given = headings or {table.name: tuple(table.by_heading) for table in TABLES}
    rows = heading_rows or {}
    resources = [
        _resource(BY_NAME[name], tuple(filter(None, given[name])), given, rows.get(name, 1))
        for name in given
    ]
    package: dict[str, Any] = {
        "name": "pause-folder",
        "profile": "tabular-data-package",
        "resources": resources,
    }
    return {**package, "title": title} if title else package


def _resource(
    table: Table, headings: tuple[str, ...], given: Mapping[str, Any], heading_row: int
) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(table, heading) for heading in headings],
        "missingValues": [""],
    }
    if table.key and all(name in headings for name in table.key) and len(table.key) == 1:
        schema["primaryKey"] = list(table.key)
    keys = [
        {"fields": [c.name], "reference": {"resource": c.refers, "fields": ["id"]}}
        for c in table.columns
        if c.refers in REFERRED and c.refers in given and c.kind is Kind.ID
        and c.name in headings and c.refers != table.name
    ]
    if keys:
        schema["foreignKeys"] = keys
    return {
        "name": table.name,
        "path": table.file,
        "profile": "tabular-data-resource",
        "description": table.says,
        "encoding": "utf-8",
        "dialect": {"commentChar": "#", "headerRows": [heading_row]},
        "schema": schema,
    }


def _field(table: Table, heading: str) -> dict[str, Any]:
    column = table.by_heading.get(heading)
    if column is None:
        return {"name": heading, "type": "string"}
    part = heading.removeprefix(column.name).removeprefix("_")
    kind = "integer" if part in ESTIMATE_PARTS else TYPES.get(column.kind, "string")
    field: dict[str, Any] = {"name": heading, "type": kind, "description": _description(column)}
    if kind == "boolean":
        field |= {"trueValues": ["yes"], "falseValues": ["no"]}
    constraints = _constraints(column, kind)
    if column.required and heading == column.name and column.kind is not Kind.ESTIMATE:
        constraints["required"] = True
    if constraints:
        field["constraints"] = constraints
    if column.hxl:
        field["hxl"] = f"{column.hxl}+{part}" if part in ESTIMATE_PARTS else column.hxl
    return field


def _description(column: Column) -> str:
    unit = f" In {column.unit}." if column.unit else ""
    blank = f" Blank: {column.blank}." if column.blank else ""
    return f"{column.says}{unit}{blank}"


def _constraints(column: Column, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if column.kind is Kind.CHOICE:
        found["enum"] = [str(choice) for choice in column.allowed]
    if kind in ("integer", "number"):
        if column.least is not None:
            found["minimum"] = int(column.least) if kind == "integer" else column.least
        if column.most is not None:
            found["maximum"] = int(column.most) if kind == "integer" else column.most
    return found


def pause_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `pause.yaml`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "pause.yaml",
        **_section(PAUSE),
    }


def _section(section: Section) -> dict[str, Any]:
    mapping: dict[str, Any] = {
        "type": "object",
        "description": section.says,
        "properties": {
            key.name: _section(key) if isinstance(key, Section) else _key(key)
            for key in section.keys
        },
        "patternProperties": {"^x_": {}},
        "additionalProperties": False,
    }
    required = [key.name for key in section.keys if key.required]
    if required:
        mapping["required"] = required
    if not section.many:
        return mapping
    return {"type": "array", "items": mapping, "description": section.says}


LEAVES: Mapping[Kind, dict[str, Any]] = {
    Kind.WHOLE: {"type": ["integer", "string"]},
    Kind.NUMBER: {"type": ["number", "string"]},
    Kind.SHARE: {"type": ["number", "string"]},
    Kind.YES_NO: {"enum": ["yes", "no", True, False]},
    Kind.WORDS: {"type": ["array", "string"], "items": {"type": "string"}},
    Kind.IDS: {"type": ["array", "string"], "items": {"type": "string"}},
    Kind.CHOICES: {"type": ["array", "string"], "items": {"type": "string"}},
    Kind.NUMBERS: {"type": ["array", "string"], "items": {"type": ["number", "string"]}},
}
"""Forms in which a value of each kind may be written in YAML."""


def _key(column: Column) -> dict[str, Any]:
    leaf = {"description": _description(column), **LEAVES.get(column.kind, {"type": "string"})}
    if column.kind is Kind.CHOICE:
        leaf["enum"] = [str(choice) for choice in column.allowed]
    if column.kind in (Kind.WHOLE, Kind.NUMBER):
        bounds = {"minimum": column.least, "maximum": column.most}
        leaf |= {name: value for name, value in bounds.items() if value is not None}
    return leaf
