"""`lull seal`: encrypt a folder or a file to those who may read it."""

from __future__ import annotations

from pathlib import Path

import click

from lull.cli.console import console
from lull.cli.exits import DONE, BadInput
from lull.cli.passphrase import asked
from lull.exchange.seal import seal


@click.command("seal")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--to",
    "readers",
    multiple=True,
    metavar="AGE1...",
    help="The public key of one who may open it; give it once for each.",
)
@click.option("--passphrase", is_flag=True, help="Ask for a passphrase instead of keys.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The sealed file.  [default: PATH.age]",
)
@click.option("--replace", is_flag=True, help="Write over a sealed file of that name.")
def command(
    path: Path, readers: tuple[str, ...], passphrase: bool, out: Path | None, replace: bool
) -> int:
    """Encrypt PATH, a folder or a file, with age; streets that a folder shares go with it.

    PATH itself is left where it is: deleting it is your act. A passphrase is only as good as it is
    long; six random words or more.

    \b
    Examples:
      lull seal my-pause --to age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p
      lull seal out/my-pause --passphrase --out plan.age

    \b
    Exit codes: 0 sealed; 2 a key is wrong, or there is something in the way.
    """  # fmt: skip
    target = out or path.with_name(f"{path.resolve().name}.age")
    if target.exists() and not replace:
        raise BadInput(f"{target} is there already; give another --out, or --replace.")
    words = asked("Passphrase", confirm=True) if passphrase else ""
    seal(path, target, recipients=readers, passphrase=words)
    console().print(str(target), soft_wrap=True)
    return DONE
