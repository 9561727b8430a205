"""`lull compare`: two pauses or two plans side by side."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click
from attrs import frozen

from lull.cli.exits import DONE, BadInput
from lull.cli.folder import (
    PLAN_FILE,
    How,
    Opened,
    json_option,
    open_folder,
    open_plan,
    reading_options,
)
from lull.cli.interrupt import interruptible
from lull.cli.planning import READING_OF
from lull.cli.progress import Steps, steps
from lull.cli.questions import compare as form
from lull.cli.questions.frame import STOPPING, Frame, hand_over, png_option, require_a_place
from lull.cli.questions.registry import QUESTIONS
from lull.cli.saved import RESULT_FILE, load
from lull.domain.rules import judge
from lull.plan import DEFAULT_WORK, make_plan
from lull.questions.compare import Side
from lull.questions.compare import compare as compared

PAUSE_FILE = "pause.yaml"


@frozen
class Given:
    """One of the two: the words for it, its pause folder, and its plan (None: to be planned)."""

    words: str
    folder: Path
    plan: Path | None


@click.command("compare")
@click.argument("a", type=click.Path(path_type=Path))
@click.argument("b", type=click.Path(path_type=Path))
@click.option(
    "--of", "folders", type=click.Path(path_type=Path), multiple=True, metavar="FOLDER",
    help="The pause folder of a plan: once for both, or once for each plan among A and B in their "
    "order.")
@click.option(
    "--consents", type=click.Choice(list(READING_OF)), default="all-met", show_default=True,
    help="On which reading of the consents both rest.")
@click.option(
    "--work", type=click.IntRange(min=0), default=DEFAULT_WORK, show_default=True,
    help="How much to search for the plan of a folder.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True,
    help="Where the search starts.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the answer as a page (compare.html), its pictures, and compare.json.")
@png_option
@click.option("--quiet", "-q", is_flag=True, help="Show nothing while it works.")
@reading_options
@json_option("compare")
def command(
    a: Path, b: Path, folders: tuple[Path, ...], consents: str, work: int, seed: int,
    out: Path | None, png: bool, quiet: bool, how: How, as_json: bool,
) -> int:
    """Put A and B side by side: who gains, who loses, by aim, need and neighbourhood.

    Each of A and B is a pause folder, which is planned, or a plan: a plan.json, or the folder that
    lull plan wrote. A plan alone does not say whom it leaves behind, so give its pause folder with
    --of. Bounds are known of folders and of what lull plan wrote, not of a plan.json alone.

    \b
    Examples:
      lull compare my-pause my-pause-with-a-second-lane
      lull compare out/monday out/tuesday --of my-pause
      lull compare out/old my-plan.json --of my-pause --out out/compared

    \b
    Exit codes: 0 answered; 2 A or B cannot be read, or a plan breaks a rule of its pause.
    """  # fmt: skip
    require_a_place(out, png=png)
    silent = as_json or quiet
    given = _given((a, b), folders)
    frame = Frame(given[0].folder, consents, None, work, seed, out, quiet, how, as_json, png)
    began = time.monotonic()
    opened = [open_folder(g.folder, how, as_json=as_json, quiet=silent) for g in given]
    with interruptible(STOPPING) as asked, steps(quiet=silent) as shown:
        sides = []
        for g, o in zip(given, opened, strict=True):
            sides.append(_side(g, o, frame, shown))
            if asked():
                raise KeyboardInterrupt
    found = compared(*sides)

    def again(named: Callable[[Path], str]) -> str:
        return shlex.join([
            "lull", "compare", named(a), named(b),
            *(word for f in folders for word in ("--of", named(f))),
            "--consents", consents, "--work", str(work), "--seed", str(seed)])

    answer = form.CompareAnswer(
        folder=str(given[0].folder), folder_hash=opened[0].reading.content_hash,
        folder_hash_b=opened[1].reading.content_hash, consents=consents,
        a=given[0].words, b=given[1].words,
        again=again(lambda path: path.resolve().name),
        work=work, seed=seed, stopped=False, seconds=round(time.monotonic() - began, 1),
        changes=form.changes(found), differs=form.differs(found))
    hand_over(QUESTIONS["compare"], frame, opened[0], answer, typed=again(str))
    return DONE


def _given(paths: Sequence[Path], folders: Sequence[Path]) -> list[Given]:
    plans = [path for path in paths if _is_plan(path)]
    if plans and not folders:
        raise BadInput(f"{plans[0]} is a plan; give the pause folder that it belongs to: --of "
                       "FOLDER.")
    if len(folders) not in {0, 1, len(plans)} or (folders and not plans):
        raise BadInput(f"--of was given {len(folders)} times for {len(plans)} plans among A and B; "
                       "give it once for both, or once for each plan.")
    of = list(folders) * len(plans) if len(folders) == 1 else list(folders)
    found, used = [], 0
    for path in paths:
        if _is_plan(path):
            found.append(Given(f"the plan {path.name}", of[used], path))
            used += 1
        else:
            found.append(Given(f"the pause {path.resolve().name}", path, None))
    if found[0].words == found[1].words and paths[0] != paths[1]:
        found = [Given(f"{g.words} in {p.resolve().parent.name}", g.folder, g.plan)
                 for g, p in zip(found, paths, strict=True)]
    return found


def _is_plan(path: Path) -> bool:
    if path.is_dir():
        return (path / PLAN_FILE).is_file() and not (path / PAUSE_FILE).is_file()
    return path.suffix == ".json"


def _side(given: Given, opened: Opened, frame: Frame, shown: Steps | None) -> Side:
    """Plan a folder, or read a plan with the bounds that lie beside it."""
    reading = READING_OF[frame.consents]
    case = opened.case.on(reading)
    if given.plan is None:
        if shown:
            shown.another_plan()
        result = make_plan(case, work=frame.work or 0, seed=frame.seed, progress=shown)
        if result.refused:
            raise BadInput(f"{given.folder} cannot be planned: {'; '.join(result.refused)}")
        return Side(case, result.plan, result)
    if given.plan.is_dir() and (given.plan / RESULT_FILE).is_file():
        column = next(c for c in load(given.plan, opened, frame.how).columns
                      if c.reading is reading)
        if column.result.refused:
            raise BadInput(f"{given.plan} holds no plan on the reading «{reading.value}»: "
                           f"{'; '.join(column.result.refused)}")
        return Side(column.case, column.result.plan, column.result)
    plan = open_plan(given.plan, case, frame.how)
    broken = judge(case, plan)
    if broken:
        raise BadInput(f"{given.plan} breaks {len(broken)} rules of {given.folder}; see lull "
                       f"verify. The first: {broken[0].sentence}")
    return Side(case, plan)
