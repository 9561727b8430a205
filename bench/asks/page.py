"""The recorded runs, and the page of figures that is made from them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from attrs import frozen

from bench.rows import read_rows, write_rows
from lull.cli.questions.kept import program
from lull.exchange.atomic import write_whole

HOME = Path(__file__).parent
RUNS, PAGE = HOME / "runs.csv", HOME / "README.md"

CASES = 50
"""So many random cases are aimed at."""


@cache
def version() -> str:
    """What the runs were made by: lull's sources and those of this benchmark."""
    digest = hashlib.sha256(program().encode())
    for path in sorted(HOME.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@frozen
class Run:
    """One random case: what `asks` said beside planning every candidate again.

    `candidates` were ready in time, `gains` of them bring more people by planning all again,
    `proven` are those that `asks` calls proven; `differs` is where rank or size differ, empty if
    nowhere.
    """

    case: int
    candidates: int
    gains: int
    proven: int
    asks_s: float
    all_s: float
    differs: str
    version: str

    @property
    def agrees(self) -> bool:
        """Whether rank and size are the same."""
        return not self.differs

    @property
    def words(self) -> str:
        """The case in a line."""
        end = "agrees" if self.agrees else f"DIFFERS: {self.differs}"
        return (f"case {self.case}: {self.candidates} candidates, {self.gains} bring more, "
                f"{self.proven} proven; asks {self.asks_s:.1f} s, all {self.all_s:.1f} s; {end}")


def read() -> list[Run]:
    """The recorded runs, by case."""
    return read_rows(Run, RUNS)


def record(runs: Iterable[Run]) -> None:
    """Put runs in the place of those of the same cases, whole or not at all; make the page anew."""
    kept = {run.case: run for run in (*read(), *runs)}
    order = [kept[case] for case in sorted(kept)]
    write_rows(Run, RUNS, order)
    write_whole(PAGE, page(order))


def page(runs: Sequence[Run]) -> str:
    """The page as Markdown."""
    lines = [
        "<!-- Made by `python -m bench.asks --record` from runs.csv; do not edit. -->", "",
        "# What to ask for, beside planning everything again", "",
        "Random cases made from those of size S, with other numbers of vehicles, hours, lanes and "
        "checks. `lull asks` looks at the prices of the bound and plans again what could bring "
        "something; beside it every candidate is planned again. Rank and size must be the same. "
        "Seconds are of a machine with two cores that did other work meanwhile.", ""]
    if not runs:
        return "\n".join([*lines, "No case has been recorded.", ""])
    same = sum(run.agrees for run in runs)
    versions = len({run.version for run in runs})
    lines += [
        f"{same} of {len(runs)} cases agree in rank and size"
        + (f"; {CASES - len(runs)} of {CASES} have not been run yet" if len(runs) < CASES else "")
        + (f"; they were run with {versions} versions of the program" if versions > 1 else "")
        + ".", "",
        "| cases | candidates | bring more | proven | asks, s | planning all, s | differ |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for start in range(0, max(run.case for run in runs) + 1, 10):
        some = [run for run in runs if start <= run.case < start + 10]
        if some:
            lines.append(_row(f"{some[0].case} to {some[-1].case}", some))
    lines += [_row("all", runs), ""]
    wrong = [run for run in runs if not run.agrees]
    if wrong:
        lines += ["## Where they differ", "", *(f"- Case {r.case}: {r.differs}" for r in wrong), ""]
    return "\n".join(lines)


def _row(name: str, some: Sequence[Run]) -> str:
    cells = (sum(r.candidates for r in some), sum(r.gains for r in some),
             sum(r.proven for r in some), f"{sum(r.asks_s for r in some):.0f}",
             f"{sum(r.all_s for r in some):.0f}", sum(not r.agrees for r in some))
    return f"| {name} | " + " | ".join(map(str, cells)) + " |"
