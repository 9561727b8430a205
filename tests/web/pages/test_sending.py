"""Sending, calling off, ending; the outbox, sheets to be read out, and where recipients are."""

from __future__ import annotations

import re
from html import unescape

import pytest

from lull.store import models
from lull.store.sending.read_out import sheet
from tests.store.kit import World
from tests.store.letters import Kept, reachable, sent, told, version
from tests.web.pages.kit import Browser
from tests.web.pages.story import (
    NAME,
    TO,
    amended,
    confirm,
    handed_in,
    letters,
    movement,
    path_of,
    transmitted,
    words,
)


@pytest.fixture
def ready(world: World) -> World:
    """It is handed in."""
    handed_in(world)
    return world


@pytest.fixture
def out(ready: World) -> World:
    """It has left for both recipients."""
    transmitted(ready)
    return ready


def at(browser: Browser, place: str) -> str:
    """A page about the notification."""
    return path_of(browser).replace("of/notification", place)


def test_before_it_is_sent_one_sees_to_whom_it_is_sealed_and_what_each_letter_holds(
    world: World,
) -> None:
    handed_in(world, to=("ocha", "crescent", "a"))
    alice = Browser(world, "alice")
    page = words(alice.text(at(alice, "transmit")))
    assert "Sealed to the members of: OCHA , Party A , Red Crescent ." in page
    assert re.search(r"Party A File nothing yet the version, sealed to their members", page)
    assert re.search(r"Party B Radio nothing yet a sheet to read out, sealed to your own side",
                     page)


def test_who_has_a_version_is_shown_to_be_sent_what_has_changed(world: World) -> None:
    for party, channel in TO:
        reachable(world, party, channel)
    world.write("alice", "notification.draft", NAME, wall="restricted", **movement())
    world.write("alice", "notification.submit", NAME, wall="restricted")
    alice = Browser(world, "alice")
    assert "Party A File nothing yet the whole version" in words(alice.text(at(alice, "transmit")))
    transmitted(world)
    world.write("alice", "notification.amend", NAME, wall="restricted",
                **movement(2, leaves="07:30"))
    page = words(alice.text(at(alice, "transmit")))
    assert "Party A File version 1 what has changed" in page
    assert "Party B Radio version 1 a sheet to read out" in page


def test_what_goes_on_paper_has_no_tick(world: World) -> None:
    world.write("alice", "notification.draft", NAME, wall="restricted",
                **version(1, ("Party A", "paper")))
    world.write("alice", "notification.submit", NAME, wall="restricted")
    alice = Browser(world, "alice")
    page = alice.text(at(alice, "transmit"))
    assert "hand it over yourself" in page
    assert not re.findall(r'name="to"', page)
    assert alice.send(at(alice, "transmit")).status_code == 422


def test_that_it_leaves_late_is_told_and_it_leaves(world: World) -> None:
    handed_in(world)
    alice = Browser(world, "alice")
    page = words(alice.text(at(alice, "transmit")))
    assert "It is transmitted 18 h before departure" in page
    assert "it is 30 h late" in page
    transmitted(world)
    world.clock.forward(minutes=20)
    assert "It is transmitted 18 h before departure" in words(alice.text(path_of(alice)))


def test_a_draft_is_not_sent(world: World) -> None:
    world.write("alice", "notification.draft", NAME, wall="restricted", **movement())
    alice = Browser(world, "alice")
    assert "it is handed in first" in alice.text(at(alice, "transmit"))
    answer = alice.send(at(alice, "transmit"), {"to": ["Party A\nfile"]})
    assert answer.status_code == 422
    assert models.Outgoing.objects.count() == 0


def test_what_a_plan_left_unfilled_is_named_and_does_not_leave(world: World) -> None:
    world.write("alice", "notification.draft", NAME, wall="restricted",
                **movement(turning_back_order="«to be filled»"))
    world.write("alice", "notification.submit", NAME, wall="restricted")
    alice = Browser(world, "alice")
    page = words(alice.text(path_of(alice)))
    assert "Still to be filled before it can leave: Order for turning back" in page
    answer = alice.send(at(alice, "transmit"), {"to": ["Party A\r\nfile"]})
    assert answer.status_code == 422
    assert "Order for turning back : This is still to be filled" in words(answer.content.decode())
    assert models.Outgoing.objects.count() == 0


@pytest.mark.parametrize("place", ["transmit", "call-off", "complete", "expire", "supersede"])
@pytest.mark.parametrize(("name", "status"), [("paul", 403), ("oda", 404), ("mona", 404),
                                              ("fred", 403), ("", 302)])
def test_only_who_may_sends_and_ends(out: World, place: str, name: str, status: int) -> None:
    there = at(Browser(out, "alice"), place)
    browser = Browser(out, name)
    assert browser.get(there).status_code == status
    assert browser.send(there, {"to": ["Party A\nfile"], "outcome": "completed"},
                        form="@due").status_code in (status, 403)
    assert not told(out, "notification.cancel")
    assert Browser(out, "alice").get(there).status_code == 200


def test_calling_off_tells_all_who_were_sent_it_and_waits_for_their_receipt(out: World) -> None:
    alice = Browser(out, "alice")
    page = words(alice.text(at(alice, "call-off")))
    assert "These are told Party A · File · has version 1 Party B · Radio · has version 1" in page
    assert alice.send(at(alice, "call-off"), {"reason": ""}).status_code == 303
    page = words(alice.text(path_of(alice)))
    assert "Called off" in page
    assert "Reason given: none given" in page
    assert "not left yet 2" in page
    assert sent(out, Kept()) == 2
    paul = Browser(out, "paul")
    assert "You were told that it is called off" in paul.text(path_of(paul))
    assert confirm(paul).status_code == 303
    page = words(alice.text(path_of(alice)))
    assert "Confirmed 1 silent 1" in page


def test_its_owner_takes_back_what_nobody_was_sent_and_no_more(world: World) -> None:
    handed_in(world)
    olga, omar, oda = (Browser(world, name) for name in ("olga", "omar", "oda"))
    there = at(olga, "call-off")
    assert "Nobody was sent a version" in omar.text(there)
    assert oda.get(there).status_code == 404
    assert omar.send(there, {"reason": "The road is cut."}).status_code == 303
    assert "The road is cut." in olga.text(path_of(olga))


@pytest.mark.parametrize("wall", ["sealed", "restricted"])
@pytest.mark.parametrize("name", ["olga", "omar", "alice", "adam"])
def test_what_was_sent_is_called_off_by_its_owner_or_a_coordinator_and_all_are_told(
    world: World, wall: str, name: str
) -> None:
    handed_in(world, wall, ("ocha", "crescent", "a", "b") if wall == "sealed" else ())
    transmitted(world)
    browser = Browser(world, name)
    page = words(browser.text(at(browser, "call-off")))
    assert "These are told Party A · File · has version 1 Party B · Radio · has version 1" in page
    assert browser.send(at(browser, "call-off"), {"reason": "The road is cut."}).status_code == 303
    kept = Kept()
    assert sent(world, kept) == 2
    assert {p.channel for p in kept.had} == {"file", "radio"}
    page = words(browser.text(path_of(browser)))
    assert "The road is cut." in page
    assert page.count("told that it is called off") or "Called off" in page


def test_a_party_s_page_shows_its_own_version_and_nobody_else_and_no_ladder(world: World) -> None:
    """Under every field, in the list of versions, in what was said, in the ledger."""
    for party, channel in TO:
        reachable(world, party, channel)
    ladder = [{"after_minutes": 30, "organisation": "OCHA", "function": "duty officer",
               "channel": "radio", "does": "calls CANARY-LADDER"}]
    sides = ("ocha", "crescent", "a", "b")
    world.write("olga", "notification.draft", NAME, wall="sealed", to=sides,
                **movement(escalation=ladder))
    world.write("olga", "notification.submit", NAME, wall="sealed", to=sides)
    transmitted(world)
    for name, own, other in (("paul", "Party A", "Party B"), ("piotr", "Party B", "Party A")):
        browser = Browser(world, name)
        page = words(browser.text(path_of(browser))) + words(browser.text("@ledger"))
        assert own in page
        assert other not in page
        assert "CANARY-LADDER" not in page
    for name in ("olga", "alice"):
        page = words(Browser(world, name).text(path_of(Browser(world, name))))
        assert "CANARY-LADDER" in page
        assert "Party A" in page
        assert "Party B" in page


@pytest.mark.parametrize(("name", "sees"), [("olga", True), ("omar", True), ("oda", False)])
def test_the_owner_s_page_shows_who_was_sent_a_restricted_one_and_who_confirmed(
    world: World, name: str, sees: bool
) -> None:
    handed_in(world, "restricted", ())
    transmitted(world)
    world.write("alice", "receipt.confirm", NAME, part="Party A 1", wall="restricted",
                recipient="Party A", notification=NAME, notification_version=1)
    browser = Browser(world, name)
    if not sees:
        assert NAME not in browser.text("@notifications")
        return
    page = words(browser.text(path_of(browser)))
    assert re.search(r"Party A .*Confirmed", page)
    assert "Party B" in page


def test_how_it_ended_stands_with_the_reason_or_that_none_was_given(out: World) -> None:
    olga = Browser(out, "olga")
    there = at(olga, "complete")
    assert olga.send(there, {"outcome": ""}).status_code == 422
    assert olga.send(there, {"outcome": "denied", "by": "Party A", "reason": " "}
                     ).status_code == 303
    for name in ("olga", "alice", "paul"):
        browser = Browser(out, name)
        page = words(browser.text(path_of(browser)))
        assert "Completed: Denied" in page
        assert "Reason given: none given · by Party A" in page
    again = olga.send(there, {"outcome": "completed"}, form="@due")
    assert again.status_code in (403, 422)


def test_another_takes_its_place(out: World) -> None:
    out.write("olga", "notification.draft", "N99", wall="sealed", to=("ocha", "crescent"),
              **movement())
    alice = Browser(out, "alice")
    found = re.search(r'href="([^"]+)"><bdi>' + NAME, alice.text("@notifications"))
    assert found
    there = found[1].replace("of/notification", "supersede")
    assert alice.send(there, {"other": ""}).status_code == 422
    choice = re.search(r'<option value="([0-9a-f]+)">N99', alice.text(there))
    assert choice
    assert alice.send(there, {"other": choice[1]}).status_code == 303
    page = words(alice.text(found[1]))
    assert "Superseded" in page
    assert "in its place: N99" in page


def test_its_validity_is_over(out: World) -> None:
    alice, olga = Browser(out, "alice"), Browser(out, "olga")
    assert olga.get(at(olga, "expire")).status_code == 403
    assert alice.send(at(alice, "expire")).status_code == 303
    assert "Expired" in alice.text(path_of(alice))


def test_the_sheet_says_what_the_letter_says_and_prints(world: World) -> None:
    for party, channel in TO:
        reachable(world, party, channel)
    world.write("alice", "notification.draft", NAME, wall="restricted", **movement())
    world.write("alice", "notification.submit", NAME, wall="restricted")
    kept = transmitted(world)
    alice = Browser(world, "alice")

    def shown() -> str:
        page = alice.text(f"@read-out/{letters()['radio'].pk}")
        assert "data-print" in page
        assert NAME not in re.search(r"<title>(.*?)</title>", page)[1]  # type: ignore[index]
        return unescape(re.search(r"<pre[^>]*>(.*?)</pre>", page, re.S)[1])  # type: ignore[index]

    assert shown() == sheet(kept.texts["EAGLE 7"], "EAGLE 7", 1)
    assert "time ZERO SIX ZERO ZERO" in shown()
    world.write("alice", "notification.amend", NAME, wall="restricted",
                **movement(2, leaves="07:30"))
    kept = transmitted(world)
    assert "what has changed since version 1" in kept.texts["EAGLE 7"]
    assert shown() == sheet(kept.texts["EAGLE 7"], "EAGLE 7", 2)
    assert alice.send(at(alice, "call-off"), {"reason": "Shelling."}).status_code == 303
    assert "CANCELLED, as of version 3" in shown()


@pytest.mark.parametrize(("name", "status"), [("adam", 200), ("olga", 403), ("paul", 403),
                                              ("piotr", 403), ("mona", 403), ("fred", 403),
                                              ("", 302)])
def test_outbox_sheets_and_addresses_are_for_coordinators(out: World, name: str, status: int
                                                          ) -> None:
    browser = Browser(out, name)
    for there in ("@outbox", "@addressees", f"@read-out/{letters()['radio'].pk}"):
        answer = browser.get(there)
        assert answer.status_code == status, there
        assert ("EAGLE 7" in answer.content.decode()) == (status == 200 and there != "@outbox")
    wanted = {"act": "set", "recipient": "Party A", "channel": "file", "address": "box-9"}
    done = browser.send("@addressees", wanted, form="@due" if status != 200 else "")
    assert done.status_code == (303 if status == 200 else status if name else 302)
    gone = browser.send("@addressees", {"act": "drop", "which": "Party A\r\nfile"},
                        form="@due" if status != 200 else "")
    assert gone.status_code == done.status_code
    assert ("box-3" in Browser(out, "alice").text("@addressees")) == (status != 200)


def test_the_outbox_says_what_waits_what_left_and_what_was_given_up(out: World) -> None:
    from lull.store.sending.transport import NotSent
    amended(out)
    alice = Browser(out, "alice")
    assert alice.send(at(alice, "transmit"), {"to": ["Party A\r\nfile", "Party B\r\nradio"]}
                      ).status_code == 303
    sent(out, Kept(fails=[NotSent("the folder cannot be written", for_good=True),
                          NotSent("no line")]))
    page = words(alice.text("@outbox"))
    assert page.index("given up 2016-10-20") < page.index("waits tried next at") < page.index(
        "left 2016-10-20")
    assert "the folder cannot be written" in page
    assert "That a letter left is no receipt." in page
    assert "box-3" not in page
    assert alice.text("@outbox?state=given_up").count("<tr>") == 2


def test_the_secret_of_a_webhook_is_shown_once(world: World) -> None:
    alice = Browser(world, "alice")
    wanted = {"act": "set", "recipient": "Party A", "channel": "webhook",
              "address": "https://example.org/in"}
    done = alice.send("@addressees", wanted)
    assert done.status_code == 200
    secret = re.search(r'class="code">([A-Za-z0-9_-]{30,})<', done.content.decode())
    assert secret
    assert secret[1] not in alice.text("@addressees")
    assert done["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("wrong", "field"), [
    ({"address": "Party A"}, "address"), ({"recipient": ""}, "recipient"),
    ({"channel": "pigeon"}, "channel")])
def test_an_address_that_is_none_is_told_at_its_field(world: World, wrong: dict[str, str],
                                                      field: str) -> None:
    alice = Browser(world, "alice")
    wanted = {"act": "set", "recipient": "Party A", "channel": "file", "address": "box-3", **wrong}
    done = alice.send("@addressees", wanted)
    assert done.status_code == 422
    assert f'href="#{field}"' in done.content.decode()
    assert models.Addressee.objects.count() == 0
    assert alice.send("@addressees", {"act": "drop", "which": "x"}).status_code == 422
