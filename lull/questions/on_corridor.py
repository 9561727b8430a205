"""For each corridor: who may be caught there, the margin that makes it rare, or why none does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from lull.questions.days import NamedPolicy
from lull.questions.runs import Ran, Tried, helping
from lull.simulate import Likelihood, Outcome, Source, Split
from lull.simulate.margins import Margin, allowed

MOST_FOR_REASONS = 2000
"""Replications with each source switched off; enough to see which one dominates."""
SEEN_OFTEN = 10
"""Days on which someone never comes out, at least, before a source is named for them."""


@frozen
class OnCorridor:
    """One corridor's chances, its margin (None: the plan does not leave by it), and in words what
    the margin does or why none is enough; `split` says what a margin can buy and what none can."""

    corridor: str
    inside: Likelihood
    unsheltered: Likelihood
    caught: Likelihood
    margin: Margin | None
    words: str
    split: Split | None = None


def by_corridor(
    ran: Ran, day: NamedPolicy, outcome: Outcome, found: Sequence[Margin],
    split: Sequence[Split], limit: float, tried: Sequence[Tried],
) -> tuple[OnCorridor, ...]:
    """Every corridor, in the case's order."""
    margin_of = {margin.corridor: margin for margin in found}
    split_of = {one.corridor: one for one in split}
    without = _never_out_without(ran, day, outcome, found, limit)
    return tuple(
        OnCorridor(
            name, outcome.anyone_inside(name), outcome.anyone_unsheltered(name),
            outcome.anyone_caught(name), margin_of.get(name),
            " ".join(filter(None, (
                _words(margin_of[name], limit, without, tried),
                split_words(split_of[name], limit) if name in split_of else "")))
            if name in margin_of else "The plan leaves by no convoy here.",
            split_of.get(name),
        )
        for name in outcome.corridors)


def _never_out_without(
    ran: Ran, day: NamedPolicy, outcome: Outcome, found: Sequence[Margin], limit: float
) -> Mapping[Source, Mapping[str, float]]:
    """For each source switched off, the share of days on which someone never comes out, by
    corridor; nothing where no corridor has enough such days to name a source."""
    few = min(outcome.replications, MOST_FOR_REASONS)
    if not any(m.extra is None and m.never_out.share * few >= SEEN_OFTEN for m in found):
        return {}
    return {
        source: {m.corridor: m.never_out.share for m in ran.margins(
            day, few, limit, ran.uncertainty.without(source))}
        for source in Source if ran.uncertainty.has(source)
    }


def _words(
    margin: Margin, limit: float, without: Mapping[Source, Mapping[str, float]],
    tried: Sequence[Tried],
) -> str:
    most = f"{limit:g} ({in_words(limit)})"
    if margin.extra is not None:
        if margin.extra <= 0:
            return (f"The plan's own margin keeps the chance under {most}; {-margin.extra} minutes "
                    "are to spare.")
        return f"{margin.extra} minutes more bring the chance under {most}."
    if margin.late.of < margin.needed:
        return (f"{margin.late.of} replications are too few to show a chance under {most}; "
                f"{margin.needed} are needed.")
    return " ".join(filter(None, (
        f"No margin brings the chance under {most}: on {margin.never_out.count} of "
        f"{margin.never_out.of} days someone never comes out, however late.",
        _mostly(margin, without), _under(margin, tried))))


def split_words(split: Split, limit: float) -> str:
    """What a margin can buy (delays) and what none can (halts, closures, lost vehicles)."""
    most, delays = f"{limit:g} ({in_words(limit)})", split.delays
    if delays.extra is None or split.outlasts is None:
        return (f"Of delays alone {delays.late.of} days are too few to show a chance under {most}; "
                f"{delays.needed} are needed.")
    with_it = Likelihood(allowed(delays.late.of, limit), delays.late.of).upper
    least = ("the plan's own margin is enough" if delays.extra <= 0
             else f"{delays.extra} minutes more are enough")
    rest = split.outlasts
    return (f"Of delays alone, which time can make up for, {least}: at most {with_it:.2g} at 95 %. "
            f"Halts, closures and lost vehicles outlast it on {rest.count} of {rest.of} days (at "
            f"most {rest.upper:.2g} at 95 %), and no margin buys that off: another way out, a "
            "shelter inside or a team that fetches does.")


def _mostly(margin: Margin, without: Mapping[Source, Mapping[str, float]]) -> str:
    share = {source: found.get(margin.corridor, 0.0) for source, found in without.items()}
    if not share or margin.never_out.share * MOST_FOR_REASONS < SEEN_OFTEN:
        return ""
    source = min(share, key=lambda one: share[one])
    if share[source] >= margin.never_out.share:
        return "No single source is behind it."
    return f"Mostly {source.value}: without them it would be {share[source]:.2g} of the days."


def _under(margin: Margin, tried: Sequence[Tried]) -> str:
    """Which other policy makes a margin enough, or how far the best of them goes."""
    other = helping(tried, margin.corridor)
    there = {one.day.name: m for one in tried for m in one.margins
             if m.corridor == margin.corridor}
    if other is not None:
        more = max(0, there[other.day.name].extra or 0)
        return f"With the policy «{other.day.name}» a margin of {more} minutes more would."
    better = [name for name, m in there.items() if m.never_out.share < margin.never_out.share]
    if not better:
        return "None of the policies named here makes it rarer; more corridors would."
    name = min(better, key=lambda one: there[one].never_out.share)
    rare = there[name].never_out
    return (f"With the policy «{name}» it would be {rare.count} of {rare.of} days, and a margin of "
            f"{max(0, there[name].of_those_out or 0)} minutes more for those who do come out.")


def in_words(limit: float) -> str:
    """A small chance as people say it: `1 in 1,000`."""
    return f"1 in {1 / limit:,.0f}"
