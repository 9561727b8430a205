"""Sheets to hand out: each driver's orders on half a page, each corridor's timetable."""

from __future__ import annotations

from lull.report import sections
from lull.report.day_sheets import day_sheets
from lull.report.model import ReportInput
from lull.report.rendering import render
from lull.report.words import day


def driver_sheets(report: ReportInput) -> str:
    """The orders of all vehicles as one HTML page; on paper each fits half of A4."""
    case, plan = report.shown.case, report.shown.result.plan
    return render(
        "orders.html.j2",
        f"{case.pause.title} · drivers' orders",
        pause=case.pause,
        draft=plan.draft or report.case.draft,
        orders=day_sheets(case, plan),
    )


def corridor_sheets(report: ReportInput) -> str:
    """The timetable of each corridor on its own page, for those who stand at its gates."""
    case, plan = report.shown.case, report.shown.result.plan
    return render(
        "corridors.html.j2",
        f"{case.pause.title} · corridors",
        pause=case.pause,
        date=day(case.pause.clock, case.pause.windows[0].opens),
        draft=plan.draft or report.case.draft,
        groups=sections.corridor_groups(case, plan),
    )
