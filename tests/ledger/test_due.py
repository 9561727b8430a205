"""What is due now: each kind appears when it should, says whose turn it is, and goes when done."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from attrs import evolve

from lull.domain.lead_times import AgreedTime, LeadRule
from lull.domain.protocol import Role
from lull.domain.records import RECORDS
from lull.domain.records.common import Contact, Span
from lull.domain.records.notification import SiteStatus
from lull.domain.records.readiness import Question
from lull.domain.refusal import Refusal
from lull.ledger.due import MEANS, DueKind, due
from lull.ledger.ledger import Ledger, merge
from tests.ledger.due_kit import (
    GO,
    at,
    movement,
    notified,
    now_due,
    parts,
    put,
    receipt,
    stand,
    terms,
    transmit,
)
from tests.ledger.kit import Post, filled
from tests.ledger.questions import PAUSE, answer_all, begin


@pytest.fixture
def room() -> Post:
    return Post("OCHA")


def test_nothing_is_due_where_nothing_was_said(room: Post) -> None:
    assert now_due(room, GO) == ()
    assert set(MEANS) == set(DueKind)


def test_a_moment_without_a_time_zone_is_refused(room: Post) -> None:
    with pytest.raises(Refusal, match="no time zone"):
        due({}, (), datetime(2016, 10, 20, 9))


def test_each_receipt_is_outstanding_for_as_long_as_it_was_not_confirmed(room: Post) -> None:
    notified(room, "Party A", "Party B")
    found = now_due(room, at(days=-2), DueKind.RECEIPT)
    assert parts(found) == [("N1", "Party A 1"), ("N1", "Party B 1")]
    assert [(d.since, d.by, d.waiting_minutes, d.late_minutes) for d in found] == [
        (at(days=-3), GO, 24 * 60, 0)] * 2
    assert "Party A has not confirmed receipt of version 1 for 24 h." in found[0].sentence
    receipt(room, "Party A", step="deliver")
    arrived = now_due(room, at(days=-2), DueKind.RECEIPT)[0]
    assert "delivered, which is no receipt" in arrived.sentence
    receipt(room, "Party A")
    assert parts(now_due(room, at(days=-2), DueKind.RECEIPT)) == [("N1", "Party B 1")]
    late = now_due(room, at(minutes=90), DueKind.RECEIPT)[0]
    assert late.late_minutes == 90


def test_only_the_newest_version_that_a_recipient_was_sent_awaits_a_receipt(room: Post) -> None:
    notified(room, "Party A", "Party B")
    put(room, "notification.amend", movement(2), said=at(days=-2))
    transmit(room, "Party A", 2, sent=at(days=-2))
    found = now_due(room, at(days=-2, hours=1), DueKind.RECEIPT, DueKind.TRANSMIT)
    assert parts(found) == [("N1", "Party B"), ("N1", "Party A 2"), ("N1", "Party B 1")]
    assert "they have version 1" in found[0].sentence


def test_a_version_sent_by_two_channels_awaits_one_receipt_since_the_first(room: Post) -> None:
    notified(room, "Party A")
    transmit(room, "Party A", sent=at(days=-4))
    [found] = now_due(room, at(days=-2), DueKind.RECEIPT)
    assert found.since == at(days=-4)


@pytest.mark.parametrize("step", ["query", "object"])
def test_a_query_or_objection_is_due_to_the_owner_and_no_more_a_receipt(
    room: Post, step: str
) -> None:
    notified(room, "Party A")
    receipt(room, "Party A", step=step)
    [found] = now_due(room, at(hours=-1), DueKind.RECEIPT, DueKind.QUERY, role=Role.COORDINATOR,
                      side="OCHA")
    assert found.kind is DueKind.QUERY
    assert found.yours
    assert found.waiting_minutes == 23 * 60


def test_a_draft_is_due_when_its_lead_time_runs_out_and_says_how_late_it_is(room: Post) -> None:
    put(room, "notification.draft", movement(), said=at(days=-6))
    assert now_due(room, at(hours=-48 - 13), DueKind.TRANSMIT) == ()
    soon = now_due(room, at(hours=-48 - 12), DueKind.TRANSMIT)
    assert parts(soon) == [("N1", "Party A"), ("N1", "Party B")]
    assert soon[0].by == at(hours=-48)
    assert (soon[0].late_minutes, soon[0].roles) == (0, (Role.COORDINATOR, Role.ORGANISATION))
    late = now_due(room, at(hours=-45), DueKind.TRANSMIT)[0]
    assert late.late_minutes == 180
    assert "3 h late (planned_movement: HNS Yemen" in late.sentence
    put(room, "notification.submit")
    assert now_due(room, at(hours=-45), DueKind.TRANSMIT)[0].roles == (Role.COORDINATOR,)
    transmit(room, "Party A", sent=at(hours=-45))
    assert parts(now_due(room, at(hours=-45), DueKind.TRANSMIT)) == [("N1", "Party B")]


def test_an_emergency_and_an_agreed_lead_time_are_measured_by_their_own_rule(room: Post) -> None:
    put(room, "notification.draft", movement(emergency=True, emergency_reason="wounded"))
    assert now_due(room, at(hours=-37), DueKind.TRANSMIT) == ()
    assert now_due(room, at(hours=-25), DueKind.TRANSMIT)[0].by == at(hours=-24)
    agreed = (AgreedTime(rule=LeadRule.EMERGENCY_MOVEMENT, minutes=6 * 60),)
    put(room, "pause.declare", terms(lead_times=agreed), "P02", role=Role.PARTY)
    assert now_due(room, at(hours=-25), DueKind.TRANSMIT) == ()
    assert now_due(room, at(hours=-7), DueKind.TRANSMIT)[0].by == at(hours=-6)


def test_what_is_over_and_has_no_outcome_is_due_and_nothing_else_of_it(room: Post) -> None:
    notified(room, "Party A")
    [found] = now_due(room, at(hours=12))
    assert (found.kind, found.by, found.late_minutes) == (DueKind.COMPLETE, at(hours=10), 120)
    put(room, "notification.complete")
    assert now_due(room, at(hours=12)) == ()


def test_what_is_over_and_never_left_is_to_be_cancelled(room: Post) -> None:
    put(room, "notification.draft", movement())
    [found] = now_due(room, at(hours=12))
    assert "never transmitted: cancel it" in found.sentence


@pytest.mark.parametrize("end", ["cancel", "expire", "supersede", "complete"])
def test_of_a_notification_that_has_ended_nothing_is_due(room: Post, end: str) -> None:
    notified(room, "Party A")
    assert now_due(room, at(hours=-1))
    put(room, f"notification.{end}")
    assert now_due(room, at(hours=-1)) == ()


def test_a_site_is_to_be_reviewed_from_two_weeks_before_until_it_is_removed(room: Post) -> None:
    site = evolve(filled(RECORDS["site_notification"], only_required=True), version=1,
                  valid_from=at(days=-100), review_by=GO, status=SiteStatus.ACTIVE)
    put(room, "notification.draft", site, "S1")
    put(room, "notification.submit", about="S1")
    transmit(room, "some party", sent=at(days=-90), about="S1")
    receipt(room, "some party", about="S1")
    assert now_due(room, at(days=-15)) == ()
    [soon] = now_due(room, at(days=-14))
    assert (soon.kind, soon.by, soon.late_minutes) == (DueKind.SITE_REVIEW, GO, 0)
    [late] = now_due(room, at(days=1))
    assert late.late_minutes == 24 * 60
    assert "unverified" in late.sentence
    gone = evolve(site, version=2, status=SiteStatus.REMOVED, removal_reason="moved")
    put(room, "notification.amend", gone, "S1")
    assert {d.kind for d in now_due(room, at(days=1))} == {DueKind.TRANSMIT}


def test_every_protection_question_is_due_until_it_is_answered(room: Post) -> None:
    put(room, "pause.declare", terms(), "P02", role=Role.PARTY)
    found = now_due(room, at(hours=-5), DueKind.QUESTION)
    assert {d.part for d in found} == set(Question)
    assert all(d.by == GO and "5 h" in d.sentence for d in found)
    answer = filled(RECORDS["protection_answer"], only_required=True)
    put(room, "protection_answer", evolve(answer, question=Question.MINES), "P02")
    left = now_due(room, at(hours=-5), DueKind.QUESTION)
    assert {d.part for d in left} == set(Question) - {Question.MINES}
    assert now_due(room, at(hours=11), DueKind.QUESTION) == ()


def test_a_pause_that_nobody_began_is_due_to_be_told_of_once_its_hours_are_over(room: Post) -> None:
    put(room, "pause.declare", terms(), "P02", role=Role.PARTY)
    assert now_due(room, at(hours=10), DueKind.OUTCOME) == ()
    for role, side, yours in ((Role.COORDINATOR, "OCHA", True), (Role.PARTY, "Party A", True),
                              (Role.OBSERVER, "Watch", True), (Role.CLERK, "OCHA", False)):
        [one] = now_due(room, at(hours=10, minutes=30), role=role, side=side)
        assert (one.kind, one.object, one.since) == (DueKind.OUTCOME, "P02", at(hours=10))
        assert one.yours is yours, role
        assert one.late_minutes == 0, "a day long past must not come before what is late now"
        assert "30 min ago, and nobody has said that it began" in one.sentence
    put(room, "pause.withdraw", about="P02", role=Role.PARTY)
    assert now_due(room, at(hours=11)) == ()


def test_a_pause_that_began_is_due_until_somebody_says_how_it_ended(room: Post) -> None:
    put(room, "pause.declare", terms(reference=PAUSE), PAUSE, role=Role.PARTY)
    answer_all(room)
    begin(room)
    assert now_due(room, at(hours=10), DueKind.OUTCOME) == ()
    [one] = now_due(room, at(hours=12), DueKind.OUTCOME, role=Role.ORGANISATION, side="Relief")
    assert "say how it ended" in one.sentence
    assert Role.ORGANISATION not in one.roles
    assert not one.yours
    put(room, "pause.extend", terms(version=2, reference=PAUSE, windows=(
        Span(start=GO, end=at(hours=14)),)), PAUSE, role=Role.PARTY)
    assert now_due(room, at(hours=12), DueKind.OUTCOME) == ()
    assert len(now_due(room, at(hours=15), DueKind.OUTCOME)) == 1
    put(room, "pause.end", about=PAUSE, role=Role.OBSERVER)
    assert now_due(room, at(hours=15), DueKind.OUTCOME) == ()


def test_what_was_announced_is_due_to_be_observed_block_by_block(room: Post) -> None:
    put(room, "pause.declare", terms(buses=20, ambulances=10, corridors=("west", "north")), "P02",
        role=Role.PARTY)
    found = now_due(room, at(hours=-5), DueKind.PREPARATION, role=Role.OBSERVER, side="Watch")
    assert [d.part for d in found] == ["ambulances", "buses", "corridors", "hours"]
    assert "buses (20)" in found[1].sentence
    assert all(d.yours for d in found)
    put(room, "preparation_observed", about="P02", block="Buses", announced="20")
    assert [d.part for d in now_due(room, at(hours=-5), DueKind.PREPARATION)] == [
        "ambulances", "corridors", "hours"]


def test_a_request_is_due_from_each_party_asked_until_its_latest_useful_hour(room: Post) -> None:
    asked = evolve(filled(RECORDS["extension_request"], only_required=True), pause="P02",
                   addressees=("Party A", "Party B"), latest_useful_decision=at(hours=8))
    put(room, "request.draft", asked, "R1")
    assert now_due(room, GO) == ()
    put(room, "request.send", about="R1", at=at(hours=-3))
    found = now_due(room, at(hours=2), DueKind.ANSWER, role=Role.PARTY, side="Party A")
    assert [(d.part, d.since, d.by, d.yours) for d in found] == [
        ("Party A", at(hours=-3), at(hours=8), True),
        ("Party B", at(hours=-3), at(hours=8), False)]
    put(room, "decision.refuse", about="R1", part="Party A", role=Role.PARTY, side="Party A",
        party="Party A")
    late = now_due(room, at(hours=9), DueKind.ANSWER)
    assert [(d.part, d.late_minutes) for d in late] == [("Party B", 60)]
    assert Role.COORDINATOR in late[0].roles
    put(room, "request.lapse", about="R1")
    assert now_due(room, at(hours=9)) == ()


def test_a_request_without_a_latest_hour_is_measured_by_the_table(room: Post) -> None:
    asked = evolve(filled(RECORDS["extension_request"], only_required=True),
                   addressees=("Party A",), latest_useful_decision=None)
    put(room, "request.draft", asked, "R1")
    put(room, "request.send", about="R1", at=GO)
    assert now_due(room, GO)[0].by == at(days=3)


def waybill(post: Post, role: Role, side: str, **line: int) -> None:
    record = filled(RECORDS["delivery"], only_required=True)
    for step in ("plan", "load", "deliver"):
        counts = {} if step == "plan" else {"loaded": 90} if step == "load" else line
        put(post, f"delivery.{step}", evolve(record, carrier=side, consignor=side, lines=(
            evolve(record.lines[0], item="flour", planned=100, **counts),)), "D1", role=role,
            side=side, said=at(hours=1))


def test_a_delivery_that_does_not_reconcile_is_due_until_it_is_said_why(room: Post) -> None:
    waybill(room, Role.ORGANISATION, "Red Crescent", loaded=90, delivered=70)
    [found] = now_due(room, at(hours=3))
    assert (found.kind, found.waiting_minutes) == (DueKind.RECONCILE, 120)
    assert "20 unaccounted for" in found.sentence
    record = filled(RECORDS["delivery"], only_required=True)
    short = evolve(record, lines=(evolve(record.lines[0], loaded=90, delivered=70),))
    put(room, "delivery.account", evolve(short, explanation="20 sacks were wet and left"), "D1")
    assert now_due(room, at(hours=3)) == ()


def test_what_a_party_delivered_is_a_claim_until_another_side_has_observed_it(room: Post) -> None:
    waybill(room, Role.PARTY, "Party A", loaded=90, delivered=90)
    [found] = now_due(room, at(hours=3))
    assert found.kind is DueKind.OBSERVE
    assert "claim" in found.sentence
    put(room, "verified_figure", about="D1", role=Role.PARTY, side="Party A")
    assert now_due(room, at(hours=3)), "the party's own word changes nothing"
    put(room, "verified_figure", about="D1", role=Role.OBSERVER, side="Watch")
    assert now_due(room, at(hours=3)) == ()


def test_a_party_that_names_an_observer_itself_is_not_observed_by_that(room: Post) -> None:
    record = filled(RECORDS["delivery"], only_required=True)
    lines = (evolve(record.lines[0], loaded=90, delivered=90),)
    for step in ("plan", "load", "deliver"):
        put(room, f"delivery.{step}", evolve(record, carrier="Party A", consignor="Party A",
                                             lines=lines, observed_by=("Watch",)), "D1",
            role=Role.PARTY, side="Party A")
    assert [d.kind for d in now_due(room, GO)] == [DueKind.OBSERVE]
    put(room, "delivery.account", evolve(record, carrier="Party A", lines=lines,
                                         observed_by=("Watch",)), "D1")
    assert now_due(room, GO) == ()


def test_an_organisation_s_delivery_needs_no_observer(room: Post) -> None:
    waybill(room, Role.ORGANISATION, "Red Crescent", loaded=90, delivered=90)
    assert now_due(room, GO) == ()


def apart() -> Ledger:
    """A notification that one post cancelled and another amended, apart."""
    one, other = Post("OCHA"), Post("Room 2")
    notified(one, "Party A")
    other.held = merge(other.held, one.held)
    put(one, "notification.cancel")
    put(other, "notification.amend", movement(2))
    return merge(one.held, other.held)


def test_what_posts_said_differently_apart_is_due_once_with_all_that_they_said() -> None:
    stands = stand(apart())
    found = [d for d in due(stands.things, stands.acts, at(hours=-1))
             if d.kind is DueKind.CONTRADICTION]
    assert parts(tuple(found)) == [("N1", "notification")]
    assert "OCHA: cancelled" in found[0].sentence
    assert "Room 2: amended" in found[0].sentence
    assert len(found[0].entries) == 2


def test_it_is_over_once_somebody_who_has_seen_both_takes_the_next_step() -> None:
    third = Post("Room 3")
    third.held = merge(third.held, apart())
    put(third, "notification.complete")
    assert now_due(third, at(hours=-1)) == ()


def test_what_is_late_comes_before_what_is_not_and_check_ins_before_all(room: Post) -> None:
    notified(room, "Party A")
    put(room, "pause.declare", terms(), "P02", role=Role.PARTY)
    found = now_due(room, at(hours=1))
    late = [bool(d.late_minutes) for d in found]
    assert late == sorted(late, reverse=True)
    order = [list(DueKind).index(d.kind) for d in found if d.late_minutes]
    assert order == sorted(order)


def test_whose_turn_it_is_follows_the_table_of_rights(room: Post) -> None:
    notified(room, "Party A", "Party B")

    def mine(role: Role | None, side: str) -> set[str]:
        found = now_due(room, at(hours=-1), DueKind.RECEIPT, role=role, side=side)
        return {d.part for d in found if d.yours}

    assert mine(Role.COORDINATOR, "OCHA") == {"Party A 1", "Party B 1"}
    assert mine(Role.PARTY, "Party A") == {"Party A 1"}
    assert mine(Role.PARTY, "") == set()
    assert mine(Role.ORGANISATION, "Party A") == set()
    assert mine(None, "") == set()


def test_what_a_reader_cannot_read_does_not_enter(room: Post) -> None:
    """A party that was sent a version, and can read that alone, is told of its own receipt."""
    notified(room, "Party A", "Party B")
    stands = stand(room.held)
    things = {t: s for t, s in stands.things.items() if t.table == "notification"}
    acts = [a for a in stands.acts if a[1].payload.get("recipient") != "Party B"]
    found = due(things, acts, at(hours=-1), role=Role.PARTY, side="Party A")
    assert [d.part for d in found if d.kind is DueKind.RECEIPT] == ["Party A 1"]
    assert due({}, acts, at(days=-2)) == (), "how it stands is not theirs to know"


def test_an_item_names_the_entries_on_which_it_rests(room: Post) -> None:
    notified(room, "Party A")
    hashes = {entry.hash: content.kind for entry, content in stand(room.held).acts}
    [found] = now_due(room, at(days=-2), DueKind.RECEIPT)
    assert {hashes[h] for h in found.entries} == {"notification.draft", "notification.transmit"}


def test_a_hotline_of_the_terms_is_a_line_of_the_movement(room: Post) -> None:
    line = Contact(organisation="Party A", function="operations room", channel="telephone",
                   number="7", backup="radio 4")
    put(room, "pause.declare", terms(hotlines=(line,)), "P02", role=Role.PARTY)
    notified(room, "Party A", record=movement(radio="channel 2"))
    found = now_due(room, GO - timedelta(hours=12), DueKind.LINE_TEST)
    assert {d.part for d in found} == {"radio", "contact", "deputy", "hotline Party A",
                                       "backup Party A"}
