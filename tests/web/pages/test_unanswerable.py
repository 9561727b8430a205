"""Pages for what is not to be: nothing yet, not yours, closed, offline. Each says what to do."""

from __future__ import annotations

import re

import pytest

from tests.store.kit import World
from tests.web.pages.account_kit import link, words, write
from tests.web.pages.kit import Browser

EMPTY = {"deliveries": "Nothing yet", "incidents": "Nothing yet", "constraints": "Nothing yet",
         "figures": "Nothing yet", "statements": "Nothing yet", "ledger": "Nothing yet",
         "ledger/apart": "contradicts itself", "ledger/without-effect": "has effect",
         "ledger/chain": "Nothing has been written yet", "people": "No post has written yet"}


@pytest.mark.parametrize("there", EMPTY)
def test_where_there_is_nothing_yet_a_sentence_says_so(world: World, there: str) -> None:
    assert EMPTY[there] in words(Browser(world, "olga").text(f"@{there}"))


@pytest.mark.parametrize("there", ["deliveries", "incidents", "constraints", "people", "ledger"])
def test_another_pause_is_not_yours_and_is_not_told_from_one_that_is_not(world: World, there: str
                                                                         ) -> None:
    from lull.store.accounts import make_pause

    olga = Browser(world, "olga")
    other = make_pause(world.store, "Other", world.who("alice"))
    real = olga.get(f"/p/{other.id}/{there}")
    none = olga.get(f"/p/00000000-0000-4000-8000-000000000000/{there}")
    assert real.status_code == none.status_code == 404
    assert words(real.content.decode()) == words(none.content.decode())
    assert "Nothing here is yours" in words(real.content.decode())


def test_when_a_pause_is_over_every_page_says_so_and_the_account_goes_on(world: World) -> None:
    write(world, "paul", "pause.declare", "P1")
    pages = ("deliveries", "figures", "people", "ledger")
    olga = Browser(world, "olga")
    assert not [p for p in pages if "This pause is over" in words(olga.text(f"@{p}"))]
    write(world, "paul", "pause.withdraw", "P1")
    for there in pages:
        assert "This pause is over: Withdrawn" in words(olga.text(f"@{there}"))
    assert olga.get("@write/claimed_figure").status_code == 200
    assert "This pause is over" in words(Browser(world).text("@figures"))


def test_a_pause_that_goes_on_elsewhere_is_not_called_over(world: World) -> None:
    for about in ("P1", "P2"):
        write(world, "paul", "pause.declare", about)
    write(world, "paul", "pause.withdraw", "P1")
    assert "This pause is over" not in words(Browser(world, "olga").text("@figures"))


def test_that_a_pause_is_over_is_told_to_nobody_who_may_not_read_it(world: World) -> None:
    for step in ("declare", "withdraw"):
        write(world, "paul", f"pause.{step}", "P1", wall="sealed", to=("a", "crescent"))
    assert "This pause is over" in words(Browser(world, "olga").text("@figures"))
    assert "This pause is over" not in words(Browser(world, "oda").text("@figures"))


def test_a_step_that_cannot_follow_is_closed_before_its_form_is_filled_in(world: World) -> None:
    write(world, "olga", "delivery.plan", "W1")
    olga = Browser(world, "olga")
    there = link(olga.text("@deliveries"), "/of/delivery/")
    tag = there.rpartition("/")[2]
    assert olga.get(f"@write/delivery.load?thing={tag}").status_code == 200
    early = olga.get(f"@write/delivery.return?thing={tag}")
    said = words(early.content.decode())
    assert early.status_code == 409
    assert "Not possible now" in said
    assert "It stands as: Planned" in said
    assert re.search(r"write/delivery\.load\?thing=", early.content.decode())
    write(world, "olga", "delivery.cancel", "W1")
    late = words(olga.get(f"@write/delivery.load?thing={tag}").content.decode())
    assert "Closed" in late
    assert "Nothing of yours can follow" in late


def test_a_page_for_offline_is_kept_by_the_browser_and_speaks_both_languages(world: World) -> None:
    worker = Browser(world).text("/away.js")
    kept = re.search(r"const OFFLINE = '([^']+)'", worker)
    assert kept is not None
    page = Browser(world).text(kept[1])
    assert 'lang="en"' in page
    assert 'dir="rtl"' in page
    assert "<script" not in page
