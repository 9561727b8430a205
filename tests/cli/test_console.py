"""Tables fit, figures can be read, colours stay on terminals."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from lull.cli.console import WIDEST, figure, table
from lull.cli.headline import why_left, window_words
from lull.domain.time import Clock, Window
from lull.plan.result import LeftBehind


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
    assert all(cell_len(line) <= WIDEST for line in text.split("\n"))


def test_names_are_kept_whole_and_no_figure_is_cut_off() -> None:
    columns = (
        "neighbourhood",
        "present",
        "wish to leave",
        "out",
        "share",
        "wish to and do not",
        "stay in all",
        "tonnes needed",
        "tonnes in",
    )
    row = ("Ard as-Sabbagh al-Gharbi", 10153, 5106, 1256, "25 %", 3850, 8897, 202.7, 22.0)
    text = written(table(columns, [row] * 3, right=columns[1:]))
    assert text.count("Ard as-Sabbagh al-Gharbi") == 3
    assert text.count("22.0") == 3
    assert all(cell_len(line) <= WIDEST for line in text.split("\n"))


def test_a_figure_with_grouped_digits_is_not_cut_in_two() -> None:
    """A narrow column between wide heads: thousands and hundreds stay on one line."""
    columns = ("need", "present", "wish to leave", "out", "share", "wish to and do not",
               "stay in all")
    rows = [("stretcher patients with companions", 54_828, 27_414, 21_396, "78 %", 6_018, 33_432)]
    text = written(table(columns, rows, right=columns[1:]))
    line = next(line for line in text.splitlines() if "stretcher" in line)
    assert "".join(c for c in line if c.isdigit()) == "54828274142139678601833432"


def test_a_name_in_brackets_is_text_and_never_markup() -> None:
    text = written(table(("name",), [("[bold]north[/bold] :house:",)]))
    assert "[bold]north[/bold] :house:" in text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        (0, "0"),
        (275000, "275\u202f000"),
        (True, "yes"),
        (False, "no"),
        (12.34, "12.3"),
        (123456.7, "123\u202f457"),
        ("x", "x"),
        ("\x1b[2J", "\N{REPLACEMENT CHARACTER}[2J"),
        (0.0, "0.0"),
    ],
)
def test_a_cell_reads_as_a_person_would_write_it(value, shown) -> None:
    assert figure(value) == shown


def test_reasons_are_summed_over_places_and_the_largest_comes_first() -> None:
    def left(number: int, place: str, why: str) -> LeftBehind:
        return LeftBehind("people", place, place, "seated", number, "persons", why)

    made = why_left([left(3, "A", "no seat"), left(9, "B", "no time"), left(4, "B", "no seat")])
    assert made.rows == ((9, "persons", "no time"), (7, "persons", "no seat"))


def test_a_window_is_said_in_local_time_with_utc_beside_it() -> None:
    clock = Clock(datetime(2016, 10, 20, 5, 0, tzinfo=UTC), "Asia/Damascus")
    said = window_words(clock, Window(0, 660, "first day"))
    assert said == (
        "first day: 20 October 2016 08:00 (05:00 UTC) to 20 October 2016 19:00 (16:00 UTC), 11 h"
    )
