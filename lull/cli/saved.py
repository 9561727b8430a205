"""Keeps what planning found beside plan.json, so that a report can be made without planning again.

`result.json` holds the bounds, limits and reasons of every reading of the consents, the hash of
each plan file that they belong to, and nothing that could be worked out from the plans.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import asdict, fields_dict

from lull.cli.answers import Planned
from lull.cli.exits import BadInput
from lull.cli.folder import Opened
from lull.cli.planning import READINGS, judged
from lull.domain.case import Case
from lull.domain.pause import Consents
from lull.domain.tiers import TierKind
from lull.exchange import read_plan, write_plan
from lull.plan.result import Ceiling, LeftBehind, Limit, Result, TierResult
from lull.report.model import Column

FORM = "lull result 1"
PLAN_FILE = "plan.json"
RESULT_FILE = "result.json"


def save(planned: Planned, folder: Path) -> None:
    """Write plan.json, the plans of the other readings, and result.json into a folder."""
    names: dict[int, str] = {}
    columns = []
    for column in (planned.main, *(c for c in planned.columns if c is not planned.main)):
        result = column.result
        if id(result) not in names:
            main = column is planned.main
            names[id(result)] = PLAN_FILE if main else f"plan-{_slug(column.reading)}.json"
            write_plan(
                result.plan,
                planned.case,
                folder / names[id(result)],
                result=result,
                folder_hash=planned.folder_hash,
                consents=column.reading.value,
            )
        file = names[id(result)]
        columns.append(
            {
                "consents": column.reading.value,
                "plan": file,
                "sha256": _hash(folder / file),
                "result": asdict(result, filter=lambda attribute, _: attribute.name != "plan"),
            }
        )
    body = {
        "form": FORM,
        "folder_hash": planned.folder_hash,
        "main": planned.main.reading.value,
        "work": planned.work,
        "seed": planned.seed,
        "seconds": round(planned.seconds, 1),
        "columns": columns,
    }
    text = json.dumps(body, ensure_ascii=False, indent=1)
    (folder / RESULT_FILE).write_text(text + "\n", encoding="utf-8")


def load(folder: Path, opened: Opened) -> Planned:
    """Read what `save` wrote and judge the plan again.

    Raises BadInput where it is missing, was cut, or does not belong to the plans beside it.
    """
    case = opened.case
    file = folder / RESULT_FILE
    if not file.is_file():
        raise BadInput(f"{folder} holds no {RESULT_FILE}; give the folder that lull plan wrote.")
    try:
        body = json.loads(file.read_text(encoding="utf-8"))
        if body.get("form") != FORM:
            raise BadInput(f"{file} has the form {body.get('form')!r}; expected {FORM!r}.")
        if body["folder_hash"] != opened.reading.content_hash:
            raise BadInput(
                f"The pause folder has changed since {file} was written, so its plan and bounds "
                "are of another pause; plan again."
            )
        results: dict[str, Result] = {}
        columns = {
            Consents(entry["consents"]): _column(entry, folder, case, results)
            for entry in body["columns"]
        }
        main = columns[Consents(body["main"])]
        kept = tuple(columns[reading] for reading in READINGS)
        figures = {key: body[key] for key in ("work", "seed", "seconds")}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadInput(
            f"{file} is damaged or incomplete; plan again, or fetch the whole file."
        ) from None
    return judged(opened, main, kept, **figures)


def _column(
    entry: Mapping[str, Any], folder: Path, case: Case, results: dict[str, Result]
) -> Column:
    reading, name = Consents(entry["consents"]), str(entry["plan"])
    if Path(name).name != name:
        raise BadInput(f"{folder / RESULT_FILE} names the plan {name!r}, outside its own folder.")
    if name not in results:
        plan = folder / name
        if not plan.is_file() or _hash(plan) != entry["sha256"]:
            raise BadInput(
                f"{plan} is missing or was changed after it was planned, so the bounds in "
                f"{RESULT_FILE} are not its own; check it with lull verify, or plan again."
            )
        results[name] = _result(entry["result"], plan, case)
    return Column(reading, case.on(reading), results[name])


def _result(saved: Mapping[str, Any], plan: Path, case: Case) -> Result:
    parts = dict(saved)
    rows = {"left": LeftBehind, "limits": Limit}
    for name, kind in rows.items():
        parts[name] = tuple(kind(**row) for row in parts[name])
    parts["tiers"] = tuple(
        TierResult(**{**row, "kind": TierKind(row["kind"])}) for row in parts["tiers"]
    )
    parts["ceiling"] = Ceiling(**parts["ceiling"])
    for name in fields_dict(Result):
        if isinstance(parts.get(name), list):
            parts[name] = tuple(parts[name])
    return Result(plan=read_plan(plan, case), **parts)


def _slug(reading: Consents) -> str:
    return reading.value.replace(" ", "-")


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
