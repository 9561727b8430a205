"""A store as one file, from either kind of database into either, and back.

Everything in it is sealed or veiled as it was in the database, so the file tells a thief no more
than the disk. Sessions and throttles are left out. It is one snapshot, taken while others write.

Entries are signed; who may sign in as what is not. So the hash of all lines is proven with a key
derived from the data key (HMAC-SHA256), which nobody has without the server's passphrase: whoever
could change a backup could otherwise seat themselves in a pause.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from attrs import frozen
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction
from django.db.models import BinaryField, Model

from lull.domain.refusal import Refusal, require
from lull.exchange.atomic import PRIVATE
from lull.exchange.ledger import read_ledger, write_ledger
from lull.exchange.ledger.ed25519 import SigningKey, check_signature
from lull.ledger.entry import Why
from lull.store import jobs, models
from lull.store.kept import Store, utc_now
from lull.store.ledgers import next_epochs
from lull.store.rows import AT_ONCE, ledger_of, whole
from lull.store.veil import Veil

FORM = "lull backup 1"
PROOF = "backup"
KEPT: tuple[type[Model], ...] = (
    models.Vault, models.Side, models.Pause, models.SideIn, models.Member, models.MemberKey,
    models.RecoveryCode, models.Seat, models.Invitation, models.Token, models.Post, models.Entry,
    models.Said, models.Wrap, models.Head, models.Once, models.Folder, models.Job,
    models.Product, models.Outgoing, models.Addressee,
)  # fmt: skip
"""What is kept, each behind what it refers to. Sessions and throttles are of one run."""
MOST_REMEMBERED = 100
"""Backups of which it is known when they were written."""
LONGEST_LINE_BYTES = 200_000_000


@frozen
class Made:
    """A backup that was written: its rows, and the SHA-256 of all but its last line.

    `proof` is the keyed hash of that, empty where there was no key.
    """

    file: Path
    rows: int
    sha256: str
    proof: str = ""


def back_up(file: Path, veil: Veil | None = None) -> Made:
    """Write a store into a new file that only its owner can read; raises Refusal.

    The file appears under its name when it is whole. Nothing is opened; with the store's `veil` the
    file is proven, too.
    """
    require(not file.exists(), f"{file} is there already; give another name.")
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    try:
        with os.fdopen(handle, "wb") as out:
            digest, rows = sha256(), 0
            for line in _lines():
                digest.update(line)
                out.write(line)
                rows += 1
            end = {"rows": rows - 1, "sha256": digest.hexdigest()}
            proof = veil.tag(digest.hexdigest(), PROOF) if veil else ""
            out.write(_line({"end": end | ({"proof": proof} if proof else {})}))
            out.flush()
            os.fsync(out.fileno())
        os.link(part, file)  # never over another
    finally:
        part.unlink(missing_ok=True)
    _remember(rows - 1, proven=bool(proof))
    return Made(file, rows - 1, digest.hexdigest(), proof)


def _remember(rows: int, *, proven: bool) -> None:
    """Keep when the store was backed up, for whoever watches that it is; the last ones alone.

    A backup that was written is one, whether or not this can be.
    """
    with suppress(DatabaseError), transaction.atomic():
        made = models.BackedUp.objects.create(at=utc_now(), rows=rows, proven=proven)
        models.BackedUp.objects.filter(pk__lte=made.pk - MOST_REMEMBERED).delete()


def _lines() -> Iterator[bytes]:
    yield _line({"form": FORM})
    begin = "BEGIN" if connection.vendor == "sqlite" else (
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    with connection.cursor() as cursor:
        cursor.execute(begin)  # a snapshot: what others write meanwhile is not seen
    try:
        for model in KEPT:
            for row in model._default_manager.order_by("pk").iterator(chunk_size=AT_ONCE):
                yield _line({"table": model._meta.model_name, "row": _row(row)})
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


def _line(node: dict[str, Any]) -> bytes:
    return json.dumps(node, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _row(row: Model) -> dict[str, Any]:
    found = {}
    for column in row._meta.concrete_fields:
        value = getattr(row, column.attname)
        if isinstance(value, bytes | memoryview):
            value = base64.b64encode(bytes(value)).decode()
        elif value is not None and not isinstance(value, str | int | bool):
            value = value.isoformat() if hasattr(value, "isoformat") else str(value)
        found[column.attname] = value
    return found


def read_backup(file: Path) -> Iterator[tuple[type[Model], Model]]:
    """The rows of a backup that is whole; raises Refusal where it is not, before the first row."""
    _require_whole(file)
    known = {model._meta.model_name: model for model in KEPT}
    with file.open("rb") as lines:
        for line in lines:
            node = json.loads(line)
            if "row" in node:
                model = known[node["table"]]
                yield model, _made(model, node["row"])


def require_proven(file: Path, veil: Veil, *, sha256: str = "", unproven: bool = False) -> Made:
    """Raise Refusal where nothing shows that a whole backup is as it was written.

    What shows it: the proof at its end, under the key of the store that it holds, or the `sha256`
    that was printed when it was made and was kept apart. `unproven` goes without.
    """
    made = _require_whole(file)
    if sha256:
        require(hmac.compare_digest(made.sha256, sha256.lower().strip()), f"{file} is not the "
                f"backup of that SHA-256, but of {made.sha256}. It was changed, or is another.")
    if made.proof:
        right = veil.tag(made.sha256, PROOF)
        require(hmac.compare_digest(right, made.proof), f"{file} was changed by somebody who does "
                "not have the server's key. Do not use it; take another backup.")
    elif not sha256 and not unproven:
        raise Refusal(f"{file} was made without the passphrase, and nothing shows that it was not "
                      "changed since. Give the SHA-256 that lull backup printed (--sha256), or "
                      "--unproven if nobody else can have had it.")
    return made


def _require_whole(file: Path) -> Made:
    """What stands at the end of a backup that was not cut or damaged; raises Refusal."""
    if not file.is_file():
        raise Refusal(f"{file} does not exist; give the file that lull backup wrote.")
    digest, rows, end = sha256(), 0, None
    try:
        with file.open("rb") as lines:
            for line in iter(lambda: lines.readline(LONGEST_LINE_BYTES), b""):
                if end is not None:
                    raise ValueError
                if line.startswith(b'{"end":'):
                    end = json.loads(line)["end"]
                    continue
                if rows == 0 and line != _line({"form": FORM}):
                    raise Refusal(f"{file} is no backup of a store, or of another form.")
                digest.update(line)
                rows += 1
        proof = str(end.pop("proof", "")) if isinstance(end, dict) else ""
        if end != {"rows": rows - 1, "sha256": digest.hexdigest()}:
            raise ValueError
    except (ValueError, KeyError):
        raise Refusal(f"{file} is damaged or was cut; take another backup.") from None
    return Made(file, rows - 1, digest.hexdigest(), proof)


def _made(model: type[Model], row: dict[str, Any]) -> Model:
    columns = {column.attname: column for column in model._meta.concrete_fields}
    values = {}
    for name, value in row.items():
        column = columns.get(name)
        if column is None:
            raise Refusal(f"The backup has a column {name!r} that is not known here; use the lull "
                          "that wrote it.")
        if isinstance(column, BinaryField) and value is not None:
            values[name] = base64.b64decode(value)
        else:
            values[name] = column.to_python(value)
    return model(**values)


def restore(file: Path) -> int:
    """Put a backup into an empty store, all or nothing; the number of rows. Raises Refusal.

    Every ledger is verified, each signature of it, before anything counts as restored. Programs'
    tokens, and links that nobody has used, are ended.
    """
    with transaction.atomic():
        require(not models.Vault.objects.exists(), "There is a store here already; restore into an "
                "empty one.")
        rows = 0
        batch: list[Model] = []
        for model, row in read_backup(file):
            if batch and (type(batch[0]) is not model or len(batch) >= AT_ONCE):
                rows += _insert(batch)
            batch.append(row)
        rows += _insert(batch) if batch else 0
        _renumber()
        # One that was ended since would let its thief in again.
        models.Token.objects.all().delete()
        models.Invitation.objects.filter(used=False).update(used=True)
        models.Job.objects.filter(state=jobs.LEASED).update(state=jobs.WAITING, worker="",
                                                            lease_until=None)
        models.Outgoing.objects.filter(sent=None).update(worker="", lease_until=None)
        for pause in models.Pause.objects.all():
            held = read_ledger(write_ledger(ledger_of(whole(pause.id))), check_signature)
            require(not held.damaged, "The backup's ledger is damaged, and nothing was restored: "
                    + " ".join(f.sentence for f in held.findings[:3]))
    return rows


def _insert(batch: list[Model]) -> int:
    done = len(type(batch[0])._default_manager.bulk_create(batch, AT_ONCE))
    batch.clear()
    return done


def _renumber() -> None:
    """Have a database that counts by itself go on behind the rows that came with numbers."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(KEPT)):
            cursor.execute(statement)


def begin_anew(store: Store, why: Why = Why.RESTORED, recovery: SigningKey | None = None) -> int:
    """Open the next epoch of every post for which a store writes; the number of posts.

    After a restore, as what was written after the backup may come back from others, and must not
    meet other entries of the same number; or with the recovery key, after a theft.
    """
    return sum(next_epochs(store, pause.id, why, recovery) for pause in models.Pause.objects.all())
