"""Versions follow each other by number, and answers are to versions that were seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lull.domain.protocol import IllegalStep, Role
from lull.domain.refusal import Refusal
from lull.ledger.due import DueKind
from lull.ledger.fold import Thing, fold
from lull.ledger.ledger import merge
from lull.ledger.versions import last_of
from lull.ledger.write import require_legal
from tests.ledger.due_kit import at, movement, notified, now_due, put
from tests.ledger.kit import Post, said
from tests.ledger.test_fold import meet

ANSWERS = ("deliver", "confirm", "query", "object")


@given(st.lists(st.integers(1, 6), min_size=1, max_size=6))
def test_a_version_is_written_only_with_the_number_behind_the_last(numbers: list[int]) -> None:
    post, last = Post("room"), 0
    for number in numbers:
        kind = "notification.revise" if last else "notification.draft"
        content = said(kind, version=number, side="room")
        if number == last + 1:
            require_legal(post.held, content)
            post.put(content)
            last = number
        else:
            with pytest.raises(IllegalStep, match=f"the next version is {last + 1}"):
                require_legal(post.held, content)


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_to_a_version_or_a_notification_that_is_not_there_is_refused(answer: str) -> None:
    post = Post("room")
    for about, version in (("N1", 2), ("N9", 1)):
        content = said(f"receipt.{answer}", about, f"A {version}", notification_version=version,
                       side="room")
        if about == "N1":
            post.write("notification.draft", "N1")
        with pytest.raises(IllegalStep, match="no such version was written"):
            require_legal(post.held, content)
    require_legal(post.held, said(f"receipt.{answer}", "N1", "A 1", side="room"))


def test_in_a_merge_such_an_answer_is_kept_without_effect_and_one_to_a_version_stands() -> None:
    room, party = Post("room"), Post("A", Role.PARTY)
    room.write("notification.draft")
    early = party.write("receipt.confirm", "N1", "A 1")
    meet(room, party)
    right = party.write("receipt.confirm", "N1", "A 1")
    late = party.write("receipt.confirm", "N1", "A 4", notification_version=4)
    meet(room, party)
    state = fold(room.held)
    assert {wrong.entry for wrong in state.out_of_protocol} == {early, late}
    assert [s.entry for s in state.things[Thing("receipt", "N1", "A 1")]] == [right]
    assert all("The fault lies with A" in w.fault.sentence for w in state.out_of_protocol)


def test_an_answer_is_believed_where_what_it_answers_to_may_be_sealed_to_others() -> None:
    post = Post("room")
    put(post, "notification.draft", movement())  # restricted, and not opened here
    post.write("receipt.confirm", "N1", "A 1")
    state = fold(post.held)
    assert not state.out_of_protocol
    assert state.states(Thing("receipt", "N1", "A 1")) == ("confirmed",)


def test_that_it_is_called_off_is_answered_under_its_own_number() -> None:
    post = Post("room")
    post.write("notification.draft")
    post.write("notification.cancel", version=2)
    require_legal(post.held, said("receipt.confirm", "N1", "A 2", notification_version=2,
                                  side="room"))


def test_of_two_versions_with_one_number_none_is_the_last_alone() -> None:
    assert last_of({"a": 1, "b": 2}) == ("b",)
    assert last_of({"c": 2, "a": 1, "b": 2}) == ("b", "c")
    assert last_of({}) == ()


def test_a_version_that_was_written_twice_apart_is_due_to_be_written_once_more() -> None:
    one, other = Post("OCHA"), Post("Room 2")
    notified(one, "Party A")
    other.held = merge(other.held, one.held)
    put(one, "notification.amend", movement(2))
    put(other, "notification.amend", movement(2, radio="channel 9"))
    one.held = merge(one.held, other.held)
    (found,) = [d for d in now_due(one, at(hours=-1)) if d.kind is DueKind.TRANSMIT]
    assert "Version 2 was written 2 times" in found.sentence
    assert len(set(found.entries)) >= 2
    put(one, "notification.amend", movement(3))
    assert not any("written 2 times" in d.sentence for d in now_due(one, at(hours=-1)))
    told = [d for d in now_due(one, at(hours=-1)) if d.kind is DueKind.TRANSMIT]
    assert {"Party A", "Party B"} == {d.part for d in told}


@pytest.mark.parametrize("state", ["draft", "returned", "submitted"])
def test_before_anything_has_left_it_is_changed_and_handed_in_again(state: str) -> None:
    post = Post("room")
    for event in {"draft": ("draft",), "submitted": ("draft", "submit"),
                  "returned": ("draft", "submit", "return")}[state]:
        post.write(f"notification.{event}")
    with pytest.raises(IllegalStep):
        require_legal(post.held, said("notification.amend", version=2, side="room"))
    post.put(said("notification.revise", version=2, side="room"))
    assert fold(post.held).states(Thing("notification", "N1")) == ("draft",)
    with pytest.raises(IllegalStep):
        require_legal(post.held, said("notification.transmit", side="room"))
    post.write("notification.submit")
    require_legal(post.held, said("notification.transmit", notification_version=2, side="room"))


@pytest.mark.parametrize("end", ["complete", "expire", "supersede"])
def test_what_was_never_sent_is_not_said_to_have_ended(end: str) -> None:
    post = Post("room")
    steps = ("draft", "revise", "submit")
    for number, event in enumerate(steps, 1):
        with pytest.raises(Refusal):
            require_legal(post.held, said(f"notification.{end}", side="room"))
        post.put(said(f"notification.{event}", version=min(number, 2), side="room"))
    post.write("notification.transmit", notification_version=2)
    require_legal(post.held, said(f"notification.{end}", side="room"))


def test_an_incident_cites_a_version_that_stands_here_or_is_refused() -> None:
    post = Post("room")
    entry = post.write("notification.draft")
    cites = {"notification": "N1", "notification_hash": entry.hash}
    require_legal(post.held, said("incident.allege", "I1", side="room", **cites))
    for wrong in ({"notification_hash": "0a" * 32}, {"notification": "N2"},
                  {"notification_version": 3}):
        with pytest.raises(Refusal, match="this hash"):
            require_legal(post.held, said("incident.allege", "I1", side="room",
                                          **{**cites, **wrong}))
