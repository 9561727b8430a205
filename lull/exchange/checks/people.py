"""Questions about people: can they be carried, do they choose, is there room and shelter."""

from __future__ import annotations

from lull.domain.corridor import Direction, User
from lull.domain.matching import USE_OF, USER_OF
from lull.domain.people import Group, Means
from lull.domain.place import PEOPLE_END_HERE, SiteKind
from lull.exchange.build.draft import Draft
from lull.exchange.checks.reach import carriers, corridors_for, destinations
from lull.exchange.finding import Where

MOST_NAMED = 6
"""Groups named in one sentence; the rest is counted."""

NEARLY_ALL = 0.95
"""Share of those wishing to leave from which it is asked whether anyone was free to stay."""


def wish_has_a_source(draft: Draft) -> None:
    """A share that wishes to leave was asked for, or is marked as assumed."""
    for group in _leaving(draft):
        if not group.wish_source and not group.wish_assumed:
            draft.findings.warn(
                "wish without source", _at(draft, group, "wish_source"),
                f"{group.wishing:,} of {group.id!r} are said to wish to leave, but not who asked "
                "them or when; give the source or say wish_assumed.",
                "", "a source, or wish_assumed: yes",
            )


def wish_is_not_everyone(draft: Draft) -> None:
    """Where nearly all are said to wish to leave, somebody may be forced."""
    for group in _leaving(draft):
        share = group.wishing / group.count
        if share >= NEARLY_ALL and not group.is_medical:
            draft.findings.warn(
                "nearly all wish to leave", _at(draft, group, "wishing_share"),
                f"{100 * share:.0f} % of {group.id!r} are said to wish to leave; were all of them "
                "asked, and free to stay?", f"{100 * share:.0f} %", "a share that was asked for",
            )


def destination_is_a_choice(draft: Draft) -> None:
    """People who leave have more than one place to go to; patients go where they are treated."""
    bound_for: dict[str, list[Group]] = {}
    for group in _leaving(draft):
        possible = [] if group.is_medical or group.unaccompanied else destinations(draft, group)
        if len(possible) == 1:
            bound_for.setdefault(possible[0].id, []).append(group)
    for destination, groups in bound_for.items():
        named = ", ".join(group.id for group in groups[:MOST_NAMED])
        more = f" and {len(groups) - MOST_NAMED} more" if len(groups) > MOST_NAMED else ""
        draft.findings.warn(
            "no choice of destination", _at(draft, groups[0], "destinations"),
            f"{named}{more} can go to {destination!r} only; a wish to leave is free where there "
            "is a choice, or where they were asked about this place.", destination,
            "two destinations or more",
        )


def somebody_can_carry_them(draft: Draft) -> None:
    """For each group there is a vehicle, a corridor and a destination, or a way on foot."""
    for group in _leaving(draft):
        lacking = _lacking(draft, group)
        if lacking:
            draft.findings.warn(
                "need that nobody can serve", _at(draft, group, ""),
                f"{group.id!r} ({group.wishing:,} persons, {group.need.value}) cannot be moved: "
                f"{'; '.join(lacking)}.", group.need.value, "a vehicle, a corridor, a destination",
            )


def _lacking(draft: Draft, group: Group) -> list[str]:
    """What a group lacks to be moved, in words."""
    site = draft.sites.get(group.site)
    user = USER_OF[group.category]
    lacking = []
    open_to = list(corridors_for(draft, user, Direction.OUT))
    if not open_to:
        lacking.append(f"no corridor is open to {user.value} on the way out")
    elif site and not any(c.inside_gate.side in site.sides for c in open_to):
        lacking.append(f"no corridor that is open to {user.value} has a gate on the side of "
                       f"{site.id!r}")
    if group.means is Means.ON_FOOT:
        if not any(c.check(Direction.OUT).persons_per_hour for c in open_to):
            lacking.append("no corridor lets people pass on foot (persons_per_hour_on_foot)")
    elif group.means is Means.TRANSPORT:
        kinds = carriers(draft, group)
        place = "stretchers" if group.is_medical else "seats"
        if not kinds:
            lacking.append(f"no vehicle type has the use {USE_OF[group.category].value} and "
                           f"{place}")
        elif site and not any(set(site.sides) & set(kind.sides) for kind in kinds):
            lacking.append(f"none of {', '.join(k.id for k in kinds)} may drive on the side of "
                           f"{site.id!r}")
    if not destinations(draft, group):
        lacking.append(_no_destination(group))
    return lacking


def _no_destination(group: Group) -> str:
    if group.unaccompanied:
        return "no destination receives unaccompanied children through a named organisation"
    if group.is_medical:
        return f"no destination is a hospital of level {group.hospital_level} or more"
    return "no reception centre or hospital lies on another side"


def children_go_to_an_organisation(draft: Draft) -> None:
    """Unaccompanied children are sent only to sites with a receiving organisation."""
    for group in draft.groups.values():
        if not group.unaccompanied:
            continue
        for name in group.destinations:
            site = draft.sites.get(name)
            if site and not site.receives_unaccompanied:
                draft.findings.error(
                    "unaccompanied children", _at(draft, group, "destinations"),
                    f"{group.id!r} are unaccompanied children, but {name!r} has no receiving "
                    "organisation.", name, "a site that receives unaccompanied children",
                )


def households_fit_a_vehicle(draft: Draft) -> None:
    """No household is larger than the largest vehicle that could carry it."""
    for group in _leaving(draft):
        kinds = carriers(draft, group)
        if group.means is not Means.TRANSPORT or not kinds or group.is_medical:
            continue
        most = max(kind.seats for kind in kinds)
        large = [size for size in group.households if size > most]
        if large:
            draft.findings.warn(
                "household too large", _at(draft, group, "household_sizes"),
                f"Households of {max(large)} in {group.id!r} do not fit the largest vehicle with "
                f"its {most} seats; they would share a convoy, not a vehicle.",
                str(max(large)), f"at most {most}",
            )


def room_where_they_arrive(draft: Draft) -> None:
    """Destinations together can take those who are expected."""
    if any(s.capacity_seated is None for s in draft.sites.values() if s.kind in PEOPLE_END_HERE):
        return
    room = sum(s.capacity_seated or 0 for s in draft.sites.values() if s.kind in PEOPLE_END_HERE)
    seated = sum(group.wishing - group.patients for group in draft.groups.values())
    if room < seated:
        draft.findings.warn(
            "capacity", Where(draft.tables.get("sites", "sites.csv"), 0, "capacity_seated"),
            f"Reception centres and hospitals have room for {room:,} persons, but {seated:,} wish "
            "to leave and need a place there.", f"{room:,}", f"{seated:,} or more",
        )


def beds_where_they_arrive(draft: Draft) -> None:
    """Hospitals together have beds for the patients who are expected."""
    hospitals = [s for s in draft.sites.values() if s.kind is SiteKind.HOSPITAL]
    if any(s.capacity_stretcher is None for s in hospitals) or not hospitals:
        return
    beds = sum((s.capacity_stretcher or 0) + (s.capacity_critical or 0) for s in hospitals)
    patients = sum(group.patients for group in draft.groups.values())
    if beds < patients:
        draft.findings.warn(
            "capacity", Where(draft.tables.get("sites", "sites.csv"), 0, "capacity_stretcher"),
            f"Hospitals have {beds:,} beds, but {patients:,} patients wish to leave.",
            f"{beds:,}", f"{patients:,} or more",
        )


def shelter_is_known(draft: Draft) -> None:
    """Where people wait, it is known how long they walk back to shelter."""
    waiting = {group.site for group in draft.groups.values()}
    for row in draft.rows.get("sites", []):
        if row.get("id") in waiting and "walk_to_shelter_minutes" not in row:
            draft.findings.warn(
                "shelter", row.where.at("walk_to_shelter_minutes"),
                f"People wait at {row['id']!r}, but it is not said how far shelter is; 0 minutes "
                "are counted, so they would be sent home late.", "", "minutes on foot to shelter",
            )


def no_more_than_are_inside(draft: Draft) -> None:
    """The groups together are not more than the people said to be inside."""
    inside = draft.pause.people_inside if draft.pause else None
    counted = sum(
        group.count
        for group in draft.groups.values()
        if (site := draft.sites.get(group.site)) and site.inside
    )
    if inside is not None and counted > inside:
        draft.findings.warn(
            "people inside", draft.entry.at("people_inside"),
            f"people.csv counts {counted:,} persons inside, but people_inside says {inside:,}.",
            f"{inside:,}", f"{counted:,} or more",
        )


def corridor_for_walkers(draft: Draft) -> None:
    """People on foot have a way that is given or found for them."""
    travel = draft.travel
    if travel is None:
        return
    for group in _leaving(draft):
        if group.means is not Means.ON_FOOT:
            continue
        gates = [
            c.gate_place(c.inside_gate.side)
            for c in corridors_for(draft, User.CIVILIANS, Direction.OUT)
        ]
        profile = "foot"
        if gates and group.site in travel.index and not any(
            travel.leg(profile, group.site, gate) for gate in gates if gate in travel.index
        ):
            draft.findings.warn(
                "no way on foot", _at(draft, group, "means"),
                f"{group.id!r} would walk, but no way on foot leads from {group.site!r} to a gate; "
                "rows for `all` do not count for people on foot.", group.site,
                "a way with the profile foot",
            )


def _leaving(draft: Draft) -> list[Group]:
    return [group for group in draft.groups.values() if group.wishing > 0]


def _at(draft: Draft, group: Group, column: str) -> Where:
    return draft.place_of("people", group.id, column)
