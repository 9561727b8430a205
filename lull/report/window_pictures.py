"""Pictures of the shortest window: what is too short, not known and enough; the days of buses."""

from __future__ import annotations

from collections.abc import Sequence

from lull.report import pictures as p
from lull.report.told import Picture
from lull.report.words import whole

WIDTH = 760.0
LEFT, RIGHT = 20.0, 20.0
NAMES = 150.0
ROW = 16.0

MOST_BUSES = 80
"""Days that are drawn; a table has them all."""


def _scale(most: float, x0: float) -> tuple[float, float]:
    """The end of an axis from 0, in minutes, and units a minute."""
    top = max(1.0, p.nice_ceiling(most))
    return top, (WIDTH - RIGHT - x0) / top


def _ticks(top: float, most: float, x0: float, y0: float, y1: float) -> str:
    step = p.nice_step(most)
    drawn = []
    for i in range(round(top / step) + 1):
        x = x0 + step * i * (WIDTH - RIGHT - x0) / top
        drawn.append(p.line(x, y0, x, y1, "grid"))
        drawn.append(p.text(x, y1 + 14, whole(step * i), anchor="middle", style="tick"))
    return "".join(drawn)


def lengths(enough: int | None, low: int, tries: Sequence[tuple[int, bool]]) -> Picture:
    """A line of minutes: hatched where it is proven too short, dark where it is enough.

    `tries` are (minutes, whether a plan reached the aim) of lengths that were planned for.
    """
    last = max([low, enough or 0, *(minutes for minutes, _ in tries)])
    most = max(1.0, 1.15 * (enough or last))
    top, scale = _scale(most, LEFT)
    y0, y1 = 30.0, 62.0
    body = [_ticks(top, most, LEFT, y0, y1 + 8)]
    body.append(p.rect(LEFT, y0, low * scale, y1 - y0, "away"))
    body.append(p.line(LEFT + low * scale, y0 - 6, LEFT + low * scale, y1, "axis"))
    body.append(p.text(LEFT + low * scale, y0 - 10, f"fewer than {whole(low)} cannot be",
                       anchor="end" if low * scale > 200 else "start", style="label halo"))
    if enough is not None:
        x = LEFT + enough * scale
        body.append(p.rect(x, y0, WIDTH - RIGHT - x, y1 - y0, "use"))
        body.append(p.text(x + 4, y1 + 34, f"{whole(enough)} are enough",
                           anchor="end" if x > WIDTH - 150 else "start", style="label strong"))
    body.append(p.line(LEFT, y1, WIDTH - RIGHT, y1, "axis"))
    for minutes, reached in tries:
        if minutes <= top:
            x = LEFT + minutes * scale
            body.append(p.line(x, y1, x, y1 + (8 if reached else 4), "axis"))
    words = "none was found that is enough" if enough is None else f"{whole(enough)} are enough"
    svg = p.svg(WIDTH, y1 + 44, "Length of the window in minutes",
                f"Fewer than {whole(low)} minutes cannot be; {words}.", "".join(body),
                ident="q-lengths")
    return Picture("lengths", svg, "Length of the window",
                   "Minutes. Hatched: proven too short. White: nothing is claimed. Dark: enough. "
                   "Marks below the line: lengths that were planned for.")


def bus_days(days: Sequence[tuple[str, Sequence[tuple[int, int]]]], most: int) -> Picture:
    """One strip a bus: dark while it carries people, hatched on its way to them.

    `days` are (name, [(minute it comes to the people, minute they are set down), …]).
    """
    shown = days[:MOST_BUSES]
    top, scale = _scale(max(1, most), NAMES)
    y0 = 12.0
    y1 = y0 + ROW * len(shown)
    body = [_ticks(top, max(1, most), NAMES, y0, y1)]
    for i, (name, trips) in enumerate(shown):
        y = y0 + ROW * i + 3
        body.append(p.text(NAMES - 8, y + ROW - 7, name[:22], anchor="end", style="tick"))
        left = 0
        for comes, down in trips:
            x = NAMES + left * scale
            body.append(p.rect(x, y, (comes - left) * scale, ROW - 6, "away"))
            body.append(p.rect(NAMES + comes * scale, y, (down - comes) * scale, ROW - 6, "use"))
            left = down
    x = NAMES + most * scale
    body.append(p.line(x, y0 - 4, x, y1, "bound"))
    svg = p.svg(WIDTH, y1 + 24, "The days of the buses",
                f"{len(shown)} of {len(days)} buses; the last people are set down after "
                f"{whole(most)} minutes.", "".join(body), ident="q-buses")
    more = f" The first {len(shown)} of {len(days)}." if len(days) > len(shown) else ""
    return Picture("buses", svg, "The days of the buses",
                   "Minutes since the window opens. Dark: with people. Hatched: on the way to them."
                   f"{more}")
