"""Reading and writing ledger files for the verbs of `lull ledger`, and unlocking a post's key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from lull.cli.exits import BadInput
from lull.cli.folder import read_key
from lull.cli.passphrase import asked
from lull.cli.schemas import LedgerFindingAnswer
from lull.cli.writing import PRIVATE
from lull.domain.refusal import Refusal
from lull.exchange.atomic import write_whole
from lull.exchange.ledger import Held, Line, open_contents, read_ledger, write_ledger
from lull.exchange.ledger.ed25519 import SigningKey, check_signature
from lull.exchange.ledger.file import MOST_BYTES
from lull.exchange.ledger.keyfile import needs_passphrase, new_key_file, read_key_file
from lull.ledger.content import Content
from lull.ledger.entry import Entry, Log
from lull.ledger.ledger import Ledger
from lull.ledger.right import key_after

FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
PATH = click.Path(path_type=Path, dir_okay=False)
POST_KEY = click.option("--key", "key_file", type=PATH, required=True,
                        help="The file of the post's private key.")
PASSPHRASE_FILE = click.option(
    "--passphrase-file", type=PATH,
    help="A file with the passphrase in its first line, where nobody is there to type it.")
READER_KEY = click.option(
    "--open", "reader_file", type=PATH,
    help="The file of your secret age key (lull key); sealed contents are opened in memory only.")


def load(file: Path, *, every_signature: bool = True) -> Held:
    """What a ledger file holds, with all that is wrong; raises BadInput where it is none."""
    if not file.is_file():
        raise BadInput(f"{file} does not exist; give a ledger file, or make one: lull ledger begin")
    if file.stat().st_size > MOST_BYTES:
        raise BadInput(f"{file} is larger than {MOST_BYTES / 1e6:,.0f} MB.")
    try:
        return read_ledger(file.read_bytes(), check_signature, every_signature=every_signature)
    except Refusal as wrong:
        raise BadInput(f"{file}: {wrong}") from None


def load_sound(file: Path) -> Held:
    """What a ledger file holds; raises BadInput where any of it is damaged."""
    held = load(file)
    if held.damaged:
        first = next(f for f in held.findings if f.level in ("damage", "wrong"))
        raise BadInput(f"{file} is damaged. {first.sentence} Nothing was written; see all of it "
                       f"with: lull ledger verify {file}")
    return held


def opened(held: Held, reader_file: Path | None) -> Mapping[str, Content]:
    """What a reader's key opens, in memory; nothing without a key."""
    return open_contents(held.ledger, read_key(reader_file)) if reader_file else {}


def findings(held: Held) -> list[LedgerFindingAnswer]:
    """What is wrong, forked, doubtful or missing, for an answer."""
    return [finding(f) for f in held.findings]


def finding(of: Line) -> LedgerFindingAnswer:
    """One finding, for an answer."""
    return LedgerFindingAnswer(line=of.line, level=of.level.value, sentence=of.sentence)


@contextmanager
def changing(file: Path) -> Iterator[None]:
    """Keep others from writing the same file at the same time; raises BadInput if somebody is."""
    whole = file.resolve()  # one lock for a file, by whatever link it is reached
    lock = whole.with_name(f".{whole.name}.lock")
    try:
        lock.touch(mode=PRIVATE, exist_ok=False)
    except FileExistsError:
        raise BadInput(f"Somebody is writing {file} now. If nobody is, because a run was broken "
                       f"off, delete {lock}.") from None
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def save(file: Path, of: Ledger) -> None:
    """Write a ledger file whole or not at all, for its owner alone; a link to it stays one."""
    write_whole(file.resolve(), write_ledger(of), PRIVATE)


def unlock(file: Path, passphrase_file: Path | None, *, what: str = "key") -> SigningKey:
    """A post's private key, after asking for its passphrase where it has one."""
    if not file.is_file():
        raise BadInput(f"{file} does not exist; give the file of the post's {what}.")
    words = ""
    if needs_passphrase(file):
        words = _passphrase(passphrase_file, f"Passphrase of {file.name}", confirm=False)
    return read_key_file(file, words)


def make_key(file: Path, passphrase_file: Path | None, *, bare: bool) -> SigningKey:
    """A new private key in a file, under a passphrase that is asked for unless `bare`."""
    words = None if bare else _passphrase(passphrase_file, f"New passphrase for {file.name}",
                                          confirm=True)
    return new_key_file(file, words)


def both_keys(
    key_file: Path, recovery: Path, passphrase_file: Path | None, *, bare: bool
) -> tuple[SigningKey, SigningKey]:
    """A post's key and its recovery key: those in the files, or new ones where there are none.

    Raises BadInput where a file's folder is not there: one made here would stay on this machine,
    unseen under the name of a stick that is not in.
    """
    for path in (key_file, recovery):
        if not path.absolute().parent.is_dir():
            raise BadInput(f"{path.absolute().parent} does not exist; is the stick for {path.name} "
                           "in?")
    key, spare = (
        unlock(path, passphrase_file) if path.exists()
        else make_key(path, passphrase_file, bare=bare)
        for path in (key_file, recovery))
    return key, spare


def _passphrase(file: Path | None, question: str, *, confirm: bool) -> str:
    if file is None:
        return asked(question, confirm=confirm, otherwise=(
            "give --passphrase-file, a file with it in its first line"))
    try:
        return file.read_text(encoding="utf-8").splitlines()[0]
    except (OSError, UnicodeDecodeError, IndexError):
        raise BadInput(f"{file} has no passphrase in its first line.") from None


def log_of(of: Ledger, key: str) -> Log:
    """The log in which a key writes; raises BadInput where there is none, or it cannot be told.

    Any post can name a key that is not its own as its next one, to have its owner write into a log
    that is not his. Where several logs do, it is the one in which the key has signed.
    """
    logs = of.rightful_logs
    named = [
        log for log, numbers in logs.items()
        if Log(log.post, log.epoch + 1) not in logs
        and any(key_after(e) == key for e in numbers[max(numbers)])
    ]
    signed = [log for log in named
              if any(e.key == key for there in logs[log].values() for e in there)]
    found = named if len(named) == 1 else signed
    if len(found) == 1:
        return found[0]
    if named:
        raise BadInput(f"{len(named)} logs name the key {key[:12]} as theirs "
                       f"({', '.join(map(str, named))}), and one of them may be another's that "
                       "would have you write into it. Write the first entry with this key into a "
                       "file that holds your own log only (lull ledger export --post), and merge.")
    raise BadInput(f"No log in this ledger is written with the key {key[:12]}. Begin one with: "
                   "lull ledger begin; or, if the key was replaced, give the one that took its "
                   "place.")


def entry_named(of: Ledger, name: str) -> Entry:
    """The entry whose hash begins so; raises BadInput where there is none, or several."""
    found = [e for h, e in of.entries.items() if len(name) >= 8 and h.startswith(name)]
    if len(found) != 1:
        raise BadInput(f"{len(found)} entries have a hash that begins with {name!r}; give at least "
                       "8 digits of one that is here.")
    return found[0]


def now() -> datetime:
    """The time now, to the second, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)


def hour_of(instant: datetime) -> str:
    """The hour of an instant, as it stands in an entry."""
    return f"{instant:%Y-%m-%dT%HZ}"
