"""Charts and maps put things where they belong."""

from __future__ import annotations

import re
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lull.domain.refusal import Refusal
from lull.network import read_streets
from lull.report import pictures as p
from lull.report.flows import Kind, streams
from lull.report.geometry import GRAIN, TOLERANCE, View, beside, relative_path, street_paths
from lull.report.labels import Labels
from lull.report.map import MARK, _apart
from lull.report.model import ReportInput, StreetLines
from lull.report.outputs import Audience, outputs, write

spells = st.lists(
    st.tuples(st.integers(-500, 5000), st.integers(1, 900)).map(lambda t: (t[0], t[0] + t[1])),
    min_size=1, max_size=6,
)  # fmt: skip


@given(spells, st.lists(st.integers(-500, 6000), min_size=2, max_size=20))
def test_time_runs_from_left_to_right_and_stays_on_the_axis(
    busy: list[tuple[int, int]], minutes: list[int]
) -> None:
    axis = p.TimeAxis.over(busy, 50, 750)
    xs = [axis.x(m) for m in sorted(minutes)]
    assert all(a <= b + 1e-9 for a, b in pairwise(xs))
    assert all(50 - 1e-6 <= x <= 750 + 1e-6 for x in xs)
    assert axis.x(min(s for s, _ in busy)) < axis.x(max(e for _, e in busy))


def test_a_night_between_two_windows_is_cut_out() -> None:
    axis = p.TimeAxis.over([(0, 600), (1440, 2040)], 0, 1000)
    assert len(axis.cuts()) == 1
    assert axis.x(1440) - axis.x(600) == pytest.approx(p.CUT_WIDTH)
    assert axis.x(600) == pytest.approx((1000 - p.CUT_WIDTH) / 2)


@given(st.floats(0.1, 1e7))
def test_an_axis_holds_its_values_in_few_round_steps(value: float) -> None:
    step, top = p.nice_step(value), p.nice_ceiling(value)
    assert top >= value - 1e-6
    assert 1 <= round(top / step) <= 5 or value < 1
    mantissa = step / 10 ** np.floor(np.log10(step) + 1e-9)
    assert min(abs(mantissa - m) for m in (1, 2, 2.5, 5)) < 1e-6


@given(st.lists(st.floats(0, 50), min_size=1, max_size=30))
def test_bars_cover_the_area_of_their_values(heights: list[float]) -> None:
    xs = [10.0 * i for i in range(len(heights) + 1)]
    area, x, y, base = 0.0, 0.0, 0.0, 0.0
    for letter, first, second in re.findall(
        r"([MHV])(-?[\d.]+)(?: (-?[\d.]+))?", p.bars_path(xs, heights, base)
    ):
        if letter == "M":
            x, y = float(first), float(second)
        elif letter == "V":
            y = float(first)
        else:
            area += (float(first) - x) * (base - y)
            x = float(first)
    assert area == pytest.approx(10 * sum(h for h in heights), abs=10 * 0.06 * len(heights))


def test_text_in_a_picture_is_escaped() -> None:
    assert "<5>" not in p.text(0, 0, "School <5> & more")


def read_path(path: str) -> list[np.ndarray]:
    """The lines of a relative path of m and l, in its own units."""
    lines: list[list[tuple[int, int]]] = []
    x = y = 0
    for letter, dx, dy in re.findall(r"([ml])(-?\d+) ?(-?\d+)", path):
        x, y = x + int(dx), y + int(dy)
        if letter == "m":
            lines.append([])
        lines[-1].append((x, y))
    return [np.array(line) for line in lines]


@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(-999, 999), st.integers(-999, 999)), min_size=2, max_size=9
        ).filter(lambda line: all(a != b for a, b in pairwise(line))),
        max_size=5,
    )
)
def test_a_relative_path_is_read_back(lines: list[list[tuple[int, int]]]) -> None:
    arrays = [np.array(line) for line in lines]
    back = read_path(relative_path(arrays))
    assert [line.tolist() for line in back] == [line.tolist() for line in arrays]


def test_drawn_streets_stay_within_the_tolerance_of_the_real_ones() -> None:
    random = np.random.default_rng(5)
    ways = [
        (
            "residential",
            (np.cumsum(random.normal(0, 0.0004, (40, 2)), axis=0) + np.array([36.2, 37.1])),
        )
        for _ in range(20)
    ]
    streets = StreetLines.of((k, [tuple(q) for q in line.tolist()]) for k, line in ways)
    view = View.on(np.vstack([line for _, line in ways]))
    drawn = [line * GRAIN for line in read_path(street_paths(streets, view)[3])]
    real = shapely.MultiLineString([view.units(line) for _, line in ways])
    shown = shapely.MultiLineString([line for line in drawn if len(line) > 1])
    allowed = (TOLERANCE + 1.5) * GRAIN
    assert shapely.hausdorff_distance(shown, real) <= allowed + 2 * GRAIN


def test_streets_of_each_rank_are_kept_apart_and_those_outside_left_out() -> None:
    streets = StreetLines.of([
        ("primary", [(36.20, 37.10), (36.21, 37.12)]),
        ("residential", [(36.20, 37.11), (36.21, 37.11)]),
        ("residential", [(46.0, 37.11), (46.1, 37.11)]),
    ])  # fmt: skip
    paths = street_paths(streets, View.on(np.array([[36.2, 37.1], [36.21, 37.12]])))
    assert set(paths) == {0, 3}
    assert paths[3].count("m") == 1


def test_streets_that_do_not_fit_are_refused() -> None:
    with pytest.raises(Refusal, match="do not fit"):
        StreetLines(np.zeros((3, 2)), np.array([0, 2]), np.array([1], dtype=np.int8))


def test_what_goes_east_is_drawn_south_of_its_street() -> None:
    """Traffic drives on the right, and paper runs downwards."""
    moved = beside(np.array([[0.0, 0.0], [10.0, 0.0]]), 2.0)
    assert moved.tolist() == [[0.0, 2.0], [10.0, 2.0]]


def test_loads_that_share_a_stretch_are_summed_on_it_once() -> None:
    at = {"a": (0, 0), "b": (0, 100), "gate": (50, 50), "far": (100, 50), "end": (200, 50)}

    def course(start: str, end: str) -> np.ndarray:
        return np.array([at[start], at[end]], dtype=float)

    found = streams(
        {
            ("a", "gate", "far", "end"): {Kind.PEOPLE: 30.0},
            ("b", "gate", "far", "end"): {Kind.PEOPLE: 12.0, Kind.AID: 1.0},
            ("a", "gate", "far", "gate", "far", "end"): {Kind.PEOPLE: 5.0},
        },
        course,
    )
    people = {
        tuple(map(tuple, s.points.tolist())): s.amount for s in found if s.kind is Kind.PEOPLE
    }
    assert people[(50.0, 50.0), (100.0, 50.0), (200.0, 50.0)] == 47.0
    assert people[(0.0, 0.0), (50.0, 50.0)] == 35.0
    assert people[(0.0, 100.0), (50.0, 50.0)] == 12.0
    assert max(s.amount for s in found if s.kind is Kind.AID) == 1.0


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 600)), min_size=2, max_size=25))
def test_marks_are_pushed_apart(points: list[tuple[int, int]]) -> None:
    moved = _apart(np.array(points, dtype=float))
    gap = np.hypot(*(moved[:, None] - moved[None]).transpose(2, 0, 1))
    np.fill_diagonal(gap, np.inf)
    assert np.isfinite(moved).all()
    assert gap.min() > 0.6 * MARK


def test_names_that_may_be_left_out_never_cover_anything() -> None:
    labels = Labels(1000, 600)
    placed = [labels.place(300 + 3 * i, 300, f"Place {i}", 11.5, must=False) for i in range(40)]
    boxes = []
    for words in placed:
        for x, y, text in re.findall(r'<text x="([\d.]+)" y="([\d.]+)".*?>(.*?)</text>', words):
            wide = len(text) * 6
            boxes.append(
                shapely.box(float(x) - wide / 2, float(y) - 9, float(x) + wide / 2, float(y) + 2)
            )
    assert 3 < len(boxes) < 40, "some find room, others are left out"
    overlap = [a.intersection(b).area for i, a in enumerate(boxes) for b in boxes[:i]]
    assert max(overlap) < 1


def test_a_name_that_must_stand_stands_inside_the_picture() -> None:
    labels = Labels(400, 300)
    labels.take(200, 150, 400, 300)
    assert "Corridor" in labels.place(395, 5, "Corridor", 15, must=True)


def test_outputs_are_written_whole_or_not_at_all(tmp_path: Path, report: ReportInput) -> None:
    files = outputs(report)
    assert {"report.html", "timetables.xlsx", "movements.geojson"} <= set(files)
    written = write(files, tmp_path)
    assert {q.relative_to(tmp_path).as_posix() for q in written} == set(files)
    assert not list(tmp_path.rglob(".part-*"))
    (tmp_path / "blocked").mkdir()
    (tmp_path / "blocked" / "inner").touch()
    with pytest.raises(OSError):
        write({"blocked": b"new"}, tmp_path)
    assert not list(tmp_path.rglob(".part-*"))
    assert (tmp_path / "blocked" / "inner").exists()


def test_each_audience_gets_its_own_files(report: ReportInput) -> None:
    assert set(outputs(report, "public")) == {"public.html"}
    assert set(outputs(report, Audience.DRIVER)) == {"orders.html"}
    assert set(outputs(report, "corridor")) == {"corridors.html"}
    with pytest.raises(ValueError, match="nobody"):
        outputs(report, "nobody")


def test_the_same_report_gives_the_same_bytes(report: ReportInput) -> None:
    assert outputs(report) == outputs(report)


@pytest.mark.slow
def test_a_page_on_all_streets_of_aleppo_is_small_and_quick(
    root: Path, report: ReportInput
) -> None:
    streets = read_streets(root / "samples" / "aleppo" / "roads.osm.pbf")
    lines = StreetLines.of_network(streets)
    assert len(lines.ranks) > 40_000
    corners = np.array([lines.points.min(axis=0), lines.points.max(axis=0)])
    wide = evolve(report, streets=lines, ways={("school", "north@inside"): corners})
    began = time.process_time()
    html = outputs(wide)["report.html"]
    assert time.process_time() - began < 10
    assert 200_000 < len(html) < 3_000_000, "all streets, in under 3 MB"
