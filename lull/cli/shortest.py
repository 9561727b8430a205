"""`lull shortest`: the shortest window that reaches an aim, and what is proven too short."""

from __future__ import annotations

import click

from lull.cli.questions.frame import Frame, Run, ask, question_options
from lull.cli.questions.shortest import ShortestAnswer, answer
from lull.questions.aim import Aim, AimKind
from lull.questions.shortest import LONGEST, STEP, shortest


@click.command("shortest")
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
    "--near",
    type=click.FloatRange(min=0, max=50),
    default=0.0,
    show_default=True,
    metavar="PERCENT",
    help="For buses alone: stop once the answer is proven to be so near the shortest.",
)
@click.option(
    "--step", type=click.IntRange(min=1), default=STEP, show_default=True, metavar="MINUTES",
    help="Where windows have to be planned one by one: settle the length to so many minutes.",
)
@click.option(
    "--longest", type=click.IntRange(min=1), default=LONGEST, show_default=True,
    metavar="MINUTES", help="The same: look at no longer window.",
)
@question_options("shortest")
def command(
    frame: Frame, aim: str, share: float, near: float, step: int, longest: int,
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
    """
    if share != 100 and aim != AimKind.SHARE:
        raise click.UsageError("--share goes with --aim share.")
    wanted = Aim(AimKind(aim), share / 100 if aim == AimKind.SHARE else 1.0)
    own = {"aim": aim, "share": share if aim == AimKind.SHARE else None, "near": near,
           "step": step, "longest": longest}

    def find(run: Run) -> ShortestAnswer:
        telling = Telling(run)
        return answer(shortest(
            run.case, wanted, near=near / 100, work=frame.work, seed=frame.seed, step=step,
            longest=longest, progress=telling.step, standing=telling.standing, stop=run.stop))

    return ask("shortest", frame, own, find)


class Telling:
    """Shows each step with the best length and the bound so far."""

    def __init__(self, run: Run) -> None:
        self.run, self.so_far = run, ""

    def standing(self, minutes: int | None, low: int) -> None:
        """Hear of a better length or bound."""
        enough = "" if minutes is None else f"; {minutes} minutes are enough"
        self.so_far = f"{enough}; fewer than {low} are not"

    def step(self, what: str, done: int, total: int) -> None:
        """Show a step."""
        self.run.progress(f"{what}{self.so_far}", done, total)
