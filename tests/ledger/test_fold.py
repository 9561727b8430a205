"""The state that a ledger amounts to, held against a fold that is written again the slow way."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from lull.domain.protocol import CANNOT_BE_JUDGED, TABLES, IllegalStep, Role
from lull.ledger.content import Writer
from lull.ledger.entry import Act, Control, Entry
from lull.ledger.fold import State, Thing, awaiting, fold
from lull.ledger.ledger import Ledger, ledger, merge
from lull.ledger.order import causal_order, clocks
from lull.ledger.write import require_legal
from tests.ledger.kit import Post, said
from tests.ledger.worlds import acts, world

quick = settings(max_examples=80, deadline=None,
                 suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def past_of(whole: Ledger) -> dict[str, set[str]]:
    """For each entry all that stands before it, by walking every reference."""
    found: dict[str, set[str]] = {}

    def past(of: str) -> set[str]:
        if of not in found:
            entry = whole.entries[of]
            found[of] = set()
            for ref in (entry.previous, *entry.after):
                if ref in whole.entries:
                    found[of] |= {ref} | past(ref)
        return found[of]

    for of in whole.entries:
        past(of)
    return found


def slow(whole: Ledger) -> tuple[dict[Thing, set[tuple[str, str]]], set[str]]:
    """Each thing's standing (state, entry), and the entries without effect; slow on purpose."""
    past = past_of(whole)
    state: dict[str, str] = {}
    thing: dict[str, Thing] = {}
    wrong: set[str] = set()
    for of in sorted(whole.entries, key=lambda h: len(past[h])):
        if of not in whole.clear:
            continue
        content = whole.clear[of].content
        table, _, event = content.kind.partition(".")
        about = Thing(table, content.object, content.part)
        known = [h for h in past[of] if thing.get(h) == about]
        latest = [h for h in known if not any(h in past[other] for other in known)]
        step = TABLES[table].step(event)
        # An answer is to a version that its writer had seen, unless something there is not read.
        told = [h for h in past[of] if h in thing and thing[h].table == "notification"
                and thing[h].object == content.object and whole.clear[h].content.kind.endswith((
                    ".draft", ".revise", ".amend", ".cancel"))]
        unread = any(whole.entries[h].said and h not in whole.clear for h in past[of])
        if table == "receipt" and not unread and content.payload["notification_version"] not in {
                whole.clear[h].content.payload["version"] for h in told}:
            wrong.add(of)
        elif ({state[h] for h in latest} or {"none"}) & step.before and (
            content.writer.role in step.by
        ):
            state[of], thing[of] = step.after, about
        else:
            wrong.add(of)
    standing: dict[Thing, set[tuple[str, str]]] = {}
    for of, about in thing.items():
        if not any(of in past[h] for h, other in thing.items() if other == about):
            standing.setdefault(about, set()).add((state[of], of))
    return standing, wrong


@quick
@given(acts)
def test_the_state_is_that_of_the_slow_fold(script) -> None:
    for whole in (world(script).union, *world(script).views):
        folded = fold(whole)
        standing, wrong = slow(whole)
        assert {t: {(s.state, s.entry.hash) for s in stands}
                for t, stands in folded.things.items()} == standing
        assert {o.entry.hash for o in (*folded.out_of_protocol, *folded.unjudged)} == wrong


@quick
@given(acts)
def test_a_clock_knows_exactly_what_references_lead_to(script) -> None:
    whole = world(script).union
    past = past_of(whole)
    at = clocks(causal_order(whole.entries))
    for one in whole.entries:
        for other in whole.entries:
            assert at[one].knew(at[other]) == (other in past[one])


@quick
@given(acts)
def test_order_is_causal_then_by_hash(script) -> None:
    whole = world(script).union
    past, done = past_of(whole), []
    for entry in causal_order(whole.entries):
        ready = [h for h in whole.entries if h not in done and past[h] <= set(done)]
        assert entry.hash == min(ready)
        done.append(entry.hash)
    assert len(done) == len(whole.entries)


def meet(*posts: Post) -> None:
    """All posts come to hold all that any of them holds."""
    whole = Ledger()
    for post in posts:
        whole = merge(whole, post.held)
    for post in posts:
        post.held = whole


def told(post: Post) -> State:
    return fold(post.held)


def test_posts_that_amended_the_same_thing_apart_are_both_shown_until_one_has_seen_both() -> None:
    room, org = Post("room"), Post("org", Role.ORGANISATION)
    for step in ("draft", "submit", "transmit"):
        room.write(f"notification.{step}")
    meet(room, org)
    room.write("notification.amend", purpose="by road", version=2)
    org.write("notification.amend", purpose="by the river", version=2)
    meet(room, org)
    thing = Thing("notification", "N1")
    both = told(room).conflicts[thing]
    assert {s.content.payload["purpose"] for s in both} == {"by road", "by the river"}
    assert told(room) == told(org)
    org.write("notification.amend", purpose="by road, as the room says", version=3)
    assert not told(org).conflicts
    assert told(room).conflicts, "the room has not seen it yet"
    meet(room, org)
    assert not told(room).conflicts
    assert len(told(room).things[thing]) == 1


def test_a_cancellation_and_an_amendment_made_apart_both_stand() -> None:
    room, org = Post("room"), Post("org", Role.ORGANISATION)
    for step in ("draft", "submit", "transmit"):
        room.write(f"notification.{step}")
    meet(room, org)
    room.write("notification.cancel")
    org.write("notification.amend")
    meet(room, org)
    thing = Thing("notification", "N1")
    assert told(room).states(thing) == ("amended", "cancelled")
    assert thing in told(room).conflicts
    assert not told(room).out_of_protocol, "each was right when it was written"


@pytest.mark.parametrize("way", range(6))  # hashes differ, and with them who comes first
def test_a_step_is_judged_by_the_latest_that_its_writer_had_seen(way: int) -> None:
    room, org = Post("room"), Post("org", Role.ORGANISATION)
    room.write("notification.draft")
    room.write("notification.submit")
    meet(room, org)
    room.write("notification.transmit", note=str(way))
    again = org.write("notification.submit", note=str(way))
    meet(room, org)
    assert told(room).states(Thing("notification", "N1")) == ("transmitted",)
    assert [o.entry.hash for o in told(room).out_of_protocol] == [again.hash]


def test_the_same_word_taken_down_at_two_posts_is_no_conflict() -> None:
    room, stand_in = Post("room"), Post("stand-in")
    room.write("incident.allege", "I1")
    stand_in.write("incident.allege", "I1")
    meet(room, stand_in)
    assert len(told(room).things[Thing("incident", "I1")]) == 2
    assert not told(room).conflicts


def test_what_two_observers_say_stands_side_by_side_and_is_no_conflict() -> None:
    one, other = Post("one", Role.OBSERVER), Post("other", Role.PARTY)
    one.write("assessment.confirm", "I1", "one")
    other.write("assessment.deny", "I1", "other")
    meet(one, other)
    assert told(one).states(Thing("assessment", "I1", "one")) == ("confirmed",)
    assert told(one).states(Thing("assessment", "I1", "other")) == ("denied",)
    assert not told(one).conflicts


def test_an_illegal_step_is_refused_when_written_and_names_the_side() -> None:
    room = Post("room")
    content = said("notification.transmit", role=Role.PARTY, side="Side A")
    with pytest.raises(IllegalStep, match="nothing has been said yet") as refused:
        require_legal(room.held, content)
    assert refused.value.fault.side == "Side A"
    require_legal(room.held, said("notification.draft"))


def test_an_illegal_step_that_arrives_in_a_merge_is_kept_told_and_without_effect() -> None:
    room, other = Post("room"), Post("Side A", Role.PARTY)
    room.write("notification.draft")
    meet(room, other)
    entry = other.write("notification.submit")
    meet(room, other)
    state = told(room)
    assert entry.hash in room.held.entries
    assert state.states(Thing("notification", "N1")) == ("draft",)
    assert [(o.entry.hash, o.fault.side) for o in state.out_of_protocol] == [
        (entry.hash, "Side A")]


def without_reading(post: Post, *entries: Entry) -> State:
    """What a post's ledger amounts to for who cannot read some of its entries."""
    unread = {entry.hash for entry in entries}
    return fold(ledger(post.held.entries.values(), clear={
        of: clear for of, clear in post.held.clear.items() if of not in unread}))


def test_a_step_behind_one_that_is_not_read_here_cannot_be_judged_and_nobody_is_blamed() -> None:
    room = Post("room")
    drafted, submitted = room.write("notification.draft"), room.write("notification.submit")
    assert told(room).unjudged == ()
    state = without_reading(room, drafted)
    assert state.out_of_protocol == ()
    assert [(o.entry.hash, o.verdict.side, o.verdict.turn) for o in state.unjudged] == [
        (submitted.hash, "", ())]
    assert state.unjudged[0].verdict.sentence == CANNOT_BE_JUDGED
    assert state.things == {}
    assert state.records == ()


def test_what_no_earlier_step_could_make_right_is_a_fault_however_little_is_read() -> None:
    room, other = Post("room"), Post("Side A", Role.PARTY)
    drafted = room.write("notification.draft")
    meet(room, other)
    entry = other.write("notification.submit")
    meet(room, other)
    state = without_reading(room, drafted)
    assert state.unjudged == ()
    assert [(o.entry.hash, o.fault.side) for o in state.out_of_protocol] == [
        (entry.hash, "Side A")]


def test_a_step_is_judged_where_its_writer_had_not_seen_what_is_not_read_here() -> None:
    room, other = Post("room"), Post("other", Role.ORGANISATION)
    drafted = room.write("notification.draft")
    entry = other.write("notification.submit")
    meet(room, other)
    state = without_reading(room, drafted)
    assert [(o.entry.hash, o.fault.side) for o in state.out_of_protocol] == [
        (entry.hash, "other")]
    assert state.unjudged == ()


def test_a_step_that_cannot_be_judged_is_judged_once_the_earlier_one_is_read() -> None:
    room = Post("room")
    drafted = room.write("notification.draft")
    room.write("notification.submit")
    part = without_reading(room, drafted)
    assert part.unjudged
    opened = {drafted.hash: room.held.clear[drafted.hash].content}
    assert fold(ledger(room.held.entries.values(), clear={
        of: clear for of, clear in room.held.clear.items() if of != drafted.hash}),
        opened).states(Thing("notification", "N1")) == ("submitted",)


def test_a_step_that_rests_on_an_illegal_one_is_judged_by_what_had_effect() -> None:
    other = Post("Side A", Role.PARTY)
    other.write("notification.draft")
    other.write("notification.submit")
    assert len(told(other).out_of_protocol) == 2
    assert told(other).things == {}


def test_a_record_that_is_not_right_has_no_effect() -> None:
    from attrs import evolve

    room = Post("room")
    room.put(evolve(said("incident.allege", "I1"), payload={"record": "incident"}))
    state = told(room)
    assert state.things == {}
    assert "occurred_from: This must be filled." in state.out_of_protocol[0].fault.sentence


def test_parts_are_asked_for_where_a_table_has_them_and_nowhere_else() -> None:
    room = Post("room")
    room.write("receipt.deliver", "N1", "")
    room.write("movement.plan", "M1", "A")
    faults = [o.fault.sentence for o in told(room).out_of_protocol]
    assert "say which recipient and version" in faults[0]
    assert "it has no parts" in faults[1]


def test_a_post_that_writes_as_somebody_else_is_out_of_protocol_where_posts_are_known() -> None:
    room, other = Post("room"), Post("other", Role.ORGANISATION)
    meet(room, other)
    other.put(said("notification.draft", role=Role.COORDINATOR, side="room"))
    meet(room, other)
    known = {room.log.post: Writer(Role.COORDINATOR, "room"),
             other.log.post: Writer(Role.ORGANISATION, "other")}
    assert fold(room.held).states(Thing("notification", "N1")) == ("draft",)
    state = fold(room.held, admitted=known)
    assert state.things == {}
    assert state.out_of_protocol[0].fault.side == "other"
    stranger = fold(room.held, admitted={})
    assert "not known here" in stranger.out_of_protocol[0].fault.sentence


def test_what_was_destroyed_counts_as_unread_and_does_not_stand() -> None:
    room = Post("room")
    entry = room.write("incident.allege", "I1")
    opened = {entry.hash: room.held.clear[entry.hash].content}
    room.do(Control(Act.DESTROY, of=entry.hash))
    assert told(room).things == {}
    assert told(room).unread == 1
    assert fold(room.held, opened).things == {}


def test_what_can_follow_is_said_for_each_thing_that_is_not_at_its_end() -> None:
    room = Post("room")
    room.write("notification.draft")
    room.write("notification.draft", "N2")
    room.write("notification.cancel", "N2")
    assert dict(awaiting(told(room))) == {
        Thing("notification", "N1"):
        "revise (coordinator/organisation), submit (coordinator/organisation), "
        "cancel (coordinator/organisation)"}
