"""`compare`: two pauses or two plans side by side: who gains, who loses, and what is proven."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from attrs import frozen

from lull.domain.case import Case
from lull.domain.corridor import Direction
from lull.domain.people import Need
from lull.domain.plan import Plan
from lull.domain.tiers import TierKind
from lull.plan.result import Result
from lull.questions.counts import Counts, Share, counts

SAME = 1e-6
"""Differences below this share are rounding."""


class Of(StrEnum):
    """What a line of a comparison counts."""

    ALL = "all"
    TIER = "tier"
    NEED = "need"
    PLACE = "neighbourhood"
    AID = "aid to a neighbourhood"


@frozen
class Side:
    """A plan of a case; `bounds` are those of the planner where they are known."""

    case: Case
    plan: Plan
    bounds: Result | None = None


@frozen
class Change:
    """One figure in A and in B, beside what is asked for and what no plan of each can exceed.

    `most_a` and `most_b` are None where no bound is known for the figure.
    """

    of: Of
    name: str
    unit: str
    asked_a: float
    asked_b: float
    a: float
    b: float
    most_a: float | None = None
    most_b: float | None = None

    @property
    def more(self) -> float:
        """How much more it is in B; 0 where the difference is rounding."""
        found = self.b - self.a
        return 0.0 if abs(found) <= SAME * max(1.0, abs(self.a), abs(self.b)) else found

    @property
    def proven(self) -> bool:
        """Whether the one is more than any plan of the other can reach."""
        if self.more > 0:
            return self.most_a is not None and self.b > self.most_a * (1 + SAME) + SAME
        if self.more < 0:
            return self.most_b is not None and self.a > self.most_b * (1 + SAME) + SAME
        return False


@frozen
class Differs:
    """Something that the two cases say differently."""

    what: str
    a: str
    b: str


@frozen
class Comparison:
    """All lines, in the order all, tiers, needs, neighbourhoods; and in what the cases differ."""

    changes: tuple[Change, ...]
    differs: tuple[Differs, ...]

    def of(self, what: Of) -> tuple[Change, ...]:
        """The lines that count one thing."""
        return tuple(c for c in self.changes if c.of is what)


def compare(a: Side, b: Side) -> Comparison:
    """Put two plans side by side; what stands in only one of the cases counts as 0 in the other."""
    one, two = counts(a.case, a.plan), counts(b.case, b.plan)
    return Comparison(
        (*_totals(a, b, one, two), *_tiers(a, b, one, two), *_needs(one, two),
         *_places(one, two)),
        tuple(d for d in _differences(a.case, b.case) if d.a != d.b))


def _change(of: Of, name: str, unit: str, a: Share, b: Share,
            most_a: float | None = None, most_b: float | None = None) -> Change:
    return Change(of, name, unit, a.asked, b.asked, a.done, b.done, most_a, most_b)


def _totals(a: Side, b: Side, one: Counts, two: Counts) -> Iterator[Change]:
    for name in ("persons", "patients", "tonnes"):
        yield _change(Of.ALL, name, name, getattr(one, name), getattr(two, name),
                      _ceiling(a, name), _ceiling(b, name))


def _ceiling(side: Side, name: str) -> float | None:
    known = side.bounds is not None and side.bounds.tiers
    return float(getattr(side.bounds.ceiling, name)) if known and side.bounds else None


def _tiers(a: Side, b: Side, one: Counts, two: Counts) -> Iterator[Change]:
    """The tiers that both pauses have, by name, in the order of A."""
    first, second = _values(a, one), _values(b, two)
    for name, (unit, value, most) in first.items():
        if name in second and second[name][0] == unit:
            _, other, other_most = second[name]
            yield _change(Of.TIER, name, unit, Share(0, value), Share(0, other), most, other_most)


def _values(side: Side, of: Counts) -> dict[str, tuple[str, float, float | None]]:
    tiers = [t for t in side.case.pause.tiers if t.kind is not TierKind.SHORTER]
    bounds = {t.name: t.bound_any for t in side.bounds.tiers} if side.bounds else {}
    return {t.name: (t.unit, value, bounds.get(t.name))
            for t, value in zip(tiers, of.tiers, strict=True)}


def _needs(one: Counts, two: Counts) -> Iterator[Change]:
    for need in reversed(Need):
        a, b = one.by_need.get(need, Share()), two.by_need.get(need, Share())
        if a.asked or b.asked:
            yield _change(Of.NEED, need.value, "persons", a, b)


def _places(one: Counts, two: Counts) -> Iterator[Change]:
    for of, unit, first, second in (
        (Of.PLACE, "persons", one.by_place, two.by_place),
        (Of.AID, "tonnes", one.tonnes_by_place, two.tonnes_by_place),
    ):
        for name in dict.fromkeys([*first, *second]):
            a, b = first.get(name, Share()), second.get(name, Share())
            if a.asked or b.asked:
                yield _change(of, name, unit, a, b)


def _differences(a: Case, b: Case) -> Iterator[Differs]:
    """What a coordinator would look for first: hours, fleet, corridors, people, aid, terms."""
    yield Differs("windows", _windows(a), _windows(b))
    yield Differs("notice", _notice(a), _notice(b))
    for kind in dict.fromkeys([*a.fleet, *b.fleet]):
        yield Differs(f"vehicles of type {kind}", *(
            str(c.fleet[kind].number) if kind in c.fleet else "none" for c in (a, b)))
    for name in dict.fromkeys([*a.corridors, *b.corridors]):
        yield Differs(f"corridor {name}", _corridor(a, name), _corridor(b, name))
    yield Differs("people who wish to leave", *(
        str(sum(g.wishing for g in c.groups.values())) for c in (a, b)))
    yield Differs("tonnes needed", *(
        f"{sum(d.units * c.items[d.item].kg for d in c.demands) / 1000:g}" for c in (a, b)))
    yield Differs("margin, minutes", str(a.pause.rules.margin), str(b.pause.rules.margin))


def _windows(case: Case) -> str:
    clock = case.pause.clock
    return ", ".join(
        f"{clock.local(w.opens):%Y-%m-%d %H:%M} to {clock.local(w.closes):%Y-%m-%d %H:%M}"
        for w in case.pause.windows)


def _notice(case: Case) -> str:
    notice = case.pause.notice
    return "long before" if notice is None else f"{case.pause.clock.local(notice):%Y-%m-%d %H:%M}"


def _corridor(case: Case, name: str) -> str:
    if name not in case.corridors:
        return "not open"
    corridor = case.corridors[name]
    ways = [w for w in Direction if w in corridor.directions]
    lanes = ", ".join(
        f"{w.value}: {corridor.lanes(w)} lanes, {corridor.check(w).minutes_of('').likely} min"
        for w in ways)
    rule = corridor.convoy
    convoys = f"; convoys of {rule.largest or 'any size'}, {rule.headway} min apart"
    users = ", ".join(sorted(u.value for u in corridor.users))
    return f"{users}; {lanes}{convoys}"
