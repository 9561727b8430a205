"""The tables of supplies, safeguards, claims and travel minutes."""

from __future__ import annotations

from lull.exchange.schema.column import Column, Kind, Table
from lull.exchange.schema.common import ASSUMED, SOURCE, minutes

MOST_UNITS = 1_000_000_000

SUPPLIES = Table(
    "supplies",
    "Aid item by item: where it stands in stock and where it is needed.",
    (
        Column("line", Kind.CHOICE, "Whether the row is a stock or a need.", True,
               allowed=("stock", "need"), hxl="#activity+line"),
        Column("item", Kind.ID, "A short name of the item.", True, hxl="#item+code",
               example="flour"),
        Column("item_name", Kind.TEXT, "The name that people use.", blank="the item's id",
               hxl="#item+name"),
        Column("unit", Kind.TEXT, "What is counted: bag, box, kit.", blank="unit",
               hxl="#item+unit", example="bag"),
        Column("kg_per_unit", Kind.NUMBER, "Kilograms of one unit; said in at least one row of "
               "each item.", unit="kg", least=0.000001, most=40_000,
               blank="as in another row of the item",
               hxl="#item+weight+kg", example="50"),
        Column("site", Kind.ID, "Where it stands or is needed.", True, refers="sites",
               hxl="#loc+id"),
        Column("units", Kind.WHOLE, "How many units.", least=0, most=MOST_UNITS,
               blank="given by tonnes", hxl="#item+num"),
        Column("tonnes", Kind.NUMBER, "Weight in place of units; rounded up to whole units for a "
               "need and down for a stock.", unit="tonnes", least=0, most=10_000_000,
               blank="given by units", hxl="#item+weight+t"),
        Column("minimum_units", Kind.WHOLE, "Of a need: units for survival, that come first.",
               least=0, most=MOST_UNITS, blank="0", hxl="#item+num+minimum"),
        Column("priority", Kind.WHOLE, "Of a need: 1 comes first. Rows for one item "
               "at one site share what comes: minima first, each by priority.",
               least=1, most=99, blank="1", hxl="#severity+priority"),
        Column("persons_per_unit", Kind.NUMBER, "Persons whom one unit serves.", unit="persons",
               least=0, most=1_000_000, blank="not known", hxl="#inneed+perunit"),
        Column("days", Kind.NUMBER, "For how many days.", unit="days", least=0, most=3_660,
               blank="not known", hxl="#indicator+days"),
        minutes("ready_minutes", "Of a stock: minutes after the notice until it is loaded and "
                "sealed; where no notice is stated, it is ready.", "#indicator+ready", "0"),
        Column("neighbourhood", Kind.TEXT, "Of a need: the name under which its share is counted.",
               blank="that of the site", hxl="#adm4+name"),
        ASSUMED,
        SOURCE,
    ),
    key=("line", "item", "site", "ready_minutes", "priority", "neighbourhood"),
)

SAFEGUARDS = Table(
    "safeguards",
    "Security measures and clauses agreed.",
    (
        Column("id", Kind.ID, "A short name.", True, hxl="#event+clause+id"),
        Column("what", Kind.TEXT, "What was agreed.", True, hxl="#description"),
        Column("binds", Kind.TEXT, "Whom it binds.", True, hxl="#group+bound"),
        Column("observed_by", Kind.TEXT, "Who observes it.", hxl="#org+observer"),
        Column("state", Kind.TEXT, "How it stands.", hxl="#status"),
        SOURCE,
    ),
    key=("id",),
)

CLAIMS = Table(
    "claims",
    "Figures that somebody gave, side by side, for comparison after the fact.",
    (
        Column("id", Kind.ID, "A short name.", True, hxl="#event+claim+id"),
        Column("about", Kind.TEXT, "What the figure counts.", True, hxl="#description+about"),
        Column("figure", Kind.NUMBER, "The figure.", True, hxl="#value"),
        Column("unit", Kind.TEXT, "In what it is counted.", True, hxl="#value+unit"),
        Column("claimed_by", Kind.TEXT, "Who gave it.", True, hxl="#org+claimant"),
        Column("source", Kind.TEXT, "Where it can be read.", True, hxl="#meta+source"),
        Column("at", Kind.TEXT, "When it was given, as the source says.", hxl="#date+reported"),
        Column("note", Kind.TEXT, "Anything else.", hxl="#description+note"),
    ),
    key=("id",),
)

TRAVEL = Table(
    "travel_minutes",
    "Minutes from place to place. Beside streets, they count before the streets for the pairs "
    "that they name; in place of streets, what is not listed cannot be driven.",
    (
        Column("from", Kind.ID, "A site, or a gate as `CORRIDOR@SIDE`.", True, refers="places",
               hxl="#loc+from", example="C1@inside"),
        Column("to", Kind.ID, "A site, or a gate as `CORRIDOR@SIDE`.", True, refers="places",
               hxl="#loc+to", example="C1@outside"),
        Column("profile", Kind.ID, "A vehicle type, `own_car`, `foot`, or `all` for all vehicles "
               "and own cars; people on foot need rows of their own. A row for a profile comes "
               "before a row for all.", blank="all", refers="profiles", hxl="#modality+profile",
               example="all"),
        Column("minutes", Kind.ESTIMATE, "Minutes on the way.", True, unit="minutes", least=0,
               most=20_160, hxl="#indicator+travel+minutes"),
        Column("metres", Kind.NUMBER, "Length of the way.", unit="metres", least=0,
               most=5_000_000, blank="not known", hxl="#indicator+travel+metres"),
        Column("both_ways", Kind.YES_NO, "Whether the way back takes the same.", blank="no",
               hxl="#status+bothways"),
    ),
    key=("from", "to", "profile"),
)
