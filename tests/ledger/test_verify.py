"""Logs: linked, numbered, signed by who may, and nowhere forked without being told."""

from __future__ import annotations

import pytest
from attrs import evolve

from lull.domain.refusal import Refusal
from lull.ledger.entry import Act, Control, Entry, Log, Why, post_of, read_entry
from lull.ledger.fold import Thing, fold
from lull.ledger.ledger import Ledger, ledger, merge
from lull.ledger.verify import Level, doubtful, verify
from lull.ledger.write import new_epoch, next_entry
from tests.ledger.kit import HOUR, Post, check, key_of, signer
from tests.ledger.worlds import evolve_post


def levels(of: Ledger, **how: bool) -> list[tuple[Level, int]]:
    return [(f.level, f.number) for f in verify(of, check, **how)]


def resigned(entry: Entry, key: str, **changes: object) -> Entry:
    """The entry changed and signed again, as whoever holds the key could."""
    bare = evolve(entry, **{"key": key, **changes, "signature": ""})
    return evolve(bare, signature=signer(key)(bare.message))


@pytest.fixture
def post() -> Post:
    made = Post("castello")
    for _ in range(3):
        made.write("claimed_figure", "aid")
    return made


@pytest.mark.parametrize("every", [True, False])
def test_an_honest_log_has_nothing_to_tell(post: Post, every: bool) -> None:
    assert levels(post.held, every_signature=every) == []


def test_a_signature_by_nobody_is_damage_and_located(post: Post) -> None:
    for entry in post.held.entries.values():
        forged = evolve(entry, signature="0" * 128)
        changed = merge(post.held.without([entry.hash]), ledger([forged]))
        assert (Level.DAMAGE, entry.number) in levels(changed)


def test_a_quick_look_takes_earlier_signatures_on_the_word_of_later_ones() -> None:
    """What is behind a forged signature covers it; a forged one at the end is seen at once."""
    post = Post("castello")
    first = next(iter(post.held.entries.values()))
    forged = evolve(first, signature="0" * 128)
    second = next_entry(ledger([forged]), post.log, key=post.key, hour=HOUR,
                        sign=signer(post.key), control=Control(Act.RETIRE))
    both = ledger([forged, second])
    assert (Level.DAMAGE, 1) in levels(both)
    assert levels(both, every_signature=False) == []
    end = ledger([forged, evolve(second, signature="0" * 128)])
    assert levels(end, every_signature=False) == [(Level.DAMAGE, 1), (Level.DAMAGE, 2)]


def test_a_missing_entry_is_a_gap_and_no_fault(post: Post) -> None:
    third = next(h for h, e in post.held.entries.items() if e.number == 3)
    assert levels(post.held.without([third])) == [(Level.GAP, 4)]


def test_a_log_that_was_restored_and_went_on_is_a_fork(post: Post) -> None:
    clone = evolve_post(post)
    post.write("claimed_figure", "aid")
    clone.write("claimed_figure", "other")
    whole = merge(post.held, clone.held)
    assert levels(whole) == [(Level.FORK, 5)]
    with pytest.raises(Refusal, match="has forked at entry 5"):
        next_entry(whole, post.log, key=post.key, hour=HOUR, sign=signer(post.key),
                   control=Control(Act.RETIRE))


def test_a_branch_whose_beginning_is_not_here_is_told_as_a_fork(post: Post) -> None:
    clone = evolve_post(post)
    post.write("claimed_figure", "aid")
    first = clone.write("claimed_figure", "other")
    clone.write("claimed_figure", "other")
    whole = merge(post.held, clone.held).without([first.hash])
    assert levels(whole) == [(Level.FORK, 6)]


def test_a_key_is_replaced_by_an_entry_and_the_old_one_signs_no_more(post: Post) -> None:
    old = post.key
    post.do(Control(Act.REPLACE, key=key_of("castello 2")))
    post.write("claimed_figure", "aid")
    assert levels(post.held) == []
    with pytest.raises(Refusal, match="The key of the log"):
        next_entry(post.held, post.log, key=old, hour=HOUR, sign=signer(old),
                   control=Control(Act.RETIRE))
    last = max(post.held.entries.values(), key=lambda e: e.number)
    forged = resigned(last, old)
    assert (Level.WRONG, 6) in levels(merge(post.held.without([last.hash]), ledger([forged])))


def test_nothing_is_signed_once_the_key_is_retired(post: Post) -> None:
    retired = post.do(Control(Act.RETIRE))
    with pytest.raises(Refusal, match="was retired"):
        post.write("claimed_figure", "aid")
    forged = resigned(retired, post.key, number=6, previous=retired.hash)
    assert levels(post.held.plus(forged)) == [(Level.WRONG, 6)]


def test_a_stranger_cannot_write_into_a_log(post: Post) -> None:
    stranger = key_of("stranger")
    last = max(post.held.entries.values(), key=lambda e: e.number)
    forged = resigned(last, stranger, number=5, previous=last.hash)
    assert levels(post.held.plus(forged)) == [(Level.WRONG, 5)]
    further = resigned(last, stranger, number=6, previous=forged.hash)
    assert levels(post.held.plus(forged).plus(further)) == [(Level.WRONG, 5), (Level.WRONG, 6)]


def test_a_post_is_named_after_its_own_first_key(post: Post) -> None:
    stranger = key_of("stranger")
    first = next(e for e in post.held.entries.values() if e.number == 1)
    forged = resigned(first, stranger,
                      control=evolve(first.control, key=stranger))
    assert levels(ledger([forged])) == [(Level.WRONG, 1)]


def test_a_lost_key_is_replaced_by_the_recovery_key_in_a_new_epoch(post: Post) -> None:
    post.reopen(Why.LOST)
    post.write("claimed_figure", "aid")
    assert post.log == Log(post.log.post, 2)
    assert levels(post.held) == []


def test_a_restored_post_opens_an_epoch_with_its_own_key(post: Post) -> None:
    post.reopen(Why.RESTORED, by=post.key)
    assert levels(post.held) == []


def test_a_stranger_opens_no_epoch(post: Post) -> None:
    with pytest.raises(Refusal, match="neither the recovery key nor"):
        post.reopen(Why.LOST, by=key_of("stranger"))
    opened = post.reopen(Why.LOST)
    forged = resigned(opened, key_of("stranger"))
    assert (Level.WRONG, 1) in levels(merge(post.held.without([opened.hash]), ledger([forged])))


def test_what_a_thief_wrote_is_kept_and_has_no_effect_once_it_is_disowned(post: Post) -> None:
    thief = evolve_post(post)
    thief.write("incident.allege", "I1")
    assert fold(thief.held).states(Thing("incident", "I1")) == ("allegation",)
    post.reopen(Why.COMPROMISED, trusted_until=4)
    whole = merge(post.held, thief.held)
    assert fold(whole).states(Thing("incident", "I1")) == ("none",)
    assert len(doubtful(whole)) == 1
    assert levels(whole) == [(Level.DOUBT, 5)]


def test_a_thief_with_the_key_can_disown_nothing(post: Post) -> None:
    with pytest.raises(Refusal, match="Only the recovery key"):
        post.reopen(Why.COMPROMISED, trusted_until=1, by=post.key)
    opened = post.reopen(Why.RESTORED, by=post.key)
    forged = resigned(opened, key_of("castello"), control=evolve(opened.control, trusted_until=1))
    whole = merge(post.held.without([opened.hash]), ledger([forged]))
    assert doubtful(whole) == frozenset()


def test_a_disowned_fork_is_doubt_and_the_ledger_is_sound_again(post: Post) -> None:
    clone = evolve_post(post)
    post.write("claimed_figure", "aid")
    clone.write("claimed_figure", "other")
    post.held = merge(post.held, clone.held)
    post.reopen(Why.COMPROMISED, trusted_until=4)
    assert {f.level for f in verify(post.held, check)} == {Level.DOUBT}


def test_two_posts_never_have_one_name() -> None:
    assert post_of(key_of("a")) != post_of(key_of("b"))
    post = Post("a")
    with pytest.raises(Refusal, match="No log of the post"):
        new_epoch(post.held, post_of(key_of("b")), signer=post.key, key=post.key,
                  recovery=post.recovery, why=Why.LOST, hour=HOUR, sign=signer(post.key))


def test_every_field_of_an_entry_is_signed_and_hashed(post: Post) -> None:
    last = max(post.held.entries.values(), key=lambda e: e.number)
    other = "ab" * 32
    for change in ({"number": 9}, {"previous": other}, {"after": (other,)}, {"key": other},
                   {"hour": "2016-10-20T10Z"}, {"log": Log(other, 1)},
                   {"log": Log(last.log.post, 2)}, {"said": evolve(last.said, salted=other)},
                   {"said": evolve(last.said, sealed=other)},
                   {"control": Control(Act.DESTROY, of=other)}):
        changed = evolve(last, **change)
        assert changed.message != last.message
        assert changed.hash != last.hash
    assert evolve(last, signature="1" * 128).hash != last.hash


@pytest.mark.parametrize(
    ("key", "value"),
    [("number", 0), ("number", True), ("number", "1"), ("epoch", 0), ("hour", "09:00"),
     ("hour", "٢٠١٦-١٠-٢٠T٠٩Z"),
     ("previous", "zz"), ("after", ["b" * 64, "a" * 64]), ("after", "a"), ("after", [1]),
     ("signature", ""), ("signature", "00"), ("said", {"salted": "00", "sealed": ""}),
     ("said", None), ("control", {"act": "open"}),
     ("control", {"act": "retire", "key": "", "of": "", "recovery": "", "trusted_until": -1,
                  "why": "lost"}), ("key", ""), ("post", "x")])
def test_what_is_no_entry_is_refused_in_a_sentence(post: Post, key: str, value: object) -> None:
    last = max(post.held.entries.values(), key=lambda e: e.number)
    assert read_entry(last.as_json()) == last
    with pytest.raises(Refusal):
        read_entry({**last.as_json(), key: value})
    with pytest.raises(Refusal):
        read_entry({**last.as_json(), "more": 1})
    with pytest.raises(Refusal):
        read_entry([last.as_json()])
