"""Jobs that ask a question: the answer as its verb prints it, and its page."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lull import __version__
from lull.cli.exits import BadInput
from lull.cli.folder import Opened
from lull.cli.planning import READING_OF
from lull.cli.questions import asks as asks_form
from lull.cli.questions import extension as extension_form
from lull.cli.questions import frontier as frontier_form
from lull.cli.questions import replan as replan_form
from lull.cli.questions import shortest as shortest_form
from lull.cli.questions import stress as stress_form
from lull.cli.questions.frame import Run
from lull.cli.questions.model import QuestionAnswer
from lull.cli.questions.registry import QUESTIONS
from lull.cli.shortest import Telling as WithLengths
from lull.cli.working.doing import NAME, Doing, Outcome
from lull.cli.working.planning import drafts
from lull.domain.refusal import require
from lull.domain.rules import judge
from lull.exchange.plan_write import plan_file
from lull.exchange.reports import minute_of, notified_in, reports_in
from lull.plan import DEFAULT_WORK, make_plan
from lull.questions import named, stress
from lull.questions.aim import Aim, AimKind
from lull.questions.asks import ASK_WORK, FIRST, By, asks
from lull.questions.axes import Along, Axis
from lull.questions.candidates import LEAD, MORE, Kind, Terms
from lull.questions.extension import FURTHER, extension
from lull.questions.extension import REPLICATIONS as EXTENSION_DAYS
from lull.questions.faults import faults
from lull.questions.frontier import FRONTIER_WORK, frontier
from lull.questions.replan import NOTICE, RELEASE, REPLAN_WORK, new_breaches, replan
from lull.questions.shortest import LONGEST, STEP, shortest
from lull.questions.stress import days_for
from lull.report.question_page import question_page
from lull.simulate import ASSUMED
from lull.store.jobs import DRAFTS, REPORT

Find = Callable[[Doing, Run], tuple[QuestionAnswer, Mapping[str, bytes]]]


def asking(verb: str, find: Find) -> Callable[[Doing], Outcome]:
    """A job that answers a question with the verb's own form and page."""

    def do(doing: Doing) -> Outcome:
        began, opened = time.monotonic(), doing.opened()
        found, products = find(doing, doing.run(opened))
        answer = found.model_copy(update={
            "folder": NAME, "folder_hash": opened.reading.content_hash,
            "consents": doing.consents, "seconds": round(time.monotonic() - began, 1)})
        doing.steps("writing the page")
        return Outcome.of({"answer": answer.model_dump(mode="json")},
                          **{REPORT: _page(verb, opened, answer), **products})

    return do


def _page(verb: str, opened: Opened, answer: QuestionAnswer) -> bytes:
    case = opened.case.on(READING_OF[answer.consents])
    return question_page(QUESTIONS[verb].told(case, answer), case.pause,
                         folder_hash=answer.folder_hash, version=__version__).encode()


def _frontier(doing: Doing, run: Run) -> tuple[QuestionAnswer, Mapping[str, bytes]]:
    axes = [Axis(along, tuple(doing.options[along.value]),
                 doing.options["vehicle_type"] if along is Along.VEHICLES else "")
            for along in Along if doing.options[along.value]]
    work = FRONTIER_WORK if doing.work is None else doing.work
    with run.spread() as pool:
        return frontier_form.answer(frontier(
            run.case, axes, work=work, seed=doing.seed, executor=pool, width=pool.at_once,
            progress=run.progress, stop=run.stop)), {}


def _asks(doing: Doing, run: Run) -> tuple[QuestionAnswer, Mapping[str, bytes]]:
    said, clock = doing.options, run.case.pause.clock
    lead = {Kind[row["kind"].upper()]: round(60 * row["hours"]) for row in said["lead"] or ()}
    more = {use: tuple(said["vehicles"]) for use in MORE} if said["vehicles"] else MORE
    at = minute_of(said["at"], clock) if said["at"] else run.case.pause.notice
    by_aims = said["by"] == "aims"
    with run.spread() as pool:
        return asks_form.answer(asks(
            run.opened.case, READING_OF[doing.consents],
            by=By.PERSONS if by_aims else By(said["by"]), by_tiers=by_aims,
            terms=Terms(at, {**LEAD, **lead}, more,
                        tuple(round(60 * hours) for hours in said["hours"])),
            first=FIRST if said["first"] is None else said["first"],
            work=ASK_WORK if doing.work is None else doing.work, seed=doing.seed, executor=pool,
            width=pool.at_once, progress=run.progress, stop=run.stop)), {}


def _shortest(doing: Doing, run: Run) -> tuple[QuestionAnswer, Mapping[str, bytes]]:
    said = doing.options
    kind = AimKind(said["aim"])
    aim = Aim(kind, said["share"] / 100 if kind is AimKind.SHARE else 1.0)
    telling = WithLengths(run)
    return shortest_form.answer(shortest(
        run.case, aim, near=said["near"] / 100, work=doing.work, seed=doing.seed,
        step=said["step"] or STEP, longest=said["longest"] or LONGEST, progress=telling.step,
        standing=telling.standing, stop=run.stop)), {}


def _extension(doing: Doing, run: Run) -> tuple[QuestionAnswer, Mapping[str, bytes]]:
    said = doing.options
    hours, days = said["further"], said["replications"]
    lead = LEAD[Kind.HOURS] if said["lead"] is None else round(60 * said["lead"])
    with run.spread() as pool:
        found = extension(
            run.case, tuple(round(60 * h) for h in hours) if hours else FURTHER,
            share=said["share"] / 100, lead=lead,
            replications=EXTENSION_DAYS if days is None else days,
            work=FRONTIER_WORK if doing.work is None else doing.work, seed=doing.seed,
            executor=pool, width=pool.at_once, progress=run.progress, stop=run.stop)
    return extension_form.answer(found, run.case, tuple(said["new"] or ())), {}


def _stress(doing: Doing, run: Run) -> tuple[QuestionAnswer, Mapping[str, bytes]]:
    said = doing.options
    if doing.plan_file:
        plan, name = doing.plan(run.case), "of an earlier job"
        broken = sorted({breach.rule for breach in judge(run.case, plan)})
        require(not broken, f"The plan breaks rules ({', '.join(broken)}).")
    else:
        made = make_plan(run.case, work=DEFAULT_WORK if doing.work is None else doing.work,
                         seed=doing.seed, stop=run.stop, progress=doing.steps,
                         stop_bound=lambda: True)
        require(not made.refused, " ".join(made.refused))
        plan, name = made.plan, "made here"
    with run.spread() as pool:
        found = stress(
            run.case, plan, day=named((said["policy"],)), limit=said["limit"], seed=doing.seed,
            replications=said["replications"] or days_for(said["limit"]), executor=pool,
            progress=run.progress, stop=run.stop)
    return stress_form.answer(found, name, plan.work, dict(ASSUMED), None, None), {}


def _replan(doing: Doing, run: Run) -> tuple[QuestionAnswer, Mapping[str, bytes]]:
    said, case, clock = doing.options, run.case, run.case.pause.clock
    now = minute_of(said["at"], clock)
    if not doing.plan_file:
        raise BadInput("The job that made the plan has been ended, and the plan with it.")
    old = doing.plan(case)
    broken = new_breaches(case, old, now)
    require(not broken, f"The plan breaks rules. {broken[0].sentence if broken else ''}")
    happened = reports_in(Path("reports.json"), clock, raw=_rows(said["reports"]))
    told = notified_in(Path("notified.json"), clock, raw=_rows(said["notified"]))
    wrong = faults(case, old, now, happened.rows, (*told.rows, *told.doubtful),
                   formal=(*happened.wrong, *told.wrong), doubtful=happened.doubtful)
    if wrong:
        raise BadInput("\n".join(wrong))
    made = replan(
        case, old, now, happened.rows, notified=told.rows if said["notified"] else None,
        release=RELEASE if said["release"] is None else said["release"],
        notice=NOTICE if said["notice"] is None else round(60 * said["notice"]),
        work=REPLAN_WORK if doing.work is None else doing.work, seed=doing.seed,
        progress=run.progress, stop=run.stop)
    written = plan_file(made.plan, case, folder_hash=run.opened.reading.content_hash,
                        consents=doing.consents)
    answer = replan_form.answer(made, clock).model_copy(
        update={"plan": written.model_dump(mode="json")})
    return answer, {DRAFTS: drafts(case, made.plan)}


def _rows(given: Any) -> bytes:
    return json.dumps(given or []).encode()


QUESTION_JOBS = {verb: asking(verb, find) for verb, find in {
    "stress": _stress, "frontier": _frontier, "asks": _asks, "shortest": _shortest,
    "extension": _extension, "replan": _replan,
}.items()}  # fmt: skip
