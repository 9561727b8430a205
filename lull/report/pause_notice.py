"""From a pause folder to the pause notice: hours, corridors, buses, ambulances, feeding points,
security measures; and a list of what the folder does not say."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from lull.domain.case import Case
from lull.domain.corridor import Corridor, Direction, User
from lull.domain.fleet import Use
from lull.domain.pause import Pause, Stance
from lull.domain.place import SiteKind
from lull.domain.records.common import Place, Span
from lull.domain.records.form import TO_FILL
from lull.domain.records.terms import (
    Basis,
    PartyTerm,
    PauseKind,
    PauseTerms,
    Purpose,
    Safeguard,
)
from lull.report.words import USER_WORDS

PURPOSE_OF = {User.CIVILIANS: Purpose.CIVILIAN_EXIT, User.WOUNDED: Purpose.WOUNDED,
              User.FIGHTERS: Purpose.FIGHTERS_EXIT, User.AID: Purpose.AID_IN}
LONGEST = 10_000


@frozen
class PauseNotice:
    """A draft of the notice, and the fields that a person has still to fill or to look at."""

    record: PauseTerms
    to_fill: tuple[str, ...]


def pause_notice_of(case: Case, *, reference: str = "pause notice") -> PauseNotice:
    """The notice that a folder amounts to, in its first version."""
    pause = case.pause
    measures = tuple(_measure(s.what, s.binds, s.state) for s in case.safeguards)
    users = [user for user in User if any(user in c.users for c in case.corridors.values())]
    record = PauseTerms(
        reference=reference, version=1, source="; ".join(pause.sources)[:LONGEST],
        title=pause.title, kind=_kind(pause), basis=_basis(pause),
        parties=tuple(PartyTerm(party=p.name or p.id, must_agree=p.must_agree)
                      for p in pause.parties) or (PartyTerm(party=TO_FILL),),
        area=Place(name=pause.place),
        windows=tuple(Span(start=pause.clock.utc(w.opens), end=pause.clock.utc(w.closes),
                           time_zone=pause.clock.zone) for w in pause.windows),
        prohibited_acts=(TO_FILL,), permitted_acts=(TO_FILL,),
        purposes=tuple(PURPOSE_OF[user] for user in users),
        notice_minutes=_notice(pause),
        corridors=tuple(_corridor(c) for c in case.corridors.values()),
        monitors_and_posts=tuple(dict.fromkeys(
            s.observed_by for s in case.safeguards if s.observed_by)),
        safeguards=tuple(Safeguard(id=s.id, text=s.what, binds=s.binds, observed_by=s.observed_by)
                         for s in case.safeguards),
        buses=_vehicles(case, {Use.PASSENGERS, Use.FIGHTERS}),
        ambulances=_vehicles(case, {Use.WOUNDED}),
        feeding_points=sum(s.kind is SiteKind.FEEDING for s in case.sites.values()) or None,
        security_measures=measures,
    )  # fmt: skip
    return PauseNotice(record, tuple(_to_fill(record)))


def _basis(pause: Pause) -> Basis:
    """Agreed only where every party that must agree has agreed to something; else declared."""
    must = {party.id for party in pause.parties if party.must_agree}
    agreed = {said.party for said in pause.consents if said.stance is Stance.AGREED}
    return Basis.AGREED_IN_WRITING if must and must <= agreed else Basis.DECLARED


def _kind(pause: Pause) -> PauseKind:
    return (PauseKind.UNILATERAL_PAUSE if _basis(pause) is Basis.DECLARED
            else PauseKind.HUMANITARIAN_PAUSE)


def _notice(pause: Pause) -> int | None:
    """Minutes from the notice to the first opening."""
    if pause.notice is None:
        return None
    return max(0, pause.windows[0].opens - pause.notice)


def _vehicles(case: Case, uses: set[Use]) -> int | None:
    """Vehicles for such a use; one that takes wounded too is counted with the ambulances."""
    found = [kind.number for kind in case.fleet.values() if kind.uses & uses
             and (Use.WOUNDED in uses or Use.WOUNDED not in kind.uses)]
    return sum(found) or None


def _corridor(corridor: Corridor) -> str:
    users = ", ".join(USER_WORDS[user] for user in User if user in corridor.users)
    ways = "both ways" if len(corridor.directions) > 1 else next(
        iter(corridor.directions), Direction.OUT).value
    gates = " to ".join(filter(None, (corridor.inside_gate.name, corridor.outside_gate.name)))
    return f"{corridor.name or corridor.id}: {'; '.join(filter(None, (gates, users, ways)))}"


def _measure(what: str, binds: str, state: str) -> str:
    return what + "".join((f"; binds: {binds}" if binds else "", f" ({state})" if state else ""))


def _to_fill(record: PauseTerms) -> Iterable[str]:
    yield f"kind: taken for a {record.kind.value.replace('_', ' ')}, to be confirmed"
    yield ("basis: every party that must agree has agreed; say whether in writing"
           if record.basis is Basis.AGREED_IN_WRITING
           else "basis: declared, as not every party that must agree has agreed")
    yield "prohibited_acts and permitted_acts: in the words of the parties"
    if any(party.party == TO_FILL for party in record.parties):
        yield "parties: the folder names none"
    for name, what in (("buses", "buses"), ("ambulances", "ambulances"),
                       ("feeding_points", "feeding points"),
                       ("security_measures", "security measures"),
                       ("notice_minutes", "time of the notice")):
        if not getattr(record, name):
            yield f"{name}: the folder has no {what}"
    yield ("clause_men_of_fighting_age, clause_voluntariness, choice_of_destination, screening: "
           "in the words of the parties")
    yield "hotlines: a pause folder has no numbers"
