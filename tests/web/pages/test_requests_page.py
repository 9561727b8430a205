"""Pages of requests for an extension: what is asked, what is new, who decided what and why."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.store.kit import World
from tests.web.pages import november
from tests.web.pages.kit import Browser
from tests.web.pages.test_notice import plain

ADDRESSED = ["alice", "adam", "olga", "omar", "paul", "petra", "piotr", "fred"]
STRANGERS = ["oda", "mona", "mila", "finn"]


@pytest.fixture
def told(world: World) -> World:
    november.notice(world)
    november.request(world)
    return world


def link_to(browser: Browser, name: str) -> str:
    """The address of a request."""
    found = re.search(rf'href="([^"]+)"><bdi>{name}</bdi>', browser.text("@requests"))
    assert found, name
    return found[1]


def follow(browser: Browser, event: str, **fields: Any) -> Any:
    """What comes of an act that the page of R1 offers."""
    page = browser.text(link_to(browser, "R1"))
    link = re.search(rf'href="([^"]*write/{re.escape(event)}\?[^"]*)"', page)
    assert link, event
    path = link[1].replace("&amp;", "&")
    form = browser.text(path)
    wall = re.search(r'name="wall" value="(\w+)" checked', form)
    given = {"wall": wall[1] if wall else "", "f.reference": "R1", "f.version": "1",
             "to": re.findall(r'name="to" value="([^"]+)" checked', form)}
    for name in ("party", "request", "at", "decided_at", "decided_by_function"):
        value = re.search(rf'name="f.{name}"[^>]*value="([^"]*)"', form)
        if value:
            given[f"f.{name}"] = value[1]
    return browser.send(path, {**given, **fields})


@pytest.mark.parametrize("name", ADDRESSED)
def test_those_addressed_see_what_is_asked_and_what_still_waits(told: World, name: str) -> None:
    browser = Browser(told, name)
    text = plain(browser.text(link_to(browser, "R1")))
    assert "Hours asked for, in all: 48:00 · hours of the present notice: 10:00" in text
    for fact in ("Persons 1500", "Patients 300", "Aid, tonnes 280", "Hours needed, likely 31",
                 "Hours needed, nine times of ten 44"):
        assert fact in text
    assert "A decision is of use until 2016-11-04 17:00 15:00 UTC · hours left: 9:00" in text
    assert november.OTHER_CANARY in text


@pytest.mark.parametrize("name", STRANGERS)
def test_a_stranger_sees_no_request_and_cannot_open_one(told: World, name: str) -> None:
    address = link_to(Browser(told, "alice"), "R1")
    browser = Browser(told, name)
    page = browser.text("@requests")
    assert "R1" not in page
    assert november.OTHER_CANARY not in page
    assert browser.get(address).status_code == 404
    assert Browser(told).get(address).status_code == 302


def test_a_proposal_is_new_or_repeated_and_one_asked_before_says_where(told: World) -> None:
    alice = Browser(told, "alice")
    proposals = alice.text(link_to(alice, "R1")).partition("What is proposed")[2].partition(
        "</ul>")[0].split("<li>")[1:]
    said = [plain(one) for one in proposals]
    assert said == ["new Two days in all asked before in R0", "new Medical staff come in",
                    "not said to be new One more corridor"]


def test_the_chain_of_earlier_requests_is_followed_and_says_what_came_of_them(told: World) -> None:
    alice = Browser(told, "alice")
    chain = plain(alice.text(link_to(alice, "R1")).partition("Earlier requests")[2])
    assert "R0 Lapsed · hours asked: 10:00 · Party A: no answer" in chain


def test_a_refusal_without_a_reason_stands_beside_a_grant_with_conditions(told: World) -> None:
    november.answers(told)
    for name in ("alice", "olga", "paul", "piotr"):
        browser = Browser(told, name)
        page = browser.text(link_to(browser, "R1"))
        cards = page.partition('id="decisions"')[2].partition("Sent and received")[0].split(
            'class="card decision"')[1:]
        first, second = (plain(card) for card in cards)
        assert "Party A" in first
        assert "Refused" in first
        assert "Reason given none given" in first
        assert "Party B" in second
        assert "Conditional" in second
        assert "Reason given The wounded still wait" in second
        assert "Conditions Medicines come in, too" in second
        assert "Conditions for the next pause Monitors stand at each crossing" in second


def test_who_may_decide_sees_only_the_buttons_of_its_own_name(told: World) -> None:
    for name, wanted in {
        "paul": {"grant", "grant_with_conditions", "grant_partly", "refuse"},
        "piotr": {"grant", "grant_with_conditions", "grant_partly", "refuse"},
        "alice": {"note_no_answer"}, "olga": set(), "fred": set(),
    }.items():
        browser = Browser(told, name)
        page = browser.text(link_to(browser, "R1"))
        assert set(re.findall(r"write/decision\.(\w+)", page)) == wanted, name


def test_parties_decide_from_the_page_and_the_asking_side_reads_it(told: World) -> None:
    paul = Browser(told, "paul")
    assert follow(paul, "decision.refuse").status_code == 303
    piotr = Browser(told, "piotr")
    done = follow(piotr, "decision.grant_with_conditions",
                  **{"f.reason_given": "They wait", "f.conditions": "Medicines\nMonitors"})
    assert done.status_code == 303
    olga = Browser(told, "olga")
    page = plain(olga.text(link_to(olga, "R1")))
    assert "Refused" in page
    assert "none given" in page
    assert "Medicines" in page
    assert "They wait" in page
    assert "They wait" not in Browser(told, "mona").text("@requests")


def test_a_party_cannot_decide_in_the_name_of_another(told: World) -> None:
    answer = follow(Browser(told, "paul"), "decision.refuse", **{"f.party": "Party B"})
    assert answer.status_code in (409, 422)
    alice = Browser(told, "alice")
    assert "Refused" not in plain(alice.text(link_to(alice, "R1")))


def test_a_coordinator_notes_that_one_party_has_not_answered(told: World) -> None:
    alice = Browser(told, "alice")
    page = alice.text(link_to(alice, "R1"))
    links = re.findall(r'href="([^"]*write/decision\.note_no_answer[^"]*)"', page)
    assert len(links) == 2
    assert not any("Party" in link for link in links)
    form = alice.text(links[1].replace("&amp;", "&"))
    assert re.search(r'name="f.party"[^>]*value="Party B"', form)
    assert re.search(r'name="f.request"[^>]*value="R1"', form)


def test_a_request_is_received_by_a_party_and_withdrawn_by_its_owner_alone(told: World) -> None:
    done = follow(Browser(told, "paul"), "request.receive", **{
        "f.channel": "letter", "f.by_function": "registry"})
    assert done.status_code == 303
    omar = Browser(told, "omar")
    assert "registry" in omar.text(link_to(omar, "R1"))
    assert "write/request.withdraw" in omar.text(link_to(omar, "R1"))
    piotr = Browser(told, "piotr")
    assert "write/request.withdraw" not in piotr.text(link_to(piotr, "R1"))
    assert follow(omar, "request.withdraw").status_code == 303
    assert "Withdrawn" in omar.text("@requests")


def test_an_hour_that_has_passed_is_told(told: World) -> None:
    told.clock.forward(hours=11)
    alice = Browser(told, "alice")
    text = plain(alice.text(link_to(alice, "R1")))
    assert "A decision has been of no use since 2016-11-04 17:00 15:00 UTC" in text
    assert "hours past: 2:00" in text


def test_a_request_is_drafted_from_the_page_by_a_side_that_may(told: World) -> None:
    for name, may in {"olga": True, "alice": True, "paul": False, "mona": False, "fred": False
                      }.items():
        assert ("write/request.draft" in Browser(told, name).text("@requests")) == may, name
    olga = Browser(told, "olga")
    form = olga.text("@write/request.draft")
    assert re.search(r'name="f.pause"[^>]*value="P2"', form)
    sent = {"about": "R2", "f.reference": "R2", "f.version": "1", "f.pause": "P2",
            "f.organisation": "Red Crescent", "f.function": "access officer",
            "f.addressees": "Party A", "f.windows.count": "1", "wall": "restricted",
            "f.windows.1.start": "2016-11-05T09:00", "f.windows.1.end": "2016-11-05T21:00",
            "f.proposals.count": "1", "f.proposals.1.text": "One more day",
            "f.proposals.1.is_new": "yes"}
    assert olga.send("@write/request.draft", sent).status_code == 303
    page = plain(olga.text(link_to(olga, "R2")))
    assert "12:00" in page
    assert "No figures are given." in page
    assert Browser(told, "paul").send("@write/request.draft", sent, form="@due").status_code == 403
