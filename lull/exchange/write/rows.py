"""A case as the rows and keys of a folder: what `read_folder` reads back as the same case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lull.domain.case import Case
from lull.domain.corridor import Checkpoint, Corridor, Direction, Gate
from lull.domain.fleet import VehicleType
from lull.domain.pause import ANY, Consent, Party, Pause
from lull.domain.people import Group, Means
from lull.domain.place import Site
from lull.domain.tiers import DEFAULT_TIERS, Tier
from lull.domain.time import Clock, Estimate, Window
from lull.domain.travel import UNREACHABLE, TravelTable
from lull.exchange.build.pause import RULE_KEYS
from lull.exchange.schema.folder import TABLES
from lull.exchange.write.sheets import Sheets, sheet_of

Cells = dict[str, Any]


def sheets_of_case(case: Case) -> Sheets:
    """The tables and keys of a case; travel minutes stand in place of streets."""
    clock = case.pause.clock
    rows: dict[str, Iterable[Cells]] = {
        "sites": (_site(site, clock) for site in case.sites.values()),
        "corridors": (_corridor(corridor, clock) for corridor in case.corridors.values()),
        "people": (_group(group) for group in case.groups.values()),
        "fleet": (_vehicle_type(kind, clock) for kind in case.fleet.values()),
        "supplies": _supplies(case),
        "travel_minutes": _travel(case.travel),
        "safeguards": (
            {"id": s.id, "what": s.what, "binds": s.binds, "observed_by": s.observed_by,
             "state": s.state, "source": s.source}
            for s in case.safeguards
        ),
        "claims": (
            {"id": c.id, "about": c.about, "figure": c.figure, "unit": c.unit,
             "claimed_by": c.claimed_by, "source": c.source, "at": c.at, "note": c.note}
            for c in case.claims
        ),
    }
    sheets = Sheets(_pause(case))
    for table in TABLES:
        texts: list[Mapping[str, str]] = [
            {name: text_of(value) for name, value in row.items()} for row in rows[table.name]
        ]
        if texts or table.required:
            sheets.tables[table.name] = sheet_of(table, texts)
    return sheets


def text_of(value: Any) -> str:
    """A value as the text of a cell; None and empty values are blank."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, Estimate):
        same = value.low == value.likely == value.high
        return str(value.likely) if same else f"{value.low}/{value.likely}/{value.high}"
    if isinstance(value, frozenset):
        return "|".join(sorted(text_of(part) for part in value))
    if isinstance(value, tuple | list):
        return "|".join(text_of(part) for part in value)
    return str(value)


def _estimate(name: str, value: Estimate) -> Cells:
    return {f"{name}_{part}": getattr(value, part) for part in ("low", "likely", "high")}


def _by_type(minutes: Mapping[str, Estimate], prefix: str = "") -> list[str]:
    return [f"{prefix}{kind}:{text_of(value)}" for kind, value in minutes.items() if kind]


def _local(clock: Clock, minute: int | None) -> str:
    return "" if minute is None else f"{clock.local(minute):%Y-%m-%d %H:%M}"


def _hours(windows: tuple[Window, ...], clock: Clock) -> list[str]:
    return [f"{_local(clock, w.opens)} - {_local(clock, w.closes)}" for w in windows]


def _site(site: Site, clock: Clock) -> Cells:
    return {
        "id": site.id, "name": site.name, "name_ar": site.name_ar, "kind": site.kind.value,
        "lat": site.lat, "lon": site.lon, "neighbourhood": site.neighbourhood,
        "sides": site.sides, "capacity_seated": site.capacity_seated,
        "capacity_stretcher": site.capacity_stretcher,
        "capacity_critical": site.capacity_critical, "hospital_level": site.hospital_level,
        "crowd_limit": site.crowd_limit, "waiting_limit_minutes": site.waiting_limit,
        "bays": site.bays, **_estimate("service_minutes", site.service_of("")),
        "service_minutes_by_type": _by_type(site.service),
        "open_hours": _hours(site.open_hours, clock),
        "walk_to_shelter_minutes": site.walk_to_shelter, "call_minutes": site.call,
        "receives_unaccompanied": site.receives_unaccompanied,
        "receiving_organisation": site.receiving_organisation, "assumed": site.assumed,
        "source": site.source,
    }  # fmt: skip


def _gate(which: str, gate: Gate) -> Cells:
    return {
        f"{which}_side": gate.side, f"{which}_gate_name": gate.name,
        f"{which}_gate_lat": gate.lat, f"{which}_gate_lon": gate.lon,
    }  # fmt: skip


def _checkpoint(way: str, check: Checkpoint) -> Cells:
    return {
        f"lanes_{way}": check.lanes,
        **_estimate(f"check_minutes_{way}", check.minutes_of("")),
        f"vehicles_per_hour_{way}": check.vehicles_per_hour,
    }


def _corridor(corridor: Corridor, clock: Clock) -> Cells:
    cells: Cells = {
        "id": corridor.id, "name": corridor.name, "name_ar": corridor.name_ar,
        "users": corridor.users, "mixed": corridor.mixed,
        "directions": "both" if len(corridor.directions) == 2 else corridor.directions,
        **_gate("inside", corridor.inside_gate), **_gate("outside", corridor.outside_gate),
        "open_hours": _hours(corridor.open_hours, clock),
        "shared_lanes": corridor.shared_lanes, "largest_convoy": corridor.convoy.largest,
        "headway_minutes": corridor.convoy.headway,
        "leader_from": corridor.convoy.leader_from or "none",
        "holding_limit_minutes": corridor.holding_limit,
        "persons_per_hour_on_foot": corridor.check(Direction.OUT).persons_per_hour,
        "assumed": corridor.assumed, "source": corridor.source,
    }  # fmt: skip
    special: list[str] = []
    for way in Direction:
        cells |= _checkpoint(way.value, corridor.check(way))
        special += _by_type(corridor.check(way).minutes, f"{way.value}:")
        cells[f"mines_{way.value}"] = corridor.mine_status(way).value
    cells["check_minutes_by_type"] = special
    if corridor.mines_override:
        cells["mines_override_role"] = corridor.mines_override.role
        cells["mines_override_reason"] = corridor.mines_override.reason
    if corridor.link:
        link = corridor.link
        cells |= {
            "link_other": link.other, "link_unit": link.unit.value, "link_ratio": link.ratio,
            "link_lead": link.lead, "link_other_lead": link.other_lead,
            "link_hold_at": link.hold_at, "link_when_stopped": link.when_stopped,
        }  # fmt: skip
    return cells


def _group(group: Group) -> Cells:
    # Patients are counted without companions, and those who stay keep theirs uncounted here,
    # so that reading gives the same count again.
    stay = group.count - group.wishing
    heads = group.patients if group.is_medical else group.wishing
    return {
        "id": group.id, "site": group.site, "neighbourhood": group.neighbourhood,
        "count": heads + stay, "wishing_count": heads, "wish_source": group.wish_source,
        "wish_assumed": group.wish_assumed, "need": group.need.value,
        "category": group.category.value, "means": group.means.value,
        "household_sizes": [f"{size}:{number}" for size, number in group.households.items()],
        "unaccompanied": group.unaccompanied, "hospital_level": group.hospital_level,
        "destinations": group.destinations,
        "persons_per_car": group.persons_per_car if group.means is Means.OWN_CAR else None,
        "source": group.source, "note": group.note,
    }  # fmt: skip


def _vehicle_type(kind: VehicleType, clock: Clock) -> Cells:
    return {
        "id": kind.id, "name": kind.name, "number": kind.number, "base": kind.base,
        "uses": kind.uses, "sides": kind.sides, "seats": kind.seats,
        "stretchers": kind.stretchers, "payload_t": kind.payload_t,
        "speed_factor": kind.speed_factor, "mobilise_minutes": kind.mobilise,
        "available_from": _local(clock, kind.available_from),
        "available_to": _local(clock, kind.available_to), "crew_duty_minutes": kind.crew_duty,
        "assumed": kind.assumed, "source": kind.source,
    }  # fmt: skip


def _supplies(case: Case) -> Iterator[Cells]:
    for stock in case.stocks:
        yield {**_item(case, stock.item), "line": "stock", "site": stock.site,
               "units": stock.units, "ready_minutes": stock.ready}
    for need in case.demands:
        yield {**_item(case, need.item), "line": "need", "site": need.site, "units": need.units,
               "minimum_units": need.minimum, "priority": need.priority,
               "neighbourhood": need.neighbourhood, "source": need.source}


def _item(case: Case, name: str) -> Cells:
    item = case.items[name]
    return {
        "item": item.id, "item_name": item.name, "unit": item.unit, "kg_per_unit": item.kg,
        "persons_per_unit": item.persons_per_unit or None, "days": item.days or None,
        "assumed": item.assumed,
    }  # fmt: skip


def _travel(travel: TravelTable) -> Iterator[Cells]:
    for profile in travel.profiles:
        for i, start in enumerate(travel.places):
            for j, end in enumerate(travel.places):
                if i != j and travel.likely[profile][i, j] != UNREACHABLE:
                    minutes = (getattr(travel, part)[profile][i, j]
                               for part in ("low", "likely", "high"))
                    yield {
                        "from": start, "to": end, "profile": profile,
                        **_estimate("minutes", Estimate(*map(int, minutes))),
                        "metres": float(travel.metres[profile][i, j]) or None,
                    }  # fmt: skip


def _filled(cells: Cells) -> dict[str, Any]:
    """Keys with a value, values as text."""
    return {name: text_of(value) for name, value in cells.items() if text_of(value)}


def _pause(case: Case) -> dict[str, Any]:
    pause = case.pause
    tree: dict[str, Any] = _filled({
        "title": pause.title, "place": pause.place, "time_zone": pause.clock.zone,
        "sides": _sides(case), "people_inside": pause.people_inside,
        "notice_at": _local(pause.clock, pause.notice),
    })  # fmt: skip
    tree["windows"] = [_window(pause, window) for window in pause.windows]
    tree["parties"] = [_party(party) for party in pause.parties]
    tree["consents"] = [_consent(consent) for consent in pause.consents]
    tree["rules"] = _filled(
        {key: getattr(pause.rules, name) for key, name in RULE_KEYS.items()}
    )
    if pause.tiers != DEFAULT_TIERS:
        tree["tiers"] = [_tier(tier) for tier in pause.tiers]
    keys = {"mines_cleared": "mines_override", "approved_streets": "streets_override"}
    for rule, said in case.overrides.items():
        tree[keys[rule]] = {"role": said.role, "reason": said.reason}
    tree["sources"], tree["assumptions"] = list(pause.sources), list(pause.assumptions)
    return {key: value for key, value in tree.items() if value}


def _sides(case: Case) -> tuple[str, ...]:
    sides = dict.fromkeys(("inside", "outside"))
    for place in case.sites.values():
        sides |= dict.fromkeys(place.sides)
    for kind in case.fleet.values():
        sides |= dict.fromkeys(kind.sides)
    for corridor in case.corridors.values():
        sides |= dict.fromkeys((corridor.inside_gate.side, corridor.outside_gate.side))
    return tuple(sides)


def _window(pause: Pause, window: Window) -> dict[str, Any]:
    clock = pause.clock
    return _filled({
        "name": window.name, "from": _local(clock, window.opens),
        "to": _local(clock, window.closes),
        "from_utc": f"{clock.utc(window.opens):%Y-%m-%d %H:%M}",
        "to_utc": f"{clock.utc(window.closes):%Y-%m-%d %H:%M}",
    })  # fmt: skip


def _party(party: Party) -> dict[str, Any]:
    return _filled({"id": party.id, "name": party.name, "must_agree": party.must_agree,
                    "role": party.role})


def _consent(consent: Consent) -> dict[str, Any]:
    return _filled({
        "party": consent.party, "stance": consent.stance.value,
        "corridor": "" if consent.corridor == ANY else consent.corridor,
        "use": "" if consent.use == ANY else consent.use, "condition": consent.condition,
        "at": consent.at, "source": consent.source,
    })  # fmt: skip


def _tier(tier: Tier) -> dict[str, Any]:
    cells = _filled({"name": tier.name, "kind": tier.kind.value, "unit": tier.unit})
    if tier.weights:
        cells["weights"] = {need: text_of(weight) for need, weight in tier.weights.items()}
    if tier.means:
        cells["means"] = list(tier.means)
    cells["breaks"] = [text_of(share) for share in tier.concave.breaks]
    cells["share_weights"] = [text_of(weight) for weight in tier.concave.weights]
    return cells
