"""What a recipient answers to one version: by themselves, or by voice and written down for them.

The form is filled in already; a recipient on their own page needs no more than to send it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from attrs import frozen
from django.http import HttpResponse
from django.utils.translation import gettext as _

from lull.domain.protocol import TABLES, IllegalStep, Role
from lull.domain.records.form import utc_text
from lull.domain.records.receipt import Channel
from lull.ledger.content import Wall
from lull.store import models
from lull.store.bad_fields import BadFields
from lull.store.principal import NotAllowed, NotThere
from lull.store.write import Wish, write
from lull.web.pages.receipts import SPOKEN, Line, receipts_of
from lull.web.pages.room import Room
from lull.web.pages.visit import Visit, in_pause
from lull.web.pages.zones import NoSuchTime, instant_of

FIELDS = ("answered_by_function", "channel", "answered_at", "by_voice_taken_by", "text")
NEEDS_WORDS = ("query", "object")


@frozen
class Given:
    """The form as it is shown: what stands in it, and to which sides it goes."""

    fields: Mapping[str, str]
    read: bool
    to: tuple[UUID, ...]


@in_pause
def answer(visit: Visit, tag: str, event: str, part: str) -> HttpResponse:
    """Confirm, ask back or object to one version, for oneself or for whoever said it."""
    room = visit.room
    about = room.object_of("notification", tag)
    if TABLES["receipt"].step(event) is None:
        raise NotThere("There is no such act.")
    if not room.may_write(f"receipt.{event}"):
        raise NotAllowed(_("A recipient answers, or a coordinator writes down what they said."))
    line = _line_of(room, about, part)
    may_know = _may_know(room, about, line)
    if not visit.posted:
        if event not in [step.event for step in line.steps]:
            return visit.go("thing", "notification", tag)  # it was answered since
        return _shown(visit, about, event, line, may_know, _begun(visit, line, may_know))
    given = _sent(visit)
    errors: dict[str, list[str]] = {}
    try:
        wish = _wish(visit, about, event, line, given)
        once = visit.request.POST.get("once", "")
        if len(once) < 8:
            raise _Wrong("", _("Open the form again and send it once more."))
        write(visit.store, room.seat, wish, once[:64])
        return visit.go("thing", "notification", tag)
    except _Wrong as met:
        errors = {met.field: [str(met)]}
    except BadFields as met:
        for error in met.errors:
            errors.setdefault(error.field.removeprefix("payload."), []).append(error.sentence)
    except (IllegalStep, NotAllowed) as met:
        errors = {"": [str(met)]}
    return _shown(visit, about, event, line, may_know, given, errors)


class _Wrong(ValueError):
    def __init__(self, field: str, sentence: str) -> None:
        self.field = field
        super().__init__(sentence)


def _line_of(room: Room, about: str, part: str) -> Line:
    """The version for a recipient for which a tag stands; raises NotThere."""
    found = receipts_of(room, about, {})
    lines = [line for group in found.groups for line in group.lines] + list(found.unsent)
    for line in lines:
        if line.part_tag == part and (line.own or room.role is not Role.PARTY):
            return line
    raise NotThere("There is nothing here that is yours to see.")


def _may_know(room: Room, about: str, line: Line) -> dict[UUID, str]:
    """The sides to whom an answer goes unless somebody says otherwise, by id.

    Coordinators, whose notification it is, the recipient, and the writer: not another recipient.
    """
    owners = room.view.owners.get(("notification", about), frozenset())
    names = {one.strip().casefold() for one in (*owners, room.side, line.recipient)}
    seats = models.Seat.objects.filter(pause_id=room.seat.pause, role=Role.COORDINATOR.value)
    coordinators = set(seats.values_list("member__side_id", flat=True))
    keyed = set(models.MemberKey.objects.filter(current=True, member__active=True)
                .values_list("member__side_id", flat=True))
    return {side: name for side, name in room.sides.items() if side in keyed
            and (side in coordinators or name.casefold() in names)}


def _begun(visit: Visit, line: Line, may_know: Mapping[UUID, str]) -> Given:
    room = visit.room
    function = room.seat.who.function if room.seat.who else ""
    voice = line.channel in SPOKEN and not line.own
    channel = line.channel if line.channel and (voice or line.channel not in SPOKEN) else (
        Channel.LINK.value if line.own else Channel.TELEPHONE.value)
    return Given({
        "answered_by_function": function if line.own else "", "channel": channel,
        "answered_at": visit.clock.field(room.store.now()),
        "by_voice_taken_by": "" if line.own else function, "text": "",
    }, False, tuple(may_know))


def _sent(visit: Visit) -> Given:
    post = visit.request.POST
    to = []
    for one in post.getlist("to"):
        try:
            to.append(UUID(one))
        except ValueError:
            continue
    return Given({name: post.get(name, "").strip()[:10_000] for name in FIELDS},
                 bool(post.get("read")), tuple(to))


def _wish(visit: Visit, about: str, event: str, line: Line, given: Given) -> Wish:
    """What is to be written; raises _Wrong."""
    said = given.fields
    if not said["answered_by_function"]:
        raise _Wrong("answered_by_function", _("Say by which function it was answered."))
    if event in NEEDS_WORDS and not said["text"]:
        raise _Wrong("text", _("Say what is asked, or what is objected to."))
    if said["channel"] not in list(Channel):
        raise _Wrong("channel", _("Choose one of the channels."))
    node: dict[str, Any] = {
        "record": "receipt", "reference": f"{about} v{line.version} {event}", "version": 1,
        "notification": about, "notification_version": line.version, "recipient": line.recipient,
        "channel": said["channel"], "answered_at": utc_text(_time(visit, line, said)),
        "answered_by_function": said["answered_by_function"],
    }
    if said["channel"] in SPOKEN:
        node["by_voice_taken_by"] = said["by_voice_taken_by"]
    if given.read and event == "confirm":
        node["read_version"] = line.version
    if said["text"]:
        node["text"] = said["text"]
    wall = Wall.SEALED if given.to else Wall.RESTRICTED
    return Wish(f"receipt.{event}", about, {k: v for k, v in node.items() if v != ""}, wall.value,
                line.part, given.to)


def _time(visit: Visit, line: Line, said: Mapping[str, str]) -> datetime:
    """When it was answered: now, or when somebody said it over the radio."""
    if line.own and not said["answered_at"]:
        return visit.store.now()
    try:
        at = datetime.fromisoformat(instant_of(said["answered_at"], visit.clock.zone))
    except NoSuchTime as wrong:
        raise _Wrong("answered_at", str(wrong)) from None
    except ValueError:
        raise _Wrong("answered_at", _("Give a day and a time.")) from None
    if at > visit.store.now():
        raise _Wrong("answered_at", _("That is still to come; nobody has answered yet then."))
    return at


def _shown(visit: Visit, about: str, event: str, line: Line, may_know: Mapping[UUID, str],
           given: Given, errors: Mapping[str, list[str]] | None = None) -> HttpResponse:
    channels = [one.value for one in Channel if not line.own or one.value not in SPOKEN]
    errors = errors or {}
    return visit.show(
        "answer.html", status=422 if errors else 200, about=about, event=event, line=line,
        given=given, may_know=may_know, channels=channels, errors=errors,
        tag=visit.room.tag("notification", about), needs_words=event in NEEDS_WORDS,
        general=[s for name, said in errors.items() if name not in FIELDS for s in said])
