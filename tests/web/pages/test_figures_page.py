"""Figures side by side, access constraints by type, statements and the account of a pause."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lull.domain.records.account import ConstraintType
from lull.web.pages.spread import MARGIN, WIDTH, drawn
from tests.store.kit import World
from tests.web.pages.account_kit import link, rows, words, write
from tests.web.pages.kit import Browser


def claim(world: World, by: str, value: str, who: str = "alice", **more: object) -> None:
    """A figure that somebody claims for people who came out."""
    write(world, who, "claimed_figure", "people out", about="people out", unit="people",
          value=value, claimed_by=by, source="a bulletin", **more)  # type: ignore[arg-type]


def test_claims_stand_from_least_to_most_and_none_takes_anothers_place(world: World) -> None:
    for by, value in (("ICRC", "35000"), ("WHO", "36086"), ("Observatory", "16200"),
                      ("ICRC", "25000")):
        claim(world, by, value)
    page = Browser(world, "olga").text("@figures")
    found = [(r[0], r[1]) for r in rows(page) if len(r) == 4 and r[0][0].isdigit()]
    assert found == [("16,200", "Observatory"), ("25,000", "ICRC"), ("35,000", "ICRC"),
                     ("36,086", "WHO")]
    assert "Claims lie between 16,200 and 36,086" in words(page)


def test_a_verified_figure_stands_apart_with_its_method_and_is_no_claim(world: World) -> None:
    claim(world, "ICRC", "35000")
    write(world, "mona", "verified_figure", "people out", about="people out", unit="people",
          value="30487", verified_by="Watch", method="arrivals traced")
    page = Browser(world).text("@figures")
    claimed, verified = re.findall(r"<table.*?</table>", page, re.DOTALL)
    assert "Claimed" in claimed
    assert "30,487" not in claimed
    assert "35,000" not in verified
    assert "arrivals traced" in verified
    assert "Every claim says 35,000" in words(page)


def test_figures_of_other_units_are_other_subjects(world: World) -> None:
    claim(world, "ICRC", "35000")
    write(world, "alice", "claimed_figure", "people out", about="people out", unit="families",
          value="7000", claimed_by="WHO", source="x")
    assert "lie between" not in words(Browser(world, "olga").text("@figures"))


def test_the_picture_has_no_style_of_its_own_and_one_mark_for_each_figure(world: World) -> None:
    for value in ("10", "20", "40"):
        claim(world, "ICRC", value)
    page = Browser(world, "olga").text("@figures")
    picture = ET.fromstring(re.search(r"<svg.*?</svg>", page, re.DOTALL)[0])  # type: ignore[index]
    assert not [e for e in picture.iter() if "style" in e.attrib]
    places = [float(e.attrib["cx"]) for e in picture.iter() if e.tag == "circle"]
    assert places == pytest.approx([MARGIN + (WIDTH - 2 * MARGIN) * share
                                    for share in (0.25, 0.5, 1)])
    assert picture.attrib["role"] == "img"


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False), max_size=90),
       st.lists(st.decimals(allow_nan=False, allow_infinity=False), max_size=5))
def test_whatever_is_claimed_every_mark_lies_within_the_picture(
    claims: list[Decimal], verified: list[Decimal]
) -> None:
    picture = drawn(claims, verified)
    if picture is not None:
        for place in (*picture.claims, *picture.verified, picture.zero):
            assert MARGIN <= float(place) <= WIDTH - MARGIN


def test_a_figure_that_is_sealed_moves_no_spread_of_who_may_not_read_it(world: World) -> None:
    claim(world, "ICRC", "100")
    claim(world, "Watch", "777777", who="mona", wall="sealed", to=("watch",))
    for name, sees in (("mona", True), ("mark", True), ("mila", False), ("alice", False),
                       ("", False)):
        page = Browser(world, name).text("@figures")
        assert ("777,777" in page) == sees, name


def test_the_public_takes_away_what_is_public_and_nothing_else(world: World) -> None:
    claim(world, "=cmd", "100")
    claim(world, "Watch", "777777", who="mona", wall="restricted")
    public = Browser(world)
    table = public.client.post(public.address("@figures"), {"act": "csv"}).content.decode()
    assert "'=cmd" in table
    assert "777777" not in table


def test_nobody_is_offered_to_verify_who_may_not(world: World) -> None:
    offered = {name: "write/verified_figure" in Browser(world, name).text("@figures")
               for name in ("alice", "mona", "olga", "paul", "fred", "")}
    assert offered == {"alice": True, "mona": True, "olga": False, "paul": False, "fred": False,
                       "": False}


def test_all_nine_types_stand_with_how_many_there_are_and_how_many_are_not_over(world: World
                                                                                ) -> None:
    for name, kind, over in (("C1", "ongoing_hostilities", ""), ("C2", "ongoing_hostilities", "x"),
                             ("C3", "mines_ied_erw_uxo", "")):
        write(world, "olga", "access_constraint", name, type=kind,
              **({"resolved_at": "2016-10-20T12:00:00Z"} if over else {}))
    page = Browser(world, "omar").text("@constraints")
    found = {r[0]: r[1:] for r in rows(page) if len(r) == 3}
    assert len(found) == len(ConstraintType) + 1
    assert found["Ongoing hostilities"] == ["2", "1"]
    assert found["Mines, explosive devices and unexploded ordnance"] == ["1", "1"]
    assert found["Denial of existence of needs"] == ["0", "0"]
    only = words(Browser(world, "omar").text("@constraints?state=mines_ied_erw_uxo"))
    assert "C3" in only
    assert "C1" not in only


def test_a_constraint_has_a_page_with_all_its_versions_for_who_may_read_it(world: World) -> None:
    write(world, "olga", "access_constraint", "C1", severity="1", wall="restricted")
    write(world, "olga", "access_constraint", "C1", severity="3", version=2, wall="restricted")
    omar = Browser(world, "omar")
    there = link(omar.text("@constraints"), "/constraint/")
    said = words(omar.text(there))
    assert "severity 3" in said
    assert said.count("entry ") == 3
    assert Browser(world, "oda").get(there).status_code == 404
    assert Browser(world, "alice").get(there).status_code == 200
    assert Browser(world).get(there).status_code == 302
    found = [r for r in rows(omar.text("@constraints")) if r[0] == "C1"]
    assert len(found) == 1


def test_a_statement_stands_in_the_words_of_who_published_it(world: World) -> None:
    write(world, "alice", "statement", "S1", by="Party A", text="We keep <b>the pause</b>.")
    page = Browser(world).text("@statements")
    assert "We keep &lt;b&gt;the pause&lt;/b&gt;." in page
    assert "Party A" in words(page)


def test_an_account_gives_those_who_stayed_beside_those_who_wished_to_leave(world: World) -> None:
    write(world, "alice", "after_action", "A1", chose_to_stay=9100,
          wished_to_leave_and_not_moved=2300, aid_delivered_t="97.5", wall="restricted")
    alice = Browser(world, "alice")
    there = link(alice.text("@statements"), "/account/")
    said = words(alice.text(there))
    assert "Wished to leave and were not moved 2,300 Chose to stay 9,100" in said
    assert "Aid delivered (tonnes) 97.5" in said
    assert Browser(world, "olga").get(there).status_code == 404
    assert Browser(world).get(there).status_code == 404
    assert "/account/" not in Browser(world, "olga").text("@statements").partition("<main")[2]


def test_an_account_is_found_by_no_hash_of_something_else(world: World) -> None:
    made = write(world, "alice", "statement", "S1")
    for hash_ in (made.hash, "0" * 64, "x"):
        assert Browser(world, "alice").get(f"@account/{hash_}").status_code == 404
