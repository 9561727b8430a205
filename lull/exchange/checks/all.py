"""Every question of `lull check`, in the order of the tables."""

from __future__ import annotations

from lull.exchange.build.draft import Draft
from lull.exchange.build.geography import Geography


def check_all(draft: Draft, geography: Geography) -> None:
    """Ask every question of a draft."""
