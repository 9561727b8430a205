"""Texts that a spreadsheet would run as a formula, and how they are kept from it.

A name such as `=HYPERLINK(...)` in a table that somebody sends is run on the machine of whoever
opens what is written from it (OWASP, CSV Injection, owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import re

FIRST = "=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20"
"""Characters with which a formula begins, in plain and in full width."""

RUN = re.compile(f"'*[{FIRST}]")
MARKED = re.compile(f"'+[{FIRST}]")
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?%?", re.ASCII)


def harmless(text: str, *, number: bool = True) -> str:
    """A text as it may stand in a CSV file: one that would be run has an apostrophe before it.

    `number` says that a text that is a number is meant as one, and stands as it is.
    """
    meant = number and NUMBER.fullmatch(text)
    return "'" + text if RUN.match(text) and not meant else text


def as_meant(text: str) -> str:
    """A text from a CSV file without the apostrophe that `harmless` has put there."""
    return text[1:] if MARKED.match(text) and not NUMBER.fullmatch(text[1:]) else text
