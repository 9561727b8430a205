"""`plan.json`: a plan that another program reads and a person can follow.

Every time stands three times: whole minutes since the origin, which alone are read back; UTC; and
local time with its offset, for people.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

FORM: Literal["lull plan file 1"] = "lull plan file 1"
"""The form of the file; a reader refuses what it does not know."""

MOST = 1_000_000_000
Count = Annotated[int, Field(ge=0, le=MOST)]
Name = Annotated[str, Field(max_length=400)]
Words = Annotated[str, Field(max_length=10_000)]


class Strict(BaseModel):
    """The base of every part: exact types and no key beyond those named."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Time(Strict):
    """A moment: minutes since the origin, the same in UTC and in local time (ISO 8601)."""

    minute: Annotated[int, Field(ge=-10_000_000, le=10_000_000)]
    utc: str = Field(default="", description="must agree with the minute where it is given")
    local: str = Field(default="", description="for people; not read back")


class PeoplePart(Strict):
    """Persons of one group for one destination; `stretchers` of them lie."""

    group: Name
    destination: Name
    persons: Count
    stretchers: Count = 0


class GoodsPart(Strict):
    """Units of an item for a destination."""

    item: Name
    destination: Name
    units: Count
    taken_from: Name = ""
    removed: Count = 0
    returned: Count = 0


class StopPart(Strict):
    """A vehicle at a site."""

    kind: Literal["stop"] = "stop"
    site: Name
    task: Literal["start", "load", "unload", "wait", "end"]
    arrives: Time
    starts: Time
    departs: Time
    people: list[PeoplePart] = []
    goods: list[GoodsPart] = []
    round: int = 0


class CrossingPart(Strict):
    """A vehicle through a corridor."""

    kind: Literal["crossing"] = "crossing"
    corridor: Name
    direction: Literal["out", "in"]
    convoy: Name
    arrives: Time
    enters: Time
    cleared: Time
    leaves: Time
    round: int = 0


class VehiclePart(Strict):
    """One vehicle's steps in order."""

    vehicle: Name
    steps: list[Annotated[StopPart | CrossingPart, Field(discriminator="kind")]]


class HouseholdPart(Strict):
    """Whole households of one size."""

    group: Name
    destination: Name
    size: Annotated[int, Field(ge=1, le=10_000)]
    number: Count


class ConvoyPart(Strict):
    """Vehicles that pass a gate together."""

    id: Name
    corridor: Name
    direction: Literal["out", "in"]
    starts: Time
    vehicles: list[Name]
    leader: Name = ""
    households: list[HouseholdPart] = []


class SizePart(Strict):
    """How many households of one size."""

    size: Annotated[int, Field(ge=1, le=10_000)]
    number: Count


class PartyPart(Strict):
    """People who leave on foot or in their own cars."""

    id: Name
    by: Literal["foot", "own_car"]
    group: Name
    corridor: Name
    destination: Name
    persons: Count
    households: list[SizePart]
    departs: Time
    arrives: Time
    enters: Time
    cleared: Time
    leaves: Time
    reaches: Time
    cars: Count = 0
    bound_for: str = Field(
        default="", description="where vehicles take the party on to from an exchange point")


class CallPart(Strict):
    """People called forward."""

    site: Name
    group: Name
    at: Time
    persons: Count
    serves: Name


class LastCallPart(Strict):
    """When the last are called at a site, and when all unserved go home."""

    site: Name
    window: Annotated[int, Field(ge=0, le=100_000)]
    last_call: Time
    send_home: Time


class ReturnSeatsPart(Strict):
    """Seats kept on an inbound convoy for people refused from an outbound one."""

    outbound: Name
    inbound: Name
    seats: Count


class OverridePart(Strict):
    """A rule that a named role sets aside, and why."""

    rule: Name
    role: Words
    reason: Words


class ReproducePart(Strict):
    """What makes the same plan again: the version, the folder's content, the work and the seed."""

    version: str
    folder_hash: str = Field(description="SHA-256 of what the folder says, whatever its form")
    work: int
    seed: int
    consents: str = ""


class TierPart(Strict):
    """What the plan is worth in one tier, and how far from the best any plan could be."""

    name: str
    unit: str
    value: float
    bound: float | None = None
    gap: float | None = None


class LeftPart(Strict):
    """Who or what is left behind, and why."""

    who: str
    number: float
    unit: str
    why: str


class WindowPart(Strict):
    """One spell of quiet."""

    name: str
    opens: Time
    closes: Time


class PlanFile(Strict):
    """A whole plan.json."""

    form: Literal["lull plan file 1"] = FORM
    title: str
    place: str
    time_zone: str
    origin: str = Field(description="UTC of minute 0: the opening of the first window")
    windows: list[WindowPart]
    draft: Words = Field(default="", description="why it is a draft only; empty if it is not")
    overrides: list[OverridePart] = []
    reproduce: ReproducePart
    tiers: list[TierPart] = []
    left_behind: list[LeftPart] = []
    vehicles: list[VehiclePart] = []
    convoys: list[ConvoyPart] = []
    parties: list[PartyPart] = []
    calls: list[CallPart] = []
    last_calls: list[LastCallPart] = []
    return_seats: list[ReturnSeatsPart] = []


def plan_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of plan.json."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **PlanFile.model_json_schema(mode="serialization"),
    }

