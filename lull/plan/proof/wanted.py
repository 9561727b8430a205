"""How many of those who are wanted any plan can serve: a bound, and nothing planned."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import frozen

from lull.domain.case import Case
from lull.plan.bound import Bounds
from lull.plan.ground import Ground
from lull.plan.program import Column, Program

STEPS = 25
"""Steps of the search for prices at most."""


@frozen
class Wanted:
    """Heads wanted in each neighbourhood, of all their needs together; patients alone, or all."""

    heads: Mapping[str, int]
    patients: bool = False

    def count(self, case: Case, program: Program) -> dict[Column, float]:
        """Adds to a programme, and gives what counts: those served, up to what is wanted."""
        what = "patients" if self.patients else "persons"
        served: dict[str, list[tuple[Column, float]]] = {name: [] for name in self.heads}
        for group in case.groups.values():
            served[case.neighbourhood_of(group)].append(((what, group.id), -1.0))
        gain: dict[Column, float] = {}
        for name, many in self.heads.items():
            column = program.column(("wanted", name), float(many))
            program.at_most(f"wanted of {name}", [(column, 1.0), *served[name]], 0.0)
            gain[column] = 1.0
        return gain


def most_wanted(
    case: Case, wanted: Wanted | None, enough: float, stop: Callable[[], bool]
) -> float:
    """How many of those wanted no plan exceeds, as low as it is found; without `wanted` what no
    plan is worth more in the first tier.

    Flows without a clock are asked first, vehicle days over the clock if those do not say that
    `enough` cannot be exceeded. Infinite where nothing is known.
    """
    from lull.plan.proof.generate import Generator  # noqa: PLC0415 - brings the solver

    ground = Ground(case)
    bounds = Bounds.of(ground)
    objective = (bounds.objectives[0] if wanted is None
                 else wanted.count(case, bounds.relaxation.program))
    fluid = bounds.best(objective)
    most, hint = (float("inf"), dict[str, float]()) if fluid is None else fluid
    if most <= enough or stop():
        return most
    generator = Generator.of(ground)
    if generator is None:
        return most
    priced = (generator.model.objectives[0] if wanted is None
              else generator.counting(lambda program: wanted.count(case, program)))
    found = generator.bound(priced, [], steps=STEPS, enough=enough, known=most, hint=hint,
                            stop=stop, decide=True)
    return most if found is None else min(most, found.value)
