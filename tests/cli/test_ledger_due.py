"""`lull ledger due`: what is due is told from a file, at the moment that is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from lull.cli.console import WIDEST
from lull.domain.records import RECEIPT_SENTENCE
from tests.cli.test_ledger_verbs import Desk

STOPS = {
    "departure": {"place": {"name": "Ramouseh gate"}, "arrives": "2016-10-20T08:00:00Z",
                  "leaves": "2016-10-20T09:00:00Z"},
    "arrival": {"place": {"name": "Atareb"}, "arrives": "2016-10-20T11:00:00Z",
                "leaves": "2016-10-20T13:00:00Z"},
    "valid": {"start": "2016-10-20T09:00:00Z", "end": "2016-10-20T19:00:00Z"},
    "check_in_minutes": 30,
    "escalation": [{"after_minutes": 0, "organisation": "Red Crescent", "function": "duty officer",
                    "channel": "radio", "does": "calls the convoy on every line"}],
}  # fmt: skip
SENT = {"recipient": "Party A", "notification": "N1", "sent_at": "2016-10-18T08:00:00Z"}


@pytest.fixture
def desk(lull, tmp_path: Path) -> Desk:
    return Desk(tmp_path, lull)


@pytest.fixture
def file(desk: Desk) -> Path:
    """A movement that was transmitted to one party and is under way since 09:00."""
    made = desk.begin()
    draft = desk.record("movement_notification", **STOPS)
    desk.add(made, "notification.draft", draft)
    desk.add(made, "notification.submit", desk.record("step"))
    desk.add(made, "notification.transmit", desk.record("transmission", **SENT))
    for step in ("plan", "make_ready", "go"):
        desk.add(made, f"movement.{step}", desk.record("step"), "--said", "2016-10-20T09:00:00Z")
    return made


def test_what_is_due_is_told_at_the_moment_that_is_given(desk: Desk, file: Path) -> None:
    def kinds(moment: str) -> dict[str, int]:
        answer = desk.answer("ledger-due", "due", file, "--now", moment)
        return {item["kind"]: item["late_minutes"] for item in answer["items"]}

    assert kinds("2016-10-20T09:20:00Z")["check_in"] == 0
    assert kinds("2016-10-20T09:50:00Z")["check_in"] == 20
    assert kinds("2016-10-20T12:50+03:00") == kinds("2016-10-20T09:50:00Z")
    assert kinds("2016-10-20T09:50:00Z")["receipt"] == 50
    assert set(kinds("2016-10-20T19:30:00Z")) == {"check_in", "complete"}


def test_a_missed_check_in_stands_first_with_whom_to_call_in_a_narrow_table(
    desk: Desk, file: Path
) -> None:
    said = desk.ledger("due", file, "--now", "2016-10-20T09:50:00Z", "--role", "coordinator",
                       "--side", "room").out
    lines = said.splitlines()
    assert max(map(len, lines)) <= WIDEST
    words = " ".join(said.split())
    assert words.index("* N1 check in") < words.index("receipt")
    assert "duty officer" in words
    assert "due at 2016-10-20T09:50:00Z" in words
    assert RECEIPT_SENTENCE in words


def test_one_sees_only_what_is_one_s_own_turn_if_asked(desk: Desk, file: Path) -> None:
    answer = desk.answer("ledger-due", "due", file, "--now", "2016-10-20T08:50:00Z", "--role",
                         "party", "--side", "Party A", "--yours")
    assert [(i["kind"], i["part"], i["yours"]) for i in answer["items"]] == [
        ("receipt", "Party A 1", True)]
    said = desk.ledger("due", file, "--yours", code=2)
    assert "--yours needs --role" in said.err


@pytest.mark.parametrize(("moment", "says"), [
    ("yesterday", "is no time"), ("2016-10-20T09:00", "has no time zone"),
    ("0001-01-01T00:00:00+14:00", "is no time"), ("2016-02-30T09:00:00Z", "is no time")])
def test_a_moment_that_is_none_is_told_in_a_sentence(
    desk: Desk, file: Path, moment: str, says: str
) -> None:
    said = desk.ledger("due", file, "--now", moment, code=2)
    assert says in " ".join(said.err.split())
    assert "Traceback" not in said.err


def test_what_is_not_opened_is_counted(desk: Desk, file: Path) -> None:
    key = desk.at / "reader.key"
    public = desk.run("key", key).out.split()
    reader = next(word for word in public if word.startswith("age1"))
    desk.add(file, "check_in", desk.record("check_in", movement="N1", point="Atareb",
                                           at="2016-10-20T09:40:00Z"),
             "--class", "sealed", "--to", reader)
    closed = desk.answer("ledger-due", "due", file, "--now", "2016-10-20T09:50:00Z")
    opened = desk.answer("ledger-due", "due", file, "--now", "2016-10-20T09:50:00Z", "--open", key)
    late = [next(i for i in a["items"] if i["kind"] == "check_in")["late_minutes"]
            for a in (closed, opened)]
    assert (late, closed["unread"], opened["unread"]) == ([20, 0], 1, 0)


def test_a_public_check_in_is_refused_and_nothing_is_written(desk: Desk, file: Path) -> None:
    before = file.read_bytes()
    said = desk.add(file, "check_in", desk.record("check_in", movement="N1", point="Atareb"),
                    code=2)
    assert "as public" in " ".join(said.err.split())
    assert file.read_bytes() == before
