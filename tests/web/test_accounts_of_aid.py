"""Deliveries and claims through the API: from what each may read, and refused at their field."""

from __future__ import annotations

from tests.store.kit import World
from tests.web.kit import Caller, caller

LINE = {"item": "flour", "unit": "sack", "unit_kg": "50", "planned": 100}


def test_an_account_that_does_not_reconcile_needs_an_explanation_at_its_field(world: World) -> None:
    olga = caller(world, "olga")
    lines = [{**LINE, "loaded": 90, "delivered": 70}]
    for step in ("plan", "load", "deliver"):
        assert olga.write(f"delivery.{step}", "D1", lines=lines).status_code == 201
    refused = olga.write("delivery.account", "D1", lines=lines, key="account-1")
    assert [e["field"] for e in refused.json()["errors"]] == ["payload.explanation"]
    assert "20 unaccounted for" in refused.json()["errors"][0]["sentence"]
    assert olga.write("delivery.account", "D1", lines=lines, key="account-2",
                      explanation="20 sacks were wet").status_code == 201
    (found,) = olga.get("pauses/{pause}/deliveries").json()["waybills"]
    assert found["explanations"] == ["Red Crescent: 20 sacks were wet"]
    assert found["reconciles"] is False
    assert found["lines"][0]["unaccounted"] == {"units": [20, 20], "kg": ["1000", "1000"]}


def test_deliveries_and_claims_are_told_to_each_from_what_they_may_read(world: World) -> None:
    olga = caller(world, "olga")
    for about, wall, to in (("D-public", "public", ()), ("D-own", "restricted", ()),
                            ("D-sealed", "sealed", ("a",))):
        for step in ("plan", "load"):
            assert olga.write(f"delivery.{step}", about, wall=wall, to=to,
                              lines=[{**LINE, "loaded": 10}]).status_code == 201
        made = olga.write("claimed_figure", about, wall=wall, to=to, unit=about)
        assert made.status_code == 201
    seen = {"olga": "D-own D-public D-sealed", "omar": "D-own D-public",
            "paul": "D-public D-sealed", "alice": "D-own D-public", "piotr": "D-public",
            "mona": "D-public", "fay": "D-public", "": "D-public"}
    for name, expected in seen.items():
        asks = caller(world, name) if name else Caller(world)
        answer = asks.get("pauses/{pause}/deliveries").json()
        assert [w["delivery"] for w in answer["waybills"]] == expected.split(), name
        loaded = next(t for t in answer["totals"] if t["column"] == "loaded")
        assert loaded["kg"] == [str(500 * len(expected.split()))] * 2
        claims = asks.get("pauses/{pause}/claims").json()
        assert [c["unit"] for c in claims] == expected.split(), name


def test_a_claim_and_a_verified_figure_never_stand_in_one_list(world: World) -> None:
    mona = caller(world, "mona")
    mona.write("claimed_figure", "aid", value="100", unit="t", claimed_by="Party A")
    mona.write("verified_figure", "aid", value="60", unit="t", verified_by="Watch")
    (found,) = mona.get("pauses/{pause}/claims").json()
    assert [c["value"] for c in found["claims"]] == ["100"]
    assert [v["value"] for v in found["verified"]] == ["60"]
    assert (found["least"], found["most"]) == ("100", "100")
