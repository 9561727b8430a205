"""What is uncertain on the day, and by how much: the parameters of a simulation.

Only delays are modelled. Attack, breach and refusal are not: no figure made from this says how
safe a plan is. Times themselves (low, likely, high) stand in the folder; what is here says how
they spread, go together, and what else happens.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum

from attrs import evolve, field, frozen

from lull.domain.refusal import require, require_one_of, require_whole
from lull.domain.time import Estimate


class Source(StrEnum):
    """A source of delay that can be switched on and off."""

    TRAVEL = "travel times"
    BOARDING = "boarding times"
    CHECKPOINT = "checkpoint times"
    BREAKDOWNS = "breakdowns"
    NO_SHOWS = "people who do not come"
    LATE_STARTS = "late starts"
    HALTS = "halts of a corridor"
    CLOSURES = "closures of a corridor"


class Shape(StrEnum):
    """How a time spreads between its ends: PERT (beta) or triangular."""

    PERT = "pert"
    TRIANGULAR = "triangular"


@frozen
class Uncertainty:
    """How the day may differ from the plan. Every default is assumed: see `ASSUMED`.

    `beyond_high` stretches what lies between likely and high, as who gives a high figure rarely
    names the worst. `together` is the correlation of two times within one corridor and hour.
    Breakdowns are per vehicle-hour of driving; `lost_share` of them end the vehicle's day, the
    others cost `repair` minutes. `transfer` is minutes to take a lost vehicle's people over,
    `tow` those for which its corridor is blocked. `no_show` is the share (low, likely, high) of
    those called who do not come. `late_share` of the vehicles start late, by `late` minutes.
    Halts and closures are per corridor-hour of a window; a closure lasts until its window ends.

    Raises Refusal for shares outside 0 to 1, negative rates and estimates that do not rise.
    """

    sources: frozenset[Source] = frozenset(Source)
    shape: Shape = Shape.PERT
    beyond_high: float = 1.25
    together: float = 0.5
    breakdowns_an_hour: float = 0.01
    lost_share: float = 0.3
    repair: Estimate = field(default=Estimate(10, 25, 60))
    transfer: int = 15
    tow: int = 20
    no_show: tuple[float, float, float] = (0.0, 0.05, 0.2)
    late_share: float = 0.2
    late: Estimate = field(default=Estimate(5, 15, 60))
    halts_an_hour: float = 0.03
    halt: Estimate = field(default=Estimate(10, 30, 90))
    closures_an_hour: float = 0.003

    def __attrs_post_init__(self) -> None:
        for source in self.sources:
            require_one_of(source, Source, "A source of delay")
        require_one_of(self.shape, Shape, "The shape of a spread")
        require(
            math.isfinite(self.beyond_high) and 1 <= self.beyond_high <= 10,
            f"High times are stretched by {self.beyond_high}; give a factor from 1 to 10.",
        )
        for name in ("together", "lost_share", "late_share"):
            value = getattr(self, name)
            require(
                0 <= value <= 1, f"The share {name!r} is {value}; it must lie between 0 and 1."
            )
        for name in ("breakdowns_an_hour", "halts_an_hour", "closures_an_hour"):
            value = getattr(self, name)
            require(
                0 <= value <= 60,
                f"The rate {name!r} is {value} an hour; it must lie between 0 and 60.",
            )
        low, likely, high = self.no_show
        require(
            0 <= low <= likely <= high <= 1,
            f"The shares {low} / {likely} / {high} of people who do not come must rise from low "
            "to high and lie between 0 and 1.",
        )
        for name in ("transfer", "tow"):
            require_whole(getattr(self, name), f"The minutes {name!r}")

    @classmethod
    def none(cls) -> Uncertainty:
        """Nothing differs from the plan."""
        return cls(sources=frozenset())

    def without(self, source: Source) -> Uncertainty:
        """The same with one source of delay switched off."""
        return evolve(self, sources=self.sources - {source})

    def has(self, source: Source) -> bool:
        """Whether a source of delay is switched on."""
        return source in self.sources


ASSUMED: Mapping[str, str] = {
    "shape": "PERT: three figures from experience say that the likely one weighs most; the "
             "triangle gives more to the ends.",
    "beyond_high": "A quarter beyond high: figures given as the highest are exceeded now and "
                   "then; by how much is not known for a pause.",
    "together": "Half: what slows one vehicle in a corridor (a crowd, a dispute at the check, "
                "weather) slows its neighbours in that hour as well.",
    "breakdowns_an_hour": "One in a hundred hours of driving: old vehicles, broken streets.",
    "lost_share": "Three in ten cannot be mended on the spot.",
    "repair": "A wheel or a belt takes 10 to 60 minutes, mostly about 25.",
    "transfer": "A quarter of an hour to move people and stretchers to another vehicle.",
    "tow": "Twenty minutes until a vehicle that stands in the way is pulled aside.",
    "no_show": "People choose on the day: none to a fifth of those called do not come.",
    "late_share": "One vehicle in five is not ready on time.",
    "late": "A late vehicle lacks fuel, papers or its driver: 5 to 60 minutes.",
    "halts_an_hour": "One halt in about 33 corridor-hours.",
    "halt": "A halt is talked away in 10 to 90 minutes, mostly about 30.",
    "closures_an_hour": "One closure in about 330 corridor-hours: about 3 % of corridors in a "
                        "pause of ten hours.",
}
"""Why each default is what it is. All are assumed; none is measured."""
