"""The languages of what leaves, and how a line of Arabic keeps its order wherever it is read.

A plain text has no markup, and each program that shows it decides for itself in which direction its
lines run. So each line of Arabic says it (Unicode Standard Annex 9): a right-to-left mark, by which
a reader that goes by the first letter aligns it, and an isolate around the line, by which it keeps
its order even where lines run from the left. What is put into it (names, numbers, times) stands in
an isolate of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

ENGLISH, ARABIC = "en", "ar"
LANGUAGES = (ENGLISH, ARABIC)
"""In which letters can be written; in both, where a recipient's is not known."""
DIRECTION = {ENGLISH: "ltr", ARABIC: "rtl"}
RLM, LRI, RLI, FSI, PDI = "\u200f", "\u2066", "\u2067", "\u2068", "\u2069"
TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Marks that would turn or end what stands around a value."""
OPENS = {LRI: '<bdi dir="ltr">', RLI: '<bdi dir="rtl">', FSI: '<bdi dir="auto">'}
MARKS = re.compile(f"([{LRI}{RLI}{FSI}{PDI}])")
BETWEEN = "\n\n* * *\n\n"
"""Stands between a text in one language and in the next; no value has a line of its own."""


def marked(message: str) -> str:
    """A text that the catalogue is to have; it is translated when it is said.

    As Django's `gettext_noop`, which needs settings while modules are loaded.
    """
    return message


def languages_of(known: str) -> tuple[str, ...]:
    """The languages of letters to a recipient of whom one is known, or none: then in all."""
    return (known,) if known in LANGUAGES else LANGUAGES


def read_languages(said: object) -> tuple[str, ...]:
    """The languages of a letter as its body has them; before there were any it was in English."""
    return tuple(one for one in str(said or "").split() if one in LANGUAGES) or (ENGLISH,)


def said(text: str, language: str, **put: Any) -> str:
    """A text of the catalogue in a language, each thing that is put in kept apart."""
    if language != ENGLISH:
        from django.utils import translation  # noqa: PLC0415 - English needs no settings

        with translation.override(language):
            text = translation.gettext(text)
    kept = {name: apart(str(value), language) for name, value in put.items()}
    return text % kept if put else text


def apart(value: str, language: str) -> str:
    """A value within a line of a language, isolated where it could turn or be turned."""
    value = TURNS.sub("", value)
    right = any(unicodedata.bidirectional(one) in ("R", "AL") for one in value)
    if language == ENGLISH and not right:
        return value
    return f"{FSI if right else LRI}{value}{PDI}"


def lines_in(lines: Iterable[str], language: str) -> str:
    """Lines as one text that runs in the direction of a language."""
    if DIRECTION[language] == "ltr":
        return "\n".join(lines)
    return "\n".join(f"{RLM}{RLI}{line}{PDI}" if line else "" for line in lines)


def lines_of(text: str) -> list[str]:
    """The lines of a text, without the marks by which they run in a direction."""
    start = RLM + RLI
    return [line[len(start):-1] if line.startswith(start) else line for line in text.split("\n")]


def by_language(text: str, languages: tuple[str, ...]) -> list[tuple[str, str]]:
    """A text by the languages in which it stands."""
    return list(zip(languages, text.split(BETWEEN, len(languages) - 1), strict=True))


def as_html(line: str) -> SafeString:
    """A line with an element for each isolate; its other marks are escaped."""
    made, deep = "", 0
    for part in MARKS.split(line):
        if part in OPENS:
            made, deep = made + OPENS[part], deep + 1
        elif part == PDI:
            made, deep = (made + "</bdi>", deep - 1) if deep else (made, deep)
        else:
            made += escape(part)
    return mark_safe(made + "</bdi>" * deep)  # noqa: S308 - every text in it is escaped


def within(language: str, html: SafeString, name: str = "") -> SafeString:
    """HTML in an article, of a class if it is named, that says its language and direction."""
    return format_html('<article class="{}" lang="{}" dir="{}">{}</article>', name, language,
                       DIRECTION[language], html)
