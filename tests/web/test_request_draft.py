"""A request drafted through the API: marked by the earlier ones that its writer may read."""

from __future__ import annotations

from tests.questions.test_request import answer
from tests.store.kit import World
from tests.web.kit import caller

ASKED = {"answer": answer(), "reference": "R2", "pause": "ALE-P02", "organisation": "OCHA",
         "function": "head of office", "addressees": ["Party A"], "earlier": ["R1"]}


def test_a_draft_is_filled_marked_and_written_as_it_is(world: World) -> None:
    alice = caller(world, "alice")
    first = alice.post("pauses/{pause}/requests/draft", {**ASKED, "reference": "R1", "earlier": []})
    assert first.status_code == 200, first.content
    node = first.json()["payload"]
    assert [p["is_new"] for p in node["proposals"]] == [True, True]
    made = alice.post("pauses/{pause}/entries", {
        "kind": "request.draft", "object": "R1", "wall": "restricted", "payload": node},
        idempotency_key="first-request")
    assert made.status_code == 201, made.content
    second = alice.post("pauses/{pause}/requests/draft", {**ASKED, "proposals": ["a lane more"]})
    assert second.json()["chain"] == ["R1"]
    assert [p.get("repeats") for p in second.json()["payload"]["proposals"]] == ["R1", "R1", None]
    stranger = caller(world, "olga").post("pauses/{pause}/requests/draft", ASKED)
    assert stranger.json()["chain"] == [], "what is restricted marks nothing for others"


def test_a_draft_from_something_else_is_refused(world: World) -> None:
    alice = caller(world, "alice")
    for wrong in ({}, {"form": "lull extension 1"}, {"form": ["x"]}, {"form": "lull plan 1"}):
        said = alice.post("pauses/{pause}/requests/draft", {**ASKED, "answer": wrong})
        assert (said.status_code, said.json()["error"]) == (422, "refused"), said.content
    assert caller(world, "alice").post("pauses/{pause}/requests/draft", {
        **ASKED, "until": "2016-10-20T10:00:00Z"}).status_code == 422
