"""What every record has, and the parts that several of them share.

There is no field for a person's name anywhere: where a list of people exists it is kept elsewhere,
and here stand a reference to it and a count. Whoever acts is given by function and organisation.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from attrs import frozen

from lull.domain.records.grid import apart_m, grid_of, point_of, side_m
from lull.domain.refusal import require, require_whole

SHA256 = re.compile(r"[0-9a-f]{64}")


@frozen(kw_only=True)
class Record:
    """What every record has. Who wrote it, when, for whom and its hashes stand in its entry.

    `reference` is what people call it, such as ALE-P02-N014; `version` counts from 1; `source` is
    where it comes from, `supersedes` the reference of the record whose place it takes.
    """

    reference: str
    version: int
    source: str = ""
    language: str = ""
    supersedes: str = ""
    note: str = ""

    def __attrs_post_init__(self) -> None:
        require_whole(self.version, "The version", least=1)
        self.check()

    def check(self) -> None:
        """Raise Refusal where fields do not go together; each kind of record has its own."""


@frozen(kw_only=True)
class StepNote(Record):
    """A step that needs no more than a reason, and may go without one."""

    reason: str = ""


@frozen(kw_only=True)
class Position:
    """A point in WGS-84 decimal degrees and in MGRS, for those who read maps.

    Given in one, the other is filled in: a square of one metre, or the middle of a square. Given in
    both, they must agree to the accuracy.
    """

    accuracy_m: int
    datum: str
    latitude_deg: Decimal | None = None
    longitude_deg: Decimal | None = None
    method: str = ""
    mgrs: str = ""

    def __attrs_post_init__(self) -> None:
        require_whole(self.accuracy_m, "The accuracy in metres")
        require(self.datum == "WGS-84", "Coordinates are given in WGS-84.")
        latitude, longitude = self.latitude_deg, self.longitude_deg
        require((latitude is None) == (longitude is None) and (
            latitude is not None or bool(self.mgrs)), "Give latitude and longitude, or an MGRS "
            "grid reference, or both.")
        if latitude is None or longitude is None:
            self._fill_degrees()
            return
        require(abs(latitude) <= 90 and abs(longitude) <= 180,
                f"{latitude}, {longitude} is no latitude and longitude.")
        if self.mgrs:
            self._require_agreement(latitude, longitude)
        else:
            object.__setattr__(self, "mgrs", grid_of(latitude, longitude))

    def _fill_degrees(self) -> None:
        latitude, longitude = point_of(self.mgrs)
        side = side_m(self.mgrs)
        require(self.accuracy_m >= side // 2, f"{self.mgrs} is a square of {side:,} m; it says no "
                f"more than to {side // 2:,} m, and not to {self.accuracy_m:,} m.")
        object.__setattr__(self, "latitude_deg", latitude)
        object.__setattr__(self, "longitude_deg", longitude)

    def _require_agreement(self, latitude: Decimal, longitude: Decimal) -> None:
        """Raise Refusal where the two lie further apart than the accuracy and the square allow."""
        middle = point_of(self.mgrs)
        apart, corner = apart_m((latitude, longitude), middle), side_m(self.mgrs) * 0.5 ** 0.5
        require(apart <= self.accuracy_m + corner,
                f"{latitude}, {longitude} is {grid_of(latitude, longitude)}; {self.mgrs} is "
                f"{middle[0]}, {middle[1]}: they lie {apart:,.0f} m apart, and the accuracy is "
                f"{self.accuracy_m:,} m. Find out which is right.")


@frozen(kw_only=True)
class Place:
    """A place by its name, in both scripts where there are two, its code and its point."""

    name: str
    name_local: str = ""
    code: str = ""
    address: str = ""
    position: Position | None = None


@frozen(kw_only=True)
class Contact:
    """How a function is reached: no person is named, whoever is on shift answers."""

    organisation: str
    function: str
    channel: str
    number: str
    languages: str = ""
    hours: str = ""
    backup: str = ""


@frozen(kw_only=True)
class Document:
    """A document that is kept elsewhere, by its hash."""

    title: str
    sha256: str
    kept_at: str = ""

    def __attrs_post_init__(self) -> None:
        require(bool(SHA256.fullmatch(self.sha256)), "A SHA-256 has 64 hexadecimal digits.")


@frozen(kw_only=True)
class PeopleCount:
    """How many people; None where nobody has counted. The parts need not add up to the total."""

    total: int | None = None
    women: int | None = None
    men: int | None = None
    girls: int | None = None
    boys: int | None = None
    wounded_or_sick: int | None = None
    unaccompanied_children: int | None = None
    list_reference: str = ""

    def __attrs_post_init__(self) -> None:
        for what in ("total", "women", "men", "girls", "boys", "wounded_or_sick",
                     "unaccompanied_children"):
            if getattr(self, what) is not None:
                require_whole(getattr(self, what), f"The count {what!r}")


@frozen(kw_only=True)
class Span:
    """From one time to another; `recurrence` in words, `time_zone` for local sheets."""

    start: datetime
    end: datetime
    time_zone: str = ""
    recurrence: str = ""

    def __attrs_post_init__(self) -> None:
        require(self.end > self.start, f"It ends ({self.end}) before it begins ({self.start}).")


class Reliability(StrEnum):
    """How far a source is trusted, from experience (Admiralty code)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


class Credibility(StrEnum):
    """How far what it says is borne out by others (Admiralty code)."""

    ONE = "1"
    TWO = "2"
    THREE = "3"
    FOUR = "4"
    FIVE = "5"
    SIX = "6"
