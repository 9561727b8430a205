"""Pictures as PNG: as large as they should be, with their letters, or not at all."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import pytest

from lull.report import raster
from lull.report.raster import NoFont, png_of

SVG = ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40" width="120" height="40">'
       '<rect x="0" y="0" width="20" height="40" fill="#000"/>{}</svg>')


def lines(png: bytes) -> tuple[int, int, list[bytes]]:
    """Width, height and rows of red, green, blue, alpha: read by the words of the PNG standard
    (ISO/IEC 15948), not by what drew it."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    at, data, head = 8, b"", b""
    while at < len(png):
        long, = struct.unpack(">I", png[at : at + 4])
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + long]
        assert (zlib.crc32(kind + body),) == struct.unpack(">I", png[at + 8 + long :][:4])
        head, data = (body if kind == b"IHDR" else head), data + (body if kind == b"IDAT" else b"")
        at += 12 + long
    wide, high, bits, colour = struct.unpack(">IIBB", head[:10])
    assert (bits, colour) == (8, 6)
    raw, step = zlib.decompress(data), 4 * wide
    rows, before = [], bytes(step)
    for y in range(high):
        how, row = raw[y * (step + 1)], bytearray(raw[y * (step + 1) + 1 : (y + 1) * (step + 1)])
        for x in range(step):
            left, up = row[x - 4] if x >= 4 else 0, before[x]
            corner = before[x - 4] if x >= 4 else 0
            near = min((left, up, corner), key=lambda v: abs(left + up - corner - v))
            row[x] = (row[x] + (0, left, up, (left + up) // 2, near)[how]) % 256
        before = bytes(row)
        rows.append(before)
    return wide, high, rows


def dark(rows: list[bytes], first: int, last: int) -> int:
    """Points darker than grey in some columns."""
    return sum(row[4 * x] < 128 for row in rows for x in range(first, last))


@pytest.fixture(autouse=True)
def _looked_for_anew() -> Iterator[None]:
    raster._family.cache_clear()
    yield
    raster._family.cache_clear()


def test_a_picture_is_drawn_on_white_as_large_as_asked() -> None:
    wide, high, rows = lines(png_of(SVG.format(""), scale=3.0))
    assert (wide, high) == (360, 120)
    assert dark(rows, 0, 60) == 60 * 120
    assert set(rows[5][4 * 61 :]) == {255}


@pytest.mark.parametrize("letters", ["08:30", "ممر"])
def test_letters_are_drawn_from_left_to_right_and_from_right_to_left(letters: str) -> None:
    text = f'<text x="30" y="28" font-size="20">{letters}</text>'
    _, _, rows = lines(png_of(SVG.format(text), scale=1.0))
    assert dark(rows, 22, 120) > 20


def test_without_a_font_nothing_is_drawn_and_a_sentence_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(raster, "FAMILIES", ("No Such Letters",))
    with pytest.raises(NoFont, match="Install one"):
        png_of(SVG.format('<text x="30" y="28">8</text>'))
    assert lines(png_of(SVG.format("")))[0] == 240  # where there are no letters none are missed
