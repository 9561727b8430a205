"""`lull ledger`: what a post at a checkpoint and a coordinator with a stick can do with it."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import jsonschema
import pytest
from attrs import frozen

from lull.cli.published import ANSWERS, schema_of
from lull.domain.records import RECEIPT_SENTENCE, RECORDS, payload
from lull.domain.records.readiness import CommandLevel, Question
from lull.exchange.ledger import new_key_file
from tests.ledger.kit import filled
from tests.questions.test_request import answer as extension_answer

PASSPHRASE = "six random words are far better"


@frozen
class Desk:
    """A folder with a ledger, keys, records; and `lull ledger` in it."""

    at: Path
    run: Callable

    def ledger(self, *words: object, code: int = 0):
        """Run `lull ledger` and require its exit code."""
        said = self.run("ledger", *words)
        assert said.code == code, said.err + said.out
        return said

    def begin(self, name: str = "room") -> Path:
        """A new ledger of one post."""
        file = self.at / f"{name}.ledger"
        self.ledger("begin", file, "--key", self.at / f"{name}.key", "--recovery",
                    self.at / f"{name}.recovery", "--bare")
        return file

    def record(self, name: str, **changes: object) -> Path:
        """A file with a record filled in."""
        node = payload(filled(RECORDS[name], only_required=True)) | changes
        file = self.at / f"{name}.json"
        file.write_text(json.dumps({k: v for k, v in node.items() if v is not None}))
        return file

    def add(self, file: Path, kind: str, record: Path, *more: object, name: str = "room",
            role: str = "coordinator", about: str = "N1", code: int = 0):
        """Add an entry; it is public unless `more` says otherwise."""
        words = more if "--class" in more else (*more, "--class", "public")
        return self.ledger("add", file, "--key", self.at / f"{name}.key", "--kind", kind,
                           "--object", about, "--record", record, "--role", role, "--side", name,
                           *words, code=code)

    def answer(self, verb: str, *words: object, code: int = 0) -> dict:
        """What a verb prints with --json, held against its published schema."""
        said = self.ledger(*words, "--json", code=code)
        node = json.loads(said.out)
        jsonschema.validate(node, schema_of(verb))
        return node


@pytest.fixture
def desk(lull, tmp_path: Path) -> Desk:
    return Desk(tmp_path, lull)


@pytest.fixture
def file(desk: Desk) -> Path:
    """A ledger with a notification that was drafted and submitted."""
    made = desk.begin()
    desk.add(made, "notification.draft", desk.record("movement_notification"))
    desk.add(made, "notification.submit", desk.record("step"))
    return made


def test_keys_are_made_on_first_use_under_a_passphrase_and_for_their_owner_alone(
    desk: Desk
) -> None:
    words = desk.at / "passphrase"
    words.write_text(PASSPHRASE + "\n")
    file, key = desk.at / "a.ledger", desk.at / "room.key"
    new_key_file(desk.at / "room.recovery", None)
    desk.ledger("begin", file, "--key", key, "--recovery", desk.at / "room.recovery",
                "--passphrase-file", words)
    assert key.read_bytes().startswith(b"age-encryption.org/v1")
    assert {p.name: p.stat().st_mode & 0o777 for p in desk.at.iterdir() if p != words} == {
        "a.ledger": 0o600, "room.key": 0o600, "room.recovery": 0o600}
    desk.add(file, "incident.allege", desk.record("incident"), "--passphrase-file", words)


def test_without_a_terminal_a_passphrase_is_not_asked_for_but_where_to_give_it_is_said(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asking would show what is typed; nothing is written."""
    monkeypatch.setattr("lull.cli.passphrase.TERMINAL", str(desk.at / "none"))
    monkeypatch.setattr("sys.stdin", io.StringIO("six words that somebody typed\n"))
    said = desk.ledger("begin", desk.at / "a.ledger", "--key", desk.at / "k", "--recovery",
                       desk.at / "r", code=2)
    assert "no terminal" in said.err
    assert "--passphrase-file" in said.err
    assert "Warning" not in said.err
    assert list(desk.at.iterdir()) == []


def test_a_short_passphrase_is_refused_and_nothing_is_left(desk: Desk) -> None:
    words = desk.at / "passphrase"
    words.write_text("short\n")
    said = desk.ledger("begin", desk.at / "a.ledger", "--key", desk.at / "k", "--recovery",
                       desk.at / "r", "--passphrase-file", words, code=2)
    assert "at least 12" in said.err
    assert [p.name for p in desk.at.iterdir()] == ["passphrase"]


def test_a_recovery_key_is_not_put_under_the_name_of_a_stick_that_is_not_in(desk: Desk) -> None:
    said = desk.ledger("begin", desk.at / "a.ledger", "--key", desk.at / "k", "--recovery",
                       desk.at / "stick" / "r", "--bare", code=2)
    assert "is the stick for r in?" in said.err
    assert list(desk.at.iterdir()) == []


def test_an_honest_ledger_is_sound(desk: Desk, file: Path) -> None:
    answer = desk.answer("ledger-verify", "verify", file)
    assert (answer["sound"], answer["entries"], answer["in_clear"]) == (True, 3, 2)
    assert answer["findings"] == []
    said = desk.ledger("verify", file, "--quick")
    assert "is sound" in said.out
    assert "the last signature of each key" in said.out


def test_a_damaged_ledger_is_told_with_its_line_and_used_for_nothing(
    desk: Desk, file: Path
) -> None:
    raw = file.read_bytes()
    at = raw.index(b"some organisation")
    file.write_bytes(raw[:at] + b"S" + raw[at + 1:])
    line = raw[:at].count(b"\n") + 1
    answer = desk.answer("ledger-verify", "verify", file, code=1)
    assert not answer["sound"]
    assert [(f["line"], f["level"]) for f in answer["findings"]] == [(line, "damage")]
    assert f"Line {line}" in desk.ledger("verify", file, code=1).out
    before = file.read_bytes()
    for refused in (
        desk.add(file, "notification.cancel", desk.record("step"), code=2),
        desk.ledger("merge", file, "--out", desk.at / "m.ledger", code=2),
        desk.ledger("export", file, "--out", desk.at / "m.ledger", code=2),
    ):
        assert f"Line {line}" in refused.err
    assert file.read_bytes() == before
    assert not (desk.at / "m.ledger").exists()
    desk.ledger("show", file, code=1)
    desk.ledger("merge", file, "--leave-out-damaged", "--out", desk.at / "m.ledger")
    desk.ledger("verify", desk.at / "m.ledger")


def test_a_ledger_shows_what_it_amounts_to(desk: Desk, file: Path) -> None:
    answer = desk.answer("ledger-show", "show", file)
    assert [(t["table"], t["object"], [s["state"] for s in t["stands"]])
            for t in answer["things"]] == [("notification", "N1", ["submitted"])]
    said = desk.ledger("show", file)
    assert "submitted" in said.out
    assert desk.answer("ledger-show", "show", file, "--object", "N2")["things"] == []


def test_an_illegal_step_is_refused_with_the_side_and_nothing_is_written(
    desk: Desk, file: Path
) -> None:
    before = file.read_bytes()
    said = desk.add(file, "notification.draft", desk.record("movement_notification"), code=2)
    assert "which is submitted" in said.err
    assert "The fault lies with room." in said.err
    said = desk.add(file, "notification.transmit", desk.record("transmission"), role="party",
                    code=2)
    assert "only coordinator may" in said.err
    assert file.read_bytes() == before


def test_a_wrong_record_is_told_field_by_field(desk: Desk, file: Path) -> None:
    wrong = desk.record("movement_notification", vehicles=[{"type": "bus", "number": 0.5}],
                        purpose=None, driver_names=["x"])
    said = desk.add(file, "notification.revise", wrong, code=2)
    for expected in ("driver_names: This field is not known.", "purpose: This must be filled.",
                     "vehicles.1.number: 0.5 is no whole number."):
        assert expected in said.err


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"record":"step","note":"\\ud800"}', "[" * 9999],
                         ids=["empty", "list", "cut", "surrogate", "deep"])
def test_a_file_that_is_no_record_is_a_sentence(desk: Desk, file: Path, text: str) -> None:
    wrong = desk.at / "wrong.json"
    wrong.write_text(text)
    said = desk.add(file, "notification.cancel", wrong, code=2)
    assert "wrong.json" in said.err
    assert "Traceback" not in said.err


def test_receipts_permissions_claims_and_verified_figures_stand_apart(
    desk: Desk, file: Path
) -> None:
    desk.add(file, "receipt.confirm", desk.record("receipt"), "--part", "A/1", role="party")
    for kind in ("facilitation", "claimed_figure", "verified_figure"):
        desk.add(file, kind, desk.record(kind))
    shown = " ".join(desk.ledger("show", file).out.split())
    assert RECEIPT_SENTENCE in shown
    order = [shown.index(title) for title in (
        "What stands", "Receipts", "Permissions and clearances", "Claims (nobody", "Verified")]
    assert order == sorted(order)
    things = desk.answer("ledger-show", "show", file)["things"]
    assert [t["sentence"] for t in things if t["table"] == "receipt"] == [RECEIPT_SENTENCE]


def test_two_posts_that_were_apart_meet_and_their_conflict_is_told(desk: Desk, file: Path) -> None:
    desk.add(file, "notification.revise", desk.record("movement_notification", version=2))
    other = desk.at / "other.ledger"
    other.write_bytes(file.read_bytes())
    desk.ledger("begin", other, "--key", desk.at / "other.key", "--recovery",
                desk.at / "other.recovery", "--bare")
    desk.add(file, "notification.cancel", desk.record("step"))
    desk.add(other, "notification.revise", desk.record(
        "movement_notification", version=3, purpose="x"), name="other", role="organisation")
    both, back = desk.at / "both.ledger", desk.at / "back.ledger"
    answer = desk.answer("ledger-merge", "merge", file, other, "--out", both)
    assert (answer["contested"], answer["forks"]) == (["notification N1"], 0)
    desk.ledger("merge", other, file, other, "--out", back)
    assert back.read_bytes() == both.read_bytes()
    shown = desk.ledger("show", both).out
    assert "CONTESTED: cancelled" in shown
    assert "CONTESTED: draft" in shown
    desk.ledger("verify", both)
    assert "there already" in desk.ledger("merge", file, "--out", both, code=2).err


def test_a_post_that_was_restored_and_wrote_on_shows_as_a_fork(desk: Desk, file: Path) -> None:
    copy = desk.at / "copy.ledger"
    copy.write_bytes(file.read_bytes())
    desk.add(file, "notification.cancel", desk.record("step"))
    desk.add(copy, "notification.transmit", desk.record("transmission"))
    both = desk.at / "both.ledger"
    assert desk.answer("ledger-merge", "merge", file, copy, "--out", both)["forks"] == 1
    answer = desk.answer("ledger-verify", "verify", both, code=1)
    assert [f["level"] for f in answer["findings"]] == ["fork"]
    assert "new epoch" in desk.add(both, "notification.cancel", desk.record("step"), code=2).err


def test_what_is_sealed_is_shown_to_its_reader_disclosed_by_an_entry_and_destroyed(
    desk: Desk, lull, file: Path
) -> None:
    mine, theirs = (lull("key", desk.at / f"{n}.age").out.strip() for n in ("mine", "theirs"))
    incident = desk.record("incident", note="canary-7f3a")
    entry = json.loads(desk.add(file, "incident.allege", incident, "--class", "sealed", "--to",
                                mine, "--json", about="I1").out)["hash"]
    assert b"canary" not in file.read_bytes()
    assert "canary" not in desk.ledger("show", file, "--json").out
    assert "canary" in desk.ledger("show", file, "--json", "--open", desk.at / "mine.age").out
    disclose = ("disclose", file, entry, "--open", desk.at / "mine.age", "--key",
                desk.at / "room.key", "--called", "Party A", "--role", "coordinator", "--side",
                "room")
    assert "canary" not in desk.ledger("show", file, "--json", "--open", desk.at / "theirs.age").out
    desk.ledger(*disclose, "--to", theirs)
    shown = desk.ledger("show", file, "--json", "--open", desk.at / "theirs.age").out
    assert "canary" in shown
    assert [r["record"]["to"] for r in json.loads(shown)["records"]] == ["Party A"]
    assert b"Party A" not in file.read_bytes(), "to whom something was disclosed is sealed too"
    stranger = ("--open", desk.at / "stranger.age")
    lull("key", desk.at / "stranger.age")
    said = desk.ledger(*disclose, "--to", theirs, *stranger, code=2)
    assert "not sealed to this key" in said.err
    old = file.read_bytes()
    desk.ledger("destroy", file, entry, "--key", desk.at / "room.key")
    assert "canary" not in desk.ledger("show", file, "--json", "--open", desk.at / "mine.age").out
    assert desk.answer("ledger-verify", "verify", file)["destroyed"] == 1
    (desk.at / "old.ledger").write_bytes(old)
    met = desk.at / "met.ledger"
    desk.ledger("merge", desk.at / "old.ledger", file, "--out", met)
    assert "canary" not in desk.ledger("show", met, "--json", "--open", desk.at / "mine.age").out


def test_an_export_holds_no_more_than_it_says(desk: Desk, lull, file: Path) -> None:
    mine = lull("key", desk.at / "mine.age").out.strip()
    desk.add(file, "incident.allege", desk.record("incident"), "--class", "sealed", "--to", mine,
             about="I1")
    post = desk.answer("ledger-verify", "verify", file)["logs"][0]["post"]
    for words, held in (((), (2, 1)), (("--public",), (2, 0)), (("--chain",), (0, 0)),
                        (("--post", post[:12]), (2, 1))):
        out = desk.at / "out.ledger"
        answer = desk.answer("ledger-export", "export", file, "--out", out, "--replace", *words)
        assert (answer["entries"], answer["in_clear"], answer["sealed"]) == (4, *held)
        assert desk.answer("ledger-verify", "verify", out)["sound"]
    assert b"age-encryption" not in out.read_bytes()
    assert "No log of" in desk.ledger("export", file, "--out", out, "--replace", "--post",
                                      "0" * 12, code=2).err


def test_a_key_is_replaced_retired_and_after_a_theft_disowned(desk: Desk, file: Path) -> None:
    post = desk.answer("ledger-verify", "verify", file)["logs"][0]["post"]
    desk.ledger("rekey", file, "--key", desk.at / "room.key", "--new", desk.at / "two.key",
                "--bare")
    said = desk.add(file, "notification.cancel", desk.record("step"), code=2)
    assert "No log in this ledger is written with the key" in said.err
    desk.add(file, "notification.cancel", desk.record("step"), name="two")
    reopen = ("reopen", file, "--post", post[:12], "--recovery", desk.at / "new.recovery",
              "--key", desk.at / "three.key", "--why", "compromised", "--trusted-until", 4,
              "--bare")
    assert "Only the recovery key" in desk.ledger(
        *reopen, "--signer", desk.at / "two.key", code=2).err
    desk.ledger(*reopen, "--signer", desk.at / "room.recovery")
    answer = desk.answer("ledger-verify", "verify", file)
    assert [f["level"] for f in answer["findings"]] == ["doubt"]
    state = desk.answer("ledger-show", "show", file)
    assert [s["state"] for s in state["things"][0]["stands"]] == ["submitted"]
    desk.ledger("retire", file, "--key", desk.at / "three.key")
    desk.ledger("verify", file)
    assert "No log" in desk.add(file, "notification.cancel", desk.record("step"), name="three",
                                code=2).err


def test_openssl_checks_an_entry_with_the_words_that_the_help_gives(
    desk: Desk, file: Path
) -> None:
    head = desk.answer("ledger-verify", "verify", file)["logs"][0]["heads"][0]
    desk.ledger("message", file, head[:12], "--out", desk.at / "check")
    said = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "check/key.pem", "-rawin", "-in",
         "check/message", "-sigfile", "check/signature"],
        cwd=desk.at, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout.strip()) == (0, "Signature Verified Successfully")
    assert "0 entries" in desk.ledger("message", file, "0" * 12, "--out", desk.at / "c", code=2).err


def test_two_who_write_at_once_do_not_lose_each_others_entries(desk: Desk, file: Path) -> None:
    lock = desk.at / ".room.ledger.lock"
    lock.touch()
    before = file.read_bytes()
    said = desk.add(file, "notification.cancel", desk.record("step"), code=2)
    assert "Somebody is writing" in said.err
    assert file.read_bytes() == before
    lock.unlink()
    desk.add(file, "notification.cancel", desk.record("step"))
    assert not lock.exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("verify", "{at}/none.ledger"), "does not exist"),
        (("verify", "{at}/step.json"), "no ledger"),
        (("show", "{file}", "--open", "{at}/step.json"), "no secret key"),
        (("begin", "{file}", "--key", "{at}/k", "--recovery", "{at}/k"), "two files"),
        (("begin", "{file}", "--key", "{at}/room.key", "--recovery", "{at}/room.recovery"),
         "open already"),
        (("destroy", "{file}", "abc", "--key", "{at}/room.key"), "at least 8 digits"),
        (("retire", "{file}", "--key", "{at}/none.key"), "does not exist"),
        (("retire", "{file}", "--key", "{at}/step.json"), "read by others"),
        (("reopen", "{file}", "--post", "00000000", "--signer", "{at}/room.key", "--key", "{at}/k",
          "--recovery", "{at}/r", "--why", "lost"), "0 posts"),
        (("add", "{file}", "--key", "{at}/room.key", "--kind", "notification.cancel", "--object",
          "N1", "--record", "{at}/step.json", "--role", "coordinator", "--side", "room", "--class",
          "sealed"), "needs recipients"),
        (("add", "{file}", "--key", "{at}/room.key", "--kind", "notification.cancel", "--object",
          "N1", "--record", "{at}/step.json", "--role", "coordinator", "--side", "room", "--class",
          "sealed", "--to", "age1x"), "no public key"),
        (("add", "{file}", "--key", "{at}/room.key", "--kind", "notification.cancel", "--object",
          "N1", "--record", "{at}/step.json", "--role", "coordinator", "--side", "room", "--class",
          "public", "--said", "at nine"), "must be like"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value[:1]),
)
def test_a_wrong_word_is_a_sentence(desk: Desk, file: Path, words, sentence: str) -> None:
    before = file.read_bytes()
    given = [w.format(at=desk.at, file=file) for w in words]
    assert sentence in desk.ledger(*given, code=2).err
    assert file.read_bytes() == before


def test_a_file_says_go_or_no_go_and_a_pause_begins_only_when_every_question_is_settled(
    desk: Desk
) -> None:
    made = desk.begin()
    desk.add(made, "pause.declare", desk.record("pause_terms"), role="party", about="P")
    no = desk.answer("ledger-readiness", "readiness", made, code=1)["pauses"][0]
    assert (no["go"], len([q for q in no["questions"] if q["open"]])) == (False, len(Question))
    begun = desk.at / "begun.json"
    begun.write_text(json.dumps({"record": "pause_begun", "reference": "B", "version": 1}))
    said = desk.add(made, "pause.begin", begun, about="P", code=2)
    assert all(q.value in said.err for q in Question)
    for question in Question:
        desk.add(made, "protection_answer", desk.record("protection_answer", question=question),
                 about="P")
    for level in CommandLevel:
        desk.add(made, "readiness.confirm", desk.record("readiness_cell", level=level), "--part",
                 f"some corridor/some condition/some actor/{level.value}/room", about="P")
    yes = desk.answer("ledger-readiness", "readiness", made)["pauses"][0]
    assert (yes["go"], yes["reasons"]) == (True, [])
    assert "no permission" in desk.ledger("readiness", made).out
    desk.add(made, "pause.begin", begun, about="P")
    shown = desk.answer("ledger-show", "show", made)
    assert [s["state"] for t in shown["things"] if t["table"] == "pause"
            for s in t["stands"]] == ["in_force"]


def test_a_file_says_which_deliveries_do_not_reconcile_and_what_is_claimed(desk: Desk) -> None:
    made = desk.begin()
    flour = {"item": "flour", "unit": "sack", "unit_kg": "50", "planned": 9, "loaded": 9}
    for step, figures in (("plan", {}), ("load", {}), ("deliver", {"delivered": 7})):
        desk.add(made, f"delivery.{step}", desk.record("delivery", lines=[{**flour, **figures}]),
                 about="D1")
    desk.add(made, "claimed_figure", desk.record("claimed_figure"), about="aid")
    found = desk.answer("ledger-deliveries", "deliveries", made, code=1)["deliveries"]
    assert found["waybills"][0]["lines"][0]["unaccounted"]["kg"] == ["100", "100"]
    said = desk.ledger("deliveries", made, code=1).out
    assert "2 sack unaccounted for (100 kg)" in said
    assert "a claim, not observed" in said
    assert desk.answer("ledger-claims", "claims", made)["spreads"][0]["least"] == "1.5"
    assert "some claimed_by" in desk.ledger("claims", made).out


def test_a_request_is_drafted_from_an_answer_and_marked_by_the_ledger(desk: Desk) -> None:
    made = desk.begin()
    answer = desk.at / "answer.json"
    answer.write_text(json.dumps(extension_answer()))
    words = ("--pause", "P", "--organisation", "OCHA", "--function", "head", "--to", "A")
    for name, more in (("R1", ()), ("R2", ("--earlier", "R1", "--ledger", made))):
        out = desk.at / f"{name}.json"
        said = desk.ledger("request", answer, "--reference", name, *words, *more, "--out", out).out
        assert ("2 of 2" if name == "R1" else "0 of 2") in said
        desk.add(made, "request.draft", out, about=name)
    assert "must be one of" in desk.ledger("request", desk.record("step"), "--reference", "R3",
                                           *words, "--out", desk.at / "x.json", code=2).err


def test_every_verb_has_a_published_form() -> None:
    assert {name for name in ANSWERS if name.startswith("ledger-")} == {
        "ledger-verify", "ledger-heads", "ledger-show", "ledger-merge", "ledger-export",
        "ledger-entry", "ledger-due", "ledger-readiness", "ledger-deliveries", "ledger-claims"}


def test_a_merge_into_a_file_that_somebody_writes_waits_for_them(desk: Desk, file: Path) -> None:
    """What they write between its reading and its writing would be lost."""
    other = desk.begin("other")
    lock = desk.at / ".room.ledger.lock"
    lock.touch()
    before = file.read_bytes()
    said = desk.ledger("merge", file, other, "--out", file, "--replace", code=2)
    assert "Somebody is writing" in said.err
    assert file.read_bytes() == before
    said = desk.ledger("export", other, "--out", file, "--replace", code=2)
    assert "Somebody is writing" in said.err
    assert file.read_bytes() == before
    lock.unlink()
    desk.ledger("merge", file, other, "--out", file, "--replace")
    assert not lock.exists()


def test_an_export_does_not_take_the_place_of_its_own_ledger(desk: Desk, file: Path) -> None:
    before = file.read_bytes()
    (desk.at / "same.ledger").symlink_to(file)
    for out in (file, desk.at / "same.ledger"):
        said = desk.ledger("export", file, "--chain", "--out", out, "--replace", code=2)
        assert "the ledger itself" in said.err
    assert file.read_bytes() == before


def test_a_key_that_is_called_key_pem_is_not_written_over(desk: Desk, file: Path) -> None:
    head = desk.answer("ledger-verify", "verify", file)["logs"][0]["heads"][0]
    mine = desk.at / "key.pem"
    new_key_file(mine, None)
    before = mine.read_bytes()
    assert "holds something else" in desk.ledger("message", file, head, "--out", desk.at,
                                                 code=2).err
    assert mine.read_bytes() == before
    assert not (desk.at / "message").exists()
    for _ in range(2):
        desk.ledger("message", file, head, "--out", desk.at / "check")


def test_a_file_that_is_too_large_is_refused_before_it_is_read(desk: Desk) -> None:
    huge = desk.at / "huge.ledger"
    with huge.open("wb") as file:
        file.truncate(10**12)
    for verb in ("verify", "show"):
        assert "larger than 2,000 MB" in desk.ledger(verb, huge, code=2).err


def test_what_others_wrote_cannot_steer_the_terminal(desk: Desk, file: Path) -> None:
    """An object's name that would clear the screen and write «sound» on it."""
    evil = "N1\x1b[2J\x1b]0;sound\x07"
    other = desk.begin("other")
    for at, name, note in ((file, "room", "one"), (other, "other", "two")):
        desk.add(at, "incident.allege", desk.record("incident", note=note), name=name, about=evil)
    both = desk.at / "both.ledger"
    desk.ledger("merge", file, other, "--out", both)
    shown = desk.ledger("show", both)
    assert "Contested" in shown.out
    assert "\x1b" not in shown.out + shown.err
    assert "\x07" not in shown.out + shown.err


def test_a_link_to_a_ledger_stays_a_link_and_has_the_same_lock(desk: Desk, file: Path) -> None:
    """Else two files would go on by themselves under one key: a fork."""
    link = desk.at / "link.ledger"
    link.symlink_to(file)
    before = len(file.read_bytes())
    desk.add(link, "notification.cancel", desk.record("step"))
    assert link.is_symlink()
    assert len(file.read_bytes()) > before
    (desk.at / ".room.ledger.lock").touch()
    said = desk.ledger("retire", link, "--key", desk.at / "room.key", code=2)
    assert "Somebody is writing" in said.err


def test_a_merge_makes_the_folder_that_it_writes_to(desk: Desk, file: Path) -> None:
    desk.ledger("merge", file, "--out", desk.at / "new" / "all.ledger")
    assert (desk.at / "new" / "all.ledger").read_bytes() == file.read_bytes()


def test_a_damaged_file_cannot_steer_the_terminal_by_what_is_told_of_it(
    desk: Desk, file: Path
) -> None:
    """A line of an unknown kind, with a right hash, whose key is an escape sequence."""
    node = {"of": "ab" * 32, "\x1b[2J": 1}

    def written(of: dict) -> bytes:
        return json.dumps(of, separators=(",", ":"), sort_keys=True).encode()

    lines = file.read_bytes().splitlines(keepends=True)
    line = written({**node, "sum": sha256(written(node)).hexdigest()}) + b"\n"
    file.write_bytes(b"".join([*lines[:-1], line, lines[-1]]))
    for words in (("verify", file), ("merge", file, "--out", desk.at / "all.ledger")):
        said = desk.run("ledger", *words)
        assert said.code in (1, 2)
        assert "no line holds" in said.out + said.err
        assert "\x1b" not in said.out + said.err


def test_a_name_that_turns_the_order_of_letters_about_is_shown_without(
    desk: Desk, file: Path
) -> None:
    desk.add(file, "incident.allege", desk.record("incident"), about="I1\u202edeifirev")
    shown = desk.ledger("show", file).out
    assert "\u202e" not in shown
    assert "I1\ufffddeifirev" in shown


def test_the_heads_cover_everything_and_are_printed_to_be_read_out(desk: Desk, file: Path) -> None:
    answer = desk.answer("ledger-heads", "heads", file)
    logs = desk.answer("ledger-verify", "verify", file)["logs"]
    assert [h["hash"] for h in answer["heads"]] == [logs[0]["heads"][0]]
    assert (answer["entries"], answer["has"]) == (3, None)
    digits = answer["heads"][0]["hash"]
    said = " ".join(desk.ledger("heads", file).out.split())
    assert digits[:4] + " " + digits[4:8] in said
    spoken = f"{digits[:4]} {digits[4:8].upper()} {digits[8:12]}"
    assert "has it: log" in desk.ledger("heads", file, "--has", spoken).out


def test_a_ledger_that_was_made_anew_does_not_lead_to_an_anchor(desk: Desk, file: Path) -> None:
    digits = desk.answer("ledger-heads", "heads", file)["heads"][0]["hash"]
    other = "0" * 12
    assert digits[:12] != other
    assert "taken away or changed" in desk.ledger("heads", file, "--has", other, code=1).out
    assert desk.answer("ledger-heads", "heads", file, "--has", other, code=1)["has"] is False
    for few in ("12ab", "not a hash at all"):
        assert "hexadecimal digits" in desk.ledger("heads", file, "--has", few, code=2).err


def test_show_blames_nobody_where_an_earlier_step_is_sealed_to_others(desk: Desk) -> None:
    file = desk.begin()
    public = desk.run("key", desk.at / "own.key").out.strip()
    desk.add(file, "notification.draft", desk.record("movement_notification"), "--class", "sealed",
             "--to", public)
    desk.add(file, "notification.submit", desk.record("step"), "--open", desk.at / "own.key")
    closed = desk.answer("ledger-show", "show", file)
    kinds = [one["kind"] for one in closed["unjudged"]]
    assert (closed["out_of_protocol"], kinds) == ([], ["notification.submit"])
    assert "an earlier step is sealed to others" in closed["unjudged"][0]["sentence"]
    said = " ".join(desk.ledger("show", file).out.split())
    assert ("cannot be judged from here" in said, "side at fault" in said) == (True, False)
    opened = desk.answer("ledger-show", "show", file, "--open", desk.at / "own.key")
    assert (opened["unjudged"], opened["out_of_protocol"]) == ([], [])
    assert [s["state"] for t in opened["things"] for s in t["stands"]] == ["submitted"]
    merged = desk.answer("ledger-merge", "merge", file, "--out", desk.at / "all.ledger")
    assert (merged["unjudged"], merged["out_of_protocol"]) == (1, 0)


def test_show_prints_the_reason_for_which_a_question_is_accepted_as_open(desk: Desk) -> None:
    file = desk.begin()
    desk.add(file, "protection_answer", desk.record(
        "protection_answer", question="informed", answer=None, waived_by="coordinator",
        waiver_reason="Leaflets follow at noon", answered_by_function="head of office"),
        about="P2")
    found = desk.answer("ledger-show", "show", file)["accepted_as_open"]
    assert [(one["pause"], one["question"], one["reason"], one["accepted_by"]) for one in found
            ] == [("P2", "informed", "Leaflets follow at noon", "head of office, room")]
    assert "Leaflets follow at noon" in " ".join(desk.ledger("show", file).out.split())
