"""From a case to a timetable with a proof of how far from the best it can be.

The planner is loaded when it is first asked for: whoever reads a result waits for no compiler.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lull.plan.result import Ceiling, LeftBehind, Limit, Result, TierResult

if TYPE_CHECKING:
    from lull.plan.planner import DEFAULT_WORK, make_plan

__all__ = [
    "DEFAULT_WORK",
    "Ceiling",
    "LeftBehind",
    "Limit",
    "Result",
    "TierResult",
    "make_plan",
]


def __getattr__(name: str) -> Any:
    """What the planner has, by its name (PEP 562)."""
    if name in {"DEFAULT_WORK", "make_plan"}:
        from lull.plan import planner  # noqa: PLC0415 - only when it is asked for

        return getattr(planner, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
