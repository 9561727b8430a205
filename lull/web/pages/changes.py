"""What is otherwise in one version of a record than in the one before, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from lull.domain.records.form import UTC_SECOND
from lull.web.pages.record import HIDDEN


@frozen
class Value:
    """What stands in a field: a time, a figure, or a text as it was written."""

    text: str
    kind: str


@frozen
class Change:
    """A field by its whole way, with what stood in it and what stands now; None for nothing."""

    way: tuple[str | int, ...]
    before: Value | None
    now: Value | None


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Change, ...]:
    """What has changed, in the order of the fields; the version itself does not count."""
    old, new = dict(_flat(before)), dict(_flat(now))
    return tuple(Change(way, old.get(way), new.get(way)) for way in dict.fromkeys((*old, *new))
                 if way[0] not in HIDDEN and old.get(way) != new.get(way))


def _flat(node: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...],
                                                                         Value]]:
    if isinstance(node, Mapping):
        for name, inner in node.items():
            yield from _flat(inner, (*way, str(name)))
    elif isinstance(node, list | tuple):
        for at, inner in enumerate(node, 1):
            yield from _flat(inner, (*way, at))
    else:
        yield way, _value(node)


def _value(node: Any) -> Value:
    if isinstance(node, bool):
        return Value("yes" if node else "no", "word")
    if isinstance(node, int):
        return Value(str(node), "figure")
    text = str(node)
    return Value(text, "time" if UTC_SECOND.fullmatch(text) else "text")
