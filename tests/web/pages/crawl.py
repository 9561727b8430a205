"""Everything that one person is shown: by every link from the door on, and by the API.

A page that is not asked for by its link is asked for by its address, as if it stood in the history
of somebody else's browser.
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
from tests.web.pages.kit import SEAL, Browser

LINK = re.compile(r'<[^>]*\b(?:href|src|action|hx-get|hx-post|data-[a-z-]+)="([^"#]+)')
FORM = re.compile(r'<form[^>]*\bmethod="post"[^>]*>', re.IGNORECASE)
ACTION = re.compile(r'\baction="([^"#]*)')
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
TAGS = re.compile(r"[0-9a-f]{20,64}|[0-9a-f-]{36}|^\d+$")
OUT = frozenset({"sign_out", "asset", "away", "language"})
"""Views that are not visited: they end the session, or are files of the pages."""
THINGS = frozenset({"thing", "notification", "notice_of", "request_of", "readiness_of",
                    "constraint"})
"""Pages of one thing each."""
FORMS = "act"
"""The view of the forms in which anything is written: alike for all, so each opens some."""
OF_FORMS = 6

UNLINKED = ("@map.json", "@tiles/12/2472/1600", "@tiles/0/0/0", "/sign-in", "/unlock", "/join",
            "@list/movement", "@list/check_in", "@outbox", "@addressees", "@plans", "@nowhere",
            "/nowhere")
"""Addresses that are asked for without a link: by scripts, from a letter, or in vain."""
OF_A_FILTER = 1
"""Pages that differ in the value of a filter alone, for one person."""


@frozen
class Shown:
    """One answer: its status, the words in its body, and those in all that is around it."""

    status: int
    body: frozenset[str]
    around: frozenset[str]
    caching: str = ""
    etag: str = ""


def words(text: str) -> frozenset[str]:
    """The words that stand in a text."""
    return frozenset(WORD.findall(text))


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


def name_of(address: str) -> str:
    """The name of the view behind an address, or nothing."""
    return str((shape_of(address) or ("",))[0])


@define
class Crawl:
    """What one person was shown; `found` are the addresses to which their own pages lead.

    `lists` can be searched, `forms` can be sent; `kept` are the pages that the server keeps for
    them, and `held` are the words of what their keys have opened there.
    """

    world: World
    who: str
    browser: Browser
    shown: dict[str, Shown] = field(factory=dict)
    found: dict[str, None] = field(factory=dict)
    lists: dict[str, None] = field(factory=dict)
    tables: dict[str, None] = field(factory=dict)
    forms: dict[str, None] = field(factory=dict)
    kept: list[str] = field(factory=list)
    held: frozenset[str] = frozenset()
    seal: str = ""

    def follow(self, most: int, turn: int) -> None:
        """Open the home page and all it leads to, of each shape one address; of things more.

        Of the forms to write in those whose `turn` it is.
        """
        waiting = [self.browser.address(one) for one in ("/", "@due", "@notice", *UNLINKED)]
        self.found |= dict.fromkeys(waiting)
        seen: Counter[tuple[Any, ...]] = Counter()
        while waiting:
            address = waiting.pop(0)
            shape = shape_of(address)
            seen[shape] += 1
            filtered = (shape[:2], tuple(one[0] for one in parse_qsl(urlsplit(address).query)))
            seen[filtered] += 1
            enough = seen[shape] > (most if shape and shape[0] in THINGS else 1) or (
                bool(filtered[1]) and seen[filtered] > OF_A_FILTER)
            skipped = bool(shape) and shape[0] == FORMS and (len(shape[1][0]) + turn) % OF_FORMS
            if not shape or shape[0] in OUT or enough or skipped:
                continue
            fresh = [one for one in self.look(address) if one not in self.found]
            self.found |= dict.fromkeys(fresh)
            waiting += dict.fromkeys(fresh)

    def look(self, address: str, **headers: str) -> list[str]:
        """Open one page, and keep which words it shows; the addresses to which it leads."""
        answer = self.browser.client.get(address, **headers)
        page = self.take(address, answer)
        links = [unescape(one) for one in LINK.findall(page)]
        links += [answer["Location"]] if answer.has_header("Location") else []
        path = urlsplit(address).path
        return [path + one if one.startswith("?") else one for one in links
                if one.startswith(("/", "?")) and not one.startswith("/api/")]

    def take(self, name: str, answer: Any, without: str = "") -> str:
        """Keep which words an answer shows, but for one that was asked for; its text."""
        raw = b"".join(answer) if answer.streaming else answer.content
        page = str(raw.decode("utf-8", "replace"))
        page = page.replace(without, "") if without else page
        title, seal = TITLE.search(page), SEAL.search(page)
        self.seal = seal[1] if seal and seal[1] else self.seal
        if not {"?", " "} & set(name):
            self.lists |= {name: None} if 'name="q"' in page else {}
            self.tables |= {name: None} if 'name="act" value="csv"' in page else {}
        for form in FORM.findall(page):
            to = ACTION.search(form)
            self.forms[unescape(to[1]) if to and to[1] else name.partition(" ")[0]] = None
        around = [name, str(answer.headers), str(answer.cookies), title[1] if title else "",
                  *LINK.findall(page)]
        self.shown[name] = Shown(
            answer.status_code, words(page), words("\n".join(around)),
            answer.headers.get("Cache-Control", ""), answer.headers.get("ETag", ""))
        return page

    def search(self, address: str, text: str) -> str:
        """What a search on a page gives, without what was searched for and its form's seals."""
        answer = self.browser.client.post(address, {"q": text, "seal": self.seal})
        page = self.take(f"{address} searched", answer, text)
        return re.sub(r'value="[^"]*"', "", page)

    def keep(self) -> None:
        """Remember what the server keeps for this session."""
        from lull.store.signin import who_asks

        reader = self.world.store.own
        if self.who:
            reader = who_asks(self.world.store, self.world.tokens[self.who]).reader
            self.held = words("\n".join(str(one.as_json()) for one in reader.opened.values()))
        self.kept = [page.html for page in reader.shelf.values()]

    @property
    def words(self) -> frozenset[str]:
        """Every word that was shown anywhere."""
        return frozenset().union(*(s.body | s.around for s in self.shown.values()))


def spread(addresses: Iterable[str]) -> list[str]:
    """One address of each view and fixed part, from all over."""
    of: dict[tuple[Any, ...], str] = {}
    for one in addresses:
        shape = shape_of(one)
        if shape and shape[0] not in OUT:
            of.setdefault(shape[:2], one)
    return list(of.values())
