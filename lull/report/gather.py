"""Puts together what a report is made from: results, checks, and the geometry of what moves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lull.domain.case import Case
from lull.domain.corridor import Direction
from lull.domain.pause import Consents
from lull.domain.plan import Plan, Stop
from lull.domain.rules import Rule, Violation
from lull.domain.travel import FOOT, OWN_CAR
from lull.network import Route, TravelNetwork
from lull.report.figures import carried
from lull.report.flows import Leg
from lull.report.model import (
    CheckedRule,
    Column,
    Polyline,
    Remark,
    ReportInput,
    StreetLines,
)
from lull.report.told import Told

FindRoute = Callable[[str, str, str], Route | None]
"""(profile, from place, to place) to the way as it is driven or walked."""


def gather(
    case: Case,
    columns: Sequence[Column],
    main: Consents,
    *,
    rules: Iterable[Rule] = (),
    violations: Iterable[Violation] = (),
    remarks: Iterable[tuple[str, str]] = (),
    network: TravelNetwork | None = None,
    line: Iterable[BaseGeometry] = (),
    folder_hash: str = "",
    version: str = "",
    reproduce: str = "",
    asked: Iterable[Told] = (),
) -> ReportInput:
    """A report input from what reading, planning and judging gave.

    `remarks` are (where, sentence) of warnings on the folder; `network` gives the streets and ways
    to draw (None: straight lines); `line` parts the sides, in degrees (longitude, latitude).
    """
    shown = next(column for column in columns if column.reading is main)
    drawn = StreetLines.of_network(network.streets) if network else None
    found = ways(shown.case, shown.result.plan, network.route) if network else {}
    return ReportInput(
        case=case,
        columns=tuple(columns),
        main=main,
        rules=checked(rules, violations),
        remarks=tuple(Remark(where, sentence) for where, sentence in remarks),
        streets=drawn,
        ways=found,
        line=tuple(part for shape in line for part in polylines(shape)),
        folder_hash=folder_hash,
        version=version,
        reproduce=reproduce,
        asked=tuple(asked),
    )


def checked(rules: Iterable[Rule], violations: Iterable[Violation]) -> tuple[CheckedRule, ...]:
    """Each rule with the sentences of what broke it."""
    broken: dict[str, list[str]] = {}
    for violation in violations:
        broken.setdefault(violation.rule, []).append(violation.sentence)
    return tuple(
        CheckedRule(rule.name, rule.statement, rule.source, tuple(broken.get(rule.name, ())))
        for rule in rules
    )


def polylines(shape: BaseGeometry) -> list[Polyline]:
    """The lines, or the edges of the areas, of a shape as [n, 2] (latitude, longitude)."""
    lines = shape.boundary if shape.geom_type.endswith("Polygon") else shape
    return [
        np.asarray(shapely.get_coordinates(part)[:, ::-1], dtype=np.float64)
        for part in shapely.get_parts(lines)
    ]


def ways(case: Case, plan: Plan, route: FindRoute) -> Mapping[Leg, Polyline]:
    """The geometry of each leg on which a plan moves anyone or anything, and of each corridor."""
    wanted = loaded_legs(case, plan)
    profile = next(iter(case.fleet), "")
    for corridor in case.corridors.values():
        inside, outside = corridor.inside_gate.side, corridor.outside_gate.side
        leg = (corridor.gate_place(inside), corridor.gate_place(outside))
        if profile:
            wanted.setdefault(leg, profile)
    found = {}
    for (start, end), by in wanted.items():
        way = route(by, start, end)
        if way is not None and len(way.lat) > 1:
            found[start, end] = np.column_stack([way.lat, way.lon])
    return found


def loaded_legs(case: Case, plan: Plan) -> dict[Leg, str]:
    """(from, to) to the profile that first travels it with a load."""
    found: dict[Leg, str] = {}
    for day in plan.vehicles:
        by, before, loaded = case.vehicle_type(day.vehicle).id, "", False
        for step, aboard in carried(day):
            ends = (
                (step.site, step.site)
                if isinstance(step, Stop)
                else case.corridors[step.corridor].gates(step.direction)
            )
            if loaded:
                for leg in ((before, ends[0]), ends):
                    if leg[0] != leg[1]:
                        found.setdefault(leg, by)
            before, loaded = ends[1], aboard.loaded
    for party in plan.parties:
        by = FOOT if party.by.value == FOOT else OWN_CAR
        gates = case.corridors[party.corridor].gates(Direction.OUT)
        for leg in (
            (case.groups[party.group].site, gates[0]),
            gates,
            (gates[1], party.destination),
        ):
            found.setdefault(leg, by)
    return found
