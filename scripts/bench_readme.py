"""The page about the benchmark cases: tables from their folders, and what recorded runs gave."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from ruamel.yaml import YAML

Rows = list[dict[str, str]]

HEAD = """<!-- Made by scripts/bench_cases.py; do not edit. -->

# Benchmark cases

Made-up pauses on the real streets of Aleppo (`samples/aleppo`, © OpenStreetMap contributors,
ODbL 1.0). **Nothing here is a statement about Aleppo or about any pause that took place**: the line
is a made-up closed curve, every site and gate lies on a street junction drawn at random by a fixed
seed, and people, vehicles, goods, minutes and limits are made up. Every street of the area is taken
as approved and cleared of mines, so that plans are no drafts.

`python scripts/bench_cases.py` makes all folders anew, with the same bytes; the sizes stand in
`scripts/bench_sizes.py`. `python -m bench.plans NAME ... --time` plans cases and prints value,
bound and gap of each tier beside what is aimed at; `bench/README.md` says how long that takes.

- **s**: one crossing for a morning. **m-free**: the fleet binds, the checkpoints do not.
- **m-gate**: the checkpoints bind, and every rule is on that a folder can state: own hours of
  sites and corridors, a corridor with shared lanes, one with an hourly limit, one that is one-way,
  one for fighters apart (open to all wounded), an exchange point with a fleet of its own beyond it,
  unaccompanied children, destinations, hospital levels, seats kept for the way back, holding,
  waiting and crowd limits, tight places and stock, stock that is ready late, a feeding centre,
  crews' duty, two corridors that move in step (vehicle for vehicle, three convoys of lead).
- **l**: three days, four bases, two stores.
"""


def table_of(path: Path) -> Rows:
    """The rows of a table; none where the file is missing."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def markdown(head: Sequence[str], body: Iterable[Sequence[object]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def total(rows: Rows, column: str) -> int:
    """The sum of a column of whole numbers."""
    return sum(int(row[column]) for row in rows)


def sizes(folder: Path) -> list[object]:
    """Sites by kind, corridors, vehicles by use, items, windows."""
    kinds = Counter(row["kind"] for row in table_of(folder / "sites.csv"))
    fleet: Counter[str] = Counter()
    for row in table_of(folder / "fleet.csv"):
        fleet[row["id"].split("-")[0]] += int(row["number"])
    pause = YAML(typ="safe").load((folder / "pause.yaml").read_text(encoding="utf-8"))
    hours = [f"{str(w['from'])[11:16]}–{str(w['to'])[11:16]}" for w in pause["windows"]]
    return [
        folder.name,
        kinds["assembly_point"],
        len(table_of(folder / "corridors.csv")),
        f"{kinds['reception_centre']} + {kinds['hospital']}",
        kinds["distribution_point"] + kinds["feeding_centre"],
        fleet["bus"],
        fleet["ambulance"],
        fleet["truck"],
        len({row["item"] for row in table_of(folder / "supplies.csv")}),
        f"{len(hours)} × {hours[0]}",
    ]


def checks(folder: Path) -> list[object]:
    """Lanes, minutes in the check, convoys and holding of the first corridor."""
    rows = table_of(folder / "corridors.csv")
    first = rows[0]

    def three(name: str) -> str:
        return "/".join(first[f"{name}_{k}"] for k in ("low", "likely", "high"))

    others = first["check_minutes_by_type"].replace("|", "<br>")
    pause = YAML(typ="safe").load((folder / "pause.yaml").read_text(encoding="utf-8"))
    return [
        folder.name,
        f"{first['lanes_out']} / {first['lanes_in']}",
        three("check_minutes_out"),
        three("check_minutes_in"),
        others,
        f"{first['largest_convoy']}, {first['headway_minutes']} min",
        f"{first['holding_limit_minutes']} min",
        sum(bool(row["persons_per_hour_on_foot"]) for row in rows),
        pause["rules"]["return_share"],
        pause["travel"]["damage_factor"],
    ]


def people(folder: Path) -> list[object]:
    """Those who wish to leave by need and means, with companions, and goods in tonnes."""
    rows = table_of(folder / "people.csv")

    def wishing(**wanted: str) -> int:
        return total([r for r in rows if all(r[k] == v for k, v in wanted.items())],
                     "wishing_count")  # fmt: skip

    patients = [r for r in rows if r["category"] == "patients"]
    companions = sum(
        -(-(2 * int(r["wishing_count"]) * float(r["companions_per_patient"]) - 1) // 2)
        for r in patients
    )
    goods = table_of(folder / "supplies.csv")
    kg = {r["item"]: float(r["kg_per_unit"]) for r in goods if r["kg_per_unit"]}
    tonnes = {
        line: sum(int(r["units"]) * kg[r["item"]] for r in goods if r["line"] == line) / 1000
        for line in ("need", "stock")
    }
    return [
        folder.name,
        len(rows),
        f"{wishing(need='critical'):,} + {wishing(need='stretcher'):,}",
        f"{companions:,.0f}",
        f"{wishing(need='seated', means='needs_transport'):,}",
        f"{wishing(need='walking', means='needs_transport'):,}",
        f"{wishing(means='on_foot'):,}",
        f"{wishing(means='own_car'):,}",
        f"{tonnes['need']:,.0f} / {tonnes['stock']:,.0f}",
    ]


def households(folder: Path) -> list[object]:
    """How many households there are of each size, patients apart."""
    found: Counter[int] = Counter()
    for row in table_of(folder / "people.csv"):
        for pair in filter(None, row["household_sizes"].split("|")):
            size, number = pair.split(":")
            if row["category"] == "civilians" and row.get("unaccompanied") != "yes":
                found[int(size)] += int(number)
    persons = sum(size * number for size, number in found.items())
    of_all = found.total()
    return [
        folder.name,
        f"{of_all:,}",
        f"{persons / of_all:.2f}",
        ", ".join(f"{size}: {number / of_all:.0%}" for size, number in sorted(found.items())),
    ]


def runs(cases: Path) -> str:
    """What recorded runs gave, or that none is recorded."""
    rows = table_of(cases / "runs.csv")
    said = (
        "\n## What runs gave\n\nOne run a case and what it was given (`--record`), on the day "
        "stated, with the planner of that day.\nSeconds given hold the bound, and not the reading "
        "of the folder; work 0 is a first plan without\nsearch. A checkpoint counts as full where "
        "its lanes are in use for more than 90 % of the busiest\nhalf of a window; headways are no "
        "use. Seconds are of a machine shared with other work.\n\n"
    )
    if not rows:
        return said + "No run is recorded.\n"
    return said + markdown(RUN_HEAD, map(run_of, first_rows(rows))) + (
        "\n`bound`: no plan as good in the earlier tiers exceeds it. `loads`: what is missing to "
        "it, in loads of\none full vehicle. `first plan`: its value as a share of that bound, "
        "100 % where less than one load is\nmissing; it may exceed that in a later tier.\n\n"
    ) + markdown(TIER_HEAD, map(tier_of, rows))  # fmt: skip


RUN_HEAD = ("case", "given", "date", "work", "first plan s", "cold s", "plan s", "MB",
            "rules broken", "people out", "full checkpoints", "busiest")  # fmt: skip
TIER_HEAD = ("case", "given", "tier", "first plan", "value", "bound", "gap", "loads", "target")


def first_rows(rows: Rows) -> Rows:
    """One row a run: each holds the figures that its tiers share."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        found.setdefault((row["case"], row["asked"]), row)
    return list(found.values())


def run_of(row: dict[str, str]) -> list[object]:
    """What a run took, and how full the checkpoints were."""
    return [
        row["case"], row["asked"], row["date"], row["work"], row["first_s"] or "–",
        row["cold_s"] or "–", row["plan_s"], row["peak_mb"] or "–", row["violations"],
        f"{int(row['served']):,} of {int(row['wishing']):,}", row["full_checks"],
        f"{float(row['busiest_check']):.0%}",
    ]  # fmt: skip


def tier_of(row: dict[str, str]) -> list[object]:
    """One tier beside its bound and its target."""
    value, bound, load = (float(row[name]) for name in ("value", "bound", "one_load"))
    lacks = max(0.0, bound - value)
    first = f"{float(row['first_share']):.0%}" if row["first_share"] else "–"
    return [
        row["case"], row["asked"], row["tier"], first, f"{value:,.1f}", f"{bound:,.1f}",
        f"{lacks / bound if bound else 0:.1%}", f"{lacks / load:,.1f}" if load else "–",
        row["target"] or "–",
    ]  # fmt: skip


def readme(cases: Path) -> str:
    """The page, from the folders in `cases` and the runs recorded there."""
    folders = sorted(path.parent for path in cases.glob("*/pause.yaml"))
    parts = (
        ("Sizes", ("case", "assembly points", "corridors", "reception centres + hospitals",
                   "places for aid", "buses", "ambulances", "trucks", "items", "windows"), sizes),
        ("Checks of the first corridor (low/likely/high minutes)",
         ("case", "lanes out / in", "buses out", "buses in", "others", "largest convoy, headway",
          "longest holding", "corridors for walkers", "seats back", "street speed"), checks),
        ("People who wish to leave, and goods",
         ("case", "groups", "critical + stretcher", "companions", "seated", "walking", "on foot",
          "own car", "tonnes needed / in stock"), people),
        ("Household sizes", ("case", "households", "mean", "share of each size"), households),
    )  # fmt: skip
    text = HEAD
    for title, head, line in parts:
        text += f"\n## {title}\n\n" + markdown(head, [line(folder) for folder in folders])
    return text + runs(cases)
