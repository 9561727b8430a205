"""What the public form may never tell."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from lull.domain.pause import Consents
from lull.domain.people import Category
from lull.domain.plan import Plan
from lull.plan.result import Result
from lull.report.model import CheckedRule, Column, ReportInput
from lull.report.public import public_page
from lull.report.suppression import LEAST, protect, rounded, rounded_up, with_margins
from tests.report.cases import tiny

NUMBER = re.compile(r"\d[\d\u202f]*")


class Visible(HTMLParser):
    """All text and every attribute of a page, without its style and script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inside = ""
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        kept = {"aria-label", "title", "alt", "id", "href", "class", "name"}
        self.text += [value or "" for name, value in attrs if name in kept and tag != "meta"]

    def handle_data(self, data: str) -> None:
        if self.inside not in ("style", "script"):
            self.text.append(data)

    @property
    def words(self) -> str:
        return re.sub(r"[ \n]+", " ", " ".join(self.text))


def larger(report: ReportInput, by: int) -> ReportInput:
    """The same pause with every count of people larger, so that something is shown."""
    case = report.case
    groups = {
        g.id: evolve(
            g, count=g.count * by, wishing=g.wishing * by,
            households={size: n * by for size, n in g.households.items()},
        )
        for g in case.groups.values()
    }  # fmt: skip
    plan = report.shown.result.plan
    days = tuple(
        evolve(day, steps=tuple(
            evolve(s, people=tuple(
                evolve(p, persons=p.persons * by, stretchers=p.stretchers * by) for p in s.people
            )) if hasattr(s, "people") else s
            for s in day.steps
        ))
        for day in plan.vehicles
    )  # fmt: skip
    case = evolve(case, groups=groups)
    result = evolve(report.shown.result, plan=evolve(plan, vehicles=days))
    return evolve(
        report,
        case=case,
        columns=tuple(
            Column(c.reading, case if c.case.corridors else evolve(case, corridors={}),
                   result if c is report.shown else Result(Plan()))
            for c in report.columns
        ),
    )  # fmt: skip


def secrets(report: ReportInput) -> set[str]:
    """Every name, id, title, source and reason of a case that a reader could recognise."""
    case = report.case
    found: set[str] = {case.pause.title, *case.pause.sources, *case.pause.assumptions}
    for thing in (
        *case.sites.values(),
        *case.corridors.values(),
        *case.fleet.values(),
        *case.groups.values(),
        *case.items.values(),
        *case.pause.parties,
    ):
        for name in ("id", "name", "name_ar", "neighbourhood", "source", "assumed"):
            found.add(getattr(thing, name, "") or "")
    found |= {c.source for c in case.pause.consents} | {c.condition for c in case.pause.consents}
    found |= {c.source for c in case.claims} | {s.what for s in case.safeguards}
    found |= {x.why for x in report.shown.result.left}
    found |= {x.sentence for x in report.shown.result.limits}
    found |= {c.id for c in report.shown.result.plan.convoys}
    found |= {d.vehicle for d in report.shown.result.plan.vehicles}
    return {word for word in found if len(word) > 1}


@pytest.mark.parametrize("by", [1, 3, 10, 100])
def test_no_name_id_source_or_reason_is_public(by: int) -> None:
    report = larger(tiny(), by)
    words = Visible(public_page(report)).words
    leaked = {s for s in secrets(report) if re.search(rf"(?<!\w){re.escape(s)}(?!\w)", words)}
    assert not leaked


@pytest.mark.parametrize("by", [1, 3, 10, 100])
def test_no_time_date_or_coordinate_is_public(by: int) -> None:
    report = larger(tiny(), by)
    page = public_page(report)
    words = Visible(page).words
    assert not re.search(r"\d{1,2}:\d{2}", words)
    assert "2016" not in page
    for site in report.case.sites.values():
        for degrees in (site.lat, site.lon):
            assert f"{degrees}" not in page
    assert not re.search(r"\d+\.\d+", words)
    assert "<svg" not in page


@pytest.mark.parametrize("by", [1, 2, 3, 7, 10, 37, 100])
def test_every_public_number_is_rounded_and_not_small(by: int) -> None:
    words = Visible(public_page(larger(tiny(), by))).words
    found = [int(re.sub(r"\D", "", n)) for n in NUMBER.findall(words)]
    assert all(n >= LEAST and n % 10 == 0 for n in found), found
    assert all(n % 100 == 0 for n in found if n > 1000)
    assert by < 10 or len(found) > 5, "a public form should tell something"


def test_the_operators_page_does_hold_the_canaries(html: str) -> None:
    """Without this the tests above could pass on an empty list of secrets."""
    for canary in ("School &lt;5&gt;", "North Road", "East &amp; Park", "09:05", "bus comes back"):
        assert canary in html


def test_fighters_are_never_counted_in_public() -> None:
    report = larger(tiny(), 10)
    without = Visible(public_page(report)).words
    group = report.case.groups["g1"]
    fighters = evolve(group, id="f1", category=Category.FIGHTERS, wish_source="x")
    case = evolve(report.case, groups={**report.case.groups, "f1": fighters})
    columns = tuple(
        evolve(c, case=evolve(c.case, groups={**c.case.groups, "f1": fighters}))
        for c in report.columns
    )
    words = Visible(public_page(evolve(report, case=case, columns=columns))).words
    assert words == without.replace("No plan can move more than about 120 people. ", "")


def test_a_plan_that_breaks_a_rule_is_not_published() -> None:
    broken = tiny(rules=(CheckedRule("r", "s", "", ("Bus 1 is in two places.",)),))
    words = Visible(public_page(larger(broken, 100))).words
    assert "There is no plan that may be published." in words
    assert not NUMBER.search(words)


def test_nothing_moves_is_said_as_none() -> None:
    report = larger(tiny(), 10)
    assert report.columns[0].reading is Consents.RECORDED
    page = public_page(report)
    assert "With the consents recorded now" in page
    assert ">none<" in page


counts = st.one_of(st.integers(0, 12), st.integers(0, 60), st.integers(0, 5000))
tables = st.integers(1, 4).flatmap(
    lambda columns: st.lists(
        st.lists(counts, min_size=columns, max_size=columns), min_size=1, max_size=4
    )
)


@settings(max_examples=150, deadline=None)
@given(tables)
def test_no_small_count_can_be_known_from_what_is_shown(inner: list[list[int]]) -> None:
    """For each small count there is a table that agrees with all that is shown, even unrounded,
    and holds ten or more in its place: the witness is checked here by adding up alone."""
    found = protect(inner)
    small = (found.values > 0) & (found.values < LEAST)
    assert not (small & ~found.hidden).any(), "a small count is shown"
    for row, column in np.argwhere(small).tolist():
        witness = _witness(found.values, found.hidden, row, column)
        assert witness is not None
        assert (witness >= 0).all()
        assert (witness[~found.hidden] == found.values[~found.hidden]).all()
        assert (witness == with_margins(witness[:-1, :-1].tolist())).all()
        assert witness[row, column] >= LEAST


def _witness(
    values: np.ndarray[Any, Any], hidden: np.ndarray[Any, Any], row: int, column: int
) -> np.ndarray[Any, Any] | None:
    """Whole, not negative inner counts that keep every shown cell and margin (another model than
    that of the code: only inner cells are unknown, each shown sum is an equation)."""
    rows, columns = values.shape[0] - 1, values.shape[1] - 1
    unknown = rows * columns
    picks = np.zeros((rows + 1, columns + 1, unknown))
    for i in range(rows):
        for j in range(columns):
            for at in ((i, j), (i, columns), (rows, j), (rows, columns)):
                picks[at][i * columns + j] = 1
    shown = ~hidden
    equal, sums = picks[shown], values[shown]
    at_least = picks[row, column]
    got = linprog(
        np.ones(unknown), A_ub=-at_least[None], b_ub=[-LEAST],
        A_eq=equal if len(equal) else None, b_eq=sums if len(sums) else None,
        bounds=(0, None), integrality=1,
    )  # fmt: skip
    if not got.success:
        return None
    return with_margins(np.round(got.x).astype(int).reshape(rows, columns).tolist())


def test_large_counts_are_all_shown() -> None:
    found = protect([[100, 200], [300, 40]])
    assert not found.hidden.any()
    assert found.shown(0, 0) == 100
    assert found.shown(2, 2) == 640


def test_one_small_count_hides_more_than_itself() -> None:
    found = protect([[3, 200], [500, 600]])
    assert found.hidden[0, 0]
    assert found.hidden.sum() >= 4, "or it could be had by subtraction"


@pytest.mark.parametrize(
    ("count", "shown"), [(10, 10), (14, 10), (15, 20), (994, 990), (995, 1000), (1049, 1000),
                         (1050, 1100), (20523, 20500)],
)  # fmt: skip
def test_counts_are_rounded_to_tens_and_from_a_thousand_on_to_hundreds(
    count: int, shown: int
) -> None:
    assert rounded(count) == shown


@given(st.integers(0, 10**7))
def test_a_bound_is_rounded_up_so_that_it_stays_true(count: int) -> None:
    assert rounded_up(count) >= count
    assert rounded_up(count) - count < 100
