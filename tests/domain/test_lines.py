"""Lines and check-ins: what their records take and refuse."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lull.domain.records import RECORDS, BadRecord, payload, read_payload
from lull.domain.records.form import fields_of
from tests.ledger.kit import filled

NOON = datetime(2016, 10, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize("point", [
    "36.2021, 37.1343", "36,20 37,13", "at 36°12'N 37°08'E", "37S CA 31250 08770", "37SCA31250877",
    "near 37S CA 312 087", "٣٦٫٢٠٢١ ٣٧٫١٣"])
def test_a_position_is_refused_where_the_name_of_a_point_belongs(point: str) -> None:
    node = payload(filled(RECORDS["check_in"])) | {"point": point}
    with pytest.raises(BadRecord, match="positions are not kept"):
        read_payload("check_in", node)


@pytest.mark.parametrize("point", ["Castello gate", "Ramouseh, checkpoint 3", "km 21", "حاجز 12"])
def test_the_name_of_a_point_is_taken(point: str) -> None:
    node = payload(filled(RECORDS["check_in"])) | {"point": point}
    assert read_payload("check_in", node)


def test_no_record_of_a_line_or_check_in_has_a_field_for_a_position() -> None:
    for name in ("check_in", "line_test"):
        fields = " ".join(fields_of(RECORDS[name]))
        assert not any(word in fields for word in ("latitude", "position", "mgrs", "place"))


def test_a_test_call_that_was_answered_says_by_which_function() -> None:
    node = payload(filled(RECORDS["line_test"], only_required=True))
    assert read_payload("line_test", node)
    with pytest.raises(BadRecord, match="which function answered"):
        read_payload("line_test", node | {"outcome": "answered"})


@pytest.mark.parametrize("name", ["movement_notification", "pause_terms"])
def test_the_steps_of_an_escalation_come_one_after_another(name: str) -> None:
    kind = {"movement_notification": "notification.draft", "pause_terms": "pause.request"}[name]
    rung = {"organisation": "OCHA", "function": "duty officer", "channel": "telephone",
            "does": "calls the deputy"}
    rising = [{**rung, "after_minutes": minutes} for minutes in (0, 15, 30)]
    node = payload(filled(RECORDS[name], only_required=True))
    assert read_payload(kind, node | {"escalation": rising})
    with pytest.raises(BadRecord, match="more minutes after"):
        read_payload(kind, node | {"escalation": rising[::-1]})
    with pytest.raises(BadRecord, match="more minutes after"):
        read_payload(kind, node | {"escalation": [rising[0], rising[0]]})


def test_a_lead_time_is_agreed_once() -> None:
    node = payload(filled(RECORDS["pause_terms"], only_required=True))
    agreed = {"rule": "check_in", "minutes": 30}
    assert read_payload("pause.request", node | {"lead_times": [agreed]})
    with pytest.raises(BadRecord, match="once for each rule"):
        read_payload("pause.request", node | {"lead_times": [agreed, agreed]})
