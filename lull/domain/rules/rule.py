"""A rule, what breaks it, and how both are said."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import NamedTuple

from attrs import frozen

from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.domain.rules.facts import Facts


class Breach(NamedTuple):
    """One way in which a plan breaks the rule that looked: who, where, when, by how much.

    `when` is minutes since the origin, or None where no one minute is meant; `by` says how much
    with its unit in words; `sentence` is what a coordinator reads, with local times.
    """

    who: str
    where: str
    when: int | None
    by: str
    sentence: str


@frozen
class Violation:
    """A broken rule: its name, who, where, when (minutes since the origin), by how much."""

    rule: str
    who: str
    where: str
    when_minute: int | None
    by: str
    sentence: str

    @property
    def when(self) -> int | None:
        """The minute since the origin, or None where no one minute is meant."""
        return self.when_minute


Look = Callable[[Facts], Iterator[Breach]]


@frozen
class Rule:
    """One rule that a plan keeps.

    `statement` says it in one sentence, `source` where it comes from (empty: it follows from
    the arithmetic or is a decision of this project), `look` finds what breaks it.
    """

    name: str
    statement: str
    source: str
    look: Look

    def check(self, case: Case, plan: Plan) -> tuple[Violation, ...]:
        """Every violation of this rule alone; expects a plan whose names are known."""
        return self.violations(Facts(case, plan))

    def violations(self, facts: Facts) -> tuple[Violation, ...]:
        """Every violation of this rule, from facts that several rules share."""
        return tuple(Violation(self.name, *breach) for breach in self.look(facts))

    @property
    def details(self) -> str:
        """How it is counted: what the statement leaves open and how that is decided."""
        return inspect.getdoc(self.look) or ""

    @property
    def about(self) -> str:
        """The module in which it stands, by what it looks at: vehicles, corridors and so on."""
        return self.look.__module__.rpartition(".")[2]


def rule(statement: str, source: str = "") -> Callable[[Look], Rule]:
    """Make a rule of a function, under the function's name."""

    def made(look: Look) -> Rule:
        return Rule(look.__name__, statement, source, look)

    return made
