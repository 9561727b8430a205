"""What the streets say of a place."""

from __future__ import annotations

from attrs import frozen

STREETS = "streets"
"""What a note is on that concerns the whole extract."""


@frozen
class Note:
    """What the streets say of a place or corridor: for which travel profiles, and a sentence."""

    what: str
    travellers: tuple[str, ...]
    sentence: str
