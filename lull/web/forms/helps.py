"""What helps to fill in a field: a word on its form, and the names that are known already."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lull.web.forms.filled import Filled

HINTS: dict[str, str | Promise] = {
    "mgrs": _("As on the map, such as 37S CA 31250 08770"),
    "latitude_deg": _("Decimal degrees in WGS-84, such as 36.2021"),
    "longitude_deg": _("Decimal degrees in WGS-84, such as 37.1343"),
    "accuracy_m": _("How far off the point may lie, in metres"),
    "code": _("A code of the place, such as a P-code"),
    "route_sha256": _("Leave it empty where the waypoints are named below: it is worked out of "
                      "their names. Else 64 digits; sha256sum gives them for the route's file"),
    "clause": _("A safeguard that was agreed, or in words"),
    "notification_hash": _("64 digits; «Report an incident» on the page of the notification fills "
                           "them in"),
    "status_reason": _("As it was given; where none was, write «none given»"),
    "sha256": _("64 digits; sha256sum gives them for the file"),
    "corridors": _("One on each line, as the notice names them"),
    "consent_by_function": _("By which function its owner agreed to this channel; no name"),
    "number": _("As a figure or as it is dialled"),
    "said_by_function": _("A function such as duty officer; no name"),
    "answered_by_function": _("A function such as duty officer; no name"),
    "plates": _("One on each line"),
    "list_reference": _("Where the list is kept; no name stands here"),
    "time_zone": _("Such as Asia/Damascus"),
    "recurrence": _("In words, such as: every day"),
}
"""By the name of the field."""
LISTS = {
    **dict.fromkeys((
        "party", "recipient", "actor", "observer", "organisation", "by", "claimed_by",
        "verified_by", "binds", "observed_by", "carrier", "consignor", "consignee", "alleged_by",
        "authority"), "sides"),
    "pause": "pauses", "corridor": "corridors", "notification": "notifications",
    "movement": "movements", "time_zone": "zones", "clause": "safeguards",
}
"""Fields in which names are typed that are known already, and which names these are."""
ZONES = ("Asia/Damascus", "Asia/Gaza", "Africa/Khartoum", "Europe/Kyiv", "Europe/Moscow", "UTC")
KNOWN_ALREADY = frozenset({"reference", "version"})
"""Fields of every record that nobody types: the name of the thing, and which version this is."""


@frozen
class Names:
    """Names that are offered where one of them is meant."""

    id: str
    names: tuple[str, ...]


def hint(field: str) -> str:
    """A word on the form of a field, in the language of the page, or nothing."""
    return str(HINTS.get(field, ""))


def list_of(field: str) -> str:
    """The id of the names that are offered in a field, or nothing."""
    return f"known-{LISTS[field]}" if field in LISTS else ""


def musts(group: Iterable[Filled]) -> list[Filled]:
    """The fields of a group that are seen at once: those that must be filled."""
    return [one for one in group if one.field.required and not one.field.constant]


def mays(group: Iterable[Filled]) -> list[Filled]:
    """The fields of a group that need not be filled."""
    return [one for one in group if not one.field.required and not one.field.constant]


def said(group: Iterable[Filled]) -> bool:
    """Whether anything stands in fields, or is wrong with them."""
    return any(one.has_said for one in group)
