"""Sentences apart from what is put into them, so that a page can say them in another language."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Union

from attrs import frozen

from lull.domain.time import lasting


@frozen
class Lasting:
    """A span of time, in minutes."""

    minutes: int


@frozen
class Name:
    """A name of the code, such as `family_unity`, which is shown as words; `bare`: in English as
    it stands in the code.
    """

    code: str
    bare: bool = False


Given = Union[str, int, Decimal, datetime, Lasting, Name, "Said", tuple["Said", ...]]
"""What is put into a sentence. A text is an identifier or somebody's own words; several sentences
stand with commas between."""


@frozen
class Said:
    """One sentence: its pattern, in which {name} stands for what is given under that name."""

    pattern: str
    given: tuple[tuple[str, Given], ...] = ()

    def __str__(self) -> str:
        return self.pattern.format(**{name: in_english(value) for name, value in self.given})


def say(pattern: str, **given: Given) -> Said:
    """A sentence; every pattern is a literal where this is called, as messages are read off it."""
    return Said(pattern, tuple(given.items()))


def in_english(value: Given) -> str:
    """What is put into a sentence, in English; times in UTC."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if isinstance(value, Lasting):
        return lasting(value.minutes)
    if isinstance(value, Name):
        return value.code if value.bare else value.code.replace("_", " ")
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) else str(value)
