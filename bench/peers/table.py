"""What runs gave: kept in runs.csv, shown as tables, and written into README.md."""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import get_type_hints

from attrs import asdict, fields

from bench.peers.runs import PEERS, Run

ROOM = Path(__file__).resolve().parent
RUNS = ROOM / "runs.csv"
README = ROOM / "README.md"
ORDER = [peer.name for peer in PEERS.values()]
LULL = PEERS["lull"].name
KEEPS_ALL = PEERS["lull-gates"].name

QUIET = 0.9
"""Cores that a run has on a machine with nothing else to do; each can use one."""

HEAD = """<!-- Made by `python -m bench.peers --record`; do not edit. -->

# Beside peers

What lull does beside PyVRP and OR-Tools routing, on the part of a pause that routing software can
express, and what becomes of each plan at the checkpoints that it cannot. How each peer is modelled,
what is counted and what is unfair to whom: [beside peers](../../docs/beside-peers.md).

    make bench-peers                                          a quick check: two minutes
    python -m bench.peers m-free-1 m-gate-1 --record          all of this: 90 minutes
    python -m bench.peers m-free-1 m-gate-1 --record --jobs 2   the same, two runs at a time
"""


def readings(file: Path = RUNS) -> list[Run]:
    """The runs that are kept; none where there is no file."""
    if not file.exists():
        return []
    kinds = get_type_hints(Run)
    with file.open(encoding="utf-8", newline="") as opened:
        return [
            Run(**{name: _as(kinds[name], said) for name, said in row.items()})
            for row in csv.DictReader(opened)
        ]


def _as(kind: object, said: str) -> object:
    """A cell as what it is; blank is None where a field may be None."""
    if kind is str:
        return said
    if said == "":
        return None
    return int(said) if kind in (int, int | None) else float(said)


def keep(done: Iterable[Run], file: Path = RUNS) -> None:
    """Keep runs, in place of all earlier ones of the same peers on the same cases."""
    done = list(done)
    anew = {(run.case, run.who) for run in done}
    rows = [run for run in readings(file) if (run.case, run.who) not in anew] + done
    rows.sort(key=lambda run: (run.case, ORDER.index(run.who), run.seed))
    part = file.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="") as opened:
        names = [one.name for one in fields(Run)]
        writer = csv.DictWriter(opened, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows({k: "" if v is None else v for k, v in asdict(r).items()} for r in rows)
    os.replace(part, file)


Cell = Callable[[list[Run]], str]


def middle(values: Iterable[float], form: str = ",.0f") -> str:
    """The median, and the least and most where they differ."""
    found = sorted(values)
    if not found:
        return ""
    least, most = f"{found[0]:{form}}", f"{found[-1]:{form}}"
    spread = f" ({least}–{most})" if least != most else ""
    return f"{median(found):{form}}{spread}"


def tables(runs: Sequence[Run], case: str) -> str:
    """The three tables of a case."""
    by: dict[str, list[Run]] = defaultdict(list)
    for run in runs:
        if run.case == case:
            by[run.who].append(run)
    who = sorted(by, key=ORDER.index)
    on_part = [name for name in who if by[name][0].loads is not None]
    return "\n".join(
        part
        for part in (
            _loads(by, on_part),
            "At the real checkpoints, in persons:\n",
            _at_the_gates(by, who),
            _gates_in_words(by, who),
            "Rules broken, by name (median):\n",
            _broken(by, who),
        )
        if part
    )


def _rows(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _loads(by: dict[str, list[Run]], who: list[str]) -> str:
    if not who:
        return ""
    some = by[who[0]][0]
    bound = min(r.bound_loads or 0.0 for name in who for r in by[name])
    said = (
        f"{some.all_loads:,} loads wait; no plan brings out more than {int(bound + 1e-6):,} "
        f"(the bound by lull, {some.bound_s or 0:.0f} s). {some.seconds:.0f} s a run.\n\n"
    )
    mine = _median_loads(by.get(LULL, []))
    rows = []
    for name in who:
        loads = [run.loads or 0 for run in by[name]]
        beside = ""
        if mine and name != LULL:
            beside = f"{median(loads) / mine - 1:+.1%}".replace("+0.0%", "0.0%")
        rows.append((
            name, str(len(loads)), middle(loads), f"{median(loads) / bound:.1%}", beside,
            middle((run.plan_s for run in by[name]), ".0f"),
            middle((run.wall_s for run in by[name]), ".0f"),
            f"{median(run.cpu_s / max(run.wall_s, 0.01) for run in by[name]):.1f}",
            by[name][0].version,
        ))  # fmt: skip
    head = ("on the part", "runs", "loads out in time", "of the bound", "beside lull", "seconds",
            "and with bound", "cores used", "version")  # fmt: skip
    return said + _rows(head, rows) + "\n" + _in_words(by, who) + _busy(by, who)


def _median_loads(runs: list[Run]) -> float:
    return median(run.loads or 0 for run in runs) if runs else 0.0


def _in_words(by: dict[str, list[Run]], who: list[str]) -> str:
    """Who wins, in words, whoever it is."""
    mine = _median_loads(by.get(LULL, []))
    said = []
    for name in who:
        if name == LULL or not mine:
            continue
        theirs = _median_loads(by[name])
        if theirs > mine:
            said.append(f"**{name} beats lull**: {theirs:,.0f} loads to {mine:,.0f}.")
        elif theirs < mine:
            said.append(f"lull beats {name}: {mine:,.0f} loads to {theirs:,.0f}.")
        else:
            said.append(f"lull and {name} bring out as many: {mine:,.0f} loads.")
    return " ".join(said) + "\n" if said else ""


def _busy(by: dict[str, list[Run]], who: list[str]) -> str:
    """Say when the machine had other things to do: all got less than the seconds say."""
    had = median(run.cpu_s / max(run.wall_s, 0.01) for name in who for run in by[name])
    if had >= QUIET:
        return ""
    return (
        f"\nThe machine was busy: a run had {had:.1f} of a core, so everybody would find more in "
        "these seconds on a quiet one.\n"
    )


def _at_the_gates(by: dict[str, list[Run]], who: list[str]) -> str:
    columns: list[tuple[str, Cell]] = [
        ("planned", lambda runs: middle(r.planned for r in runs)),
        ("violations", lambda runs: middle(r.violations for r in runs)),
        ("out in time", lambda runs: middle(r.out for r in runs)),
        ("of them received", lambda runs: middle(r.received for r in runs)),
        ("out late", lambda runs: middle(r.late for r in runs)),
        ("inside at the end", lambda runs: middle(r.inside for r in runs)),
        ("buses inside", lambda runs: middle(r.buses_inside for r in runs)),
        ("guarded: out in time", lambda runs: middle(r.guarded_out for r in runs)),
        ("guarded: received", lambda runs: middle(r.guarded_received for r in runs)),
        ("guarded: inside", lambda runs: middle(r.guarded_inside for r in runs)),
    ]
    head = ["routes of", *(name for name, _ in columns)]
    return _rows(head, ([name, *(cell(by[name]) for _, cell in columns)] for name in who))


def _gates_in_words(by: dict[str, list[Run]], who: list[str]) -> str:
    """Each set of routes beside the plan that keeps every rule: out in time, and left inside."""
    if KEEPS_ALL not in who:
        return ""
    mine = median(run.out for run in by[KEEPS_ALL])
    left = median(run.inside for run in by[KEEPS_ALL])
    said = [f"{KEEPS_ALL}: {mine:,.0f} out in time, {left:,.0f} inside at the end."]
    for name in who:
        if name == KEEPS_ALL:
            continue
        theirs = median(run.out for run in by[name])
        inside = median(run.inside for run in by[name])
        more = "more" if theirs > mine else "fewer" if theirs < mine else ""
        much = f"{abs(theirs - mine):,.0f} {more}" if more else "as many"
        said.append(f"Routes of {name}: {much} out in time, {inside:,.0f} inside at the end.")
    return " ".join(said) + "\n"


def _broken(by: dict[str, list[Run]], who: list[str]) -> str:
    counts: dict[str, dict[str, float]] = {}
    for name in who:
        seen: dict[str, list[int]] = defaultdict(list)
        for run in by[name]:
            for part in filter(None, run.broken.split("|")):
                rule, _, many = part.partition(":")
                seen[rule].append(int(many))
        runs = len(by[name])
        counts[name] = {rule: median([0] * (runs - len(n)) + n) for rule, n in seen.items()}
    rules = sorted({r for c in counts.values() for r in c},
                   key=lambda r: (-sum(c.get(r, 0) for c in counts.values()), r))  # fmt: skip
    if not rules:
        return "None.\n"
    return _rows(
        ["rule", *who],
        ([f"`{rule}`", *(f"{counts[n].get(rule, 0):,.0f}" for n in who)] for rule in rules),
    )


def text(runs: Sequence[Run]) -> str:
    """The tables of all cases, for a terminal."""
    cases = sorted({run.case for run in runs})
    return "\n".join(f"## {case}\n\n{tables(runs, case)}" for case in cases)


def readme(runs: Sequence[Run]) -> str:
    """The page that is made of the runs that are kept."""
    if not runs:
        return HEAD + "\nNo run is kept yet.\n"
    days = sorted({run.date for run in runs})
    said = (
        f"Runs of {' to '.join(dict.fromkeys((days[0], days[-1])))} on "
        f"{'; '.join(sorted({run.machine for run in runs}))}. Medians over the runs, least and "
        "most in brackets. `guarded`: a guard at each gate in turns back who could not be out in "
        "time even on an empty road.\n"
    )
    return f"{HEAD}\n{said}\n{text(runs)}"
