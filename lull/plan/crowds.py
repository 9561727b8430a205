"""Who waits where, and how many more may."""

from __future__ import annotations

from attrs import define, field

from lull.plan.remaining import UNLIMITED


@define
class Crowds:
    """Persons waiting at sites with a crowd limit, as (from, to, persons) spells."""

    spells: dict[str, list[tuple[int, int, int]]] = field(factory=dict)

    def room(self, site: str, limit: int | None, start: int, end: int) -> int:
        """How many more may wait through [start, end)."""
        if limit is None:
            return UNLIMITED
        here = [s for s in self.spells.get(site, ()) if s[0] < end and s[1] > start]
        moments = [start, *(s[0] for s in here if s[0] > start)]
        worst = max(
            (sum(n for a, b, n in here if a <= moment < b) for moment in moments), default=0
        )
        return max(0, limit - worst)

    def copy(self) -> Crowds:
        """A copy of its own."""
        return Crowds({site: list(spells) for site, spells in self.spells.items()})
