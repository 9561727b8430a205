"""Between the rows of the tables and the pure ledger's objects."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Q

from lull.domain.refusal import Refusal
from lull.ledger.canonical import read_canonical
from lull.ledger.content import read_content
from lull.ledger.entry import Entry, hash_of, read_entry, read_plain
from lull.ledger.ledger import Clear, Ledger
from lull.ledger.ledger import Wrap as KeyWrap
from lull.store import models, plain

AT_ONCE = 500
"""Rows handed to the database in one statement."""


class Damaged(Refusal):
    """What the database gives back is not what was written into it."""


def entry_of(row: models.Entry) -> Entry:
    """The entry in a row; raises Damaged where its bytes do not have its hash."""
    return entry_from(bytes(row.raw), row.hash)


def entry_from(raw: bytes, name: str) -> Entry:
    """The entry in bytes; raises Damaged where they do not have the hash that is its name."""
    if hash_of(raw) != name:
        raise Damaged(f"The store is damaged: entry {name[:12]} is not what was written. Stop "
                      "the server, keep a copy, and restore from a backup.")
    return read_plain(raw, name) or read_entry(read_canonical(raw), name)


def clear_of(entry: Entry, content: bytes, salt: bytes) -> Clear:
    """What an entry says in clear; raises Damaged where it is not what was signed."""
    held = Clear(read_content(read_canonical(content)), salt)
    if not held.fits(entry):
        raise Damaged(f"The store is damaged: what entry {entry.hash[:12]} says in clear is not "
                      "what was signed.")
    return held


def ledger_of(rows: Iterable[models.Entry]) -> Ledger:
    """The ledger of rows, fetched with what they say and its keys (see `whole`)."""
    entries, clear, sealed, wraps = {}, {}, {}, []
    for row in rows:
        entry = entries[row.hash] = entry_of(row)
        said = getattr(row, "said", None)
        if said is not None and said.clear is not None:
            clear[row.hash] = clear_of(entry, bytes(said.clear), bytes(said.salt))
        elif said is not None:
            sealed[row.hash] = bytes(said.sealed)
        wraps += [KeyWrap(row.hash, bytes(wrap.sealed_key)) for wrap in row.wraps.all()]
    return Ledger(entries, clear, sealed, frozenset(wraps))


def whole(pause: UUID, **narrower: Any) -> Any:
    """The rows of a pause in the order in which they were taken, with all that belongs to them."""
    return (models.Entry.objects.filter(pause_id=pause, **narrower).order_by("seq")
            .select_related("said").prefetch_related("wraps"))


def put_entry(entry: Entry, pause: UUID, *, by: UUID | None = None,
              merged: bool = False) -> models.Entry:
    """Write the row of an entry."""
    values: dict[str, Any] = {
        "pause_id": pause, "hash": entry.hash, "post": entry.log.post, "epoch": entry.log.epoch,
        "number": entry.number, "raw": entry.raw, "merged": merged, "by": by,
    }  # fmt: skip
    return models.Entry(seq=plain.put(models.Entry, **values), **values)


def put_said(row: models.Entry, *, clear: Clear | None = None, sealed: bytes | None = None) -> None:
    """Write what an entry says: in clear, or sealed."""
    if clear is not None:
        plain.put(models.Said, entry_id=row.seq, clear=clear.content.raw, salt=clear.salt)
    elif sealed is not None:
        plain.put(models.Said, entry_id=row.seq, sealed=sealed)


def put_first_wraps(row: models.Entry, keys: Iterable[bytes]) -> None:
    """Write the keys of a sealed payload that is new, too."""
    for key in dict.fromkeys(keys):
        plain.put(models.Wrap, entry_id=row.seq, sealed_key=key, digest=sha256(key).hexdigest())


def put_wraps(row: models.Entry, keys: Iterable[bytes]) -> None:
    """Write the keys of a sealed payload; one that is there already is left."""
    made = [models.Wrap(entry=row, sealed_key=key, digest=sha256(key).hexdigest())
            for key in keys]
    models.Wrap.objects.bulk_create(made, AT_ONCE, ignore_conflicts=True)


def drop_payload(pause: UUID, entries: Iterable[str]) -> None:
    """Take away what entries say, every key to it, and what of it was still to be sent."""
    rows = models.Entry.objects.filter(pause_id=pause, hash__in=list(entries))
    letters = models.Outgoing.objects.filter(Q(entry__in=rows) | Q(of__in=rows)
                                             | Q(before__in=rows))
    letters.filter(sent=None).delete()
    letters.update(letter=b"")
    models.Wrap.objects.filter(entry__in=rows).delete()
    models.Said.objects.filter(entry__in=rows).delete()


def heads_of(pause: UUID) -> set[str]:
    """Hashes of the entries of a pause on which nothing follows."""
    return set(plain.texts(models.Head, "hash", pause_id=pause))


def follow(pause: UUID, heads: set[str], entry: str) -> None:
    """Note that an entry has followed on all that were the last ones."""
    if len(heads) == 1:
        plain.change(models.Head, {"pause_id": pause}, hash=entry)
    else:
        set_heads(pause, {entry})


def set_heads(pause: UUID, heads: Iterable[str]) -> None:
    """Write which entries are the last ones now."""
    wanted, there = set(heads), heads_of(pause)
    models.Head.objects.filter(pause_id=pause, hash__in=there - wanted).delete()
    models.Head.objects.bulk_create(
        [models.Head(pause_id=pause, hash=one) for one in sorted(wanted - there)], AT_ONCE)
