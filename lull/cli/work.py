"""`lull work`: a process of its own that makes the plans which a server was asked for."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from secrets import token_hex
from typing import Any

import click

from lull.cli.console import console
from lull.cli.exits import DONE
from lull.cli.passphrases import PASSPHRASE_FD, opened_store

LOOK_EVERY_SECONDS = 2.0
MOST_FINDINGS = 50


@click.command("work")
@click.argument("database")
@click.option("--time", "seconds", type=click.FloatRange(min=1, max=86_400), default=120,
              show_default=True, help="For how many seconds one plan is searched.")
@click.option("--once", is_flag=True, help="Leave when no job waits.")
@PASSPHRASE_FD
def command(database: str, seconds: float, once: bool, passphrase_fd: int | None) -> int:
    """Make the plans that the server of DATABASE was asked for, one after the other.

    Any number of these may run, here or where else the database can be reached. A job is leased;
    when a worker goes down, another begins it anew within a minute. What is planned stays in
    memory and is kept sealed.

    \b
    Examples:
      lull work aleppo.sqlite
      lull work postgresql://lull@db/lull --time 600 --passphrase-fd 3 3<secret

    \b
    Exit codes: 0 ended as asked; 2 there is no store, or the passphrase is another.
    """
    store = opened_store(database, passphrase_fd)
    from lull.store import jobs  # noqa: PLC0415 - Django is slow

    worker = token_hex(8)
    with stopping() as stop:
        while not stop.is_set():
            taken = jobs.take(store, worker)
            if taken is None:
                if once:
                    break
                stop.wait(LOOK_EVERY_SECONDS)
                continue
            kept = _one(store, taken, worker, seconds, stop)
            console(err=True).print(f"Job {taken.id}: {kept}", soft_wrap=True)
    return DONE


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
    from lull.store import jobs  # noqa: PLC0415 - Django is slow

    with _leased(store, taken, worker) as lost:
        try:
            answer, failed = _planned(store, taken, seconds,
                                      lambda: stop.is_set() or lost.is_set())
        except Exception as wrong:  # noqa: BLE001 - a job that cannot be done must not end all
            answer, failed = f"A fault of lull: {type(wrong).__name__}.".encode(), True
    if stop.is_set():
        return "left for another"
    kept = jobs.finish(store, taken.id, worker, answer, failed=failed)
    return ("failed" if failed else "done") if kept else "ended meanwhile"


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


def _planned(store: Any, taken: Any, seconds: float,
             asked: Callable[[], bool]) -> tuple[bytes, bool]:
    """What a sealed folder's plan is worth, with the plan; or all that is wrong with the folder."""
    from lull.cli.answers import plan_answer  # noqa: PLC0415 - the planner takes a while to load
    from lull.cli.deadline import Effort  # noqa: PLC0415
    from lull.cli.folder import Opened  # noqa: PLC0415
    from lull.cli.planning import plan_all  # noqa: PLC0415
    from lull.domain.pause import Consents  # noqa: PLC0415
    from lull.exchange.plan_write import plan_file  # noqa: PLC0415
    from lull.exchange.reading import read_upload  # noqa: PLC0415

    reading = read_upload(taken.given, "folder", secrets=(store.secrets.data.secret,))
    if reading.case is None:
        wrong = [f.sentence for f in reading.findings][:MOST_FINDINGS]
        return "\n".join(wrong).encode(), True
    opened = Opened(reading.case, tuple(reading.findings), reading)
    planned = plan_all(opened, Consents.ALL_MET, Effort(seconds=seconds), progress=None,
                       asked=asked)
    plan = plan_file(planned.main.result.plan, planned.case, result=planned.main.result,
                     folder_hash=planned.folder_hash, consents=planned.main.reading.value)
    sound = not planned.violations and not planned.main.result.refused
    made = {"answer": plan_answer(planned).model_dump(mode="json", by_alias=True),
            "plan": plan.model_dump(mode="json") if sound else None}
    return json.dumps(made, ensure_ascii=False).encode(), False
