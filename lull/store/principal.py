"""Who asks: a member by a session or a token, with a seat in a pause; or the public."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from attrs import field, frozen

from lull.domain.protocol import Role
from lull.domain.refusal import Refusal
from lull.domain.rights import (
    PASSED_ON,
    Action,
    Reach,
    Relation,
    is_passed_on,
    may,
    reach,
    recipient_named,
)
from lull.ledger.apart import same_name
from lull.ledger.content import Content, Wall
from lull.store import models, plain
from lull.store.kept import Store
from lull.store.view import Known, Reader


class Scope(StrEnum):
    """What a token may be used for; a session may be used for all."""

    READ = "read"
    WRITE = "write"
    LEDGER = "ledger"
    """To take ledger files out and put them in."""
    METRICS = "metrics"
    ACCOUNT = "account"
    """One's own account, and those of others: never a token's."""


TOKEN_SCOPES = (Scope.READ, Scope.WRITE, Scope.LEDGER, Scope.METRICS)


class NotAllowed(Refusal):
    """A right or a scope is missing; the message says which."""


class NotThere(Refusal):
    """There is no such thing, or none that this one may know of; the two are not told apart."""


@frozen
class Principal:
    """A member who asks. `reader` has their keys, if this is an unlocked session."""

    member: UUID
    side: UUID
    side_name: str
    function: str
    keeper: bool
    scopes: frozenset[Scope]
    session: UUID | None = None
    token: UUID | None = None
    only_pause: UUID | None = None
    reader: Reader | None = field(default=None, repr=False)

    def require(self, scope: Scope) -> None:
        """Raise NotAllowed where this token is not for that."""
        if scope not in self.scopes:
            raise NotAllowed(f"This token is not for {scope.value!r}; sign in, or make one that "
                             "is.")

    def reading_with(self, store: Store) -> Reader:
        """The keys with which answers to this one are made."""
        return self.reader or store.own


@frozen
class Seated:
    """A principal in one pause, with a role there; the public has neither."""

    pause: UUID
    who: Principal | None
    role: Role | None

    @property
    def member(self) -> Principal:
        """Who it is; raises NotAllowed for the public."""
        if self.who is None or self.role is None:
            raise NotAllowed("Sign in, with a seat in this pause.")
        return self.who

    def relation(self, *, by: UUID | None = None, side: str = "", named: bool = False,
                 key: bool = False) -> Relation:
        """How this one stands to something written by a member, or belonging to a side."""
        if self.who is None:
            return Relation()
        return Relation(own=by is not None and by == self.who.member,
                        side=bool(side) and side == self.who.side_name, named=named, key=key)

    def may(self, action: Action, thing: str, relation: Relation | None = None) -> bool:
        """Whether this one may."""
        return may(self.role, action, thing, relation or Relation())

    def require(self, action: Action, thing: str, relation: Relation | None = None) -> None:
        """Raise NotAllowed unless this one may."""
        if not self.may(action, thing, relation):
            role = self.role.value if self.role else "public"
            whose = reach(self.role, action, thing)
            said = "nothing of this kind" if whose is Reach.NOBODY else f"only {whose.value}"
            raise NotAllowed(f"As {role} you may {action.value} {thing}: {said}.")

    def may_read(self, known: Known) -> bool:
        """Whether this one may read what an entry says; that needs it to be open to them, too.

        What is restricted, and their own key opens, was disclosed to them.
        """
        content = known.content
        if content is None:
            return False
        relation = self.relation(by=known.by, side=content.writer.side, key=True)
        reader = self.who.reader if self.who else None
        disclosed = reader is not None and known.entry.hash in reader.opened
        wall = Wall.SEALED if content.wall is Wall.RESTRICTED and disclosed else content.wall
        return self.may(Action.READ, wall.value, relation) or self._was_passed_on(known, content)

    def _was_passed_on(self, known: Known, content: Content) -> bool:
        """Whether it tells what became of one's own notification, or of what one was sent."""
        if self.who is None or content.wall is not Wall.RESTRICTED or not is_passed_on(
                content.kind):
            return False
        side = self.who.side_name
        named = same_name(recipient_named(content.kind, content.payload), side)
        return self.may(Action.READ, PASSED_ON, Relation(side=side in known.owners, named=named))


def seated(pause: UUID, who: Principal | None) -> Seated:
    """A principal in a pause; raises NotThere where they have no seat, or there is no such pause.

    The public sits in every pause that there is.
    """
    if who is None:
        if not models.Pause.objects.filter(pk=pause).exists():
            raise NotThere("There is no such pause.")
        return Seated(pause, None, None)
    if who.only_pause not in (None, pause):
        raise NotThere("There is no such pause.")
    seat = plain.one(models.Seat, pause_id=pause, member_id=who.member)
    if seat is None:
        raise NotThere("There is no such pause.")
    return Seated(pause, who, Role(seat.role))
