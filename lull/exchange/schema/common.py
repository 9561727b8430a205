"""Columns that many tables share."""

from __future__ import annotations

from lull.exchange.schema.column import Column, Kind

ASSUMED = Column(
    "assumed", Kind.TEXT, "Why this row is an assumption; blank where it is documented.",
    hxl="#meta+assumed",
)
SOURCE = Column("source", Kind.TEXT, "Where the figures come from.", hxl="#meta+source")
NAME_AR = Column("name_ar", Kind.TEXT, "The name in Arabic.", hxl="#loc+name+i_ar")


def latitude(name: str, says: str, hxl: str) -> Column:
    """A column of degrees of latitude (WGS 84)."""
    return Column(name, Kind.NUMBER, says, unit="degrees", least=-90, most=90, hxl=hxl,
                  example="36.205")


def longitude(name: str, says: str, hxl: str) -> Column:
    """A column of degrees of longitude (WGS 84)."""
    return Column(name, Kind.NUMBER, says, unit="degrees", least=-180, most=180, hxl=hxl,
                  example="37.152")


def minutes(name: str, says: str, hxl: str = "", blank: str = "") -> Column:
    """A column of whole minutes."""
    return Column(name, Kind.WHOLE, says, unit="minutes", least=0, most=20_160, hxl=hxl,
                  blank=blank)
