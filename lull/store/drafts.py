"""From the drafts that came of a plan to entries: filled by who sends them, written one by one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from attrs import field, frozen

from lull.domain.records.form import TO_FILL, FieldError, unfilled, utc_text
from lull.domain.refusal import require
from lull.domain.rights import Action
from lull.ledger.apart import told_apart
from lull.ledger.content import Wall
from lull.ledger.fold import Thing
from lull.store import jobs
from lull.store.bad_fields import BadFields
from lull.store.kept import Store
from lull.store.principal import Scope, Seated
from lull.store.reading import view_of
from lull.store.write import Wish, Written, write

DRAFT = "notification.draft"
CALLED = ("call_sign", "radio", "satellite_phone")
"""How vehicles are reached on the way."""
OVER = frozenset({"cancelled", "expired", "superseded", "completed"})
"""States of a notification that no longer stands."""
MOST_AT_ONCE = 400
"""Drafts written by one request, each in a commit of its own."""


@frozen(kw_only=True)
class Filling:
    """What no plan says of a notification, as JSON of its records.

    `accuracy_m`: how far the folder's points may lie from the true ones; without it no point is
    given. `organisation` is the writer's side if it is not said. `called` is how the vehicles are
    reached on the way, by the names of `CALLED`.
    """

    recipients: tuple[Mapping[str, Any], ...]
    organisation: str = ""
    contact: Mapping[str, Any] | None = None
    deputy: Mapping[str, Any] | None = None
    crews: tuple[Mapping[str, Any], ...] = ()
    called: Mapping[str, str] = field(factory=dict)
    accuracy_m: int | None = None
    check_in_minutes: int | None = None


@frozen
class Drafted:
    """A draft that is in the ledger, with the fields that are still to be filled in it."""

    reference: str
    written: Written
    to_fill: tuple[str, ...] = field(default=())


def drafts_of(store: Store, seat: Seated, job: UUID, by: str) -> dict[str, Any]:
    """The drafts of a job's plan by convoy or by corridor and day; raises NotThere."""
    found = jobs.job_of(store, seat, job, Action.READ)
    made: list[dict[str, Any]] = json.loads(jobs.product_of(store, found, jobs.DRAFTS))
    return next(one for one in made if one["by"] == by)


def write_drafts(store: Store, seat: Seated, job: UUID, by: str, filling: Filling, *,
                 wall: str, to: tuple[UUID, ...] = (), only: Iterable[str] = ()) -> list[Drafted]:
    """Write drafts into the ledger; `only` these, or all. One that is there already stays as it is.

    Raises NotThere, NotAllowed, BadFields before the first is written; each is then acknowledged
    by itself, and asking again goes on where it was broken off.
    """
    seat.member.require(Scope.WRITE)
    made = drafts_of(store, seat, job, by)
    chosen = _chosen(made["notices"], tuple(only), wall)
    nodes = [_filled(store, seat, one["record"], filling) for one in chosen]
    there = _there(store, seat)
    _require_one_way(store, seat, [node["reference"] for node in nodes], there)
    written = []
    for node in nodes:
        reference = node["reference"]
        done = there.get(reference) or write(
            store, seat, Wish(DRAFT, reference, node, wall, to=to))
        written.append(Drafted(reference, done, tuple(unfilled(node))))
    return written


def _chosen(notices: list[dict[str, Any]], only: tuple[str, ...], wall: str
            ) -> list[dict[str, Any]]:
    known = {one["reference"]: one for one in notices}
    wrong = [FieldError(f"only.{i}", "The plan has no draft of this reference.")
             for i, name in enumerate(only, 1) if name not in known]
    chosen = [known[name] for name in dict.fromkeys(only) if name in known] if only else notices
    if wall != Wall.SEALED and any(one["counts_fighters"] for one in chosen):
        wrong.append(FieldError("wall", "Some of these count fighters. Their number comes from "
                                "their own side: seal those to whom it names, apart from the "
                                "others."))
    if wrong:
        raise BadFields(wrong)
    require(len(chosen) <= MOST_AT_ONCE, f"These are {len(chosen)} drafts; at most {MOST_AT_ONCE} "
            "are written at once. Name some, or take them by corridor and day.")
    return chosen


def _require_one_way(store: Store, seat: Seated, references: list[str],
                     there: Mapping[str, Written]) -> None:
    """Refuse drafts of a plan of which others stand that were made the other way.

    A convoy would then be notified twice, under two names. References begin with a letter for the
    way and end with the plan's.
    """
    view = view_of(store, seat)
    ways = {(name[0], name.partition("-")[2]) for name in references}
    standing = sorted(
        name for name in there
        if (name[:1] not in {way for way, _ in ways}
            and name.partition("-")[2] in {plan for _, plan in ways}
            and any(state not in OVER for state in view.states(Thing("notification", name)))))
    if standing:
        raise BadFields([FieldError("only", (
            f"Of this plan, {len(standing)} notifications stand that were made the other way "
            f"(first {standing[0]}): everything would be notified twice. Call those off first, or "
            "go on with them."))])


def _filled(store: Store, seat: Seated, record: dict[str, Any], filling: Filling) -> dict[str, Any]:
    """A draft with what its sender says; points stay only where their accuracy is known."""
    node: dict[str, Any] = _pointed(record, filling.accuracy_m)
    node["submitted_at"] = utc_text(store.now())
    node["organisation"] = filling.organisation or seat.member.side_name or TO_FILL
    node["recipients"] = [dict(one) for one in filling.recipients]
    if filling.contact:
        node["contact"] = dict(filling.contact)
    if filling.deputy:
        node["deputy"] = dict(filling.deputy)
    if node.get("vehicles"):
        node.update(filling.called)
        if filling.crews:
            node["crews"] = [dict(one) for one in filling.crews]
    if filling.check_in_minutes is not None:
        node["check_in_minutes"] = filling.check_in_minutes
    return node


def _pointed(node: Any, accuracy_m: int | None) -> Any:
    if isinstance(node, list):
        return [_pointed(one, accuracy_m) for one in node]
    if not isinstance(node, dict):
        return node
    made = {name: _pointed(value, accuracy_m) for name, value in node.items()
            if name != "position" or accuracy_m is not None}
    if "position" in made:
        made["position"]["accuracy_m"] = accuracy_m
    return made


def _there(store: Store, seat: Seated) -> dict[str, Written]:
    """Drafts that are in the ledger already, by reference."""
    found = {}
    for known in view_of(store, seat).known.values():
        content = known.content
        if (content is not None and content.kind == DRAFT and known.fault is None
                and not told_apart(content)):
            entry = known.entry
            found[content.object] = Written(entry.hash, known.seq, entry.number, again=True)
    return found
