"""One notification from its draft to its end, in a browser for each who takes part in it.

What to press is found by where it leads, so that the story is the same in every language.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from attrs import define, field
from playwright.sync_api import Browser, Page

from tests.browser.desk import Desk, desk
from tests.browser.serving import served
from tests.store.conftest import world
from tests.store.kit import World
from tests.store.letters import Kept, sent

__all__ = ["world"]
NAME = "CANARY-014"
WORDS = "canary: the wounded and their companions"
PICTURES = os.environ.get("LULL_TEST_PICTURES", "")
"""A folder into which each page of the story is drawn, for whoever wants to look."""

WRITE = "main form > button:not([name]):not(.skip)"
FIELDS = {
    "organisation": "Red Crescent", "purpose": WORDS, "pause": "Aleppo",
    "contact-organisation": "Red Crescent", "contact-function": "operations desk",
    "contact-channel": "telephone", "contact-number": "+000 21 555 0100",
    "deputy-organisation": "Red Crescent", "deputy-function": "duty officer",
    "deputy-channel": "radio", "deputy-number": "CH-12",
    "departure-place-name": "Assembly point 3", "departure-arrives": "2016-10-23T05:00",
    "departure-leaves": "2016-10-23T06:00", "arrival-place-name": "نقطة الاستقبال",
    "arrival-arrives": "2016-10-23T08:15", "arrival-leaves": "2016-10-23T09:00",
    "route_sha256": "0a" * 32, "vehicles-1-type": "bus", "vehicles-1-number": "4",
    "crews-1-organisation": "Red Crescent", "crews-1-number": "8",
    "recipients-1-party": "Party A", "recipients-1-channel": "file",
    "recipients-1-consent_by_function": "access officer",
    "recipients-1-consent_at": "2016-10-19T08:00",
    "valid-start": "2016-10-23T04:00", "valid-end": "2016-10-23T16:00",
    "turning_back_order": "Turn back to Assembly point 3 by the same road.",
    "nearest_shelter_order": "The school at kilometre 4.",
}
SECOND = {
    "recipients-2-party": "Party B", "recipients-2-channel": "radio",
    "recipients-2-consent_by_function": "access officer",
    "recipients-2-consent_at": "2016-10-19T08:00",
}


@define
class Story:
    """Everybody at a browser of their own, in one language and width."""

    browser: Browser
    base: str
    world: World
    language: str
    width: int
    desks: dict[str, Desk] = field(factory=dict)

    def at(self, name: str) -> Desk:
        """Somebody's browser, signed in on first use."""
        if name not in self.desks:
            self.desks[name] = desk(self.browser, self.base, self.world, name,
                                    language=self.language, width=self.width)
        return self.desks[name]

    def opened(self, name: str) -> Desk:
        """Somebody at the page of the notification, by way of their own list."""
        one = self.at(name)
        one.go("@notifications")
        one.tap(one.page.locator('main a[href*="/of/notification/"]'))
        return one

    def draw(self, name: str, what: str) -> None:
        """Draw somebody's page, for whoever wants to look."""
        if PICTURES:
            self.at(name).page.screenshot(
                path=f"{PICTURES}/{self.language}-{self.width}-{what}-{name}.png", full_page=True)


@pytest.fixture(params=[("en", 1280), ("ar", 360)], ids=["english-wide", "arabic-phone"])
def story(request: pytest.FixtureRequest, chromium: Browser, world: World) -> Iterator[Story]:
    """The room is served, and nobody has come in yet."""
    language, width = request.param
    with served(world) as base:
        made = Story(chromium, base, world, language, width)
        yield made
        for one in made.desks.values():
            one.page.context.close()


def put(page: Page, name: str, value: str) -> None:
    """Fill in one field, typed or chosen."""
    control = page.locator(f"#f-{name}")
    if control.evaluate("e => e.tagName") == "SELECT":
        control.select_option(value)
    else:
        control.fill(value)


def drafted(story: Story) -> None:
    """The organisation drafts it, sealed to both parties, and hands it in."""
    olga = story.at("olga")
    olga.go("@write/notification.draft")
    page = olga.page
    page.fill("#about", NAME)
    unfold = "all => all.forEach(one => one.open = true)"
    for several in ("vehicles", "crews"):  # a movement on foot has none
        page.locator("details").evaluate_all(unfold)
        olga.tap(f'button[name="more"][value="f.{several}"]')
        page.locator("details").evaluate_all(unfold)
        for name, value in FIELDS.items():
            if name.startswith(several):  # a group in which nothing stands is dropped
                put(page, name, value)
    page.locator("details").evaluate_all(unfold)
    for name, value in FIELDS.items():
        put(page, name, value)
    page.select_option("#f-type", "evacuation")
    olga.tap('button[name="more"][value="f.recipients"]')
    for name, value in SECOND.items():
        put(page, name, value)
    page.check('input[name="wall"][value="sealed"]')
    for side in ("OCHA", "Red Crescent", "Party A", "Party B"):
        page.locator("#wall .sides label").filter(has_text=side).locator("input").check()
    story.draw("olga", "01-draft")
    olga.tap(WRITE)
    assert "/of/notification/" in page.url, olga.text
    story.draw("olga", "02-drafted")
    olga.tap('a[href*="/write/notification.submit"]')
    olga.tap(WRITE)
    assert "/of/notification/" in page.url, olga.text


def dispatched(story: Story, step: str) -> Kept:
    """The coordinator sends it to all who are ticked, and the letters leave."""
    alice = story.opened("alice")
    alice.tap('main a[href*="/transmit/"]')
    assert alice.page.locator('input[name="to"]:checked').count() == 2
    story.draw("alice", f"{step}-transmit")
    alice.tap(WRITE)
    kept = Kept()
    assert sent(story.world, kept) == 2
    return kept


def reachable(story: Story) -> None:
    """The coordinator says where both are reached."""
    alice = story.at("alice")
    for party, channel, address in (("Party A", "file", "box-3"), ("Party B", "radio", "EAGLE 7")):
        alice.go("@addressees")
        alice.page.fill("#recipient", party)
        alice.page.select_option("#channel", channel)
        alice.page.fill("#address", address)
        alice.tap(alice.page.locator("main form").last.locator("button"))
    assert "EAGLE 7" in alice.text
    story.draw("alice", "03-addressees")


def confirmed(story: Story, step: str) -> None:
    """Party A's liaison confirms in two taps; Party B does by voice, and it is written down."""
    paul = story.opened("paul")
    story.draw("paul", f"{step}-to-confirm")
    paul.tap('main section.say a[href*="/confirm/"]')
    paul.tap(WRITE)
    assert "/of/notification/" in paul.page.url, paul.text
    story.draw("paul", f"{step}-confirmed")
    alice = story.opened("alice")
    alice.tap('#receipts a[href*="/read-out/"]')
    story.draw("alice", f"{step}-sheet")
    alice.tap('main a[href*="/confirm/"]')
    alice.page.fill("#answered_by_function", "duty officer of the gate")
    story.draw("alice", f"{step}-by-voice")
    alice.tap(WRITE)


def states(one: Desk) -> list[str]:
    """What stands in the column of receipts, by row."""
    return [cell.split("<")[0] for cell in one.page.eval_on_selector_all(
        "table.receipts tr td.receipt", "cells => cells.map(c => c.dataset.states)")]


def test_one_notification_from_draft_to_completion(story: Story) -> None:
    drafted(story)
    reachable(story)
    dispatched(story, "04")
    story.world.clock.forward(minutes=12)
    alice = story.opened("alice")
    assert states(alice) == ["", ""]
    story.draw("alice", "05-silent")
    confirmed(story, "06")
    assert states(story.opened("alice")) == ["confirmed", "confirmed"]

    olga = story.opened("olga")
    assert states(olga) == ["confirmed", "confirmed"]
    olga.tap('a[href*="/write/notification.amend"]')
    assert olga.page.input_value("#f-purpose") == WORDS
    assert olga.page.input_value("#f-recipients-2-party") == "Party B"
    olga.page.fill("#f-departure-leaves", "2016-10-23T07:00")
    olga.tap(WRITE)
    assert olga.page.locator("#again li").count() == 2
    assert "2016-10-23 07:00" in olga.text
    story.draw("olga", "07-amended")

    kept = dispatched(story, "08")
    assert len(kept.had) == 2
    alice = story.opened("alice")
    assert alice.page.locator("#again").count() == 0
    assert states(alice) == ["", "confirmed", "", "confirmed"]
    confirmed(story, "09")
    assert states(story.opened("alice")) == ["confirmed"] * 4

    olga = story.opened("olga")
    olga.tap('a[href*="/complete/"]')
    olga.page.check('input[name="outcome"][value="completed"]')
    story.draw("olga", "10-complete")
    olga.tap(WRITE)
    for name in ("alice", "olga", "paul", "piotr"):
        one = story.opened(name)
        assert one.page.locator('main a[href*="/write/notification."]').count() == 0
        story.draw(name, "11-completed")
    _nothing_elsewhere(story)
    _no_traces(story)


def _nothing_elsewhere(story: Story) -> None:
    """Those to whom it was not sealed find no trace of it, wherever they look."""
    page = story.at("alice").page.url
    for name in ("oda", "mona", "finn", ""):
        one = story.at(name)
        for there in ("@notifications", page, "@list/notification", "@due", "@outbox",
                      page.replace("/of/notification/", "/transmit/")):
            one.go(there)
            assert "canary" not in one.page.content().casefold(), (name, there)
        one.go("@notice")
        story.draw(name or "public", "12-elsewhere") if name else None


def _no_traces(story: Story) -> None:
    """No address, title, store of the browser, or page gone back to holds a word of it."""
    for name, one in story.desks.items():
        assert [s for s in one.seen if "canary" in s.casefold() or "Party" in s] == []
        refused = ("403", "404")  # a browser notes that a page was refused
        assert [s for s in one.said if not any(code in s for code in refused)] == [], name
        kept: Any = one.page.evaluate(
            "(async () => { const found = [JSON.stringify(localStorage),"
            " JSON.stringify(sessionStorage)];"
            " for (const name of await caches.keys()) { const c = await caches.open(name);"
            " for (const r of await c.keys()) { found.push(r.url, await (await c.match(r)).text())"
            " } } return found.join(' ') })()")
        assert "canary" not in kept.casefold(), name
    paul = story.at("paul")
    story.opened("paul")
    assert NAME in paul.text
    paul.tap('form[action="/sign-out"] button')
    paul.page.go_back()
    paul.page.wait_for_load_state("networkidle")
    assert "canary" not in paul.page.content().casefold()
