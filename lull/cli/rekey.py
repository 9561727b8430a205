"""`lull rekey`: other keys and another passphrase for a store that others may have read."""

from __future__ import annotations

from pathlib import Path

import click

from lull.cli.console import console
from lull.cli.exits import DONE, BadInput
from lull.cli.passphrases import PASSPHRASE_FD, Asking, opened_store


@click.command("rekey")
@click.argument("database")
@click.option("--passphrase", "words", is_flag=True,
              help="Ask for a new passphrase of the server, and put the data key under it.")
@click.option("--recovery", type=click.Path(path_type=Path, dir_okay=False),
              help="The file of the posts' recovery key: every post for which the server writes "
              "opens its next epoch with a new key.")
@click.option("--why", type=click.Choice(["compromised", "lost", "restored"]),
              default="compromised", show_default=True, help="What stands in the ledger as why.")
@PASSPHRASE_FD
def command(database: str, words: bool, recovery: Path | None, why: str,
            passphrase_fd: int | None) -> int:
    """Change the passphrase of the server of DATABASE, or the keys with which it signs.

    Stop the server first. A new passphrase does not help against who has a copy of the store and
    knew the old one: what is restricted is sealed to the same data key. Passphrases are asked for
    in this order: the server's, the recovery key's if it has one, the new one twice.

    \b
    Examples:
      lull rekey aleppo.sqlite --passphrase
      lull rekey aleppo.sqlite --recovery /media/stick/posts.recovery --why compromised

    \b
    Exit codes: 0 changed; 2 a passphrase is another, or this is not the recovery key.
    """
    if not words and recovery is None:
        raise BadInput("Say what to change: --passphrase, --recovery FILE, or both.")
    asking = Asking(passphrase_fd)
    server = asking.ask("Passphrase of the server")
    store = opened_store(database, None, given=server)
    from lull.store.vault import change_passphrase  # noqa: PLC0415 - Django is slow

    try:
        if recovery is not None:
            console().print("Posts that have opened their next epoch: "
                            f"{_new_epochs(store, recovery, why, asking)}. "
                            "Give the ledger to every post that you reach.")
        if words:
            change_passphrase(server, asking.ask("New passphrase of the server", new=True),
                              store.argon)
            console().print("The server has another passphrase. Delete old backups, which open "
                            "with the old one.")
    finally:
        store.close()
    return DONE


def _new_epochs(store: object, recovery: Path, why: str, asking: Asking) -> int:
    from lull.exchange.ledger import read_key_file  # noqa: PLC0415
    from lull.exchange.ledger.keyfile import needs_passphrase  # noqa: PLC0415
    from lull.ledger.entry import Why  # noqa: PLC0415
    from lull.store.backup import begin_anew  # noqa: PLC0415 - Django is slow
    from lull.store.kept import Store  # noqa: PLC0415

    if not recovery.is_file():
        raise BadInput(f"{recovery} does not exist; give the file of the recovery key.")
    sealed = needs_passphrase(recovery)
    key = read_key_file(recovery, asking.ask(f"Passphrase of {recovery.name}") if sealed else "")
    assert isinstance(store, Store)
    if key.public != store.secrets.recovery:
        raise BadInput(f"{recovery} is not the recovery key of this store's posts.")
    return begin_anew(store, Why(why), key)
