"""Pictures of the day: what they say can be read from their lines, without colour."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from lull.domain.corridor import Direction
from lull.domain.time import Clock
from lull.report.day_pictures import Bar, Curves, costs, fan, tornado
from lull.report.time_distance import time_distance, trains
from tests.simulate.kit import rounds, sample, two_corridors

CLOCK = Clock(datetime(2030, 1, 2, 8, tzinfo=UTC), "UTC")


def widths(svg: str, style: str) -> list[float]:
    """The widths of the bars of a class, from above."""
    return [float(w) for w in re.findall(rf'width="([\d.]+)" height="[\d.]+" class="{style}"', svg)]


def test_the_fan_says_where_plan_and_days_end() -> None:
    curves = Curves((10, 20, 30), (0, 50, 100), (0, 20, 60), (0, 40, 80), (0, 45, 90))
    picture = fan(curves, [(0, 60)], CLOCK)
    ElementTree.fromstring(picture.svg)
    assert "plan: 100" in picture.svg
    assert "days: 60 to 90" in picture.svg


def test_bars_of_a_tornado_are_as_wide_as_what_they_stand_for() -> None:
    picture = tornado([Bar("a", "low", "high", 80, 130), Bar("b", "less", "more", 95, 110)],
                      100, "people")
    ElementTree.fromstring(picture.svg)
    low, high = widths(picture.svg, "away"), widths(picture.svg, "use")
    assert low[0] / low[1] == pytest.approx(20 / 5, rel=0.01)
    assert high[0] / high[1] == pytest.approx(30 / 10, rel=0.01)
    assert high[0] / low[0] == pytest.approx(30 / 20, rel=0.01)


def test_two_ends_on_one_side_stand_one_above_the_other() -> None:
    picture = tornado([Bar("a", "low", "high", 90, 80)], 100, "people")
    heights = re.findall(r'height="([\d.]+)" class="(?:away|use)"', picture.svg)
    assert [float(h) for h in heights] == [8, 8]
    assert "high" in picture.svg
    assert ">low<" not in picture.svg


def test_what_causes_cost_is_drawn_to_scale() -> None:
    picture = costs([("halts", 30.0), ("breakdowns", 10.0), ("absence", 0.0)], "people")
    bars = widths(picture.svg, "use")
    assert bars[0] / bars[1] == pytest.approx(3, rel=0.01)
    assert bars[2] == 0


def test_a_convoy_is_a_line_from_gate_to_gate_at_its_minutes() -> None:
    """One bus, three rounds: three lines in and three out, each as the plan says."""
    case = two_corridors()
    plan = rounds(case, 3)
    found = list(trains(case, plan, "north"))
    ways = [one.direction for one in found]
    assert ways.count(Direction.OUT) == ways.count(Direction.IN) == 3
    first = found[0]
    assert (first.arrives, first.from_far, first.to_far) == (30, 10, 10)
    assert first.leaves - first.cleared == 5
    svg = time_distance(case, plan, "north")
    ElementTree.fromstring(svg)
    assert svg.count("goes-out") == svg.count("goes-in") == 3
    assert time_distance(case, plan, "south") == ""


def test_every_convoy_of_a_sample_is_drawn_once() -> None:
    case, plan = sample("first-steps")
    drawn = sum(len(list(trains(case, plan, name))) for name in case.corridors)
    crossed = {c.convoy for _, c in plan.crossings()}
    assert drawn == len(crossed)
