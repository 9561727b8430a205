"""A store with people and a story, served to a real browser for the tests of one module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from attrs import define
from playwright.sync_api import Browser, BrowserContext, Page

from lull.domain.protocol import Role
from tests.browser.serving import served
from tests.store.kit import World, address, fresh

address()  # Django is told where the store is before its tables are imported

SPAN = {"start": "2016-10-20T05:00:00Z", "end": "2016-10-20T16:00:00Z",
        "time_zone": "Asia/Damascus"}
TERMS: dict[str, Any] = {
    "title": "Pause over the eastern neighbourhoods", "windows": [SPAN],
    "corridors": ["Corridor 1", "Corridor 2", "Corridor 8"], "buses": 20, "ambulances": 15,
    "feeding_points": 4, "purposes": ["civilian_exit", "wounded", "aid_in"],
}
ROLES = {"alice": Role.COORDINATOR, "olga": Role.ORGANISATION, "paul": Role.PARTY,
         "mona": Role.OBSERVER, "fred": Role.CLERK, "": None}
"""One person of each role; nobody is the public."""
CHANNELS = {"Party A": "file", "Party B": "radio"}
ALL_SIDES = ("ocha", "crescent", "a", "b")


def story(world: World) -> None:
    """Something of each kind, in Latin and in Arabic script."""
    say = world.write
    say("paul", "pause.declare", "P2", **TERMS)
    say("paul", "consent.declare", "P2", part="Party A", party="Party A")
    say("mona", "preparation_observed", "P2", block="Corridor 1", observer="Watch",
        announced="Eight corridors are open", seen="Two of eight have lanes cleared")
    for level in ("capital", "checkpoint_on_shift"):
        cell = {"corridor": "Corridor 1", "condition": "lanes cleared", "actor": "Party A",
                "level": level}
        say("alice", "readiness.confirm", "P2", part="/".join((*cell.values(), "OCHA")), **cell)
    told = [{"party": party, "channel": channel, "consent_by_function": "access officer",
             "consent_at": "2016-10-19T08:00:00Z"} for party, channel in CHANNELS.items()]
    for name in ("N014", "N015"):
        say("olga", "notification.draft", name, wall="sealed", to=ALL_SIDES, recipients=told,
            reference=name, purpose="إجلاء طبي N014 إلى 37S CA 31250 08770")
        say("olga", "notification.submit", name, wall="sealed", to=ALL_SIDES, reference=name)
    say("olga", "request.draft", "R1", wall="sealed", to=("ocha", "a", "b"))
    say("alice", "request.send", "R1", wall="sealed", to=ALL_SIDES)
    say("paul", "decision.refuse", "R1", part="Party A", wall="sealed", to=ALL_SIDES,
        party="Party A")
    say("olga", "movement.plan", "M1", wall="sealed", to=ALL_SIDES)
    say("olga", "delivery.plan", "W1")
    say("olga", "delivery.load", "W1")
    say("mona", "incident.allege", "I1")
    say("mona", "assessment.register", "I1", part="Watch", observer="Watch")
    say("alice", "access_constraint", "A1")
    for who, value in (("Party A", "8000"), ("Relief", "3500")):
        say("alice", "claimed_figure", "people out", value=value, unit="persons", claimed_by=who,
            source="statement")
    say("alice", "statement", "S1", by="Party A", text="لن تُمدَّد الهدنة قبل 20/11.")


@define
class Served:
    """A world that a browser reaches."""

    world: World
    base: str

    def address(self, path: str) -> str:
        """The address of a page; @ stands for the pause."""
        return self.base + path.replace("@", f"/p/{self.world.pause}/")

    def context(self, browser: Browser, who: str, language: str, width: int = 1280, **more: Any
                ) -> BrowserContext:
        """A browser in which somebody has signed in."""
        context = browser.new_context(viewport={"width": width, "height": 900}, **more)
        cookies = {"lull-language": language}
        if who:
            self.world.who(who)
            cookies["lull-session"] = self.world.tokens[who]
        context.add_cookies([{"name": name, "value": value, "url": self.base}
                             for name, value in cookies.items()])
        return context

    def addresses(self, tab: Page, role: Role | None, look: Callable[[str], None]) -> list[str]:
        """Every page that one reaches from the navigation, and those that lead from them.

        Each is opened once, and `look` is called there with its address.
        """
        from lull.web.pages.sections import SECTIONS

        start = [urlsplit(a).path for a in tab.locator("nav.rooms a").evaluate_all(
            "links => links.map(a => a.href)")]
        assert len(start) == len([s for s in SECTIONS if role in s.whose])
        found = dict.fromkeys(start)
        for path in start:
            self.open(tab, path)
            links = tab.locator("main a[href]").evaluate_all("links => links.map(a => a.href)")
            if path != "/":
                look(path)
            known = {_kind_of(urlsplit(f).path) for f in found}
            fresh_ones = {_kind_of(urlsplit(a).path): a for a in links if a.startswith(self.base)}
            found |= dict.fromkeys(a.removeprefix(self.base) for kind, a in fresh_ones.items()
                                   if kind not in known)
        for path in found:
            if path not in start and path != "/":
                self.open(tab, path)
                look(path)
        return [path for path in found if path != "/"]

    def open(self, tab: Page, path: str) -> None:
        """Open a page that is there."""
        answer = tab.goto(self.base + path, wait_until="domcontentloaded")
        assert answer is not None
        assert answer.status == 200, path


def _kind_of(path: str) -> str:
    """What kind of page it is: addresses that differ in the thing alone count once."""
    parts = path.split("/")
    return "/".join(parts[:5] if "write" in parts or "of" in parts else parts[:4])


@contextmanager
def serve() -> Iterator[Served]:
    """Serve a fresh world with its story."""
    world = fresh()
    story(world)
    try:
        with served(world) as base:
            yield Served(world, base)
    finally:
        world.store.close()
