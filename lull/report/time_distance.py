"""Time–distance diagrams: the convoys through a corridor, as railways draw their trains."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from lull.domain.case import Case
from lull.domain.corridor import Direction
from lull.domain.plan import Crossing, Plan, Step, Stop, left_at
from lull.report import pictures as p
from lull.report.charts import LEFT, RIGHT, WIDTH, time_axis
from lull.report.words import corridor_name, count_of

HEIGHT = 220.0
TOP = 22.0
NEAR = 0.3
"""Part of the height on either side of the gates, for the ways to and from them."""


@frozen
class Train:
    """One convoy as it is drawn: where its first vehicle comes from and goes to, and its minutes.

    `far` are minutes of driving before the near gate and after the far one (in the direction of
    travel).
    """

    direction: Direction
    vehicles: int
    from_far: int
    sets_off: int
    arrives: int
    enters: int
    cleared: int
    leaves: int
    reaches: int
    to_far: int


def trains(case: Case, plan: Plan, corridor: str) -> Iterator[Train]:
    """The convoys of a corridor, by their first vehicle; the check ends with the last of them."""
    first: dict[str, tuple[Step, Crossing, Step]] = {}
    cleared: dict[str, int] = {}
    many: dict[str, int] = {}
    for day in plan.vehicles:
        for before, step, after in zip(day.steps, day.steps[1:], day.steps[2:], strict=False):
            if isinstance(step, Crossing) and step.corridor == corridor:
                if step.convoy not in first or step.enters < first[step.convoy][1].enters:
                    first[step.convoy] = (before, step, after)
                cleared[step.convoy] = max(cleared.get(step.convoy, 0), step.cleared)
                many[step.convoy] = many.get(step.convoy, 0) + 1
    for name, (before, step, after) in first.items():
        profile = _profile(plan, name)
        near, far = case.corridors[corridor].gates(step.direction)
        yield Train(
            step.direction, many[name], _minutes(case, profile, _place(case, before, False), near),
            left_at(before), step.arrives, step.enters, cleared[name], step.leaves, after.arrives,
            _minutes(case, profile, far, _place(case, after, True)))


def _profile(plan: Plan, convoy: str) -> str:
    vehicle = next(c.vehicles[0] for c in plan.convoys if c.id == convoy)
    return vehicle.partition("#")[0]


def _place(case: Case, step: Step, comes: bool) -> str:
    if isinstance(step, Stop):
        return step.site
    return case.corridors[step.corridor].gates(step.direction)[0 if comes else 1]


def _minutes(case: Case, profile: str, start: str, end: str) -> int:
    leg = case.leg(profile, start, end)
    return leg.likely if leg else 0


def time_distance(case: Case, plan: Plan, corridor: str) -> str:
    """The diagram of one corridor; empty where no convoy passes it.

    Time to the right, place upwards: the enclosed side below, its gate, the far gate, the other
    side above. A slope is a drive, a level line waits or is checked.
    """
    drawn = list(trains(case, plan, corridor))
    if not drawn:
        return ""
    axis = time_axis(case, plan, LEFT + 50, RIGHT)
    farthest = max([1, *(max(one.from_far, one.to_far) for one in drawn)])
    y_in, y_out = TOP + HEIGHT * (1 - NEAR), TOP + HEIGHT * NEAR
    body = [p.hours_axis(axis, case.pause.clock, TOP, TOP + HEIGHT)]
    for y, words in ((y_out, "outer gate"), (y_in, "inner gate")):
        body.append(p.line(axis.x0, y, axis.x1, y, "axis"))
        body.append(p.text(axis.x0 - 6, y + 4, words, anchor="end", style="tick"))
    for words, y in (("outside", TOP + 10), ("inside", TOP + HEIGHT - 4)):
        body.append(p.text(axis.x0 - 6, y, words, anchor="end", style="tick"))
    for window in case.pause.windows:
        for minute in (window.opens, window.closes):
            body.append(p.line(axis.x(minute), TOP, axis.x(minute), TOP + HEIGHT, "bound"))
    body += [_line(axis, one, y_in, y_out, farthest) for one in drawn]
    out = sum(1 for one in drawn if one.direction is Direction.OUT)
    name = corridor_name(case, corridor)
    return p.svg(
        WIDTH, TOP + HEIGHT + 34, f"Convoys through {name} over time",
        f"{count_of(out, 'convoy')} out, {count_of(len(drawn) - out, 'convoy')} in. The enclosed "
        "side is below. Dashed uprights: the window opens and closes.",
        "".join(body), ident=f"td-{list(case.corridors).index(corridor)}")


def _line(axis: p.TimeAxis, one: Train, y_in: float, y_out: float, farthest: int) -> str:
    out = one.direction is Direction.OUT
    near, far = (y_in, y_out) if out else (y_out, y_in)
    reach = HEIGHT * NEAR * 0.85 / farthest
    away = 1 if out else -1  # below the inner gate, above the outer one
    points = [
        (one.arrives - one.from_far, near + away * one.from_far * reach), (one.arrives, near),
        (one.cleared, near), (one.leaves, far),
        (one.leaves + one.to_far, far - away * one.to_far * reach),
    ]
    path = "M" + "L".join(f"{p.number(axis.x(m))} {p.number(y)}" for m, y in points)
    return f'<path d="{path}" class="train {"goes-out" if out else "goes-in"}"/>'
