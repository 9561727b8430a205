"""`lull coordinator`: make a store, and its first coordinator; or one more keeper of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lull.cli.console import console
from lull.cli.exits import DONE, BadInput
from lull.cli.passphrases import PASSPHRASE_FD, Asking, opened_store


@click.command("coordinator")
@click.argument("database")
@click.option("--side", required=True, help="The coordinator's organisation, by the name it uses.")
@click.option("--login", required=True, help="With what they sign in: a function, no name.")
@click.option("--pause", required=True, help="The pause that they coordinate; made if it is new.")
@click.option("--function", "duty", default="coordinator", show_default=True,
              help="What stands in the ledger as who wrote; no name.")
@click.option("--recovery", type=click.Path(path_type=Path, dir_okay=False),
              help="For a new store: the file for the recovery key of its posts, under the "
              "server's passphrase. Take it off the machine at once, into other hands.")
@PASSPHRASE_FD
def command(database: str, side: str, login: str, pause: str, duty: str, recovery: Path | None,
            passphrase_fd: int | None) -> int:
    """Make the store DATABASE (a file, a folder, or postgresql://...) with its first coordinator.

    Asks for two passphrases: the server's, with which it is started, and the coordinator's, which
    opens what is sealed to them. There is no default. Where the store is there already, one more
    coordinator is made who may keep the server. The code that is printed opens the coordinator's
    keys if their passphrase is forgotten: print it, and keep it apart.

    \b
    Examples:
      lull coordinator aleppo.sqlite --side OCHA --login operations-room --pause Aleppo \\
          --recovery /media/stick/posts.recovery
      lull coordinator postgresql://lull@db/lull --side OCHA --login night-shift --pause Aleppo \\
          --passphrase-fd 3 3<secrets

    \b
    Exit codes: 0 made; 2 a passphrase is missing or too weak, a name is taken, or there is no
    terminal to ask on.
    """
    asking = Asking(passphrase_fd)
    made = _make(database, asking, recovery,
                 {"side": side, "login": login, "pause": pause, "function": duty})
    say_made(database, login, pause, made)
    return DONE


def say_made(database: str, login: str, pause: str, made: Any) -> None:
    """Say who was made, and show the code once."""
    out = console()
    out.print(f"{database} has a coordinator with the login {login}. Pause {pause}: "
              f"{made.pause.id}", soft_wrap=True)
    out.print(f"Print this code, keep it apart, and clear the screen: {made.code}", soft_wrap=True)


def _place(recovery: Path | None) -> Path:
    """Where the recovery key goes; raises BadInput where there is no folder for it.

    One made here would stay on this machine, unseen under the name of a stick that is not in.
    """
    if recovery is None:
        raise BadInput("A new store needs --recovery: where the recovery key of its posts goes.")
    folder = recovery.absolute().parent
    if not folder.is_dir():
        raise BadInput(f"{folder} does not exist; is the stick for the recovery key in?")
    return recovery


def _make(database: str, asking: Asking, recovery: Path | None, names: dict[str, str]) -> Any:
    from lull.store.address import read_address, require_private  # noqa: PLC0415 - Django is slow
    from lull.store.configure import configure  # noqa: PLC0415

    address = read_address(database)
    require_private(address)
    configure(address)
    if not is_new(address):
        return _one_more(database, asking, names)
    return make_store(address, asking, _place(recovery), names)[0]


def is_new(address: Any) -> bool:
    """Whether there is no store at an address that Django has been told; brings one up to date."""
    if address.file is not None and not address.file.exists():
        return True
    from lull.store.configure import migrate  # noqa: PLC0415 - Django is slow

    migrate()
    from lull.store.models import Vault  # noqa: PLC0415 - the tables must be there

    return not Vault.objects.exists()


def make_store(address: Any, asking: Asking, recovery: Path, names: dict[str, str]
               ) -> tuple[Any, str]:
    """A new store with its first coordinator, and the server's passphrase; all of it or nothing.

    Raises BadInput, Refusal.
    """
    server = asking.ask("New passphrase of the server", new=True)
    own = asking.ask(f"New passphrase of {names['login']}", new=True)
    from lull.exchange.ledger import new_key_file  # noqa: PLC0415
    from lull.store.address import make_file  # noqa: PLC0415 - Django is slow
    from lull.store.configure import migrate  # noqa: PLC0415
    from lull.store.found import Beginning, found, require_two  # noqa: PLC0415
    from lull.store.veil import Argon  # noqa: PLC0415

    require_two(server, own)
    spare = new_key_file(recovery, server)
    try:
        make_file(address)
        migrate()
        return found(Beginning(server, own, **names), spare.public, Argon()), server
    except BaseException:
        recovery.unlink(missing_ok=True)
        raise


def _one_more(database: str, asking: Asking, names: dict[str, str]) -> Any:
    store = opened_store(database, None, asking=asking)
    own = asking.ask(f"New passphrase of {names['login']}", new=True)
    from lull.store.found import Beginning, first_seat  # noqa: PLC0415 - Django is slow

    return first_seat(store, Beginning("", own, **names))
