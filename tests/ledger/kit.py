"""Posts that write, records filled in, and a signature that needs no library.

The signature is SHA-512 over a secret and the message: no signature for the world, but the ledger
is handed its way of signing and checking, and asks no more of it than this. Real signatures are
tested in tests/exchange/test_ledger_keys.py.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256, sha512
from types import UnionType
from typing import Any, Union, get_args, get_origin

import attrs
from attrs import define, evolve, field

from lull.domain.protocol import Role
from lull.domain.records import RECORDS, kinds, payload
from lull.domain.records.common import Position
from lull.domain.records.form import fields_of, required
from lull.domain.records.incident import Attributed
from lull.ledger.content import Content, Wall, Writer
from lull.ledger.entry import Control, Entry, Log, Said, Why
from lull.ledger.ledger import Clear, Ledger
from lull.ledger.write import new_epoch, next_entry, open_log

HOUR = "2016-10-20T09Z"
RECEIVED = "2016-10-20T09:15:00Z"
SECRETS: dict[str, bytes] = {}
"""Public key to secret: what lets the check of this kit work."""


def key_of(secret: str) -> str:
    """The public key of a secret."""
    public = sha256(secret.encode()).hexdigest()
    SECRETS[public] = secret.encode()
    return public


def signer(public: str):
    """What signs with a key."""
    return lambda message: sha512(SECRETS[public] + message).hexdigest()


def check(public: str, message: bytes, signature: str) -> bool:
    """Whether a signature of this kit is right."""
    return public in SECRETS and signature == sha512(SECRETS[public] + message).hexdigest()


@define
class Post:
    """A post with what it holds; it writes only to what it has seen."""

    name: str
    role: Role = Role.COORDINATOR
    key: str = ""
    recovery: str = ""
    held: Ledger = field(factory=Ledger)
    log: Log | None = None

    def __attrs_post_init__(self) -> None:
        self.key = key_of(self.name)
        self.recovery = key_of(f"{self.name} recovery")
        entry = open_log(self.held, key=self.key, recovery=self.recovery, hour=HOUR,
                         sign=signer(self.key))
        self.log = entry.log
        self.held = self.held.plus(entry)

    def write(self, kind: str, about: str = "N1", part: str = "", **changes: Any) -> Entry:
        """Write a step with a record filled in, legal or not."""
        return self.put(said(kind, about, part, role=self.role, side=self.name, **changes))

    def put(self, content: Content) -> Entry:
        """Write a public content."""
        salt = sha256(f"{self.name} {len(self.held.entries)}".encode()).digest()
        entry = next_entry(self.held, self.log, key=self.key, hour=HOUR, sign=signer(self.key),
                           said=Said(content.salted(salt)))
        self.held = self.held.plus(entry, clear=Clear(content, salt))
        return entry

    def do(self, control: Control) -> Entry:
        """Write an entry that does something to the post's own log."""
        entry = next_entry(self.held, self.log, key=self.key, hour=HOUR, sign=signer(self.key),
                           control=control)
        self.held = self.held.plus(entry)
        self.key = control.key or self.key
        return entry

    def reopen(self, why: Why, trusted_until: int | None = None, *, by: str = "") -> Entry:
        """Open the next epoch with a new key, signed by the recovery key."""
        signs = by or self.recovery
        key = key_of(f"{self.name} {self.log.epoch + 1}")
        entry = new_epoch(self.held, self.log.post, signer=signs, key=key,
                          recovery=self.recovery, why=why, hour=HOUR, sign=signer(signs),
                          trusted_until=trusted_until)
        self.key, self.log = key, entry.log
        self.held = self.held.plus(entry)
        return entry


def said(kind: str, about: str = "N1", part: str = "", *, role: Role = Role.COORDINATOR,
         side: str = "Side", **changes: Any) -> Content:
    """A public content of a kind, with a record filled in."""
    record = evolve(filled(RECORDS[kinds()[kind][0]], only_required=True), **changes)
    return Content(kind=kind, object=about, part=part, writer=Writer(role, side),
                   payload=payload(record), wall=Wall.PUBLIC, received=RECEIVED)


OVERRIDES: dict[str, Any] = {
    "datum": "WGS-84", "mgrs": "37S CA 32269 07977", "latitude_deg": Decimal("36.2021"),
    "longitude_deg": Decimal("37.1343"), "waived_by": None, "waiver_reason": "",
    "corridors_for_fighters": ("some corridors",),
    "open_because": "", "repeats": "", "attributed": Attributed.ONE,
    "meals_an_hour": None, "meals_in_stock": None,
    "footprint": tuple(
        Position(accuracy_m=1, datum="WGS-84", latitude_deg=Decimal(north),
                 longitude_deg=Decimal(east))
        for north, east in (("36.202", "37.134"), ("36.202", "37.135"), ("36.203", "37.134"))),
}  # fmt: skip


def filled(record: Any, *, only_required: bool = False) -> Any:
    """A record with every field filled (or only those that must be), times in order."""
    clock = [datetime(2016, 10, 20, 9, tzinfo=UTC)]
    return _filled(record, clock, only_required)


def _filled(record: Any, clock: list[datetime], only_required: bool) -> Any:
    wanted = required(record) if only_required else tuple(fields_of(record))
    if record.__name__ == "Position":
        wanted = (*wanted, "latitude_deg", "longitude_deg")
    if record.__name__ == "ProtectionAnswer":
        wanted = (*wanted, "answer")
    if record.__name__ == "MovementNotification":
        wanted = (*wanted, "vehicles", "crews")
    if record.__name__ == "ClaimedFigure":
        wanted = (*wanted, "source")
    if "answered_by_function" in wanted and "by_voice_taken_by" in fields_of(record):
        wanted = (*wanted, "by_voice_taken_by")
    kinds_of = fields_of(record)
    return record(**{
        name: OVERRIDES[name] if name in OVERRIDES
        else _value(name, kinds_of[name], clock, only_required)
        for name in kinds_of if name in wanted
    })


def _value(name: str, kind: Any, clock: list[datetime], only_required: bool) -> Any:
    if get_origin(kind) is tuple:
        return (_value(name, get_args(kind)[0], clock, only_required),)
    if get_origin(kind) in (Union, UnionType):
        inner = next(k for k in get_args(kind) if k is not type(None))
        return _value(name, inner, clock, only_required)
    if attrs.has(kind):
        return _filled(kind, clock, only_required)
    if kind is datetime:
        clock[0] += timedelta(hours=1)
        return clock[0]
    if kind is str:
        is_hash = name == "entry" or name.endswith(("sha256", "_hash"))
        return "0a" * 32 if is_hash else f"some {name}"
    if kind is not StrEnum and issubclass(kind, StrEnum):
        return next(iter(kind))
    return {int: 1, bool: True, Decimal: Decimal("1.5")}[kind]
