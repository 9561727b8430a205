"""Asking something of a folder: one form for every kind of job, made from the table of kinds."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from attrs import frozen
from django.http import HttpResponse

from lull.domain.refusal import Refusal
from lull.domain.rights import Action
from lull.store import folders, jobs, models
from lull.store.bad_fields import BadFields
from lull.store.job_kinds import KINDS, JobKind, Option
from lull.store.principal import NotThere
from lull.web.forms.filled import FIGURES
from lull.web.pages.visit import Visit, in_pause


@frozen
class Asked:
    """One option with what was filled in, and what is wrong with it."""

    option: Option
    value: str
    wrong: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """How it is filled in."""
        if self.option.columns:
            return "rows"
        if self.option.type is UUID:
            return "plan"
        return "choice" if self.option.choices else "line"


@in_pause
def ask(visit: Visit, folder: UUID, kind: str) -> HttpResponse:
    """Hand in one question about one folder."""
    known = KINDS.get(kind)
    row = folders.folder_of(visit.store, visit.room.seat, folder, Action.READ)
    if known is None:
        raise NotThere("There is no such question.")
    given = {o.name: _default(o) for o in known.options}
    wrong: dict[str, list[str]] = {}
    if visit.posted:
        post = visit.request.POST
        given = {o.name: str(post.get(o.name, "")).strip() for o in known.options}
        try:
            options = {o.name: value for o in known.options
                       if (value := read(o, given[o.name])) not in ("", [], None)}
            made = jobs.ask_on(visit.store, visit.room.seat, row.pk, kind, options)
            return visit.go("job", made.id)
        except BadFields as met:
            for one in met.errors:
                wrong.setdefault(_option_of(one.field), []).append(one.sentence)
        except Refusal as met:
            wrong[""] = [str(met)]
    return visit.show("ask.html", status=422 if wrong else 200, kind=known, folder=row.pk,
                      asked=_asked(known, given, wrong), wrong=wrong.get("", []),
                      plans=plans_of(visit, row))


def _option_of(field: str) -> str:
    parts = field.split(".")
    return parts[1] if parts[0] == "options" and len(parts) > 1 else ""


def _asked(kind: JobKind, given: Mapping[str, str], wrong: Mapping[str, list[str]]
           ) -> list[Asked]:
    return [Asked(o, given[o.name], tuple(wrong.get(o.name, ()))) for o in kind.options]


def _default(option: Option) -> str:
    if option.default is None:
        return ""
    return ", ".join(map(str, option.default)) if option.many else str(option.default)


def plans_of(visit: Visit, folder: models.Folder) -> list[models.Job]:
    """The jobs of a folder that have made a plan."""
    made = models.Job.objects.filter(folder=folder, kind__in=jobs.WITH_PLAN, state=jobs.DONE)
    return list(made.order_by("-asked"))


def read(option: Option, text: str) -> Any:
    """What a text says as a value of an option; what is none stays as it is, to be told."""
    if option.columns:
        return rows_of(text, option.columns)
    if not option.many:
        return _one(option, text)
    marks = text.replace("،", ",").replace("\n", ",")
    return [_one(option, part.strip()) for part in marks.split(",") if part.strip()]


def _one(option: Option, text: str) -> Any:
    plain = text.translate(FIGURES)
    try:
        if option.type is int:
            return int(plain) if plain else ""
        if option.type is float:
            return float(plain) if plain else ""
    except ValueError:
        return text
    return text


def rows_of(text: str, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """Rows as they are pasted from a table: one on each line, with commas or tabs between."""
    mark = "\t" if "\t" in text else ","
    lines = [line for line in csv.reader(io.StringIO(text), delimiter=mark) if any(line)]
    if lines and [cell.strip() for cell in lines[0]] == list(columns):
        lines = lines[1:]
    return [dict(zip(columns, (_cell(c.strip()) for c in line), strict=False)) for line in lines]


def _cell(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text
