"""What is due of pauses: open protection questions, requests without an answer, what was announced
and nobody has looked at, and how those ended whose hours are over.
"""

from __future__ import annotations

from datetime import datetime

from lull.domain.lead_times import LeadRule
from lull.domain.protocol import Role
from lull.domain.records.request import ExtensionRequest
from lull.domain.records.terms import PauseTerms
from lull.domain.saying import Lasting, Name, say
from lull.domain.time import minutes_between, shifted
from lull.ledger.due.facts import Act, Facts, Latest, cited, instant
from lull.ledger.due.item import Due, DueKind, Turn
from lull.ledger.due.notifications import Found
from lull.ledger.protection import open_questions

ALIVE = frozenset({"requested", "declared", "agreed", "in_force", "suspended", "extended"})
ASKED = ("request.draft", "request.revise", "request.amend")
"""Steps that carry a version of a request."""
KEPT = frozenset({"in_force", "suspended", "extended"})
"""States of a pause that has begun and of which nobody has said that it ended."""
ANNOUNCED = ALIVE - {"requested"}
ANSWERERS = (Role.COORDINATOR, Role.ORGANISATION, Role.PARTY, Role.OBSERVER)


def due_of_pauses(facts: Facts) -> Found:
    """What is due of each pause before its last window closes and after, and of requests."""
    for about, latest in facts.terms.items():
        terms = latest.record
        assert isinstance(terms, PauseTerms)
        states = set(facts.states("pause", about))
        if terms.windows[-1].end < facts.now:
            if states <= ALIVE:
                yield _outcome(facts, latest, terms, begun=bool(states & KEPT))
            continue
        if states & ALIVE:
            yield from _questions(facts, latest, terms)
        if states & ANNOUNCED:
            yield from _preparations(facts, latest, terms)
    for about, latest in facts.latest(ASKED, "request", ExtensionRequest).items():
        if set(facts.states("request", about)) & {"sent", "received"}:
            yield from _answers(facts, latest)


def _outcome(facts: Facts, latest: Latest, terms: PauseTerms, *, begun: bool) -> Due:
    """How a pause ended whose hours are over: it is completed by a step that says so."""
    closed = terms.windows[-1].end
    span = Lasting(facts.late(closed))
    if begun:
        return facts.due(
            DueKind.OUTCOME, latest.object, "",
            Turn("pause", (Role.COORDINATOR, Role.PARTY, Role.OBSERVER), ""),
            say("Its last hours closed {span} ago: say how it ended, or that it was extended.",
                span=span),
            since=closed, entries=(latest.entry,))
    return facts.due(
        DueKind.OUTCOME, latest.object, "",
        Turn("pause", ANSWERERS, ""),
        say("Its last hours closed {span} ago, and nobody has said that it began: say that it was "
            "kept and how it ended, or withdraw it.", span=span),
        since=closed, entries=(latest.entry,))


def _questions(facts: Facts, latest: Latest, terms: PauseTerms) -> Found:
    """Protection questions that are open, and that nobody has accepted as open."""
    opens = terms.windows[0].start
    for question in (one.question for one in open_questions(facts.words, latest.object)):
        late = facts.late(opens)
        name = Name(question.value)
        said = (say("The question of {question} is open and blocks «ready»; the first window "
                    "opened {span} ago.", question=name, span=Lasting(late)) if late else
                say("The question of {question} is open and blocks «ready»; the first window "
                    "opens in {span}.", question=name,
                    span=Lasting(minutes_between(facts.now, opens))))
        yield facts.due(
            DueKind.QUESTION, latest.object, question.value,
            Turn("protection_answer", ANSWERERS, ""),
            said, since=latest.since, by=opens, entries=(latest.entry,))


def _preparations(facts: Facts, latest: Latest, terms: PauseTerms) -> Found:
    """Blocks that were announced and of which no observer has said what was seen.

    Corridors and security measures may be looked at together, or one by one until all were.
    """
    seen = {_block(content.payload["block"])
            for _, content in facts.acts("preparation_observed", about=latest.object)}
    opens = terms.windows[0].start
    hours = tuple(say("{start} to {end}", start=w.start, end=w.end) for w in terms.windows)
    singly = {"corridors": terms.corridors, "security_measures": terms.security_measures}
    for block, said in terms.announced:
        each = [_block(one) for one in singly.get(block, ())]
        if block not in seen and not (each and seen.issuperset(each)):
            yield facts.due(
                DueKind.PREPARATION, latest.object, block,
                Turn("preparation_observed", (Role.OBSERVER, Role.CLERK), ""),
                say("Announced and not observed: {block} ({words}).", block=Name(block),
                    words=hours if block == "hours" else said),
                since=latest.since, by=opens, entries=(latest.entry,))


def _block(said: str) -> str:
    return "_".join(said.casefold().replace("_", " ").split())


def _answers(facts: Facts, latest: Latest) -> Found:
    """Parties that were asked and have not decided on the last version."""
    request, about = latest.record, latest.object
    assert isinstance(request, ExtensionRequest)
    sends = facts.acts("request.send", "request.receive", about=about)
    times = [at for at in map(_handed_over, sends) if at]
    first = min if request.version == 1 else max  # a later version has been sent since
    sent = first(times) if times else latest.since
    time = facts.times_for(request.pause)[LeadRule.REQUEST_ANSWER]
    by = request.latest_useful_decision
    rule = say("its latest useful hour")
    if by is None and sent is not None:
        by = shifted(sent, time.minutes)
        rule = say("{span}, {rule}", span=Lasting(time.minutes), rule=cited(time))
    decided = {thing.part for thing, stands in facts.things.items()
               if thing.table == "decision" and thing.object in (about, request.reference)
               and any(s.content.payload.get("request_version", 1) >= request.version
                       for s in stands)}
    for party in dict.fromkeys(request.addressees):
        if party in decided:
            continue
        late = facts.late(by)
        until = by or say("a time unknown")
        said = (say("{party} has not decided on the request; {until} ({rule}) has passed {span} "
                    "ago.", party=party, until=until, rule=rule, span=Lasting(late)) if late else
                say("{party} has not decided on the request; there is time until {until} "
                    "({rule}).", party=party, until=until, rule=rule))
        yield facts.due(
            DueKind.ANSWER, about, party,
            Turn("decision", (Role.PARTY, *((Role.COORDINATOR, Role.OBSERVER) if late else ())),
                 party),
            said, since=sent, by=by, entries=(latest.entry, *(e.hash for e, _ in sends),
                                        *facts.terms_entries(request.pause)))


def _handed_over(act: Act) -> datetime | None:
    return instant(act[1].payload["at"])
