"""What `lull replan` says on top where a rule cannot be kept."""

from __future__ import annotations

from lull.cli.questions.replan import AHEAD, SAID, StandsAnswer, answer, told
from lull.questions.replan import replan
from lull.questions.reports import EVERYBODY, Report
from tests.questions.test_helped import two_teams


def test_what_cannot_be_kept_stands_on_top_before_what_is_to_be_done() -> None:
    """Both buses are loaded and inside when their only gate closes for good."""
    case, plan = two_teams()
    reports = [Report(62, "as_planned", EVERYBODY), Report(62, "closed", "north")]
    made = replan(case, plan, 63, reports, work=1)
    assert {v.who for v in made.stands} == {"bus#1", "bus#2"}
    said = told(case, answer(made, case.pause.clock)).warnings
    first = said[: len(made.stands)]
    assert [f"Cannot be kept: {v.sentence}" for v in made.stands] == list(first)
    assert any("turn back" in sentence for sentence in said[len(first):])


def test_where_every_rule_is_kept_nothing_is_said_of_any() -> None:
    case, plan = two_teams()
    made = replan(case, plan, 63, [Report(62, "as_planned", EVERYBODY)], work=1)
    assert made.stands == ()
    of = told(case, answer(made, case.pause.clock))
    assert not any("kept" in sentence or "mended" in sentence for sentence in of.warnings)
    assert [part.title for part in of.parts] == [AHEAD]


def test_many_breaches_are_said_in_few_lines_and_what_is_past_apart() -> None:
    case, plan = two_teams()
    made = answer(replan(case, plan, 63, [Report(62, "as_planned", EVERYBODY)], work=1),
                  case.pause.clock)
    ahead = [StandsAnswer(rule="corridor_open", who=f"bus#{n}", sentence=f"Bus {n} is shut in.",
                          past=False) for n in range(SAID + 2)]
    late = StandsAnswer(rule="site_bays", who="A", sentence="A was too full.", past=True)
    said = told(case, made.model_copy(update={"stands": [late, *ahead]})).warnings
    assert said[:SAID] == tuple(f"Cannot be kept: Bus {n} is shut in." for n in range(SAID))
    assert said[SAID] == f"Cannot be kept either: corridor_open (bus#{SAID}, bus#{SAID + 1})."
    assert said[SAID + 1].startswith("Broken before now")
    assert "site_bays (A)" in said[SAID + 1]
