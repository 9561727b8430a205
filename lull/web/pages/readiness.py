"""Readiness: a matrix of corridors and levels, and the questions that must be answered before."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from lull.domain.protocol import TABLES
from lull.domain.records.form import utc_text
from lull.store.principal import NotAllowed, NotThere
from lull.web.pages.gate import COORDINATES, LEVELS, At, Cell, Gate, own_part
from lull.web.pages.room import Room
from lull.web.pages.tap import Readers, readers_before, readers_sent, tapped
from lull.web.pages.visit import Visit, in_pause

EVENTS = ("confirm", "deny")
"""What may be said first of a cell."""


@in_pause
def readiness(visit: Visit) -> HttpResponse:
    """How the pause that was spoken of last stands."""
    names = _names(visit.room)
    return _page(visit, names[-1] if names else "", names)


@in_pause
def readiness_of(visit: Visit, tag: str) -> HttpResponse:
    """How one pause stands; a part alone where the page renews itself."""
    names = _names(visit.room)
    about = next((n for n in names if visit.room.tag("pause", n) == tag), None)
    if about is None:
        about = visit.room.object_of("readiness", tag)
    return _page(visit, about, names)


def _names(room: Room) -> list[str]:
    """Pauses that anything is told of, by what was said last."""
    last = {k.content.object: k.seq for k in room.told("readiness", "protection_answer", "pause")
            if k.content}
    return sorted(last, key=lambda name: last[name])


def _page(visit: Visit, about: str, names: list[str]) -> HttpResponse:
    if not about:
        return visit.show("readiness.html", gate=None)
    gate = Gate(visit.room, about)
    if not visit.posted:
        return _shown(visit, gate, names, readers_before(visit.room, "readiness"))
    post = visit.request.POST
    new = {name: " ".join(post.get(f"row.{name}", "").split()) for name in COORDINATES}
    if post.get("row"):
        return _new_row(visit, gate, names, new, post["row"])
    event, _sep, tag = post.get("tap", "").partition(":")
    cell = next((c for c in gate.cells.values() if c.tag == tag), None)
    if cell is None or TABLES["readiness"].step(event) is None:
        raise NotThere("There is no such cell.")
    wrong = tapped(visit, f"readiness.{event}", about, _payload(visit, gate, cell.at, cell),
                   own_part(visit.room, cell.at))
    if wrong:
        return _shown(visit, gate, names, readers_sent(visit), wrong, status=409)
    return visit.go("readiness_of", visit.room.tag("pause", about), at=f"cell-{cell.tag}")


def _new_row(visit: Visit, gate: Gate, names: list[str], new: dict[str, str], event: str
             ) -> HttpResponse:
    errors = {name: _("This must be filled.") for name in COORDINATES if not new[name]}
    if new["level"] and new["level"] not in LEVELS:
        errors["level"] = _("Choose one of the four levels.")
    errors |= {name: _("A name here has no slash.") for name in COORDINATES if "/" in new[name]}
    wrong: list[str] = []
    if event not in EVENTS:
        wrong = [_("Say whether it is ready.")]
    if not errors and not wrong:
        at = (new["corridor"], new["condition"], new["actor"], new["level"])
        wrong = tapped(visit, f"readiness.{event}", gate.about,
                       _payload(visit, gate, at, gate.cells.get(at)),
                       own_part(visit.room, at))
        if not wrong:
            return visit.go("readiness_of", visit.room.tag("pause", gate.about))
    return _shown(visit, gate, names, readers_sent(visit), wrong, new=new, errors=errors,
                  status=422)


def _payload(visit: Visit, gate: Gate, at: At, cell: Cell | None) -> dict[str, Any]:
    """The record of a cell as the reader says it, now."""
    who, role = visit.room.seat.who, visit.room.role
    if who is None or role is None:
        raise NotAllowed(_("Your role does not do this; the table of rights says whose it is."))
    version = max((w.told.version for w in cell.said if w.told.side == visit.room.side),
                  default=0) + 1 if cell else 1
    return {"record": "readiness_cell", "reference": gate.about, "version": version,
            **dict(zip(COORDINATES, at, strict=True)),
            "said_by_function": who.function or role.value,
            "said_at": utc_text(visit.store.now())}


def _shown(visit: Visit, gate: Gate, names: list[str], readers: Readers,
           wrong: list[str] | None = None, *, new: dict[str, str] | None = None,
           errors: dict[str, str] | None = None, status: int = 200) -> HttpResponse:
    room, about = visit.room, gate.about
    context: dict[str, Any] = {
        "gate": gate, "about": about, "tag": room.tag("pause", about), "levels": LEVELS,
        "on_wall": "wall" in visit.request.GET,
    }
    if visit.partly:
        return visit.show("readiness_matrix.html", **context)
    return visit.show(
        "readiness.html", status=status, **context, wrong=wrong or [], errors=errors or {},
        new=new or {}, readers=readers, may_write=room.may_write("readiness.confirm"),
        may_answer=room.may_write("protection_answer"), walls=True,
        unspoken=gate.unspoken,
        others=[(n, room.tag("pause", n)) for n in reversed(names) if n != about],
        known={name: sorted({at[i] for at in gate.cells}) for i, name in
               enumerate(COORDINATES[:3])})
