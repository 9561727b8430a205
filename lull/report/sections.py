"""Tables of a report: what was assumed, claimed and agreed, and what happens when and where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from attrs import frozen
from markupsafe import Markup

from lull.domain.case import Case
from lull.domain.corridor import MineStatus, User
from lull.domain.plan import Plan
from lull.report.figures import supplied
from lull.report.timetables import Cell, Row, Table, by_convoy, by_corridor, by_site
from lull.report.words import (
    DIRECTION_WORDS,
    USER_WORDS,
    bdi,
    corridor_name,
    count_of,
    local,
    percent,
    site_name,
    tonnes,
    utc,
    whole,
)


@frozen
class Group:
    """Rows of a timetable under one name, with a short note beside it."""

    name: Markup
    plain: str
    note: str
    rows: tuple[Row, ...]
    households: str = ""


@frozen
class Convoys:
    """All convoys through one corridor, each with its vehicles."""

    name: Markup
    plain: str
    note: str
    convoys: tuple[Group, ...]


def _amount(cell: Cell) -> float:
    return float(cell or 0)


def corridor_groups(case: Case, plan: Plan) -> tuple[Group, ...]:
    """What passes each corridor, in the order of the slots."""
    rows: dict[str, list[dict[str, Cell]]] = defaultdict(list)
    for row in by_corridor(case, plan).records():
        rows[str(row["corridor"])].append(row)
    kept = (
        "slot_local",
        "slot_utc",
        "direction",
        "convoy",
        "vehicles",
        "leader",
        "last_cleared_local",
        "leaves_local",
        "persons",
        "patients",
        "tonnes",
    )
    arabic = {corridor_name(case, c.id): c.name_ar for c in case.corridors.values()}
    groups = []
    for name, some in rows.items():
        out = sum(_amount(r["persons"]) for r in some if r["direction"] == "out")
        aid = sum(_amount(r["tonnes"]) for r in some if r["direction"] == "in")
        passes = count_of(len(some), "convoy or party", "convoys and parties")
        note = f"{passes} · {whole(out)} people out · {tonnes(aid)} t in"
        cells = tuple(tuple(r[k] for k in kept) for r in some)
        groups.append(Group(bdi(name, arabic.get(name, "")), name, note, cells))
    return tuple(groups)


CONVOY_CELLS = (
    "place",
    "vehicle",
    "arrives_local",
    "enters_local",
    "cleared_local",
    "persons",
    "stretchers",
    "tonnes",
)


def convoy_groups(case: Case, plan: Plan) -> tuple[Convoys, ...]:
    """The vehicles of each convoy, by corridor in the order of the slots."""
    rows: dict[str, dict[str, list[dict[str, Cell]]]] = defaultdict(lambda: defaultdict(list))
    for row in by_convoy(case, plan).records():
        rows[str(row["corridor"])][str(row["convoy"])].append(row)
    arabic = {corridor_name(case, c.id): c.name_ar for c in case.corridors.values()}
    return tuple(
        Convoys(
            bdi(name, arabic.get(name, "")),
            name,
            count_of(len(convoys), "convoy"),
            tuple(_convoy(convoy, some) for convoy, some in convoys.items()),
        )
        for name, convoys in rows.items()
    )


def _convoy(name: str, some: list[dict[str, Cell]]) -> Group:
    first = some[0]
    note = (
        f"{first['direction']} at {first['slot_local']} ({first['slot_utc']}), past the far gate "
        f"{first['leaves_local']}"
    )
    cells = tuple(
        tuple(f"{r[k]}, leads" if k == "vehicle" and r["leads"] else r[k] for k in CONVOY_CELLS)
        for r in some
    )
    return Group(bdi(name), name, note, cells, str(first["households"] or ""))


def site_groups(case: Case, plan: Plan) -> tuple[Group, ...]:
    """What happens at each site, in order; departures from and returns to base are left out."""
    rows: dict[str, list[dict[str, Cell]]] = defaultdict(list)
    for row in by_site(case, plan).records():
        if row["what"] not in ("leave base", "end"):
            rows[str(row["site"])].append(row)
    groups = []
    for site, some in rows.items():
        cells = tuple(
            (
                r["local"],
                r["utc"],
                r["what"],
                r["until_local"],
                r["vehicle"] or r["convoy_or_party"],
                r["persons"] or None,
                r["patients"] or None,
                r["detail"],
            )
            for r in some
        )
        place = case.sites[site]
        note = count_of(len(some), "entry", "entries")
        groups.append(
            Group(bdi(site_name(case, site), place.name_ar), site_name(case, site), note, cells)
        )
    return tuple(groups)


def last_calls(case: Case, plan: Plan) -> Table:
    """Last call and send-home time by site and window."""
    clock = case.pause.clock
    rows = tuple(
        (
            site_name(case, last.site),
            case.pause.windows[last.window].name or f"window {last.window + 1}",
            local(clock, last.last_call),
            utc(clock, last.last_call),
            local(clock, last.send_home),
            utc(clock, last.send_home),
        )
        for last in plan.last_calls
    )
    header = ("site", "window", "last call", "UTC", "send home", "UTC ")
    return Table("last-calls", "Last call and send-home", header, rows)


def supplies(case: Case, plan: Plan) -> Table:
    """Each line of need beside what reaches it."""
    rows = tuple(
        (
            line.neighbourhood,
            site_name(case, line.site),
            f"{line.item}, {line.unit}",
            line.needed,
            line.minimum,
            line.units,
            round(line.tonnes, 1),
            percent(line.units / line.needed) if line.needed else "–",
            f"{whole(line.persons)} people for {line.days:g} days"
            if line.persons and line.days
            else "",
        )
        for line in supplied(case, plan)
    )
    header = (
        "neighbourhood",
        "at",
        "item",
        "needed",
        "least to survive",
        "delivered",
        "tonnes",
        "share",
        "enough for",
    )
    return Table("supplies", "What reaches those who stay", header, rows)


def consents(case: Case) -> Table:
    """What each party has said, in its own act, with its source."""
    names = {party.id: party.name for party in case.pause.parties}
    rows = tuple(
        (
            names.get(c.party, c.party),
            c.stance.value.replace("_", " "),
            "all corridors" if c.corridor == "*" else corridor_name(case, c.corridor),
            "all uses" if c.use == "*" else USER_WORDS[User(c.use)],
            c.condition,
            c.at,
            c.source,
        )
        for c in case.pause.consents
    )
    header = ("party", "has said", "corridor", "use", "condition", "when", "source")
    return Table("consents", "What each party has said", header, rows)


def safeguards(case: Case) -> Table:
    """The security measures agreed."""
    rows = tuple((s.what, s.binds, s.observed_by, s.state, s.source) for s in case.safeguards)
    return Table(
        "safeguards", "Safeguards", ("measure", "binds", "observed by", "state", "source"), rows
    )


def claims(case: Case) -> Table:
    """Claims with their sources; those about one thing stand together."""
    order = {about: i for i, about in enumerate(dict.fromkeys(c.about for c in case.claims))}
    rows = tuple(
        (c.about, float(c.figure), c.unit, c.claimed_by, c.at, c.source, c.note)
        for c in sorted(case.claims, key=lambda c: order[c.about])
    )
    header = ("about", "figure", "unit", "claimed by", "when", "source", "note")
    return Table("claims", "Claims side by side", header, rows)


def _marked(case: Case) -> Iterable[tuple[str, str, str, str]]:
    """(what, name, assumed, source) of all that may be assumed."""
    for site in case.sites.values():
        yield "site", site.name or site.id, site.assumed, site.source
    for corridor in case.corridors.values():
        yield "corridor", corridor.name or corridor.id, corridor.assumed, corridor.source
    for kind in case.fleet.values():
        yield "vehicles", kind.name or kind.id, kind.assumed, kind.source
    for item in case.items.values():
        yield "item", item.name or item.id, item.assumed, item.source
    for group in case.groups.values():
        assumed = "share that wishes to leave" if group.wish_assumed else ""
        yield (
            "people",
            f"{group.id} at {site_name(case, group.site)}",
            assumed,
            (group.wish_source or group.source),
        )


def assumptions(case: Case) -> Table:
    """All that is marked assumed; like assumptions stand in one row."""
    joined: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for words in case.pause.assumptions:
        joined["the pause", words, ""].append("all")
    for what, name, assumed, source in _marked(case):
        if assumed:
            joined[what, assumed, source].append(name)
    rows = tuple(
        (what, assumed, _listed(names), source) for (what, assumed, source), names in joined.items()
    )
    header = ("what", "assumed", "for", "source or reason")
    return Table("assumptions", "Assumptions", header, rows)


def documented(case: Case) -> Table:
    """What rests on a named source, by source."""
    joined: dict[tuple[str, str], list[str]] = defaultdict(list)
    for what, name, assumed, source in _marked(case):
        if source and not assumed:
            joined[what, source].append(name)
    rows = tuple((what, _listed(names), source) for (what, source), names in joined.items())
    return Table("documented", "Figures with a source", ("what", "which", "source"), rows)


def _listed(names: list[str]) -> str:
    return ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")


def wish_words(case: Case) -> str:
    """Groups whose wish to leave is assumed or has no source, as `n people in m groups`."""
    open_to_doubt = [
        g for g in case.groups.values() if g.wishing and (g.wish_assumed or not g.wish_source)
    ]
    if not open_to_doubt:
        return ""
    people = count_of(sum(g.wishing for g in open_to_doubt), "person", "people")
    return f"{people} in {count_of(len(open_to_doubt), 'group')}"


def override_sentences(case: Case, plan: Plan) -> tuple[str, ...]:
    """Rules that a named role has set aside, and ways whose mines are not known to be cleared."""
    said = [
        f"The rule «{rule}» is set aside by {role}: {reason}"
        for rule, (role, reason) in plan.overrides.items()
    ]
    alike: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for corridor in case.corridors.values():
        doubtful = {
            d: corridor.mine_status(d)
            for d in sorted(corridor.directions)
            if corridor.mine_status(d) is not MineStatus.CLEARED
        }
        if not doubtful:
            continue
        states = ", ".join(f"{DIRECTION_WORDS[d]}: {s.value}" for d, s in doubtful.items())
        by = corridor.mines_override
        key = (states, by.role if by else "", by.reason if by else "")
        alike[key].append(corridor.name or corridor.id)
    for (states, role, reason), names in alike.items():
        words = f"Mines ({states}) on {', '.join(names)}."
        said.append(words + (f" The rule is set aside by {role}: {reason}" if role else ""))
    return tuple(said)
