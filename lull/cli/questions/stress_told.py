"""The answer of `lull stress` in words, tables and pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lull.cli.questions.stress import (
    BandAnswer,
    ChanceAnswer,
    FigureAnswer,
    MarginAnswer,
    MarginedAnswer,
    PlanForAnswer,
    StressAnswer,
)
from lull.domain.case import Case
from lull.report.day_pictures import Curves, costs, fan
from lull.report.timetables import Row, Table
from lull.report.told import Part, Told
from lull.report.words import corridor_name, whole
from lull.simulate import MEASURES

WHOLE_FROM = 100
"""Figures from here on are shown without decimals."""


def told(case: Case, of: StressAnswer) -> Told:
    """The answer in words, tables and pictures."""
    parts = [_figures(case, of), _chances(case, of)]
    if of.causes:
        parts.append(_causes(of))
    if of.other_policies:
        parts.append(_policies(of))
    if of.with_margins:
        parts.append(_margined(case, of.with_margins))
    if of.plan_for:
        parts.append(_plan_for(of.plan_for))
    parts.append(Part("What was assumed", tables=(Table(
        "assumed", "What was assumed", ("input", "why"), tuple(of.assumed.items()),
        "none of these was measured; lull sensitivity ranks them"),)))
    return Told(
        "stress", "The plan under uncertainty", tuple(_sentences(case, of)), tuple(parts),
        _rests_on(of), of.again, of.consents,
        ("It was stopped before its end.",) if of.stopped else ())


def _sentences(case: Case, of: StressAnswer) -> Iterator[str]:
    arrived = next(f for f in of.figures if f.name == "arrived")
    yield (f"On 9 of 10 days at least {_number(arrived.p10)} people reach their destination, on "
           f"half of them {_number(arrived.p50)}; the plan says {_number(arrived.planned or 0)}.")
    yield (f"Chance that anyone is inside or unsheltered at the end: {_chance(of.caught)}. "
           f"{of.only_delays}")
    if of.causes:
        worst = of.causes[0]
        yield f"What costs most people: {worst.source}, {_number(worst.persons)} of them a day."
        often = max(of.causes, key=lambda c: c.caught_with - c.caught_without)
        if often.caught_with > often.caught_without:
            few = often.caught_without / max(1, often.caught_with)
            yield (f"What catches most often: {often.source}; without them it would be "
                   f"{100 * few:.0f} % as often.")
    without = [one for one in of.corridors if one.margin and one.margin.extra is None]
    if without:
        names = ", ".join(corridor_name(case, one.corridor) for one in without)
        yield f"No margin alone is enough in: {names}; why stands below."
    if of.precise is False:
        yield f"{of.replications} replications did not reach the half-width that was asked for."


def _rests_on(of: StressAnswer) -> tuple[str, ...]:
    return (
        f"Simulated: {whole(of.replications)} days with the policy «{of.policy}». "
        f"{of.policy_words}",
        "The plan's figures: a plan that keeps every rule. Times (low, likely, high): the folder.",
        "Assumed: how times spread and go together, breakdowns, halts, closures, late starts and "
        "who does not come; listed above.",
        of.only_delays,
    )


def _chance(of: ChanceAnswer) -> str:
    return (f"{_share(of.share)} (95 % interval {_share(of.low)} to {_share(of.high)}; at most "
            f"{_share(of.upper)} at 95 %)")


def _share(value: float) -> str:
    """A chance with three figures that say something; 0 only for one that was not seen."""
    return "0" if value == 0 else f"{value:.2g}" if value < 0.1 else f"{value:.2f}"


def _number(value: float) -> str:
    return whole(value) if abs(value) >= WHOLE_FROM or value == round(value) else f"{value:.1f}"


def _cell(value: float | None) -> float | int | None:
    if value is None:
        return None
    return round(value) if abs(value) >= WHOLE_FROM or value == round(value) else round(value, 1)


def _band(of: BandAnswer) -> Row:
    return (_cell(of.p10), _cell(of.p50), _cell(of.p90), _cell(of.mean))


def _figures(case: Case, of: StressAnswer) -> Part:
    def rows(figures: Iterable[FigureAnswer]) -> tuple[Row, ...]:
        return tuple((f.name, f.unit, _cell(f.planned), *_band(f), _cell(f.half_width))
                     for f in figures)

    header = ("figure", "unit", "plan", "P10", "P50", "P90", "mean", "±")
    measured = {measure.name for measure in MEASURES}
    curve = of.fan
    picture = fan(
        Curves(curve.minutes, curve.planned, curve.p10, curve.p50, curve.p90),
        [(w.opens, w.closes) for w in case.pause.windows], case.pause.clock)
    hours = [n for n, m in enumerate(curve.minutes) if m % 60 == 0]
    by_hour = tuple((case.pause.clock.hhmm(curve.minutes[n]), curve.planned[n], curve.p10[n],
                     curve.p50[n], curve.p90[n]) for n in hours)
    return Part(
        "What the days reach", pictures=(picture,), tables=(
            Table("figures", "What the days reach", header,
                  rows(f for f in of.figures if f.name in measured),
                  "± is half of the 95 % interval of the mean"),
            Table("aims", "The aims of the pause", header,
                  rows(f for f in of.figures if f.name not in measured)),
            Table("by-hour", "People at their destination by the hour",
                  ("by", "plan", "P10", "P50", "P90"), by_hour)))


def _chances(case: Case, of: StressAnswer) -> Part:
    def row(name: str, inside: ChanceAnswer, open_: ChanceAnswer, any_: ChanceAnswer) -> Row:
        return (name, _share(inside.share), _share(open_.share), _share(any_.share),
                f"{_share(any_.low)} – {_share(any_.high)}", _share(any_.upper))

    rows = [row("all corridors", of.inside, of.unsheltered, of.caught)]
    rows += [row(corridor_name(case, one.corridor), one.inside, one.unsheltered, one.caught)
             for one in of.corridors]
    margins = [one for one in of.corridors if one.margin]
    return Part(
        "Who may be inside or unsheltered at the end", (
            of.only_delays,
            *(f"{corridor_name(case, one.corridor)}: {one.words}" for one in margins)),
        tables=(
            Table("chances", "Who may be inside or unsheltered at the end",
                  ("corridor", "inside", "unsheltered", "either", "95 % interval", "at most"),
                  tuple(rows), "chances of the modelled delays only; «at most» at 95 %, never 0"),
            _margin_table(case, [one.margin for one in margins if one.margin],
                          "Margins", of.limit),
            _split_table(case, of)))


def _split_table(case: Case, of: StressAnswer) -> Table:
    """What a margin can buy, beside what none can."""
    rows = tuple(
        (corridor_name(case, one.corridor), _share(one.split.delays.share),
         _share(one.split.delays.upper), one.split.extra,
         *(("", "") if one.split.outlasts is None else (
             _share(one.split.outlasts.share), _share(one.split.outlasts.upper))))
        for one in of.corridors if one.split)
    return Table(
        "split", "What a margin can buy, and what none can",
        ("corridor", "late by delays alone", "at most", "minutes more", "outlasts them", "at most"),
        rows, "outlasts: halts, closures and lost vehicles, counted beyond the margin for delays; "
        "of the modelled causes only")


def _margin_table(case: Case, of: list[MarginAnswer], title: str, limit: float) -> Table:
    rows = tuple((corridor_name(case, m.corridor), _share(m.late.share), _share(m.never_out.share),
                  m.p50, m.p90, m.extra) for m in of)
    return Table(
        "margins", title,
        ("corridor", "late", "never out", "last out, P50", "P90", "minutes more"), rows,
        f"last out: minutes from the close, below 0 before it; minutes more: for a chance under "
        f"{limit:g}, a dash where no margin is enough or the days are too few")


def _causes(of: StressAnswer) -> Part:
    rows = tuple((c.source, _cell(c.persons), _cell(c.half_width), _cell(c.patients),
                  _cell(c.tonnes), c.caught_with, c.caught_without) for c in of.causes)
    return Part(
        "What it is due to", pictures=(costs([(c.source, c.persons) for c in of.causes],
                                             "people"),),
        tables=(Table(
            "causes", "What it is due to",
            ("source", "people", "±", "patients", "tonnes", "days caught with", "without"), rows,
            "fewer in the mean than on the same days without the source; sources work together, so "
            "they do not add up"),))


def _policies(of: StressAnswer) -> Part:
    rows = tuple((t.policy, _share(t.caught.share), _share(t.caught.upper), _cell(t.arrived.p10),
                  _cell(t.arrived.p50), sum(1 for m in t.margins if m.extra is not None),
                  len(t.margins)) for t in of.other_policies)
    return Part(
        "Other policies on the same days",
        tuple(f"«{t.policy}»: {t.words}" for t in of.other_policies),
        tables=(Table(
            "policies", "Other policies on the same days",
            ("policy", "chance", "at most", "people, P10", "P50", "corridors with a margin", "of"),
            rows, "chance that anyone is inside or unsheltered at the end"),))


def _margined(case: Case, of: MarginedAnswer) -> Part:
    if not of.found or of.caught_after is None:
        return Part("The plan made again with margins", (of.words,))
    shown = ("arrived", "patients arrived", "aid delivered", "inside at the end")
    rows = tuple((one.name, one.unit, _cell(one.before.p10), _cell(one.after.p10),
                  _cell(one.before.p50), _cell(one.after.p50), _cell(one.difference),
                  _cell(one.half_width)) for one in of.figures if one.name in shown)
    extra = "; ".join(f"{corridor_name(case, name)} {minutes}"
                      for name, minutes in of.extra.items())
    return Part(
        "The plan made again with margins", (
            of.words, f"Minutes more by corridor: {extra}.",
            f"Chance that anyone is inside or unsheltered at the end: {_chance(of.caught_before)} "
            f"before, {_chance(of.caught_after)} after, on the same days.",
            *((f"The plan: {of.file}",) if of.file else ())),
        tables=(Table(
            "margined", "Before and after, on the same days",
            ("figure", "unit", "P10 before", "after", "P50 before", "after ", "difference", "±"),
            rows, "difference of the means, day by day"),))


def _plan_for(of: PlanForAnswer) -> Part:
    rows = tuple((c.words, c.work, _cell(c.patients), _cell(c.persons), _cell(c.tonnes),
                  _share(c.caught.share), "best" if c.best else "") for c in of.candidates)
    best = next(c for c in of.candidates if c.best)
    return Part(
        f"The plan for {of.percent} days of a hundred", (
            f"Best: {best.words}. On {of.percent} of 100 days at least {_number(best.patients)} "
            f"patients, {_number(best.persons)} people and {_number(best.tonnes)} tonnes arrive.",
            *((f"The plan: {of.file}",) if of.file else ()),
            *(f"Left out: {words}" for words in of.left_out)),
        tables=(Table(
            "candidates", f"Plans judged on the same days (P{of.percent})",
            ("planned for", "work", "patients", "people", "tonnes", "chance caught", ""), rows,
            "patients decide first, then people, then tonnes; within half a percent they are "
            "alike"),))
