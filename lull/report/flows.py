"""Who and what moves along which way: the loads of a plan summed on the lines that they follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from itertools import pairwise

import numpy as np
from attrs import define
from numpy.typing import NDArray

from lull.domain.case import Case
from lull.domain.corridor import Direction
from lull.domain.plan import Plan, Step, Stop
from lull.report.figures import carried

Leg = tuple[str, str]
Path = tuple[str, ...]
Point = tuple[int, int]
Stretch = tuple[Point, Point]


class Kind(StrEnum):
    """What flows: people who sit or walk, patients on stretchers, tonnes of aid."""

    PEOPLE = "people"
    PATIENTS = "patients"
    AID = "aid"


def journeys(case: Case, plan: Plan) -> dict[Path, dict[Kind, float]]:
    """What moves from stop to stop over the whole plan, by the places that are passed.

    A path is (site, gate, gate, …, site): all that moves along it is on board throughout.
    """
    total: dict[Path, dict[Kind, float]] = defaultdict(lambda: defaultdict(float))

    def add(path: Path, people: float, patients: float, aid: float) -> None:
        for kind, amount in zip(Kind, (people, patients, aid), strict=True):
            if amount:
                total[path][kind] += amount

    for day in plan.vehicles:
        path: Path = ()
        aboard = (0.0, 0.0, 0.0)
        for step, after in carried(day):
            path += _places(case, step)
            if isinstance(step, Stop):
                add(path, *aboard)
                path = (step.site,)
                aboard = (after.persons - after.patients, after.patients, after.tonnes(case))
    for party in plan.parties:
        gates = case.corridors[party.corridor].gates(Direction.OUT)
        add((case.groups[party.group].site, *gates, party.destination), party.persons, 0, 0)
    return {path: dict(kinds) for path, kinds in total.items()}


def legs(case: Case, plan: Plan) -> dict[Leg, dict[Kind, float]]:
    """(from place, to place) to what moves between them over the whole plan."""
    total: dict[Leg, dict[Kind, float]] = defaultdict(lambda: defaultdict(float))
    for path, kinds in journeys(case, plan).items():
        for leg in pairwise(path):
            if leg[0] != leg[1]:
                for kind, amount in kinds.items():
                    total[leg][kind] += amount
    return {leg: dict(kinds) for leg, kinds in total.items()}


def _places(case: Case, step: Step) -> Path:
    if isinstance(step, Stop):
        return (step.site,)
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
    moved: Mapping[Path, Mapping[Kind, float]],
    course: Callable[[str, str], NDArray[np.float64]],
) -> list[Stream]:
    """The loads of all paths, summed on each stretch of the way that they share.

    `course` gives the line between two places in units of the picture. A path that passes a
    stretch twice, as before and after a gate, carries its load there once.
    """
    known = {leg: _rounded(course(*leg)) for path in moved for leg in pairwise(path)}
    lines = {path: [s for leg in pairwise(path) for s in pairwise(known[leg])] for path in moved}
    sums: dict[Stretch, dict[Kind, float]] = defaultdict(lambda: defaultdict(float))
    for path, kinds in moved.items():
        for stretch in dict.fromkeys(lines[path]):
            for kind, amount in kinds.items():
                sums[stretch][kind] += amount
    found: list[Stream] = []
    for kind in Kind:
        walked = [lines[path] for path, kinds in moved.items() if kinds.get(kind)]
        found.extend(_chains(kind, walked, sums))
    return found


def _rounded(points: NDArray[np.float64]) -> list[Point]:
    kept: list[Point] = []
    for x, y in np.round(points).astype(int).tolist():
        if not kept or kept[-1] != (x, y):
            kept.append((x, y))
    return kept


def _chains(
    kind: Kind, walked: Iterable[list[Stretch]], sums: Mapping[Stretch, Mapping[Kind, float]]
) -> list[Stream]:
    """Stretches that follow one another with the same amounts, each drawn once."""
    drawn: set[Stretch] = set()
    found = []
    for line in walked:
        chain: list[Point] = []
        held = (0.0, 0.0)
        for start, end in line:
            here = sums[start, end]
            value = (here[kind], here.get(Kind.PEOPLE, 0.0))
            broken = (start, end) in drawn or value != held or (chain and chain[-1] != start)
            if chain and broken:
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
