"""One random case of size S: asks beside planning every candidate again."""

from __future__ import annotations

import random
import time

from attrs import evolve

from bench.asks.brute import agrees, by_brute_force
from bench.asks.page import Run, version
from bench.one import CASES
from lull.domain.case import Case
from lull.exchange import read_folder
from lull.questions.asks import By, asks
from lull.questions.candidates import Terms
from lull.questions.changes import longer, more_lanes, quicker

WORK = 20
BASES = ("s-1", "s-2", "s-3")


def random_case(seed: int) -> Case:
    """One of the committed cases of size S with other numbers of vehicles, hours and lanes."""
    rng = random.Random(seed)
    case = read_folder(CASES / BASES[seed % len(BASES)]).case
    assert case is not None
    fleet = {k: evolve(v, number=max(1, round(v.number * rng.uniform(0.5, 1.5))))
             for k, v in case.fleet.items()}
    case = longer(evolve(case, fleet=fleet), 0, rng.choice([-60, -30, 0, 30]))
    for corridor in list(case.corridors.values()):
        for way in sorted(corridor.directions):
            if rng.random() < 0.3:
                case = more_lanes(case, corridor.id, way)
            if rng.random() < 0.3:
                case = quicker(case, corridor.id, way)
    return case


def run_of(case: int) -> Run:
    """One case, in this process or another."""
    candidates, gains, proven, asked, planned, wrong = compared(case)
    return Run(case, candidates, gains, proven, round(asked, 1), round(planned, 1),
               "; ".join(wrong), version())


def compared(seed: int) -> tuple[int, int, int, float, float, list[str]]:
    """One case: candidates, those with a gain, proven ones, seconds of both, differences."""
    case, terms = random_case(seed), Terms()
    began = time.perf_counter()
    found = asks(case, terms=terms, work=WORK)
    asked = time.perf_counter()
    brute = by_brute_force(case, terms, WORK)
    ended = time.perf_counter()
    gains = sum(t.persons > 0 for t in brute)
    proven = sum(bool(a.gains) and a.gains[By.PERSONS].proven for a in found.asks)
    return len(brute), gains, proven, asked - began, ended - asked, agrees(found, brute)
