"""Work handed to the workers of a Dask cluster, over TLS."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from lull.cli.exits import BadInput
from lull.cli.spread.hands import Keep, Task, as_done
from lull.cli.spread.security import Address, Certificates
from lull.cli.spread.values import Damaged, unpack
from lull.cli.spread.work import (
    Done,
    Failed,
    Packing,
    Parcel,
    perform,
    this_program,
    who_am_i,
)
from lull.domain.refusal import Refusal

if TYPE_CHECKING:
    from distributed import Client

Told = Callable[[str, int, int], None]

CONNECT_SECONDS = 20.0
WORKERS_SECONDS = 120.0
"""How long a scheduler is tried for, and how long it may be without a single worker: a worker that
was restarted joins within seconds, and one that is started now loads its libraries first."""

LOOK_SECONDS = 1.0
"""How often it is looked at whether there still is a cluster."""

AT_ONCE = 64
"""Parts that lie ready at the scheduler at the least, so that a worker that joins has work."""

LOGGERS = ("distributed", *(f"distributed.{part}" for part in (
    "client", "comm", "core", "nanny", "scheduler", "worker")), "tornado", "asyncio")
NOTHING = logging.CRITICAL + 1

KEPT = ("What is finished is kept where --cache was given, and by lull sweep: the same command "
        "goes on from it.")


def need_distributed() -> None:
    """Raise BadInput where the optional part is not installed."""
    try:
        import distributed  # noqa: F401, PLC0415 - an optional part
    except ModuleNotFoundError:
        raise BadInput("Working on several machines needs the packages of lull's extra «cluster»: "
                       "pip install 'lull[cluster]'.") from None


@contextmanager
def cluster(address: Address, certificates: Certificates, told: Told) -> Iterator[Workers]:
    """The workers of the scheduler at an address, each known to run this same program.

    Raises BadInput where nobody answers, no worker is there, or one runs another program.
    """
    need_distributed()
    from distributed import Client  # noqa: PLC0415 - an optional part

    security = certificates.security(address)
    with quiet():
        told("connecting to the cluster", 0, 0)
        try:
            client = Client(str(address), security=security, timeout=CONNECT_SECONDS,
                            set_as_default=False, direct_to_workers=False, name="lull")
        except OSError:  # a TimeoutError is one
            raise BadInput(
                f"No scheduler answers at {address}, or it does not believe this certificate (or "
                "its own is of another authority). Is «lull cluster scheduler» running there?"
            ) from None
        try:
            told("waiting for a worker", 0, 0)
            _wait_for_one(client, address)
            _same_program(client)
            yield Workers(client, address)
        finally:
            client.close(timeout=LOOK_SECONDS)


@contextmanager
def quiet() -> Iterator[None]:
    """Have Dask say nothing: what matters is said in sentences, and what it would write may hold
    what is worked on."""
    logs = [logging.getLogger(name) for name in LOGGERS]
    before = [log.level for log in logs]
    for log in logs:
        log.setLevel(NOTHING)
    try:
        yield
    finally:
        for log, level in zip(logs, before, strict=True):
            log.setLevel(level)


def _wait_for_one(client: Client, address: Address) -> None:
    try:
        client.wait_for_workers(1, timeout=WORKERS_SECONDS)
    except TimeoutError:
        raise BadInput(f"No worker has joined {address} within {WORKERS_SECONDS:.0f} s; start one: "
                       f"lull cluster worker {address}") from None


def _same_program(client: Client) -> None:
    said = client.run(who_am_i, on_error="return")
    for worker, answer in sorted(said.items()):
        try:
            other = this_program().unlike(unpack(answer))
        except (Damaged, TypeError):
            other = "another lull, or none at all"
        if other:
            raise _another_program(worker, other)


def _another_program(worker: str, other: str) -> BadInput:
    where = f"The worker at {worker}" if worker else "A worker"
    return BadInput(f"{where} runs {other}; its figures could differ in their last digits. Install "
                    "the same lull with the same packages there (make setup), or stop that worker. "
                    f"{KEPT}")


class Workers:
    """Does parts at the workers of a cluster; the parts of one that is lost are done by others."""

    def __init__(self, client: Client, address: Address) -> None:
        self._client, self._address = client, address

    @property
    def at_once(self) -> int:
        """Everything that there is to do may be handed over together."""
        return 10_000

    def each(
        self, fn: Callable[..., Any], tasks: Iterator[Task], keep: Keep
    ) -> Generator[tuple[int, Any], None, None]:
        """Do every task at some worker.

        Raises Refusal where the function does; BadInput where the cluster is gone, where workers
        died of one and the same part, or where one runs another program.
        """
        packing = Packing()
        with closing(as_done(lambda row: self._submit(packing.parcel(fn, row)), tasks, keep,
                             self._room(),
                             value_of=self._result, wait=self._wait)) as ended:
            yield from ended

    def _room(self) -> int:
        with self._there():
            workers = self._client.scheduler_info(n_workers=-1)["workers"].values()
        return max(AT_ONCE, 4 * sum(w["nthreads"] for w in workers))

    def _submit(self, parcel: Parcel) -> Any:
        """Hand a part over under a name that says nothing."""
        with self._there():
            return self._client.submit(perform, parcel, pure=False,
                                       key=f"part-{secrets.token_hex(16)}")

    def _wait(self, done: SimpleQueue[Any]) -> Any:
        """The next part that is done; looks meanwhile whether anybody is left to do one."""
        alone: float | None = None
        while True:
            try:
                return done.get(timeout=LOOK_SECONDS)
            except Empty:
                pass
            with self._there():
                if self._client.status not in ("running", "connecting"):
                    raise OSError
                some = self._client.scheduler_info(n_workers=1)["n_workers"]
            if some:
                alone = None
                continue
            now = time.monotonic()
            alone = now if alone is None else alone
            if now - alone > WORKERS_SECONDS:
                raise BadInput(f"All workers of {self._address} have gone. {KEPT}")

    @contextmanager
    def _there(self) -> Iterator[None]:
        """Turn the ways in which Dask says that the scheduler is gone into a sentence."""
        from distributed import CancelledError  # noqa: PLC0415 - an optional part
        from distributed.client import ClosedClientError  # noqa: PLC0415 - an optional part

        try:
            yield
        except (CancelledError, ClosedClientError, OSError):
            raise BadInput(f"The scheduler at {self._address} has gone. {KEPT}") from None

    def _result(self, future: Any) -> Any:
        from distributed import KilledWorker  # noqa: PLC0415 - an optional part

        try:
            with self._there():
                raw = future.result().raw
                future.release()
        except KilledWorker:
            raise BadInput("Several workers died of one and the same part, perhaps for want of "
                           f"memory: give them more, or fewer processes each. {KEPT}") from None
        found = unpack(raw)
        if isinstance(found, Done):
            return found.value
        assert isinstance(found, Failed)
        if found.program is not None:
            other = this_program().unlike(found.program) or f"another lull ({found.fault})"
            raise _another_program("", other)
        if found.refusal:
            raise Refusal(found.refusal)
        raise RuntimeError(f"A worker failed:\n{found.fault}")
