"""What a window must be long enough for, and whether a plan or a bound says that it is."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from enum import StrEnum

from attrs import field, frozen

from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.domain.refusal import require, require_one_of
from lull.domain.worth import arrived
from lull.plan.result import Ceiling


class AimKind(StrEnum):
    """What is to be reached."""

    EVERYONE = "everyone"
    PATIENTS = "patients"
    SHARE = "share"
    RATIONS = "rations"


def _kind(value: str) -> AimKind:
    require_one_of(value, AimKind, "The aim")
    return AimKind(value)


@frozen
class Aim:
    """All who wish to leave; all patients; a share of each neighbourhood; minimum rations.

    `share` (0 to 1) counts for the third alone: persons who wish to leave, in each neighbourhood.
    """

    kind: AimKind = field(default=AimKind.EVERYONE, converter=_kind)
    share: float = 1.0

    def __attrs_post_init__(self) -> None:
        require(0 < self.share <= 1, f"A share of {self.share} must lie above 0 and up to 1.")

    @property
    def words(self) -> str:
        """The aim in words."""
        return {
            AimKind.EVERYONE: "all who wish to leave",
            AimKind.PATIENTS: "all patients",
            AimKind.SHARE: f"{100 * self.share:g} % of those who wish to leave each neighbourhood",
            AimKind.RATIONS: "minimum rations everywhere",
        }[self.kind]

    def nothing_to_do(self, case: Case) -> bool:
        """Whether the aim asks for nothing in this case."""
        if self.kind is AimKind.RATIONS:
            return not any(line.minimum for line in case.demands)
        return not sum(_wanted(case, self).values())

    def reached_by(self, case: Case, plan: Plan) -> bool:
        """Whether a plan reaches the aim."""
        got = arrived(plan)
        if self.kind is AimKind.RATIONS:
            return all(units >= line.minimum for line, units
                       in zip(case.demands, got.by_line(case), strict=True))
        heads = got.patients if self.kind is AimKind.PATIENTS else got.persons
        served: dict[str, int] = defaultdict(int)
        for group in case.groups.values():
            served[case.neighbourhood_of(group)] += heads.get(group.id, 0)
        return all(served[name] >= many for name, many in _wanted(case, self).items())

    def ruled_out_by(self, case: Case, most: Ceiling) -> bool:
        """Whether what no plan can exceed is too little for the aim."""
        if self.kind is AimKind.RATIONS:
            return most.tonnes < _ration_tonnes(case) - 1e-6
        heads = most.patients if self.kind is AimKind.PATIENTS else most.persons
        return heads < sum(_wanted(case, self).values())


def _wanted(case: Case, aim: Aim) -> Mapping[str, int]:
    """Heads to be served in each neighbourhood."""
    found: dict[str, int] = defaultdict(int)
    for group in case.groups.values():
        heads = group.patients if aim.kind is AimKind.PATIENTS else group.wishing
        found[case.neighbourhood_of(group)] += heads
    if aim.kind is AimKind.SHARE:
        return {name: math.ceil(aim.share * many - 1e-9) for name, many in found.items()}
    return found


def _ration_tonnes(case: Case) -> float:
    return sum(line.minimum * case.items[line.item].kg for line in case.demands) / 1000
