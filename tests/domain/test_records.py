"""Records: the fields that the field asks for, none for a name, every error at its field."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from types import UnionType
from typing import Any, Union, get_args, get_origin

import attrs
import pytest

from lull.domain.protocol import Role
from lull.domain.records import (
    RECEIPT_SENTENCE,
    RECORDS,
    WITHOUT_STATES,
    BadRecord,
    kinds,
    payload,
    read_payload,
)
from lull.domain.records.delivery import (
    Delivery,
    Removal,
    Seal,
    SealCheck,
    SealFound,
    WaybillLine,
    reconcile,
)
from lull.domain.records.form import fields_of, is_blank, required
from lull.domain.records.readiness import ProtectionAnswer, Question
from lull.domain.refusal import Refusal
from lull.ledger.canonical import canonical, read_canonical
from tests.ledger.kit import filled

KIND_OF = {name: next(kind for kind, names in kinds().items() if name in names)
           for name in RECORDS}

# The fields that practice asks for in each record (those marked R in the field lists of the
# domain study), typed by hand; names of persons left out.
ASKED = {
    "pause_terms": "title kind basis parties area windows prohibited_acts permitted_acts",
    "corridor": "users direction waypoints status mine_status name",
    "movement_notification": "organisation contact deputy purpose type pause departure arrival "
    "route_sha256 recipients valid",
    "site_notification": "organisation operator name function function_confirmed_at "
    "function_confirmed_by position footprint recipients review_by status",
    "extension_request": "pause organisation function addressees windows proposals",
    "delivery": "carrier consignor consignee lines",
    "incident": "occurred_from occurred_to reported_at reporter_organisation reporter_function "
    "place kind",
    "assessment": "observer assessed_at",
    "access_constraint": "occurred place type severity",
    "after_action": "pause windows",
    "receipt": "notification notification_version recipient answered_at",
    "decision": "party decided_at",
    "line_test": "line tested_by_function tested_at outcome",
    "check_in": "movement at channel point",
}


def everything() -> list[type]:
    """Every record and every part of one."""
    found: dict[type, None] = {}

    def look(kind: Any) -> None:
        if get_origin(kind) in (tuple, Union, UnionType):
            for inner in get_args(kind):
                look(inner)
        elif isinstance(kind, type) and attrs.has(kind) and kind not in found:
            found[kind] = None
            for inner in fields_of(kind).values():
                look(inner)

    for record in RECORDS.values():
        look(record)
    return list(found)


@pytest.mark.parametrize("only_required", [False, True], ids=["full", "least"])
@pytest.mark.parametrize("name", RECORDS)
def test_a_record_comes_back_from_its_bytes_as_it_was(name: str, only_required: bool) -> None:
    record = filled(RECORDS[name], only_required=only_required)
    raw = canonical(payload(record))
    again = read_payload(KIND_OF[name], read_canonical(raw))
    assert again == record
    assert canonical(payload(again)) == raw


@pytest.mark.parametrize("name", RECORDS)
def test_each_field_that_must_be_filled_is_missed_by_name_and_all_at_once(name: str) -> None:
    must = set(required(RECORDS[name]))
    with pytest.raises(BadRecord) as caught:
        read_payload(KIND_OF[name], {"record": name})
    assert {error.field for error in caught.value.errors} == must


@pytest.mark.parametrize("name", ASKED)
def test_what_practice_asks_for_must_be_filled(name: str) -> None:
    assert set(ASKED[name].split()) <= set(required(RECORDS[name]))


@pytest.mark.parametrize("name", RECORDS)
def test_a_wrong_value_is_told_at_its_field(name: str) -> None:
    node = payload(filled(RECORDS[name]))
    for key in node.keys() - {"record"}:
        with pytest.raises(BadRecord) as caught:
            read_payload(KIND_OF[name], {**node, key: {"no": "such thing"}})
        assert any(error.field.split(".")[0] == key for error in caught.value.errors), key


def test_an_error_deep_inside_is_told_with_the_way_to_it() -> None:
    node = payload(filled(RECORDS["movement_notification"]))
    node["vehicles"][0]["number"] = "two"
    node["departure"]["place"]["position"]["latitude_deg"] = "36.20210"
    with pytest.raises(BadRecord) as caught:
        read_payload("notification.draft", node)
    assert [e.field for e in caught.value.errors] == [
        "departure.place.position.latitude_deg", "vehicles.1.number"]


@pytest.mark.parametrize("key", ["driver_name", "permission", "x"])
def test_a_field_that_is_not_known_is_refused(key: str) -> None:
    node = payload(filled(RECORDS["receipt"]))
    with pytest.raises(BadRecord, match="not known"):
        read_payload("receipt.confirm", {**node, key: "text"})


@pytest.mark.parametrize(
    "value", ["1e5", "36.20", "-0", "+1", "1.", ".5", "01", " 1", 1, 1.5, True, None, "", "\ud800"],
    ids=repr)
def test_a_figure_has_one_form_only(value: object) -> None:
    node = payload(filled(RECORDS["claimed_figure"]))
    with pytest.raises(BadRecord):
        read_payload("claimed_figure", {**node, "value": value})


@pytest.mark.parametrize(
    "value", ["2016-02-30T09:00:00Z", "2016-10-20T09:00Z", "2016-10-20 09:00:00", "09:00", 0])
def test_a_time_has_one_form_only(value: object) -> None:
    node = payload(filled(RECORDS["claimed_figure"]))
    with pytest.raises(BadRecord):
        read_payload("claimed_figure", {**node, "claimed_at": value})


PLACES_AND_BODIES = {("Place", "name"), ("Place", "name_local"), ("ThirdParty", "name"),
                     ("CorridorRecord", "name"), ("CorridorRecord", "name_local"),
                     ("SiteNotification", "name")}


def test_no_field_is_for_the_name_of_a_person() -> None:
    named = {(kind.__name__, field) for kind in everything() for field in fields_of(kind)
             if re.search(r"name|person|surname|passport|birth|phone_of|identity", field)}
    assert named - PLACES_AND_BODIES <= {
        (kind.__name__, field) for kind in everything() for field in fields_of(kind)
        if "persons" in field and fields_of(kind)[field] in (int, int | None)
    }


def test_no_field_is_for_the_status_of_who_is_wounded() -> None:
    for kind in everything():
        people = [f for f in fields_of(kind) if "wounded" in f or "patient" in f]
        assert not any(re.search(r"status|combatant|affiliation", f) for f in people)
        if kind.__name__ == "PeopleCount":
            assert not any("fighter" in f or "combat" in f for f in fields_of(kind))


def test_a_field_that_need_not_be_filled_is_blank_until_it_is() -> None:
    for kind in everything():
        for field in attrs.fields(kind):
            assert field.default is attrs.NOTHING or is_blank(field.default), (kind, field.name)


def test_receipt_and_permission_are_different_records() -> None:
    permits = re.compile(r"permi|grant|approv|clear|allow|authori|valid")
    assert not [f for f in fields_of(RECORDS["receipt"]) if permits.search(f)]
    for kind, names in kinds().items():
        assert not ({"receipt", "facilitation"} <= set(names))
        assert ("receipt" in names) == kind.startswith("receipt.")
        assert ("facilitation" in names) == (kind == "facilitation")
    assert RECEIPT_SENTENCE == ("Confirms receipt; not permission, no guarantee, changes no "
                                "obligation under the law of war.")


def test_claim_and_verified_figure_are_different_records() -> None:
    claim, fact = (set(fields_of(RECORDS[n])) for n in ("claimed_figure", "verified_figure"))
    assert not [f for f in claim if "verif" in f]
    assert not [f for f in fact if f.startswith("claimed")]
    assert {"verified_by", "method"} <= set(required(RECORDS["verified_figure"]))


def test_a_receipt_at_headquarters_and_knowledge_at_the_checkpoint_are_two_records() -> None:
    assert {"said_by_function", "said_at", "checkpoint"} <= set(
        required(RECORDS["known_at_checkpoint"]))
    assert "known_at_checkpoint" in WITHOUT_STATES
    assert "fetch" in WITHOUT_STATES


def test_every_kind_of_entry_has_a_record_and_every_record_a_kind() -> None:
    assert {name for names in kinds().values() for name in names} == set(RECORDS)
    with pytest.raises(BadRecord, match="no kind of entry"):
        read_payload("pause.surrender", {"record": "step"})
    with pytest.raises(BadRecord, match="cannot be carried"):
        read_payload("receipt.confirm", {"record": "facilitation"})


def test_who_confirms_another_version_is_told_so() -> None:
    node = payload(filled(RECORDS["receipt"]))
    with pytest.raises(BadRecord, match="read version 2; this is the receipt of version 1"):
        read_payload("receipt.confirm", {**node, "read_version": 2})


def test_a_receipt_by_voice_says_who_took_it() -> None:
    node = payload(filled(RECORDS["receipt"]))
    del node["by_voice_taken_by"]
    with pytest.raises(BadRecord, match="by voice"):
        read_payload("receipt.confirm", {**node, "channel": "radio"})
    assert read_payload("receipt.confirm", {**node, "channel": "email"})


def waybill(**lines: Any) -> Delivery:
    removed = lines.pop("removed", ())
    line = WaybillLine(item="flour", unit="sacks", unit_kg=Decimal("25"), planned=100,
                       removals=tuple(Removal(units=n, by=f"check {n}") for n in removed), **lines)
    return attrs.evolve(filled(RECORDS["delivery"], only_required=True), lines=(line,))


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ({}, "nobody has said how many sacks were loaded (planned 100)"),
        ({"loaded": 90, "delivered": 90}, ""),
        ({"loaded": 90, "removed": (7, 3), "delivered": 70, "returned": 6, "lost": 4}, ""),
        ({"loaded": 90, "removed": (0,), "delivered": 80, "damaged": 10}, ""),
        ({"loaded": 90, "removed": (7, 3), "delivered": 70, "damaged": 6}, "4 unaccounted for"),
        ({"loaded": 90, "delivered": 70}, "20 unaccounted for"),
        ({"loaded": 90, "delivered": 70, "returned": 21}, "1 more than were loaded"),
    ],
)
def test_a_waybill_reconciles_or_says_where_it_does_not(lines, sentence) -> None:
    found = reconcile(waybill(**dict(lines)))
    assert (sentence in found[0]) if sentence else not found


def test_a_delivery_whose_totals_do_not_agree_is_accounted_for_with_an_explanation() -> None:
    node = payload(waybill(loaded=90, delivered=70))
    with pytest.raises(BadRecord, match="20 unaccounted for") as refused:
        read_payload("delivery.account", node)
    assert [e.field for e in refused.value.errors] == ["explanation"]
    assert read_payload("delivery.account", {**node, "explanation": "20 sacks were wet"})
    assert read_payload("delivery.account", payload(waybill(loaded=90, delivered=90)))
    assert read_payload("delivery.deliver", node), "only who accounts for it needs one"


def test_no_site_is_notified_against_the_will_of_those_who_run_it() -> None:
    node = payload(filled(RECORDS["site_notification"]))
    with pytest.raises(BadRecord):
        read_payload("notification.draft", {**node, "operator_consents": False})


def answer(question: Question, **how: Any) -> ProtectionAnswer:
    return ProtectionAnswer(reference="Q", version=1, question=question,
                            answered_by_function="protection officer",
                            answered_at=datetime(2016, 10, 20, tzinfo=UTC), **how)


def test_a_word_on_a_question_is_an_answer_an_opening_or_an_acceptance_with_a_reason() -> None:
    assert answer(Question.MINES, waived_by=Role.COORDINATOR, waiver_reason="walked today")
    assert answer(Question.MINES, open_because="the east road was not looked at")
    with pytest.raises(Refusal, match="with a reason"):
        answer(Question.MINES, waived_by=Role.COORDINATOR)
    for how in ({}, {"answer": "yes", "open_because": "no"},
                {"answer": "yes", "waived_by": Role.COORDINATOR, "waiver_reason": "x"}):
        with pytest.raises(Refusal, match="one of the three"):
            answer(Question.MINES, **how)


@pytest.mark.parametrize("question", Question)
def test_a_party_cannot_waive_will_mines_or_the_fate_of_men(question: Question) -> None:
    how = {"waived_by": Role.PARTY, "waiver_reason": "no time"}
    if question.value in ("voluntary", "mines", "men_of_fighting_age"):
        with pytest.raises(Refusal, match="cannot be waived by a party"):
            answer(question, **how)
    else:
        assert answer(question, **how).waived_by is Role.PARTY


ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def test_a_figure_or_time_in_other_digits_is_no_second_form_of_the_same() -> None:
    """What is hashed has one form; digits of other scripts belong on sheets."""
    claim = payload(filled(RECORDS["claimed_figure"]))
    for name in ("value", "claimed_at"):
        with pytest.raises(BadRecord, match=name):
            read_payload("claimed_figure", {**claim, name: claim[name].translate(ARABIC)})


@pytest.mark.parametrize("at", ["1900-01-01T00:00:00Z", "2016-02-29T23:59:59Z",
                                "2200-12-31T23:59:59Z"])
def test_a_time_of_these_three_centuries_comes_back_as_it_was_written(at: str) -> None:
    claim = payload(filled(RECORDS["claimed_figure"])) | {"claimed_at": at}
    assert payload(read_payload("claimed_figure", claim)) == claim


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "1899-12-31T23:59:59Z",
                                "2201-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_time_of_another_year_is_refused_at_its_field(at: str) -> None:
    claim = payload(filled(RECORDS["claimed_figure"])) | {"claimed_at": at}
    with pytest.raises(BadRecord, match="years 1900 to 2200") as refused:
        read_payload("claimed_figure", claim)
    assert [e.field for e in refused.value.errors] == ["claimed_at"]


@pytest.mark.parametrize(("status", "missing"), [
    ("closed", "status_by"), ("closed", "status_reason"), ("suspended", "status_reason"),
    ("restricted", "status_by"), ("awaiting_approval", "status_by")])
def test_a_corridor_that_is_not_open_says_by_whom_and_the_reason_given(
    status: str, missing: str
) -> None:
    node = payload(filled(RECORDS["corridor"], only_required=True)) | {
        "status": status, "status_by": "Party A", "status_reason": "none given"}
    assert read_payload("corridor", node)
    with pytest.raises(BadRecord, match="Say"):
        read_payload("corridor", {k: v for k, v in node.items() if k != missing})


def test_meals_are_given_out_at_a_feeding_point_alone() -> None:
    node = payload(filled(RECORDS["corridor"], only_required=True))
    point = {**node["waypoints"][0], "meals_an_hour": 300, "meals_in_stock": 4000}
    with pytest.raises(BadRecord, match="feeding point"):
        read_payload("corridor", {**node, "waypoints": [point]})
    made = read_payload("corridor", {**node, "waypoints": [{**point, "kind": "feeding_point"}]})
    assert made.waypoints[0].meals_in_stock == 4000


def test_the_outline_of_a_site_has_corners_apart_from_each_other() -> None:
    node = payload(filled(RECORDS["site_notification"]))
    corner = node["footprint"][0]
    with pytest.raises(BadRecord, match="at least three corners"):
        read_payload("notification.draft", {**node, "footprint": [corner] * 3})


@pytest.mark.parametrize(("attributed", "named", "says"), [
    (None, 0, None), ("nobody", 0, "nobody"), ("one", 1, "one"), ("several", 2, "several"),
    (None, 1, "one"), (None, 3, "several")])
def test_an_assessment_says_nothing_of_attribution_or_to_nobody_one_or_several(
    attributed: str | None, named: int, says: str | None
) -> None:
    node = payload(filled(RECORDS["assessment"], only_required=True))
    node["attribution"] = [{"party": f"Party {n}", "degree": "plausible"} for n in range(named)]
    node["attributed"] = attributed
    made = read_payload("assessment.confirm", {k: v for k, v in node.items() if v})
    assert made.says == says


@pytest.mark.parametrize(("attributed", "named"), [("nobody", 1), ("one", 0), ("one", 2),
                                                   ("several", 1)])
def test_those_named_in_an_assessment_are_as_many_as_it_says(attributed: str, named: int) -> None:
    node = payload(filled(RECORDS["assessment"], only_required=True)) | {"attributed": attributed}
    node["attribution"] = [{"party": f"Party {n}", "degree": "plausible"} for n in range(named)]
    with pytest.raises(BadRecord, match="Name those"):
        read_payload("assessment.confirm", {k: v for k, v in node.items() if v})


def test_a_seal_is_whole_if_every_check_found_it_so_and_unknown_where_none_looked() -> None:
    look = [SealCheck(place="bridge", found=found, by="Watch")
            for found in (SealFound.INTACT, SealFound.BROKEN)]
    assert Seal(number="S", applied_by="Relief").intact is None
    assert Seal(number="S", applied_by="Relief", checks=tuple(look[:1])).intact is True
    assert Seal(number="S", applied_by="Relief", checks=tuple(look)).intact is False


@pytest.mark.parametrize(("missing", "told"), [
    (("vehicles", "crews"), "which vehicles move"), (("crews",), "how many drivers"),
])
def test_a_movement_has_vehicles_with_crews_or_people_who_go_by_themselves(
    missing: tuple[str, ...], told: str
) -> None:
    """Practice asks for vehicles and crews; those who walk have neither."""
    node = payload(filled(RECORDS["movement_notification"], only_required=True))
    less = {name: value for name, value in node.items() if name not in missing}
    with pytest.raises(BadRecord, match=told):
        read_payload("notification.draft", less)
    on_foot = {name: value for name, value in node.items() if name not in ("vehicles", "crews")}
    assert read_payload("notification.draft", {**on_foot, "people": {"total": 40}})
