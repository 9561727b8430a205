"""What the tests of deliveries, incidents, figures, people and the ledger share."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from lull.exchange.ledger import write_ledger
from lull.exchange.ledger.ed25519 import SigningKey
from lull.ledger.ledger import Ledger, ledger
from lull.ledger.write import next_entry, open_log
from tests.store.kit import World, record
from tests.web.pages.kit import Browser

ROLES = {"owner": "olga", "member": "omar", "stranger": "oda"}
EVERYONE = ["alice", "adam", "olga", "omar", "oda", "paul", "petra", "piotr", "mona", "mark",
            "mila", "fred", "fay", "finn", ""]
"""Of each role an owner, a member and a stranger; the last is the public."""


def words(page: str) -> str:
    """What a page says in its own part, without marks, on one line."""
    main = re.split(r"<main[^>]*>", page, maxsplit=1)[-1].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def rows(page: str) -> list[list[str]]:
    """The cells of every row of every table of a page."""
    return [[words(f"<main>{cell}</main>") for cell in
             re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
            for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)]


def link(page: str, part: str) -> str:
    """The first address on a page that holds some text."""
    found = [one for one in re.findall(r'href="([^"?#]*)', page) if part in one]
    assert found, part
    return unescape(found[0])


def thing(who: Browser, section: str, table: str) -> str:
    """The address of the first thing of a table in a list."""
    return link(who.text(f"@{section}"), f"/of/{table}/")


def write(world: World, name: str, kind_: str, about_: str, *, wall: str = "public",
          part: str = "", to: tuple[str, ...] = (), **node: Any) -> Any:
    """A person writes an entry; its record may have a field of any name."""
    from lull.store.write import Wish
    from lull.store.write import write as write_entry

    return write_entry(world.store, world.seat(name), Wish(
        kind_, about_, {**record(kind_), **node}, wall, part, tuple(map(world.side, to))), "")


def line(item: str = "Flour", kg: str = "50", **counts: Any) -> dict[str, Any]:
    """A line of a waybill."""
    return {"item": item, "unit": "sacks", "unit_kg": kg, "planned": 100, **counts}


def bring(world: World, name: str, lines: list[dict[str, Any]], about: str = "W1",
          steps: tuple[str, ...] = ("plan", "load", "deliver"), **node: Any) -> None:
    """A delivery goes through its steps; the last says how the lines stand."""
    for at, step in enumerate(steps, 1):
        write(world, name, f"delivery.{step}", about, lines=lines, version=at,
              **{"carrier": "Red Crescent", "consignor": "Relief", **node})


class Away:
    """A post elsewhere with a key of its own, which has seen nothing of what stands here."""

    def __init__(self, world: World, role: str = "field_clerk", side: str = "crescent") -> None:
        from lull.store.ledgers import admit

        self.world, self.key = world, SigningKey.new()
        entry = open_log(Ledger(), key=self.key.public, recovery=SigningKey.new().public,
                         hour="2016-10-20T09Z", sign=self.key.sign)
        self.log, self.held = entry.log, ledger([entry])
        admit(world.store, world.seat("alice"), self.log.post, world.side(side), role)

    def write(self, name: str, kind_: str, about_: str, *, part: str = "", **node: Any) -> bytes:
        """Write as a person would, and give the file."""
        from lull.store.write import Wish, compose, prepare

        made = prepare(compose(self.world.store, self.world.seat(name), Wish(
            kind_, about_, {**record(kind_), **node}, "public", part)))
        entry = next_entry(self.held, self.log, key=self.key.public, hour="2016-10-20T09Z",
                           sign=self.key.sign, said=made.said)
        self.held = self.held.plus(entry, clear=made.clear)
        return write_ledger(self.held)
