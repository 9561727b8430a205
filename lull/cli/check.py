"""`lull check`: all that is wrong with a folder, at once."""

from __future__ import annotations

from pathlib import Path

import click

from lull.cli.answers import check_answer
from lull.cli.console import console, print_json
from lull.cli.exits import BAD_INPUT, DONE
from lull.cli.folder import FOLDER, How, json_option, read, reading_options
from lull.cli.headline import show_findings


@click.command("check")
@FOLDER
@reading_options
@click.option("--strict", is_flag=True, help="Leave with code 2 on warnings too.")
@json_option("check")
def command(folder: Path, how: How, strict: bool, as_json: bool) -> int:
    """List all that is wrong with a pause FOLDER (or one .xlsx, .zip, .tar), at once.

    Each finding names file, row and column, what was found and what is expected. An error must be
    mended before planning; a warning is something that a second person should look at.

    \b
    Examples:
      lull check my-pause
      lull check received.zip
      lull check my-pause.xlsx --json | jq '.findings[] | select(.level == "error")'

    \b
    Exit codes: 0 no errors; 2 errors (with --strict: or warnings).
    """
    reading = read(folder, how, quiet=as_json)
    answer = check_answer(str(folder), reading.findings, ready=reading.case is not None)
    if as_json:
        print_json(answer)
    else:
        out = console()
        show_findings(out, answer.findings)
        if answer.findings:
            out.print()
        errors, warnings = _count(answer.errors, "error"), _count(answer.warnings, "warning")
        ready = "It can be planned." if answer.plannable else "It cannot be planned yet."
        out.print(f"{folder}: {errors}, {warnings}. {ready}")
    wrong = answer.errors or not answer.plannable or (strict and answer.warnings)
    return BAD_INPUT if wrong else DONE


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
