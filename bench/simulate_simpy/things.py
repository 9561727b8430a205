"""What a day in SimPy is made of: tables as lists, travellers, groups, sites and lanes."""

from __future__ import annotations

from collections import deque

import simpy

from lull.simulate import columns as c
from lull.simulate.scenario import Scenario


class Tables:
    """A scenario's tables as lists, made once for many replications."""

    def __init__(self, made: Scenario) -> None:
        w = made.world
        self.steps = w.steps.tolist()
        self.vehicles = w.vehicles.tolist()
        self.convoys = w.convoys.tolist()
        self.crossings = w.crossings.tolist()
        self.gates = w.gates.tolist()
        self.lanes = w.lanes.tolist()
        self.corridors = w.corridors.tolist()
        self.links = w.links.tolist()
        self.lines = w.lines.tolist()
        self.sites = w.sites.tolist()
        self.windows = w.windows.tolist()
        self.handed = w.handed.tolist()
        self.whole = w.whole.tolist()
        self.share = w.share.tolist()
        self.elsewhere = w.elsewhere.tolist()
        cuts = w.cuts.tolist()
        self.spreads = [(base, cuts[first:end]) for base, first, end in w.spreads.tolist()]


class Traveller:
    """A vehicle, a private car or people on foot on its way."""

    def __init__(self, v: int, row: list[int], late: int, tables: Tables) -> None:
        self.v, self.row, self.at, self.late = v, row, row[c.FIRST], late
        self.phase, self.side = c.DRIVES, row[c.BEGINS_INSIDE]
        self.gate = self.since = self.moved = 0
        self.aboard = self.lying = self.guests_sit = self.guests_lie = 0
        self.held_lane, self.left_check, self.shelter = False, -1, c.NEVER
        self.sets_out = tables.steps[self.at][c.DEPARTS] + late
        self.group: Group | None = None
        self.called: simpy.Event | None = None
        self.granted: simpy.Event | None = None
        self.out: simpy.Event | None = None


class Group:
    """Those who pass a gate together."""

    def __init__(self, number: int, start: int, spare: tuple[int, int], many: int) -> None:
        self.number, self.start, self.spare = number, start, spare
        self.expected = self.left = many
        self.members: dict[int, Traveller] = {}
        self.present = self.passed = 0
        self.out_at, self.held_until = 0, 0
        self.setting, self.waited = c.GATHERS, False


class Site:
    """Bays with a queue, and who waits for people to be handed over."""

    def __init__(self, bays: int, inside: int) -> None:
        self.bays, self.inside, self.used = bays, inside, 0
        self.queue: deque[Traveller] = deque()
        self.waiting: list[Traveller] = []


class Lanes:
    """The lanes of a gate with their queue."""

    def __init__(self, lanes: int) -> None:
        self.lanes, self.used, self.retry_at = lanes, 0, -1
        self.queue: deque[tuple[int, Traveller]] = deque()
