"""What lull says is wrong, in the language of the page.

The sentences come from below, in English, with what was found in them. Those that people meet at a
form are known here by their pattern; the words in between are put into the translated sentence.
Others are shown as they are, which is better than nothing.
"""

from __future__ import annotations

import re
from functools import cache

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

PATTERNS = (
    _("This must be filled."),
    _("This field is not known."),
    _("There must be a text here, or nothing."),
    _("There must be a list here, or nothing."),
    _("There must be fields with values here."),
    _("It must be true, or be left out."),
    _("{0} is no whole number."),
    _("{0} is no figure in plain form, such as 36.2021."),
    _("{0} is no time in UTC, such as 2016-10-20T09:15:00Z."),
    _("{0} is none of: {1}."),
    _("The text is longer than {0} characters."),
    _("It ends ({0}) before it begins ({1})."),
    _("It arrives before it leaves."),
    _("Name at least one side to which it is sealed."),
    _("An emergency notification says why it is one."),
    _("A site is notified only if its operator consents."),
    _("It must be reviewed after it becomes valid."),
    _("Say why the site was removed."),
    _("A figure needs a source."),
    _("A receipt by voice says by which function it was taken."),
    _("An open question is accepted only with a reason, which is printed."),
    _("The question {0} cannot be waived by a party."),
    _("Give an answer, or say which role accepts that there is none."),
    _("A SHA-256 has 64 hexadecimal digits."),
    _("{0}, {1} is no latitude and longitude."),
    _("Coordinates are given in WGS-84."),
    _("{0} sides named have no member with a key, or are not known here; what is sealed to them "
      "could be read by nobody. Invite them first."),
    _("It is transmitted {0} before departure; a planned movement is notified {1} before, so it is "
      "{2} late ({3})."),
    _("It is transmitted {0} before departure; an emergency movement is notified {1} before, so it "
      "is {2} late ({3})."),
    _("It is transmitted after departure; a planned movement is notified {0} before, so it is {1} "
      "late ({2})."),
    _("It is transmitted after departure; an emergency movement is notified {0} before, so it is "
      "{1} late ({2})."),
    _("It was to be reviewed by {0}, {1} ago; until that is done it is unverified ({2})."),
    _("Its review is set {0} later than {1} after its function was confirmed ({2})."),
    _("In {0} the clock is put forward or back around {1}; give this time in UTC."),
)


@cache
def _known() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(re.sub(r"\\\{\d\\\}", "(.+?)", re.escape(one)), re.DOTALL), one)
                 for one in PATTERNS)


def in_language(sentence: str) -> str:
    """A sentence in the language of the page; as it is where it is not known."""
    if get_language() in (None, "en"):
        return sentence
    for pattern, one in _known():
        fits = pattern.fullmatch(sentence)
        if fits:
            return gettext(one).format(*fits.groups())
    return gettext(sentence)
