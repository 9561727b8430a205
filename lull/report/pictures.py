"""Pieces of a chart as SVG text: time axes, steps, bars, patterns. Readable in black and white."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from attrs import frozen

from lull.domain.time import Clock
from lull.report.words import whole, xml

INK = "#1a1a1a"
SOFT = "#5c5c5c"
FAINT = "#d9d6cf"
PEOPLE = "#1f3a5f"
PATIENTS = "#a3262a"
AID = "#8a5a00"

GAP_KEPT = 120
"""Minutes of nothing that an axis still draws; longer ones are cut out and marked."""

CUT_WIDTH = 26.0

TICKS_APART = 42.0
"""Least distance between two times under an axis, in units: the width of one."""


def number(value: float) -> str:
    """A coordinate with at most one decimal, as short as it can be."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


@frozen
class TimeAxis:
    """Minutes to x, over the spells in which anything happens; long gaps are cut out.

    `spells` are (from, to) in minutes, `x0` and `x1` the ends in units of the picture.
    """

    spells: tuple[tuple[int, int], ...]
    x0: float
    x1: float

    @classmethod
    def over(cls, busy: Iterable[tuple[int, int]], x0: float, x1: float) -> TimeAxis:
        """An axis over all (from, to), joined where the gap between them is short."""
        merged: list[tuple[int, int]] = []
        for start, end in sorted(busy):
            if merged and start - merged[-1][1] <= GAP_KEPT:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        if not merged:
            merged = [(0, 60)]
        rounded = tuple((s // 30 * 30, -(-e // 30) * 30) for s, e in merged)
        return cls(rounded, x0, x1)

    @property
    def _scale(self) -> float:
        width = self.x1 - self.x0 - CUT_WIDTH * (len(self.spells) - 1)
        return width / max(1, sum(e - s for s, e in self.spells))

    def x(self, minute: float) -> float:
        """Where a minute lies; what falls into a cut lies at its left edge."""
        at = self.x0
        for start, end in self.spells:
            if minute <= end:
                return at + max(0.0, minute - start) * self._scale
            at += (end - start) * self._scale + CUT_WIDTH
        return self.x1

    def ticks(self) -> list[int]:
        """Minutes of whole hours, no more than fit."""
        steps = (60, 120, 180, 360, 720)
        step = next((h for h in steps if h * self._scale >= TICKS_APART), 1440)
        return [m for s, e in self.spells for m in range(-(-s // step) * step, e + 1, step)]

    def cuts(self) -> list[float]:
        """The middle of each cut."""
        return [self.x(end) + CUT_WIDTH / 2 for _, end in self.spells[:-1]]


def text(x: float, y: float, words: str, *, anchor: str = "start", style: str = "") -> str:
    """A line of text; `style` is a class or classes of the page's style sheet."""
    attributes = f' text-anchor="{anchor}"' if anchor != "start" else ""
    attributes += f' class="{style}"' if style else ""
    return f'<text x="{number(x)}" y="{number(y)}"{attributes}>{xml(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    """A straight line."""
    ends = zip(("x1", "y1", "x2", "y2"), (x1, y1, x2, y2), strict=True)
    return "<line " + " ".join(f'{k}="{number(v)}"' for k, v in ends) + f' class="{style}"/>'


def rect(x: float, y: float, width: float, height: float, style: str) -> str:
    """A rectangle."""
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(max(0.0, width))}" '
        f'height="{number(max(0.0, height))}" class="{style}"/>'
    )


def steps_path(points: Sequence[tuple[float, float]], last_x: float) -> str:
    """The path of a step line through (x, y), each value held until the next x."""
    if not points:
        return ""
    parts = [f"M{number(points[0][0])} {number(points[0][1])}"]
    for x, y in points[1:]:
        parts.append(f"H{number(x)}V{number(y)}")
    parts.append(f"H{number(last_x)}")
    return "".join(parts)


def bars_path(xs: Sequence[float], heights: Sequence[float], base: float) -> str:
    """The outline of adjoining bars between the edges `xs` (one more than `heights`)."""
    parts = []
    open_at = False
    for (left, right), height in zip(pairwise(xs), heights, strict=True):
        if height <= 0.05:
            if open_at:
                parts.append(f"V{number(base)}")
            open_at = False
            continue
        if not open_at:
            parts.append(f"M{number(left)} {number(base)}")
        parts.append(f"V{number(base - height)}H{number(right)}")
        open_at = True
    if open_at:
        parts.append(f"V{number(base)}")
    return "".join(parts)


def nice_ceiling(value: float) -> float:
    """The least of 1, 2, 2.5, 5 × 10ⁿ steps that holds a value with at most five ticks."""
    return nice_step(value) * max(1, -(-value // nice_step(value)))


def nice_step(value: float) -> float:
    """A round distance between ticks so that about four reach a value."""
    if value <= 0:
        return 1.0
    raw = value / 4
    power = 10.0 ** len(str(int(raw))) / 10 if raw >= 1 else 0.1
    return next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw - 1e-9)


def hours_axis(axis: TimeAxis, clock: Clock, y0: float, y1: float) -> str:
    """Hour lines from y0 to y1 with the local time under them; cut marks; days where several."""
    parts = []
    before = None
    for minute in axis.ticks():
        x = axis.x(minute)
        at = clock.local(minute)
        parts.append(line(x, y0, x, y1, "grid"))
        parts.append(text(x, y1 + 14, f"{at:%H:%M}", anchor="middle", style="tick"))
        if at.date() != before:
            parts.append(text(x, y1 + 28, f"{at.day} {at:%b}", anchor="middle", style="tick"))
            before = at.date()
    for x in axis.cuts():
        parts.append(text(x, y1 + 4, "//", anchor="middle", style="tick"))
        parts.append(line(x, y0, x, y1 - 8, "cut"))
    return "".join(parts)


def values_axis(x0: float, x1: float, y_of: Sequence[tuple[float, float]], unit: str) -> str:
    """Value lines with their figures at the left; `y_of` are (value, y)."""
    parts = []
    for value, y in y_of:
        parts.append(line(x0, y, x1, y, "grid"))
        words = whole(value) if value == round(value) else f"{value:g}"
        parts.append(text(x0 - 6, y + 4, words, anchor="end", style="tick"))
    top = min(y for _, y in y_of)
    parts.append(text(x0 - 6, top - 10, unit, anchor="end", style="tick"))
    return "".join(parts)


def svg(width: float, height: float, title: str, description: str, body: str, *, ident: str) -> str:
    """A whole picture with a title and a description for who does not see it."""
    return (
        f'<svg viewBox="0 0 {number(width)} {number(height)}" role="img" '
        f'aria-labelledby="{ident}-t {ident}-d" xmlns="http://www.w3.org/2000/svg" '
        f'style="min-width:min({number(width)}px,44rem)">'
        f'<title id="{ident}-t">{xml(title)}</title>'
        f'<desc id="{ident}-d">{xml(description)}</desc>{body}</svg>'
    )


PATTERNS = (
    '<svg width="0" height="0" class="defs" aria-hidden="true" focusable="false"><defs>'
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/>'
    '<rect width="2.2" height="6" fill="#5c5c5c"/></pattern>'
    '<pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect width="6" height="6" fill="#fff"/><circle cx="3" cy="3" r="1.3" fill="#5c5c5c"/>'
    "</pattern>"
    "</defs></svg>"
)
"""Fills that differ without colour; once a page."""
