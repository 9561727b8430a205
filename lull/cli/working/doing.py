"""One job while it is done: what it was given, in memory, and what comes of it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

from lull.cli.exits import BadInput
from lull.cli.folder import Opened
from lull.cli.planning import READING_OF
from lull.cli.progress import Steps
from lull.cli.questions.frame import Run
from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.exchange import read_plan
from lull.exchange.reading import Reading, read_files
from lull.exchange.seal import open_bytes, unpack

NAME = "pause folder"
MOST_FINDINGS = 50


class WrongFolder(BadInput):
    """A folder with errors, told line by line."""


@frozen
class Outcome:
    """What came of a job: its answer, and files beside it; `failed` if the answer says why not."""

    answer: bytes = field(repr=False)
    failed: bool = False
    products: Mapping[str, bytes] = field(factory=dict, repr=False)

    @classmethod
    def of(cls, answer: Mapping[str, Any], **products: bytes) -> Outcome:
        """An answer as JSON."""
        return cls(json.dumps(answer, ensure_ascii=False).encode(), products=products)


@frozen
class Doing:
    """A job that a worker has.

    `stop()` turns true once the job was ended, is another worker's, or the worker is to leave;
    `seconds` is how long a search may last where the job does not say.
    """

    given: bytes = field(repr=False)
    options: Mapping[str, Any]
    plan_file: bytes = field(repr=False)
    secret: str = field(repr=False)
    seconds: float
    steps: Steps
    stop: Callable[[], bool]
    beside_file: bytes = field(default=b"", repr=False)

    def files(self) -> dict[str, bytes]:
        """The files of the folder; raises SealError."""
        return unpack(open_bytes(self.given, secrets=[self.secret]))

    def read(self) -> Reading:
        """The folder as it is read."""
        self.steps("reading the folder")
        return read_files(self.files(), NAME, progress=self.steps)[0]

    def opened(self) -> Opened:
        """The folder without an error; raises WrongFolder with all that is wrong."""
        reading = self.read()
        if reading.case is None:
            raise WrongFolder("\n".join(map(str, reading.findings[:MOST_FINDINGS])))
        return Opened(reading.case, tuple(reading.findings), reading)

    @property
    def consents(self) -> str:
        """The word of the reading of the consents on which it rests."""
        return str(self.options.get("consents") or "all-met")

    @property
    def seed(self) -> int:
        """Where the search starts."""
        return int(self.options.get("seed") or 0)

    @property
    def work(self) -> int | None:
        """How much it searches, if the job says so."""
        given = self.options.get("work")
        return None if given is None else int(given)

    def run(self, opened: Opened) -> Run:
        """What a question may use while it works; its time is over when the job says so."""
        most, began = self.options.get("seconds"), time.monotonic()
        return Run(opened, opened.case.on(READING_OF[self.consents]),
                   lambda: self.stop() or bool(most and time.monotonic() - began >= most),
                   self.steps)

    def plan(self, case: Case) -> Plan:
        """The plan that the job is about, which nobody has judged; raises BadPlan."""
        return read_plan(Path("plan.json"), case, raw=self.plan_file)

    def beside(self, case: Case) -> Plan:
        """The other plan, where two are compared; raises BadPlan."""
        return read_plan(Path("plan.json"), case, raw=self.beside_file)

