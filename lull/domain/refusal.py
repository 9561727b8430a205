"""One way to say no: a sentence that names what is wrong and what would be right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class Refusal(ValueError):
    """A domain object was asked to hold nonsense; the message is one sentence to act on."""


def require(condition: bool, sentence: str) -> None:
    """Raise `Refusal(sentence)` unless the condition holds."""
    if not condition:
        raise Refusal(sentence)


def require_one_of(value: Any, allowed: Iterable[Any], what: str) -> None:
    """Raise `Refusal` unless `value` is one of `allowed`; the sentence lists them."""
    allowed = tuple(allowed)
    if value not in allowed:
        listed = ", ".join(str(a) for a in allowed)
        raise Refusal(f"{what} is {value!r}; it must be one of: {listed}.")


def require_whole(value: Any, what: str, least: int = 0) -> None:
    """Raise `Refusal` unless `value` is a whole number of at least `least` (never a bool)."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise Refusal(f"{what} is {value!r}; it must be a whole number of at least {least}.")
