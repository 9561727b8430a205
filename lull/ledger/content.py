"""What an entry says: kind, object, payload, for whom, and when by whose word."""

from __future__ import annotations

import re
from enum import StrEnum
from hashlib import sha256
from typing import Any

from attrs import frozen

from lull.domain.protocol import Role
from lull.domain.refusal import Refusal, require, require_one_of
from lull.ledger.canonical import canonical

FORM = "lull content 1"
SALT_BYTES = 32
UTC_SECOND = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)
KIND = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*)?")


class Wall(StrEnum):
    """Who may read a content, if they are on the right side of the wall."""

    PUBLIC = "public"
    """Everyone. No route, site or time ahead belongs here."""
    RESTRICTED = "restricted"
    """One's own side, under its data key."""
    SEALED = "sealed"
    """The recipients named, with their own keys, and nobody else."""


@frozen
class Writer:
    """As whom a post writes: its role, its side by the name it uses, its function (no name)."""

    role: Role
    side: str
    function: str = ""

    def __attrs_post_init__(self) -> None:
        require_one_of(self.role, Role, "The writer's role")
        require(bool(self.side.strip()), "Say for which side or organisation the post writes.")

    def __str__(self) -> str:
        return self.side


@frozen
class Content:
    """What one entry says.

    `kind` is `table.event` or a record without states; `object` names what it is about and `part`
    the recipient, party, cell or observer within it. `payload` is a record as JSON. `said` is when
    the source says that it was so (empty: it does not), `received` when this post wrote it down;
    both are data, never order. `recipients` are public age keys where `wall` is not public.
    """

    kind: str
    object: str
    writer: Writer
    payload: dict[str, Any]
    wall: Wall
    received: str
    said: str = ""
    part: str = ""
    recipients: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        require(bool(KIND.fullmatch(self.kind)), f"The kind {self.kind!r} must be like "
                "notification.submit, or one word.")
        require(bool(self.object.strip()), "Say what it is about: the object has no name.")
        require_one_of(self.wall, Wall, "The class of a content")
        require(bool(UTC_SECOND.fullmatch(self.received)),
                f"The time received {self.received!r} must be like 2016-10-20T09:15:00Z.")
        require(not self.said or bool(UTC_SECOND.fullmatch(self.said)),
                f"The time said {self.said!r} must be like 2016-10-20T09:15:00Z.")
        if self.wall is Wall.PUBLIC:
            require(not self.recipients, "What is public has no recipients; leave them out.")
        else:
            require(bool(self.recipients), f"What is {self.wall.value} needs recipients: the "
                    "public keys (age1...) of those who may read it.")

    def as_json(self) -> dict[str, Any]:
        """As it stands in a file, or is sealed."""
        return {
            "function": self.writer.function,
            "kind": self.kind,
            "object": self.object,
            "part": self.part,
            "payload": self.payload,
            "received": self.received,
            "recipients": list(self.recipients),
            "role": self.writer.role.value,
            "said": self.said,
            "side": self.writer.side,
            "wall": self.wall.value,
        }

    def salted(self, salt: bytes) -> str:
        """SHA-256 over the form, the salt and the canonical content, in hexadecimal."""
        require(len(salt) == SALT_BYTES, f"A salt has {SALT_BYTES} bytes.")
        return sha256(FORM.encode() + b"\n" + salt + canonical(self.as_json())).hexdigest()


VERSIONS = ("notification.draft", "notification.revise", "notification.amend")
"""Kinds of entries that carry a version of a notification."""
TEXTS = ("function", "kind", "object", "part", "received", "role", "said", "side", "wall")


def read_content(node: Any) -> Content:
    """A content from JSON; raises Refusal where it is none."""
    if not isinstance(node, dict) or node.keys() != {*TEXTS, "payload", "recipients"}:
        raise Refusal(f"A content must hold exactly: {', '.join(TEXTS)}, payload, recipients.")
    for name in TEXTS:
        require(isinstance(node[name], str), f"{name!r} of a content must be a text.")
    require(isinstance(node["payload"], dict), "The payload must be a mapping.")
    people = node["recipients"]
    require(isinstance(people, list) and all(isinstance(r, str) for r in people),
            "Recipients must be a list of keys.")
    require_one_of(node["role"], list(Role), "The writer's role")
    require_one_of(node["wall"], list(Wall), "The class of a content")
    return Content(
        kind=node["kind"], object=node["object"], part=node["part"], payload=node["payload"],
        writer=Writer(Role(node["role"]), node["side"], node["function"]),
        wall=Wall(node["wall"]), received=node["received"], said=node["said"],
        recipients=tuple(people),
    )  # fmt: skip
