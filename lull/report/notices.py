"""From a plan to movement notifications: filled with what it says, and a list of what it does not.

Nothing is made up. A text that must be filled and that neither the plan nor its sender gives is
`TO_FILL`, and every such field is listed, so that a person fills it before the notification leaves.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from attrs import frozen

from lull.domain.case import Case
from lull.domain.corridor import Direction
from lull.domain.fleet import Use
from lull.domain.people import Category, Need
from lull.domain.plan import Plan
from lull.domain.records.common import Contact, PeopleCount, Place, Position, Span
from lull.domain.records.form import TO_FILL
from lull.domain.records.notification import (
    CargoLine,
    Crew,
    MovementNotification,
    MovementType,
    NotifiedVehicle,
    Recipient,
    Run,
    Stop,
    route_hash,
)
from lull.report.movements import (
    Each,
    Movement,
    Visit,
    gate_of,
    movements,
    without_crossing,
)
from lull.report.notice_orders import nearest_shelter, turning_back
from lull.report.words import NEED_WORDS, corridor_name, count_of, site_name, tonnes

LETTERS = {Each.CONVOY: "N", Each.CORRIDOR_DAY: "D"}
"""With what a reference begins, so that drafts made the one way are not taken for the other's."""

NOBODY = Contact(organisation=TO_FILL, function=TO_FILL, channel=TO_FILL, number=TO_FILL)


@frozen(kw_only=True)
class Sender:
    """What no plan says, by who sends the notifications; what is left out is to be filled.

    `accuracy_m` is how far, in metres, the folder's points may lie from the true ones: without it
    no point is given, as a point without its accuracy is taken for exact.
    """

    organisation: str = TO_FILL
    contact: Contact = NOBODY
    deputy: Contact = NOBODY
    recipients: tuple[Recipient, ...] = ()
    crews: tuple[Crew, ...] = ()
    accuracy_m: int | None = None
    check_in_minutes: int | None = None


@frozen
class Notice:
    """A draft, what stands in it, and the fields that a person has still to fill or to look at.

    `counts_fighters`: their number comes from their own side alone, so this is sealed to those
    whom that side names and restricted to nobody else.
    """

    record: MovementNotification
    convoys: tuple[str, ...]
    parties: tuple[str, ...]
    to_fill: tuple[str, ...]
    counts_fighters: bool


@frozen
class Notices:
    """All drafts of a plan; `not_in_any` are sentences on what moves and stands in none."""

    plan_hash: str
    each: Each
    notices: tuple[Notice, ...]
    not_in_any: tuple[str, ...] = ()


def notifications_of(
    plan: Plan, case: Case, *, plan_hash: str, at: datetime, by: Each | str = Each.CONVOY,
    sender: Sender = Sender(),
) -> Notices:
    """A draft for each convoy, or for each corridor, direction and day.

    References are N001 and so on in the order of the gates (D001 by corridor and day), with the
    beginning of `plan_hash` (SHA-256, hex), so that the same plan gives the same ones.
    `at` is when they are submitted. Raises ValueError for an unknown `by`.
    """
    each = Each(by)
    made = tuple(
        _notice(case, plan, movement, f"{LETTERS[each]}{number:03d}-{plan_hash[:8]}", at, sender)
        for number, movement in enumerate(movements(case, plan, each), 1)
    )
    apart = without_crossing(plan)
    said = () if not apart else (
        f"{count_of(apart, 'vehicle moves', 'vehicles move')} without passing a gate, and so in "
        "no notification; notify them by hand where somebody could fire on them.",)
    return Notices(plan_hash, each, made, said)


def _notice(case: Case, plan: Plan, movement: Movement, reference: str, at: datetime,
            sender: Sender) -> Notice:
    way = _Way(case, movement, sender.accuracy_m)
    clock = case.pause.clock
    fighters = any(case.groups[g].category is Category.FIGHTERS for g in movement.people)
    record = MovementNotification(
        reference=reference, version=1, source=f"plan {plan_source(reference, movement)}",
        note=_note(case, movement, fighters), organisation=sender.organisation,
        contact=sender.contact, deputy=sender.deputy, purpose=_purpose(case, movement),
        type=_type(case, movement), pause=case.pause.title, submitted_at=at,
        departure=way.departure, arrival=way.arrival,
        route_sha256=route_hash(p.name for p in way.waypoints),
        recipients=sender.recipients or (_no_recipient(at),),
        valid=Span(start=clock.utc(way.first), end=clock.utc(way.ends), time_zone=clock.zone),
        turning_back_order=turning_back(case, plan, movement) or TO_FILL,
        nearest_shelter_order=nearest_shelter(case, movement) or TO_FILL,
        vehicles=_vehicles(case, movement), crews=_crews(movement, sender),
        corridors=(corridor_name(case, movement.corridor),), stops=way.stops,
        return_stops=way.back, runs=_runs(case, movement, sender.accuracy_m),
        route_waypoints=way.waypoints, cargo=_cargo(case, movement),
        people=_people(case, movement), check_in_minutes=sender.check_in_minutes,
    )  # fmt: skip
    return Notice(record, movement.convoys, movement.parties, tuple(_to_fill(record, sender)),
                  fighters)


def plan_source(reference: str, movement: Movement) -> str:
    """Which plan a draft comes from, and what of it: `3fa9c2d1, convoys c-12`."""
    plan = reference.partition("-")[2]
    who = [("convoys", movement.convoys), ("parties", movement.parties)]
    return ", ".join([plan, *(f"{what} {' '.join(some)}" for what, some in who if some)])[:2000]


def _crews(movement: Movement, sender: Sender) -> tuple[Crew, ...]:
    """Who goes with the vehicles; in private cars nobody does but the people themselves."""
    if movement.vehicles:
        return sender.crews or (Crew(organisation=TO_FILL, number=0),)
    return (Crew(organisation="the people themselves", number=0),) if movement.cars else ()


def _no_recipient(at: datetime) -> Recipient:
    return Recipient(party=TO_FILL, channel=TO_FILL, consent_by_function=TO_FILL, consent_at=at)


class _Way:
    """The stops of a movement as a notification tells them."""

    def __init__(self, case: Case, movement: Movement, accuracy_m: int | None) -> None:
        self._case, self._accuracy = case, accuracy_m
        before, after = list(movement.before), list(movement.after)
        first = before[0] if before else movement.gates[0]
        last = after[-1] if after else movement.gates[1]
        between = list(movement.gates) if movement.runs else [
            *before[1:], *movement.gates, *after[:-1]]
        self.departure = self._stop(Visit(first.place, first.arrives, _leaves(first, between)))
        self.arrival = self._stop(last)
        self.stops = tuple(self._stop(v) for v in between if v is not first and v is not last)
        self.back = tuple(map(self._stop, movement.back))
        of_all = [*before, *movement.gates, *after] if movement.runs else [first, *between, last]
        self.waypoints = tuple(self._place(v.place) for v in dict.fromkeys(of_all))
        visits = [*before, *movement.gates, *after, *movement.back]
        self.first = min(v.arrives for v in visits)
        self.ends = max(self._closes(movement), *(v.leaves for v in visits), self.first + 1)

    @property
    def whole(self) -> tuple[Stop, ...]:
        """Every stop in its order, from where it sets out to where it ends."""
        return (self.departure, *self.stops, self.arrival, *self.back)

    def _closes(self, movement: Movement) -> int:
        window = self._case.pause.window_at(movement.gates[0].arrives)
        return window.closes if window else movement.gates[1].leaves

    def _stop(self, visit: Visit) -> Stop:
        clock = self._case.pause.clock
        days = (clock.local(visit.leaves).date() - clock.local(visit.arrives).date()).days
        return Stop(place=self._place(visit.place), arrives=clock.utc(visit.arrives),
                    leaves=clock.utc(visit.leaves), overnight=days > 0)

    def _place(self, place: str) -> Place:
        if place in self._case.sites:
            site = self._case.sites[place]
            return Place(name=site_name(self._case, place), name_local=site.name_ar,
                         position=self._position(site.lat, site.lon, site.assumed))
        corridor, gate = gate_of(self._case, place)
        name = gate.name or f"gate on the side {gate.side}"
        return Place(name=f"{corridor_name(self._case, corridor)}: {name}",
                     position=self._position(gate.lat, gate.lon, ""))

    def _position(self, lat: float | None, lon: float | None, assumed: str) -> Position | None:
        if self._accuracy is None or lat is None or lon is None:
            return None
        return Position(latitude_deg=_degrees(lat), longitude_deg=_degrees(lon),
                        accuracy_m=self._accuracy, datum="WGS-84",
                        method="assumed in the pause folder" if assumed else "pause folder")


def _runs(case: Case, movement: Movement, accuracy_m: int | None) -> tuple[Run, ...]:
    """The convoys of a movement, each with its own way."""
    return tuple(
        Run(reference=" ".join(run.convoys) or "by themselves",
            vehicles=sum(run.vehicles.values()) + run.cars, people=run.persons,
            stops=_Way(case, run, accuracy_m).whole)
        for run in movement.runs)


def _leaves(first: Visit, others: Iterable[Visit]) -> int:
    """When a movement leaves its first place: not after it comes to the next one."""
    return min([first.leaves, *(v.arrives for v in others)])


def _degrees(value: float) -> Decimal:
    return Decimal(f"{value:.6f}").normalize()


def _vehicles(case: Case, movement: Movement) -> tuple[NotifiedVehicle, ...]:
    fleet = [NotifiedVehicle(type=case.fleet[kind].name or kind, number=number)
             for kind, number in sorted(movement.vehicles.items())]
    if movement.cars:
        fleet.append(NotifiedVehicle(type="private cars", number=movement.cars))
    return tuple(fleet)


def _cargo(case: Case, movement: Movement) -> tuple[CargoLine, ...]:
    return tuple(
        CargoLine(item=case.items[item].name or item, unit=case.items[item].unit, quantity=units,
                  weight_kg=Decimal(str(case.items[item].kg)) * units)
        for item, units in sorted(movement.units.items()))


def _people(case: Case, movement: Movement) -> PeopleCount | None:
    """How many; patients as wounded or sick. Nobody has counted sexes or ages in a plan."""
    if not movement.people:
        return None
    patients = sum(lying for _, lying in movement.people.values())
    alone = sum(n for group, (n, _) in movement.people.items() if case.groups[group].unaccompanied)
    return PeopleCount(total=movement.persons, wounded_or_sick=patients or None,
                       unaccompanied_children=alone or None)


def by_need(case: Case, movement: Movement) -> dict[Need, int]:
    """Persons by need, companions with their patients; needs that nobody has are left out."""
    found = dict.fromkeys(NEED_WORDS, 0)
    for group, (persons, _) in movement.people.items():
        found[case.groups[group].need] += persons
    return {need: persons for need, persons in found.items() if persons}


def _weight(case: Case, movement: Movement) -> float:
    return sum(units * case.items[item].kg / 1000 for item, units in movement.units.items())


def _purpose(case: Case, movement: Movement) -> str:
    parts = []
    if movement.people:
        lying = sum(n for _, n in movement.people.values())
        who = count_of(movement.persons, "person", "people")
        parts.append(f"{who} {'out' if movement.direction is Direction.OUT else 'back in'}"
                     + (f", {lying} of them on stretchers" if lying else ""))
    if movement.units:
        way = "in" if movement.direction is Direction.IN else "back out"
        parts.append(f"{tonnes(_weight(case, movement))} t of supplies {way}")
    if not parts:
        way = ("in to take people on" if movement.direction is Direction.IN
               else "back out without a load")
        parts.append(f"empty vehicles {way}")
    return "; ".join(parts)


def _type(case: Case, movement: Movement) -> MovementType:
    """What moves; empty vehicles are called by what they are for."""
    if movement.people and movement.units:
        return MovementType.MIXED
    if movement.units:
        return MovementType.CARGO
    if movement.people:
        medical = all(case.groups[group].is_medical for group in movement.people)
        return MovementType.MEDEVAC if medical else MovementType.EVACUATION
    uses = {use for kind in movement.vehicles for use in case.fleet[kind].uses}
    if uses <= {Use.AID}:
        return MovementType.CARGO
    return MovementType.MEDEVAC if uses <= {Use.WOUNDED} else MovementType.EVACUATION


def _note(case: Case, movement: Movement, fighters: bool) -> str:
    said = [f"{NEED_WORDS[need]}: {persons}" for need, persons in by_need(case, movement).items()]
    text = f"By need, companions with their patients: {'; '.join(said)}." if said else ""
    if movement.runs:
        text = (f"{count_of(len(movement.runs), 'run', 'runs')} through one corridor on one day; "
                "each has its own way and times, below. Hours of a place are those of the first to "
                f"come and of the last to leave. {text}")
    if fighters:
        text += (" It counts fighters: their number comes from their own side alone, and this is "
                 "sealed to those whom it names.")
    return text.strip()


def _to_fill(record: MovementNotification, sender: Sender) -> Iterable[str]:
    """Every field that a person has to fill or to look at, with why."""
    if record.organisation == TO_FILL:
        yield "organisation: who submits it"
    for name in ("contact", "deputy"):
        if getattr(record, name) == NOBODY:
            yield f"{name}: reached at any hour; a pause folder has no numbers"
    if not sender.recipients:
        yield "recipients: whom the owner consents to tell, and over which channel"
    if record.vehicles:
        yield "vehicles: make, colour, plates and markings"
        if not sender.crews and record.crews[0].organisation == TO_FILL:
            yield "crews: how many, of which organisation"
        yield "call_sign, radio, satellite_phone: how they are reached on the way"
    if sender.accuracy_m is None:
        yield "positions: no point is given, as the folder does not say how accurate its points are"
    if record.check_in_minutes is None:
        yield "check_in_minutes: how often they report"
    for name in ("turning_back_order", "nearest_shelter_order"):
        drafted = getattr(record, name) != TO_FILL
        yield f"{name}: " + ("drafted from the plan, to be confirmed by whoever leads" if drafted
                             else "nothing in the folder says it")
    if record.cargo:
        yield "cargo: seals, volume and manifests"
