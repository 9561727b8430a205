"""A sheet to be read out over radio or telephone: short lines, times digit by digit.

Letters of references are spelt with the alphabet of the Radio Regulations of the ITU (Appendix 14);
figures are the plain English words, with NINER, which is not taken for FIVE.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from attrs import frozen

from lull.domain.records import RECEIPT_SENTENCE
from lull.domain.records.grid import MGRS
from lull.domain.records.receipt import Channel
from lull.exchange.atomic import PRIVATE, PRIVATE_FOLDER, write_whole
from lull.store.sending.transport import NotSent, Parcel

WIDTH = 56
FIGURES = ("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINER")
ALPHABET = (
    "ALFA", "BRAVO", "CHARLIE", "DELTA", "ECHO", "FOXTROT", "GOLF", "HOTEL", "INDIA", "JULIETT",
    "KILO", "LIMA", "MIKE", "NOVEMBER", "OSCAR", "PAPA", "QUEBEC", "ROMEO", "SIERRA", "TANGO",
    "UNIFORM", "VICTOR", "WHISKEY", "X-RAY", "YANKEE", "ZULU",
)  # fmt: skip
TIME = re.compile(r"\b(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}) UTC")
CODE = re.compile(r"\b(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9]+(?:-[A-Z0-9]+)*\b", re.ASCII)


@frozen
class ReadOut:
    """A folder of sheets for whoever stands at the radio or the telephone."""

    folder: Path
    channels: tuple[str, ...] = (Channel.RADIO.value, Channel.TELEPHONE.value)

    def send(self, parcel: Parcel) -> bool:
        """Write a sheet; sealed content is a file of age, made for whoever reads it out."""
        end = ".age" if parcel.sealed else ".txt"
        raw = parcel.payload if parcel.sealed else sheet(parcel.payload.decode(), parcel.address,
                                                         parcel.version).encode()
        try:
            self.folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            write_whole(self.folder / (parcel.once[:32] + end), raw, PRIVATE)
        except OSError:
            raise NotSent("the folder cannot be written") from None
        return False


def sheet(text: str, call: str, version: int) -> str:
    """The sheet of a text: whom to call, what to read, and who confirmed it by voice."""
    lines = [f"READ OUT TO: {call}", f"VERSION {spoken(str(version))}", ""]
    for line in text.splitlines():
        lines += _short(in_speech(line)) if line.strip() else [""]
    lines += ["", *_short(RECEIPT_SENTENCE), "", "ASK: say again the version and the times.", "",
              "CONFIRMED BY VOICE", "by (function): ______________________________",
              "at (UTC):      ______________________________",
              "taken by:      ______________________________", ""]
    return "\n".join(lines)


def _short(line: str) -> list[str]:
    return textwrap.wrap(line, WIDTH, subsequent_indent="    ", break_long_words=True)


def in_speech(line: str) -> str:
    """A line with its times and references followed by how they are said."""
    marks: list[tuple[int, str]] = []
    times = list(TIME.finditer(line))
    for found in times:
        day, hour = found.group(3), found.group(4) + found.group(5)
        marks.append((found.end(), f" [day {spoken(day)}, time {spoken(hour)}]"))
    grids = list(MGRS.finditer(line))
    for found in grids:
        marks.append((found.end(), f" [{', '.join(map(spoken, found.group().split()))}]"))
    for found in CODE.finditer(line):
        if not any(t.start() <= found.start() < t.end() for t in (*times, *grids)):
            marks.append((found.end(), f" [{spoken(found.group())}]"))
    for at, said in sorted(marks, reverse=True):
        line = line[:at] + said + line[at:]
    return line


def spoken(code: str) -> str:
    """Letters and figures as they are said one by one; a hyphen is a dash."""
    said = {"-": "DASH", **{str(i): word for i, word in enumerate(FIGURES)},
            **{word[0]: word for word in ALPHABET}}
    return " ".join(said[mark] for mark in code if mark in said)
