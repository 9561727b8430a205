"""`lull asks`: what to ask for, ranked, each of the first with a plan and a bound of its own."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import click

from lull.cli.exits import BadInput
from lull.cli.planning import READING_OF
from lull.cli.questions.asks import MEASURES, AsksAnswer, answer
from lull.cli.questions.frame import Frame, Run, ask, question_options
from lull.cli.spread.options import Where, cluster_options
from lull.domain.case import Case
from lull.domain.pause import Consents
from lull.questions.asks import ASK_WORK, FIRST, By, asks
from lull.questions.candidates import LEAD, MORE, Kind, Terms

AIMS = "aims"

WORDS = {kind.name.lower(): kind for kind in Kind}


@click.command("asks")
@click.option(
    "--by", type=click.Choice((AIMS, *MEASURES)), default=AIMS, show_default=True,
    help="What asks are ranked by: the pause's own aims in their order, or one measure. What gives "
    "an earlier aim away comes after all that does not.")
@click.option(
    "--first", type=click.IntRange(min=0), default=FIRST, show_default=True, metavar="N",
    help="How many get a bound of their own; the others have that of the prices.")
@click.option(
    "--at", metavar="TIME",
    help="When an ask would be granted, local time such as 2026-05-03T18:00; by default when the "
    "folder says that the pause was notified, and if it does not say, long before.")
@click.option(
    "--lead", "leads", multiple=True, metavar="KIND=HOURS",
    help="How long something takes to be ready once it is granted; may be given several times. "
    f"KIND is one of {', '.join(WORDS)}.")
@click.option(
    "--vehicles", metavar="N,N", help="Numbers of vehicles more to look at, for every type.")
@click.option(
    "--hours", "hours", metavar="H,H", default="1", show_default=True,
    help="How many hours a window may be longer.")
@click.option(
    "--processes", type=click.IntRange(min=1), default=1, show_default=True, metavar="N",
    help="How many plans are made at a time; the answer is the same.")
@cluster_options
@question_options("asks")
def command(
    frame: Frame, by: str, first: int, at: str | None, leads: tuple[str, ...],
    vehicles: str | None, hours: str, where: Where,
) -> int:
    """Rank what to ask for in the pause in FOLDER: an hour, a lane, a bus, a corridor more.

    The prices of the bound say what each thing that could be granted could bring at most. What
    could bring something is planned again; the first get a bound of their own. An ask is called
    proven only where its plan moves more than any plan could without. What cannot be ready in time
    is worth 0, and is shown. Corridors that the plan does not use are shown with what they save
    when another one closes.

    \b
    Examples:
      lull asks my-pause
      lull asks my-pause --by patients --first 5
      lull asks my-pause --at 2026-05-03T18:00 --lead lane=4 --lead corridor=48 --processes 2

    \b
    Exit codes: 0 answered; 2 the folder cannot be read or the question not be put to it.
    """  # fmt: skip
    numbers = _numbers(vehicles, "--vehicles")
    longer = _numbers(hours, "--hours", of=float)
    lead = {**LEAD, **_leads(leads)}
    own = {"by": by, "first": first, "at": at, "lead": sorted(leads), "vehicles": vehicles,
           "hours": hours}
    work = ASK_WORK if frame.work is None else frame.work

    def find(run: Run) -> AsksAnswer:
        terms = Terms(
            _asked_at(run.case, at), lead,
            {use: tuple(map(int, numbers)) for use in MORE} if numbers else MORE,
            tuple(round(60 * h) for h in longer))
        with run.spread() as executor:
            return answer(asks(
                run.opened.case, _reading(frame), by=By.PERSONS if by == AIMS else By(by),
                by_tiers=by == AIMS, terms=terms, first=first, work=work, seed=frame.seed,
                executor=executor, width=executor.at_once, progress=run.progress,
                stop=run.stop))

    return ask("asks", frame, own, find, where=where)


def _reading(frame: Frame) -> Consents:
    return READING_OF[frame.consents]


def _numbers(words: str | None, option: str, of: type[int] | type[float] = int) -> list[float]:
    if not words:
        return []
    try:
        found = [of(word) for word in words.split(",")]
    except ValueError:
        raise click.UsageError(
            f"{option} {words}: give numbers with commas between them.") from None
    if min(found) <= 0:
        raise click.UsageError(f"{option} {words}: give numbers above 0.")
    return list(map(float, found))


def _leads(given: tuple[str, ...]) -> dict[Kind, int]:
    found = {}
    for one in given:
        name, _, hours = one.partition("=")
        try:
            found[WORDS[name]] = round(60 * float(hours))
        except (KeyError, ValueError):
            raise click.UsageError(
                f"--lead {one}: give KIND=HOURS, with KIND one of {', '.join(WORDS)}.") from None
    return found


def _asked_at(case: Case, at: str | None) -> int | None:
    """The minute at which asks are granted."""
    if at is None:
        return case.pause.notice
    try:
        when = datetime.fromisoformat(at)
    except ValueError:
        raise BadInput(f"--at {at} is no time; write it like 2026-05-03T18:00.") from None
    if when.tzinfo is None:
        when = when.replace(tzinfo=ZoneInfo(case.pause.clock.zone))
    return case.pause.clock.minute(when)


