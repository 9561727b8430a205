"""A plan: who and what moves when, through which corridor, in which vehicle.

All times are whole minutes since the pause's origin. A plan says everything that an order
needs and nothing that can be derived; `rules` judge it, `worth` values it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from attrs import field, frozen

from lull.domain.corridor import Direction


class Task(StrEnum):
    """What a vehicle does at a stop."""

    START = "start"
    LOAD = "load"
    UNLOAD = "unload"
    WAIT = "wait"
    END = "end"


@frozen
class People:
    """Persons of one group bound for one destination in one vehicle.

    `stretchers` of them lie, the rest sit; `persons` counts both.
    """

    group: str
    destination: str
    persons: int
    stretchers: int = 0


@frozen
class Goods:
    """Units of an item for a destination; `removed` at a check and `returned` are accounted."""

    item: str
    destination: str
    units: int
    taken_from: str = ""
    removed: int = 0
    returned: int = 0


@frozen
class Stop:
    """A vehicle at a site: arrival, start of service in a bay (if any), departure.

    Between `starts` and `starts + service` it holds a bay when its task is LOAD or UNLOAD.
    `people` and `goods` are what is taken on (LOAD) or set down (UNLOAD).
    """

    site: str
    task: Task
    arrives: int
    starts: int
    departs: int
    people: tuple[People, ...] = ()
    goods: tuple[Goods, ...] = ()
    round: int = 0


@frozen
class Crossing:
    """A vehicle through a corridor: at the gate, into the check, cleared, out of the far gate."""

    corridor: str
    direction: Direction
    convoy: str
    arrives: int
    enters: int
    cleared: int
    leaves: int
    round: int = 0


Step = Stop | Crossing


def left_at(step: Step) -> int:
    """The minute at which a vehicle is done with a step and free to drive on."""
    return step.departs if isinstance(step, Stop) else step.leaves


@frozen
class VehicleDay:
    """One vehicle's steps in order, over all windows. Legs lie between consecutive steps."""

    vehicle: str
    steps: tuple[Step, ...]


@frozen
class Household:
    """How many whole households of one size of one group go to one destination in a convoy."""

    group: str
    destination: str
    size: int
    number: int


@frozen
class Convoy:
    """Vehicles that pass a gate together: ordered, the first leads if a leader is needed.

    `starts` is the slot at which the first may enter the check. `households` are those who
    travel in it (out of the enclosed side), whole.
    """

    id: str
    corridor: str
    direction: Direction
    starts: int
    vehicles: tuple[str, ...]
    leader: str = ""
    households: tuple[Household, ...] = ()


class By(StrEnum):
    """How people without one of the fleet's vehicles leave."""

    FOOT = "foot"
    OWN_CAR = "own_car"


@frozen
class Party:
    """People who leave on foot or in their own cars, together, through one corridor.

    `departs` the site, `arrives` at the gate, `enters` the check (the first of them), `cleared`
    (the last of them), `leaves` the far gate, `reaches` the destination. `cars` is 0 on foot.
    `bound_for` is where its people go on to in vehicles that take them on at the destination, an
    exchange point ("" where the party's way ends there).
    """

    id: str
    by: By
    group: str
    corridor: str
    destination: str
    persons: int
    households: Mapping[int, int]
    departs: int
    arrives: int
    enters: int
    cleared: int
    leaves: int
    reaches: int
    cars: int = 0
    bound_for: str = ""


@frozen
class Call:
    """People called forward to a site by a time slot, for one convoy or party."""

    site: str
    group: str
    at: int
    persons: int
    serves: str


@frozen
class LastCall:
    """For a site and a window: nobody is called after `last_call`; all unserved go home at
    `send_home`."""

    site: str
    window: int
    last_call: int
    send_home: int


@frozen
class ReturnSeats:
    """Seats kept on an inbound convoy for people refused from an outbound one."""

    outbound: str
    inbound: str
    seats: int


@frozen
class Plan:
    """A whole plan, with what is needed to make it again.

    `draft` says why it is a draft only ("" if it may be released). `overrides` are rules set
    aside: rule name to (role, reason). `work` and `seed` reproduce it.
    """

    vehicles: tuple[VehicleDay, ...] = ()
    convoys: tuple[Convoy, ...] = ()
    parties: tuple[Party, ...] = ()
    calls: tuple[Call, ...] = ()
    last_calls: tuple[LastCall, ...] = ()
    return_seats: tuple[ReturnSeats, ...] = ()
    draft: str = ""
    overrides: Mapping[str, tuple[str, str]] = field(factory=dict)
    work: int = 0
    seed: int = 0

    def crossings(self) -> Iterator[tuple[str, Crossing]]:
        """Each (vehicle, crossing)."""
        for day in self.vehicles:
            for step in day.steps:
                if isinstance(step, Crossing):
                    yield day.vehicle, step

    def stops(self) -> Iterator[tuple[str, Stop]]:
        """Each (vehicle, stop)."""
        for day in self.vehicles:
            for step in day.steps:
                if isinstance(step, Stop):
                    yield day.vehicle, step
