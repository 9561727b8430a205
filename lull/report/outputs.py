"""What a report consists of for one audience, as file names and bytes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from lull.report.model import ReportInput
from lull.report.page import page
from lull.report.public import public_page
from lull.report.question_page import question_files
from lull.report.sheet_pages import corridor_sheets, driver_sheets
from lull.report.sheets import csv_bytes, geojson_bytes, xlsx_bytes
from lull.report.timetables import timetables


class Audience(StrEnum):
    """For whom a report is: all but the public form hold sites, routes and times ahead."""

    OPERATOR = "operator"
    PUBLIC = "public"
    DRIVER = "driver"
    CORRIDOR = "corridor"


def outputs(report: ReportInput, audience: Audience | str = Audience.OPERATOR) -> dict[str, bytes]:
    """File name (with `/` between folders) to its bytes; the same input gives the same bytes.

    Raises ValueError for an unknown audience.
    """
    audience = Audience(audience)
    if audience is Audience.PUBLIC:
        return {"public.html": public_page(report).encode()}
    if audience is Audience.DRIVER:
        return {"orders.html": driver_sheets(report).encode()}
    if audience is Audience.CORRIDOR:
        return {"corridors.html": corridor_sheets(report).encode()}
    case, plan = report.shown.case, report.shown.result.plan
    tables = timetables(case, plan)
    clock = case.pause.clock
    return {
        "report.html": page(report).encode(),
        "orders.html": driver_sheets(report).encode(),
        "timetables.xlsx": xlsx_bytes(tables, case.pause.title, clock.origin),
        **{f"timetables/{table.name}.csv": csv_bytes(table) for table in tables},
        "movements.geojson": geojson_bytes(report),
        **_answers(report),
    }


def _answers(report: ReportInput) -> dict[str, bytes]:
    """The pages of the questions that were asked about the same pause, and their pictures."""
    files: dict[str, bytes] = {}
    for told in report.asked:
        files |= question_files(
            told, report.case.pause, folder_hash=report.folder_hash, version=report.version,
            report="report.html")
    return files


def write(files: Mapping[str, bytes], folder: Path) -> tuple[Path, ...]:
    """Write files into a folder, each beside its place and then renamed; gives their paths.

    Raises OSError where the folder cannot be written; then no file of that name is half there.
    """
    written = []
    for name, body in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(prefix=".part-", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(body)
            os.replace(part, target)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
        written.append(target)
    return tuple(written)
