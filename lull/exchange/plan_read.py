"""`plan.json` into a plan, or all that is wrong with it at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from lull.domain.case import Case
from lull.domain.corridor import Direction
from lull.domain.plan import (
    By,
    Call,
    Convoy,
    Crossing,
    Goods,
    Household,
    LastCall,
    Party,
    People,
    Plan,
    ReturnSeats,
    Stop,
    Task,
    VehicleDay,
)
from lull.domain.refusal import Refusal
from lull.domain.time import Clock
from lull.exchange import plan_json as form
from lull.exchange.finding import Finding, Findings, Where, shown

MOST_BYTES_OF_PLAN = 300_000_000
MOST_SAID = 40
"""Errors that the message lists; `findings` hold all."""


class BadPlan(Refusal):
    """A plan.json cannot be used; `findings` hold every reason, the message the first of them."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        lines = [str(f) for f in findings[:MOST_SAID]]
        if len(findings) > MOST_SAID:
            lines.append(f"... and {len(findings) - MOST_SAID} more.")
        super().__init__("\n".join(lines))
        self.findings = findings


def read_plan(path: Path, case: Case, *, raw: bytes | None = None) -> Plan:
    """The plan in a plan.json made for this case; raises BadPlan with all that is wrong.

    `raw` is the file's content where it does not lie on the disk, as when it was sealed. Rules
    are not judged here; minutes alone are read, and UTC is held against them, save in a plan for
    another pause, where every one would be wrong.
    """
    findings = Findings()
    file = _parsed(Path(path), findings, raw)
    if file is not None:
        _same_pause(file, case, Where(Path(path).name), findings)
        if not findings.errors:
            _same_times(file, case.pause.clock, Where(Path(path).name), findings)
    if file is None or findings.errors:
        raise BadPlan(findings.in_order())
    return _plan(file)


def read_plan_file(path: Path) -> form.PlanFile:
    """The whole content of a plan.json, with its bounds and what reproduces it; raises BadPlan."""
    findings = Findings()
    file = _parsed(Path(path), findings)
    if file is None:
        raise BadPlan(findings.in_order())
    return file


def _parsed(path: Path, findings: Findings, raw: bytes | None = None) -> form.PlanFile | None:
    where = Where(path.name)
    try:
        size = path.stat().st_size if raw is None else len(raw)
        if size > MOST_BYTES_OF_PLAN:
            findings.error("too large", where, f"The file has {size / 1e6:,.0f} MB; at most "
                           f"{MOST_BYTES_OF_PLAN / 1e6:,.0f} MB are read.")
            return None
        raw = path.read_bytes() if raw is None else raw
    except OSError as error:
        findings.error("unreadable", where, f"The file cannot be opened "
                       f"({error.strerror or error}).")
        return None
    try:
        document = json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse)
    except UnicodeDecodeError as error:
        findings.error("encoding", where, f"The file is not UTF-8 (byte {error.start}).")
    except json.JSONDecodeError as error:
        findings.error("json", Where(path.name, error.lineno), f"The file cannot be read as JSON "
                       f"({error.msg}, line {error.lineno}); was it cut off?")
    except (ValueError, RecursionError) as error:
        findings.error("json", where, f"The file cannot be read as JSON "
                       f"({str(error)[:80] or type(error).__name__}).")
    else:
        return _validated(document, where, findings)
    return None


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _validated(document: Any, where: Where, findings: Findings) -> form.PlanFile | None:
    try:
        return form.PlanFile.model_validate_json(json.dumps(document))
    except ValidationError as wrong:
        for each in wrong.errors(include_url=False):
            place = ".".join(str(part) for part in each["loc"])
            found = each["input"] if not isinstance(each["input"], dict | list) else ""
            message = each["msg"].removeprefix("Input should be ").rstrip(".")
            known = each["type"] == "extra_forbidden"
            sentence = (
                "This key is not known." if known
                else f"Found {shown(found)!r}; expected {message}." if found != ""
                else f"{each['msg']}."
            )
            findings.error("plan", where.at(place), sentence, found, message)
        return None


def _same_pause(file: form.PlanFile, case: Case, where: Where, findings: Findings) -> None:
    """The plan must be for this pause: the same origin and windows."""
    pause = case.pause
    origin = _instant(file.origin)
    if origin != pause.clock.origin:
        findings.error("another pause", where.at("origin"), f"The plan is for a pause that opens "
                       f"at {file.origin}, but this folder's opens at "
                       f"{pause.clock.origin.isoformat()}.", file.origin,
                       pause.clock.origin.isoformat())
    spells = [(w.opens.minute, w.closes.minute) for w in file.windows]
    if spells != [(w.opens, w.closes) for w in pause.windows]:
        findings.error("another pause", where.at("windows"), "The plan is for other windows than "
                       "this folder's; plan again.", str(spells),
                       str([(w.opens, w.closes) for w in pause.windows]))


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _same_times(file: form.PlanFile, clock: Clock, where: Where, findings: Findings) -> None:
    """UTC, where it is given, must be that of the minute."""
    for place, time in _times(file, ""):
        if time.utc and _instant(time.utc) != clock.utc(time.minute):
            findings.error("time", where.at(place), f"Minute {time.minute} is "
                           f"{clock.utc(time.minute):%Y-%m-%dT%H:%MZ}, but utc says "
                           f"{shown(time.utc)!r}.", time.utc,
                           f"{clock.utc(time.minute):%Y-%m-%dT%H:%MZ}")


def _times(part: Any, place: str) -> Iterator[tuple[str, form.Time]]:
    """Every time of a part with its path."""
    if isinstance(part, form.Time):
        yield place, part
    elif isinstance(part, form.Strict):
        for name in type(part).model_fields:
            yield from _times(getattr(part, name), f"{place}.{name}" if place else name)
    elif isinstance(part, list):
        for i, child in enumerate(part):
            yield from _times(child, f"{place}.{i}")


def _plan(file: form.PlanFile) -> Plan:
    return Plan(
        vehicles=tuple(
            VehicleDay(v.vehicle, tuple(_step(step) for step in v.steps)) for v in file.vehicles
        ),
        convoys=tuple(_convoy(convoy) for convoy in file.convoys),
        parties=tuple(_party(party) for party in file.parties),
        calls=tuple(
            Call(c.site, c.group, c.at.minute, c.persons, c.serves) for c in file.calls
        ),
        last_calls=tuple(
            LastCall(c.site, c.window, c.last_call.minute, c.send_home.minute)
            for c in file.last_calls
        ),
        return_seats=tuple(
            ReturnSeats(r.outbound, r.inbound, r.seats) for r in file.return_seats
        ),
        draft=file.draft,
        overrides={o.rule: (o.role, o.reason) for o in file.overrides},
        work=file.reproduce.work,
        seed=file.reproduce.seed,
    )


def _step(step: form.StopPart | form.CrossingPart) -> Stop | Crossing:
    if isinstance(step, form.CrossingPart):
        return Crossing(
            step.corridor, Direction(step.direction), step.convoy, step.arrives.minute,
            step.enters.minute, step.cleared.minute, step.leaves.minute, step.round,
        )  # fmt: skip
    return Stop(
        step.site, Task(step.task), step.arrives.minute, step.starts.minute, step.departs.minute,
        tuple(People(p.group, p.destination, p.persons, p.stretchers) for p in step.people),
        tuple(
            Goods(g.item, g.destination, g.units, g.taken_from, g.removed, g.returned)
            for g in step.goods
        ),
        step.round,
    )  # fmt: skip


def _convoy(convoy: form.ConvoyPart) -> Convoy:
    return Convoy(
        convoy.id, convoy.corridor, Direction(convoy.direction), convoy.starts.minute,
        tuple(convoy.vehicles), convoy.leader,
        tuple(Household(h.group, h.destination, h.size, h.number) for h in convoy.households),
    )  # fmt: skip


def _party(party: form.PartyPart) -> Party:
    return Party(
        party.id, By(party.by), party.group, party.corridor, party.destination, party.persons,
        {h.size: h.number for h in party.households}, party.departs.minute,
        party.arrives.minute, party.enters.minute, party.cleared.minute, party.leaves.minute,
        party.reaches.minute, party.cars, party.bound_for,
    )  # fmt: skip
