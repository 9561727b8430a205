"""One writer at a time, many acknowledged by one commit.

Who wants something written hands in an act and waits. One thread takes all acts that wait, runs
each in a savepoint of one transaction, commits, and only then answers. So a commit to the disk,
which is what takes long, is shared; an act that is refused takes nothing with it; and every act
sees all before it, in this process and in others, as the transaction holds the only lock.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookLong
from time import perf_counter
from typing import Any, TypeVar

from attrs import define, field
from django.db import DatabaseError, close_old_connections, connection, transaction

from lull.domain.refusal import Refusal
from lull.store import plain

T = TypeVar("T")
MOST_AT_ONCE = 64
MOST_WAITING = 2_000
LOCK = 7_311_853
"""The advisory lock of PostgreSQL that stands for the writer."""


class Busy(Refusal):
    """Nothing was written, or it is not known; asking again with the same key is right."""


@define
class Tally:
    """What the appender has done, for the metrics. `seconds` are those spent in transactions."""

    acts: int = 0
    commits: int = 0
    refused: int = 0
    failed: int = 0
    seconds: float = 0.0


@define(eq=False)
class Appender:
    """The writer of one process. `on_failure` is called where a whole transaction is lost."""

    on_failure: Callable[[], None]
    tally: Tally = field(factory=Tally)
    _waiting: queue.Queue[tuple[Callable[[], Any], Future[Any]] | None] = field(
        factory=lambda: queue.Queue(MOST_WAITING))
    _thread: threading.Thread | None = None
    _starting: threading.Lock = field(factory=threading.Lock)
    _stopped: bool = False

    def do(self, act: Callable[[], T], *, seconds: float = 30.0) -> T:
        """Run an act and return what it returns, once it is committed; raises what it raises.

        Within another act it is part of that one. Raises Busy where it could not be committed, or
        not in time.
        """
        if threading.current_thread() is self._thread:
            return act()
        done: Future[T] = Future()
        self._start()
        try:
            self._waiting.put((act, done), timeout=1.0)
        except queue.Full:
            raise Busy("The server is writing more than it can; ask again.") from None
        try:
            return done.result(seconds)
        except TookLong:
            if done.cancel():
                raise Busy("The server could not write in time, and has written nothing; ask "
                           "again.") from None
            raise Busy("The server is still writing; ask again with the same idempotency "
                       "key.") from None

    def stop(self) -> None:
        """Write what waits, and end."""
        self._stopped = True
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(60)

    def _start(self) -> None:
        with self._starting:
            if self._stopped:
                raise Busy("The server is stopping; ask again.")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="appender", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        going = True
        while going:
            batch, going = self._next_batch()
            if batch:
                self._write(batch)
        connection.close()

    def _next_batch(self) -> tuple[list[tuple[Callable[[], Any], Future[Any]]], bool]:
        """All that waits now, at least one; and whether to go on after it."""
        taken = [self._waiting.get()]
        while len(taken) < MOST_AT_ONCE and taken[-1] is not None:
            try:
                taken.append(self._waiting.get_nowait())
            except queue.Empty:
                break
        batch = [one for one in taken if one is not None]
        return [(act, done) for act, done in batch if done.set_running_or_notify_cancel()], (
            None not in taken)

    def _write(self, batch: list[tuple[Callable[[], Any], Future[Any]]]) -> None:
        began = perf_counter()
        answers: list[tuple[Future[Any], Any, BaseException | None]] = []
        try:
            close_old_connections()
            with transaction.atomic():
                take_lock()
                for act, done in batch:
                    answers.append((done, *_in_savepoint(act)))
        except Exception as lost:  # noqa: BLE001 - whoever waits must be told, whatever it was
            self.tally.failed += len(batch)
            self.on_failure()
            connection.close()
            said = Busy("The database did not take it, and nothing was written; ask again.")
            said.__cause__ = lost
            for _, done in batch:
                done.set_exception(said)
            return
        self.tally.acts += len(batch)
        self.tally.commits += 1
        self.tally.refused += sum(wrong is not None for _, _, wrong in answers)
        self.tally.seconds += perf_counter() - began
        for done, answer, wrong in answers:
            if wrong is None:
                done.set_result(answer)
            else:
                done.set_exception(wrong)


def _in_savepoint(act: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    """What an act returns, or what it raised. Where the database itself fails, all is given up.

    Django's own savepoints do the same, and take longer than an act.
    """
    plain.ask("SAVEPOINT act")
    try:
        made = act()
    except DatabaseError:
        raise
    except Exception as wrong:  # noqa: BLE001 - it belongs to whoever asked for this act
        transaction.set_rollback(False)  # what broke within it is undone by the next statement
        plain.ask("ROLLBACK TO SAVEPOINT act")
        plain.ask("RELEASE SAVEPOINT act")
        return None, wrong
    plain.ask("RELEASE SAVEPOINT act")
    return made, None


def take_lock() -> None:
    """Wait to be the only writer until this transaction ends.

    SQLite's IMMEDIATE transaction is that already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
