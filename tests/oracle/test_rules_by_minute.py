"""The rules count as an independent count, minute by minute, does."""

from __future__ import annotations

import random
from collections import defaultdict

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from lull.domain.case import Case
from lull.domain.corridor import Checkpoint, Link
from lull.domain.plan import Call, Crossing, People, Plan, Step, Stop, Task, VehicleDay
from lull.domain.rules import Violation, judge
from lull.domain.rules.checkpoints import overfull
from lull.domain.rules.facts import Facts
from lull.domain.rules.orders import duty_spells
from lull.domain.rules.rounds import round_is_one_journey
from lull.domain.rules.waits import matched
from lull.domain.time import Estimate
from tests.oracle import rules_by_minute as slow
from tests.tiny.build import IN, OUT, Team, corridor, people, plan, site, tiny, vehicles
from tests.tiny.damage import recased

CAPACITY = st.integers(1, 3)


@st.composite
def crowded_days(draw: st.DrawFn) -> tuple[Case, Plan]:
    """Up to five teams over two corridors, two points and two windows, heedless of room."""
    rate = draw(st.sampled_from([None, 2, 4]))
    check = {
        way: Checkpoint(draw(CAPACITY), {"": Estimate(0, draw(st.integers(0, 9)), 20)}, rate)
        for way in (IN, OUT)
    }
    tie = Link("south", ratio=draw(st.sampled_from([1.0, 2.0])), lead=draw(st.integers(0, 300)),
               other_lead=draw(st.integers(0, 300)))
    case = tiny(
        [
            site("A", bays=draw(CAPACITY), crowd_limit=draw(st.integers(20, 90)),
                 waiting_limit=draw(st.integers(10, 40))),
            site("B"), site("R", "reception_centre", bays=draw(CAPACITY)), site("base", "base"),
        ],
        [corridor(checkpoint=check, shared_lanes=draw(st.booleans()), link=tie),
         corridor("south", lanes=2)],
        [people("families", {1: 2000}), people("others", {1: 2000}, where="B")],
        [vehicles(number=20, crew_duty=120)], windows=[(0, 200), (900, 1030)],
    )
    teams = []
    for number in range(draw(st.integers(1, 5))):
        size = draw(st.integers(1, 3))
        names = [f"bus#{3 * number + n + 1}" for n in range(size)]
        team = Team(case, *names, leaves=draw(st.integers(0, 60)))
        for turn in range(draw(st.integers(1, 2))):
            if turn and draw(st.booleans()):
                team.wait("base", 900 + draw(st.integers(0, 30)))
            way, where, group = draw(st.sampled_from(
                [("north", "A", "families"), ("south", "B", "others")]))
            early = draw(st.integers(0, 30))
            team.cross(way, IN, convoy=f"in{number}-{turn}")
            team.load(where, group, "R", {1: draw(st.integers(1, 40)) * size})
            call = team._waiting[-1]
            team._waiting[-1] = (_sooner(call[0], early), call[1])
            team.cross(way, OUT, convoy=f"out{number}-{turn}").unload("R").again()
        teams.append(team.end())
    return case, plan(case, *teams)


def _sooner(call: Call, by: int) -> Call:
    return evolve(call, at=call.at - by)


def found(case: Case, made: Plan) -> dict[str, list[Violation]]:
    """Violations by rule."""
    by_rule: dict[str, list[Violation]] = defaultdict(list)
    for violation in judge(case, made):
        by_rule[violation.rule].append(violation)
    return by_rule


@settings(max_examples=60, deadline=None)
@given(crowded_days())
def test_lanes_bays_rates_crowds_and_waits_are_counted_right(day: tuple[Case, Plan]) -> None:
    case, made = day
    said = found(case, made)
    checks = said["checkpoint_throughput"]
    full = [v for v in checks if "too many for" in v.by]
    by_minute = slow.lanes_full(case, made)
    assert {v.where for v in full} == {name for name, those in by_minute.items() if those}
    lengths = sum(int(v.by.split(" for ")[1].split()[0]) for v in full)
    shared = case.corridors["north"].shared_lanes
    if shared:
        assert lengths == sum(len(those) for those in by_minute.values())
    assert {v.where for v in checks if "an hour" in v.by} == {
        name for name, _ in slow.too_many_an_hour(case, made)
    }
    bays = slow.bays_full(case, made)
    assert sum(int(v.by.split(" for ")[1].split()[0]) for v in said["site_bays"]) == sum(
        len(those) for those in bays.values()
    )
    assert {v.where for v in said["crowd_limit"]} == slow.crowds(case, made)
    assert {v.where for v in said["waiting_limit"]} == slow.long_waits(case, made)


@settings(max_examples=40, deadline=None)
@given(crowded_days())
def test_links_duty_and_the_end_of_windows_are_counted_right(day: tuple[Case, Plan]) -> None:
    case, made = day
    said = found(case, made)
    assert bool(said["linked_corridors"]) == bool(slow.ahead(case, made))
    for vehicle in made.vehicles:
        long = slow.longest_duty(made, vehicle.vehicle, 480)
        over = [v for v in said["crew_duty"] if v.who == vehicle.vehicle]
        assert [int(v.by.split()[0]) for v in over] == ([long - 120] if long > 120 else [])
    margin = case.pause.rules.margin
    caught = set()
    for window in case.pause.windows:
        for minute in range(window.closes - margin, window.closes):
            caught |= slow.inside_at(case, made, minute)
    assert {v.who for v in said["nobody_inside_at_end"]} == caught


@st.composite
def numbered_days(draw: st.DrawFn) -> tuple[str, list[int]]:
    """What a bus does, rounds mostly as they should be, and the numbers, which need not be."""
    rounds = draw(st.lists(st.sampled_from(
        ["iLoU", "iLoU", "iLLoUU", "LiUo", "iWo", "iWLoWU", "iLUo", "LU", "iLULoU", "io"]),
        min_size=1, max_size=4))
    acts = "".join(rounds).replace("oW", "o")
    right = [n for n, r in enumerate(rounds) for _ in r.replace("oW", "o")]
    cuts = draw(st.lists(st.tuples(st.integers(0, len(acts) - 1), st.integers(0, 4)), max_size=3))
    for at, number in cuts:
        right[at] = number
    if draw(st.booleans()):
        start = draw(st.integers(0, len(acts)))
        right[start:] = [n + 1 for n in right[start:]]
    if draw(st.booleans()):
        joined = draw(st.integers(0, 3))
        right = [n - (n > joined) for n in right]
    return acts, right


@settings(max_examples=400, deadline=None)
@given(numbered_days())
def test_a_round_is_what_is_driven_as_its_word_says(day: tuple[str, list[int]]) -> None:
    acts, numbers = day
    case = tiny([site("A"), site("R", "reception_centre"), site("base", "base")], [corridor()],
                [people("families", {1: 99})], [vehicles()])
    steps: list[Step] = [Stop("base", Task.START, 0, 0, 0)]
    inside, on_board = False, 0
    for n, (act, number) in enumerate(zip(acts, numbers, strict=True), 1):
        if act in "io":
            inside = act == "i"
            steps.append(Crossing("north", IN if inside else OUT, str(n), n, n, n, n, number))
            continue
        task = {"L": Task.LOAD, "U": Task.UNLOAD, "W": Task.WAIT}[act]
        carried = {"L": 1, "U": on_board, "W": 0}[act]
        on_board = {"L": on_board + 1, "U": 0, "W": on_board}[act]
        who = (People("families", "R", carried),) if carried else ()
        steps.append(Stop("A" if inside else "R", task, n, n, n, who, round=number))
    facts = Facts(case, Plan((VehicleDay("bus#1", tuple(steps)),)))
    assert bool(list(round_is_one_journey.violations(facts))) == slow.rounds_amiss(acts, numbers)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12)), max_size=12),
       st.integers(0, 4))
def test_overlaps_are_found_where_and_as_long_as_they_are(
    spells: list[tuple[int, int]], room: int
) -> None:
    whole = [(start, start + length) for start, length in spells]
    most = {m: sum(a <= m < b for a, b in whole) for m in range(45)}
    over = {m for m, many in most.items() if many > room}
    told = overfull(whole, room)
    assert {m for start, end, _ in told for m in range(start, end)} == over
    for start, end, highest in told:
        assert highest == max(most[m] for m in range(start, end))


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6)), max_size=6),
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6)), max_size=6),
)
def test_first_come_first_served_is_person_by_person(
    come: list[tuple[int, int]], go: list[tuple[int, int]]
) -> None:
    arrivals = sorted(m for m, many in come for _ in range(many))
    departures = sorted(m for m, many in go for _ in range(many))
    pairs = []
    for n in range(max(len(arrivals), len(departures))):
        came = arrivals[n] if n < len(arrivals) else None
        went = departures[n] if n < len(departures) else None
        pairs.append((came, went))
    told = [
        (came, went)
        for came, went, many, _ in matched(come, [(m, many, "") for m, many in go])
        for _ in range(many)
    ]
    assert sorted(told, key=str) == sorted(pairs, key=str)


@given(st.data())
def test_the_queue_bound_holds_whatever_the_order(data: st.DataObject) -> None:
    """Serve the others in any order on the lanes, then the own vehicle: ⌊Σ / lanes⌋ + own bounds
    when it is done (Graham 1966: list scheduling never starts a job later than the mean load)."""
    others = data.draw(st.lists(st.integers(0, 20), max_size=12))
    own, lanes = data.draw(st.integers(0, 20)), data.draw(st.integers(1, 4))
    order = data.draw(st.permutations(others))
    free = [0] * lanes
    for minutes in order:
        free.sort()
        free[0] += minutes
    assert min(free) + own <= sum(others) // lanes + own


def test_a_plan_at_high_times_is_out_by_the_close_less_the_margin() -> None:
    """Replay valid plans with every way, check and service at its high minutes, in the planned
    order at each checkpoint: whoever leaves the last stop inside as planned is out in time."""
    rng = random.Random(7)
    tried = 0
    for _ in range(60):
        case, made = _busy_end(rng)
        if judge(case, made):
            continue
        tried += 1
        deadline = case.pause.windows[0].closes - case.pause.rules.margin
        for lane_free in (_replay(case, made),):
            assert max(lane_free) <= deadline
    assert tried >= 15


def _busy_end(rng: random.Random) -> tuple[Case, Plan]:
    """Buses that come out one after the other towards the end of a short window."""
    lanes = rng.choice([1, 2])
    case = tiny(
        [site("A"), site("R", "reception_centre"), site("base", "base")],
        [corridor(lanes=lanes)], [people(households={1: 400})], [vehicles(number=9)],
        windows=[(0, rng.randrange(150, 330))],
    )
    teams = []
    for number in range(rng.randrange(1, 6)):
        team = Team(case, f"bus#{number + 1}", leaves=5 * number // lanes * 2)
        team.cross("north", IN, convoy=f"in{number}").load("A", "families", "R", {1: 20})
        teams.append(team.cross("north", OUT, convoy=f"out{number}").unload("R").end())
    return case, plan(case, *teams)


def _replay(case: Case, made: Plan) -> list[int]:
    """When each vehicle is out if all is slow from its last stop on, served in planned order."""
    north = case.corridors["north"]
    lanes = [0] * north.lanes(OUT)
    out = []
    rows = []
    for day in made.vehicles:
        crossing = next(s for s in day.steps if isinstance(s, Crossing) and s.direction is OUT)
        stop = day.steps[day.steps.index(crossing) - 1]
        rows.append((crossing.enters, stop.departs))  # type: ignore[union-attr]
    for enters, departs in sorted(rows):
        lanes.sort()
        begins = max(departs + 15, enters, lanes[0])
        lanes[0] = begins + 10
        out.append(begins + 10 + 8)
    return out


@given(st.integers(1, 600), st.integers(1, 900))
def test_a_wait_splits_duty_when_it_is_long_enough(wait: int, rest: int) -> None:
    case = tiny([site("R", "reception_centre"), site("base", "base")], [corridor()], (),
                [vehicles()], rules={"rest": rest})
    team = Team(case, "bus#1").wait("R", 30 + wait).end()
    facts = Facts(case, plan(case, team))
    spells = duty_spells(facts, facts.days[0])
    assert spells == ([(20, 30), (30 + wait, 40 + wait)] if wait >= rest else [(20, 40 + wait)])
    assert recased(case, rules={"rest": rest}).pause.rules.rest == rest
