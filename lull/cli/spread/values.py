"""Values of lull as bytes, and the fingerprint of one: what finished parts are kept and found by.

A value is written as a pickle and read by a reader that makes nothing but lull's own values, numpy
arrays and Python's plain containers: a file that somebody else wrote can name no other code.
"""

from __future__ import annotations

import hashlib
import importlib
import io
import pickle
import struct
from collections.abc import Iterable, Mapping
from collections.abc import Set as AnySet
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any

import attrs
import numpy as np

MAGIC = b"lull part 1\n"
DIGEST = 32

OWN = "lull."
PLAIN = frozenset({
    ("builtins", "complex"), ("builtins", "dict"), ("builtins", "frozenset"), ("builtins", "int"),
    ("builtins", "list"), ("builtins", "set"), ("builtins", "slice"), ("builtins", "range"),
    ("collections", "OrderedDict"), ("collections", "defaultdict"),
    ("datetime", "date"), ("datetime", "datetime"), ("datetime", "time"),
    ("datetime", "timedelta"), ("datetime", "timezone"),
    ("numpy", "dtype"), ("numpy", "ndarray"),
    ("numpy._core.multiarray", "_reconstruct"), ("numpy._core.multiarray", "scalar"),
    ("numpy._core.numeric", "_frombuffer"),
})  # fmt: skip
"""What the reader makes beside lull's own values."""


class Damaged(ValueError):
    """The bytes are no value that was packed here, or not whole."""


def pack(value: object) -> bytes:
    """A value as bytes that `unpack` knows to be whole."""
    raw = pickle.dumps(value, protocol=5)
    return MAGIC + hashlib.sha256(raw).digest() + raw


def unpack(packed: bytes) -> Any:
    """The value of such bytes; raises Damaged."""
    head = len(MAGIC) + DIGEST
    raw = packed[head:]
    if packed[: len(MAGIC)] != MAGIC or packed[len(MAGIC) : head] != hashlib.sha256(raw).digest():
        raise Damaged("This is no part that lull kept, or not the whole of it.")
    try:
        return _Reader(io.BytesIO(raw)).load()
    except Exception as error:  # noqa: BLE001 - whatever damage does
        raise Damaged(f"The part cannot be read ({error}).") from None


class _Reader(pickle.Unpickler):
    """Reads values; of code it takes the classes of values only."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in PLAIN:
            return super().find_class(module, name)
        if module.startswith(OWN) and "." not in name:
            found = getattr(importlib.import_module(module), name, None)
            if is_value(found):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not a value of lull")


def is_value(found: object) -> bool:
    """Whether something is a class of values: attrs, an enumeration, or a named tuple."""
    return isinstance(found, type) and (
        attrs.has(found) or issubclass(found, Enum)
        or (issubclass(found, tuple) and hasattr(found, "_fields")))


class Fingerprints:
    """Fingerprints of values that have much in common: what was seen is not looked at again."""

    def __init__(self) -> None:
        self._seen: dict[int, tuple[object, bytes]] = {}

    def of(self, *values: object) -> str:
        """A hash that is the same for the same values in any process, on any machine.

        Sets count without order, and so do mappings from kinds (members of an enumeration); other
        mappings in the order that they have, as what is worked out may hang on it. Raises TypeError
        for a value of another kind than lull's: it would be found again when it must not be.
        """
        return self._hash(values).hex()

    def _hash(self, value: object) -> bytes:
        seen = self._seen.get(id(value))
        if seen is not None and seen[0] is value:
            return seen[1]
        digest = hashlib.sha256()
        for part in self._parts(value):
            digest.update(struct.pack("<q", len(part)))
            digest.update(part)
        found = digest.digest()
        if not isinstance(value, str | int | float | bytes | None):
            self._seen[id(value)] = (value, found)  # held, so that its place is not another's
        return found

    def _parts(self, value: object) -> Iterable[bytes]:
        kind = type(value)
        yield f"{kind.__module__}.{kind.__qualname__}".encode()
        if isinstance(value, Enum):
            yield value.name.encode()
        elif value is None or isinstance(value, bool | int | str | bytes):
            yield value if isinstance(value, bytes) else str(value).encode(errors="surrogatepass")
        elif isinstance(value, float):
            yield struct.pack("<d", value)
        elif isinstance(value, np.ndarray | np.generic):
            array = np.ascontiguousarray(value)
            if array.dtype.hasobject:
                raise TypeError("An array of objects has no fingerprint.")
            yield f"{array.dtype.str} {np.shape(value)}".encode()
            yield array.tobytes()
        elif isinstance(value, date | time | timedelta):
            yield (value.isoformat() if isinstance(value, datetime | date | time)
                   else str(value)).encode()
        elif isinstance(value, Mapping):
            pairs = [self._hash(key) + self._hash(one) for key, one in value.items()]
            kinds = all(isinstance(key, Enum) for key in value)
            yield from sorted(pairs) if kinds else pairs
        elif isinstance(value, AnySet):
            yield from sorted(map(self._hash, value))
        elif isinstance(value, tuple | list):
            yield from map(self._hash, value)
        elif attrs.has(kind):
            for name in (a.name for a in attrs.fields(kind)):
                yield name.encode()
                yield self._hash(getattr(value, name))
        else:
            raise TypeError(f"A value of the kind {kind.__qualname__} has no fingerprint.")
