"""`lull ledger verify`, `show`, `merge`, `export`, `message`: what needs no post's key."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from lull.cli import schemas
from lull.cli.console import console, heading, print_json, table
from lull.cli.exits import BROKEN_RULE, DONE, BadInput
from lull.cli.folder import json_option
from lull.cli.ledger_file import (
    FILE,
    PATH,
    READER_KEY,
    changing,
    entry_named,
    finding,
    findings,
    load,
    load_sound,
    opened,
    save,
)
from lull.cli.ledger_show import show_state, state_answer
from lull.exchange.atomic import write_whole
from lull.exchange.ledger import Held, Line
from lull.exchange.ledger.ed25519 import public_pem
from lull.exchange.ledger.file import log_named
from lull.ledger.fold import fold
from lull.ledger.ledger import Ledger, ledger, merge
from lull.ledger.verify import UNSOUND, Level
from lull.report.words import count_of

OUT = click.option("--out", type=PATH, required=True, help="The file to write.")
REPLACE = click.option("--replace", is_flag=True, help="Write over a file of that name.")


def require_free(out: Path, *, replace: bool) -> None:
    """Raise BadInput where there is something in the way."""
    if out.exists() and not replace:
        raise BadInput(f"{out} is there already; give another --out, or --replace.")


@click.command("verify")
@FILE
@click.option("--quick", is_flag=True,
              help="Check the last signature of each key only; its hash covers those before it.")
@json_option("ledger-verify")
def verify(file: Path, quick: bool, as_json: bool) -> int:
    """Check every byte, hash and signature of a ledger FILE; it needs nothing but the file.

    What is damaged is named with its line. A fork is two entries at one number of one log: it was
    cloned or restored, or its key is in two hands. What is not here is told, and is no fault.

    \b
    Examples:
      lull ledger verify aleppo.ledger
      lull ledger verify aleppo.ledger --json

    \b
    Exit codes: 0 sound; 1 damaged, forked or signed by who may not; 2 this is no ledger.
    """
    held = load(file, every_signature=not quick)
    answer = _verify_answer(file, held, quick=quick)
    if as_json:
        print_json(answer)
    else:
        _show_verified(answer)
    return DONE if answer.sound else BROKEN_RULE


def _verify_answer(file: Path, held: Held, *, quick: bool) -> schemas.LedgerVerifyAnswer:
    of = held.ledger
    saying = sum(entry.said is not None for entry in of.entries.values())
    return schemas.LedgerVerifyAnswer(
        file=str(file),
        sound=not any(f.level in UNSOUND for f in held.findings),
        every_signature=not quick,
        entries=len(of.entries),
        in_clear=len(of.clear),
        sealed=len(of.sealed),
        not_held=saying - len(of.clear.keys() | of.sealed.keys()),
        destroyed=len(of.destroyed),
        logs=[
            schemas.LogAnswer(
                post=log.post, epoch=log.epoch, last_number=max(numbers),
                entries=sum(len(there) for there in numbers.values()),
                heads=[e.hash for e in numbers[max(numbers)]],
            )
            for log, numbers in of.logs.items()
        ],
        findings=findings(held),
    )  # fmt: skip


def _show_verified(answer: schemas.LedgerVerifyAnswer) -> None:
    out = console()
    rows = [(f"{log.post[:12]}/{log.epoch}", log.entries, log.last_number, log.heads[0][:12])
            for log in answer.logs]
    out.print(table(("log", "entries", "last", "its hash"), rows, right=("entries", "last")))
    show_findings(answer.findings)
    out.print()
    entries = count_of(answer.entries, "entry", "entries")
    held = (f"{entries}; {answer.in_clear} contents in clear, {answer.sealed} sealed, "
            f"{answer.not_held} not held here ({answer.destroyed} destroyed).")
    out.print(held)
    how = "every signature" if answer.every_signature else "the last signature of each key"
    out.print(f"{answer.file} is sound: every byte, every hash and {how} is right."
              if answer.sound else f"{answer.file} is NOT sound; see above.")


def show_findings(found: Iterable[schemas.LedgerFindingAnswer], *, err: bool = False) -> None:
    """Print findings, the worst first."""
    order = list(Level)
    rows = sorted(found, key=lambda f: (order.index(Level(f.level)), f.line))
    if rows:
        out = console(err=err)
        heading(out, "Found")
        out.print(table(("", "what"), [(f.level, f.sentence) for f in rows]))


@click.command("show")
@FILE
@READER_KEY
@click.option("--object", "about", default="", help="Show what is about this object only.")
@json_option("ledger-show")
def show(file: Path, reader_file: Path | None, about: str, as_json: bool) -> int:
    """Print what a ledger FILE amounts to: states, conflicts, records, and what has no effect.

    Where posts that were apart said different things, all of them stand; nothing is chosen. A
    receipt and a permission, and a claim and a verified figure, never stand in one column.

    \b
    Examples:
      lull ledger show aleppo.ledger
      lull ledger show aleppo.ledger --object ALE-P02-N014 --open my.key

    \b
    Exit codes: 0 shown; 1 shown without the lines that are damaged; 2 this is no ledger.
    """
    held = load(file)
    state = fold(held.ledger, opened(held, reader_file))
    answer = state_answer(file, state, about, findings(held))
    if as_json:
        print_json(answer)
    else:
        show_state(answer)
        show_findings((f for f in answer.findings if f.level in UNSOUND), err=True)
    return BROKEN_RULE if held.damaged else DONE


@click.command("merge")
@click.argument("files", nargs=-1, required=True, type=PATH)
@OUT
@REPLACE
@click.option("--leave-out-damaged", is_flag=True,
              help="Take what is right in a damaged file; else nothing is written.")
@READER_KEY
@json_option("ledger-merge")
def merge_files(files: tuple[Path, ...], out: Path, replace: bool, leave_out_damaged: bool,
                reader_file: Path | None, as_json: bool) -> int:
    """Put ledger FILES together: the union of their entries, in any order, any number of times.

    Nothing is resolved: forks, conflicts and steps out of protocol are kept and told.

    \b
    Examples:
      lull ledger merge operations.ledger castello.ledger --out all.ledger
      lull ledger merge operations.ledger stick.ledger --out operations.ledger --replace

    \b
    Exit codes: 0 written; 2 a file is damaged or no ledger, or something is in the way.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with changing(out):  # What is written to it meanwhile would be lost.
        require_free(out, replace=replace)
        read = [load(file) if leave_out_damaged else load_sound(file) for file in files]
        whole = Ledger()
        for held in read:
            whole = merge(whole, held.ledger)
        save(out, whole)
        again = load(out)
    state = fold(whole, opened(again, reader_file))
    damaged = [Line(f.line, f.level, f"{file}: {f.sentence}")
               for file, held in zip(files, read, strict=True)
               for f in held.findings if f.level in (Level.DAMAGE, Level.WRONG)]
    answer = schemas.LedgerMergeAnswer(
        files=[str(file) for file in files],
        out=str(out),
        entries=len(whole.entries),
        forks=sum(f.level is Level.FORK for f in again.findings),
        contested=[str(thing) for thing in state.conflicts],
        out_of_protocol=len(state.out_of_protocol),
        unjudged=len(state.unjudged),
        findings=[*map(finding, damaged), *findings(again)],
    )
    if as_json:
        print_json(answer)
    else:
        show_findings(answer.findings)
        console().print(
            f"{out}: {answer.entries} entries, {answer.forks} forks, "
            f"{len(answer.contested)} things contested, {answer.out_of_protocol} steps out of "
            f"protocol, {answer.unjudged} that cannot be judged from here. Nothing was resolved."
        )
    return DONE


@click.command("export")
@FILE
@OUT
@REPLACE
@click.option("--post", "posts", multiple=True, metavar="HASH",
              help="Logs of this post only (12 digits of its name are enough); once for each.")
@click.option("--public", is_flag=True, help="Without anything sealed: the chain and what is "
              "public.")
@click.option("--chain", is_flag=True, help="Without any content: numbers, hashes, hours, "
              "signatures.")
@json_option("ledger-export")
def export(file: Path, out: Path, replace: bool, posts: tuple[str, ...], public: bool, chain: bool,
           as_json: bool) -> int:
    """Write part of a ledger FILE to another, for those who are not to hold all of it.

    What is sealed stays sealed; who can read it does not change. To let somebody read more, use:
    lull ledger disclose, which writes that down.

    \b
    Examples:
      lull ledger export aleppo.ledger --public --out public.ledger
      lull ledger export aleppo.ledger --post 2994663b4691 --out castello.ledger

    \b
    Exit codes: 0 written; 2 the file is damaged, there is no such post, or something is in the way.
    """
    require_free(out, replace=replace)
    if out.exists() and out.samefile(file):
        raise BadInput(f"{out} is the ledger itself, of which a part would be left; give another "
                       "--out.")
    of = load_sound(file).ledger
    logs = {log for post in posts for log in log_named(of, post)} if posts else set(of.logs)
    if posts and not logs:
        raise BadInput(f"No log of {', '.join(posts)} is in {file}.")
    part = ledger(
        (e for e in of.entries.values() if e.log in logs),
        clear={} if chain else of.clear,
        sealed={} if chain or public else of.sealed,
        wraps=() if chain or public else of.wraps,
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    with changing(out):
        save(out, part)
    answer = schemas.LedgerExportAnswer(file=str(file), out=str(out), entries=len(part.entries),
                                        in_clear=len(part.clear), sealed=len(part.sealed))
    if as_json:
        print_json(answer)
    else:
        console().print(f"{out}: {answer.entries} entries, {answer.in_clear} contents in clear, "
                        f"{answer.sealed} sealed.")
    return DONE


@click.command("message")
@FILE
@click.argument("entry")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True,
              help="The folder to write to.")
def message(file: Path, entry: str, out: Path) -> int:
    """Write what was signed in one ENTRY (its hash), so that openssl can check it without lull.

    \b
    Examples:
      lull ledger message aleppo.ledger 32af3d363d3c --out check
      openssl pkeyutl -verify -pubin -inkey check/key.pem -rawin \\
          -in check/message -sigfile check/signature

    \b
    Exit codes: 0 written; 2 there is no such entry.
    """
    found = entry_named(load(file).ledger, entry)
    files = (("message", found.message), ("signature", bytes.fromhex(found.signature)),
             ("key.pem", public_pem(found.key)))
    for name, raw in files:
        if (out / name).exists() and (out / name).read_bytes() != raw:
            raise BadInput(f"{out / name} is there already and holds something else; give another "
                           "--out.")
    for name, raw in files:
        console().print(str(write_whole(out / name, raw)), soft_wrap=True)
    return DONE
