"""What a window must be long enough for, and whether a plan or a bound says that it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from enum import StrEnum

from attrs import evolve, field, frozen

from lull.domain.case import Case
from lull.domain.people import Need
from lull.domain.plan import Plan
from lull.domain.refusal import require, require_one_of
from lull.domain.tiers import Concave, Tier, TierKind
from lull.domain.worth import arrived, line_tonnes, line_weight
from lull.plan.proof.wanted import Wanted
from lull.questions.buses import share_of


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

    @property
    def tier(self) -> Tier:
        """The aim as a tier: what a plan that reaches it is worth the most in."""
        even = Concave((1.0,), (1.0,))
        if self.kind is AimKind.RATIONS:
            return Tier("the aim", TierKind.SUPPLIES_MINIMUM, "weighted tonnes", concave=even)
        needs = (Need.CRITICAL, Need.STRETCHER) if self.kind is AimKind.PATIENTS else Need
        if self.kind is AimKind.SHARE and self.share < 1:
            even = Concave((self.share, 1.0), (1.0, 0.0))
        return Tier("the aim", TierKind.PEOPLE, "persons",
                    {need.value: 1.0 for need in needs}, concave=even)

    def first(self, case: Case) -> Case:
        """The same case with the aim before all that the pause puts first."""
        return evolve(case, pause=evolve(case.pause, tiers=(self.tier, *case.pause.tiers)))

    def alone(self, case: Case) -> Case:
        """The same case with nothing to be good at but the aim."""
        return evolve(case, pause=evolve(case.pause, tiers=(self.tier,)))

    def wanted(self, case: Case) -> Wanted | None:
        """The heads that the aim asks for; None where it asks for goods."""
        if self.kind is AimKind.RATIONS:
            return None
        return Wanted(_wanted(case, self), patients=self.kind is AimKind.PATIENTS)

    def worth(self, case: Case) -> float:
        """What reaching the aim is worth: all heads wanted, or the tier of the rations full."""
        if self.kind is AimKind.RATIONS:
            return sum(line_weight(line) * line_tonnes(case, self.tier, line)
                       for line in case.demands if line.minimum)
        return float(sum(_wanted(case, self).values()))


def _wanted(case: Case, aim: Aim) -> Mapping[str, int]:
    """Heads to be served in each neighbourhood."""
    found: dict[str, int] = defaultdict(int)
    for group in case.groups.values():
        heads = group.patients if aim.kind is AimKind.PATIENTS else group.wishing
        found[case.neighbourhood_of(group)] += heads
    if aim.kind is AimKind.SHARE:
        return {name: share_of(aim.share, many) for name, many in found.items()}
    return found
