"""What lull says is wrong, in the language of the page.

The sentences come from below, in English, with what was found in them. Those that people meet are
known by their pattern; what was found is put into the translated sentence, kept apart so that its
direction turns nothing. Others are shown as they are, which is better than nothing.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from django.utils.translation import get_language, gettext

from lull.domain.protocol import TABLES, Role
from lull.domain.records import RECORDS
from lull.web.forms.fields import fields_of_record
from lull.web.pages.patterns import PATTERNS
from lull.web.pages.words import word

SLOT = re.compile(r"\{(w?)(\d)\}")
NAME = re.compile(r"'?\b([a-z][a-z0-9_]*)\b'?")
LINKS = frozenset({"or", "by", "only"})
APART, TOGETHER = "\u2068", "\u2069"
"""Around what was found, so that its direction is its own."""


@cache
def _known() -> tuple[tuple[re.Pattern[str], str], ...]:
    found = []
    for one in PATTERNS:
        fixed = SLOT.split(one)[::3]
        found.append((re.compile("(.+?)".join(map(re.escape, fixed)), re.DOTALL), one))
    return tuple(found)


@cache
def names() -> frozenset[str]:
    """Names that stand in sentences from below and have words of their own."""
    found = {role.value for role in Role} | TABLES.keys()
    for table in TABLES.values():
        found |= {*table.states, *(step.event for step in table.steps)}
    records: list[Any] = list(RECORDS.values())
    fields = [one for record in records for one in fields_of_record(record)]
    while fields:
        one = fields.pop()
        found |= set(one.choices)
        fields += one.fields
    return frozenset(found)


def in_language(sentence: str) -> str:
    """A sentence in the language of the page; as it is where it is not known."""
    if get_language() in (None, "en"):
        return sentence
    for pattern, one in _known():
        fits = pattern.fullmatch(sentence)
        if fits:
            slots = [(kind, number) for kind, number in SLOT.findall(one)]
            put = {number: _words(text) if kind else f"{APART}{text}{TOGETHER}"
                   for (kind, number), text in zip(slots, fits.groups(), strict=True)}
            said = SLOT.split(gettext(one))
            return "".join(put[part] if at % 3 == 2 else part for at, part in enumerate(said)
                           if at % 3 != 1)
    return gettext(sentence)


def _words(text: str) -> str:
    """What was found, with the names in it as words."""
    whole = in_language(text) if " " in text else text
    if whole != text:
        return whole
    bare = text.strip("'")
    if NAME.fullmatch(bare):
        return gettext(bare) if bare in LINKS else word(bare)
    said = NAME.sub(_name, text)
    return said.replace(", ", "، ").replace("; ", "؛ ") if get_language() == "ar" else said


def _name(found: re.Match[str]) -> str:
    name = found[1]
    if name in LINKS:
        return gettext(name)
    return f"«{word(name)}»" if name in names() or found[0] != name else found[0]
