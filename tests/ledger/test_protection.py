"""A pause does not begin while a protection question is open, whoever merges what in what order."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lull.domain.protocol import IllegalStep, Role
from lull.domain.records.readiness import Question, Settled
from lull.ledger.entry import Act, Control
from lull.ledger.fold import Thing, fold
from lull.ledger.ledger import ledger, merge
from lull.ledger.protection import accepted_open
from lull.ledger.write import require_legal, with_what_it_rests_on
from tests.ledger.kit import Post
from tests.ledger.questions import (
    PAUSE,
    answer_all,
    begin,
    beginning,
    says,
    settled,
    word,
)
from tests.ledger.test_fold import meet, past_of

THING = Thing("pause", PAUSE)
ROLES = (Role.COORDINATOR, Role.PARTY, Role.OBSERVER)
ASKED = (Question.MINES, Question.INFORMED)


def test_what_is_accepted_as_open_is_told_once_and_where_only_the_beginning_tells_it() -> None:
    room, party, watch = desks()
    answer_all(room, Question.INFORMED)
    word(room, Question.INFORMED, "accept")
    meet(room, party, watch)
    begin(party)
    meet(room, party, watch)
    state = fold(room.held)
    said = [content for _, content in state.acts]
    by_word = accepted_open(state.words, said, PAUSE)
    assert [(one.question, one.role) for one in by_word] == [(Question.INFORMED, "coordinator")]
    assert by_word[0].reason
    by_beginning = accepted_open((), said, PAUSE)
    assert [(one.question, one.reason, one.role, one.entry) for one in by_beginning] == [
        (Question.INFORMED, by_word[0].reason, "", by_word[0].entry)]
    assert accepted_open(state.words, said, "another") == ()


def desks() -> list[Post]:
    """A coordinator, a party and an observer, who hold a pause that was declared."""
    posts = [Post(name, role) for name, role in zip(("room", "A", "watch"), ROLES, strict=True)]
    meet(*posts)
    posts[1].write("pause.declare", PAUSE)
    meet(*posts)
    return posts


def open_by_hand(past: dict[str, set[str]], words: dict[str, tuple[str, Question, str]],
                 seen: set[str], question: Question) -> bool:
    """Whether a question is open for who has seen some entries; by walking all of them."""
    here = [h for h in seen if h in words and words[h][1] is question]

    def stands(one: str) -> bool:
        side, _, how = words[one]
        later = [h for h in here if one in past[h]]
        if any(words[h][0] == side for h in later):
            return False
        return not (how == "open" and any(words[h][2] == "accept" for h in later))

    left = [words[h][2] for h in here if stands(h)]
    return "open" in left or not left


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(
    ["answer", "accept", "open", "open", "meet", "begin", "begin"]), st.sampled_from(ASKED)),
    max_size=14))
def test_a_beginning_has_effect_exactly_where_its_writer_had_seen_every_question_closed(script
                                                                                        ) -> None:
    posts = desks()
    answer_all(posts[0], *ASKED)
    meet(*posts)
    words: dict[str, tuple[str, Question, str]] = {}
    begun: dict[str, None] = {}
    for who, what, question in script:
        post = posts[who]
        if what == "meet":
            meet(*posts)
        elif what == "begin":
            if Thing("pause", PAUSE) in fold(post.held).things and fold(
                    post.held).states(THING) == ("declared",):
                begun[begin(post).hash] = None
        elif what != "accept" or not (post.role is Role.PARTY and question is Question.MINES):
            words[word(post, question, what).hash] = (post.name, question, what)
    meet(*posts)
    whole = posts[0].held
    past = past_of(whole)
    wrong = {o.entry.hash for o in fold(whole).out_of_protocol}
    for one in begun:
        shut = not any(open_by_hand(past, words, past[one], q) for q in ASKED)
        assert (one not in wrong) is shut
    assert wrong <= set(begun)
    stands = fold(whole).states(THING)
    assert ("in_force" in stands) is bool(set(begun) - wrong)


@pytest.mark.parametrize("question", Question)
def test_one_question_without_an_answer_keeps_a_pause_from_beginning(question: Question) -> None:
    room, *_ = desks()
    answer_all(room, question)
    content, found = with_what_it_rests_on(beginning(room), fold(room.held).words)
    assert [one.question for one in found] == [question]
    with pytest.raises(IllegalStep, match=f"{question.value}' is open: nobody has answered"):
        require_legal(room.held, content)
    word(room, question, "accept")
    content, found = with_what_it_rests_on(beginning(room), fold(room.held).words)
    assert found == ()
    require_legal(room.held, content)
    entry = room.put(content)
    assert fold(room.held).states(THING) == ("in_force",)
    last = content.payload["rests_on"][list(Question).index(question)]
    assert (last["reason"], last["accepted_by"]) == ("walked today", "protection officer, room")
    assert entry.hash not in {o.entry.hash for o in fold(room.held).out_of_protocol}


def test_answers_to_another_pause_are_none_to_this_one() -> None:
    room, *_ = desks()
    answer_all(room, pause="ALE-P03")
    _, found = with_what_it_rests_on(beginning(room), fold(room.held).words)
    assert [one.question for one in found] == list(Question)


def test_what_an_observer_opens_no_answer_of_a_party_closes_but_a_named_acceptance_does() -> None:
    room, party, watch = desks()
    answer_all(room)
    meet(room, party, watch)
    word(watch, Question.VOLUNTARY, "open")
    meet(room, party, watch)
    word(party, Question.VOLUNTARY, "answer")
    word(room, Question.VOLUNTARY, "answer")
    meet(room, party, watch)
    _, found = with_what_it_rests_on(beginning(room), fold(room.held).words)
    assert [one.question for one in found] == [Question.VOLUNTARY]
    assert "watch (protection officer): not looked at" in found[0].sentence
    word(room, Question.VOLUNTARY, "accept")
    assert with_what_it_rests_on(beginning(room), fold(room.held).words)[1] == ()


def test_nobody_accepts_an_open_question_in_the_name_of_another_role() -> None:
    room, party, _ = desks()
    answer_all(room, Question.INFORMED)
    meet(room, party)
    word(party, Question.INFORMED, "accept", role=Role.COORDINATOR)
    state = fold(party.held)
    assert "accepts an open question as coordinator" in state.out_of_protocol[0].fault.sentence
    assert [w.question for w in state.words if w.side == "A"] == []


@pytest.mark.parametrize("damage", ["none named", "another question", "not seen", "made up",
                                    "reason left out", "reason made up"])
def test_a_beginning_that_names_what_does_not_settle_it_is_kept_without_effect(damage: str) -> None:
    room, party, watch = desks()
    answers = answer_all(room, Question.MINES)
    answers[Question.MINES] = word(room, Question.MINES, "accept")
    rests = list(settled({q: e for q, e in answers.items() if q is not Question.MINES}))
    rests.append(Settled(question=Question.MINES, entry=answers[Question.MINES].hash,
                         accepted_by="head of operations", reason="walked today"))
    meet(room, party, watch)
    require_legal(room.held, beginning(room, tuple(rests)))
    if damage == "none named":
        rests = rests[1:]
    if damage == "another question":
        rests[0] = evolve(rests[0], entry=rests[1].entry)
    if damage == "not seen":
        rests[0] = evolve(rests[0], entry=word(watch, rests[0].question, "answer").hash)
    if damage == "made up":
        rests[0] = evolve(rests[0], entry="ab" * 32)
    if damage == "reason left out":
        rests[-1] = evolve(rests[-1], accepted_by="", reason="")
    if damage == "reason made up":
        rests[0] = evolve(rests[0], accepted_by="somebody", reason="none")
    content = beginning(room, tuple(rests))
    with pytest.raises(IllegalStep):
        require_legal(room.held, content)
    entry = room.put(content)
    meet(room, party, watch)
    state = fold(watch.held)
    assert state.states(THING) == ("declared",)
    assert [o.entry.hash for o in state.out_of_protocol] == [entry.hash]


def test_a_question_that_is_opened_after_the_beginning_does_not_undo_it() -> None:
    room, _, watch = desks()
    answer_all(room)
    begin(room)
    word(watch, Question.MINES, "open")
    meet(room, watch)
    assert fold(room.held).states(THING) == ("in_force",)


def test_answers_that_are_destroyed_later_do_not_undo_a_beginning() -> None:
    room, *_ = desks()
    entries = answer_all(room)
    begin(room)
    for entry in entries.values():
        room.do(Control(Act.DESTROY, of=entry.hash))
    assert fold(room.held).states(THING) == ("in_force",)
    assert fold(room.held).words == ()


def test_a_file_without_the_log_that_answered_still_shows_the_beginning() -> None:
    room, _, watch = desks()
    room.write("statement", "S")  # by which it has seen what was declared
    answer_all(watch)
    meet(room, watch)
    begin(room)
    part = ledger((e for e in room.held.entries.values() if e.log != watch.log),
                  clear=room.held.clear)
    assert fold(part).states(THING) == ("in_force",)


def test_merging_in_any_order_gives_one_state() -> None:
    room, party, watch = desks()
    answer_all(room)
    word(watch, Question.MINES, "open")
    begin(room)
    meet(party, watch)
    one = merge(merge(room.held, party.held), watch.held)
    other = merge(watch.held, merge(party.held, room.held))
    assert fold(one) == fold(other)
    assert fold(one).words == fold(other).words


def test_a_word_says_one_thing() -> None:
    assert says(Question.MINES, "open", Role.OBSERVER).open_because
