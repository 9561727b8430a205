"""One page for every act: a form made from the record, and what came of it in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from attrs import define, evolve, field, frozen
from django.http import HttpResponse
from django.utils.translation import gettext as _

from lull.domain.protocol import TABLES, IllegalStep
from lull.domain.records import RECORDS, kinds
from lull.domain.records.form import FieldError, utc_text
from lull.domain.records.notification import route_hash
from lull.domain.refusal import require
from lull.domain.rights import WRITTEN_BY_THE_SERVER, part_named, thing_written
from lull.ledger.content import Content, Wall
from lull.store.apart import side_named, sides_of, sides_told
from lull.store.principal import NotAllowed, NotThere
from lull.store.write import BadFields, UsedKey, Wish, write
from lull.web.forms.fields import Field, Kind, fields_of_record
from lull.web.forms.filled import (
    Filled,
    of_payload,
    of_post,
    paths,
    payload_of,
    times_wrong,
    told,
    with_room,
)
from lull.web.forms.helps import KNOWN_ALREADY
from lull.web.pages.known import names_for, names_of, version_in
from lull.web.pages.prefill import FIRST, prefilled
from lull.web.pages.sections import AFTERWARDS, PARENTS
from lull.web.pages.visit import Visit, in_pause
from lull.web.pages.zones import instant_of

ELSEWHERE = {"notification.transmit": "transmit", "notification.cancel": "call_off",
             "notification.complete": "complete", "notification.expire": "expire",
             "notification.supersede": "supersede"}
"""Acts with a page of their own."""
SPOKEN_NOW = frozenset({
    "said_at", "answered_at", "observed_at", "claimed_at", "verified_at", "submitted_at",
    "assessed_at", "found_at", "published_at", "decided_at", "sent_at", "status_at", "reported_at",
})
"""Times that are now, if nobody says otherwise."""
OWN_SIDE = frozenset({"party", "observer", "organisation", "by", "claimed_by", "verified_by"})
"""Fields that name the side that writes, if nobody says otherwise."""


ANEW = frozenset({"preparation_observed", "protection_answer", "incident.inquire",
                  "incident.visit", "incident.report"})
"""Records of which each says something of its own, whatever was said before of the same."""


@define(eq=False)
class Act:
    """Something that is about to be written: of what kind, about what, with which form."""

    visit: Visit
    kind: str
    record: str
    about: str = ""
    part: str = ""
    last: Mapping[str, Any] = field(factory=dict)
    last_wall: str = ""
    last_to: tuple[UUID, ...] = ()

    @property
    def table(self) -> str:
        """The table or record of which it is."""
        return self.kind.partition(".")[0]

    @property
    def has_things(self) -> bool:
        """Whether what it is about has states."""
        return self.table in TABLES

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of its record."""
        record: Any = RECORDS[self.record]
        return fields_of_record(record)

    def begun(self) -> tuple[Filled, ...]:
        """The form as it is first shown: what is known already stands in it."""
        room = self.visit.room
        known: dict[str, Any] = {}
        now = utc_text(self.visit.store.now())
        for one in self.fields:
            if one.kind is Kind.TIME and one.required and one.name in SPOKEN_NOW:
                known[one.name] = now
            if one.kind is Kind.LINE and one.required and one.name in OWN_SIDE:
                known[one.name] = room.side
            if one.kind is Kind.GROUP and one.required and any(
                    inner.name == "organisation" for inner in one.fields):
                known[one.name] = {"organisation": room.side}
            if one.name.endswith("by_function") and room.seat.who:
                known[one.name] = room.seat.who.function
        pauses = names_of(room, "pause")
        if len(pauses) == 1:
            known["pause"] = pauses[0]
        if self.last.get("record") == self.record:
            known |= self.last
        known |= prefilled(self.visit, self.kind, self.about)
        if known.get("route_sha256") and known["route_sha256"] == _route_of(known).get(
                "route_sha256"):
            del known["route_sha256"]  # it is worked out again, of the waypoints as they are then
        version = int(self.last.get("version", 0)) + 1 if self.last else 1
        known |= {"reference": self.about or known.get("reference", ""), "version": version}
        return of_payload(self.fields, known, self.visit.clock)


@frozen
class Sent:
    """An act as it was sent."""

    form: tuple[Filled, ...]
    about: str
    wall: str
    to: tuple[UUID, ...]
    said: str
    zone: str
    once: str

    @property
    def said_utc(self) -> str:
        """When its source says that it was so, in UTC; what cannot be read stays as it is."""
        try:
            return instant_of(self.said, self.zone) if self.said else ""
        except ValueError:
            return self.said


@in_pause
def act(visit: Visit, kind: str) -> HttpResponse:
    """Write one entry, by a form."""
    if kind in ELSEWHERE and visit.request.GET.get("thing"):
        return visit.go(ELSEWHERE[kind], visit.request.GET["thing"])
    made = _act_of(visit, kind)
    if not visit.posted:
        return _closed(visit, made) or _shown(visit, made, made.begun())
    sent = _sent(visit, made)
    if visit.request.POST.get("more"):
        return _shown(visit, made, sent.form, sent)
    wrong = list(times_wrong(sent.form, sent.zone))
    if not sent.about.strip():
        wrong.append(("about", _("Give it a name, such as N014.")))
    if not wrong:
        try:
            return _write(visit, made, sent)
        except BadFields as met:
            wrong = [(path_of(e.field), e.sentence) for e in met.errors]
        except (IllegalStep, NotAllowed, UsedKey) as met:
            return _shown(visit, made, sent.form, sent, {"": [str(met)]}, 409)
    errors: dict[str, list[str]] = {}
    for path, sentence in wrong:
        errors.setdefault(path, []).append(sentence)
    return _shown(visit, made, told(sent.form, errors), sent, errors, 422)


def _closed(visit: Visit, made: Act) -> HttpResponse | None:
    """The page that says that a step cannot follow on how a thing stands; None where it can."""
    step = TABLES[made.table].step(made.kind.partition(".")[2]) if made.has_things else None
    of = visit.request.GET.get("of", made.table)
    if step is None or not made.about or of != made.table:
        return None
    stood = next((s for s in visit.room.standing(made.table, made.about)
                  if s.thing.part == made.part), None)
    if stood is None or step.before & set(stood.states):
        return None
    return visit.show("closed.html", status=409, act=made, stood=stood)


def path_of(name: str) -> str:
    """Where an error of the store stands in the form."""
    if name == "payload" or name.startswith("payload."):
        return "f" + name.removeprefix("payload")
    return {"object": "about"}.get(name, name)


def _act_of(visit: Visit, kind: str) -> Act:
    """What is to be written; raises NotThere, NotAllowed."""
    room, query = visit.room, visit.request.GET
    records = kinds().get(kind, ())
    if not records or kind in WRITTEN_BY_THE_SERVER or kind in ELSEWHERE:
        raise NotThere("There is no such act.")
    if not room.may_write(kind):
        raise NotAllowed(_("Your role does not do this; the table of rights says whose it is."))
    wanted = query.get("record", "")
    made = Act(visit, kind, wanted if wanted in records else records[0])
    tag = query.get("thing", "")
    if not tag:
        return made
    made.about = room.object_of(query.get("of", made.table), tag)
    made.record = wanted if wanted in records else _record_of(made, records)
    part = query.get("part", "")
    made.part = room.part_of(made.table, made.about, part) if part else ""
    _remember(made)
    return made


def _record_of(made: Act, records: tuple[str, ...]) -> str:
    """The record in which a thing was told of last, where it may be told of so again."""
    said = [str(k.content.payload.get("record")) for k in made.visit.room.told(
        made.table, about=made.about) if k.content is not None and k.fault is None]
    return next((name for name in reversed(said) if name in records), records[0])


def _remember(made: Act) -> None:
    """What was said last of the same thing, for the form to begin with."""
    room = made.visit.room
    before = [k for k in room.told(made.table, about=made.about) if k.content is not None
              and (not made.part or k.content.part == made.part)]
    same = [k for k in before if k.content and k.content.payload.get("record") == made.record]
    # What another party or observer has said is not put into this one's mouth.
    anew = made.has_things and bool(TABLES[made.table].part) and not made.part
    parent = room.told(PARENTS[made.table], about=made.about) if made.table in PARENTS else []
    for known in (same or before or parent)[-1:]:
        assert known.content is not None
        others = made.kind == "incident.allege" and known.content.writer.side != room.side
        made.last = {} if anew or others or made.kind in ANEW else known.content.payload
        if known.content.wall is Wall.PUBLIC and known.content.writer.side != room.side:
            break  # what others made public does not make public what is said next
        made.last_wall = known.content.wall.value
        made.last_to = _told_before(made, known.content)


def _told_before(made: Act, last: Content) -> tuple[UUID, ...]:
    """The sides that were told what was said last: those are ticked.

    Of a notification also those that were told apart, and of a receipt the side whose it is.
    """
    room = made.visit.room
    found = set(sides_of(last))
    if made.table == "notification" and last.wall is Wall.SEALED:
        found.update(sides_told(made.visit.store, room.view, made.about))
    if made.table == "receipt" and last.wall is Wall.SEALED:
        named = side_named(made.visit.store, made.part.rpartition(" ")[0])
        found.update({named} & room.sides.keys() if named else ())
    return tuple(found)


def _sent(visit: Visit, made: Act) -> Sent:
    post = visit.request.POST
    zone = "UTC" if post.get("zone") == "UTC" else visit.clock.zone
    to = []
    for one in post.getlist("to"):
        try:
            to.append(UUID(one))
        except ValueError:
            continue
    about = made.about or post.get("about", "").strip()
    form = tuple(evolve(one, value=about) if one.field.name == "reference" and one.is_blank else one
                 for one in of_post(made.fields, post, more=post.get("more", "")))
    return Sent(form, about, post.get("wall", ""), tuple(to),
                post.get("said", ""), zone, post.get("once", "")[:64])


def part_said(kind: str, node: Mapping[str, Any], side: str) -> str:
    """The part of which a record speaks when a side writes it, by what stands in it."""
    return part_named(thing_written(kind), node, side)[1]


def _write(visit: Visit, made: Act, sent: Sent) -> HttpResponse:
    node = {"record": made.record, "reference": sent.about, **payload_of(sent.form, sent.zone)}
    if sent.wall not in list(Wall):
        raise BadFields([FieldError("wall", _("Say who may read it."))])
    if made.record == "movement_notification" and not node.get("route_sha256"):
        node |= _route_of(node)
    wish = Wish(made.kind, sent.about, node, sent.wall, part_said(made.kind, node, visit.room.side),
                sent.to if sent.wall == Wall.SEALED else (), sent.said_utc)
    require(len(sent.once) >= 8, _("Open the form again and send it once more."))
    done = write(visit.store, visit.room.seat, wish, sent.once)
    return _after(visit, made, sent.about, done.hash)


def _route_of(node: Mapping[str, Any]) -> dict[str, str]:
    """The hash of a route that nobody has worked out, from the names of its waypoints."""
    names = [str(place.get("name", "")) for place in node.get("route_waypoints", ())]
    return {"route_sha256": route_hash(names)} if names and all(names) else {}


def _after(visit: Visit, made: Act, about: str, written: str) -> HttpResponse:
    """On to where what was written is shown."""
    room = visit.room
    of = visit.request.GET.get("of", "")
    if of in TABLES and visit.request.GET.get("thing"):  # back to what it was said of
        return visit.go("thing", of, room.tag(of, about))
    parent = PARENTS.get(made.table, made.table)
    if parent in TABLES and (parent == made.table or room.told(parent, about=about)):
        return visit.go("thing", parent, room.tag(parent, about))
    if made.table in AFTERWARDS:
        return visit.go(AFTERWARDS[made.table])
    if made.table in TABLES:
        return visit.go("thing", made.table, room.tag(made.table, about))
    return visit.go("entry", written)


def _shown(visit: Visit, made: Act, form: tuple[Filled, ...], sent: Sent | None = None,
           errors: Mapping[str, list[str]] | None = None, status: int = 200) -> HttpResponse:
    errors = errors or {}
    first = FIRST.get(made.record, ())
    known = {*paths(form)} - {f.path for f in form if f.field.name in KNOWN_ALREADY}
    kept = [f for f in form if f.field.name in KNOWN_ALREADY]
    form = tuple(with_room(f) if f.field.name in first else f
                 for f in form if f.field.name not in KNOWN_ALREADY)
    table = TABLES.get(made.table)
    step = table.step(made.kind.partition(".")[2]) if table else None
    wall = sent.wall if sent else made.last_wall or Wall.RESTRICTED.value
    return visit.show(
        "act.html", status=status, act=made, form=form, step=step, about=sent.about if sent
        else made.about, wall=wall, walls=list(Wall), to=sent.to if sent else made.last_to,
        said=sent.said if sent else "", zone=sent.zone if sent else visit.clock.zone,
        sides=visit.room.sides, records=kinds()[made.kind], errors=errors,
        at_fields=[(path, s) for path, ss in errors.items() for s in ss if path in known],
        elsewhere=[s for path, ss in errors.items() for s in ss if path not in known
                   and path not in ("about", "wall", "to", "said")],
        kept=kept, names=names_for(visit.room), version=version_in(kept),
        must=[f for f in form if f.field.required or f.field.name in first],
        may=(more := [f for f in form if not f.field.required and f.field.name not in first]),
        open_more=any(f.has_wrong or not f.is_blank for f in more))
