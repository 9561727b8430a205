"""What is due of movements: lines that must answer before go, check-ins, and the ladder after one
that did not come.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from lull.domain.lead_times import LeadRule
from lull.domain.protocol import NONE, Role
from lull.domain.records.lines import LineKind, Rung
from lull.domain.records.notification import MovementNotification
from lull.domain.records.terms import PauseTerms
from lull.domain.saying import Lasting, Name, Said, say
from lull.domain.time import minutes_between, shifted
from lull.ledger.due.facts import ENDED, Act, Facts, Latest, cited, instant, when
from lull.ledger.due.item import DueKind, Ladder, Turn
from lull.ledger.due.notifications import Found

UNDER_WAY = frozenset({"under_way", "held", "turned_back"})
OVER = frozenset({"arrived", "returned", "turned_back", "aborted", "cancelled"})
KEEPERS = (Role.COORDINATOR, Role.ORGANISATION, Role.CLERK)
"""Who takes check-ins and makes test calls."""
REPORTED = tuple(f"movement.{step}" for step in ("go", "hold", "move_on", "turn_back", "arrive"))
"""Steps with which a movement's owner has heard of it."""


def due_of_movements(facts: Facts) -> Found:
    """Lines to be tried for what is to go, and check-ins of what is under way."""
    for movement, latest in sorted(facts.notified.items()):
        if not set(facts.states("notification", latest.object)) <= ENDED:
            yield from _lines(facts, movement, latest)
    for thing in sorted(t for t in facts.things if t.table == "movement"):
        notified = facts.notified.get(thing.object)
        out = UNDER_WAY | ({"arrived"} if notified and _goes_back(notified) else set())
        if out & set(facts.states("movement", thing.object)):
            yield from _check_in(facts, thing.object, notified)


def _goes_back(latest: Latest) -> bool:
    return isinstance(latest.record, MovementNotification) and bool(latest.record.return_stops)


def lines_of(record: MovementNotification, terms: PauseTerms | None
             ) -> tuple[tuple[LineKind, str], ...]:
    """The lines of a movement that must answer before go: of which kind, and whose.

    Its own from the notification (whose: blank), and the hotlines of the terms with their backups.
    """
    own = [
        (LineKind.RADIO, record.radio), (LineKind.SATELLITE_PHONE, record.satellite_phone),
        (LineKind.CONTACT, record.contact.number), (LineKind.DEPUTY, record.deputy.number),
        (LineKind.BACKUP, record.contact.backup or record.deputy.backup),
    ]  # fmt: skip
    found = [(kind, "") for kind, reached_by in own if reached_by]
    for line in terms.hotlines if terms else ():
        found.append((LineKind.HOTLINE, line.organisation))
        if line.backup:
            found.append((LineKind.BACKUP, line.organisation))
    return tuple(dict.fromkeys(found))


def _lines(facts: Facts, movement: str, latest: Latest) -> Found:
    record = latest.record
    assert isinstance(record, MovementNotification)
    states = set(facts.states("movement", movement))
    go = record.departure.leaves
    time = facts.times_for(record.pause)[LeadRule.LINE_TEST]
    opens = shifted(go, -time.minutes)
    if facts.now < opens or facts.now > record.valid.end or states <= OVER:
        return
    owner = facts.owner("movement", movement) or latest.owner
    tests = _theirs(facts.acts("line_test", about=movement), {owner, latest.owner},
                    or_coordinator=True)
    gone = () if states <= {NONE, "planned", "ready"} else (say("It has gone."),)
    for kind, whose in lines_of(record, facts.terms_for(record.pause)):
        last = _last(tests, kind, whose, facts.now)
        outcome = last[1].payload["outcome"] if last else ""
        at = instant(last[1].payload["tested_at"]) if last else None
        if outcome == "answered" and at is not None and at >= opens:
            continue
        line = " ".join(filter(None, (kind.value, whose)))
        name = say("{line} {whose}", line=Name(kind.value), whose=whose) if whose else (
            say("{line}", line=Name(kind.value)))
        span = Lasting(time.minutes)
        said = (say("The line {line} has not answered a test call within {span} before go; its "
                    "last test call, at {time}: {outcome}.", line=name, span=span,
                    time=at or say("a time unknown"), outcome=Name(outcome)) if last else
                say("The line {line} has not answered a test call within {span} before go; it was "
                    "never tried.", line=name, span=span))
        yield facts.due(
            DueKind.LINE_TEST, movement, line, Turn("line_test", KEEPERS, owner), said, *gone,
            since=opens, by=go, entries=(latest.entry, *facts.terms_entries(record.pause),
                                     *((last[0].hash,) if last else ())))


def _theirs(acts: Iterable[Act], owners: set[str], *, or_coordinator: bool = False) -> list[Act]:
    """Records by a movement's owner: what others write of it is not heard from the movement."""
    return [act for act in acts if not any(owners) or act[1].writer.side in owners
            or (or_coordinator and act[1].writer.role is Role.COORDINATOR)]


def _last(tests: Iterable[Act], kind: LineKind, whose: str, now: datetime) -> Act | None:
    """The last test call of a line; what says that it was made later than now does not count yet.

    Of calls at one time, one that was not answered stands.
    """
    def key(act: Act) -> tuple[datetime | None, bool, str]:
        said = act[1].payload
        return instant(said["tested_at"]), said["outcome"] != "answered", act[0].hash

    found = [act for act in tests if act[1].payload["line"] == kind
             and act[1].payload.get("whose", "").casefold() == whose.casefold()
             and (instant(act[1].payload["tested_at"]) or now) <= now]
    return max(found, key=key, default=None)


def _check_in(facts: Facts, movement: str, latest: Latest | None) -> Found:
    record = latest.record if latest and isinstance(latest.record, MovementNotification) else None
    pause = record.pause if record else ""
    terms = facts.terms_for(pause)
    owner = facts.owner("movement", movement) or (latest.owner if latest else "")
    owners = {owner, latest.owner} if latest else {owner}
    heard = _heard(facts, movement, owners)
    if heard is None:
        return
    at, entry = heard
    time = facts.times_for(pause)[LeadRule.CHECK_IN]
    minutes = (record.check_in_minutes if record else None) or time.minutes
    by = shifted(at, minutes)
    ladder = (record.escalation if record else ()) or (terms.escalation if terms else ())
    reached = ladder_at(ladder, by, facts.now)
    every = (say("every {span}", span=Lasting(minutes)) if record and record.check_in_minutes
             else say("every {span} ({rule})", span=Lasting(minutes), rule=cited(time)))
    yield facts.due(
        DueKind.CHECK_IN, movement, "", Turn("check_in", KEEPERS, owner),
        *_check_in_said(facts, at, by, every, reached), since=at, by=by,
        entries=(entry, *((latest.entry,) if latest else ()), *facts.terms_entries(pause)),
        ladder=reached)


def _heard(facts: Facts, movement: str, owners: set[str]) -> tuple[datetime, str] | None:
    """When a movement was last heard of, and by which entry; None where no time can be read."""
    checks = _theirs(facts.acts("check_in", about=movement), owners)
    steps = [act for act in facts.acts(*REPORTED, about=movement)
             if act[1].writer.role is not Role.OBSERVER]
    times = [(instant(content.payload["at"]), entry.hash) for entry, content in checks]
    times += [(when(content), entry.hash) for entry, content in steps]
    known = [(at, entry) for at, entry in times if at is not None and at <= facts.now]
    return max(known, default=None)


def ladder_at(ladder: tuple[Rung, ...], by: datetime, now: datetime) -> Ladder:
    """How far the escalation has come when a check-in that was due by a time has not come."""
    reached = [rung for rung in ladder
               if now > by and now >= shifted(by, rung.after_minutes)]
    following = ladder[len(reached)] if len(reached) < len(ladder) else None
    called = reached[-1] if reached else None
    return Ladder(
        step=len(reached), steps=len(ladder),
        called=_called(called), does=called.does if called else "",
        next_called=_called(following), next_does=following.does if following else "",
        next_at=shifted(by, following.after_minutes) if following else None,
    )  # fmt: skip


def _called(rung: Rung | None) -> Said | None:
    return say("{organisation}, {function}, by {channel}", organisation=rung.organisation,
               function=rung.function, channel=Name(rung.channel, bare=True)) if rung else None


def _check_in_said(facts: Facts, at: datetime, by: datetime, every: Said, ladder: Ladder
                   ) -> list[Said]:
    late = facts.late(by)
    if not late:
        return [say("The next check-in is due by {by}, in {span}; {every}.", by=by,
                    span=Lasting(minutes_between(facts.now, by)), every=every)]
    said = [say("No check-in since {time}; it was due {span} ago, {every}.", time=at,
                span=Lasting(late), every=every)]
    if not ladder.steps:
        return [*said, say("No escalation ladder stands in the notification or the terms.")]
    if ladder.called:
        said.append(say("Step {step} of {steps} is reached: call {who}: {does}.", step=ladder.step,
                        steps=ladder.steps, who=ladder.called, does=ladder.does))
    if ladder.next_at and ladder.next_called:
        said.append(say("Next, at {time}: call {who}.", time=ladder.next_at,
                        who=ladder.next_called))
    return said
