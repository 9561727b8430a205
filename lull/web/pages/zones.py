"""Times as they are read: local first, UTC beside it, never one without the other."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from attrs import frozen
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lull.domain.records.form import beyond_years
from lull.domain.time import FIRST_YEAR, LAST_YEAR

ZONE = "lull-zone"
UTC_SECOND = "%Y-%m-%dT%H:%M:%SZ"


class NoSuchTime(ValueError):
    """A local time that a clock skips or shows twice, or in a year of which nobody speaks here.

    The sentence says what to give.
    """


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
        """A time in the zone; where no calendar reaches, in UTC, whatever others wrote."""
        try:
            return at.astimezone(ZoneInfo(self.zone))
        except OverflowError:
            return at.astimezone(UTC)

    def html(self, at: datetime) -> SafeString:
        """A time for a page, each part apart so that no direction turns it."""
        here = self.local(at)
        utc = at.astimezone(UTC)
        stamp = f"{utc.replace(tzinfo=None).isoformat(timespec='seconds')}Z"
        shown = f"{here.replace(tzinfo=None).isoformat(' ', 'minutes')}"
        if self.zone == "UTC" or here.tzinfo is UTC:
            return format_html('<time datetime="{}" dir="ltr"><bdi>{} UTC</bdi></time>', stamp,
                               shown)
        beside = f"{utc:%H:%M}" if utc.date() == here.date() else f"{utc:%m-%d %H:%M}"
        return format_html('<time datetime="{}" dir="ltr"><bdi>{}</bdi> '
                           '<small class="utc">{} UTC</small></time>', stamp, shown, beside)

    def field(self, at: datetime) -> str:
        """A time as a form's field holds it, in the zone; with seconds where it has some."""
        here = self.local(at).replace(tzinfo=None)
        return here.isoformat(timespec="seconds" if at.second else "minutes")


def instant_of(local: str, zone: str) -> str:
    """A form's local time as text in UTC, to the second. Raises NoSuchTime, ValueError."""
    naive = datetime.fromisoformat(local)
    if not FIRST_YEAR <= naive.year <= LAST_YEAR:
        raise NoSuchTime(beyond_years(local))
    if naive.tzinfo is not None:
        return naive.astimezone(UTC).strftime(UTC_SECOND)
    first = naive.replace(tzinfo=ZoneInfo(zone), fold=0)
    second = naive.replace(tzinfo=ZoneInfo(zone), fold=1)
    if first.utcoffset() != second.utcoffset():
        raise NoSuchTime(f"In {zone} the clock is put forward or back around {local}; give this "
                         "time in UTC.")
    return first.astimezone(UTC).strftime(UTC_SECOND)


def utc_instant(text: str) -> datetime:
    """An instant from its text in UTC. Raises ValueError."""
    return datetime.strptime(text, UTC_SECOND).replace(tzinfo=UTC)
