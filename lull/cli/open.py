"""`lull open`: decrypt what was sealed to your key."""

from __future__ import annotations

from pathlib import Path

import click

from lull.cli.console import console
from lull.cli.exits import DONE, BadInput
from lull.cli.folder import read_key
from lull.cli.passphrase import asked
from lull.exchange.seal import open_into


@click.command("open")
@click.argument("sealed", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--key",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file of your secret key, from lull key or age-keygen.",
)
@click.option("--passphrase", is_flag=True, help="Ask for a passphrase instead of a key.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to open it into.  [default: SEALED without .age]",
)
def command(sealed: Path, key: Path | None, passphrase: bool, out: Path | None) -> int:
    """Decrypt SEALED into a folder that only you can read; nothing there is written over.

    \b
    Examples:
      lull open my-pause.age --key my.key
      lull open plan.age --passphrase --out plan

    \b
    Exit codes: 0 opened; 2 it was sealed to others, was damaged, or something is in the way.
    """  # fmt: skip
    target = out or (sealed.with_suffix("") if sealed.suffix == ".age" else None)
    if target is None:
        raise BadInput(f"{sealed} does not end in .age; say with --out where to open it.")
    secrets = read_key(key) if key else ()
    words = asked("Passphrase") if passphrase else ""
    for path in open_into(sealed, target, secrets=secrets, passphrase=words):
        console().print(str(path), soft_wrap=True)
    return DONE
