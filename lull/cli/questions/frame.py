"""The frame of a verb that asks a question: its options, its run, and what becomes of its answer.

A verb gives what to work out and the form of its answer; reading the folder, keeping the answer by
the folder's content, progress, Ctrl-C, text, JSON and pages are done here.
"""

from __future__ import annotations

import math
import shlex
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial, wraps
from pathlib import Path
from typing import Any, TypeVar

import click
from attrs import evolve, field, frozen

from lull import __version__
from lull.cli.console import console, print_json
from lull.cli.exits import DONE, BadInput
from lull.cli.folder import (
    FOLDER,
    PLAN_FILE,
    How,
    Opened,
    json_option,
    open_folder,
    reading_options,
)
from lull.cli.interrupt import interruptible
from lull.cli.planning import READING_OF
from lull.cli.progress import Steps, steps
from lull.cli.questions.kept import Kept
from lull.cli.questions.model import QuestionAnswer
from lull.cli.questions.registry import QUESTIONS, Question
from lull.cli.questions.terminal import say
from lull.cli.spread.options import Where
from lull.cli.spread.parts import FOLDER as PARTS
from lull.cli.spread.parts import Parts
from lull.cli.spread.spread import Spread
from lull.cli.writing import require_writable, whole
from lull.domain.case import Case
from lull.exchange import is_sealed
from lull.plan.compiling import COMPILING, told_of_compiling
from lull.report.outputs import write
from lull.report.question_page import question_files
from lull.report.told import Told

A = TypeVar("A", bound=QuestionAnswer)

STOPPING = "Stopping: the answer so far will be printed. Ctrl-C again gives up."


@frozen
class Frame:
    """What every question is asked with."""

    folder: Path
    consents: str
    seconds: float | None
    work: int | None
    seed: int
    out: Path | None
    quiet: bool
    how: How
    as_json: bool
    png: bool = False


@frozen
class Run:
    """What a question may use while it works.

    `case` is on the reading of the consents that was asked for. `stop()` turns true once the time
    is over or the user wants an end; `progress(what, done, total)` shows a step, and does nothing
    where nobody looks. `spread()` gives the executor of the place where the work is to be done,
    which keeps finished parts.
    """

    opened: Opened
    case: Case
    stop: Callable[[], bool]
    shown: Steps | None
    where: Where = field(factory=Where)
    parts: Parts | None = None

    @contextmanager
    def spread(self) -> Iterator[Spread]:
        """The executor, for the length of the work."""
        with self.where.spread(self.parts, self.progress) as executor:
            yield executor

    def progress(self, what: str, done: float = 0, total: float = 0) -> None:
        """Show what is being done, and how much of it is (0: not known)."""
        if self.shown:
            self.shown(what, done, total)


def _finite(
    _context: click.Context, _option: click.Parameter, seconds: float | None
) -> float | None:
    if seconds is not None and not math.isfinite(seconds):
        raise click.BadParameter(f"{seconds} is no number of seconds.")
    return seconds


png_option = click.option(
    "--png", is_flag=True, help="With --out: the pictures as PNG too, for letters and slides.")


def require_a_place(out: Path | None, *, png: bool) -> None:
    """Refuse a folder that cannot be written into, and pictures without one."""
    if png and not out:
        raise BadInput("--png draws the pictures of the answer's folder: say which with --out.")
    if out:
        require_writable(out)


def question_options(verb: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """FOLDER and the options that all questions have; the verb gets them as one `frame`.

    They stand in the help after the verb's own.
    """

    def with_options(function: Callable[..., int]) -> Callable[..., int]:
        @FOLDER
        @click.option(
            "--consents", type=click.Choice(list(READING_OF)), default="all-met",
            show_default=True, help="On which reading of the consents the answer rests.")
        @click.option(
            "--time", "seconds", type=click.FloatRange(min=0), callback=_finite, metavar="SECONDS",
            help="Give the answer as it stands after so long, and the step that it is in.")
        @click.option(
            "--work", type=click.IntRange(min=0),
            help="How much to search, in steps and not in seconds: same work, same answer.")
        @click.option(
            "--seed", type=click.IntRange(min=0), default=0, show_default=True,
            help="Where the search starts.")
        @click.option(
            "--out", type=click.Path(path_type=Path, file_okay=False),
            help=f"Folder for the answer as a page ({verb}.html), its pictures, and {verb}.json; "
            "give that of a plan, and lull report puts the page into the report.")
        @png_option
        @click.option("--quiet", "-q", is_flag=True, help="Show nothing while it works.")
        @reading_options
        @json_option(verb)
        @wraps(function)
        def asked(
            *args: Any, folder: Path, consents: str, seconds: float | None, work: int | None,
            seed: int, out: Path | None, png: bool, quiet: bool, how: How, as_json: bool,
            **own: Any,
        ) -> int:
            frame = Frame(folder, consents, seconds, work, seed, out, quiet, how, as_json, png)
            return function(*args, frame=frame, **own)

        return asked

    return with_options


def ask(
    verb: str, frame: Frame, own: Mapping[str, object], find: Callable[[Run], QuestionAnswer],
    *, beside: str = "", keep: bool = True, where: Where = Where(),  # noqa: B008 - frozen
    given: Sequence[Path | None] = (), more: Callable[[Any], Mapping[str, bytes]] | None = None,
) -> int:
    """Answer a question from what is kept or by working it out, and hand the answer over.

    `own` are the verb's own options by their names on the command line (`{"aim": "share"}`), as
    they were understood: with the folder's content, reading, work and seed they are what an answer
    is kept by, and with them it can be asked again. `find` gives an answer with `model.common`.
    `beside` is a hash of other files that it was asked about, which are `given`; without `keep` it
    is always worked out, as where `find` writes more than the answer; `more` gives files that
    follow from the answer and stand beside its page. The work is done `where` said, and its
    finished parts are kept until the answer is. Nothing of what is sealed is kept in clear or
    handed to other machines.
    """
    require_a_place(frame.out, png=frame.png)
    shut = next((file for file in (frame.folder, *given) if file and sealed(file)), None)
    if shut and where.cluster:
        raise BadInput(f"{shut} is sealed, so it is not handed to other machines, which would hold "
                       "it in clear. Leave out --cluster, or open it first if that is meant: lull "
                       "open.")
    question = QUESTIONS[verb]
    silent = frame.as_json or frame.quiet
    opened = open_folder(frame.folder, frame.how, as_json=frame.as_json, quiet=silent)
    cache = None if shut else frame.how.cache
    kept = Kept(cache if keep else None)
    parts = None if cache is None else Parts(cache / PARTS)
    asked = {**{name: _named(value) for name, value in own.items()}, "beside": beside,
             "consents": frame.consents, "work": frame.work, "seed": frame.seed}
    place = kept.place(verb, opened.reading.content_hash, asked)
    answer = kept.find(place, question.kind)
    from_before = answer is not None
    if answer is None:
        answer = _found(frame, opened, find, where, parts)
        kept.keep(place, answer)
        if parts and not answer.stopped:
            parts.clear()
    answer = answer.model_copy(update={
        "folder": str(frame.folder),
        "again": "" if answer.stopped else again(verb, frame, own, answer.work)})
    hand_over(
        question, frame, opened, answer, more=more(answer) if more else {},
        typed="" if answer.stopped else again(verb, frame, own, answer.work, whole_paths=True),
        kept=place if from_before else None)
    return DONE


def _found(
    frame: Frame, opened: Opened, find: Callable[[Run], QuestionAnswer], where: Where,
    parts: Parts | None,
) -> QuestionAnswer:
    began, case = time.monotonic(), opened.case.on(READING_OF[frame.consents])
    silent = frame.as_json or frame.quiet
    with (
        interruptible(STOPPING) as asked,
        steps(quiet=silent, limit=frame.seconds) as shown,
        told_of_compiling(partial(_say_it_compiles, shown)),
    ):
        answer = find(Run(opened, case, lambda: asked() or (
            frame.seconds is not None and time.monotonic() - began >= frame.seconds), shown, where,
            parts))
    return answer.model_copy(update={
        "folder_hash": opened.reading.content_hash,
        "consents": frame.consents,
        "seconds": round(time.monotonic() - began, 1),
    })


def again(
    verb: str, frame: Frame, own: Mapping[str, object], work: int, *, whole_paths: bool = False
) -> str:
    """The command that gives the same answer.

    Of where files lie it says the names only, as answers are passed on; with `whole_paths` it says
    them as they were given.
    """
    words = ["lull", verb, str(frame.folder) if whole_paths else frame.folder.resolve().name]
    for name, value in {**own, "consents": frame.consents, "work": work,
                        "seed": frame.seed}.items():
        if value is True:
            words.append(f"--{name}")
        elif value is not None and value is not False:
            for one in value if isinstance(value, list | tuple) else (value,):
                said = one if whole_paths else _named(one)
                words += [f"--{name}", f"{said:g}" if isinstance(said, float) else str(said)]
    return shlex.join(words)


def _named(value: object) -> object:
    """Of a path its last name, of anything else itself."""
    return value.resolve().name if isinstance(value, Path) else value


def hand_over(
    question: Question, frame: Frame, opened: Opened, answer: QuestionAnswer, *,
    more: Mapping[str, bytes] | None = None, typed: str = "", kept: Path | None = None,
) -> None:
    """Print the answer, as JSON or in words, and write its page and JSON where `--out` says.

    `more` are further files for that folder; `typed` is the command that gives the answer again
    here, with its paths; `kept` is where the answer lay, if it was not worked out now.
    """
    case = opened.case.on(READING_OF[frame.consents])
    told = question.told(case, answer)
    written: list[str] = []
    if frame.out:
        written = write_answer(question, frame.out, case, answer, told, more or {}, png=frame.png)
    if frame.as_json:
        print_json(answer)
        return
    out = console()
    say(out, evolve(told, again=typed) if typed else told)
    if kept:
        out.print(f"Not worked out again; kept from before: {kept}", soft_wrap=True)
    if frame.out:
        page = f"{question.verb}.html"
        out.print(f"Page: {frame.out / page}", soft_wrap=True)
        beside = ", ".join(name for name in written if name != page)
        out.print(f"Beside it: {beside}", soft_wrap=True)


def write_answer(
    question: Question, out: Path, case: Case, answer: QuestionAnswer, told: Told,
    more: Mapping[str, bytes], *, png: bool = False,
) -> list[str]:
    """Write the page, the pictures and the JSON of an answer, and what comes `more`, into a folder,
    whole or not at all; the names of the files.
    """
    report = "report.html" if (out / "report.html").is_file() else ""
    files = question_files(told, case.pause, folder_hash=answer.folder_hash, version=__version__,
                           report=report)
    files[f"{question.verb}.json"] = (answer.model_dump_json(indent=2) + "\n").encode()
    if png:
        files |= drawn(files)
    files |= more
    with whole(out, instead_of=(f"{question.verb}-*.svg", f"{question.verb}-*.png")) as part:
        write(files, part)
    return sorted(files)


def drawn(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The PNG beside each SVG; a missing font ends the verb in a sentence."""
    from lull.report.raster import NoFont, png_of  # noqa: PLC0415 - for those who ask for it

    try:
        return {name.removesuffix(".svg") + ".png": png_of(svg.decode())
                for name, svg in files.items() if name.endswith(".svg")}
    except NoFont as missing:
        raise BadInput(str(missing)) from missing


def _say_it_compiles(shown: Steps | None) -> None:
    if shown:
        shown.at_once(COMPILING)


def sealed(folder: Path) -> bool:
    """Whether a folder is one sealed file, or holds its plan as one: answers about it are not kept
    in clear."""
    file = folder / PLAN_FILE if folder.is_dir() else folder
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return is_sealed(opened.read(64))
