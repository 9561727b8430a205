"""Households hold exactly those who wish to leave, and are as even as they can be."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lull.domain.refusal import Refusal
from lull.exchange.build.households import (
    even_split,
    half_down,
    households,
    patients_households,
    times,
)

AVERAGES = st.floats(1, 60, allow_nan=False).map(lambda x: round(x, 2))


@given(st.integers(0, 300_000), AVERAGES)
def test_an_even_split_loses_nobody_and_differs_by_one(persons: int, average: float) -> None:
    split = even_split(persons, average)
    assert sum(size * number for size, number in split.items()) == persons
    assert len(split) <= 2
    assert not split or max(split) - min(split) <= 1
    assert all(size >= 1 and number >= 1 for size, number in split.items())
    if persons:
        number = sum(split.values())
        assert number == 1 or abs(number - persons / average) <= 0.5 + 1e-9


@given(st.integers(0, 5_000), st.dictionaries(st.integers(1, 12), st.integers(0, 40), max_size=4),
       st.lists(AVERAGES, max_size=3))
def test_households_hold_those_who_wish_or_are_refused(
    wishing: int, fixed: dict[int, int], averages: list[float]
) -> None:
    stated = sum(size * number for size, number in fixed.items())
    try:
        found = households(wishing, fixed, tuple(averages))
    except Refusal:
        assert stated > wishing or (stated < wishing and not averages)
        return
    assert sum(size * number for size, number in found.items()) == wishing
    assert all(found.get(size, 0) >= number for size, number in fixed.items())


@given(st.integers(0, 2_000), st.floats(0, 5).map(lambda x: round(x, 2)))
def test_each_household_of_patients_holds_one(patients: int, companions: float) -> None:
    found = patients_households(patients, {}, companions)
    assert sum(found.values()) == patients
    persons = sum(size * number for size, number in found.items())
    assert persons - patients == times(patients, companions)


def test_patients_with_stated_households_must_count_every_patient() -> None:
    assert patients_households(12, {2: 8, 1: 4}, 0) == {1: 4, 2: 8}
    with pytest.raises(Refusal, match="stand for 12 patients but 13"):
        patients_households(13, {2: 8, 1: 4}, 0)


def test_a_half_goes_down_and_decimals_mean_what_they_say() -> None:
    assert [half_down(Fraction(n, 2)) for n in range(6)] == [0, 0, 1, 1, 2, 2]
    assert times(250, 0.29) == 72  # 72.5; the binary 0.29 * 250 is 72.49999999999999
    assert times(1000, 0.0005) == 0
    assert times(700, 0.5) == 350


def test_the_example_of_the_reference_page() -> None:
    assert even_split(402, 5) == {5: 78, 6: 2}
