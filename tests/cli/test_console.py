"""Tables fit, figures can be read, colours stay on terminals."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from lull.cli.console import WIDEST, figure, table
from lull.cli.headline import gap, share
from lull.cli.schemas import TierAnswer


def written(made) -> str:
    stream = io.StringIO()
    Console(file=stream, width=WIDEST, markup=False, emoji=False, highlight=False).print(made)
    return stream.getvalue()


@given(
    st.lists(
        st.tuples(st.text(max_size=300), st.integers(0, 10**9), st.text(max_size=300)), max_size=6
    )
)
def test_no_table_is_wider_than_100_columns(rows) -> None:
    text = written(table(("name", "persons", "why"), rows, right=("persons",)))
    assert all(len(line) <= WIDEST for line in text.splitlines())


def test_a_name_in_brackets_is_text_and_never_markup() -> None:
    text = written(table(("name",), [("[bold]north[/bold] :house:",)]))
    assert "[bold]north[/bold] :house:" in text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        (0, "0"),
        (275000, "275,000"),
        (True, "yes"),
        (False, "no"),
        (12.34, "12.3"),
        (123456.7, "123,457"),
        ("x", "x"),
        (0.0, "0.0"),
    ],
)
def test_a_cell_reads_as_a_person_would_write_it(value, shown) -> None:
    assert figure(value) == shown


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (0, 0, "–"),  # nobody wishes to leave: no share
        (0, 5, "0.0 %"),
        (5, 5, "100.0 %"),
        (99_999, 100_000, "99.9 %"),  # one person left behind is never rounded away
        (1, 3, "33.3 %"),
    ],
)
def test_a_share_is_whole_only_when_nobody_is_left(part, whole, shown) -> None:
    assert share(part, whole) == shown


def tier(value: float, bound: float | None, one_load: float = 0.0) -> TierAnswer:
    distance = None if bound is None else (bound - value) / bound
    return TierAnswer(
        name="lives",
        unit="patients",
        value=value,
        bound=bound,
        bound_any=bound,
        gap=distance,
        one_load=one_load,
    )


def test_a_gap_says_when_there_is_no_bound_and_when_less_than_a_load_is_missing() -> None:
    assert gap(tier(5, None)) == "no bound"
    assert gap(tier(90, 100)) == "10.0 %"
    assert gap(tier(100, 100)) == "0.0 %"
    assert gap(tier(98, 100, one_load=2)) == "< 1 load"
    assert gap(tier(97, 100, one_load=2)) == "3.0 %"
