"""A notification with a way, times and two recipients, as it goes through its life on the pages."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from lull.store import models
from tests.store.kit import World
from tests.store.letters import Kept, reachable, sent, version
from tests.web.pages.kit import Browser

NAME = "CANARY-N014"
PLACE = "Canary assembly point"
SEALED = ("ocha", "crescent", "a", "b")
TO = (("Party A", "file"), ("Party B", "radio"))


def stop(name: str, arrives: str, leaves: str) -> dict[str, Any]:
    """A place on the way with its times on 21 October."""
    return {"place": {"name": name, "name_local": "نقطة", "code": "SY0200"},
            "arrives": f"2016-10-21T{arrives}:00Z", "leaves": f"2016-10-21T{leaves}:00Z"}


def movement(number: int = 1, *, leaves: str = "06:00", **changes: Any) -> dict[str, Any]:
    """What a version says: out through Corridor 1, with seven vehicles, 160 people."""
    return {**version(number, *TO), "reference": NAME, "departure": stop(PLACE, "05:00", leaves),
            "arrival": stop("Reception point", "08:00", "09:00"), "corridors": ["Corridor 1"],
            "vehicles": [{"type": "bus", "number": 4}, {"type": "ambulance", "number": 3}],
            "people": {"total": 160}, "turning_back_order": "Turn back to the assembly point.",
            "nearest_shelter_order": "The school at kilometre 4.",
            "organisation": "Red Crescent", "submitted_at": "2016-10-19T05:00:00Z", **changes}


def handed_in(world: World, wall: str = "sealed", to: tuple[str, ...] = SEALED) -> None:
    """The organisation drafts it and hands it in; the recipients' addresses are known."""
    for party, channel in TO:
        reachable(world, party, channel)
    world.write("olga", "notification.draft", NAME, wall=wall, to=to, **movement())
    world.write("olga", "notification.submit", NAME, wall=wall, to=to)


def amended(world: World, **changes: Any) -> None:
    """The organisation puts its departure later."""
    world.write("olga", "notification.amend", NAME, wall="sealed", to=SEALED,
                **movement(2, leaves="07:30", **changes))


def path_of(browser: Browser) -> str:
    """Where its page is for somebody, by their own list."""
    found = re.search(r'href="([^"]*/of/notification/[0-9a-f]+)"', browser.text("@notifications"))
    assert found, "it is not in the list"
    return found[1]


def link(page: str, words: str, nth: int = 0) -> str:
    """Where a link with these words leads."""
    found = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>([^<]*(?:<[^a/][^>]*>[^<]*)*)</a>', page)
    fits = [unescape(to) for to, said in found if words in unescape(said)]
    assert len(fits) > nth, (words, [said for _, said in found])
    return fits[nth]


def transmitted(world: World) -> Kept:
    """The coordinator sends it by the page, and a worker takes the letters."""
    alice = Browser(world, "alice")
    page = path_of(alice)
    send = link(alice.text(page), "Send")
    ticks = re.findall(r'name="to" value="([^"]+)" checked', alice.text(send))
    assert ticks
    answer = alice.send(send, {"to": [as_sent(unescape(one)) for one in ticks]})
    assert answer.status_code == 303, answer.content.decode()
    kept = Kept()
    assert sent(world, kept) == len(ticks)
    return kept


def as_sent(value: str) -> str:
    """A value as browsers send it: every line ends in two characters."""
    return value.replace("\n", "\r\n")


def words(html: str) -> str:
    """A page as it is read."""
    text = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def confirm(browser: Browser, words_of_link: str = "Confirm receipt", **fields: Any) -> Any:
    """Follow a link of the page and send its form as it stands, but for some fields."""
    to = link(browser.text(path_of(browser)), words_of_link)
    page = browser.text(to)
    return browser.send(to, {**filled_in(page), **fields})


def filled_in(page: str) -> dict[str, Any]:
    """A form as it is shown."""
    given: dict[str, Any] = {}
    form = page[page.index("<main"):page.index("</main>")]
    for tag in re.findall(r"<input [^>]+>", form):
        name = re.search(r'name="([^"]+)"', tag)
        if not name or name[1] in ("seal", "once"):
            continue
        value = unescape((re.search(r'value="([^"]*)"', tag) or ["", ""])[1])
        if 'type="checkbox"' in tag or 'type="radio"' in tag:
            if " checked" in tag:
                given.setdefault(name[1], []).append(value)
        else:
            given[name[1]] = value
    for name_, inner in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', inner)
        given[name_] = chosen[1] if chosen else ""
    return given


def letters() -> dict[str, models.Outgoing]:
    """The letters by channel, the last of each."""
    return {row.channel: row for row in models.Outgoing.objects.order_by("id")}
