"""How fast one travels on a street, before damage, load and closures: one table.

No street of a city at war carries a measured speed. Every row is therefore ASSUMED, by the
reasons that stand beside it; a folder that knows better gives `travel_minutes.csv`. They lie
at or below the default speeds of the OSRM car profile (`profiles/car.lua`: motorway 90, trunk
85, primary 65, secondary 55, tertiary 40, unclassified and residential 25, living street 10,
service 15 km/h), because drivers are led, roads are patched and nobody speeds; and they hold
the range suggested for convoys inside a city (15 / 20 / 30 km/h on common streets).
"""

from __future__ import annotations

from types import MappingProxyType

from attrs import frozen

from lull.domain.refusal import require


@frozen
class Speed:
    """Low, likely and high speed in km/h, the reason, and whether it is assumed.

    The low speed gives the high time, the high speed the low time.
    """

    low_kmh: float
    likely_kmh: float
    high_kmh: float
    reason: str
    assumed: bool = True

    def __attrs_post_init__(self) -> None:
        require(
            0 < self.low_kmh <= self.likely_kmh <= self.high_kmh,
            f"Speeds {self.low_kmh}, {self.likely_kmh}, {self.high_kmh} km/h; they must be "
            "above 0 and in the order low, likely, high.",
        )


_ARTERIAL = "divided main road; checkpoints and craters keep it under its design speed"
_MAIN = "main street with junctions at grade, signals out of order"
_LOCAL = "narrow, parked up, partly obstructed"

FREE_FLOW = MappingProxyType(
    {
        "motorway": Speed(50, 70, 90, _ARTERIAL),
        "trunk": Speed(40, 60, 80, _ARTERIAL),
        "primary": Speed(30, 40, 55, _MAIN),
        "secondary": Speed(25, 35, 45, _MAIN),
        "tertiary": Speed(20, 30, 40, _MAIN),
        "unclassified": Speed(15, 20, 30, "surface unknown; the suggested convoy range"),
        "residential": Speed(12, 20, 25, _LOCAL),
        "living_street": Speed(6, 10, 15, "shared with people on foot"),
        "motorway_link": Speed(25, 40, 50, "slip road, one bend"),
        "trunk_link": Speed(25, 35, 45, "slip road, one bend"),
        "primary_link": Speed(20, 30, 40, "slip road, one bend"),
        "secondary_link": Speed(15, 25, 35, "slip road, one bend"),
        "tertiary_link": Speed(15, 20, 30, "slip road, one bend"),
        "road": Speed(10, 15, 25, "class unknown to the mappers"),
        "service": Speed(6, 10, 15, "yards, alleys, gates"),
        "track": Speed(5, 10, 20, "unpaved"),
        "pedestrian": Speed(4, 6, 10, "driven at walking pace, and only where tagged open"),
    }
)
"""Free-flow speeds of motor vehicles by OpenStreetMap highway class."""

WALKING = Speed(
    0.91 * 3.6,
    1.07 * 3.6,
    1.34 * 3.6,
    "0.91 and 1.07 m/s: slower and ordinary pedestrians, MUTCD 2009 section 4E.06 (3.0 and 3.5 "
    "ft/s); 1.34 m/s: mean free walking speed, Weidmann, Transporttechnik der Fussgaenger "
    "(1993), doi.org/10.3929/ethz-a-000687810. Children, luggage and fear are not in it.",
    assumed=False,
)
"""Speeds of people on foot, on any street that is open to them."""

DAMAGE_FACTORS = MappingProxyType(
    {
        "none": 1.0,
        "moderate": 0.7,
        "severe": 0.4,
        "destroyed": 0.2,
    }
)
"""ASSUMED: speed as a share of free flow by damage class beside the street (rubble on the
carriageway, one lane left, passable at walking pace). Used as the factor of a slowed street."""

LOADED_FACTOR = 0.9
"""ASSUMED: speed of a vehicle with passengers lying or standing, or full of cargo."""

CONVOY_FACTOR = 0.8
"""ASSUMED: speed of a convoy as a share of one vehicle's; it keeps to its slowest member."""
