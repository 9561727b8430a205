"""Rules speak in sentences, have sources, hold on to nothing, and never crash on nonsense."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from attrs import evolve, fields
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lull.domain.corridor import Override
from lull.domain.plan import Crossing, Plan, Stop, VehicleDay
from lull.domain.rules import FIRST, RULES, Violation, judge
from lull.domain.time import Estimate
from tests.domain.damages import of_corridors, of_loads, of_places, of_vehicles
from tests.tiny.build import IN, OUT, Team, corridor, people, plan, site, tiny, vehicles
from tests.tiny.cases import SAMPLES, exchange, first_steps, full_bus, two_windows
from tests.tiny.damage import recased, shifted, step

DAMAGES = [
    (rule, damage)
    for part in (of_vehicles, of_corridors, of_places, of_loads)
    for rule, those in part.DAMAGES.items()
    for damage in those
]


def test_every_rule_has_a_statement_and_says_how_it_decides() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES) == 52
    for rule in RULES:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", rule.name)
        assert rule.statement[0].isupper()
        assert rule.statement.endswith(".")
        assert rule.details, rule.name
        assert not rule.source or "http" in rule.source or "Geneva" in rule.source or (
            "hardest rule" in rule.source)


@pytest.mark.parametrize(("rule", "damage"), DAMAGES, ids=lambda d: getattr(d, "label", d))
def test_a_violation_says_who_where_when_and_by_how_much(rule: str, damage: Any) -> None:
    case, spoilt = damage.made()
    for found in judge(case, spoilt):
        assert found.who
        assert re.search(r"\d", found.by) or found.by == "no way at all", found.by
        assert re.search(r"[a-z]", found.by), "the unit is a word"
        assert found.sentence[0].isalnum()
        assert found.sentence.endswith(".")
        assert 30 < len(found.sentence) < 400
        assert "  " not in found.sentence
        assert "None" not in found.sentence
        assert "{" not in found.sentence
        if found.when_minute is not None and rule not in ("sensible_figures", "known_names"):
            assert re.search(r"\d\d:\d\d|\d{4}-\d\d-\d\d", found.sentence), found.sentence


def test_the_time_in_a_sentence_is_the_time_of_the_place() -> None:
    """Minute 30 is 08:30 in Aleppo; on the second day it carries `+1`."""
    made = first_steps()
    late = judge(made.case, step(made.plan, "bus#1", 1, cleared=34))
    assert late[0].when_minute == late[0].when == 30
    assert "08:30" in late[0].sentence
    days = two_windows()
    second = judge(days.case, step(days.plan, "bus#1", 6, cleared=1474))
    assert "08:30+1" in second[0].sentence


def test_sites_and_corridors_are_called_by_their_names() -> None:
    made = first_steps()
    case = recased(made.case, site_A={"name": "Green Square"}, corridor_north={"name": "Castello"})
    found = judge(case, step(made.plan, "bus#1", 2, departs=55))
    assert "Green Square (A)" in found[0].sentence
    found = judge(case, step(made.plan, "bus#1", 1, cleared=34))
    assert "Castello (north)" in found[0].sentence


def test_a_rule_alone_says_what_it_says_among_all() -> None:
    made = exchange()
    spoilt = evolve(made.plan, vehicles=made.plan.vehicles[:1])
    alone = next(rule for rule in RULES if rule.name == "exchange_point")
    assert alone.check(made.case, spoilt) == judge(made.case, spoilt)


def test_while_names_are_unknown_nothing_else_is_said() -> None:
    made = first_steps()
    spoilt = step(step(made.plan, "bus#1", 2, site="Z"), "bus#1", 1, cleared=31)
    assert {v.rule for v in judge(made.case, spoilt)} == {FIRST[0].name}


@pytest.mark.parametrize("rule", ["approved_streets", "mines_cleared"])
def test_a_named_role_sets_two_rules_aside_with_a_reason(rule: str) -> None:
    case, spoilt = next(d.made() for name, d in DAMAGES if name == rule)
    assert {v.rule for v in judge(case, spoilt)} == {rule}
    said = ("head of operations", "the other way is blocked")
    assert judge(case, evolve(spoilt, overrides={rule: said})) == ()
    assert judge(evolve(case, overrides={rule: Override(*said)}), spoilt) == ()
    nameless = judge(case, evolve(spoilt, overrides={rule: ("", said[1])}))
    assert {v.rule for v in nameless} == {rule, "overrides_named"}


def test_a_draft_may_use_other_streets_but_not_mined_ones() -> None:
    for name, damage in DAMAGES:
        case, spoilt = damage.made()
        if name == "approved_streets" and not case.draft:
            assert judge(case, evolve(spoilt, draft="no approved route")) == ()
        if name == "mines_cleared":
            assert judge(case, evolve(spoilt, draft="no approved route"))


def test_a_corridor_that_a_role_has_opened_despite_mines_may_be_passed() -> None:
    made = first_steps()
    closed = recased(made.case, corridor_north={"mines": {}})
    assert {v.rule for v in judge(closed, made.plan)} == {"mines_cleared"}
    opened = recased(closed, corridor_north={
        "mines_override": Override("head of mine action", "searched by hand this morning")})
    assert judge(opened, made.plan) == ()


NUMBER = st.integers(-50, 900)
NAMES = st.sampled_from(["A", "B", "R", "base", "north", "bus#1", "bus#9", "zzz", "", "families"])


@st.composite
def nonsense(draw: st.DrawFn) -> Plan:
    """A sample's plan with fields replaced at random by things of the right kind."""
    made = draw(st.sampled_from(list(SAMPLES)))()
    plan_ = made.plan
    days = []
    for day in plan_.vehicles:
        steps = [_muddled(draw, s) if draw(st.integers(0, 3)) == 0 else s for s in day.steps]
        if steps and draw(st.booleans()):
            steps = list(draw(st.permutations(steps)))[: draw(st.integers(0, len(steps)))]
        days.append(VehicleDay(day.vehicle, tuple(steps)))
    muddled = evolve(plan_, vehicles=tuple(days))
    for what in ("convoys", "parties", "calls", "last_calls", "return_seats"):
        lines = [
            _muddled(draw, line) if draw(st.integers(0, 3)) == 0 else line
            for line in getattr(plan_, what)
        ]
        muddled = evolve(muddled, **{what: tuple(lines)})
    NONSENSE[id(muddled)] = made.case
    return muddled


NONSENSE: dict[int, Any] = {}


def _muddled(draw: st.DrawFn, thing: Any) -> Any:
    field = draw(st.sampled_from([f.name for f in fields(type(thing))]))
    value = getattr(thing, field)
    if isinstance(value, bool):
        return thing
    if type(value) is int:
        return evolve(thing, **{field: draw(NUMBER)})
    if type(value) is str:
        return evolve(thing, **{field: draw(NAMES)})
    if isinstance(value, tuple):
        if value and draw(st.booleans()) and hasattr(type(value[0]), "__attrs_attrs__"):
            return evolve(thing, **{field: (_muddled(draw, value[0]), *value[1:])})
        return evolve(thing, **{field: ()})
    return thing


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(nonsense())
def test_nonsense_is_judged_and_never_crashes(muddled: Plan) -> None:
    found = judge(NONSENSE.pop(id(muddled)), muddled)
    assert all(isinstance(v, Violation) and v.sentence.endswith(".") for v in found)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 80))
def test_a_valid_plan_moved_by_whole_slots_within_the_window_stays_valid(slots: int) -> None:
    """First steps needs 111 minutes to be out from entering at the high times: 30 + 5n + 81 ≤ 630
    holds for n ≤ 103."""
    made = first_steps()
    assert judge(made.case, shifted(made.plan, 5 * slots)) == ()


def test_order_of_vehicles_convoys_and_calls_does_not_matter() -> None:
    for sample in SAMPLES:
        made = sample()
        turned = evolve(
            made.plan, vehicles=made.plan.vehicles[::-1], convoys=made.plan.convoys[::-1],
            calls=made.plan.calls[::-1], last_calls=made.plan.last_calls[::-1],
        )
        assert judge(made.case, turned) == ()


def test_judging_changes_nothing() -> None:
    made = full_bus()
    before = repr(made.plan)
    judge(made.case, made.plan)
    assert repr(made.plan) == before
    assert all(isinstance(s, Stop | Crossing) for d in made.plan.vehicles for s in d.steps)


def test_three_hundred_vehicles_of_twelve_rounds_are_judged_in_three_seconds() -> None:
    quick = Estimate.of
    case = tiny(
        [*(site(f"A{n}", service={"": quick(2)}) for n in range(10)),
         site("R", "reception_centre", service={"": quick(2)}), site("base", "base")],
        [corridor(f"c{n}", check=quick(1), lanes=60) for n in range(6)],
        [people(f"g{n}", {4: 40_000}, where=f"A{n}") for n in range(10)],
        [vehicles(number=300)], way=quick(3), through=quick(2), rules={"max_order_lines": 99},
    )
    teams = []
    for number in range(60):
        names = (f"bus#{number * 5 + n + 1}" for n in range(5))
        team = Team(case, *names, leaves=number % 7)
        for turn in range(12):
            team.cross(f"c{number % 6}", IN, convoy=f"in{number}-{turn}")
            team.load(f"A{number % 10}", f"g{number % 10}", "R", {4: 60})
            team.cross(f"c{number % 6}", OUT, convoy=f"out{number}-{turn}").unload("R").again()
        teams.append(team.end())
    made = plan(case, *teams)
    begun = time.perf_counter()
    assert judge(case, made) == ()
    assert time.perf_counter() - begun < 3
