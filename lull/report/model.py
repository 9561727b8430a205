"""What a report is made from: one frozen object that holds all it may say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from lull.domain.case import Case
from lull.domain.pause import Consents
from lull.domain.refusal import require
from lull.network.streets import Streets
from lull.plan.result import Result
from lull.report.told import Told

RANKS = ("main", "secondary", "tertiary", "minor")
"""How strongly a street is drawn, from the strongest."""

RANK_OF = {
    "motorway": 0,
    "motorway_link": 0,
    "trunk": 0,
    "trunk_link": 0,
    "primary": 0,
    "primary_link": 1,
    "secondary": 1,
    "secondary_link": 1,
    "tertiary": 2,
    "tertiary_link": 2,
}
"""Rank of an OpenStreetMap `highway` class; those not listed are minor
(order of classes: wiki.openstreetmap.org/wiki/Key:highway)."""

Polyline = NDArray[np.float64]
"""Shape [n, 2]: latitude and longitude in degrees."""


@define(frozen=True, eq=False)
class StreetLines:
    """Streets to draw: `points` [n, 2] (latitude, longitude), `starts` [m + 1], `ranks` [m].

    Street i is `points[starts[i]:starts[i + 1]]`. Raises Refusal where the arrays do not fit.
    """

    points: NDArray[np.float64]
    starts: NDArray[np.int64]
    ranks: NDArray[np.int8]
    credit: str = "© OpenStreetMap contributors, ODbL 1.0"

    def __attrs_post_init__(self) -> None:
        fits = len(self.starts) == len(self.ranks) + 1 and (
            not len(self.ranks) or int(self.starts[-1]) == len(self.points)
        )
        require(fits, "The streets' points, starts and ranks do not fit together.")

    @classmethod
    def of(cls, ways: Iterable[tuple[str, Sequence[tuple[float, float]]]]) -> StreetLines:
        """Streets from (highway class, [(latitude, longitude), …]) of each way."""
        points: list[tuple[float, float]] = []
        starts, ranks = [0], []
        for highway, line in ways:
            points.extend(line)
            starts.append(len(points))
            ranks.append(RANK_OF.get(highway, len(RANKS) - 1))
        return cls(
            np.asarray(points, dtype=np.float64).reshape(-1, 2),
            np.asarray(starts, dtype=np.int64),
            np.asarray(ranks, dtype=np.int8),
        )

    @classmethod
    def of_network(cls, streets: Streets) -> StreetLines:
        """The streets of an extract as the network holds them."""
        last = len(RANKS) - 1
        of_class = np.array([RANK_OF.get(name, last) for name in streets.highways], dtype=np.int8)
        return cls(
            np.column_stack([streets.point_lat, streets.point_lon]),
            np.asarray(streets.point_start, dtype=np.int64),
            of_class[streets.highway],
        )


@frozen
class CheckedRule:
    """A rule with what the check of the plan found, each violation in one sentence."""

    name: str
    statement: str
    source: str = ""
    violations: tuple[str, ...] = ()


@frozen
class Remark:
    """A finding on the folder that does not stop a plan: where, and the sentence."""

    where: str
    sentence: str


@frozen
class Column:
    """One reading of the consents: the case as it is open under it, and what can then be done."""

    reading: Consents
    case: Case
    result: Result


@define(frozen=True, eq=False)
class ReportInput:
    """A case, the result for each reading of the consents, and all that is shown beside them.

    `main` is the reading whose plan is drawn and listed. `ways` holds the geometry between two
    places, by (from, to); without it a straight line is drawn. `line` is where inside and outside
    meet. `folder_hash` and `version` say what the report was made from and by what;
    `reproduce` is the command that makes it again. `asked` are the answers to questions about the
    same pause, each a page beside the report.
    """

    case: Case
    columns: tuple[Column, ...]
    main: Consents = Consents.ALL_MET
    rules: tuple[CheckedRule, ...] = ()
    remarks: tuple[Remark, ...] = ()
    streets: StreetLines | None = None
    ways: Mapping[tuple[str, str], Polyline] = field(factory=dict)
    line: tuple[Polyline, ...] = ()
    folder_hash: str = ""
    version: str = ""
    reproduce: str = ""
    asked: tuple[Told, ...] = ()

    def __attrs_post_init__(self) -> None:
        require(
            any(column.reading is self.main for column in self.columns),
            f"A report on the consents {self.main.value!r} needs a result for them.",
        )

    @property
    def shown(self) -> Column:
        """The column whose plan the report draws and lists."""
        return next(c for c in self.columns if c.reading is self.main)
