"""What more buys: rising, between a verified plan and a bound, the same however it was made."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path

import pytest

from lull.cli.spread.hands import Here
from lull.cli.spread.parts import Parts
from lull.cli.spread.spread import Spread
from lull.domain.case import Case
from lull.domain.refusal import Refusal
from lull.domain.rules import judge
from lull.questions.axes import Along, Axis, default_lengths, no_more, points
from lull.questions.frontier import Frontier, Measure, frontier
from lull.report.bands import Edge, band
from tests.questions.towns import small_town
from tests.tiny.cases import full_bus

WORK = 5
LENGTHS = Axis(Along.LENGTH, (60, 120, 150, 180, 210, 240, 300))


def rising(of: Frontier, edge: str) -> bool:
    """Whether more of everything is never less, in any measure."""
    pairs = [(p, q) for p in of.points for q in of.points if no_more(p.at, q.at)]
    return all(getattr(p.bands[m], edge) <= getattr(q.bands[m], edge) + 1e-6
               for p, q in pairs for m in Measure)


@pytest.fixture(scope="module")
def hours() -> tuple[Case, Frontier]:
    case = small_town(3)
    return case, frontier(case, [LENGTHS], work=WORK)


def test_longer_windows_never_move_less_and_every_plan_keeps_every_rule(
    hours: tuple[Case, Frontier]
) -> None:
    case, made = hours
    assert [p.at for p in made.points] == [(v,) for v in LENGTHS.values]
    assert rising(made, "found")
    assert rising(made, "most")
    for point in made.points:
        assert not judge(LENGTHS.apply(case, point.at[0]), made.plans[point.at])
        for m in Measure:
            assert point.bands[m].own <= point.bands[m].found <= point.bands[m].most + 1e-6
            source = point.carried_from[m]
            assert not judge(LENGTHS.apply(case, point.at[0]), made.plans[source])
    assert made.points[0].bands[Measure.PERSONS].most == 0  # 60 minutes with a margin of 30
    assert made.points[-1].bands[Measure.PERSONS].found > 0
    assert made.knees[Measure.PERSONS] in LENGTHS.values
    assert (made.stretches[0].start, made.stretches[-1].end) == (60, 300)


def test_a_bus_that_is_full_moves_a_load_for_each_round_that_fits() -> None:
    """The bus enters every 80 minutes (cases.full_bus), the first time at 0.

    It may enter where the high times of the check (10), through (8), to A (15), boarding (15) and
    out again (15, 10, 8) end by the margin of 30: with 111, 191 and 271 minutes. 48 people a round;
    no plan moves more than 50.
    """
    axis = Axis(Along.LENGTH, (110, 111, 190, 191, 270, 271))
    made = frontier(full_bus().case, [axis], work=WORK)
    found = [p.bands[Measure.PERSONS].found for p in made.points]
    most = [p.bands[Measure.PERSONS].most for p in made.points]
    assert found == [0, 48, 48, 96, 96, 144]
    assert all(f <= m <= 50 * r for f, m, r in zip(found, most, (0, 1, 1, 2, 2, 3), strict=True))


def test_two_quantities_give_every_pair_and_rise_in_both() -> None:
    axes = [Axis(Along.LENGTH, (120, 180)), Axis(Along.VEHICLES, (0, 1, 3), "bus")]
    made = frontier(small_town(4), axes, work=WORK)
    assert len(made.points) == 6
    assert rising(made, "found")
    assert rising(made, "most")
    none = [p for p in made.points if p.at[1] == 0]
    assert all(p.bands[Measure.PERSONS].most == 0 for p in none)
    assert made.knees == {}


def test_notice_and_an_earlier_opening_are_never_worse() -> None:
    """A bus that takes two hours to mobilise gains from notice, and from a window that is longer.
    """
    from attrs import evolve

    case = small_town(6)
    case = evolve(case, fleet={"bus": evolve(case.fleet["bus"], mobilise=120)})
    late = frontier(case, [Axis(Along.NOTICE, (0, 1, 2))], work=WORK)
    early = frontier(case, [Axis(Along.START, (0, 60))], work=WORK)
    for made in (late, early):
        assert rising(made, "found")
        first, last = (made.points[i].bands[Measure.PERSONS].found for i in (0, -1))
        assert first < last


def test_an_earlier_opening_makes_a_window_longer_in_whatever_order_the_two_are_given() -> None:
    """Else a bound for an earlier opening would be taken for one that holds for a later one."""
    from lull.questions.frontier import _at

    case = small_town(4, minutes=180)
    length, start = Axis(Along.LENGTH, (120, 180)), Axis(Along.START, (0, 60))
    for axes, at in (([length, start], (120, 60)), ([start, length], (60, 120))):
        window = _at(case, axes, at).pause.windows[0]
        assert (window.opens, window.closes) == (-60, 120)


class Interrupted(Exception):
    """The machine went away."""


def test_an_interrupted_frontier_goes_on_and_gives_the_same(tmp_path: Path) -> None:
    case, axis = small_town(5), Axis(Along.LENGTH, (120, 150, 180, 240))
    whole = frontier(case, [axis], work=WORK)

    class Dying(Parts):
        def keep(self, fingerprint: str, value: object) -> None:
            super().keep(fingerprint, value)
            if len(list(tmp_path.iterdir())) == 2:
                raise Interrupted

    with pytest.raises(Interrupted):
        frontier(case, [axis], work=WORK, executor=Spread(Here(), Dying(tmp_path)))
    assert len(list(tmp_path.iterdir())) == 2

    again = Spread(Here(), Parts(tmp_path))
    assert figures(frontier(case, [axis], work=WORK, executor=again)) == figures(whole)
    assert (again.found, again.done) == (2, 2)
    damaged = next(iter(tmp_path.iterdir()))
    damaged.write_bytes(damaged.read_bytes()[:-1])
    mended = Spread(Here(), Parts(tmp_path))
    assert figures(frontier(case, [axis], work=WORK, executor=mended)) == figures(whole)
    assert (mended.found, mended.done) == (3, 1)


def figures(of: Frontier) -> list[tuple[object, Mapping[Measure, object]]]:
    return [(p.at, p.bands) for p in of.points]


@pytest.mark.parametrize(("along", "values", "vehicle"), [
    ("length", (), ""), ("length", (60, 60), ""), ("length", (0,), ""), ("notice", (-1, 2), ""),
    ("vehicles", (1,), ""), ("length", (1,), "bus"), ("weather", (1,), ""),
])  # fmt: skip
def test_values_that_do_not_rise_or_cannot_be_are_refused(
    along: str, values: tuple[int, ...], vehicle: str
) -> None:
    with pytest.raises(Refusal):
        Axis(along, values, vehicle)


def test_three_quantities_a_type_that_is_not_there_or_no_corridor_are_refused() -> None:
    case = small_town(1)
    with pytest.raises(Refusal, match="one or two"):
        points([LENGTHS, Axis(Along.START, (0,)), Axis(Along.NOTICE, (1,))])
    with pytest.raises(Refusal, match="there are: bus"):
        frontier(case, [Axis(Along.VEHICLES, (1,), "boat")], work=0)
    from lull.questions.changes import without

    with pytest.raises(Refusal, match="No corridor"):
        frontier(without(case, "c0", "c1"), [LENGTHS], work=0)


def test_lengths_begin_at_the_shortest_useful_window_and_go_half_as_far_again() -> None:
    lengths = default_lengths(small_town(1, minutes=240), 95)
    assert lengths[0] == 105
    assert 360 - 15 <= lengths[-1] <= 360 + 12 * 15
    assert len(lengths) == 12


def test_the_band_is_hatched_between_two_lines_and_its_knee_is_marked() -> None:
    edges = [Edge(60, 0, 10), Edge(120, 80, 90), Edge(180, 85, 100)]
    picture = ET.fromstring(
        band(edges, "People", "minutes", "people", str, ident="t", asked=100, knee=120))
    space = "{http://www.w3.org/2000/svg}"
    assert [e.get("class") for e in picture.iter(f"{space}polygon")] == ["away"]
    assert len(list(picture.iter(f"{space}polyline"))) == 2
    words = [t.text for t in picture.iter(f"{space}text")]
    assert {"knee: 120", "60", "120", "180", "asked for: 100"} <= set(words)
