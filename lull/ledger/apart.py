"""What a side is told of a notification apart from all others: its own version of each step.

To whom else a notification goes, and who is called when nobody checks in, is known to its owner and
to coordinators. So a step that is sealed to others too is written once for those two, and once for
each other side, as a part that bears that side's name and is sealed to it. The part has states of
its own, by the same table; what is written for one side says nothing of another, not even by the
keys to which it is sealed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from attrs import evolve

from lull.domain.protocol import TABLES, TOLD_APART, split_kind
from lull.domain.records import payload
from lull.domain.records.common import StepNote
from lull.ledger.content import VERSIONS, Content
from lull.ledger.fold import Thing

S = TypeVar("S")
SEALED = "sealed"
"""The channel of a side to whom a version is sealed and whom it does not name as a recipient."""
STAYS = ("escalation",)
"""Fields of a version that are left out of what another side is told."""


def told_apart(content: Content) -> str:
    """The side that a step is written for alone, or an empty text."""
    known = split_kind(content.kind)
    return content.part if known is not None and known[0].told_apart else ""


def own_version(version: Mapping[str, Any], side: str, *, by: str, at: str) -> dict[str, Any]:
    """A version as one side is told it: of the recipients only itself, and no escalation.

    Where it is sealed to a side that it does not name, `by` (a function) consented to that, `at`.
    """
    node = {name: value for name, value in version.items() if name not in STAYS}
    mine = [one for one in version.get("recipients", ()) if same_name(one["party"], side)]
    node["recipients"] = mine or [{"party": side, "channel": SEALED, "consent_by_function": by,
                                   "consent_at": at}]
    return node


def same_name(one: object, other: object) -> bool:
    """Whether two texts name the same side, as sides are found by their names."""
    return str(one).strip().casefold() == str(other).strip().casefold()


def steps_for(content: Content, side: str, keys: Iterable[str], states: Iterable[str]
              ) -> tuple[Content, ...]:
    """What is written for a side when a step is taken, given how its own part stands.

    A version that is changed or amended is its first where it had none, and a change of what it was
    told before where nothing has left for it. A version that was handed in without it is handed in
    now. Nothing, where the step cannot follow on what that side was told.
    """
    known = split_kind(content.kind)
    assert known is not None
    table, event = known
    node = content.payload
    if content.kind in VERSIONS:
        by = content.writer.function or content.writer.role.value
        node = own_version(node, side, by=by, at=content.received)
    own = evolve(content, part=side, payload=node, recipients=tuple(keys))
    first = evolve(own, kind="notification.draft")
    handed_in = evolve(own, kind="notification.submit", payload=payload(StepNote(
        reference=str(node.get("reference", content.object)), version=int(node["version"]))))
    ways = [(own,), (handed_in, own)]
    if event == "revise":
        ways.append((first,))
    if event == "amend":
        ways += [(evolve(own, kind="notification.revise"), handed_in), (first, handed_in)]
    for way in ways:
        if _follows(way, tuple(states), table.name):
            return way
    return ()


def _follows(way: tuple[Content, ...], states: tuple[str, ...], table: str) -> bool:
    for content in way:
        judged = TABLES[table].judge(states, content.kind.partition(".")[2], content.writer.role,
                                     side=content.writer.side, what=content.object)
        if not isinstance(judged, str):
            return False
        states = (judged,)
    return True


def is_of_others(content: Content, side: str) -> bool:
    """Whether a step was written for one side alone, and that is not this one."""
    told = told_apart(content)
    return bool(told) and not same_name(told, side)


def things_of(things: Mapping[Thing, S], side: str) -> dict[Thing, S]:
    """How things stand for a side: what it was told apart stands for the whole, where that is not
    read; what others were told apart is left out.
    """
    found = {}
    for thing, stands in things.items():
        if thing.table not in TOLD_APART or not thing.part:
            found[thing] = stands
        elif same_name(thing.part, side):
            whole = evolve(thing, part="")
            if whole not in things:
                found[whole] = stands
    return found


def versions_apart(said: Iterable[Content], about: str, version: int) -> Iterator[Content]:
    """What each side was told of one version of a notification, among what was said."""
    for content in said:
        if (content.object == about and content.kind in VERSIONS and told_apart(content)
                and int(content.payload["version"]) == version):
            yield content
