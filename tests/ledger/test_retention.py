"""What is due when, held against rules that are read by hand, one entry at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lull.domain.refusal import Refusal
from lull.ledger.content import Wall
from lull.ledger.retention import (
    ANY,
    DEFAULT,
    FORM,
    Kept,
    Rule,
    Since,
    due,
    ended_at,
    governing,
    read_rules,
    rules_as_json,
)

BEGAN = datetime(2016, 10, 20, tzinfo=UTC)
KINDS = ["*", "notification", "notification.draft", "incident", "statement"]
rules = st.lists(st.builds(Rule, st.sampled_from(KINDS), st.sampled_from(["*", *Wall]),
                           st.one_of(st.none(), st.integers(0, 40)), st.sampled_from(Since)),
                 max_size=5)
entries = st.lists(st.builds(
    Kept, st.uuids().map(str), st.sampled_from(
        ["", "notification.draft", "notification.submit", "incident.allege", "statement"]),
    st.sampled_from(Wall), st.integers(0, 60).map(lambda d: BEGAN + timedelta(days=d))),
    max_size=6, unique_by=lambda k: k.entry)
moments = st.one_of(st.none(), st.integers(0, 60).map(lambda d: BEGAN + timedelta(days=d)))


def by_hand(table: list[Rule], kept: Kept, ended: datetime | None, now: datetime) -> bool:
    """Whether one entry is due, reading the table from above."""
    for rule in table:
        table_of = kept.kind.split(".")[0]
        if rule.kind != "*" and (kept.kind == "" or rule.kind not in (kept.kind, table_of)):
            continue
        if rule.wall not in ("*", kept.wall.value):
            continue
        if rule.days is None:
            return False
        if rule.since is Since.WRITTEN:
            return (now - kept.written).days >= rule.days
        if ended is None:
            return False
        return min((now - ended).days, (now - kept.written).days) >= rule.days
    return False


@given(rules, entries, moments, st.integers(0, 120))
def test_what_is_due_is_what_the_first_rule_that_fits_makes_due(table, there, ended, days) -> None:
    now = BEGAN + timedelta(days=days)
    found = {d.kept.entry for d in due(table, there, ended=ended, now=now)}
    assert found == {k.entry for k in there if by_hand(table, k, ended, now)}


@given(rules, entries, moments, st.lists(st.integers(0, 120), min_size=2, max_size=4))
def test_what_is_due_stays_due(table, there, ended, days) -> None:
    seen = [{d.kept.entry for d in due(table, there, ended=ended, now=BEGAN + timedelta(days=n))}
            for n in sorted(days)]
    assert all(before <= after for before, after in pairwise(seen))


@given(st.lists(st.builds(
    Rule, st.sampled_from(KINDS), st.sampled_from(["*", *(w.value for w in Wall)]),
    st.one_of(st.none(), st.integers(0, 36_500)), st.sampled_from(Since)), min_size=1, max_size=5))
def test_rules_are_read_as_they_are_written(table) -> None:
    assert list(read_rules(rules_as_json(table))) == table


def test_a_pause_has_ended_when_all_of_them_have_by_the_last() -> None:
    at = [BEGAN + timedelta(days=d) for d in range(3)]
    assert ended_at({}) is None
    assert ended_at({"P": [("in_force", at[0])]}) is None
    assert ended_at({"P": [("ended", at[0])], "Q": [("withdrawn", at[2]), ("ended", at[1])]}) == (
        at[2])
    assert ended_at({"P": [("ended", at[0])], "Q": [("suspended", at[2])]}) is None


@pytest.mark.parametrize(("row", "sentence"), [
    ({"kind": "notifications", "class": "*", "days": 1}, "no kind of entry"),
    ({"kind": "*", "class": "secret", "days": 1}, "The class 'secret'"),
    ({"kind": "*", "class": "*", "days": -1}, "a whole number from 0"),
    ({"kind": "*", "class": "*", "days": True}, "a whole number from 0"),
    ({"kind": "*", "class": "*", "days": 1.5}, "a whole number from 0"),
    ({"kind": "*", "class": "*", "days": 1, "since": "christmas"}, "since 'christmas'"),
    ({"kind": "*", "class": "*"}, "exactly kind, class, days"),
    ({"kind": "*", "class": "*", "days": 1, "why": "x"}, "exactly kind, class, days"),
    ("*", "exactly kind, class, days"),
])
def test_every_rule_that_is_wrong_is_told_at_its_place(row, sentence: str) -> None:
    good = {"kind": "*", "class": "*", "days": 1}
    with pytest.raises(Refusal) as refused:
        read_rules({"form": FORM, "rules": [good, row, row]})
    assert sentence in str(refused.value)
    assert "rule 2:" in str(refused.value)
    assert "rule 3:" in str(refused.value)
    assert "rule 1:" not in str(refused.value)


def test_the_rules_that_come_with_lull_keep_every_account_of_what_was_done() -> None:
    kept = [Kept(kind, kind, wall, BEGAN) for wall in Wall for kind in (
        "pause.end", "consent.agree", "incident.allege", "disclosure", "protection_answer",
        "statement", "claimed_figure")]
    found = due(DEFAULT, kept, ended=BEGAN, now=BEGAN + timedelta(days=36_500))
    assert found == ()


def test_what_is_sealed_is_told_apart_by_what_stands_in_clear_age_role_and_number_of_keys() -> None:
    rules = (Rule("notification", "sealed", 1, Since.WRITTEN),
             Rule(ANY, "sealed", 10, Since.WRITTEN, by="organisation", most_keys=2),
             Rule(ANY, "sealed", 30, Since.WRITTEN))
    begun = datetime(2016, 10, 20, tzinfo=UTC)

    def sealed(by: str, keys: int) -> Kept:
        return Kept("e", "", Wall.SEALED, begun, by, keys)

    def days(kept: Kept) -> int | None:
        rule = governing(rules, kept)
        return rule.days if rule else None

    assert days(sealed("organisation", 2)) == 10
    assert days(sealed("organisation", 3)) == 30
    assert days(sealed("party", 1)) == 30
    assert days(sealed("", 1)) == 30
    assert [r.reaches_sealed for r in rules] == [False, True, True]
    open_to_all = Kept("e", "incident.allege", Wall.PUBLIC, begun, "organisation", 0)
    assert not Rule(ANY, ANY, 1, most_keys=5).fits(open_to_all)


@pytest.mark.parametrize(("more", "said"), [
    ({"by": "fighter"}, "by 'fighter' is none of"), ({"most_keys": 0}, "most_keys 0 must be"),
    ({"most_keys": True}, "most_keys True must be"), ({"most_keys": "2"}, "most_keys '2' must be"),
    ({"side": "A"}, "It holds exactly kind, class, days")])
def test_what_is_wrong_with_a_rule_about_what_is_sealed_is_told(more: dict, said: str) -> None:
    row = {"kind": "*", "class": "sealed", "days": 3, **more}
    with pytest.raises(Refusal, match=said):
        read_rules({"form": FORM, "rules": [row]})


def test_rules_about_what_is_sealed_come_back_as_they_were_written() -> None:
    rules = (Rule(ANY, "sealed", 10, Since.WRITTEN, by="party", most_keys=4), Rule(ANY, ANY, None))
    assert read_rules(rules_as_json(rules)) == rules
    assert rules[0].says == "any kind, sealed, by party, at most 4 keys: 10 days after written"
