"""Steps of a notification that are sealed to several sides: each is told apart, by an own entry.

The entry itself is sealed to its writer, its owner and coordinators, and has all that was said. Of
every other side named, that side's own version is written with it (see `lull.ledger.apart`), in the
same transaction: sealed to that side and to those who may know to whom else it goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from attrs import evolve, frozen

from lull.domain.protocol import Role, split_kind
from lull.ledger.apart import steps_for, versions_apart
from lull.ledger.content import Content, Wall
from lull.ledger.fold import Thing
from lull.store import models
from lull.store.kept import Store
from lull.store.principal import Seated
from lull.store.recipients import keys_of
from lull.store.view import View


@frozen
class Apart:
    """The keys to which a step is sealed as a whole, and the keys to each side's own version.

    `sides` have their keys by their names.
    """

    whole: tuple[str, ...]
    sides: tuple[tuple[str, tuple[str, ...]], ...]

    def steps(self, content: Content, view: View) -> Iterator[Content]:
        """What is written for each side, given how its own part stands."""
        for side, keys in self.sides:
            thing = Thing(content.kind.partition(".")[0], content.object, side)
            yield from steps_for(content, side, keys, view.states(thing))


def apart_for(store: Store, seat: Seated, content: Content, to: tuple[UUID, ...]) -> Apart | None:
    """Who is told of a step apart; None where it is not sealed, or to nobody else."""
    known = split_kind(content.kind)
    if known is None or not known[0].told_apart or content.wall is not Wall.SEALED:
        return None
    inner = _inner(store, seat, content.object)
    others = [side for side in dict.fromkeys(to) if side not in inner]
    if not others:
        return None
    me, kept = seat.member.member, [side for side in to if side in inner]
    return Apart(keys_of(kept, seat.pause, and_member=me), tuple(
        (store.side_name(side), keys_of([*kept, side], seat.pause, and_member=me))
        for side in others))


def _inner(store: Store, seat: Seated, about: str) -> frozenset[UUID]:
    """The sides that may know to whom a notification goes: the writer's, its owner's, and those
    that coordinate.
    """
    view = seat.member.reading_with(store).view(seat.pause)
    owners = view.owners.get(("notification", about), frozenset())
    seats = models.Seat.objects.filter(pause_id=seat.pause, role=Role.COORDINATOR.value)
    return frozenset({
        seat.member.side, *seats.values_list("member__side_id", flat=True),
        *(side for name in owners if (side := side_named(store, name)) is not None)})


def side_named(store: Store, name: str) -> UUID | None:
    """The side of a name, however it is written; None where there is none."""
    tag = store.secrets.veil.tag(name.strip().casefold(), "side")
    found: UUID | None = models.Side.objects.filter(name_tag=tag).values_list(
        "pk", flat=True).first()
    return found


def sides_of(content: Content) -> tuple[UUID, ...]:
    """The sides to whose members a sealed content was sealed."""
    if content.wall is not Wall.SEALED:
        return ()
    members = models.MemberKey.objects.filter(public__in=content.recipients)
    return tuple(sorted(set(members.values_list("member__side_id", flat=True))))


def sides_told(store: Store, view: View, about: str, version: int = 0) -> tuple[UUID, ...]:
    """The sides that were told of a notification apart; of one version, if that is said."""
    said = [k.content for k in list(view.known.values())
            if k.content is not None and k.fault is None and k.content.object == about]
    versions = {int(c.payload.get("version", 0)) for c in said} if not version else {version}
    names = {c.part for v in versions for c in versions_apart(said, about, v)}
    found = (side_named(store, name) for name in names)
    return tuple(sorted(side for side in found if side is not None))


def all_sides(store: Store, view: View, version: Content) -> tuple[UUID, ...]:
    """The sides to whom a version is sealed, as a whole or apart."""
    if version.wall is not Wall.SEALED:
        return ()
    told = sides_told(store, view, version.object, int(version.payload["version"]))
    return tuple(sorted({*sides_of(version), *told}))


def sealed_as_whole(content: Content, apart: Apart | None) -> Content:
    """A step as it stands for those who may know to whom it goes."""
    return content if apart is None else evolve(content, recipients=apart.whole)
