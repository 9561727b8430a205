"""The page of a sweep: every folder in a line that leads to its report, and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from lull.report.headline import CAUTION
from lull.report.rendering import render
from lull.report.told import Told


def sweep_page(told: Told, reports: Mapping[str, str], *, version: str) -> str:
    """The page as HTML, RESTRICTED; no request leaves it.

    `reports` are paths of reports, relative to the page, by the name of their folder.
    """
    again = [("command", told.again), ("consents", told.consents), ("program", f"lull {version}")]
    return render(
        "sweep.html.j2", told.title, told=told, caution=CAUTION,
        reports=[(name, quote(path)) for name, path in reports.items()],
        again=[(name, value) for name, value in again if value])
