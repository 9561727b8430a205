"""Rows of sites and corridors into sites and corridors."""

from __future__ import annotations

from lull.domain.corridor import (
    Checkpoint,
    ConvoyRule,
    Corridor,
    Direction,
    Gate,
    Link,
    LinkUnit,
    MineStatus,
    Override,
    User,
)
from lull.domain.place import INSIDE, OUTSIDE, Site, SiteKind
from lull.domain.refusal import Refusal, require
from lull.domain.time import Estimate
from lull.exchange.build.draft import Draft
from lull.exchange.build.times import open_hours
from lull.exchange.rows import Row

LEADER_FROM = 6


def build_sites(draft: Draft) -> None:
    """Fill in the draft's sites."""

    def site(row: Row) -> Site:
        return Site(
            id=row["id"],
            name=row.get("name", row["id"]),
            kind=SiteKind(row["kind"]),
            lat=row.get("lat"),
            lon=row.get("lon"),
            name_ar=row.get("name_ar", ""),
            neighbourhood=row.get("neighbourhood", ""),
            sides=row.get("sides", (OUTSIDE,)),
            capacity_seated=row.get("capacity_seated"),
            capacity_stretcher=row.get("capacity_stretcher"),
            capacity_critical=row.get("capacity_critical"),
            hospital_level=row.get("hospital_level", 0),
            crowd_limit=row.get("crowd_limit"),
            waiting_limit=row.get("waiting_limit_minutes"),
            bays=row.get("bays"),
            service={
                "": row.get("service_minutes", Estimate.of(0)),
                **row.get("service_minutes_by_type", {}),
            },
            open_hours=open_hours(draft, row),
            walk_to_shelter=row.get("walk_to_shelter_minutes", 0),
            call=row.get("call_minutes", 0),
            receives_unaccompanied=row.get("receives_unaccompanied", False),
            receiving_organisation=row.get("receiving_organisation", ""),
            assumed=row.get("assumed", ""),
            source=row.get("source", ""),
        )

    for _, made in draft.make("sites", draft.rows.get("sites", []), site):
        draft.sites.setdefault(made.id, made)


def build_corridors(draft: Draft, mines_override: Override | None) -> None:
    """Fill in the draft's corridors; the pause's override holds where a row has none."""

    def corridor(row: Row) -> Corridor:
        ways = row["directions"]
        return Corridor(
            id=row["id"],
            name=row.get("name", row["id"]),
            users=frozenset(User(user) for user in row["users"]),
            directions=frozenset(Direction if ways == "both" else (Direction(ways),)),
            inside_gate=_gate(row, INSIDE),
            outside_gate=_gate(row, OUTSIDE),
            checkpoint={way: _checkpoint(row, way) for way in Direction},
            convoy=ConvoyRule(
                row.get("largest_convoy"), row.get("headway_minutes", 0), _leader_from(row)
            ),
            mixed=row.get("mixed", False),
            shared_lanes=row.get("shared_lanes", False),
            open_hours=open_hours(draft, row),
            holding_limit=row.get("holding_limit_minutes"),
            mines={
                way: MineStatus(row.get(f"mines_{way.value}", MineStatus.UNKNOWN))
                for way in Direction
            },
            mines_override=_override(row) or mines_override,
            link=_link(row),
            name_ar=row.get("name_ar", ""),
            assumed=row.get("assumed", ""),
            source=row.get("source", ""),
        )

    for _, made in draft.make("corridors", draft.rows.get("corridors", []), corridor):
        draft.corridors.setdefault(made.id, made)


def _gate(row: Row, which: str) -> Gate:
    return Gate(
        row.get(f"{which}_side", which),
        row.get(f"{which}_gate_lat"),
        row.get(f"{which}_gate_lon"),
        row.get(f"{which}_gate_name", ""),
    )


def _checkpoint(row: Row, way: Direction) -> Checkpoint:
    by_type: dict[str, Estimate] = {}
    for key, minutes in row.get("check_minutes_by_type", {}).items():
        prefix, colon, kind = key.partition(":")
        if not colon:
            by_type.setdefault(key, minutes)
            continue
        require(
            prefix in tuple(Direction),
            f"check_minutes_by_type says {key!r}; before a vehicle type only out: or in: may "
            "stand.",
        )
        if prefix == way.value:
            by_type[kind] = minutes
    return Checkpoint(
        lanes=row.get(f"lanes_{way.value}", 1),
        minutes={"": row.get(f"check_minutes_{way.value}", Estimate.of(0)), **by_type},
        vehicles_per_hour=row.get(f"vehicles_per_hour_{way.value}"),
        persons_per_hour=row.get("persons_per_hour_on_foot"),
    )


def _leader_from(row: Row) -> int | None:
    text = row.get("leader_from", "")
    if not text:
        return LEADER_FROM
    if text.casefold() in ("none", "no", "never"):
        return None
    if not text.isdecimal() or int(text) < 1:
        raise Refusal(f"leader_from is {text!r}; it must be a whole number of vehicles of at "
                      "least 1, or none.")
    return int(text)


def _override(row: Row) -> Override | None:
    role, reason = row.get("mines_override_role", ""), row.get("mines_override_reason", "")
    return Override(role, reason) if role or reason else None


def _link(row: Row) -> Link | None:
    if "link_other" not in row:
        given = [c for c in row.values if c.startswith("link_")]
        require(not given, f"{', '.join(given)} is filled but link_other names no corridor.")
        return None
    return Link(
        other=row["link_other"],
        unit=LinkUnit(row.get("link_unit", LinkUnit.PERSONS)),
        ratio=row.get("link_ratio", 1.0),
        lead=row.get("link_lead", 0),
        other_lead=row.get("link_other_lead", 0),
        hold_at=row.get("link_hold_at", ""),
        when_stopped=row.get("link_when_stopped", ""),
    )
