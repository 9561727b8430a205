"""Who takes part: sides, members, links that are out, posts, and one's own tokens for programs.

A member is a function of a side, never a named person. What lets somebody in is shown once.
"""

from __future__ import annotations

from typing import Any

from attrs import frozen
from django.http import HttpResponse
from django.utils.translation import gettext as _

from lull.domain.protocol import Role
from lull.domain.refusal import Refusal, require
from lull.domain.rights import Action
from lull.store import models
from lull.store.principal import TOKEN_SCOPES, NotAllowed, NotThere
from lull.store.signin import LONGEST_TOKEN_DAYS
from lull.web.pages.people_acts import ACTS, Once
from lull.web.pages.room import Room
from lull.web.pages.visit import Visit, in_pause


@frozen
class Side:
    """A side, with the public keys to which is sealed what its members read."""

    id: Any
    name: str
    keys: tuple[models.MemberKey, ...]
    members: int


@frozen
class Member:
    """A member in this pause, and what the reader may do to them."""

    id: Any
    side: str
    role: str
    function: str
    factor: bool
    is_self: bool
    may_reset: bool
    may_unseat: bool
    may_end: bool


@frozen
class Link:
    """A way in that is out and has not been used."""

    id: Any
    side: str
    role: str
    is_reset: bool
    expires: Any
    may_end: bool


@frozen
class Token:
    """A key for a program of one's own."""

    id: Any
    label: str
    scopes: tuple[str, ...]
    here: bool
    expires: Any


@in_pause
def people(visit: Visit) -> HttpResponse:
    """Everybody who takes part, and what may be done about it."""
    if not visit.posted:
        return _shown(visit)
    act = visit.request.POST.get("act", "")
    try:
        require(act in ACTS, _("Choose what is to be done."))
        done = ACTS[act](visit)
    except NotThere:
        return _shown(visit, status=404, act=act,
                      wrong=_("It is not here any more, or was never yours to do this to."))
    except NotAllowed as wrong:
        return _shown(visit, status=403, act=act, wrong=str(wrong))
    except Refusal as wrong:
        return _shown(visit, status=422, act=act, wrong=str(wrong))
    return _shown(visit, once_shown=done) if isinstance(done, Once) else visit.go("people")


def _shown(visit: Visit, status: int = 200, **told: Any) -> HttpResponse:
    room = visit.room
    seat = room.seat
    names = room.sides
    return visit.show(
        "people.html", status=status, sides_here=sides(room), members=members(room),
        links=links(room), posts=posts(room), tokens=tokens(room), names=names,
        roles=invited_to(room), invites=seat.may(Action.MAKE, "invitation",
                                                 seat.relation(side=room.side)),
        makes_sides=seat.may(Action.MAKE, "side"), admits=seat.may(Action.MAKE, "post"),
        every_role=list(Role), side_choices=_side_choices(room), scopes=TOKEN_SCOPES,
        most_days=LONGEST_TOKEN_DAYS, sent=visit.request.POST, **told)


def sides(room: Room) -> list[Side]:
    """The sides that take part, by name."""
    if not room.seat.may(Action.READ, "side"):
        return []
    keys: dict[Any, list[models.MemberKey]] = {}
    for key in models.MemberKey.objects.select_related("member").filter(
            member__side_id__in=list(room.sides), member__active=True, current=True
            ).order_by("public"):
        keys.setdefault(key.member.side_id, []).append(key)
    seats = _seated(room)
    return [Side(side, name, tuple(keys.get(side, ())),
                 sum(one.member.side_id == side for one in seats))
            for side, name in room.sides.items()]


def _seated(room: Room) -> list[models.Seat]:
    return list(models.Seat.objects.select_related("member").filter(
        pause_id=room.seat.pause, member__active=True).order_by("member_id"))


def members(room: Room) -> list[Member]:
    """The members whom the reader may see: a coordinator all, others those of their side."""
    seat, made = room.seat, []
    veil = room.store.secrets.veil
    for one in _seated(room):
        row = one.member
        side = room.store.side_name(row.side_id)
        of = seat.relation(by=row.id, side=side)
        if not seat.may(Action.READ, "member", of):
            continue
        myself = row.id == seat.member.member
        made.append(Member(
            row.id, side, one.role, veil.open(row.function, f"function {row.id}"), row.totp_on,
            myself, not myself and seat.may(Action.WRITE, "member", of),
            seat.may(Action.END, "seat", of), seat.may(Action.END, "member", of)))
    return sorted(made, key=lambda m: (m.side.casefold(), m.role, m.function.casefold()))


def links(room: Room) -> list[Link]:
    """Links that are out, of the sides of which the reader may know."""
    seat, made = room.seat, []
    for one in models.Invitation.objects.filter(
            pause_id=seat.pause, used=False, expires__gt=room.store.now()
            ).order_by("expires", "id"):
        side = room.store.side_name(one.side_id)
        of = seat.relation(side=side)
        if seat.may(Action.READ, "invitation", of):
            made.append(Link(one.id, side, one.role, one.member_id is not None, one.expires,
                             seat.may(Action.END, "invitation", of)))
    return made


def posts(room: Room) -> list[dict[str, Any]]:
    """The posts that may write into this pause, and as whom."""
    if not room.seat.may(Action.READ, "post"):
        return []
    return [{"name": post.name, "side": room.store.side_name(post.side_id), "role": post.role,
             "here": post.key is not None, "forked": post.forked}
            for post in models.Post.objects.filter(pause_id=room.seat.pause).order_by("name")]


def tokens(room: Room) -> list[Token]:
    """One's own tokens: for this pause, or for all of one's pauses."""
    who = room.seat.member
    mine = models.Token.objects.filter(member_id=who.member).order_by("expires", "id")
    veil = room.store.secrets.veil
    return [Token(t.id, veil.open(t.label, f"token {t.id}"), tuple(t.scopes.split()),
                  t.pause_id is not None, t.expires)
            for t in mine if t.pause_id in (None, room.seat.pause)]


def invited_to(room: Room) -> list[Role]:
    """The roles to which the reader may invite."""
    if room.role is Role.COORDINATOR:
        return list(Role)
    if room.role is Role.ORGANISATION:
        return [Role.ORGANISATION, Role.CLERK]
    return [room.role] if room.role else []


def _side_choices(room: Room) -> dict[Any, str]:
    """The sides to which the reader may invite: their own, and for a coordinator empty ones."""
    own = room.seat.member.side
    if room.role is not Role.COORDINATOR:
        return {own: room.sides.get(own, room.side)}
    taken = {one.member.side_id for one in _seated(room)}
    return {side: name for side, name in room.sides.items() if side == own or side not in taken}
