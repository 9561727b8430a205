"""`lull report`: one result, for one audience."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from lull import __version__
from lull.cli import schemas
from lull.cli.answers import Planned
from lull.cli.console import console, print_json
from lull.cli.exits import DONE
from lull.cli.folder import FOLDER, How, Opened, json_option, open_folder, reading_options
from lull.cli.planning import word_of
from lull.cli.progress import steps
from lull.cli.questions.saved import answers
from lull.cli.saved import load
from lull.cli.writing import PRIVATE, PUBLIC, files_in, whole
from lull.exchange.finding import Where
from lull.report.gather import gather
from lull.report.model import ReportInput
from lull.report.outputs import Audience, outputs, write
from lull.report.told import Told


@click.command("report")
@FOLDER
@click.argument("planned", type=click.Path(path_type=Path))
@click.option(
    "--for",
    "audience",
    type=click.Choice([a.value for a in Audience]),
    default=Audience.OPERATOR.value,
    show_default=True,
    help="Who will read it.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder for the report.",
)
@reading_options
@json_option("report")
def command(folder: Path, planned: Path, audience: str, out: Path, how: How, as_json: bool) -> int:
    """Write the report of what lull plan wrote into the folder PLANNED, for one audience.

    The operator's report holds everything and is RESTRICTED, and so are drivers' and corridors'
    orders. The public one has rounded totals, no sites, no times ahead, no cell under ten.

    \b
    Examples:
      lull report my-pause out/my-pause --out out/again
      lull report my-pause out/my-pause --for public --out public

    \b
    Exit codes: 0 written; 2 the folder or the plan cannot be read, or do not belong together.
    """  # fmt: skip
    opened = open_folder(folder, how, as_json=as_json)
    with steps(quiet=as_json) as progress:
        if progress:
            progress("reading and checking the plan")
        found = load(planned, opened, how)
        if progress:
            progress("writing the report")
        mode = PUBLIC if audience == Audience.PUBLIC else PRIVATE
        with whole(out, mode) as part:
            asked = answers(planned, opened, how)
            write(outputs(report_input(found, opened, folder, asked), audience), part)
            files = files_in(part)
    if as_json:
        print_json(schemas.ReportAnswer(audience=audience, files=files))
    else:
        for name in files:
            console().print(str(out / name), soft_wrap=True)
    return DONE


def report_input(
    planned: Planned, opened: Opened, folder: Path, asked: tuple[Told, ...] = ()
) -> ReportInput:
    """All that a report may say; of where the folder lies it says the name only."""
    reading = opened.reading
    name = folder.resolve().name
    bound = () if planned.bound_work is None else ("--bound-work", str(planned.bound_work))
    words = (
        "lull", "plan", name, "--out", f"out/{Path(name).stem}",
        "--consents", word_of(planned.main.reading),
        "--work", str(planned.work), "--seed", str(planned.seed), *bound,
    )  # fmt: skip
    return gather(
        planned.case,
        planned.columns,
        planned.main.reading,
        rules=planned.rules,
        violations=planned.violations,
        remarks=[(str(Where(f.file, f.row, f.column)), f.sentence) for f in planned.warnings],
        network=reading.ground.network if reading.ground else None,
        line=reading.geography.line if reading.geography else (),
        folder_hash=reading.content_hash,
        version=__version__,
        reproduce=shlex.join(words) if planned.main.result.repeatable else "",
        asked=asked,
    )
