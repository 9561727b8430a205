"""One notification from the plan to its end, in a browser for each who takes part in it.

What to press is found by where it leads, so that the story is the same in every language. Each acts
in a language and at a width of their own; at the end the page of each is seen in every way.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from attrs import define, field
from playwright.sync_api import Browser, Page

from lull.domain.records.form import TO_FILL
from tests.browser.desk import Desk, desk
from tests.browser.eyes import colours_elsewhere, draw, in_every_way
from tests.browser.serving import served
from tests.store.conftest import world
from tests.store.kit import World
from tests.store.letters import Kept, sent
from tests.web.folders import worked, zipped

__all__ = ["world"]
NAME = "CANARY-014"
WORDS = "canary: the wounded and their companions"
FILLED = "canary: turn back to the assembly point by the same road."
WAYS = {"olga": ("ar", 1280), "alice": ("en", 1280), "paul": ("ar", 360), "piotr": ("en", 360),
        "mona": ("ar", 360), "fred": ("en", 360), "": ("ar", 1280)}
"""In which language and how wide somebody works; others as the first."""
SIDES = ("OCHA", "Red Crescent", "Party A", "Party B")
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
    """Everybody at a browser of their own, in their own language and width."""

    browser: Browser
    base: str
    world: World
    ways: dict[str, tuple[str, int]]
    desks: dict[str, Desk] = field(factory=dict)

    def at(self, name: str) -> Desk:
        """Somebody's browser, signed in on first use."""
        if name not in self.desks:
            language, width = self.ways.get(name, ("en", 1280))
            self.desks[name] = desk(self.browser, self.base, self.world, name, language=language,
                                    width=width, by_the_door=name == "olga")
        return self.desks[name]

    def opened(self, name: str) -> Desk:
        """Somebody at the page of the notification, by way of their own list."""
        one = self.at(name)
        one.go("@notifications")
        one.tap(one.page.locator('main a[href*="/of/notification/"]'))
        return one

    def back(self, name: str) -> None:
        """Somebody's language and width are their own again."""
        one = self.at(name)
        language, width = self.ways.get(name, ("en", 1280))
        one.page.context.add_cookies([{"name": "lull-language", "value": language,
                                       "url": self.base}])
        one.page.set_viewport_size({"width": width, "height": 900})

    def draw(self, name: str, what: str) -> None:
        """Draw somebody's page, for whoever wants to look."""
        draw(self.at(name).page, f"{what}-{name}")


@pytest.fixture
def story(chromium: Browser, world: World) -> Iterator[Story]:
    """The room is served, and nobody has come in yet."""
    with served(world) as base:
        made = Story(chromium, base, world, WAYS)
        yield made
        for one in made.desks.values():
            one.page.context.close()


def put(page: Page, name: str, value: str, start: str = "f-") -> None:
    """Fill in one field, typed or chosen."""
    control = page.locator(f"#{start}{name}")
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
    for side in SIDES:
        page.locator("#wall .sides label").filter(has_text=side).locator("input").check()
    story.draw("olga", "01-draft-by-hand")
    olga.tap(WRITE)
    assert "/of/notification/" in page.url, olga.text
    handed_in(olga)


def handed_in(olga: Desk) -> None:
    """What is shown to the organisation is handed in."""
    olga.tap('main a[href*="/write/notification.submit"]')
    olga.tap(WRITE)
    assert "/of/notification/" in olga.page.url, olga.text


def planned(story: Story) -> str:
    """The organisation imports a folder, has it planned, and drafts one notification of the plan,
    sealed to both parties; returns its name.
    """
    olga = story.at("olga")
    page = olga.page
    olga.go("@plans")
    page.set_input_files("#folder", {"name": "my-pause.zip", "mimeType": "application/zip",
                                     "buffer": zipped()})
    olga.tap('form[enctype="multipart/form-data"] button')
    worked(story.world)
    olga.go(page.url)
    story.draw("olga", "01-folder")
    olga.tap('main a[href$="/plan"]')
    put(page, "work", "0", "o-")
    put(page, "consents", "all-met", "o-")
    story.draw("olga", "02-ask")
    olga.tap("main form button")
    worked(story.world)
    olga.go(page.url)
    assert page.locator('main a[href$="/report"]').count() == 1
    story.draw("olga", "03-plan")
    olga.tap('main a.button[href*="/notifications"]')
    boxes = page.locator('input[name="only"]')
    name = str(boxes.first.get_attribute("value"))
    boxes.evaluate_all("all => all.slice(1).forEach(one => one.checked = false)")
    for at, (party, channel) in enumerate((("Party A", "file"), ("Party B", "radio")), 1):
        page.fill(f'[name="recipient.{at}"]', party)
        page.select_option(f'[name="channel.{at}"]', channel)
    page.fill('[name="consent_by"]', "head of mission")
    page.fill('[name="consent_at"]', "2016-10-19T09:00")
    for which in ("contact", "deputy"):
        for part in ("organisation", "function", "channel", "number"):
            page.fill(f'[name="{which}.{part}"]', FIELDS[f"{which}-{part}"])
    page.check('input[name="wall"][value="sealed"]')
    for side in SIDES:
        page.locator("#wall .sides label").filter(has_text=side).locator("input").check()
    story.draw("olga", "04-drafts")
    olga.tap("main form button")
    assert page.locator('main [role=status] a[href*="/of/notification/"]').count() == 1, olga.text
    olga.tap('main [role=status] a[href*="/of/notification/"]')
    assert name in olga.text
    story.draw("olga", "05-drafted")
    return name


def filled(story: Story) -> None:
    """What the plan could not know is filled in while it is a draft, and it is handed in."""
    olga = story.opened("olga")
    page = olga.page
    olga.tap('main a[href*="/write/notification.revise"]')
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    page.fill("#f-purpose", WORDS)
    for one in page.locator("main input:visible, main textarea:visible").all():
        if one.get_attribute("type") not in ("checkbox", "radio") and (
                one.input_value() == TO_FILL):
            one.fill(FILLED)
    story.draw("olga", "06-filled")
    olga.tap(WRITE)
    assert "/of/notification/" in page.url, olga.text
    assert FILLED in olga.text
    handed_in(olga)


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


def test_a_notification_is_drafted_by_hand_and_handed_in(story: Story) -> None:
    drafted(story)
    assert NAME in story.opened("alice").text


def test_one_notification_from_plan_to_completion(story: Story) -> None:
    name = planned(story)
    filled(story)
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
    left = datetime.fromisoformat(olga.page.input_value("#f-departure-leaves"))
    later = left + timedelta(minutes=5)
    olga.page.fill("#f-departure-leaves", f"{later:%Y-%m-%dT%H:%M}")
    olga.tap(WRITE)
    assert olga.page.locator("#again li").count() == 2
    assert f"{later:%Y-%m-%d %H:%M}" in olga.text
    story.draw("olga", "08-amended")

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
    _seen_by_all(story, name)
    _nothing_elsewhere(story)
    _no_traces(story, name)


OWN = {"alice": 4, "olga": 4, "paul": 2, "piotr": 2, "fred": 4}
"""How many lines of receipts each sees: a party its own alone; the owner's clerk reads along."""


def _seen_by_all(story: Story, name: str) -> None:
    """Each role meets its end in every language and width, with what is theirs and nothing else."""
    there = story.at("alice").page.url
    for who in ("alice", "olga", "paul", "piotr", "fred", "finn", "mona", ""):
        tab = story.at(who).page
        part = who or "public"
        if who in OWN:
            for language, _ in in_every_way(tab, there, f"11-completed-{part}"):
                _ended(tab, who, name, language)
            for _ in in_every_way(tab, f"{story.base}/p/{story.world.pause}/notifications",
                                  f"12-list-{part}"):
                assert name in str(tab.locator("main").text_content())
        else:
            for _ in in_every_way(tab, there, f"11-nothing-{part}", status=404):
                body = tab.content().casefold()
                assert "canary" not in body
                assert name.casefold() not in body
        story.back(who)
    colours_elsewhere(story.opened("alice").page)


def _ended(tab: Page, who: str, name: str, language: str) -> None:
    """What a role reads of a notification that was completed."""
    said = str(tab.locator("main").text_content())
    assert name in said
    assert FILLED in said
    outcome = {"en": "Completed: Completed", "ar": "مكتمل: مكتمل"}[language]
    assert outcome in tab.locator("main div.say strong").all_inner_texts()
    for step in ("/write/notification.", "/transmit/", "/complete/", "/call-off/"):
        assert tab.locator(f'main a[href*="{step}"]').count() == 0, step
    assert tab.locator("table.receipts tr td.receipt").count() == OWN[who], who
    assert tab.locator(".beside").count() > 0, "what a receipt is stands beside it"
    assert ("duty officer of the gate" in said) == (who != "paul"), "what Party B answered"


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
        assert "canary" not in one.page.content().casefold(), name


def _no_traces(story: Story, notification: str) -> None:
    """No address, title, store of the browser, or page gone back to holds a word of it."""
    for name, one in story.desks.items():
        assert [s for s in one.seen
                if "canary" in s.casefold() or "Party" in s or notification in s] == []
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
    assert notification in paul.text
    paul.tap('form[action="/sign-out"] button')
    paul.page.go_back()
    paul.page.wait_for_load_state()
    assert notification not in paul.page.content()
    assert "canary" not in paul.page.content().casefold()
