"""Corridors as several sources say they stand, and movements with the next step by one tap."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.store.kit import World
from tests.web.pages import november
from tests.web.pages.kit import Browser
from tests.web.pages.test_notice import plain

PUBLIC_MOVEMENT = "C2"


@pytest.fixture
def told(world: World) -> World:
    november.notice(world)
    november.ways(world)
    for event in ("plan", "make_ready"):
        world.write("olga", f"movement.{event}", PUBLIC_MOVEMENT)
    return world


@pytest.mark.parametrize("name", ["alice", "oda", "piotr", "mila", "fred", ""])
def test_what_two_sources_say_of_a_corridor_stands_side_by_side(told: World, name: str) -> None:
    page = Browser(told, name).text("@corridors")
    card = page.partition('class="card way"')[2].partition("</table>")[0]
    rows = [plain(row) for row in card.split("<tr>")[2:]]
    assert len(rows) == 2
    assert rows[0].startswith("Watch")
    assert "Suspended Fire at the exit nobody known Unknown" in rows[0]
    assert rows[1].startswith("Party A")
    assert "Open none given – Cleared Engineers of Party A" in rows[1]
    assert "Its state is said differently" in card
    assert "Mines are spoken of differently" in card
    unspoken = page.partition("nobody has said how they stand")[2]
    assert re.findall(r"Corridor \d", unspoken) == november.CORRIDORS[1:]


def test_the_last_word_of_a_side_takes_the_place_of_its_earlier_ones_alone(told: World) -> None:
    told.write("mark", "corridor", "Corridor 1", name="Corridor 1", users=["civilians"],
               direction="out", status="open", mine_status="unknown",
               waypoints=[{"place": {"name": "Crossing"}, "kind": "checkpoint"}])
    page = Browser(told, "alice").text("@corridors")
    assert "Suspended" not in page.partition('class="card way"')[2].partition("</table>")[0]
    assert "Its state is said differently" not in page
    assert "Mines are spoken of differently" in page
    assert "Earlier words of the same sides: 1" in plain(page)


def test_how_a_corridor_stands_is_said_from_the_page_by_members_alone(told: World) -> None:
    assert "write/corridor" not in Browser(told).text("@corridors")
    fred = Browser(told, "fred")
    link = re.search(r'href="([^"]*write/corridor\?thing=[^"]*)"', fred.text("@corridors"))
    assert link
    form = fred.text(link[1])
    assert re.search(r'name="f.name"[^>]*value="Corridor 1"', form)
    assert Browser(told).get(link[1]).status_code == 302


def buttons(browser: Browser, name: str) -> dict[str, str]:
    """The steps that the page offers for a movement: event to what is sent."""
    page = browser.text("@movements")
    row = re.search(rf'<tr id="movement-\w+"><th scope="row"><a [^>]+><bdi>{name}</bdi>.*?</tr>',
                    page, re.DOTALL)
    assert row, name
    return {tap.partition(":")[0]: tap
            for tap in re.findall(r'name="tap" value="([^"]+)"', row[0])}


def tap(browser: Browser, value: str) -> Any:
    """What comes of one tap."""
    return browser.send("@movements", {"tap": value, "wall": "public"})


@pytest.mark.parametrize(("name", "may"), [
    ("alice", {"go", "no_go", "cancel"}), ("olga", {"go", "no_go", "cancel"}),
    ("omar", {"go", "no_go", "cancel"}), ("fred", {"go", "no_go"}), ("paul", {"no_go"}),
    ("mona", {"no_go"}), ("oda", set()), ("finn", set()),
])
def test_the_steps_that_are_offered_are_those_that_can_be_taken(told: World, name: str,
                                                                may: set[str]) -> None:
    browser = Browser(told, name)
    offered = buttons(browser, PUBLIC_MOVEMENT)
    assert set(offered) == may
    every = buttons(Browser(told, "alice"), PUBLIC_MOVEMENT)
    for event in set(every) - may:
        assert tap(browser, every[event]).status_code in (403, 409)
    assert "Ready" in plain(Browser(told, "alice").text("@movements"))
    for event in list(may)[:1]:
        assert tap(browser, offered[event]).status_code == 303
        assert event not in buttons(Browser(told, "alice"), PUBLIC_MOVEMENT)


def test_a_movement_goes_is_held_turned_back_or_arrives_by_one_tap_each(told: World) -> None:
    fred, mona = Browser(told, "fred"), Browser(told, "mona")
    assert tap(fred, buttons(fred, PUBLIC_MOVEMENT)["go"]).status_code == 303
    assert set(buttons(mona, PUBLIC_MOVEMENT)) == {"hold", "arrive"}
    assert tap(mona, buttons(mona, PUBLIC_MOVEMENT)["hold"]).status_code == 303
    assert "reason: none given" in mona.text("@movements")
    assert tap(mona, buttons(mona, PUBLIC_MOVEMENT)["move_on"]).status_code == 303
    assert tap(fred, buttons(fred, PUBLIC_MOVEMENT)["turn_back"]).status_code == 303
    assert set(buttons(fred, PUBLIC_MOVEMENT)) == {"return"}


def test_a_sealed_movement_is_there_for_those_addressed_alone(told: World) -> None:
    sent = buttons(Browser(told, "olga"), "C1")["go"]
    for name in ("oda", "mona", "finn"):
        browser = Browser(told, name)
        assert "<bdi>C1</bdi>" not in browser.text("@movements")
        assert tap(browser, sent).status_code == 404
    assert Browser(told).get("@movements").status_code == 302


def test_what_is_over_leaves_the_list_of_today_on_the_next_day(told: World) -> None:
    olga = Browser(told, "olga")
    assert tap(olga, buttons(olga, PUBLIC_MOVEMENT)["cancel"]).status_code == 303
    assert not buttons(olga, PUBLIC_MOVEMENT)
    told.clock.forward(days=1)
    page = Browser(told, "olga").text("@movements")
    today, _, earlier = page.partition("Over, on earlier days")
    assert PUBLIC_MOVEMENT not in today
    assert PUBLIC_MOVEMENT in earlier


def test_no_page_of_movements_or_corridors_holds_a_position(told: World) -> None:
    for place in ("@movements", "@corridors"):
        assert not re.search(r"\d\d\.\d{3,}", plain(Browser(told, "alice").text(place)))


def test_the_list_renews_itself_alone(told: World) -> None:
    alice = Browser(told, "alice")
    part = alice.get("@movements", HTTP_HX_REQUEST="true").content.decode()
    assert part.lstrip().startswith('<div id="moving"')
    assert "<html" not in part
