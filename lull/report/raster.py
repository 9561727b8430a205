"""Pictures as PNG, for places that show no SVG: letters, slides, chats.

resvg draws the same SVG that stands in the page. Letters need a font that is installed; where there
is none nothing is drawn, as a chart without its figures would mislead.
"""

from __future__ import annotations

from functools import cache

import resvg_py

from lull.domain.refusal import Refusal

FAMILIES = ("Noto Sans", "DejaVu Sans", "Liberation Sans", "Segoe UI", "Helvetica", "Arial",
            "Noto Naskh Arabic", "FreeSans")
"""Fonts that are looked for, the first that is installed is taken; letters that it lacks come from
any other."""

SCALE = 2.0
"""Points of a PNG for each of the SVG's: enough for print at 15 cm."""

PROBE = ('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="24">'
         '{}</svg>')


class NoFont(Refusal):
    """No font is installed with which letters could be drawn."""

    def __init__(self) -> None:
        super().__init__(
            "No font is installed that a PNG could be drawn with, so there would be no figures on "
            "it. Install one, such as DejaVu Sans (Debian: fonts-dejavu-core), or take the SVG.")


def png_of(svg: str, *, scale: float = SCALE) -> bytes:
    """An SVG drawn on white, `scale` times its size; raises NoFont where letters would be missing.
    """
    family = _family() if "<text" in svg else FAMILIES[0]
    return _drawn(svg, family, scale)


def _drawn(svg: str, family: str, scale: float) -> bytes:
    return bytes(resvg_py.svg_to_bytes(
        svg_string=svg, background="white", zoom=scale, font_family=family,
        sans_serif_family=family))


@cache
def _family() -> str:
    """The first font that draws a letter."""
    nothing = _drawn(PROBE.format(""), FAMILIES[0], 1.0)
    for family in FAMILIES:
        letter = f'<text x="2" y="18" font-family="{family}">8</text>'
        if _drawn(PROBE.format(letter), family, 1.0) != nothing:
            return family
    raise NoFont
