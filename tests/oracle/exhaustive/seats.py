"""Seats kept on the way in for people who are refused on the way out."""

from __future__ import annotations

import math
from collections import defaultdict

from lull.domain.case import Case
from lull.domain.place import INSIDE
from lull.domain.plan import Crossing, Plan, Stop


def kept(case: Case, plan: Plan) -> list[tuple[str, str, int]] | None:
    """(outbound, inbound, seats) for every convoy out with people, or None if they lack.

    Convoys out are served last first: whoever leaves last has the fewest convoys in to choose
    from, and each of those serves all who left before.
    """
    empty, needs, gone, aboard = _count(case, plan)
    starts = {c.id: c.starts for c in plan.convoys}
    found: list[tuple[str, str, int]] = []
    for out in sorted(needs, key=lambda c: -gone[c]):
        lacking = math.ceil(case.pause.rules.return_share * needs[out] - 1e-9)
        number = _window(case, starts[out])
        for back in sorted(empty, key=lambda c: (len(empty[c]), starts[c])):
            if starts[back] < gone[out] or _window(case, starts[back]) != number:
                continue
            free = sum(n for uses, n in empty[back] if uses & aboard[out])
            free -= sum(n for _, b, n in found if b == back)
            here = min(free, lacking)
            if here > 0:
                found.append((out, back, here))
                lacking -= here
        if lacking > 0:
            return None
    return found


def _window(case: Case, minute: int) -> int | None:
    return next((n for n, w in enumerate(case.pause.windows) if w.opens <= minute < w.closes),
                None)


def _count(case: Case, plan: Plan) -> tuple[
    dict[str, list[tuple[set[str], int]]], dict[str, int], dict[str, int], dict[str, set[str]]
]:
    """Empty seats on convoys in, people on convoys out, when those leave, who carries them."""
    empty: dict[str, list[tuple[set[str], int]]] = defaultdict(list)
    needs: dict[str, int] = defaultdict(int)
    gone: dict[str, int] = {}
    aboard: dict[str, set[str]] = defaultdict(set)
    for day in plan.vehicles:
        kind = case.vehicle_type(day.vehicle)
        uses = {str(u.value) for u in kind.uses}
        for n, step in enumerate(day.steps):
            if not isinstance(step, Crossing):
                continue
            leaves, reached = case.corridors[step.corridor].sides(step.direction)
            if leaves == INSIDE:
                loaded = [s for s in day.steps[:n] if isinstance(s, Stop)
                          and s.round == step.round and s.task.value == "load"]
                many = sum(p.persons for s in loaded for p in s.people)
                if many:
                    needs[step.convoy] += many
                    gone[step.convoy] = step.leaves
                    for line in (p for s in loaded for p in s.people):
                        group = case.groups[line.group]
                        aboard[step.convoy] |= {
                            "civilians": {"passengers"}, "fighters": {"fighters"},
                            "patients": {"wounded", "passengers"},
                        }[group.category.value]
            elif reached == INSIDE:
                stop = next((s for s in day.steps[n + 1:] if isinstance(s, Stop)), None)
                number = _window(case, step.enters)
                if stop is None or INSIDE not in case.sites[stop.site].sides or number is None:
                    continue
                site = case.sites[stop.site]
                home = case.pause.windows[number].closes - site.walk_to_shelter - site.call
                if stop.arrives <= home:
                    seats = math.floor(kind.seats * case.pause.rules.fill + 1e-9)
                    empty[step.convoy].append((uses, seats))
    return empty, needs, gone, aboard
