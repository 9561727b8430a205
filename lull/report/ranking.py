"""What is found, what is proven and what is possible, one bar a row, the greatest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attrs import frozen

from lull.report import pictures as p

WIDTH = 760.0
NAMES = 330.0
FIGURES = 70.0
ROW = 24.0
LONGEST_NAME = 47


@frozen
class Bar:
    """One row: what was found, of it proven (`least`), and what no plan exceeds (`most`)."""

    name: str
    found: float
    least: float
    most: float


def ranking(
    rows: Sequence[Bar], title: str, unit: str, shown: Callable[[float], str], *, ident: str,
) -> str:
    """An SVG of bars in the order given: dark is proven, hatched found, a thin line up to the most.
    """
    top = p.nice_ceiling(max([1e-9, *(max(r.found, r.most) for r in rows)]))
    y0, y1 = 40.0, 40.0 + ROW * len(rows)
    left, right = NAMES, WIDTH - FIGURES

    def x(value: float) -> float:
        return left + (right - left) * max(0.0, value) / top

    parts, step = [_key()], p.nice_step(top)
    for i in range(round(top / step) + 1):
        at = x(step * i)
        parts.append(p.line(at, y0 - 4, at, y1, "grid"))
        parts.append(p.text(at, y1 + 14, shown(step * i), anchor="middle", style="tick"))
    parts.append(p.text(right + 22, y1 + 14, unit, style="tick"))
    for i, row in enumerate(rows):
        y = y0 + ROW * i + 4
        long = len(row.name) > LONGEST_NAME
        name = row.name[: LONGEST_NAME - 1].rstrip() + "…" if long else row.name
        parts += [
            p.text(left - 10, y + 12, name, anchor="end", style="label"),
            p.line(x(row.found), y + 8, x(row.most), y + 8, "axis"),
            p.line(x(row.most), y + 3, x(row.most), y + 13, "axis"),
            p.rect(left, y, x(row.found) - left, 16, "away framed"),
            p.rect(left, y, x(row.least) - left, 16, "use"),
            p.text(right + 10, y + 12, shown(row.found), style="label"),
        ]
    told = "; ".join(f"{r.name}: {shown(r.found)} found, at least {shown(r.least)} and at most "
                     f"{shown(r.most)}" for r in rows)
    return p.svg(WIDTH, y1 + 24, title, told, "".join(parts), ident=ident)


def _key() -> str:
    return "".join((
        p.rect(NAMES, 8, 22, 12, "use"), p.text(NAMES + 28, 18, "proven", style="label"),
        p.rect(NAMES + 92, 8, 22, 12, "away framed"),
        p.text(NAMES + 120, 18, "found by a plan", style="label"),
        p.line(NAMES + 226, 14, NAMES + 250, 14, "axis"),
        p.line(NAMES + 250, 9, NAMES + 250, 19, "axis"),
        p.text(NAMES + 258, 18, "no plan brings more", style="label"),
    ))
