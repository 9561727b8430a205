"""`lull frontier`: people, patients and tonnes against hours, notice or vehicles."""

from __future__ import annotations

import click

from lull.cli.questions.frame import Frame, Run, ask, question_options
from lull.cli.questions.frontier import FrontierAnswer, answer
from lull.cli.spread.options import Where, cluster_options
from lull.domain.refusal import Refusal
from lull.questions.axes import Along, Axis
from lull.questions.frontier import FRONTIER_WORK, frontier

MOST_POINTS = 400
"""Points of one frontier: more would not be looked at."""


@click.command("frontier")
@click.option(
    "--length", metavar="VALUES", help="Minutes of the (last) window, such as 240:720:60 or "
    "240,300,480. Without any quantity: from the shortest useful window to half as long again.")
@click.option(
    "--start", metavar="VALUES", help="Minutes by which the (first) window opens earlier.")
@click.option(
    "--notice", metavar="VALUES", help="Hours between the notice and the first opening.")
@click.option(
    "--vehicles", metavar="TYPE=VALUES", help="Numbers of vehicles of a type, such as bus=10:60:10."
)
@click.option(
    "--processes", type=click.IntRange(min=1), default=1, show_default=True, metavar="N",
    help="How many points are planned at a time; the answer is the same.")
@cluster_options
@question_options("frontier")
def command(
    frame: Frame, length: str | None, start: str | None, notice: str | None,
    vehicles: str | None, where: Where,
) -> int:
    """Show what more time, notice or vehicles would buy for the pause in FOLDER.

    Along one or two quantities every point is planned, judged by every rule, and bounded: a band
    between what a plan moves and what none can exceed, its knee, and what limits it where. A plan
    for less is one for more, and is carried over where nothing better is found. With --cache
    finished points are kept, and a frontier that was interrupted goes on where it was. With
    --cluster other machines plan the points.

    VALUES are FROM:TO:STEP, or numbers with commas between them.

    \b
    Examples:
      lull frontier my-pause
      lull frontier my-pause --length 240:720:60 --cache kept --processes 2
      lull frontier my-pause --vehicles bus=10:60:10 --notice 6,12,24 --out out/my-pause

    \b
    Exit codes: 0 answered; 2 the folder cannot be read or the question not be put to it.
    """  # fmt: skip
    axes = [*_axis(Along.LENGTH, length), *_axis(Along.START, start), *_axis(Along.NOTICE, notice)]
    if vehicles:
        kind, given, values = vehicles.partition("=")
        if not given:
            raise click.UsageError(
                f"--vehicles {vehicles}: give TYPE=VALUES, such as bus=10:60:10.")
        axes += _axis(Along.VEHICLES, values, kind)
    points = 1
    for axis in axes:
        points *= len(axis.values)
    if len(axes) > 2 or points > MOST_POINTS:
        raise click.UsageError(f"Give at most two quantities with at most {MOST_POINTS} points; "
                               f"these are {len(axes)} with {points}.")
    own = {"length": length, "start": start, "notice": notice, "vehicles": vehicles}
    work = FRONTIER_WORK if frame.work is None else frame.work

    def find(run: Run) -> FrontierAnswer:
        with run.spread() as executor:
            return answer(frontier(
                run.case, axes, work=work, seed=frame.seed, executor=executor,
                width=executor.at_once, progress=run.progress, stop=run.stop))

    return ask("frontier", frame, own, find, where=where)


def _axis(along: Along, words: str | None, vehicle: str = "") -> list[Axis]:
    if words is None:
        return []
    parts = words.split(":")
    try:
        if len(parts) == 3:
            low, high, step = map(int, parts)
            values = tuple(range(low, high + 1, step))
            if not values:
                raise click.UsageError(
                    f"--{along.value} {words}: give FROM:TO:STEP with TO not below FROM.")
        else:
            values = tuple(map(int, words.split(",")))
    except ValueError:
        raise click.UsageError(
            f"--{along.value} {words}: give FROM:TO:STEP, or whole numbers with commas between "
            "them.") from None
    try:
        return [Axis(along, values, vehicle)]
    except Refusal as wrong:
        raise click.UsageError(f"--{along.value} {words}: {wrong}") from None
