"""Why a reading of the consents that allows more may yet move fewer people, in words."""

from __future__ import annotations

from itertools import pairwise

from lull.domain.corridor import Direction
from lull.domain.pause import Consents
from lull.domain.tiers import TierKind
from lull.plan.result import TierResult
from lull.report.figures import served, tonnes_in, total
from lull.report.flows import Kind, legs
from lull.report.model import Column
from lull.report.words import count_of, tonnes

WITH = {
    Consents.RECORDED: "With the consents recorded now",
    Consents.DECLARED: "With the consents as declared",
    Consents.ALL_MET: "If all conditions are met",
}
THAN = {
    Consents.RECORDED: "with the consents recorded now",
    Consents.DECLARED: "with the consents as declared",
    Consents.ALL_MET: "if all conditions are met",
}
ALIKE = 1e-6
"""Part of a value below which two values of an aim are the same."""


def fewer_with_more(columns: tuple[Column, ...]) -> tuple[str, ...]:
    """A sentence for each reading that moves fewer people than the one before it.

    `columns` go from fewer consents to more, so that whatever is possible in one is possible in
    the next. A column that was not planned is passed over.
    """
    planned = [c for c in columns if not c.result.refused]
    said = []
    for before, after in pairwise(planned):
        lost = _persons(before) - _persons(after)
        if lost > 0:
            said.append(f"{_fewer(before, after, lost)} {_why(before, after)}")
    return tuple(said)


def _fewer(before: Column, after: Column, lost: int) -> str:
    sentence = (
        f"{WITH[after.reading]}, {count_of(lost, 'person', 'people')} fewer reach their "
        f"destination than {THAN[before.reading]}"
    )
    gained = tonnes_in(after.case, after.result.plan) - tonnes_in(before.case, before.result.plan)
    shared = _shared(after)
    if gained <= 0:
        return f"{sentence}."
    by = f", by {count_of(shared, 'corridor')} through which people leave too" if shared else ""
    return f"{sentence}, and {tonnes(gained)} tonnes more come in{by}."


def _persons(column: Column) -> int:
    return total(served(column.case, column.result.plan).values()).out


def _shared(column: Column) -> int:
    """Corridors by which aid comes in and people leave."""
    moved = legs(column.case, column.result.plan)
    return sum(
        1
        for corridor in column.case.corridors.values()
        if moved.get(corridor.gates(Direction.IN), {}).get(Kind.AID)
        and {Kind.PEOPLE, Kind.PATIENTS} & set(moved.get(corridor.gates(Direction.OUT), {}))
    )


def _why(before: Column, after: Column) -> str:
    """Which aim decides between the two plans, and for which of them."""
    for old, new in zip(before.result.tiers, after.result.tiers, strict=False):
        if old.name != new.name or abs(new.value - old.value) <= ALIKE * max(1.0, abs(old.value)):
            continue
        if _better(old, new):
            return (
                "The aims are settled in their order, and the first that differs, "
                f"«{new.name}», gains by it."
            )
        return (
            f"By the first aim that differs, «{new.name}», the plan found "
            f"{THAN[before.reading]} is the better one, and it would be allowed here too; a longer "
            "search may find as good a one."
        )
    return "No aim tells the two plans apart."


def _better(old: TierResult, new: TierResult) -> bool:
    less_is_more = new.kind is TierKind.SHORTER
    return new.value < old.value if less_is_more else new.value > old.value
