"""Two figures a row on one scale: an open circle for A, a full one for B, a line between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attrs import frozen

from lull.report import pictures as p

WIDTH = 760.0
NAMES = 190.0
FIGURES = 150.0
ROW = 22.0
DOT = 5.0
MOST_ROWS = 40
"""Rows that a picture holds; the table beside it has them all."""


@frozen
class Pair:
    """One row: a name, its figure in A and in B; `full` is what is asked for (None: not drawn)."""

    name: str
    a: float
    b: float
    full: float | None = None


def side_by_side(
    rows: Sequence[Pair], title: str, unit: str, shown: Callable[[float], str], *, ident: str,
) -> str:
    """An SVG of rows from the greatest gain in B to the greatest loss.

    Where B has more the line is thick and whole, where it has less thick and broken, so that it
    reads in black and white. `shown` puts a figure into words.
    """
    order = sorted(rows, key=lambda r: (-(r.b - r.a), r.name))
    if len(order) > MOST_ROWS:
        order = [*order[: MOST_ROWS // 2], *order[-(MOST_ROWS // 2):]]
    top = p.nice_ceiling(max([1e-9, *(max(r.a, r.b, r.full or 0.0) for r in order)]))
    y0, y1 = 52.0, 52.0 + ROW * len(order)
    left, right = NAMES, WIDTH - FIGURES

    def x(value: float) -> float:
        return left + (right - left) * value / top

    step = p.nice_step(top)
    parts = [_key(left)]
    for i in range(round(top / step) + 1):
        at = x(step * i)
        parts.append(p.line(at, y0 - 4, at, y1, "grid"))
        parts.append(p.text(at, y1 + 14, shown(step * i), anchor="middle", style="tick"))
    parts.append(p.text(right + 22, y1 + 14, unit, style="tick"))
    for i, row in enumerate(order):
        parts.append(_row(row, x, y0 + ROW * (i + 0.5), right, shown))
    told = "; ".join(f"{r.name}: {shown(r.a)} in A, {shown(r.b)} in B" for r in order)
    return p.svg(WIDTH, y1 + 24, title, told, "".join(parts), ident=ident)


def _row(row: Pair, x: Callable[[float], float], y: float, right: float,
         shown: Callable[[float], str]) -> str:
    more = row.b - row.a
    sign = "+" if more > 0 else "−" if more < 0 else "±"
    words = f"{shown(row.a)} → {shown(row.b)} ({sign}{shown(abs(more))})"
    name = row.name if len(row.name) <= 28 else row.name[:27].rstrip() + "…"
    parts = [p.text(NAMES - 12, y + 4, name, anchor="end", style="label")]
    if row.full is not None:
        parts.append(p.line(x(row.full), y - 6, x(row.full), y + 6, "asked"))
    if more:
        style = "gain" if more > 0 else "loss"
        parts.append(p.line(x(row.a), y, x(row.b), y, style))
    parts.append(f'<circle cx="{p.number(x(row.b))}" cy="{p.number(y)}" r="{DOT:g}" class="in-b"/>')
    parts.append(
        f'<circle cx="{p.number(x(row.a))}" cy="{p.number(y)}" r="{DOT:g}" class="in-a"/>')
    parts.append(p.text(right + 10, y + 4, words, style="label"))
    return "".join(parts)


def _key(left: float) -> str:
    """What the marks mean."""
    y = 16.0
    marks = (
        (f'<circle cx="0" cy="{y - 4:g}" r="{DOT:g}" class="in-a"/>', "A"),
        (f'<circle cx="0" cy="{y - 4:g}" r="{DOT:g}" class="in-b"/>', "B"),
        (p.line(-8, y - 4, 8, y - 4, "gain"), "more in B"),
        (p.line(-8, y - 4, 8, y - 4, "loss"), "less in B"),
        (p.line(0, y - 10, 0, y + 2, "asked"), "all that is asked for"),
    )
    parts, at = [], left + 8
    for mark, words in marks:
        parts.append(f'<g transform="translate({p.number(at)} 0)">{mark}'
                     f'{p.text(14, y, words, style="label")}</g>')
        at += 40 + 6.5 * len(words)
    return "".join(parts)
