"""The map that moves: its style and its words, made here for the library that draws it.

The style is that of the MapLibre Style Specification (version 8). Letters are drawn by the browser
from its own fonts, so that no server of glyphs is needed and Arabic is joined. What is in a popup
comes as pairs of a label and what it says, in the language of the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from lull.exchange.street_tiles import ATTRIBUTION, LAYER
from lull.web.pages.chart_tiles import Shown
from lull.web.pages.looks import GROUND, INK, LOOKS, PAPER, RED, STREET, STREET_NAME, Look
from lull.web.pages.places import Feature, Spot
from lull.web.pages.words import word

FONTS = ["Noto Sans", "DejaVu Sans", "sans-serif"]
STREET_WIDTHS = {1: (1.5, 9), 2: (1.2, 8), 3: (1, 7), 4: (0.8, 6), 5: (0.4, 5), 6: (0.3, 3)}
"""Pixels of a street by rank, at the zooms 9 and 17."""
WITH_FUNCTION = ("notification", "site")
CROSS = "✕"
WAYS = ["==", ["geometry-type"], "LineString"]
POINTS = ["==", ["geometry-type"], "Point"]


def style(streets: Shown | None, tiles: str) -> dict[str, Any]:
    """The style without what stands on it; `tiles` is the address of a tile of the streets."""
    sources: dict[str, Any] = {"places": {
        "type": "geojson", "data": {"type": "FeatureCollection", "features": []}}}
    layers: list[dict[str, Any]] = [
        {"id": "ground", "type": "background", "paint": {"background-color": GROUND}}]
    if streets:
        box = streets.bounds
        sources["streets"] = {
            "type": "vector", "tiles": [tiles], "attribution": ATTRIBUTION,
            "minzoom": streets.zooms[0], "maxzoom": streets.zooms[1],
            "bounds": [box.west, box.south, box.east, box.north]}
        layers += _street_layers()
    for name, look in LOOKS.items():
        layers += _way_layers(name, look)
    return {"version": 8, "sources": sources, "layers": [*layers, _crosses(), _points()]}


def _street_layers() -> list[dict[str, Any]]:
    drawn = [_on_streets(
        f"streets-{rank}", "line", filter=["==", ["get", "rank"], rank],
        layout={"line-cap": "round", "line-join": "round"},
        paint={"line-color": STREET, "line-width": [
            "interpolate", ["exponential", 1.5], ["zoom"], 9, far, 17, near]},
    ) for rank, (far, near) in sorted(STREET_WIDTHS.items(), reverse=True)]
    names = _on_streets(
        "street-names", "symbol", filter=["has", "name"], minzoom=13,
        layout={"symbol-placement": "line", "text-field": ["get", "name"], "text-font": FONTS,
                "text-size": 11},
        paint={"text-color": STREET_NAME, "text-halo-color": GROUND, "text-halo-width": 1.5})
    return [*drawn, names]


def _on_streets(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "type": kind, "source": "streets", "source-layer": LAYER, **more}


def _way_layers(name: str, look: Look) -> list[dict[str, Any]]:
    """A way of one look, on a white edge, so that it stands apart from the streets."""
    here = ["all", WAYS, ["==", ["get", "look"], name]]
    line: dict[str, Any] = {"line-color": ["case", ["get", "shut"], RED, look.colour],
                            "line-width": look.width}
    if look.dash:
        line["line-dasharray"] = list(look.dash)
    return [
        {"id": f"{name}-edge", "type": "line", "source": "places", "filter": here,
         "layout": {"line-join": "round"},
         "paint": {"line-color": PAPER, "line-width": look.width + 4}},
        {"id": name, "type": "line", "source": "places", "filter": here,
         "layout": {"line-join": "round"}, "paint": line},
    ]


def _crosses() -> dict[str, Any]:
    """Crosses along what is closed."""
    return {
        "id": "shut", "type": "symbol", "source": "places",
        "filter": ["all", WAYS, ["get", "shut"]],
        "layout": {"symbol-placement": "line", "symbol-spacing": 40, "text-field": CROSS,
                   "text-font": FONTS, "text-size": 18, "text-allow-overlap": True,
                   "text-ignore-placement": True, "text-keep-upright": False},
        "paint": {"text-color": RED, "text-halo-color": PAPER, "text-halo-width": 2},
    }


def _points() -> dict[str, Any]:
    """Places: a shape with the number that the table gives, and the name where there is room."""
    return {
        "id": "places", "type": "symbol", "source": "places", "filter": POINTS,
        "layout": {
            "icon-image": ["concat", ["get", "look"], ["case", ["get", "shut"], "-shut", ""],
                           "-", ["to-string", ["get", "number"]]],
            "icon-allow-overlap": True, "icon-ignore-placement": True,
            "text-field": ["get", "place"], "text-font": FONTS, "text-size": 12,
            "text-optional": True, "text-variable-anchor": ["top", "bottom", "left", "right"],
            "text-radial-offset": 1.4, "text-max-width": 9},
        "paint": {"text-color": INK, "text-halo-color": PAPER, "text-halo-width": 1.6},
    }


def drawing(streets: Shown | None, tiles: str, found: Iterable[Feature],
            links: dict[int, str], direction: str) -> dict[str, Any]:
    """All that a script needs besides the places: style, shapes, words, and what popups say."""
    return {
        "style": style(streets, tiles),
        "direction": direction,
        "attribution": ATTRIBUTION,
        "colours": {"fill": PAPER, "shut": RED, "text": INK},
        "shapes": {name: {"path": look.shape, "colour": look.colour}
                   for name, look in LOOKS.items()},
        "locale": _locale(),
        "words": {"show": _("Show on the map"), "open": _("To the entry"),
                  "all": _("Show everything"), "controls": _("Nearer and farther")},
        "told": {one.number: {"said": _said(one), "places": [_place(s) for s in one.spots],
                              "link": links[one.number]} for one in found},
    }


def _locale() -> dict[str, str]:
    return {
        "Map.Title": _("Map that moves; the table below says the same"),
        "NavigationControl.ZoomIn": _("Nearer"),
        "NavigationControl.ZoomOut": _("Farther"),
        "NavigationControl.ResetBearing": _("Turn north up"),
        "AttributionControl.ToggleAttribution": _("Where the streets come from"),
        "Popup.Close": _("Close"),
        "CooperativeGesturesHandler.WindowsHelpText": _("Hold Ctrl and scroll to come nearer"),
        "CooperativeGesturesHandler.MacHelpText": _("Hold ⌘ and scroll to come nearer"),
        "CooperativeGesturesHandler.MobileHelpText": _("Move the map with two fingers"),
        "ScaleControl.Meters": _("m"),
        "ScaleControl.Kilometers": _("km"),
    }


def _said(one: Feature) -> list[list[str]]:
    """What a popup says of a thing: label and words."""
    payload = one.said.payload
    said = [
        (_("What"), str(LOOKS[one.look].title)),
        (_("For whom"), ", ".join(word(user) for user in payload.get("users") or ())),
        (_("Function"), word(payload.get("function") or "") if one.kind in WITH_FUNCTION else ""),
        (_("State"), ", ".join(word(state) for state in one.states if state)),
        (_("Said by"), one.said.side),
        (_("Who may read it"), word(one.said.wall)),
    ]
    return [[label, text] for label, text in said if text]


def _place(spot: Spot) -> list[str]:
    """A place for a popup: its name, and where it is."""
    where = f"{spot.latitude_deg:.5f}, {spot.longitude_deg:.5f}"
    return [spot.name, where if spot.accuracy_m is None else f"{where} ± {spot.accuracy_m} m"]
