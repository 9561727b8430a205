"""The list of notifications and the page of one: who was sent it, who confirmed, who is silent."""

from __future__ import annotations

import re

import pytest

from lull.domain.records import RECEIPT_SENTENCE
from lull.store import models
from tests.store.kit import World
from tests.store.letters import sent, told
from tests.web.pages.kit import Browser
from tests.web.pages.story import (
    NAME,
    PLACE,
    amended,
    confirm,
    handed_in,
    letters,
    link,
    path_of,
    transmitted,
    words,
)

STRANGERS = ["oda", "mona", "mila", "finn", ""]
"""An organisation, an observer, a clerk and the public, to whom it was not sealed."""


@pytest.fixture
def out(world: World) -> World:
    """It has left for both recipients."""
    handed_in(world)
    transmitted(world)
    return world


def test_the_list_says_how_it_stands_when_it_leaves_and_who_is_silent_for_how_long(
    out: World,
) -> None:
    out.clock.forward(hours=1, minutes=12)
    page = words(Browser(out, "alice").text("@notifications"))
    assert "Transmitted 1 2016-10-21 06:00" in page
    assert "silent 2" in page
    assert "Party A 1 h 12 min Party B 1 h 12 min" in page
    assert confirm(Browser(out, "paul")).status_code == 303
    page = words(Browser(out, "alice").text("@notifications"))
    assert "Confirmed 1 silent 1" in page
    assert "Party A 1 h" not in page


def test_who_was_sent_nothing_yet_is_not_called_silent(world: World) -> None:
    handed_in(world)
    alice = Browser(world, "alice")
    assert "nothing sent" in words(alice.text("@notifications"))
    transmitted(world)
    models.Outgoing.objects.filter(channel="radio").update(sent=None)  # it waits again
    world.clock.forward(minutes=50)
    alice = Browser(world, "alice")
    page = words(alice.text("@notifications"))
    assert "silent 1 not left yet 1" in page
    assert "Party B" not in page
    assert "waits in the outbox" in alice.text(path_of(alice))


def test_the_list_is_searched_and_filtered_by_what_is_still_to_be_done(out: World) -> None:
    alice = Browser(out, "alice")
    assert NAME in alice.text("@notifications?state=silent")
    assert NAME not in alice.send("@notifications", {"q": "nowhere"}).content.decode()
    assert NAME in alice.send("@notifications", {"q": "canary assembly"}).content.decode()


def test_a_notification_is_read_at_a_glance_with_its_orders_in_sight(out: World) -> None:
    page = words(Browser(out, "petra").text(path_of(Browser(out, "petra"))))
    first = page.index("If it must turn back Turn back to the assembly point.")
    assert first < page.index("Nearest shelter The school at kilometre 4.") < page.index(
        f"Departure {PLACE}")
    assert "Vehicles: 7" in page
    assert "4 × bus" in page
    assert "People: 160" in page
    assert "Corridor 1" in page


def test_opened_is_not_confirmed_and_stands_apart(out: World) -> None:
    from django.test import Client

    from lull.store.sending.links import token_for
    from lull.web.application import STORE

    row = letters()["file"]
    token = token_for(out.store, row, out.clock().replace(day=25))
    assert Client(**{STORE: out.store}).get(f"/confirm/{token}").status_code == 200
    assert told(out, "fetch")
    alice = Browser(out, "alice")
    page = alice.text(path_of(alice))
    table = words(page[page.index("<table class=\"stack receipts"):])
    assert "opened is not confirmed" in table
    assert re.search(r"Party A 1 File 2016-10-20 12:00 UTC 2016-10-20 12:00 UTC silent for 0 min",
                     table)
    assert "silent 2" in words(page)


def test_receipt_and_permission_stand_in_columns_of_their_own(out: World) -> None:
    paul = Browser(out, "paul")
    assert confirm(paul).status_code == 303
    alice = Browser(out, "alice")
    before = alice.text(path_of(alice))
    cells = re.findall(r'<td data-name="Permission">(.*?)</td>', before, re.S)
    assert [words(cell) for cell in cells] == ["none on record", "none on record"]
    out.write("alice", "facilitation", NAME, wall="sealed", to=("ocha",), authority="Party A",
              number="L-77")
    after = alice.text(path_of(alice))
    receipt, permission = (
        [words(c) for c in re.findall(rf'<td data-name="{name}"[^>]*>(.*?)</td>', after, re.S)]
        for name in ("Receipt", "Permission"))
    assert "Confirmed" in receipt[0]
    assert "L-77" not in " ".join(receipt)
    assert "L-77" in permission[0]
    assert "Confirmed" not in " ".join(permission)
    assert RECEIPT_SENTENCE in after


def test_what_a_checkpoint_knows_is_no_receipt(out: World) -> None:
    out.write("fred", "known_at_checkpoint", NAME, wall="sealed", to=("ocha",), notification=NAME,
              notification_version=1, checkpoint="Crossing 1")
    alice = Browser(out, "alice")
    page = words(alice.text(path_of(alice)))
    assert "Known at the checkpoint" in page
    assert "Crossing 1" in page.split("Known at the checkpoint")[1]
    assert "silent 2" in page


def test_after_an_amendment_it_says_who_must_be_told_again_until_they_are(out: World) -> None:
    amended(out)
    for name in ("alice", "olga"):
        browser = Browser(out, name)
        page = words(browser.text(path_of(browser)))
        assert "These 2 must be told again Party A · has version 1" in page
        assert "Departure · Leaves 2016-10-21 06:00 UTC 2016-10-21 07:30 UTC" in page
    paul = Browser(out, "paul")
    assert "must be told again" not in paul.text(path_of(paul))
    kept = transmitted(out)
    assert len(kept.had) == 2
    alice = Browser(out, "alice")
    page = words(alice.text(path_of(alice)))
    assert "must be told again" not in page
    assert "Transmitted version 2" in page


def test_a_party_sees_its_own_line_and_not_what_the_other_answered(out: World) -> None:
    assert confirm(Browser(out, "piotr"), answered_by_function="canary function").status_code == 303
    paul, piotr = Browser(out, "paul"), Browser(out, "piotr")
    assert "canary function" in piotr.text(path_of(piotr))
    page = paul.text(path_of(paul))
    assert "canary function" not in page
    assert "You have not answered." in page
    table = page[page.index("<table class=\"stack receipts"):]
    assert "Party B" not in table[:table.index("</table>")]


@pytest.mark.parametrize("name", STRANGERS)
def test_nobody_else_finds_a_trace_of_what_is_sealed(out: World, name: str) -> None:
    alice = Browser(out, "alice")
    page = path_of(alice)
    sheet = f"@read-out/{letters()['radio'].pk}"
    browser = Browser(out, name)
    for there in ("@notifications", page, page + "?x=1", "@due", "@list/notification", sheet,
                  page.replace("of/notification", "transmit"),
                  page.replace("of/notification", "complete"),
                  page.replace("of/notification", "answer") + "/confirm/0123456789"):
        answer = browser.get(there)
        body = answer.content.decode()
        assert answer.status_code in (200, 302, 403, 404), there
        assert "CANARY" not in body.upper(), there
        assert "Cache-Control" in answer
    assert browser.get(page).status_code == 404


def test_addresses_and_titles_tell_no_name(out: World) -> None:
    alice = Browser(out, "alice")
    page = alice.text(path_of(alice))
    addresses = re.findall(r'(?:href|action|hx-get)="([^"]+)"', page)
    assert len(addresses) > 20
    assert not [one for one in addresses if "CANARY" in one.upper() or "Party" in one]
    titles = re.findall(r"<title>(.*?)</title>", page)
    assert titles
    assert "CANARY" not in titles[0]


def test_the_part_on_receipts_is_renewed_alone(out: World) -> None:
    alice = Browser(out, "alice")
    path = path_of(alice)
    part = alice.get(path, HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in part
    assert part.lstrip().startswith('<section id="receipts"')
    assert "silent for" in part
    assert 'hx-get="' + path in part


def test_an_owner_whose_sender_keeps_its_steps_restricted_sees_how_it_stands(world: World) -> None:
    handed_in(world, "restricted", ())
    transmitted(world)
    for name, status in (("olga", 200), ("omar", 200), ("oda", 404)):
        browser = Browser(world, name)
        listed = browser.text("@notifications")
        assert (NAME in listed) == (status == 200), name
        if status == 200:
            assert "known in part" not in listed
            page = words(browser.text(path_of(browser)))
            assert "Party A" in page
            assert "Party B" in page


def test_a_party_that_was_sent_a_restricted_one_sees_its_own_transmission_alone(world: World
                                                                               ) -> None:
    handed_in(world, "restricted", ())
    transmitted(world)
    for name, other in (("paul", "Party B"), ("piotr", "Party A")):
        browser = Browser(world, name)
        page = words(browser.text(path_of(browser)))
        assert other not in page
        assert PLACE not in page, "what it says went by letter, and is not read here"


def test_a_receipt_by_the_link_counts_for_the_coordinator(out: World) -> None:
    from django.test import Client

    from lull.store.sending.links import token_for
    from lull.web.application import STORE

    token = token_for(out.store, letters()["radio"], out.clock().replace(day=25))
    answer = Client(**{STORE: out.store}).post(f"/confirm/{token}", {"function": "on watch",
                                                                     "read": "1"})
    assert answer.status_code == 200
    alice = Browser(out, "alice")
    page = words(alice.text(path_of(alice)))
    assert "Confirmed on watch" in page
    assert "says that they read it" in page


def test_a_version_that_was_given_up_is_told_and_can_be_sent_again(world: World) -> None:
    from lull.store.sending.transport import NotSent
    from tests.store.letters import Kept

    handed_in(world)
    alice = Browser(world, "alice")
    to = link(alice.text(path_of(alice)), "Send")
    answer = alice.send(to, {"to": ["Party A\nfile"]})
    assert answer.status_code == 303
    assert sent(world, Kept(fails=[NotSent("the folder cannot be written", for_good=True)])) == 0
    page = alice.text(path_of(alice))
    assert "given up" in page
    assert "silent 1" not in words(page)
    assert link(alice.text("@outbox"), "Send again") == to
