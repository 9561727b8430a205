"""How things look on the map: one table for the drawn picture, the moving map and their key.

Each kind has a shape or a dash of its own, so that a print in black and white, or an eye that tells
few colours apart, loses nothing. No colour is green, and no shape is a protective emblem.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import frozen
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

INK, DEEP, BLUE = "#16202b", "#1a2f4b", "#174a8c"
PLUM, BROWN, RED = "#5b2a6b", "#7a3d00", "#8a1c1c"
PAPER, GROUND, STREET, STREET_NAME = "#ffffff", "#f1f3f5", "#aab3bc", "#4a5661"

CIRCLE = "M10,0A10,10,0,1,1,-10,0A10,10,0,1,1,10,0Z"
RING = f"M12,0A12,12,0,1,1,-12,0A12,12,0,1,1,12,0Z{CIRCLE}"
SQUARE = "M-10,-10H10V10H-10Z"
HOUSE = "M-10,10V-5L0,-13L10,-5V10Z"
BARREL = "M-12,0L-7,-10H7L12,0L7,10H-7Z"
STEP = "M-10,-6L-6,-10H6L10,-6V6L6,10H-6L-10,6Z"
PENTAGON = "M0,-13L13,-3L8,11H-8L-13,-3Z"
HOURGLASS = "M-11,-11H11L-11,11H11Z"
TRIANGLE = "M0,-15L14,10H-14Z"
DIAMOND = "M0,-14L14,0L0,14L-14,0Z"
"""Paths of SVG around (0, 0), within 30 units; a canvas draws the same."""


@frozen
class Look:
    """A shape for places; for ways a width in pixels and a dash in widths (none: whole)."""

    title: str | Promise
    shape: str
    colour: str = DEEP
    width: float = 4.0
    dash: tuple[float, ...] = ()

    @property
    def dash_units(self) -> str:
        """The dash for a picture, in its units."""
        return " ".join(f"{self.width * part:g}" for part in self.dash)


LOOKS: Mapping[str, Look] = {
    "corridor_civilians": Look(_("Corridor for civilians"), CIRCLE, width=5),
    "corridor_wounded": Look(_("Corridor for the wounded"), CIRCLE, PLUM, 5, (2, 1)),
    "corridor_aid": Look(_("Corridor for aid"), CIRCLE, BROWN, 5, (4, 1, 1, 1)),
    "corridor_fighters": Look(_("Corridor for fighters"), CIRCLE, INK, 5, (0.6, 1)),
    "corridor_several": Look(_("Corridor for several users"), CIRCLE, DEEP, 7),
    "movement": Look(_("Movement as notified"), RING, BLUE, 2.5, (3, 2)),
    "site_health": Look(_("Site: health facility"), SQUARE, PLUM),
    "site_shelter": Look(_("Site: shelter, school, housing"), HOUSE),
    "site_supply": Look(_("Site: food, water, power, goods"), BARREL, BROWN),
    "site_other": Look(_("Site of another kind"), STEP, INK),
    "site_people": Look(_("Site: assembly, exchange, holding, reception"), PENTAGON),
    "closure": Look(_("Road closed, slowed or under suspicion of mines"), HOURGLASS, RED, 4,
                    (1, 0.6)),
    "incident": Look(_("Incident as alleged"), TRIANGLE, RED),
    "access_constraint": Look(_("Access constraint"), DIAMOND, BROWN),
}
"""By name, in the order of the key."""
SHUT = frozenset({"closed", "suspended"})
"""States of a corridor that is closed: it is drawn in red, with crosses along it."""

SITES = {
    "health_facility": "site_health", "shelter": "site_shelter", "school": "site_shelter",
    "guest_house": "site_shelter", "collection_point": "site_shelter",
    "warehouse": "site_supply", "distribution_point": "site_supply",
    "hospital": "site_health", "assembly_point": "site_people", "exchange_point": "site_people",
    "holding_area": "site_people", "reception_centre": "site_people",
    "feeding_centre": "site_supply", "water": "site_supply", "power": "site_supply",
}


def look_of(kind: str, payload: Mapping[str, Any]) -> str:
    """How a thing looks, by its kind and its record."""
    if kind == "corridor":
        users: Sequence[str] = payload.get("users") or ()
        own = f"corridor_{users[0]}" if len(users) == 1 else ""
        return own if own in LOOKS else "corridor_several"
    if kind == "site":
        return SITES.get(str(payload.get("function", "")), "site_other")
    if kind == "notification":
        if payload.get("record") == "site_notification":
            return SITES.get(str(payload.get("function", "")), "site_other")
        return "movement"
    return kind


@frozen
class Key:
    """One line of the key: a look, and whether it stands for a way."""

    name: str
    look: Look
    is_way: bool


def key_of(shown: Iterable[tuple[str, bool]]) -> tuple[Key, ...]:
    """The key for looks of which something is shown, with whether any of it is a way."""
    ways: dict[str, bool] = {}
    for name, is_way in shown:
        ways[name] = ways.get(name, False) or is_way
    return tuple(Key(name, look, ways[name]) for name, look in LOOKS.items() if name in ways)
