"""Sentences that come from below, in the language of the page, with what is put into them apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from lull.domain.saying import Given, Lasting, Name, Said, in_english
from lull.web.pages.tags import code, for_long
from lull.web.pages.words import word
from lull.web.pages.zones import Clock

SLOT = re.compile(r"\{(\w+)\}")


def in_words(some: Iterable[Said], clock: Clock) -> SafeString:
    """Sentences for a page; times by its clock."""
    return format_html_join(" ", "{}", ((_sentence(one, clock),) for one in some))


def _sentence(said: Said, clock: Clock) -> SafeString:
    given = dict(said.given)
    parts = SLOT.split(gettext(said.pattern))
    return format_html_join("", "{}", (
        (_given(given[part], clock) if at % 2 else part,) for at, part in enumerate(parts)))


def _given(value: Given, clock: Clock) -> SafeString | str:
    if isinstance(value, Said):
        return _sentence(value, clock)
    if isinstance(value, tuple):
        comma = "، " if get_language() == "ar" else ", "
        return format_html_join(comma, "{}", ((_sentence(one, clock),) for one in value))
    if isinstance(value, datetime):
        return clock.html(value)
    if isinstance(value, Lasting):
        return for_long(timedelta(minutes=value.minutes))
    if isinstance(value, Name):
        return in_english(value) if get_language() in (None, "en") else word(value.code)
    if isinstance(value, int | Decimal):
        return code(in_english(value))
    return format_html("<bdi>{}</bdi>", value)
