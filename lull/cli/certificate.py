"""bound.json: the prices from which every printed bound follows, saved beside plan.json."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from lull.cli import schemas
from lull.cli.answers import Planned
from lull.cli.exits import BadInput
from lull.domain.worth import arrived, tier_value
from lull.plan.proof.evidence import About, By, Evidence, Proof
from lull.report.model import Column

BOUND_FILE = "bound.json"


class EvidenceEntry(schemas.Answer):
    """One bound with its prices."""

    about: Literal["tier", "persons", "patients", "tonnes"]
    tier: int | None = Field(description="number of the tier, counted from 0")
    demands: list[tuple[int, float]] = Field(
        description="(tier, value) that plans are taken to reach; empty: all plans")
    by: Literal["flows", "days"] = Field(
        description="flows without a clock, or vehicle days over the clock")
    value: float = Field(description="no plan is worth more than this")
    prices: dict[str, float] = Field(description="price of one unit of each row that binds")


class ReadingEntry(schemas.Answer):
    """The evidence for the plan on one reading of the consents."""

    consents: str
    plan: str = Field(description="the plan's file")
    sha256: str = Field(description="of the plan's file")
    evidence: list[EvidenceEntry]


class BoundFile(schemas.Answer):
    """The file bound.json that `lull plan` writes beside plan.json."""

    form: Literal["lull bound 1"] = "lull bound 1"
    folder_hash: str = Field(description="of the pause folder that was planned")
    readings: list[ReadingEntry]


def bound_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of bound.json."""
    made = BoundFile.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def save_bounds(
    folder: Path, folder_hash: str, columns: Iterable[tuple[Column, str, str]]
) -> None:
    """Write bound.json; `columns` are a reading's column, its plan's file and that file's hash."""
    readings = [
        ReadingEntry(consents=c.reading.value, plan=plan, sha256=digest,
                     evidence=[_entry(e) for e in c.result.proof.evidence])
        for c, plan, digest in columns
    ]
    body = BoundFile(folder_hash=folder_hash, readings=readings)
    text = json.dumps(body.model_dump(mode="json"), ensure_ascii=False, indent=1)
    (folder / BOUND_FILE).write_text(text + "\n", encoding="utf-8")


def _entry(one: Evidence) -> EvidenceEntry:
    return EvidenceEntry(
        about=one.about.value, tier=one.tier, demands=list(one.demands),
        by="flows" if one.by is By.FLUID else "days", value=one.value, prices=dict(one.duals))


def read_bounds(raw: bytes | None, where: Path, folder_hash: str) -> Mapping[str, ReadingEntry]:
    """The evidence by reading of the consents; raises BadInput in words."""
    if raw is None:
        raise BadInput(f"{where} holds no {BOUND_FILE}; give the folder that lull plan wrote.")
    try:
        body = BoundFile.model_validate_json(raw)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = " ".join(str(part) for part in first["loc"])
        raise BadInput(
            f"{where / BOUND_FILE} is damaged: {first['msg']} ({place}); plan again, or fetch the "
            "whole file.") from None
    if body.folder_hash != folder_hash:
        raise BadInput(
            f"{where / BOUND_FILE} belongs to another pause folder, or the folder has changed "
            "since; plan again.")
    return {reading.consents: reading for reading in body.readings}


def check_bounds(
    planned: Planned, entries: Mapping[str, ReadingEntry], hashes: Mapping[str, str]
) -> list[schemas.BoundAnswer]:
    """Every printed bound of every reading, worked out again. Raises BadInput in words.

    `hashes` are those of the plans' files by reading.
    """
    from lull.plan.proof.certificate import Foreign, recount  # noqa: PLC0415 - compiles on import

    found, seen = [], set()
    for column in planned.columns:
        if id(column.result) in seen or not column.result.tiers:
            continue
        seen.add(id(column.result))
        name = column.reading.value
        entry = entries.get(name)
        if entry is None or entry.sha256 != hashes.get(name):
            raise BadInput(f"{BOUND_FILE} does not belong to the plan of the reading {name!r}; "
                           "plan again.")
        got, tiers = arrived(column.result.plan), column.case.pause.tiers
        values = [tier_value(column.case, t, got, column.result.plan) for t in tiers]
        try:
            printed = recount(column.case, _proof(entry), values, column.result.tiers,
                              column.result.ceiling)
        except Foreign as wrong:
            raise BadInput(f"{BOUND_FILE} does not belong to this pause or plan: {wrong}") from None
        found += [
            schemas.BoundAnswer(consents=name, what=p.what, stated=p.stated, again=p.again,
                                holds=p.holds) for p in printed]
    return found


def _proof(entry: ReadingEntry) -> Proof:
    return Proof(tuple(
        Evidence(About(e.about), e.tier, tuple(e.demands),
                 By.FLUID if e.by == "flows" else By.DAYS, e.value, e.prices)
        for e in entry.evidence))
