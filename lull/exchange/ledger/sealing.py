"""What an entry says, sealed so that throwing one small key away makes it unreadable for good.

Each payload has an age key of its own. The content with its salt is sealed to that key, and that
key to each recipient (a `Wrap`). Whoever is told later gets a further wrap; the sealed bytes and
their hash in the chain stay as they are. Without any wrap nobody can read it, and the chain still
verifies: it holds hashes only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256

import pyrage
from attrs import frozen

from lull.domain.refusal import Refusal
from lull.exchange.seal import Key, SealError, open_bytes, seal_bytes
from lull.ledger.canonical import read_canonical
from lull.ledger.content import Content, Wall, read_content
from lull.ledger.entry import Entry, Said
from lull.ledger.ledger import Ledger, Wrap

BLOCK_BYTES = 1024
"""Sealed contents are filled up to whole blocks, so that their size says little."""


@frozen
class SealedContent:
    """A content sealed: what its entry says of it, the sealed bytes, its key to each recipient."""

    said: Said
    sealed: bytes
    keys: tuple[bytes, ...]

    def wraps(self, entry: Entry) -> tuple[Wrap, ...]:
        """The keys as they belong to the entry that says it."""
        return tuple(Wrap(entry.hash, key) for key in self.keys)


def seal_content(content: Content, salt: bytes) -> SealedContent:
    """Seal a content that is not public to its recipients; raises SealError."""
    if content.wall is Wall.PUBLIC:
        raise SealError("What is public is not sealed.")
    own = Key.new()
    plain = b'{"content":%s,"salt":"%s"}\n' % (content.raw, salt.hex().encode())  # canonical, too
    plain += b" " * (-len(plain) % BLOCK_BYTES)
    sealed = seal_bytes(plain, recipients=[own.public])
    keys = tuple(wrap_for(own.secret, reader) for reader in content.recipients)
    return SealedContent(Said(content.salted(salt), sha256(sealed).hexdigest()), sealed, keys)


def wrap_for(secret: str, reader: str) -> bytes:
    """The key of one payload, sealed to one reader's public key (age1...)."""
    return seal_bytes(secret.encode("ascii"), recipients=[reader])


def payload_key(of: Ledger, entry: str, secrets: Iterable[str]) -> str | None:
    """The key of one sealed payload, by a reader's secret keys; None where it is not for them."""
    return _opened(of, entry, (w for w in of.wraps if w.of == entry), tuple(secrets))[0]


def open_contents(of: Ledger, secrets: Iterable[str]) -> dict[str, Content]:
    """What a reader's secret keys open, in memory, by hash of the entry that says it.

    A content that does not fit its entry's salted hash is left out: it was not what was signed.
    """
    readers = tuple(secrets)
    may_open = _recognising(readers) if of.wraps else bool
    wraps: dict[str, list[Wrap]] = {}
    for wrap in of.wraps:
        if may_open(wrap.sealed_key):
            wraps.setdefault(wrap.of, []).append(wrap)
    found = {}
    for entry in of.sealed:
        _, content = _opened(of, entry, wraps.get(entry, ()), readers)
        if content is not None:
            found[entry] = content
    return found


def _recognising(readers: tuple[str, ...]) -> Callable[[bytes], bool]:
    """Whether it is worth while to try some secret keys on a wrap: most are for others."""
    from lull.exchange.ledger.recognise import Recogniser  # noqa: PLC0415 - takes a while

    try:
        known = [Recogniser.of(one) for one in readers]
    except (pyrage.IdentityError, ValueError):  # a key of another kind
        return bool
    return lambda raw: any(one.may_open(raw) for one in known)


def _opened(of: Ledger, entry: str, wraps: Iterable[Wrap],
            readers: tuple[str, ...]) -> tuple[str | None, Content | None]:
    """The key of a payload and what it opens; nothing where no wrap leads to what was signed.

    Nobody signs a wrap, so one that holds a wrong key must not hide the one that holds the right.
    """
    if entry in of.sealed:
        for wrap in sorted(wraps, key=lambda wrap: wrap.sealed_key):
            try:
                secret = open_bytes(wrap.sealed_key, secrets=readers).decode("ascii")
            except (SealError, UnicodeDecodeError):
                continue
            content = _content(of.sealed[entry], secret, of.entries[entry])
            if content is not None:
                return secret, content
    return None, None


def _content(raw: bytes, secret: str, entry: Entry) -> Content | None:
    try:
        node = read_canonical(open_bytes(raw, secrets=[secret]).split(b"\n", 1)[0])
        content, salt = read_content(node["content"]), bytes.fromhex(node["salt"])
        fits = entry.said is not None and entry.said.salted == content.salted(salt)
    except (Refusal, KeyError, TypeError, ValueError):
        return None
    return content if fits else None


def public_keys(secrets: Iterable[str]) -> tuple[str, ...]:
    """The public halves of a reader's secret keys; raises SealError where one is none."""
    try:
        return tuple(str(pyrage.x25519.Identity.from_str(one.strip()).to_public())
                     for one in secrets)
    except (pyrage.IdentityError, ValueError) as wrong:
        raise SealError("A secret key is not right; it starts with AGE-SECRET-KEY-1.") from wrong


def reader_key(text: str) -> str:
    """A reader's public key, looked at; raises SealError where it is none."""
    if text.strip().upper().startswith("AGE-SECRET-KEY"):
        raise SealError("That is a secret key, which is given to nobody; give the public one "
                        "(age1...) that stands in the same file. If others may have seen it, make "
                        "a new one: lull key")
    try:
        return str(pyrage.x25519.Recipient.from_str(text.strip()))
    except (pyrage.RecipientError, ValueError) as wrong:
        raise SealError(f"{text[:80]!r} is no public key of a reader (age1...): {wrong}.") from None
