"""A reader of vector tiles for tests, from the text of the specification and nothing else.

github.com/mapbox/vector-tile-spec/tree/master/2.1. It shares no code with what writes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import frozen


@frozen
class Feature:
    """A feature of lines: its properties, and each line as points in steps of the tile."""

    properties: dict[str, Any]
    lines: tuple[tuple[tuple[int, int], ...], ...]


def read_layers(raw: bytes) -> dict[str, tuple[int, list[Feature]]]:
    """The layers of a tile: by name the extent and the features."""
    found = {}
    for number, value in _fields(raw):
        assert number == 3
        name, extent, features = _layer(value)
        found[name] = (extent, features)
    return found


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = raw[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return value, at
        shift += 7


def _fields(raw: bytes) -> Iterator[tuple[int, Any]]:
    at = 0
    while at < len(raw):
        key, at = _varint(raw, at)
        if key & 7 == 0:
            value, at = _varint(raw, at)
            yield key >> 3, value
        else:
            assert key & 7 == 2, "a field of another wire type"
            size, at = _varint(raw, at)
            yield key >> 3, raw[at:at + size]
            at += size


def _packed(raw: bytes) -> list[int]:
    found, at = [], 0
    while at < len(raw):
        value, at = _varint(raw, at)
        found.append(value)
    return found


def _layer(raw: bytes) -> tuple[str, int, list[Feature]]:
    name, extent, version = "", 4096, 1
    keys: list[str] = []
    values: list[Any] = []
    features: list[bytes] = []
    for number, value in _fields(raw):
        if number == 1:
            name = value.decode()
        elif number == 2:
            features.append(value)
        elif number == 3:
            keys.append(value.decode())
        elif number == 4:
            ((kind, said),) = _fields(value)
            values.append(said.decode() if kind == 1 else said)
        elif number == 5:
            extent = value
        elif number == 15:
            version = value
    assert version == 2
    return name, extent, [_feature(one, keys, values) for one in features]


def _feature(raw: bytes, keys: list[str], values: list[Any]) -> Feature:
    tags: list[int] = []
    commands: list[int] = []
    for number, value in _fields(raw):
        if number == 2:
            tags = _packed(value)
        elif number == 3:
            assert value == 2, "a feature that is no line"
        elif number == 4:
            commands = _packed(value)
    properties = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)}
    return Feature(properties, tuple(_lines(commands)))


def _lines(commands: list[int]) -> Iterator[tuple[tuple[int, int], ...]]:
    x = y = at = 0
    line: list[tuple[int, int]] = []
    while at < len(commands):
        what, times = commands[at] & 7, commands[at] >> 3
        at += 1
        assert what in (1, 2), "only moving and drawing"
        for _ in range(times):
            x += (commands[at] >> 1) ^ -(commands[at] & 1)
            y += (commands[at + 1] >> 1) ^ -(commands[at + 1] & 1)
            at += 2
            if what == 1 and line:
                yield tuple(line)
                line = []
            line.append((x, y))
    yield tuple(line)
