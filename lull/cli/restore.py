"""`lull restore`: a backup into an empty store."""

from __future__ import annotations

from pathlib import Path

import click

from lull.cli.console import console
from lull.cli.exits import DONE
from lull.cli.passphrases import PASSPHRASE_FD, Asking


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("database")
@click.option("--sha256", default="", metavar="DIGITS",
              help="The SHA-256 that lull backup printed: a FILE of another one is refused.")
@click.option("--unproven", is_flag=True,
              help="Take a FILE that was made with --no-passphrase, though nothing shows that it "
              "was not changed.")
@PASSPHRASE_FD
def command(file: Path, database: str, sha256: str, unproven: bool,
            passphrase_fd: int | None) -> int:
    """Restore the backup FILE into DATABASE, which must be new: a file, or an empty PostgreSQL.

    Every hash and signature is checked first, and the proof that nobody without the server's key
    has changed FILE: who may sign in as what is not signed otherwise. Then every post that the
    server writes for opens its next epoch, since what was written after the backup may come back
    from others: merge their ledger files. Everyone signs in again. Letters that were sent after the
    backup are sent again, with the same idempotency key.

    \b
    Examples:
      lull restore /media/stick/aleppo-2016-10-20.backup aleppo.sqlite
      lull restore aleppo.backup postgresql://lull@db/lull --passphrase-fd 3 3<secret

    \b
    Exit codes: 0 restored; 2 the backup is damaged, was changed or is not proven, there is a store
    already, or the passphrase is another; nothing is left behind then.
    """
    from lull.store.address import make_file, read_address  # noqa: PLC0415 - Django is slow
    from lull.store.configure import configure, migrate  # noqa: PLC0415

    address = read_address(database)
    new = address.file is not None and not address.file.exists()
    make_file(address)
    try:
        configure(address)
        migrate()
        rows, posts = _restore(file, Asking(passphrase_fd), sha256, unproven)
    except BaseException:
        if new and address.file is not None:
            _remove(address.file)
        raise
    console().print(f"{address}: {rows} rows, every signature checked; posts that have opened "
                    f"their next epoch: {posts}. Merge what others hold.", soft_wrap=True)
    return DONE


def _restore(file: Path, asking: Asking, sha256: str, unproven: bool) -> tuple[int, int]:
    from django.db import transaction  # noqa: PLC0415 - Django is slow

    from lull.store.backup import begin_anew, require_proven, restore  # noqa: PLC0415
    from lull.store.kept import Store  # noqa: PLC0415
    from lull.store.vault import open_vault  # noqa: PLC0415
    from lull.store.veil import Argon  # noqa: PLC0415

    passphrase = asking.ask("Passphrase of the server")
    argon = Argon()
    with transaction.atomic():
        rows = restore(file)
        secrets = open_vault(passphrase, argon)
        require_proven(file, secrets.veil, sha256=sha256, unproven=unproven)
    store = Store(secrets, argon)
    try:
        return rows, begin_anew(store)
    finally:
        store.close()


def _remove(file: Path) -> None:
    from django.db import connections  # noqa: PLC0415 - Django is slow

    connections.close_all()
    for end in ("", "-wal", "-shm"):
        file.with_name(file.name + end).unlink(missing_ok=True)
