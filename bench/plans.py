"""Plans of the benchmark cases beside what is aimed at: value, bound and gap of each tier.

python -m bench.plans --all --time        the four sizes, each for its own seconds (make bench)
python -m bench.plans m-free --time       all cases of one size
python -m bench.plans s-1 m-gate-1 --time 120
python -m bench.plans --all --work 0      first plans, without search
python -m bench.plans s-1 --time --record keep what the run gave in bench/cases/runs.csv

A gap is (bound − value) / bound. A tier is met where the gap is within the target of its size, or
less than one vehicle load is missing. A plan that breaks a rule is no plan: its values are printed
with the number of rules it breaks. Each run is a process of its own; the seconds of planning hold
the bound, and not the reading of the folder.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator, Sequence

from attrs import evolve

from bench.one import CASES, Run, ran_apart
from bench.records import FULL, asked, record, rewrite_page
from bench.targets import (
    TARGETS,
    first_share,
    first_verdict,
    late,
    memory_verdict,
    missing,
    size_of,
    target_of,
    verdict,
)
from lull import __version__
from lull.cli.console import console, table
from lull.cli.deadline import Effort
from lull.plan import DEFAULT_WORK

DEFAULT = ("s-1", "s-2", "s-3")
OWN = math.inf
"""Stands for: each size for the seconds of its own targets."""


def names() -> list[str]:
    """Every committed case, in the order in which the sizes are run."""
    found = [path.parent.name for path in CASES.glob("*/pause.yaml")]
    sizes = list(TARGETS)
    return sorted(found, key=lambda name: (sizes.index(size_of(name)), name))


def efforts(name: str, seconds: float | None, work: int | None, seed: int) -> list[Effort]:
    """What a case is run with: one effort, or one for each target of its size."""
    if seconds is None:
        return [Effort(DEFAULT_WORK if work is None else work, seed)]
    if seconds == OWN:
        return [Effort(work, seed, target.seconds) for target in TARGETS[size_of(name)]]
    return [Effort(work, seed, seconds)]


def runs(
    asked_for: Sequence[str], seconds: float | None, work: int | None, seed: int = 0
) -> Iterator[Run]:
    """Run case after case; the first case of a size that is timed is begun cold as well.

    What has not been compiled is compiled once in the life of an installation, so one cold start
    a size says enough.
    """
    begun: set[str] = set()
    for name in asked_for:
        cold, size = None, size_of(name)
        if seconds is not None and size not in begun:
            begun.add(size)
            cold = cold_start(name, seed)
        for effort in efforts(name, seconds, work, seed):
            yield one_run(name, effort, cold)


def cold_start(name: str, seed: int) -> float | None:
    """Seconds to a first plan where nothing is compiled; None where there is none."""
    try:
        return ran_apart(name, Effort(0, seed), cold=True).first_s
    except RuntimeError as error:
        say(str(error))
        return None


def one_run(name: str, effort: Effort, cold: float | None) -> Run:
    """A run in a process of its own, told; a run that fails is told too, and others go on."""
    given = f"work {effort.work}" if effort.seconds is None else f"{effort.seconds:g} s"
    say(f"{name}, {given} ...")
    try:
        done = evolve(ran_apart(name, effort), cold_s=cold)
    except RuntimeError as error:
        say(str(error))
        last = str(error).strip().splitlines()[-1]
        return Run(
            name, "", effort.work or 0, 0.0, 0.0, 0, 0, 0, (), (), (f"the run failed: {last}",),
            effort.seconds, effort.work, effort.seed,
        )  # fmt: skip
    say(
        f"{name}, {given}: read {done.read_s:.1f} s, first plan {done.first_s:.2f} s, "
        f"planned {done.plan_s:.1f} s, {done.served:,} of {done.wishing:,} people, "
        f"{sum(share > FULL for share in done.busy)} checkpoints over {FULL:.0%} busy, "
        f"{done.peak_mb:,.0f} MB"
    )
    return done


def say(words: str) -> None:
    """Tell whoever waits."""
    print(words, file=sys.stderr, flush=True)


def rows(done: Run) -> Iterator[tuple[str, ...]]:
    """The lines of the table of targets for one run."""
    start = (done.case, asked(done))
    if done.refused:
        yield (*start, " ".join(done.refused), "", "", "", "", "missed")
    target = target_of(done.case, done.asked_s)
    for place, tier in enumerate(done.tiers):
        said = verdict(target, place, tier)
        if done.violations:
            said = f"no plan: breaks rules {done.violations} times"
        elif done.asked_s is not None and (over := late(target, done.plan_s)):
            said = f"{said}; {over}"
        yield (
            *start, tier.name, f"{tier.value:,.1f}", f"{tier.bound or 0:,.1f}",
            f"{tier.gap or 0:.2%}", f"{missing(tier) / tier.one_load:,.1f}" if tier.one_load else
            "–", said,
        )  # fmt: skip


def first_rows(done: Run) -> Iterator[tuple[str, ...]]:
    """The line of the table of first plans for one run."""
    shares = tuple(first_share(v, t) for v, t in zip(done.first, done.tiers, strict=False))
    lowest = min(shares, default=1.0)
    of = next((t.name for s, t in zip(shares, done.tiers, strict=False) if s == lowest < 1), "")
    cold = "–" if done.cold_s is None else f"{done.cold_s:.2f}"
    memory = memory_verdict(done.case, done.peak_mb)
    least = f"{lowest:.0%} ({of})" if of else "all, or under one load"
    yield (
        done.case, asked(done), f"{done.first_s:.2f}", cold, least,
        first_verdict(done.case, done.first_s, shares) or "–", f"{done.peak_mb:,.0f}",
        memory or "–", f"{done.work:,}",
    )  # fmt: skip


def show(done: Sequence[Run]) -> None:
    """Print the table of targets, the table of first plans, and how many are met."""
    page = console()
    head = ("case", "given", "tier", "value", "bound", "gap", "loads", "target")
    body = [row for run in done for row in rows(run)]
    page.print(table(head, body, right=head[3:7]))
    head = ("case", "given", "first s", "cold s", "least of final bound", "target", "MB", "memory",
            "work")  # fmt: skip
    page.print(table(head, [row for run in done for row in first_rows(run)],
                     right=("first s", "cold s", "MB", "work")))  # fmt: skip
    page.print(summary(done))
    page.print("loads: what is missing to the bound, in loads of one full vehicle. first s: seconds"
               " to the first whole plan, compiled code loaded; cold s: the same in a process that"
               " finds nothing compiled.", style="dim")  # fmt: skip


def summary(done: Sequence[Run]) -> str:
    """How many tiers are met, in one sentence."""
    said = [row[-1] for run in done for row in rows(run)]
    reached = sum(words.startswith("met") and "late" not in words for words in said)
    return f"{reached} of {len(said)} tiers are met in {len(done)} runs."


def chosen(words: Sequence[str]) -> list[str]:
    """Cases by name or by size; raises ValueError for what is neither."""
    found: list[str] = []
    for word in words:
        of_it = [n for n in names() if word in {n, size_of(n)}]
        if not of_it:
            raise ValueError(f"no case or size {word}; there are: {', '.join(names())}")
        found += [n for n in of_it if n not in found]
    return found


def parsed(words: Sequence[str]) -> argparse.Namespace:
    """The options of the command line."""
    lines = (__doc__ or "").splitlines()
    parser = argparse.ArgumentParser(prog="python -m bench.plans", description=lines[0])
    parser.add_argument("names", nargs="*", metavar="NAME",
                        help="cases or sizes (default: the small ones)")  # fmt: skip
    parser.add_argument("--all", action="store_true", help="every case")
    parser.add_argument("--time", type=float, nargs="?", const=OWN, metavar="SECONDS",
                        help="plan for so long; without a number, for the seconds of its size")
    parser.add_argument("--work", type=int, help=f"units of search (without --time {DEFAULT_WORK})")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--record", action="store_true", help="keep the runs in runs.csv")
    options = parser.parse_args(words)
    if options.time is not None and not options.time >= 0:
        parser.error(f"--time takes seconds, not {options.time}")
    try:
        options.names = names() if options.all else chosen(options.names) or list(DEFAULT)
    except ValueError as wrong:
        parser.error(str(wrong))
    return options


def main(words: Sequence[str]) -> int:
    """Plan what was asked for; code 1 if a plan breaks a rule or is refused."""
    options = parsed(words)
    done = kept(options.names, options.time, options.work, options.seed, options.record)
    return 1 if any(r.violations or r.refused for r in done) else 0


def kept(
    asked_for: Sequence[str], seconds: float | None, work: int | None, seed: int, recorded: bool
) -> list[Run]:
    """Run, print the tables, and keep the runs in runs.csv where they are to be recorded.

    Ctrl-C ends it with what has been run by then.
    """
    done = []
    try:
        for found in runs(asked_for, seconds, work, seed):
            done.append(found)
            if recorded and found.tiers:
                record(found, __version__)
    except KeyboardInterrupt:
        say("Stopped; these were run:")
    show(done)
    if recorded:
        rewrite_page()
    return done


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
