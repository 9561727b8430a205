"""The recorded runs, and the page of figures that is made from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from attrs import frozen

from bench.rows import read_rows, write_rows
from lull.exchange.atomic import write_whole

HOME = Path(__file__).parent
RUNS, PAGE = HOME / "runs.csv", HOME / "README.md"
HEAD = ("case", "without", "tier", "value", "bound", "gap", "people out")


@frozen
class Run:
    """One plan of a case's buses without some rules; `bound` is given the plan's earlier tiers."""

    case: str
    without: str
    seconds: float
    tier: str
    value: float
    bound: float
    out: int
    violations: int

    @property
    def gap(self) -> float:
        """What is open between the plan and the bound, as a share of the bound."""
        return (self.bound - self.value) / self.bound if self.bound else 0.0


def read() -> list[Run]:
    """The recorded runs, in the order in which they stand."""
    return read_rows(Run, RUNS)


def record(runs: Iterable[Run]) -> None:
    """Put runs in the place of those of the same case and rules, and make the page anew."""
    kept = {(run.case, run.without): run for run in (*read(), *runs)}
    write_rows(Run, RUNS, kept.values())
    write_whole(PAGE, page(list(kept.values())))


def rows(runs: Sequence[Run]) -> list[tuple[str, ...]]:
    """The runs as cells."""
    return [(r.case, r.without.replace("+", ", ") or "nothing", r.tier, f"{r.value:,.0f}",
             f"{r.bound:,.0f}", f"{r.gap:.1%}",
             f"{r.out:,}" if not r.violations else f"{r.violations:,} rules broken")
            for r in runs]


def page(runs: Sequence[Run]) -> str:
    """The page as Markdown."""
    seconds = ", ".join(f"{s:g}" for s in sorted({run.seconds for run in runs}))
    return "\n".join([
        "<!-- Made by `python -m bench.without --record` from runs.csv; do not edit. -->", "",
        "# What rules cost", "",
        f"The buses of a case, with nobody else at the gates, planned for {seconds} s, bound "
        "included, without some of its rules. The machine did other work meanwhile. A rule that "
        "costs the plan much and the bound little is one that the bound knows too little of. What "
        "follows from it: [what is aimed at](../../docs/mathematics/targets.md).", "",
        "| " + " | ".join(HEAD) + " |", "| " + " | ".join("---" for _ in HEAD) + " |",
        *("| " + " | ".join(row) + " |" for row in rows(runs)), ""])
