"""Peers are given the same part, refereed alike, and driven through the real gates alike."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from attrs import evolve

from bench.peers.by_lull import read
from bench.peers.driven import as_plan
from bench.peers.folder import write_folder
from bench.peers.gates import Keeper, drive
from bench.peers.part import Part, only_these, part_of
from bench.peers.referee import verdict
from bench.peers.runs import PEERS, Bench, Run
from bench.peers.table import README, keep, readings, readme
from lull.domain.case import Case
from lull.domain.plan import Crossing, Stop, Task
from lull.domain.rules import judge

POINTS, CENTRES = ("p1", "p2", "p3"), ("r1", "r2")
LEGS = {
    ("b", "c1@outside"): 20, ("b", "c2@outside"): 10, ("b", "r1"): 15, ("b", "r2"): 5,
    ("c1@inside", "p1"): 4, ("c1@inside", "p2"): 9, ("c1@inside", "p3"): 15,
    ("c2@inside", "p1"): 11, ("c2@inside", "p2"): 6, ("c2@inside", "p3"): 5,
    ("c1@outside", "r1"): 3, ("c1@outside", "r2"): 14,
    ("c2@outside", "r1"): 12, ("c2@outside", "r2"): 7,
    ("c1@outside", "c1@inside"): 3, ("c2@outside", "c2@inside"): 2,
    ("p1", "p2"): 5, ("p1", "p3"): 12, ("p2", "p3"): 7, ("r1", "r2"): 10,
}  # fmt: skip
"""Minutes of the made-up town, the same both ways; c1 and c2 are its corridors."""

CHECK = {("c1", "in"): 2, ("c1", "out"): 10, ("c2", "in"): 2, ("c2", "out"): 4}
LOADING, UNLOADING, SEATS = 10, 5, 40
WAITING = {"p1": 3, "p2": 3, "p3": 4}
"""Bus loads that wait at each point."""

Write = Callable[..., Path]


def table(file: Path, rows: list[dict[str, object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        names = list(dict.fromkeys(name for row in rows for name in row))
        writer = csv.DictWriter(opened, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def town(tmp_path: Path) -> Write:
    """Writes the made-up town as a pause folder; says where it lies."""

    def write(buses: int = 2, minutes: int = 150, margin: int = 30, slot: int = 5) -> Path:
        folder = tmp_path / f"town-{buses}-{minutes}-{margin}-{slot}"
        folder.mkdir()
        close = 8 * 60 + minutes + margin
        (folder / "pause.yaml").write_text(
            "title: Town\nplace: nowhere\ntime_zone: UTC\n"
            f"windows:\n- {{name: day, from: '2030-05-06 08:00', "
            f"to: '2030-05-06 {close // 60:02}:{close % 60:02}'}}\n"
            f"rules: {{margin_minutes: {margin}, slot_minutes: {slot}}}\n",
            encoding="utf-8",
        )
        site = {"sides": "outside", "service_minutes": UNLOADING}
        table(folder / "sites.csv", [
            {"id": "b", "name": "Base", "kind": "base", "sides": "outside"},
            *({"id": r, "name": r, "kind": "reception_centre", **site, "capacity_seated": room}
              for r, room in zip(CENTRES, (60, 1000), strict=True)),
            *({"id": p, "name": p, "kind": "assembly_point", "sides": "inside", "bays": 1,
               "service_minutes": LOADING} for p in POINTS),
        ])  # fmt: skip
        table(folder / "corridors.csv", [
            {"id": c, "name": c, "users": "civilians", "directions": "both",
             "inside_side": "inside", "outside_side": "outside", "lanes_out": 1, "lanes_in": 1,
             "check_minutes_out": CHECK[c, "out"], "check_minutes_in": CHECK[c, "in"],
             "largest_convoy": 2, "headway_minutes": 5, "mines_out": "cleared",
             "mines_in": "cleared"} for c in ("c1", "c2")
        ])  # fmt: skip
        table(folder / "people.csv", [
            {"id": f"{p}-g", "site": p, "count": n * SEATS + 7, "wishing_count": n * SEATS + 7,
             "wish_source": "made up", "need": "seated", "category": "civilians",
             "means": "needs_transport", "household_sizes": f"4:{n * SEATS // 4}|7:1"}
            for p, n in WAITING.items()
        ])  # fmt: skip
        table(folder / "fleet.csv", [
            {"id": "bus", "number": buses, "base": "b", "uses": "passengers",
             "sides": "inside|outside", "seats": SEATS}
        ])  # fmt: skip
        table(folder / "travel_minutes.csv", [
            {"from": a, "to": b, "profile": "all", "minutes": m, "metres": 100 * m,
             "both_ways": "yes"} for (a, b), m in LEGS.items()
        ])  # fmt: skip
        return folder

    return write


@pytest.fixture
def case(town: Write) -> Case:
    return read(town())


def way(a: str, b: str) -> int:
    return LEGS.get((a, b)) or LEGS[b, a]


def most_loads(buses: int, minutes: int) -> int:
    """The most loads that buses can bring out, by trying every order of every bus."""

    def through(start: str, end: str, direction: str) -> Iterator[tuple[int, int]]:
        gates = ("outside", "inside") if direction == "in" else ("inside", "outside")
        for c in ("c1", "c2"):
            gone = way(start, f"{c}@{gates[0]}") + CHECK[c, direction] + LEGS[
                f"{c}@outside", f"{c}@inside"]  # fmt: skip
            yield gone + way(f"{c}@{gates[1]}", end), gone

    @cache
    def days(place: str, now: int) -> frozenset[tuple[int, ...]]:
        """Every vector of loads by point that one bus can bring out from here on."""
        found = {(0,) * len(POINTS)}
        for n, point in enumerate(POINTS):
            # At the opening a bus stands at whichever gate it likes: it has had all night.
            at_point = (
                min(CHECK[c, "in"] + LEGS[f"{c}@outside", f"{c}@inside"] + way(f"{c}@inside", point)
                    for c in ("c1", "c2"))
                if place == "b" else now + min(through(place, point, "in"))[0]
            )  # fmt: skip
            loaded = at_point + LOADING
            for centre in CENTRES:
                for there, gone in through(point, centre, "out"):
                    if loaded + gone > minutes:
                        continue
                    for later in days(centre, loaded + there + UNLOADING):
                        found.add(tuple(v + (k == n) for k, v in enumerate(later)))
        return frozenset(v for v in found if all(map(int.__le__, v, WAITING.values())))

    def there_are(chosen: tuple[tuple[int, ...], ...]) -> bool:
        taken = [sum(of_point) for of_point in zip(*chosen, strict=True)]
        return all(map(int.__le__, taken, WAITING.values()))

    every = itertools.combinations_with_replacement(sorted(days("b", 0)), buses)
    return max(sum(map(sum, chosen)) for chosen in every if there_are(chosen))


def test_the_part_holds_full_bus_loads_and_the_time_less_the_margin(case: Case) -> None:
    part = part_of(case, "town")
    assert part.loads == WAITING
    assert (part.buses, part.seats, part.minutes) == (2, SEATS, 150)
    # in by c1: check 2, way 3, then 4 to p1; out by c2: 11 to the gate, check 4, way 2
    assert part.first["p1"] == 9
    assert part.free["p1"] == 17
    # from p1 to r1: c1 takes 4 + 10 + 3 + 3; c2 takes 11 + 4 + 2 + 12
    assert part.out["p1"]["r1"] == 20
    assert part.between("p1", "p1") == (20 + 5 + (3 + 2 + 3 + 4), "r1")


def test_what_peers_are_told_is_the_same_after_writing_it_down(case: Case, tmp_path: Path) -> None:
    part = part_of(case, "town")
    part.save(tmp_path / "part.json")
    assert Part.load(tmp_path / "part.json") == part


def test_the_referee_counts_a_load_only_while_its_bus_is_out_in_time(town: Write) -> None:
    """At p1 at 9, loaded at 19, out by c2 at 36 or by c1 at 36: the minute decides."""
    for minutes, in_time in ((36, 1), (35, 0)):
        case = read(town(minutes=minutes))
        said = verdict(case, "bus", WAITING, [[("p1", "r1")], []])
        assert (said.in_time, said.late, said.wrong) == (in_time, 1 - in_time, ())


def test_the_referee_stops_counting_a_bus_at_its_first_late_load(town: Write) -> None:
    """The second load of p1 is on board at 19 + 20 + 5 + 12 + 10 = 66 and out at 83."""
    route = [("p1", "r1"), ("p1", "r1"), ("p1", "r1")]
    for minutes, in_time in ((83, 2), (82, 1)):
        said = verdict(read(town(minutes=minutes)), "bus", WAITING, [route])
        assert (said.in_time, said.late) == (in_time, 3 - in_time)


def test_the_referee_says_what_is_plainly_wrong(case: Case) -> None:
    said = verdict(case, "bus", WAITING, [[("p1", "r1")] * 4, [("p2", "r1")], [("p2", "r1")]])
    assert len(said.wrong) == 2


ONE_MORE = 130
"""The minute from which on two buses can bring out one load more; see the first assertion."""


@pytest.mark.parametrize("minutes", [ONE_MORE - 1, ONE_MORE])
@pytest.mark.parametrize("key", ["pyvrp", "pyvrp-reload", "ortools"])
def test_each_peer_finds_the_most_loads_of_a_tiny_part(
    town: Write, tmp_path: Path, key: str, minutes: int
) -> None:
    """So each model says what is meant: the oracle tries every order of every bus.

    A minute too few in a model and a load is late in the shorter time; one too many and a load is
    missing in the longer.
    """
    assert most_loads(2, ONE_MORE) == most_loads(2, ONE_MORE - 1) + 1
    peer = PEERS[key]
    if not peer.installed:
        pytest.skip(f"{peer.name} is not installed; scripts/setup bench installs it")
    best = most_loads(2, minutes)
    bench = Bench("town", tmp_path, 1.0, "here", town(minutes=minutes))
    told = bench.ask(peer, 1.0, 1, tmp_path / "out.json")
    said = verdict(bench.case, "bus", WAITING, told.routes)
    assert (said.in_time, said.late, said.wrong) == (best, 0, ())
    assert told.wall_s < 3


def test_the_folder_for_lull_is_the_same_part_without_other_limits(
    case: Case, tmp_path: Path
) -> None:
    part = part_of(case, "town")
    write_folder(case, part, tmp_path / "part")
    as_read = read(tmp_path / "part")
    assert part_of(as_read, "town") == part
    assert as_read.pause.rules.margin == 0
    assert {s.bays for s in as_read.sites.values()} == {None}
    assert {s.capacity_seated for s in as_read.sites.values()} == {None}
    assert {c.convoy.headway for c in as_read.corridors.values()} == {0}


def test_lull_finds_the_most_loads_of_a_tiny_part_and_no_bound_is_below(
    town: Write, tmp_path: Path
) -> None:
    run = Bench("town", tmp_path, 1.0, "here", town(minutes=ONE_MORE)).run("lull", 1)
    assert (run.loads, run.late_loads, run.wrong) == (most_loads(2, ONE_MORE), 0, "")
    assert run.bound_loads is not None
    assert run.bound_loads >= most_loads(2, ONE_MORE) - 1e-6
    assert run.violations > 0  # on the part it knows of no checkpoint, as the others


def test_routes_are_driven_in_the_minutes_that_the_referee_counts(case: Case) -> None:
    """A plan made of routes leaves the far gate of its last way out when the referee says so."""
    real = only_these(case)
    plan = as_plan(real, [[("p1", "r1"), ("p1", "r1")]])
    outs = [step.leaves for _, step in plan.crossings() if step.direction == "out"]
    assert outs == [19 + 4 + 10 + 3, 83]
    aboard = [sum(p.persons for p in s.people) for _, s in plan.stops() if s.task is Task.LOAD]
    assert aboard == [39, 40]  # a household of 7, then whole households of 4


def test_a_plan_of_one_bus_that_waits_for_nothing_breaks_only_what_it_was_not_told(
    case: Case,
) -> None:
    real = only_these(case)
    broken = {v.rule for v in judge(real, as_plan(real, [[("p1", "r1")]]))}
    assert broken <= {"whole_slots", "last_safe_departure"}
    many = as_plan(real, [[("p1", "r1")], [("p1", "r1")]])
    assert {"checkpoint_throughput", "convoy_headway", "site_bays"} <= {
        v.rule for v in judge(real, many)
    }


@pytest.mark.parametrize("slot", [1, 5])
def test_two_buses_at_a_gate_with_one_lane_are_out_one_check_after_the_other(
    town: Write, slot: int
) -> None:
    """By hand. In by c1 as one convoy at 0: checked at 2 and 4, both through at 7, at p1 at 11.

    One bay: loaded at 21 and 31. At the gate of c1 at 25 and 35, both whole slots. The first is
    checked until 35 and out at 38. The second may start at 35: checked until 45, out at 48.
    """
    routes = [[("p1", "r1"), ("p1", "r1")], [("p1", "r1")]]
    for minutes, out in ((48, 2), (47, 1), (38, 1), (37, 0)):
        real = only_these(read(town(minutes=minutes, margin=60, slot=slot)))
        plan = as_plan(real, [[r[0]] for r in routes])
        done = drive(real, plan, Keeper.FEW)
        assert done.out == sum([39, 40][:out]), minutes
        assert done.out + done.late == 79
        assert (done.inside, done.buses_inside) == (0, 0)


def test_whoever_is_not_out_when_the_window_closes_is_inside(town: Write) -> None:
    """As above, but the window closes at 40: the second bus stands in the check with its people."""
    real = only_these(read(town(minutes=40, margin=0)))
    done = drive(real, as_plan(real, [[("p1", "r1")], [("p1", "r1")]]), Keeper.FEW)
    assert (done.out, done.late, done.inside, done.buses_inside) == (39, 0, 40, 1)


def test_a_guard_turns_back_who_could_not_be_out_even_alone(town: Write) -> None:
    """A second round would begin at the gate at 36 + 3 + 5 + 3 = 47 and be out at 83."""
    route = [[("p1", "r1"), ("p1", "r1")]]
    for minutes, turned_back in ((90, 0), (80, 1)):
        real = only_these(read(town(minutes=minutes, margin=0)))
        free = drive(real, as_plan(real, route), Keeper.FEW)
        held = drive(real, as_plan(real, route), Keeper.FEW, guarded=True)
        assert held.turned_back == turned_back
        assert free.inside == 40 * turned_back
        assert held.inside == 0


def test_people_beyond_the_places_of_a_centre_are_out_but_not_received(town: Write) -> None:
    real = only_these(read(town()))
    done = drive(real, as_plan(real, [[("p1", "r1"), ("p1", "r1")]]), Keeper.FEW)
    assert (done.out, done.received) == (79, 60)


def test_a_plan_by_lull_is_driven_through_the_gates_as_planned(
    town: Write, tmp_path: Path
) -> None:
    """The replay shares nothing with the planner, and finds everyone out when the plan says."""
    run = Bench("town", tmp_path, 1.0, "here", town()).run("lull-gates", 0)
    assert run.violations == 0
    assert run.planned > 0
    assert (run.out, run.received, run.late, run.inside) == (run.planned, run.planned, 0, 0)


def test_a_peers_plan_keeps_the_order_of_its_stops(case: Case) -> None:
    real = only_these(case)
    plan = as_plan(real, [[("p1", "r1"), ("p3", "r2")]])
    steps = [
        s.site if isinstance(s, Stop) else f"{s.corridor} {s.direction}"
        for s in plan.vehicles[0].steps if isinstance(s, Crossing) or s.task is not Task.WAIT
    ]  # fmt: skip
    assert [s for s in steps if not s.startswith("c")] == ["b", "p1", "r1", "p3", "r2", "b"]
    times = [s.arrives for s in plan.vehicles[0].steps]
    assert times == sorted(times)


RUN = Run(
    case="town", who="lull", seed=0, seconds=60.0, date="2030-05-06", version="0",
    machine="here", plan_s=60.0, wall_s=61.0, cpu_s=60.0, all_loads=20, loads=10,
    late_loads=0, wrong="", bound_loads=12.0, bound_s=3.0, planned=400, violations=2,
    broken="site_bays:2", keeper="few at a time", out=300, received=250, late=60, inside=40,
    buses_inside=1, guarded_out=310, guarded_received=260, guarded_inside=0,
)  # fmt: skip


def a_run(**other: object) -> Run:
    return evolve(RUN, **other)


def test_runs_are_kept_and_read_again_as_they_were(tmp_path: Path) -> None:
    file = tmp_path / "runs.csv"
    runs = [a_run(), a_run(who="lull, every rule on", loads=None, late_loads=None,
                           bound_loads=None, bound_s=None)]  # fmt: skip
    keep(runs, file)
    assert readings(file) == runs
    keep([a_run(seed=3)], file)
    assert readings(file) == [a_run(seed=3), runs[1]]


def test_a_loss_is_printed_as_plainly_as_a_win() -> None:
    page = readme([a_run(), a_run(who="PyVRP", loads=11), a_run(who="OR-Tools routing", loads=9)])
    assert "**PyVRP beats lull**: 11 loads to 10." in page
    assert "lull beats OR-Tools routing: 10 loads to 9." in page
    assert "| PyVRP | 1 | 11 | 91.7% | +10.0% |" in page


def test_routes_that_bring_more_out_are_said_to_and_whom_they_leave_inside_too() -> None:
    whole = {"loads": None, "late_loads": None, "bound_loads": None, "bound_s": None, "inside": 0}
    page = readme([a_run(), a_run(who="lull, every rule on", out=290, **whole)])
    assert "lull, every rule on: 290 out in time, 0 inside at the end." in page
    assert "Routes of lull: 10 more out in time, 40 inside at the end." in page


def test_a_busy_machine_is_told() -> None:
    assert "The machine was busy" not in readme([a_run()])
    assert "a run had 0.3 of a core" in readme([a_run(cpu_s=18.3)])


def test_the_page_of_figures_is_what_the_kept_runs_give() -> None:
    assert README.read_text(encoding="utf-8") == readme(readings())


def test_no_kept_run_is_above_its_bound_or_plainly_wrong() -> None:
    for run in readings():
        assert run.wrong == ""
        assert run.loads is None or run.loads <= run.bound_loads + 1e-6  # type: ignore[operator]
