"""Pauses, sides, members and their seats, and the links by which people come in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from lull.domain.protocol import Role
from lull.domain.rights import Action, Relation
from lull.store import accounts, models
from lull.store.kept import Store
from lull.store.principal import NotThere, Scope, Seated
from lull.web.api.auth import member, seat_of, store_of, who
from lull.web.api.errors import NOT_DONE, Problem
from lull.web.api.once import Done, MaybeOnce
from lull.web.api.once import once as done_once
from lull.web.api.records import Given

router = Router(tags=["people"])
Name = Annotated[str, Field(min_length=1, max_length=accounts.LONGEST_NAME)]


class NameIn(Given):
    """A name, as it is used."""

    name: Name


class PauseOut(Schema):
    """A pause."""

    id: UUID
    name: str


class KeyOut(Schema):
    """The public key to which is sealed what one member is to read, and since when it is theirs.

    A key that has changed since you last looked: ask by voice why.
    """

    key: str
    since: date


class SideOut(Schema):
    """An organisation or a party, with the keys of its members."""

    id: UUID
    name: str
    keys: list[KeyOut]


class MemberOut(Schema):
    """A member in this pause: a function, never a name."""

    id: UUID
    side: UUID
    role: Role
    function: str
    second_factor: bool


class InviteIn(Given):
    """Whom to invite: for which side, as what, in which function (no names)."""

    side: UUID
    role: Role
    function: str = Field("", max_length=accounts.LONGEST_NAME)


class ResetIn(Given):
    """Whether the second factor is taken away, too, and why; without this it stays on."""

    end_second_factor: bool = False
    reason: str = Field("", max_length=accounts.LONGEST_NAME)


class LinkOut(Schema):
    """A link's token, shown once. It goes behind the # of an address, so that no log has it.

    Empty where the same was asked before with the same key: take the link back and make another.
    """

    id: UUID
    token: str


class InvitationOut(Schema):
    """An invitation or a reset that has not been used."""

    id: UUID
    side: UUID
    role: str
    reset: bool
    expires: datetime


@router.post("pauses", auth=member, response={201: PauseOut, NOT_DONE: Problem},
             operation_id="make_pause")
def make_pause(request: HttpRequest, given: NameIn, once: MaybeOnce = "") -> Any:
    """Make a pause, of which you are coordinator; for the keepers of this server."""
    asks = who(request)
    asks.require(Scope.ACCOUNT)

    def act() -> PauseOut:
        made = accounts.make_pause(store_of(request), given.name, asks)
        return PauseOut(id=made.id, name=given.name.strip())

    return Status(201, done_once(request, once, given.dict(), act, PauseOut))


@router.get("pauses/{uuid:pause}/sides", auth=member,
            response={200: list[SideOut], NOT_DONE: Problem}, operation_id="sides")
def sides(request: HttpRequest, pause: UUID) -> list[SideOut]:
    """The sides, with the keys to which what is sealed to them goes."""
    seat, store = seat_of(request, pause, Scope.READ), store_of(request)
    seat.require(Action.READ, "side")
    return [_side(store, side) for side in models.Side.objects.filter(
        places__pause_id=pause).order_by("id")]


@router.post("pauses/{uuid:pause}/sides", auth=member, response={201: SideOut, NOT_DONE: Problem},
             operation_id="make_side")
def make_side(request: HttpRequest, pause: UUID, given: NameIn, once: MaybeOnce = "") -> Any:
    """Have an organisation or a party take part, by the name that it uses."""
    seat = seat_of(request, pause, Scope.ACCOUNT)
    seat.member.require(Scope.ACCOUNT)
    seat.require(Action.MAKE, "side")
    store = store_of(request)

    def act() -> SideOut:
        return _side(store, accounts.make_side(store, given.name, pause))

    return Status(201, done_once(request, once, given.dict(), act, SideOut))


def _side(store: Store, side: models.Side) -> SideOut:
    keys = models.MemberKey.objects.filter(member__side=side, member__active=True, current=True)
    return SideOut(id=side.id, name=store.side_name(side.id),
                   keys=[KeyOut(key=k.public, since=k.since) for k in keys.order_by("public")])


@router.get("pauses/{uuid:pause}/members", auth=member,
            response={200: list[MemberOut], NOT_DONE: Problem}, operation_id="members")
def members(request: HttpRequest, pause: UUID) -> list[MemberOut]:
    """The members whom you may see: a coordinator all, others those of their side."""
    seat, store = seat_of(request, pause, Scope.ACCOUNT), store_of(request)
    there = models.Seat.objects.filter(pause_id=pause, member__active=True).select_related("member")
    return [
        MemberOut(id=one.member_id, side=one.member.side_id, role=Role(one.role),
                  second_factor=one.member.totp_on, function=store.secrets.veil.open(
                      one.member.function, f"function {one.member_id}"))
        for one in there.order_by("member_id")
        if seat.may(Action.READ, "member", _of(store, seat, one.member))
    ]


def _of(store: Store, seat: Seated, row: models.Member) -> Relation:
    return seat.relation(by=row.id, side=store.side_name(row.side_id))


@router.delete("pauses/{uuid:pause}/members/{uuid:person}", auth=member,
               response={204: None, NOT_DONE: Problem}, operation_id="end_member")
def end_member(request: HttpRequest, pause: UUID, person: UUID, once: MaybeOnce = "") -> Any:
    """Let a member in no longer: sessions, tokens and links end, nothing new is sealed to them.

    What they could read they may have kept.
    """
    seat = seat_of(request, pause, Scope.ACCOUNT)

    def act() -> Done:
        accounts.end_member(store_of(request), seat, person)
        return Done()

    done_once(request, once, {}, act, Done)
    return Status(204, None)


@router.delete("pauses/{uuid:pause}/seats/{uuid:person}", auth=member,
               response={204: None, NOT_DONE: Problem}, operation_id="end_seat")
def end_seat(request: HttpRequest, pause: UUID, person: UUID, once: MaybeOnce = "") -> Any:
    """Take a member out of this pause; in others they stay."""
    seat = seat_of(request, pause, Scope.ACCOUNT)

    def act() -> Done:
        accounts.end_seat(store_of(request), seat, person)
        return Done()

    done_once(request, once, {}, act, Done)
    return Status(204, None)


@router.post("pauses/{uuid:pause}/members/{uuid:person}/reset", auth=member,
             response={201: LinkOut, NOT_DONE: Problem}, operation_id="offer_reset")
def offer_reset(request: HttpRequest, pause: UUID, person: UUID,
                given: ResetIn | None = None, once: MaybeOnce = "") -> Any:
    """A link with which a member of your side sets a new passphrase. It opens nothing sealed.

    Their second factor stays on, unless you say that it ends; that and why is an entry.
    """
    seat, how = seat_of(request, pause, Scope.ACCOUNT), given or ResetIn(reason="")

    def act() -> LinkOut:
        made = accounts.offer_reset(store_of(request), seat, person, reason=how.reason,
                                    end_factor=how.end_second_factor)
        return LinkOut(id=made.id, token=made.token)

    return Status(201, done_once(request, once, how.dict(), act, LinkOut, ("token",)))


@router.post("pauses/{uuid:pause}/invitations", auth=member,
             response={201: LinkOut, NOT_DONE: Problem}, operation_id="invite")
def invite(request: HttpRequest, pause: UUID, given: InviteIn, once: MaybeOnce = "") -> Any:
    """A link by which somebody becomes a member here. It works once, for three days."""
    seat = seat_of(request, pause, Scope.ACCOUNT)

    def act() -> LinkOut:
        made = accounts.invite(store_of(request), seat, side=given.side, role=given.role,
                               function=given.function)
        return LinkOut(id=made.id, token=made.token)

    return Status(201, done_once(request, once, given.model_dump(mode="json"), act, LinkOut,
                                 ("token",)))


@router.get("pauses/{uuid:pause}/invitations", auth=member,
            response={200: list[InvitationOut], NOT_DONE: Problem}, operation_id="invitations")
def invitations(request: HttpRequest, pause: UUID) -> list[InvitationOut]:
    """Links that are out and have not been used."""
    seat, store = seat_of(request, pause, Scope.ACCOUNT), store_of(request)
    return [
        InvitationOut(id=one.id, side=one.side_id, role=one.role, expires=one.expires,
                      reset=one.member_id is not None)
        for one in _open_links(store, pause)
        if seat.may(Action.READ, "invitation", seat.relation(side=store.side_name(one.side_id)))
    ]


@router.delete("pauses/{uuid:pause}/invitations/{uuid:link}", auth=member,
               response={204: None, NOT_DONE: Problem}, operation_id="end_invitation")
def end_invitation(request: HttpRequest, pause: UUID, link: UUID, once: MaybeOnce = "") -> Any:
    """Take a link back before it is used."""
    seat, store = seat_of(request, pause, Scope.ACCOUNT), store_of(request)

    def act() -> Done:
        found = _open_links(store, pause).filter(pk=link).first()
        if found is None or not seat.may(Action.END, "invitation", seat.relation(
                side=store.side_name(found.side_id))):
            raise NotThere("There is no such link.")
        models.Invitation.objects.filter(pk=link).update(used=True)
        return Done()

    done_once(request, once, {}, act, Done)
    return Status(204, None)


def _open_links(store: Store, pause: UUID) -> QuerySet[models.Invitation]:
    return models.Invitation.objects.filter(
        pause_id=pause, used=False, expires__gt=store.now()).order_by("expires", "id")


