"""From what was planned to what is printed: every figure of an answer, worked out once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from attrs import frozen

from lull.cli import schemas
from lull.domain.case import Case
from lull.domain.pause import Pause
from lull.domain.people import Need
from lull.domain.rules import Violation
from lull.domain.worth import Arrived, arrived
from lull.exchange import Finding
from lull.plan.result import Result
from lull.report.model import Column


@frozen
class Planned:
    """All that one run of `lull plan` has found; `main` is one of `columns`."""

    case: Case
    main: Column
    columns: tuple[Column, ...]
    violations: tuple[Violation, ...]
    rules: tuple[str, ...]
    warnings: tuple[Finding, ...]
    work: int
    seed: int
    seconds: float
    files: tuple[str, ...] = ()


def plan_answer(planned: Planned) -> schemas.PlanAnswer:
    """What `lull plan --json` prints, and what the tables on the terminal are made from."""
    pause, result = planned.case.pause, planned.main.result
    got = arrived(result.plan)
    return schemas.PlanAnswer(
        title=pause.title,
        place=pause.place,
        time_zone=pause.clock.zone,
        windows=windows(pause),
        consents=planned.main.reading.value,
        draft=planned.case.draft,
        work=planned.work,
        seed=planned.seed,
        interrupted=result.interrupted,
        refused=list(result.refused),
        too_short=result.too_short,
        shortest_useful_minutes=result.shortest_useful,
        tiers=tiers(result),
        totals=totals(planned.case, planned.main),
        columns=[column(c) for c in planned.columns],
        by_need=by_need(planned.case, got),
        by_neighbourhood=by_neighbourhood(planned.case, got),
        left_behind=left(result),
        limits=limits(result),
        not_in_bound=list(result.not_in_bound),
        rules_checked=list(planned.rules),
        violations=[violation(v, pause) for v in planned.violations],
        warnings=[finding(f) for f in planned.warnings],
        files=list(planned.files),
        seconds=round(planned.seconds, 1),
    )


def windows(pause: Pause) -> list[schemas.WindowAnswer]:
    """The windows in local time and UTC."""
    clock = pause.clock
    return [
        schemas.WindowAnswer(
            name=w.name,
            opens_local=clock.local(w.opens).isoformat(),
            closes_local=clock.local(w.closes).isoformat(),
            opens_utc=clock.utc(w.opens).isoformat(),
            closes_utc=clock.utc(w.closes).isoformat(),
            minutes=w.minutes,
        )
        for w in pause.windows
    ]


def tiers(result: Result) -> list[schemas.TierAnswer]:
    """Each aim with its value, its bounds and its gap."""
    return [
        schemas.TierAnswer(
            name=t.name,
            unit=t.unit,
            value=t.value,
            bound=t.bound,
            bound_any=t.bound_any,
            gap=t.gap,
            one_load=t.one_load,
        )
        for t in result.tiers
    ]


def tonnes_delivered(case: Case, got: Arrived) -> float:
    """Tonnes handed over where they are needed."""
    return sum(units * case.items[item].kg for (item, _), units in got.units.items()) / 1000


def totals(case: Case, main: Column) -> schemas.TotalsAnswer:
    """What the plan moves, beside what is there and what no plan can exceed."""
    got, ceiling = arrived(main.result.plan), main.result.ceiling
    groups = case.groups.values()
    return schemas.TotalsAnswer(
        present=sum(g.count for g in groups),
        wishing=sum(g.wishing for g in groups),
        persons=sum(got.persons.values()),
        patients_wishing=sum(g.patients for g in groups),
        patients=sum(got.patients.values()),
        tonnes_needed=sum(d.units * case.items[d.item].kg for d in case.demands) / 1000,
        tonnes=tonnes_delivered(case, got),
        no_plan_moves_more_persons=ceiling.persons,
        no_plan_moves_more_patients=ceiling.patients,
        no_plan_moves_more_tonnes=ceiling.tonnes,
    )


def column(of: Column) -> schemas.ColumnAnswer:
    """One column of the headline; nothing is always accompanied by why."""
    got = arrived(of.result.plan)
    note = of.result.too_short
    if of.result.refused:
        note = "not planned: " + "; ".join(of.result.refused)
    if not of.case.corridors:
        note = "no corridor has the consents it needs"
    return schemas.ColumnAnswer(
        consents=of.reading.value,
        corridors=len(of.case.corridors),
        persons=sum(got.persons.values()),
        patients=sum(got.patients.values()),
        tonnes=tonnes_delivered(of.case, got),
        note=note,
    )


def by_need(case: Case, got: Arrived) -> list[schemas.NeedAnswer]:
    """Those who wish to leave, and those who do, by what they need on the way."""
    wishing: dict[Need, int] = defaultdict(int)
    served: dict[Need, int] = defaultdict(int)
    for group in case.groups.values():
        wishing[group.need] += group.wishing
        served[group.need] += got.persons.get(group.id, 0)
    order = (Need.CRITICAL, Need.STRETCHER, Need.SEATED, Need.WALKING)
    return [
        schemas.NeedAnswer(need=need.value, wishing=wishing[need], served=served[need])
        for need in order
        if wishing[need]
    ]


def by_neighbourhood(case: Case, got: Arrived) -> list[schemas.NeighbourhoodAnswer]:
    """People and supplies by neighbourhood; those who stay stand in it with those who leave."""
    people: dict[str, list[int]] = {name: [0, 0, 0] for name in case.neighbourhoods}
    goods: dict[str, list[float]] = {name: [0.0, 0.0] for name in case.neighbourhoods}
    for group in case.groups.values():
        row = people[case.neighbourhood_of(group)]
        row[0] += group.count
        row[1] += group.wishing
        row[2] += got.persons.get(group.id, 0)
    for line in case.demands:
        tonnes = case.items[line.item].kg / 1000
        aid = goods[line.neighbourhood or case.site_neighbourhood(line.site)]
        aid[0] += line.units * tonnes
        aid[1] += got.of_line(line) * tonnes
    return [
        schemas.NeighbourhoodAnswer(
            neighbourhood=name,
            present=people[name][0],
            wishing=people[name][1],
            served=people[name][2],
            tonnes_needed=goods[name][0],
            tonnes_delivered=goods[name][1],
        )
        for name in case.neighbourhoods
    ]


def left(result: Result) -> list[schemas.LeftAnswer]:
    """Who and what stays, and why."""
    return [
        schemas.LeftAnswer(
            what=x.what,
            place=x.place,
            neighbourhood=x.neighbourhood,
            need=x.need,
            number=x.number,
            unit=x.unit,
            why=x.why,
        )
        for x in result.left
    ]


def limits(result: Result) -> list[schemas.LimitAnswer]:
    """What is used up."""
    return [
        schemas.LimitAnswer(
            kind=x.kind,
            name=x.name,
            share_in_busiest_half=x.share,
            share_of_window=x.whole_share,
            sentence=x.sentence,
        )
        for x in result.limits
    ]


def violation(of: Violation, pause: Pause) -> schemas.ViolationAnswer:
    """A breach, its minute turned into local time."""
    when = of.when
    return schemas.ViolationAnswer(
        rule=of.rule,
        who=str(of.who),
        where=str(of.where or ""),
        when=pause.clock.hhmm(when) if isinstance(when, int) else str(when or ""),
        by=float(of.by or 0),
        sentence=of.sentence,
    )


def finding(of: Finding) -> schemas.FindingAnswer:
    """One thing wrong or doubtful in a folder."""
    return schemas.FindingAnswer(
        level="error" if of.level == "error" else "warning",
        check=of.check,
        file=of.file,
        row=of.row or None,
        column=of.column,
        found=of.found,
        expected=of.expected,
        sentence=of.sentence,
    )


def check_answer(folder: str, findings: Sequence[Finding], ready: bool) -> schemas.CheckAnswer:
    """What `lull check --json` prints."""
    errors = sum(f.level == "error" for f in findings)
    return schemas.CheckAnswer(
        folder=folder,
        errors=errors,
        warnings=len(findings) - errors,
        plannable=ready,
        findings=[finding(f) for f in findings],
    )


def why_left(entries: Iterable[schemas.LeftAnswer]) -> list[tuple[str, int, str]]:
    """(unit, number, reason) summed over places, the largest first in each unit."""
    summed: dict[tuple[str, str], int] = defaultdict(int)
    for entry in entries:
        summed[entry.unit, entry.why] += entry.number
    return sorted(
        ((unit, number, why) for (unit, why), number in summed.items()),
        key=lambda row: (row[0], -row[1], row[2]),
    )
