"""A case whose likely times are moved towards its low or its high ones."""

from __future__ import annotations

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from lull.domain.case import Case
from lull.domain.time import Estimate
from lull.domain.travel import UNREACHABLE, TravelTable


def moved_times(
    case: Case, share: float, *, ways: bool = True, boarding: bool = True, checks: bool = True
) -> Case:
    """The case with likely times moved by a share of the way to high (below 0: to low).

    `share` lies between -1 and 1; minutes are rounded up. Low and high stay what they are.
    """
    if share == 0:
        return case
    travel = _ways(case.travel, share) if ways else case.travel
    sites = {
        name: evolve(site, service={k: moved(e, share) for k, e in site.service.items()})
        for name, site in case.sites.items()} if boarding else case.sites
    corridors = {
        name: evolve(corridor, checkpoint={
            way: evolve(check, minutes={k: moved(e, share) for k, e in check.minutes.items()})
            for way, check in corridor.checkpoint.items()})
        for name, corridor in case.corridors.items()} if checks else case.corridors
    return evolve(case, travel=travel, sites=sites, corridors=corridors)


def moved(of: Estimate, share: float) -> Estimate:
    """One estimate with its likely figure moved."""
    to = of.high if share >= 0 else of.low
    likely = int(np.ceil(of.likely + abs(share) * (to - of.likely) - 1e-9))
    return Estimate(of.low, likely, of.high)


def _ways(table: TravelTable, share: float) -> TravelTable:
    ends = table.high if share >= 0 else table.low

    def likely(profile: str) -> NDArray[np.int32]:
        now, end = table.likely[profile], ends[profile]
        later = np.ceil(now + abs(share) * (end - now) - 1e-9).astype(np.int32)
        return np.where(now == UNREACHABLE, now, later).astype(np.int32)

    return evolve(table, likely={profile: likely(profile) for profile in table.likely})
