"""What a recipient is sent, in words: a version whole, or what has changed since the one they have.

Made from the record alone and always the same, so that its hash can be checked by whoever may read
the record. To whom else it goes is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lull.domain.records import RECEIPT_SENTENCE
from lull.domain.records.common import Position
from lull.domain.records.form import as_json, read
from lull.domain.refusal import Refusal

TIME = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}):(\d{2})Z", re.ASCII)
LEFT_OUT = ("record", "recipients", "version", "escalation")
"""What stays with the sender: to whom else it goes, and whom they call when nobody checks in."""
CHANGED_TO = " -> now: "
"""Stands between what was and what is."""
TELLS = "This tells you; it asks for no permission."


def whole_text(about: str, version: int, record: Mapping[str, Any]) -> str:
    """A version, field by field."""
    fields = fields_of(record)
    return "\n".join([f"Notification {about}, version {version}", "", TELLS, "",
                      *(f"{name}: {value}" for name, value in fields.items()), "",
                      RECEIPT_SENTENCE])


def changed_text(about: str, version: int, record: Mapping[str, Any], since: int,
                 before: Mapping[str, Any]) -> str:
    """What is otherwise than in the version that the recipient has; the rest stands."""
    old, new = fields_of(before), fields_of(record)
    lines = [f"Notification {about}, version {version}: what has changed since version {since}",
             "", TELLS, ""]
    changed = [f"{name}: {old[name]}{CHANGED_TO}{new[name]}" for name in new
               if name in old and old[name] != new[name]]
    added = [f"{name}: {new[name]}" for name in new if name not in old]
    gone = [f"{name}: {old[name]}" for name in old if name not in new]
    for title, found in (("CHANGED", changed), ("NEW", added), ("NO LONGER", gone)):
        if found:
            lines += [title, *found, ""]
    if not (changed or added or gone):
        lines += ["Nothing of what you were sent has changed.", ""]
    return "\n".join([*lines, f"All else of version {since} stands.", "", RECEIPT_SENTENCE])


def cancelled_text(about: str, version: int, reason: str) -> str:
    """That what was notified will not take place."""
    return "\n".join([f"Notification {about} is CANCELLED, as of version {version}.", "",
                      f"Reason given: {reason or 'none given'}", "", RECEIPT_SENTENCE])


def sealed_text(version: int) -> str:
    """All that may be said in clear of something sealed."""
    return f"Version {version} awaits you."


def fields_of(node: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a record with their values, those within others by their whole way."""
    found: dict[str, str] = {}
    for name, value in node.items():
        if name not in LEFT_OUT:
            _flatten(name.replace("_", " "), value, found)
    return found


def _flatten(at: str, value: Any, found: dict[str, str]) -> None:
    if isinstance(value, Mapping):
        value = in_both_notations(value)
        for name, inner in value.items():
            _flatten(f"{at}, {name.replace('_', ' ')}", inner, found)
    elif isinstance(value, list):
        for i, inner in enumerate(value, 1):
            _flatten(f"{at} {i}", inner, found)
    else:
        found[at] = "yes" if value is True else in_words(str(value))


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
