"""From a case to a timetable with a proof of how far from the best it can be."""

from lull.plan.planner import DEFAULT_WORK, make_plan
from lull.plan.result import Ceiling, LeftBehind, Limit, Result, TierResult

__all__ = [
    "DEFAULT_WORK",
    "Ceiling",
    "LeftBehind",
    "Limit",
    "Result",
    "TierResult",
    "make_plan",
]
