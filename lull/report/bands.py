"""A quantity along an axis between what was found and what no plan exceeds; or lines beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attrs import frozen

from lull.report import pictures as p

WIDTH = 760.0
LEFT, RIGHT = 62.0, 90.0
Y0, Y1 = 40.0, 250.0
DASHES = ("", "7 3", "2 3", "9 3 2 3", "4 2", "1 2", "12 4", "6 2 2 2")


@frozen
class Edge:
    """One value of the axis: what was found, and what no plan there exceeds."""

    at: float
    found: float
    most: float


def _frame(
    xs: Sequence[float], top_value: float, axis: str, unit: str
) -> tuple[list[str], Callable[[float], float], Callable[[float], float]]:
    top = p.nice_ceiling(max(1e-9, top_value))
    first, last = min(xs), max(xs)
    wide = (last - first) or 1.0

    def x_of(value: float) -> float:
        return LEFT + (WIDTH - RIGHT - LEFT) * (value - first) / wide

    def y_of(value: float) -> float:
        return Y1 - (Y1 - Y0) * min(value, top) / top

    step = p.nice_step(top_value)
    ticks = [(step * i, y_of(step * i)) for i in range(round(top / step) + 1)]
    parts = [p.values_axis(LEFT, WIDTH - RIGHT, ticks, unit)]
    room = -100.0
    for value in xs:
        x = x_of(value)
        parts.append(p.line(x, Y1, x, Y1 + 4, "axis"))
        if x - room > 36:
            parts.append(p.text(x, Y1 + 17, f"{value:g}", anchor="middle", style="tick"))
            room = x
    parts.append(p.text(WIDTH - RIGHT + 16, Y1 + 17, axis, style="tick"))
    return parts, x_of, y_of


def band(
    edges: Sequence[Edge], title: str, axis: str, unit: str, shown: Callable[[float], str], *,
    ident: str, asked: float = 0.0, knee: float | None = None,
) -> str:
    """An SVG of the band: a thick line is found, a broken one the bound, hatched what lies between.
    """
    parts, x_of, y_of = _frame(
        [e.at for e in edges], max([asked, *(e.most for e in edges)]), axis, unit)
    low = " ".join(f"{p.number(x_of(e.at))},{p.number(y_of(e.found))}" for e in edges)
    high = " ".join(f"{p.number(x_of(e.at))},{p.number(y_of(e.most))}" for e in edges)
    back = " ".join(reversed(high.split()))
    parts.append(f'<polygon points="{low} {back}" class="away"/>')
    parts.append(f'<polyline points="{high}" class="steps bound"/>')
    parts.append(f'<polyline points="{low}" class="steps second" style="stroke-width:2.6"/>')
    for e in edges:
        parts.append(f'<circle cx="{p.number(x_of(e.at))}" cy="{p.number(y_of(e.found))}" r="3" '
                     'class="in-b"/>')
    if asked > 0:
        parts.append(p.line(LEFT, y_of(asked), WIDTH - RIGHT, y_of(asked), "full"))
        parts.append(p.text(LEFT + 4, y_of(asked) - 5, f"asked for: {shown(asked)}",
                            style="label halo"))
    for e in edges:
        if knee is not None and e.at == knee:
            x, y = x_of(e.at), y_of(e.found)
            parts.append(f'<circle cx="{p.number(x)}" cy="{p.number(y)}" r="8" class="ring"/>')
            parts.append(p.text(x + 11, y + 18, f"knee: {e.at:g}", style="label halo strong"))
    last = edges[-1]
    parts.append(p.text(WIDTH - RIGHT + 8, y_of(last.found) + 12, f"found {shown(last.found)}",
                        style="label"))
    if shown(last.most) != shown(last.found):
        parts.append(p.text(WIDTH - RIGHT + 8, y_of(last.most) - 3, f"most {shown(last.most)}",
                            style="label"))
    told = "; ".join(f"{e.at:g}: {shown(e.found)} found, at most {shown(e.most)}" for e in edges)
    return p.svg(WIDTH, Y1 + 28, title, told, "".join(parts), ident=ident)


def lines(
    of: Sequence[tuple[str, Sequence[Edge]]], title: str, axis: str, unit: str,
    shown: Callable[[float], str], *, ident: str,
) -> str:
    """An SVG of one line for each of several values of a second quantity, told apart by dashes."""
    edges = [e for _, some in of for e in some]
    parts, x_of, y_of = _frame(
        sorted({e.at for e in edges}), max(e.found for e in edges), axis, unit)
    for n, (name, some) in enumerate(of):
        path = " ".join(f"{p.number(x_of(e.at))},{p.number(y_of(e.found))}" for e in some)
        dash = DASHES[n % len(DASHES)]
        style = f' style="stroke-width:2;stroke-dasharray:{dash or "none"}"'
        parts.append(f'<polyline points="{path}" class="steps second"{style}/>')
        x = LEFT + 10 + n % 5 * 130
        y = 12 + 14 * (n // 5)
        parts.append(f'<line x1="{x:g}" y1="{y:g}" x2="{x + 34:g}" y2="{y:g}" class="steps second"'
                     f'{style}/>')
        parts.append(p.text(x + 40, y + 4, name, style="label"))
    told = "; ".join(f"{name}: " + ", ".join(f"{e.at:g}: {shown(e.found)}" for e in some)
                     for name, some in of)
    return p.svg(WIDTH, Y1 + 28, title, told, "".join(parts), ident=ident)
