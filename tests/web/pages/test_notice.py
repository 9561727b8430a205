"""The page of the notice: what is announced by version, each party's word, what was seen."""

from __future__ import annotations

import re

import pytest

from tests.store.kit import World
from tests.web.pages import november
from tests.web.pages.kit import Browser

EVERYONE = ["alice", "adam", "olga", "oda", "paul", "piotr", "mona", "fred", ""]
ADDRESSED = {"alice", "adam", "piotr"}


def plain(page: str) -> str:
    """A page's text without its marks."""
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    return re.sub(r" ([:,.;])", r"\1", words)


@pytest.fixture
def told(world: World) -> World:
    november.notice(world)
    return world


@pytest.mark.parametrize("name", EVERYONE)
def test_whoever_may_read_the_notice_sees_what_it_announces(told: World, name: str) -> None:
    text = plain(Browser(told, name).text("@notice"))
    assert "2016-11-04 09:00 07:00 UTC" in text
    assert "2016-11-04 19:00 17:00 UTC" in text
    assert "Hours in all 10:00" in text
    assert "Buses 20" in text
    assert "Ambulances 8" in text
    assert "Feeding points 2" in text
    civilians, _, after = text.partition("Corridors for civilians")[2].partition(
        "Corridors for fighters")
    assert re.findall(r"Corridor \d", civilians) == november.CORRIDORS[:6]
    fighters = after.partition("Security measures")[0]
    assert re.findall(r"Corridor \d", fighters) == november.FIGHTERS
    assert "Guns stay 3.5 km away" in text
    assert "Nobody is turned back by force" in text


@pytest.mark.parametrize("name", EVERYONE)
def test_a_word_sealed_to_the_coordinator_is_seen_by_nobody_else(told: World, name: str) -> None:
    page = Browser(told, name).text("@notice")
    assert (november.CANARY in page) == (name in ADDRESSED)
    row = re.search(r"<tr><th scope=\"row\"><bdi>Party B</bdi>.*?</tr>", page, re.DOTALL)
    assert row
    assert ("Conditional" in row[0]) == (name in ADDRESSED)
    assert ("nothing that is yours to see" in row[0]) == (name not in ADDRESSED)


def test_what_changed_since_the_version_before_stands_beside_what_it_was(told: World) -> None:
    page = Browser(told, "olga").text("@notice")
    changes = page.partition("What changed since")[2].partition("What each party")[0]
    text = plain(changes)
    assert "Hours in all 7:00 10:00" in text
    assert "Buses 10 20" in text
    assert "16:00 14:00 UTC" in text
    assert "Ambulances" not in text


def test_an_earlier_version_is_shown_as_it_was_and_says_that_it_is_earlier(told: World) -> None:
    olga = Browser(told, "olga")
    page = olga.text("@notice")
    link = re.search(r'href="([^"]*\?entry=\d+)"', page)
    assert link
    earlier = plain(olga.text(link[1]))
    assert "This is an earlier version" in earlier
    assert "Hours in all 7:00" in earlier
    assert "Buses 10" in earlier
    assert "It is the first." in earlier


def test_a_notice_that_was_received_says_who_wrote_it_down_and_from_where(told: World) -> None:
    olga = Browser(told, "olga")
    page = olga.text("@notice")
    assert "Issued by <bdi>Party A</bdi>" in page
    assert "Statement of 4 November" in page
    link = re.search(r'href="([^"]*\?entry=\d+)"', page)
    assert link
    earlier = olga.text(link[1])
    assert "Written down as received, by <bdi>OCHA</bdi>" in earlier
    assert "Letter of 3 November" in earlier


def test_what_two_observers_saw_of_one_block_stands_side_by_side(told: World) -> None:
    page = Browser(told, "paul").text("@notice")
    table = page.partition('id="preparations"')[2].partition("</table>")[0]
    blocks = table.split("<tbody>")[1:]
    assert len(blocks) == 13  # eight corridors, three counts, the hours, one measure
    first = plain(blocks[0])
    assert "Two lanes are cleared; no buses stand there" in first
    assert "One lane is cleared" in first
    assert "Watch" in first
    assert "Eyes" in first
    assert all("not yet seen by anybody" in block for block in blocks[1:])
    assert "12 / 13" in plain(page)


def test_a_block_that_no_notice_names_is_marked(told: World) -> None:
    told.write("mona", "preparation_observed", "P2", block="Field hospital", observer="Watch",
               announced="Nothing", seen="Three tents")
    page = Browser(told, "mona").text("@notice")
    last = page.partition('id="preparations"')[2].partition("</table>")[0].split("<tbody>")[-1]
    assert "Field hospital" in last
    assert "not in the notice" in last


def test_an_observation_begins_with_its_block_and_with_nothing_that_another_saw(told: World
                                                                                ) -> None:
    mona = Browser(told, "mona")
    page = mona.text("@notice")
    links = re.findall(r'href="([^"]*block=[^"]*)"', page)
    assert len(links) == 13
    assert not any("Corridor" in link or "uses" in link for link in links)
    form = mona.text(links[8].replace("&amp;", "&"))
    assert re.search(r'name="f.block"[^>]*value="buses"', form)
    assert re.search(r'name="f.observer"[^>]*value="Watch"', form)
    assert re.search(r">\s*20</textarea>", form)
    assert "lane is cleared" not in form
    answer = mona.send(links[8].replace("&amp;", "&"), {
        "f.reference": "P2", "f.version": "1", "f.block": "buses", "f.announced": "20",
        "f.observer": "Watch", "f.observed_at": "2016-11-04T08:00", "f.seen": "Eleven stand there",
        "wall": "public"})
    assert answer.status_code == 303
    assert "/notice/" in mona.client.get(answer["Location"]).headers.get("Location",
                                                                        answer["Location"])
    assert "Eleven stand there" in Browser(told).text("@notice")


def test_only_a_party_speaks_for_itself_and_a_coordinator_notes_silence(told: World) -> None:
    offered = {name: set(re.findall(r"write/consent\.(\w+)", Browser(told, name).text("@notice")))
               for name in EVERYONE}
    assert offered["paul"] == {"agree", "condition", "refuse"}
    assert offered["piotr"] == {"agree", "declare", "refuse"}
    assert offered["mona"] == {"note_no_answer"}  # she does not see that Party B has spoken
    for name in ("alice", "olga", "fred", ""):
        assert offered[name] == set(), name


def test_a_party_refuses_from_the_page_and_its_word_stands(told: World) -> None:
    paul = Browser(told, "paul")
    link = re.search(r'href="([^"]*write/consent\.refuse[^"]*)"', paul.text("@notice"))
    assert link
    path = link[1].replace("&amp;", "&")
    assert 'value="Party A"' in paul.text(path)
    answer = paul.send(path, {
        "f.reference": "P2", "f.version": "2", "f.party": "Party A", "wall": "public",
        "f.said_at": "2016-11-04T08:00", "f.said_by_function": "spokesman"})
    assert answer.status_code == 303
    row = re.search(r'<tr><th scope="row"><bdi>Party A</bdi>.*?</tr>',
                    Browser(told).text("@notice"), re.DOTALL)
    assert row
    assert "Refused" in row[0]


def test_a_coordinator_writes_down_a_notice_that_was_received_and_a_clerk_cannot(world: World
                                                                                 ) -> None:
    alice = Browser(world, "alice")
    page = alice.text("@notice")
    assert "No notice of a pause has been given" in page
    assert "write/pause.declare" in page
    sent = {"about": "P2", "f.reference": "P2", "f.version": "1", "f.title": "Pause",
            "f.kind": "unilateral_pause", "f.basis": "declared", "f.area.name": "The east",
            "f.parties.count": "1", "f.parties.1.party": "Party A", "f.windows.count": "1",
            "f.windows.1.start": "2016-11-04T07:00", "f.windows.1.end": "2016-11-04T17:00",
            "f.prohibited_acts": "Fire", "f.permitted_acts": "Aid", "f.buses": "20",
            "f.corridors": "Corridor 1\nCorridor 2", "f.corridors_for_fighters": "Corridor 3",
            "wall": "restricted"}
    wrong = alice.send("@write/pause.declare", sent)
    assert wrong.status_code == 422
    assert "missing there: Corridor 3" in wrong.content.decode()
    done = alice.send("@write/pause.declare", {**sent, "f.corridors_for_fighters": "Corridor 2"})
    assert done.status_code == 303
    assert "Written down as received" in alice.text("@notice")
    assert "No notice of a pause" in Browser(world, "olga").text("@notice")
    assert "write/pause.declare" not in Browser(world, "olga").text("@notice")
    assert Browser(world, "fred").send("@write/pause.declare", sent, form="@due"
                                       ).status_code == 403


def test_a_public_observation_of_another_does_not_make_the_next_one_public(told: World) -> None:
    page = Browser(told, "mark").text("@notice")
    link = re.search(r'href="([^"]*block=[^"]*)"', page)
    assert link
    path = link[1].replace("&amp;", "&")
    mila = Browser(told, "mila").text(path)
    assert re.search(r'value="public" checked', mila)  # her own side made its last word public
    fred = Browser(told, "fred").text(path)
    assert re.search(r'value="restricted" checked', fred)
