"""The map of a pause: a picture drawn here, and a table of all that stands on it.

Both hold only what their reader may see. Where the browser can, a map that moves takes the place of
the picture; the table stays.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from attrs import frozen
from django.http import HttpResponse, JsonResponse

from lull.report.geometry import WIDTH, View
from lull.web.pages.assets import has_map_library
from lull.web.pages.chart_style import drawing
from lull.web.pages.chart_tiles import shown_to
from lull.web.pages.looks import LOOKS, Look, key_of
from lull.web.pages.places import Feature, features, geojson, laid
from lull.web.pages.policy import with_policy
from lull.web.pages.visit import Visit, in_pause_or_public


@frozen
class Drawn:
    """A feature in units of the picture."""

    of: Feature
    points: tuple[tuple[float, float], ...]
    lines: tuple[tuple[tuple[float, float], ...], ...] = ()

    @property
    def path(self) -> str:
        """Its way as an SVG path."""
        return " ".join("M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in line) for line in self.lines)

    @property
    def look(self) -> Look:
        """How it looks."""
        return LOOKS[self.of.look]

    @property
    def crosses(self) -> tuple[tuple[float, float], ...]:
        """Where crosses stand along a way that is closed: in the middle of each stretch."""
        if not (self.of.is_shut and self.of.is_way):
            return ()
        return tuple(((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
                     for line in self.lines for a, b in pairwise(line))


@frozen
class Picture:
    """All features in units, with the length of a scale bar."""

    height: float
    drawn: tuple[Drawn, ...]
    bar_units: float
    bar_m: int


@in_pause_or_public
def chart(visit: Visit) -> HttpResponse:
    """Where things are."""
    found = _all(visit)
    return visit.show(
        "chart.html", features=found, picture=picture(found) if found else None,
        key=key_of((one.look, one.is_way) for one in found), any_shut=any(f.is_shut for f in found),
        moves=has_map_library() and bool(found or shown_to(visit.room)))


@in_pause_or_public
def chart_data(visit: Visit) -> HttpResponse:
    """What is on the map, for a map that moves: the same as in the table, and how it is drawn."""
    found = _all(visit)
    visit.room.note_shown()
    links = {one.number: visit.link("thing", one.kind, one.link[1]) if one.link[0] == "thing"
             else visit.link(*one.link) for one in found}
    tiles = visit.link("chart_tile", 0, 0, 0).removesuffix("0/0/0") + "{z}/{x}/{y}"
    made = {**geojson(found), "drawing": drawing(shown_to(visit.room), tiles, found, links,
                                                 visit.language.direction)}
    return with_policy(JsonResponse(made, json_dumps_params={"ensure_ascii": False}))


def _all(visit: Visit) -> tuple[Feature, ...]:
    """What entries tell, and then what a folder plans, for those who may read it."""
    said = features(visit.room)
    return (*said, *laid(visit.room, len(said)))


def picture(found: tuple[Feature, ...]) -> Picture:
    """Features laid out on a picture that holds all of them."""
    view = View.on(np.array([at for f in found for at in (
        *((s.latitude_deg, s.longitude_deg) for s in f.spots),
        *((lat, lon) for line in f.lines for lon, lat in line))]))

    def units(at: list[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
        return tuple((float(x), float(y)) for x, y in view.units(np.array(at)))

    drawn = [Drawn(one, units([(s.latitude_deg, s.longitude_deg) for s in one.spots]),
                   tuple(units([(lat, lon) for lon, lat in line]) for line in one.lines))
             for one in found]
    bar_m = _round_length(WIDTH / 5 * view.metres_a_unit)
    return Picture(view.height, tuple(drawn), bar_m / view.metres_a_unit, bar_m)


def _round_length(metres: float) -> int:
    """The longest of 1, 2 or 5 times a power of ten metres that is not longer."""
    power = 10 ** int(np.floor(np.log10(max(metres, 1))))
    return int(max(step * power for step in (1, 2, 5) if step * power <= max(metres, 1)))
