"""Who is on board of a vehicle that has broken down: not moved, but waiting where they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from attrs import define, evolve, field, frozen

from lull.domain.case import Case
from lull.domain.corridor import Direction
from lull.domain.plan import Convoy, Crossing, Goods, Household, People, Step, Stop, Task, left_at

Rounds = dict[str, list[Step]]


@frozen
class Stranded:
    """A vehicle out of service with those on board of it.

    `households` are those of whom anybody is on board, whole; `pick_up` the site inside at which
    another vehicle is to take them on ("" where none can be planned and they are to be fetched by
    hand); `goods` what is on board; `aid` says that the vehicle was to bring aid.
    """

    vehicle: str
    at: int
    where: str
    inside: bool
    people: tuple[People, ...] = ()
    households: tuple[Household, ...] = ()
    pick_up: str = ""
    goods: tuple[Goods, ...] = ()

    @property
    def persons(self) -> int:
        """Who is on board, counted."""
        return sum(p.persons for p in self.people)


def aboard_at(steps: Sequence[Step], minute: int) -> tuple[list[People], list[Goods]]:
    """What a vehicle has taken on and not set down by a minute of its round."""
    people: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    goods: dict[tuple[str, str, str], int] = defaultdict(int)
    for step in steps:
        if not isinstance(step, Stop) or step.task not in (Task.LOAD, Task.UNLOAD):
            continue
        if step.departs > minute:
            break
        sign = 1 if step.task is Task.LOAD else -1
        for line in step.people:
            people[line.group, line.destination][0] += sign * line.persons
            people[line.group, line.destination][1] += sign * line.stretchers
        for part in step.goods:
            source = part.taken_from or (step.site if sign > 0 else "")
            key = next((k for k in goods if k[:2] == (part.item, part.destination)),
                       (part.item, part.destination, source))
            goods[key] += sign * part.units
    return ([People(g, d, many, lying) for (g, d), (many, lying) in people.items() if many > 0],
            [Goods(item, goal, units, source) for (item, goal, source), units in goods.items()
             if units > 0])


def place_at(case: Case, steps: Sequence[Step], minute: int) -> tuple[str, str]:
    """Where a vehicle is at a minute of its round, in words, and the corridor if it is in one."""
    before = "its base"
    for step in steps:
        here = (case.sites[step.site].name or step.site) if isinstance(step, Stop) else (
            case.corridors[step.corridor].name or step.corridor)
        if minute < step.arrives:
            return f"between {before} and {here}", ""
        if minute < left_at(step):
            if isinstance(step, Crossing) and minute >= step.enters:
                return f"in the corridor {here}", step.corridor
            return f"at {here}", ""
        before = here
    return f"on the way back from {before}", ""


def stranded(case: Case, vehicle: str, steps: Sequence[Step], at: int, inside: bool) -> Stranded:
    """Who and what is on board of a vehicle that broke down at a minute of its round."""
    people, goods = aboard_at(steps, at)
    where, corridor = place_at(case, steps, at)
    sites = [s.site for s in steps if isinstance(s, Stop) and s.task is Task.LOAD
             and s.departs <= at and s.people]
    can = inside and not corridor and people and sites and all(
        case.groups[p.group].site == sites[-1] for p in people)
    return Stranded(vehicle, at, where, inside, tuple(people), (), sites[-1] if can else "",
                    tuple(goods))


@define(eq=False)
class Without:
    """Takes vehicles out of the rounds of their groups, and who was to ride in them."""

    case: Case
    less: dict[str, list[Household]] = field(factory=lambda: defaultdict(list))
    """Households that a convoy does not carry after all."""

    uncalled: dict[tuple[str, str, str], int] = field(factory=lambda: defaultdict(int))
    """Persons by site, group and convoy who are not called, or are not waiting any more."""

    def take_out(
        self, vehicle: str, moved: Rounds, at: int, convoys: Mapping[str, Convoy]
    ) -> tuple[Household, ...]:
        """Take a vehicle out of a group's steps, in place; the households of those on board.

        Where it has set something down in this round before `at`, its steps stay, without what it
        has not: the aid that it brought has come.
        """
        steps = moved[vehicle]
        delivered = any(isinstance(s, Stop) and s.task is Task.UNLOAD and s.departs <= at
                        and (s.people or s.goods) for s in steps)
        here = {(p.group, p.destination) for p in aboard_at(steps, at)[0]}
        kept = self._stripped(steps, at) if delivered else None
        found: list[Household] = []
        for group, goal, convoy, persons, lying, site in _bound(steps):
            if delivered and (group, goal) in _set_down(steps, at):
                continue
            some, over, over_lying = whole(
                self.case, self._left(convoys[convoy]), group, goal, persons, lying)
            self.less[convoy] += some
            self.uncalled[site, group, convoy] += sum(h.size * h.number for h in some)
            _reduce({v: s for v, s in moved.items() if v != vehicle}, moved, group, goal, over,
                    over_lying)
            if (group, goal) in here:
                found += some
        if kept is not None:
            moved[vehicle] = kept
        else:
            del moved[vehicle]
            _close_ranks(moved, steps)
        return tuple(found)

    def _left(self, convoy: Convoy) -> list[Household]:
        return fewer(convoy.households, self.less[convoy.id])

    def _stripped(self, steps: Sequence[Step], at: int) -> list[Step]:
        down = _set_down(steps, at)
        goods = {(g.item, g.destination) for s in steps if isinstance(s, Stop)
                 and s.task is Task.UNLOAD and s.departs <= at for g in s.goods}
        return [evolve(
            s, people=tuple(p for p in s.people if (p.group, p.destination) in down),
            goods=tuple(g for g in s.goods if (g.item, g.destination) in goods))
            if isinstance(s, Stop) else s for s in steps]


def _set_down(steps: Sequence[Step], at: int) -> set[tuple[str, str]]:
    return {(p.group, p.destination) for s in steps if isinstance(s, Stop)
            and s.task is Task.UNLOAD and s.departs <= at for p in s.people}


def _bound(steps: Sequence[Step]) -> list[tuple[str, str, str, int, int, str]]:
    """(group, destination, convoy out, persons, lying, where it loads) that a round is to carry."""
    found = []
    for i, step in enumerate(steps):
        if isinstance(step, Stop) and step.task is Task.LOAD:
            convoy = next((s.convoy for s in steps[i:] if isinstance(s, Crossing)
                           and s.direction is Direction.OUT), "")
            found += [(p.group, p.destination, convoy, p.persons, p.stretchers, step.site)
                      for p in step.people if convoy]
    return found


def whole(
    case: Case, of: Iterable[Household], group: str, goal: str, persons: int, lying: int
) -> tuple[list[Household], int, int]:
    """The fewest persons in whole households that hold some of a group, and by how many more.

    Families that are divided between vehicles count where the last of them is. Of patients, as many
    households as lie. Returns households, persons beyond, lying beyond.
    """
    sizes = [h for h in of if (h.group, h.destination) == (group, goal)]
    medical = case.groups[group].is_medical
    best: dict[tuple[int, int], tuple[int, ...]] = {(0, 0): (0,) * len(sizes)}
    for i, household in enumerate(sizes):
        for (total, many), taken in list(best.items()):
            for n in range(1, household.number + 1):
                key = total + n * household.size, many + n if medical else 0
                if key[0] - household.size >= persons and (not medical or many + n - 1 >= lying):
                    break
                best.setdefault(key, (*taken[:i], n, *taken[i + 1 :]))
    enough = [k for k in best if k[0] >= persons and k[1] >= (lying if medical else 0)]
    if not enough:
        return [], 0, 0
    key = min(enough)
    found = [evolve(h, number=n) for h, n in zip(sizes, best[key], strict=True) if n]
    return found, key[0] - persons, max(0, key[1] - lying) if medical else 0


def _reduce(
    mates: Mapping[str, Sequence[Step]], moved: Rounds, group: str, goal: str, persons: int,
    lying: int,
) -> None:
    """Count so many fewer persons of a group in the loads of the mates."""
    for vehicle, steps in mates.items():
        had = next((p for s in steps if isinstance(s, Stop) and s.task is Task.LOAD
                    for p in s.people if (p.group, p.destination) == (group, goal)), None)
        if had is None or persons <= 0:
            continue
        down = min(lying, had.stretchers)
        off = min(persons, down + had.persons - had.stretchers)
        persons, lying = persons - off, lying - down
        moved[vehicle] = [evolve(s, people=tuple(
            line for p in s.people if (line := evolve(
                p, persons=p.persons - off, stretchers=p.stretchers - down)
                if (p.group, p.destination) == (group, goal) else p).persons > 0))
            if isinstance(s, Stop) else s for s in steps]


def _close_ranks(moved: Rounds, gone: Sequence[Step]) -> None:
    """Where the first of a convoy is gone, the next enters in its place."""
    for step in gone:
        if not isinstance(step, Crossing):
            continue
        mates = [(s.enters, v) for v, steps in moved.items() for s in steps
                 if isinstance(s, Crossing) and s.convoy == step.convoy]
        if mates and min(mates)[0] > step.enters:
            first = min(mates)[1]
            moved[first] = [evolve(s, enters=step.enters) if isinstance(s, Crossing)
                            and s.convoy == step.convoy else s for s in moved[first]]


def fewer(of: Iterable[Household], less: Iterable[Household]) -> list[Household]:
    """Households without some of them."""
    off: dict[tuple[str, str, int], int] = defaultdict(int)
    for h in less:
        off[h.group, h.destination, h.size] += h.number
    found = []
    for h in of:
        taken = min(h.number, off[h.group, h.destination, h.size])
        off[h.group, h.destination, h.size] -= taken
        if h.number > taken:
            found.append(evolve(h, number=h.number - taken))
    return found

