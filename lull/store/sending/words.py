"""What a recipient is sent, in words: a version whole, or what has changed since the one they have.

Made from the record and the recipient's languages alone and always the same, so that its hash can
be checked by whoever may read the record. To whom else it goes is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from types import UnionType
from typing import Any, Union, get_args, get_origin

import attrs

from lull.domain.records import RECEIPT_SENTENCE, RECORDS
from lull.domain.records.common import Position
from lull.domain.records.form import as_json, fields_of, read
from lull.domain.refusal import Refusal
from lull.store.named import CHOICES, in_english
from lull.store.sending.language import (
    ARABIC,
    BETWEEN,
    ENGLISH,
    apart,
    lines_in,
    said,
)
from lull.store.sending.language import marked as _

TIME = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}):(\d{2})Z", re.ASCII)
LEFT_OUT = ("record", "recipients", "version", "escalation")
"""What stays with the sender: to whom else it goes, and whom they call when nobody checks in."""
CHANGED_TO = " -> now: "
"""Stands in English between what was and what is."""
CHANGE = _("%(before)s -> now: %(now)s")
TELLS = _("This tells you; it asks for no permission.")
WHOLE = _("Notification %(about)s, version %(version)s")
CHANGED = _("Notification %(about)s, version %(version)s: what has changed since version %(since)s")
STANDS = _("All else of version %(since)s stands.")
SAME = _("Nothing of what you were sent has changed.")
CANCELLED = _("Notification %(about)s is CANCELLED, as of version %(version)s.")
REASON = _("Reason given: %(reason)s")
NO_REASON = _("Reason given: none given")
AWAITS = _("Version %(version)s awaits you.")
HEADS = (_("CHANGED"), _("NEW"), _("NO LONGER"))
YES = _("Yes")
HOW_MANY = _("How many")
"""Of vehicles and crew, unlike the number at which somebody is reached."""
SMALL = re.compile(r"[A-Z](?=[a-z ])")
"""A first letter that is small within a sentence, unlike that of MGRS."""


def in_languages(languages: tuple[str, ...], text_in: Callable[[str], str]) -> str:
    """A text in one language after the other."""
    return BETWEEN.join(map(text_in, languages))


def whole_text(about: str, version: int, record: Mapping[str, Any], language: str = ENGLISH) -> str:
    """A version, field by field."""
    fields = fields_in(record, language)
    return lines_in([said(WHOLE, language, about=about, version=version), "",
                     said(TELLS, language), "",
                     *(f"{name}: {apart(value, language)}" for name, value in fields.items()), "",
                     said(RECEIPT_SENTENCE, language)], language)


def changed_text(about: str, version: int, record: Mapping[str, Any], since: int,
                 before: Mapping[str, Any], language: str = ENGLISH) -> str:
    """What is otherwise than in the version that the recipient has; the rest stands."""
    old, new = fields_in(before, language), fields_in(record, language)
    lines = [said(CHANGED, language, about=about, version=version, since=since), "",
             said(TELLS, language), ""]
    changed = [f"{name}: {said(CHANGE, language, before=old[name], now=new[name])}" for name in new
               if name in old and old[name] != new[name]]
    added = [f"{name}: {apart(new[name], language)}" for name in new if name not in old]
    gone = [f"{name}: {apart(old[name], language)}" for name in old if name not in new]
    for head, found in zip(HEADS, (changed, added, gone), strict=True):
        if found:
            lines += [said(head, language), *found, ""]
    if not (changed or added or gone):
        lines += [said(SAME, language), ""]
    return lines_in([*lines, said(STANDS, language, since=since), "",
                     said(RECEIPT_SENTENCE, language)], language)


def cancelled_text(about: str, version: int, reason: str, language: str = ENGLISH) -> str:
    """That what was notified will not take place."""
    given = in_words(reason)
    return lines_in([said(CANCELLED, language, about=about, version=version), "",
                     said(REASON, language, reason=given) if given else said(NO_REASON, language),
                     "", said(RECEIPT_SENTENCE, language)], language)


def sealed_text(version: int, language: str = ENGLISH) -> str:
    """All that may be said in clear of something sealed."""
    return lines_in([said(AWAITS, language, version=version)], language)


def fields_in(node: Mapping[str, Any], language: str = ENGLISH) -> dict[str, str]:
    """The fields of a record with their values; those within others by their whole way."""
    found: dict[str, str] = {}
    kinds = _kinds_of(RECORDS.get(str(node.get("record", ""))))
    for name, value in _in_order(node, kinds):
        if name not in LEFT_OUT:
            _flatten((name,), value, kinds.get(name), language, found)
    return found


def _in_order(node: Mapping[str, Any], kinds: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The fields of a node as its record has them, departure before arrival."""
    order = {name: at for at, name in enumerate(kinds)}
    return sorted(node.items(), key=lambda field: order.get(field[0], len(order)))


def _kinds_of(kind: Any) -> dict[str, Any]:
    """The kinds of a record's fields, if it is one."""
    return fields_of(kind) if kind is not None and attrs.has(kind) else {}


def _inner(kind: Any) -> Any:
    """The kind within a list, or of what may be left out."""
    while get_origin(kind) in (Union, UnionType, tuple):
        kind = next(k for k in get_args(kind) if k is not type(None))
    return kind


def _flatten(way: tuple[str | int, ...], value: Any, kind: Any, language: str,
             found: dict[str, str]) -> None:
    kind = _inner(kind)
    if isinstance(value, Mapping):
        kinds = _kinds_of(kind)
        for name, inner in _in_order(in_both_notations(value), kinds):
            _flatten((*way, name), inner, kinds.get(name), language, found)
    elif isinstance(value, list):
        for i, inner in enumerate(value, 1):
            _flatten((*way, i), inner, kind, language, found)
    else:
        name = HOW_MANY if way[-1] == "number" and kind is int else ""
        found[_name(way, language, name)] = _value(str(way[-1]), value, kind, language)


def _name(way: tuple[str | int, ...], language: str, last: str = "") -> str:
    """Where a value stands, in words: «Vehicles 2, how many»; `last` is the last part's word."""
    made = ""
    for at, part in enumerate(way, 1):
        if isinstance(part, int):
            made += f" {apart(str(part), language)}"
            continue
        word = said(last if last and at == len(way) else in_english(part), language)
        small = word[0].lower() + word[1:] if made and SMALL.match(word) else word
        made += ("، " if language == ARABIC else ", ") * bool(made) + small
    return made


def _value(name: str, value: Any, kind: Any, language: str) -> str:
    """A value on one line; a choice in words."""
    if value is True:
        return said(YES, language)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        text = CHOICES.get(name, {}).get(str(value)) or in_english(str(value))
        return said(text, language)
    return in_words(str(value))


def in_both_notations(node: Mapping[str, Any]) -> Mapping[str, Any]:
    """A position in decimal degrees and in MGRS, whichever it was written in; all else as it is."""
    if "datum" not in node or "accuracy_m" not in node:
        return node
    try:
        return as_json(read(Position, node))
    except Refusal:
        return node


def in_words(value: str) -> str:
    """A value on one line, a time as it is read."""
    time = TIME.fullmatch(value)
    if time:
        seconds = "" if time.group(3) == "00" else f":{time.group(3)}"
        return f"{time.group(1)} {time.group(2)}{seconds} UTC"
    return " ".join(value.split())
