"""The options that say where a verb's work is done, and the executor that they make."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click
from attrs import field, frozen

from lull.cli.spread.hands import Hands, Here, Processes, Threads
from lull.cli.spread.parts import Parts
from lull.cli.spread.security import Certificates, address_of, certificate_options
from lull.cli.spread.spread import Spread

Told = Callable[[str, int, int], None]


@frozen
class Where:
    """Where work is done: at a cluster, or on so many processes (None: threads) of this machine."""

    processes: int | None = 1
    cluster: str | None = None
    certificates: Certificates = field(factory=Certificates)

    @contextmanager
    def spread(self, parts: Parts | None, told: Told) -> Iterator[Spread]:
        """The executor, for the length of a piece of work; raises BadInput where there is none."""
        with self._hands(told) as hands:
            yield Spread(hands, parts)

    @contextmanager
    def _hands(self, told: Told) -> Iterator[Hands]:
        if self.cluster is not None:
            from lull.cli.spread.cluster import cluster  # noqa: PLC0415 - an optional part

            with cluster(address_of(self.cluster), self.certificates, told) as workers:
                yield workers
        elif self.processes is None:
            many = os.cpu_count() or 1
            with ThreadPoolExecutor(many) as pool:
                yield Threads(pool, many)
        elif self.processes == 1:
            yield Here()
        else:
            pool_of = Processes(self.processes)
            try:
                yield pool_of
            finally:
                pool_of.close()


def cluster_options(function: Callable[..., int]) -> Callable[..., int]:
    """--cluster and its certificates; the verb gets them as one `where`, its `processes` with them.

    A verb without the option --processes works in threads.
    """

    @click.option(
        "--cluster", metavar="ADDRESS",
        help="Have the work done by the workers of the scheduler at ADDRESS, tls://HOST:PORT; the "
        "answer is the same. They see the pause: see lull cluster --help.")
    @certificate_options
    @wraps(function)
    def with_where(
        *args: Any, cluster: str | None, cluster_ca: Path | None, cluster_cert: Path | None,
        cluster_key: Path | None, processes: int | None = None, **own: Any,
    ) -> int:
        if cluster is not None:
            address_of(cluster)  # refused before anything else is done
        where = Where(processes, cluster, Certificates(cluster_ca, cluster_cert, cluster_key))
        return function(*args, where=where, **own)

    return with_where
