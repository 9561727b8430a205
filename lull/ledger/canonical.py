"""One way to write a value as bytes, so that whoever hashes it gets the same hash.

The form is RFC 8785 (JSON Canonicalization Scheme, doi:10.17487/RFC8785), on fewer values: whole
numbers that every JSON reader holds exactly, no fractions, and keys in ASCII. On these values any
JCS library writes the same bytes, and byte order of keys equals RFC 8785's order of UTF-16 units.
A figure with a fraction is written as text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from lull.domain.refusal import Refusal

MOST = 2**53 - 1
"""The largest whole number that a reader with floating-point numbers holds exactly."""
DEEPEST = 32
"""Levels of nesting; more than any record has, fewer than would exhaust a reader."""


class NotCanonical(Refusal):
    """A value has no canonical form, or bytes are not in it; the message says why."""


def canonical(value: Any) -> bytes:
    """The canonical bytes of a value of text, whole numbers, truth values, null, lists, mappings.

    Raises NotCanonical where a value has no such form.
    """
    _require_writable(value, 0)
    return _write(value)


def read_canonical(raw: bytes) -> Any:
    """The value that stands in canonical bytes; raises NotCanonical where they are not exactly so.

    Every byte counts: other white space, order, escapes or numbers for the same value are refused.
    """
    try:
        value = json.loads(raw.decode("utf-8"), parse_float=_fraction, parse_constant=_fraction,
                           object_pairs_hook=_pairs)
    except NotCanonical:
        raise
    except (ValueError, RecursionError) as error:
        raise NotCanonical(f"It is no JSON in UTF-8 ({error}).") from None
    _require_writable(value, 0)
    if _write(value) != raw:
        raise NotCanonical("It is JSON, but not in canonical form (RFC 8785).")
    return value


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True,
                           allow_nan=False).encode


def _write(value: Any) -> bytes:
    return _encode(value).encode("utf-8")


def _fraction(text: str) -> Any:
    raise NotCanonical(f"The number {text[:40]} has a fraction or no value; write it as text.")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise NotCanonical("A key stands twice.")
    return made


def _require_writable(value: Any, depth: int) -> None:
    kind = value.__class__
    if value is None or kind is bool or (kind is str and depth <= DEEPEST and value.isascii()):
        return
    if depth > DEEPEST:
        raise NotCanonical(f"It is nested more than {DEEPEST} levels deep.")
    if isinstance(value, str):
        if not value.isascii():
            _require_unicode(value)
    elif isinstance(value, int):
        if not -MOST <= value <= MOST:
            raise NotCanonical(f"The number {str(value)[:40]} is too large to be exact everywhere; "
                               "write it as text.")
    elif isinstance(value, (list, tuple)):
        for item in value:
            _require_writable(item, depth + 1)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise NotCanonical(f"The key {str(key)[:40]!r} is not in ASCII.")
            if item.__class__ is not str or not item.isascii() or depth >= DEEPEST:
                _require_writable(item, depth + 1)
    else:
        raise NotCanonical(f"{value!r} is no text, whole number, truth value, list or mapping.")


def _require_unicode(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise NotCanonical("A text holds half of a character (a lone surrogate).") from None
