"""`lull backup`: a store into one file."""

from __future__ import annotations

from pathlib import Path

import click

from lull.cli.console import console
from lull.cli.exits import DONE, BadInput


@click.command("backup")
@click.argument("database")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def command(database: str, file: Path) -> int:
    """Write the store DATABASE into a new FILE, one snapshot of it, while it is being served.

    No passphrase is needed, and none is in it: everything in FILE is as sealed as on the disk.
    Payloads that were destroyed are not in it; delete the backups from before. Whoever has FILE
    and the server's passphrase has what is restricted.

    \b
    Examples:
      lull backup aleppo.sqlite /media/stick/aleppo-2016-10-20.backup

    \b
    Exit codes: 0 written; 2 there is no store, or there is a file of that name.
    """
    from lull.store.address import read_address, require_private  # noqa: PLC0415 - Django is slow
    from lull.store.configure import configure, require_current  # noqa: PLC0415

    address = read_address(database)
    if address.file is not None and not address.file.is_file():
        raise BadInput(f"{address} does not exist; give the store that is to be backed up.")
    require_private(address)
    configure(address)
    require_current()
    from lull.store.backup import back_up  # noqa: PLC0415

    made = back_up(file)
    console().print(f"{made.file}: {made.rows} rows, sha256 {made.sha256}", soft_wrap=True)
    return DONE
