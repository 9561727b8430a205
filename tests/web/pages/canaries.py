"""A world in which every side has written everything that it may, each with a word of its own.

A word such as `zq00042x` stands in every text field of one entry, in its object and its part. Who
may ever see a word is worked out here from two things alone: the rights of reading as they are
written below, and the sides that were named when the entry was written. The room is not asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import count
from typing import Any

from attrs import define, evolve, field, frozen

from lull.domain.protocol import NONE, TABLES, Role, Step, Table
from lull.domain.records import RECORDS, WITHOUT_STATES, kinds, payload
from lull.domain.records.lines import NEVER_PUBLIC
from lull.domain.records.readiness import Question
from lull.domain.rights import (
    NAMING,
    WRITTEN_BY_THE_SERVER,
    Action,
    Reach,
    part_named,
    reach,
    thing_written,
)
from tests.ledger.kit import filled
from tests.store.kit import PEOPLE, SIDES, World
from tests.store.letters import reachable
from tests.web.folders import zipped

WORD = re.compile(r"zq\d{5}x")
WRITERS = ("alice", "olga", "oda", "paul", "piotr", "mona", "mila", "fred", "finn")
"""One person of each role on each side."""
EVERYBODY = tuple(SIDES)
RESTRICTED = {"coordinator": "any", "organisation": "side", "party": "side", "observer": "side",
              "field_clerk": "own"}
"""Whose restricted entries each role reads; the public reads none."""
FOLLOWS = {"consent": "pause", "preparation_observed": "pause", "protection_answer": "pause",
           "receipt": "notification", "facilitation": "notification",
           "known_at_checkpoint": "notification", "decision": "request", "assessment": "incident"}
"""What is said of an object that others have begun, for all to see."""
WALLS = ("sealed", "restricted")
SECOND = ("oda", "piotr", "mila", "finn")
"""Those of a second side of a role: of each kind they write one entry, by turns behind each wall.
"""
NO_WORDS = frozenset({"datum", "mgrs", "entry", "pause_begun.rests_on.reason",
                      "pause_begun.rests_on.accepted_by",
                      *(f"{record}.{name}" for record, name in NAMING.items())})
"""Texts that are no free words, those that name the side that speaks, and those that the server
repeats from another entry.
"""


@frozen
class Put:
    """One entry as it was written: by whom, behind which wall, to which sides, with which words."""

    writer: str
    kind: str
    record: str
    wall: str
    to: tuple[str, ...]
    words: frozenset[str]
    hash: str
    disclosed: tuple[str, ...] = ()

    def is_for(self, reader: str, *, keys: bool = True) -> bool:
        """Whether a person ("" is the public) may read it; without keys nothing sealed."""
        if self.wall == "public" or not reader:
            return self.wall == "public"
        side, role = PEOPLE[reader]
        if keys and side in self.disclosed:
            return True
        if self.wall == "sealed":
            return keys and (reader == self.writer or side in self.to)
        within = {"any": True, "side": side == PEOPLE[self.writer][0],
                  "own": reader == self.writer}
        return within[RESTRICTED[role.value]]


@define
class Canaries:
    """All that was put into a world."""

    world: World
    put: list[Put] = field(factory=list)
    numbers: Iterator[int] = field(factory=lambda: count(1))
    shared: dict[tuple[str, ...], str] = field(factory=dict)
    turns: Iterator[int] = field(factory=count)
    filled: set[tuple[str, str]] = field(factory=set)

    def word(self) -> str:
        """A word that stands nowhere else."""
        return f"zq{next(self.numbers):05}x"

    def may_see(self, reader: str, *, keys: bool = True) -> frozenset[str]:
        """The words that a person may ever see."""
        return frozenset().union(*(p.words for p in self.put if p.is_for(reader, keys=keys)))

    @property
    def words(self) -> frozenset[str]:
        """Every word."""
        return frozenset().union(*(p.words for p in self.put))

    def say(self, who: str, kind: str, about: str, node: dict[str, Any], *, wall: str,
            to: tuple[str, ...] = ()) -> Put:
        """Somebody writes an entry."""
        from lull.store.write import Wish, write

        part = part_named(thing_written(kind), node)[1]
        sides = to if wall == "sealed" else ()
        done = write(self.world.store, self.world.seat(who), Wish(
            kind, about, node, wall, part, tuple(map(self.world.side, sides))))
        words = WORD.findall(json.dumps([about, part, node], ensure_ascii=False))
        self.filled |= {(wall, path) for path in _paths_with_words(node, node["record"])}
        made = Put(who, kind, node["record"], wall, sides, frozenset(words), done.hash)
        self.put.append(made)
        return made

    def node(self, record: str, **changes: Any) -> dict[str, Any]:
        """The payload of a record with every field filled, and a new word in every text."""
        made = dict(_with_word(payload(filled(RECORDS[record])), self.word()))
        if record == "extension_request":
            made["proposals"] += [{"text": f"more {self.word()}", "repeats": f"R {self.word()}"}]
        return {name: value for name, value in {**made, **changes}.items() if value is not None}


def _with_word(node: Any, word: str) -> Any:
    if isinstance(node, dict):
        return {name: _with_word(value, word) for name, value in node.items()}
    if isinstance(node, list):
        return [_with_word(value, word) for value in node]
    return f"{node} {word}" if isinstance(node, str) and node.startswith("some ") else node


def _paths_with_words(node: Any, at: str) -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield from _paths_with_words(value, f"{at}.{name}")
    elif isinstance(node, list):
        for value in node:
            yield from _paths_with_words(value, at)
    elif isinstance(node, str) and WORD.search(node):
        yield at


def texts_of(record: str) -> frozenset[str]:
    """The paths of all texts that a person may fill in freely in a record."""
    from lull.web.forms.fields import Kind, fields_of_record

    def paths(fields: Any, at: str) -> Iterator[str]:
        for one in fields:
            path = f"{at}.{one.name}"
            if one.fields:
                yield from paths(one.fields, path)
            elif one.kind in (Kind.LINE, Kind.TEXT, Kind.LINES) and not (
                    {one.name, path} & NO_WORDS or one.name.endswith(("sha256", "_hash"))):
                yield path

    return frozenset(paths(fields_of_record(RECORDS[record]), record))


@frozen
class Turn:
    """One step of a way through a table: by whom, with which record."""

    step: Step
    record: str
    who: str


def side_name(who: str) -> str:
    """The name of a person's side."""
    return SIDES[PEOPLE[who][0]][0]


def may_write(who: str, kind: str) -> bool:
    """Whether the rights let a person write of a kind at all."""
    table, _, event = kind.partition(".")
    role = PEOPLE[who][1]
    step = TABLES[table].step(event) if table in TABLES else None
    return reach(role, Action.WRITE, thing_written(kind)) is not Reach.NOBODY and (
        step is None or role in step.by)


def _helper(table: Table, step: Step, who: str) -> str:
    """Who takes a step on somebody's way: they themselves, one of their side, another; or nobody.
    """
    side = PEOPLE[who][0]
    mates = [name for name, (of, _) in PEOPLE.items() if of == side]
    own = reach(PEOPLE[who][1], Action.WRITE, table.name) is not Reach.ANY
    others = [] if own else ["alice", "paul", "mona"]
    return next((name for name in (who, *mates, *others)
                 if may_write(name, f"{table.name}.{step.event}")), "")


def ways(table: Table, who: str) -> list[list[Turn]]:
    """Ways through a table on which a person writes each step, with each record, that they may."""
    left = {(step.event, record) for step in table.steps
            for record in kinds()[f"{table.name}.{step.event}"]
            if may_write(who, f"{table.name}.{step.event}")}
    found: list[list[Turn]] = []
    while left:
        state, way = NONE, list[Turn]()
        while (on := _nearest(table, state, who, left)):
            way += on
            state = on[-1].step.after
            left -= {(t.step.event, t.record) for t in on if t.who == who}
        assert way, f"{who} comes to none of {sorted(left)}"
        found.append(way)
    return found


def _nearest(table: Table, state: str, who: str, left: set[tuple[str, str]]) -> list[Turn]:
    """The shortest way on that ends with a step that is left; such as lead on come first."""
    waiting: list[tuple[str, list[Turn]]] = [(state, [])]
    seen = {state}
    while waiting:
        at, way = waiting.pop(0)
        steps = sorted(table.following(at), key=lambda s: s.after in table.ends)
        for step in steps:
            records = kinds()[f"{table.name}.{step.event}"]
            mine = [r for r in records if (step.event, r) in left]
            if mine:
                return [*way, Turn(step, mine[0], who)]
            helper = _helper(table, step, who)
            if helper and step.after not in seen:
                seen.add(step.after)
                waiting.append((step.after, [*way, Turn(step, records[0], helper)]))
    return []


def fill(world: World) -> Canaries:
    """Everything that anybody may write, sealed and restricted."""
    made = Canaries(world)
    for who in WRITERS:
        for n, table in enumerate(TABLES.values()):
            for way in ways(table, who):
                for wall in _walls(who, n):
                    _walk(made, who, table, way, wall)
        for n, kind in enumerate(WITHOUT_STATES):
            if kind not in WRITTEN_BY_THE_SERVER and may_write(who, kind):
                for wall in _walls(who, n):
                    _stand(made, who, kind, wall)
    for who in ("alice", "olga", "oda"):
        _folder(made, who)
    _reached(made)
    _disclosed(made)
    return made


def _walls(who: str, n: int) -> tuple[str, ...]:
    return WALLS if who not in SECOND else (WALLS[(n + SECOND.index(who)) % 2],)


def _folder(made: Canaries, who: str) -> None:
    """Somebody's side has a pause folder here; who else reads it, is as with what is restricted."""
    from lull.store.folders import import_folder

    word = made.word()
    import_folder(made.world.store, made.world.seat(who), zipped(), f"{word}.zip")
    made.put.append(Put(who, "folder", "folder", "restricted", (), frozenset({word}), ""))


def _reached(made: Canaries) -> None:
    """A coordinator says where a party is reached."""
    word = made.word()
    reachable(made.world, "Party A", "radio", f"EAGLE {word}")
    made.put.append(Put("alice", "addressee", "addressee", "restricted", (), frozenset({word}), ""))


def _disclosed(made: Canaries) -> None:
    """An organisation lets one party read two of its entries, and tells it why."""
    from lull.store.ledgers import disclose

    theirs = [p for p in made.put if p.writer == "olga" and "b" not in p.to and p.wall != "public"]
    chosen = [next(p for p in theirs if p.wall == wall) for wall in WALLS]
    word = made.word()
    disclose(made.world.store, made.world.seat("olga"), [p.hash for p in chosen],
             made.world.side("b"), f"because {word}")
    made.put = [evolve(p, disclosed=("b",)) if p in chosen else p for p in made.put]
    made.put.append(Put("olga", "disclosure", "disclosure", "sealed", ("crescent", "b"),
                        frozenset({word}), ""))


def _addressees(made: Canaries, *people: str) -> tuple[str, ...]:
    """The sides of some people, and another one, each in its turn."""
    own = [PEOPLE[name][0] for name in people]
    other = EVERYBODY[next(made.turns) % len(EVERYBODY)]
    return tuple(dict.fromkeys((*own, other)))


def _walk(made: Canaries, who: str, table: Table, way: list[Turn], wall: str) -> None:
    """Go one way through a table; each step is sealed to those on the way, and to one side more."""
    people = [turn.who for turn in way]
    parent = FOLLOWS.get(table.name)
    about = _shared(made, parent, who, wall) if parent else f"{table.name} {made.word()}"
    cell = made.node("readiness_cell")
    fixed: dict[str, Any] = {
        name: cell[name] for name in ("corridor", "condition", "actor", "level")
    } if table.name == "readiness" else {}
    if table.name in NAMING:
        fixed[NAMING[table.name]] = _named(table.name, who)
    for turn in way:
        kind = f"{table.name}.{turn.step.event}"
        # who writes alone need not name their own side: then it is for their own eyes there
        to = _addressees(made, *(people if len(set(people)) > 1 else ()))
        node = made.node(turn.record, **_changes(turn.record, about), **fixed)
        if kind == "pause.begin":
            _answers(made, turn.who, about, wall, to)
        made.say(turn.who, kind, about, node, wall=wall, to=to)


def _named(table: str, who: str) -> str:
    """The side that a record speaks for: the own one, unless a coordinator writes for a party."""
    speaks = PEOPLE[who][1] is Role.COORDINATOR and table != "assessment"
    return "Party A" if speaks else side_name(who)


def _changes(record: str, about: str) -> dict[str, Any]:
    """Fields whose words are no words of the writer's own, and those that would not be right."""
    if record in ("receipt", "transmission"):
        return {"notification": about, "notification_version": 1}
    if record == "pause_begun":
        return {"rests_on": None}
    return {}


def _answers(made: Canaries, who: str, about: str, wall: str, to: tuple[str, ...]) -> None:
    """The protection questions are answered, one is opened and closed again, one is accepted."""
    for one in Question:
        made.say(who, "protection_answer", about, made.node(
            "protection_answer", question=one.value), wall=wall, to=to)


def _shared(made: Canaries, table: str, who: str, wall: str) -> str:
    """An object that all sides know, of which somebody writes behind a wall."""
    apart = who if PEOPLE[who][1] is Role.COORDINATOR else ""
    key = (table, apart, wall)
    if key not in made.shared:
        about = made.shared[key] = f"shared {table} {made.word()}"
        walls = {"wall": "sealed", "to": EVERYBODY} if table in ("notification", "request") else {
            "wall": "public"}
        for event, record in SHARED[table]:
            node = made.node(record, **_changes(record, about))
            if record == "movement_notification":
                node["recipients"] = [{**node["recipients"][0], "party": party}
                                      for party in ("Party A", "Party B")]
            if record == "transmission":
                node["recipient"] = "Party A"
            made.say("alice", f"{table}.{event}", about, node, **walls)
    return made.shared[key]


SHARED = {
    "pause": [("declare", "pause_terms")],
    "notification": [("draft", "movement_notification"), ("submit", "step"),
                     ("transmit", "transmission")],
    "request": [("draft", "extension_request"), ("send", "request_sent")],
    "incident": [("allege", "incident")],
}  # fmt: skip


def _stand(made: Canaries, who: str, kind: str, wall: str) -> None:
    """Write a record that simply stands, in each of its forms."""
    parent = FOLLOWS.get(kind)
    about = _shared(made, parent, who, wall) if parent else f"{kind} {made.word()}"
    changes: list[dict[str, Any]] = [{}]
    if kind in NEVER_PUBLIC:
        about, point = _own_way(made, who, wall)
        changes = [{"movement": about, **({"point": point} if kind == "check_in" else {})}]
    if kind == "protection_answer":
        role = PEOPLE[who][1].value
        changes = [{"question": Question.INFORMED.value},
                   {"question": Question.PAPERS_KEPT.value, "answer": None,
                    "open_because": f"some reason {made.word()}"},
                   {"question": Question.FAMILY_UNITY.value, "answer": None, "waived_by": role,
                    "waiver_reason": f"some reason {made.word()}"}]
    for one in changes:
        made.say(who, kind, about, made.node(kind, **one), wall=wall, to=_addressees(made))


def _own_way(made: Canaries, who: str, wall: str) -> tuple[str, str]:
    """A movement that a person's side has notified, and a point of its route."""
    key = ("way", PEOPLE[who][0], wall)
    if key not in made.shared:
        owner = next(n for n, (side, _) in PEOPLE.items() if side == PEOPLE[who][0]
                     and may_write(n, "notification.draft"))
        about = made.shared[key] = f"movement {made.word()}"
        node = made.node("movement_notification", movements=[about])
        made.shared[(*key, "point")] = node["departure"]["place"]["name"]
        made.say(owner, "notification.draft", f"notification {made.word()}", node, wall=wall,
                 to=(PEOPLE[who][0],))
    return made.shared[key], made.shared[(*key, "point")]
