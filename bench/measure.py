"""One measurement: a piece of work done several times, each in wall-clock seconds."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from attrs import frozen


@frozen
class Measure:
    """What was done, on how much, and the seconds of each run; `limit` is what we promise."""

    name: str
    size: str
    seconds: tuple[float, ...]
    limit: float | None = None

    @property
    def best(self) -> float:
        """The fastest run: what the work takes when nothing else gets in the way."""
        return min(self.seconds)

    @property
    def middle(self) -> float:
        """The middle run."""
        return sorted(self.seconds)[len(self.seconds) // 2]

    @property
    def kept(self) -> bool | None:
        """Whether the middle run keeps the limit; None without one."""
        return None if self.limit is None else self.middle <= self.limit

    def as_dict(self) -> dict[str, Any]:
        """The parts as plain values."""
        return {
            "name": self.name,
            "size": self.size,
            "seconds": list(self.seconds),
            "limit": self.limit,
            "kept": self.kept,
        }


def timed(
    name: str, size: str, work: Callable[[], object], *, runs: int = 3, limit: float | None = None
) -> Measure:
    """Do some work `runs` times and measure each."""
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        seconds.append(round(time.perf_counter() - began, 4))
    return Measure(name, size, tuple(seconds), limit)


def peak_megabytes() -> float:
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def own_peak_megabytes() -> float:
    """The most memory that this process has held since it began to run its program.

    What the system counts otherwise begins with the memory of the process that started this one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    return peak_megabytes()
