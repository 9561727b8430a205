"""Many replications of one plan: batches, percentiles, chances, and when there are enough."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Protocol, TypeVar

import numpy as np
from attrs import field, frozen

from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.domain.refusal import require, require_whole
from lull.simulate import columns as c
from lull.simulate.columns import Floats, Ints, World
from lull.simulate.compiled import curves_many, replicate_many
from lull.simulate.draws import Terms, key_of, terms
from lull.simulate.measures import BY_NAME, NOT_MODELLED, Band, Likelihood
from lull.simulate.policy import Policy
from lull.simulate.scenario import Scenario, scenario
from lull.simulate.uncertainty import Uncertainty

BATCH = 250
"""Replications that one call of an executor runs."""

LOOK_EVERY = 1000
"""Replications after which the half-width is looked at: fixed, so that the batches and processes
never decide when to stop."""

Made = TypeVar("Made")
Progress = Callable[[int, int], None]
"""Told (replications done, replications at most)."""


class Executor(Protocol):
    """Where batches run: `concurrent.futures` pools have this shape; None runs them here."""

    def map(self, fn: Callable[..., Made], /, *iterables: Sequence[object]) -> Iterator[Made]:
        """Apply a function to each, in any order, and give the results in order."""
        ...


@frozen
class Until:
    """Go on until the 95 % half-width of a measure's mean is at most `half_width` (its unit)."""

    measure: str
    half_width: float

    def __attrs_post_init__(self) -> None:
        require(
            self.measure in BY_NAME,
            f"There is no measure {self.measure!r}; there are: {', '.join(BY_NAME)}.",
        )
        require(self.half_width > 0, f"A half-width of {self.half_width} is never reached.")


@frozen(eq=False)
class Outcome:
    """What all replications gave.

    `totals` [replication, measure] and `by_corridor` [replication, corridor, measure] are counts
    in the columns of `State`; `persons`, `patients` and `tonnes` are what the plan brings when
    nothing differs from it. `delivered` [replication, cell] is who and what was brought, `cells`
    what each is and how much of it the plan brings. `precise` says whether the half-width asked
    for was reached (None: none was asked for). Every chance is of the modelled delays only: `said`.
    """

    corridors: tuple[str, ...]
    totals: Ints
    by_corridor: Ints
    persons: int
    patients: int
    tonnes: float
    seed: int
    precise: bool | None = None
    cells: Mapping[tuple[int, str, str], int] = field(factory=dict)
    delivered: Ints = field(factory=lambda: np.zeros((0, 0), np.int64))
    said: str = NOT_MODELLED

    @property
    def replications(self) -> int:
        """How many replications there are."""
        return int(self.totals.shape[0])

    def values(self, measure: str) -> Floats:
        """One figure a replication; raises KeyError for a measure that there is not."""
        entry = BY_NAME[measure]
        return np.asarray(self.totals[:, entry.column] * entry.scale, np.float64)

    def band(self, measure: str) -> Band:
        """P10, P50, P90 and mean of a measure."""
        return Band.of(self.values(measure))

    def anyone_inside(self, corridor: str | None = None) -> Likelihood:
        """How often anyone, crews included, who had set out was inside at a window's end.

        Those who turned back and are under shelter again count too. For one corridor: of those
        who were to leave by it.
        """
        if corridor is None:
            caught = self.totals[:, [c.PERSONS_INSIDE, c.VEHICLES_INSIDE]].sum(axis=1)
        else:
            row = self.by_corridor[:, self.corridors.index(corridor)]
            caught = row[:, [c.C_INSIDE, c.C_VEHICLES]].sum(axis=1)
        return Likelihood(int((caught > 0).sum()), self.replications)

    def anyone_unsheltered(self, corridor: str | None = None) -> Likelihood:
        """How often anyone was inside under no roof at a window's end, or left at an exchange."""
        if corridor is None:
            open_ = self.totals[:, c.UNSHELTERED]
        else:
            open_ = self.by_corridor[:, self.corridors.index(corridor), c.C_UNSHELTERED]
        return Likelihood(int((open_ > 0).sum()), self.replications)

    def anyone_caught(self, corridor: str | None = None) -> Likelihood:
        """How often anyone was inside or unsheltered at the end: the headline chance."""
        if corridor is None:
            columns = [c.PERSONS_INSIDE, c.VEHICLES_INSIDE, c.UNSHELTERED]
            caught = self.totals[:, columns].sum(axis=1)
        else:
            row = self.by_corridor[:, self.corridors.index(corridor)]
            caught = row[:, [c.C_INSIDE, c.C_VEHICLES, c.C_UNSHELTERED]].sum(axis=1)
        return Likelihood(int((caught > 0).sum()), self.replications)


def simulate(
    case: Case,
    plan: Plan,
    uncertainty: Uncertainty,
    policy: Policy,
    *,
    replications: int,
    seed: int,
    executor: Executor | None = None,
    progress: Progress | None = None,
    until: Until | None = None,
    batch: int = BATCH,
    stop: Callable[[], bool] | None = None,
) -> Outcome:
    """Replicate a plan: `replications` times, or fewer where `until` is reached before.

    When `stop()` turns true, the replications finished by then make the outcome.

    Replication r draws from `SeedSequence(seed, spawn_key=(r,))` whatever the batches and the
    executor, so that the result depends on the arguments before them alone. `until` is looked at
    every `LOOK_EVERY` replications. Raises Refusal for numbers that make no sense and for a plan
    that moves nobody.
    """
    made = scenario(case, plan, uncertainty, policy)
    return run(made, replications=replications, seed=seed, executor=executor,
               progress=progress, until=until, batch=batch, stop=stop)


def run(
    made: Scenario,
    *,
    replications: int,
    seed: int,
    executor: Executor | None = None,
    progress: Progress | None = None,
    until: Until | None = None,
    batch: int = BATCH,
    stop: Callable[[], bool] | None = None,
) -> Outcome:
    """The same for a scenario that has been made."""
    require_whole(replications, "The number of replications", least=1)
    require_whole(seed, "The seed")
    require_whole(batch, "The replications of a batch", least=1)
    totals: list[Ints] = []
    by_corridor: list[Ints] = []
    delivered: list[Ints] = []
    done, precise, ended = 0, None, False
    while done < replications and not precise and not ended:
        upto = min(replications, done + LOOK_EVERY) if until else replications
        with closing(_batches(made, seed, done, upto, batch, executor)) as batches:
            for total, corridors, brought in batches:
                totals.append(total)
                by_corridor.append(corridors)
                delivered.append(brought)
                done += len(total)
                if progress is not None:
                    progress(done, replications)
                if stop is not None and stop():
                    ended = True
                    break
        if until is not None:
            precise = _precise(np.concatenate(totals), until)
    return Outcome(
        made.corridors, np.concatenate(totals), np.concatenate(by_corridor), made.persons,
        made.patients, made.grams * 1e-6, seed, precise, made.cells, np.concatenate(delivered),
    )


def _precise(totals: Ints, until: Until) -> bool:
    entry = BY_NAME[until.measure]
    values = np.asarray(totals[:, entry.column] * entry.scale, np.float64)
    return Band.of(values).half_width <= until.half_width


def _batches(
    made: Scenario, seed: int, first: int, end: int, batch: int, executor: Executor | None
) -> Generator[tuple[Ints, Ints, Ints], None, None]:
    starts = list(range(first, end, batch))
    ends = [min(end, start + batch) for start in starts]
    many = len(starts)
    given = ([made.world] * many, [terms(made.who, made.risks)] * many, [seed] * many, starts, ends)
    yield from map(run_batch, *given) if executor is None else executor.map(run_batch, *given)


def run_batch(
    world: World, drawn_from: Terms, seed: int, first: int, end: int
) -> tuple[Ints, Ints, Ints]:
    """Replications [first, end): what an executor calls, in this process or another."""
    keys = np.array([key_of(seed, r) for r in range(first, end)], np.uint64)
    totals, by_corridor, delivered = replicate_many(world, drawn_from, keys)
    return totals, by_corridor, delivered


def curves(
    case: Case,
    plan: Plan,
    uncertainty: Uncertainty,
    policy: Policy,
    *,
    replications: int,
    seed: int,
    executor: Executor | None = None,
    batch: int = BATCH,
) -> tuple[Ints, int]:
    """Persons who reach their destination in each bar of `BIN_MINUTES`: [replication, bar].

    The second figure is the minute at which the first bar begins. The replications are those of
    `simulate` with the same seed.
    """
    require_whole(replications, "The number of replications", least=1)
    made = scenario(case, plan, uncertainty, policy)
    starts = list(range(0, replications, batch))
    ends = [min(replications, start + batch) for start in starts]
    many = len(starts)
    given = ([made.world] * many, [terms(made.who, made.risks)] * many, [seed] * many, starts, ends)
    parts = map(curves_of_batch, *given) if executor is None else executor.map(
        curves_of_batch, *given)
    return np.concatenate(list(parts)), int(made.world.whole[c.FIRST_HOUR]) * 60


def curves_of_batch(world: World, drawn_from: Terms, seed: int, first: int, end: int) -> Ints:
    """The curves of replications [first, end): what an executor calls."""
    keys = np.array([key_of(seed, r) for r in range(first, end)], np.uint64)
    found: Ints = curves_many(world, drawn_from, keys)
    return found
