"""A plan into `plan.json`."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from lull import __version__
from lull.domain.case import Case
from lull.domain.plan import Convoy, Crossing, Party, Plan, Stop, VehicleDay
from lull.exchange import plan_json as form
from lull.exchange.atomic import write_whole
from lull.plan.result import Result


def write_plan(
    plan: Plan,
    case: Case,
    path: Path,
    *,
    result: Result | None = None,
    folder_hash: str = "",
    consents: str = "",
) -> Path:
    """Write plan.json whole or not at all; returns its path.

    With a `result` its tiers, bounds and who is left behind are written too; `folder_hash` is
    `Reading.content_hash` and `consents` the reading on which the plan rests.
    """
    file = plan_file(plan, case, result=result, folder_hash=folder_hash, consents=consents)
    return write_whole(Path(path), file.model_dump_json(indent=1) + "\n")


def plan_file(
    plan: Plan,
    case: Case,
    *,
    result: Result | None = None,
    folder_hash: str = "",
    consents: str = "",
) -> form.PlanFile:
    """The whole content of plan.json."""
    writer = _Writer(case)
    pause = case.pause
    return form.PlanFile(
        title=pause.title,
        place=pause.place,
        time_zone=pause.clock.zone,
        origin=pause.clock.utc(0).isoformat(),
        windows=[
            form.WindowPart(name=w.name, opens=writer.at(w.opens), closes=writer.at(w.closes))
            for w in pause.windows
        ],
        draft=plan.draft,
        overrides=[
            form.OverridePart(rule=rule, role=role, reason=reason)
            for rule, (role, reason) in plan.overrides.items()
        ],
        reproduce=form.ReproducePart(
            version=__version__, folder_hash=folder_hash, work=plan.work, seed=plan.seed,
            consents=consents,
        ),
        tiers=_tiers(result),
        left_behind=_left(result),
        vehicles=[writer.vehicle(day) for day in plan.vehicles],
        convoys=[writer.convoy(convoy) for convoy in plan.convoys],
        parties=[writer.party(party) for party in plan.parties],
        calls=[
            form.CallPart(site=c.site, group=c.group, at=writer.at(c.at), persons=c.persons,
                          serves=c.serves)
            for c in plan.calls
        ],
        last_calls=[
            form.LastCallPart(site=c.site, window=c.window, last_call=writer.at(c.last_call),
                              send_home=writer.at(c.send_home))
            for c in plan.last_calls
        ],
        return_seats=[
            form.ReturnSeatsPart(outbound=r.outbound, inbound=r.inbound, seats=r.seats)
            for r in plan.return_seats
        ],
    )  # fmt: skip


def plan_hash(plan: Plan, case: Case) -> str:
    """SHA-256 of what a plan says, the same whoever wrote it down and with which effort."""
    said = plan_file(plan, case).model_dump(mode="json", exclude={"reproduce"})
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _tiers(result: Result | None) -> list[form.TierPart]:
    return [
        form.TierPart(name=t.name, unit=t.unit, value=float(t.value), bound=t.bound, gap=t.gap)
        for t in (result.tiers if result else ())
    ]


def _left(result: Result | None) -> list[form.LeftPart]:
    return [
        form.LeftPart(who=f"{left.what}, {left.place}", number=float(left.number), unit=left.unit,
                      why=left.why)
        for left in (result.left if result else ())
    ]


class _Writer:
    """Writes the parts of a plan with times in the case's clock."""

    def __init__(self, case: Case) -> None:
        clock = case.pause.clock

        @cache
        def at(minute: int) -> form.Time:
            return form.Time(
                minute=minute,
                utc=f"{clock.utc(minute):%Y-%m-%dT%H:%MZ}",
                local=clock.local(minute).isoformat(timespec="minutes"),
            )

        self.at = at

    def vehicle(self, day: VehicleDay) -> form.VehiclePart:
        """One vehicle's steps."""
        steps = [
            self.crossing(step) if isinstance(step, Crossing) else self.stop(step)
            for step in day.steps
        ]
        return form.VehiclePart(vehicle=day.vehicle, steps=steps)

    def stop(self, stop: Stop) -> form.StopPart:
        """A vehicle at a site."""
        return form.StopPart(
            site=stop.site, task=stop.task.value, arrives=self.at(stop.arrives),
            starts=self.at(stop.starts), departs=self.at(stop.departs),
            people=[
                form.PeoplePart(group=p.group, destination=p.destination, persons=p.persons,
                                stretchers=p.stretchers)
                for p in stop.people
            ],
            goods=[
                form.GoodsPart(item=g.item, destination=g.destination, units=g.units,
                               taken_from=g.taken_from, removed=g.removed, returned=g.returned)
                for g in stop.goods
            ],
            round=stop.round,
        )  # fmt: skip

    def crossing(self, step: Crossing) -> form.CrossingPart:
        """A vehicle through a corridor."""
        return form.CrossingPart(
            corridor=step.corridor, direction=step.direction.value, convoy=step.convoy,
            arrives=self.at(step.arrives), enters=self.at(step.enters),
            cleared=self.at(step.cleared), leaves=self.at(step.leaves), round=step.round,
        )  # fmt: skip

    def convoy(self, convoy: Convoy) -> form.ConvoyPart:
        """Vehicles that pass a gate together."""
        return form.ConvoyPart(
            id=convoy.id, corridor=convoy.corridor, direction=convoy.direction.value,
            starts=self.at(convoy.starts), vehicles=list(convoy.vehicles), leader=convoy.leader,
            households=[
                form.HouseholdPart(group=h.group, destination=h.destination, size=h.size,
                                   number=h.number)
                for h in convoy.households
            ],
        )  # fmt: skip

    def party(self, party: Party) -> form.PartyPart:
        """People who leave on foot or in their own cars."""
        return form.PartyPart(
            id=party.id, by=party.by.value, group=party.group, corridor=party.corridor,
            destination=party.destination, persons=party.persons,
            households=[
                form.SizePart(size=size, number=number)
                for size, number in party.households.items()
            ],
            departs=self.at(party.departs), arrives=self.at(party.arrives),
            enters=self.at(party.enters), cleared=self.at(party.cleared),
            leaves=self.at(party.leaves), reaches=self.at(party.reaches), cars=party.cars,
            bound_for=party.bound_for,
        )  # fmt: skip
