"""What whoever keeps the server is told of it: figures, and nothing that a ledger says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from lull.store import models
from lull.store.backup import MOST_REMEMBERED, back_up
from lull.web.application import Application
from lull.web.tally import Requests
from tests.store.kit import World
from tests.web.kit import caller
from tests.web.pages.kit import Browser

CANARY = "heron-on-the-weir"


def asked(served: Application, path: str, token: str = "") -> tuple[int, str]:
    """The status and body that an application answers."""
    from django.test import RequestFactory

    request = RequestFactory().get(path, HTTP_AUTHORIZATION=f"Bearer {token}" if token else "")
    environ = {k: v for k, v in request.environ.items() if v != ""}
    told: list[Any] = []
    body = b"".join(served(environ, lambda status, headers, *_: told.append(status)))
    return int(told[0][:3]), body.decode()


def value(text: str, line: str) -> float:
    """What a line of the metrics says."""
    found = re.search(rf"^{re.escape(line)} (\S+)$", text, re.MULTILINE)
    assert found, (line, text)
    return float(found[1])


def test_requests_are_counted_by_kind_of_address_and_class_of_answer(world: World) -> None:
    token = caller(world, "alice").token
    served = Application(world.store)
    assert asked(served, "/sign-in")[0] == 200
    assert asked(served, "/public")[0] == 200
    assert asked(served, f"/{CANARY}")[0] == 404
    assert asked(served, "/api/health")[0] == 200
    assert asked(served, "/api/me")[0] == 401
    status, text = asked(served, "/api/metrics", token)
    assert status == 200
    assert value(text, 'lull_requests_total{surface="pages",answer="2xx"}') == 2
    assert value(text, 'lull_requests_total{surface="pages",answer="4xx"}') == 1
    assert value(text, 'lull_requests_total{surface="api",answer="2xx"}') == 1
    assert value(text, 'lull_requests_total{surface="api",answer="4xx"}') == 1
    assert value(text, 'lull_request_seconds_count{surface="pages"}') == 3
    assert value(text, 'lull_request_seconds_bucket{surface="pages",le="+Inf"}') == 3
    assert value(text, 'lull_request_seconds_sum{surface="pages"}') > 0
    assert CANARY not in text
    assert str(world.pause) not in text


def test_a_fault_is_counted_as_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from lull.web.pages import public

    def broken(*_: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(public, "open_pauses", broken)
    served = Application(world.store)
    assert asked(served, "/public")[0] == 500
    assert served.requests.faults == 1
    assert served.requests.total == 1


def test_each_bound_counts_what_was_no_slower() -> None:
    made = Requests()
    for seconds in (0.01, 0.1, 0.1, 0.9, 30):
        made.count("/p/x", 200, seconds)
    text = "\n".join(made.lines())
    assert [value(text, f'lull_request_seconds_bucket{{surface="pages",le="{bound}"}}')
            for bound in ("0.05", "0.2", "1", "5", "+Inf")] == [1, 3, 4, 4, 5]


def test_the_last_backup_is_known_with_its_age_and_goes_into_none(world: World, tmp_path: Path
                                                                  ) -> None:
    alice = caller(world, "alice")
    assert "lull_backup" not in alice.get("metrics").content.decode()
    for n in range(2):
        back_up(tmp_path / f"{n}.backup", world.store.secrets.veil)
    assert "backedup" not in (tmp_path / "1.backup").read_text()
    when = models.BackedUp.objects.latest("at").at
    world.clock.at = when.replace(microsecond=0)
    world.clock.forward(hours=2)
    world.tokens.clear()
    text = caller(world, "alice").get("metrics").content.decode()
    assert value(text, "lull_backup_age_seconds") == 7200
    assert value(text, "lull_backup_last_timestamp_seconds") == int(when.timestamp())


def test_only_the_last_backups_are_remembered(world: World, tmp_path: Path) -> None:
    models.BackedUp.objects.bulk_create(
        models.BackedUp(at=world.store.now(), rows=1, proven=True) for _ in range(MOST_REMEMBERED))
    back_up(tmp_path / "a.backup")
    assert models.BackedUp.objects.count() == MOST_REMEMBERED
    assert not models.BackedUp.objects.latest("id").proven


@pytest.mark.parametrize(("name", "status"), [
    ("alice", 200), ("adam", 403), ("olga", 403), ("paul", 403), ("mona", 403), ("fred", 403),
    ("", 302)])
def test_the_page_is_for_those_who_keep_the_server(world: World, name: str, status: int) -> None:
    assert Browser(world, name).get("/server").status_code == status


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_tells_when_it_was_backed_up_and_what_waits(world: World, tmp_path: Path,
                                                             language: str) -> None:
    world.write("olga", "statement", CANARY, wall="restricted", text=CANARY)
    alice = Browser(world, "alice", language)
    page = alice.text("/server")
    assert "lull backup" in page
    assert 'class="say warn"' in page
    assert ("None was ever written" in page) is (language == "en")
    back_up(tmp_path / "a.backup", world.store.secrets.veil)
    models.BackedUp.objects.update(at=world.store.now())
    page = alice.text("/server")
    assert 'class="say warn"' not in page
    world.clock.forward(hours=25)
    page = Browser(world, "alice", language).text("/server")
    assert 'class="say warn"' in page
    assert CANARY not in page
    if language == "ar":
        main = page.partition("<h1>")[2].partition("</main>")[0]
        words = re.sub(r"<[^>]*>|/api/metrics", " ", main)
        assert not re.search("[A-Za-z]{4,}", words), words
