"""The page on the pause folder, made from the same description that reads it."""

from __future__ import annotations

from lull.exchange.archive import Limits
from lull.exchange.build.households import ASSUMED_HOUSEHOLD
from lull.exchange.build.pause import LONGEST_DAYS
from lull.exchange.raw.grid import MOST_BYTES
from lull.exchange.schema.column import MOST_ROWS, Column, Kind, Table
from lull.exchange.schema.folder import CLOSURES_FILE, OTHER_FILES, PAUSE_FILE, ROUTES_FILE, TABLES
from lull.exchange.schema.pause import PAUSE, Section
from lull.exchange.schema.people import FLEET
from lull.exchange.schema.places import CORRIDORS, SITES
from lull.network.speeds import CONVOY_FACTOR, LOADED_FACTOR

INTRODUCTION = f"""# The pause folder

A folder of plain files: tables as CSV, `{PAUSE_FILE}`, and, where there are streets, an
OpenStreetMap extract with what is drawn on it. `lull new FOLDER` writes a small one to start
from, `lull check FOLDER` lists all that is wrong with yours, each with file, row, column, what
was found and what is expected.

## How it is read

- **Tables** are UTF-8 with one row of headings. A byte order mark, CRLF, semicolons or tabs,
  UTF-16 and Windows-1256 are understood; whatever had to be assumed is said in a warning. Rows
  whose first filled cell starts with `#` are comments; so is a row of HXL hashtags. Blank rows
  are passed over. Rows are counted as a spreadsheet counts them.
- **A blank cell** means "not known". Lists are separated by `|`. Answers are `yes` or `no`.
- **Digits** of any script are read (٣٠ is 30), with `٫` as a decimal mark. In a file separated by
  semicolons a comma is a decimal mark. `1,000` and `1.000` are refused where a whole number is
  expected, because they mean two things.
- **Times** are local: `2016-10-20 08:00`, or `08:00` of the first window's day (`06:00+1` is the
  next day). A time that a clock change skips or repeats is refused. Hours such as `08:00-18:00`
  hold every day.
- **Minutes** are whole; parts of a minute are rounded up. Where three are asked for, give
  `_low`, `_likely` and `_high`, or one column for all three, or `20/30/45` in one cell.
- **Headings** that are not known are refused where they resemble a known one, and otherwise left
  aside with a warning; those that start with `x_` are yours.
- **Ways** come from streets, from `travel_minutes.csv`, or from both: then its rows count before
  the streets for the pairs that they name, and a site without a position is reached by rows alone.
- **Limits**: {MOST_BYTES // 1_000_000} MB and {MOST_ROWS:,} rows a file; {SITES.most_rows:,} sites,
  {CORRIDORS.most_rows:,} corridors, {FLEET.most_rows:,} vehicle types; {LONGEST_DAYS} days from the
  first opening to the last closing.

## As one workbook

The same as one .xlsx: a sheet for each table under the table's name, and a sheet `pause` with the
columns `key` and `value`, in which `{PAUSE_FILE}` is written out with dots and numbers from 1:
`title`, `windows.1.from`, `consents.2.party`, `sources.1`. Streets and GeoJSON files lie beside
the workbook. `lull new my-pause.xlsx --xlsx` writes one with notes on each heading and lists of
choices. Formulas need a saved value.

## As one .zip or .tar

Where a folder is sent or handed to a server: its files at the top or below one folder. It is opened
in memory; names that lead out, links, devices, encrypted files and files that stand twice are
refused, each with a sentence, and so is what unpacks to more than
{Limits().total / 1e6:,.0f} MB or to more than {Limits().ratio} times its own size.

In every CSV that is written, a text that a spreadsheet would run (it begins with `=`, `+`, `-` or
`@` and is no number) has an apostrophe before it, which is dropped when it is read.

## Which files
"""

PEOPLE_NOTE = f"""### How people are counted

- Those who wish to leave are `count` × `wishing_share`, rounded to the nearest whole person, a half
  downwards; or `wishing_count`.
- **Households**: `1:40|4:100` stands for 40 persons alone and 100 households of four. A number
  alone is an average: the persons left over (all of them, where nothing else is said) are put into
  households / average households, rounded half down, of two neighbouring sizes, so that not one
  person is lost. 402 persons at 5 on average are 78 households of 5 and 2 of 6. Without any
  size, {ASSUMED_HOUSEHOLD:g} is assumed, and a warning names the groups.
- **Patients** (`stretcher`, `critical`): `count`, `wishing_share` and `wishing_count` count
  patients; companions come on top: patients × `companions_per_patient`, rounded half down, shared
  out so that two patients differ by one at most. `household_sizes` may say it in full, as
  `2:8|1:4`: eight patients with one companion each and four alone.
"""

GEO_NOTE = f"""## {ROUTES_FILE} and {CLOSURES_FILE}

GeoJSON in degrees, longitude first. Each feature has the property `kind`.

| file | `kind` | geometry | other properties |
|---|---|---|---|
| `{ROUTES_FILE}` | `line` | line or polygon | the line between the sides: crossed at gates only |
| `{ROUTES_FILE}` | `approved_route` | line or polygon | `corridor`, `direction`, for readers |
| `{ROUTES_FILE}` | `corridor_line` | one line | `corridor`: the way between its two gates |
| `{CLOSURES_FILE}` | `closed` | polygon, line, point or none | `way_ids`, `id`, `source`, `time` |
| `{CLOSURES_FILE}` | `slowed` | the same | `factor` on the speed, above 0 and at most 1 |
| `{CLOSURES_FILE}` | `mines_suspected` | the same | `override_role`, `override_reason` |

A role and a reason set a suspicion of mines aside, and are printed. Without any approved route
every plan on streets is a draft, and says so. Vehicles are slowed by
load ({LOADED_FACTOR:g}) and convoy ({CONVOY_FACTOR:g}), both assumed, unless `travel` says
otherwise. What was worked out on streets is kept in `.lull-cache` beside the folder, readable by
its owner alone; it may be deleted at any time. `lull seal` seals it with the folder.
"""


def folder_page() -> str:
    """The page in Markdown."""
    parts = ["<!-- Made by `make schemas` from the code; do not edit. -->", INTRODUCTION.rstrip()]
    listed = [f"| `{t.file}` | {'yes' if t.required else ''} | {t.says} |" for t in TABLES]
    others = [
        f"| `{name}` | {'yes' if name == PAUSE_FILE else ''} | {says} |"
        for name, says in OTHER_FILES.items()
    ]
    parts.append("\n".join(
        ["| file | required | holds |", "|---|---|---|", others[0], *listed, *others[1:]]
    ))
    parts.append(f"## {PAUSE_FILE}\n\n{_keys()}")
    for table in TABLES:
        parts.append(f"## {table.file}\n\n{table.says}{_key_of(table)}\n\n{_columns(table)}")
        if table.name == "people":
            parts.append(PEOPLE_NOTE.rstrip())
    parts.append(GEO_NOTE.rstrip())
    return "\n\n".join(parts) + "\n"


def _key_of(table: Table) -> str:
    if not table.key:
        return ""
    names = " and ".join(f"`{name}`" for name in table.key)
    return f" No two rows have the same {names}."


def _columns(table: Table) -> str:
    rows = ["| column | form | required | meaning | blank | HXL |", "|---|---|---|---|---|---|"]
    for column in table.columns:
        name = f"`{column.name}`"
        if column.kind is Kind.ESTIMATE:
            name += " (or `_low`, `_likely`, `_high`)"
        hxl = f"`{column.hxl}`" if column.hxl else ""
        needed = "yes" if column.required else ""
        rows.append(
            f"| {name} | {_form(column)} | {needed} | {_cell(_meaning(column))} | "
            f"{_cell(column.blank)} | {hxl} |"
        )
    return "\n".join(rows)


def _form(column: Column) -> str:
    """How a cell is written, with its unit and bounds."""
    if column.allowed:
        choices = ", ".join(f"`{choice}`" for choice in column.allowed)
        return f"{'any of' if column.kind is Kind.CHOICES else 'one of'} {choices}"
    refers = {
        "sides": "a side", "places": "a site or a gate", "profiles": "a vehicle type or another "
        "traveller", "sites": "a site's id", "corridors": "a corridor's id",
        "fleet": "a vehicle type's id", "parties": "a party's id",
    }  # fmt: skip
    said = column.kind.value
    if column.refers and column.kind in (Kind.ID, Kind.IDS):
        said = refers[column.refers] + (", or several" if column.kind is Kind.IDS else "")
    if column.unit:
        said += f", {column.unit}"
    if column.least is not None and column.most is not None:
        said += f", {column.least:g} to {column.most:,.15g}"
    return said


def _meaning(column: Column) -> str:
    return f"{column.says} Example: `{column.example}`." if column.example else column.says


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _keys() -> str:
    rows = ["| key | form | required | meaning | left out |", "|---|---|---|---|---|"]
    for path, key in PAUSE.walk():
        needed = "yes" if key.required else ""
        if isinstance(key, Section):
            form = "a list of" if key.many else "keys"
            rows.append(f"| **`{path}`** | {form} | {needed} | {_cell(key.says)} | |")
            continue
        rows.append(f"| `{path}` | {_form(key)} | {needed} | {_cell(_meaning(key))} | "
                    f"{_cell(key.blank)} |")
    return "\n".join(rows)
