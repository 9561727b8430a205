"""Go and no-go, held against a table of cells that is filled by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lull.domain.protocol import IllegalStep, Role
from lull.domain.records import BadRecord, payload, read_payload
from lull.domain.records.readiness import CommandLevel, Question, ReadinessCell, WantedCell
from lull.domain.records.terms import PartyTerm
from lull.ledger.content import Content, Wall, Writer
from lull.ledger.fold import fold
from lull.ledger.readiness import Readiness, readiness
from lull.ledger.write import require_legal
from tests.ledger.kit import RECEIVED, Post, filled
from tests.ledger.questions import PAUSE, answer_all, word
from tests.ledger.test_fold import meet

LEVELS = list(CommandLevel)
CELLS = list(product(("west", "east"), ("mines cleared",), ("A", "B"), LEVELS))
AFTER = {"confirm": "ready", "deny": "not_ready", "revoke": "revoked"}


def cell(post: Post, step: str, at: tuple[str, str, str, CommandLevel], mouth: str = "") -> None:
    """A post says something of one cell, for its own side or under another's name."""
    record = ReadinessCell(reference="R", version=1, corridor=at[0], condition=at[1], actor=at[2],
                           level=at[3], said_by_function="duty officer",
                           said_at=datetime(2016, 10, 20, 6, tzinfo=UTC),
                           document_sha256="0a" * 32)
    post.put(Content(f"readiness.{step}", PAUSE, Writer(post.role, post.name), payload(record),
                     Wall.PUBLIC, RECEIVED,
                     part=f"{record.cell}/{mouth or post.name}"))


def wanted(*cells: tuple[str, str, str, CommandLevel]) -> tuple[WantedCell, ...]:
    """What terms ask for."""
    return tuple(WantedCell(corridor=c, condition=k, actor=a, level=lv) for c, k, a, lv in cells)


def shown(post: Post) -> Readiness:
    """The readiness of the one pause that a post holds."""
    state = fold(post.held)
    said = [content for _, content in state.acts]
    (found,) = readiness(state.things, state.words, said)
    return found


def desk(*cells: tuple[str, str, str, CommandLevel], parties: tuple[PartyTerm, ...] = (
        PartyTerm(party="A"),)) -> Post:
    """A party that has declared a pause with cells that must be ready, and answered everything."""
    post = Post("A", Role.PARTY)
    post.write("pause.declare", PAUSE, readiness_wanted=wanted(*cells), parties=parties)
    answer_all(post)
    return post


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(CELLS), min_size=1, max_size=5, unique=True),
       st.lists(st.tuples(st.sampled_from(CELLS[:6]), st.sampled_from(sorted(AFTER)),
                          st.sampled_from(("A", "B", "Watch"))), max_size=16))
def test_go_is_that_of_every_cell_each_side_that_spoke_says_yes_and_one_at_least_did(
    asked, script
) -> None:
    desks = {"A": desk(*asked), "B": Post("B", Role.PARTY), "Watch": Post("Watch", Role.OBSERVER)}
    by_hand: dict[tuple[str, str, str, CommandLevel], dict[str, str]] = {}
    for at, step, side in script:
        said = by_hand.setdefault(at, {})
        if AFTER[step] == said.get(side) or (step == "revoke" and said.get(side) != "ready"):
            continue
        meet(*desks.values())
        cell(desks[side], step, at)
        said[side] = AFTER[step]
    meet(*desks.values())
    by_hand = {at: said for at, said in by_hand.items() if said}
    found = shown(desks["B"])
    assert {(c.corridor, c.condition, c.actor, c.level): {s.side: s.state for s in c.said}
            for c in found.cells} == {at: by_hand.get(at, {}) for at in {*asked, *by_hand}}
    ready = [at for at, said in by_hand.items() if set(said.values()) == {"ready"}]
    assert found.go is (set(ready) == {*asked, *by_hand})
    assert len(found.reasons) == len({*asked, *by_hand}) - len(ready)
    assert all(c.differ is (len(set(by_hand[(c.corridor, c.condition, c.actor, c.level)].values()))
                            > 1) for c in found.cells if c.said)


def test_a_yes_of_one_side_does_not_hide_the_no_of_another_whoever_speaks_last() -> None:
    for order in ((0, 1), (1, 0)):
        post, watch = desk(CELLS[3]), Post("Watch", Role.OBSERVER)
        meet(post, watch)
        for who in order:
            (cell(post, "confirm", CELLS[3]) if who == 0 else cell(watch, "deny", CELLS[3]))
            meet(post, watch)
        found = shown(post)
        assert [(s.side, s.state) for s in sorted(found.cells[0].said, key=lambda s: s.side)] == [
            ("A", "ready"), ("Watch", "not_ready")]
        assert found.cells[0].differ
        assert not found.go
        assert "not ready by duty officer, Watch" in " ".join(found.reasons)
        cell(watch, "confirm", CELLS[3])
        assert shown(watch).go


def test_a_word_under_the_name_of_another_side_is_refused_and_in_a_merge_without_effect() -> None:
    post, other = desk(CELLS[0]), Post("B", Role.PARTY)
    meet(post, other)
    cell(post, "confirm", CELLS[0])
    meet(post, other)
    record = ReadinessCell(reference="R", version=1, corridor=CELLS[0][0], condition=CELLS[0][1],
                           actor=CELLS[0][2], level=CELLS[0][3], said_by_function="duty officer",
                           said_at=datetime(2016, 10, 20, 6, tzinfo=UTC))
    theirs = Content("readiness.revoke", PAUSE, Writer(other.role, "B"), payload(record),
                     Wall.PUBLIC, RECEIVED, part=f"{record.cell}/A")
    with pytest.raises(IllegalStep, match="The fault lies with B"):
        require_legal(other.held, theirs)
    other.put(theirs)
    meet(post, other)
    assert shown(post).go
    state = fold(post.held)
    assert [wrong.content for wrong in state.out_of_protocol] == [theirs]


@pytest.mark.parametrize("name", ["corridor", "condition", "actor"])
def test_a_name_of_a_cell_is_not_taken_for_two(name: str) -> None:
    node = payload(filled(ReadinessCell)) | {name: "west/mines"}
    with pytest.raises(BadRecord, match="without a slash"):
        read_payload("readiness.confirm", node)


def test_a_yes_in_the_capital_leaves_every_level_below_missing() -> None:
    post = desk()
    cell(post, "confirm", CELLS[0])
    found = shown(post)
    assert [(c.level.value, c.states) for c in found.cells] == [
        ("capital", ("ready",)), ("operations_room", ("none",)), ("local_command", ("none",)),
        ("checkpoint_on_shift", ("none",))]
    assert len(found.reasons) == 3
    cell(post, "deny", CELLS[3])
    assert ("A on 'mines cleared', corridor west, at checkpoint_on_shift: not ready by duty "
            "officer, A.") in shown(post).reasons
    for at in CELLS[1:4]:
        cell(post, "confirm", at)
    assert shown(post).go
    said = shown(post).cells[0].said[0]
    assert (said.side, said.record.said_by_function, said.record.document_sha256) == (
        "A", "duty officer", "0a" * 32)


def test_posts_that_were_apart_and_differ_on_a_cell_make_it_no_go() -> None:
    post, other = desk(CELLS[0]), Post("B", Role.OBSERVER)
    meet(post, other)
    cell(post, "confirm", CELLS[0])
    cell(other, "deny", CELLS[0])
    meet(post, other)
    found = shown(post)
    assert found.cells[0].states == ("not_ready", "ready")
    assert not found.go


def test_no_go_says_all_that_is_missing_at_once() -> None:
    parties = (PartyTerm(party="A", must_agree=True), PartyTerm(party="B"))
    post = Post("room")
    post.write("pause.request", PAUSE, readiness_wanted=wanted(CELLS[0]), parties=parties)
    word(post, Question.MINES, "open")
    said = " ".join(shown(post).reasons)
    assert "The pause ALE-P02 is requested; it must be declared or agreed." in said
    assert "A must agree, and has said nothing." in said
    assert "B must agree" not in said
    assert all(f"The question {q.value!r} is open" in said for q in Question)
    assert "at capital: nobody has said that it is ready." in said


def test_of_terms_in_two_versions_the_later_one_says_what_is_wanted() -> None:
    post = desk(CELLS[0])
    cell(post, "confirm", CELLS[0])
    assert shown(post).go
    later = Post("room", Role.PARTY)
    meet(post, later)
    later.write("pause.declare", "ALE-P03")
    later.write("pause.declare", PAUSE, version=2, readiness_wanted=wanted(CELLS[1]))
    found = readiness(*_parts(later))
    assert [r.pause for r in found] == ["ALE-P02", "ALE-P03"]
    assert [c.level for c in found[0].cells if c.wanted] == [CELLS[1][3]]
    later.write("pause.withdraw", PAUSE)
    later.write("pause.declare", PAUSE, version=3, readiness_wanted=wanted(CELLS[0]))
    found = readiness(*_parts(later))
    assert [c.level for c in found[0].cells if c.wanted] == [CELLS[1][3]], (
        "a declaration of what was withdrawn was out of protocol")


def _parts(post: Post):
    state = fold(post.held)
    return state.things, state.words, [c for _, c in state.acts]


def test_an_acceptance_is_shown_with_its_function_and_reason() -> None:
    post = desk(CELLS[0])
    word(post, Question.INFORMED, "open")
    assert [q.question for q in shown(post).questions if q.open] == [Question.INFORMED]
    word(post, Question.INFORMED, "accept")
    asked = next(q for q in shown(post).questions if q.question is Question.INFORMED)
    assert [w.record.waiver_reason for w in asked.accepted] == ["walked today"]
    assert asked.open == ""
