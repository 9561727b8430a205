"""How long crews have been on duty, over spells split by rest."""

from __future__ import annotations

DAY = 1440

Spell = tuple[int, int]


def merged(spells: list[Spell], rest: int) -> list[Spell]:
    """Spells in order, those closer together than `rest` minutes made one."""
    found: list[Spell] = []
    for start, end in sorted(spells):
        if found and start - found[-1][1] < rest:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def most_in_a_day(spells: list[Spell], rest: int) -> int:
    """The most minutes on duty in any 24 hours."""
    whole = merged(spells, rest)
    starts = [s for s, _ in whole] + [e - DAY for _, e in whole]
    return max(
        (sum(max(0, min(e, t + DAY) - max(s, t)) for s, e in whole) for t in starts), default=0
    )
