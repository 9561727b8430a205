"""`lull work`: a process of its own that works out what a server was asked for."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from secrets import token_hex
from typing import Any

import click

from lull.cli.console import console
from lull.cli.exits import DONE, BadInput
from lull.cli.passphrases import PASSPHRASE_FD, opened_store
from lull.domain.refusal import Refusal

LOOK_EVERY_SECONDS = 2.0


@click.command("work")
@click.argument("database")
@click.option("--time", "seconds", type=click.FloatRange(min=1, max=86_400), default=120,
              show_default=True, help="For how many seconds a plan is searched, where the job "
              "does not say.")
@click.option("--once", is_flag=True, help="Leave when no job waits.")
@click.option("--with-parent", is_flag=True, hidden=True,
              help="Leave when the process that started this one is gone.")
@PASSPHRASE_FD
def command(database: str, seconds: float, once: bool, with_parent: bool,
            passphrase_fd: int | None) -> int:
    """Work out what the server of DATABASE was asked for, one job after the other: folders are
    checked, pauses planned, plans simulated, questions answered.

    Any number of these may run, here or where else the database can be reached. A job is leased;
    when a worker goes down, another begins it anew within a minute. What is worked out stays in
    memory and is kept sealed, and so is how far it has come. A job that is ended is left within
    seconds.

    \b
    Examples:
      lull work aleppo.sqlite
      lull work postgresql://lull@db/lull --time 600 --passphrase-fd 3 3<secret

    \b
    Exit codes: 0 ended as asked; 2 there is no store, or the passphrase is another.
    """
    parent = os.getppid()
    store = opened_store(database, passphrase_fd)
    with stopping() as stop:
        if with_parent:
            threading.Thread(target=stop_without, args=(parent, stop), daemon=True).start()
        work(store, seconds, stop, once=once)
    return DONE


def stop_without(parent: int, stop: threading.Event) -> None:
    """Set the event when a process is no longer the parent of this one."""
    while not stop.wait(LOOK_EVERY_SECONDS):
        if os.getppid() != parent:
            stop.set()


def work(store: Any, seconds: float, stop: threading.Event, *, once: bool = False) -> None:
    """Do what waits until told to stop, or until nothing waits if `once`."""
    from lull.store import jobs  # noqa: PLC0415 - Django is slow

    worker = token_hex(8)
    while not stop.is_set():
        taken = jobs.take(store, worker)
        if taken is None:
            if once:
                return
            stop.wait(LOOK_EVERY_SECONDS)
            continue
        kept = _one(store, taken, worker, seconds, stop)
        console(err=True).print(f"Job {taken.id}: {kept}", soft_wrap=True)


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """An event that is set when the process is asked to end."""
    stop = threading.Event()
    before = {sign: signal.signal(sign, lambda *_: stop.set())
              for sign in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def _one(store: Any, taken: Any, worker: str, seconds: float, stop: threading.Event) -> str:
    """Do one job; what became of it, in a word."""
    from lull.cli.working.doing import Outcome  # noqa: PLC0415 - the planner takes a while to load
    from lull.store import jobs  # noqa: PLC0415 - Django is slow

    with _leased(store, taken, worker) as lost:
        try:
            outcome = _done(store, taken, worker, seconds, stop, lost)
        except (BadInput, Refusal) as wrong:
            outcome = Outcome(str(wrong).encode(), failed=True)
        except Exception as wrong:  # noqa: BLE001 - a job that cannot be done must not end all
            outcome = Outcome(f"A fault of lull: {type(wrong).__name__}.".encode(), failed=True)
    if stop.is_set() and not lost.is_set():
        jobs.leave(taken.id, worker)
        return "left for another"
    if outcome is None:
        return "done"
    kept = jobs.finish(store, taken.id, worker, outcome.answer, failed=outcome.failed,
                       products=outcome.products)
    return ("failed" if outcome.failed else "done") if kept else "ended meanwhile"


def _done(store: Any, taken: Any, worker: str, seconds: float, stop: threading.Event,
          lost: threading.Event) -> Any:
    """What came of a job; None where that is kept already. Raises BadInput, Refusal."""
    from lull.cli.working.doing import Doing  # noqa: PLC0415 - the planner takes a while to load
    from lull.cli.working.kinds import JOBS  # noqa: PLC0415
    from lull.cli.working.telling import Telling  # noqa: PLC0415
    from lull.plan.compiling import COMPILING, told_of_compiling  # noqa: PLC0415
    from lull.store import job_kinds, jobs  # noqa: PLC0415

    def keep(progress: Mapping[str, Any]) -> None:
        if not jobs.tell(store, taken.id, worker, progress):
            lost.set()

    if not taken.given:
        raise BadInput("The folder of this job cannot be used: it was ended, or has errors.")
    steps = Telling(keep)
    doing = Doing(taken.given, taken.options, taken.plan, store.secrets.data.secret, seconds, steps,
                  lambda: stop.is_set() or lost.is_set(), taken.beside)
    with told_of_compiling(partial(steps.at_once, COMPILING)):
        if taken.kind == job_kinds.CHECK:
            return _checked(store, taken, worker, doing)
        do: Callable[[Doing], Any] = JOBS[taken.kind]
        return do(doing)


def _checked(store: Any, taken: Any, worker: str, doing: Any) -> None:
    """Read a folder that was imported, and keep it with all that was found."""
    from lull.cli.working.doing import NAME  # noqa: PLC0415 - the planner takes a while to load
    from lull.exchange.reading import read_files  # noqa: PLC0415
    from lull.store import folders  # noqa: PLC0415

    files = doing.files()
    reading, more = read_files(files, NAME, progress=doing.steps)
    case = reading.case
    streets = b"" if case is None or doing.stop() else _streets(reading, doing)
    places = b"" if case is None or doing.stop() else _places(reading)
    if not doing.stop():
        folders.settle(
            store, taken.id, worker, taken.folder, files={**files, **more} if case else {},
            title=case.pause.title if case else "", content_hash=reading.content_hash,
            findings=[finding.as_dict() for finding in reading.findings], streets=streets,
            places=places)


def _streets(reading: Any, doing: Any) -> bytes:
    """The streets of a folder as tiles for the map; empty where it has none."""
    from lull.exchange.street_tiles import street_archive  # noqa: PLC0415

    if reading.ground is None:
        return b""
    try:
        return street_archive(reading.ground.streets, doing.steps)
    except Exception as wrong:  # noqa: BLE001 - a folder can be planned on without a map
        console(err=True).print(f"The map has no streets: {type(wrong).__name__}.")
        return b""


def _places(reading: Any) -> bytes:
    """What else of a folder has a place on the map, as JSON."""
    from lull.exchange.folder_places import folder_places  # noqa: PLC0415

    try:
        return json.dumps(folder_places(reading), ensure_ascii=False).encode()
    except Exception as wrong:  # noqa: BLE001 - a folder can be planned on without a map
        console(err=True).print(f"The map has no places: {type(wrong).__name__}.")
        return b""


@contextmanager
def _leased(store: Any, taken: Any, worker: str) -> Iterator[threading.Event]:
    """Renew the lease of a job while it is done; the event is set when it is lost."""
    from django.db import connections  # noqa: PLC0415 - Django is slow

    from lull.store import jobs  # noqa: PLC0415

    lost, over = threading.Event(), threading.Event()

    def renew() -> None:
        while not over.wait(jobs.LEASE_SECONDS / 4):
            if not jobs.still_ours(store, taken.id, worker):
                lost.set()
        connections.close_all()

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield lost
    finally:
        over.set()
        thread.join()
