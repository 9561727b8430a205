"""Rounds under way that a delay has brought too near others: held until no rule is broken."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

import pytest
from attrs import evolve

from lull.domain.case import Case
from lull.domain.corridor import Checkpoint, ConvoyRule, Direction
from lull.domain.place import INSIDE
from lull.domain.plan import Crossing, Plan, Step, Stop
from lull.domain.rules import judge
from lull.domain.time import Estimate, Window
from lull.domain.worth import arrived
from lull.plan import make_plan
from lull.questions.helped import helped
from lull.questions.last_resort import last_resorts
from lull.questions.replan import replan
from lull.questions.reports import EVERYBODY, Report
from lull.questions.seats_back import with_seats_back
from lull.questions.underway import Reading, as_reported, day_of, later, shifted
from tests.questions.bad_days import bad_day
from tests.questions.towns import small_town
from tests.tiny import build
from tests.tiny.build import BOTH, Team, corridor, people, site, tiny, vehicles

RELEASE = 15


@pytest.fixture(scope="module")
def towns() -> list[tuple[Case, Plan]]:
    """Towns of one or two corridors with narrow gates, and their plans."""
    found = []
    for seed in (0, 1, 2, 6, 10, 11):
        case = small_town(seed, corridors=1 + seed % 2, minutes=240)
        plan = make_plan(case, work=3, stop_bound=lambda: True).plan
        assert not judge(case, plan)
        found.append((case, plan))
    return found


def delays(case: Case, plan: Plan, rng: random.Random) -> tuple[int, list[Report]]:
    """A minute, and delays of one or two vehicles that are under way by then."""
    while True:
        now, reports = bad_day(case, plan, rng)
        only = [r for r in reports if r.what.value in ("as_planned", "delayed")]
        if len(only) > 1:
            return now, only


def held_somehow(case: Case, plan: Plan, now: int, reports: list[Report]) -> bool:
    """Whether holding at gates by up to half an hour, tried in every way, breaks no rule."""
    groups = [g for g in Reading(case, plan, now, reports).groups()
              if g.begun or g.begins < now + RELEASE]
    ahead = [(n, i) for n, g in enumerate(groups) for i, s in enumerate(
        next(iter(shifted(g).values()))) if isinstance(s, Crossing) and s.enters >= now]
    for holds in itertools.product(range(0, 31, 5 if len(ahead) < 4 else 15), repeat=len(ahead)):
        rounds: dict[str, list[Step]] = {}
        for n, group in enumerate(groups):
            for vehicle, steps in shifted(group).items():
                by = 0
                for i, step in enumerate(steps):
                    hold = holds[ahead.index((n, i))] if (n, i) in ahead else 0
                    moved = later(step, by + hold)
                    if hold and isinstance(moved, Crossing):
                        moved = evolve(moved, arrives=moved.arrives - hold)
                    by += hold
                    rounds.setdefault(vehicle, []).append(moved)
        if not judge(case, driven(case, plan, rounds)):
            return True
    return False


def driven(case: Case, plan: Plan, rounds: dict[str, list[Step]]) -> Plan:
    """The plan of some rounds, with convoys that start when the first of them enters."""
    starts: dict[str, int] = {}
    for steps in rounds.values():
        for step in steps:
            if isinstance(step, Crossing):
                starts[step.convoy] = min(step.enters, starts.get(step.convoy, step.enters))
    days = []
    for day in plan.vehicles:
        if day.vehicle in rounds:
            start = day.steps[0]
            assert isinstance(start, Stop)
            days.append(day_of(case, day.vehicle, start, rounds[day.vehicle]))
    return with_seats_back(case, evolve(
        plan, vehicles=tuple(days), return_seats=(),
        convoys=tuple(evolve(c, starts=starts[c.id]) for c in plan.convoys if c.id in starts),
        calls=tuple(c for c in plan.calls if c.serves in starts)))


def cases(towns: list[tuple[Case, Plan]], many: int) -> Iterator[
        tuple[Case, Plan, int, list[Report]]]:
    for n, (case, plan) in enumerate(towns):
        for k in range(many):
            yield (case, plan, *delays(case, plan, random.Random(100 * n + k)))


def test_where_holding_at_the_gates_mends_a_delay_no_rule_is_broken(
    towns: list[tuple[Case, Plan]]
) -> None:
    """Beside every way to hold the rounds under way at the gates before them, tried one by one."""
    mended = 0
    for case, plan, now, reports in cases(towns, 8):
        raw = {v: [s for g in Reading(case, plan, now, reports).groups()
                   if (g.begun or g.begins < now + RELEASE) and v in g.steps
                   for s in shifted(g)[v]] for v in {d.vehicle for d in plan.vehicles}}
        broken = judge(case, driven(case, plan, {v: s for v, s in raw.items() if s}))
        if broken and held_somehow(case, plan, now, reports):
            mended += 1
            assert helped(case, plan, now, reports, now + RELEASE)[1] == ()
    assert mended >= 2


def test_nothing_that_is_past_is_changed_and_nothing_is_earlier_than_it_can_be(
    towns: list[tuple[Case, Plan]]
) -> None:
    for case, plan, now, reports in cases(towns, 4):
        under, _ = helped(case, plan, now, reports, now + RELEASE)
        was = {v: steps for g in Reading(case, plan, now, reports).groups() if g.begun
               for v, steps in shifted(g).items()}
        for day in under.kept.vehicles:
            for step in was.get(day.vehicle, ()):
                if isinstance(step, Crossing) and step.enters < now:
                    assert step in day.steps


def test_a_new_plan_after_delays_is_left_with_no_clash_at_gates_and_bays(
    towns: list[tuple[Case, Plan]]
) -> None:
    clashes = {"checkpoint_throughput", "convoy_headway", "site_bays", "holding_limit"}
    for case, plan, now, reports in cases(towns, 2):
        made = replan(case, plan, now, reports, work=1)
        assert not [v for v in made.stands if v.rule in clashes and v.when_minute >= now]


def two_teams(**more: object) -> tuple[Case, Plan]:
    """Two buses in at 30 and 40 and out again by one gate with one lane; a window of 300."""
    case = tiny(
        [site("A"), site("R", "reception_centre"), site("base", "base")],
        [corridor("north", convoy=ConvoyRule(None, 10, None), **more)],
        [people()], [vehicles(number=2)], windows=[(0, 300)])
    first, second = Team(case, "bus#1"), Team(case, "bus#2", leaves=40)
    for team in (first, second):
        team.cross("north", Direction.IN).load("A", "families", "R", {4: 10})
        team.cross("north", Direction.OUT).unload("R").end()
    plan = with_seats_back(case, build.plan(case, first, second))
    assert not judge(case, plan)
    return case, plan


def outs(plan: Plan) -> dict[str, int]:
    return {v: s.enters for v, s in plan.crossings() if s.direction is Direction.OUT}


def test_who_is_late_waits_for_who_is_on_time() -> None:
    """20 minutes late the first bus would meet the second at the gate out; it is held one slot."""
    case, plan = two_teams()
    assert outs(plan) == {"bus#1": 70, "bus#2": 90}
    reports = [Report(50, "as_planned", EVERYBODY), Report(50, "delayed", "bus#1", minutes=20)]
    under, broken = helped(case, plan, 51, reports, 66)
    assert broken == ()
    assert outs(under.kept) == {"bus#1": 100, "bus#2": 90}


def test_who_could_not_be_out_any_more_is_given_room_before_others() -> None:
    """The late bus must enter at once to be out in time; the other, which has time, waits."""
    case, plan = two_teams()
    last = 90 + 10 + 8 + 10
    closes = last + case.pause.rules.margin
    case = evolve(case, pause=evolve(case.pause, windows=(Window(0, closes),)))
    reports = [Report(50, "as_planned", EVERYBODY), Report(50, "delayed", "bus#1", minutes=20)]
    under, broken = helped(case, plan, 51, reports, 66)
    assert not [v for v in broken if v.rule == "nobody_inside_at_end"]
    assert sum(arrived(under.kept).persons.values()) >= 40


def test_who_has_not_boarded_is_left_under_shelter_where_the_bus_would_be_caught() -> None:
    """Late on the way in it can be out again only without loading: it says so, nobody is caught."""
    case, plan = two_teams()
    case = evolve(case, pause=evolve(case.pause, windows=(Window(0, 145),)))
    plan = evolve(plan, last_calls=tuple(evolve(x, last_call=110, send_home=110)
                                         for x in plan.last_calls))
    reports = [Report(49, "as_planned", EVERYBODY), Report(49, "delayed", "bus#1", minutes=35)]
    under, broken = helped(case, plan, 52, reports, 67)
    assert not [v for v in broken if v.when_minute >= 52]
    assert arrived(under.kept).persons == {"families": 40}
    assert any("back under shelter at once" in said for said in under.said)


def test_where_nothing_helps_it_says_who_by_when_and_what_is_safe() -> None:
    """Both are loaded and inside when their only gate closes for good."""
    case, plan = two_teams()
    reports = [Report(62, "as_planned", EVERYBODY), Report(62, "closed", "north")]
    actual = as_reported(case, reports)
    under, broken = helped(actual, plan, 63, reports, 78)
    assert {v.rule for v in broken} == {"corridor_open"}
    said = last_resorts(actual, under.kept, broken, 63)
    assert any("bus#1 (40 people on board)" in s and "turn back to A" in s and "13:00" in s
               for s in said)
    made = replan(case, plan, 63, reports, work=1)
    assert made.stands
    assert any("shelter" in s for s in made.said[:2])


def test_a_bus_may_come_out_by_a_corridor_that_is_open_to_who_is_on_board() -> None:
    """The other corridor is not for aid as the first is; buses full of civilians may use it."""
    case, plan = two_teams()
    users = {u for u in case.corridors["north"].users if u.value != "aid"}
    east = corridor("east", users, check=Estimate(1, 2, 3),
                    checkpoint=dict.fromkeys(BOTH, Checkpoint(1, {"": Estimate(1, 2, 3)})))
    wide = tiny([site("A"), site("R", "reception_centre"), site("base", "base")],
                [case.corridors["north"], east], [people()], [vehicles(number=2)],
                windows=[(0, 240)])
    reports = [Report(62, "as_planned", EVERYBODY), Report(62, "closed", "north")]
    made = replan(wide, plan, 63, reports, work=1)
    assert made.stands == ()
    ways = {s.corridor for _, s in made.plan.crossings()
            if s.enters >= 63 and wide.corridors[s.corridor].sides(s.direction)[0] == INSIDE}
    assert ways == {"east"}
