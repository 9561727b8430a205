"""Whose an object is in ledgers that are merged: by what each writer had seen, and nothing else."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given

from lull.domain.protocol import Role
from lull.ledger.content import Writer
from lull.ledger.fold import State, Thing, fold
from lull.ledger.ledger import Ledger, merge
from tests.ledger.kit import Post
from tests.ledger.test_fold import meet, past_of, quick
from tests.ledger.worlds import acts, world

N1 = Thing("notification", "N1")


def known(*posts: Post) -> dict[str, Writer]:
    """As whom each post may write: as it does."""
    return {post.log.post: Writer(post.role, post.name) for post in posts if post.log}


def three() -> tuple[Post, Post, Post]:
    """A room, and two organisations."""
    return (Post("room"), Post("crescent", Role.ORGANISATION), Post("relief", Role.ORGANISATION))


def test_whoever_had_seen_that_an_object_is_of_another_side_has_no_effect_on_it() -> None:
    room, crescent, relief = three()
    crescent.write("notification.draft")
    meet(crescent, relief)
    wrong = relief.write("notification.cancel")
    meet(crescent, relief)
    state = fold(crescent.held, admitted=known(room, crescent, relief))
    assert state.states(N1) == ("draft",)
    (told,) = state.out_of_protocol
    assert told.entry == wrong
    assert told.fault.side == "relief"
    assert "which is of another side (crescent)" in told.fault.sentence


def test_a_coordinator_and_the_own_side_go_on_with_it() -> None:
    room, crescent, _ = three()
    night = Post("night", Role.ORGANISATION)
    crescent.write("notification.draft")
    meet(crescent, room, night)
    as_whom = {**known(room, crescent), night.log.post: Writer(Role.ORGANISATION, "crescent")}
    night.name = "crescent"
    night.write("notification.submit")
    meet(room, night)
    room.write("notification.transmit")
    state = fold(room.held, admitted=as_whom)
    assert state.states(N1) == ("transmitted",)
    assert state.out_of_protocol == ()
    assert state.owners[("notification", "N1")] == {"crescent"}


def test_an_object_that_posts_began_apart_is_of_both_and_stands_contested() -> None:
    room, crescent, relief = three()
    crescent.write("notification.draft", purpose="bread")
    relief.write("notification.draft", purpose="water")
    meet(crescent, relief)
    state = fold(relief.held, admitted=known(room, crescent, relief))
    assert state.owners[("notification", "N1")] == {"crescent", "relief"}
    assert N1 in state.conflicts
    relief.write("notification.submit")
    meet(crescent, relief)
    crescent.write("notification.cancel")
    state = fold(crescent.held, admitted=known(room, crescent, relief))
    assert state.out_of_protocol == ()


def test_what_was_right_when_it_was_written_stays_right_when_an_earlier_beginning_arrives() -> None:
    """Relief had not seen that Crescent began N1; what it wrote then is kept with its effect."""
    room, crescent, relief = three()
    crescent.write("notification.draft")
    relief.write("notification.draft")
    mine = relief.write("notification.submit")
    before = fold(relief.held, admitted=known(room, crescent, relief))
    assert before.out_of_protocol == ()
    meet(crescent, relief)
    after = fold(relief.held, admitted=known(room, crescent, relief))
    assert after.out_of_protocol == ()
    assert mine.hash in {s.entry.hash for s in after.things[N1]}


def test_an_entry_without_effect_begins_nothing() -> None:
    room, crescent, relief = three()
    relief.write("notification.submit")  # on nothing: out of protocol
    meet(crescent, relief)
    crescent.write("notification.draft")
    state = fold(crescent.held, admitted=known(room, crescent, relief))
    assert state.owners == {("notification", "N1"): {"crescent"}}


def test_where_posts_are_taken_at_their_word_nobody_is_held_to_a_side() -> None:
    _, crescent, relief = three()
    crescent.write("notification.draft")
    meet(crescent, relief)
    relief.write("notification.submit")
    assert fold(relief.held).states(N1) == ("submitted",)


def admitted_in(made: object) -> dict[str, Writer]:
    """The posts of a random world, as they are."""
    return known(*made.posts)  # type: ignore[attr-defined]


@quick
@given(acts)
def test_whose_an_object_is_is_that_of_the_slow_way(script) -> None:
    made = world(script)
    for whole in (made.union, *made.views):
        state = fold(whole, admitted=admitted_in(made))
        past = past_of(whole)
        wrong = {o.entry.hash: o for o in state.out_of_protocol}
        said = {h: c.content for h, c in whole.clear.items()}
        effective = {h: c for h, c in said.items() if h not in wrong}
        for of, content in said.items():
            same = [h for h, c in effective.items() if c.object == content.object
                    and c.kind.split(".")[0] == content.kind.split(".")[0]]
            began = [h for h in same if not any(o in past[h] for o in same)]
            owners = {said[h].writer.side for h in began if h in past[of]}
            others = bool(owners) and content.writer.side not in owners
            held = others and content.writer.role is Role.ORGANISATION and (
                content.kind.startswith("notification."))
            assert (of in wrong and "another side" in wrong[of].fault.sentence) == held


@quick
@given(acts)
def test_all_see_the_same_owners_in_whatever_order_they_met(script) -> None:
    made = world(script)
    states: list[State] = []
    for order in itertools.islice(itertools.permutations(made.views), 6):
        whole = Ledger()
        for view in order:
            whole = merge(whole, view)
        states.append(fold(whole, admitted=admitted_in(made)))
    assert all(state == states[0] for state in states)


@pytest.mark.parametrize("role", [Role.PARTY, Role.OBSERVER])
def test_roles_that_may_write_to_any_are_not_held_to_their_own(role: Role) -> None:
    room, other = Post("room"), Post("other", role)
    room.write("claimed_figure", "F1")
    meet(room, other)
    other.write("claimed_figure", "F1")
    state = fold(other.held, admitted=known(room, other))
    assert state.out_of_protocol == ()
    assert len(state.records) == 2
    assert state.owners == {("claimed_figure", "F1"): {"room"}}
