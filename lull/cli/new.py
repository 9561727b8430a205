"""`lull new`: a small, commented, valid folder to start from."""

from __future__ import annotations

from pathlib import Path

import click

from lull.cli import schemas
from lull.cli.console import console, print_json
from lull.cli.exits import DONE, BadInput
from lull.cli.folder import json_option
from lull.exchange import new_folder


@click.command("new")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--xlsx", is_flag=True, help="One spreadsheet in place of a folder.")
@json_option("new")
def command(folder: Path, xlsx: bool, as_json: bool) -> int:
    """Write a small pause FOLDER to start from: valid, commented, invented.

    Open its tables in a spreadsheet and pause.yaml in a text editor, change what is there to what
    you know, leave blank what nobody knows, and look at it with: lull check FOLDER

    \b
    Examples:
      lull new my-pause
      lull new my-pause.xlsx --xlsx

    \b
    Exit codes: 0 written; 2 there is something in the way.
    """

    if folder.exists() and (folder.is_file() or any(folder.iterdir())):
        raise BadInput(f"{folder} is there already and not empty; give another name.")
    written = new_folder(folder, xlsx=xlsx)
    answer = schemas.NewAnswer(folder=str(folder), files=[Path(p).name for p in written])
    if as_json:
        print_json(answer)
        return DONE
    out = console()
    out.print(f"{folder} holds a small pause, invented from end to end:")
    for name in answer.files:
        out.print(f"  {name}")
    out.print(f"Next: lull check {folder}")
    return DONE
