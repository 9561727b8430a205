"""The tree of `pause.yaml` as values by key, after every value has been looked at."""

from __future__ import annotations

from typing import Any

from attrs import define, field

from lull.exchange.cells import Unexpected, read_cell
from lull.exchange.finding import Findings, Where, did_you_mean
from lull.exchange.raw.tree import Node
from lull.exchange.schema.column import LISTS, Column
from lull.exchange.schema.pause import Section


@define
class Entry:
    """The values of one mapping: plain values, entries, lists of entries; with their lines."""

    where: Where
    values: dict[str, Any] = field(factory=dict)
    lines: dict[str, int] = field(factory=dict)
    good: bool = True

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a key, or the default where it is absent or bad."""
        return self.values.get(key, default)

    def entry(self, key: str) -> Entry:
        """The mapping under a key; an empty one where it is absent."""
        value = self.values.get(key)
        return value if isinstance(value, Entry) else Entry(self.where.at(key))

    def entries(self, key: str) -> list[Entry]:
        """The list of mappings under a key; empty where it is absent."""
        return self.values.get(key) or []

    def at(self, key: str) -> Where:
        """Where a key stands."""
        path = f"{self.where.column}.{key}" if self.where.column else key
        return Where(self.where.file, self.lines.get(key, self.where.row), path)


def read_section(
    node: Node, section: Section, where: Where, findings: Findings
) -> Entry:
    """Read a mapping by its description; says which keys and values are wrong."""
    entry = Entry(Where(where.file, node.line, where.column))
    if not isinstance(node.value, dict):
        findings.unexpected(entry.where, node.value if node.kind == "text" else node.kind,
                            f"keys and values: {', '.join(section.by_name)}")
        entry.good = False
        return entry
    absent = [name for name in section.by_name if name not in node.value]
    for name, child in node.value.items():
        entry.lines[name] = child.line
        key = section.by_name.get(name)
        if key is None:
            _unknown(name, entry, absent, findings)
        elif not child.is_blank:
            _read_key(key, child, entry, findings)
    for key in section.keys:
        if key.required and (key.name not in node.value or node.value[key.name].is_blank):
            findings.error("missing", entry.at(key.name), f"The key {key.name!r} is missing. "
                           f"{key.says}", "", "a value")
            entry.good = False
    return entry


def _unknown(name: str, entry: Entry, absent: list[str], findings: Findings) -> None:
    if name.startswith("x_"):
        return
    hint = did_you_mean(name, absent)
    findings.error("key", entry.at(name), f"The key {name!r} is not known.{hint}", name,
                   "a known key, or one that starts with x_")


def _read_key(key: Column | Section, child: Node, entry: Entry, findings: Findings) -> None:
    where = entry.at(key.name)
    if isinstance(key, Column):
        _read_leaf(key, child, entry, findings)
        return
    if not key.many:
        below = read_section(child, key, where, findings)
        entry.values[key.name] = below
        entry.good = entry.good and below.good
        return
    if not isinstance(child.value, list):
        findings.unexpected(where, child.kind, "a list: one entry a line, each with a dash")
        entry.good = False
        return
    found = [
        read_section(item, key, where.at(f"{where.column}.{i}"), findings)
        for i, item in enumerate(child.value, 1)
    ]
    entry.values[key.name] = found
    entry.good = entry.good and all(below.good for below in found)


def _read_leaf(column: Column, child: Node, entry: Entry, findings: Findings) -> None:
    where = entry.at(column.name)
    texts: list[str] = []
    if isinstance(child.value, str):
        texts = [child.value]
    elif isinstance(child.value, list) and column.kind in LISTS:
        texts = [item.value for item in child.value if isinstance(item.value, str)]
    if not texts or (isinstance(child.value, list) and len(texts) < len(child.value)):
        findings.unexpected(where, child.kind,
                            "a list" if column.kind in LISTS else "one value")
        entry.good = False
        return
    try:
        if column.kind in LISTS and isinstance(child.value, list):
            # A part may hold the mark that separates parts in a cell, so each is read alone.
            parts = [
                (text,) if column.kind.value == "list" else read_cell(text, column)
                for text in texts if text
            ]
            entry.values[column.name] = tuple(value for part in parts for value in part)
        else:
            entry.values[column.name] = read_cell(texts[0], column)
    except Unexpected as error:
        findings.unexpected(where, ", ".join(texts), error.expected)
        entry.good = False
