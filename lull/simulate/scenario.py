"""Case, plan, uncertainty and policy as the arrays that the event loop reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import field, frozen

from lull.domain.case import Case
from lull.domain.corridor import Direction, LinkUnit
from lull.domain.place import INSIDE
from lull.domain.plan import Crossing, Plan, Stop
from lull.domain.refusal import require
from lull.domain.rules.facts import Facts
from lull.domain.time import Estimate
from lull.simulate import columns as c
from lull.simulate.columns import Floats, Ints, World
from lull.simulate.draws import Identities, Risks, identity
from lull.simulate.flatten import Flat, elsewhere, step_rows
from lull.simulate.loads import cells_of, handed_rows, line_rows, lines_of
from lull.simulate.policy import Policy
from lull.simulate.spreads import SpreadTable
from lull.simulate.travellers import Traveller, togethers, travellers
from lull.simulate.uncertainty import Source, Uncertainty

HOUR = 60
MARGIN_HOURS = 24
"""Hours after the last planned minute for which there are factors and halts; later ones share the
last."""


@frozen(eq=False)
class Scenario:
    """A plan ready to be simulated: arrays, who draws, and names for what is measured.

    `planned` [step, 4] are the plan's own minutes, in the columns of `State.times`.
    `persons`, `patients` and `grams` are what the plan brings to its destination, `cells` the same
    by group and by item and place, in the columns of `State.delivered`.
    """

    world: World
    who: Identities
    risks: Risks
    corridors: tuple[str, ...]
    travellers: tuple[str, ...]
    planned: Ints
    persons: int
    patients: int
    grams: int
    cells: Mapping[tuple[int, str, str], int] = field(factory=dict)


def scenario(case: Case, plan: Plan, uncertainty: Uncertainty, policy: Policy) -> Scenario:
    """Flatten a case and a plan; the plan is expected to keep the rules.

    Raises Refusal where the plan moves nobody.
    """
    facts = Facts(case, plan)
    everyone = travellers(facts)
    require(bool(everyone), "The plan moves nobody and nothing, so there is nothing to simulate.")
    flat = Flat.of(facts, everyone, togethers(facts, everyone), uncertainty, policy)
    steps = step_rows(flat)
    places = lines_of(flat)
    lines = line_rows(places, steps)
    there = elsewhere(flat)
    whole, share = _knobs(flat)
    rows, cuts = flat.spreads.arrays()
    world = World(
        steps, _vehicles(flat), _convoys(flat), flat.crossing_rows(), _gates(case),
        _lanes(case), _corridors(case), _links(case), lines, _sites(case), _windows(case),
        handed_rows(flat, places), rows, cuts, there, whole, share,
    )
    final = lines[(lines[:, c.FINAL] == 1) & (lines[:, c.HANDED] < 0)]
    persons = final[final[:, c.WHAT] != c.GOODS, c.AMOUNT].sum()
    goods = final[final[:, c.WHAT] == c.GOODS]
    return Scenario(
        world, _identities(flat, steps), _risks(flat, whole), tuple(case.corridors),
        tuple(one.id for one in everyone), _planned(flat), int(persons),
        int(final[final[:, c.WHAT] == c.LIES, c.AMOUNT].sum()),
        int(((goods[:, c.AMOUNT] - goods[:, c.GONE]) * goods[:, c.GRAMS]).sum()),
        cells_of(places),
    )


def _vehicles(flat: Flat) -> Ints:
    rows = np.zeros((len(flat.everyone), c.VEHICLE_COLUMNS), np.int64)
    fill = flat.case.pause.rules.fill
    for n, one in enumerate(flat.everyone):
        rows[n, c.FIRST] = flat.first[n]
        rows[n, c.LAST] = flat.first[n] + len(one.steps) - 1
        rows[n, c.BY] = one.by
        start = one.steps[0]
        sides = flat.case.sites[start.site].sides if isinstance(start, Stop) else ()
        rows[n, c.BEGINS_INSIDE] = c.INSIDE if _inside(one, sides) else c.OUTSIDE
        if one.kind is not None:
            rows[n, c.SEATS] = int(one.kind.seats * fill + 1e-9)
            rows[n, c.STRETCHERS] = one.kind.stretchers
            rows[n, c.LIVES_INSIDE] = one.kind.sides == (INSIDE,)
    return rows


def _inside(one: Traveller, sides: Sequence[str]) -> bool:
    """Whether a traveller begins its day on the enclosed side."""
    if one.kind is None:
        return True
    return tuple(side for side in sides if side in one.kind.sides) == (INSIDE,)


def _convoys(flat: Flat) -> Ints:
    rows = np.zeros((len(flat.together), c.CONVOY_COLUMNS), np.int64)
    first = 0
    for n, one in enumerate(flat.together):
        leaves, through = -c.NEVER, -c.NEVER
        for v, index in one.crossings:
            step = flat.everyone[v].steps[index]
            assert isinstance(step, Crossing)
            way = flat.transit(flat.everyone[v], step.corridor, step.direction)
            leaves, through = max(leaves, step.leaves), max(through, step.cleared + way.likely)
        behind = max(0, leaves - through)
        rows[n] = (one.starts, first, first + len(one.crossings), behind, one.free, leaves)
        first += len(one.crossings)
    return rows


def _gates(case: Case) -> Ints:
    rows = np.zeros((2 * len(case.corridors), c.GATE_COLUMNS), np.int64)
    for n, corridor in enumerate(case.corridors.values()):
        for side, direction in ((c.OUT, Direction.OUT), (c.IN, Direction.IN)):
            pool = c.OUT if corridor.lane_pool(direction) is Direction.OUT else c.IN
            rate = corridor.check(direction).vehicles_per_hour or 0
            rows[2 * n + side] = (corridor.convoy.headway, 2 * n + pool, rate)
    return rows


def _lanes(case: Case) -> Ints:
    return np.array(
        [corridor.lanes(direction) for corridor in case.corridors.values()
         for direction in (Direction.OUT, Direction.IN)], np.int64)


def _corridors(case: Case) -> Ints:
    names = list(case.corridors)
    rows = np.full((len(names), c.CORRIDOR_COLUMNS), -1, np.int64)
    for n, corridor in enumerate(case.corridors.values()):
        limit = corridor.holding_limit
        rows[n, c.HOLDING] = c.NEVER if limit is None else limit
        rows[n, c.IN_PERSONS] = 0
    for n, corridor in enumerate(case.corridors.values()):
        if corridor.link is not None:
            other = names.index(corridor.link.other)
            persons = corridor.link.unit is LinkUnit.PERSONS
            rows[n, c.LINKED:] = (other, persons, 1)
            if rows[other, c.FIRST_OF_LINK] < 1:
                rows[other, c.LINKED:] = (n, persons, 0)
    return rows


def _links(case: Case) -> Floats:
    names = list(case.corridors)
    rows = np.ones((len(names), 3))
    for n, corridor in enumerate(case.corridors.values()):
        link = corridor.link
        if link is not None:
            terms = (link.ratio, link.lead, link.other_lead)
            rows[n] = terms
            if case.corridors[link.other].link is None:
                rows[names.index(link.other)] = terms
    return rows


def _sites(case: Case) -> Ints:
    return np.array(
        [(site.bays or 0, INSIDE in site.sides) for site in case.sites.values()], np.int64)


def _windows(case: Case) -> Ints:
    return np.array([(w.opens, w.closes) for w in case.pause.windows], np.int64)


def _knobs(flat: Flat) -> tuple[Ints, Floats]:
    """`World.whole` and `World.share`."""
    rules, policy, doubt = flat.case.pause.rules, flat.policy, flat.uncertainty
    local = flat.case.pause.clock.local(0)
    whole = np.zeros(c.WHOLE, np.int64)
    whole[c.MATES] = policy.wait_for_mates
    patience = policy.wait_at_exchange
    whole[c.EXCHANGE] = rules.exchange_wait if patience is None else patience
    whole[c.SLOT_MINUTES] = rules.slot
    whole[c.SLOT_SHIFT] = -(local.hour * HOUR + local.minute) % rules.slot
    whole[c.LONGEST_HALT] = doubt.halt.high // HOUR + 1
    whole[c.TRANSFER], whole[c.TOW] = doubt.transfer, doubt.tow
    whole[c.REPAIR] = flat.spreads.of(doubt.repair, 1.0, uniform=True)
    planned = [step.arrives for one in flat.everyone for step in one.steps]
    whole[c.FIRST_HOUR] = min(planned) // HOUR
    whole[c.FOLLOW], whole[c.REROUTE] = policy.follow, policy.reroute
    whole[c.TURN_BACK] = policy.turn_back
    whole[c.KEEP_SEND_HOME] = policy.keep_send_home
    whole[c.TAKE_UP], whole[c.DETOUR] = policy.take_up, policy.detour
    whole[c.TEAMS], whole[c.TEAM_SEATS] = policy.teams, policy.team_seats
    whole[c.TEAM_STRETCHERS] = policy.team_stretchers
    hours = max(planned) // HOUR - min(planned) // HOUR + MARGIN_HOURS
    whole[c.BINS] = hours * HOUR // c.BIN_MINUTES
    share = np.zeros(c.SHARES)
    if doubt.has(Source.BREAKDOWNS):
        share[c.BREAKS] = doubt.breakdowns_an_hour / HOUR
        share[c.LOST_SHARE] = doubt.lost_share
    share[c.COMMON] = np.sqrt(doubt.together)
    share[c.OWN] = np.sqrt(1 - doubt.together)
    return whole, share


def _identities(flat: Flat, steps: Ints) -> Identities:
    """What each draw belongs to: a vehicle's nth such step at a place; never its row."""
    found: list[int] = []
    for one in flat.everyone:
        seen: dict[tuple[str, str], int] = {}
        for step in one.steps:
            if isinstance(step, Crossing):
                what = (step.direction.value, step.corridor)
            else:
                what = (step.task.value, step.site)
            seen[what] = seen.get(what, 0) + 1
            found.append(identity(one.id, *what, seen[what]))
    loads = (steps[:, c.KIND] == c.SERVED) & (steps[:, c.TASK] == c.LOADS)
    blocks = np.where(loads | (steps[:, c.KIND] == c.CROSSES), 2, 1)
    blocks[steps[:, c.KIND] == c.END] = 0
    return Identities(
        np.array(found, np.uint64), blocks,
        np.array([identity("vehicle", one.id) for one in flat.everyone], np.uint64),
        np.array([identity("corridor", name) for name in flat.case.corridors], np.uint64),
        np.array([one.by == c.FLEET for one in flat.everyone]),
    )


def _risks(flat: Flat, whole: Ints) -> Risks:
    doubt = flat.uncertainty
    last = max(step.arrives for one in flat.everyone for step in one.steps)
    first = int(whole[c.FIRST_HOUR])
    return Risks(
        doubt.late_share if doubt.has(Source.LATE_STARTS) else 0.0, _uniform(flat, doubt.late),
        doubt.halts_an_hour if doubt.has(Source.HALTS) else 0.0, _uniform(flat, doubt.halt),
        doubt.closures_an_hour if doubt.has(Source.CLOSURES) else 0.0,
        _windows(flat.case), first, last // HOUR - first + MARGIN_HOURS,
    )


def _uniform(flat: Flat, estimate: Estimate) -> tuple[int, Floats]:
    table = SpreadTable(flat.uncertainty.shape)
    table.of(estimate, 1.0, uniform=True)
    return estimate.low, np.array(table.cuts)


def _planned(flat: Flat) -> Ints:
    rows: list[tuple[int, int, int, int]] = []
    for one in flat.everyone:
        for step in one.steps:
            if isinstance(step, Crossing):
                rows.append((step.arrives, step.enters, step.cleared, step.leaves))
            else:
                rows.append((step.arrives, step.starts, c.NO_TIME, step.departs))
    return np.array(rows, np.int64)
