"""Whether the chain holds: the last entry of each log, to be read out, and every hash checked."""

from __future__ import annotations

from collections import Counter

from attrs import frozen
from django.http import HttpResponse

from lull.exchange.ledger.ed25519 import check_signature
from lull.ledger.entry import Log
from lull.ledger.verify import UNSOUND, Finding, Level, verify
from lull.store.ledgers import part_for
from lull.web.pages.ledger import in_sight
from lull.web.pages.room import Room
from lull.web.pages.visit import Visit, in_pause

EVERY_SIGNATURE = 20_000
"""Entries up to which every signature is checked; of more, the last of each key."""
MOST_TOLD = 200
"""Findings that a page tells one by one."""


@frozen
class End:
    """The last entry of a log that the reader has; more than one hash where it has forked."""

    log: Log
    who: str
    role: str
    number: int
    hashes: tuple[str, ...]
    entries: int


@frozen
class Checked:
    """What came of a check."""

    entries: int
    every: bool
    findings: tuple[Finding, ...]
    all: int

    @property
    def is_sound(self) -> bool:
        """Whether nothing is damaged, forked or signed by who may not."""
        return not any(f.level in UNSOUND for f in self.findings)


def ends(room: Room) -> list[End]:
    """The ends of all logs of which the reader has entries, by whom they are."""
    admitted = room.store.admitted(room.seat.pause)
    by_log: dict[Log, dict[int, list[str]]] = {}
    counted: Counter[Log] = Counter()
    for known in in_sight(room):
        counted[known.entry.log] += 1
        by_log.setdefault(known.entry.log, {}).setdefault(known.entry.number, []).append(
            known.entry.hash)
    made = []
    for log, numbers in by_log.items():
        who = admitted.get(log.post)
        last = max(numbers)
        made.append(End(log, who.side if who else "", who.role.value if who else "", last,
                        tuple(sorted(numbers[last])), counted[log]))
    return sorted(made, key=lambda end: (end.who.casefold(), end.log.post, end.log.epoch))


@in_pause
def chain(visit: Visit) -> HttpResponse:
    """The ends of the logs; sent as a form, every byte, hash and signature is checked."""
    room = visit.room
    checked = None
    if visit.posted:
        of = part_for(visit.store, room.seat)
        every = len(of.entries) <= EVERY_SIGNATURE
        order = list(Level)
        found = sorted(verify(of, check_signature, every_signature=every),
                       key=lambda f: order.index(f.level))
        checked = Checked(len(of.entries), every, tuple(found[:MOST_TOLD]), len(found))
    return visit.show("chain.html", ends=ends(room), checked=checked)
