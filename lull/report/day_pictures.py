"""Pictures of the day under uncertainty: the fan of people out, a tornado, what causes cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from attrs import frozen

from lull.domain.time import Clock
from lull.report import pictures as p
from lull.report.told import Picture
from lull.report.words import whole

WIDTH = 760.0
LEFT, RIGHT = 62.0, 26.0
TOP, BOTTOM = 34.0, 244.0
NAMES = 250.0
BAR_ROW = 24.0
SIDES = 64.0
"""Room at both ends of a tornado for a figure."""


@frozen
class Curves:
    """People at their destination by each of `minutes`, and how many the plan and the days bring.
    """

    minutes: Sequence[int]
    planned: Sequence[int]
    low: Sequence[int]
    middle: Sequence[int]
    high: Sequence[int]


def fan(curves: Curves, windows: Sequence[tuple[int, int]], clock: Clock) -> Picture:
    """The plan's line over the band of the middle eight of ten days, and their median."""
    first = min([curves.minutes[0], *(a for a, _ in windows)])
    last = max([curves.minutes[-1], *(b for _, b in windows)])
    axis = p.TimeAxis.over([(first, last)], LEFT, WIDTH - RIGHT)
    most = float(max(curves.planned[-1], curves.high[-1], 1))
    top, step = p.nice_ceiling(most), p.nice_step(most)

    def y_of(value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * value / top

    def along(values: Sequence[int]) -> list[tuple[float, float]]:
        return [(axis.x(first), y_of(0)),
                *((axis.x(m), y_of(v)) for m, v in zip(curves.minutes, values, strict=True))]

    ticks = [(step * i, y_of(step * i)) for i in range(round(top / step) + 1)]
    body = [p.rect(axis.x(a), TOP, axis.x(b) - axis.x(a), BOTTOM - TOP, "window")
            for a, b in windows]
    body.append(p.values_axis(axis.x0, axis.x1, ticks, "people"))
    body.append(p.hours_axis(axis, clock, TOP, BOTTOM))
    band = [*along(curves.high), *reversed(along(curves.low))]
    body.append(f'<path d="{_path(band)}Z" class="away"/>')
    body.append(f'<path d="{_path(along(curves.middle))}" class="steps second"/>')
    body.append(f'<path d="{_path(along(curves.planned))}" class="bound thick"/>')
    body.append(_end(axis, y_of(curves.planned[-1]) - 7, f"plan: {whole(curves.planned[-1])}"))
    body.append(_end(axis, y_of(curves.low[-1]) + 15,
                     f"days: {whole(curves.low[-1])} to {whole(curves.high[-1])}"))
    svg = p.svg(
        WIDTH, BOTTOM + 34, "People at their destination over the day",
        f"The plan reaches {whole(curves.planned[-1])}; of ten days one ends below "
        f"{whole(curves.low[-1])} and one above {whole(curves.high[-1])}.",
        "".join(body), ident="q-fan")
    return Picture(
        "fan", svg, "People at their destination over the day",
        "Dashed: the plan. Hatched: between P10 and P90 of the days. Thin: their middle (P50). "
        "Shaded: the pause. Local time.")


def _path(points: Sequence[tuple[float, float]]) -> str:
    at = [f"{p.number(x)} {p.number(y)}" for x, y in points]
    return "M" + "L".join(at)


def _end(axis: p.TimeAxis, y: float, words: str) -> str:
    return p.text(axis.x1 - 4, y, words, anchor="end", style="label halo strong")


@frozen
class Bar:
    """One input of a tornado: its name, what low and high are, and the headline at each."""

    name: str
    low_words: str
    high_words: str
    at_low: float
    at_high: float


def tornado(bars: Sequence[Bar], base: float, unit: str, most_bars: int = 20) -> Picture:
    """Bars from the headline at an input's low to that at its high, the widest first.

    Dark is the end of the high value, hatched that of the low, so that both can be told apart in
    black and white.
    """
    shown = bars[:most_bars]
    ends = [base, *(v for bar in shown for v in (bar.at_low, bar.at_high))]
    low, high = min(ends), max(ends)
    room = max(high - low, 1e-9)
    x0, x1 = NAMES + SIDES, WIDTH - SIDES

    def x_of(value: float) -> float:
        return x0 + (x1 - x0) * (value - low) / room

    y1 = TOP + BAR_ROW * len(shown)
    body = [p.line(x_of(base), TOP - 6, x_of(base), y1, "axis"),
            p.text(x_of(base), TOP - 12, f"{whole(base)} {unit}", anchor="middle",
                   style="label strong")]
    for n, bar in enumerate(shown):
        y = TOP + BAR_ROW * n + 4
        body.append(p.text(NAMES - 8, y + 11, bar.name[:40], anchor="end", style="label"))
        body += _ends(bar, base, y, x_of)
    widest = "; ".join(f"{bar.name}: {whole(bar.at_low)} to {whole(bar.at_high)}"
                       for bar in shown[:3])
    svg = p.svg(WIDTH, y1 + 12, "What the headline turns on", f"{widest}.", "".join(body),
                ident="q-tornado")
    more = f" The first {len(shown)} of {len(bars)}." if len(bars) > len(shown) else ""
    return Picture("tornado", svg, "What the headline turns on",
                   f"Dark: at the high value of an input. Hatched: at its low value.{more}")


def _ends(bar: Bar, base: float, y: float, x_of: Callable[[float], float]) -> list[str]:
    """Both bars of an input; where both lie on one side, one above the other, the longer named."""
    low, high = bar.at_low - base, bar.at_high - base
    full = BAR_ROW - 8
    one_side = low * high > 0
    height = full / 2 if one_side else full
    body = []
    for value, style, top in ((bar.at_low, "away", y),
                              (bar.at_high, "use", y + full / 2 if one_side else y)):
        left, right = sorted((x_of(base), x_of(value)))
        body.append(p.rect(left, top, right - left, height, style))
    for change, words in ((low, bar.low_words), (high, bar.high_words)):
        longer = abs(change) >= max(abs(low), abs(high))
        if change and (longer or not one_side):
            x = x_of(base + change) + (-4 if change < 0 else 4)
            body.append(p.text(x, y + 11, words, anchor="end" if change < 0 else "start",
                               style="tick halo"))
    return body


def costs(rows: Sequence[tuple[str, float]], unit: str) -> Picture:
    """What each source costs: bars from nothing, the longest first; below 0 it is a gain."""
    low = min([0.0, *(value for _, value in rows)])
    high = max([1e-9, *(value for _, value in rows)])
    x0, x1 = NAMES, WIDTH - SIDES

    def x_of(value: float) -> float:
        return x0 + (x1 - x0) * (value - low) / (high - low)

    y1 = 14 + BAR_ROW * len(rows)
    body = [p.line(x_of(0), 10, x_of(0), y1, "axis")]
    for n, (name, value) in enumerate(rows):
        y = 14 + BAR_ROW * n + 4
        left, right = sorted((x_of(0), x_of(value)))
        body.append(p.text(NAMES - 8, y + 11, name, anchor="end", style="label"))
        body.append(p.rect(left, y, right - left, BAR_ROW - 8, "use"))
        body.append(p.text(right + 5, y + 11, whole(value), style="label"))
    falls = all(a >= b for (_, a), (_, b) in pairwise(rows))
    order = "the costliest first" if falls else "in the order given"
    svg = p.svg(WIDTH, y1 + 10, f"What each source of delay costs, in {unit}", f"{order}.",
                "".join(body), ident="q-costs")
    return Picture("causes", svg, "What each source of delay costs",
                   f"Fewer {unit} in the mean with the source than without it, on the same days.")
