"""Whole households out of shares and averages, so that not one person is lost or made up."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import floor

from lull.domain.refusal import require

ASSUMED_HOUSEHOLD = 5.0
"""Persons in a household where a folder says nothing. Assumed: households are larger or smaller
from place to place, and `lull check` names the groups for which it was used."""


def half_down(value: Fraction) -> int:
    """The nearest whole number; a half goes down, so that nobody is made up."""
    return -floor(Fraction(1, 2) - value)


def times(count: int, factor: float) -> int:
    """`count` × `factor`, rounded half down, without the dust of binary fractions."""
    return half_down(count * Fraction(str(factor)))


def even_split(persons: int, average: float) -> dict[int, int]:
    """Households of two neighbouring sizes that hold exactly `persons`.

    Their number is persons / average, rounded half down, at least 1 and at most one a person.
    With q, r = divmod(persons, number), r households have q + 1 persons and the others q.
    """
    if persons <= 0:
        return {}
    number = max(1, min(persons, half_down(Fraction(persons) / Fraction(str(average)))))
    size, larger = divmod(persons, number)
    split = {size + 1: larger, size: number - larger}
    return {persons_each: n for persons_each, n in sorted(split.items()) if n}


def households(
    wishing: int, fixed: Mapping[int, int], averages: tuple[float, ...]
) -> dict[int, int]:
    """Households of those who wish to leave: the stated ones, and the rest by average sizes.

    The rest is shared evenly between the averages, the first of them taking what is over.
    Raises Refusal where the stated households hold too many, or too few and no average is given.
    """
    stated = sum(size * number for size, number in fixed.items())
    rest = wishing - stated
    require(
        rest >= 0,
        f"The households hold {stated} persons but {wishing} wish to leave.",
    )
    require(
        rest == 0 or bool(averages),
        f"The households hold {stated} persons but {wishing} wish to leave; add an average size "
        "for the rest, such as |5.",
    )
    total = {size: number for size, number in fixed.items() if number}
    for i, average in enumerate(averages):
        part = rest // len(averages) + (i < rest % len(averages))
        for size, number in even_split(part, average).items():
            total[size] = total.get(size, 0) + number
    return dict(sorted(total.items()))


def patients_households(
    patients: int, fixed: Mapping[int, int], companions_each: float
) -> dict[int, int]:
    """Households of one patient and companions, for `patients` who wish to leave.

    Stated sizes must count every patient; else patients × companions, rounded half down,
    companions are shared out so that two patients differ by one at most. Raises Refusal.
    """
    if fixed:
        stated = sum(fixed.values())
        require(
            stated == patients,
            f"The household sizes stand for {stated} patients but {patients} wish to leave; each "
            "household holds one patient.",
        )
        return {size: number for size, number in sorted(fixed.items()) if number}
    if patients <= 0:
        return {}
    each, more = divmod(times(patients, companions_each), patients)
    split = {1 + each: patients - more, 2 + each: more}
    return {size: number for size, number in sorted(split.items()) if number}
