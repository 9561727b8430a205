"""The gate through the API: refused with all that is open at its field, seen by whom it is for."""

from __future__ import annotations

from typing import Any

import pytest

from lull.domain.records.readiness import Question
from lull.exchange.ledger import open_contents, read_ledger
from lull.exchange.ledger.ed25519 import check_signature
from lull.ledger.fold import Thing, fold
from lull.ledger.ledger import merge
from lull.store.ledgers import take_in
from tests.store.kit import World
from tests.web.kit import Caller, caller
from tests.web.pages.account_kit import Away

PAUSE = "ALE-P02"


def answer(asks: Caller, question: str, *, wall: str = "public", to: tuple[str, ...] = (),
           **how: str) -> Any:
    """Somebody says a word on a question."""
    said: dict[str, Any] = how or {"answer": "yes"}
    said = {"answer": None, **said} if "answer" not in said else said
    node = {k: v for k, v in said.items() if v is not None}
    body = {"kind": "protection_answer", "object": PAUSE, "wall": wall,
            "to": [str(asks.world.side(s)) for s in to],
            "payload": {"record": "protection_answer", "reference": "Q", "version": 1,
                        "question": question, "answered_by_function": "protection officer",
                        "answered_at": "2016-10-19T09:00:00Z", **node}}
    return asks.post("pauses/{pause}/entries", body,
                     idempotency_key=f"{question}-{sorted(node)}-{asks.token[:6]}".replace(" ", ""))


@pytest.fixture
def declared(world: World) -> World:
    """A party has declared a pause."""
    assert caller(world, "paul").write("pause.declare", PAUSE).status_code == 201
    return world


def test_a_pause_does_not_begin_before_every_question_is_settled(declared: World) -> None:
    alice, paul = caller(declared, "alice"), caller(declared, "paul")
    refused = paul.write("pause.begin", PAUSE, key="beginning-1")
    assert (refused.status_code, refused.json()["error"]) == (422, "bad_fields")
    assert [e["field"] for e in refused.json()["errors"]] == ["payload.rests_on"] * len(Question)
    for question in Question:
        assert any(question.value in e["sentence"] for e in refused.json()["errors"])
    for question in list(Question)[:-1]:
        assert answer(alice, question.value).status_code == 201
    assert len(paul.write("pause.begin", PAUSE, key="beginning-2").json()["errors"]) == 1
    assert answer(alice, list(Question)[-1].value, waived_by="coordinator",
                  waiver_reason="no holding area is used").status_code == 201
    done = paul.write("pause.begin", PAUSE, key="beginning-3")
    assert done.status_code == 201, done.content
    again = paul.write("pause.begin", PAUSE, key="beginning-3")
    assert (again.status_code, again.json()["hash"]) == (200, done.json()["hash"])
    said = caller(declared, "mona").get(f"pauses/{{pause}}/entries/{done.json()['hash']}").json()
    rests = said["content"]["payload"]["rests_on"]
    assert [r["question"] for r in rests] == [q.value for q in Question]
    assert [r["reason"] for r in rests if "reason" in r] == ["no holding area is used"]
    public = alice.get("pauses/{pause}/ledger").content
    state = fold(read_ledger(public, check_signature).ledger)
    assert state.states(Thing("pause", PAUSE)) == ("in_force",)


def test_server_and_file_agree_on_the_beginning_also_for_who_may_not_read_the_answers(
    declared: World
) -> None:
    alice = caller(declared, "alice")
    for question in Question:
        answer(alice, question.value, wall="restricted")
    assert alice.write("pause.begin", PAUSE, wall="public").status_code == 201
    whole = read_ledger(alice.get("pauses/{pause}/ledger").content, check_signature).ledger
    opened = open_contents(whole, [declared.store.secrets.data.secret])
    for of in (fold(whole, opened), fold(whole)):  # who can open the answers, and who cannot
        assert of.states(Thing("pause", PAUSE)) == ("in_force",)
        assert of.out_of_protocol == ()
    for asks in (Caller(declared), caller(declared, "paul"), alice):
        things = asks.get("pauses/{pause}/things").json()
        assert [t["states"] for t in things if t["table"] == "pause"] == [["in_force"]]


def test_the_reason_of_an_acceptance_that_is_not_public_is_not_repeated_unasked(declared: World
                                                                                ) -> None:
    alice = caller(declared, "alice")
    for question in list(Question)[1:]:
        answer(alice, question.value)
    accepted = answer(alice, Question.INFORMED.value, wall="restricted", waived_by="coordinator",
                      waiver_reason="leaflets of the 18th")
    refused = alice.write("pause.begin", PAUSE, key="beginning-1").json()
    assert "leaflets" not in str(refused)
    assert len(refused["errors"]) == 1
    hashes = {e["content"]["payload"]["question"]: e["hash"] for e in alice.post(
        "pauses/{pause}/find", {"kind": "protection_answer"}).json()["items"]}
    rests = [{"question": q, "entry": h} for q, h in hashes.items()]
    rests[-1] |= {"accepted_by": "head of office", "reason": "told by other means"}
    assert rests[-1]["entry"] == accepted.json()["hash"]
    done = alice.write("pause.begin", PAUSE, key="beginning-2", rests_on=rests)
    assert done.status_code == 201, done.content


def test_a_party_accepts_neither_mines_nor_in_another_role(declared: World) -> None:
    paul = caller(declared, "paul")
    for question in ("mines", "voluntary", "men_of_fighting_age"):
        said = answer(paul, question, waived_by="party", waiver_reason="no time")
        assert said.status_code == 422
        assert "cannot be waived by a party" in said.content.decode()
    said = answer(paul, "mines", waived_by="coordinator", waiver_reason="no time")
    assert [e["field"] for e in said.json()["errors"]] == ["payload.waived_by"]


def test_who_may_not_begin_a_pause_is_told_so_and_not_what_is_open(declared: World) -> None:
    for name in ("fred", "oda"):
        said = caller(declared, name).write("pause.begin", PAUSE, key=f"{name}-begins")
        assert said.status_code == 403
        assert "question" not in said.content.decode()


def test_readiness_is_told_to_each_from_what_they_may_read(declared: World) -> None:
    alice, paul = caller(declared, "alice"), caller(declared, "paul")
    answer(alice, "mines", wall="restricted")
    answer(alice, "informed", wall="sealed", to=("a",), answer="canary text")
    at = {"corridor": "west", "condition": "mines", "actor": "Party A", "level": "capital"}
    assert paul.write("readiness.confirm", PAUSE, part="west/mines/Party A/capital/Party A",
                      **at).status_code == 201

    def open_for(asks: Caller) -> set[str]:
        answered = asks.get("pauses/{pause}/readiness")
        assert answered.status_code == 200
        (found,) = answered.json()
        assert found["go"] is False
        assert [c["level"] for c in found["cells"] if c["missing"]] == [
            "operations_room", "local_command", "checkpoint_on_shift"]
        assert ("canary" in answered.content.decode()) is (
            asks.token in (alice.token, paul.token))
        return {q["question"] for q in found["questions"] if q["open"]}

    every = {q.value for q in Question}
    assert open_for(alice) == every - {"mines", "informed"}
    assert open_for(paul) == every - {"informed"}
    assert open_for(caller(declared, "adam")) == every - {"mines"}
    for name in ("olga", "piotr", "mona", ""):
        assert open_for(caller(declared, name) if name else Caller(declared)) == every


def test_a_cell_stands_under_its_own_coordinates(declared: World) -> None:
    said = caller(declared, "mona").write("readiness.confirm", PAUSE, part="east/x/y/capital")
    assert [e["field"] for e in said.json()["errors"]] == ["part"]


def test_why_a_question_is_open_is_told_only_to_who_may_read_it(declared: World) -> None:
    olga = caller(declared, "olga")
    assert answer(olga, "mines", wall="restricted", open_because="canary by the mill",
                  ).status_code == 201
    assert answer(caller(declared, "mona"), "mines", wall="sealed", to=("a",),
                  open_because="canary at the ford").status_code == 201
    for name, told in (("alice", {"mill"}), ("paul", {"ford"}), ("piotr", set()),
                       ("mona", {"ford"}), ("mila", set())):
        refused = caller(declared, name).write("pause.begin", PAUSE, key=f"{name}-begins")
        sentences = [e["sentence"] for e in refused.json()["errors"] if "mines" in e["sentence"]]
        assert len(sentences) == 1, name
        assert {word for word in ("mill", "ford") if word in sentences[0]} == told, name
        if not told:
            assert "somebody whose word is not public" in sentences[0]


def test_a_beginning_that_came_without_effect_tells_nobody_why_a_question_was_open(
    declared: World
) -> None:
    assert answer(caller(declared, "olga"), "mines", wall="restricted",
                  open_because="canary by the mill").status_code == 201
    away = Away(declared, "party", "a")
    away.held = merge(away.held, read_ledger(caller(declared, "alice").get(
        "pauses/{pause}/ledger").content, check_signature).ledger)
    take_in(declared.store, declared.seat("alice"), away.write("paul", "pause.begin", PAUSE))
    for asks in (Caller(declared), caller(declared, "piotr"), caller(declared, "alice")):
        items = asks.get("pauses/{pause}/changes?limit=500").json()["items"]
        (begun,) = [e for e in items if e["content"] and e["content"]["kind"] == "pause.begin"]
        assert "'mines' is open by somebody whose word is not public" in begun["fault"]["sentence"]
        assert "canary" not in begun["fault"]["sentence"]


@pytest.mark.parametrize(("said", "begun", "repeated"), [
    (("restricted", ()), ("restricted", ()), True),
    (("sealed", ("a", "watch")), ("sealed", ("a",)), True),
    (("sealed", ("a", "watch")), ("sealed", ("watch",)), True),
    (("sealed", ("watch",)), ("sealed", ("eyes",)), False),
    (("sealed", ("watch",)), ("restricted", ()), False),
    (("restricted", ()), ("sealed", ("watch",)), False),
])
def test_a_reason_is_repeated_only_where_nobody_new_reads_it(
    declared: World, said: tuple[str, tuple[str, ...]], begun: tuple[str, tuple[str, ...]],
    repeated: bool
) -> None:
    paul = caller(declared, "paul")
    for question in list(Question)[1:]:
        answer(paul, question.value)
    assert answer(paul, Question.INFORMED.value, wall=said[0], to=said[1], waived_by="party",
                  waiver_reason="canary of the 18th").status_code == 201
    done = paul.write("pause.begin", PAUSE, wall=begun[0], to=begun[1])
    assert (done.status_code == 201) is repeated, done.content
    for name in ("petra", "alice", "mila", "mona"):
        kinds = {e["content"]["kind"] for e in caller(declared, name).get(
            "pauses/{pause}/changes?limit=500").json()["items"]
            if e["content"] and "canary" in str(e["content"])}
        assert kinds <= {"protection_answer", "pause.begin"}
        assert "pause.begin" not in kinds or "protection_answer" in kinds, name
