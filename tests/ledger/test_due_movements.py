"""Lines that must answer before go, check-ins, and the ladder that runs when one does not come."""

from __future__ import annotations

from datetime import timedelta

import pytest
from attrs import evolve

from lull.domain.lead_times import AgreedTime, LeadRule
from lull.domain.protocol import IllegalStep, Role
from lull.domain.records import RECORDS
from lull.domain.records.lines import LineKind, LineOutcome
from lull.domain.records.notification import Stop
from lull.ledger.content import Wall
from lull.ledger.due import DueKind
from lull.ledger.fold import fold
from lull.ledger.write import require_legal
from tests.ledger.due_kit import (
    GO,
    OPENED,
    RUNGS,
    at,
    checked_in,
    movement,
    notified,
    now_due,
    place,
    put,
    terms,
    under_way,
)
from tests.ledger.kit import Post, filled, said


@pytest.fixture
def room() -> Post:
    return Post("OCHA")


def called(post: Post, line: LineKind, when, outcome: LineOutcome = LineOutcome.ANSWERED,
           **how) -> None:
    """A test call is made."""
    record = filled(RECORDS["line_test"])
    put(post, "line_test", evolve(record, movement="N1", line=line, tested_at=when, whose="",
                                  outcome=outcome), **how)


def lines_due(post: Post, now) -> list[str]:
    return [d.part for d in now_due(post, now, DueKind.LINE_TEST)]


def test_lines_are_due_from_twelve_hours_before_go_until_each_has_answered(room: Post) -> None:
    notified(room, "Party A", record=movement(radio="channel 2", satellite_phone="9"))
    assert lines_due(room, at(hours=-12, seconds=-1)) == []
    assert lines_due(room, at(hours=-12)) == ["contact", "deputy", "radio", "satellite_phone"]
    called(room, LineKind.RADIO, at(hours=-3))
    assert lines_due(room, at(hours=-2)) == ["contact", "deputy", "satellite_phone"]
    assert lines_due(room, at(hours=-4)) == ["contact", "deputy", "radio", "satellite_phone"]


def test_a_line_that_answered_too_long_before_go_is_due_again(room: Post) -> None:
    notified(room, "Party A")
    called(room, LineKind.CONTACT, at(hours=-13))
    [contact, _] = now_due(room, at(hours=-1), DueKind.LINE_TEST)
    assert contact.part == "contact"
    assert "its last test call, at 2016-10-19 20:00 UTC: answered" in contact.sentence


def test_the_last_test_call_of_a_line_counts_whatever_order_they_were_written_in(
    room: Post
) -> None:
    notified(room, "Party A")
    called(room, LineKind.CONTACT, at(hours=-1), LineOutcome.NO_ANSWER)
    called(room, LineKind.CONTACT, at(hours=-3))
    assert lines_due(room, at(hours=-2)) == ["deputy"]
    assert lines_due(room, at(minutes=-30)) == ["contact", "deputy"]


def test_a_line_that_was_not_tried_before_go_stays_due_and_is_late(room: Post) -> None:
    notified(room, "Party A")
    under_way(room)
    found = now_due(room, at(minutes=30), DueKind.LINE_TEST)
    assert [d.late_minutes for d in found] == [30, 30]
    assert all(d.sentence.endswith("It has gone.") for d in found)
    put(room, "movement.arrive", said=at(hours=2))
    assert lines_due(room, at(hours=3)) == []


def test_a_stranger_s_test_call_does_not_stand_for_the_owner_s(room: Post) -> None:
    notified(room, "Party A")
    called(room, LineKind.CONTACT, at(hours=-1), role=Role.ORGANISATION, side="Relief")
    assert lines_due(room, at(hours=-1)) == ["contact", "deputy"]


def test_an_agreed_time_for_test_calls_holds(room: Post) -> None:
    put(room, "pause.declare", terms(lead_times=(AgreedTime(rule=LeadRule.LINE_TEST, minutes=60),)),
        "P02", role=Role.PARTY)
    notified(room, "Party A")
    assert lines_due(room, at(minutes=-61)) == []
    assert lines_due(room, at(minutes=-60)) == ["contact", "deputy"]


def check_in(post: Post, now):
    """The check-in that is due."""
    found = now_due(post, now, DueKind.CHECK_IN)
    assert len(found) <= 1
    return found[0] if found else None


def test_a_movement_under_way_is_to_check_in_and_each_check_in_starts_anew(room: Post) -> None:
    notified(room, "Party A", record=movement(check_in_minutes=30))
    assert check_in(room, GO) is None
    under_way(room)
    assert (check_in(room, at(minutes=10)).by, check_in(room, at(minutes=10)).late_minutes) == (
        at(minutes=30), 0)
    assert "in 20 min; every 30 min" in check_in(room, at(minutes=10)).sentence
    checked_in(room, at(minutes=25))
    assert check_in(room, at(minutes=40)).by == at(minutes=55)
    put(room, "movement.arrive", said=at(hours=1))
    assert check_in(room, at(hours=9)) is None


@pytest.mark.parametrize(("minutes", "step", "call", "following"), [
    (30, 0, "", RUNGS[0]), (31, 1, RUNGS[0], RUNGS[1]), (44, 1, RUNGS[0], RUNGS[1]),
    (45, 2, RUNGS[1], RUNGS[2]), (60, 3, RUNGS[2], None), (600, 3, RUNGS[2], None)])
def test_a_missed_check_in_climbs_the_ladder_minute_by_minute(
    room: Post, minutes: int, step: int, call, following
) -> None:
    """The check-in was due half an hour after go; the steps come 0, 15 and 30 minutes later."""
    notified(room, "Party A", record=movement(check_in_minutes=30, escalation=RUNGS))
    under_way(room)
    found = check_in(room, at(minutes=minutes))
    assert found.late_minutes == max(0, minutes - 30)
    assert (found.ladder.step, found.ladder.steps) == (step, 3)
    assert (call.function in found.ladder.call and found.ladder.does == call.does) if call else (
        not found.ladder.call)
    if following:
        assert following.function in found.ladder.next_call
        assert found.ladder.next_at == at(minutes=30 + following.after_minutes)
    else:
        assert found.ladder.next_at is None
    if step:
        assert f"Step {step} of 3 is reached: call {call.organisation}" in found.sentence


def test_a_check_in_ends_the_escalation_at_once(room: Post) -> None:
    notified(room, "Party A", record=movement(check_in_minutes=30, escalation=RUNGS))
    under_way(room)
    assert check_in(room, at(minutes=50)).ladder.step == 2
    checked_in(room, at(minutes=49))
    assert (check_in(room, at(minutes=50)).ladder.step, check_in(room, at(minutes=50)).late_minutes
            ) == (0, 0)


def test_the_ladder_of_the_terms_holds_where_the_notification_has_none(room: Post) -> None:
    put(room, "pause.declare", terms(escalation=RUNGS[:1]), "P02", role=Role.PARTY)
    notified(room, "Party A", record=movement(check_in_minutes=30))
    under_way(room)
    assert check_in(room, at(minutes=31)).ladder.steps == 1


def test_without_an_interval_the_assumed_hour_holds_and_that_is_said(room: Post) -> None:
    notified(room, "Party A")
    under_way(room)
    found = check_in(room, at(minutes=61))
    assert found.by == at(minutes=60)
    assert "assumed" in found.sentence
    assert "No escalation ladder stands" in found.sentence


@pytest.mark.parametrize("step", ["hold", "turn_back"])
def test_one_that_is_held_or_turns_back_is_to_check_in_too(room: Post, step: str) -> None:
    notified(room, "Party A")
    under_way(room)
    put(room, f"movement.{step}", said=at(minutes=20))
    assert check_in(room, at(minutes=30)).by == at(minutes=80)


def test_one_with_a_way_back_is_to_check_in_until_it_has_returned(room: Post) -> None:
    back = Stop(place=place("Ramouseh gate"), arrives=at(hours=7), leaves=at(hours=8))
    notified(room, "Party A", record=movement(return_stops=(back,)))
    under_way(room)
    put(room, "movement.arrive", said=at(hours=2))
    assert check_in(room, at(hours=2)).by == at(hours=3)
    put(room, "movement.return", said=at(hours=7))
    assert check_in(room, at(hours=9)) is None


def test_what_an_observer_or_a_stranger_says_is_no_check_in(room: Post) -> None:
    notified(room, "Party A")
    under_way(room)
    put(room, "movement.hold", said=at(minutes=20), role=Role.OBSERVER, side="Watch")
    checked_in(room, at(minutes=30), role=Role.ORGANISATION, side="Relief")
    assert check_in(room, at(minutes=40)).since == GO


def test_a_check_in_said_to_be_later_than_now_silences_nothing(room: Post) -> None:
    notified(room, "Party A")
    under_way(room)
    checked_in(room, at(days=300))
    assert check_in(room, at(minutes=70)).late_minutes == 10


def test_one_notification_may_tell_of_several_movements(room: Post) -> None:
    notified(room, "Party A", record=movement(movements=("M1", "M2"), check_in_minutes=30))
    for about in ("M1", "M2"):
        under_way(room, about=about)
    put(room, "check_in", about="M2", movement="M2", at=at(minutes=20), point="Khan Touman")
    found = now_due(room, at(minutes=40), DueKind.CHECK_IN)
    assert [(d.object, d.late_minutes) for d in found] == [("M1", 10), ("M2", 0)]


def refused(post: Post, wall: Wall = Wall.RESTRICTED, **changes) -> str:
    """Why a check-in may not be written."""
    record = {"movement": "N1", "point": "Khan Touman", **changes}
    content = said("check_in", "N1", side=post.name, **record)
    content = evolve(content, wall=wall, recipients=() if wall is Wall.PUBLIC else ("age1",))
    with pytest.raises(IllegalStep) as caught:
        require_legal(post.held, content, OPENED)
    return str(caught.value)


def test_a_check_in_names_a_point_of_the_notified_route_and_is_never_public(room: Post) -> None:
    assert "no notification of this movement" in refused(room)
    notified(room, "Party A")
    assert "none of the notified route" in refused(room, point="Somewhere else")
    assert "Somewhere" not in refused(room, point="Somewhere else")
    assert "it speaks of 'N2'" in refused(room, movement="N2")
    assert "as public" in refused(room, Wall.PUBLIC)
    fine = said("check_in", "N1", side="OCHA", movement="N1", point="khan touman")
    require_legal(room.held, evolve(fine, wall=Wall.RESTRICTED, recipients=("age1",)), OPENED)


def test_where_the_notification_is_sealed_the_check_in_is_too(room: Post) -> None:
    notified(room, "Party A")
    sealed = {h: evolve(c, wall=Wall.SEALED) for h, c in OPENED.items()}
    fine = evolve(said("check_in", "N1", side="OCHA", movement="N1", point="Atareb"),
                  wall=Wall.RESTRICTED, recipients=("age1",))
    with pytest.raises(IllegalStep, match="seal it too"):
        require_legal(room.held, fine, sealed)
    require_legal(room.held, evolve(fine, wall=Wall.SEALED), sealed)


def test_a_public_check_in_that_was_merged_in_has_no_effect(room: Post) -> None:
    notified(room, "Party A")
    room.write("check_in", movement="N1", point="Atareb")
    [wrong] = fold(room.held, OPENED).out_of_protocol
    assert "as public" in wrong.fault.sentence
    assert now_due(Post("OCHA"), GO + timedelta(hours=1)) == ()
