"""The state that a set of entries amounts to, whoever put it together and in whatever order.

Entries are taken in causal order, then by hash. A step is judged by what its writer had seen: the
states that stood in its past. So what was right when it was written stays right in every merge;
where posts that were apart took different steps, both stand, side by side, until somebody who has
seen both takes the next. Nothing is resolved by order, time or hash.

Whose an object is goes by the same rule. Who speaks of an object and had seen nobody speak of it
before makes it their side's; posts that were apart may both have done so, and then it is of both
sides. Who had seen that it is of others, and may write to their own side's alone, has no effect.

Who cannot read all that a writer had seen cannot judge every step of theirs. One that does not
follow on what is read here, and might follow on what is not, has no effect here and is no fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from attrs import define, field, frozen

from lull.domain.protocol import NONE, Fault, NotJudged, split_kind
from lull.domain.records import read_payload
from lull.domain.records.form import is_instant
from lull.domain.records.lines import NEVER_PUBLIC
from lull.domain.refusal import Refusal
from lull.domain.rights import (
    OWNED_WITH,
    WRITTEN_BY_THE_SERVER,
    Action,
    Reach,
    part_named,
    reach,
    thing_written,
)
from lull.ledger.canonical import canonical
from lull.ledger.content import Content, Wall, Writer
from lull.ledger.entry import Entry
from lull.ledger.ledger import Ledger
from lull.ledger.order import Clock, causal_order, clocks
from lull.ledger.protection import BEGIN, Word, Words, begin_fault, word_fault
from lull.ledger.verify import doubtful
from lull.ledger.versions import answer_fault, told_number


@frozen(order=True)
class Thing:
    """What has a state: an object of a table, or a part of one."""

    table: str
    object: str
    part: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.table, self.object, self.part)))


@frozen
class Stand:
    """One step that stands: the state it led to, by which entry and content."""

    state: str
    entry: Entry
    content: Content


@frozen
class OutOfProtocol:
    """An entry that is kept and has no effect, with the fault."""

    entry: Entry
    content: Content
    fault: Fault


@frozen
class Unjudged:
    """An entry that has no effect here, as what it follows on may stand in one not read here."""

    entry: Entry
    content: Content
    verdict: NotJudged


@frozen
class State:
    """What a ledger amounts to.

    `owners` has the sides whose each object is: one, unless posts that were apart both began it.
    `things` has for each thing the steps on which nothing followed: one, or several where posts
    that were apart took different ones. `acts` are all entries that have effect, in order, and
    `records` those of them without states. `unread` counts entries whose content is not held or not
    opened here. `words` are those on the protection questions that stand. `unjudged` are steps that
    cannot be judged from here.
    """

    things: Mapping[Thing, tuple[Stand, ...]]
    acts: tuple[tuple[Entry, Content], ...]
    out_of_protocol: tuple[OutOfProtocol, ...]
    unread: int
    owners: Mapping[tuple[str, str], frozenset[str]] = field(factory=dict)
    words: tuple[Word, ...] = ()
    unjudged: tuple[Unjudged, ...] = ()

    @property
    def records(self) -> tuple[tuple[Entry, Content], ...]:
        """The entries without states that have effect, in order."""
        return tuple(act for act in self.acts if split_kind(act[1].kind) is None)

    def states(self, thing: Thing) -> tuple[str, ...]:
        """The states in which a thing stands: one, unless it is contested."""
        return tuple(sorted({s.state for s in self.things.get(thing, ())})) or (NONE,)

    @property
    def conflicts(self) -> dict[Thing, tuple[Stand, ...]]:
        """The things on which posts that were apart have said different things."""
        return {thing: stands for thing, stands in self.things.items() if differ(stands)}


def differ(stands: tuple[Stand, ...]) -> bool:
    """Whether posts that were apart have said different things in these steps."""
    said = {(s.state, canonical(s.content.payload)) for s in stands}
    return len(said) > 1


@define
class _Steps:
    """All steps of one thing that have effect, and those on which none has followed."""

    all: list[tuple[Clock, Stand]] = field(factory=list)
    heads: list[tuple[Clock, Stand]] = field(factory=list)

    def before(self, clock: Clock) -> list[tuple[Clock, Stand]]:
        """The latest of the steps that the writer at a clock had seen."""
        if all(clock.knew(at) for at, _ in self.heads):
            return self.heads
        seen = [(at, stand) for at, stand in self.all if clock.knew(at)]
        return [(at, s) for at, s in seen if not any(later.knew(at) for later, _ in seen)]

    def add(self, clock: Clock, stand: Stand) -> None:
        """Take a step; it stands for all heads that its writer had seen."""
        self.heads = [(at, s) for at, s in self.heads if not clock.knew(at)]
        self.heads.append((clock, stand))
        self.all.append((clock, stand))


@define
class _Begun:
    """Who has begun each object: their clocks and sides."""

    all: dict[tuple[str, str], list[tuple[Clock, str]]] = field(factory=dict)

    def owners(self, content: Content, clock: Clock) -> frozenset[str]:
        """The sides whose an object was, as far as the writer at a clock had seen."""
        return owners_of(content, lambda what: frozenset(
            side for at, side in self.all.get(what, ()) if clock.knew(at)))

    def note(self, content: Content, clock: Clock) -> None:
        """Take an entry that has effect; it begins its object if its writer had seen none do so."""
        if not self.owners(content, clock):
            self.all.setdefault(about(content), []).append((clock, content.writer.side))

    def sides(self) -> dict[tuple[str, str], frozenset[str]]:
        """All whose each object is."""
        return {what: frozenset(side for _, side in begun) for what, begun in self.all.items()}


@define
class _Told:
    """The numbers under which each notification was told to its recipients, with their clocks."""

    all: dict[str, list[tuple[Clock, int]]] = field(factory=dict)

    def fault(self, content: Content, clock: Clock, unread: Callable[[], bool]) -> Fault | None:
        """Why the writer at a clock had seen nothing that a content could answer to; or None."""
        numbers = (n for at, n in self.all.get(content.object, ()) if clock.knew(at))
        return answer_fault(content, numbers, unread)

    def note(self, content: Content, clock: Clock) -> None:
        """Take a step that has effect."""
        if (number := told_number(content)) is not None:
            self.all.setdefault(content.object, []).append((clock, number))


def fold(of: Ledger, opened: Mapping[str, Content] | None = None, *,
         admitted: Mapping[str, Writer] | None = None) -> State:
    """The state of a ledger that has been verified.

    `opened` are sealed contents that its reader could open, by hash of the entry. `admitted` says
    as whom each post may write (None: every post is taken at its word, and the reader is to be told
    so). Entries by which their own post no longer stands have no effect, nor those whose key cannot
    be shown to have had the right to sign.
    """
    ordered = causal_order(of.entries)
    at = clocks(ordered)
    doubted = doubtful(of)
    steps: dict[Thing, _Steps] = {}
    words = Words()
    acts: list[tuple[Entry, Content]] = []
    wrong: list[OutOfProtocol] = []
    unjudged: list[Unjudged] = []
    hidden: set[str] = set()
    begun = _Begun()
    told = _Told()
    for entry in ordered:
        content = content_of(of, entry, opened)
        if content is None:
            hidden |= {entry.hash} if entry.said is not None else set()
            continue
        clock = at[entry.hash]
        fault = _unproved(of, entry, content) or _not_theirs(
            entry, content, admitted, doubted) or payload_fault(content)
        if fault is None and admitted is not None:
            fault = _without_right(content) or of_another_side(
                content, begun.owners(content, clock))
        if fault is None and content.kind == BEGIN:
            fault = begin_fault(content, words.standing(clock), _unread(of, at, hidden, clock))
        if fault is None and split_kind(content.kind) is None:
            acts.append((entry, content))
            begun.note(content, clock)
            words.take(clock, entry.hash, content)
            continue
        if fault is None:
            done = steps.setdefault(thing_of(content), _Steps())
            states = [s.state for _, s in done.before(clock)]
            judged = _judged(content, states, told, clock,
                             partial(_saw_more, of, at, hidden, clock))
            if isinstance(judged, str):
                done.add(clock, Stand(judged, entry, content))
                acts.append((entry, content))
                begun.note(content, clock)
                told.note(content, clock)
                continue
            if isinstance(judged, NotJudged):
                unjudged.append(Unjudged(entry, content, judged))
                continue
            fault = judged
        wrong.append(OutOfProtocol(entry, content, fault))
    things = {thing: tuple(s for _, s in done.heads) for thing, done in sorted(steps.items())
              if done.heads}
    return State(things, tuple(acts), tuple(wrong), len(hidden), begun.sides(), words.standing(),
                 tuple(unjudged))


def _unread(of: Ledger, at: Mapping[str, Clock], hidden: Iterable[str], clock: Clock
            ) -> Callable[[str], bool]:
    """Whether an entry may be in a writer's past and say what cannot be known here.

    Where no reference leads out of what is here, what a writer had seen is known for certain.
    """
    gaps = not of.is_whole

    def unread(entry: str) -> bool:
        return entry in hidden if entry in at and clock.knew(at[entry]) else gaps

    return unread


def _judged(content: Content, states: list[str], told: _Told, clock: Clock,
            unread: Callable[[], bool]) -> str | Fault | NotJudged:
    """As `judge`, by what the writer at a clock had seen, which may not be `unread` here alone."""
    judged = judge(content, states)
    if isinstance(judged, Fault) and unread():
        judged = judge(content, states, unread=True)
    return told.fault(content, clock, unread) or judged if isinstance(judged, str) else judged


def _saw_more(of: Ledger, at: Mapping[str, Clock], hidden: Iterable[str], clock: Clock) -> bool:
    """Whether a writer had seen, or may have, what is not read here."""
    return not of.is_whole or any(clock.knew(at[one]) for one in hidden)


def content_of(of: Ledger, entry: Entry, opened: Mapping[str, Content] | None) -> Content | None:
    """What an entry says, where it is held in clear or was opened; else None."""
    clear = of.clear.get(entry.hash)
    if clear is not None:
        return clear.content
    return opened.get(entry.hash) if opened and entry.hash not in of.destroyed else None


def about(content: Content) -> tuple[str, str]:
    """The object that a content is about, in its table or among the records of its kind."""
    return content.kind.partition(".")[0], content.object


def owners_of(content: Content, look: Callable[[tuple[str, str]], frozenset[str]]
              ) -> frozenset[str]:
    """The sides whose object a content speaks of, as `look` knows them; none where nobody is.

    Some records have no object of their own, and belong to whoever owns the movement.
    """
    table, called = about(content)
    for name in OWNED_WITH.get(table, (table,)):
        found = look((name, called))
        if found:
            return found
    return frozenset()


def thing_of(content: Content) -> Thing:
    """The thing that a content speaks of."""
    return Thing(content.kind.partition(".")[0], content.object, content.part)


def judge(content: Content, states: list[str], *, unread: bool = False
          ) -> str | Fault | NotJudged:
    """The state that a step leads to from where its writer saw the thing stand, or the fault.

    `unread`: its writer had seen entries that are not read here, so that not all can be judged.
    """
    known = split_kind(content.kind)
    assert known is not None
    table, event = known
    side = content.writer.side
    if bool(table.part) != bool(content.part) and not table.told_apart:
        needs = f"say which {table.part} it is about" if table.part else "it has no parts"
        return Fault(side, (), f"{side} wrote {content.kind!r} for {content.object}: {needs}. "
                     f"The fault lies with {side}.")
    return table.judge(states, event, content.writer.role, side=side,
                       what=str(thing_of(content)), unread=unread)


def payload_fault(content: Content) -> Fault | None:
    """What is wrong with the record that a content carries, or with its class; or None."""
    side = content.writer.side
    if content.kind in NEVER_PUBLIC and content.wall is Wall.PUBLIC:
        return Fault(side, (), f"{side} wrote {content.kind!r} for {content.object} as public; it "
                     "is restricted, or sealed as its notification is. The fault lies with "
                     f"{side}.")
    for which, at in (("received", content.received), ("said", content.said)):
        if at and not is_instant(at):
            return Fault(side, (), f"{side} wrote {content.kind!r} for {content.object} with a "
                         f"time {which} that is none: {at!r}. The fault lies with {side}.")
    try:
        read_payload(content.kind, content.payload)
    except Refusal as wrong:
        return Fault(side, (), f"{side} wrote {content.kind!r} for {content.object} with a record "
                     f"that is not right: {wrong} The fault lies with {side}.")
    return word_fault(content) or _of_another_mouth(content)


def _of_another_mouth(content: Content) -> Fault | None:
    """Why a word on a readiness cell does not stand as its own writer's; or None."""
    if not content.kind.startswith("readiness."):
        return None
    side = content.writer.side
    part = part_named("readiness", content.payload, side)[1]
    if part == content.part:
        return None
    return Fault(side, (), f"{side} wrote {content.kind!r} for {content.object}: by its record and "
                 f"its writer this is {part!r}, and not {content.part!r}. The fault lies with "
                 f"{side}.")


def _unproved(of: Ledger, entry: Entry, content: Content) -> Fault | None:
    if entry.hash in of.rightful:
        return None
    side = content.writer.side
    return Fault(side, (), f"Whether the key {entry.key[:12]} may sign for the post {entry.log}, "
                 f"as which this was written for {side}, cannot be told: an entry before it is not "
                 "here. Ask for the whole log.")


def _not_theirs(entry: Entry, content: Content, admitted: Mapping[str, Writer] | None,
                doubted: frozenset[str]) -> Fault | None:
    side = content.writer.side
    if entry.hash in doubted:
        return Fault(side, (), f"The post of {side} does not stand by this entry: its key was no "
                     "longer in its own hands.")
    if admitted is None:
        return None
    known = admitted.get(entry.log.post)
    if known is None:
        return Fault(side, (), f"The post {entry.log} that wrote for {side} is not known here.")
    if (known.role, known.side) != (content.writer.role, side):
        return Fault(known.side, (), f"The post of {known.side} ({known.role.value}) wrote as "
                     f"{side} ({content.writer.role.value}). The fault lies with {known.side}.")
    return None


def _without_right(content: Content) -> Fault | None:
    """Why a post that is admitted in this role may not write that, or not in whose name; or None.

    Whose the object is, is asked in `of_another_side`.
    """
    if content.kind in WRITTEN_BY_THE_SERVER:
        return None
    thing, side, role = thing_written(content.kind), content.writer.side, content.writer.role
    whose = reach(role, Action.WRITE, thing)
    named, part = part_named(thing, content.payload, side)
    if whose is Reach.NOBODY:
        said = f"as {role.value} it may not"
    elif whose is Reach.NAMED and named != side:
        said = f"it speaks for {named}, and as {role.value} {side} speaks for itself alone"
    elif part and part != content.part:
        said = f"by its record this is {part!r}, and not {content.part!r}"
    else:
        return None
    return Fault(side, (), f"{side} wrote {content.kind!r} for {content.object}: {said}. "
                 f"The fault lies with {side}.")


def of_another_side(content: Content, owners: frozenset[str]) -> Fault | None:
    """Why a post may not write to an object of these sides, as far as it had seen; or None.

    Somebody else's object is theirs alone only where the role may write to its own side's.
    """
    side, role = content.writer.side, content.writer.role
    if not owners or side in owners or content.kind in WRITTEN_BY_THE_SERVER:
        return None
    if reach(role, Action.WRITE, thing_written(content.kind)) is not Reach.SIDE:
        return None
    whose = " and ".join(sorted(owners))
    return Fault(side, (), f"{side} wrote {content.kind!r} for {content.object}, which is of "
                 f"another side ({whose}): as {role.value} it writes to its own side's alone. "
                 f"The fault lies with {side}.")


def awaiting(state: State) -> Iterator[tuple[Thing, str]]:
    """Each thing that has not come to an end, with the sentence that says what can follow."""
    for thing, stands in state.things.items():
        known = split_kind(stands[0].content.kind)
        assert known is not None
        table = known[0]
        steps = {step.event: step for s in stands for step in table.following(s.state)}
        if steps:
            yield thing, ", ".join(
                f"{e} ({'/'.join(sorted(r.value for r in s.by))})" for e, s in steps.items()
            )
