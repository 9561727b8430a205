"""Take a few days back and find better ones: large neighbourhood search over a roster.

Shaw 1998, doi:10.1007/3-540-49481-2_30; Pisinger & Røpke 2007, doi:10.1016/j.cor.2005.09.012.
"""

from __future__ import annotations

import random

import numpy as np
from attrs import define, field

from lull.plan.aims import Value, better
from lull.plan.kernel.columns import EXIT, PICK
from lull.plan.kernel.compose import PRICED_STEP, Composer, chunks
from lull.plan.kernel.recombine import Pool
from lull.plan.kernel.roster import QUIET, Booked, RosterDay
from lull.plan.kernel.spare import spare_checks
from lull.plan.kernel.tables import Floats
from lull.plan.weighing import Weighing

REGROUP = 0.3
"""Share of moves in which vehicles change teams."""

EAGER = 0.5
"""Share of moves in which days are looked for by what is free at each moment."""

PRICED = 0.25
"""Share of moves in which lanes cost what an outline of the whole pause says."""

NOISES = (0.0, 0.0, 0.1, 0.3)
"""How much chance is mixed into the ranking of rounds (a share)."""


STEPS = (1000.0, 30.0, 5.0, 2.0)
"""How many times more a unit of a tier counts than one of the next while days are found: what is
found is judged tier by tier, but days that take a little for earlier tiers and much for later ones
leave more for everybody."""


@define(eq=False)
class Improver:
    """Improves a roster move by move; `random_` is its only source of chance."""

    composer: Composer
    random_: random.Random
    dice: Floats = field(factory=lambda: QUIET)
    kinds: set[int] = field(factory=set)
    """Types that moves are about; all where it is empty."""
    leaves_for: int = -1
    """The type for which moves are to leave room at the gates, where the first tier allows it."""
    weighing: Weighing | None = None
    """What tiers weigh while steps are judged; without it, the first counts before all others."""
    pool: Pool | None = None
    """Where days that are tried are remembered, if anywhere."""
    lanes: Floats = field(factory=lambda: QUIET)
    """What a minute of each pool of lanes is worth, if anything is known of it."""

    def __attrs_post_init__(self) -> None:
        self.dice = np.random.default_rng(self.random_.getrandbits(32)).random(997)

    def value(self) -> tuple[float, ...]:
        """The value of each tier as it stands."""
        return tuple(float(x) for x in self.composer.roster.value())

    def _judged(self) -> tuple[float, ...]:
        """What moves are judged by: the tiers, with the room left for another type second."""
        value = self.value()
        if self.leaves_for < 0:
            return value
        roster = self.composer.roster
        spare = float(spare_checks(roster.tables, roster.state, self.leaves_for))
        return (value[0], spare, *value[1:])

    def move(self) -> bool:
        """Remove and insert once; keep the result if it is none the worse; whether it is better."""
        roster = self.composer.roster
        if not roster.days:
            return False
        before, step = self._judged(), roster.out_of_step()
        kept = list(roster.days)
        removed = self._remove()
        added = self._insert([d for d, _, _ in removed])
        after = self._judged()
        if not self._allows(before, after) or roster.out_of_step() > step + 1e-9:
            self._undo(kept, removed, added)
            return False
        roster.days = [d for d in roster.days if d.trips]
        return not self._allows(after, before)

    def _allows(self, before: Value, after: Value) -> bool:
        """Whether what is judged may go from one value to another."""
        if self.weighing is None or self.leaves_for >= 0:
            return not better(before, after)
        return self.weighing.allows(before, after)

    def _remove(self) -> list[tuple[RosterDay, int, list[Booked]]]:
        roster, chance = self.composer.roster, self.random_
        seed = chance.choice(roster.days)
        here = [d for d in roster.days if d.window == seed.window]
        number = min(len(here), chance.randint(2, 8))
        if chance.random() < 0.7:
            marks = self._marks(seed)
            near = {id(d): 3 * len(marks & self._marks(d)) + 6 * chance.random() for d in here}
            here.sort(key=lambda d: -near[id(d)])
            chosen = here[:number]
        else:
            chosen = chance.sample(here, number)
        tails = chance.random() < 0.5
        removed = []
        for day in chosen:
            first = chance.randint(0, len(day.trips) - 1) if tails else 0
            removed.append((day, first, roster.take_back(day, first)))
        return removed

    def _marks(self, day: RosterDay) -> set[tuple[int, int]]:
        """What a day has in common with others: gates out and pick-ups."""
        table = self.composer.roster.tables.round
        marks = set()
        for trip in day.trips:
            marks.add((0, int(table[trip.round, EXIT])))
            marks.add((1, int(table[trip.round, PICK])))
        return marks

    def _insert(self, days: list[RosterDay]) -> list[RosterDay]:
        """Lengthen the days again in another order, and give idle vehicles a day; the new ones."""
        composer, chance = self.composer, self.random_
        window = days[0].window
        added = []
        for k, kind in composer.kinds():
            if self.kinds and k not in self.kinds:
                continue
            idle = composer.idle(window, kind)
            if idle:
                size = chance.choice(composer.sizes(k, kind))
                added += [composer.team(k, team, window) for team in chunks(idle, size)[:2]
                          if len(team) == 1 or not composer.stands_by(window, team)]
        everyone = (self._regrouped(days) if chance.random() < REGROUP else days) + added
        chance.shuffle(everyone)
        if chance.random() < 0.5:
            order = {k: i for i, (k, _) in enumerate(composer.kinds())}
            everyone.sort(key=lambda d: order[d.kind])
        weights, noise = composer.weights(step=chance.choice(STEPS)), chance.choice(NOISES)
        eager = chance.random() < EAGER
        priced = len(self.lanes) > 1 and chance.random() < PRICED
        if priced:
            weights = composer.weights(step=PRICED_STEP)
            self._price(self.lanes)
        for day in everyone:
            self.dice = np.roll(self.dice, chance.randint(1, 900)) if noise else self.dice
            composer.lengthen(day, weights, noise, self.dice, eager=eager)
        if priced:
            self._price(np.zeros(len(self.lanes)))
        if self.pool is not None and not noise:
            self.pool.notice(everyone)
        known = set(map(id, days))
        new = [d for d in everyone if d.trips and id(d) not in known]
        composer.roster.days += new
        return new

    def _price(self, lanes: Floats) -> None:
        """Let a minute of lanes cost so much from now on."""
        price = self.composer.roster.state.price
        price[:] = lanes[:, None] * np.arange(price.shape[1])

    def _regrouped(self, days: list[RosterDay]) -> list[RosterDay]:
        """Days taken back whole, given to teams of another size; the others as they are."""
        composer, chance = self.composer, self.random_
        kept = [d for d in days if d.trips]
        vehicles: dict[int, list[str]] = {}
        for day in days:
            if not day.trips:
                vehicles.setdefault(day.kind, []).extend(day.vehicles)
        kinds = dict(composer.kinds())
        for k in sorted(vehicles):
            size = chance.choice(composer.sizes(k, kinds[k]))
            last = [v for v in vehicles[k] if composer.stands_by(days[0].window, (v,))]
            rest = sorted(set(vehicles[k]) - set(last))
            kept += [composer.team(k, team, days[0].window)
                     for team in [*chunks(rest, size), *((v,) for v in last)]]
        return kept

    def _undo(
        self, kept: list[RosterDay], removed: list[tuple[RosterDay, int, list[Booked]]],
        added: list[RosterDay],
    ) -> None:
        roster = self.composer.roster
        for day in added:
            roster.take_back(day)
        for day, first, _ in removed:
            roster.take_back(day, first)
        for day, _, trips in removed:
            roster.put_again(day, trips)
        roster.days = kept
