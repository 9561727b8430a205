"""The operator's report: one HTML page that opens from a stick without a network."""

from __future__ import annotations

from lull.domain.case import Case
from lull.domain.people import Need
from lull.domain.place import SiteKind
from lull.report import charts, headline, sections
from lull.report import map as maps
from lull.report.day_sheets import day_sheets
from lull.report.figures import Served, served, supplied, tonnes_in, total
from lull.report.model import ReportInput
from lull.report.pictures import PATTERNS
from lull.report.rendering import drawn, render
from lull.report.time_distance import time_distance
from lull.report.use import bin_of
from lull.report.words import KIND_WORDS, bdi, corridor_name, count_of, percent, stamp, tonnes

SECTIONS = (
    ("headline", "What it makes possible"),
    ("proof", "How far from the best"),
    ("map-section", "Map"),
    ("time", "Over time"),
    ("use", "Checkpoints and vehicles"),
    ("served", "Leave and stay"),
    ("left", "Left behind"),
    ("calls", "Last call"),
    ("timetable", "Timetable"),
    ("consents", "Consents"),
    ("assumptions", "Assumptions"),
    ("claims", "Claims"),
    ("rules", "Rules"),
    ("again", "Make it again"),
)


MOST_BYTES = 2_900_000
"""A page of more bytes leaves the drivers' orders to their own page: it must open from a stick,
on a telephone, and go by mail."""


def page(report: ReportInput, most_bytes: int = MOST_BYTES) -> str:
    """The whole report as HTML, RESTRICTED on every page; no request leaves it."""
    whole = _page(report, orders_apart=False)
    if len(whole.encode()) <= most_bytes:
        return whole
    return _page(report, orders_apart=True)


def _page(report: ReportInput, *, orders_apart: bool) -> str:
    case, result = report.shown.case, report.shown.result
    pause = case.pause
    return render(
        "page.html.j2",
        f"{pause.title} · report",
        patterns=drawn(PATTERNS),
        pause=pause,
        windows=[
            f"{w.name + ': ' if w.name else ''}{stamp(pause.clock, w.opens)} to "
            f"{stamp(pause.clock, w.closes)}"
            for w in pause.windows
        ],
        draft=result.plan.draft or report.case.draft,
        interrupted=result.interrupted,
        violations=sum(len(rule.violations) for rule in report.rules),
        overrides=sections.override_sentences(case, result.plan),
        sections=_sections(report),
        asked=report.asked,
        orders_apart=orders_apart,
        caution=headline.CAUTION,
        **_headline(report),
        **_map(report),
        **_charts(report),
        bar_minutes=bin_of(case),
        **_served(case, report),
        **_timetable(report),
        **_sources(report),
    )


def _sections(report: ReportInput) -> list[tuple[str, str]]:
    """The sections of the page; what was asked stands before the consents, if anything was."""
    at = [ident for ident, _ in SECTIONS].index("consents")
    asked = [("asked", "Questions")] if report.asked else []
    return [*SECTIONS[:at], *asked, *SECTIONS[at:]]


def _headline(report: ReportInput) -> dict[str, object]:
    result = report.shown.result
    return {
        "sentences": headline.sentences(report),
        "too_short": result.too_short,
        "refused": result.refused,
        "columns": headline.columns(report),
        "here": [c.reading for c in report.columns].index(report.main),
        "tiers": headline.tiers(result),
        "limiting": headline.limiting(result),
        "limits": headline.limits(result),
        "not_in_bound": result.not_in_bound,
        "reasons": headline.reasons(result),
        "left": headline.left_behind(result),
    }


def _map(report: ReportInput) -> dict[str, object]:
    return {
        "map": drawn(maps.draw(report)),
        "legend": [(drawn(sample), words) for sample, words in maps.legend(report)],
        "schematic": maps.Drawing.of(report).schematic,
        "has_ways": bool(report.ways),
        "streets_credit": report.streets.credit if report.streets else "",
        "site_kinds": _site_kinds(report),
    }


def _site_kinds(report: ReportInput) -> list[dict[str, object]]:
    numbers = maps.site_numbers(report)
    drawn_at = maps.Drawing.of(report).at
    groups = []
    for kind in SiteKind:
        sites = [s for s in report.case.sites.values() if s.kind is kind]
        rows = [
            {
                "mark": drawn(maps.symbol_svg(kind, str(numbers[site.id]))),
                "name": bdi(site.name or site.id, site.name_ar),
                "place": "" if site.neighbourhood in site.name else site.neighbourhood,
                "assumed": bool(site.assumed),
                "drawn": site.id in drawn_at,
            }
            for site in sites
        ]
        if rows:
            assumed = all(site.assumed for site in sites)
            groups.append({"kind": KIND_WORDS[kind], "assumed": assumed, "sites": rows})
    return groups


def _charts(report: ReportInput) -> dict[str, object]:
    case, result = report.shown.case, report.shown.result
    plan, ceiling = result.plan, result.ceiling
    asked = bool(case.demands)
    return {
        "people_chart": drawn(charts.people_chart(case, plan, ceiling.persons)),
        "tonnes_chart": drawn(charts.tonnes_chart(case, plan, ceiling.tonnes)) if asked else "",
        "checkpoint_chart": drawn(charts.checkpoint_chart(case, plan)) if case.corridors else "",
        "fleet_chart": drawn(charts.fleet_chart(case, plan)),
        "time_distances": [
            (corridor_name(case, name), drawn(made)) for name in case.corridors
            if (made := time_distance(case, plan, name))
        ],
    }


def _served(case: Case, report: ReportInput) -> dict[str, object]:
    plan = report.shown.result.plan
    cells = served(case, plan)
    heads = total(cells.values())
    lines = supplied(case, plan)
    needs = [n for n in reversed(Need) if any(k[1] is n for k in cells)]
    of_place = {
        name: total(c for (n, _), c in cells.items() if n == name) for name in case.neighbourhoods
    }
    need_rows = [
        _people(headline.need_words(need), total(c for (_, n), c in cells.items() if n is need))
        for need in needs
    ]
    place_rows = []
    for name, cell in of_place.items():
        needed = sum(x.tonnes_needed for x in lines if x.neighbourhood == name)
        brought = sum(x.tonnes for x in lines if x.neighbourhood == name)
        aid_bar = drawn(charts.bar(brought / needed)) if needed else ""
        place_rows.append(
            {
                **_people(name, cell),
                "needed": round(needed, 1),
                "brought": round(brought, 1),
                "aid_bar": aid_bar,
            }
        )
    return {
        "heads": heads,
        "asks": bool(lines),
        "stay_by_choice": heads.present - heads.wishing,
        "tonnes_in": tonnes(tonnes_in(case, plan)),
        "tonnes_needed": tonnes(sum(x.tonnes_needed for x in lines)),
        "need_rows": [*need_rows, _people("all", heads)],
        "place_rows": place_rows,
        "needs": [headline.need_words(need) for need in needs],
        "cross_rows": [
            {"name": name, "cells": [_cross(cells.get((name, need))) for need in needs]}
            for name in of_place
        ],
        "wishes": sections.wish_words(case),
        "supplies": sections.supplies(case, plan),
    }


def _people(name: str, cell: Served) -> dict[str, object]:
    return {
        "name": name,
        "c": cell,
        "share": percent(cell.share) if cell.wishing else "–",
        "bar": drawn(charts.bar(cell.share)) if cell.wishing else "",
    }


def _cross(cell: Served | None) -> dict[str, object] | None:
    if cell is None or not cell.wishing:
        return None
    return {"out": cell.out, "wishing": cell.wishing, "bar": drawn(charts.bar(cell.share))}


def _timetable(report: ReportInput) -> dict[str, object]:
    case, plan = report.shown.case, report.shown.result.plan
    return {
        "last_calls": sections.last_calls(case, plan),
        "corridor_groups": sections.corridor_groups(case, plan),
        "convoy_groups": sections.convoy_groups(case, plan),
        "site_groups": sections.site_groups(case, plan),
        "orders": day_sheets(case, plan),
    }


def _sources(report: ReportInput) -> dict[str, object]:
    case, plan = report.case, report.shown.result.plan
    repeatable = report.shown.result.repeatable
    broken = sum(1 for rule in report.rules if rule.violations)
    kept = (
        f"{count_of(len(report.rules) - broken, 'rule')} kept, {broken} broken."
        if report.rules
        else "The rules were not checked."
    )
    again = [
        ("command", report.reproduce),
        ("work and seed", f"--work {plan.work} --seed {plan.seed}" if repeatable else ""),
        ("folder", f"SHA-256 {report.folder_hash}" if report.folder_hash else ""),
        ("program", f"lull {report.version}" if report.version else ""),
        ("travel times", case.travel.source),
    ]
    return {
        "consents": sections.consents(case),
        "safeguards": sections.safeguards(case),
        "assumptions": sections.assumptions(case),
        "documented": sections.documented(case),
        "sources": case.pause.sources,
        "remarks": report.remarks,
        "claims": sections.claims(case),
        "rules": report.rules,
        "kept": kept,
        "again": [(name, value) for name, value in again if value],
    }
