"""What sides have published, in their words; and the account given of a pause when it is over."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from lull.domain.records import read_payload
from lull.domain.records.account import AfterAction
from lull.store import reading
from lull.store.principal import NotThere
from lull.web.pages.gate import accepted
from lull.web.pages.listing import list_records
from lull.web.pages.record import told
from lull.web.pages.visit import Visit, in_pause_or_public

STEPS_OF_AID = ("aid_planned_t", "aid_loaded_t", "aid_removed_t", "aid_delivered_t",
                "aid_returned_t")
TALLIES = ("movements", "incidents", "notifications", "triaged")


@in_pause_or_public
def statements(visit: Visit) -> HttpResponse:
    """The statements, the last first, and above them the accounts of the pause."""
    room = visit.room
    accounts = [told(k) for k in reversed(room.told("after_action")) if not k.fault]
    return list_records(visit, "statement", "statements.html", accounts=accounts,
                        may_account=room.may_write("after_action"))


@in_pause_or_public
def account_of(visit: Visit, hash: str) -> HttpResponse:  # noqa: A002 - the name in the address
    """One account of a pause, as a sheet that is read and printed."""
    known = reading.entry(visit.store, visit.room.seat, hash[:64])
    content = known.content
    if content is None or content.kind != "after_action" or known.fault or (
            not visit.room.seat.may_read(known)):
        raise NotThere("There is nothing here that is yours to see.")
    account: Any = read_payload(content.kind, content.payload)
    assert isinstance(account, AfterAction)
    one = told(known)
    return visit.show(
        "account_of.html", one=one, account=account, accepted=accepted(visit.room, account.pause),
        aid=[(name, getattr(account, name)) for name in STEPS_OF_AID],
        tallies=[(name, getattr(account, name)) for name in TALLIES if getattr(account, name)])
