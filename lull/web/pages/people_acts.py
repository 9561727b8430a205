"""What may be done about people: each act of the page, as its form sends it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from attrs import field, frozen
from django.utils.translation import gettext as _

from lull.domain.protocol import Role
from lull.domain.refusal import require
from lull.domain.rights import Action
from lull.ledger.entry import HEX64
from lull.store import accounts, ledgers, models, signin
from lull.store.principal import NotThere, Scope
from lull.web.pages.visit import Visit


@frozen
class Once:
    """Something that is shown once: what it is for, and the text itself."""

    what: str
    text: str = field(repr=False)


def _text(visit: Visit, name: str) -> str:
    return str(visit.request.POST.get(name, "")).strip()[:1_000]


def _id(visit: Visit, name: str) -> UUID:
    try:
        return UUID(_text(visit, name))
    except ValueError:
        raise NotThere("There is no such thing.") from None


def _role(visit: Visit) -> Role:
    text = _text(visit, "role")
    require(text in list(Role), _("Choose a role."))
    return Role(text)


def _sure(visit: Visit) -> None:
    require(visit.request.POST.get("sure") == "yes", _("Tick that you mean it; it cannot be taken "
                                                       "back."))


def _make_side(visit: Visit) -> None:
    seat = visit.room.seat
    seat.member.require(Scope.ACCOUNT)
    seat.require(Action.MAKE, "side")
    accounts.make_side(visit.store, _text(visit, "name"), seat.pause)


def _invite(visit: Visit) -> Once:
    made = accounts.invite(visit.store, visit.room.seat, side=_id(visit, "side"),
                           role=_role(visit), function=_text(visit, "function"))
    return Once("invitation", made.token)


def _end_invitation(visit: Visit) -> None:
    seat, link = visit.room.seat, _id(visit, "link")
    seat.member.require(Scope.ACCOUNT)
    found = models.Invitation.objects.filter(pause_id=seat.pause, used=False, pk=link).first()
    if found is None or not seat.may(Action.END, "invitation", seat.relation(
            side=visit.store.side_name(found.side_id))):
        raise NotThere("There is no such link.")
    models.Invitation.objects.filter(pk=link).update(used=True)


def _reset(visit: Visit) -> Once:
    made = accounts.offer_reset(visit.store, visit.room.seat, _id(visit, "member"))
    return Once("reset", made.token)


def _end_seat(visit: Visit) -> None:
    _sure(visit)
    accounts.end_seat(visit.store, visit.room.seat, _id(visit, "member"))


def _end_member(visit: Visit) -> None:
    _sure(visit)
    accounts.end_member(visit.store, visit.room.seat, _id(visit, "member"))


def _admit(visit: Visit) -> None:
    name = "".join(_text(visit, "name").split()).lower()
    require(bool(HEX64.fullmatch(name)), _("The name of a post has 64 hexadecimal digits."))
    require(visit.request.POST.get("compared") == "yes", _("Compare all 64 digits by voice first, "
                                                           "and tick that you did."))
    ledgers.admit(visit.store, visit.room.seat, name, _id(visit, "side"), _role(visit).value)


def _make_token(visit: Visit) -> Once:
    days = _text(visit, "days")
    require(days.isdecimal() and len(days) < 6, _("Say for how many days, as a whole number."))
    known = {scope.value: scope for scope in Scope}
    scopes = [known[s] for s in visit.request.POST.getlist("scope") if s in known]
    _row, text = signin.make_token(
        visit.store, visit.room.seat.member, scopes=frozenset(scopes), days=int(days),
        label=_text(visit, "label"), pause=visit.room.seat.pause)
    return Once("token", text)


def _end_token(visit: Visit) -> None:
    who = visit.room.seat.member
    who.require(Scope.ACCOUNT)
    gone, _rows = models.Token.objects.filter(pk=_id(visit, "token"),
                                              member_id=who.member).delete()
    if not gone:
        raise NotThere("There is no such token of yours.")


ACTS: dict[str, Callable[[Visit], Once | None]] = {
    "make_side": _make_side, "invite": _invite, "end_invitation": _end_invitation,
    "reset": _reset, "end_seat": _end_seat, "end_member": _end_member, "admit": _admit,
    "make_token": _make_token, "end_token": _end_token,
}
"""Every act by the name that its button sends."""
