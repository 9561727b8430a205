"""Bytes into text: UTF-8 where it is, and a stated assumption where it is not."""

from __future__ import annotations

import codecs
import re

from attrs import frozen

from lull.exchange.finding import Findings, Where

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NAMES = {
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1256": "Windows-1256 (Arabic)",
    "cp1252": "Windows-1252 (Western European)",
}


class Undecodable(ValueError):
    """The bytes are no text; the message says where and why, in one sentence."""


@frozen
class Decoded:
    """Text, the encoding it was read in, and an assumption worth a warning ("" if none)."""

    text: str
    encoding: str
    assumed: str = ""


def decode(raw: bytes) -> Decoded:
    """Read bytes as text; raises Undecodable with a sentence.

    A byte order mark decides; else UTF-8 where it fits; else UTF-16 where every second byte is
    zero; else Windows-1256 where bytes above 127 stand together in words, as Arabic letters do,
    and Windows-1252 where they stand alone among Latin letters.
    """
    for mark, encoding in BOMS:
        if raw.startswith(mark):
            return _with_mark(raw, encoding)
    utf_16 = _looks_like_utf_16(raw)
    if utf_16:
        return _assumed(raw, utf_16)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf_8(raw, error)
    if "\0" in text:
        raise Undecodable("The file holds zero bytes; it is damaged, or it is not a text file.")
    return Decoded(text, "utf-8")


def text_of(raw: bytes, file: str, findings: Findings, empty: str) -> str | None:
    """The text of a file with plain line endings; None (and a finding) where there is none.

    Says too what had to be assumed, and where the end seems to be cut off; `empty` is said of a
    file that holds nothing.
    """
    where = Where(file)
    try:
        decoded = decode(raw)
    except Undecodable as error:
        findings.error("encoding", where, str(error))
        return None
    if decoded.assumed:
        findings.warn("encoding", where, decoded.assumed, decoded.encoding, "utf-8")
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        findings.error("empty", where, empty)
        return None
    if not text.endswith("\n"):
        end = text[-20:].strip()
        findings.warn(
            "cut off", where,
            f"The file does not end with a line ending; was it cut off? It ends with {end!r}.",
            end, "a line ending",
        )
    return text


def _with_mark(raw: bytes, encoding: str) -> Decoded:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise Undecodable(
            f"The file starts as {encoding.upper()} but is damaged or cut off at byte "
            f"{error.start}; save it again as UTF-8."
        ) from error
    if "\0" in text:
        raise Undecodable("The file holds zero bytes; it is damaged, or it is not a text file.")
    assumed = "" if encoding == "utf-8-sig" else f"It is read as {encoding.upper()}."
    return Decoded(text, encoding, assumed)


def _looks_like_utf_16(raw: bytes) -> str:
    head = raw[:2_000]
    if len(head) < 4:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.6 * len(head) / 2 and even == 0:
        return "utf-16-le"
    if even > 0.6 * len(head) / 2 and odd == 0:
        return "utf-16-be"
    return ""


def _not_utf_8(raw: bytes, error: UnicodeDecodeError) -> Decoded:
    if error.start >= len(raw) - 3 and error.reason == "unexpected end of data":
        raise Undecodable(
            f"The file ends in the middle of a letter (byte {error.start}); it has been cut off."
        ) from error
    loose = raw.decode("utf-8", errors="surrogateescape")
    bad = sum("\udc80" <= c <= "\udcff" for c in loose)
    good = sum(c > "\x7f" for c in loose) - bad
    if good > bad:
        raise Undecodable(
            f"The file is UTF-8 but damaged at byte {error.start} "
            f"(line {raw.count(10, 0, error.start) + 1}); save it again as UTF-8."
        ) from error
    if b"\0" in raw:
        raise Undecodable("The file holds zero bytes; it is damaged, or it is not a text file.")
    runs = re.findall(rb"[\x80-\xff]+", raw)
    together = sum(len(run) for run in runs if len(run) > 1)
    alone = sum(1 for run in runs if len(run) == 1)
    return _assumed(raw, "cp1256" if together >= alone else "cp1252")


def _assumed(raw: bytes, encoding: str) -> Decoded:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "cp1252":
            return _assumed(raw, "cp1256")
        raise Undecodable(
            f"The file seems to be {NAMES[encoding]} but is damaged or cut off at byte "
            f"{error.start}; save it as UTF-8."
        ) from error
    return Decoded(
        text,
        encoding,
        f"It is not UTF-8; it is read as {NAMES[encoding]}. Look at the names, and save it as "
        "UTF-8.",
    )
