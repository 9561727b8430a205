"""Rows of people and fleet into groups and vehicle types."""

from __future__ import annotations

from lull.domain.fleet import Use, VehicleType
from lull.domain.people import PATIENTS, Category, Group, Means, Need
from lull.domain.place import OUTSIDE
from lull.domain.refusal import require
from lull.exchange.build.draft import Draft
from lull.exchange.build.households import (
    ASSUMED_HOUSEHOLD,
    households,
    patients_households,
    times,
)
from lull.exchange.build.times import minute
from lull.exchange.rows import Row

MOST_HOUSEHOLDS_ASSUMED = 8
"""Groups named in the warning about assumed household sizes; the rest is counted."""


def build_people(draft: Draft) -> None:
    """Fill in the draft's groups, and say where household sizes were assumed."""
    for _, made in draft.make("people", draft.rows.get("people", []), _group):
        draft.groups.setdefault(made.id, made)
    assumed = [
        row["id"]
        for row in draft.rows.get("people", [])
        if row.good
        and "household_sizes" not in row
        and not row.get("unaccompanied")
        and row.get("need") not in PATIENTS
    ]
    if assumed:
        named = ", ".join(assumed[:MOST_HOUSEHOLDS_ASSUMED])
        more = len(assumed) - MOST_HOUSEHOLDS_ASSUMED
        draft.findings.warn(
            "household sizes",
            draft.rows["people"][0].where.at("household_sizes"),
            f"No household sizes for {named}{f' and {more} more' if more > 0 else ''}; "
            f"{ASSUMED_HOUSEHOLD:g} persons a household are assumed.",
            "", "sizes such as 1:40|4:100, or an average",
        )


def _wishing(row: Row) -> int:
    """How many of `count` wish to leave."""
    count, share, stated = row["count"], row.get("wishing_share"), row.get("wishing_count")
    require(
        share is not None or stated is not None,
        "Neither wishing_share nor wishing_count is given; how many wish to leave must be said, "
        "because people leave by choice.",
    )
    if share is None:
        assert stated is not None
        require(stated <= count, f"{stated} wish to leave but only {count} are there.")
        return int(stated)
    by_share = times(count, share)
    require(
        stated is None or stated == by_share,
        f"wishing_count says {stated} but wishing_share gives {by_share}; give one of them.",
    )
    return by_share


def _group(row: Row) -> Group:
    need = Need(row.get("need", Need.SEATED))
    patients = need in PATIENTS
    default = Category.PATIENTS if patients else Category.CIVILIANS
    fixed, averages = row.get("household_sizes", ({}, ()))
    wishing = _wishing(row)
    if patients:
        require(not averages, "For patients household_sizes takes size:number pairs; give an "
                "average number of companions in companions_per_patient.")
        each = row.get("companions_per_patient", 0.0)
        homes = patients_households(wishing, fixed, each)
        persons = sum(size * number for size, number in homes.items())
        others = row["count"] - wishing
        count = persons + others + times(others, each)
        wishing = persons
    else:
        require("companions_per_patient" not in row,
                "companions_per_patient is for stretcher and critical patients only.")
        if not fixed and not averages:
            averages = (1.0 if row.get("unaccompanied") else ASSUMED_HOUSEHOLD,)
        homes = households(wishing, fixed, averages)
        count = row["count"]
    return Group(
        id=row["id"],
        site=row["site"],
        count=count,
        wishing=wishing,
        households=homes,
        need=need,
        category=Category(row.get("category", default)),
        means=Means(row.get("means", Means.TRANSPORT)),
        neighbourhood=row.get("neighbourhood", ""),
        destinations=row.get("destinations", ()),
        unaccompanied=row.get("unaccompanied", False),
        hospital_level=row.get("hospital_level", 0),
        persons_per_car=row.get("persons_per_car", 0),
        wish_source=row.get("wish_source", ""),
        wish_assumed=row.get("wish_assumed", False),
        source=row.get("source", ""),
        note=row.get("note", ""),
    )


def build_fleet(draft: Draft) -> None:
    """Fill in the draft's vehicle types."""

    def vehicle_type(row: Row) -> VehicleType:
        base = draft.sites.get(row["base"])
        return VehicleType(
            id=row["id"],
            name=row.get("name", row["id"]),
            number=row["number"],
            base=row["base"],
            uses=frozenset(Use(use) for use in row["uses"]),
            sides=row.get("sides", base.sides if base else (OUTSIDE,)),
            seats=row.get("seats", 0),
            stretchers=row.get("stretchers", 0),
            payload_t=row.get("payload_t", 0.0),
            speed_factor=row.get("speed_factor", 1.0),
            mobilise=row.get("mobilise_minutes", 0),
            available_from=minute(draft, row, "available_from"),
            available_to=minute(draft, row, "available_to"),
            crew_duty=row.get("crew_duty_minutes"),
            assumed=row.get("assumed", ""),
            source=row.get("source", ""),
        )

    for _, made in draft.make("fleet", draft.rows.get("fleet", []), vehicle_type):
        draft.fleet.setdefault(made.id, made)
