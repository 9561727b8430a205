"""Whatever is asked twice with one key is done once, and answered alike both times."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from lull.exchange.seal import pack, seal_bytes
from lull.web.api import api
from tests.store.kit import World
from tests.web.kit import Caller, caller

KEY = "a-key-of-mine"
NOT_WRITTEN = {
    "find": "it reads",
    "draft_request": "it reads",
    "sign_in": "another session, which ends by itself; a passphrase is in it",
    "sign_out": "done again it changes nothing",
    "sign_out_everywhere": "done again it changes nothing",
    "unlock": "done again it changes nothing; a passphrase is in it",
    "change_passphrase": "the second time the old passphrase is another; passphrases are in it",
    "recover_keys": "done again it changes nothing; a passphrase is in it",
    "join": "the link works once; a passphrase is in it",
    "begin_second_factor": "until a code is given another secret takes its place",
    "confirm_second_factor": "a code is taken once, and codes for paper are not kept",
    "write_drafts": "a draft that is there already stays as it is, and is answered again",
    "export_sealed": "a file that is taken twice is noted twice; the file would have to be kept",
    "end_second_factor": "a code is taken once; a passphrase is in it",
}
"""Operations other than GET without a key, and why a key would add nothing or have to keep what is
not to be kept."""


def operations() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Every operation of the API, by its id."""
    paths = api.get_openapi_schema(path_prefix="/api/")["paths"]
    return {op["operationId"]: (method, path, op) for path, methods in paths.items()
            for method, op in methods.items()}


def test_every_operation_that_writes_takes_a_key_or_says_why_not() -> None:
    found = operations()
    without = {name for name, (method, _, op) in found.items() if method != "get" and not any(
        p["in"] == "header" and p["name"] == "Idempotency-Key" for p in op.get("parameters", ()))}
    assert without == set(NOT_WRITTEN)
    assert len(found) - len(without) > 20


def rows() -> dict[str, int]:
    """How many rows each table has, besides those of sessions and of keys themselves."""
    from django.apps import apps

    tables = apps.get_app_config("store").get_models()
    return {m.__name__: m._default_manager.count() for m in tables
            if m.__name__ not in ("Session", "Throttle")}


def _link(asks: Caller) -> str:
    made = asks.post("pauses/{pause}/invitations", {
        "side": str(asks.world.side("ocha")), "role": "coordinator"})
    return str(made.json()["id"])


def _member(world: World) -> str:
    return str(world.who("adam").member)


ACTS: dict[str, Callable[[World, Caller], tuple[str, str, Any]]] = {
    "write": lambda w, a: ("POST", "pauses/{pause}/entries", {
        "kind": "statement", "object": "S", "wall": "public", "payload": {
            "record": "statement", "reference": "S", "version": 1, "by": "OCHA", "text": "words",
            "published_at": "2016-10-20T09:15:00Z"}}),
    "disclose": lambda w, a: ("POST", "pauses/{pause}/disclosures", {
        "entries": [a.write("incident.allege", "I1", wall="restricted").json()["hash"]],
        "to": str(w.side("a"))}),
    "destroy": lambda w, a: ("POST", "pauses/{pause}/entries/"
                             f"{a.write('incident.allege', 'I1').json()['hash']}/destroy", None),
    "make_pause": lambda w, a: ("POST", "pauses", {"name": "Homs"}),
    "make_side": lambda w, a: ("POST", "pauses/{pause}/sides", {"name": "Another side"}),
    "invite": lambda w, a: ("POST", "pauses/{pause}/invitations", {
        "side": str(w.side("ocha")), "role": "coordinator"}),
    "offer_reset": lambda w, a: ("POST", f"pauses/{{pause}}/members/{_member(w)}/reset", None),
    "end_member": lambda w, a: ("DELETE", f"pauses/{{pause}}/members/{_member(w)}", None),
    "end_seat": lambda w, a: ("DELETE", f"pauses/{{pause}}/seats/{_member(w)}", None),
    "end_invitation": lambda w, a: ("DELETE", f"pauses/{{pause}}/invitations/{_link(a)}", None),
    "make_token": lambda w, a: ("POST", "tokens", {"label": "x", "scopes": ["read"], "days": 3}),
    "end_token": lambda w, a: ("DELETE", "tokens/" + a.post("tokens", {
        "label": "x", "scopes": ["read"], "days": 3}).json()["id"], None),
    "admit": lambda w, a: ("POST", "pauses/{pause}/posts", {
        "name": "0a" * 32, "side": str(w.side("a")), "role": "party"}),
    "take_in": lambda w, a: ("POST", "pauses/{pause}/ledger",
                             a.get("pauses/{pause}/ledger").content),
    "set_addressee": lambda w, a: ("POST", "pauses/{pause}/addressees", {
        "recipient": "Party A", "channel": "webhook", "address": "https://example.org/x"}),
    "drop_addressee": lambda w, a: ("POST", "pauses/{pause}/addressees/drop", {
        "recipient": "Party A", "channel": "file"}),
}
SHOWN_ONCE = {"token", "secret"}


def ready(world: World, name: str) -> tuple[Caller, str, str, Any]:
    """Somebody about to do something."""
    asks = caller(world, "alice")
    if name == "drop_addressee":
        asks.post("pauses/{pause}/addressees", {"recipient": "Party A", "channel": "file",
                                                "address": "box-3"})
    return (asks, *ACTS[name](world, asks))


def asked(asks: Caller, method: str, path: str, body: Any, key: str = KEY) -> Any:
    """The answer to something asked with a key."""
    if isinstance(body, bytes):
        return asks.ask(method, path, raw=body, idempotency_key=key)
    return asks.ask(method, path, body, idempotency_key=key)


def plain(answer: Any) -> Any:
    """What an answer says, without what is shown once or says that it came before."""
    node = json.loads(answer.content) if answer.content else {}
    return {k: v for k, v in node.items() if k not in {*SHOWN_ONCE, "again"}}


@pytest.mark.parametrize("name", ACTS)
def test_an_act_asked_twice_with_one_key_is_done_once(world: World, name: str) -> None:
    asks, method, path, body = ready(world, name)
    before = rows()
    first = asked(asks, method, path, body)
    assert first.status_code in (200, 201, 204), first.content
    after = rows()
    assert after != before
    for _ in range(2):
        again = asked(asks, method, path, body)
        assert again.status_code in (first.status_code, 200), again.content
        assert plain(again) == plain(first)
        assert rows() == after
    for field in SHOWN_ONCE:
        if first.content and field in first.json():
            assert first.json()[field]
            assert again.json()[field] == ""


@pytest.mark.parametrize("name", ACTS)
def test_a_key_that_comes_back_with_another_wish_is_refused(world: World, name: str) -> None:
    asks, method, path, body = ready(world, name)
    asked(asks, "POST", "pauses/{pause}/sides", {"name": "First"})
    before = rows()
    refused = asked(asks, method, path, body)
    assert (refused.status_code, refused.json()["error"]) == (409, "used_key")
    assert rows() == before


def test_what_was_refused_is_not_kept_and_can_be_asked_again(world: World) -> None:
    asks = caller(world, "alice")
    body = {"recipient": "Party A", "channel": "file"}
    assert asked(asks, "POST", "pauses/{pause}/addressees/drop", body).status_code == 404
    asks.post("pauses/{pause}/addressees", {**body, "address": "box-3"})
    assert asked(asks, "POST", "pauses/{pause}/addressees/drop", body).status_code == 204


def test_the_key_of_one_member_is_not_that_of_another(world: World) -> None:
    for name in ("olga", "omar"):
        made = asked(caller(world, name), "POST", "tokens",
                     {"label": "x", "scopes": ["read"], "days": 3})
        assert made.status_code == 201
        assert made.json()["token"]


def test_a_folder_is_planned_once_for_a_key(world: World) -> None:
    asks = caller(world, "alice")
    sealed = seal_bytes(pack({"pause.yaml": b"title: x\n"}),
                        recipients=[world.store.secrets.data.public])
    first = asked(asks, "POST", "pauses/{pause}/jobs", sealed)
    assert first.status_code == 201, first.content
    again = asked(asks, "POST", "pauses/{pause}/jobs", sealed)
    assert again.json()["id"] == first.json()["id"]
    assert len(asks.get("pauses/{pause}/jobs").json()) == 1
    path = f"pauses/{{pause}}/jobs/{first.json()['id']}"
    for _ in range(2):
        assert asked(asks, "DELETE", path, None, "another-key").status_code == 204


def test_nothing_that_is_shown_once_stands_in_what_is_kept(world: World) -> None:
    from lull.store import models

    asks = caller(world, "alice")
    made = asked(asks, "POST", "tokens", {"label": "x", "scopes": ["read"], "days": 3}).json()
    (kept,) = models.Once.objects.all()
    opened = world.store.secrets.veil.open(bytes(kept.answer), f"once {kept.tag}")
    assert made["id"] in opened
    assert made["token"] not in opened
