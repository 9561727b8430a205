"""`lull show`: who goes when, by corridor, site, vehicle or convoy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import click
from attrs import frozen

from lull.cli import schemas
from lull.cli.console import console, print_json, table
from lull.cli.exits import DONE, BadInput
from lull.cli.folder import FOLDER, PLAN, How, json_option, open_folder, open_plan, reading_options
from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.report.timetables import Table, by_convoy, by_corridor, by_site, by_vehicle
from lull.report.words import corridor_name


@frozen
class View:
    """A timetable, the columns by which one of it is asked for, and those that a terminal shows."""

    make: Callable[[Case, Plan], Table]
    keys: tuple[str, ...]
    shown: Mapping[str, str]


VIEWS = {
    "corridor": View(by_corridor, ("corridor",), {
        "corridor": "corridor", "direction": "way", "convoy": "convoy", "slot_local": "slot",
        "vehicles": "vehicles", "leaves_local": "through", "persons": "persons",
        "patients": "patients", "tonnes": "t",
    }),
    "site": View(by_site, ("site", "site_name"), {
        "site": "site", "local": "local", "what": "what", "until_local": "until",
        "vehicle": "vehicle", "persons": "persons", "detail": "detail",
    }),
    "vehicle": View(by_vehicle, ("vehicle", "name"), {
        "name": "vehicle", "line": "line", "local": "local", "utc": "UTC", "order": "order",
    }),
    "convoy": View(by_convoy, ("convoy",), {
        "convoy": "convoy", "corridor": "corridor", "direction": "way", "slot_local": "slot",
        "vehicle": "vehicle", "enters_local": "enters", "leaves_local": "through",
        "persons": "persons", "tonnes": "t",
    }),
}  # fmt: skip
FIGURES = ("persons", "patients", "vehicles", "t", "line")


@click.command("show")
@FOLDER
@PLAN
@click.option(
    "--by",
    type=click.Choice(list(VIEWS)),
    default="corridor",
    show_default=True,
    help="Which timetable.",
)
@click.option("--of", default="", help="Only this corridor, site, vehicle or convoy.")
@reading_options
@json_option("show")
def command(folder: Path, plan: Path, by: str, of: str, how: How, as_json: bool) -> int:
    """Print a timetable of PLAN (a plan.json, or the folder that holds one) for FOLDER.

    Times are local; --json has all columns, in local time and UTC.

    \b
    Examples:
      lull show my-pause out/my-pause
      lull show my-pause out/my-pause --by vehicle --of bus#1
      lull show my-pause out/my-pause --by site --json | jq '.rows[] | select(.persons > 0)'

    \b
    Exit codes: 0 printed; 2 the folder or the plan cannot be read, or there is no such one.
    """  # fmt: skip
    case = open_folder(folder, how, as_json=as_json).case
    view = VIEWS[by]
    made = view.make(case, open_plan(plan, case, how))
    rows = made.records()
    if of:
        asked = {of, corridor_name(case, of)} if by == "corridor" else {of}
        rows = [row for row in rows if asked & {str(row[key]) for key in view.keys}]
        if not rows:
            known = list(dict.fromkeys(str(row[view.keys[0]]) for row in made.records()))
            raise BadInput(f"The plan has no {by} {of!r}; it has {_some(known)}.")
    if as_json:
        print_json(schemas.ShowAnswer(
            folder=str(folder), plan=str(plan), by=by, of=of,  # type: ignore[arg-type]
            columns=list(made.header), rows=rows,
        ))  # fmt: skip
        return DONE
    names = list(view.shown.values())
    lines = [[row[column] for column in view.shown] for row in rows]
    console().print(table(names, lines, right=FIGURES))
    return DONE


def _some(names: list[str], most: int = 12) -> str:
    """The first names, and how many more there are."""
    if not names:
        return "none at all"
    listed = ", ".join(names[:most])
    return listed if len(names) <= most else f"{listed} and {len(names) - most} more"
