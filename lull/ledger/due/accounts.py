"""What is due of deliveries, and what posts that were apart have said differently."""

from __future__ import annotations

from lull.domain.protocol import Role, split_kind
from lull.domain.records.delivery import Delivery, unreconciled
from lull.domain.saying import Name, say
from lull.ledger.due.facts import Facts, when
from lull.ledger.due.item import DueKind, Turn
from lull.ledger.due.notifications import Found
from lull.ledger.fold import Stand, Thing, differ

HANDED_OVER = frozenset({"delivered", "returned", "lost", "accounted"})
ACCOUNTERS = (Role.COORDINATOR, Role.ORGANISATION, Role.PARTY, Role.CLERK)


def due_of_deliveries(facts: Facts) -> Found:
    """Deliveries whose totals do not add up, and those that only a party speaks for."""
    for thing in sorted(t for t in facts.things if t.table == "delivery"):
        stands = [stand for stand in facts.things[thing] if stand.state in HANDED_OVER]
        for stand in sorted(stands, key=lambda s: s.entry.hash)[:1]:
            record = facts.read((stand.entry, stand.content))
            if isinstance(record, Delivery):
                yield from _reconcile(facts, thing, stand, record)
                yield from _observe(facts, thing, stand, record)


def _reconcile(facts: Facts, thing: Thing, stand: Stand, record: Delivery) -> Found:
    wrong = unreconciled(record)
    if not wrong or (stand.state == "accounted" and record.explanation):
        return  # it is said where they do not
    owner = facts.owner("delivery", thing.object) or stand.content.writer.side
    yield facts.due(
        DueKind.RECONCILE, thing.object, "", Turn("delivery", ACCOUNTERS, owner),
        say("The totals of waybill {waybill} do not reconcile:", waybill=record.waybill), *wrong,
        since=record.unloaded_at or when(stand.content), entries=(stand.entry.hash,))


def _observe(facts: Facts, thing: Thing, stand: Stand, record: Delivery) -> Found:
    """A party's own word is a claim: another side names an observer, or verifies a figure of it."""
    steps = facts.of_table("delivery", thing.object)
    parties = {c.writer.side for _, c in steps if c.writer.role is Role.PARTY}
    if stand.state == "lost" or not parties:
        return
    own = {*parties, record.carrier, record.consignor}
    seen = any(set(c.payload.get("observed_by", ())) - own for _, c in steps
               if c.writer.side not in own)
    verified = any(c.writer.side not in own
                   for _, c in facts.acts("verified_figure", about=thing.object))
    if seen or verified:
        return
    told = ", ".join(sorted(parties))
    yield facts.due(
        DueKind.OBSERVE, thing.object, "",
        Turn("verified_figure", (Role.COORDINATOR, Role.OBSERVER), ""),
        say("{sides} says that waybill {waybill} was delivered; until somebody else has seen it, "
            "it is a claim.", sides=told, waybill=record.waybill),
        since=record.unloaded_at or when(stand.content), entries=(stand.entry.hash,))


def due_of_contradictions(facts: Facts) -> Found:
    """Things on which posts that were apart said different things."""
    for thing in sorted(facts.things):
        stands = facts.things[thing]
        if len(stands) < 2 or not differ(stands):
            continue
        known = split_kind(stands[0].content.kind)
        assert known is not None
        roles = {role for s in stands for step in known[0].following(s.state) for role in step.by}
        said = tuple(say("{side}: {state}", side=side, state=Name(state, bare=True))
                     for side, state in sorted((s.content.writer.side, s.state) for s in stands))
        times = [time for time in (when(s.content) for s in stands) if time]
        yield facts.due(
            DueKind.CONTRADICTION, thing.object, " ".join(filter(None, (thing.table, thing.part))),
            Turn(thing.table, tuple(r for r in Role if r in roles), _side_of(facts, thing)),
            say("Posts that were apart differ on the {table} ({said}).",
                table=Name(thing.table), said=said),
            say("Whoever has seen all of it takes the next step."),
            since=max(times, default=None), entries=(s.entry.hash for s in stands))


def _side_of(facts: Facts, thing: Thing) -> str:
    """The side whose turn it is: the one that the part names, else the owner of the object."""
    if thing.table in ("consent", "decision", "assessment"):
        return thing.part
    if thing.table == "receipt":
        return thing.part.rpartition(" ")[0]
    return facts.owner(thing.table, thing.object)


