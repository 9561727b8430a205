"""A world in which every kind of entry was written behind each wall, each with a word of its own.

A word such as `zq00042x` stands in every text field of one entry, in its object and its part. Who
may ever see it is worked out from the tables of this file alone, written by hand from the table of
rights (docs/reference/rights.md), from the project's design and from decision 25: the code that
keeps the rights is not asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import count
from typing import Any

from attrs import define, field, frozen

from lull.domain.protocol import NONE, TABLES, Step, Table
from lull.domain.records import RECORDS, kinds, payload
from lull.domain.records.readiness import Question
from tests.ledger.kit import filled
from tests.store.kit import SIDES, World

WORD = re.compile(r"zq\d{5}x")

# person   side        role           restricted entries that they read
WHO = """
alice      ocha        coordinator    any
adam       ocha        coordinator    any
olga       crescent    organisation   side
omar       crescent    organisation   side
oda        relief      organisation   side
paul       a           party          side
petra      a           party          side
piotr      b           party          side
mona       watch       observer       side
mark       watch       observer       side
mila       eyes        observer       side
fred       crescent    field_clerk    own
fay        crescent    field_clerk    own
finn       relief      field_clerk    own
"""
SIDE_OF = {row.split()[0]: row.split()[1] for row in WHO.split("\n") if row}
ROLE_OF = {row.split()[0]: row.split()[2] for row in WHO.split("\n") if row}
RESTRICTED = {row.split()[0]: row.split()[3] for row in WHO.split("\n") if row}
COORDINATORS = frozenset({"alice", "adam"})
EVERYBODY = frozenset(SIDE_OF)
PUBLIC = ""
LANGUAGES = {"adam": "ar", "oda": "ar", "piotr": "ar", "mila": "ar", "finn": "ar"}
"""Who reads the pages in Arabic; all others in English."""
WALLS = ("sealed", "restricted")

# what has states, behind which wall, who goes its way together, to whose sides it is sealed
TEAMS = """
pause          sealed      paul,mona     a,watch,relief
pause          sealed      olga          crescent,b
pause          sealed      alice         ocha,b
pause          restricted  piotr
pause          restricted  mona
pause          restricted  oda
pause          restricted  alice
consent        sealed      paul,alice    a,ocha
consent        sealed      piotr         eyes
consent        restricted  paul
consent        restricted  alice
readiness      sealed      finn          a
readiness      sealed      olga          watch
readiness      sealed      mila          crescent
readiness      restricted  fred
readiness      restricted  piotr
readiness      restricted  alice
notification   sealed      olga          crescent,b
request        sealed      olga,paul     crescent,a
request        sealed      alice,piotr   ocha,b
request        restricted  oda
request        restricted  alice
decision       sealed      paul,mona     a,watch
decision       sealed      piotr         relief
decision       restricted  piotr
decision       restricted  mona
movement       sealed      oda,finn      relief,b
movement       sealed      fred          a
movement       restricted  olga
movement       restricted  alice
incident       sealed      mona          a
incident       sealed      paul          watch
incident       sealed      finn          crescent
incident       restricted  mila
incident       restricted  olga
incident       restricted  piotr
assessment     sealed      mona          ocha
assessment     sealed      oda           eyes
assessment     restricted  paul
assessment     restricted  olga
delivery       sealed      oda,finn,mila relief,eyes
delivery       sealed      paul          crescent
delivery       restricted  olga
delivery       restricted  piotr
"""
"""Each way is gone until every step, with every record, stands behind each wall."""

# what simply stands; who writes it sealed, and to whom; who writes it restricted
STANDING = """
preparation_observed  mona:a      fred:b         mila,finn,paul
statement             paul:watch  oda:ocha       piotr,olga,alice
corridor              piotr:eyes  fred:relief    paul,oda,fred
protection_answer     oda:b       mona:crescent  alice,paul,mila
line_test             olga:a      finn:ocha      alice,fred
check_in              olga:b      fred:a         oda,finn
claimed_figure        paul:eyes   mila:a         fred,piotr,olga
verified_figure       mona:relief alice:b        mila,alice
access_constraint     oda:a       piotr:watch    olga,mona,finn
after_action          mila:b      paul:ocha      oda,alice,piotr
known_at_checkpoint   paul:watch  finn:b         mona,fred
facilitation          piotr:relief alice:a       paul,oda
"""
FOLLOWS = {"consent": "pause", "preparation_observed": "pause", "protection_answer": "pause",
           "decision": "request", "assessment": "incident", "known_at_checkpoint": "notification",
           "facilitation": "notification"}
"""What is said of an object that somebody else has begun."""
NAMES_A_SIDE = {"consent": "party", "decision": "party", "assessment": "observer"}
BY_THE_SERVER = frozenset({"fetch", "not_delivered", "disclosure"})
NO_WORDS = frozenset({
    "datum", "mgrs", "entry", "pause_begun.rests_on.reason", "pause_begun.rests_on.accepted_by",
    "consent.party", "decision.party", "assessment.observer", "receipt.recipient",
    "transmission.recipient", "movement_notification.recipients.party",
    "site_notification.recipients.party", "site_notification.footprint.method"})
"""Texts that are no free words, those that name a side, and those that the server fills in."""


@frozen
class Put:
    """Words of one entry, and who may see them; several of one entry where sides are told apart."""

    writer: str
    kind: str
    record: str
    wall: str
    words: frozenset[str]
    readers: frozenset[str]
    hash: str = ""
    about: str = ""
    part: str = ""

    @property
    def is_public(self) -> bool:
        """Whether everybody may see it."""
        return self.wall == "public"

    def is_for(self, reader: str, *, keys: bool = True) -> bool:
        """Whether a person (PUBLIC for none) may read it; with keys closed nothing sealed."""
        if self.is_public or not reader:
            return self.is_public
        return reader in self.readers and (keys or self.wall != "sealed")


def of_sides(*sides: str) -> frozenset[str]:
    """The members of some sides."""
    return frozenset(name for name, side in SIDE_OF.items() if side in sides)


def readers_of(writer: str, wall: str, sides: tuple[str, ...]) -> frozenset[str]:
    """Who may read what a person wrote: the table of rights, in three sentences."""
    if wall == "public":
        return EVERYBODY
    if wall == "sealed":
        return of_sides(*sides) | {writer}
    own = {"own": {writer}, "side": of_sides(SIDE_OF[writer])}
    return frozenset(name for name, whose in RESTRICTED.items()
                     if whose == "any" or name in own[whose])


@define
class Canaries:
    """All that was put into a world."""

    world: World
    put: list[Put] = field(factory=list)
    numbers: Iterator[int] = field(factory=lambda: count(1))
    versions: dict[str, int] = field(factory=dict)
    filled: set[tuple[str, str]] = field(factory=set)
    cited: str = ""
    links: dict[str, frozenset[str]] = field(factory=dict)
    jobs: dict[str, Any] = field(factory=dict)
    browsers: dict[str, Any] = field(factory=dict)
    ways: dict[tuple[str, str], tuple[str, str]] = field(factory=dict)

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

    def note(self, writer: str, kind: str, words: set[str], readers: frozenset[str], *,
             wall: str = "restricted", of: str = "") -> None:
        """Keep who may see some words that stand in no entry, or in one that the server wrote."""
        self.put.append(Put(writer, kind, kind, wall, frozenset(words), readers, of))

    def say(self, who: str, kind: str, about: str, node: dict[str, Any], *, wall: str,
            to: tuple[str, ...] = (), part: str = "", also: frozenset[str] = frozenset(),
            apart: dict[str, frozenset[str]] | None = None) -> str:
        """Somebody writes an entry; the hash.

        `also` are those who read it beside whom the wall lets; `apart` are words in it that are for
        some alone.
        """
        from lull.store.write import Wish, write

        apart = apart or {}
        done = write(self.world.store, self.world.seat(who), Wish(
            kind, about, node, wall, part, tuple(map(self.world.side, to))))
        words = set(WORD.findall(json.dumps([about, part, node], ensure_ascii=False)))
        assert apart.keys() <= words
        self.filled |= {(wall, path) for path in _paths_with_words(node, node["record"])}
        readers = readers_of(who, wall, to) | also
        for group in {readers, *apart.values()}:
            own = {word for word in words if apart.get(word, readers) == group}
            self.put.append(Put(who, kind, node["record"], wall, frozenset(own), group, done.hash,
                                about, part))
        return done.hash

    def node(self, record: str, **changes: Any) -> dict[str, Any]:
        """The payload of a record with every field filled, and a new word in every text."""
        made = dict(_with_word(payload(filled(RECORDS[record])), self.word()))
        if record == "extension_request":
            made["proposals"] += [{"text": f"more {self.word()}", "repeats": f"R {self.word()}"}]
        if record == "incident":  # it names a version that only who coordinates can read
            changes = {"notification_hash": self.cited, **changes}
        return {name: value for name, value in {**made, **changes}.items() if value is not None}

    def version(self, record: str, about: str, **changes: Any) -> dict[str, Any]:
        """The next version of a notification."""
        self.versions[about] = self.versions.get(about, 0) + 1
        return self.node(record, version=self.versions[about], **changes)


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


def _taker(step: Step, team: tuple[str, ...]) -> str:
    return next((name for name in team if ROLE_OF[name] in {r.value for r in step.by}), "")


def _nearest(table: Table, state: str, team: tuple[str, ...], left: set[tuple[str, str]]
             ) -> list[Turn]:
    """The shortest way on that ends with a step that is left; such as lead on come first."""
    waiting: list[tuple[str, list[Turn]]] = [(state, [])]
    seen = {state}
    while waiting:
        at, way = waiting.pop(0)
        for step in sorted(table.following(at), key=lambda s: s.after in table.ends):
            who, records = _taker(step, team), kinds()[f"{table.name}.{step.event}"]
            mine = [r for r in records if (step.event, r) in left]
            if who and mine:
                return [*way, Turn(step, mine[0], who)]
            if who and step.after not in seen:
                seen.add(step.after)
                waiting.append((step.after, [*way, Turn(step, records[0], who)]))
    return []


def ways(table: Table, team: tuple[str, ...], left: set[tuple[str, str]]) -> Iterator[list[Turn]]:
    """Ways on which a team takes what steps are left, and at least one."""
    wanted = set(left) or {(turn.step.event, turn.record) for turn in _nearest(
        table, NONE, team, {(s.event, r) for s in table.steps
                            for r in kinds()[f"{table.name}.{s.event}"]})}
    while True:
        state, way = NONE, list[Turn]()
        while (on := _nearest(table, state, team, wanted)):
            way += on
            state = on[-1].step.after
            wanted -= {(turn.step.event, turn.record) for turn in on}
            left -= {(turn.step.event, turn.record) for turn in on}
        if not way:
            return
        yield way


def fill(world: World) -> Canaries:
    """Everything that anybody may write, sealed and restricted."""
    from tests.web.pages import canary_stories
    from tests.web.pages.kit import Browser

    made = Canaries(world)
    for who in SIDE_OF:  # one session each, in which their views grow with the ledger
        made.browsers[who] = browser = Browser(world, who, LANGUAGES.get(who, "en"))
        world.tokens[who] = browser.client.cookies["lull-session"].value
        world.who(who).reader.view(world.pause)
    made.browsers[PUBLIC] = Browser(world)
    canary_stories.tell(made)
    left: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for row in TEAMS.strip().splitlines():
        name, wall, people, *to = row.split()
        table, team = TABLES[name], tuple(people.split(","))
        mine = left.setdefault((name, wall), {
            (s.event, r) for s in table.steps for r in kinds()[f"{name}.{s.event}"]})
        for way in list(ways(table, team, mine)):
            _walk(made, table, way, wall, tuple(to[0].split(",")) if to else ())
    for row in STANDING.strip().splitlines():
        kind, *sealed, restricted = row.split()
        for who, to in (one.split(":") for one in sealed):
            _stand(made, who, kind, "sealed", (to,))
        for who in restricted.split(","):
            _stand(made, who, kind, "restricted", ())
    return made


def _walk(made: Canaries, table: Table, way: list[Turn], wall: str, to: tuple[str, ...]) -> None:
    """Go one way through a table."""
    parent = FOLLOWS.get(table.name)
    about = _begun(made, parent) if parent else f"{table.name} {made.word()}"
    who = way[0].who
    fixed: dict[str, Any] = {}
    part = ""
    if table.name == "readiness":
        cell = made.node("readiness_cell")
        fixed = {name: cell[name] for name in ("corridor", "condition", "actor", "level")}
        part = "/".join([*fixed.values(), SIDES[SIDE_OF[who]][0]])
    if table.name in NAMES_A_SIDE:
        own = ROLE_OF[who] == "party" or table.name == "assessment"
        part = SIDES[SIDE_OF[who]][0] if own else "Party A"
        fixed[NAMES_A_SIDE[table.name]] = part
    for turn in way:
        kind = f"{table.name}.{turn.step.event}"
        if kind == "pause.begin":
            _answers(made, turn.who, about, wall, to)
            fixed_here = {"rests_on": None}
        else:
            fixed_here = fixed
        numbered = turn.record in ("movement_notification", "site_notification")
        node = (made.version if numbered else lambda r, _a, **c: made.node(r, **c))(
            turn.record, about, **fixed_here)
        made.say(turn.who, kind, about, node, wall=wall, to=to, part=part)


def _answers(made: Canaries, who: str, about: str, wall: str, to: tuple[str, ...]) -> None:
    """The protection questions are answered before a pause begins."""
    for one in Question:
        made.say(who, "protection_answer", about, made.node(
            "protection_answer", question=one.value), wall=wall, to=to)


def _begun(made: Canaries, table: str) -> str:
    """An object that others have begun, and all may speak of."""
    about = f"shared {table} {made.word()}"
    everybody = tuple(SIDES)
    if table == "pause":
        made.say("alice", "pause.declare", about, made.node("pause_terms"), wall="public")
    if table == "incident":
        made.say("alice", "incident.allege", about, made.node(
            "incident", notification=None, notification_hash=None, notification_version=None),
            wall="public")
    if table == "request":
        for event, record in (("draft", "extension_request"), ("send", "request_sent")):
            made.say("alice", f"request.{event}", about, made.node(record), wall="sealed",
                     to=everybody)
    return about


def _stand(made: Canaries, who: str, kind: str, wall: str, to: tuple[str, ...]) -> None:
    """Write a record that simply stands, in each of its forms."""
    parent = FOLLOWS.get(kind)
    about = _begun(made, parent) if parent else f"{kind} {made.word()}"
    changes: list[dict[str, Any]] = [{}]
    if kind in ("line_test", "check_in"):
        about, point = _own_way(made, who, wall)
        changes = [{"movement": about, **({"point": point} if kind == "check_in" else {})}]
    if kind == "protection_answer":
        changes = [{"question": Question.INFORMED.value},
                   {"question": Question.PAPERS_KEPT.value, "answer": None,
                    "open_because": f"some reason {made.word()}"},
                   {"question": Question.FAMILY_UNITY.value, "answer": None,
                    "waived_by": ROLE_OF[who], "waiver_reason": f"some reason {made.word()}"}]
    for one in changes:
        made.say(who, kind, about, made.node(kind, **one), wall=wall, to=to)


def _own_way(made: Canaries, who: str, wall: str) -> tuple[str, str]:
    """A movement that a person's side has notified, and a point of its route."""
    side = SIDE_OF[who]
    if (side, wall) not in made.ways:
        owner = {"ocha": "alice", "crescent": "olga", "relief": "oda"}[side]
        about = f"movement {made.word()}"
        node = made.node("movement_notification", movements=[about])
        made.ways[(side, wall)] = (about, node["departure"]["place"]["name"])
        made.say(owner, "notification.draft", f"notification {made.word()}", node, wall=wall,
                 to=(side,) if wall == "sealed" else ())
    return made.ways[(side, wall)]
