"""A recipient answers a version on a page of their own, or by voice and a coordinator writes it."""

from __future__ import annotations

import pytest

from lull.domain.records import RECEIPT_SENTENCE
from lull.store import models
from tests.store.kit import World
from tests.web.pages.kit import Browser
from tests.web.pages.story import (
    NAME,
    confirm,
    filled_in,
    handed_in,
    link,
    path_of,
    transmitted,
    words,
)


@pytest.fixture
def out(world: World) -> World:
    """It has left for both recipients."""
    handed_in(world)
    transmitted(world)
    return world


def receipts(world: World, name: str = "alice") -> list[tuple[str, str, dict[str, object]]]:
    """Kind, part and payload of every receipt that somebody can read."""
    view = world.who(name).reader.view(world.pause)
    seat = world.seat(name)
    return [(k.content.kind, k.content.part, dict(k.content.payload))
            for k in sorted(view.known.values(), key=lambda k: k.seq)
            if k.content and k.content.kind.startswith("receipt.") and seat.may_read(k)
            and k.fault is None]


def test_a_party_confirms_in_two_taps_with_a_form_that_is_filled_in(out: World) -> None:
    paul = Browser(out, "paul")
    to = link(paul.text(path_of(paul)), "Confirm receipt")
    page = paul.text(to)
    assert RECEIPT_SENTENCE in page
    answer = paul.send(to, filled_in(page))
    assert answer.status_code == 303
    assert answer["Location"] == path_of(paul)
    [(kind, part, said)] = receipts(out)
    assert (kind, part) == ("receipt.confirm", "Party A 1")
    assert (said["recipient"], said["notification_version"], said["channel"],
            said["answered_by_function"]) == ("Party A", 1, "file", "on shift")
    assert "by_voice_taken_by" not in said
    assert "read_version" not in said


def test_the_answer_goes_to_who_sends_and_owns_it_and_not_to_the_other_party(out: World) -> None:
    assert confirm(Browser(out, "paul")).status_code == 303
    assert {name: len(receipts(out, name)) for name in (
        "alice", "olga", "paul", "petra", "piotr")} == {
        "alice": 1, "olga": 1, "paul": 1, "petra": 1, "piotr": 0}


def test_sent_twice_it_is_written_once(out: World) -> None:
    paul = Browser(out, "paul")
    to = link(paul.text(path_of(paul)), "Confirm receipt")
    form = {**filled_in(paul.text(to)), "once": "the-same-key-0001"}
    assert [paul.send(to, form, form="@due").status_code for _ in range(2)] == [303, 303]
    assert len(receipts(out)) == 1


def test_a_question_and_an_objection_need_words(out: World) -> None:
    paul = Browser(out, "paul")
    for tap, text in (("Ask back", "Which gate?"), ("Object", "Not before noon.")):
        empty = confirm(paul, tap, text="")
        assert empty.status_code == 422
        assert 'href="#text"' in empty.content.decode()
        assert confirm(paul, tap, text=text).status_code == 303
        assert text in paul.text(path_of(paul))
    assert [kind for kind, _, _ in receipts(out)] == ["receipt.query", "receipt.object"]


def test_what_is_missing_is_told_at_its_field_and_nothing_is_written(out: World) -> None:
    paul = Browser(out, "paul")
    for wrong in ({"answered_by_function": ""}, {"channel": "pigeon"}, {"channel": "radio"},
                  {"once": "short"}):
        answer = confirm(paul, **wrong)
        assert answer.status_code == 422, wrong
        assert 'role="alert"' in answer.content.decode()
    assert receipts(out) == []


@pytest.mark.parametrize(("name", "status"), [("piotr", 404), ("olga", 403), ("mona", 404),
                                              ("fred", 403), ("", 302)])
def test_nobody_answers_in_the_place_of_another(out: World, name: str, status: int) -> None:
    paul = Browser(out, "paul")
    to = link(paul.text(path_of(paul)), "Confirm receipt")
    other = Browser(out, name)
    assert other.get(to).status_code == status
    sent = other.send(to, {"answered_by_function": "on shift", "channel": "file"}, form="@due")
    assert sent.status_code in (status, 403)
    assert receipts(out) == []


def test_a_coordinator_writes_down_what_was_said_by_voice(out: World) -> None:
    alice = Browser(out, "alice")
    to = link(alice.text(path_of(alice)), "they confirm receipt", 1)
    form = filled_in(alice.text(to))
    assert form["channel"] == "radio"
    assert form["answered_by_function"] == ""
    assert alice.send(to, form).status_code == 422
    form["answered_by_function"] = "duty officer"
    assert alice.send(to, {**form, "by_voice_taken_by": ""}).status_code == 422
    assert alice.send(to, {**form, "answered_at": "2016-10-20T12:01"}).status_code == 422
    assert alice.send(to, {**form, "answered_at": "2016-10-20T11:40"}).status_code == 303
    [(kind, part, said)] = receipts(out)
    assert (kind, part) == ("receipt.confirm", "Party B 1")
    assert said["answered_at"] == "2016-10-20T11:40:00Z"
    assert said["by_voice_taken_by"] == "coordinator"
    page = words(alice.text(path_of(alice)))
    assert "by voice, taken by coordinator" in page
    assert "silent 1" in page
    assert receipts(out, "piotr") == [(kind, part, said)]
    assert receipts(out, "paul") == []


def test_a_time_that_the_clock_skips_is_told_and_not_guessed(out: World) -> None:
    alice = Browser(out, "alice")
    alice.client.cookies["lull-zone"] = "Asia/Damascus"
    to = link(alice.text(path_of(alice)), "they confirm receipt", 1)
    form = {**filled_in(alice.text(to)), "answered_by_function": "duty officer",
            "answered_at": "2016-03-25T00:30"}
    answer = alice.send(to, form)
    assert answer.status_code == 422
    assert "the clock is put forward or back" in answer.content.decode()


def test_what_was_answered_meanwhile_leads_back_to_the_page(out: World) -> None:
    paul, petra = Browser(out, "paul"), Browser(out, "petra")
    to = link(paul.text(path_of(paul)), "Confirm receipt")
    assert confirm(petra).status_code == 303
    assert paul.get(to)["Location"] == path_of(paul)
    late = paul.send(to, {"answered_by_function": "on shift", "channel": "file",
                          "once": "a-key-of-pauls"}, form="@due")
    assert late.status_code == 422
    assert len(receipts(out)) == 1


def test_what_was_handed_over_on_paper_is_answered_too(world: World) -> None:
    handed_in(world)
    models.Outgoing.objects.all().delete()
    alice = Browser(world, "alice")
    page = alice.text(path_of(alice))
    assert "sent nothing so far" in page
    to = link(page, "they confirm receipt")
    form = {**filled_in(alice.text(to)), "answered_by_function": "gate", "channel": "paper"}
    assert alice.send(to, form).status_code == 303
    assert receipts(world)[0][1] == "Party A 1"
    assert NAME in alice.text("@notifications")
