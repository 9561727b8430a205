"""The old and the new plan of a day, one row a corridor and direction, convoys as marks in time."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from lull.domain.time import Clock
from lull.report import pictures as p

WIDTH = 760.0
NAMES = 190.0
ROW = 46.0


@frozen
class Mark:
    """A convoy in a row: what becomes of it, when it was to start and when it starts now."""

    row: str
    what: str
    old: int | None
    new: int | None


def changed(marks: Sequence[Mark], now: int, clock: Clock, *, ident: str) -> str:
    """An SVG: above in each row the old plan, below the new one; a cross is cancelled, an open
    square new or moved, a full one kept; a line joins the two times of one convoy."""
    rows = list(dict.fromkeys(m.row for m in marks))
    minutes = [x for m in marks for x in (m.old, m.new) if x is not None]
    axis = p.TimeAxis.over([(min([now, *minutes]), max([now, *minutes]))], NAMES, WIDTH - 20)
    y0, y1 = 34.0, 34.0 + ROW * len(rows)
    parts = [p.hours_axis(axis, clock, y0, y1), _key(),
             p.line(axis.x(now), y0 - 4, axis.x(now), y1, "bound"),
             p.text(axis.x(now) + 4, y0 - 6, f"now, {clock.hhmm(now)}", style="label strong")]
    for i, row in enumerate(rows):
        top = y0 + ROW * i
        parts.append(p.text(NAMES - 10, top + 20, row[:30], anchor="end", style="label"))
        parts.append(p.text(NAMES - 10, top + 35, "old above, new below", anchor="end",
                            style="tick"))
        parts.append(p.line(NAMES, top + ROW, WIDTH - 20, top + ROW, "grid"))
        parts += [_mark(m, axis, top) for m in marks if m.row == row]
    told = "; ".join(
        f"{m.row}: {m.what}" + (f" {clock.hhmm(m.old)}" if m.old is not None else "")
        + (f" to {clock.hhmm(m.new)}" if m.new is not None and m.new != m.old else "")
        for m in marks)
    return p.svg(WIDTH, y1 + 34, "What is different", told, "".join(parts), ident=ident)


def _mark(m: Mark, axis: p.TimeAxis, top: float) -> str:
    parts = []
    above, below = top + 14, top + 34
    if m.old is not None and m.new is not None:
        parts.append(p.line(axis.x(m.old), above, axis.x(m.new), below, "leader"))
    if m.old is not None:
        parts.append(_cross(axis.x(m.old), above) if m.new is None
                     else _square(axis.x(m.old), above, full=True))
    if m.new is not None:
        parts.append(_square(axis.x(m.new), below, full=m.what == "kept"))
    return "".join(parts)


def _square(x: float, y: float, *, full: bool) -> str:
    return p.rect(x - 4, y - 4, 8, 8, "in-b" if full else "in-a")


def _cross(x: float, y: float) -> str:
    return p.line(x - 4, y - 4, x + 4, y + 4, "axis") + p.line(x - 4, y + 4, x + 4, y - 4, "axis")


def _key() -> str:
    parts, at = [], NAMES
    for mark, words in ((_square(0, 8, full=True), "as it was"), (_cross(0, 8), "cancelled"),
                        (_square(0, 8, full=False), "new, or another time or corridor")):
        parts.append(f'<g transform="translate({p.number(at + 6)} 0)">{mark}'
                     f'{p.text(12, 12, words, style="label")}</g>')
        at += 50 + 6.4 * len(words)
    return "".join(parts)
