"""`lull ledger begin`, `add`, `disclose`, `destroy`, `rekey`, `retire`, `reopen`: a post writes."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from functools import wraps as wrapping
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from lull.cli import schemas
from lull.cli.console import console, print_json
from lull.cli.exits import DONE, BadInput
from lull.cli.folder import json_option, read_key
from lull.cli.ledger_file import (
    FILE,
    PASSPHRASE_FILE,
    PATH,
    POST_KEY,
    READER_KEY,
    both_keys,
    changing,
    entry_named,
    hour_of,
    load_sound,
    log_of,
    make_key,
    now,
    opened,
    save,
    unlock,
)
from lull.domain.protocol import Role
from lull.domain.records import BadRecord, kinds, payload, read_payload
from lull.domain.records.account import Disclosure, DisclosureKind
from lull.domain.records.form import utc_text
from lull.exchange.ledger import Held
from lull.exchange.ledger.sealing import (
    payload_key,
    public_keys,
    reader_key,
    seal_content,
    wrap_for,
)
from lull.ledger.content import SALT_BYTES, Content, Wall, Writer
from lull.ledger.entry import Act, Control, Entry, Said, Why
from lull.ledger.fold import fold
from lull.ledger.ledger import Clear, Ledger, Wrap, merge
from lull.ledger.ledger import ledger as ledger_of
from lull.ledger.protection import BEGIN
from lull.ledger.write import (
    new_epoch,
    next_entry,
    open_log,
    require_legal,
    require_may_reopen,
    with_what_it_rests_on,
)

BARE = click.option("--bare", is_flag=True, help="Keep new keys without a passphrase: only on a "
                    "device that is encrypted as a whole.")
CLASS = click.option("--class", "wall", type=click.Choice([w.value for w in Wall]), required=True,
                     help="Who may read it: everyone, one's own side, or those named alone.")
TO = click.option("--to", "readers", multiple=True, metavar="AGE1...",
                  help="The public key of one who may read it; once for each.")


def writer_options(function: Callable[..., int]) -> Callable[..., int]:
    """The options that say as whom a post writes; the verb gets them as one `writer`."""

    @click.option("--role", type=click.Choice([r.value for r in Role]), required=True,
                  help="As what the post writes.")
    @click.option("--side", required=True, help="For which organisation or party, by the name it "
                  "uses.")
    @click.option("--function", "duty", default="", help="Whose function wrote it; no names.")
    @wrapping(function)
    def with_writer(*args: Any, role: str, side: str, duty: str, **options: Any) -> int:
        return function(*args, writer=Writer(Role(role), side, duty), **options)

    return with_writer


def written(file: Path, entry: Entry, as_json: bool) -> int:
    """Say which entry was written."""
    if as_json:
        print_json(schemas.LedgerEntryAnswer(
            file=str(file), post=entry.log.post, epoch=entry.log.epoch, number=entry.number,
            hash=entry.hash))
    else:
        console().print(f"{file}: entry {entry.number} of log {entry.log}, {entry.hash}",
                        soft_wrap=True)
    return DONE


@click.command("begin")
@FILE
@POST_KEY
@click.option("--recovery", type=PATH, required=True,
              help="The file of the recovery key; it belongs elsewhere, in other hands.")
@PASSPHRASE_FILE
@BARE
@json_option("ledger-entry")
def begin(file: Path, key_file: Path, recovery: Path, passphrase_file: Path | None, bare: bool,
          as_json: bool) -> int:
    """Open the log of a new post in FILE, which is made if it is not there.

    The post's key and its recovery key are made on this first use, each in a file that only its
    owner can read (mode 0600), under a passphrase that is asked for. The post is named after its
    key. Take the recovery key off this machine: whoever has it can replace a lost or stolen key.

    \b
    Examples:
      lull ledger begin castello.ledger --key castello.key --recovery /media/stick/castello.recovery

    \b
    Exit codes: 0 begun; 2 the file is damaged, or a key cannot be used.
    """
    if key_file.resolve() == recovery.resolve():
        raise BadInput("The key and the recovery key must be two files.")
    with changing(file):
        held = load_sound(file).ledger if file.exists() else Ledger()
        key, spare = both_keys(key_file, recovery, passphrase_file, bare=bare)
        entry = open_log(held, key=key.public, recovery=spare.public, hour=hour_of(now()),
                         sign=key.sign)
        save(file, held.plus(entry))
    return written(file, entry, as_json)


@click.command("add")
@FILE
@POST_KEY
@PASSPHRASE_FILE
@click.option("--kind", type=click.Choice(list(kinds())), required=True, metavar="KIND",
              help="Such as notification.draft, receipt.confirm, claimed_figure; all of them stand "
              "in docs/reference/records.md.")
@click.option("--object", "about", required=True, help="What it is about, by its reference.")
@click.option("--part", default="", help="The recipient and version, party, observer, or cell "
              "and own side, within it, where the kind has parts.")
@click.option("--record", "record_file", type=PATH, required=True,
              help="A JSON file with the record; its first field is \"record\", its kind. Or what "
              "lull notices wrote: then the draft whose reference is --object.")
@writer_options
@CLASS
@TO
@click.option("--said", default="", help="When the source says that it was so: "
              "2016-10-20T09:15:00Z.")
@READER_KEY
@json_option("ledger-entry")
def add(file: Path, key_file: Path, passphrase_file: Path | None, kind: str, about: str, part: str,
        record_file: Path, writer: Writer, wall: str, readers: tuple[str, ...], said: str,
        reader_file: Path | None, as_json: bool) -> int:
    """Write one entry into a ledger FILE, signed by the post; an illegal step is refused.

    The refusal names the side at fault and what could follow. What is sealed here and cannot be
    opened with --open is not known to this check.

    \b
    Examples:
      lull ledger add aleppo.ledger --key room.key --kind claimed_figure --object aid-2016-11-09 \\
          --record claim.json --role observer --side "Centre for Reconciliation" --class public

    \b
    Exit codes: 0 written; 2 the step is illegal, the record is wrong, or the file is damaged.
    """
    node = _record(record_file, kind, about)
    to = tuple(dict.fromkeys(map(reader_key, readers)))
    content = Content(kind=kind, object=about, part=part, writer=writer, payload=node,
                      wall=Wall(wall), received=utc_text(now()), said=said, recipients=to)
    with changing(file):
        held = load_sound(file)
        key = unlock(key_file, passphrase_file)
        log = log_of(held.ledger, key.public)
        content = _resting(held, content, reader_file)
        require_legal(held.ledger, content, opened(held, reader_file))
        salt = secrets.token_bytes(SALT_BYTES)
        sealed = None if content.wall is Wall.PUBLIC else seal_content(content, salt)
        entry = next_entry(
            held.ledger, log, key=key.public, hour=hour_of(now()), sign=key.sign,
            said=sealed.said if sealed else Said(content.salted(salt)),
        )  # fmt: skip
        save(file, held.ledger.plus(
            entry,
            clear=None if sealed else Clear(content, salt),
            sealed=sealed.sealed if sealed else None,
            wraps=sealed.wraps(entry) if sealed else (),
        ))
    return written(file, entry, as_json)


def _resting(held: Held, content: Content, reader_file: Path | None) -> Content:
    """A beginning of a pause with what it rests on; raises BadInput with what is not settled."""
    if content.kind != BEGIN:
        return content
    filled, found = with_what_it_rests_on(content, fold(held.ledger,
                                                        opened(held, reader_file)).words)
    if found:
        said = "\n".join(f"  rests_on: {one.sentence}" for one in found)
        raise BadInput(f"The pause {content.object} is not ready:\n{said}")
    return filled


def _record(file: Path, kind: str, about: str) -> dict[str, Any]:
    """The record in a JSON file; raises BadInput with every error at its field."""
    try:
        node = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInput(f"{file} does not exist; give a JSON file with the record.") from None
    except (ValueError, RecursionError) as wrong:
        raise BadInput(f"{file} is no JSON in UTF-8 ({wrong}).") from None
    if not isinstance(node, dict):
        raise BadInput(f"{file} must hold one JSON object: the record.")
    if node.get("form") == schemas.NOTICES:
        node = _drafted(file, node, kind, about)
    try:
        record = read_payload(kind, node)
    except BadRecord as wrong:
        said = "\n".join(f"  {e.field or 'record'}: {e.sentence}" for e in wrong.errors)
        raise BadInput(f"{file} is not right:\n{said}") from None
    return payload(record)


def _drafted(file: Path, node: dict[str, Any], kind: str, about: str) -> dict[str, Any]:
    """The draft that is meant, of what `lull notices` wrote; raises BadInput."""
    try:
        made = schemas.NoticesAnswer.model_validate(node)
    except ValidationError:
        raise BadInput(f"{file} is not as lull notices wrote it.") from None
    if kind.startswith("pause."):
        return made.pause_notice.record
    found = next((one.record for one in made.notices if one.reference == about), None)
    if found is None:
        raise BadInput(f"{file} has no draft {about!r}; --object is the reference of one of its "
                       f"{len(made.notices)}.")
    return found


@click.command("disclose")
@FILE
@click.argument("entries", nargs=-1, required=True)
@POST_KEY
@PASSPHRASE_FILE
@click.option("--open", "own_key", type=PATH, required=True,
              help="The file of your secret age key, which opens what is disclosed.")
@click.option("--to", "reader", metavar="AGE1...", required=True,
              help="The public key of the one who may read it from now on.")
@click.option("--called", required=True, help="Which party or organisation that is.")
@click.option("--reason", default="", help="Why it is disclosed.")
@writer_options
@json_option("ledger-entry")
def disclose(file: Path, entries: tuple[str, ...], key_file: Path, passphrase_file: Path | None,
             own_key: Path, reader: str, called: str, reason: str, writer: Writer,
             as_json: bool) -> int:
    """Let one more reader open sealed ENTRIES (their hashes), and write that down as an entry.

    That entry is sealed to you and to the new reader. It cannot be taken back: who has read, has.

    \b
    Examples:
      lull ledger disclose aleppo.ledger 32af3d363d3c --open my.key --key room.key \\
          --to age1... --called "Party A" --role coordinator --side "OCHA"

    \b
    Exit codes: 0 disclosed; 2 the entry cannot be opened with this key.
    """
    to, own = reader_key(reader), read_key(own_key)
    with changing(file):
        held = load_sound(file).ledger
        found = [entry_named(held, name) for name in entries]
        more = []
        for entry in found:
            secret = payload_key(held, entry.hash, own)
            if secret is None:
                raise BadInput(f"Entry {entry.hash[:12]} is not sealed to this key.")
            more.append(Wrap(entry.hash, wrap_for(secret, to)))
        key = unlock(key_file, passphrase_file)
        said = Disclosure(
            reference=f"disclosure {found[0].hash[:12]}", version=1, kind=DisclosureKind.DISCLOSED,
            entries=tuple(e.hash for e in found), to=called, by_function=writer.function or
            writer.role.value, at=now(), reason=reason,
        )  # fmt: skip
        readers = tuple(sorted({*public_keys(own), to}))
        content = Content("disclosure", called, writer, payload(said), Wall.SEALED,
                          utc_text(now()), recipients=readers)
        sealed = seal_content(content, secrets.token_bytes(SALT_BYTES))
        entry = next_entry(held, log_of(held, key.public), key=key.public, hour=hour_of(now()),
                           sign=key.sign, said=sealed.said)
        after = held.plus(entry, sealed=sealed.sealed, wraps=sealed.wraps(entry))
        save(file, merge(after, ledger_of(found, wraps=more)))
    return written(file, entry, as_json)


def _control(file: Path, key_file: Path, passphrase_file: Path | None,
             made: Callable[[Ledger], Control], as_json: bool) -> int:
    """Write an entry that does something to its own log."""
    with changing(file):
        held = load_sound(file).ledger
        key = unlock(key_file, passphrase_file)
        log = log_of(held, key.public)
        entry = next_entry(held, log, key=key.public, hour=hour_of(now()), sign=key.sign,
                           control=made(held))
        save(file, held.plus(entry))
    return written(file, entry, as_json)


@click.command("destroy")
@FILE
@click.argument("entry")
@POST_KEY
@PASSPHRASE_FILE
@json_option("ledger-entry")
def destroy(file: Path, entry: str, key_file: Path, passphrase_file: Path | None,
            as_json: bool) -> int:
    """Destroy what one ENTRY (its hash) of this post said; that it was said stays in the chain.

    The content and every key to it are left out of FILE, and out of every file with which it is
    merged. Copies that are never merged keep theirs: have them deleted. On flash storage deleted
    bytes may still be found.

    \b
    Examples:
      lull ledger destroy aleppo.ledger 32af3d363d3c --key room.key

    \b
    Exit codes: 0 destroyed; 2 the entry is another post's, or is not here.
    """
    return _control(
        file, key_file, passphrase_file,
        lambda held: Control(Act.DESTROY, Why.RETENTION, of=entry_named(held, entry).hash),
        as_json,
    )  # fmt: skip


@click.command("rekey")
@FILE
@POST_KEY
@click.option("--new", "new_file", type=PATH, required=True,
              help="The file of the key that takes its place; made if it is not there.")
@PASSPHRASE_FILE
@BARE
@json_option("ledger-entry")
def rekey(file: Path, key_file: Path, new_file: Path, passphrase_file: Path | None, bare: bool,
          as_json: bool) -> int:
    """Replace a post's key by another, while the old one is still in its own hands.

    \b
    Examples:
      lull ledger rekey aleppo.ledger --key room.key --new room-2.key

    \b
    Exit codes: 0 replaced; 2 a key cannot be used, or the file is damaged.
    """
    def made(_: Ledger) -> Control:
        there = new_file.exists()
        new = unlock(new_file, passphrase_file) if there else make_key(
            new_file, passphrase_file, bare=bare)
        return Control(Act.REPLACE, Why.ROUTINE, key=new.public)

    return _control(file, key_file, passphrase_file, made, as_json)


@click.command("retire")
@FILE
@POST_KEY
@PASSPHRASE_FILE
@json_option("ledger-entry")
def retire(file: Path, key_file: Path, passphrase_file: Path | None, as_json: bool) -> int:
    """End a post's log: its key signs this entry and no more.

    \b
    Examples:
      lull ledger retire aleppo.ledger --key castello.key

    \b
    Exit codes: 0 retired; 2 the key cannot be used, or the file is damaged.
    """
    return _control(file, key_file, passphrase_file,
                    lambda _: Control(Act.RETIRE, Why.ROUTINE), as_json)


@click.command("reopen")
@FILE
@click.option("--post", required=True, metavar="HASH", help="The post (12 digits are enough).")
@click.option("--signer", type=PATH, required=True,
              help="The file of its recovery key; after a restore, of its key.")
@click.option("--key", "key_file", type=PATH, required=True,
              help="The file of the key that signs from now on; made if it is not there.")
@click.option("--recovery", type=PATH, required=True,
              help="The file of the recovery key from now on; made if it is not there.")
@click.option("--why", type=click.Choice(["lost", "compromised", "restored"]), required=True,
              help="What happened to the key or its device.")
@click.option("--trusted-until", type=click.IntRange(min=0), metavar="NUMBER",
              help="The last entry of the epoch before that the post stands by; what is behind it "
              "is kept and has no effect. Needs the recovery key.")
@PASSPHRASE_FILE
@BARE
@json_option("ledger-entry")
def reopen(file: Path, post: str, signer: Path, key_file: Path, recovery: Path, why: str,
           trusted_until: int | None, passphrase_file: Path | None, bare: bool,
           as_json: bool) -> int:
    """Open a post's next epoch: its key was lost or stolen, or its device restored from a copy.

    What to do first stands in docs/how-to/when-a-key-is-lost.md.

    \b
    Examples:
      lull ledger reopen aleppo.ledger --post 2994663b4691 --signer castello.recovery \\
          --key castello-2.key --recovery castello-2.recovery --why compromised --trusted-until 41

    \b
    Exit codes: 0 opened; 2 this key may not, or the file is damaged.
    """
    with changing(file):
        held = load_sound(file).ledger
        posts = {log.post for log in held.logs if len(post) >= 8 and log.post.startswith(post)}
        if len(posts) != 1:
            raise BadInput(f"{len(posts)} posts here have a name that begins with {post!r}.")
        name = posts.pop()
        by = unlock(signer, passphrase_file, what="recovery key")
        require_may_reopen(held, name, by.public, trusted_until)
        key, spare = both_keys(key_file, recovery, passphrase_file, bare=bare)
        entry = new_epoch(held, name, signer=by.public, key=key.public,
                          recovery=spare.public, why=Why(why), hour=hour_of(now()), sign=by.sign,
                          trusted_until=trusted_until)
        save(file, held.plus(entry))
    return written(file, entry, as_json)
