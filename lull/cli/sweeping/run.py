"""One run of `lull sweep`: folder by folder read, planned, judged, and written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from attrs import define, field

from lull.cli import schemas
from lull.cli.answers import finding, totals, windows
from lull.cli.folder import How, Opened
from lull.cli.plan import write_planned
from lull.cli.planning import judged
from lull.cli.report import report_input
from lull.cli.saved import RESULT_FILE
from lull.cli.spread.spread import Spread
from lull.cli.sweeping.find import Found
from lull.cli.sweeping.state import State
from lull.cli.sweeping.told import sum_of
from lull.domain.pause import Consents
from lull.exchange import Reading, read_folder
from lull.questions.sweep import READINGS, Ground, Place, Swept, counted_twice, ground, sums, sweep
from lull.report.model import Column

Told = Callable[[str, float, float], None]

WORDS_OF_TWICE = {"people": "people wait", "needs": "aid is needed", "vehicles": "vehicles stand"}
WATCHED = ("plan.json", RESULT_FILE, "report.html")
"""Files of an earlier run that must still be what they were."""


@define
class Sweeping:
    """What is known of each folder by now; `waiting` are those that are being planned.

    Of a folder with streets only its path is held while it waits: streets are large, and are read
    again for its report.
    """

    found: list[Found]
    out: Path
    how: How
    main: Consents
    word: str
    work: int
    seed: int
    told: Told
    rows: dict[str, schemas.SweepPlaceAnswer] = field(factory=dict)
    grounds: dict[str, Ground] = field(factory=dict)
    waiting: dict[str, tuple[Path, str, Opened | None]] = field(factory=dict)

    @property
    def state(self) -> State:
        """What earlier runs that were asked the same have found."""
        return State(self.out, (self.main.value, self.work, self.seed))

    def run(self, executor: Spread, stop: Callable[[], bool]) -> None:
        """Plan what has to be planned, and write each down as it is done."""
        for swept in sweep(self._places(), self.main, work=self.work, seed=self.seed,
                           executor=executor, stop=stop):
            self._take(swept)
            self.told("planning each pause", len(self.rows), len(self.found))

    def _places(self) -> Iterator[Place]:
        for one in self.found:
            self.told("reading each folder", len(self.rows), len(self.found))
            reading = None if one.wrong else self._read(one.path)
            if reading is None or reading.case is None:
                self.rows[one.name] = self._refused(one, reading)
                continue
            self.grounds[one.name] = ground(one.name, reading.case)
            kept = self.state.find(one.name, reading.content_hash)
            if kept is not None:
                self.rows[one.name] = kept.model_copy(
                    update={"findings": [finding(f) for f in reading.findings]})
                continue
            small = None if reading.ground else _opened(reading)
            self.waiting[one.name] = (one.path, reading.content_hash, small)
            yield Place(one.name, reading.case)

    def _read(self, path: Path) -> Reading:
        return read_folder(path, cache=self.how.cache)

    def _refused(self, one: Found, reading: Reading | None) -> schemas.SweepPlaceAnswer:
        found = [one.wrong] if one.wrong else list(reading.findings if reading else ())
        why = [] if not self.state.of_an_earlier_run(one.name) else [
            f"What lies in {one.name} of --out is of an earlier state of the folder."]
        return _row(one.name, "refused", reading, why=why,
                    findings=[finding(f) for f in found])

    def _take(self, swept: Swept) -> None:
        """Judge a plan, write it with its report, and put down its line."""
        path, was, opened = self.waiting.pop(swept.name)
        if opened is None:
            reading = self._read(path)
            if reading.case is None or reading.content_hash != was:
                self.rows[swept.name] = _row(
                    swept.name, "refused", reading, findings=[finding(f) for f in reading.findings],
                    why=["It was changed while it was planned; run the same command again."])
                return
            opened = _opened(reading)
        case = opened.case
        columns = tuple(Column(r, case.on(r), swept.results[r]) for r in READINGS)
        main = next(c for c in columns if c.reading is self.main)
        planned = judged(opened, main, columns, work=swept.work, seed=self.seed, bound_work=None,
                         seconds=0.0)
        files = write_planned(planned, report_input(planned, opened, path), self.out / swept.name)
        sound = not swept.result.refused and not planned.violations
        state = "planned" if sound else (
            "cannot be planned" if swept.result.refused else "breaks a rule")
        broken = sorted({v.rule for v in planned.violations})
        row = _row(
            swept.name, state, opened.reading, work=swept.work,
            findings=[finding(f) for f in opened.warnings],
            totals=totals(case, main) if sound else None,
            too_short=swept.result.too_short, out=swept.name if sound else "",
            why=[*swept.result.refused, *(
                [f"The plan found breaks a rule ({', '.join(broken)}), so it is set aside."]
                if broken else [])])
        self.state.keep(row, tuple(f for f in files if f in WATCHED))
        self.rows[swept.name] = row

    def answer(self, folder: Path, again: str, *, stopped: bool) -> schemas.SweepAnswer:
        """What came out, in the order of the folders' names."""
        rows = [self.rows[one.name] for one in self.found if one.name in self.rows]
        planned = [row for row in rows if row.totals is not None]
        twice = counted_twice([self.grounds[row.name] for row in planned])
        may = sums(twice)
        return schemas.SweepAnswer(
            folder=str(folder), consents=self.word, work=self.work, seed=self.seed,
            planned=len(planned), refused=len(rows) - len(planned), places=rows,
            sums=[
                sum_of("persons", rows, ("wishing", "persons", "no_plan_moves_more_persons"),
                       asked=may.people, moved=may.people_moved),
                sum_of("patients", rows,
                       ("patients_wishing", "patients", "no_plan_moves_more_patients"),
                       asked=may.people, moved=may.people_moved),
                sum_of("tonnes", rows, ("tonnes_needed", "tonnes", "no_plan_moves_more_tonnes"),
                       asked=may.tonnes, moved=may.tonnes_moved)],
            not_added=[f"{t.one} and {t.other}: {WORDS_OF_TWICE[t.what]} at "
                       f"{t.places} of the same places in both, so they are not added up."
                       for t in twice],
            stopped=stopped, again=again, files=[])


def _opened(reading: Reading) -> Opened:
    assert reading.case is not None
    return Opened(reading.case, tuple(reading.findings), reading)


def _row(
    name: str, state: str, reading: Reading | None, *, why: list[str],
    findings: list[schemas.FindingAnswer], totals: schemas.TotalsAnswer | None = None,
    too_short: str = "", out: str = "", work: int = 0,
) -> schemas.SweepPlaceAnswer:
    case = reading.case if reading else None
    return schemas.SweepPlaceAnswer.model_validate({
        "name": name, "state": state, "title": case.pause.title if case else "",
        "place": case.pause.place if case else "",
        "windows": windows(case.pause) if case else [],
        "folder_hash": reading.content_hash if reading else "",
        "draft": case.draft if case else "", "totals": totals, "too_short": too_short, "why": why,
        "findings": findings, "work": work, "out": out, "kept": False})
