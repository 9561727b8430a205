"""Keeps what planning found beside plan.json, so that a report can be made without planning again.

`bound.json` holds what the bounds rest on (`certificate`).
`result.json` holds the bounds, limits and reasons of every reading of the consents, the hash of
each plan file that they belong to, and nothing that could be worked out from the plans.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from attrs import asdict, fields_dict

from lull.cli import schemas
from lull.cli.answers import Planned
from lull.cli.certificate import BOUND_FILE, check_bounds, read_bounds, save_bounds
from lull.cli.exits import BadInput
from lull.cli.folder import PLAN_FILE, How, Opened, unsealed
from lull.cli.planning import READINGS, judged
from lull.domain.case import Case
from lull.domain.pause import Consents
from lull.domain.plan import Plan
from lull.domain.tiers import TierKind
from lull.exchange import read_plan, write_plan
from lull.plan.result import Ceiling, LeftBehind, Limit, Result, TierResult
from lull.report.model import Column

FORM = "lull result 1"
RESULT_FILE = "result.json"
KEPT_APART = ("plan", "proof")
"""Parts of a result that have a file of their own."""

Files = Callable[[str], bytes | None]


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
                "sha256": _hash((folder / file).read_bytes()),
                "result": asdict(result, filter=lambda part, _: part.name not in KEPT_APART),
            }
        )
    body = {
        "form": FORM,
        "folder_hash": planned.folder_hash,
        "main": planned.main.reading.value,
        "work": planned.work,
        "seed": planned.seed,
        "bound_work": planned.bound_work,
        "seconds": round(planned.seconds, 1),
        "columns": columns,
    }
    kept = [(c, names[id(c.result)], str(entry["sha256"])) for c, entry in zip(
        (planned.main, *(c for c in planned.columns if c is not planned.main)), columns,
        strict=True)]
    save_bounds(folder, planned.folder_hash, kept)
    text = json.dumps(body, ensure_ascii=False, indent=1)
    (folder / RESULT_FILE).write_text(text + "\n", encoding="utf-8")


def load(folder: Path, opened: Opened, how: How) -> Planned:
    """Read what `save` wrote, in a folder or in a sealed one, and judge the plan again.

    Raises BadInput where it is missing, was cut, or does not belong to the plans beside it.
    """
    case = opened.case
    file = folder / RESULT_FILE
    files = files_of(folder, how)
    result = files(RESULT_FILE)
    if result is None:
        raise BadInput(f"{folder} holds no {RESULT_FILE}; give the folder that lull plan wrote.")
    try:
        body = json.loads(result)
        if body.get("form") != FORM:
            raise BadInput(f"{file} has the form {body.get('form')!r}; expected {FORM!r}.")
        if body["folder_hash"] != opened.reading.content_hash:
            raise BadInput(
                f"The pause folder has changed since {file} was written, so its plan and bounds "
                "are of another pause; plan again."
            )
        results: dict[str, Result] = {}
        columns = {
            Consents(entry["consents"]): _column(entry, folder, case, results, files)
            for entry in body["columns"]
        }
        main = columns[Consents(body["main"])]
        kept = tuple(columns[reading] for reading in READINGS)
        figures = {key: body[key] for key in ("work", "seed", "seconds")}
        figures["bound_work"] = body.get("bound_work")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadInput(
            f"{file} is damaged or incomplete; plan again, or fetch the whole file."
        ) from None
    return judged(opened, main, kept, **figures)


def bounds_again(folder: Path, opened: Opened, how: How) -> list[schemas.BoundAnswer]:
    """Every bound that `save` kept, worked out again from its prices; raises BadInput."""
    planned = load(folder, opened, how)
    files = files_of(folder, how)
    entries = read_bounds(files(BOUND_FILE), folder, str(opened.reading.content_hash))
    body = json.loads(files(RESULT_FILE) or b"{}")
    hashes = {entry["consents"]: entry["sha256"] for entry in body["columns"]}
    return check_bounds(planned, entries, hashes)


def files_of(folder: Path, how: How) -> Files:
    """What reads a file of a folder, or of what is sealed at its place, by its name."""
    if folder.is_file():
        sealed = unsealed(folder, how)
        if sealed is None:
            raise BadInput(f"{folder} is a file; give the folder that lull plan wrote.")
        return sealed.get

    def read(name: str) -> bytes | None:
        file = folder / name
        return file.read_bytes() if file.is_file() else None

    return read


def _column(
    entry: Mapping[str, Any],
    folder: Path,
    case: Case,
    results: dict[str, Result],
    files: Files,
) -> Column:
    reading, name = Consents(entry["consents"]), str(entry["plan"])
    if Path(name).name != name:
        raise BadInput(f"{folder / RESULT_FILE} names the plan {name!r}, outside its own folder.")
    if name not in results:
        raw = files(name)
        if raw is None or _hash(raw) != entry["sha256"]:
            raise BadInput(
                f"{folder / name} is missing or was changed after it was planned, so the bounds in "
                f"{RESULT_FILE} are not its own; check it with lull verify, or plan again."
            )
        results[name] = _result(entry["result"], read_plan(Path(name), case, raw=raw))
    return Column(reading, case.on(reading), results[name])


def _result(saved: Mapping[str, Any], plan: Plan) -> Result:
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
    return Result(plan=plan, **parts)


def _slug(reading: Consents) -> str:
    return reading.value.replace(" ", "-")


def _hash(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
