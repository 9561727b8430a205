"""A corridor: two gates, the way between them, and all that slows or stops who passes."""

from __future__ import annotations

from enum import StrEnum

from attrs import field, frozen

from lull.domain.place import INSIDE, OUTSIDE
from lull.domain.refusal import require, require_one_of, require_whole
from lull.domain.time import Estimate, Window


class Direction(StrEnum):
    """The way through a corridor: `out` of the enclosed side, or `in`."""

    OUT = "out"
    IN = "in"

    @property
    def other(self) -> Direction:
        """The opposite direction."""
        return Direction.IN if self is Direction.OUT else Direction.OUT


class User(StrEnum):
    """For whom a corridor is open. Wounded of any status use any medical corridor."""

    CIVILIANS = "civilians"
    WOUNDED = "wounded"
    FIGHTERS = "fighters"
    AID = "aid"


class MineStatus(StrEnum):
    """What is known of mines on the way."""

    CLEARED = "cleared"
    UNKNOWN = "unknown"
    RESIDUAL = "residual"


@frozen
class Gate:
    """One end of a corridor: where the line is reached from its side."""

    side: str
    lat: float | None = None
    lon: float | None = None
    name: str = ""


@frozen
class Checkpoint:
    """The check of one direction, met on entering the corridor at its first gate.

    Either `lanes` with `minutes` a vehicle (each vehicle holds one lane for that time), or
    `vehicles_per_hour` (no 60 consecutive minutes see more vehicles enter), or both.
    `minutes` by vehicle type id, with `""` for all others. `persons_per_hour` on foot
    (None: nobody walks through).
    """

    lanes: int = 1
    minutes: dict[str, Estimate] = field(factory=lambda: {"": Estimate.of(0)})
    vehicles_per_hour: int | None = None
    persons_per_hour: int | None = None

    def __attrs_post_init__(self) -> None:
        require_whole(self.lanes, "A checkpoint's lanes", least=1)
        if self.vehicles_per_hour is not None:
            require_whole(self.vehicles_per_hour, "A checkpoint's vehicles an hour", least=1)
        if self.persons_per_hour is not None:
            require_whole(self.persons_per_hour, "A checkpoint's persons an hour on foot")

    def minutes_of(self, vehicle_type: str) -> Estimate:
        """Minutes in the lane for one vehicle of a type."""
        return self.minutes.get(vehicle_type) or self.minutes.get("") or Estimate.of(0)


@frozen
class ConvoyRule:
    """How vehicles pass together: largest convoy, least minutes between starts, leader."""

    largest: int | None = None
    headway: int = 0
    leader_from: int | None = 6
    """A convoy of this many vehicles or more needs a leader (default: more than 5 vehicles,
    Logistics Cluster convoy rules, log.logcluster.org); None where the folder waives it."""

    def __attrs_post_init__(self) -> None:
        if self.largest is not None:
            require_whole(self.largest, "The largest convoy", least=1)
        require_whole(self.headway, "The headway between convoys")


class LinkUnit(StrEnum):
    """What linked corridors are balanced in."""

    PERSONS = "persons"
    VEHICLES = "vehicles"


@frozen
class Link:
    """Two corridors that move together: A(t) <= ratio * B(t) + lead, and the reverse.

    A and B are cumulative departures (outward entries), in `unit`, of this corridor and of
    `other`; `lead` is how far this one may run ahead, `other_lead` how far the other may.
    `hold_at` is the site where this side's vehicles wait; `when_stopped` the policy of the day.
    """

    other: str
    unit: LinkUnit = LinkUnit.PERSONS
    ratio: float = 1.0
    lead: int = 0
    other_lead: int = 0
    hold_at: str = ""
    when_stopped: str = ""

    def __attrs_post_init__(self) -> None:
        require(self.ratio > 0, f"The link to {self.other!r} has the ratio {self.ratio}; it "
                "must be above 0.")


@frozen
class Override:
    """A named role sets a rule aside and says why; both are printed with the plan."""

    role: str
    reason: str

    def __attrs_post_init__(self) -> None:
        require(bool(self.role.strip()) and bool(self.reason.strip()),
                "An override needs a role and a reason.")


@frozen
class Corridor:
    """A way through the line, for stated users, in stated directions.

    `mixed` says that the pause lets fighters and civilians share it. `directions` are the
    directions in which vehicles may drive at all; loaded people go out (or back in when they
    are refused), aid comes in. `shared_lanes` says that both directions use the same lanes
    (those of `checkpoint[OUT]`). `holding_limit` is the most minutes that a loaded vehicle may
    wait at the gate before it enters. `mines` by direction, as roads are cleared lane by lane.
    """

    id: str
    name: str
    users: frozenset[User]
    directions: frozenset[Direction]
    inside_gate: Gate = Gate(INSIDE)
    outside_gate: Gate = Gate(OUTSIDE)
    checkpoint: dict[Direction, Checkpoint] = field(factory=dict)
    convoy: ConvoyRule = ConvoyRule()
    mixed: bool = False
    shared_lanes: bool = False
    open_hours: tuple[Window, ...] = ()
    holding_limit: int | None = None
    mines: dict[Direction, MineStatus] = field(factory=dict)
    mines_override: Override | None = None
    link: Link | None = None
    name_ar: str = ""
    assumed: str = ""
    source: str = ""

    def __attrs_post_init__(self) -> None:
        where = f"Corridor {self.id!r}"
        require(bool(self.id), "A corridor has no id.")
        require("@" not in self.id, f"{where}: an id may not hold '@'.")
        require(bool(self.users), f"{where} is open to nobody; name its users.")
        for user in self.users:
            require_one_of(user, User, f"{where}: user")
        require(bool(self.directions), f"{where} has no direction; say out, in or both.")
        require(
            self.mixed or not {User.CIVILIANS, User.FIGHTERS} <= self.users,
            f"{where} lets fighters and civilians share the way; the pause must say 'mixed'.",
        )
        require(
            self.inside_gate.side != self.outside_gate.side,
            f"{where}: both gates lie on the side {self.inside_gate.side!r}.",
        )
        if self.holding_limit is not None:
            require_whole(self.holding_limit, f"{where}: the longest holding time")

    def gate_place(self, side: str) -> str:
        """The place id of the gate on a side, as it stands in the travel table."""
        return f"{self.id}@{side}"

    def gates(self, direction: Direction) -> tuple[str, str]:
        """The place ids of the gate that is entered and of the gate that is left."""
        ends = (
            self.gate_place(self.inside_gate.side),
            self.gate_place(self.outside_gate.side),
        )
        return ends if direction is Direction.OUT else (ends[1], ends[0])

    def sides(self, direction: Direction) -> tuple[str, str]:
        """The side that is left and the side that is reached."""
        ends = (self.inside_gate.side, self.outside_gate.side)
        return ends if direction is Direction.OUT else (ends[1], ends[0])

    def check(self, direction: Direction) -> Checkpoint:
        """The checkpoint of a direction; one lane and no delay where none is given."""
        return self.checkpoint.get(direction) or Checkpoint()

    def lane_pool(self, direction: Direction) -> Direction:
        """The direction under whose name the lanes are counted."""
        return Direction.OUT if self.shared_lanes else direction

    def lanes(self, direction: Direction) -> int:
        """Lanes that serve a direction (those of `out` for both where they are shared)."""
        return self.check(self.lane_pool(direction)).lanes

    def mine_status(self, direction: Direction) -> MineStatus:
        """What is known of mines in a direction; unknown where nothing is said."""
        return self.mines.get(direction, MineStatus.UNKNOWN)

    def is_open(self, start: int, end: int) -> bool:
        """Whether it is open through the minutes [start, end]."""
        return not self.open_hours or any(w.holds(start, end) for w in self.open_hours)
