"""The part of a case that routing software can express: buses, loads, minutes, a deadline.

One vehicle type; people who need seats, cut into full bus loads; each load is taken on at its
point in some minutes and brought to any reception centre. Checkpoints, bays and convoys have no
limits: a check is plain time on the way. The time is the window less the margin.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from attrs import asdict, evolve, frozen

from lull.domain.case import Case
from lull.domain.corridor import Direction, User
from lull.domain.fleet import Use, VehicleType
from lull.domain.people import Category, Group, Means
from lull.domain.place import INSIDE, OUTSIDE, Site, SiteKind
from lull.domain.tiers import Concave, Tier, TierKind

NO_WAY = 100_000
"""Minutes where there is no way: longer than any window."""

Minutes = Mapping[str, int]


@frozen
class Part:
    """What every peer is given; all times are whole minutes.

    `first`: from the opening to a point, by the best corridor. `out`: from a point to a
    reception centre. `back`: the reverse. `free`: from a point to having left the line, by the
    best corridor. A load counts where its bus has left the line at `minutes` or before.
    """

    name: str
    buses: int
    seats: int
    minutes: int
    loads: Minutes
    service: Minutes
    unload: Minutes
    first: Minutes
    free: Minutes
    out: Mapping[str, Minutes]
    back: Mapping[str, Minutes]

    @property
    def points(self) -> tuple[str, ...]:
        """Where people wait."""
        return tuple(self.loads)

    @property
    def receptions(self) -> tuple[str, ...]:
        """Where they are brought."""
        return tuple(self.unload)

    @property
    def all_loads(self) -> int:
        """How many loads wait."""
        return sum(self.loads.values())

    def between(self, one: str, other: str) -> tuple[int, str]:
        """Minutes from having loaded at a point to being at another, and the centre on the way."""
        return min(
            (self.out[one][r] + self.unload[r] + self.back[r][other], r) for r in self.receptions
        )

    def nearest(self, point: str) -> str:
        """The reception centre that is reached first from a point."""
        return min(self.receptions, key=lambda r: (self.out[point][r], r))

    def save(self, file: Path) -> None:
        """Write it as JSON."""
        file.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> Part:
        """Read what `save` wrote."""
        return cls(**json.loads(file.read_text(encoding="utf-8")))


Round = tuple[str, str]
"""A load: the point where it waits and the reception centre to which it is brought."""

Routes = list[list[Round]]
"""What a peer answers: for each bus its rounds in order."""


def with_receptions(part: Part, visits: list[list[str]]) -> Routes:
    """Points in the order of each bus, with the reception centre on the quickest way between."""
    routes: Routes = []
    for points in visits:
        ways = [part.between(p, q)[1] for p, q in pairwise(points)]
        if points:
            ways.append(part.nearest(points[-1]))
        routes.append(list(zip(points, ways, strict=True)))
    return routes


def bus_type(case: Case) -> VehicleType:
    """The one type that drives civilians through the line; raises ValueError for another number."""
    found = [
        kind for kind in case.fleet.values()
        if Use.PASSENGERS in kind.uses and {INSIDE, OUTSIDE} <= set(kind.sides) and kind.number
    ]  # fmt: skip
    if len(found) != 1:
        names = ", ".join(kind.id for kind in found) or "none"
        raise ValueError(
            f"Peers are given one type of bus that drives on both sides of the line; here: {names}."
        )
    return found[0]


def receptions(case: Case) -> list[Site]:
    """Reception centres on the outer side that buses reach."""
    return [
        s for s in case.sites.values() if s.kind is SiteKind.RECEPTION and s.sides == (OUTSIDE,)
    ]


def seated(case: Case) -> list[Group]:
    """Groups of civilians who need seats in a bus and may go to one of the reception centres."""
    centres = {site.id for site in receptions(case)}
    return [
        g for g in case.groups.values()
        if g.means is Means.TRANSPORT and g.category is Category.CIVILIANS
        and not g.unaccompanied and case.sites[g.site].sides == (INSIDE,)
        and (not g.destinations or centres & set(g.destinations))
    ]  # fmt: skip


def only_these(case: Case) -> Case:
    """The same pause with every limit, but with these people, buses and this one aim alone.

    No corridor is linked to another: a peer knows nothing of it, and its routes hold no minutes by
    which they could be set in step.
    """
    kind = bus_type(case)
    aim = Tier("people out", TierKind.PEOPLE, "persons",
               {"seated": 1.0, "walking": 1.0}, concave=Concave((1.0,), (1.0,)))  # fmt: skip
    return evolve(
        case,
        pause=evolve(case.pause, tiers=(aim,)),
        corridors={c.id: evolve(c, link=None) for c in case.corridors.values()},
        fleet={kind.id: kind},
        groups={g.id: g for g in seated(case)},
        stocks=(),
        demands=(),
        items={},
    )


def crossings(case: Case, direction: Direction) -> list[tuple[str, str, int]]:
    """Corridors for civilians: gate entered, gate left, likely minutes of check and way."""
    bus = bus_type(case).id
    found = []
    for corridor in case.crossings_for(User.CIVILIANS, direction):
        enters, leaves = corridor.gates(direction)
        if {case.sides_of(enters), case.sides_of(leaves)} != {(INSIDE,), (OUTSIDE,)}:
            continue
        way = case.leg(bus, enters, leaves)
        if way is not None:
            check = corridor.check(direction).minutes_of(bus).likely
            found.append((enters, leaves, check + way.likely))
    return found


def ready(case: Case, kind: VehicleType) -> int:
    """The minute at which buses may leave their base; negative before the first opening."""
    called = [] if case.pause.notice is None else [case.pause.notice + kind.mobilise]
    since = [] if kind.available_from is None else [kind.available_from]
    return max([*called, *since], default=-NO_WAY)


def part_of(case: Case, name: str) -> Part:
    """Take the part out of a case of one window; raises ValueError where there is none."""
    if len(case.pause.windows) != 1:
        raise ValueError(f"{name} has {len(case.pause.windows)} windows; peers are given one.")
    kind = bus_type(case)

    def drive(start: str, end: str) -> int:
        leg = case.leg(kind.id, start, end)
        return NO_WAY if leg is None else leg.likely

    goes_in, goes_out = (crossings(case, d) for d in (Direction.IN, Direction.OUT))
    people: Counter[str] = Counter()
    for group in seated(case):
        people[group.site] += group.wishing
    loads = {p: n // kind.seats for p, n in sorted(people.items()) if n >= kind.seats}
    centres = [site.id for site in receptions(case)]
    from_base = {a: max(0, ready(case, kind) + drive(kind.base, a)) for a, _, _ in goes_in}
    if not (loads and centres and goes_in and goes_out):
        raise ValueError(f"{name} has no full bus load, no reception centre or no way between.")
    return Part(
        name=name,
        buses=kind.number,
        seats=kind.seats,
        minutes=case.pause.windows[0].minutes - case.pause.rules.margin,
        loads=loads,
        service={p: case.sites[p].service_of(kind.id).likely for p in loads},
        unload={r: case.sites[r].service_of(kind.id).likely for r in centres},
        first={p: min(from_base[a] + m + drive(b, p) for a, b, m in goes_in) for p in loads},
        free={p: min(drive(p, a) + m for a, _, m in goes_out) for p in loads},
        out={
            p: {r: min(drive(p, a) + m + drive(b, r) for a, b, m in goes_out) for r in centres}
            for p in loads
        },
        back={
            r: {p: min(drive(r, a) + m + drive(b, p) for a, b, m in goes_in) for p in loads}
            for r in centres
        },
    )
