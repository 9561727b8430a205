"""`lull shortest`: the shortest window that reaches an aim, and what is proven too short."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from lull.cli import schemas
from lull.cli.console import console, heading, print_json, table
from lull.cli.exits import DONE
from lull.cli.folder import FOLDER, How, json_option, open_folder, reading_options
from lull.cli.interrupt import interruptible
from lull.cli.planning import READING_OF
from lull.cli.progress import Steps, steps
from lull.questions.aim import Aim, AimKind
from lull.questions.shortest import LONGEST, STEP, Answer, shortest

STOPPING = "Stopping: the answer so far will be printed. Ctrl-C again gives up."


@click.command("shortest")
@FOLDER
@click.option(
    "--aim",
    type=click.Choice([kind.value for kind in AimKind]),
    default=AimKind.EVERYONE.value,
    show_default=True,
    help="Everyone who wishes to leave; all patients; a share of each neighbourhood; minimum "
    "rations everywhere.",
)
@click.option(
    "--share",
    type=click.FloatRange(min=0, max=100, min_open=True),
    default=100.0,
    show_default=True,
    metavar="PERCENT",
    help="With --aim share: how many of those who wish to leave, in each neighbourhood.",
)
@click.option(
    "--consents",
    type=click.Choice(list(READING_OF)),
    default="all-met",
    show_default=True,
    help="On which reading of the consents the answer rests.",
)
@click.option(
    "--near",
    type=click.FloatRange(min=0, max=50),
    default=0.0,
    show_default=True,
    metavar="PERCENT",
    help="For buses alone: stop once the answer is proven to be so near the shortest.",
)
@click.option(
    "--time", "seconds", type=click.FloatRange(min=0), metavar="SECONDS",
    help="Give the answer as it stands after so long, and the step that it is in.",
)
@click.option(
    "--work", type=click.IntRange(min=0),
    help="How much to search, in rounds and not in seconds: same work, same answer.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True,
    help="Where the search starts.",
)
@click.option(
    "--step", type=click.IntRange(min=1), default=STEP, show_default=True, metavar="MINUTES",
    help="Where windows have to be planned one by one: settle the length to so many minutes.",
)
@click.option(
    "--longest", type=click.IntRange(min=1), default=LONGEST, show_default=True,
    metavar="MINUTES", help="The same: look at no longer window.",
)
@click.option("--quiet", "-q", is_flag=True, help="Show nothing while it works.")
@reading_options
@json_option("shortest")
def command(
    folder: Path, aim: str, share: float, consents: str, near: float, seconds: float | None,
    work: int | None, seed: int, step: int, longest: int, quiet: bool, how: How, as_json: bool,
) -> int:
    """Find the shortest window for the pause in FOLDER that reaches an aim.

    Beside a length that is enough stands one below which no window can be: proven, not guessed.
    Between the two nothing is claimed. Where nothing but buses, places and minutes limits the
    pause, the shortest time is sought exactly; else windows are planned one by one.

    \b
    Examples:
      lull shortest my-pause
      lull shortest my-pause --aim share --share 80
      lull shortest my-pause --near 0.5 --time 120 --json | jq .minutes

    \b
    Exit codes: 0 answered; 2 the folder cannot be read or the question not be put to it.
    """  # fmt: skip
    silent = as_json or quiet
    opened = open_folder(folder, how, as_json=as_json, quiet=silent)
    wanted = Aim(AimKind(aim), share / 100)
    case = opened.case.on(READING_OF[consents])
    began = time.monotonic()
    with interruptible(STOPPING) as asked, steps(quiet=silent, limit=seconds) as progress:
        found = shortest(
            case, wanted, near=near / 100, work=work, seed=seed, step=step, longest=longest,
            stop=lambda: asked() or (
                seconds is not None and time.monotonic() - began >= seconds),
            **_telling(progress),
        )
    took = time.monotonic() - began
    if as_json:
        print_json(answer(str(folder), consents, found, took))
    else:
        say(console(), found)
    return DONE


def _telling(progress: Steps | None) -> dict[str, Callable[..., None]]:
    """What is told while it works: the step, with the best length and the bound so far."""
    if progress is None:
        return {}
    so_far = ""

    def standing(minutes: int | None, low: int) -> None:
        nonlocal so_far
        enough = "" if minutes is None else f"; {minutes} minutes are enough"
        so_far = f"{enough}; fewer than {low} are not"

    def step(what: str, done: int, total: int) -> None:
        progress(f"{what}{so_far}", done, total)

    return {"progress": step, "standing": standing}


def answer(folder: str, consents: str, of: Answer, seconds: float) -> schemas.ShortestAnswer:
    """What `lull shortest --json` prints."""
    case, prices = of.evacuation, of.prices
    return schemas.ShortestAnswer(
        folder=folder, consents=consents, aim=of.aim.words, minutes=of.minutes,
        no_window_below=of.low, gap=of.gap, exact_method=of.exact,
        no_window_below_by_prices=of.by_prices,
        why_not_exact=list(of.why_not_exact),
        days=[schemas.BusDayAnswer(
            vehicle_type=day.kind, minutes=day.minutes,
            trips=[schemas.TripAnswer(boards_at=p, set_down_at=s, comes=a, sheltered=b)
                   for p, s, a, b in day.trips]) for day in of.days],
        prices_of_loads=[] if not (case and prices) else _priced(case.points, prices.loads),
        prices_of_places=[] if not (case and prices) else _priced(case.shelters, prices.places),
        tries=[schemas.TryAnswer(minutes=t.minutes, reached=t.reached, ruled_out=t.ruled_out)
               for t in of.tries],
        work=of.work, seed=of.seed, stopped=of.stopped, seconds=round(seconds, 1),
    )


def _priced(sites: Sequence[str], prices: Any) -> list[schemas.PriceAnswer]:
    return [schemas.PriceAnswer(site=site, price=int(price))
            for site, price in zip(sites, prices, strict=True)]


def say(out: Console, of: Answer) -> None:
    """Print the answer in words and tables."""
    if of.minutes is None:
        out.print(f"No window was found that is long enough for {of.aim.words}.")
    else:
        out.print(f"{of.minutes} minutes are enough for {of.aim.words}.")
    if of.minutes == of.low:
        out.print("Proven: no shorter window can be.")
    else:
        out.print(f"Proven: fewer than {of.low} minutes cannot be. In between nothing is claimed.")
    if of.gap:
        out.print(f"The gap is {100 * of.gap:.1f} %.")
    if of.evacuation is not None and of.by_prices < of.low:
        out.print(f"Fewer than {of.by_prices} are ruled out by prices that anyone can check; the "
                  "rest by an integer programme that was searched to its end.")
    if of.stopped:
        out.print("It was stopped before its end.")
    if of.days:
        heading(out, "The buses")
        out.print(table(
            ("from", "trips", "minutes", "boards at > set down at"),
            [(day.kind, len(day.trips), day.minutes, ", ".join(
                f"{p} > {s}" for p, s, _, _ in day.trips)) for day in of.days],
            right=("trips", "minutes")))
    if of.tries:
        heading(out, "Windows that were planned")
        out.print(table(("minutes", "a plan reaches it", "proven too short"),
                        [(t.minutes, t.reached, t.ruled_out) for t in of.tries],
                        right=("minutes",)))
        out.print(f"Not taken for buses alone: {'; '.join(of.why_not_exact)}.")
