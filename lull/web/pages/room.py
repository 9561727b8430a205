"""What a reader sees of one pause: how things stand, and what was said, as pages ask for it.

What was told to a side apart is what its members see, and what nobody else is shown beside it.

Only what is theirs to read is found here. What is sealed and is about to be shown is remembered,
and written down before the page leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from attrs import define, field, frozen

from lull.domain.protocol import TABLES, Role, Step
from lull.domain.rights import Action, Reach, is_named, reach, thing_written
from lull.ledger.apart import is_of_others, things_of
from lull.ledger.content import Content
from lull.ledger.fold import Stand, Thing
from lull.store import models
from lull.store.kept import Store
from lull.store.principal import NotThere, Seated
from lull.store.reading import note_seen, view_of
from lull.store.view import Known, View
from lull.web.pages.zones import zones

TAG_CHARACTERS = 20
OVER = frozenset(TABLES["pause"].ends)
"""States of a pause on which nothing follows."""
NO_PART = "-"
"""Stands in an address for a thing that has no parts."""


@frozen
class Stood:
    """How a thing stands for its reader; several states where posts that were apart differ.

    `said` is what stands, the latest last; `next` are the steps that the reader's role may take;
    `led` has the state to which each entry led, by its hash.
    """

    thing: Thing
    tag: str
    part_tag: str
    states: tuple[str, ...]
    said: tuple[Known, ...]
    next: tuple[Step, ...]
    led: Mapping[str, str]

    @property
    def content(self) -> Content:
        """What was said last."""
        found = self.said[-1].content
        assert found is not None
        return found

    @property
    def contested(self) -> bool:
        """Whether posts that were apart said different things."""
        return len(self.said) > 1

    @property
    def payload(self) -> dict[str, Any]:
        """The record that stands."""
        return dict(self.content.payload)


@define(eq=False)
class Room:
    """One pause for one reader, for the length of one request."""

    store: Store = field(repr=False)
    seat: Seated
    _shown: list[Known] = field(factory=list, repr=False)

    @cached_property
    def view(self) -> View:
        """The view of which this reader sees a part."""
        return view_of(self.store, self.seat)

    @cached_property
    def name(self) -> str:
        """The name of the pause."""
        row = models.Pause.objects.get(pk=self.seat.pause)
        return self.store.secrets.veil.open(row.name, f"pause {row.id}")

    @property
    def role(self) -> Role | None:
        """The reader's role; None for the public."""
        return self.seat.role

    @property
    def side(self) -> str:
        """The reader's side, or an empty text."""
        return self.seat.who.side_name if self.seat.who else ""

    def tag(self, table: str, about: str) -> str:
        """What stands for an object in an address: objects' names are kept out of histories."""
        text = f"{self.seat.pause}\n{table}\n{about}"
        return self.store.secrets.veil.tag(text, "page")[:TAG_CHARACTERS]

    def part_tag(self, table: str, about: str, part: str) -> str:
        """What stands for a part of an object in an address."""
        return self.tag(table, f"{about}\n{part}") if part else NO_PART

    def object_of(self, table: str, tag: str) -> str:
        """The object for which a tag stands; raises NotThere."""
        for about in dict.fromkeys(c.object for c in self._contents()
                                   if c.kind.partition(".")[0] == table):
            if self.tag(table, about) == tag:
                return about
        raise NotThere("There is nothing here that is yours to see.")

    def part_of(self, table: str, about: str, tag: str) -> str:
        """The part for which a tag stands; raises NotThere."""
        if tag == NO_PART:
            return ""
        for part in dict.fromkeys(c.part for c in self._contents()
                                  if c.kind.partition(".")[0] == table and c.object == about):
            if self.tag(table, f"{about}\n{part}") == tag:
                return part
        raise NotThere("There is nothing here that is yours to see.")

    def _readable(self) -> Iterator[Known]:
        found = list(self.view.known.values())  # in one go, as others write meanwhile
        found.sort(key=lambda k: k.seq)
        return (k for k in found if k.content is not None and self.seat.may_read(k)
                and not is_of_others(k.content, self.side))

    @cached_property
    def readable(self) -> tuple[Known, ...]:
        """Everything that this reader may read, in the order in which it came."""
        return tuple(self._readable())

    @cached_property
    def _by_object(self) -> dict[str, list[Known]]:
        found: dict[str, list[Known]] = {}
        for known in self.readable:
            if known.content is not None:
                found.setdefault(known.content.object, []).append(known)
        return found

    @cached_property
    def _things(self) -> dict[tuple[str, str | None], list[tuple[Thing, tuple[Stand, ...]]]]:
        """The things of each table, and of each object in it, in order."""
        found: dict[tuple[str, str | None], list[tuple[Thing, tuple[Stand, ...]]]] = {}
        own = things_of(self.view.things.copy(), self.side)
        for thing, stands in sorted(own.items(), key=lambda pair: pair[0]):
            for about in (None, thing.object):
                found.setdefault((thing.table, about), []).append((thing, stands))
        return found

    def _contents(self) -> Iterator[Content]:
        return (k.content for k in self.readable if k.content is not None)

    def told(self, *kinds: str, about: str | None = None, part: str | None = None
             ) -> list[Known]:
        """What was said of kinds (a table, a step or a record), an object, a part; oldest first."""
        known = self.readable if about is None else self._by_object.get(about, ())
        found = [k for k in known if k.content is not None
                 and (not kinds or k.content.kind in kinds
                      or k.content.kind.partition(".")[0] in kinds)
                 and part in (None, k.content.part)]
        self._shown += found
        return found

    def standing(self, table: str, about: str | None = None) -> list[Stood]:
        """How the things of a table stand."""
        found = []
        for thing, stands in self._things.get((table, about), ()):
            mine = tuple(k for s in stands if (k := self.view.known[s.entry.hash])
                         and self.seat.may_read(k))
            if mine:
                states = {s.entry.hash: s.state for s in stands}
                found.append(self._stood(thing, mine, states))
        self._shown += [k for stood in found for k in stood.said]
        return found

    def contested(self) -> list[Stood]:
        """The things on which posts that were apart have said different things."""
        found = []
        for thing, stands in sorted(things_of(self.view.things.copy(), self.side).items()):
            if len(stands) > 1:
                found += [s for s in self.standing(thing.table, thing.object)
                          if s.thing == thing and s.contested]
        return found

    def showing(self, known: Iterable[Known]) -> None:
        """Remember what is about to be shown and was found in another way."""
        self._shown += known

    def _stood(self, thing: Thing, mine: tuple[Known, ...], of: dict[str, str]) -> Stood:
        states = tuple(sorted({of[k.entry.hash] for k in mine}))
        mine = tuple(sorted(mine, key=lambda k: k.seq))
        return Stood(thing, self.tag(thing.table, thing.object),
                     self.part_tag(thing.table, thing.object, thing.part), states, mine,
                     tuple(self.steps(thing.table, states, thing.object, thing.part)), of)

    def steps(self, table: str, states: Iterable[str], about: str = "", part: str = ""
              ) -> list[Step]:
        """The steps that this reader may take on a thing in these states.

        Without a thing: those that the reader's role may take on one of their own.
        """
        steps = {s.event: s for state in states for s in TABLES[table].following(state)}
        return [step for step in steps.values() if self.may_write(f"{table}.{step.event}")
                and (not about or self._is_theirs(table, about, part))]

    def _is_theirs(self, table: str, about: str, part: str) -> bool:
        """Whether a thing is one that this reader may write to, by whose it is and whom it names.
        """
        owners = self.view.owners.get((table, about)) or frozenset({self.side})
        owner = self.side if self.side in owners else min(owners)
        named = is_named(self.side, table, part)
        return self.seat.may(Action.WRITE, table, self.seat.relation(side=owner, named=named))

    def may_write(self, kind: str) -> bool:
        """Whether this reader's role may write something of a kind at all."""
        if self.role is None or reach(self.role, Action.WRITE, thing_written(kind)) is Reach.NOBODY:
            return False
        table, _, event = kind.partition(".")
        step = TABLES[table].step(event) if table in TABLES and event else None
        return step is None or self.role in step.by

    def note_shown(self) -> None:
        """Write down what of the sealed is about to be shown for the first time."""
        note_seen(self.store, self.seat, {k.entry.hash: k for k in self._shown}.values())
        self._shown = []

    @cached_property
    def closed(self) -> str:
        """The state in which the pause is over, where every notice of it that is read is."""
        said = self.standing("pause")
        states = {state for stood in said for state in stood.states}
        return max(states) if states and states <= OVER else ""

    @cached_property
    def sides(self) -> dict[Any, str]:
        """The sides that take part, by id."""
        places = models.SideIn.objects.filter(pause_id=self.seat.pause).values_list("side_id",
                                                                                   flat=True)
        return dict(sorted(((s, self.store.side_name(s)) for s in places), key=lambda p: p[1]))

    @cached_property
    def zone(self) -> str:
        """The time zone of the pause, from the last notice that names one."""
        for known in reversed(self.readable):
            content = known.content
            if content is None or content.kind.partition(".")[0] != "pause":
                continue
            for window in content.payload.get("windows", ()):
                if window.get("time_zone") in zones():
                    return str(window["time_zone"])
        return "UTC"
