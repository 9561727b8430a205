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


def test_what_is_due_is_said_in_arabic_with_names_apart_and_times_by_the_clock_of_the_page(
        world: World) -> None:
    world.write("olga", "request.draft", "R1", wall="sealed", to=ASKED, addressees=["Party A"],
                latest_useful_decision="2016-10-20T15:00:00Z")
    world.write("alice", "request.send", "R1", wall="sealed", to=ASKED)
    page = part_of(Browser(world, "paul", "ar").text("@due"), "دوركم")
    said = re.search(r"<p>(لم يقرر .*?)</p>", page)
    assert said, page
    assert "<bdi>Party A</bdi>" in said[1]
    assert '<time datetime="2016-10-20T15:00:00Z" dir="ltr">' in said[1]
    assert not re.search("[a-z]{3}", re.sub(r"<[^>]*>|Party A", "", said[1]))


def test_a_pause_that_is_known_stands_on_the_page_with_its_next_hours(world: World) -> None:
    span = {"start": "2016-10-20T13:00:00Z", "end": "2016-10-20T16:00:00Z",
            "time_zone": "Asia/Damascus"}
    world.write("paul", "pause.declare", "P2", windows=[span])
    for minutes, said in ((0, "next hours begin"), (90, "hours are now"), (200, "are over since")):
        world.clock.forward(minutes=minutes)
        page = Browser(world, "mona").text("@due")
        assert said in page
        assert "P2" in page
    assert "19:00" in page
    for name in ("mona", "alice", "paul"):
        yours = part_of(Browser(world, name).text("@due"), "Your turn")
        assert "Its last hours closed 50 min ago" in re.sub("<[^>]*>", "", yours), name
        assert re.search(r'href="[^"]*/of/pause/[^"]*"', yours)
    assert "Its last hours closed" not in part_of(Browser(world, "fred").text("@due"), "Your turn")
    world.write("alice", "pause.withdraw", "P2")
    assert "P2" not in Browser(world, "mona").text("@due")


def test_who_keeps_the_server_lands_on_what_is_due_and_still_comes_to_the_list_of_pauses(
        world: World) -> None:
    alice = Browser(world, "alice")
    assert alice.get("/")["Location"].endswith("/due")
    page = alice.text("@due")
    assert 'href="/?pauses"' in page
    assert "Begin a pause" in alice.text("/?pauses")
    assert Browser(world, "olga").get("/?pauses")["Location"].endswith("/due")
