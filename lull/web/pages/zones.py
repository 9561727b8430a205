"""Times as they are read: local first, UTC beside it, never one without the other."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from attrs import frozen
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

ZONE = "lull-zone"
UTC_SECOND = "%Y-%m-%dT%H:%M:%SZ"
LOCAL_MINUTE = "%Y-%m-%dT%H:%M"
LOCAL_SECOND = "%Y-%m-%dT%H:%M:%S"


class NoSuchTime(ValueError):
    """A local time that a clock skips or shows twice; the sentence says what to give."""


@cache
def zones() -> frozenset[str]:
    """Every time zone by name."""
    return frozenset(available_timezones())


def zone_of(request: HttpRequest, of_pause: str) -> str:
    """The zone in which times are read: the reader's own choice, else that of the pause."""
    for name in (request.COOKIES.get(ZONE, ""), of_pause):
        if name in zones():
            return name
    return "UTC"


@frozen
class Clock:
    """How times are shown: in one zone, and in UTC."""

    zone: str

    def local(self, at: datetime) -> datetime:
        """A time in the zone."""
        return at.astimezone(ZoneInfo(self.zone))

    def html(self, at: datetime) -> SafeString:
        """A time for a page, each part apart so that no direction turns it."""
        here = self.local(at)
        utc = at.astimezone(UTC)
        stamp = utc.strftime(UTC_SECOND)
        shown = f"{here:%Y-%m-%d %H:%M}"
        if self.zone == "UTC":
            return format_html('<time datetime="{}" dir="ltr"><bdi>{} UTC</bdi></time>', stamp,
                               shown)
        beside = f"{utc:%H:%M}" if utc.date() == here.date() else f"{utc:%m-%d %H:%M}"
        return format_html('<time datetime="{}" dir="ltr"><bdi>{}</bdi> '
                           '<small class="utc">{} UTC</small></time>', stamp, shown, beside)

    def field(self, at: datetime) -> str:
        """A time as a form's field holds it, in the zone; with seconds where it has some."""
        return f"{self.local(at):{LOCAL_SECOND if at.second else LOCAL_MINUTE}}"


def instant_of(local: str, zone: str) -> str:
    """A form's local time as text in UTC, to the second. Raises NoSuchTime, ValueError."""
    naive = datetime.fromisoformat(local)
    if naive.tzinfo is not None:
        return naive.astimezone(UTC).strftime(UTC_SECOND)
    first = naive.replace(tzinfo=ZoneInfo(zone), fold=0)
    second = naive.replace(tzinfo=ZoneInfo(zone), fold=1)
    if first.utcoffset() != second.utcoffset():
        raise NoSuchTime(f"In {zone} the clock is put forward or back around {local}; give this "
                         "time in UTC.")
    return first.astimezone(UTC).strftime(UTC_SECOND)


def utc_instant(text: str) -> datetime:
    """An instant from its text in UTC."""
    return datetime.strptime(text, UTC_SECOND).replace(tzinfo=UTC)
