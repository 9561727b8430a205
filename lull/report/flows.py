"""Who and what moves along which way: the loads of a plan summed on the lines that they follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from enum import StrEnum

import numpy as np
from attrs import define
from numpy.typing import NDArray

from lull.domain.case import Case
from lull.domain.corridor import Direction
from lull.domain.plan import Plan, Step, Stop
from lull.report.figures import carried

Leg = tuple[str, str]
Point = tuple[int, int]


class Kind(StrEnum):
    """What flows: people who sit or walk, patients on stretchers, tonnes of aid."""

    PEOPLE = "people"
    PATIENTS = "patients"
    AID = "aid"


def legs(case: Case, plan: Plan) -> dict[Leg, dict[Kind, float]]:
    """(from place, to place) to what moves between them over the whole plan."""
    total: dict[Leg, dict[Kind, float]] = defaultdict(lambda: defaultdict(float))

    def add(start: str, end: str, people: float, patients: float, aid: float) -> None:
        if start == end or not (people or patients or aid):
            return
        for kind, amount in zip(Kind, (people, patients, aid), strict=True):
            if amount:
                total[start, end][kind] += amount

    for day in plan.vehicles:
        before = ""
        aboard = (0.0, 0.0, 0.0)
        for step, after in carried(day):
            entered, left = _ends(case, step)
            if before:
                add(before, entered, *aboard)
            if not isinstance(step, Stop):
                add(entered, left, *aboard)
            before = left
            aboard = (after.persons - after.patients, after.patients, after.tonnes(case))
    for party in plan.parties:
        corridor = case.corridors[party.corridor]
        entered, left = corridor.gates(Direction.OUT)
        for start, end in (
            (case.groups[party.group].site, entered),
            (entered, left),
            (left, party.destination),
        ):
            add(start, end, party.persons, 0, 0)
    return {leg: dict(kinds) for leg, kinds in total.items()}


def _ends(case: Case, step: Step) -> tuple[str, str]:
    if isinstance(step, Stop):
        return step.site, step.site
    return case.corridors[step.corridor].gates(step.direction)


@define(frozen=True, eq=False)
class Stream:
    """A line [n, 2] of one kind along which the same amount flows; `beside` is what the
    other kinds drawn between it and the street's middle take up."""

    kind: Kind
    amount: float
    points: NDArray[np.float64]
    people: float


def streams(
    moved: Mapping[Leg, Mapping[Kind, float]],
    course: Callable[[str, str], NDArray[np.float64]],
) -> list[Stream]:
    """The legs' loads summed on each stretch of the way that they share.

    `course` gives the line between two places in units of the picture.
    """
    lines = {leg: _rounded(course(*leg)) for leg in moved}
    sums: dict[tuple[Point, Point], dict[Kind, float]] = defaultdict(lambda: defaultdict(float))
    for leg, kinds in moved.items():
        for stretch in zip(lines[leg], lines[leg][1:], strict=False):
            for kind, amount in kinds.items():
                sums[stretch][kind] += amount
    found: list[Stream] = []
    for kind in Kind:
        found.extend(_chains(kind, moved, lines, sums))
    return found


def _rounded(points: NDArray[np.float64]) -> list[Point]:
    kept: list[Point] = []
    for x, y in np.round(points).astype(int).tolist():
        if not kept or kept[-1] != (x, y):
            kept.append((x, y))
    return kept


def _chains(
    kind: Kind,
    moved: Mapping[Leg, Mapping[Kind, float]],
    lines: Mapping[Leg, list[Point]],
    sums: Mapping[tuple[Point, Point], Mapping[Kind, float]],
) -> list[Stream]:
    drawn: set[tuple[Point, Point]] = set()
    found = []
    for leg, kinds in moved.items():
        if not kinds.get(kind):
            continue
        chain: list[Point] = []
        held = (0.0, 0.0)
        for start, end in zip(lines[leg], lines[leg][1:], strict=False):
            here = sums[start, end]
            value = (here[kind], here.get(Kind.PEOPLE, 0.0))
            if chain and ((start, end) in drawn or value != held):
                found.append(Stream(kind, held[0], np.array(chain, dtype=float), held[1]))
                chain = []
            if (start, end) in drawn:
                continue
            drawn.add((start, end))
            held = value
            chain = [*chain, end] if chain else [start, end]
        if chain:
            found.append(Stream(kind, held[0], np.array(chain, dtype=float), held[1]))
    return found
