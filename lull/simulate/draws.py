"""Chance: one `SeedSequence` a replication, and numbers that belong to what they are drawn for.

A draw is a function of (replication, what it is for, index): the counter-based generator
Philox4x32-10 (Salmon et al. 2011, doi 10.1145/2063384.2063405) with the replication as key and the
identity of a step, corridor or vehicle as counter. So two plans, fleets or policies that share a
vehicle's trip or a corridor's hour get the same number for it (common random numbers, Law,
Simulation Modeling and Analysis, 2015, chapter 11), in whatever order they ask.
"""

from __future__ import annotations

import math
from hashlib import blake2b

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from lull.compiling.jit import maker, part
from lull.simulate import columns as c
from lull.simulate.columns import Chance, Floats, Ints

Words = NDArray[np.uint64]

MASK = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
MULTIPLY_0, MULTIPLY_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
WEYL_0, WEYL_1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
ROUNDS = 10
OF_32_BITS = 1.0 / 4294967296.0


def identity(*what: object) -> int:
    """64 bits that stand for what a draw is for, the same on every machine."""
    text = "\x1f".join(str(part_) for part_ in what)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def key_of(seed: int, replication: int) -> int:
    """The key of a replication: 64 bits of its own `SeedSequence`."""
    state = np.random.SeedSequence(seed, spawn_key=(replication,)).generate_state(1, np.uint64)
    return int(state[0])


@part
def philox(
    key: np.uint64, who: np.uint64, index: np.uint64, block: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Four words of 32 bits for a key of 64 bits and a counter of (64, 32, 32) bits."""
    k0, k1 = key & MASK, key >> HALF
    a, b, x, y = who & MASK, who >> HALF, index & MASK, block & MASK
    for _ in range(ROUNDS):
        first, second = MULTIPLY_0 * a, MULTIPLY_1 * x
        a, x = (second >> HALF) ^ b ^ k0, (first >> HALF) ^ y ^ k1
        b, y = second & MASK, first & MASK
        k0, k1 = (k0 + WEYL_0) & MASK, (k1 + WEYL_1) & MASK
    return a, b, x, y


@part
def uniform(word: np.uint64) -> float:
    """A word of 32 bits as a number strictly between 0 and 1."""
    return (np.int64(word) + 0.5) * OF_32_BITS


@part
def two_normals(first: np.uint64, second: np.uint64) -> tuple[float, float]:
    """Two standard normals from two words (Box and Muller 1958, doi 10.1214/aoms/1177706645)."""
    radius = math.sqrt(-2.0 * math.log(uniform(first)))
    angle = 2.0 * math.pi * uniform(second)
    return radius * math.cos(angle), radius * math.sin(angle)


@frozen(eq=False)
class Identities:
    """Who draws: identities of steps, vehicles and corridors.

    `blocks` [step] says how often a step draws four numbers: twice, once or not at all.
    """

    steps: Words
    blocks: Ints
    vehicles: Words
    corridors: Words
    fleet: NDArray[np.bool_]


@frozen(eq=False)
class Risks:
    """What turns draws into late starts, halts and closures, as plain numbers.

    Rates are per hour; `late` and `halt` are (least minutes, cuts on the scale from 0 to 1).
    `windows` [window, 2] opens and closes. `first_hour` and `hours` say for which hours there are
    factors and halts.
    """

    late_share: float
    late: tuple[int, Floats]
    halts_an_hour: float
    halt: tuple[int, Floats]
    closures_an_hour: float
    windows: Ints
    first_hour: int
    hours: int


Terms = tuple[
    Words, Ints, Words, NDArray[np.bool_], Words, float, int, Floats, float, int,
    Floats, float, Ints, int, int,
]
"""What `drawn` takes besides the key, in its order."""


def terms(who: Identities, risks: Risks) -> Terms:
    """Who draws and from what, as compiled code takes it."""
    return (
        who.steps, who.blocks, who.vehicles, who.fleet, who.corridors,
        risks.late_share, risks.late[0], risks.late[1], risks.halts_an_hour, risks.halt[0],
        risks.halt[1], risks.closures_an_hour, risks.windows, risks.first_hour, risks.hours,
    )


def draw(who: Identities, risks: Risks, key: int) -> Chance:
    """All that one replication draws, in plain Python."""
    return drawn(np.uint64(key), *terms(who, risks))


@maker
def drawn(
    key: np.uint64, steps: Words, blocks: Ints, vehicles: Words,
    fleet: NDArray[np.bool_], corridors: Words, late_share: float, late_least: int,
    late_cuts: Floats, halts: float, halt_least: int, halt_cuts: Floats, closures: float,
    windows: Ints, first_hour: int, hours: int,
) -> Chance:
    """All that one replication draws."""
    return Chance(
        of_steps(key, steps, blocks),
        of_vehicles(key, vehicles, fleet, late_share, late_least, late_cuts),
        of_hours(key, corridors, first_hour, hours),
        of_halts(key, corridors, halts, halt_least, halt_cuts, windows, first_hour, hours),
        of_closures(key, corridors, closures, windows),
    )


@maker
def of_steps(key: np.uint64, steps: Words, blocks: Ints) -> Floats:
    """The draws of each step; only crossings and boardings need the second four."""
    found = np.zeros((steps.shape[0], c.CHANCE_COLUMNS))
    none, one = np.uint64(0), np.uint64(1)
    for i in range(steps.shape[0]):
        if blocks[i] == 0:
            continue
        a, b, x, y = philox(key, steps[i], none, none)
        found[i, c.ON_WAY], found[i, c.AT_STEP] = two_normals(a, b)
        found[i, c.BREAKS_ON_WAY], found[i, c.FATE_ON_WAY] = uniform(x), uniform(y)
        if blocks[i] > 1:
            a, b, x, y = philox(key, steps[i], none, one)
            found[i, c.IN_TRANSIT], found[i, c.ABSENT] = two_normals(a, b)
            found[i, c.BREAKS_IN_TRANSIT], found[i, c.FATE_IN_TRANSIT] = uniform(x), uniform(y)
    return found


@part
def figure(least: int, cuts: Floats, at: float) -> int:
    """The figure of a spread at a uniform draw."""
    return least + int(np.searchsorted(cuts, at))


@maker
def of_vehicles(
    key: np.uint64, vehicles: Words, fleet: NDArray[np.bool_], share: float, least: int,
    cuts: Floats,
) -> Ints:
    """Minutes by which each vehicle starts late; most of them none."""
    found = np.zeros(vehicles.shape[0], np.int64)
    for v in range(vehicles.shape[0]):
        a, b, _, _ = philox(key, vehicles[v], np.uint64(0), np.uint64(2))
        if fleet[v] and uniform(a) < share:
            found[v] = figure(least, cuts, uniform(b))
    return found


@maker
def of_hours(key: np.uint64, corridors: Words, first_hour: int, hours: int) -> Floats:
    """What all times of one corridor and hour have in common."""
    found = np.zeros((corridors.shape[0], hours))
    for n in range(corridors.shape[0]):
        for h in range(hours):
            hour = np.uint64(first_hour + h + 32768)
            a, b, _, _ = philox(key, corridors[n], hour, np.uint64(3))
            found[n, h], _ = two_normals(a, b)
    return found


@maker
def of_halts(
    key: np.uint64, corridors: Words, rate: float, least: int, cuts: Floats, windows: Ints,
    first_hour: int, hours: int,
) -> Ints:
    """At most one halt an hour and corridor, from a minute to a minute, within the windows."""
    found = np.full((corridors.shape[0], hours, 2), c.NEVER, np.int64)
    chance = 1.0 - math.exp(-rate)
    for n in range(corridors.shape[0]):
        for h in range(hours):
            start = (first_hour + h) * 60
            hour = np.uint64(first_hour + h + 32768)
            a, b, x, _ = philox(key, corridors[n], hour, np.uint64(4))
            minute = start + int(60 * uniform(b))
            found[n, h, c.HALT_FROM] = start + 60
            found[n, h, c.HALT_TO] = start + 60
            for m in range(windows.shape[0]):
                within = windows[m, c.OPENS] <= minute < windows[m, c.CLOSES]
                if within and uniform(a) < chance:
                    found[n, h, c.HALT_FROM] = minute
                    found[n, h, c.HALT_TO] = minute + figure(least, cuts, uniform(x))
    return found


@maker
def of_closures(key: np.uint64, corridors: Words, rate: float, windows: Ints) -> Ints:
    """When each corridor closes in each window; mostly never."""
    found = np.full((corridors.shape[0], windows.shape[0]), c.NEVER, np.int64)
    for n in range(corridors.shape[0]):
        for m in range(windows.shape[0]):
            a, _, _, _ = philox(key, corridors[n], np.uint64(m), np.uint64(5))
            if rate > 0.0:
                after = -math.log(uniform(a)) / rate * 60.0
                if after < windows[m, c.CLOSES] - windows[m, c.OPENS]:
                    found[n, m] = windows[m, c.OPENS] + int(after)
    return found


