"""Notifications out of a plan: which of its drafts are written, to be read by whom, filled how.

What stands in no plan and is the same in each of them is asked once: recipients and the owner's
consent to each, who is reached at any hour, who goes with the vehicles, how they are called.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from attrs import define, field, frozen
from django.http import HttpResponse
from django.utils.translation import gettext as _

from lull.domain.refusal import Refusal
from lull.ledger.content import Wall
from lull.store import drafts
from lull.store.addressees import SENT_OVER
from lull.store.bad_fields import BadFields
from lull.web.forms.filled import FIGURES
from lull.web.pages.visit import Visit, in_pause
from lull.web.pages.zones import NoSuchTime, instant_of

RECIPIENTS, CREWS = 6, 3
"""Lines for recipients and for crews."""
WAYS = ("convoy", "corridor-day")
CONTACT = ("organisation", "function", "channel", "number")


@define
class Form:
    """What was sent, and what is wrong with it by the name of the field."""

    post: Mapping[str, str]
    zone: str
    errors: dict[str, list[str]] = field(factory=lambda: defaultdict(list))

    def text(self, name: str) -> str:
        """What stands in a field."""
        return str(self.post.get(name, "")).strip()

    def wrong(self, name: str, sentence: str) -> None:
        """Say what is wrong with a field."""
        self.errors[name].append(sentence)

    def whole(self, name: str, least: int = 1) -> int | None:
        """A whole number, in whichever figures; None where nothing stands, or it is wrong."""
        text = self.text(name).translate(FIGURES)
        if not text:
            return None
        if text.isdecimal() and len(text) < 7 and int(text) >= least:
            return int(text)
        self.wrong(name, _("This is a whole number."))
        return None

    def recipients(self) -> tuple[dict[str, str], ...]:
        """Those named, with the owner's consent to telling them."""
        lines = [n for n in range(1, RECIPIENTS + 1) if self.text(f"recipient.{n}")]
        if not lines:
            self.wrong("recipient.1", _("Name at least one recipient."))
        by, at = self.text("consent_by"), self._consent_at()
        if not by:
            self.wrong("consent_by", _("Say which function of the owner consents to telling them."))
        return tuple({"party": self.text(f"recipient.{n}"), "channel": self.text(f"channel.{n}"),
                      "consent_by_function": by, "consent_at": at} for n in lines)

    def _consent_at(self) -> str:
        try:
            return instant_of(self.text("consent_at"), self.zone)
        except NoSuchTime as wrong:
            self.wrong("consent_at", str(wrong))
        except ValueError:
            self.wrong("consent_at", _("Say when the owner consented, as day and time."))
        return ""

    def crews(self) -> tuple[dict[str, Any], ...]:
        """Who goes with the vehicles, by organisation."""
        found = []
        for n in range(1, CREWS + 1):
            who, many = self.text(f"crew.{n}"), self.whole(f"crew_number.{n}", 0)
            if who and many is None and not self.errors.get(f"crew_number.{n}"):
                self.wrong(f"crew_number.{n}", _("Say how many go with the vehicles."))
            if many is not None and not who:
                self.wrong(f"crew.{n}", _("Say of which organisation they are."))
            found.append({"organisation": who, "number": many})
        return tuple(one for one in found if one["organisation"])

    def contact(self, which: str) -> dict[str, str] | None:
        """A contact, where any of it is given."""
        given = {name: self.text(f"{which}.{name}") for name in CONTACT}
        return {name: text for name, text in given.items() if text} if any(given.values()) else None

    def filling(self) -> drafts.Filling:
        """All that no plan says."""
        return drafts.Filling(
            recipients=self.recipients(), contact=self.contact("contact"),
            deputy=self.contact("deputy"), crews=self.crews(), accuracy_m=self.whole("accuracy_m"),
            check_in_minutes=self.whole("check_in_minutes"),
            called={name: self.text(name) for name in drafts.CALLED if self.text(name)})


@frozen
class ToFill:
    """What is still to be filled or looked at, why, and in how many of the drafts."""

    names: tuple[str, ...]
    why: str
    drafts: int


def _to_fill(notices: Iterable[Mapping[str, Any]]) -> list[ToFill]:
    """What is to be filled in the drafts, each thing once, as most of it is the same in all."""
    found = Counter(one for notice in notices for one in notice["to_fill"])
    return [ToFill(tuple(names.split(", ")), why, count) for said, count in found.items()
            for names, _x, why in (said.partition(": "),)]


@in_pause
def job_drafts(visit: Visit, job: UUID) -> HttpResponse:
    """Drafts of notifications out of a plan: which, to whom, read by whom."""
    room, query = visit.room, visit.request.GET
    by = query.get("by", "")
    by = by if by in WAYS else WAYS[0]
    made = drafts.drafts_of(visit.store, room.seat, job, by)
    if not room.may_write(drafts.DRAFT):
        raise Refusal(_("Your role does not draft notifications."))
    form = Form(visit.request.POST, visit.clock.zone)
    done = _written(visit, job, by, form) if visit.posted else []
    only = visit.request.POST.getlist("only")
    fields = {name for name in form.errors if name in form.post}
    return visit.show(
        "drafts.html", status=422 if form.errors else 200, job=job, by=by, ways=WAYS, made=made,
        to_fill=_to_fill(made["notices"]),
        errors=dict(form.errors), elsewhere=sorted(set(form.errors) - fields - {"only", "wall"}),
        done=done, sides=room.sides, channels=SENT_OVER, post=form.post, only=only,
        called=drafts.CALLED,
        lines=[(str(n), f"recipient.{n}", f"channel.{n}") for n in range(1, RECIPIENTS + 1)],
        crews=[(str(n), f"crew.{n}", f"crew_number.{n}") for n in range(1, CREWS + 1)],
        contacts=[(which, [(name, f"{which}.{name}") for name in CONTACT])
                  for which in ("contact", "deputy")],
        wall=form.post.get("wall", "restricted"), to=visit.request.POST.getlist("to"),
        tags=[(one, room.tag("notification", one.reference)) for one in done])


def _written(visit: Visit, job: UUID, by: str, form: Form) -> list[drafts.Drafted]:
    """Write what was asked for, or say all that is wrong with it."""
    post = visit.request.POST
    if not post.getlist("only"):
        form.wrong("only", _("Tick at least one draft."))
    wall = form.text("wall")
    if wall not in list(Wall):
        form.wrong("wall", _("Say who may read it."))
    filling = form.filling()
    if form.errors:
        return []
    to = tuple(_sides(visit)) if wall == Wall.SEALED else ()
    try:
        return drafts.write_drafts(visit.store, visit.room.seat, job, by, filling, wall=wall, to=to,
                                   only=post.getlist("only"))
    except BadFields as met:
        for error in met.errors:
            form.wrong(error.field.partition(".")[0] if error.field else "only", error.sentence)
    except Refusal as met:
        form.wrong("only", str(met))
    return []


def _sides(visit: Visit) -> list[UUID]:
    known = {str(side): side for side in visit.room.sides}
    return [known[one] for one in visit.request.POST.getlist("to") if one in known]
