"""How a damage is written down: which sample, what is spoilt, under which label."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import frozen

from lull.domain.case import Case
from lull.domain.plan import Plan
from tests.tiny.cases import Sample
from tests.tiny.damage import recased


@frozen(eq=False)
class Damage:
    """A label, what makes the case and the spoilt plan, and what makes them before the damage.

    `before` is None where the plan is built wrong from the start.
    """

    label: str
    made: Callable[[], tuple[Case, Plan]]
    before: Callable[[], tuple[Case, Plan]] | None = None


Damages = dict[str, list[Damage]]
"""Rule name to ten or more damages that break it and nothing else."""


def on(
    label: object,
    sample: Callable[[], Sample],
    change: Callable[[Plan], Plan] | None = None,
    *,
    widen: dict[str, Any] | None = None,
    **case: Any,
) -> Damage:
    """A sample whose plan is changed, or whose case is no longer what the plan was made for.

    `widen` changes the case first in a way that leaves the plan valid, so that the damage
    breaks one rule only.
    """

    def before() -> tuple[Case, Plan]:
        found = sample()
        return recased(found.case, **(widen or {})), found.plan

    def made() -> tuple[Case, Plan]:
        wide, plan = before()
        return recased(wide, **case), change(plan) if change else plan

    return Damage(str(label), made, before if change or case else None)
