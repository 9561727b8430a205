"""The charts of a report: what arrives over time, and the use of checkpoints and vehicles."""

from __future__ import annotations

import numpy as np

from lull.domain.case import Case
from lull.domain.plan import Plan, Step, Stop
from lull.report import pictures as p
from lull.report.figures import Steps, people_over_time, people_through_gates, tonnes_over_time
from lull.report.use import FleetStrip, Strip, bin_of, checkpoint_strips, fleet_strips, span
from lull.report.words import count_of, percent, tonnes, whole

WIDTH = 760.0
LEFT = 62.0
RIGHT = 26.0
SUMS = 46.0
"""Room at the right of a strip for one figure."""


def moments(step: Step) -> tuple[int, int]:
    """When a step begins and when it ends."""
    return step.arrives, step.departs if isinstance(step, Stop) else step.leaves


def time_axis(case: Case, plan: Plan, left: float = LEFT, right: float = RIGHT) -> p.TimeAxis:
    """The axis over all that happens in a plan and its windows."""
    busy = [(w.opens, w.closes) for w in case.pause.windows]
    for day in plan.vehicles:
        for step in day.steps:
            # A vehicle that waits for the next window does nothing that is to be drawn.
            busy += [(minute, minute) for minute in moments(step)]
    busy.extend((party.departs, party.reaches) for party in plan.parties)
    if plan.vehicles or plan.parties:
        first, last = span(case, plan)
        busy = [(max(first, a), min(last, b)) for a, b in busy if b >= first and a <= last]
    return p.TimeAxis.over(busy, left, WIDTH - right)


def _windows(case: Case, axis: p.TimeAxis, y0: float, y1: float) -> str:
    return "".join(
        p.rect(axis.x(w.opens), y0, axis.x(w.closes) - axis.x(w.opens), y1 - y0, "window")
        for w in case.pause.windows
    )


def cumulative(
    case: Case, axis: p.TimeAxis, series: list[tuple[Steps, str]], bound: float, unit: str
) -> tuple[str, float]:
    """A chart of cumulative values against a bound: (body, height).

    `series` are (steps, class of the line); the first is filled and labelled at its end.
    """
    y0, y1 = 34.0, 214.0
    most = max([bound, *(steps[-1][1] for steps, _ in series if steps)], default=0.0)
    top = p.nice_ceiling(most)
    step = p.nice_step(most)

    def y_of(value: float) -> float:
        return y1 - (y1 - y0) * value / top

    ticks = [(step * i, y_of(step * i)) for i in range(round(top / step) + 1)]
    parts = [
        _windows(case, axis, y0, y1),
        p.values_axis(axis.x0, axis.x1, ticks, unit),
        p.hours_axis(axis, case.pause.clock, y0, y1),
    ]
    for steps, style in reversed(series):
        points = [(axis.x0, y_of(0)), *((axis.x(m), y_of(v)) for m, v in steps)]
        path = p.steps_path(points, axis.x1)
        if style.startswith("main"):
            area = f"{path}V{p.number(y1)}H{p.number(axis.x0)}Z"
            parts.append(f'<path d="{area}" class="area {style[5:]}"/>')
        parts.append(f'<path d="{path}" class="steps {style}"/>')
    if bound > 0:
        y = y_of(bound)
        parts.append(p.line(axis.x0, y, axis.x1, y, "bound"))
        shown = tonnes(bound) if unit == "tonnes" else whole(bound)
        words = f"no plan can move more than {shown}"
        parts.append(p.text(axis.x0 + 6, y - 5, words, style="label halo"))
    final = series[0][0][-1][1] if series[0][0] else 0.0
    shown = tonnes(final) if unit == "tonnes" else whole(final)
    room = y_of(final) - y_of(max(bound, final)) > 26 or bound <= 0
    below = -8 if room else 15
    parts.append(
        p.text(
            axis.x1 - 4,
            y_of(final) + below,
            f"this plan: {shown}",
            anchor="end",
            style="label halo strong",
        )
    )
    return "".join(parts), y1 + 34


def people_chart(case: Case, plan: Plan, bound: float) -> str:
    """Persons at their destination and through the gates over time, against the bound."""
    axis = time_axis(case, plan)
    arrived, gates = people_over_time(plan), people_through_gates(plan)
    body, height = cumulative(
        case, axis, [(arrived, "main people"), (gates, "second")], bound, "people"
    )
    final = arrived[-1][1] if arrived else 0
    return p.svg(
        WIDTH,
        height,
        "People at their destination over time",
        f"Rises to {whole(final)} people; no plan can move more than {whole(bound)}. The thin "
        "line counts people when they have passed the far gate. White is the time of the pause.",
        body,
        ident="c-people",
    )


def tonnes_chart(case: Case, plan: Plan, bound: float) -> str:
    """Tonnes delivered over time, against the bound."""
    axis = time_axis(case, plan)
    steps = tonnes_over_time(case, plan)
    body, height = cumulative(case, axis, [(steps, "main aid")], bound, "tonnes")
    final = steps[-1][1] if steps else 0.0
    return p.svg(
        WIDTH,
        height,
        "Tonnes delivered over time",
        f"Rises to {tonnes(final)} tonnes; no plan can move more than {tonnes(bound)}.",
        body,
        ident="c-tonnes",
    )


ROW = 34.0
NAMES = 210.0


def checkpoint_chart(case: Case, plan: Plan) -> str:
    """One strip a checkpoint and direction: share of its lanes or rate in use."""
    axis = time_axis(case, plan, NAMES, SUMS)
    strips = checkpoint_strips(case, plan)
    parts = [_windows(case, axis, 18, 18 + ROW * len(strips))]
    parts.append(p.hours_axis(axis, case.pause.clock, 18, 18 + ROW * len(strips)))
    parts.append(p.text(axis.x1 + 6, 13, "mean", style="tick"))
    for i, strip in enumerate(strips):
        base = 18 + ROW * (i + 1) - 5
        parts.append(_strip(strip, axis, base, ROW - 10))
    listed = "; ".join(f"{s.name} {s.way}: {percent(s.mean)} of the open time" for s in strips)
    return p.svg(
        WIDTH,
        18 + ROW * len(strips) + 34,
        "Use of the checkpoints",
        f"Bars of {bin_of(case)} minutes; the upper line of a strip is 100 %. {listed}.",
        "".join(parts),
        ident="c-checks",
    )


def _names(name: str, below: str, base: float, full: float) -> str:
    return p.text(NAMES - 10, base - full + 11, clipped(name, 27), anchor="end", style="label") + (
        p.text(NAMES - 10, base, clipped(below, 34), anchor="end", style="tick")
    )


def _strip(strip: Strip, axis: p.TimeAxis, base: float, full: float) -> str:
    xs = [axis.x(strip.starts + strip.bar * i) for i in range(len(strip.share) + 1)]
    heights = [full * min(1.0, float(s)) for s in strip.share]
    slots = [full * float(s) for s in strip.slots]
    return (
        _names(strip.name, ": ".join(filter(None, (strip.way, strip.limit))), base, full)
        + p.text(axis.x1 + 6, base - 3, percent(strip.mean), style="label")
        + p.line(axis.x0, base, axis.x1, base, "axis")
        + p.line(axis.x0, base - full, axis.x1, base - full, "full")
        + f'<path d="{p.bars_path(xs, heights, base)}" class="use"/>'
        + f'<path d="{p.bars_path(xs, slots, base)}" class="slots under"/>'
        + f'<path d="{p.bars_path(xs, slots, base)}" class="slots"/>'
    )


def fleet_chart(case: Case, plan: Plan) -> str:
    """One strip a vehicle type: away from base, and of those loaded, of all there are."""
    axis = time_axis(case, plan, NAMES, SUMS)
    strips = fleet_strips(case, plan)
    parts = [_windows(case, axis, 18, 18 + ROW * len(strips))]
    parts.append(p.hours_axis(axis, case.pause.clock, 18, 18 + ROW * len(strips)))
    parts.append(p.text(axis.x1 + 6, 13, "most", style="tick"))
    for i, strip in enumerate(strips):
        parts.append(_fleet_strip(strip, axis, 18 + ROW * (i + 1) - 5, ROW - 10))
    listed = "; ".join(f"{s.name}: at most {s.most:.0f} of {s.number}" for s in strips)
    return p.svg(
        WIDTH,
        18 + ROW * len(strips) + 34,
        "Vehicles away from base",
        f"Dark: loaded; hatched: empty or waiting; the upper line is all of the type. {listed}.",
        "".join(parts),
        ident="c-fleet",
    )


def _fleet_strip(strip: FleetStrip, axis: p.TimeAxis, base: float, full: float) -> str:
    xs = [axis.x(strip.starts + strip.bar * i) for i in range(len(strip.out) + 1)]
    away = full * np.minimum(1.0, strip.out / strip.number)
    loaded = full * np.minimum(1.0, strip.loaded / strip.number)
    limit = count_of(strip.number, "vehicle")
    return (
        _names(strip.name, limit, base, full)
        + p.text(axis.x1 + 6, base - 3, f"{strip.most:.0f}", style="label")
        + p.line(axis.x0, base, axis.x1, base, "axis")
        + p.line(axis.x0, base - full, axis.x1, base - full, "full")
        + f'<path d="{p.bars_path(xs, away.tolist(), base)}" class="away"/>'
        + f'<path d="{p.bars_path(xs, loaded.tolist(), base)}" class="use"/>'
    )


def clipped(words: str, most: int) -> str:
    """Words cut to a number of characters, with an ellipsis."""
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def bar(share: float, second: float = 0.0) -> str:
    """A small bar: a dark part and a hatched part of the whole, for a cell of a table."""
    first = 100 * min(1.0, max(0.0, share))
    more = 100 * min(1.0 - first / 100, max(0.0, second))
    return (
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="100" height="10" class="empty"/>'
        f'<rect width="{p.number(first)}" height="10" class="use"/>'
        f'<rect x="{p.number(first)}" width="{p.number(more)}" height="10" class="away"/></svg>'
    )
