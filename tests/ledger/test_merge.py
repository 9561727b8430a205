"""Merging is set union: in any order, in any grouping, any number of times."""

from __future__ import annotations

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lull.exchange.ledger.file import read_ledger, write_ledger
from lull.ledger.entry import Act, Control
from lull.ledger.fold import fold
from lull.ledger.ledger import Ledger, ledger, merge
from lull.ledger.verify import Level, verify
from tests.ledger.kit import Post, check
from tests.ledger.worlds import acts, world

quick = settings(max_examples=60, deadline=None,
                 suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def parts(whole: Ledger, cuts: list[int]) -> list[Ledger]:
    """Three overlapping parts of a ledger, with holes."""
    hashes = sorted(whole.entries)
    return [
        ledger((whole.entries[h] for i, h in enumerate(hashes) if (i * 7 + cut) % 3 or cut == 0),
               clear=whole.clear)
        for cut in cuts
    ]


three_cuts = st.lists(st.integers(0, 5), min_size=3, max_size=3)


@quick
@given(acts, three_cuts)
def test_merging_is_commutative_associative_and_idempotent(script, cuts) -> None:
    whole = world(script)
    for a, b, c in (parts(whole.union, cuts), (whole.views * 3)[:3]):
        assert merge(a, b) == merge(b, a)
        assert merge(a, merge(b, c)) == merge(merge(a, b), c)
        assert merge(a, a) == a
        assert merge(a, merge(a, b)) == merge(a, b)
        assert merge(a, Ledger()) == a


@quick
@given(acts)
def test_all_see_the_same_state_in_whatever_order_they_met(script) -> None:
    views = world(script).views
    wholes = []
    for order in itertools.islice(itertools.permutations(views), 6):
        whole = Ledger()
        for view in order:
            whole = merge(whole, view)
        wholes.append(whole)
    assert all(fold(whole) == fold(wholes[0]) for whole in wholes)
    assert len({write_ledger(whole) for whole in wholes}) == 1


@quick
@given(acts)
def test_nothing_is_lost_but_what_its_own_post_destroyed(script) -> None:
    made = world(script)
    whole = made.union
    for view in made.views:
        assert view.entries.items() <= whole.entries.items()
        assert view.clear.keys() - whole.destroyed <= whole.clear.keys()
    assert not whole.clear.keys() & whole.destroyed
    for of in whole.destroyed:
        by = {e.log.post for e in whole.entries.values()
              if e.control and e.control.act is Act.DESTROY and e.control.of == of}
        assert whole.entries[of].log.post in by


@quick
@given(acts)
def test_a_ledger_comes_back_from_its_file_as_it_was(script) -> None:
    whole = world(script).union
    held = read_ledger(write_ledger(whole), check)
    assert held.ledger == whole
    assert not held.damaged


@quick
@given(acts)
def test_every_view_of_an_honest_world_verifies_and_every_fork_is_told(script) -> None:
    whole = world(script).union
    found = verify(whole, check)
    assert {f.level for f in found} <= {Level.FORK}
    forked = {(log, n) for log, numbers in whole.logs.items()
              for n, there in numbers.items() if len(there) > 1}
    assert {(f.log, f.number) for f in found} == forked
    assert found == verify(whole, check, every_signature=False)


def test_a_payload_that_was_destroyed_goes_wherever_the_entry_arrives() -> None:
    one, other = Post("one"), Post("other")
    entry = one.write("claimed_figure", "aid")
    other.held = merge(other.held, one.held)
    assert entry.hash in other.held.clear
    one.do(Control(Act.DESTROY, of=entry.hash))
    other.held = merge(other.held, one.held)
    assert entry.hash not in other.held.clear
    assert entry.hash in other.held.entries
    assert b"some about" not in write_ledger(other.held)
    assert verify(other.held, check) == ()
    assert merge(other.held, ledger([entry], clear={})) == other.held


def test_nobody_destroys_the_payload_of_another() -> None:
    one, other = Post("one"), Post("other")
    entry = one.write("claimed_figure", "aid")
    other.held = merge(other.held, one.held)
    forged = Control(Act.DESTROY, of=entry.hash)
    import pytest

    from lull.domain.refusal import Refusal

    with pytest.raises(Refusal, match="its own entries only"):
        other.do(forged)
