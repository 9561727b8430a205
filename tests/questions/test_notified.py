"""What was notified holds for the plan in force too, for each direction, and for those on foot."""

from __future__ import annotations

from attrs import evolve

from lull.domain.corridor import Direction
from lull.domain.plan import Party
from lull.plan import make_plan
from lull.questions.replan import _differences, replan
from lull.questions.reports import Notified, Report
from lull.questions.rest import _as_notified
from tests.questions.towns import small_town

IN, OUT = Direction.IN, Direction.OUT


def test_what_is_still_ahead_of_the_plan_in_force_and_not_notified_is_not_kept() -> None:
    """Nothing was receipted, and no notice can run before the day ends."""
    case = small_town(5, minutes=300)
    plan = make_plan(case, work=5, stop_bound=lambda: True).plan
    now, well = 100, Report(99, "as_planned", "*")
    assert any(c.starts > now + 15 for c in plan.convoys)
    made = replan(case, plan, now, [well], notified=[], notice=1000, work=5)
    begun = {s.convoy for d in plan.vehicles for s in d.steps if hasattr(s, "convoy")
             and s.round in {t.round for t in d.steps if t.arrives < now + 40}}
    assert {c.id for c in made.plan.convoys} <= begun
    assert not made.beyond
    assert any("tell the parties at once" in said for said in made.said)
    later = replan(case, plan, now, [well], notified=[], notice=20, work=5)
    ahead = [d for d in later.differences if d.new is not None and d.new >= now + 60]
    assert ahead
    assert all("not yet notified" in d.notified for d in ahead)
    assert later.beyond


def test_hours_notified_for_one_direction_are_not_hours_of_the_other() -> None:
    corridor = small_town(5).corridors["c0"]
    told = {"c0": [Notified("c0", OUT, 0, 100), Notified("c0", IN, 60, 200)]}
    both = _as_notified(corridor, told, None)
    assert both is not None
    assert [(h.opens, h.closes) for h in both.open_hours] == [(60, 100)]
    apart = {"c0": [Notified("c0", OUT, 0, 100), Notified("c0", IN, 150, 200)]}
    out = _as_notified(corridor, apart, None)
    assert out is not None
    assert out.directions == {OUT}
    assert [(h.opens, h.closes) for h in out.open_hours] == [(0, 100)]


def test_before_its_notice_can_run_nothing_larger_or_the_other_way_is_planned() -> None:
    corridor = small_town(5).corridors["c0"]
    for told in ([Notified("c0", OUT, 0, 400)], [Notified("c0", w, 0, 400, 2) for w in (IN, OUT)]):
        beyond = _as_notified(corridor, {"c0": told}, 300)
        assert beyond is not None
        assert min(h.opens for h in beyond.open_hours) == 300
    whole = _as_notified(corridor, {"c0": [Notified("c0", w, 0, 200) for w in (IN, OUT)]}, 300)
    assert whole is not None
    assert [h.opens for h in whole.open_hours] == [0, 300]


def test_a_new_party_on_foot_that_was_not_notified_is_marked() -> None:
    case = small_town(5, minutes=300)
    plan = make_plan(case, work=1, stop_bound=lambda: True).plan
    party = Party("re-foot-1", "foot", "g0", "c0", "R", 4, households={4: 1}, departs=200,
                  arrives=210, enters=210, cleared=215, leaves=220, reaches=230)
    found = _differences(plan, evolve(plan, parties=(party,)), [], 250, case, frozenset())
    assert "not yet notified" in next(d for d in found if d.id == party.id).notified
