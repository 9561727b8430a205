"""What each tier is worth, as columns of a programme: shares of people, lines of need."""

from __future__ import annotations

from lull.domain.tiers import Tier, TierKind
from lull.domain.worth import counted_in_patients, line_tonnes, line_weight
from lull.plan.aims import Aims
from lull.plan.program import Column, Program

SLACK = 1e-7
"""Share by which a value already reached is lowered before it is demanded of the programme."""

Objective = dict[Column, float]


def objectives(program: Program, aims: Aims) -> list[Objective]:
    """Adds the columns of every tier; gives each tier's objective, empty for `shorter`.

    The programme holds ("persons", group), ("patients", group) and ("units", line).
    """
    found: list[Objective] = []
    for i, tier in enumerate(aims.case.pause.tiers):
        if tier.kind is TierKind.SHORTER:
            found.append({})
        elif tier.kind is TierKind.PEOPLE:
            found.append(_people(program, aims, i, tier))
        else:
            found.append(_supplies(program, aims, i, tier))
    _share_lines(program)
    return found


def demand(program: Program, index: int, objective: Objective, value: float) -> str:
    """Adds the row that a tier reaches a value; gives its name."""
    name = f"tier {index} reached"
    limit = -(value - SLACK * max(1.0, abs(value)))
    program.at_most(name, [(c, -v) for c, v in objective.items()], limit)
    return name


def _people(program: Program, aims: Aims, index: int, tier: Tier) -> Objective:
    gain: Objective = {}
    heads: dict[Column, list[tuple[Column, float]]] = {}
    weight: dict[Column, float] = {}
    what = "patients" if counted_in_patients(tier) else "persons"
    for group in aims.case.groups.values():
        for counted in aims.counted[group.id]:
            if counted.tier == index:
                heads.setdefault(counted.cell, []).append(((what, group.id), -1.0))
                weight[counted.cell] = counted.weight
    for cell, terms in heads.items():
        total = aims.wishing[cell]  # type: ignore[index]
        parts: list[tuple[Column, float]] = []
        for n, (width, slope) in enumerate(tier.concave.segments):
            column = program.column(("share", cell, n), width * total)
            gain[column] = weight[cell] * slope
            parts.append((column, 1.0))
        program.at_most(f"share of {cell}", [*parts, *terms], 0.0)
    return gain


def _supplies(program: Program, aims: Aims, index: int, tier: Tier) -> Objective:
    case, gain = aims.case, Objective()
    for n, line in enumerate(case.demands):
        tonnes = line_tonnes(case, tier, line)
        if tonnes <= 0:
            continue
        minimum = tier.kind is TierKind.SUPPLIES_MINIMUM
        units = line.minimum if minimum else line.units - line.minimum
        parts = []
        for k, (width, slope) in enumerate(tier.concave.segments):
            column = program.column(("line", index, n, k), width * units)
            gain[column] = line_weight(line) * slope * tonnes / units
            parts.append((column, 1.0))
        program.at_most(f"line {n} in tier {index}", [*parts, (("units", n), -1.0)], 0.0)
    return gain


def _share_lines(program: Program) -> None:
    """A unit counts towards the minimum or beyond it, not both."""
    by_line: dict[int, list[tuple[Column, float]]] = {}
    for column in program.columns:
        if isinstance(column, tuple) and column[0] == "line":
            by_line.setdefault(column[2], []).append((column, 1.0))
    for n, parts in by_line.items():
        program.at_most(f"line {n}", [*parts, (("units", n), -1.0)], 0.0)
