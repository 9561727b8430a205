"""The shortest evacuation: days that get shorter, a proof that gets longer, until they meet.

A search finds days; prices rule minutes out. Where ways are counted in few minutes, whole flows
over places and minutes close what is left between the two. Where they are counted in many, an
integer programme chooses among days that prices call good: all at once where a bus makes few trips,
some buses at a time where it makes many. All effort is counted in rounds, so that the same rounds
and seed give the same answer.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from attrs import define, field, frozen

from lull.domain.refusal import Refusal
from lull.plan.makespan.dive import Dive
from lull.plan.makespan.flow import LARGEST, arcs_at_most, days_within
from lull.plan.makespan.instance import Days, Evacuation, left_by, makespan
from lull.plan.makespan.itineraries import LowerBound, Mixture
from lull.plan.makespan.pool import choose, near_days, worth_keeping
from lull.plan.makespan.prices import Prices
from lull.plan.makespan.rebuild import Rebuild
from lull.plan.makespan.search import FINE, RECIPES, Recipe, Search

DEFAULT_WORK = 40
"""Rounds of search after which an answer is given as it stands."""

FIRST_MOVES = 20_000
"""Moves of the first search for each load."""

MOVES_COARSE, MOVES_FINE = 3_000_000, 100_000_000
"""Moves of one round of search: where ways take few minutes, and where they take many."""

AGAIN, MOVES_AGAIN = 5, 400_000
"""Longer rounds of search with the three hottest recipes before integer programmes have to decide,
and their moves for each load: those may take half a minute, such a round half a second."""

STEPS = 400
"""Steps of pricing for one number of minutes."""

NEAR = 2_000
"""The bound is raised until mixed days need less than one part in so many more."""

FEW_TRIPS = 4.2
"""Trips of a bus up to which one integer programme chooses among all days."""

LISTED, NODES = 2_000, 1_500
"""Days listed for it, and nodes that it may look at."""

NEIGHBOURS = 6
"""Steps of rebuilding in a round."""

MEND_EVERY = 12
"""Where a bus makes many trips, days are rebuilt after so many searches only: a rebuilding takes as
long as ten of them."""

ONCE_STEPS, ONCE_NEAR = 60, 4_000
"""Steps of pricing for one number of minutes with days that fetch no load twice, and the share, one
part in so many, to which the bound is raised with them."""

DIVES, SEARCH_EVERY = 4, 4
"""Where a bus makes many trips: dives in a round, and of how many rounds one searches all days."""

EASY = 0.005
"""Share by which the aim lies above the bound where no other is asked for, on fine minutes."""

Stop = Callable[[], bool]
Told = Callable[[str, int, int], None]


@frozen
class Shortest:
    """Days, their makespan `minutes` (None where none were found), and what is ruled out.

    Fewer than `low` minutes are impossible. Fewer than `by_prices` are ruled out by `prices`, which
    `once.rule_out` checks without a solver; what lies between rests on an exhausted integer
    programme. `work` rounds with the same seed give this answer again, unless it was `stopped`.
    """

    days: Days
    minutes: int | None
    low: int
    by_prices: int
    prices: Prices | None
    work: int
    seed: int
    stopped: bool = False

    @property
    def gap(self) -> float | None:
        """(minutes − low) / minutes; 0 where the days are proven shortest; None without days."""
        if self.minutes is None:
            return None
        return (self.minutes - self.low) / self.minutes if self.minutes else 0.0


def _never() -> bool:
    return False


def solve(
    of: Evacuation,
    *,
    work: int = DEFAULT_WORK,
    seed: int = 0,
    near: float = 0.0,
    progress: Callable[[str, int, int], None] | None = None,
    standing: Callable[[int | None, int], None] | None = None,
    stop: Stop = _never,
) -> Shortest:
    """The shortest evacuation, or one proven to lie within a share `near` of it.

    `progress(what, done, total)` is told of every step, `standing(minutes, low)` whenever the days
    or the bound get better. When `stop()` turns true the answer is given as it stands. Raises
    Refusal where there are loads and no bus, or where the ways do not allow it at all.
    """
    if of.total == 0:
        return Shortest((), 0, 0, 0, None, 0, seed)
    if sum(of.buses) == 0:
        raise Refusal("There are loads to fetch, and no bus.")
    run = _Run(of, work, seed, near, progress or _silent, standing or _untold, stop)
    run.begin()
    while not run.done:
        run.round()
    return run.answer()


def _silent(_what: str, _done: int, _total: int) -> None:
    return None


def _untold(_minutes: int | None, _low: int) -> None:
    return None


@define(eq=False)
class _Run:
    """One solve as it goes on; `low` is proven, `best` is the shortest found."""

    of: Evacuation
    work: int
    seed: int
    near: float
    told: Told
    standing: Callable[[int | None, int], None]
    stop: Stop
    rounds: int = field(init=False, default=0)
    low: int = field(init=False, default=0)
    days: Days = field(init=False, default=())
    best: int | None = field(init=False, default=None)
    bound: LowerBound = field(init=False)
    search: Search = field(init=False)
    rebuild: Rebuild | None = field(init=False, default=None)
    chosen: set[int] = field(init=False, factory=set)

    # -- what is known ----------------------------------------------------------------------

    @property
    def goal(self) -> int:
        """Minutes that are near enough."""
        return max(self.low, math.floor(self.low / (1 - self.near) + 1e-9))

    @property
    def closed(self) -> bool:
        """Whether the days are near enough to what is proven."""
        return self.best is not None and self.best <= self.goal

    @property
    def done(self) -> bool:
        """Whether there is nothing left to do, or no more may be done."""
        return self.closed or self.rounds >= self.work or self.stop()

    @property
    def fine(self) -> bool:
        """Whether ways are counted in so many minutes that no network of them is built."""
        return arcs_at_most(self.of, self.bound.most) > LARGEST

    def found(self, days: Days) -> bool:
        """Take days that bring everyone out sooner; whether they do."""
        if any(left_by(self.of, days)):
            return False
        minutes = makespan(self.of, days)
        if self.best is not None and minutes >= self.best:
            return False
        self.days, self.best = days, minutes
        self.standing(self.best, self.low)
        return True

    def raised(self, low: int) -> None:
        """Take a bound that is higher."""
        if low > self.low:
            self.low = low
            self.standing(self.best, self.low)

    # -- steps ------------------------------------------------------------------------------

    def begin(self) -> None:
        """First days, then the bound by prices."""
        self.told("searching first days", 0, 0)
        self.search = Search(self.of, self.seed)
        self.look(0, FIRST_MOVES * self.of.total, RECIPES[0])
        if self.best is None:
            self.find_any()
        most = self.best if self.best is not None else self._longest()
        self.bound = LowerBound(self.of, most)
        self.bound.learn(self.days)
        self.raised(self.bound.low)
        self.price(max(1, most // NEAR))

    def find_any(self) -> None:
        """Days at all, where the search found none. Raises Refusal where there can be none."""
        most = self._longest()
        if arcs_at_most(self.of, most) > LARGEST:
            return
        made = days_within(self.of, most, self.stop)
        if isinstance(made, tuple):
            self.found(made)
            self.search.take(made)
        elif made is False:
            raise Refusal("The buses cannot fetch everyone, however long it takes: the ways and "
                          "the shelters' places do not allow it.")

    def _longest(self) -> int:
        """Minutes in which everything is done if it can be done at all: one load after another."""
        of = self.of
        return int(of.total * (max(of.out.max(), of.back.max()) + of.carry.max()))

    def price(self, near: int) -> None:
        """Raise the bound by prices until it is near what mixed days need."""
        bound = self.bound
        while not bound.reached and not self.stop() and bound.enough - bound.low >= near:
            self.told("ruling minutes out", bound.low, bound.enough)
            aim = (2 * bound.low + bound.enough) // 3
            known = bound.raise_at(aim, STEPS, self.stop)
            self.raised(bound.low)
            if known is None:
                break

    def price_once(self) -> None:
        """Raise the bound with days that fetch no load twice, up to what was found."""
        bound = self.bound
        high = self.best if self.best is not None else bound.most
        high = min(high, bound.enough + bound.enough // 100)
        while high - bound.low > bound.low // ONCE_NEAR and not self.stop():
            self.told("ruling minutes out, no load fetched twice", bound.low, high)
            aim = (2 * bound.low + high) // 3
            known = bound.raise_once(aim, ONCE_STEPS, self.stop)
            if known is None:
                break
            self.raised(bound.low)
            high = high if known else aim

    def look(self, aim: int, moves: int, recipe: Recipe) -> None:
        """Anneal towards an aim from where the search is."""
        self.search.cool(aim, moves, recipe, self.stop)
        if self.search.found:
            self.found(self.search.days())

    def round(self) -> None:
        """One round of what suits the case."""
        self.told("searching shorter days", self.rounds, self.work)
        if self.fine:
            self.fine_round()
        else:
            self.coarse_round()
        self.rounds += 1

    def coarse_round(self) -> None:
        """Search at the bound, then longer; choose among days; then whole flows decide."""
        aim = self.low
        if self.rounds < len(RECIPES):
            self.look(aim, MOVES_COARSE, RECIPES[self.rounds])
            return
        if self.rounds < len(RECIPES) + AGAIN:
            self.look(aim, MOVES_AGAIN * self.of.total, RECIPES[self.rounds % 3])
            return
        if aim not in self.chosen:
            self.choose(aim)
            return
        self.told(f"whole flows within {aim} minutes", 0, 0)
        made = days_within(self.of, aim, self.stop)
        if isinstance(made, tuple):
            self.found(made)
        elif made is False:
            self.raised(aim + 1)

    def fine_round(self) -> None:
        """Search towards an aim above the bound; then days chosen by integer programmes."""
        if self.rounds == 1:
            self.price_once()
        aim, few = self.aim(), self.of.total <= FEW_TRIPS * sum(self.of.buses)
        if few and aim not in self.chosen:
            self.choose(aim)
            return
        turn = self.rounds
        if not few:
            turn, dives = divmod(turn, SEARCH_EVERY)
            if dives:
                self.dive(aim)
                return
        self.look(aim, MOVES_FINE, FINE[turn % len(FINE)])
        if self.best is None or self.best <= aim or self.bound.prices is None:
            return
        if not few and self.rounds % MEND_EVERY < MEND_EVERY - SEARCH_EVERY:
            return
        other = Rebuild(self.of, aim, self.days, random.Random(self.rounds),  # noqa: S311
                        self.bound.prices)
        if (self.rebuild is None or self.rebuild.aim != aim
                or other.worth_left < self.rebuild.worth_left):
            self.rebuild = other
        self.mend(self.rebuild)

    def dive(self, aim: int) -> None:
        """Some dives; the search goes on from the best days of any of them."""
        dive = Dive(self.of, self.bound.once, random.Random(f"{self.seed} {self.rounds}"))  # noqa: S311
        for _ in range(DIVES):
            if self.stop() or self.best is None or self.best <= aim:
                break
            days = dive.once(aim, self.stop)
            if days and self.found(days):
                self.search.take(days)

    def mend(self, rebuild: Rebuild) -> None:
        """Some steps of rebuilding; what it finds is where the search goes on."""
        few = max(3, min(12, round(30 * sum(self.of.buses) / self.of.total)))
        for k in range(NEIGHBOURS):
            if not rebuild.left or self.stop():
                break
            self.told(f"rebuilding days, {rebuild.left} loads left", k, NEIGHBOURS)
            rebuild.step(rebuild.dice.randint(max(2, few - 1), few + 2), self.stop)
        if not rebuild.left:
            self.found(rebuild.days)
            self.search.take(rebuild.days)

    def aim(self) -> int:
        """Where to search on fine minutes: the goal, or a step towards the bound."""
        assert self.fine
        easy = math.floor(self.low / (1 - EASY))
        if self.near > 0:
            return self.goal
        if self.best is None or self.best > easy:
            return easy
        return (self.low + self.best) // 2

    def choose(self, aim: int) -> None:
        """An integer programme over days generated and listed at the best prices."""
        self.chosen.add(aim)
        prices = self.bound.prices
        if prices is None:
            return
        self.told(f"choosing days within {aim} minutes", 0, 0)
        mixture = Mixture(self.of)
        mixture.add(near_days(self.of, prices, aim, LISTED))
        mixture.add(worth_keeping(self.bound.mixture, prices, aim))
        made = choose(mixture, aim, NODES, self.stop)
        if self.found(made):
            self.search.take(made)

    def answer(self) -> Shortest:
        """The answer as it stands."""
        by_prices = min(self.bound.low, self.low)
        return Shortest(self.days, self.best, self.low, by_prices, self.bound.prices, self.rounds,
                        self.seed, stopped=not self.closed and self.rounds < self.work)
