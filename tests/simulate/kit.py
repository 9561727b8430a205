"""Plans to simulate: small ones by hand, made ones from the planner, and draws with nothing in
them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from lull.domain.case import Case
from lull.domain.corridor import ConvoyRule
from lull.domain.plan import Plan
from lull.exchange import read_folder
from lull.simulate import columns as c
from lull.simulate.columns import Chance, State
from lull.simulate.compiled import draw
from lull.simulate.draws import key_of, terms
from lull.simulate.policy import Policy
from lull.simulate.reference import replicate
from lull.simulate.scenario import Scenario, scenario
from lull.simulate.uncertainty import Uncertainty
from tests.alone import plan_alone
from tests.plan.towns import town
from tests.tiny.build import IN, OUT, Team, corridor, people, plan, site, tiny, vehicles

ROOT = Path(__file__).resolve().parents[2]
SMALL = {"points": 4, "corridors": 2, "receptions": 2, "buses": 5, "ambulances": 2, "trucks": 2,
         "hours": 5, "people": 300}


@cache
def small_town(seed: int = 1, windows: int = 1) -> tuple[Case, Plan]:
    """A made-up town and a first plan of it."""
    case = town(seed, **SMALL, windows=windows)
    return case, plan_alone(case, work=0)


@cache
def sample(name: str) -> tuple[Case, Plan]:
    """A sample folder and a first plan of it."""
    case = read_folder(ROOT / "samples" / name).case
    assert case is not None
    return case, plan_alone(case, work=0)


def drawn(made: Scenario, replication: int, seed: int = 3) -> Chance:
    """The draws of a replication."""
    return draw(np.uint64(key_of(seed, replication)), terms(made.who, made.risks))


def nothing(made: Scenario) -> Chance:
    """Draws in which nothing happens: whoever wants something else puts it in.

    The scenario has no halts of its own.
    """
    chance = drawn(made, 0)
    steps = np.zeros_like(chance.steps)
    steps[:, [c.BREAKS_ON_WAY, c.BREAKS_IN_TRANSIT]] = 1.0
    return Chance(steps, np.zeros_like(chance.late), np.zeros_like(chance.factor), chance.halts,
                  np.full_like(chance.closed, c.NEVER))


def two_corridors(**more: Any) -> Case:
    """Two buses, an assembly point inside, and two corridors out of it; all ways 10 minutes."""
    settings: dict[str, Any] = {"convoy": ConvoyRule(None, 5, None), "holding_limit": 30}
    return tiny(
        [site("A"), site("R", "reception_centre"), site("base", "base")],
        [corridor("north", **settings), corridor("south", **settings)],
        [people(households={1: 60})], [vehicles("bus", 2)], **more,
    )


def one_round(case: Case, *names: str, load: int = 40, leaves: int = 20) -> Plan:
    """Buses that go in by the north, load at A, come out by the north and unload at R."""
    team = Team(case, *(names or ("bus#1", "bus#2")), leaves=leaves)
    team.cross("north", IN).load("A", "families", "R", {1: load}).cross("north", OUT)
    return plan(case, team.unload("R").end())


def rounds(case: Case, times: int) -> Plan:
    """One bus that makes the same round several times, as early as it can."""
    team = Team(case, "bus#1")
    for _ in range(times):
        team.cross("north", IN).load("A", "families", "R", {1: 5}).cross("north", OUT)
        team.unload("R").again()
    return plan(case, team.end())


def ready(case: Case, made: Plan, policy: Policy | None = None, **doubt: Any) -> Scenario:
    """A scenario; nothing is uncertain but what is named."""
    uncertainty = Uncertainty(**doubt) if doubt else Uncertainty.none()
    return scenario(case, made, uncertainty, policy or Policy())


def run(made: Scenario, chance: Chance) -> State:
    """One replication in plain Python."""
    return replicate(made.world, chance)


def steps_of(made: Scenario, who: str) -> np.ndarray:
    """The rows of one traveller's steps."""
    v = made.travellers.index(who)
    return np.flatnonzero(made.world.steps[:, c.VEHICLE] == v)


def crossings_of(made: Scenario, who: str) -> np.ndarray:
    """The rows of one traveller's crossings."""
    rows = steps_of(made, who)
    return rows[made.world.steps[rows, c.KIND] == c.CROSSES]


def late(made: Scenario, chance: Chance, who: str, minutes: int) -> Chance:
    """The same draws, but one starts late."""
    minutes_late = chance.late.copy()
    minutes_late[made.travellers.index(who)] = minutes
    return chance._replace(late=minutes_late)
