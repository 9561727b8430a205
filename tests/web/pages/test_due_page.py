"""The page on which one lands: what waits for one's own role and side, and since when."""

from __future__ import annotations

import re

import pytest

from tests.store.kit import World
from tests.web.pages.kit import Browser

ASKED = ("ocha", "crescent", "a", "b")


def part_of(page: str, title: str) -> str:
    """What stands under a heading."""
    found = re.search(rf"<h2>{title}</h2>(.*?)(?=<h2>|</div>\s*</main>)", page, re.DOTALL)
    assert found, page
    return found[1]


def test_where_nothing_is_due_it_says_so(world: World) -> None:
    assert "Nothing waits for you" in Browser(world, "mona").text("@due")


def test_a_request_waits_for_the_party_that_was_asked_and_is_shown_to_others_as_theirs(
        world: World) -> None:
    world.write("olga", "request.draft", "R1", wall="sealed", to=ASKED, addressees=["Party A"])
    world.write("alice", "request.send", "R1", wall="sealed", to=ASKED)
    world.clock.forward(hours=5)
    paul = Browser(world, "paul").text("@due")
    olga = Browser(world, "olga").text("@due")
    assert "R1" in part_of(paul, "Your turn")
    assert "R1" in part_of(olga, "The turn of others")
    assert "R1" not in part_of(olga, "Your turn")
    piotr = Browser(world, "piotr").text("@due")
    assert "R1" not in part_of(piotr, "Your turn")


@pytest.mark.parametrize("name", ["oda", "mila", "finn"])
def test_what_one_may_not_read_is_never_due_for_one(world: World, name: str) -> None:
    world.write("olga", "notification.draft", "CANARY", wall="sealed", to=("ocha", "crescent"))
    world.write("olga", "notification.submit", "CANARY", wall="sealed", to=("ocha", "crescent"))
    world.clock.forward(hours=100)
    assert "CANARY" not in Browser(world, name).text("@due")


def test_it_renews_itself_where_scripts_run_and_is_whole_where_they_do_not(world: World) -> None:
    page = Browser(world, "alice").text("@due")
    assert 'hx-trigger="every 20s"' in page
    assert 'hx-select="#now"' in page


@pytest.mark.parametrize(("minutes", "text"), [
    (0, ""), (45, "0:45"), (200, "3:20"), (1440, "1 d 0:00"), (3125, "2 d 4:05")])
def test_spells_read_alike(minutes: int, text: str) -> None:
    from lull.web.pages.due import spell

    assert spell(minutes) == text
