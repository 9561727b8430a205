"""Where a piece of work is done: here, by threads, or by processes of this machine."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial
from queue import SimpleQueue
from typing import Any, Protocol

from lull.cli.exits import BadInput

Task = tuple[int, tuple[Any, ...]]
"""The number of a part, and what it is worked out from."""

Keep = Callable[[int, Any], None]
"""Told the number of a part and what came out at the moment at which it is there, in any thread."""

MOST_LOST = 3
"""How often processes may die under the same work before it is given up."""


class Hands(Protocol):
    """What does parts of a work: `at_once` is how many should be handed over together."""

    @property
    def at_once(self) -> int:
        """How many parts should be handed over together."""
        ...

    def each(
        self, fn: Callable[..., Any], tasks: Iterator[Task], keep: Keep
    ) -> Generator[tuple[int, Any], None, None]:
        """Do every task and give (its number, what came out) as each is done, in any order.

        Tasks are taken one by one, as there is room for them. `keep` is told of each before it is
        given, however long whoever asks for the next one takes. Closing it leaves out what has not
        been begun.
        """
        ...


class Here:
    """Does one part after the other, in this thread."""

    at_once = 1

    def each(
        self, fn: Callable[..., Any], tasks: Iterator[Task], keep: Keep
    ) -> Generator[tuple[int, Any], None, None]:
        """Do every task in turn."""
        for number, row in tasks:
            value = fn(*row)
            keep(number, value)
            yield number, value


class Threads:
    """Does parts in threads of this process, which compiled code leaves free."""

    def __init__(self, pool: ThreadPoolExecutor, many: int) -> None:
        self._pool, self.at_once = pool, many

    def each(
        self, fn: Callable[..., Any], tasks: Iterator[Task], keep: Keep
    ) -> Generator[tuple[int, Any], None, None]:
        """Do every task, several at a time."""
        with closing(as_done(
                lambda row: self._pool.submit(fn, *row), tasks, keep, 4 * self.at_once)) as ended:
            yield from ended


class Processes:
    """Does parts in processes of this machine; where one dies, its parts are done again.

    They are started afresh (a copy of a process with threads may hang) and leave Ctrl-C to the one
    that the user sees.
    """

    def __init__(self, many: int) -> None:
        self.at_once = many
        self._pool = self._start()

    def _start(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self.at_once, mp_context=multiprocessing.get_context("spawn"),
            initializer=leave_ctrl_c)

    def each(
        self, fn: Callable[..., Any], tasks: Iterator[Task], keep: Keep
    ) -> Generator[tuple[int, Any], None, None]:
        """Do every task, several at a time; raises BadInput where processes die all the time."""
        lost, again = 0, list[Task]()
        while True:
            try:
                with closing(as_done(
                        lambda row: self._pool.submit(fn, *row), _first(again, tasks), keep,
                        2 * self.at_once, unfinished=again)) as ended:
                    yield from ended
            except BrokenExecutor:
                lost += 1
                if lost > MOST_LOST:
                    raise BadInput(
                        f"Processes of this machine were ended {lost} times while they worked, "
                        "perhaps for want of memory. Give fewer --processes; with --cache what is "
                        "finished is kept.") from None
                self.close()
                self._pool = self._start()
            else:
                return

    def close(self) -> None:
        """Wait for what is being done, and leave out the rest."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def _first(again: list[Task], tasks: Iterator[Task]) -> Iterator[Task]:
    """What is to be done again, then the others; what has been given out is taken off the list."""
    while again:
        yield again.pop(0)
    yield from tasks


def leave_ctrl_c() -> None:
    """Have Ctrl-C go to the process that the user sees."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def as_done(
    submit: Callable[[tuple[Any, ...]], Any], tasks: Iterable[Task], keep: Keep, most: int, *,
    unfinished: list[Task] | None = None, value_of: Callable[[Any], Any] = Future.result,
    wait: Callable[[SimpleQueue[Any]], Any] = SimpleQueue.get,
) -> Generator[tuple[int, Any], None, None]:
    """Submit tasks, at most so many at a time, and give (number, value) of each once it is done.

    `value_of` a future is taken and kept where it ends; what it raises is raised here. Tasks of
    which no value was given are put into `unfinished` in the end. `wait` waits for the next one.
    """
    left, out = iter(tasks), dict[Any, Task]()
    done: SimpleQueue[tuple[Any, Any, BaseException | None]] = SimpleQueue()
    begun: Task | None = None

    def arrived(number: int, future: Any) -> None:
        try:
            value = value_of(future)
            keep(number, value)
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            done.put((future, None, error))
        else:
            done.put((future, value, None))

    try:
        while True:
            while len(out) < most and done.empty() and (begun := next(left, None)):
                future = submit(begun[1])
                out[future] = begun
                future.add_done_callback(partial(arrived, begun[0]))
                begun = None
            if not out:
                return
            future, value, error = wait(done)
            if error is not None:
                raise error
            yield out.pop(future)[0], value
    finally:
        if unfinished is not None:
            unfinished[:0] = [*([begun] if begun else []), *out.values()]
        for future in out:
            with suppress(Exception):  # where its cluster is gone there is nothing to leave out
                future.cancel()
