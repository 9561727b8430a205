"""`lull key`: a key pair, with which folders and plans are sealed and opened."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from lull.cli.console import console
from lull.cli.exits import DONE, BadInput
from lull.cli.writing import PRIVATE
from lull.exchange.atomic import write_whole
from lull.exchange.seal import Key, key_file


@click.command("key")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def command(file: Path) -> int:
    """Make a key pair: the secret half goes into FILE, the public half is printed.

    Give the public half (age1...) to those who are to seal something to you. FILE is the only way
    to open it: keep a copy apart from the machine, and show it to nobody.

    \b
    Examples:
      lull key my.key

    \b
    Exit codes: 0 made; 2 there is a file of that name.
    """
    if file.exists():
        raise BadInput(f"{file} is there already; a key is never written over.")
    made = Key.new()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    write_whole(file, key_file(made, now), PRIVATE)
    console().print(made.public, soft_wrap=True)
    return DONE
