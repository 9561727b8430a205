"""The parts of the room: what stands in its navigation, and for whom."""

from __future__ import annotations

from attrs import frozen
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lull.domain.protocol import Role

C, O, P, M, F = (  # noqa: E741 - as in the tables of the protocol
    Role.COORDINATOR, Role.ORGANISATION, Role.PARTY, Role.OBSERVER, Role.CLERK)
ALL = (C, O, P, M, F, None)
SIGNED_IN = (C, O, P, M, F)


@frozen
class Section:
    """One part: the name of its first page, its title, whose it is (None: the public)."""

    name: str
    title: str | Promise
    whose: tuple[Role | None, ...]
    tables: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


SECTIONS = (
    Section("due", _("Due now"), SIGNED_IN),
    Section("notice", _("Notice"), ALL, ("pause", "consent", "preparation_observed"),
            ("notice_of",)),
    Section("corridors", _("Corridors"), ALL, ("corridor",)),
    Section("readiness", _("Readiness"), SIGNED_IN, ("readiness", "protection_answer"),
            ("readiness_of",)),
    Section("notifications", _("Notifications"), (C, O, P, M, F),
            ("notification", "receipt", "facilitation"),
            ("notification", "answer", "transmit", "call_off", "complete", "expire", "supersede",
             "letters", "read_out", "reached")),
    Section("movements", _("Movements"), SIGNED_IN, ("movement",)),
    Section("requests", _("Requests"), SIGNED_IN, ("request", "decision"),
            ("request_of",)),
    Section("deliveries", _("Deliveries"), SIGNED_IN, ("delivery",)),
    Section("incidents", _("Incidents"), SIGNED_IN, ("incident", "assessment")),
    Section("constraints", _("Access"), SIGNED_IN, ("access_constraint",),
            ("constraint",)),
    Section("figures", _("Figures"), ALL, ("claimed_figure", "verified_figure")),
    Section("statements", _("Statements"), ALL, ("statement", "after_action"),
            ("account_of",)),
    Section("plans", _("Plans"), (C, O), pages=("folder", "ask", "job", "job_drafts")),
    Section("report", _("The report"), ALL),
    Section("chart", _("Map"), ALL),
    Section("people", _("People"), SIGNED_IN),
    Section("ledger", _("Ledger"), SIGNED_IN, (),
            ("chain", "apart", "without_effect", "take_in", "export", "entry")),
)
OF_TABLE = {table: section for section in SECTIONS for table in section.tables}
OWN_PAGES = {"pause": "notice_of", "request": "request_of", "readiness": "readiness_of"}
"""Tables whose things have a page of their own: its name. Its address holds their tag."""
PARENTS = {"consent": "pause", "preparation_observed": "pause", "decision": "request",
           "assessment": "incident", "receipt": "notification", "facilitation": "notification",
           "known_at_checkpoint": "notification", "line_test": "notification",
           "check_in": "notification"}
"""What is said of an object of another table, and is shown on its page."""
AFTERWARDS = {"corridor": "corridors", "protection_answer": "readiness"}
"""Records that are shown on a page of a part of the room: its name."""


@frozen
class Shown:
    """A part as it stands in the navigation."""

    name: str
    title: str | Promise
    here: bool


def sections_for(role: Role | None, page: str) -> tuple[Shown, ...]:
    """The parts of the room for a role; `page` is the one that is open."""
    return tuple(Shown(s.name, s.title, page == s.name or page in s.pages)
                 for s in SECTIONS if role in s.whose)
