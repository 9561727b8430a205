"""A request's figures: those of the frontier, of the simulator, and of the folder itself."""

from __future__ import annotations

import pytest
from attrs import evolve

from lull.cli.questions.extension import answer, told
from lull.domain.pause import Consent, Party, Stance
from lull.domain.plan import Plan
from lull.domain.refusal import Refusal
from lull.questions.axes import Along, Axis
from lull.questions.extension import extension
from lull.questions.frontier import Measure, frontier
from lull.questions.limited import limited_by
from tests.alone import plan_alone
from tests.questions.towns import small_town
from tests.tiny.cases import full_bus

WORK = 5


def test_a_bus_that_is_full_needs_a_round_more_for_each_load() -> None:
    """100 households of four, 12 a round, a round every 80 minutes: 96 people now (cases.full_bus).

    Entering every 80 minutes is out in time with 111 + 80 n minutes; with 200 there are two rounds,
    with 280 three, with 440 five.
    """
    made = extension(full_bus().case, (80, 240), share=0.5, work=WORK, replications=0)
    people = [s.moved[Measure.PERSONS].found for s in made.steps]
    assert [s.minutes for s in made.steps] == [0, 80, 240]
    assert people == [96, 144, 240]
    assert (made.target, made.needed) == (200, 240)
    assert made.an_hour == pytest.approx(60 * 48 / 80)
    assert made.not_enough == 80  # no plan moves more than 50 in each of three rounds
    assert made.needed_p50 is None
    assert all(s.p50 is None for s in made.steps)
    assert all(s.limits == ("fleet bus",) for s in made.steps)  # its one bus drives all the time


def test_its_figures_are_those_of_the_frontier_and_delays_only_take_away() -> None:
    case = small_town(3)
    length = case.pause.windows[0].minutes
    made = extension(case, (60,), work=WORK, replications=40)
    drawn = frontier(case, [Axis(Along.LENGTH, (length, length + 60))], work=WORK)
    for step, point in zip(made.steps, drawn.points, strict=True):
        for m in Measure:
            assert step.moved[m].found == point.bands[m].found
            assert step.moved[m].most == point.bands[m].most
        assert step.p50 is not None
        assert step.p90 is not None
        assert 0 <= step.p90 <= step.p50 <= step.moved[Measure.PERSONS].found
    assert "says nothing about safety" in made.not_modelled
    again = extension(case, (60,), work=WORK, replications=40)
    assert again.steps == made.steps


def test_consents_that_are_outstanding_and_what_is_not_used_are_said() -> None:
    case = small_town(4)
    parties = (Party("a", "Party A"), Party("b", "Party B"), Party("c", "Observers", False))
    said = (Consent("a", Stance.AGREED), Consent("b", Stance.CONDITIONAL, condition="observers"))
    idle = evolve(case.fleet["bus"], id="spare", name="Spare bus", number=2, sides=("outside",))
    from lull.questions.changes import as_type

    case = evolve(as_type(case, "bus", "spare"), fleet={**case.fleet, "spare": idle},
                  pause=evolve(case.pause, parties=parties, consents=said))
    made = extension(case, (60,), work=0, replications=0, lead=90)
    assert [(s.party, s.stance, s.outstanding) for s in made.said] == [
        ("Party A", "agreed", ""), ("Party B", "conditional", "not agreed: conditional, observers"),
        ("Observers", "no_answer", "")]
    assert any("2 of 2 vehicles of the type Spare bus" in line for line in made.not_used)
    assert made.latest_decision == case.pause.windows[-1].closes - 90


def test_where_nothing_is_used_up_it_says_whether_vehicles_drive_or_stand_idle() -> None:
    case = full_bus().case
    plan = plan_alone(case, work=WORK)
    assert limited_by(case, plan, ()) == (
        "fleet bus: all 1 drive, and none has time for a round more",)
    two = evolve(case, fleet={"bus": evolve(case.fleet["bus"], number=2)})
    assert "1 of 2 vehicles of the type bus stand idle" in limited_by(two, plan, ())[0]
    assert limited_by(evolve(case, fleet={}), Plan(), ()) == (
        "no vehicle may carry those who are left",)
    assert limited_by(case, plan, ("checkpoint north",)) == ("checkpoint north",)
    nobody = evolve(case, groups={})
    assert limited_by(nobody, Plan(), ("checkpoint north",)) == ()


def test_too_little_time_names_what_limits() -> None:
    case = full_bus().case
    made = extension(case, (80,), share=1.0, work=WORK, replications=0)
    said = " ".join(told(case, answer(made, case, ())).sentences)
    assert "No length looked at is enough" in said
    assert "What limits the plan then: fleet bus" in said


@pytest.mark.parametrize(("further", "share"), [((0,), 1.0), ((-60,), 1.0), ((60,), 0.0)])
def test_a_question_that_cannot_be_put_is_refused(further: tuple[int, ...], share: float) -> None:
    with pytest.raises(Refusal):
        extension(small_town(1), further, share=share, work=0)
