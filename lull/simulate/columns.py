"""The arrays of a simulation and their columns, by name.

Three tuples of arrays hold everything that the event loop looks at: `World` (case and plan, never
changed), `Chance` (what one replication draws) and `State` (what one replication changes). All
times are whole minutes since the origin, all counts whole; -1 stands for «none».
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NEVER = 1 << 30
"""A minute that does not come."""

# --- kinds of steps -------------------------------------------------------------------------
START, SERVED, WAITS, END, CROSSES = range(5)
NO_TASK, LOADS, UNLOADS = range(3)
OUT, IN = 0, 1

# --- World.steps: one row a step of a vehicle or of people with their own means --------------
(KIND, TASK, VEHICLE, STARTS, DEPARTS, SITE, CORRIDOR, DIRECTION, SERVICE, SLACK, WAY, WAY_SLACK,
 TRANSIT, CROSSING, CONVOY, FACTOR, LATEST, SKIP_TO, SKIP_WAY, BACK, WINDOW, LINES_FROM, LINES_TO,
 GOES_OUT_BY, CALLED, CALLED_AT, SEND_HOME, NO_SHOWS, SPELL, GAP, CLEARS, COMES_NEXT) = range(32)
STEP_COLUMNS = 32

# --- World.vehicles -------------------------------------------------------------------------
FIRST, LAST, LIVES_INSIDE, SEATS, STRETCHERS, BY, BEGINS_INSIDE = range(7)
VEHICLE_COLUMNS = 7
FLEET, CAR, FOOT = range(3)
"""Values of `BY`: a vehicle of the fleet, a private car, people on foot."""

# --- World.convoys: their crossings are the rows [FROM, TO) of World.crossings ---------------
AT, FROM, TO, BEHIND, FREE, OUT_FROM = range(6)
CONVOY_COLUMNS = 6

# --- World.gates: corridor × 2 + direction ---------------------------------------------------
HEADWAY, POOL, RATE = range(3)
GATE_COLUMNS = 3

# --- World.corridors, World.links -----------------------------------------------------------
HOLDING, LINKED, IN_PERSONS, FIRST_OF_LINK = range(4)
CORRIDOR_COLUMNS = 4
RATIO, LEAD, OTHER_LEAD = range(3)

# --- World.lines: what is taken on or set down at a step -------------------------------------
SLOT, AMOUNT, WHAT, HANDED, FINAL, GONE, GRAMS, CELL = range(8)
LINE_COLUMNS = 8
"""`CELL` is the column of `State.delivered` in which what is brought for good counts, or -1."""
SITS, LIES, GOODS = range(3)

# --- World.sites, World.windows, World.handed, World.spreads ---------------------------------
BAYS, SITE_INSIDE = range(2)
OPENS, CLOSES = range(2)
HANDED_SITE, HANDED_WHAT = range(2)
BASE, CUT_FROM, CUT_TO = range(3)
HANDED_COLUMNS, SITE_COLUMNS = 2, 2

# --- World.elsewhere: [crossing, corridor] when a gate is closed -----------------------------
THERE, CHECK_THERE, THROUGH_THERE, ON_FROM_THERE, LATEST_THERE = range(5)
ELSEWHERE_COLUMNS = 5

# --- World.whole (whole knobs) and World.share (shares and rates) ----------------------------
STEP_OF, VEHICLE_OF = range(2)
"""Columns of `World.crossings`."""

(MATES, EXCHANGE, SLOT_MINUTES, SLOT_SHIFT, TRANSFER, TOW, REPAIR, FIRST_HOUR, FOLLOW,
 REROUTE, TURN_BACK, OVERRUN, LONGEST_HALT, KEEP_SEND_HOME, TAKE_UP, DETOUR, TEAMS, TEAM_SEATS,
 TEAM_STRETCHERS, BINS) = range(20)
WHOLE = 20
BREAKS, LOST_SHARE, COMMON, OWN = range(4)
SHARES = 4


class World(NamedTuple):
    """Case, plan and policy as arrays; the columns stand above."""

    steps: Ints
    vehicles: Ints
    convoys: Ints
    crossings: Ints
    gates: Ints
    lanes: Ints
    corridors: Ints
    links: Floats
    lines: Ints
    sites: Ints
    windows: Ints
    handed: Ints
    spreads: Ints
    cuts: Floats
    elsewhere: Ints
    whole: Ints
    share: Floats


# --- Chance.steps ---------------------------------------------------------------------------
(ON_WAY, AT_STEP, BREAKS_ON_WAY, FATE_ON_WAY,
 IN_TRANSIT, ABSENT, BREAKS_IN_TRANSIT, FATE_IN_TRANSIT) = range(8)
CHANCE_COLUMNS = 8
HALT_FROM, HALT_TO = range(2)


class Chance(NamedTuple):
    """What one replication draws.

    `steps` [step, 8]: standard normals (ways, services, transits, absences) and uniforms (whether
    it breaks down, what becomes of it). `late` [vehicle] minutes. `factor` [corridor, hour]
    standard normals. `halts` [corridor, hour, 2] minutes. `closed` [corridor, window] minutes.
    """

    steps: Floats
    late: Ints
    factor: Floats
    halts: Ints
    closed: Ints


# --- State.vehicles -------------------------------------------------------------------------
(NOW_AT, PHASE, SIDE, GATE, GATE_SINCE, ASKS_AT, FORCED_AT, NEXT_AT_SITE, GUESTS_SIT, GUESTS_LIE,
 SET_OUT_AT, HOLDS_LANE, HOLDS_BAY, MOVED, ABOARD, ABOARD_LYING, LEFT_CHECK, SHELTER_AT) = range(18)
VEHICLE_STATE = 18
DRIVES, ASKS, QUEUES, IN_BAY, AT_GATE, IN_CHECK, THROUGH, TURNED, CAUGHT, LOST, ENDED = range(11)
"""Values of `PHASE`. From `TURNED` on, a vehicle does nothing more."""
OUTSIDE, INSIDE, BETWEEN = range(3)
"""Values of `SIDE`; who is between the gates on the way out is not out."""

# --- State.groups: convoys first, then one row a crossing for who follows alone --------------
SETTING, PRESENT, EXPECTED, LEFT, PASSED, OUT_AT, HELD_UNTIL, WAITED = range(8)
GROUP_STATE = 8
GATHERS, OVERDUE, SET, STARTED = range(4)

# --- State.pools, .gates, .sites, .corridors -------------------------------------------------
IN_USE, HEAD, TAIL, RETRY_AT = range(4)
LAST_START, RECENT_AT = range(2)
BAYS_USED, SITE_HEAD, SITE_TAIL, SITE_WAITING = range(4)
BLOCKED_UNTIL, FOOT_NEXT, ENTERED, READY = range(4)

# --- State.total, State.by_corridor ----------------------------------------------------------
(ARRIVED, PATIENTS, GRAMS_ARRIVED, PERSONS_INSIDE, UNSHELTERED, VEHICLES_INSIDE, LEFT_ON_WAY,
 WAITED_OPEN, WAITED_GATE, OVER_HOLDING, LATE_OUT, LATEST_OUT, PASSED_OUT, BREAKDOWNS,
 VEHICLES_LOST, TURNED_BACK, ROUNDS_SKIPPED, STOPS_SKIPPED, REROUTED, ABSENTEES, FOLLOWED_ALONE,
 LAST_HOME) = range(22)
TOTALS = 22
(C_OUT, C_INSIDE, C_UNSHELTERED, C_VEHICLES, C_CLEAR, C_WAITED) = range(6)
CORRIDOR_TOTALS = 6
NEVER_CLEARED = -NEVER
"""`C_CLEAR` of a corridor that nobody has left by."""

# --- State.stranded: a corridor; State.teams: corridor × teams of each + team -----------------
(WAIT_SIT, WAIT_LIE, WAIT_CREWS, ROUND_OUT, THROUGH_OUT) = range(5)
STRANDED_COLUMNS = 5
(TEAM_IS, TEAM_SIT, TEAM_LIE, TEAM_CREWS, TEAM_THROUGH) = range(5)
TEAM_COLUMNS = 5
TEAM_READY, TEAM_IN, TEAM_OUT, TEAM_LOST = range(4)
"""Values of `TEAM_IS`."""
TEAM_VEHICLES = 2
"""A team that fetches is two vehicles, so that one of them may break down."""

BIN_MINUTES = 10
"""Length of a bar of `State.by_time`."""

CAME, BEGAN, FREED, WENT = range(4)
"""Columns of `State.times`: arrival; service or check begins; ends; departure or far gate."""
NO_TIME = -NEVER


class State(NamedTuple):
    """What one replication changes.

    `times` [step, 4] are the minutes at which things happened. `called` holds the next convoy in
    order of the planned starts whose start has not been put into the queue. `stranded` [corridor]
    are those who wait inside beside a lost vehicle, `teams` who has been sent for them. `by_time`
    [bar of `BIN_MINUTES`] are persons who reach their destination in it; the last bar takes all
    that come later. `delivered` [cell] is who and what is set down for good, by group and by item
    and place (`World.lines`).
    """

    vehicles: Ints
    groups: Ints
    pools: Ints
    gates: Ints
    recent: Ints
    sites: Ints
    corridors: Ints
    aboard: Ints
    handed: Ints
    line_next: Ints
    group_of: Ints
    total: Ints
    by_corridor: Ints
    times: Ints
    called: Ints
    stranded: Ints
    teams: Ints
    by_time: Ints
    delivered: Ints


# --- events: (minute, priority, number) packed into one whole number -------------------------
(CLEARED, DONE, LEAVES, BREAKS_DOWN, FETCHES, ARRIVES, DUE, SETS_OFF, ASKS_BAY, ASKS_LANE,
 RETRIES, CLOSING) = range(12)
"""Priorities of events at one minute: what frees comes before what asks, the close comes last."""
NUMBER_BITS, PRIORITY_BITS = 24, 4
MINUTE_SHIFT = NUMBER_BITS + PRIORITY_BITS
MOST_NUMBERS = 1 << NUMBER_BITS
