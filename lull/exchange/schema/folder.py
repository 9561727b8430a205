"""All tables and files of a pause folder, in the order in which a person fills them in."""

from __future__ import annotations

from collections.abc import Mapping

from lull.exchange.schema.column import Table
from lull.exchange.schema.others import CLAIMS, SAFEGUARDS, SUPPLIES, TRAVEL
from lull.exchange.schema.people import FLEET, PEOPLE
from lull.exchange.schema.places import CORRIDORS, SITES

PAUSE_FILE = "pause.yaml"
STREETS_FILE = "roads.osm.pbf"
ROUTES_FILE = "routes.geojson"
CLOSURES_FILE = "closures.geojson"
DATAPACKAGE_FILE = "datapackage.json"

TABLES: tuple[Table, ...] = (
    SITES, CORRIDORS, PEOPLE, FLEET, SUPPLIES, TRAVEL, SAFEGUARDS, CLAIMS,
)
BY_NAME: Mapping[str, Table] = {table.name: table for table in TABLES}

OTHER_FILES: Mapping[str, str] = {
    PAUSE_FILE: "Title, place, time zone, windows, parties, consents, planning rules, tiers.",
    STREETS_FILE: "Streets: any OpenStreetMap extract.",
    ROUTES_FILE: "The line that is crossed only at gates, and the approved routes.",
    CLOSURES_FILE: "Roads closed or slowed, mines suspected, with source and time.",
    DATAPACKAGE_FILE: "The tables described for other programs (Frictionless Data Package).",
}
"""Every file of a folder that is not a table, and what it holds."""
