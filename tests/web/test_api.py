"""The acts of a pause through the API: done by who may, refused with a reason at its field."""

from __future__ import annotations

import json

import pytest

from lull.domain.records import RECEIPT_SENTENCE
from lull.exchange.ledger import read_ledger
from lull.exchange.ledger.ed25519 import check_signature
from tests.store.kit import World, record, words_of
from tests.web.kit import Caller, caller


def test_health_is_for_everyone_and_tells_nothing_else(world: World) -> None:
    answer = Caller(world).get("health")
    assert (answer.status_code, set(answer.json())) == (200, {"status", "version"})


def test_a_person_signs_in_sees_who_they_are_and_signs_out(world: World) -> None:
    public = Caller(world)
    answer = public.post("session", {"login": "olga", "passphrase": words_of("olga")})
    assert answer.status_code == 201
    olga = Caller(world, answer.json()["token"])
    me = olga.get("me").json()
    assert (me["side_name"], me["seats"][0]["role"], me["unlocked"]) == (
        "Red Crescent", "organisation", True)
    assert olga.ask("DELETE", "session").status_code == 204
    assert olga.get("me").status_code == 401


def test_a_movement_is_notified_and_its_receipt_is_no_permission(world: World) -> None:
    olga, alice, paul = (caller(world, name) for name in ("olga", "alice", "paul"))
    made = olga.write("notification.draft")
    assert made.status_code == 201, made.content
    assert olga.write("notification.submit").status_code == 201
    assert alice.write("notification.transmit").status_code == 201
    said = paul.write("receipt.confirm", part="Party A 1", recipient="Party A")
    assert said.status_code == 201, said.content
    shown = paul.get(f"pauses/{{pause}}/entries/{said.json()['hash']}").json()
    assert shown["beside"] == RECEIPT_SENTENCE
    things = {(t["table"], t["part"]): t["states"] for t in
              paul.get("pauses/{pause}/things").json()}
    assert things == {("notification", ""): ["transmitted"],
                      ("receipt", "Party A 1"): ["confirmed"]}


def test_an_illegal_step_names_the_side_at_fault_and_whose_turn_it_is(world: World) -> None:
    answer = caller(world, "olga").write("notification.submit")
    said = answer.json()
    assert (answer.status_code, said["error"], said["side"]) == (
        409, "illegal_step", "Red Crescent")
    assert said["awaited"] == ["coordinator", "organisation"]


def test_all_errors_are_told_at_once_each_at_its_field(world: World) -> None:
    olga = caller(world, "olga")
    body = {"kind": "incident.allege", "object": "I1", "wall": "sealed", "to": [],
            "payload": record("incident.allege", reference=3, who="x", effect={"killed_civilian": 1,
                                                                               "delay": "x"})}
    answer = olga.post("pauses/{pause}/entries", body, idempotency_key="abcdefgh")
    fields = {e["field"] for e in answer.json()["errors"]}
    assert answer.status_code == 422
    assert {"payload.reference", "payload.who", "to"} <= fields
    assert any(field.startswith("payload.effect") for field in fields)
    wrong = olga.post("pauses/{pause}/entries", {"kind": 5, "extra": 1})
    assert {"kind", "object", "payload", "wall", "extra", "Idempotency-Key"} == {
        e["field"] for e in wrong.json()["errors"]}


def test_a_write_repeated_with_its_key_is_done_once(world: World) -> None:
    olga = caller(world, "olga")
    first, again = (olga.write("notification.draft", key="the-same-key") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["hash"] == again.json()["hash"]
    other = olga.write("notification.draft", "N2", key="the-same-key")
    assert (other.status_code, other.json()["error"]) == (409, "used_key")


def test_the_feed_gives_each_change_once_and_in_order(world: World) -> None:
    olga, alice = caller(world, "olga"), caller(world, "alice")
    for i in range(7):
        olga.write("incident.allege", f"I{i}")
    seen, cursor, more = [], 0, True
    while more:
        page = alice.get(f"pauses/{{pause}}/changes?after={cursor}&limit=3").json()
        seen += [e["content"]["object"] for e in page["items"] if e["content"]]
        cursor, more = page["cursor"], page["more"]
    assert seen == [f"I{i}" for i in range(7)]
    alice.write("incident.allege", "I7")
    page = alice.get(f"pauses/{{pause}}/changes?after={cursor}").json()
    assert "I7" in [e["content"]["object"] for e in page["items"] if e["content"]]


def test_a_ledger_file_leaves_whole_and_is_merged_back_as_it_was(world: World) -> None:
    olga, alice = caller(world, "olga"), caller(world, "alice")
    olga.write("incident.allege", "I1")
    olga.write("incident.allege", "I2", wall="sealed", to=("a",))
    answer = alice.get("pauses/{pause}/ledger")
    held = read_ledger(answer.content, check_signature)
    assert held.findings == ()
    assert len(held.ledger.sealed) == 2  # the incident, and that alice took the ledger
    back = alice.ask("POST", "pauses/{pause}/ledger", raw=answer.content).json()
    assert (back["new"], back["findings"]) == (0, [])


def test_a_damaged_ledger_file_is_refused_line_by_line(world: World) -> None:
    alice = caller(world, "alice")
    alice.write("incident.allege", "I1")
    raw = bytearray(alice.get("pauses/{pause}/ledger").content)
    raw[raw.index(b'"number":1')+9] ^= 2
    answer = alice.ask("POST", "pauses/{pause}/ledger", raw=bytes(raw))
    assert (answer.status_code, answer.json()["error"]) == (422, "damaged_file")
    assert any(e["field"] == "line 2" for e in answer.json()["errors"])


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"nul", b'{"a": 1e999}', b"\xff\xfe",
                                  b'"' + b"[" * 100_000,
                                  b'{"login": "\\ud800", "passphrase": "x"}'])
def test_what_cannot_be_read_is_refused_and_never_a_fault(world: World, body: bytes) -> None:
    from django.test import Client

    from lull.web.application import STORE

    for path in ("session", "join"):
        answer = Client(**{STORE: world.store}).generic("POST", f"/api/{path}", body,
                                                        "application/json")
        assert answer.status_code in (400, 422), answer.content


def test_a_body_that_is_too_large_is_refused_unread(world: World) -> None:
    big = json.dumps({"login": "x" * 5_000_000, "passphrase": "y"}).encode()
    from django.test import Client

    from lull.web.application import STORE

    answer = Client(**{STORE: world.store}).generic("POST", "/api/session", big, "application/json")
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")


def test_every_answer_forbids_keeping_framing_and_guessing(world: World) -> None:
    for answer in (Caller(world).get("health"), Caller(world).get("me"),
                   Caller(world).get("nothing/here")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_token_does_what_it_is_for_in_its_pause_and_opens_nothing_sealed(world: World) -> None:
    paul = caller(world, "paul")
    sealed = caller(world, "olga").write("incident.allege", "I1", wall="sealed", to=("a",)).json()
    made = paul.post("tokens", {"label": "board", "scopes": ["read"], "days": 2,
                                "pause": str(world.pause)})
    assert made.status_code == 201
    board = Caller(world, made.json()["token"])
    assert board.get("pauses/{pause}/things").status_code == 200
    assert board.get(f"pauses/{{pause}}/entries/{sealed['hash']}").status_code == 404
    assert paul.get(f"pauses/{{pause}}/entries/{sealed['hash']}").status_code == 200
    assert board.write("incident.allege", "I2").status_code == 403
    assert board.get("pauses/{pause}/ledger").status_code == 403
    assert board.get("tokens").status_code == 403
    assert board.post("session/unlock", {"passphrase": words_of("paul")}).status_code == 403
    world.clock.forward(days=3)
    assert board.get("me").status_code == 401


def test_metrics_are_for_coordinators_and_tokens_of_theirs(world: World) -> None:
    alice = caller(world, "alice")
    alice.write("incident.allege", "I1")
    text = alice.get("metrics").content.decode()
    assert "lull_entries 2\n" in text
    assert caller(world, "paul").get("metrics").status_code == 403
    assert Caller(world).get("metrics").status_code == 401


@pytest.mark.parametrize(("proxied", "others"), [(True, 201), (False, 429)])
def test_behind_another_server_guesses_are_counted_by_who_asks_it(
    world: World, proxied: bool, others: int
) -> None:
    """Else one who guesses through it would have everyone wait; and nobody hides in a header."""
    from django.test import Client

    from lull.web.application import PROXIED, STORE

    def sign_in(words: str, header: str) -> int:
        asks = Client(**{STORE: world.store, PROXIED: proxied})
        return asks.post("/api/session", {"login": "olga", "passphrase": words},
                         content_type="application/json", HTTP_X_FORWARDED_FOR=header).status_code

    assert [sign_in("wrong wrong wrong", f"10.9.9.{i}, 10.0.0.1") for i in range(6)] == [
        401, 401, 401, 401, 401, 429]
    assert sign_in(words_of("olga"), "10.0.0.1, 10.0.0.2") == others


def test_what_a_program_seals_is_not_kept_readable_by_the_server(world: World) -> None:
    made = caller(world, "olga").post("tokens", {"label": "feed", "scopes": ["write"], "days": 1})
    program = Caller(world, made.json()["token"])
    program.write("incident.allege", "I0")
    done = program.write("incident.allege", "I1", wall="sealed", to=("a",))
    assert done.status_code == 201
    for view in (world.store.own.view_to_judge(world.pause), world.store.own.view(world.pause)):
        assert view.known[done.json()["hash"]].content is None
