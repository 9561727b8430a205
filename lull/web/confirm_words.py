"""The words of the page on which receipt is confirmed, in a language of letters."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen
from django.utils import translation
from django.utils.translation import gettext as _

from lull.domain.records import RECEIPT_SENTENCE


@frozen
class Words:
    """Sentences; `{version}` stands for the number of a version."""

    language: str
    title: str
    opening: str
    function: str
    read: str
    button: str
    beside: str
    thanks: str
    already: str
    newer: str
    expired: str
    nowhere: str
    busy: str
    wrong: Mapping[str, str]


def words_in(language: str) -> Words:
    """The words in a language."""
    with translation.override(language):
        return Words(
            language=language, title=_("Confirm receipt"), button=_("Confirm receipt"),
            beside=_(RECEIPT_SENTENCE),
            opening=_("Opening this page has confirmed nothing. To confirm that you received this, "
                      "fill in the form."),
            function=_("Your function and organisation (no name)"),
            read=_("I have read version {version}"),
            thanks=_("Receipt of version {version} is confirmed."),
            already=_("Receipt of version {version} had been answered before."),
            newer=_("There is a newer version: {version}. Read and confirm that one; this link no "
                    "longer confirms anything."),
            expired=_("The time of this link is over. Ask whoever sent it for another."),
            nowhere=_("This link leads nowhere, or what it led to was destroyed."),
            busy=_("Nothing was written just now. Please try again in a minute."),
            wrong={"function": _("Give your function, at most 200 characters."),
                   "read": _("Tick that you have read this version.")},
        )
