"""The executor that the questions are given: it keeps what is finished, and hands out the rest."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any

from attrs import define

from lull.cli.questions.kept import program
from lull.cli.spread.hands import Hands, Task
from lull.cli.spread.parts import MISSING, Parts
from lull.cli.spread.values import Fingerprints


@define(eq=False)
class Spread:
    """Does parts of a work wherever `hands` do, and keeps each in `parts` as soon as it is done.

    A part that was kept is not done again: it is found by the function, all that it is given and
    the program. `found` and `done` count both.
    """

    hands: Hands
    parts: Parts | None = None
    found: int = 0
    done: int = 0

    @property
    def at_once(self) -> int:
        """How many parts should be handed over together."""
        return self.hands.at_once

    def map(self, fn: Callable[..., Any], /, *iterables: Sequence[object]) -> Iterator[Any]:
        """Apply a function to each, in any order, and give the results in order."""
        return self._in_order(fn, zip(*iterables, strict=True))

    def _in_order(
        self, fn: Callable[..., Any], rows: Iterable[tuple[Any, ...]]
    ) -> Generator[Any, None, None]:
        waiting: dict[int, Any] = {}
        following = 0
        with closing(self.each(fn, rows)) as ended:
            for number, value in ended:
                waiting[number] = value
                while following in waiting:
                    yield waiting.pop(following)
                    following += 1

    def each(
        self, fn: Callable[..., Any], rows: Iterable[tuple[Any, ...]]
    ) -> Generator[tuple[int, Any], None, None]:
        """Apply a function to each row and give (its number, the result) as each is done."""
        ready: list[tuple[int, Any]] = []
        prints: dict[int, str] = {}

        def keep(number: int, value: object) -> None:
            if self.parts is not None:
                self.parts.keep(prints.pop(number), value)

        missing = self._missing(fn, rows, ready, prints)
        with closing(self.hands.each(fn, missing, keep)) as ended:
            for number, value in ended:
                self.done += 1
                yield from _taken(ready)
                yield number, value
        yield from _taken(ready)

    def _missing(
        self, fn: Callable[..., Any], rows: Iterable[tuple[Any, ...]],
        ready: list[tuple[int, Any]], prints: dict[int, str],
    ) -> Iterator[Task]:
        """The rows that were not kept; those that were go into `ready`."""
        if self.parts is None:
            yield from enumerate(rows)
            return
        seen, name = Fingerprints(), f"{fn.__module__}.{fn.__qualname__}"
        for number, row in enumerate(rows):
            fingerprint = seen.of(program(), name, *row)
            kept = self.parts.find(fingerprint)
            if kept is MISSING:
                prints[number] = fingerprint
                yield number, row
            else:
                self.found += 1
                ready.append((number, kept))


def _taken(ready: list[tuple[int, Any]]) -> Iterator[tuple[int, Any]]:
    while ready:
        yield ready.pop(0)
