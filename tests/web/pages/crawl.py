"""Everything that one person is shown when they follow every link, and try the addresses of others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from attrs import define, field, frozen
from django.urls import Resolver404, resolve

from tests.store.kit import World
from tests.web.pages.canaries import WORD
from tests.web.pages.kit import Browser

LINK = re.compile(r'<[^>]*\b(?:href|src|action|hx-get|hx-post)="([^"#]+)')
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
TAGS = re.compile(r"[0-9a-f]{20,64}|[0-9a-f-]{36}|^\d+$")
OUT = frozenset({"sign_out", "asset", "away", "language", "export"})
"""Views that are not visited: they end the session, or are files of the pages."""


THINGS = frozenset({"thing", "notification", "notice_of", "request_of", "readiness_of",
                    "constraint"})


@frozen
class Shown:
    """One answer: its status, and the words that stand in its body and around it."""

    status: int
    body: frozenset[str]
    around: frozenset[str]


def shape_of(address: str) -> tuple[Any, ...]:
    """What addresses have in common that differ in the thing alone; () where none is meant."""
    parts = urlsplit(address)
    try:
        met = resolve(parts.path)
    except Resolver404:
        return ()
    fixed = tuple(v for v in map(str, met.kwargs.values()) if not TAGS.fullmatch(v))
    query = tuple(k if TAGS.fullmatch(v) else (k, v) for k, v in parse_qsl(parts.query))
    return (met.url_name, fixed, query)


@define
class Crawl:
    """What one person was shown. `found` are the addresses to which their own pages lead.

    `lists` can be searched and `tables` taken out; `kept` are the pages that the server keeps for
    them, and `held` the words of what their keys have opened there.
    """

    world: World
    who: str
    shown: dict[str, Shown] = field(factory=dict)
    found: dict[str, None] = field(factory=dict)
    lists: dict[str, None] = field(factory=dict)
    tables: dict[str, None] = field(factory=dict)
    kept: list[str] = field(factory=list)
    held: frozenset[str] = frozenset()
    browser: Browser = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.browser = Browser(self.world, self.who)

    def follow(self, most: int) -> None:
        """Open the home page and what it leads to, of each shape one address; of things more."""
        start = "@due" if self.who else "@notice"
        waiting = [self.browser.address(one) for one in ("/", start)]
        self.found |= dict.fromkeys(waiting)
        seen: Counter[tuple[Any, ...]] = Counter()
        while waiting:
            address = waiting.pop(0)
            shape = shape_of(address)
            seen[shape] += 1
            if not shape or shape[0] in OUT or seen[shape] > (most if shape[0] in THINGS else 1):
                continue
            fresh = [one for one in self.look(address) if one not in self.found]
            self.found |= dict.fromkeys(fresh)
            waiting += dict.fromkeys(fresh)

    def look(self, address: str) -> list[str]:
        """Open one page, and keep which words it shows; the addresses to which it leads."""
        answer = self.browser.client.get(address)
        page = self.take(address, answer)
        links = [unescape(one) for one in LINK.findall(page)]
        links += [answer["Location"]] if answer.has_header("Location") else []
        path = urlsplit(address).path
        return [path + one if one.startswith("?") else one for one in links
                if one.startswith(("/", "?"))]

    def take(self, name: str, answer: Any, without: str = "") -> str:
        """Keep which words an answer shows, but for one that was asked for; its text."""
        raw = b"".join(answer) if answer.streaming else answer.content
        page = str(raw.decode("utf-8", "replace"))
        page = page.replace(without, "") if without else page
        title = TITLE.search(page)
        if not {"?", " "} & set(name):
            self.lists |= {name: None} if 'name="q"' in page else {}
            self.tables |= {name: None} if 'name="act" value="csv"' in page else {}
        around = [name, str(answer.headers), str(answer.cookies), title[1] if title else "",
                  *LINK.findall(page)]
        self.shown[name] = Shown(answer.status_code, words(page), words("\n".join(around)))
        return page

    def search(self, address: str, text: str) -> str:
        """What a search on a page gives, without what was searched for and its form's seals."""
        answer = self.browser.send(address, {"q": text})
        one = text != "zq"
        page = self.take(f"{address} search {'one' if one else 'all'}", answer, text * one)
        return re.sub(r'value="[^"]*"', "", page)

    def keep(self) -> None:
        """Remember what the server keeps for this session."""
        from lull.store.signin import who_asks

        reader = self.world.store.own
        if self.who:
            token = self.browser.client.cookies["lull-session"].value
            reader = who_asks(self.world.store, token).reader
            self.held = words("\n".join(str(one.as_json()) for one in reader.opened.values()))
        self.kept = [page.html for page in reader.shelf.values()]

    @property
    def words(self) -> frozenset[str]:
        """Every word that was shown anywhere."""
        return frozenset().union(*(s.body | s.around for s in self.shown.values()))


def words(text: str) -> frozenset[str]:
    """The words that stand in a text."""
    return frozenset(WORD.findall(text))


def spread(addresses: Iterable[str], most: int) -> list[str]:
    """At most so many addresses of each shape, from all over."""
    of: dict[tuple[Any, ...], list[str]] = {}
    for one in addresses:
        shape = shape_of(one)
        if shape and shape[0] not in OUT:
            of.setdefault(shape, []).append(one)
    return [one for some in of.values() for one in some[::max(1, -(-len(some) // most))]]
