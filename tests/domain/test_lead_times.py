"""Lead times: what the table says, what a pause agrees on instead, and what comes late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lull.domain.lead_times import LEAD_TIMES, AgreedTime, LeadRule, with_agreed
from lull.domain.records import RECORDS
from lull.domain.records.lateness import transmission_warnings
from lull.domain.records.notification import MovementNotification, SiteStatus
from lull.domain.refusal import Refusal
from lull.domain.time import lasting, minutes_between
from tests.ledger.kit import filled

GO = datetime(2016, 10, 20, 9, tzinfo=UTC)


def movement(**changes: Any) -> MovementNotification:
    made = filled(RECORDS["movement_notification"], only_required=True)
    stop = evolve(made.departure, arrives=GO - timedelta(hours=1), leaves=GO)
    return evolve(made, departure=stop,
                  arrival=evolve(made.arrival, arrives=GO + timedelta(hours=2),
                                 leaves=GO + timedelta(hours=3)), **changes)


def test_every_rule_has_a_time_with_a_source_or_is_marked_assumed() -> None:
    assert set(LEAD_TIMES) == set(LeadRule)
    assert {rule for rule, time in LEAD_TIMES.items() if not time.assumed} == {
        LeadRule.PLANNED_MOVEMENT, LeadRule.EMERGENCY_MOVEMENT}
    assert all(time.source and time.says for time in LEAD_TIMES.values())


@pytest.mark.parametrize(
    ("emergency", "before", "late"),
    [(False, timedelta(hours=48), 0), (False, timedelta(hours=48, seconds=-1), 1),
     (False, timedelta(hours=44, minutes=30), 210), (True, timedelta(hours=24), 0),
     (True, timedelta(hours=23), 60), (False, timedelta(hours=-1), 49 * 60)])
def test_what_leaves_later_than_its_lead_time_says_by_how_much_and_by_which_rule(
    emergency: bool, before: timedelta, late: int
) -> None:
    of = movement(emergency=emergency, emergency_reason="wounded" if emergency else "")
    found = transmission_warnings(of, GO - before)
    rule = LeadRule.EMERGENCY_MOVEMENT if emergency else LeadRule.PLANNED_MOVEMENT
    assert [(w.rule, w.late_minutes) for w in found] == ([(rule, late)] if late else [])
    for warning in found:
        assert rule.value in warning.sentence
        assert "HNS Yemen" in warning.sentence
        assert f"{lasting(late)} late" in warning.sentence


@given(st.integers(-200_000, 200_000), st.integers(-14 * 60, 14 * 60))
def test_lateness_is_the_same_in_every_time_zone(minutes: int, offset: int) -> None:
    at = GO + timedelta(minutes=minutes)
    there = at.astimezone(timezone(timedelta(minutes=offset)))
    assert transmission_warnings(movement(), there) == transmission_warnings(movement(), at)
    late = minutes + 48 * 60
    assert [w.late_minutes for w in transmission_warnings(movement(), at)] == [late] * (late > 0)


def test_a_pause_that_agreed_on_another_lead_time_is_measured_by_that() -> None:
    times = with_agreed([AgreedTime(rule=LeadRule.PLANNED_MOVEMENT, minutes=72 * 60)], "ALE-P02")
    assert not transmission_warnings(movement(), GO - timedelta(hours=50))
    [warning] = transmission_warnings(movement(), GO - timedelta(hours=50), times)
    assert warning.late_minutes == 22 * 60
    assert "agreed in ALE-P02" in warning.sentence
    with pytest.raises(Refusal, match="at least 1"):
        AgreedTime(rule=LeadRule.CHECK_IN, minutes=0)


def test_a_site_whose_review_is_overdue_or_set_too_far_ahead_is_warned_about() -> None:
    site = evolve(filled(RECORDS["site_notification"], only_required=True),
                  status=SiteStatus.ACTIVE, function_confirmed_at=GO, valid_from=GO,
                  review_by=GO + timedelta(days=183))
    assert not transmission_warnings(site, GO + timedelta(days=183))
    [overdue] = transmission_warnings(site, GO + timedelta(days=184))
    assert overdue.late_minutes == 24 * 60
    assert "unverified" in overdue.sentence
    [far] = transmission_warnings(evolve(site, review_by=GO + timedelta(days=185)), GO)
    assert far.late_minutes == 2 * 24 * 60
    removed = evolve(site, status=SiteStatus.REMOVED, removal_reason="moved")
    assert not transmission_warnings(removed, GO + timedelta(days=400))


@pytest.mark.parametrize(("minutes", "words"), [
    (0, "0 min"), (-5, "0 min"), (59, "59 min"), (60, "1 h"), (61, "1 h 1 min"),
    (1440, "24 h"), (1501, "25 h 1 min"), (72 * 60, "72 h"), (73 * 60 + 5, "3 d 1 h"),
    (14 * 1440, "14 d")])
def test_a_span_is_said_in_hours_up_to_three_days_as_notice_is(minutes: int, words: str) -> None:
    assert lasting(minutes) == words


def test_a_minute_that_has_begun_counts_as_late() -> None:
    assert minutes_between(GO, GO) == 0
    assert minutes_between(GO, GO + timedelta(seconds=1)) == 1
    assert minutes_between(GO, GO - timedelta(seconds=61)) == -1
