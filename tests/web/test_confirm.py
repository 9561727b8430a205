"""A link confirms receipt for who has no account: opening it never does, saying so does, once."""

from __future__ import annotations

import logging
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from lull.domain.records import RECEIPT_SENTENCE
from lull.store import models
from lull.store.write import destroy
from lull.web.application import STORE
from tests.store.kit import World
from tests.store.letters import SITE, Kept, begun, left, sent, told, version

RECEIPT_SENTENCE_ARABIC = (
    "يؤكد الاستلام فقط؛ وليس إذنًا، ولا يقدّم أي ضمان، ولا يغيّر أي التزام بموجب قانون الحرب.")
A, B = ("Party A", "email"), ("Party B", "file")


@pytest.fixture
def links(world: World) -> dict[str, str]:
    """The link of each recipient to version 1 of a notification."""
    begun(world, A, B, purpose="bread <b>& salt")
    left(world)
    return sent_links(world)


def sent_links(world: World) -> dict[str, str]:
    """Send what waits; the path of the link in each."""
    kept = Kept()
    sent(world, kept)
    assert all(p.link.startswith(SITE + "/confirm/") for p in kept.had)
    return {p.address: p.link.removeprefix(SITE) for p in kept.had}


def client(world: World) -> Any:
    """A browser without scripts, cookies or an account."""
    return Client(raise_request_exception=True, **{STORE: world.store})


def confirmed(world: World, link: str, **form: str) -> Any:
    """The answer to the form."""
    return client(world).post(link, {"function": "duty officer, room 3", "read": "1", **form})


class Scanner(HTMLParser):
    """A mail scanner: follows whatever it finds, with GET and HEAD."""

    def __init__(self, world: World, first: str) -> None:
        super().__init__()
        self.world, self.first, self.todo, self.seen = world, first, [first], set[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember each address, and that of a form with its fields."""
        self.todo += [value for name, value in attrs if name in ("href", "src", "action") and value]
        if tag == "button":
            self.todo.append(f"{self.first}?function=x&read=1")

    def run(self) -> None:
        """Open everything."""
        while self.todo:
            address = self.todo.pop()
            if address not in self.seen:
                self.seen.add(address)
                client(self.world).head(address)
                self.feed(client(self.world).get(address).content.decode())


def test_a_scanner_that_opens_everything_confirms_nothing_and_is_recorded_apart(
    world: World, links: dict[str, str]
) -> None:
    scanner = Scanner(world, links["room@example.org"])
    scanner.run()
    assert len(scanner.seen) == 2
    assert told(world, "receipt.confirm") == []
    (fetch,) = told(world, "fetch")  # once an hour, however often it is opened
    assert (fetch["recipient"], fetch["notification_version"]) == ("Party A", 1)
    world.clock.forward(hours=1)
    scanner.todo, scanner.seen = [links["room@example.org"]], set()
    scanner.run()
    assert len(told(world, "fetch")) == 2


def test_who_says_that_they_read_it_confirms_once_as_a_function(
    world: World, links: dict[str, str]
) -> None:
    answer = confirmed(world, links["room@example.org"])
    assert answer.status_code == 200
    assert confirmed(world, links["room@example.org"]).status_code == 200
    (receipt,) = told(world, "receipt.confirm")
    assert (receipt["recipient"], receipt["read_version"], receipt["channel"]) == (
        "Party A", 1, "link")
    assert receipt["answered_by_function"] == "duty officer, room 3"
    assert RECEIPT_SENTENCE in answer.content.decode()
    states = world.store.own.view(world.pause).things
    assert {t.part: s[0].state for t, s in states.items() if t.table == "receipt"} == {
        "Party A 1": "confirmed"}


@pytest.mark.parametrize("form", [{"function": ""}, {"function": " " * 9}, {"read": ""},
                                  {"read": "2"}, {"function": "x" * 201}])
def test_without_function_and_the_version_read_nothing_is_confirmed(
    world: World, links: dict[str, str], form: dict[str, str]
) -> None:
    answer = confirmed(world, links["room@example.org"], **form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert told(world, "receipt.confirm") == []


def test_a_link_shows_what_its_recipient_was_sent_and_nothing_else(
    world: World, links: dict[str, str]
) -> None:
    page = client(world).get(links["room@example.org"]).content.decode()
    assert "bread &lt;b&gt;&amp; salt" in page
    assert "<b>" not in page
    assert "Party B" not in page
    assert "OCHA" not in page


def test_an_old_versions_link_says_that_there_is_a_newer_one(
    world: World, links: dict[str, str]
) -> None:
    world.write("alice", "notification.amend", wall="restricted",
                **version(2, A, B, purpose="flour"))
    left(world, "second")
    new = sent_links(world)
    old = client(world).get(links["room@example.org"])
    assert old.status_code == 409
    assert re.search(r"newer version: <bdi[^>]*>2<", old.content.decode())
    assert "bread" not in old.content.decode()
    assert confirmed(world, links["room@example.org"]).status_code == 409
    assert told(world, "receipt.confirm") == []
    page = client(world).get(new["room@example.org"]).content.decode()
    assert "-&gt; now: <bdi>flour</bdi>" in page
    assert confirmed(world, new["room@example.org"], read="2").status_code == 200


def test_a_sealed_versions_link_tells_only_that_it_awaits(world: World) -> None:
    begun(world, A, B, wall="sealed", sealed_to=("a", "b"), purpose="canary 7731")
    left(world)
    for link in sent_links(world).values():
        page = client(world).get(link).content.decode()
        assert "Version 1 awaits you." in page
        assert "canary" not in page
        assert confirmed(world, link).status_code == 200
    assert len(told(world, "receipt.confirm")) == 2


def test_a_link_expires_and_one_that_was_changed_leads_nowhere(
    world: World, links: dict[str, str]
) -> None:
    link = links["room@example.org"]
    other = links["box-3"].rpartition("/")[2].split(".")
    letter, until, sign = link.rpartition("/")[2].split(".")
    for token in (f"{letter}.{int(until) + 1}.{sign}", f"{other[0]}.{until}.{sign}",
                  f"{letter}.{until}.{sign[:-1]}", f"{letter}.{until}.", "..", "é.1.2",
                  "x" * 3_000, f"{letter}.{until}.{other[2]}"):
        for method in ("get", "head", "post"):
            assert getattr(client(world), method)(f"/confirm/{token}").status_code == 404, token
    world.clock.forward(days=7)
    assert client(world).get(link).status_code == 410
    assert confirmed(world, link).status_code == 410
    assert told(world, "receipt.confirm") == told(world, "fetch") == []


def test_after_a_restore_a_link_does_not_open_another_letter_that_has_its_number(
    world: World, links: dict[str, str]
) -> None:
    """A letter written after the backup is lost with its link; its number is given out anew."""
    first = models.Outgoing.objects.order_by("id").first()
    assert first is not None
    models.Outgoing.objects.filter(pk=first.pk).update(once="0b" * 32)
    for link in links.values():
        number = link.rpartition("/")[2].partition(".")[0]
        assert client(world).get(link).status_code == (404 if int(number) == first.pk else 200)


def test_what_was_destroyed_cannot_be_opened_by_its_link(
    world: World, links: dict[str, str]
) -> None:
    drafted = next(k for k in world.store.own.view(world.pause).known.values()
                   if k.content and k.content.kind == "notification.draft")
    destroy(world.store, world.seat("alice"), drafted.entry.hash)
    assert client(world).get(links["room@example.org"]).status_code == 404


def test_the_page_lets_nothing_in_or_out_and_is_kept_nowhere(
    world: World, links: dict[str, str]
) -> None:
    answer = client(world).get(links["room@example.org"])
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert not answer.cookies
    page = answer.content.decode()
    assert not re.search(r"<script|\son\w+=|style=|https?://", page)
    assert '<html lang="en" dir="ltr">' in page
    assert client(world).delete(links["room@example.org"]).status_code == 405


def test_no_token_is_ever_in_a_log(
    world: World, links: dict[str, str], caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch
) -> None:
    from lull.web.server import quiet_logs

    caplog.set_level(logging.DEBUG)
    level = logging.getLogger("django").level
    quiet_logs()
    link = links["room@example.org"]
    token = link.rpartition("/")[2]
    try:
        client(world).get(link)
        confirmed(world, link)
        client(world).get(f"/confirm/{token}x")
        client(world).get(f"/confirm/{token}/more")

        def broken(*_: object) -> None:
            raise RuntimeError

        monkeypatch.setattr("lull.web.confirm.open_link", broken)
        asks = Client(raise_request_exception=False, **{STORE: world.store})
        assert asks.get(link).status_code == 500
    finally:
        logging.getLogger("django").setLevel(level)
    assert token not in caplog.text
    assert token.rpartition(".")[2] not in caplog.text
    assert models.Outgoing.objects.filter(trouble__contains=token).count() == 0
