"""Two plans side by side, on plans whose figures are known by hand."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from attrs import evolve

from lull.domain.plan import Plan
from lull.domain.tiers import TierKind
from lull.plan.result import Ceiling, Result, TierResult
from lull.questions.compare import Comparison, Of, Side, compare
from lull.report.side_by_side import Pair, side_by_side
from tests.tiny.cases import first_steps, full_bus

ONE_ROUND = first_steps()
TWO_ROUNDS = full_bus()


def found(of: Comparison, what: Of) -> dict[str, tuple[float, float]]:
    return {c.name: (c.a, c.b) for c in of.of(what)}


def test_a_plan_beside_nothing_is_all_that_it_moves() -> None:
    """One bus takes 40 people out of the neighbourhood A, who need a seat."""
    made = compare(Side(ONE_ROUND.case, Plan()), Side(ONE_ROUND.case, ONE_ROUND.plan))
    assert found(made, Of.ALL)["persons"] == (0, 40)
    assert found(made, Of.NEED) == {"seated": (0, 40)}
    assert found(made, Of.PLACE) == {"A": (0, 40)}
    assert found(made, Of.AID) == {}
    assert made.differs == ()


def test_turned_round_every_gain_is_a_loss() -> None:
    one, two = Side(ONE_ROUND.case, ONE_ROUND.plan), Side(TWO_ROUNDS.case, TWO_ROUNDS.plan)
    there, back = compare(one, two), compare(two, one)
    assert found(there, Of.ALL)["persons"] == (40, 96)
    assert [(c.name, c.more) for c in there.changes] == [(c.name, -c.more) for c in back.changes]
    assert {(d.what, d.a, d.b) for d in there.differs} == {
        (d.what, d.b, d.a) for d in back.differs}
    assert {d.what for d in there.differs} >= {"windows", "people who wish to leave"}


@pytest.mark.parametrize(("most", "proven"), [(39, True), (40, False), (90, False), (None, False)])
def test_a_difference_is_proven_only_beyond_the_bound(most: int | None, proven: bool) -> None:
    """40 people are more than any plan of A moves where no plan moves more than 39, not 40."""
    bounds = None if most is None else Result(Plan(), tiers=(
        TierResult("lives", TierKind.PEOPLE, "weighted patients", 0, 0, 0),),
        ceiling=Ceiling(most, 0, 0.0))
    made = compare(Side(ONE_ROUND.case, Plan(), bounds), Side(ONE_ROUND.case, ONE_ROUND.plan))
    assert next(c for c in made.of(Of.ALL) if c.name == "persons").proven is proven


def test_a_neighbourhood_of_one_side_alone_counts_as_nothing_on_the_other() -> None:
    moved = evolve(ONE_ROUND.case.groups["families"], neighbourhood="Elsewhere")
    other = evolve(ONE_ROUND.case, groups={"families": moved})
    made = compare(Side(ONE_ROUND.case, ONE_ROUND.plan), Side(other, ONE_ROUND.plan))
    assert found(made, Of.PLACE) == {"A": (40, 0), "Elsewhere": (0, 40)}


def test_the_picture_has_a_row_for_each_and_says_more_from_less_without_colour() -> None:
    rows = [Pair("same", 5, 5), Pair("fewer", 9, 2, 10), Pair("more & more", 1, 8)]
    picture = ET.fromstring(side_by_side(rows, "People", "persons", str, ident="t"))
    space = "{http://www.w3.org/2000/svg}"
    words = [t.text for t in picture.iter(f"{space}text")]
    names = [w for w in words if w in {"same", "fewer", "more & more"}]
    assert names == ["more & more", "same", "fewer"]
    assert {"1 → 8 (+7)", "5 → 5 (±0)", "9 → 2 (−7)"} <= set(words)
    rules = [e.get("class") for e in picture.iter(f"{space}line")]
    assert rules.count("gain") == 2  # one row, and the key
    assert rules.count("loss") == 2
