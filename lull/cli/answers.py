"""From what was planned to what is printed: every figure of an answer, worked out once."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from lull.cli import schemas
from lull.domain.case import Case
from lull.domain.pause import Pause
from lull.domain.people import Need
from lull.domain.plan import Plan
from lull.domain.rules import Rule, Violation
from lull.exchange import Finding
from lull.plan.result import Result
from lull.report import figures, headline
from lull.report.model import Column


@frozen
class Planned:
    """All that one run of `lull plan` has found; `main` is one of `columns`."""

    case: Case
    main: Column
    columns: tuple[Column, ...]
    violations: tuple[Violation, ...]
    rules: tuple[Rule, ...]
    warnings: tuple[Finding, ...]
    work: int
    seed: int
    seconds: float
    bound_work: int | None = None
    folder_hash: str = ""
    files: tuple[str, ...] = ()


def plan_answer(planned: Planned) -> schemas.PlanAnswer:
    """What `lull plan --json` prints, and what the tables on the terminal are made from."""
    pause, result = planned.case.pause, planned.main.result
    return schemas.PlanAnswer(
        title=pause.title,
        place=pause.place,
        time_zone=pause.clock.zone,
        windows=windows(pause),
        consents=planned.main.reading.value,
        draft=planned.case.draft,
        work=planned.work,
        seed=planned.seed,
        bound_work=planned.bound_work,
        repeatable=result.repeatable,
        interrupted=result.interrupted,
        refused=list(result.refused),
        too_short=result.too_short,
        shortest_useful_minutes=result.shortest_useful,
        tiers=tiers(result),
        totals=totals(planned.case, planned.main),
        columns=[column(c) for c in planned.columns],
        by_need=by_need(planned.case, result.plan),
        by_neighbourhood=by_neighbourhood(planned.case, result.plan),
        left_behind=left(result),
        limits=limits(result),
        not_in_bound=list(result.not_in_bound),
        rules_checked=[rule.name for rule in planned.rules],
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
    return [schemas.TierAnswer.model_validate(t, from_attributes=True) for t in result.tiers]


def totals(case: Case, main: Column) -> schemas.TotalsAnswer:
    """What the plan moves, beside what is there and what no plan can exceed."""
    people = figures.total(figures.served(case, main.result.plan).values())
    aid = figures.supplied(case, main.result.plan)
    ceiling = main.result.ceiling
    return schemas.TotalsAnswer(
        present=people.present,
        wishing=people.wishing,
        persons=people.out,
        patients_wishing=people.patients_wishing,
        patients=people.patients_out,
        tonnes_needed=sum(line.tonnes_needed for line in aid),
        tonnes=sum(line.tonnes for line in aid),
        no_plan_moves_more_persons=ceiling.persons,
        no_plan_moves_more_patients=ceiling.patients,
        no_plan_moves_more_tonnes=ceiling.tonnes,
    )


def column(of: Column) -> schemas.ColumnAnswer:
    """One column of the headline; nothing is always accompanied by why."""
    counted = headline.totals(of)
    return schemas.ColumnAnswer(
        consents=of.reading.value,
        corridors=counted.corridors,
        persons=counted.persons,
        patients=counted.patients,
        tonnes=counted.tonnes,
        note=counted.note,
    )


def by_need(case: Case, plan: Plan) -> list[schemas.NeedAnswer]:
    """Those who wish to leave, and those who do, by what they need on the way."""
    cells = figures.served(case, plan)
    answers = []
    for need in (Need.CRITICAL, Need.STRETCHER, Need.SEATED, Need.WALKING):
        people = figures.total(cell for (_, of), cell in cells.items() if of is need)
        if people.wishing:
            answers.append(
                schemas.NeedAnswer(need=need.value, wishing=people.wishing, served=people.out)
            )
    return answers


def by_neighbourhood(case: Case, plan: Plan) -> list[schemas.NeighbourhoodAnswer]:
    """People and supplies by neighbourhood; those who stay stand in it with those who leave."""
    cells = figures.served(case, plan)
    aid = figures.supplied(case, plan)
    answers = []
    for name in case.neighbourhoods:
        people = figures.total(cell for (of, _), cell in cells.items() if of == name)
        lines = [line for line in aid if line.neighbourhood == name]
        answers.append(
            schemas.NeighbourhoodAnswer(
                neighbourhood=name,
                present=people.present,
                wishing=people.wishing,
                served=people.out,
                tonnes_needed=sum(line.tonnes_needed for line in lines),
                tonnes_delivered=sum(line.tonnes for line in lines),
            )
        )
    return answers


def left(result: Result) -> list[schemas.LeftAnswer]:
    """Who and what stays, and why."""
    return [schemas.LeftAnswer.model_validate(x, from_attributes=True) for x in result.left]


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
    return schemas.ViolationAnswer(
        rule=of.rule,
        who=of.who,
        where=of.where,
        when="" if of.when is None else pause.clock.hhmm(of.when),
        by=of.by,
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
