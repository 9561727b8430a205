"""Notifications that leave: recipients with addresses, a transport that keeps what it is handed."""

from __future__ import annotations

from typing import Any

from attrs import define, field

from lull.exchange.ledger import read_ledger, write_ledger
from lull.exchange.ledger.ed25519 import check_signature
from lull.ledger.ledger import merge
from lull.ledger.write import next_entry
from lull.store import notify
from lull.store.addressees import Addressee, set_addressee
from lull.store.ledgers import admit, export, take_in
from lull.store.sending.transport import NotSent, Parcel
from lull.store.sending.worker import Sending, send_due
from lull.store.write import Wish, compose, prepare
from tests.store.kit import World, record
from tests.store.test_sealing import Post

ADDRESSES = {"email": "room@example.org", "webhook": "https://example.org/in", "file": "box-3",
             "radio": "EAGLE 7", "telephone": "+0 000 0000"}
SITE = "https://room.example.org"


def reachable(world: World, recipient: str, channel: str, address: str = "", *,
              private_ok: bool = False, language: str = "en") -> Addressee:
    """Say where a recipient is reached, and in which language."""
    wanted = Addressee(recipient, channel, address or ADDRESSES[channel], private_ok,
                       language=language)
    return set_addressee(world.store, world.seat("alice"), wanted)


def version(number: int = 1, *to: tuple[str, str], **changes: Any) -> dict[str, Any]:
    """What a version says."""
    consent = {"consent_by_function": "owner", "consent_at": "2016-10-19T09:00:00Z"}
    return {**record("notification.draft"), "reference": "N1", "version": number,
            "recipients": [{"party": party, "channel": channel, **consent}
                           for party, channel in to or (("Party A", "file"),)], **changes}


def begun(world: World, *to: tuple[str, str], wall: str = "restricted",
          sealed_to: tuple[str, ...] = (), **changes: Any) -> None:
    """A notification that is submitted, and its recipients' addresses."""
    for party, channel in to:
        reachable(world, party, channel)
    world.write("alice", "notification.draft", wall=wall, to=sealed_to,
                **version(1, *to, **changes))
    world.write("alice", "notification.submit", wall=wall, to=sealed_to)


def left(world: World, once: str = "first", **how: Any) -> list[notify.Ordered]:
    """It is ordered to leave."""
    return notify.transmit(world.store, world.seat("alice"), "N1", once, **how)


@define
class Kept:
    """A transport that keeps what it is handed, like a recipient who drops what comes twice.

    `fails` are the words with which it refuses the next ones.
    """

    channels: tuple[str, ...] = tuple(ADDRESSES)
    confirming: bool = False
    had: list[Parcel] = field(factory=list)
    fails: list[NotSent] = field(factory=list)

    def send(self, parcel: Parcel) -> bool:
        """Keep it, or refuse it."""
        if self.fails:
            raise self.fails.pop(0)
        self.had.append(parcel)
        return self.confirming

    @property
    def texts(self) -> dict[str, str]:
        """What each address had last."""
        return {one.address: one.payload.decode() for one in self.had}


def sent(world: World, transport: Any, worker: str = "one") -> int:
    """A worker sends all that is due."""
    return send_due(world.store, worker, Sending((transport,), SITE))


def amended_twice(world: World, *to: tuple[str, str]) -> None:
    """A notification that has left, and a second version written apart by two posts of its side.

    The version of this server has left, too, when the other one arrives.
    """
    begun(world, *to, wall="public")
    left(world)
    sent(world, Kept())
    post = Post()
    admit(world.store, world.seat("alice"), post.log.post, world.side("ocha"), "coordinator")
    seen = read_ledger(export(world.store, world.seat("alice")), check_signature).ledger
    post.held = merge(post.held, seen)
    made = prepare(compose(world.store, world.seat("alice"), Wish(
        "notification.amend", "N1", version(2, *to, purpose="flour"), "public")))
    entry = next_entry(post.held, post.log, key=post.key.public, hour="2016-10-20T09Z",
                       sign=post.key.sign, said=made.said)
    world.write("alice", "notification.amend", wall="public", **version(2, *to, purpose="rice"))
    assert len(left(world, "own")) == len(to)
    sent(world, Kept())
    take_in(world.store, world.seat("alice"),
            write_ledger(post.held.plus(entry, clear=made.clear)))


def told(world: World, kind: str) -> list[dict[str, Any]]:
    """The records of a kind that the coordinator's side can read."""
    view = world.store.own.view(world.pause)
    return [k.content.payload for k in sorted(view.known.values(), key=lambda k: k.seq)
            if k.content and k.content.kind == kind and k.fault is None]
