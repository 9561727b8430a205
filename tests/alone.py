"""A plan without the proof of how far from the best it is.

The proof takes most of the time and changes nothing in the plan, which tests that have both see.
"""

from __future__ import annotations

from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.plan import Result, make_plan


def without_proof(case: Case, *, work: int, seed: int = 0) -> Result:
    """What is planned for a case, without a bound on what any plan moves."""
    return make_plan(case, work=work, seed=seed, stop_bound=lambda: True)


def plan_alone(case: Case, *, work: int, seed: int = 0) -> Plan:
    """The plan of a case."""
    return without_proof(case, work=work, seed=seed).plan
