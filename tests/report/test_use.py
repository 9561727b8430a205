"""How full checkpoints and fleets are, against sums made by hand."""

from __future__ import annotations

import pytest

from lull.report.model import ReportInput
from lull.report.use import Strip, checkpoint_strips, fleet_strips

BIN = 15


def strip(report: ReportInput, name: str, way: str) -> Strip:
    strips = checkpoint_strips(report.shown.case, report.shown.result.plan)
    (found,) = [s for s in strips if (s.name, s.way) == (name, way)]
    return found


def lane_minutes(found: Strip) -> float:
    return float(found.share.sum() * BIN)


def test_lanes_are_counted_as_occupied_minutes(report: ReportInput) -> None:
    # Outwards three vehicles hold one of two lanes for 4 minutes each.
    assert lane_minutes(strip(report, "North Road", "out")) == pytest.approx(3 * 4 / 2)
    # Inwards three vehicles hold the one lane for 3 minutes each.
    assert lane_minutes(strip(report, "North Road", "in")) == pytest.approx(9)


def test_an_hourly_rate_counts_where_it_is_fuller_than_the_lanes(report: ReportInput) -> None:
    south = strip(report, "South Road", "in")
    assert south.limit == "1 lane, 4 vehicles an hour"
    # The truck fills the lane for 15 minutes from 60 on, then counts a quarter of the rate.
    in_bins = dict(zip(range(south.starts, 10_000, BIN), south.share.tolist(), strict=False))
    assert in_bins[60] == pytest.approx(1.0)
    assert in_bins[75] == pytest.approx(0.25)
    assert in_bins[120] == 0


def test_people_on_foot_have_their_own_strip(report: ReportInput) -> None:
    south = strip(report, "South Road", "on foot")
    assert south.limit == "60 persons an hour"
    assert south.share.max() == pytest.approx(15 / 60, abs=0.01)


def test_the_headway_after_a_convoy_keeps_the_gate_shut(report: ReportInput) -> None:
    assert float(strip(report, "North Road", "out").slots.sum() * BIN) == pytest.approx(10)
    assert float(strip(report, "South Road", "in").slots.sum()) == 0


def test_the_mean_is_over_the_open_hours_alone(report: ReportInput) -> None:
    found = strip(report, "North Road", "in")
    assert found.open_bins.sum() * BIN == 240
    assert found.mean == pytest.approx(9 / 240)


def test_vehicles_away_and_loaded(report: ReportInput) -> None:
    bus, ambulance, truck = fleet_strips(report.shown.case, report.shown.result.plan)
    assert (bus.number, bus.most) == (2, 2)
    # The truck leaves its base at 0 and is back at 173 or so; loaded from 40 to 125.
    assert float(truck.loaded.sum() * BIN) == pytest.approx(125 - 40)
    assert (ambulance.loaded <= ambulance.out + 1e-9).all()
