"""What each simulated day is worth in the aims of the pause, as `domain.worth` values a plan.

The event loop counts who and what is set down, by group and by item and place. People who changed
to another vehicle because theirs was lost are counted in all and not by group: they are shared out
among the groups in proportion to what is missing of each that day (an estimate, on such days only).
The last tier, less waiting and driving, is not valued day by day: waiting has measures of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from lull.domain.case import Case
from lull.domain.people import Group
from lull.domain.plan import Plan
from lull.domain.tiers import Concave, Tier, TierKind
from lull.domain.worth import (
    arrived,
    counted_in_patients,
    counts_in,
    heads,
    line_value,
    shared_out,
    tier_value,
)
from lull.simulate import columns as c
from lull.simulate.columns import Floats, Ints

Cell = tuple[int, str, str]
"""What is counted: (what, group, "") for who sits or lies, (goods, item, place)."""

LOWEST = "lowest share of a neighbourhood"


@frozen(eq=False)
class ByDay:
    """One figure of each day beside what the plan says; `unit` is that of the tier."""

    name: str
    unit: str
    planned: float
    values: Floats


@frozen(eq=False)
class _Came:
    """Persons and patients by group, units by item and place: [replication] each."""

    persons: dict[str, Floats]
    patients: dict[str, Floats]
    units: dict[tuple[str, str], Ints]
    days: int


def by_day(
    case: Case, plan: Plan, cells: Sequence[Cell], delivered: Ints, totals: Ints,
    planned: Sequence[int],
) -> Iterator[ByDay]:
    """Each tier that has a value, and the lowest share of those who wish to leave, day by day.

    `delivered` [replication, cell] and `totals` are those of the outcome, `planned` [cell] what the
    plan brings of each.
    """
    came, got = _came(case, cells, delivered, totals, planned), arrived(plan)
    for tier in case.pause.tiers:
        if tier.kind is not TierKind.SHORTER:
            value = _people(case, tier, came) if tier.kind is TierKind.PEOPLE else _supplies(
                case, tier, came)
            yield ByDay(tier.name, tier.unit, tier_value(case, tier, got), value)
    wishing: dict[str, int] = defaultdict(int)
    out: dict[str, Floats] = defaultdict(lambda: np.zeros(came.days))
    said: dict[str, int] = defaultdict(int)
    for group in case.groups.values():
        place = case.neighbourhood_of(group)
        wishing[place] += group.wishing
        out[place] = out[place] + came.persons[group.id]
        said[place] += got.persons.get(group.id, 0)
    shares = [(100 * said[p] / many, 100 * out[p] / many) for p, many in wishing.items() if many]
    if shares:
        yield ByDay(LOWEST, "% of those who wish to leave", min(s for s, _ in shares),
                    np.minimum.reduce([days for _, days in shares]))


def _came(
    case: Case, cells: Sequence[Cell], delivered: Ints, totals: Ints, planned: Sequence[int]
) -> _Came:
    column = {cell: n for n, cell in enumerate(cells)}
    many = len(delivered)
    all_lying = totals[:, c.PATIENTS]
    counted = {
        c.LIES: all_lying, c.SITS: totals[:, c.ARRIVED] - all_lying}
    found: dict[int, dict[str, Floats]] = {}
    for what, total in counted.items():
        own = [n for n, cell in enumerate(cells) if cell[0] == what]
        here = delivered[:, own].astype(np.float64)
        lacks = np.maximum(0.0, np.array([planned[n] for n in own], np.float64) - here)
        left = np.maximum(0.0, total - here.sum(axis=1))
        part = left / np.maximum(1e-9, lacks.sum(axis=1)) if own else left
        here = here + lacks * np.minimum(1.0, part)[:, None]
        found[what] = {cells[n][1]: here[:, i] for i, n in enumerate(own)}
    none = np.zeros(many)
    sits, lies = found[c.SITS], found[c.LIES]
    return _Came(
        {g: sits.get(g, none) + lies.get(g, none) for g in case.groups},
        {g: lies.get(g, none) for g in case.groups},
        {(item, place): delivered[:, column[what, item, place]]
         for what, item, place in cells if what == c.GOODS}, many)


def phi(concave: Concave, share: NDArray[np.float64]) -> Floats:
    """φ of many shares at once."""
    breaks = np.array((0.0, *concave.breaks))
    values = np.concatenate([[0.0], np.cumsum(np.diff(breaks) * np.array(concave.weights))])
    return np.asarray(np.interp(share, breaks, values), np.float64)


def _people(case: Case, tier: Tier, came: _Came) -> Floats:
    by_cell: dict[tuple[str, str], list[Group]] = defaultdict(list)
    for group in case.groups.values():
        if counts_in(tier, group) > 0:
            by_cell[case.neighbourhood_of(group), group.need.value].append(group)
    source = came.patients if counted_in_patients(tier) else came.persons
    value = np.zeros(came.days)
    for groups in by_cell.values():
        wishing = sum(heads(tier, g) for g in groups)
        if wishing:
            served = np.sum([source[g.id] for g in groups], axis=0)
            share = np.minimum(1.0, served / wishing)
            value += counts_in(tier, groups[0]) * wishing * phi(tier.concave, share)
    return value


def _supplies(case: Case, tier: Tier, came: _Came) -> Floats:
    """Lines for one item at one place share what comes there, worked out once for each amount."""
    value = np.zeros(came.days)
    for (item, place), units in came.units.items():
        lines = [x for x in case.demands if (x.item, x.site) == (item, place)]
        amounts, where = np.unique(units, return_inverse=True)
        worth = np.array([
            sum(line_value(case, tier, line, some)
                for line, some in zip(lines, shared_out(lines, int(amount)), strict=True))
            for amount in amounts])
        value += worth[where]
    return value
