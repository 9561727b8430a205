"""One entry of one log: what is chained and signed, and nothing of what was said.

In clear stand the log, a number, hashes, the key that signed and the hour. What was said stands in
a content (see `content`), of which an entry carries a salted hash only.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cached_property, lru_cache
from hashlib import sha256
from sys import intern
from typing import Any

from attrs import field, frozen

from lull.domain.refusal import Refusal, require
from lull.ledger.canonical import MOST, canonical

FORM = "lull entry 1"
"""Goes up when a reader of the old form would misread the new one."""

HEX64 = re.compile(r"[0-9a-f]{64}")
HEX128 = re.compile(r"[0-9a-f]{128}")
HOUR = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}Z", re.ASCII)


class BadEntry(Refusal):
    """What stands there is no entry; the message says what is wrong."""


class Act(StrEnum):
    """What an entry does to its own log's keys, or to a payload."""

    OPEN = "open"
    """First of a log: names its key and its recovery key, and the epoch that it continues."""
    REPLACE = "replace"
    """From the next entry on another key signs."""
    RETIRE = "retire"
    """No entry follows; only the recovery key can open another epoch."""
    DESTROY = "destroy"
    """The payload of an earlier entry of the same post is gone, here and wherever this arrives."""


class Why(StrEnum):
    """Why a key was replaced or retired, or a payload destroyed."""

    ROUTINE = "routine"
    LOST = "lost"
    COMPROMISED = "compromised"
    RESTORED = "restored"
    RETENTION = "retention"


@frozen
class Control:
    """What an entry does besides carrying a content; blank fields do not apply.

    `key` is the public key that signs from here on (open: this entry too) and `recovery` the key
    that may open another epoch when it is lost. `of` is the hash of the entry that an epoch
    continues from, or whose payload is destroyed. `trusted_until` is the last number of the earlier
    epoch that its owner stands by; None: all of it.
    """

    act: Act
    why: Why = Why.ROUTINE
    key: str = ""
    recovery: str = ""
    of: str = ""
    trusted_until: int | None = None

    def __attrs_post_init__(self) -> None:
        for what, value in (("key", self.key), ("recovery", self.recovery), ("of", self.of)):
            require(not value or bool(HEX64.fullmatch(value)),
                    f"{what} of an {self.act.value!r} entry must be 64 hexadecimal digits.")
        require(self.trusted_until is None or self.trusted_until >= 0,
                "The last entry that is stood by has a number, or is 0 for none.")
        if self.act is Act.OPEN:
            require(bool(self.key and self.recovery), "A log opens with a key and a recovery key.")
            require(self.key != self.recovery, "The recovery key must be another than the key.")
        if self.act is Act.REPLACE:
            require(bool(self.key), "A key is replaced by another; name it.")
        if self.act is Act.DESTROY:
            require(bool(self.of), "Name the entry whose payload is destroyed.")

    def as_json(self) -> dict[str, Any]:
        """As it stands in the entry."""
        return {
            "act": self.act.value, "key": self.key, "of": self.of, "recovery": self.recovery,
            "trusted_until": self.trusted_until, "why": self.why.value,
        }  # fmt: skip


@frozen
class Said:
    """What an entry says of its content without saying it: two hashes.

    `salted` is over salt and content and proves what was said to whoever holds both; `sealed` is
    over the sealed bytes and proves to everyone else that they were not changed. It is empty where
    the content is public.
    """

    salted: str
    sealed: str = ""


@frozen
class Log:
    """The name of a log: a post (hash of its first key) and its epoch, from 1."""

    post: str
    epoch: int

    def __str__(self) -> str:
        return f"{self.post[:12]}/{self.epoch}"


@frozen(slots=False)
class Entry:
    """One entry, signed. Two entries are the same if their hashes are; nothing else is compared.

    `previous` is the hash of the entry before it in its log (empty for the first), `after` the
    hashes of the entries of other logs that its writer had seen, in order. `hour` is coarse on
    purpose; exact times stand in the content. `signature` is by `key` over `message`.
    """

    log: Log
    number: int
    previous: str
    after: tuple[str, ...]
    hour: str
    key: str
    said: Said | None
    control: Control | None
    signature: str = field(default="", repr=False)

    def __attrs_post_init__(self) -> None:
        whole = isinstance(self.number, int) and not isinstance(self.number, bool)
        if not whole or self.number < 1 or self.log.epoch < 1:
            raise BadEntry("An entry's number and epoch count from 1.")
        if not HOUR.fullmatch(self.hour):
            raise BadEntry(f"The hour {self.hour!r} must be like 2016-10-20T09Z.")
        if (self.number == 1) == bool(self.previous):
            raise BadEntry("The first entry of a log has none before it, and each other one has.")
        for digits in (self.log.post, self.key, *self.after, *filter(None, [self.previous])):
            if not HEX64.fullmatch(digits):
                raise BadEntry(f"{digits[:70]!r} must be 64 hexadecimal digits.")
        if list(self.after) != sorted(set(self.after)):
            raise BadEntry("References must stand in order, each once.")
        if self.signature and not HEX128.fullmatch(self.signature):
            raise BadEntry("A signature must be 128 hexadecimal digits.")
        if (self.number == 1) != (self.control is not None and self.control.act is Act.OPEN):
            raise BadEntry("A log begins with an 'open' entry, and has no other.")

    def as_json(self) -> dict[str, Any]:
        """The entry as it stands in a file, with its signature."""
        return {**self._unsigned(), "signature": self.signature}

    def _unsigned(self) -> dict[str, Any]:
        said = self.said and {"salted": self.said.salted, "sealed": self.said.sealed}
        return {
            "after": list(self.after),
            "control": self.control and self.control.as_json(),
            "epoch": self.log.epoch,
            "hour": self.hour,
            "key": self.key,
            "number": self.number,
            "post": self.log.post,
            "previous": self.previous,
            "said": said,
        }

    @property
    def message(self) -> bytes:
        """The bytes that are signed: the form, a new line, the canonical entry unsigned."""
        plain = self._plain()
        return FORM.encode() + b"\n" + (canonical(self._unsigned()) if plain is None
                                        else plain + b"}")

    @property
    def raw(self) -> bytes:
        """The canonical bytes of the entry with its signature."""
        plain = self._plain()
        if plain is None or not self.signature:
            return canonical(self.as_json())
        return plain + b',"signature":"' + self.signature.encode() + b'"}'

    def _plain(self) -> bytes | None:
        """The canonical entry up to its signature, written at once where it only says something.

        None where it does not; `canonical` writes it then. That both write the same is tested.
        """
        said = self.said
        if (self.control is not None or said is None or not HEX64.fullmatch(said.salted)
                or (said.sealed and not HEX64.fullmatch(said.sealed))
                or self.number > MOST or self.log.epoch > MOST):
            return None
        after = '","'.join(self.after)
        return (
            f'{{"after":[{after and chr(34) + after + chr(34)}],"control":null,'
            f'"epoch":{self.log.epoch},"hour":"{self.hour}","key":"{self.key}",'
            f'"number":{self.number},"post":"{self.log.post}","previous":"{self.previous}",'
            f'"said":{{"salted":"{said.salted}","sealed":"{said.sealed}"}}'
        ).encode()

    @cached_property
    def hash(self) -> str:
        """SHA-256 over the form and the canonical entry with its signature, in hexadecimal.

        So each entry's hash covers every byte of it, and through `previous` all before it.
        """
        return hash_of(self.raw)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entry) and self.hash == other.hash

    def __hash__(self) -> int:
        return int(self.hash[:15], 16)


def hash_of(canonical_entry: bytes) -> str:
    """The hash of an entry that is already written in canonical form."""
    return sha256(FORM.encode() + b"\n" + canonical_entry).hexdigest()


def post_of(key: str) -> str:
    """The name of the post whose first key this is."""
    return sha256(b"lull post 1\n" + bytes.fromhex(key)).hexdigest()


FIELDS = {
    "after": list, "control": (dict, type(None)), "epoch": int, "hour": str, "key": str,
    "number": int, "post": str, "previous": str, "said": (dict, type(None)), "signature": str,
}  # fmt: skip


def read_entry(node: Any, known_hash: str = "") -> Entry:
    """An entry from JSON; raises BadEntry (or Refusal) where it is none.

    `known_hash` is its hash where that has just been counted from the bytes it was read from.
    """
    _require_fields(node, FIELDS)
    if not all(isinstance(ref, str) for ref in node["after"]):
        raise BadEntry("References must be hashes.")
    if not node["signature"]:
        raise BadEntry("The entry is not signed.")
    made = Entry(
        log=Log(intern(node["post"]), node["epoch"]),
        number=node["number"],
        previous=node["previous"],
        after=tuple(node["after"]),
        hour=intern(node["hour"]),
        key=intern(node["key"]),
        said=None if node["said"] is None else _said(node["said"]),
        control=None if node["control"] is None else _control(node["control"]),
        signature=node["signature"],
    )
    if made.said is None and made.control is None:
        raise BadEntry("The entry says and does nothing.")
    if known_hash:
        vars(made)["hash"] = known_hash
    return made


_H64, _COUNT = rb'([0-9a-f]{64})', rb"([1-9][0-9]{0,15})"
_EPOCH = rb"([1-9][0-9]{0,9})"
PLAIN = re.compile(
    rb'\{"after":\[((?:"[0-9a-f]{64}"(?:,"[0-9a-f]{64}")*)?)\],"control":null,"epoch":' + _EPOCH
    + rb',"hour":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}Z)","key":"' + _H64 + rb'","number":' + _COUNT
    + rb',"post":"' + _H64 + rb'","previous":"' + _H64 + rb'","said":\{"salted":"' + _H64
    + rb'","sealed":"((?:[0-9a-f]{64})?)"\},"signature":"([0-9a-f]{128})"\}')
"""The canonical bytes of an entry that only says something: nearly all are so."""


def read_plain(raw: bytes, known_hash: str) -> Entry | None:
    """The entry in canonical bytes, where it only says something; None: read it the long way.

    What matches is canonical and has the fields of an entry, each as `Entry` asks for it, so that
    it is not asked again. The opening of a log is not so.
    """
    found = PLAIN.fullmatch(raw)
    if found is None:
        return None
    after, epoch, hour, key, number, post, previous, salted, sealed, signature = (
        found.group(*range(1, 11)))
    refs = tuple(after.decode()[1:-1].split('","')) if after else ()
    count = int(number)
    if count > MOST or count == 1 or (len(refs) > 1 and list(refs) != sorted(set(refs))):
        return None
    made = Entry.__new__(Entry)
    vars(made).update(
        log=_log(post, epoch), number=count, previous=previous.decode(), after=refs,
        hour=intern(hour.decode()), key=intern(key.decode()),
        said=Said(salted.decode(), sealed.decode()), control=None, signature=signature.decode(),
        hash=known_hash)
    return made


@lru_cache(1_024)
def _log(post: bytes, epoch: bytes) -> Log:
    return Log(intern(post.decode()), int(epoch))


def _require_fields(node: Any, fields: dict[str, Any]) -> None:
    if not isinstance(node, dict) or node.keys() != fields.keys():
        raise BadEntry(f"It must hold exactly: {', '.join(sorted(fields))}.")
    for name, kind in fields.items():
        if not isinstance(node[name], kind) or isinstance(node[name], bool):
            raise BadEntry(f"{name!r} has a value of a wrong kind.")


def _said(node: dict[str, Any]) -> Said:
    _require_fields(node, {"salted": str, "sealed": str})
    for name in ("salted", "sealed"):
        if not HEX64.fullmatch(node[name]) and (name == "salted" or node[name]):
            raise BadEntry(f"{name!r} must be 64 hexadecimal digits.")
    return Said(node["salted"], node["sealed"])


def _control(node: dict[str, Any]) -> Control:
    _require_fields(node, {"act": str, "key": str, "of": str, "recovery": str,
                           "trusted_until": (int, type(None)), "why": str})
    if node["act"] not in list(Act) or node["why"] not in list(Why):
        raise BadEntry(f"The act {node['act']!r} ({node['why']!r}) is not known.")
    return Control(Act(node["act"]), Why(node["why"]), node["key"], node["recovery"], node["of"],
                   node["trusted_until"])
