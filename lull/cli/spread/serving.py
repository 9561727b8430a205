"""A scheduler and workers that say little, show nothing, and write nothing of the work to disk."""

from __future__ import annotations

import asyncio
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

from lull.cli.exits import BadInput
from lull.cli.spread.cluster import NOTHING, need_distributed, quiet
from lull.cli.spread.security import Address, Certificates

LOOPBACK = "127.0.0.1:0"
"""Where Dask's own pages would be: nothing but «I am here», to this machine alone."""

JOIN_SECONDS = 60
"""How long a worker looks for its scheduler before it gives up."""

HEALTH: list[str] = ["distributed.http.health"]

SETTINGS: dict[str, Any] = {
    "distributed.scheduler.http.routes": HEALTH,
    "distributed.worker.http.routes": HEALTH,
    "distributed.scheduler.preload": [],
    "distributed.worker.preload": [],
    "distributed.nanny.preload": [],
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.scheduler.worker-ttl": "30 minutes",
    "distributed.admin.tick.limit": "1h",
    "distributed.diagnostics.nvml": False,
}  # fmt: skip
"""No pages, no code from elsewhere, no profiles of what is done, nothing of it written to disk; and
a worker that is busy for long is not taken for one that is lost (one whose machine or process is
gone is noticed by its connection)."""

Say = Callable[[str], None]


@contextmanager
def _settings() -> Iterator[None]:
    need_distributed()
    import dask  # noqa: PLC0415 - an optional part

    with dask.config.set(SETTINGS), quiet():
        yield


def serve_scheduler(address: Address, certificates: Certificates, say: Say) -> None:
    """Keep a scheduler at an address until it is ended by Ctrl-C or SIGTERM.

    Raises BadInput where it cannot listen there.
    """
    with _settings():
        from distributed import Scheduler  # noqa: PLC0415 - an optional part

        security = certificates.security(address)

        async def serve() -> None:
            ended = _until_ended()
            try:
                scheduler = await Scheduler(
                    host=address.host, port=address.port, protocol=address.scheme,
                    security=security, dashboard=False, dashboard_address=LOOPBACK)
            except (OSError, RuntimeError) as error:  # Dask wraps what its start met
                met = error.__cause__ if isinstance(error.__cause__, OSError) else error
                if not isinstance(met, OSError):
                    raise
                raise BadInput(f"The scheduler cannot listen at {address} "
                               f"({met.strerror or met}).") from None
            async with scheduler:
                say(f"The scheduler listens at {scheduler.address}")
                await ended.wait()

        asyncio.run(serve())


def serve_workers(
    address: Address, certificates: Certificates, processes: int, listen: str | None,
    memory: str, say: Say,
) -> None:
    """Keep processes that work for the scheduler at an address until they are ended.

    A process that dies is started again. `listen` is the host or IP at which the other machines
    reach this one (found out from the way to the scheduler if none is given). Raises BadInput where
    the scheduler is not found, or goes away for good.
    """
    with _settings(), tempfile.TemporaryDirectory(prefix="lull-worker-") as folder:
        from distributed import Nanny  # noqa: PLC0415 - an optional part

        security = certificates.security(address)

        async def serve() -> None:
            ended = _until_ended()
            async with AsyncExitStack() as stack:
                nannies = []
                for _ in range(processes):
                    nanny = Nanny(
                        str(address), nthreads=1, security=security, protocol=address.scheme,
                        host=listen, memory_limit=memory, local_directory=str(Path(folder)),
                        dashboard=False, dashboard_address=LOOPBACK, config=SETTINGS,
                        silence_logs=NOTHING,
                        death_timeout=JOIN_SECONDS, preload=[], preload_nanny=[],
                        env={"PYTHONWARNINGS": "ignore"})
                    try:
                        nannies.append(await stack.enter_async_context(nanny))
                    except (OSError, RuntimeError):  # a TimeoutError is an OSError
                        raise BadInput(
                            f"No scheduler answers at {address}, or it does not believe this "
                            "certificate (or its own is of another authority).") from None
                say(f"{processes} process{'es work' if processes > 1 else ' works'} for {address}")
                await _first([ended.wait(), *(nanny.finished() for nanny in nannies)])
                if not ended.is_set():
                    raise BadInput(f"The scheduler at {address} has gone.")

        asyncio.run(serve())


async def _first(things: list[Any]) -> None:
    """Wait until one of several things is over."""
    tasks = [asyncio.ensure_future(thing) for thing in things]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()


def _until_ended() -> asyncio.Event:
    """Set by Ctrl-C or SIGTERM."""
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(ended.set))
    return ended


