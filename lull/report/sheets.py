"""Timetables as CSV, XLSX and GeoJSON bytes; the same input gives the same bytes."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from lull.domain.formula import harmless
from lull.report.flows import Kind, legs
from lull.report.model import ReportInput
from lull.report.timetables import Cell, Table

RESTRICTED = "RESTRICTED · operators only · holds sites, routes and times ahead"

DEGREES = 6
"""Decimals of a coordinate in GeoJSON: 0.1 m (RFC 7946, section 11.2)."""


def csv_bytes(table: Table) -> bytes:
    """A table as UTF-8 CSV with a byte order mark, as spreadsheets expect it for Arabic names."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_harmless(cell) for cell in table.header])
    for row in table.rows:
        writer.writerow([_harmless(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: Cell) -> Cell:
    return harmless(cell, number=False) if isinstance(cell, str) else cell


def xlsx_bytes(tables: Sequence[Table], title: str, made: datetime) -> bytes:
    """Tables as the sheets of one workbook: frozen header, filter, printed across one page.

    `made` stands in the file as the time of making; its zone is dropped.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        _sheet(book, table, title)
    stamp = made.replace(tzinfo=None)
    book.properties.title, book.properties.creator = title, "lull"
    book.properties.created = stamp
    out = io.BytesIO()
    book.save(out)
    return _steady(out.getvalue(), stamp)


def _sheet(book: Workbook, table: Table, title: str) -> None:
    sheet = book.create_sheet(table.title[:31])
    sheet.append(list(table.header))
    for row in table.rows:
        sheet.append(list(row))
    thin = Side(style="thin", color="999999")
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E7E4DD")
        cell.border = Border(bottom=thin)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for column in range(1, len(table.header) + 1):
        texts = [str(row[column - 1] or "") for row in (table.header, *table.rows[:500])]
        width = min(60, max(len(text) for text in texts) + 2)
        sheet.column_dimensions[get_column_letter(column)].width = width
        long = width == 60
        for (cell,) in sheet.iter_rows(min_row=1, min_col=column, max_col=column):
            # A text that begins with "=" is kept a text.
            if isinstance(cell.value, str):
                cell.data_type = "s"
            if long and cell.row > 1:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddHeader.left.text = title.replace("&", "&&")
    sheet.oddHeader.right.text = RESTRICTED
    sheet.oddFooter.left.text = table.title
    sheet.oddFooter.right.text = "&P / &N"


def _steady(raw: bytes, stamp: datetime) -> bytes:
    out = io.BytesIO()
    when = f"{stamp:%Y-%m-%dT%H:%M:%SZ}".encode()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "docProps/core.xml":
                body = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + when, body)
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, body)
    return out.getvalue()


def geojson_bytes(report: ReportInput) -> bytes:
    """Sites, gates, corridors, the line and the ways used, with what moves along each.

    A FeatureCollection by RFC 7946 (longitude first); places without coordinates have a null
    geometry. Marked restricted, as it holds sites and routes.
    """
    features = [
        *_site_features(report),
        *_corridor_features(report),
        *_line_features(report),
        *_way_features(report),
    ]
    body = {
        "type": "FeatureCollection",
        "restricted": RESTRICTED,
        "title": report.case.pause.title,
        "features": features,
    }
    return (json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _feature(kind: str, geometry: dict[str, Any] | None, **properties: object) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": {"kind": kind, **properties},
    }


def _point(lat: float | None, lon: float | None) -> dict[str, Any] | None:
    if lat is None or lon is None:
        return None
    return {"type": "Point", "coordinates": [round(lon, DEGREES), round(lat, DEGREES)]}


def _string(points: np.ndarray[Any, Any]) -> dict[str, Any] | None:
    if len(points) < 2:
        return None
    lonlat = np.round(points[:, ::-1], DEGREES).tolist()
    return {"type": "LineString", "coordinates": lonlat}


def _site_features(report: ReportInput) -> list[dict[str, Any]]:
    return [
        _feature(
            "site",
            _point(site.lat, site.lon),
            id=site.id,
            name=site.name,
            name_ar=site.name_ar,
            site_kind=site.kind.value,
            neighbourhood=site.neighbourhood,
            assumed=site.assumed,
        )
        for site in report.case.sites.values()
    ]


def _corridor_features(report: ReportInput) -> list[dict[str, Any]]:
    features = []
    for corridor in report.case.corridors.values():
        ends = (corridor.inside_gate, corridor.outside_gate)
        for gate in ends:
            features.append(
                _feature(
                    "gate",
                    _point(gate.lat, gate.lon),
                    corridor=corridor.id,
                    side=gate.side,
                    name=gate.name,
                )
            )
        places = tuple(corridor.gate_place(gate.side) for gate in ends)
        way = report.ways.get((places[0], places[1]))
        if way is None and all(g.lat is not None and g.lon is not None for g in ends):
            way = np.array([[g.lat, g.lon] for g in ends], dtype=float)
        features.append(
            _feature(
                "corridor",
                None if way is None else _string(way),
                id=corridor.id,
                name=corridor.name,
                name_ar=corridor.name_ar,
                users=sorted(u.value for u in corridor.users),
                assumed=corridor.assumed,
            )
        )
    return features


def _line_features(report: ReportInput) -> list[dict[str, Any]]:
    return [_feature("line", _string(part)) for part in report.line]


def _way_features(report: ReportInput) -> list[dict[str, Any]]:
    case = report.shown.case
    features = []
    for (start, end), moved in legs(case, report.shown.result.plan).items():
        way = report.ways.get((start, end))
        features.append(
            _feature(
                "way",
                None if way is None else _string(way),
                **{"from": start, "to": end},
                people=round(moved.get(Kind.PEOPLE, 0)),
                patients=round(moved.get(Kind.PATIENTS, 0)),
                tonnes=round(moved.get(Kind.AID, 0.0), 3),
            )
        )
    return features
