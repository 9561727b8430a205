"""Who may do and see what: one table, for people and programs alike.

A cell says whose things a role may do something to. `own`: what the same member wrote. `side`: what
their side wrote or owns. `named`: the part of an object that bears their side's name. `key`: what
their own key opens. `any`: everybody's. `-`: nobody's. Which step may follow on which is another
table (`protocol`), and both must allow it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any

from attrs import frozen

from lull.domain.protocol import Role, split_kind


class Reach(StrEnum):
    """Whose things a right is about."""

    NOBODY = "-"
    OWN = "own"
    SIDE = "side"
    NAMED = "named"
    KEY = "key"
    ANY = "any"


class Action(StrEnum):
    """What is done."""

    READ = "read"
    WRITE = "write"
    DISCLOSE = "disclose"
    DESTROY = "destroy"
    MAKE = "make"
    END = "end"


@frozen
class Relation:
    """How somebody stands to a thing: wrote it, is of its side, is named in it, holds its key."""

    own: bool = False
    side: bool = False
    named: bool = False
    key: bool = False

    def within(self, reach: Reach) -> bool:
        """Whether a right of this reach covers it."""
        held = {
            Reach.NOBODY: False, Reach.OWN: self.own, Reach.SIDE: self.own or self.side,
            Reach.NAMED: self.named, Reach.KEY: self.key, Reach.ANY: True,
        }  # fmt: skip
        return held[reach]


PUBLIC = "public"
"""Who has not signed in."""
COLUMNS = (*(role.value for role in Role), PUBLIC)

# object            action    coordinator organisation party observer field_clerk public
_ROWS = """
public              read      any         any          any   any      any         any
restricted          read      any         side         side  side     own         -
sealed              read      key         key          key   key      key         -
passed_on           read      any         side         named -        -           -

pause               write     any         side         any   any      -           -
consent             write     any         -            named any      -           -
readiness           write     named       named        named named    named       -
notification        write     any         side         -     -        -           -
receipt             write     any         -            named -        -           -
request             write     any         side         any   -        -           -
decision            write     any         -            named any      -           -
movement            write     any         side         any   any      side        -
incident            write     any         any          any   any      any         -
assessment          write     named       named        named named    -           -
delivery            write     any         side         side  any      side        -

preparation_observed  write   any         any          any   any      any         -
statement           write     any         any          any   any      -           -
corridor            write     any         any          any   any      any         -
protection_answer   write     any         any          any   any      -           -
known_at_checkpoint write     any         any          any   any      any         -
line_test           write   any         side         -     -        side        -
check_in            write   side        side         -     -        side        -
fetch               write     -           -            -     -        -           -
not_delivered       write     -           -            -     -        -           -
facilitation        write     any         any          any   -        -           -
claimed_figure      write     any         any          any   any      any         -
verified_figure     write     any         -            -     any      -           -
access_constraint   write     any         any          any   any      any         -
after_action        write     any         any          any   any      -           -
disclosure          write     -           -            -     -        -           -

restricted          disclose  any         side         side  side     -           -
sealed              disclose  side        side         side  side     -           -
payload             destroy   side        side         side  side     own         -

ledger              read      any         any          any   any      any         any
ledger              write     any         side         side  side     side        -
post                read      any         any          any   any      any         -
post                make      any         -            -     -        -           -
seat                read      any         side         side  side     own         -
seat                end       any         side         side  side     -           -
invitation          make      any         side         side  side     -           -
invitation          read      any         side         side  side     -           -
invitation          end       any         side         side  side     -           -
member              read      any         side         side  side     own         -
member              write     side        side         side  side     -           -
member              end       any         side         side  side     own         -
token               make      own         own          own   own      own         -
token               read      own         own          own   own      own         -
token               end       own         own          own   own      own         -
side                read      any         any          any   any      any         -
side                make      any         -            -     -        -           -
folder              make      any         any          -     -        -           -
folder              read      any         side         -     -        -           -
folder              end       any         side         -     -        -           -
job                 make      any         any          -     -        -           -
job                 read      any         side         -     -        -           -
job                 end       any         side         -     -        -           -
outbox              read      any         -            -     -        -           -
outbox              make      any         -            -     -        -           -
addressee           make      any         -            -     -        -           -
addressee           read      any         -            -     -        -           -
addressee           end       any         -            -     -        -           -
metrics             read      any         -            -     -        -           -
"""
WRITTEN_BY_THE_SERVER = frozenset({"fetch", "not_delivered", "disclosure"})
"""Nobody writes these by hand: they say what the server itself saw or did."""


@cache
def rights() -> dict[tuple[str, str, str], Reach]:
    """The table: by role (or public), action and object."""
    found = {}
    for line in _ROWS.splitlines():
        if line.strip():
            thing, action, *cells = line.split()
            assert len(cells) == len(COLUMNS), line
            for who, cell in zip(COLUMNS, cells, strict=True):
                found[(who, Action(action).value, thing)] = Reach(cell)
    return found


def reach(role: Role | None, action: Action, thing: str) -> Reach:
    """Whose things a role (None: the public) may do this to; nobody's where nothing is said."""
    who = PUBLIC if role is None else role.value
    return rights().get((who, action.value, thing), Reach.NOBODY)


def may(role: Role | None, action: Action, thing: str, relation: Relation) -> bool:
    """Whether a role may do something to a thing to which it stands so."""
    return relation.within(reach(role, action, thing))


def things(action: Action) -> tuple[str, ...]:
    """The objects to which an action can be done at all."""
    return tuple(dict.fromkeys(t for _, a, t in rights() if a == action.value))


def thing_written(kind: str) -> str:
    """The object of the table that an entry of a kind writes to."""
    known = split_kind(kind)
    return known[0].name if known else kind


OWNED_WITH = {"line_test": ("notification", "movement"), "check_in": ("notification", "movement")}
"""Records that belong to whoever owns the object of that name in one of these tables."""


def is_named(side: str, thing: str, part: str) -> bool:
    """Whether the part of a thing bears the name of a side."""
    if not side:
        return False
    if thing == "readiness":
        return part.split("/", len(CELL))[len(CELL):] == [side]
    return side in (part, part.rpartition(" ")[0])


PASSED_ON = "passed_on"
"""What became of a notification, where it is restricted: its steps, receipts, links opened, letters
given up, what a checkpoint knows. Whoever wrote it, the side whose notification it is may read it;
and a party its own transmissions and receipts, which bear its name."""
_OF_PASSING_ON = ("notification", "receipt", "fetch", "not_delivered", "known_at_checkpoint")
_NAMED_IN = ("notification.transmit", "receipt")


def is_passed_on(kind: str) -> bool:
    """Whether an entry of a kind tells what became of a notification."""
    return kind.partition(".")[0] in _OF_PASSING_ON


def recipient_named(kind: str, record: Mapping[str, Any]) -> str:
    """The recipient to whom a transmission went or who answered it; empty for all else."""
    told = kind in _NAMED_IN or kind.partition(".")[0] in _NAMED_IN
    return str(record.get("recipient", "")) if told else ""


NAMING = {"consent": "party", "decision": "party", "assessment": "observer",
          "receipt": "recipient"}
"""Things whose part bears the name of a side, and the field of the record that says which."""


CELL = ("corridor", "condition", "actor", "level")
"""What a readiness cell stands under."""


def part_named(thing: str, record: Mapping[str, Any], writer: str = "") -> tuple[str, str]:
    """Which side a record speaks for, and the one part under which it then stands.

    A receipt is of one version, so that stands behind the name. A word on a readiness cell stands
    under the cell's four coordinates and the side whose word it is, which is `writer`: no side
    takes the word of another out of its mouth. Nothing for other things.
    """
    if thing == "readiness":
        return writer, "/".join([*(str(record.get(at, "")) for at in CELL), writer])
    field = NAMING.get(thing)
    if field is None:
        return "", ""
    side = str(record.get(field, ""))
    version = f" {record.get('notification_version')}" if thing == "receipt" else ""
    return side, side + version
