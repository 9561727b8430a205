"""`lull backup`: a store into one file."""

from __future__ import annotations

from pathlib import Path

import click

from lull.cli.console import console
from lull.cli.exits import DONE, BadInput
from lull.cli.passphrases import PASSPHRASE_FD, opened_store


@click.command("backup")
@click.argument("database")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--no-passphrase", "unproven", is_flag=True,
              help="Do not ask for the passphrase: nothing in FILE then shows that it was not "
              "changed. Keep the SHA-256 that is printed, apart from FILE.")
@PASSPHRASE_FD
def command(database: str, file: Path, unproven: bool, passphrase_fd: int | None) -> int:
    """Write the store DATABASE into a new FILE, one snapshot of it, while it is being served.

    The server's passphrase is asked for to prove FILE with its key, and is not in it: everything in
    FILE is as sealed as on the disk. A FILE that somebody changed is refused by lull restore.
    Payloads that were destroyed are not in it; delete the backups from before. Whoever has FILE
    and the server's passphrase has what is restricted.

    \b
    Examples:
      lull backup aleppo.sqlite /media/stick/aleppo-2016-10-20.backup
      lull backup aleppo.sqlite nightly.backup --no-passphrase

    \b
    Exit codes: 0 written; 2 there is no store, the passphrase is another, or there is a file of
    that name.
    """
    if file.exists():
        raise BadInput(f"{file} is there already; give another name.")
    veil = None
    if unproven:
        _configured(database)
    else:
        veil = opened_store(database, passphrase_fd).secrets.veil
    from lull.store.backup import back_up  # noqa: PLC0415 - Django is slow

    made = back_up(file, veil)
    proven = "proven" if made.proof else "not proven: keep the sha256 apart"
    console().print(f"{made.file}: {made.rows} rows, sha256 {made.sha256} ({proven})",
                    soft_wrap=True)
    return DONE


def _configured(database: str) -> None:
    """Have Django told of a store that is there; nothing of it is opened."""
    from lull.store.address import read_address, require_private  # noqa: PLC0415 - Django is slow
    from lull.store.configure import configure, require_current  # noqa: PLC0415

    address = read_address(database)
    if address.file is not None and not address.file.is_file():
        raise BadInput(f"{address} does not exist; give the store that is to be backed up.")
    require_private(address)
    configure(address)
    require_current()
