"""What is aimed at, by size of case, and whether a run has reached it, in plain words."""

from __future__ import annotations

from attrs import frozen

from lull.plan.result import TierResult


@frozen
class Target:
    """Within `seconds`, a gap of at most `early` in the first two tiers and `late` in the others.

    A tier is also reached where less than one full vehicle is missing.
    """

    seconds: float
    early: float
    late: float


@frozen
class First:
    """How soon a first plan is wanted after loading, and how near to the final bound."""

    seconds: float
    share: float | None = None


TARGETS: dict[str, tuple[Target, ...]] = {
    "s": (Target(5, 0.0, 0.0),),
    "m-free": (Target(60, 0.01, 0.01),),
    "m-gate": (Target(120, 0.02, 0.04), Target(600, 0.02, 0.02)),
    "l": (Target(600, 0.05, 0.05),),
}
"""By size, in the order in which the sizes are run."""

FIRST = {"m-free": First(1.0, 0.15), "m-gate": First(1.0, 0.15), "l": First(20.0)}
MOST_MEGABYTES = {"l": 6000.0}

OVERTIME = 0.05
"""Share of the seconds by which a run may be late: it ends after the step that it is in."""


def size_of(case: str) -> str:
    """The size that a case's name begins with."""
    return case.rpartition("-")[0]


def target_of(case: str, seconds: float | None) -> Target:
    """The target to measure a run by: that of its seconds, else the last one of its size."""
    options = TARGETS[size_of(case)]
    return next((t for t in options if t.seconds == seconds), options[-1])


def missing(tier: TierResult) -> float:
    """What a tier lacks to its bound; never negative."""
    return max(0.0, (tier.bound or 0.0) - tier.value)


def aimed_at(target: Target, place: int) -> float:
    """The largest gap wanted in a tier; 0 is the first."""
    return target.early if place < 2 else target.late


def met(target: Target, place: int, tier: TierResult) -> bool:
    """Whether a tier is as near to its bound as its target asks, or less than one load off."""
    near = (tier.gap or 0.0) <= aimed_at(target, place) + 1e-9
    return near or missing(tier) < tier.one_load - 1e-9


def verdict(target: Target, place: int, tier: TierResult) -> str:
    """Whether a tier is met, and if not, what was aimed at."""
    aim = aimed_at(target, place)
    if (tier.gap or 0.0) <= aim + 1e-9:
        return "met"
    if met(target, place, tier):
        return "met: under one load"
    wanted = f"{aim:.0%} or a load" if aim else "0% or a load"
    return f"missed: wanted {wanted}"


def late(target: Target, took: float) -> str:
    """That a run took longer than it was given, in words; empty where it did not."""
    if took <= target.seconds * (1 + OVERTIME):
        return ""
    return f"late: {took:.0f} s"


def first_share(first: float, tier: TierResult) -> float:
    """The first plan's value as a share of the final bound; 1 where under one load is missing.

    It may exceed 1 in a later tier: the bound is over plans as good as the final one in the
    earlier tiers, and the first plan may be worse in those.
    """
    bound = tier.bound or 0.0
    if bound - first < max(tier.one_load, 1e-9) - 1e-9:
        return max(1.0, first / bound) if bound else 1.0
    return first / bound


def first_verdict(case: str, seconds: float, shares: tuple[float, ...]) -> str:
    """Whether the first plan came soon enough and near enough; empty where nothing is aimed at."""
    aim = FIRST.get(size_of(case))
    if aim is None:
        return ""
    wrong = []
    if seconds > aim.seconds:
        wrong.append(f"wanted in {aim.seconds:g} s")
    if aim.share is not None and min(shares, default=1.0) < 1 - aim.share:
        wrong.append(f"wanted within {aim.share:.0%}")
    return "missed: " + ", ".join(wrong) if wrong else "met"


def memory_verdict(case: str, megabytes: float) -> str:
    """Whether a run stayed under the memory that its size may use; empty without a limit."""
    most = MOST_MEGABYTES.get(size_of(case))
    if most is None:
        return ""
    return "met" if megabytes < most else f"missed: wanted under {most:,.0f} MB"
