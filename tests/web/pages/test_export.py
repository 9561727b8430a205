"""A ledger file sealed to a key that a member gives: opened by that key, and by no other."""

from __future__ import annotations

import pyrage
import pytest

from lull.exchange.ledger import read_ledger
from lull.exchange.ledger.ed25519 import check_signature
from lull.store.reading import find
from tests.store.kit import World
from tests.web.kit import caller
from tests.web.pages.kit import Browser

SEALED = "pauses/{pause}/ledger/sealed"


@pytest.fixture
def pair() -> pyrage.x25519.Identity:
    """A key pair of age."""
    return pyrage.x25519.Identity.generate()


def said(world: World) -> None:
    """Something public, something restricted, something sealed."""
    world.write("olga", "statement", "S1", text="heron on the weir")
    world.write("olga", "incident.allege", "I1", wall="restricted")
    world.write("olga", "incident.allege", "I2", wall="sealed", to=("a",))


def taken(raw: bytes) -> set[str]:
    """The entries of a file, which is sound."""
    held = read_ledger(raw, check_signature)
    assert not held.damaged
    return set(held.ledger.entries)


def exports(world: World) -> list[tuple[str, str]]:
    """Who took what away, as the coordinator reads it: side and reason."""
    items = find(world.store, world.seat("alice"), kind="disclosure", limit=500).items
    return [(k.content.writer.side, k.content.payload.get("reason", "")) for k in items
            if k.content and k.content.payload["kind"] == "exported"]


@pytest.mark.parametrize("name", ["alice", "olga", "omar", "oda", "paul", "mona", "fred"])
def test_on_the_page_it_holds_what_the_plain_file_holds_and_opens_with_the_key_alone(
        world: World, pair: pyrage.x25519.Identity, name: str) -> None:
    said(world)
    browser = Browser(world, name)
    plain = browser.send("@ledger/export", form="@ledger/files").content
    answer = browser.send("@ledger/export", {"how": "sealed", "key": f" {pair.to_public()} "},
                          form="@ledger/files")
    assert answer.status_code == 200
    assert 'filename="pause.ledger.age"' in answer["Content-Disposition"]
    assert b"heron" in plain
    assert b"heron" not in answer.content
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(answer.content, [pyrage.x25519.Identity.generate()])
    opened = pyrage.decrypt(answer.content, [pair])
    assert taken(plain) < taken(opened)  # and that the plain one was taken


def test_over_the_api_as_well_and_to_which_key_is_an_entry(
        world: World, pair: pyrage.x25519.Identity) -> None:
    said(world)
    key = str(pair.to_public())
    answer = caller(world, "paul").post(SEALED, {"key": key})
    assert answer.status_code == 200, answer.content
    assert taken(pyrage.decrypt(answer.content, [pair]))
    assert exports(world) == [("Party A", f"Sealed to {key}.")]


@pytest.mark.parametrize(("key", "word"), [
    ("", "Give the public key"), ("age1nonsense", "no public key of age"),
    ("ssh-ed25519 AAAA", "no public key of age"),
    ("AGE-SECRET-KEY-1QQQQQQQQQQ", "a secret key"), ("age1" + "q" * 500, "no public key")])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_is_no_public_key_is_told_at_its_field_and_nothing_is_taken_or_repeated(
        world: World, key: str, word: str, language: str) -> None:
    answer = Browser(world, "paul", language).send(
        "@ledger/export", {"how": "sealed", "key": key}, form="@ledger/files")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="key-wrong"' in page
    assert 'aria-invalid="true"' in page
    assert (word in page) is (language == "en")
    assert "SECRET-KEY-1Q" not in page
    assert exports(world) == []


def test_a_program_is_told_at_its_field_too_and_needs_the_scope(world: World) -> None:
    wrong = caller(world, "paul").post(SEALED, {"key": "age1nonsense"})
    assert wrong.status_code == 422
    assert [one["field"] for one in wrong.json()["errors"]] == ["key"]
    assert "nonsense" not in wrong.content.decode()
    assert exports(world) == []


def test_the_public_seals_nothing(world: World, pair: pyrage.x25519.Identity) -> None:
    from django.test import Client

    from lull.web.application import STORE

    client = Client(**{STORE: world.store})
    answer = client.post(f"/api/pauses/{world.pause}/ledger/sealed",
                         {"key": str(pair.to_public())}, content_type="application/json")
    assert answer.status_code == 401
    assert Browser(world).client.post(Browser(world).address("@ledger/export"), {
        "how": "sealed", "key": str(pair.to_public())}).status_code == 302


def test_following_a_link_takes_nothing_away(world: World) -> None:
    assert Browser(world, "paul").get("@ledger/export?key=age1x").status_code == 303
