"""The samples' plans as notifications: everyone and everything stands in one, within the hours."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from lull.domain.case import Case
from lull.domain.corridor import Direction
from lull.domain.plan import Plan
from lull.domain.records import payload, read_payload
from lull.domain.worth import arrived
from lull.exchange.plan_write import plan_hash
from lull.exchange.reading import Reading, read_folder
from lull.plan import make_plan
from lull.report.figures import tonnes_in
from lull.report.movements import Each
from lull.report.notices import notifications_of
from lull.report.pause_notice import pause_notice_of
from tests.samples.conftest import DECEMBER, OCTOBER, SAMPLES

FIRST_STEPS, BENCH = "first-steps", "m-gate-1"


@pytest.mark.parametrize("name", [
    FIRST_STEPS, *(pytest.param(n, marks=pytest.mark.slow) for n in (OCTOBER, DECEMBER, BENCH))])
def test_every_convoy_is_in_one_notification_and_their_totals_are_the_plans(
    name: str, readings: dict[str, Reading], travel_cache: Path
) -> None:
    folder = SAMPLES.parent / "bench" / "cases" if name == BENCH else SAMPLES
    case = (readings.get(name) or read_folder(folder / name, cache=travel_cache)).case
    assert case is not None
    plan = make_plan(case, work=0, stop_bound=lambda: True).plan
    assert plan.convoys
    for by in Each:
        _require_account(case, plan, by)
    notice = pause_notice_of(case).record
    assert read_payload("pause.declare", payload(notice)) == notice
    assert len(notice.windows) == len(case.pause.windows)


def _require_account(case: Case, plan: Plan, by: Each) -> None:
    made = notifications_of(plan, case, plan_hash=plan_hash(plan, case),
                            at=datetime(2016, 10, 1, tzinfo=UTC), by=by).notices
    records = [one.record for one in made]
    assert len({r.reference for r in records}) == len(records)
    for record in records:
        assert read_payload("notification.draft", payload(record)) == record
    convoys = Counter(c for one in made for c in one.convoys)
    assert convoys == Counter(c.id for c in plan.convoys)
    people = sum(r.people.total or 0 for r in records if r.people)
    assert people == sum(arrived(plan).persons.values())
    patients = sum(r.people.wounded_or_sick or 0 for r in records if r.people)
    assert patients == sum(arrived(plan).patients.values())
    weight = sum(line.weight_kg or Decimal(0) for r in records for line in r.cargo)
    assert float(weight) / 1000 == pytest.approx(tonnes_in(case, plan))
    if by is Each.CONVOY:
        vehicles = sum(v.number for r in records for v in r.vehicles)
        cars = sum(p.cars for p in plan.parties)
        assert vehicles == cars + sum(len(c.vehicles) for c in plan.convoys)
    hours = [(case.pause.clock.utc(w.opens), case.pause.clock.utc(w.closes))
             for w in case.pause.windows]
    for one in made:
        gates = [stop for stop in one.record.stops if ": " in stop.place.name]
        assert len(gates) == 2
        assert any(opens <= gates[0].arrives and gates[1].leaves <= closes
                   for opens, closes in hours), one.record.reference
    _require_ways(case, plan)


def _require_ways(case: Case, plan: Plan) -> None:
    """Nobody leaves inwards, and no aid outwards, in these plans."""
    for day in notifications_of(plan, case, plan_hash="0" * 64,
                                at=datetime(2016, 10, 1, tzinfo=UTC)).notices:
        ways = {c.direction for c in plan.convoys if c.id in day.convoys}
        assert not (day.record.people and Direction.IN in ways)
        assert not (day.record.cargo and Direction.OUT in ways)
