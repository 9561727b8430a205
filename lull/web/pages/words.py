"""Names in code as words on a page: of fields, states, steps, roles and choices, translated."""

from __future__ import annotations

from functools import cache

from django.utils.translation import gettext

UNITS = {"kg": "kg", "km": "km", "m": "m", "m3": "m³", "t": "tonnes", "deg": "degrees",
         "minutes": "minutes", "litres": "litres", "persons": "persons"}
"""What a field's name ends with where it has a unit."""
PLAIN = {"sha256": "SHA-256", "mgrs": "MGRS", "email": "e-mail", "ied": "IED", "erw": "ERW",
         "uxo": "UXO", "api": "API", "no_go": "no-go", "id": "id", "rtl": "RTL"}


@cache
def in_english(name: str) -> str:
    """A name such as `removed_at_check_kg` as English words: «Removed at check (kg)»."""
    parts = name.split("_")
    unit = UNITS.get(parts[-1]) if len(parts) > 1 else None
    if unit:
        parts = parts[:-1]
    text = " ".join(PLAIN.get(part, part) for part in parts)
    text = text[:1].upper() + text[1:]
    return f"{text} ({unit})" if unit else text


def word(name: object) -> str:
    """A name as words in the language of the page."""
    text = str(name)
    return gettext(in_english(text)) if text else ""
