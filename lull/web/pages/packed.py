"""A kept page compressed once, with what differs for each request put in between.

Compressing takes longer than everything else that a kept page needs. The parts of a page are
compressed each by itself and joined by stored blocks (RFC 1951, 3.2.4), which hold what is put in
anew: a seal is never compressed with what stands around it, so that its length tells nothing of it.
"""

from __future__ import annotations

import re
import secrets
import struct
import zlib
from collections.abc import Mapping
from functools import cached_property

from attrs import frozen
from django.http import HttpRequest

LEVEL = 6
_ACCEPTS = re.compile(r"\bgzip\b")
MOST_RANDOM_BYTES = 100
"""A file name of random length in the head, as Django's own compression adds it: sizes on the way
tell less of what a page holds (BREACH)."""
HEAD = b"\x1f\x8b\x08\x08\0\0\0\0\x02\xff"
"""Of gzip (RFC 1952, 2.3): with a name, of no time, by no system that is named."""
LAST = b"\x03\x00"
"""An empty block that is the last."""
LONGEST = 65_535


def takes_gzip(request: HttpRequest) -> bool:
    """Whether a browser takes an answer that is compressed."""
    return _ACCEPTS.search(request.headers.get("Accept-Encoding", "")) is not None


@frozen(slots=False)
class Packed:
    """Texts with a name behind each but the last: what is put in there for each request."""

    texts: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, text: str, names: tuple[str, ...]) -> Packed:
        """A text in which some names stand for what is put in."""
        parts = re.split("(" + "|".join(map(re.escape, names)) + ")", text)
        return cls(tuple(parts[::2]), tuple(parts[1::2]))

    @cached_property
    def _blocks(self) -> tuple[tuple[bytes, bytes], ...]:
        """Each text as it is, and compressed."""
        return tuple((raw, _deflated(raw)) for raw in (text.encode() for text in self.texts))

    def gzip(self, values: Mapping[str, str]) -> bytes:
        """The whole with values in the places of the names, as gzip has it."""
        out, size, check = [HEAD, _any_name()], 0, 0
        for at, (raw, block) in enumerate(self._blocks):
            out.append(block)
            check, size = zlib.crc32(raw, check), size + len(raw)
            if at < len(self.names):
                value = values[self.names[at]].encode()
                out.append(_stored(value))
                check, size = zlib.crc32(value, check), size + len(value)
        return b"".join((*out, LAST, struct.pack("<LL", check, size & 0xFFFFFFFF)))


def _deflated(raw: bytes) -> bytes:
    """Blocks that end on a whole byte, and refer to nothing before them."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(raw) + packer.flush(zlib.Z_FULL_FLUSH)


def _stored(value: bytes) -> bytes:
    assert len(value) <= LONGEST
    return b"\0" + struct.pack("<HH", len(value), len(value) ^ LONGEST) + value


def _any_name() -> bytes:
    return b"a" * secrets.randbelow(MOST_RANDOM_BYTES) + b"\0"
