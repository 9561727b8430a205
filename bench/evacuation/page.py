"""The recorded runs, and the page of figures that is made from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from attrs import evolve, fields, frozen

from bench.rows import read_rows, write_rows

HOME = Path(__file__).parent
RUNS, PAGE = HOME / "runs.csv", HOME / "README.md"

CITY_GAP = 0.005
"""The gap that is aimed at in the city."""


@frozen
class Run:
    """One case: what lull found and proved, and what the plain model did in its seconds.

    `holds`: the days were replayed and the prices worked out again. `plain_limit` is how many
    seconds the plain model was given (0: it was not asked).
    """

    case: str
    loads: int
    minutes: int | None
    low: int
    by_prices: int
    seconds: float
    holds: bool
    plain_limit: float = 0.0
    plain_minutes: float | None = None
    plain_low: float = 0.0
    plain_proved: bool = False
    plain_seconds: float = 0.0

    @property
    def gap(self) -> float:
        """What is open between the days and the proof, as a share of the days."""
        return 1.0 if self.minutes is None else (self.minutes - self.low) / self.minutes

    @property
    def proved(self) -> bool:
        """Whether the days are proven shortest."""
        return self.minutes == self.low

    @property
    def contradicted(self) -> bool:
        """Whether the plain model says what cannot be if this run is right, or the reverse."""
        if self.plain_minutes is None or self.minutes is None:
            return False
        return (self.plain_minutes < self.low or self.plain_low > self.minutes + 1e-6
                or (self.plain_proved and self.plain_minutes < self.minutes))

    @property
    def set(self) -> str:
        """The set of the recipe, or the city."""
        return self.case.partition("-")[0]


PLAIN = tuple(f.name for f in fields(Run) if f.name.startswith("plain_"))


def read() -> list[Run]:
    """The recorded runs, in the order in which they stand."""
    return read_rows(Run, RUNS)


def record(runs: Iterable[Run]) -> None:
    """Put runs in the place of those of the same cases, and make the page anew.

    Where the plain model was not asked, what it did before is kept.
    """
    kept = {run.case: run for run in read()}
    for run in runs:
        old = kept.get(run.case)
        if old is not None and not run.plain_limit:
            run = evolve(run, **{n: getattr(old, n) for n in PLAIN})  # noqa: PLW2901
        kept[run.case] = run
    order = sorted(kept.values(), key=lambda run: [
        int(part) if part.isdigit() else 0 for part in run.case.lstrip("S").split("-")]
        if run.set != "city" else [10**6, *(int(x) for x in run.case.split("-")[1:])])
    write_rows(Run, RUNS, order)
    PAGE.write_text(page(order), encoding="utf-8")


def _sets(runs: Sequence[Run]) -> list[str]:
    lines = ["| set | cases | proved | all, s | longest, s | by prices alone | plain model: proved "
             "| all, s |", "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    for name in [*dict.fromkeys(run.set for run in runs), "all"]:
        some = [run for run in runs if name in (run.set, "all")]
        lines.append(
            f"| {name} | {len(some)} | {sum(run.proved for run in some)} "
            f"| {sum(run.seconds for run in some):.1f} | {max(run.seconds for run in some):.1f} "
            f"| {sum(run.by_prices == run.low for run in some)} "
            f"| {sum(run.plain_proved for run in some)} "
            f"| {sum(run.plain_seconds for run in some):.0f} |")
    return lines


def page(runs: Sequence[Run]) -> str:
    """The page as Markdown."""
    sets, city = ([r for r in runs if (r.set == "city") is is_city] for is_city in (False, True))
    lines = [
        "<!-- Made by `python -m bench.evacuation --record` from runs.csv; do not edit. -->", "",
        "# The shortest evacuation by bus", "",
        "Seconds are of a machine with two cores that did other work meanwhile. What it does is "
        "in [the mathematics](../../docs/mathematics/shortest.md).", ""]
    if sets:
        limits = sorted({r.plain_limit for r in sets if r.plain_limit})
        given = " or ".join(f"{limit:g}" for limit in limits)
        wrong = sum(r.contradicted or not r.holds for r in sets)
        lines += [
            "## Cases of the published recipe", "",
            "S2 to S10: so many yards, pickup points and shelters, ten seeds of our own each. Each "
            "case is written as a pause folder with `travel_minutes.csv`, read again, and solved. "
            f"The plain mixed-integer model in HiGHS had {given or '0'} seconds for each.", "",
            *_sets(sets), "",
            f"Answers that did not hold, or that the plain model contradicts: {wrong}.", ""]
    if city:
        lines += [
            "## A city", "",
            "52 pickup points, 12 shelters, 5 yards, 75 bus loads, ways of tens to thousands of "
            f"minutes; ended at a gap of {CITY_GAP:.1%} or shortly before two minutes.", "",
            "| buses | minutes | proven | gap | s | aim |", "| --- | --- | --- | --- | --- | --- |",
            *(f"| {r.case.split('-')[1]} | {r.minutes} | {r.low} | {r.gap:.2%} | {r.seconds:.0f} "
              f"| {'met' if r.gap <= CITY_GAP and r.seconds <= 120 else 'missed'} |"
              for r in city), ""]
    return "\n".join(lines)
