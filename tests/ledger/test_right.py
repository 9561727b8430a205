"""A stranger with a key of his own, who hangs entries on what nobody holds, gets nowhere."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lull.ledger.entry import Act, Control, Entry, Log, Said, Why
from lull.ledger.fold import Thing, fold
from lull.ledger.ledger import Clear, Ledger, ledger, merge
from lull.ledger.right import rightful
from lull.ledger.verify import UNSOUND, Level, verify
from tests.ledger.kit import HOUR, Post, check, key_of, said, signer
from tests.ledger.worlds import acts, world

NOWHERE = "ab" * 32
ALLEGED = Thing("incident", "I1")


def signed(entry: Entry, by: str = "") -> Entry:
    return evolve(entry, signature=signer(by or entry.key)(entry.message))


def with_words(entry: Entry) -> Ledger:
    """The entry as one that alleges an incident in the name of the room."""
    salt = b"s" * 32
    content = said("incident.allege", "I1", side="room")
    made = signed(evolve(entry, said=Said(content.salted(salt))))
    return ledger([made], clear={made.hash: Clear(content, salt)})


def behind_a_gap(room: Post, stranger: str, control: Control | None = None) -> Entry:
    return Entry(room.log, 1000, NOWHERE, (), HOUR, stranger, None, control)


def epoch_of_nothing(room: Post, stranger: str) -> Entry:
    control = Control(Act.OPEN, Why.LOST, key=stranger, recovery=key_of("other"))
    return Entry(Log(room.log.post, 3), 1, "", (), HOUR, stranger, None, control)


@pytest.fixture
def room() -> Post:
    return Post("room")


@pytest.mark.parametrize("way", [behind_a_gap, epoch_of_nothing])
def test_what_hangs_on_nothing_is_kept_told_and_has_no_effect(room: Post, way) -> None:
    forged = with_words(way(room, key_of("stranger")))
    whole = merge(room.held, forged)
    state = fold(whole)
    assert forged.entries.keys() <= whole.entries.keys()
    assert state.states(ALLEGED) == ("none",)
    assert [o.entry.hash for o in state.out_of_protocol] == list(forged.entries)
    assert {f.level for f in verify(whole, check)} == {Level.GAP}


@pytest.mark.parametrize("way", [behind_a_gap, epoch_of_nothing])
def test_it_does_not_keep_the_post_from_writing_or_reopening(room: Post, way) -> None:
    room.held = merge(room.held, ledger([signed(way(room, key_of("stranger")))]))
    room.write("incident.allege", "I1")
    assert fold(room.held).states(ALLEGED) == ("allegation",)
    assert room.reopen(Why.LOST).log.epoch == 2


def test_it_makes_no_fork_of_an_honest_log(room: Post) -> None:
    last = room.write("incident.allege", "I1")
    forged = signed(evolve(last, previous=NOWHERE, key=key_of("stranger"), signature=""))
    room.held = merge(room.held, ledger([forged]))
    assert not {f.level for f in verify(room.held, check)} & UNSOUND
    room.write("incident.allege", "I2")


def test_it_destroys_nothing(room: Post) -> None:
    entry = room.write("incident.allege", "I1")
    forged = signed(behind_a_gap(room, key_of("stranger"), Control(Act.DESTROY, of=entry.hash)))
    whole = merge(room.held, ledger([forged]))
    assert entry.hash in whole.clear


def test_it_opens_no_epoch_with_a_key_that_it_brought_itself(room: Post) -> None:
    stranger = key_of("stranger")
    control = Control(Act.OPEN, Why.LOST, key=stranger, recovery=key_of("other"))
    opened = signed(Entry(Log(room.log.post, 2), 1, "", (), HOUR, stranger, None, control))
    whole = merge(room.held, ledger([signed(behind_a_gap(room, stranger)), opened]))
    assert (Level.WRONG, opened.hash) in {(f.level, f.entry) for f in verify(whole, check)}


def test_a_key_that_a_bad_signature_hands_over_opens_nothing(room: Post) -> None:
    stranger = key_of("stranger")
    first = next(iter(room.held.entries.values()))
    handed = evolve(Entry(room.log, 2, first.hash, (), HOUR, room.key, None,
                          Control(Act.REPLACE, key=stranger)), signature="0" * 128)
    forged = with_words(Entry(room.log, 3, handed.hash, (), HOUR, stranger, None, None))
    whole = merge(merge(room.held, ledger([handed])), forged)
    assert [f.entry for f in verify(whole, check) if f.level is Level.DAMAGE] == [handed.hash]
    assert fold(whole.without([handed.hash])).states(ALLEGED) == ("none",)


def test_what_its_own_key_signed_behind_a_gap_has_effect(room: Post) -> None:
    missing = room.write("incident.allege", "I2")
    room.write("incident.allege", "I1")
    assert fold(room.held.without([missing.hash])).states(ALLEGED) == ("allegation",)


def test_what_could_not_be_shown_has_effect_once_the_missing_entry_arrives(room: Post) -> None:
    replaced = room.do(Control(Act.REPLACE, key=key_of("room 2")))
    room.write("incident.allege", "I1")
    part = room.held.without([replaced.hash])
    assert fold(part).states(ALLEGED) == ("none",)
    assert fold(merge(part, ledger([replaced]))).states(ALLEGED) == ("allegation",)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(acts, st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), st.booleans()),
                      min_size=1, max_size=4))
def test_whatever_strangers_hang_on_merging_keeps_no_order_and_what_is_shown_stays(
    script, tries
) -> None:
    views = world(script).views
    entries = sorted(world(script).union.entries.values(), key=lambda e: e.hash)
    stranger = key_of("stranger")
    forged = [
        signed(Entry(at.log, at.number + 1, at.hash if linked else NOWHERE, (), HOUR, stranger,
                     None, Control(Act.DESTROY, of=entries[which % len(entries)].hash)))
        for where, which, linked in tries for at in [entries[where % len(entries)]]
    ]
    a, b, c = (merge(view, ledger(forged[i:])) for i, view in enumerate(views[:3]))
    whole = merge(merge(a, b), c)
    assert whole == merge(a, merge(b, c)) == merge(merge(c, b), a)
    assert not whole.rightful & {e.hash for e in forged}
    for part in (a, b, c):
        assert rightful(part.entries, part.logs, over_gaps=False) <= rightful(
            whole.entries, whole.logs, over_gaps=False)
    honest = Ledger()
    for view in views[:3]:
        honest = merge(honest, view)
    assert whole.clear == honest.clear
