"""What templates need beside Django's own: words, times, fields by name, addresses of things."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from lull.domain.records.form import instant
from lull.web.forms.helps import hint, list_of, mays, musts, said
from lull.web.pages.assets import address_of
from lull.web.pages.sentences import in_language
from lull.web.pages.words import choice, word
from lull.web.pages.zones import Clock

MINUTES = 60
MOST_ADDRESSES = 4096
LONG_DAYS = 2
"""From how many days on minutes say nothing."""
register = template.Library()
register.filter("word", word)
register.filter("choice", choice)
for helps in (hint, list_of, musts, mays, said):
    register.filter(helps.__name__, helps)


@register.filter
def get(mapping: Mapping[str, Any], name: str) -> Any:
    """A value by its name, or nothing."""
    return mapping.get(name, "")


@register.filter
def apart(text: object) -> SafeString:
    """A text whose direction must not turn what stands around it."""
    return format_html("<bdi>{}</bdi>", text)


@register.filter
def code(text: object) -> SafeString:
    """An identifier or a figure: left to right wherever it stands."""
    return format_html('<bdi dir="ltr" class="code">{}</bdi>', text)


@register.filter
def figure(value: object) -> SafeString:
    """A figure as it is read: thousands apart, no zeros behind its point; a dash for none."""
    if value is None or value == "":
        return format_html("{}", "–")
    text = f"{Decimal(str(value)):,f}"
    return code(text.rstrip("0").rstrip(".") if "." in text else text)


@register.filter
def aloud(digits: object) -> SafeString:
    """Digits in groups of four, as they are read out and compared by voice."""
    text = str(digits)
    groups = (text[i:i + 4] for i in range(0, len(text), 4))
    return format_html('<bdi dir="ltr" class="code aloud">{}</bdi>',
                       format_html_join(" ", "<span>{}</span>", ((one,) for one in groups)))


@register.simple_tag(takes_context=True)
def at(context: Context, when: Any) -> str:
    """A time, local and in UTC; from an instant or its text."""
    clock: Clock = context["clock"]
    if not when:
        return "–"
    found = when if isinstance(when, datetime) else instant(when)
    return clock.html(found) if found else code(when)


@register.simple_tag
def asset(name: str) -> str:
    """The address of a file of the pages."""
    return address_of(name)


@register.simple_tag(takes_context=True)
def here(context: Context, name: str, *args: Any) -> str:
    """The address of a page of this pause."""
    return _address(name, context["seat"].pause, *args)


@lru_cache(maxsize=MOST_ADDRESSES)
def _address(name: str, *args: Any) -> str:
    """As Django works it out, once: addresses hold tags, and nothing that is sealed."""
    return reverse(name, args=args)


@register.simple_tag(takes_context=True)
def shown_version(context: Context) -> SafeString:
    """With what a part that renews itself says which version it shows, where that is known."""
    version = context.get("version")
    return format_html(""" hx-headers='{}'""", mark_safe(  # noqa: S308 - no quotes but these
        f'{{"If-None-Match": "W/\\"{version}\\""}}')) if version else SafeString()


@register.filter
def for_long(time: timedelta | None) -> SafeString:
    """How long, in the two largest units that say something."""
    minutes = max(0, int((time or timedelta()).total_seconds() // 60))
    days, hours = divmod(minutes // 60, 24)
    if days >= LONG_DAYS:
        text = gettext("%(days)s d %(hours)s h") % {"days": days, "hours": hours}
    elif minutes >= MINUTES:
        text = gettext("%(hours)s h %(minutes)s min") % {
            "hours": minutes // MINUTES, "minutes": minutes % MINUTES}
    else:
        text = gettext("%(minutes)s min") % {"minutes": minutes}
    return format_html("<bdi>{}</bdi>", text)


@register.filter
def way(names: tuple[str | int, ...]) -> SafeString:
    """Where a field stands in its record, in words, each apart."""
    parts = [name if isinstance(name, int) else word(name) for name in names]
    return format_html_join(" · ", "<bdi>{}</bdi>", ((part,) for part in parts))


@register.filter
def kind_word(kind: str) -> str:
    """A kind of entry, such as `notification.draft`, as words: «Notification: draft»."""
    table, _, event = kind.partition(".")
    return f"{word(table)}: {word(event)}" if event else word(table)


@register.filter
def say(sentence: object) -> str:
    """A sentence of lull in the language of the page."""
    return gettext(str(sentence)) if sentence else ""


@register.filter
def sentence(said: object) -> str:
    """What lull says is wrong, in the language of the page."""
    return in_language(str(said))


@register.filter
def id_of(path: str) -> str:
    """The id on the page of a field by its path."""
    return path.replace(".", "-")


@register.filter
def last_word(path: str) -> str:
    """The name of a field by its path, in words, with the number of its group."""
    parts = path.split(".")[1:]
    return " ".join(part if part.isdecimal() else word(part) for part in parts)


@register.filter
def is_known(one: Any, known: set[tuple[str, str]]) -> bool:
    """Whether somebody has said where a recipient is reached over a channel."""
    return (one.recipient, one.channel) in known


@register.filter
def unlocal(figure: float) -> str:
    """A figure for a picture, never as a language writes it."""
    return f"{figure:.1f}" if isinstance(figure, float) else str(figure)


@register.filter
def add_units(figure: float, more: str) -> str:
    """A figure and some units more, for a picture."""
    return f"{figure + float(more):.1f}"


@register.filter
def degrees(figure: float) -> SafeString:
    """Degrees to five places: one metre."""
    return code(f"{figure:.5f}")


@register.filter
def percent(share: float) -> str:
    """A share as a percentage with one decimal."""
    return f"{100 * share:.1f}%"


@register.filter
def words(names: str) -> list[str]:
    """Names with blanks between, one by one."""
    return names.split()


@register.filter
def last_part(path: str) -> str:
    """The last part of a field's path, in words."""
    return word(path.rpartition(".")[2])


@register.filter
def local_field(at: datetime, clock: Clock) -> str:
    """A time as a form's field holds it."""
    return clock.field(at)
