"""The recorded run, and the page of figures and of an estimate that is made from it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from attrs import asdict, frozen

HOME = Path(__file__).parent
RUN, PAGE = HOME / "run.json", HOME / "README.md"

MANY = (4, 8, 16, 32, 64)
"""Numbers of workers for which an estimate is given."""


@frozen
class Run:
    """Seconds of one and the same ensemble, the middle of several turns.

    `here` on one core without any executor; the others by processes and by workers of a cluster,
    one or two of them. `serial` is what the client does before and after, `of_a_part` the seconds
    that the client and its scheduler take to hand out one part and take it back. `cores` is on how
    many cores this process may run.
    """

    case: str
    replications: int
    parts: int
    cores: int
    turns: int
    here: float
    processes_1: float
    processes_2: float
    cluster_1: float
    cluster_2: float
    serial: float
    of_a_part: float

    @property
    def by_processes(self) -> float:
        """How many times as fast two processes are as one."""
        return self.processes_1 / self.processes_2

    @property
    def by_cluster(self) -> float:
        """How many times as fast two workers are as one."""
        return self.cluster_1 / self.cluster_2

    @property
    def one_part(self) -> float:
        """Seconds that one core works on a part."""
        return max(0.0, self.here - self.serial) / self.parts

    def estimate(self, workers: int) -> float:
        """Seconds with so many workers of one core each.

        What the client does by itself, and then whichever takes longer: the work, divided among
        them in whole parts, or the handing out of the parts, which only the client can do.
        """
        turns = -(-self.parts // workers)
        return self.serial + max(turns * self.one_part, self.parts * self.of_a_part)

    @property
    def enough(self) -> float:
        """From so many workers on the client is what limits, however many more there are."""
        return self.one_part / self.of_a_part if self.of_a_part > 0 else float("inf")


def read() -> Run | None:
    """The recorded run."""
    return Run(**json.loads(RUN.read_text(encoding="utf-8"))) if RUN.is_file() else None


def record(run: Run) -> None:
    """Keep a run in the place of the last one, and make the page anew."""
    RUN.write_text(json.dumps(asdict(run), indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(run), encoding="utf-8")


def page(run: Run) -> str:
    """The page as Markdown."""
    return "\n".join([
        "<!-- Made by `python -m bench.cluster --record` from run.json; do not edit. -->", "",
        "# How much faster several cores and machines are", "",
        f"{run.replications:,} simulated days of a plan of `{run.case}`, in {run.parts} parts; the "
        f"middle of {run.turns} turns. All of it ran on one machine, which gave it {run.cores} "
        f"core{'s' if run.cores > 1 else ''}"
        + (": with a single core the ratios say nothing of a second one." if run.cores < 2
           else "."), "",
        "| | one, s | two, s | times as fast |", "| --- | ---: | ---: | ---: |",
        f"| processes | {run.processes_1:.2f} | {run.processes_2:.2f} | {run.by_processes:.2f} |",
        f"| workers of a cluster, over TLS | {run.cluster_1:.2f} | {run.cluster_2:.2f} "
        f"| {run.by_cluster:.2f} |", "",
        f"Without any executor: {run.here:.2f} s. The answers are the same to the last digit.", "",
        "On two cores the scheduler and the client take turns with the two workers; on machines of "
        "their own they do not.", "",
        "## Beyond: an estimate, not measured", "",
        f"The client works {run.serial:.2f} s by itself, before and after. It and the scheduler "
        f"take {1000 * run.of_a_part:.1f} ms to hand out a part and take it back (measured with "
        f"parts of one day each); a worker of one core takes {1000 * run.one_part:.0f} ms for a "
        "part. So n workers need", "",
        "    serial + max(⌈parts / n⌉ × seconds of a part, parts × handing out)", "",
        *_table(run), "",
        f"From about {min(run.enough, 10**6):.0f} workers on, only longer parts would help: the "
        "client can hand out no more. Points of a frontier, asks and pauses of a sweep take a "
        "worker seconds to minutes each, so that they keep hundreds of workers busy, "
        "as long as there are several times as many points as workers: the last ones to end are "
        "waited for. What is not in it: networks slower than this machine's own (a part of the "
        "large case is a megabyte), and what the client of a sweep does one after the other: "
        "reading folders and writing reports, seven seconds for the sample of Aleppo.", ""])


def _table(run: Run) -> Sequence[str]:
    return ["| workers | s | times as fast as one |", "| ---: | ---: | ---: |", *(
        f"| {n} | {run.estimate(n):.2f} | {run.estimate(1) / run.estimate(n):.1f} |"
        for n in (1, 2, *MANY))]
