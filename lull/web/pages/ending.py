"""How a notification ends: it took place or not, its validity is over, another takes its place."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from lull.domain.protocol import IllegalStep
from lull.domain.records.notification import Outcome
from lull.domain.refusal import Refusal, require
from lull.store.apart import all_sides
from lull.store.principal import NotAllowed
from lull.store.write import BadFields, Wish, write
from lull.web.pages.receipts import receipts_of
from lull.web.pages.visit import Visit, in_pause

NONE_GIVEN = "none given"
"""What a record says where nobody gave a reason."""


@in_pause
def complete(visit: Visit, tag: str) -> HttpResponse:
    """It took place, wholly, partly or not at all."""
    return _end(visit, tag, "complete")


@in_pause
def expire(visit: Visit, tag: str) -> HttpResponse:
    """Its validity is over."""
    return _end(visit, tag, "expire")


@in_pause
def supersede(visit: Visit, tag: str) -> HttpResponse:
    """Another notification takes its place."""
    return _end(visit, tag, "supersede")


def _end(visit: Visit, tag: str, event: str) -> HttpResponse:
    room = visit.room
    about = room.object_of("notification", tag)
    if not room.may_write(f"notification.{event}"):
        raise NotAllowed(_("Who notified says how it ended."))
    found = receipts_of(room, about, {})
    require(bool(found.versions), _("There is no version of it that you can read."))
    last = found.versions[-1].content
    assert last is not None
    others = {s.tag: s.thing.object for s in room.standing("notification")
              if s.thing.object != about}
    wrong: list[str] = []
    if visit.posted:
        post = visit.request.POST
        try:
            require(len(post.get("once", "")) >= 8, _("Open the form again and send it once more."))
            node = _record(post, event, about, found.version, others)
            write(visit.store, room.seat, Wish(
                f"notification.{event}", about, node, last.wall.value,
                to=all_sides(visit.store, room.view, last)), post["once"][:64])
            return visit.go("thing", "notification", tag)
        except BadFields as met:
            wrong = [e.sentence for e in met.errors]
        except (Refusal, IllegalStep) as met:
            wrong = [str(met)]
    return visit.show("ending.html", status=422 if wrong else 200, wrong=wrong, about=about,
                      tag=tag, event=event, outcomes=[one.value for one in Outcome], others=others,
                      given=visit.request.POST)


def _record(post: Any, event: str, about: str, version: int, others: dict[str, str]
            ) -> dict[str, Any]:
    """The payload of the step; raises Refusal."""
    reason = post.get("reason", "").strip()[:10_000]
    node: dict[str, Any] = {"reference": f"{about} v{version} {event}", "version": version}
    if event == "complete":
        require(post.get("outcome", "") in list(Outcome), _("Say how it ended."))
        by = post.get("by", "").strip()[:200]
        return {"record": "notification_outcome", **node, "outcome": post["outcome"],
                "reason_given": reason or NONE_GIVEN, **({"by": by} if by else {})}
    node = {"record": "step", **node, **({"reason": reason} if reason else {})}
    if event == "supersede":
        require(post.get("other", "") in others, _("Say which notification takes its place."))
        node["note"] = others[post["other"]]
    return node
