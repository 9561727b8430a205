"""`lull ledger heads`: the few hashes that stand for a whole ledger, to be read out or printed."""

from __future__ import annotations

from pathlib import Path

import click

from lull.cli import schemas
from lull.cli.console import console, print_json, table
from lull.cli.exits import BROKEN_RULE, DONE, BadInput
from lull.cli.folder import json_option
from lull.cli.ledger_file import FILE, load_sound
from lull.ledger.entry import Entry
from lull.ledger.ledger import Ledger
from lull.report.words import count_of

FEWEST_DIGITS = 12
GROUP = 4


@click.command("heads")
@FILE
@click.option("--has", "wanted", default="", metavar="HASH",
              help="Say whether the entry of this hash (at least 12 digits; blanks do not count) "
              "is in FILE. If it is, nothing before it was changed or taken away.")
@json_option("ledger-heads")
def heads(file: Path, wanted: str, as_json: bool) -> int:
    """Print the hashes that stand for all of a ledger FILE, in groups of four to be read out.

    They are those of the entries on which nothing follows. Each covers, through the hashes in it,
    everything that its writer had seen. Written down where nobody can change them (a log on paper,
    another party's file, a newspaper), they are an anchor: what is later missing or otherwise does
    not lead to them.

    \b
    Examples:
      lull ledger heads aleppo.ledger
      lull ledger heads aleppo.ledger --has "32af 3d36 3d3c"

    \b
    Exit codes: 0 printed, or the entry is there; 1 the entry of --has is not there; 2 the file is
    damaged or no ledger.
    """
    of = load_sound(file).ledger
    found = _named(of, wanted) if wanted else None
    last = sorted((of.entries[one] for one in of.heads), key=lambda e: (
        e.log.post, e.log.epoch, e.number, e.hash))
    answer = schemas.LedgerHeadsAnswer(
        file=str(file), entries=len(of.entries), heads=list(map(_head, last)),
        has=bool(found) if wanted else None)
    if as_json:
        print_json(answer)
    elif wanted:
        _show_found(file, wanted, found, of)
    else:
        out = console()
        out.print(table(("log", "entry", "hour", "hash"), [
            (str(e.log), e.number, e.hour, in_groups(e.hash)) for e in last], right=("entry",)))
        out.print()
        out.print(f"{count_of(len(last), 'hash', 'hashes')} for "
                  f"{count_of(len(of.entries), 'entry', 'entries')} in {file}.")
    return BROKEN_RULE if wanted and not found else DONE


def _named(of: Ledger, wanted: str) -> list[Entry]:
    digits = "".join(wanted.split()).lower()
    if len(digits) < FEWEST_DIGITS or set(digits) - set("0123456789abcdef"):
        raise BadInput(f"--has takes at least {FEWEST_DIGITS} hexadecimal digits of a hash.")
    return [entry for name, entry in of.entries.items() if name.startswith(digits)]


def _head(entry: Entry) -> schemas.HeadAnswer:
    return schemas.HeadAnswer(post=entry.log.post, epoch=entry.log.epoch, number=entry.number,
                              hour=entry.hour, hash=entry.hash)


def _show_found(file: Path, wanted: str, found: list[Entry] | None, of: Ledger) -> None:
    if not found:
        console().print(f"{file} has no entry {wanted}: something was taken away or changed, or "
                        "this copy is from before.", soft_wrap=True)
        return
    for entry in found:
        gaps = "" if _whole_before(entry, of) else " Some of what it covers is not here."
        console().print(f"{file} has it: log {entry.log}, entry {entry.number}, {entry.hour}. All "
                        f"that is here from before it is as it was.{gaps}", soft_wrap=True)


def _whole_before(entry: Entry, of: Ledger) -> bool:
    """Whether everything that an entry covers is held."""
    waiting, seen = [entry], {entry.hash}
    while waiting:
        for ref in filter(None, (waiting[-1].previous, *waiting.pop().after)):
            if ref not in of.entries:
                return False
            if ref not in seen:
                seen.add(ref)
                waiting.append(of.entries[ref])
    return True


def in_groups(digits: str) -> str:
    """A hash in groups of four digits, as it is read out."""
    return " ".join(digits[at:at + GROUP] for at in range(0, len(digits), GROUP))
