"""`lull extension`: a request to prolong a pause, filled with figures."""

from __future__ import annotations

import click

from lull.cli.questions.extension import ExtensionAnswer, answer
from lull.cli.questions.frame import Frame, Run, ask, question_options
from lull.cli.spread.options import Where, cluster_options
from lull.questions.candidates import LEAD, Kind
from lull.questions.extension import FURTHER, REPLICATIONS, extension
from lull.questions.frontier import FRONTIER_WORK


@click.command("extension")
@click.option(
    "--further", metavar="H,H", default=",".join(f"{m / 60:g}" for m in FURTHER), show_default=True,
    help="Hours more of the (last) window that are looked at.")
@click.option(
    "--share", type=click.FloatRange(min=0, max=100, min_open=True), default=100.0,
    show_default=True, metavar="PERCENT",
    help="For how many of those who wish to leave the hours must be enough.")
@click.option(
    "--lead", type=click.FloatRange(min=0), default=LEAD[Kind.HOURS] / 60, show_default=True,
    metavar="HOURS", help="How long after the decision every post and crew has been told.")
@click.option(
    "--new", "new", multiple=True, metavar="TEXT",
    help="What else is new in the request; may be given several times.")
@click.option(
    "--replications", type=click.IntRange(min=0), default=REPLICATIONS, show_default=True,
    metavar="N", help="Simulated days of each length; 0 leaves P50 and P90 out.")
@click.option(
    "--processes", type=click.IntRange(min=1), default=1, show_default=True, metavar="N",
    help="How many plans are made at a time; the answer is the same.")
@cluster_options
@question_options("extension")
def command(
    frame: Frame, further: str, share: float, lead: float, new: tuple[str, ...],
    replications: int, where: Where,
) -> int:
    """Fill a request for an extension of the pause in FOLDER with its figures.

    Who still waits under the present terms, what each further hour moves and what no plan can
    exceed, how many hours are needed on paper and in half and nine tenths of the simulated days, by
    when it must be decided, which consents are outstanding, and what the pause has not been used
    for. Fields that no figure can fill are listed.

    \b
    Examples:
      lull extension my-pause --out out/my-pause
      lull extension my-pause --further 2,4,8 --share 95 --new "observers at the bridge"

    \b
    Exit codes: 0 answered; 2 the folder cannot be read or the question not be put to it.
    """
    try:
        minutes = tuple(round(60 * float(word)) for word in further.split(","))
    except ValueError:
        raise click.UsageError(
            f"--further {further}: give hours with commas between them.") from None
    if min(minutes) <= 0:
        raise click.UsageError(f"--further {further}: give hours above 0.")
    own = {"further": further, "share": share, "lead": lead, "new": list(new),
           "replications": replications}
    work = FRONTIER_WORK if frame.work is None else frame.work

    def find(run: Run) -> ExtensionAnswer:
        with run.spread() as executor:
            found = extension(
                run.case, minutes, share=share / 100, lead=round(60 * lead),
                replications=replications, work=work, seed=frame.seed, executor=executor,
                width=executor.at_once, progress=run.progress, stop=run.stop)
        return answer(found, run.case, new)

    return ask("extension", frame, own, find, where=where)
