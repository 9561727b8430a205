"""Trying everything is itself tried: against another search, without its short cuts, by the rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

import pytest

from lull.domain.rules import judge
from tests.oracle.exhaustive import everything
from tests.oracle.exhaustive.front import Found, Point, worth_of_plan
from tests.oracle.exhaustive.rounds import Rounds, Team
from tests.oracle.exhaustive.search import _Search
from tests.oracle.kinds import SEEDED, made
from tests.plan.test_bound_holds import as_case, made_up

ALONE = SEEDED[:102]


@pytest.mark.parametrize(("seed", "carried"), [
    *((n, "persons") for n in range(200, 212)),
    *((n, "patients") for n in range(212, 216)),
    *((n, "tonnes") for n in range(216, 220)),
])
def test_two_searches_written_apart_find_the_same_best(seed: int, carried: str) -> None:
    """The one counts minutes in plain numbers, the other writes plans and asks the rules."""
    tiny = made_up(seed)
    if carried != "persons":
        fewer = tuple(n // 10 for n in tiny.people)
        tiny = replace(tiny, vehicles=1, people=fewer, seats=tiny.seats // 10)
    found = everything(as_case(tiny, carried), nodes=20_000)
    assert found.complete
    most = max(getattr(p, carried) for p in found.points)
    assert most == tiny.best()


def figures(found: Found) -> set[tuple[float, ...]]:
    """The best points, rounded."""
    return {tuple(round(x, 6) for x in p.figures) for p in found.points}


@pytest.mark.parametrize("seed", range(0, 102, 5))
def test_short_cuts_lose_nothing(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without leaving out what cannot be better, the same best points are found."""
    case = made(ALONE[seed][1], ALONE[seed][0])
    short = everything(case)

    def all_of_them(_: Rounds, __: Team, ___: str, ____: tuple[str, ...], goals: list[str]
                    ) -> Iterator[tuple[str, ...]]:
        for many in (1, 2):
            yield from permutations(goals, many)

    monkeypatch.setattr(Rounds, "_worth_trying", all_of_them)
    monkeypatch.setattr(_Search, "_promising", lambda *_: True)
    long = everything(case, nodes=700)
    if "all sets of rounds" in long.why:
        assert all(not short.improves(p) for p in long.points)
    elif short.complete:
        assert figures(short) == figures(long)


@pytest.mark.parametrize("seed", range(0, 102, 3))
def test_every_best_point_is_a_plan_that_keeps_the_rules(seed: int) -> None:
    """And is worth what the search says."""
    case = made(ALONE[seed][1], ALONE[seed][0])
    for point in everything(case).points:
        assert judge(case, point.plan) == ()
        assert worth_of_plan(case, point.plan).figures == pytest.approx(point.figures)


def test_of_several_best_points_each_question_takes_its_own() -> None:
    """Best of all, most of a tier, most given what the tiers before reach."""
    found = Found()
    for tiers in ((3.0, 0.0), (2.0, 5.0), (0.0, 6.0), (1.0, 4.0)):
        point = Point(tiers, 0, 0, 0.0)
        if found.improves(point):
            found.add(point)
    assert {p.tiers for p in found.points} == {(3.0, 0.0), (2.0, 5.0), (0.0, 6.0)}
    assert found.best().tiers == (3.0, 0.0)
    assert found.most(1) == 6.0
    assert found.most_given(1, (1.5, 0.0)) == 5.0
    assert found.most_given(1, (4.0, 0.0)) is None
