"""Names in code as words on a page, in its language."""

from __future__ import annotations

from django.utils.translation import gettext

from lull.store.named import CHOICES, in_english


def word(name: object) -> str:
    """A name as words in the language of the page."""
    text = str(name)
    return gettext(in_english(text)) if text else ""


def choice(value: object, field: str) -> str:
    """One of the choices of a field as words in the language of the page."""
    text = str(value)
    said = CHOICES.get(field, {}).get(text)
    return gettext(said) if said else word(text)
