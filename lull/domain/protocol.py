"""What may follow what: the state tables of everything that is said and done about a pause.

One table a kind of object. A step has a name, the states on which it may follow, the one state
that it leads to (the same from wherever it comes), and the roles that may take it. The ledger
refuses an illegal step when it is written, and keeps it without effect when it is merged. The
diagrams in the documentation are made from these tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from attrs import frozen

from lull.domain.refusal import Refusal, require

TOLD_APART = frozenset({"notification"})
"""Tables whose steps may be told to one side apart, as a part that bears its name: with states of
its own, by the same steps."""
NONE = "none"
"""The state of what nobody has spoken of yet."""


class Role(StrEnum):
    """As what a post writes."""

    COORDINATOR = "coordinator"
    ORGANISATION = "organisation"
    PARTY = "party"
    OBSERVER = "observer"
    CLERK = "field_clerk"


@frozen
class Step:
    """One step of a table: `event` leads from one of `before` to `after`, by one of `by`."""

    event: str
    before: frozenset[str]
    after: str
    by: frozenset[Role]
    says: str


@frozen
class Fault:
    """Why a step has no effect: whose fault it is, and a sentence that says what would be right.

    `side` is the side that wrote the step; `turn` are the roles whose step is awaited.
    """

    side: str
    turn: tuple[Role, ...]
    sentence: str


CANNOT_BE_JUDGED = (
    "It cannot be judged from here: an earlier step is sealed to others, was destroyed, or is not "
    "here. Nobody is at fault by this alone."
)


@frozen
class NotJudged:
    """That a step does not follow on what can be read here, and that this is nobody's fault.

    What it follows on may stand in an entry that is not read here, so it has no effect here alone.
    It is told in the form of a fault, with no side at fault and nobody's turn.
    """

    side: str = ""
    turn: tuple[Role, ...] = ()
    sentence: str = CANNOT_BE_JUDGED


class IllegalStep(Refusal):
    """A step that the table does not allow was about to be written; `fault` says whose it is."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.sentence)
        self.fault = fault


@frozen
class Table:
    """The states of one kind of object. `part` is what has a state of its own within it, or ""."""

    name: str
    says: str
    part: str
    steps: tuple[Step, ...]

    def __attrs_post_init__(self) -> None:
        events = [step.event for step in self.steps]
        require(len(set(events)) == len(events), f"The table {self.name!r} has a step twice.")

    @property
    def told_apart(self) -> bool:
        """Whether a step may be told to one side apart, in a part of its own."""
        return self.name in TOLD_APART

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, in the order in which the table comes to it."""
        return tuple(dict.fromkeys((NONE, *(step.after for step in self.steps))))

    @property
    def ends(self) -> tuple[str, ...]:
        """States after which nothing follows."""
        return tuple(s for s in self.states if not any(s in step.before for step in self.steps))

    def step(self, event: str) -> Step | None:
        """The step of a name, or None."""
        return next((step for step in self.steps if step.event == event), None)

    def following(self, state: str) -> tuple[Step, ...]:
        """The steps that may follow on a state."""
        return tuple(step for step in self.steps if state in step.before)

    def judge(
        self, states: Iterable[str], event: str, role: Role, *, side: str, what: str,
        unread: bool = False,
    ) -> str | Fault | NotJudged:
        """The state that a step leads to, or the fault in it, or that it cannot be judged here.

        `states` are those in which the object stands for the writer: more than one where posts
        that were apart took different steps; then the step must be right for one of them. `side`
        is the name of the writer's side and `what` the object, for the sentence. `unread`: the
        writer had seen entries that are not read here; then only what no earlier step could make
        right is a fault.
        """
        standing = tuple(sorted(set(states))) or (NONE,)
        known = self.step(event)
        if known is None:
            steps = ", ".join(step.event for step in self.steps)
            return Fault(side, (), f"{side} wrote {event!r} for {what}; a {self.name} knows only "
                         f"these steps: {steps}. The fault lies with {side}.")
        if not known.before & set(standing):
            if unread and role in known.by:
                return NotJudged()
            return Fault(side, self._turn(standing), f"{side} wrote {event!r} for {what}, "
                         f"{_standing(standing)}; {event!r} can follow only on "
                         f"{_or(sorted(known.before))}. {self._next(standing)} "
                         f"The fault lies with {side}.")
        if role not in known.by:
            return Fault(side, tuple(sorted(known.by)), f"{side} wrote {event!r} for {what} as "
                         f"{role.value}; only {_or(sorted(r.value for r in known.by))} may. "
                         f"The fault lies with {side}.")
        return known.after

    def _turn(self, standing: Iterable[str]) -> tuple[Role, ...]:
        return tuple(sorted({r for s in standing for step in self.following(s) for r in step.by}))

    def _next(self, standing: Iterable[str]) -> str:
        steps = {step.event: step for s in standing for step in self.following(s)}
        if not steps:
            return "Nothing can follow on that."
        said = (f"{e!r} (by {_or(sorted(r.value for r in s.by))})" for e, s in steps.items())
        return f"What can follow now: {'; '.join(said)}."


def _standing(states: tuple[str, ...]) -> str:
    return "of which nothing has been said yet" if states == (NONE,) else f"which is {_or(states)}"


def _or(words: Iterable[str]) -> str:
    words = list(words)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


C, O, P, M, F = (  # noqa: E741 - the columns of the tables below
    Role.COORDINATOR, Role.ORGANISATION, Role.PARTY, Role.OBSERVER, Role.CLERK,
)  # fmt: skip
ANYONE = (C, O, P, M, F)


def _table(name: str, part: str, says: str, *steps: tuple[str, str, str, Iterable[Role], str]
           ) -> Table:
    """A table from rows: event, states before (blank-separated), state after, by whom, words."""
    made = (Step(event, frozenset(before.split()), after, frozenset(by), words)
            for event, before, after, by, words in steps)
    return Table(name, says, part, tuple(made))


PAUSE = _table(
    "pause", "", "A pause as a whole. What each party has said to it stands in `consent`.",
    ("request", "none", "requested", (C, O, P, M), "somebody asks for it"),
    ("declare", "none requested declared agreed", "declared", (C, P),
     "a party declares it by itself, or anew with other terms; or its notice was received and is "
     "written down here"),
    ("agree", "requested declared", "agreed", (C, M),
     "every party that must agree has; their consents stand apart"),
    ("refuse", "requested", "refused", (P,), "a party refuses the request as a whole"),
    ("withdraw", "requested declared agreed", "withdrawn", (C, O, P),
     "it is taken back before it begins"),
    ("begin", "declared agreed", "in_force", (C, P, M), "the window opens and it is kept"),
    ("suspend", "in_force extended", "suspended", (C, P), "it stops being kept, for now"),
    ("resume", "suspended", "in_force", (C, P), "it is kept again"),
    ("extend", "in_force extended suspended", "extended", (C, P), "its end is put later"),
    ("end", "in_force extended suspended", "ended", (C, P, M), "it is over"),
)

CONSENT = _table(
    "consent", "party", "What one party has said to a pause or corridor, in its own act.",
    ("request", "none no_answer", "requested", (P,), "it asks for it, which is no consent yet"),
    ("agree", "none requested declared conditional refused no_answer", "agreed", (P,),
     "it agrees"),
    ("declare", "none requested conditional refused no_answer", "declared", (P,),
     "it declares it"),
    ("condition", "none requested agreed declared refused no_answer", "conditional", (P,),
     "it agrees if a condition is met"),
    ("refuse", "none requested agreed declared conditional no_answer", "refused", (P,),
     "it refuses, or takes back what it asked for"),
    ("note_no_answer", "none", "no_answer", (C, M), "it was asked and has not answered"),
)

READINESS = _table(
    "readiness", "cell and side", "What one side says of one cell: corridor × condition × actor at "
    "one level. It stands beside what other sides say of it, never instead of it. A cell says "
    "nothing of another: a green above never turns a red below.",
    ("confirm", "none not_ready revoked", "ready", ANYONE, "said to be ready, by whom and when"),
    ("deny", "none ready revoked", "not_ready", ANYONE, "said not to be ready"),
    ("revoke", "ready", "revoked", ANYONE, "the side takes back what it said; no reason is "
     "needed"),
)

NOTIFICATION = _table(
    "notification", "", "A notification of a movement or a site. Whether it was received stands in "
    "`receipt`; permission is another record altogether. What a side is told of it apart is a part "
    "of its own, which bears that side's name and goes through the same states.",
    ("draft", "none", "draft", (C, O), "it is begun"),
    ("revise", "draft returned submitted", "draft", (C, O),
     "a new version before any has left; it is handed in, or handed in again"),
    ("submit", "draft returned", "submitted", (C, O), "its owner hands it in"),
    ("return", "submitted", "returned", (C,), "it is given back to be mended"),
    ("transmit", "submitted transmitted amended", "transmitted", (C,),
     "a version leaves for one recipient; each is a step of its own"),
    ("amend", "transmitted amended", "amended", (C, O),
     "a new version of what has left; all who had one before are told"),
    ("cancel", "draft submitted returned transmitted amended", "cancelled", (C, O),
     "it will not take place; all who had a version are told"),
    ("expire", "transmitted amended", "expired", (C,), "its validity is over"),
    ("supersede", "transmitted amended", "superseded", (C, O), "another takes its place"),
    ("complete", "transmitted amended", "completed", (C, O),
     "it took place or not; the outcome and the reason given stand in the record"),
)

RECEIPT = _table(
    "receipt", "recipient and version", "What one recipient has answered to one version. It "
    "confirms receipt; it is not permission.",
    ("deliver", "none", "delivered", (C,), "the transport says that it arrived"),
    ("confirm", "none delivered queried objected", "confirmed", (C, P),
     "the recipient confirms receipt, or did so by voice"),
    ("query", "none delivered confirmed", "queried", (C, P), "the recipient asks back"),
    ("object", "none delivered confirmed queried", "objected", (C, P), "the recipient objects"),
)

REQUEST = _table(
    "request", "", "A request to extend or change a pause. What each party decides stands in "
    "`decision`.",
    ("draft", "none", "draft", (C, O), "it is begun"),
    ("send", "draft amended", "sent", (C, O), "it leaves for those asked"),
    ("receive", "sent", "received", (C, P), "it has arrived: by whom, when"),
    ("revise", "draft", "draft", (C, O), "it is changed before it leaves"),
    ("amend", "sent received amended", "amended", (C, O),
     "a new version, which is sent again; what was decided was decided on the one before"),
    ("withdraw", "draft sent received amended", "withdrawn", (C, O), "it is taken back"),
    ("lapse", "sent received amended", "lapsed", (C,), "the latest useful hour has passed"),
)

DECIDED = "granted conditional partly refused no_answer"
DECISION = _table(
    "decision", "party", "What one party decides on a version of a request, with reason and "
    "conditions.",
    ("grant", f"none {DECIDED}", "granted", (P,), "as asked, or anew on a later version"),
    ("grant_with_conditions", f"none {DECIDED}", "conditional", (P,), "if conditions are met"),
    ("grant_partly", f"none {DECIDED}", "partly", (P,), "some of what was asked"),
    ("refuse", f"none {DECIDED}", "refused", (P,), "no"),
    ("note_no_answer", "none", "no_answer", (C, M), "there was no answer in time"),
)

MOVEMENT = _table(
    "movement", "", "A convoy or another movement on the day.",
    ("plan", "none", "planned", (C, O), "it stands in a plan"),
    ("make_ready", "planned", "ready", (C, O, F), "vehicles and crews stand ready"),
    ("go", "ready", "under_way", (C, O, F), "it has left"),
    ("no_go", "planned ready", "aborted", ANYONE, "it does not leave; a reason is not required"),
    ("hold", "under_way", "held", (C, O, F, M), "it is stopped on the way"),
    ("move_on", "held", "under_way", (C, O, F, M), "it goes on"),
    ("turn_back", "under_way held", "turned_back", (C, O, F), "it goes back"),
    ("arrive", "under_way", "arrived", (C, O, F, M), "it has reached its destination"),
    ("return", "arrived turned_back", "returned", (C, O, F), "it is back at its base"),
    ("cancel", "planned ready", "cancelled", (C, O), "its owner calls it off"),
)

INCIDENT = _table(
    "incident", "", "How far an incident has been looked into. What each observer found stands in "
    "`assessment`.",
    ("allege", "none allegation", "allegation", ANYONE,
     "somebody says that it happened, or says more of it"),
    ("inquire", "allegation preliminary closed", "preliminary", (C, M),
     "a first inquiry, or one more; what it found stands in its record"),
    ("visit", "preliminary field_inquiry", "field_inquiry", (C, M), "somebody has been there"),
    ("report", "preliminary field_inquiry reported", "reported", (C, M),
     "a report is made, or added to"),
    ("close", "allegation preliminary field_inquiry reported", "closed", (C, M),
     "nothing further is done, and why"),
)

ASSESSMENT = _table(
    "assessment", "observer", "What one observer says of one incident; beside those of others, "
    "never instead of them.",
    ("register", "none", "registered", (C, M, P, O), "it is taken down"),
    ("confirm", "none registered not_confirmed denied unverifiable", "confirmed", (C, M, P, O),
     "it is found to be so"),
    ("not_confirm", "none registered confirmed denied unverifiable", "not_confirmed",
     (C, M, P, O), "it is not found to be so"),
    ("deny", "none registered confirmed not_confirmed unverifiable", "denied", (C, M, P, O),
     "it is said not to be so"),
    ("cannot_verify", "none registered confirmed not_confirmed denied", "unverifiable",
     (C, M, P, O), "nobody can look"),
)

DELIVERY = _table(
    "delivery", "", "A waybill, line by line. A party's own delivery is a claim until somebody "
    "else has observed it.",
    ("plan", "none", "planned", (C, O, P), "what is to be brought"),
    ("load", "planned", "loaded", (C, O, P, F), "what was put on the vehicle"),
    ("check", "loaded checked", "checked", (C, O, P, F, M),
     "what a check removed, by whom and why; there may be several on the way"),
    ("deliver", "loaded checked delivered returned lost", "delivered", (C, O, P, F),
     "what was handed over, or a figure of it said again"),
    ("return", "loaded checked delivered returned lost", "returned", (C, O, P, F),
     "what came back"),
    ("lose", "loaded checked delivered returned lost", "lost", (C, O, P, F),
     "some of it, or all, was lost or spoilt, and how"),
    ("cancel", "planned loaded", "cancelled", (C, O, P), "it is not brought"),
    ("account", "delivered returned lost", "accounted", (C, O),
     "the totals reconcile, or it is said where they do not"),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        PAUSE, CONSENT, READINESS, NOTIFICATION, RECEIPT, REQUEST, DECISION, MOVEMENT,
        INCIDENT, ASSESSMENT, DELIVERY,
    )
}  # fmt: skip
"""Every table by name. The kind of an entry is `table.event`, such as `notification.submit`."""


def split_kind(kind: str) -> tuple[Table, str] | None:
    """The table and the event of an entry's kind; None where the kind has no states."""
    name, _, event = kind.partition(".")
    table = TABLES.get(name)
    return (table, event) if table is not None and event else None
