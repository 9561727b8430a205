"""A request drafted from an answer: its figures counted by hand, its proposals by walking back."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from lull.cli.questions.extension import (
    ExtensionAnswer,
    FigureAnswer,
    LongerAnswer,
    SaidAnswer,
)
from lull.domain.records import RECORDS, payload, read_payload
from lull.domain.records.request import ExtensionRequest, Proposal, chain_of, marked
from lull.domain.refusal import Refusal
from lull.questions.request import Particulars, drafted
from tests.ledger.kit import filled

PARTICULARS = Particulars(reference="R2", pause="ALE-P02", organisation="OCHA",
                          function="head of office", addressees=("Party A",))


def answer(**changes: Any) -> dict[str, Any]:
    """What `lull extension --json` prints, in the form that it has."""
    figures = [FigureAnswer(of="persons", found=700.0, most=720.0),
               FigureAnswer(of="patients", found=30.0, most=30.0),
               FigureAnswer(of="tonnes", found=12.25, most=20.0)]
    made = ExtensionAnswer(
        folder="x", folder_hash="y", consents="recorded", again="lull extension x", work=9, seed=4,
        stopped=False, seconds=1.0, asked={"persons": 1000.0, "patients": 40.0, "tonnes": 20.0},
        target=1000, target_share=1.0,
        steps=[LongerAnswer(minutes=0, figures=figures, p50=650.0, p90=600.0, limits=[])],
        people_an_hour=99.6, needed_minutes=180, needed_minutes_p50=200, needed_minutes_p90=240,
        not_enough_minutes=120, requested_end="20 October 2016 23:00", latest_decision="13:00",
        closes_utc="2016-10-20T16:00:00Z", requested_end_utc="2016-10-20T20:00:00Z",
        latest_decision_utc="2016-10-20T10:00:00Z",
        new_in_it=["the window ends later", "observers at the bridge"],
        said=[SaidAnswer(party="Party A", stance="agreed", corridor="*", condition="", source="x",
                         outstanding=""),
              SaidAnswer(party="Party B", stance="refused", corridor="*", condition="", source="x",
                         outstanding="not agreed: refused")],
        not_used=["The corridor west is not used."], to_fill_in=[])
    return {**made.model_dump(mode="json"), **changes}


def test_a_request_is_filled_from_the_figures_of_an_extension() -> None:
    made, chain = drafted(answer(), PARTICULARS)
    assert chain == []
    assert made.waiting is not None
    assert (made.waiting.persons, made.waiting.patients, made.waiting.aid_t) == (
        300, 10, Decimal("7.75"))
    assert (made.waiting.hours_on_paper, made.waiting.hours_p50, made.waiting.hours_p90) == (
        3, Decimal("3.33"), 4)
    assert made.waiting.persons_an_hour == 100
    (window,) = made.windows
    assert (window.start.hour, window.end.hour) == (16, 20)
    assert made.latest_useful_decision == datetime(2016, 10, 20, 10, tzinfo=UTC)
    assert made.guarantees_outstanding == ("Party B: not agreed: refused",)
    assert made.consents_obtained == ("Party A",)
    assert made.unused_so_far == "The corridor west is not used."
    assert [p.is_new for p in made.proposals] == [True, True]
    assert read_payload("request.draft", payload(made)) == made


def test_where_no_day_was_simulated_the_hours_stand_on_paper_alone() -> None:
    made, _ = drafted(answer(needed_minutes_p50=None, needed_minutes_p90=None), PARTICULARS)
    assert made.waiting is not None
    assert (made.waiting.hours_p50, made.waiting.hours_p90) == (None, None)
    assert made.waiting.hours_on_paper == 3


def test_a_request_is_filled_from_a_plan_as_far_as_a_plan_goes() -> None:
    plan = {"form": "lull plan 1", "consents": "recorded", "work": 5, "seed": 0,
            "windows": [{"closes_utc": "2016-10-20T16:00:00+00:00"}],
            "totals": {"wishing": 100, "persons": 60, "patients_wishing": 9, "patients": 4,
                       "tonnes_needed": 3.5, "tonnes": 4.0}}
    late = evolve(PARTICULARS, proposals=("two hours more",),
                  until=datetime(2016, 10, 20, 18, tzinfo=UTC))
    made, _ = drafted(plan, late)
    assert made.waiting is not None
    assert (made.waiting.persons, made.waiting.patients, made.waiting.aid_t) == (40, 5, 0)
    with pytest.raises(Refusal, match="nothing to ask for"):
        drafted(plan, PARTICULARS)


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"form": "lull stress 1"}, "must be one of: lull extension 1, lull plan 1"),
    ({"steps": []}, "fields are missing or of another kind"),
    ({"asked": None}, "fields are missing or of another kind"),
    ({"closes_utc": "noon"}, "fields are missing or of another kind"),
    ({"needed_minutes_p50": "many"}, "fields are missing or of another kind"),
    ({"requested_end_utc": "2016-10-20T16:00:00Z"}, "There is nothing to ask for"),
    ({"new_in_it": []}, "Say what is proposed"),
    ({"new_in_it": [5, {}]}, "fields are missing or of another kind"),
    ({"not_used": "x"}, "fields are missing or of another kind"),
    ({"new_in_it": [" "]}, "There must be a text here"),
    ({"people_an_hour": float("nan")}, "fields are missing or of another kind"),
    ({"asked": {"tonnes": float("inf")}}, "fields are missing or of another kind"),
])
def test_an_answer_that_is_none_is_refused_in_a_sentence(changes, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        drafted(answer(**changes), PARTICULARS)


NAMES = ["R0", "R1", "R2", "R3"]
TEXTS = ["observers at the bridge", "six hours more", "a second lane"]
earlier = st.lists(st.tuples(st.sampled_from(NAMES), st.lists(st.sampled_from(TEXTS), min_size=1,
                                                              max_size=2),
                             st.lists(st.sampled_from(NAMES), max_size=2)), max_size=5)


def request(name: str, texts: list[str], before: list[str]) -> ExtensionRequest:
    """An earlier request."""
    base = filled(RECORDS["extension_request"], only_required=True)
    return evolve(base, reference=name, earlier_requests=tuple(before),
                  proposals=tuple(Proposal(text=t) for t in texts))


@settings(max_examples=200, deadline=None)
@given(earlier, st.lists(st.sampled_from(NAMES), max_size=2))
def test_a_proposal_is_new_exactly_where_no_request_that_is_led_to_had_it(rows, start) -> None:
    """Held against sets that grow until nothing is added."""
    reached = set(start)
    while True:
        more = reached | {b for name, _, before in rows if name in reached for b in before}
        if more == reached:
            break
        reached = more
    had = {text for name, texts, _ in rows if name in reached for text in texts}
    chain = chain_of(start, [request(*row) for row in rows])
    for one in marked(TEXTS, chain):
        assert one.is_new is (one.text not in had)
        owners = {name for name, texts, _ in rows if name in reached and one.text in texts}
        assert (one.repeats in owners) if owners else (one.repeats == "")


@pytest.mark.parametrize("text", ["Observers at the bridge.", "observers  at the BRIDGE",
                                  "observers at the bridge!"])
def test_the_same_proposal_in_another_dress_is_not_new(text: str) -> None:
    (one,) = marked([text], [request("R0", [TEXTS[0]], [])])
    assert (one.is_new, one.repeats) == (False, "R0")
    (other,) = marked(["observers at the bridges"], [request("R0", [TEXTS[0]], [])])
    assert other.is_new


def test_the_earliest_request_of_a_chain_is_named() -> None:
    chain = chain_of(["R3"], [request("R3", [TEXTS[0]], ["R1"]), request("R1", [TEXTS[0]], [])])
    assert [r.reference for r in chain] == ["R1", "R3"]
    assert marked([TEXTS[0]], chain)[0].repeats == "R1"
