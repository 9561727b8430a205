"""The columns of the search's arrays, by name."""

from __future__ import annotations

CHECK, CHECK_HIGH, TRANSIT, TRANSIT_HIGH = 0, 1, 2, 3
LIKELY, HIGH = 0, 1
OPENS, CLOSES, LAST_OUT = 0, 1, 2

GATE = ("gate_pool", "gate_out", "gate_first", "gate_last", "gate_headway", "gate_largest",
        "gate_holding", "gate_rate", "gate_slowest", "gate_stretch")
(POOL, GATE_OUT, GATE_FIRST, GATE_LAST, GATE_HEADWAY, GATE_LARGEST,
 GATE_HOLDING, GATE_RATE, GATE_SLOWEST, GATE_STRETCH) = range(10)
MILLIONTHS = 1_000_000
"""How much high exceeds likely at a gate (GATE_STRETCH) is kept in these, cut off: as long as
minutes times minutes stay below them, that compares as exactly as fractions would."""

SITE = ("site_place", "site_bays", "site_inside", "site_call", "site_wait", "site_crowd",
        "lines_from", "lines_to")
(SITE_PLACE, SITE_BAYS, SITE_INSIDE, SITE_CALL, SITE_WAIT, SITE_CROWD,
 LINES_FROM, LINES_TO) = range(8)

KIND = ("seats", "stretchers", "payload", "base", "duty", "available_to", "round_from",
        "round_to")
SEATS, STRETCHERS, PAYLOAD, BASE, DUTY, AVAILABLE_TO, ROUND_FROM, ROUND_TO = range(8)

ROUND = ("round_carries", "round_entry", "round_pick", "round_exit", "round_down",
         "round_alike", "round_options", "round_minutes", "round_option_from", "round_option_to")
CARRIES, ENTRY, PICK, EXIT, DOWN, ALIKE, OPTIONS, MINUTES, OPTION_FROM, OPTION_TO = range(10)

GROUP = ("group_medical", "group_lies", "count_from", "count_to", "bound_from", "bound_to")
MEDICAL, LIES, COUNT_FROM, COUNT_TO, BOUND_FROM, BOUND_TO = range(6)

LINE = ("line_item", "line_site", "line_units", "line_minimum")
LINE_ITEM, LINE_SITE, LINE_UNITS, LINE_MINIMUM = range(4)
STOCK_ITEM, STOCK_SITE, STOCK_READY = range(3)

LINK_GATE, LINK_OTHER_GATE, LINK_VEHICLES, LINK_LEAD, LINK_OTHER_LEAD = range(5)
"""A link's two gates out stand in the first two columns, by side."""

(MARGIN, CALL_LEAD, MOST_ROUTES, MOST_LINES,
 POOLS, GATES, SITES, SPELLS, ALIKE_SETS, OPTION_SETS, SLOT) = range(11)
RULES = 11

HERE, FREE_AT, SINCE, LAST_PLACE, LAST_BY, LAST_END = range(6)
"""Where a team stands: its place, free from, on duty since (or NO); where it must be in the end
and by when, and when its duty ends if that is later than being there (or NO)."""
TEAM = 6
