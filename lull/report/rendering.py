"""The templates, and the filters by which they show numbers and names."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from lull.report.timetables import Cell, Table
from lull.report.words import THIN, whole


def _figure(value: Cell) -> str:
    if value is None:
        return "–"
    if isinstance(value, float) and value != round(value):
        return f"{value:,.1f}".replace(",", THIN)
    return whole(value) if isinstance(value, int | float) else value


def _isolate(value: object) -> Markup:
    """Text that may hold a name in any script, isolated where it is not plain Latin."""
    if isinstance(value, Markup):
        return value
    text = str(value)
    if any("\u0590" <= c <= "\u08ff" or "\ufb1d" <= c <= "\ufeff" for c in text):
        return Markup("<bdi>{}</bdi>").format(text)
    return escape(text)


def _numeric(table: Table) -> list[int]:
    if not table.rows:
        return []
    return [
        i
        for i in range(len(table.header))
        if all(isinstance(row[i], int | float) or row[i] is None for row in table.rows)
    ]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("lull.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(figure=_figure, isolate=_isolate, numeric=_numeric)
    return environment


def asset(name: str) -> str:
    """The text of a file beside the templates."""
    return (files("lull.report") / "templates" / name).read_text(encoding="utf-8").strip()


def drawn(markup: str) -> Markup:
    """Markup that this program made itself, with every text in it escaped when it was made."""
    return Markup(markup)  # noqa: S704


def render(template: str, title: str, **context: object) -> str:
    """One self-contained HTML page: style and script inline, every other source forbidden.

    `lang` (a language tag, BCP 47) and `direction` ("ltr" or "rtl") may be given; they are
    English and left to right if not.
    """
    script = asset("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    given: dict[str, object] = {"lang": "en", "direction": "ltr", **context}
    given |= {
        "title": title,
        "style": drawn(asset("style.css")),
        "script": drawn(script),
        "script_hash": f"sha256-{digest}",
    }
    return _environment().get_template(template).render(given)
