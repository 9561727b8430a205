"""What each verb prints with --json, as models from which the published JSON Schemas are made."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from lull.cli.questions.model import Answer
from lull.cli.questions.registry import QUESTIONS
from lull.cli.retention_answers import RetentionAnswer
from lull.web.answers import DeliveriesOut, ReadinessOut, SpreadOut

VERSION = "1"
"""Goes up when a reader of the old form would misread the new one."""

NOTICES: Literal["lull notices 1"] = "lull notices 1"


class Place(Answer):
    """Where something was found wrong; what does not apply is empty or null."""

    file: str = Field(description="file inside the folder, such as sites.csv")
    row: int | None = Field(description="as a spreadsheet or an editor counts, from 1")
    column: str = Field(description="name of the column or field")


class FindingAnswer(Place):
    """One thing wrong or doubtful in a folder."""

    level: Literal["error", "warning"]
    check: str = Field(description="the kind of finding, for machines")
    found: str = Field(description="what stands there")
    expected: str = Field(description="what should stand there")
    sentence: str = Field(description="both in one sentence")


class CheckAnswer(Answer):
    """What `lull check` prints."""

    form: Literal["lull check 1"] = "lull check 1"
    folder: str
    errors: int
    warnings: int
    plannable: bool = Field(description="whether the folder could be read whole and planned on")
    findings: list[FindingAnswer]


class NewAnswer(Answer):
    """What `lull new` prints."""

    form: Literal["lull new 1"] = "lull new 1"
    folder: str
    files: list[str]


class ViolationAnswer(Answer):
    """One breach of one rule by a plan."""

    rule: str = Field(description="name of the rule")
    who: str = Field(description="vehicle, convoy, group, corridor or site")
    where: str
    when: str = Field(description="local time, empty where it is about no one moment")
    by: str = Field(description="by how much, with its unit")
    sentence: str


class BoundAnswer(Answer):
    """One printed bound beside what its saved prices give again."""

    consents: str
    what: str
    stated: float
    again: float | None = Field(description="null where no prices are saved for it")
    holds: bool


class VerifyAnswer(Answer):
    """What `lull verify` prints."""

    form: Literal["lull verify 1"] = "lull verify 1"
    folder: str
    plan: str
    keeps_every_rule: bool
    rules: list[str] = Field(description="names of the rules that were checked")
    violations: list[ViolationAnswer]
    bounds: list[BoundAnswer] | None = Field(
        default=None, description="with --bound: every printed bound, worked out again")


class ShowAnswer(Answer):
    """What `lull show` prints: one timetable."""

    form: Literal["lull show 1"] = "lull show 1"
    folder: str
    plan: str
    by: Literal["corridor", "site", "vehicle", "convoy"]
    of: str = Field(description="the one that was asked for; empty for all")
    columns: list[str]
    rows: list[dict[str, Any]]


class WindowAnswer(Answer):
    """One window of the pause."""

    name: str
    opens_local: str = Field(description="ISO 8601 with offset")
    closes_local: str
    opens_utc: str
    closes_utc: str
    minutes: int


class TierAnswer(Answer):
    """One aim: its value in this plan and what no plan can exceed."""

    name: str
    unit: str
    value: float
    bound: float | None = Field(
        description="over all plans whose earlier tiers reach at least this plan's values"
    )
    bound_any: float | None = Field(description="over all plans")
    gap: float | None = Field(description="(bound - value) / bound, between 0 and 1")
    one_load: float = Field(description="what one more full vehicle could add to the value")


class NeedAnswer(Answer):
    """People with one need."""

    need: str
    wishing: int
    served: int


class NeighbourhoodAnswer(Answer):
    """People of one neighbourhood."""

    neighbourhood: str
    present: int
    wishing: int
    served: int
    tonnes_needed: float
    tonnes_delivered: float


class TotalsAnswer(Answer):
    """What the main plan moves, beside what no plan can exceed."""

    present: int = Field(description="people who wait at the folder's sites")
    wishing: int = Field(description="of whom wish to leave")
    persons: int = Field(description="of whom reach their destination")
    patients_wishing: int
    patients: int
    tonnes_needed: float
    tonnes: float
    no_plan_moves_more_persons: int
    no_plan_moves_more_patients: int
    no_plan_moves_more_tonnes: float


class LeftAnswer(Answer):
    """People or goods that stay, and why."""

    what: str
    place: str
    neighbourhood: str
    need: str
    number: int
    unit: str
    why: str


class LimitAnswer(Answer):
    """Something that is used up."""

    kind: str
    name: str
    share_in_busiest_half: float
    share_of_window: float
    sentence: str


class ColumnAnswer(Answer):
    """The headline on one reading of the consents."""

    consents: str
    corridors: int
    persons: int
    patients: int
    tonnes: float
    note: str = Field(description="why it is nothing, where it is nothing")


class PlanAnswer(Answer):
    """What `lull plan` prints."""

    form: Literal["lull plan 1"] = "lull plan 1"
    title: str
    place: str
    time_zone: str
    windows: list[WindowAnswer]
    consents: str = Field(description="the reading of the consents on which the plan rests")
    draft: str = Field(description="why this is a draft only; empty if it is not")
    work: int = Field(description="with seed, reproduces this plan")
    seed: int
    bound_work: int | None = Field(description="with work and seed, reproduces the bounds; or null")
    repeatable: bool = Field(description="whether work and seed give this plan again")
    interrupted: bool = Field(description="stopped early; the best plan until then")
    refused: list[str] = Field(description="kinds of rules that cannot be planned for yet")
    too_short: str = Field(description="empty, or why the pause is too short to be of use")
    shortest_useful_minutes: int | None
    tiers: list[TierAnswer]
    totals: TotalsAnswer
    columns: list[ColumnAnswer] = Field(description="as recorded, as declared, all conditions met")
    by_need: list[NeedAnswer]
    by_neighbourhood: list[NeighbourhoodAnswer]
    left_behind: list[LeftAnswer]
    limits: list[LimitAnswer]
    not_in_bound: list[str] = Field(description="rules that the bound leaves out")
    rules_checked: list[str]
    violations: list[ViolationAnswer]
    warnings: list[FindingAnswer]
    files: list[str] = Field(description="what was written")
    seconds: float


class ReportAnswer(Answer):
    """What `lull report` prints."""

    form: Literal["lull report 1"] = "lull report 1"
    audience: str
    files: list[str]


class SweepPlaceAnswer(Answer):
    """One pause folder of a sweep."""

    name: str = Field(description="where it lies below the folder that was swept")
    state: Literal["planned", "breaks a rule", "cannot be planned", "refused"]
    title: str
    place: str
    windows: list[WindowAnswer]
    folder_hash: str
    draft: str = Field(description="why its plan is a draft only; empty if it is not")
    totals: TotalsAnswer | None = Field(description="null where there is no plan")
    too_short: str = Field(description="a sentence where the pause is too short to be of use")
    why: list[str] = Field(description="why there is no plan; empty where there is")
    findings: list[FindingAnswer] = Field(description="all that lull check finds")
    work: int = Field(description="with the seed, gives its plan again")
    out: str = Field(description="where plan and report lie below --out; empty without a plan")
    kept: bool = Field(description="planned by an earlier run, and the folder is the same since")


class SumAnswer(Answer):
    """Figures of all planned pauses together; null where something would be counted twice."""

    of: Literal["persons", "patients", "tonnes"]
    asked: float | None
    moved: float | None
    most: float | None = Field(description="no plans can exceed it together")


class SweepAnswer(Answer):
    """What `lull sweep` prints."""

    form: Literal["lull sweep 1"] = "lull sweep 1"
    folder: str
    consents: str
    work: int
    seed: int
    planned: int
    refused: int = Field(description="folders without a plan")
    places: list[SweepPlaceAnswer]
    sums: list[SumAnswer] = Field(description="over the planned ones")
    not_added: list[str] = Field(description="what would be counted twice, and where")
    stopped: bool = Field(description="it was asked to end before it was done")
    again: str = Field(description="the command that gives this answer")
    files: list[str]


class LedgerFindingAnswer(Answer):
    """One thing found in a ledger file."""

    line: int = Field(description="line of the file, from 1")
    level: Literal["damage", "wrong", "fork", "doubt", "gap"] = Field(
        description="damage, wrong and fork make a ledger unsound; doubt and gap are facts")
    sentence: str


class LogAnswer(Answer):
    """One log: what one post wrote in one epoch."""

    post: str
    epoch: int
    entries: int
    last_number: int
    heads: list[str] = Field(description="hashes of its last entries; more than one is a fork")


class HeadAnswer(Answer):
    """One entry on which nothing follows; its hash covers all that its writer had seen."""

    post: str
    epoch: int
    number: int
    hour: str
    hash: str


class LedgerHeadsAnswer(Answer):
    """What `lull ledger heads` prints."""

    form: Literal["lull ledger heads 1"] = "lull ledger heads 1"
    file: str
    entries: int
    heads: list[HeadAnswer]
    has: bool | None = Field(description="whether the entry of --has is there; null: not asked")


class LedgerVerifyAnswer(Answer):
    """What `lull ledger verify` prints."""

    form: Literal["lull ledger verify 1"] = "lull ledger verify 1"
    file: str
    sound: bool
    every_signature: bool = Field(description="whether each signature was checked by itself")
    entries: int
    in_clear: int = Field(description="entries whose content is held in clear")
    sealed: int = Field(description="entries whose content is held sealed")
    not_held: int = Field(description="entries that say something that is not held here")
    destroyed: int = Field(description="of these, entries whose own post destroyed the payload")
    logs: list[LogAnswer]
    findings: list[LedgerFindingAnswer]


class StandAnswer(Answer):
    """One step that stands."""

    state: str
    kind: str
    side: str
    role: str
    said: str = Field(description="when the source says that it was so, UTC; empty: it does not")
    received: str = Field(description="when the post wrote it down, UTC; data, never order")
    entry: str
    record: dict[str, Any]


class ThingAnswer(Answer):
    """A thing with its state; with several where posts that were apart took different steps."""

    table: str
    object: str
    part: str
    stands: list[StandAnswer]
    contested: bool
    sentence: str = Field(description="what must stand beside it, such as what a receipt is not")


class RecordAnswer(Answer):
    """An entry without states, such as a claim or a permission."""

    kind: str
    object: str
    side: str
    role: str
    received: str
    entry: str
    record: dict[str, Any]


class OutOfProtocolAnswer(Answer):
    """An entry that is kept and has no effect."""

    entry: str
    kind: str
    object: str
    side_at_fault: str
    sentence: str


class AcceptedOpenAnswer(Answer):
    """A protection question that a role accepts as open, with the reason that is printed."""

    pause: str
    question: str
    reason: str
    accepted_by: str
    entry: str


class UnjudgedAnswer(Answer):
    """A step that does not follow on what is read here, and may follow on what is not."""

    entry: str
    kind: str
    object: str
    sentence: str = Field(description="why it cannot be judged; nobody is at fault by this alone")


class LedgerShowAnswer(Answer):
    """What `lull ledger show` prints."""

    form: Literal["lull ledger show 1"] = "lull ledger show 1"
    file: str
    roles_are: str = Field(description="on whose word the roles of the posts rest")
    things: list[ThingAnswer]
    records: list[RecordAnswer]
    accepted_as_open: list[AcceptedOpenAnswer] = Field(
        description="protection questions that stay open")
    out_of_protocol: list[OutOfProtocolAnswer]
    unjudged: list[UnjudgedAnswer] = Field(description="steps that cannot be judged from here")
    unread: int = Field(description="entries whose content is not held or not opened here")
    findings: list[LedgerFindingAnswer]


class LadderAnswer(Answer):
    """How far the escalation of a missed check-in has come; step 0 is none yet."""

    step: int
    steps: int
    call: str = Field(description="who is called now: organisation, function, channel")
    does: str
    next_call: str
    next_does: str
    next_at: str = Field(description="UTC; empty: there is no further step")


class DueAnswer(Answer):
    """One thing that is due."""

    kind: str
    object: str
    part: str = Field(description="recipient (and version), line, question, party or block")
    since: str = Field(description="from when it waits, UTC; empty: not known")
    by: str = Field(description="until when, UTC; empty: no time is set")
    waiting_minutes: int
    late_minutes: int = Field(description="0 where it is in time")
    roles: list[str] = Field(description="whose step it may be")
    side: str = Field(description="whose turn it is; empty: any with one of these roles")
    yours: bool = Field(description="whether --role and --side may do it")
    sentence: str
    entries: list[str] = Field(description="the entries on which it rests")
    ladder: LadderAnswer | None
    beside: str = Field(description="what must stand beside it, such as what a receipt is not")


class LedgerDueAnswer(Answer):
    """What `lull ledger due` prints."""

    form: Literal["lull ledger due 1"] = "lull ledger due 1"
    file: str
    at: str = Field(description="the moment that was asked for, UTC")
    role: str
    side: str
    items: list[DueAnswer] = Field(description="what is late first")
    unread: int = Field(description="entries that are not held or not opened here")
    findings: list[LedgerFindingAnswer]


class LedgerMergeAnswer(Answer):
    """What `lull ledger merge` prints."""

    form: Literal["lull ledger merge 1"] = "lull ledger merge 1"
    files: list[str]
    out: str
    entries: int
    forks: int
    contested: list[str] = Field(description="things on which posts that were apart differ")
    out_of_protocol: int
    unjudged: int = Field(description="steps that cannot be judged from here")
    findings: list[LedgerFindingAnswer]


class LedgerExportAnswer(Answer):
    """What `lull ledger export` prints."""

    form: Literal["lull ledger export 1"] = "lull ledger export 1"
    file: str
    out: str
    entries: int
    in_clear: int
    sealed: int


class LedgerToldAnswer(Answer):
    """What a verb that sums up a ledger prints besides."""

    file: str
    roles_are: str
    unread: int = Field(description="entries that are not held or not opened here")
    findings: list[LedgerFindingAnswer]


class LedgerReadinessAnswer(LedgerToldAnswer):
    """What `lull ledger readiness` prints."""

    form: Literal["lull ledger readiness 1"] = "lull ledger readiness 1"
    pauses: list[ReadinessOut]


class LedgerDeliveriesAnswer(LedgerToldAnswer):
    """What `lull ledger deliveries` prints."""

    form: Literal["lull ledger deliveries 1"] = "lull ledger deliveries 1"
    deliveries: DeliveriesOut


class LedgerClaimsAnswer(LedgerToldAnswer):
    """What `lull ledger claims` prints."""

    form: Literal["lull ledger claims 1"] = "lull ledger claims 1"
    spreads: list[SpreadOut]


class LedgerEntryAnswer(Answer):
    """What the verbs print that write one entry into a ledger."""

    form: Literal["lull ledger entry 1"] = "lull ledger entry 1"
    file: str
    post: str
    epoch: int
    number: int
    hash: str


class NoticeAnswer(Answer):
    """One draft of a movement notification."""

    reference: str
    record: dict[str, Any] = Field(description="as docs/reference/records.md has it")
    convoys: list[str]
    parties: list[str] = Field(description="people on foot and in their own cars")
    to_fill: list[str] = Field(description="fields that a person has still to fill or to confirm")
    counts_fighters: bool = Field(
        description="it is sealed to those whom the fighters' own side names")


class PauseNoticeAnswer(Answer):
    """The draft of the notice of the pause itself."""

    record: dict[str, Any]
    to_fill: list[str]


class NoticesAnswer(Answer):
    """What `lull notices` writes and prints."""

    form: Literal["lull notices 1"] = NOTICES
    title: str
    plan_hash: str = Field(description="SHA-256 of what the plan says; references have its start")
    by: Literal["convoy", "corridor-day"]
    notices: list[NoticeAnswer]
    not_in_any: list[str] = Field(description="what moves and stands in no notification")
    pause_notice: PauseNoticeAnswer


ANSWERS: dict[str, type[Answer]] = {
    "new": NewAnswer,
    "check": CheckAnswer,
    "plan": PlanAnswer,
    **{verb: question.kind for verb, question in QUESTIONS.items()},
    "verify": VerifyAnswer,
    "show": ShowAnswer,
    "report": ReportAnswer,
    "sweep": SweepAnswer,
    "notices": NoticesAnswer,
    "ledger-verify": LedgerVerifyAnswer,
    "ledger-heads": LedgerHeadsAnswer,
    "ledger-show": LedgerShowAnswer,
    "ledger-due": LedgerDueAnswer,
    "ledger-readiness": LedgerReadinessAnswer,
    "ledger-deliveries": LedgerDeliveriesAnswer,
    "ledger-claims": LedgerClaimsAnswer,
    "ledger-merge": LedgerMergeAnswer,
    "ledger-export": LedgerExportAnswer,
    "ledger-entry": LedgerEntryAnswer,
    "retention": RetentionAnswer,
}


def schema_of(verb: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of what a verb prints with --json."""
    made = ANSWERS[verb].model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}
