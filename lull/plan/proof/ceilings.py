"""What no plan can move in heads and tonnes, found quickly beside a pause that is much like it.

The prices found for another pause begin the search here (`elsewhere.carried`); a few steps are then
enough. Whatever they are, what follows from them is a bound.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from lull.domain.case import Case
from lull.plan.bound import ceiling_of
from lull.plan.ground import Ground
from lull.plan.proof.elsewhere import carried
from lull.plan.proof.evidence import About, By, Evidence, Proof
from lull.plan.proof.generate import Generator

MEASURES = (About.PERSONS, About.PATIENTS, About.TONNES)

Stop = Callable[[], bool]


def ceilings(
    case: Case, fluid: Proof, moved: Mapping[About, float], *, steps: int, near: float,
    beside: Proof | None = None, rows: Sequence[str] = (), stop: Stop = lambda: False,
) -> tuple[Proof, tuple[str, ...]]:
    """The least bound found for each measure, with its prices; and the names of the rows.

    `fluid` is what the flows give. A bound within a share `near` of what is `moved` is enough.
    `beside` are bounds of another pause whose rows by days are called `rows`.
    """
    generator = Generator.of(Ground(case))
    if generator is None:
        return Proof(tuple(_least(fluid, about) for about in MEASURES)), ()
    names = tuple(generator.model.program.names)
    found = []
    for about in MEASURES:
        best = _least(fluid, about)
        enough = moved[about] * (1 + near)
        if best.value > enough and not stop():
            other = [e for e in beside.of(about) if e.by is By.DAYS] if beside else []
            hint = carried(other[0].duals, rows, names) if other else best.duals
            days = generator.bound(
                ceiling_of(generator.model.ground, about), [], steps=steps, enough=enough,
                known=best.value, hint=hint, stop=stop)
            if days is not None and days.value < best.value:
                best = Evidence(about, None, (), By.DAYS, days.value, dict(days.duals))
        found.append(best)
    return Proof(tuple(found)), names


def _least(proof: Proof, about: About) -> Evidence:
    return min(proof.of(about), key=lambda e: e.value)
