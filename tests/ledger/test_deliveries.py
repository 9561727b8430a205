"""Deliveries and claims item by item, held against every way of choosing one side's figure."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from lull.domain.protocol import Role
from lull.domain.records.delivery import Removal, WaybillLine
from lull.ledger.claims import spreads
from lull.ledger.deliveries import COLUMNS, Waybill, totals, waybills
from lull.ledger.fold import fold
from tests.ledger.kit import Post
from tests.ledger.test_fold import meet

STEPS = ("plan", "load", "check", "deliver", "return")
KG = Decimal("12.5")


def line(item: str = "flour", **figures: int | str | Decimal) -> WaybillLine:
    """A line in sacks of 12.5 kg."""
    removed = figures.pop("removed_at_check", None)
    if removed is not None:
        figures["removals"] = (Removal(units=removed, by="a checkpoint"),)
    return WaybillLine(**{"item": item, "unit": "sack", "unit_kg": KG, "planned": 100, **figures})


def shown(post: Post) -> tuple[Waybill, ...]:
    """The deliveries that a post knows of."""
    state = fold(post.held)
    return waybills(state.things, ((e.hash, c) for e, c in state.acts))


def carried(*lines: WaybillLine, step: str = "plan", by: Post, about: str = "D1") -> None:
    """A post writes a step of a delivery that the organisation carries."""
    by.write(f"delivery.{step}", about, lines=lines, carrier="org", consignor="org")


figure = st.one_of(st.none(), st.integers(0, 4))
words = st.lists(st.tuples(st.integers(0, 2), st.fixed_dictionaries(
    dict.fromkeys(COLUMNS[1:], figure))), min_size=1, max_size=5)


@settings(max_examples=100, deadline=None)
@given(words)
def test_what_is_unaccounted_for_is_that_of_every_choice_of_one_sides_last_figures(said) -> None:
    posts = [Post("org", Role.ORGANISATION), Post("watch", Role.OBSERVER),
             Post("room", Role.COORDINATOR)]
    carried(line(), by=posts[0])
    last: dict[str, dict[str, int]] = {c: {} for c in COLUMNS[1:]}
    for step, (drawn, figures) in zip(("load", "check", "deliver", "return", "account"), said,
                                    strict=False):
        meet(*posts)
        own = {c: n for c, n in figures.items() if n is not None}
        why = {"explanation": "said"} if step == "account" else {}
        observer_may = step == "check"
        who = drawn if drawn != 1 or observer_may else 2 if step == "account" else 0
        posts[who].write(f"delivery.{step}", "D1", lines=(line(**own),), carrier="org",
                         consignor="org", **why)
        for column, n in own.items():
            last[column][posts[who].name] = n
    meet(*posts)
    (found,) = shown(posts[2])
    (one,) = found.lines
    choices = [list(last[c].values()) or [None] for c in COLUMNS[1:]]
    away = {loaded - sum(n or 0 for n in rest)
            for loaded, *rest in product(*choices) if loaded is not None}
    assert one.away == ((min(away), max(away)) if away else None)
    if one.away is not None:
        assert one.away_kg == (KG * min(away), KG * max(away))
    alike = all(len(set(c)) == 1 for c in choices)
    assert bool(found.faults) is not (alike and away == {0})
    for column in COLUMNS[1:]:
        assert {f.side: f.units for f in one.said.get(column, ())} == last[column]
        assert all(f.observed is (f.side != "org") for f in one.said.get(column, ()))


def test_a_partys_own_delivery_is_a_claim_until_somebody_else_says_what_they_saw() -> None:
    party = Post("A", Role.PARTY)
    figures = {"loaded": 90, "removed_at_check": 0, "delivered": 90}
    for step in ("plan", "load", "deliver"):
        party.write(f"delivery.{step}", "D1", lines=(line(**figures),), carrier="a contractor",
                    consignor="A", observed_by=("watch",))
    (own,) = shown(party)
    assert own.faults == ()
    assert not own.observed, "that somebody saw it is not for the party to say"
    by_column = {t.column: t for t in totals(shown(party))}
    assert by_column["delivered"].kg == (90 * KG, 90 * KG)
    assert by_column["delivered"].observed_kg == (0, 0)
    other, seen = Post("B", Role.PARTY), Post("watch", Role.OBSERVER)
    meet(other, seen)
    for step in ("plan", "load"):
        other.write(f"delivery.{step}", "D2", lines=(line(loaded=90),), carrier="B", consignor="B")
    meet(other, seen)
    seen.write("delivery.check", "D2", lines=(line(loaded=90, removed_at_check=10, delivered=70),),
               carrier="B", consignor="B")
    (two,) = shown(seen)
    assert two.observed
    assert two.faults == ("flour: 10 sack unaccounted for (125 kg). Nobody has said how many "
                          "were returned, lost, damaged.",)
    (removed,) = two.lines[0].said["removed_at_check"]
    assert ([r.by for r in removed.removals], removed.units) == (["a checkpoint"], 10)


def test_sides_that_differ_are_named_with_units_and_kilograms_and_both_stand() -> None:
    org, watch = Post("org", Role.ORGANISATION), Post("watch", Role.OBSERVER)
    carried(line(loaded=90), by=org)
    carried(line(loaded=90, delivered=90), step="load", by=org)
    meet(org, watch)
    carried(line(loaded=80, delivered=80, removed_at_check=0), step="check", by=watch)
    meet(org, watch)
    (found,) = shown(org)
    assert ("flour: sides differ on sack loaded: 80 by watch, 90 by org; 10 apart "
            "(125 kg).") in found.faults
    assert found.lines[0].units("delivered") == (80, 90)
    by_column = {t.column: t for t in totals([found])}
    assert by_column["delivered"].kg == (1000, 1125)
    assert by_column["delivered"].observed_kg == (1000, 1000)


def test_lines_of_one_item_are_put_together_and_items_kept_apart() -> None:
    org = Post("org", Role.ORGANISATION)
    carried(line(loaded=10, planned=10), line(loaded=5, planned=6), line("salt", loaded=3), by=org)
    (found,) = shown(org)
    assert {(one.item, one.units("loaded"), one.units("planned")) for one in found.lines} == {
        ("flour", (15, 15), (16, 16)), ("salt", (3, 3), (100, 100))}


def test_a_unit_that_weighs_otherwise_by_another_side_is_told() -> None:
    org, room = Post("org", Role.ORGANISATION), Post("room")
    carried(line(loaded=10), by=org)
    meet(org, room)
    carried(line(loaded=10, delivered=10, unit_kg=Decimal(12)), step="load", by=room)
    (found,) = shown(room)
    assert "flour: a unit (sack) is said to weigh 12 and 12.5 kg." in found.faults


def test_a_delivery_that_was_called_off_is_shown_and_not_counted() -> None:
    org = Post("org", Role.ORGANISATION)
    carried(line(loaded=10), by=org)
    carried(line(loaded=10), by=org, about="D2")
    org.write("delivery.cancel", "D2")
    found = shown(org)
    assert [(w.delivery, w.counts) for w in found] == [("D1", True), ("D2", False)]
    assert next(t.kg for t in totals(found) if t.column == "loaded") == (125, 125)
    assert next(t.silent for t in totals(found) if t.column == "delivered") == ("D1",)


def test_claims_stand_side_by_side_from_least_to_most_and_none_is_chosen() -> None:
    watch, room = Post("watch", Role.OBSERVER), Post("room")
    for value, who in (("120", "B"), ("100", "A"), ("0", "C")):
        watch.write("claimed_figure", about="aid", value=Decimal(value), unit="t", claimed_by=who)
    watch.write("claimed_figure", about="aid", value=Decimal(7), unit="trucks", claimed_by="A")
    meet(watch, room)
    for who in ("watch", "A"):
        room.write("verified_figure", about="aid", value=Decimal(90), unit="t", verified_by=who)
    state = fold(room.held)
    tonnes, trucks = spreads((e.hash, c) for e, c in state.acts)
    assert [c.record.claimed_by for c in tonnes.claims] == ["C", "A", "B"]
    assert (tonnes.least, tonnes.most, trucks.least, trucks.most) == (0, 120, 7, 7)
    assert {(v.record.verified_by, v.by_claimant) for v in tonnes.verified} == {
        ("watch", False), ("A", True)}
    assert trucks.verified == ()
