"""What OpenStreetMap's tags say about who may use a street, and in which direction."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from attrs import frozen

from lull.network.speeds import FREE_FLOW

MOTOR_CLASSES = frozenset(FREE_FLOW) - {"pedestrian"}
"""Highway classes that are open to motor vehicles unless a tag says otherwise."""

FOOT_CLASSES = frozenset(FREE_FLOW) - {"motorway", "motorway_link"} | {
    "footway", "path", "steps", "cycleway", "bridleway",
}  # fmt: skip
"""Highway classes that are open to people on foot unless a tag says otherwise."""

USABLE_CLASSES = frozenset(FREE_FLOW) | FOOT_CLASSES

DENIED = frozenset({"no", "private", "agricultural", "forestry", "military"})
"""Values of access tags that close a street (wiki.openstreetmap.org/wiki/Key:access)."""

BLOCKING_BARRIERS = frozenset({
    "block", "bollard", "chain", "concertina_wire", "debris", "jersey_barrier", "log", "planter",
    "rope", "sump_buster", "tank_trap", "wall", "wire_fence",
})  # fmt: skip
"""Values of `barrier` on a node that stop vehicles (wiki.openstreetmap.org/wiki/Key:barrier)."""

_FORWARD = frozenset({"yes", "true", "1"})
_BACKWARD = frozenset({"-1", "reverse"})
_TWO_WAY = frozenset({"no", "false", "0"})

MOTOR_FORWARD, MOTOR_BACKWARD, HEAVY, ON_FOOT = 1, 2, 4, 8
"""Bits of a street's permits: motor vehicles each way, heavy ones too, people on foot."""


@frozen
class Permits:
    """Who may use a street: bits, and limits in metres and tonnes (NaN: none)."""

    bits: int
    max_height_m: float
    max_weight_t: float


def permits(tags: Mapping[str, str]) -> Permits:
    """The permits of a way by its tags; the more specific access tag wins.

    Motor vehicles: motor_vehicle before vehicle before access; heavy ones: hgv before those;
    people on foot, in both directions: foot before access. `oneway` yes, -1 and no are read;
    a reversible lane has no direction that a plan could rely on, and is closed to vehicles.
    Motorways and roundabouts are one-way unless tagged otherwise. Conditional tags (`access:
    conditional`) are not read.
    """
    highway = tags.get("highway", "")
    forward, backward = _directions(tags, highway)
    motor = _allowed(tags, ("motor_vehicle", "vehicle", "access"), highway in MOTOR_CLASSES)
    motor = motor and highway in FREE_FLOW
    heavy = motor and _allowed(tags, ("hgv",), True)
    walk = _allowed(tags, ("foot", "access"), highway in FOOT_CLASSES)
    bits = (
        MOTOR_FORWARD * (motor and forward)
        | MOTOR_BACKWARD * (motor and backward)
        | HEAVY * heavy
        | ON_FOOT * walk
    )
    return Permits(bits, _metres(tags.get("maxheight", "")), _tonnes(tags.get("maxweight", "")))


def _allowed(tags: Mapping[str, str], keys: tuple[str, ...], otherwise: bool) -> bool:
    for key in keys:
        if key in tags:
            return tags[key].strip().lower() not in DENIED
    return otherwise


def _directions(tags: Mapping[str, str], highway: str) -> tuple[bool, bool]:
    oneway = tags.get("oneway", "").strip().lower()
    if oneway in _FORWARD:
        return True, False
    if oneway in _BACKWARD:
        return False, True
    if oneway in _TWO_WAY:
        return True, True
    if oneway == "reversible":
        return False, False
    implied = highway == "motorway" or tags.get("junction") in {"roundabout", "circular"}
    return True, not implied


_NUMBER = r"(\d+(?:[.,]\d+)?)"


def _metres(value: str) -> float:
    """A height in metres: `3.5`, `3.5 m`, `11'6"`; NaN for anything else."""
    value = value.strip().lower()
    if match := re.fullmatch(_NUMBER + r"\s*m?", value):
        return float(match[1].replace(",", "."))
    if match := re.fullmatch(r"(\d+)\s*'(?:\s*(\d+(?:\.\d+)?)\s*\")?", value):
        return 0.3048 * int(match[1]) + 0.0254 * float(match[2] or 0)
    return math.nan


def _tonnes(value: str) -> float:
    """A weight in tonnes: `7.5`, `7.5 t`, `5 st` (short tons), `900 kg`; NaN for others."""
    if match := re.fullmatch(_NUMBER + r"\s*(t|st|kg|lbs)?", value.strip().lower()):
        per_unit = {"st": 0.907_184_74, "kg": 0.001, "lbs": 0.000_453_592_37}
        return float(match[1].replace(",", ".")) * per_unit.get(match[2] or "t", 1.0)
    return math.nan
