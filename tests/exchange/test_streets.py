"""A folder with streets: ways, snapping, the line, approved routes, closures, the kept table.

The town is a ladder of two streets and six rungs (see `Town`): 901.5 m a step eastward and
1,109.7 m northward, tertiary. The line runs north and south between the third and fourth column.
"""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lull.exchange import Key, Level, read_folder, seal
from lull.exchange.reading import Reading
from tests.exchange.kit import Folder
from tests.network.extracts import LAT, LON, STEP, grid, write_pbf

TERTIARY = {"highway": "tertiary"}
KEY = Key.new()


def at(column: float, row: float) -> dict[str, str]:
    return {"lat": f"{LAT + STEP * row:.7f}", "lon": f"{LON + STEP * column:.7f}"}


def gate(which: str, column: float, row: float) -> dict[str, str]:
    return {f"{which}_gate_{name}": text for name, text in at(column, row).items()}


def feature(kind: str, shape: str, points: list[Any], **more: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"kind": kind, **more},
            "geometry": {"type": shape, "coordinates": points}}


def collection(*features: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def line(*points: tuple[float, float]) -> list[list[float]]:
    return [[LON + STEP * column, LAT + STEP * row] for column, row in points]


THE_LINE = feature("line", "LineString", line((2.5, -2), (2.5, 4)))
APPROVED = feature("approved_route", "LineString", line((0, 0), (5, 0)))


class Town:
    """A folder on streets that can be changed before it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.folder = Folder()
        del self.folder.files["travel_minutes.csv"]
        self.folder.set("sites", "school", **at(0, 0)).set("sites", "depot", **at(5, 0))
        self.folder.set("sites", "tents", **at(5, 1)).set("sites", "clinic", **at(4, 0))
        self.folder.set("corridors", "bridge", **gate("inside", 2, 0), **gate("outside", 3, 0))
        self.nodes = grid(6, 2)
        self.ways = [([11, 12, 13, 14, 15, 16], dict(TERTIARY)),
                     ([21, 22, 23, 24, 25, 26], dict(TERTIARY)),
                     *(([11 + c, 21 + c], dict(TERTIARY)) for c in range(6))]
        self.routes = [THE_LINE, APPROVED,
                       feature("approved_route", "LineString", line((5, 0), (5, 1)))]
        self.closures: list[dict[str, Any]] = []

    def write(self) -> Path:
        self.folder.files["routes.geojson"] = collection(*self.routes)
        self.folder.files["closures.geojson"] = collection(*self.closures)
        self.folder.write(self.path)
        write_pbf(self.path / "roads.osm.pbf", self.nodes, self.ways)
        return self.path

    def read(self, **more: Any) -> Reading:
        return read_folder(self.write(), **more)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path / "town")


def of(reading: Reading, check: str) -> list[str]:
    return [f.sentence for f in reading.findings if f.check == check]


def test_ways_come_from_the_streets_and_cross_the_line_at_gates_only(town: Town) -> None:
    reading = town.read()
    assert reading.findings == ()
    assert reading.case is not None
    travel = reading.case.travel
    leg = travel.leg("bus", "school", "bridge@inside")
    assert leg is not None
    # Two steps of 901.5 m at 30 km/h (tertiary, likely), slowed by load 0.9 and convoy 0.8.
    assert leg.metres == pytest.approx(2 * 901.5, abs=1)
    assert leg.likely == 6  # 1,803 m at 21.6 km/h are 5.01 minutes, rounded up
    assert leg.approved
    assert travel.leg("bus", "bridge@inside", "bridge@outside") is not None
    assert travel.leg("bus", "school", "depot") is None
    assert reading.case.draft == ""


def test_people_on_foot_are_not_slowed_by_load_or_convoy(town: Town) -> None:
    case = town.read().case
    assert case is not None
    leg = case.travel.leg("foot", "school", "bridge@inside")
    assert leg is not None
    assert leg.likely == 29  # 1,803 m at 1.07 m/s are 28.1 minutes


def test_the_speed_of_a_type_and_of_the_day_count(town: Town) -> None:
    town.folder.set("fleet", "truck", speed_factor="0.5")
    town.folder.text("pause.yaml", "\nsources:", "\ntravel: {load_factor: 1, convoy_factor: 1, "
                     "damage_factor: 0.5}\n\nsources:")
    case = town.read().case
    assert case is not None
    minutes = [leg.likely for name in ("bus", "truck")
               if (leg := case.travel.leg(name, "school", "bridge@inside"))]
    assert minutes == [8, 15]  # 1,803 m at 15 and at 7.5 km/h: 7.2 and 14.4 minutes


def test_minutes_beside_streets_count_before_the_streets(town: Town) -> None:
    town.folder.put("travel_minutes", [["from", "to", "minutes"],
                                       ["school", "bridge@inside", "20/40/60"]])
    case = town.read().case
    assert case is not None
    there = case.travel.leg("bus", "school", "bridge@inside")
    back = case.travel.leg("bus", "bridge@inside", "school")
    assert there is not None
    assert back is not None
    assert (there.low, there.likely, there.high, back.likely) == (20, 40, 60, 6)


def test_a_place_far_from_any_street_is_named_with_the_distance(town: Town) -> None:
    town.folder.set("sites", "clinic", **at(4, -0.3))
    said = of(town.read(), "streets")
    assert len(said) == 1
    assert said[0].startswith("clinic")
    assert "333 m" in said[0]


def test_a_place_without_a_position_is_an_error_on_streets(town: Town) -> None:
    town.folder.set("sites", "tents", lat="", lon="").set("corridors", "bridge", inside_gate_lat="")
    errors = {(f.check, f.file, f.column) for f in town.read().errors}
    assert errors == {("position", "sites.csv", "lat"),
                      ("position", "corridors.csv", "inside_gate_lat")}


def test_gates_between_which_no_street_leads_are_an_error(town: Town) -> None:
    town.ways[:2] = [([11, 12, 13], TERTIARY), ([14, 15, 16], TERTIARY), ([21, 22, 23], TERTIARY),
                     ([24, 25, 26], TERTIARY)]
    assert of(town.read(), "gates do not connect")


def one_way_bridge(town: Town) -> None:
    """The lower street is one-way out across the line; the upper street is not."""
    town.ways[0] = ([11, 12, 13], TERTIARY)
    town.ways += [([14, 15, 16], TERTIARY), ([13, 14], {**TERTIARY, "oneway": "yes"})]


def test_a_corridor_whose_own_street_is_one_way_is_a_trap(town: Town) -> None:
    one_way_bridge(town)
    town.routes.append(feature("corridor_line", "LineString", line((2, 0), (3, 0)),
                               corridor="bridge"))
    said = of(town.read(), "one-way trap")
    assert len(said) == 1
    assert "driven only out" in said[0]


def test_a_way_through_that_crosses_the_line_elsewhere_is_named(town: Town) -> None:
    one_way_bridge(town)
    said = of(town.read(), "detour")
    assert len(said) == 1
    assert "900 m apart" in said[0]
    assert "going in is 3,121 m" in said[0]


def test_without_approved_routes_every_plan_is_a_draft_and_it_is_said(town: Town) -> None:
    town.routes = [THE_LINE]
    reading = town.read()
    assert reading.case is not None
    assert "no approved route" in reading.case.draft
    assert len(of(reading, "approved routes")) == 1


def test_a_named_role_may_use_streets_that_are_not_approved(town: Town) -> None:
    town.routes = [THE_LINE]
    town.folder.text("pause.yaml", "\nsources:", "\nstreets_override: {role: head of operations, "
                     "reason: nothing else is open}\n\nsources:")
    reading = town.read()
    assert reading.case is not None
    assert reading.case.draft == ""
    assert reading.case.overrides["approved_streets"].role == "head of operations"
    assert "by decision of head of operations" in of(reading, "override")[0]


def test_a_site_off_the_approved_routes_is_named(town: Town) -> None:
    town.routes = [THE_LINE, APPROVED]
    said = of(town.read(), "approved routes")
    assert len(said) == 1
    assert "'tents'" in said[0]


def test_how_near_an_approved_route_a_street_lies_is_the_folders_word(town: Town) -> None:
    beside = feature("approved_route", "LineString", line((0, 0.05), (5, 0.05)))  # 55 m north
    town.routes = [THE_LINE, beside]
    assert len(of(town.read(), "approved routes")) > 2
    town.folder.text("pause.yaml", "  fill: 1 ", "  approved_within_m: 80\n  fill: 1 ")
    assert not any("bridge" in said for said in of(town.read(), "approved routes"))


def test_a_place_on_the_wrong_side_of_the_line_is_named(town: Town) -> None:
    town.folder.add("sites", id="yard", kind="shelter", sides="inside", **at(1, 1))
    town.folder.add("sites", id="hall", kind="shelter", sides="outside", **at(1, 0.5))
    found = [f for f in town.read().warnings if f.check == "wrong side"]
    assert [(f.file, f.row, f.found) for f in found] == [
        ("sites.csv", town.folder.row_of("sites", "hall"), "outside")]


def test_closures_close_slow_and_mine(town: Town) -> None:
    free = town.read().case
    # The rung between the first columns and the upper street let a way round the first step.
    town.closures = [feature("closed", "LineString", line((0.2, 0), (0.8, 0)), source="s",
                             time="t", id="barrier")]
    closed = town.read().case
    assert free is not None
    assert closed is not None
    metres = [leg.metres for case in (free, closed)
              if (leg := case.travel.leg("bus", "school", "bridge@inside"))]
    assert metres[1] - metres[0] == pytest.approx(2 * 1109.7, abs=5)
    mined = feature("mines_suspected", "Polygon", [line((-1, -1), (1.5, -1), (1.5, 4), (-1, 4),
                                                        (-1, -1))], source="s", time="t")
    town.closures = [mined]
    case = town.read().case
    assert case is not None
    leg = case.travel.leg("bus", "school", "bridge@inside")
    assert leg is not None
    assert leg.mined
    mined["properties"] |= {"override_role": "clearance officer", "override_reason": "swept"}
    reading = town.read()
    assert reading.case is not None
    leg = reading.case.travel.leg("bus", "school", "bridge@inside")
    assert leg is not None
    assert not leg.mined
    assert "clearance officer" in of(reading, "override")[0]


def test_a_closure_of_nothing_or_without_a_source_is_named(town: Town) -> None:
    town.closures = [feature("closed", "Point", line((40, 40))[0], id="lost")]
    reading = town.read()
    assert "source and time" in of(reading, "closure")[0]
    assert "touches no street" in of(reading, "streets")[0]


def test_the_table_is_kept_readable_by_its_owner_alone_and_used_again(town: Town) -> None:
    first = town.read()
    kept = list((town.path / ".lull-cache").iterdir())
    assert len(kept) == 1
    assert stat.S_IMODE(kept[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(kept[0].parent.stat().st_mode) == 0o700
    told: list[str] = []
    second = read_folder(town.path, progress=lambda what, *_: told.append(what))
    assert told == []
    assert first.case is not None
    assert second.case is not None
    for part in ("low", "likely", "high", "metres", "approved", "mined"):
        for profile in first.case.travel.profiles:
            one, other = (getattr(c.travel, part)[profile] for c in (first.case, second.case))
            assert one.dtype == other.dtype
            assert (one == other).all()
    assert second.ground is not None
    assert len(second.ground.streets) > 0


CHANGES: list[Callable[[Town], Any]] = [
    lambda t: t.folder.set("sites", "tents", **at(4, 1)),
    lambda t: t.folder.set("fleet", "bus", speed_factor="0.9"),
    lambda t: t.closures.append(feature("closed", "LineString", line((3.2, 1), (3.8, 1)),
                                        source="s", time="t")),
    lambda t: t.routes.pop(),
    lambda t: t.ways.pop(),
    lambda t: t.folder.text("pause.yaml", "  fill: 1 ", "  approved_within_m: 31\n  fill: 1 "),
]


@pytest.mark.parametrize("change", CHANGES, ids=range(len(CHANGES)))
def test_whatever_a_table_was_made_from_makes_another(
    town: Town, change: Callable[[Town], Any]
) -> None:
    town.read()
    change(town)
    town.read()
    assert len(list((town.path / ".lull-cache").iterdir())) == 2


def test_what_streets_do_not_hang_on_makes_no_other(town: Town) -> None:
    town.read()
    town.folder.set("people", "families", count="800").set("fleet", "bus", number="9")
    town.read()
    assert len(list((town.path / ".lull-cache").iterdir())) == 1


def test_a_damaged_kept_table_is_made_again(town: Town) -> None:
    town.read()
    kept = next((town.path / ".lull-cache").iterdir())
    whole = kept.read_bytes()
    for wrong in (b"", whole[:100], whole[:-30], b"PK" + os.urandom(300), whole[:500] + b"x" * 99):
        kept.write_bytes(wrong)
        assert town.read().ok
        assert len(kept.read_bytes()) > 300


def test_a_cache_elsewhere_leaves_the_folder_alone(town: Town, tmp_path: Path) -> None:
    assert town.read(cache=tmp_path / "kept").ok
    assert not (town.path / ".lull-cache").exists()
    assert len(list((tmp_path / "kept").iterdir())) == 1


def test_a_sealed_folder_brings_its_kept_table_and_leaves_nothing_outside(
    town: Town, tmp_path: Path
) -> None:
    reading = town.read()
    sealed = seal(town.path, tmp_path / "town.age", recipients=[KEY.public])
    before = sorted(tmp_path.rglob("*"))
    told: list[str] = []
    again = read_folder(sealed, secrets=(KEY.secret,), cache=tmp_path / "c",
                        progress=lambda what, *_: told.append(what))
    assert again.ok
    assert again.content_hash == reading.content_hash
    assert told == []
    assert sorted(tmp_path.rglob("*")) == before


def test_streets_that_are_no_streets_are_a_sentence(town: Town) -> None:
    path = town.write()
    whole = (path / "roads.osm.pbf").read_bytes()
    for raw in (b"", b"nonsense", whole[: len(whole) // 2], whole[:-3], os.urandom(500)):
        (path / "roads.osm.pbf").write_bytes(raw)
        reading = read_folder(path)
        assert [f.file for f in reading.errors] == ["roads.osm.pbf"], raw[:10]


def test_folders_may_share_streets(town: Town) -> None:
    path = town.write()
    (path / "roads.osm.pbf").rename(path.parent / "shared.osm.pbf")
    pause = path / "pause.yaml"
    text = pause.read_text(encoding="utf-8")
    pause.write_text(text + "roads: ../shared.osm.pbf\n", encoding="utf-8")
    assert read_folder(path).ok
    for wrong in ("../nowhere.osm.pbf", "/etc/hostname", "../shared.txt"):
        pause.write_text(text + f"roads: {wrong}\n", encoding="utf-8")
        assert any(f.column == "roads" for f in read_folder(path).errors), wrong


def test_the_real_samples_are_read_without_an_error(root: Path, travel_cache: Path) -> None:
    for sample in sorted((root / "samples").glob("*/pause.yaml")):
        started = time.monotonic()
        reading = read_folder(sample.parent, cache=travel_cache)
        assert reading.ok, [str(f) for f in reading.errors]
        assert time.monotonic() - started < 60
        assert {f.level for f in reading.findings} <= {Level.WARNING}
