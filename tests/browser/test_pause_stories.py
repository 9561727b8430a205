"""Two stories in a real browser, each as all six roles meet it.

A notice of a pause is received, issued again with other terms, answered by two parties and looked
at by an observer. A request for an extension is refused by one party without a reason and granted
by another with conditions. Each acts in a language and at a width of their own, so that both
languages write and read the same things; at the end everybody's page is seen in every way.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from attrs import define, field
from playwright.sync_api import Browser, Page

from tests.browser.eyes import (
    ALL,
    ALL_BUT_COLOURS,
    axe_finds,
    colours_elsewhere,
    in_every_way,
    judged,
)
from tests.browser.serving import served
from tests.store.kit import World, address, fresh
from tests.web.pages import november

address()

ROLES = ("alice", "piotr", "mona", "olga", "fred", "")
"""A coordinator, a party's liaison, an observer, an organisation, a clerk; nobody: the public."""
WAYS = {"alice": ("en", 1280), "paul": ("ar", 360), "piotr": ("en", 360), "mona": ("ar", 1280),
        "olga": ("ar", 360), "fred": ("en", 360), "": ("ar", 1280)}
"""In which language and how wide somebody works."""
SCREENS = pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)],
                                  ids=["en-wide", "ar-phone"])
TURNED = """() => [...document.querySelectorAll('main .code, main time')].filter(e => {
  const s = getComputedStyle(e);
  return e.textContent.trim() && !(s.direction === 'ltr' && e.querySelector('bdi') !== null
    || s.direction === 'ltr' && s.unicodeBidi.includes('isolate'));
}).map(e => e.outerHTML)"""
"""Identifiers and times that what stands around them could turn."""
LOOSE = """name => {
  const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  const found = [];
  while (walk.nextNode()) {
    const at = walk.currentNode;
    if (at.data.includes(name) && !at.parentElement.closest('bdi, option, textarea, script'))
      found.push(at.parentElement.outerHTML.slice(0, 200));
  }
  return found;
}"""
"""Where a name stands without being kept apart from the direction around it."""


@define
class Room:
    """A world that browsers reach; `met` are addresses and titles that they would remember."""

    world: World
    base: str
    browser: Browser
    ways: dict[str, tuple[str, int]]
    met: list[str] = field(factory=list)
    said: list[str] = field(factory=list)
    who: dict[Page, str] = field(factory=dict)

    def tab(self, who: str) -> Page:
        """A browser in which somebody has signed in, on an empty page."""
        language, width = self.ways[who]
        context = self.browser.new_context(viewport={"width": width, "height": 900},
                                           service_workers="block")
        cookies = {"lull-language": language}
        if who:
            self.world.who(who)
            cookies["lull-session"] = self.world.tokens[who]
        context.add_cookies([{"name": n, "value": v, "url": self.base}
                             for n, v in cookies.items()])
        tab = context.new_page()
        self.who[tab] = who
        tab.on("console", lambda m: self.said.append(m.text))
        tab.on("framenavigated", lambda frame: self.met.append(frame.url))
        return tab

    def address(self, part: str) -> str:
        """The address of a part of the room."""
        return f"{self.base}/p/{self.world.pause}/{part}"

    def open(self, tab: Page, part: str) -> str:
        """Open a part of the room; returns what it holds, once it is found right."""
        answer = tab.goto(self.address(part), wait_until="domcontentloaded")
        assert answer is not None
        assert answer.status == 200, part
        assert answer.headers["cache-control"] == "no-store"
        return self.right(tab)

    def right(self, tab: Page) -> str:
        """What the page holds, after its looks were judged."""
        language, _ = self.ways[self.who[tab]]
        judged(tab, language)
        self.apart(tab)
        assert axe_finds(tab, ALL if language == "en" else ALL_BUT_COLOURS) == []
        return tab.content()

    def apart(self, tab: Page) -> None:
        """See that times, codes and names stand apart from the direction around them."""
        self.met.append(tab.title())
        assert tab.evaluate(TURNED) == []
        for name in ("Party A", "Party B", "Corridor 1", "R1"):
            assert tab.evaluate(LOOSE, name) == [], name

    def seen(self, tab: Page, address: str, name: str, *, status: int = 200
             ) -> Iterator[tuple[str, int]]:
        """A page in both languages and at both widths, judged; what stands there then."""
        who = self.who[tab] or "public"
        for way in in_every_way(tab, address, f"{name}-{who}", status=status):
            self.apart(tab)
            yield way


@pytest.fixture
def room(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Room]:
    given = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    ways = dict.fromkeys(WAYS, (given["language"], given["width"])) if given else WAYS
    world = fresh()
    world.clock.at = november.DAY
    with served(world) as base:
        made = Room(world, base, chromium, ways)
        yield made
        for context in chromium.contexts:
            context.close()
    world.store.close()
    ours = [one for one in made.said if "404" not in one and "blocked by Playwright" not in one]
    assert ours == [], "the browser complained"
    canaries = (november.CANARY, november.OTHER_CANARY, "Party", "Corridor", "R1")
    assert not any(c in one for one in made.met for c in canaries), "a history tells something"


def fill(tab: Page, fields: dict[str, str]) -> None:
    """Fill fields in by their names; lists to choose from, too."""
    for name, value in fields.items():
        tab.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        control = tab.locator(f'[name="{name}"]')
        if control.first.evaluate("e => e.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)


def send(tab: Page, wall: str, *sides: str) -> None:
    """Say who may read it, and write it."""
    tab.locator(f'input[name="wall"][value="{wall}"]').check()
    for box in tab.locator('input[name="to"]').all():
        name = box.evaluate("e => e.closest('label').textContent.trim()")
        box.set_checked(name in sides)
    tab.locator("main form button:visible").last.click()
    tab.wait_for_load_state()
    assert tab.locator("#wrong").count() == 0, tab.locator("#wrong").inner_text()


def test_a_notice_is_received_issued_anew_answered_and_looked_at(room: Room) -> None:
    alice = room.tab("alice")
    room.open(alice, "notice")
    alice.locator('a[href*="write/pause.declare"]').click()
    terms = {
        "about": "P2", "f.title": "Pause over the eastern neighbourhoods",
        "f.kind": "unilateral_pause", "f.basis": "declared", "f.area.name": "The east",
        "f.parties.1.party": "Party A", "f.windows.1.start": "2016-11-04T07:00",
        "f.windows.1.end": "2016-11-04T14:00", "f.windows.1.time_zone": "Asia/Damascus",
        "f.prohibited_acts": "Air strikes", "f.permitted_acts": "Aid",
        "f.corridors": "\n".join(november.CORRIDORS), "f.buses": "10", "f.ambulances": "8",
        "f.corridors_for_fighters": "\n".join(november.FIGHTERS), "f.feeding_points": "2",
        "f.security_measures": "Guns stay away", "f.who_may_leave": "Whoever wishes to",
        "f.source": "Letter of 3 November",
    }
    fill(alice, terms)
    send(alice, "public")
    page = room.right(alice)
    assert "Letter of 3 November" in page
    assert alice.locator("dl.facts dd").all_inner_texts() == ["7:00", "8", "10", "8", "2"]

    paul = room.tab("paul")
    room.open(paul, "notice")
    paul.locator('main a[href*="write/pause.declare?thing"]').click()
    fill(paul, {"f.windows.1.end": "2016-11-04T19:00", "f.buses": "20"})
    send(paul, "public")
    room.right(paul)
    assert paul.locator("dl.facts dd").all_inner_texts() == ["10:00", "8", "20", "8", "2"]
    before = paul.locator("table", has_text="7:00").first
    assert before.locator("tbody tr").first.locator("td").all_inner_texts()[-1].endswith("10:00")
    paul.locator('a[href*="write/consent.declare"]').click()
    fill(paul, {"f.said_by_function": "head of the centre"})
    send(paul, "public")

    piotr = room.tab("piotr")
    room.open(piotr, "notice")
    piotr.locator('a[href*="write/consent.condition"]').click()
    fill(piotr, {"f.said_by_function": "local council", "f.condition": november.CANARY})
    send(piotr, "sealed", "OCHA")
    assert november.CANARY in room.right(piotr)

    mona = room.tab("mona")
    room.open(mona, "notice")
    assert mona.locator("table.blocks .mark.none").count() == 13
    mona.locator("table.blocks tbody").first.locator("a.seen").click()
    fill(mona, {"f.announced": "Open", "f.seen": "Two lanes are cleared; no buses stand there"})
    send(mona, "public")
    room.right(mona)
    assert mona.locator("table.blocks .mark.none").count() == 12

    _notice_seen_by_all(room)


def _notice_seen_by_all(room: Room) -> None:
    """Each role reads the same terms, and only who may reads a condition and writes."""
    for who in (*ROLES, "paul"):
        tab = room.tab(who)
        for _ in room.seen(tab, room.address("notice"), "notice"):
            assert tab.locator("dl.facts dd").all_inner_texts() == ["10:00", "8", "20", "8", "2"]
            first = tab.locator("table.blocks tbody").first.inner_text()
            assert "Two lanes are cleared" in first
            assert "Watch" in first
            assert (november.CANARY in tab.content()) == (who in ("alice", "piotr")), who
            may = {kind: tab.locator(f'main a[href*="write/{kind}"]').count() > 0
                   for kind in ("pause.declare", "consent.", "preparation_observed")}
            assert may == {"pause.declare": who in ("alice", "paul", "piotr"),
                           "consent.": who in ("paul", "piotr"),
                           "preparation_observed": who != ""}, who
        if who == "alice":
            colours_elsewhere(tab)


def test_a_request_is_refused_without_a_reason_and_granted_with_conditions(room: Room) -> None:
    november.notice(room.world)
    olga = room.tab("olga")
    room.open(olga, "requests")
    olga.locator('a[href*="write/request.draft"]').click()
    fill(olga, {
        "about": "R1", "f.function": "access officer", "f.addressees": "Party A\nParty B",
        "f.windows.1.start": "2016-11-05T09:00", "f.windows.1.end": "2016-11-07T09:00",
        "f.proposals.1.text": "Two days in all", "f.waiting.persons": "1500",
        "f.waiting.patients": "300", "f.waiting.aid_t": "280", "f.waiting.hours_p50": "31",
        "f.waiting.hours_p90": "44", "f.waiting.rests_on": november.OTHER_CANARY,
        "f.latest_useful_decision": "2016-11-04T17:00",
    })
    olga.locator('[name="f.proposals.1.is_new"]').check()
    told = ("OCHA", "Red Crescent", "Party A", "Party B")
    send(olga, "sealed", *told)
    room.right(olga)
    address_of_it = olga.url
    olga.locator('a[href*="write/request.send"]').click()
    fill(olga, {"f.channel": "letter"})
    send(olga, "sealed", *told)

    for who, event, words in (("paul", "refuse", {}), ("piotr", "grant_with_conditions", {
            "f.reason_given": "The wounded still wait", "f.conditions": "Medicines come in"})):
        tab = room.tab(who)
        room.open(tab, "requests")
        tab.locator("main th a").click()
        tab.locator(f'a[href*="write/decision.{event}?"]').click()
        fill(tab, words)
        fill(tab, {"f.decided_by_function": "spokesman"})
        send(tab, "sealed", *told)
        room.right(tab)

    for who in (*ROLES, "paul"):
        tab = room.tab(who)
        if who in ("mona", ""):
            for _ in room.seen(tab, address_of_it, "request", status=404 if who else 200):
                assert november.OTHER_CANARY not in tab.content()
                assert "Medicines come in" not in tab.content()
                assert "1500" not in tab.locator("main").inner_text()
            continue
        for _ in room.seen(tab, room.address("requests"), "requests"):
            assert november.OTHER_CANARY not in tab.content()
            assert tab.locator("main th a").count() == 1
        for _ in room.seen(tab, address_of_it, "request"):
            assert november.OTHER_CANARY in tab.content()
            cards = tab.locator(".card.decision").all_inner_texts()
            assert len(cards) == 2
            assert tab.locator(".card.decision").first.locator("dd .mark.none").count() == 1
            assert "Medicines come in" in cards[1]
            assert "The wounded still wait" in cards[1]
            assert "48:00" in tab.content()
            assert tab.locator('main a[href*="write/decision."]').count() == 0 or who in (
                "paul", "piotr", "alice"), who
        if who == "piotr":
            colours_elsewhere(tab)


@SCREENS
def test_readiness_fills_a_wall_and_a_telephone_and_is_said_by_one_tap(
    room: Room, width: int, language: str
) -> None:
    november.notice(room.world)
    november.matrix(room.world)
    for who in ROLES[:-1]:
        tab = room.tab(who)
        room.open(tab, "readiness")
        assert tab.locator("td.cell").count() == 4
        assert tab.locator("td.cell.none").count() == 1
    tab = room.tab("fred")
    room.open(tab, "readiness")
    boxes = [cell.bounding_box() for cell in tab.locator("td.cell").all()]
    assert all(box is not None for box in boxes)
    tops = {round(box["y"]) for box in boxes if box}
    assert len(tops) == (1 if width > 1000 else 4)
    for button in tab.locator(".taps button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    tab.locator("td.cell.none button").first.focus()
    held = tab.evaluate("document.activeElement.id")
    room.world.write("alice", "readiness.confirm", "P2",
                     part="Corridor 2/mines/Party B/capital/OCHA", corridor="Corridor 2",
                     condition="mines", actor="Party B", level="capital")
    tab.evaluate("htmx.ajax('GET', document.querySelector('#matrix').getAttribute('hx-get'),"
                 " {target: '#matrix', swap: 'outerHTML'})")
    tab.wait_for_function("document.querySelectorAll('td.cell').length === 8")
    assert tab.evaluate("document.activeElement.id") == held
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    assert tab.locator("td.cell.ready").count() == 3
    assert tab.locator("td.cell.not_ready").count() == 1, "a yes turned a no"
    tab.goto(f"{room.base}/p/{room.world.pause}/readiness?wall")
    assert tab.locator("td.cell button").count() == 0
    if width > 1000:
        size = tab.locator("td.cell .state").first.evaluate("e => getComputedStyle(e).fontSize")
        assert float(size.removesuffix("px")) >= 20
