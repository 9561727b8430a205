"""What is wrong with a folder, or doubtful: where, what was found, what is expected."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from attrs import define, field, frozen

LONGEST_FOUND = 60
"""Characters of a cell that are shown; a cell may hold a whole book."""


MOST_ALIKE = 100
"""Findings of one kind in one column that are listed; the rest is counted."""


class Level(StrEnum):
    """An error stops planning; a warning asks a person to look."""

    ERROR = "error"
    WARNING = "warning"


@frozen(order=True)
class Where:
    """A file, a row as a spreadsheet counts it (a line in YAML; 0: the whole file), a column."""

    file: str
    row: int = 0
    column: str = ""

    def at(self, column: str) -> Where:
        """The same row, another column."""
        return Where(self.file, self.row, column)

    @property
    def counted(self) -> str:
        """What is counted in this kind of file."""
        suffix = self.file.rpartition(".")[2]
        return {"yaml": "line", "geojson": "feature"}.get(suffix, "row")

    def __str__(self) -> str:
        parts = [self.file]
        if self.row:
            parts.append(f"{self.counted} {self.row}")
        if self.column:
            parts.append(self.column)
        return ", ".join(parts)


@frozen
class Finding:
    """One thing that is wrong or doubtful, as one sentence with its parts.

    `check` names the kind of finding, so that a machine may count and a tester may tell.
    """

    level: Level
    file: str
    row: int
    column: str
    found: str
    expected: str
    sentence: str
    check: str = ""

    def __str__(self) -> str:
        return f"{Where(self.file, self.row, self.column)}: {self.sentence}"

    def as_dict(self) -> dict[str, Any]:
        """The parts as plain values, for JSON."""
        return {
            "level": self.level.value,
            "check": self.check,
            "file": self.file,
            "row": self.row or None,
            "column": self.column or None,
            "found": self.found,
            "expected": self.expected,
            "sentence": self.sentence,
        }


def shown(found: object) -> str:
    """A cell's text, safe and short enough to print."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(found))
    return text if len(text) <= LONGEST_FOUND else text[: LONGEST_FOUND - 1] + "…"


def nearest(word: str, known: Iterator[str] | tuple[str, ...] | list[str]) -> str:
    """The known word that a misspelt one most likely means, or ""."""
    words = {str(k).casefold(): str(k) for k in known}
    close = get_close_matches(word.casefold()[:LONGEST_FOUND], list(words), n=1, cutoff=0.7)
    return words[close[0]] if close else ""


def did_you_mean(word: str, known: Iterator[str] | tuple[str, ...] | list[str]) -> str:
    """A sentence with the nearest known word and a leading blank, or ""."""
    near = nearest(word, known)
    return f" Did you mean {near!r}?" if near else ""


@define
class Findings:
    """Gathers all that is found, so that it is said at once."""

    found: list[Finding] = field(factory=list)

    def add(
        self,
        level: Level,
        check: str,
        where: Where,
        sentence: str,
        found: object = "",
        expected: str = "",
    ) -> None:
        """Note one finding."""
        self.found.append(
            Finding(
                level, where.file, where.row, where.column, shown(found), expected, sentence, check
            )
        )

    def error(
        self, check: str, where: Where, sentence: str, found: object = "", expected: str = ""
    ) -> None:
        """Note what stops planning."""
        self.add(Level.ERROR, check, where, sentence, found, expected)

    def warn(
        self, check: str, where: Where, sentence: str, found: object = "", expected: str = ""
    ) -> None:
        """Note what a person should look at."""
        self.add(Level.WARNING, check, where, sentence, found, expected)

    def unexpected(self, where: Where, found: object, expected: str) -> None:
        """Note a cell that does not hold what it should."""
        self.error(
            "cell", where, f"Found {shown(found)!r}; expected {expected}.", found, expected
        )

    @property
    def errors(self) -> int:
        """How many errors so far."""
        return sum(f.level is Level.ERROR for f in self.found)

    def in_order(self) -> tuple[Finding, ...]:
        """All findings without repeats: errors first, then by file and row.

        Of those that are alike in kind, file and column the first 100 are kept, and the others
        counted: a table of 200,000 bad rows has one fault, not 200,000.
        """
        unique = dict.fromkeys(self.found)
        alike: dict[tuple[Level, str, str, str], list[Finding]] = {}
        for finding in sorted(unique, key=lambda f: (f.level != Level.ERROR, f.file, f.row)):
            key = (finding.level, finding.check, finding.file, finding.column)
            alike.setdefault(key, []).append(finding)
        kept = [f for found in alike.values() for f in found[:MOST_ALIKE]]
        kept += [_more(found) for found in alike.values() if len(found) > MOST_ALIKE]
        return tuple(sorted(kept, key=lambda f: (f.level != Level.ERROR, f.file, f.row)))


def _more(found: list[Finding]) -> Finding:
    """A finding that stands for those of its kind that are not listed."""
    first, more = found[MOST_ALIKE], len(found) - MOST_ALIKE
    return Finding(first.level, first.file, first.row, first.column, "", first.expected,
                   f"From here on {more:,} more like these.", first.check)
