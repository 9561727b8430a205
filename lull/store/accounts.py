"""Accounts: invited by link, signed in with a passphrase and a code, signed out everywhere.

A member's key pair is made here when a passphrase is first set. Its private half stands under the
passphrase and, a second time, under a code that is printed. A reset sets a new passphrase and makes
a new pair; it opens nothing of what was sealed to the old one. Links end with the sessions of who
gave them out, and with their seat.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar
from uuid import UUID, uuid4

from attrs import field, frozen
from django.db import IntegrityError, transaction
from django.db.models import Q

from lull.domain.protocol import Role
from lull.domain.records.account import DisclosureKind
from lull.domain.refusal import Refusal, require
from lull.domain.rights import Action
from lull.exchange.seal import Key
from lull.store import models, totp
from lull.store.kept import Store
from lull.store.principal import NotThere, Principal, Scope, Seated
from lull.store.throttle import count_guess
from lull.store.veil import (
    digest_of,
    new_code,
    new_token,
    require_passphrase,
    unwrap_by_code,
    wrap_by_code,
)
from lull.store.write import note

T = TypeVar("T")
INVITATION_HOURS = 72
LONGEST_NAME = 200
NO_LONGER = "This link has been used, has expired, or was never given out; ask for another."


class Taken(Refusal):
    """A name is in use already."""


@frozen
class Link:
    """A link that lets one in once. `token` is shown once and stands nowhere."""

    id: UUID
    token: str = field(repr=False)


@frozen
class Joined:
    """A new member, or one with a new passphrase; `code` is to be printed and is shown once."""

    member: UUID
    code: str = field(repr=False)


def require_name(text: str, what: str) -> str:
    """A name on one line, without blanks around it; raises Refusal."""
    name = text.strip()
    require(0 < len(name) <= LONGEST_NAME, f"{what} has 1 to {LONGEST_NAME} characters.")
    require(all(ord(mark) >= 32 for mark in name), f"{what} stands on one line.")
    return name


def make_side(store: Store, name: str, pause: UUID) -> models.Side:
    """An organisation or party that takes part in a pause; raises Taken.

    One that is known from another pause is the same side, with the members that it has.
    """
    name = require_name(name, "The name of a side")
    veil, key = store.secrets.veil, uuid4()
    tag = veil.tag(name.casefold(), "side")
    with transaction.atomic():
        side, _ = models.Side.objects.get_or_create(name_tag=tag, defaults={
            "id": key, "name": veil.close(name, f"side {key}")})
        _unique(lambda: models.SideIn.objects.create(side=side, pause_id=pause),
                "A side of that name takes part already.")
    return side


def side_in(pause: UUID, side: UUID) -> models.Side:
    """A side that takes part in a pause; raises NotThere."""
    found = models.Side.objects.filter(pk=side, places__pause_id=pause).first()
    if found is None:
        raise NotThere("There is no such side in this pause.")
    return found


def make_pause(store: Store, name: str, keeper: Principal) -> models.Pause:
    """A new pause, in which its maker is coordinator; raises Taken, Refusal."""
    require(keeper.keeper, "Only a keeper of this server makes pauses.")
    name = require_name(name, "The name of a pause")
    veil, key = store.secrets.veil, uuid4()
    with transaction.atomic():
        made = _unique(lambda: models.Pause.objects.create(
            id=key, name=veil.close(name, f"pause {key}"),
            name_tag=veil.tag(name.casefold(), "pause")), "There is a pause of that name.")
        models.SideIn.objects.create(pause=made, side_id=keeper.side)
        models.Seat.objects.create(pause=made, member_id=keeper.member,
                                   role=Role.COORDINATOR.value)
    return made


def _unique(make: Callable[[], T], sentence: str) -> T:
    """What is made, or Taken where a name is in use."""
    try:
        with transaction.atomic():
            return make()
    except IntegrityError:
        raise Taken(sentence) from None


def make_member(store: Store, *, side: UUID, login: str, function: str, passphrase: str,
                keeper: bool = False) -> Joined:
    """A new member with a key pair; raises Taken, Refusal."""
    login = require_name(login, "A login")
    require_passphrase(passphrase, not_in=(login,))
    veil, key = store.secrets.veil, uuid4()
    hashed = store.argon.hash(passphrase)
    with transaction.atomic():
        member = _unique(lambda: models.Member.objects.create(
            id=key, side_id=side, login=veil.close(login, f"login {key}"),
            login_tag=veil.tag(login.casefold(), "login"), password=hashed, keeper=keeper,
            function=veil.close(function, f"function {key}")), "This login is taken.")
        return Joined(key, new_pair(store, member, passphrase))


def new_pair(store: Store, member: models.Member, passphrase: str) -> str:
    """Make a member's key pair; earlier ones are sealed to no longer. Returns the printed code."""
    pair, code = Key.new(), new_code()
    what = f"member {member.id} {pair.public}"
    models.MemberKey.objects.filter(member=member).update(current=False)
    models.MemberKey.objects.create(
        member=member, public=pair.public, since=store.now().date(),
        wrapped=store.argon.wrap(pair.secret, passphrase, what),
        spare=wrap_by_code(pair.secret, code, what))
    return code


def invite(store: Store, seat: Seated, *, side: UUID, role: Role, function: str) -> Link:
    """A link by which somebody becomes a member with a seat in this pause; raises Refusal.

    A side that has members invites its own; only for one that has none yet does a coordinator.
    Otherwise a coordinator could sit down at a party's table and read what is sealed to it. To one
    that has members in other pauses only, the link gives a seat to one of them.
    """
    who = seat.member
    who.require(Scope.ACCOUNT)
    function = require_name(function, "A function") if function.strip() else ""
    side_in(seat.pause, side)
    seat.require(Action.MAKE, "invitation", seat.relation(side=store.side_name(side)))
    members = models.Member.objects.filter(side_id=side, active=True)
    if side != who.side:
        require(not members.filter(seats__pause_id=seat.pause).exists(), "This side has members "
                "here, and invites its own.")
    elif seat.role is not Role.COORDINATOR:
        clerk = seat.role is Role.ORGANISATION and role is Role.CLERK
        require(role is seat.role or clerk, f"As {seat.role and seat.role.value} you invite to "
                "your own role.")
    return _link(store, who, side=side, pause=seat.pause, role=role.value, function=function,
                 members_only=side != who.side and members.exists())


def _member_here(seat: Seated, member: UUID) -> models.Member:
    """A member who is let in and sits in a pause; raises NotThere."""
    found = models.Member.objects.filter(pk=member, active=True,
                                         seats__pause_id=seat.pause).first()
    if found is None:
        raise NotThere("There is no such member in this pause.")
    return found


def offer_reset(store: Store, seat: Seated, member: UUID, *, end_factor: bool = False,
                reason: str = "") -> Link:
    """A link by which a member of the own side sets a new passphrase; raises Refusal.

    A second factor stays on, so that whoever has the link alone signs in nowhere. With
    `end_factor` the link takes it away, which needs a reason and is written down before the
    link is given out.
    """
    who = seat.member
    who.require(Scope.ACCOUNT)
    found = _member_here(seat, member)
    seat.require(Action.WRITE, "member", seat.relation(side=store.side_name(found.side_id)))
    require(found.id != who.member, "Change your own passphrase with the one that you have.")
    require(not _may_more(found, who), "They may do more than you, here or in another pause, and "
            "whoever has this link could sign in as them; a colleague who may as much gives it.")
    if end_factor:
        require(found.totp_on, "They have no second factor that could be taken away.")
        require(0 < len(reason.strip()) <= LONGEST_NAME, "Say why their second factor is taken "
                f"away, in at most {LONGEST_NAME} characters; that is written down.")
        note(store, seat, DisclosureKind.FACTOR_ENDED, [f"reset given to member {found.id}"],
             reason=require_name(reason, "A reason"))
    return _link(store, who, side=found.side_id, member=found.id, pause=seat.pause,
                 ends_factor=end_factor)


def _may_more(found: models.Member, who: Principal) -> bool:
    """Whether a member may do anything, in any pause, that another could not do or give away."""
    mine = dict(models.Seat.objects.filter(member_id=who.member).values_list("pause_id", "role"))

    def beyond(role: str, own: str | None) -> bool:
        clerk = own == Role.ORGANISATION.value and role == Role.CLERK.value
        return own not in (role, Role.COORDINATOR.value) and not clerk

    return (found.keeper and not who.keeper) or any(
        beyond(role, mine.get(pause))
        for pause, role in found.seats.values_list("pause_id", "role"))


def _link(store: Store, who: Principal, *, side: UUID, pause: UUID, function: str = "",
          role: str = "", member: UUID | None = None, members_only: bool = False,
          ends_factor: bool = False) -> Link:
    token, key = new_token(), uuid4()
    models.Invitation.objects.create(
        id=key, digest=digest_of(token), side_id=side, pause_id=pause, member_id=member, role=role,
        by_id=who.member, function=store.secrets.veil.close(function, f"invitation {key}"),
        expires=store.now() + timedelta(hours=INVITATION_HOURS), members_only=members_only,
        ends_factor=ends_factor)
    return Link(key, token)


def accept(store: Store, token: str, *, login: str, passphrase: str,
           address: str = "") -> Joined:
    """Become a member by an invitation, or set a new passphrase by a reset; raises Refusal.

    Who is a member of that side already signs with their login and passphrase and gets a seat in
    the pause. A link is used up in the same transaction, so that of two who use it at once one is
    refused.
    """
    require_passphrase(passphrase, not_in=(login,))
    found = models.Invitation.objects.filter(digest=digest_of(token), used=False,
                                             expires__gt=store.now()).first()
    if found is None or (found.member is not None and not found.member.active):
        raise Refusal(NO_LONGER)
    require(_still_may(found), NO_LONGER)
    there = None  # looked at before the transaction, so that a wrong guess stays counted
    if found.member is None:
        there = _member_of(store, found.side_id, login, passphrase, address)
        require(there is not None or not found.members_only, "This link is for somebody who is a "
                "member of that side already; sign with that login.")
    with transaction.atomic():
        taken = models.Invitation.objects.filter(pk=found.pk, used=False).update(used=True)
        require(bool(taken), NO_LONGER)
        if found.member is not None:
            require(found.member.active, NO_LONGER)
            joined = _reset(store, found.member, login, passphrase)
            if found.ends_factor:
                totp.take_away(found.member)
            return joined
        _require_still_open(found, there)
        if there is not None:
            _sit(there, found)
            return Joined(there.id, "")
        function = store.secrets.veil.open(found.function, f"invitation {found.id}")
        joined = make_member(store, side=found.side_id, login=login, function=function,
                             passphrase=passphrase)
        models.Seat.objects.create(member_id=joined.member, pause=found.pause, role=found.role)
        return joined


def _still_may(link: models.Invitation) -> bool:
    """Whether who gave a link is still let in, and sits in its pause."""
    return link.by.active and link.by.seats.filter(pause_id=link.pause_id).exists()


def _require_still_open(link: models.Invitation, there: models.Member | None) -> None:
    """Raise Refusal where a side has got members since somebody else invited to it.

    Of two links that a coordinator made before anybody had come, the second would let them in.
    """
    if link.by.side_id == link.side_id:
        return
    list(models.SideIn.objects.select_for_update().filter(side_id=link.side_id,
                                                          pause_id=link.pause_id))
    members = models.Member.objects.filter(side_id=link.side_id, active=True)
    require(not members.filter(seats__pause_id=link.pause_id).exists(), "This side has members "
            "here by now, and invites its own; ask one of them for a link.")
    require(there is not None or not members.exists(), "This side has members by now; sign with "
            "the login of one of them.")


def _member_of(store: Store, side: UUID, login: str, passphrase: str,
               address: str) -> models.Member | None:
    """The member of a side who signs so; None where the login is not one of theirs."""
    tag = store.secrets.veil.tag(login.strip().casefold(), "login")
    member = models.Member.objects.filter(login_tag=tag, side_id=side, active=True).first()
    if member is None:
        return None
    guess = count_guess(store, tag, address)
    if not store.argon.fits(member.password, passphrase):
        raise Taken("This login is taken; if it is yours, give its passphrase.")
    guess.succeeded()
    return member


def _sit(member: models.Member, by: models.Invitation) -> None:
    _unique(lambda: models.Seat.objects.create(member=member, pause=by.pause, role=by.role),
            "You sit in this pause already.")


def end_seat(store: Store, seat: Seated, member: UUID) -> None:
    """Take a member out of one pause; they stay a member. Raises NotThere, NotAllowed, Refusal."""
    who = seat.member
    who.require(Scope.ACCOUNT)
    found = models.Seat.objects.select_related("member").filter(
        pause_id=seat.pause, member_id=member).first()
    if found is None:
        raise NotThere("There is no such member in this pause.")
    seat.require(Action.END, "seat", seat.relation(
        by=member, side=store.side_name(found.member.side_id)))
    others = models.Seat.objects.filter(pause_id=seat.pause, role=Role.COORDINATOR.value,
                                        member__active=True).exclude(member_id=member)
    require(found.role != Role.COORDINATOR.value or others.exists(), "This is the last coordinator "
            "of the pause; invite another first.")
    with transaction.atomic():
        models.Invitation.objects.filter(by_id=member, pause_id=seat.pause,
                                         used=False).update(used=True)
        found.delete()


def _reset(store: Store, member: models.Member, login: str, passphrase: str) -> Joined:
    tag = store.secrets.veil.tag(require_name(login, "A login").casefold(), "login")
    require(tag == member.login_tag, "This link is for another login.")
    member.password = store.argon.hash(passphrase)
    member.save(update_fields=["password"])
    code = new_pair(store, member, passphrase)
    sign_out_everywhere(store, member.id)
    return Joined(member.id, code)


def change_passphrase(store: Store, who: Principal, old: str, new: str,
                      address: str = "") -> None:
    """Set another passphrase; the keys under the old one are put under the new.

    Other sessions end: whoever else knew the old one is out. Raises Refusal, TooMany.
    """
    who.require(Scope.ACCOUNT)
    member = models.Member.objects.get(pk=who.member)
    login = store.secrets.veil.open(member.login, f"login {member.id}")
    require_passphrase(new, not_in=(login,))
    _require_passphrase_of(store, member, old, address)
    keys = []
    for key in member.keys.all():
        what = f"member {member.id} {key.public}"
        try:
            key.wrapped = store.argon.wrap(store.argon.unwrap(key.wrapped, old, what), new, what)
        except Refusal:  # from before a reset: only its printed code opens it
            continue
        keys.append(key)
    with transaction.atomic():
        member.password = store.argon.hash(new)
        member.save(update_fields=["password"])
        for key in keys:
            key.save(update_fields=["wrapped"])
    sign_out_everywhere(store, member.id, but=who.session)


def _require_passphrase_of(store: Store, member: models.Member, passphrase: str,
                           address: str) -> None:
    """Raise Refusal, or TooMany: whoever has a session alone must not guess as fast as they can."""
    guess = count_guess(store, member.login_tag, address)
    require(store.argon.fits(member.password, passphrase), "The present passphrase is another.")
    guess.succeeded()


def recover_keys(store: Store, who: Principal, passphrase: str, code: str,
                 address: str = "") -> int:
    """Put keys from before a reset under the present passphrase, by their printed code.

    Returns how many; raises Refusal where the passphrase is another or the code opens none, and
    TooMany.
    """
    who.require(Scope.ACCOUNT)
    member = models.Member.objects.get(pk=who.member)
    _require_passphrase_of(store, member, passphrase, address)
    found = 0
    for key in member.keys.all():
        what = f"member {member.id} {key.public}"
        try:
            secret = unwrap_by_code(key.spare, code, what)
        except Refusal:
            continue
        key.wrapped = store.argon.wrap(secret, passphrase, what)
        key.save(update_fields=["wrapped"])
        found += 1
    require(found > 0, "This code opens none of your keys.")
    return found


def sign_out_everywhere(store: Store, member: UUID, *, but: UUID | None = None) -> None:
    """End all sessions and tokens of a member, save one session, and drop their keys.

    Links end, too: those by which somebody could set another passphrase for them, and those that
    they gave out, or whoever had their session did.
    """
    there = models.Session.objects.filter(member_id=member)
    (there.exclude(pk=but) if but else there).delete()
    models.Token.objects.filter(member_id=member).delete()
    models.Invitation.objects.filter(Q(member_id=member) | Q(by_id=member),
                                     used=False).update(used=True)
    store.keyring.drop_member(member)


def end_member(store: Store, seat: Seated, member: UUID) -> None:
    """Let a member in no longer; what they wrote stays. Raises NotThere, NotAllowed, Refusal."""
    who = seat.member
    who.require(Scope.ACCOUNT)
    found = _member_here(seat, member)
    seat.require(Action.END, "member", seat.relation(by=found.id,
                                                     side=store.side_name(found.side_id)))
    require(found.side_id == who.side or not _may_more(found, who), "They keep this server, or sit "
            "in a pause that you do not coordinate; take away their seat here instead.")
    last = not models.Member.objects.filter(keeper=True, active=True).exclude(pk=member).exists()
    require(not (found.keeper and last), "This is the last keeper of the server; make another "
            "first: lull coordinator")
    with transaction.atomic():
        models.Member.objects.filter(pk=member).update(active=False)
        models.MemberKey.objects.filter(member_id=member).update(current=False)
        sign_out_everywhere(store, member)
