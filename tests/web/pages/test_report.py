"""The report by the rights of its reader: the whole, what one was told, or what is public."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from tests.store.kit import PEOPLE, World
from tests.web.pages.kit import Browser
from tests.web.pages.test_plans_page import planned

PLAN = "3fa9c2d1"
SIDES_TOLD = {"N1": ("crescent", "ocha", "a"), "N2": ("crescent", "ocha", "b")}
"""Whose keys open each notification."""
HARBOUR, MILL = "Harbour road", "Mill road"


def recipient(party: str) -> dict[str, Any]:
    """Whom a notification tells."""
    return {"party": party, "channel": "file", "consent_by_function": "access officer",
            "consent_at": "2016-10-19T08:00:00Z"}


def told_apart(world: World) -> None:
    """A notification of one plan for each of two parties, each through a corridor of its own."""
    for name, party, corridor in (("N1", "Party A", HARBOUR), ("N2", "Party B", MILL)):
        for kind in ("draft", "submit"):
            more = {"recipients": [recipient(party)], "corridors": [corridor],
                    "source": f"plan {PLAN}, convoys c-{name}", "reference": name,
                    "people": {"total": 17}} if kind == "draft" else {}
            world.write("olga", f"notification.{kind}", name, wall="sealed",
                        to=SIDES_TOLD[name], **more)


def corridor(world: World, name: str, wall: str) -> None:
    """A word of OCHA on a corridor."""
    world.write("alice", "corridor", name, wall=wall, name=name, users=["civilians"],
                direction="out", status="open", mine_status="cleared", status_by="Party A")


@cache
def may_open(name: str) -> frozenset[str]:
    """The notifications that somebody's own key opens, by the sides they are sealed to."""
    side = PEOPLE[name][0] if name else ""
    return frozenset(of for of, sides in SIDES_TOLD.items() if side in sides)


@pytest.mark.parametrize("name", ["alice", "adam", "olga", "omar", "oda", "paul", "petra", "piotr",
                                  "mona", "mila", "fred", "finn", ""])
def test_each_reader_finds_the_movements_that_were_told_to_them_and_no_trace_of_others(
        world: World, name: str) -> None:
    told_apart(world)
    page = Browser(world, name).text("@report")
    for of, road in (("N1", HARBOUR), ("N2", MILL)):
        told = of in may_open(name)
        assert (road in page) is told, (name, of)
        assert (f">{of}</bdi>" in page) is told, (name, of)
    assert (PLAN in page) is bool(may_open(name))


def test_what_was_told_of_a_plan_stands_together_with_its_sums(world: World) -> None:
    told_apart(world)
    page = Browser(world, "omar").text("@report")
    assert page.count("Of the plan") == 1
    facts = dict(re.findall(r"<dt>([^<]+)</dt><dd><bdi[^>]*>(\d+)</bdi>", page))
    assert facts["Notifications"] == "2"
    assert facts["People, as far as counted"] == "34"
    paul = Browser(world, "paul").text("@report")
    facts = dict(re.findall(r"<dt>([^<]+)</dt><dd><bdi[^>]*>(\d+)</bdi>", paul))
    assert (facts["Notifications"], facts["People, as far as counted"]) == ("1", "17")


def test_a_notification_that_was_called_off_is_shown_and_not_counted(world: World) -> None:
    told_apart(world)
    world.write("olga", "notification.cancel", "N1", wall="sealed", to=SIDES_TOLD["N1"])
    page = Browser(world, "omar").text("@report")
    assert HARBOUR in page
    assert re.search(r"as far as counted</dt><dd><bdi[^>]*>17</bdi>", page)


def test_the_public_reads_public_hours_and_public_corridors_and_no_movement(world: World) -> None:
    told_apart(world)
    world.write("paul", "pause.declare", "P-open", title="Quiet hours for all")
    world.write("paul", "pause.declare", "P-kept", wall="restricted", title="Not yet announced")
    corridor(world, "Castello", "public")
    corridor(world, "Souk", "restricted")
    world.write("olga", "notification.draft", "N9", wall="public",
                corridors=["Far road"])
    page = Browser(world, "").text("@report")
    for shown in ("P-open", "Quiet hours for all", "Castello"):
        assert shown in page
    for kept in ("P-kept", "Not yet announced", "Souk", HARBOUR, MILL, PLAN, "N9", "Far road",
                 "Movements of which"):
        assert kept not in page


@pytest.mark.parametrize(("name", "sees"), [
    ("alice", True), ("adam", True), ("olga", True), ("omar", True), ("oda", False),
    ("paul", False), ("mona", False), ("fred", False), ("", False)])
def test_the_whole_report_is_for_who_may_read_the_folder(world: World, name: str, sees: bool
                                                         ) -> None:
    job = planned(world, Browser(world, "olga"))
    page = Browser(world, name).text("@report")
    assert (f'{job}/report"' in page) is sees
    assert ("<iframe" in page) is sees
    assert ("You may read the whole report" in page) is sees


def test_it_stands_in_arabic_too(world: World) -> None:
    told_apart(world)
    page = Browser(world, "paul", "ar").text("@report")
    assert 'dir="rtl"' in page
    assert "Movements of which" not in page
    assert "The report" not in re.sub(r"<[^>]+>", "", page)
