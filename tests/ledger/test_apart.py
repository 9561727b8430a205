"""What one side is told of a notification: by the record, by the steps, and in no other part."""

from __future__ import annotations

import pytest
from attrs import evolve

from lull.domain.protocol import Role
from lull.domain.records import read_payload
from lull.ledger.apart import (
    is_of_others,
    own_version,
    steps_for,
    things_of,
    told_apart,
)
from lull.ledger.content import VERSIONS, Content, Wall
from lull.ledger.fold import Thing, fold
from tests.ledger.kit import Post, said


def draft(*parties: str, **more: object) -> Content:
    """A version that names recipients and a ladder."""
    made = said("notification.draft")
    return evolve(made, payload={**made.payload, **more, "recipients": [
        {"party": party, "channel": "file", "consent_by_function": "owner",
         "consent_at": "2016-10-19T09:00:00Z"} for party in parties],
        "escalation": [{"after_minutes": 30, "organisation": "OCHA", "function": "on call",
                        "channel": "radio", "does": "calls canary"}]})


def test_a_side_is_told_of_itself_as_a_recipient_and_of_nobody_else() -> None:
    told = own_version(draft("Party A", "Party B").payload, " party a ", by="x", at="y")
    assert [one["party"] for one in told["recipients"]] == ["Party A"]
    assert "escalation" not in told
    rest = {k: v for k, v in told.items() if k != "recipients"}
    assert rest == {k: v for k, v in draft().payload.items()
                    if k not in ("recipients", "escalation")}


def test_a_side_that_is_no_recipient_is_told_who_sealed_it_to_them() -> None:
    told = own_version(draft("Party A").payload, "Watch", by="access officer",
                       at="2016-10-19T09:00:00Z")
    assert told["recipients"] == [{
        "party": "Watch", "channel": "sealed", "consent_by_function": "access officer",
        "consent_at": "2016-10-19T09:00:00Z"}]
    read_payload("notification.draft", told)


@pytest.mark.parametrize(("states", "kind", "steps"), [
    ([], "notification.draft", ["draft"]),
    (["draft"], "notification.submit", ["submit"]),
    (["draft"], "notification.transmit", ["submit", "transmit"]),
    (["submitted"], "notification.transmit", ["transmit"]),
    ([], "notification.amend", ["draft", "submit"]),
    (["transmitted"], "notification.amend", ["amend"]),
    (["draft"], "notification.amend", ["revise", "submit"]),
    (["submitted"], "notification.amend", ["revise", "submit"]),
    ([], "notification.revise", ["draft"]),
    (["submitted"], "notification.revise", ["revise"]),
    (["transmitted"], "notification.cancel", ["cancel"]),
    ([], "notification.transmit", []),
    ([], "notification.cancel", []),
    (["cancelled"], "notification.amend", []),
])
def test_what_a_side_is_told_follows_on_what_it_was_told(states: list[str], kind: str,
                                                        steps: list[str]) -> None:
    content = said(kind) if kind not in VERSIONS else evolve(
        draft("Party A"), kind=kind)
    content = evolve(content, wall=Wall.SEALED, recipients=("age1y",))
    made = steps_for(content, "Party A", ("age1x",), states)
    assert [one.kind.partition(".")[2] for one in made] == steps
    assert all((one.part, one.recipients) == ("Party A", ("age1x",)) for one in made)
    for one in made:
        read_payload(one.kind, one.payload)


def test_each_side_s_part_stands_by_itself_and_the_whole_apart_from_them() -> None:
    room = Post("room")
    for part in ("", "Party A", "Party B"):
        room.write("notification.draft", "N1", part)
    room.write("notification.submit", "N1", "Party A")
    state = fold(room.held)
    assert state.out_of_protocol == ()
    assert [state.states(Thing("notification", "N1", part)) for part in (
        "", "Party A", "Party B")] == [("draft",), ("submitted",), ("draft",)]


def test_a_reader_sees_their_own_part_as_the_notification_and_no_other_part() -> None:
    whole, a, b = (Thing("notification", "N1", part) for part in ("", "Party A", "Party B"))
    cell = Thing("receipt", "N1", "Party B 1")
    assert things_of({a: "a", b: "b", cell: "r"}, "Party A") == {whole: "a", cell: "r"}
    assert things_of({whole: "w", a: "a", b: "b"}, "OCHA") == {whole: "w"}
    assert things_of({whole: "w", a: "a"}, "Party A") == {whole: "w"}


def test_only_steps_of_notifications_are_told_apart() -> None:
    own = evolve(said("notification.draft"), part="Party A")
    assert told_apart(own) == "Party A"
    assert told_apart(said("notification.draft")) == ""
    assert told_apart(said("receipt.confirm", part="Party A 1", role=Role.PARTY)) == ""
    assert is_of_others(own, "Party B")
    assert not is_of_others(own, "PARTY A")
    assert not is_of_others(said("notification.draft"), "Party B")
