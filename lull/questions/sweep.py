"""`sweep`: many pauses planned one by one, as for a country; what of them may be added up.

Each is planned as `lull plan` does with the same work and seed. Figures are added only where
nothing is counted twice: people or needs at one and the same place in two of the pauses belong to
no sum, and neither do plans that rest on the same vehicles at the same time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, Protocol

from attrs import frozen

from lull.domain.case import Case
from lull.domain.pause import Consents
from lull.domain.place import Site
from lull.domain.plan import Plan
from lull.plan import DEFAULT_WORK, make_plan
from lull.plan.result import Result
from lull.questions.replanning import Stop, Told, never, silent

READINGS = tuple(Consents)

DEGREES = 4
"""Decimals of a degree to which two places are one and the same: about ten metres."""


class Executor(Protocol):
    """Where pauses are planned; None plans them here."""

    def each(
        self, fn: Callable[..., Any], rows: Iterable[tuple[Any, ...]]
    ) -> Iterator[tuple[int, Any]]:
        """Apply a function to each row; its number and the result as each is done, in any order.

        Rows are taken one by one, as there is room for them.
        """
        ...


@frozen(eq=False)
class Place:
    """One of the pauses under a name of its own; `case` is the whole folder's."""

    name: str
    case: Case


@frozen(eq=False)
class Swept:
    """What was planned for a pause: a result for each reading of the consents.

    `work` is what the main reading took, which was given to the others.
    """

    name: str
    main: Consents
    results: Mapping[Consents, Result]
    work: int

    @property
    def result(self) -> Result:
        """That of the main reading."""
        return self.results[self.main]


def sweep(
    places: Iterable[Place],
    main: Consents = Consents.ALL_MET,
    *,
    work: int = DEFAULT_WORK,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Told = silent,
    stop: Stop = never,
) -> Iterator[Swept]:
    """Plan pauses, and give each as it is done.

    `places` are taken one by one, as there is room for them; none is taken, and none waited for,
    once `stop()` is true. The same work and seed give the same plans, in whatever order.
    """
    names: list[str] = []

    def rows() -> Iterator[tuple[Case, Consents, int, int]]:
        for place in places:
            if stop():
                return
            names.append(place.name)
            yield place.case, main, work, seed

    ended = executor.each(plan_place, rows()) if executor else (
        (number, plan_place(*row)) for number, row in enumerate(rows()))
    for done, (number, (results, spent)) in enumerate(ended, start=1):
        progress("planning each pause", done, 0)
        yield Swept(names[number], main, results, spent)
        if stop():
            return


def plan_place(
    case: Case, main: Consents, work: int, seed: int
) -> tuple[dict[Consents, Result], int]:
    """A result for each reading of the consents, the main one first, and the work that it took.

    Readings that open the same corridors to the same users share one result.
    """
    found: dict[Consents, Result] = {}
    spent = work
    for reading in (main, *(r for r in READINGS if r is not main)):
        now = case.on(reading)
        alike = next((r for r in found if same_ways(case.on(r), now)), None)
        if alike is not None:
            found[reading] = found[alike]
        elif not now.corridors:
            found[reading] = Result(plan=Plan())
        else:
            found[reading] = make_plan(now, work=spent, seed=seed)
            if reading is main and not found[main].refused:
                spent = found[main].plan.work
    return found, spent


def same_ways(one: Case, other: Case) -> bool:
    """Whether two readings of a case open the same corridors to the same users."""
    return {k: c.users for k, c in one.corridors.items()} == {
        k: c.users for k, c in other.corridors.items()}


@frozen
class Ground:
    """What of a pause could be counted in another one too.

    `people` and `needs` are the places where people wait and where aid is needed; `vehicles` those
    where vehicles stand; `windows` the minutes since 1970, UTC, in which they are used.
    """

    name: str
    people: frozenset[object]
    needs: frozenset[object]
    vehicles: frozenset[object]
    windows: tuple[tuple[float, float], ...]


def ground(name: str, case: Case) -> Ground:
    """That of a pause."""
    def here(site: str) -> object:
        return _where(case.pause.place, case.sites[site])

    clock = case.pause.clock
    return Ground(
        name,
        frozenset(here(g.site) for g in case.groups.values() if g.wishing),
        frozenset(here(d.site) for d in case.demands if d.units),
        frozenset(here(v.base) for v in case.fleet.values() if v.number),
        tuple((clock.utc(w.opens).timestamp() / 60, clock.utc(w.closes).timestamp() / 60)
              for w in case.pause.windows))


def _where(town: str, site: Site) -> object:
    """A place by its degrees, or by its name in the town where it has none."""
    if site.lat is None or site.lon is None:
        return town.casefold().strip(), (site.name or site.id).casefold().strip()
    return round(site.lat, DEGREES), round(site.lon, DEGREES)


@frozen
class Twice:
    """Two pauses in which the same could be counted: `what` is people, needs or vehicles."""

    what: str
    one: str
    other: str
    places: int


def counted_twice(grounds: Sequence[Ground]) -> tuple[Twice, ...]:
    """Every pair of pauses that have people, needs or vehicles in common.

    Vehicles are in common only where windows overlap: they can serve one pause after the other.
    """
    found = []
    for one, other in combinations(grounds, 2):
        found += [Twice(what, one.name, other.name, len(both)) for what, both in (
            ("people", one.people & other.people), ("needs", one.needs & other.needs),
            ("vehicles", one.vehicles & other.vehicles if _overlap(one, other) else ()),
        ) if both]
    return tuple(found)


def _overlap(one: Ground, other: Ground) -> bool:
    return any(a < d and c < b for a, b in one.windows for c, d in other.windows)


@frozen
class Sums:
    """Which sums over pauses stand: of what is asked for, of what plans move, of what none can.

    What no plan can exceed may be added up even where vehicles are in common: each pause is given
    all of them.
    """

    people: bool
    people_moved: bool
    tonnes: bool
    tonnes_moved: bool


def sums(twice: Collection[Twice]) -> Sums:
    """Which sums stand where these are in common."""
    what = {t.what for t in twice}
    people, needs, vehicles = ("people" not in what, "needs" not in what, "vehicles" not in what)
    return Sums(people, people and vehicles, needs, needs and vehicles)
