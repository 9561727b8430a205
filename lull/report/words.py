"""How numbers, times and names are put into words on paper and over the radio."""

from __future__ import annotations

from markupsafe import Markup, escape

from lull.domain.case import Case
from lull.domain.corridor import Direction, User
from lull.domain.people import Means, Need
from lull.domain.place import SiteKind
from lull.domain.time import Clock

THIN = "\N{NARROW NO-BREAK SPACE}"

NEED_WORDS = {
    Need.CRITICAL: "critical patients",
    Need.STRETCHER: "stretcher patients",
    Need.SEATED: "people who need a seat",
    Need.WALKING: "people who can walk",
}
"""Needs in the order in which they come first; patients' rows include their companions."""

MEANS_WORDS = {
    Means.TRANSPORT: "need transport",
    Means.OWN_CAR: "own car",
    Means.ON_FOOT: "on foot",
}

KIND_WORDS = {
    SiteKind.ASSEMBLY: "assembly point",
    SiteKind.EXCHANGE: "exchange point",
    SiteKind.HOLDING: "holding area",
    SiteKind.SHELTER: "shelter",
    SiteKind.BASE: "vehicle base",
    SiteKind.HOSPITAL: "hospital",
    SiteKind.RECEPTION: "reception centre",
    SiteKind.FEEDING: "feeding centre",
    SiteKind.WAREHOUSE: "warehouse",
    SiteKind.DISTRIBUTION: "distribution point",
}

USER_WORDS = {
    User.CIVILIANS: "civilians",
    User.WOUNDED: "wounded and sick",
    User.FIGHTERS: "fighters",
    User.AID: "aid",
}

DIRECTION_WORDS = {Direction.OUT: "out", Direction.IN: "in"}


def whole(number: float) -> str:
    """A number rounded to whole units, its thousands set apart: `12 345`."""
    return f"{round(number):,}".replace(",", THIN)


def tonnes(number: float) -> str:
    """Tonnes with one decimal below 100 and none above."""
    return whole(number) if number >= 99.95 else f"{number:.1f}"


def percent(share: float) -> str:
    """A share as a percentage; only all is 100 %, and only nothing is 0 %."""
    if share <= 0:
        return f"0{THIN}%"
    if share >= 1:
        return f"{round(share * 100)}{THIN}%"
    if share < 0.01:
        return f"under 1{THIN}%"
    return f"{min(99, round(share * 100))}{THIN}%"


def count_of(number: int, one: str, many: str = "") -> str:
    """A count with its noun: `1 bus`, `3 buses`."""
    return f"{whole(number)} {one if number == 1 else many or one + 's'}"


def duration(minutes: int) -> str:
    """Minutes as `2 h 30 min`."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} min")
    return " ".join(parts)


def local(clock: Clock, minute: int) -> str:
    """Local time `HH:MM`, with the day after the first as `+1`."""
    return clock.hhmm(minute)


def utc(clock: Clock, minute: int) -> str:
    """UTC as `HH:MMZ`, with the day after the first local day as `+1`."""
    at = clock.utc(minute)
    days = (at.date() - clock.local(0).date()).days
    return f"{at:%H:%M}Z" + (f"{days:+d}" if days else "")


def day(clock: Clock, minute: int) -> str:
    """The local date, such as `20 October 2016`."""
    at = clock.local(minute)
    return f"{at.day} {at:%B %Y}"


def stamp(clock: Clock, minute: int) -> str:
    """Local date and time, and UTC beside it."""
    at = clock.local(minute)
    return f"{at.day} {at:%B %Y} {at:%H:%M} ({clock.utc(minute):%H:%M} UTC)"


def site_name(case: Case, site: str) -> str:
    """A site's name, or its id where it has none."""
    return case.sites[site].name or site


def corridor_name(case: Case, corridor: str) -> str:
    """A corridor's name, or its id where it has none or does not exist in this reading."""
    known = case.corridors.get(corridor)
    return (known.name or corridor) if known else corridor


def vehicle_words(case: Case, vehicle: str) -> str:
    """A vehicle as it is called over the radio: its type's name and its number."""
    kind = case.vehicle_type(vehicle)
    return f"{kind.name or kind.id} {vehicle.partition('#')[2]}"


def bdi(text: str, arabic: str = "") -> Markup:
    """A name isolated from the direction of the text around it, with its Arabic form if given."""
    shown = Markup("<bdi>{}</bdi>").format(text)
    if arabic:
        shown += Markup(' <bdi lang="ar" dir="rtl">{}</bdi>').format(arabic)
    return shown


def xml(text: object) -> str:
    """Text made safe for SVG and HTML."""
    return str(escape(text))
