"""The ledger: what was written, whether it holds, files in and out, and what cannot be undone."""

from __future__ import annotations

import re
from io import BytesIO

import pytest

from lull.exchange.ledger import read_ledger
from lull.exchange.ledger.ed25519 import check_signature
from lull.store import models
from tests.store.kit import World
from tests.web.kit import Caller, caller
from tests.web.pages.account_kit import EVERYONE, Away, rows, words, write
from tests.web.pages.kit import Browser

PAGES = ("ledger", "ledger/chain", "ledger/apart", "ledger/without-effect", "ledger/files")


def sent(who: Browser, raw: bytes, name: str = "a.ledger") -> object:
    """What comes of a file that is taken in."""
    file = BytesIO(raw)
    file.name = name
    return who.send("@ledger/files", {"file": file})


def status(answer: object) -> int:
    """The status of an answer."""
    return int(answer.status_code)  # type: ignore[attr-defined]


def page(answer: object) -> str:
    """The page of an answer."""
    return str(answer.content.decode())  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", EVERYONE)
def test_every_page_of_the_ledger_is_for_those_who_sit_here(world: World, name: str) -> None:
    who = Browser(world, name)
    for there in PAGES:
        assert who.get(f"@{there}").status_code == (200 if name else 302), there


def test_changes_come_newest_first_and_page_by_page(world: World) -> None:
    for i in range(60):
        write(world, "olga", "statement", f"S{i}")
    olga = Browser(world, "olga")
    first = olga.text("@ledger")
    assert [r[1] for r in rows(first)[1:4]] == [f"Statement · S{i}" for i in (59, 58, 57)]
    older = re.search(r'href="(\?before=\d+)"', first)
    assert older is not None
    second = olga.text(f"@ledger{older[1]}")
    named = {m for p in (first, second) for m in re.findall(r"<bdi>(S\d+)</bdi>", p)}
    assert named == {f"S{i}" for i in range(60)}
    assert set(re.findall(r"<bdi>(S\d+)</bdi>", first)).isdisjoint(
        re.findall(r"<bdi>(S\d+)</bdi>", second))


@pytest.mark.parametrize("query", ["?before=x", "?before=-1", "?before=" + "9" * 40, "?table=nope",
                                   "?before=²", "?table=<script>"])
def test_a_query_that_makes_no_sense_shows_the_first_page(world: World, query: str) -> None:
    write(world, "olga", "statement", "S1")
    said = Browser(world, "olga").text(f"@ledger{query}")
    assert "S1" in words(said)
    assert "<script>" not in said.partition("<main")[2]


def test_the_feed_names_nothing_that_its_reader_may_not_read(world: World) -> None:
    made = write(world, "olga", "incident.allege", "I-canary", wall="sealed", to=("a",))
    for name, sees in (("olga", True), ("paul", True), ("petra", True), ("omar", False),
                       ("piotr", False), ("alice", False), ("fred", False)):
        who = Browser(world, name)
        every = "".join(who.text(f"@{there}") for there in PAGES)
        assert ("I-canary" in every) == sees, name
        there = who.get(f"@entry/{made.hash}")
        assert ("I-canary" in there.content.decode()) == sees, name
    assert Browser(world, "piotr").get(f"@entry/{made.hash}").status_code == 404
    assert Browser(world).get(f"@entry/{made.hash}").status_code == 404


def test_the_last_hash_of_each_log_is_read_out_in_groups_of_four(world: World) -> None:
    made = write(world, "olga", "statement", "S1")
    said = words(Browser(world, "alice").text("@ledger/chain"))
    assert " ".join(made.hash[i:i + 4] for i in range(0, 64, 4)) in said
    assert "Red Crescent · Organisation" in said
    assert "Last number 2" in said


def test_a_check_says_that_the_chain_is_sound(world: World) -> None:
    write(world, "olga", "statement", "S1")
    write(world, "olga", "statement", "S2", wall="sealed", to=("a",))
    for name in ("alice", "olga", "paul", "oda", "fred"):
        answer = Browser(world, name).send("@ledger/chain")
        assert "Sound: every byte" in words(page(answer)), name


def test_a_check_finds_a_fork_and_says_what_it_means(world: World) -> None:
    away = Away(world)
    opened = away.held
    first = away.write("fred", "incident.allege", "I1")
    away.held = opened
    second = away.write("fred", "incident.allege", "I2")
    alice = Browser(world, "alice")
    assert status(sent(alice, first)) == 200
    assert status(sent(alice, second)) == 200
    said = words(page(alice.send("@ledger/chain")))
    assert "Not sound" in said
    assert "cloned or restored" in said


def test_a_ledger_leaves_by_a_form_and_holds_what_one_may_hold(world: World) -> None:
    write(world, "olga", "incident.allege", "I1")
    write(world, "olga", "incident.allege", "I2", wall="restricted")
    for name, contents in (("olga", True), ("omar", True), ("oda", False), ("paul", False)):
        who = Browser(world, name)
        assert who.get("@ledger/export").status_code == 303
        answer = who.send("@ledger/export", form="@ledger/files")
        assert answer["Content-Type"] == "application/octet-stream"
        held = read_ledger(answer.content, check_signature)
        assert not held.damaged
        said = {e.hash for e in held.ledger.entries.values()}
        view = world.store.own.view(world.pause)
        secret = next(h for h, k in view.known.items() if k.content and k.content.object == "I2")
        assert (secret in said) == contents, name


def test_a_file_is_not_taken_away_without_the_seal_of_ones_own_page(world: World) -> None:
    olga = Browser(world, "olga")
    assert olga.client.post(olga.address("@ledger/export"), {}).status_code == 403
    assert olga.client.post(olga.address("@ledger/files"), {}).status_code == 403


def test_a_file_of_another_post_is_merged_and_told(world: World) -> None:
    away = Away(world)
    raw = away.write("fred", "incident.allege", "I9")
    for name, code in (("finn", 403), ("paul", 403), ("fred", 200), ("alice", 200)):
        answer = sent(Browser(world, name), raw)
        assert status(answer) == code, name
        if name == "fred":
            assert "New entries: 2" in words(page(answer))
    assert "New entries: 0" in words(page(answer))
    assert "I9" in Browser(world, "mona").text("@incidents")


@pytest.mark.parametrize("raw", [
    b"", b" \n", b"no ledger", "form ملف".encode("utf-16"), b"\xff\xfe\x00", b'{"form":',
    b'{"form":"lull ledger 1"}\n', b'{"form":"lull ledger 1"}\n\xff\xff\n', b"PK\x03\x04zip",
    b'{"form":"lull ledger 1"}\n' + b'{"entry":' + b"[" * 20_000 + b"\n",
    b'{"form":"lull ledger 1"}\r\n', b'\xef\xbb\xbf{"form":"lull ledger 1"}\n', b"=cmd()\n",
])
def test_a_file_that_is_no_ledger_is_refused_in_a_sentence_and_nothing_is_taken(
    world: World, raw: bytes
) -> None:
    answer = sent(Browser(world, "alice"), raw)
    assert status(answer) == 422
    assert 'role="alert"' in page(answer)
    assert models.Entry.objects.count() == 0


def test_a_damaged_file_is_refused_as_a_whole_with_each_fault_at_its_line(world: World) -> None:
    alice = Browser(world, "alice")
    write(world, "alice", "incident.allege", "I1")
    whole = alice.send("@ledger/export", form="@ledger/files").content
    raw = bytearray(whole)
    raw[raw.index(b'"number":1') + 9] ^= 2
    before = models.Entry.objects.count()
    answer = sent(alice, bytes(raw))
    assert status(answer) == 422
    assert "2" in [r[0] for r in rows(page(answer)) if len(r) == 3]
    assert models.Entry.objects.count() == before
    cut = sent(alice, whole[:-20])
    assert status(cut) == 422
    assert "was cut" in words(page(cut))


def test_a_form_without_a_file_is_told_so(world: World) -> None:
    answer = Browser(world, "alice").send("@ledger/files", {"file": "text"})
    assert status(answer) == 422
    assert "Choose a file." in words(page(answer))


def test_what_is_larger_than_the_page_takes_is_refused_before_it_is_read(world: World) -> None:
    alice = Browser(world, "alice")
    answer = alice.client.generic("POST", alice.address("@ledger/files"), b"x",
                                  "multipart/form-data; boundary=x",
                                  CONTENT_LENGTH="70000000")
    assert answer.status_code == 413
    assert "larger" in words(answer.content.decode())
    for there in ("@people", "@ledger/chain"):
        answer = alice.client.generic("POST", alice.address(there), b"x",
                                      "multipart/form-data; boundary=x",
                                      CONTENT_LENGTH="5000000")
        assert answer.status_code == 413, there


@pytest.mark.parametrize(("kind", "body"), [
    ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
    ("multipart/form-data", b"x"), ("multipart/form-data; boundary=", b"x"),
    ("multipart/form-data; boundary=\xff", b"--x"),
    ("application/x-www-form-urlencoded; charset=utf-16", b"seal=%ff"),
    ("application/x-www-form-urlencoded", b"seal=%00&act=%ff"),
    ("text/plain", b"seal"), ("application/json", b"{"),
])
def test_a_body_that_is_not_well_formed_is_refused_and_never_a_fault(
    world: World, kind: str, body: bytes
) -> None:
    alice = Browser(world, "alice")
    for there in ("@ledger/files", "@people", "@figures"):
        answer = alice.client.generic("POST", alice.address(there), body, kind)
        assert answer.status_code in (400, 403), (there, answer.status_code)


def test_nothing_that_is_uploaded_touches_the_disk(world: World, monkeypatch: pytest.MonkeyPatch
                                                   ) -> None:
    from django.core.files import uploadedfile

    def never(*_args: object, **_how: object) -> None:
        raise AssertionError("an upload was put on the disk")

    monkeypatch.setattr(uploadedfile.TemporaryUploadedFile, "__init__", never)
    assert status(sent(Browser(world, "alice"), b"no ledger" * 400_000)) == 422


def test_what_posts_that_were_apart_said_differently_stands_in_one_list(world: World) -> None:
    cell = {"corridor": "C1", "condition": "open", "actor": "Party A", "level": "capital"}
    part = "C1/open/Party A/capital/Red Crescent"
    write(world, "olga", "readiness.confirm", "P1", part=part, **cell)
    raw = Away(world).write("fred", "readiness.deny", "P1", part=part, **cell)
    alice = Browser(world, "alice")
    assert "Nothing that you may read contradicts itself" in alice.text("@ledger/apart")
    assert status(sent(alice, raw)) == 200
    for name in ("alice", "olga", "paul", "mona", "fred"):
        said = words(Browser(world, name).text("@ledger/apart"))
        assert "P1" in said, name
        assert "Not ready" in said
        assert "Ready" in said.replace("Not ready", "")


def test_a_step_out_of_protocol_is_kept_with_the_side_at_fault(world: World) -> None:
    raw = Away(world).write("fred", "delivery.load", "W9")
    alice = Browser(world, "alice")
    assert status(sent(alice, raw)) == 200
    said = words(alice.text("@ledger/without-effect"))
    assert "The fault lies with Red Crescent" in said
    assert "W9" in said
    assert "without effect" in words(alice.text("@ledger"))


def test_nobody_is_blamed_where_what_a_step_follows_on_is_sealed_to_others(world: World) -> None:
    write(world, "olga", "request.draft", "R1", wall="sealed", to=("crescent",))
    write(world, "olga", "request.send", "R1")
    said = words(Browser(world, "oda").text("@ledger/without-effect"))
    assert "an earlier step is sealed to others" in said
    assert "The fault lies with" not in said


@pytest.mark.parametrize("name", ["oda", "mona", ""])
def test_the_api_blames_nobody_either_where_an_earlier_step_is_sealed_to_others(
    world: World, name: str
) -> None:
    write(world, "olga", "request.draft", "R1", wall="sealed", to=("crescent",))
    made = write(world, "olga", "request.send", "R1")
    for who in ("olga", "omar"):
        shown = caller(world, who).get(f"pauses/{{pause}}/entries/{made.hash}").json()
        assert (shown["fault"], shown["unjudged"]) == (None, "")
    asks = caller(world, name) if name else Caller(world)
    shown = asks.get(f"pauses/{{pause}}/entries/{made.hash}").json()
    assert shown["fault"] is None
    assert "an earlier step is sealed to others" in shown["unjudged"]
    assert "Nobody is at fault" in shown["unjudged"]


def test_the_api_still_names_the_side_where_no_earlier_step_could_make_it_right(world: World
                                                                                ) -> None:
    write(world, "olga", "request.draft", "R1", wall="sealed", to=("crescent",))
    raw = Away(world).write("fred", "delivery.plan", "W9")
    assert status(sent(Browser(world, "alice"), raw)) == 200
    found = caller(world, "oda").post("pauses/{pause}/find", {"kind": "delivery"}).json()["items"]
    assert [(one["unjudged"], one["fault"]["side"]) for one in found] == [("", "Red Crescent")]


def test_what_is_disclosed_is_read_by_that_side_and_the_page_says_who_was_shown_it(world: World
                                                                                   ) -> None:
    made = write(world, "olga", "incident.allege", "I-canary", wall="sealed", to=("crescent",))
    there = f"@entry/{made.hash}"
    olga, paul = Browser(world, "olga"), Browser(world, "paul")
    assert "cannot be taken back" in words(olga.text(there))
    assert paul.get(there).status_code == 404
    fields = {"act": "disclose", "to": str(world.side("a")), "reason": "they asked"}
    assert olga.send(there, fields).status_code == 422
    assert paul.get(there).status_code == 404
    assert olga.send(there, {**fields, "sure": "yes"}).status_code == 303
    assert "I-canary" in paul.text(there)
    assert Browser(world, "piotr").get(there).status_code == 404
    assert "Disclosed · Party A" in words(olga.text(there))


@pytest.mark.parametrize(("who", "code"), [("olga", 303), ("omar", 303), ("oda", 404),
                                           ("paul", 403), ("alice", 403), ("fred", 403),
                                           ("", 404)])
def test_what_is_sealed_is_disclosed_by_the_side_that_wrote_it(world: World, who: str, code: int
                                                               ) -> None:
    made = write(world, "olga", "incident.allege", "I1", wall="sealed",
                 to=("crescent", "ocha", "a"))
    one = Browser(world, who)
    answer = one.send(f"@entry/{made.hash}", {"act": "disclose", "to": str(world.side("b")),
                                              "sure": "yes"})
    assert answer.status_code == code
    if code == 403:
        assert 'value="disclose"' not in one.text(f"@entry/{made.hash}")


@pytest.mark.parametrize(("who", "code"), [("olga", 303), ("omar", 303), ("oda", 403),
                                           ("paul", 403), ("alice", 403), ("fred", 403),
                                           ("", 403)])
def test_what_an_entry_says_is_destroyed_by_its_own_side_alone(world: World, who: str, code: int
                                                               ) -> None:
    made = write(world, "olga", "incident.allege", "I-canary")
    there = f"@entry/{made.hash}"
    one = Browser(world, who)
    assert ('value="destroy"' in one.text(there)) == (code == 303)
    if code == 303:
        assert one.send(there, {"act": "destroy"}).status_code == 422
    answer = one.send(there, {"act": "destroy", "sure": "yes"})
    assert answer.status_code == code
    assert models.Said.objects.filter(entry__hash=made.hash).exists() == (code != 303)
    if code == 303:
        assert "was destroyed" in words(one.text(there))
        assert "I-canary" not in one.text(there)
        assert one.send(there, {"act": "destroy", "sure": "yes"}).status_code == 422
        assert "Sound" in words(page(one.send("@ledger/chain")))


@pytest.mark.parametrize("fields", [{}, {"act": "x"}, {"act": "disclose"},
                                    {"act": "disclose", "to": "x", "sure": "yes"},
                                    {"act": "disclose", "sure": "yes",
                                     "to": "00000000-0000-4000-8000-000000000000"}])
def test_an_act_that_makes_no_sense_is_refused_on_the_page_of_the_entry(
    world: World, fields: dict[str, str]
) -> None:
    made = write(world, "olga", "incident.allege", "I1", wall="restricted")
    answer = Browser(world, "olga").send(f"@entry/{made.hash}", fields)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
