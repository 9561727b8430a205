"""Deliveries: every stage in kilograms, what does not add up at its line, and who saw it."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lull.domain.records.delivery import Delivery, Removal, WaybillLine, reconcile
from lull.web.pages.waybill import STAGES, WRONG, Sum, _row
from tests.ledger.kit import filled
from tests.store.kit import World
from tests.web.pages.account_kit import bring, line, rows, thing, words, write
from tests.web.pages.kit import Browser

COUNTED = {"loaded": 90, "removals": [
    {"units": 8, "by": "Party A checkpoint", "reason": "no paper"},
    {"units": 4, "by": "Party B checkpoint"}], "delivered": 70, "returned": 5, "lost": 2,
    "damaged": 1}


def test_the_list_gives_every_stage_in_kilograms(world: World) -> None:
    bring(world, "olga", [line(**COUNTED), line("Tea", "0.5", planned=10, loaded=10, delivered=10)])
    found = next(r for r in rows(Browser(world, "olga").text("@deliveries")) if "W1" in r[0])
    assert [cell.split()[0] for cell in found[2:9]] == ["5,005", "4,505", "600", "3,505", "250",
                                                        "100", "50"]
    assert found[9] == "reconciles"


def test_what_is_missing_is_told_at_its_line_in_units_and_kilograms(world: World) -> None:
    bring(world, "olga", [line(loaded=90, delivered=70), line("Tea", loaded=4, delivered=4)])
    olga = Browser(world, "olga")
    found = {r[0].split()[0]: r for r in rows(olga.text(thing(olga, "deliveries", "delivery")))}
    assert "does not reconcile" in found["Flour"][8]
    assert "20 ( sacks ), 1,000 kg" in found["Flour"][8]
    assert found["Tea"][8] == "reconciles"


@pytest.mark.parametrize(("steps", "counts", "said"), [
    (("plan",), {}, "not loaded yet"),
    (("plan", "load"), {"loaded": 90}, "on the way"),
    (("plan", "load", "deliver"), {"loaded": 90}, "does not reconcile"),
    (("plan", "load", "deliver"), {}, "loading not counted"),
    (("plan", "load"), {"loaded": 90, "delivered": 91}, "more than was loaded"),
    (("plan", "load", "deliver"), {"loaded": 90, "delivered": 90}, "reconciles"),
])
def test_what_is_on_the_way_is_not_called_missing(
    world: World, steps: tuple[str, ...], counts: dict[str, int], said: str
) -> None:
    bring(world, "olga", [line(**counts)], steps=steps)
    found = next(r for r in rows(Browser(world, "alice").text("@deliveries")) if "W1" in r[0])
    assert found[9] == said


def test_what_a_check_removed_stands_with_by_whom_and_why_and_a_broken_seal_with_where(
    world: World
) -> None:
    bring(world, "olga", [line(**COUNTED)], seals=[
        {"number": "S-1", "applied_by": "Relief"},
        {"number": "S-2", "applied_by": "Relief", "checks": [
            {"place": "the gate", "found": "intact", "by": "Watch"},
            {"place": "the bridge", "found": "broken", "by": "Party A checkpoint",
             "at": "2016-10-20T10:00:00Z"}]}])
    olga = Browser(world, "olga")
    said = words(olga.text(thing(olga, "deliveries", "delivery")))
    assert "8 by Party A checkpoint : no paper" in said
    assert "4 by Party B checkpoint no reason given" in said
    assert "S-1 · applied by Relief no check is written down" in said
    assert "S-2 · applied by Relief Intact the gate · Watch Broken the bridge · Party A" in said


def test_an_earlier_figure_stays_beside_the_one_that_took_its_place(world: World) -> None:
    bring(world, "olga", [line(loaded=90)], steps=("plan", "load"))
    write(world, "mona", "delivery.check", "W1", version=3, carrier="Red Crescent",
          consignor="Relief", lines=[line(loaded=84)])
    olga = Browser(world, "olga")
    found = next(r for r in rows(olga.text(thing(olga, "deliveries", "delivery")))
                 if r[0].startswith("Flour"))
    assert found[2].startswith("84 4,200 kg")
    assert "said before: 90 ( Red Crescent , version 1 )" in found[2]


def test_a_delivery_is_a_claim_until_somebody_else_has_seen_it(world: World) -> None:
    bring(world, "paul", [line(loaded=90)], "own", ("plan", "load"), carrier="Party A",
          consignor="Party A", observed_by=["Party A"])
    bring(world, "olga", [line(loaded=90)], "seen", ("plan", "load"))
    write(world, "mona", "delivery.check", "seen", version=3, carrier="Red Crescent",
          consignor="Relief", lines=[line(loaded=90)])
    bring(world, "olga", [line(loaded=90)], "named", ("plan", "load"), observed_by=["Eyes"])
    found = {r[0].split()[0]: r[10] for r in rows(Browser(world, "alice").text("@deliveries"))
             if len(r) > 10}
    assert found["own"] == "a claim until observed"
    assert found["seen"] == "Watch said so itself"
    assert found["named"] == "Eyes named in the record"


def test_who_may_not_read_a_delivery_sees_nothing_of_it(world: World) -> None:
    bring(world, "olga", [line("Canary seed", loaded=90)], steps=("plan", "load"))
    write(world, "olga", "delivery.plan", "W-secret", wall="sealed", to=("crescent",),
          lines=[line("Canary sealed")], carrier="Canary carrier")
    for name, sees in (("omar", True), ("oda", False), ("paul", False), ("alice", False)):
        who = Browser(world, name)
        page = who.text("@deliveries")
        table = who.send("@deliveries", {"act": "csv"}).content.decode()
        assert ("W-secret" in page, "Canary sealed" in table) == (sees, sees), name
        assert "Canary seed" in table
    olga = Browser(world, "omar")
    secret = next(one for one in _things(olga) if "W-secret" in olga.text(one))
    assert "W-secret" not in secret
    assert Browser(world, "oda").get(secret).status_code == 404


def _things(who: Browser) -> list[str]:


    return list(dict.fromkeys(re.findall(r'href="([^"?#]*/of/delivery/[^"?#]*)',
                                         who.text("@deliveries"))))


def test_a_cell_that_a_spreadsheet_would_run_is_taken_away_as_plain_text(world: World) -> None:
    bring(world, "olga", [line("=HYPERLINK(1)", loaded=1)], carrier="@SUM(A1)", consignor="+1")
    answer = Browser(world, "olga").send("@deliveries", {"act": "csv"})
    assert answer["Content-Type"].startswith("text/csv")
    assert "attachment" in answer["Content-Disposition"]
    found = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    cells = [cell for row in found[2:] for cell in row]
    assert {"'=HYPERLINK(1)", "'@SUM(A1)"} <= set(cells)
    assert not [c for c in cells if c.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert found[1][0] == "#item+name"


def test_that_a_table_was_taken_away_is_written_down(world: World) -> None:
    bring(world, "olga", [line(loaded=1)])
    Browser(world, "olga").send("@deliveries", {"act": "csv"})
    view = world.store.own.view(world.pause)
    kinds = [k.content.payload["kind"] for k in view.known.values()
             if k.content is not None and k.content.kind == "disclosure"]
    assert kinds == ["exported"]


def test_a_waybill_of_what_was_called_off_still_stands(world: World) -> None:
    bring(world, "olga", [line(loaded=90)], steps=("plan", "load"))
    write(world, "olga", "delivery.cancel", "W1")
    olga = Browser(world, "olga")
    said = words(olga.text(thing(olga, "deliveries", "delivery")))
    assert "Cancelled" in said
    assert "90 4,500 kg" in said


def test_a_search_is_sent_in_the_body_and_finds_by_item(world: World) -> None:
    bring(world, "olga", [line("Blankets", loaded=1)], "W1")
    bring(world, "olga", [line("Water", loaded=1)], "W2")
    answer = Browser(world, "olga").send("@deliveries", {"q": "blankets"})
    said = words(answer.content.decode())
    assert "W1" in said
    assert "W2" not in said


WHOLE = st.one_of(st.none(), st.integers(0, 40))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.builds(dict, loaded=WHOLE, delivered=WHOLE, returned=WHOLE, lost=WHOLE, damaged=WHOLE),
       st.lists(st.integers(0, 20), max_size=3))
def test_a_line_is_wrong_on_the_page_where_the_record_says_that_it_does_not_reconcile(
    counts: dict[str, int | None], removed: list[int]
) -> None:
    one = WaybillLine(item="Flour", unit="sacks", unit_kg=Decimal(50), planned=100,
                      removals=tuple(Removal(units=n, by=f"check {i}")
                                     for i, n in enumerate(removed)),
                      **counts)  # type: ignore[arg-type]
    said = reconcile(evolve(filled(Delivery, only_required=True), lines=(one,)))
    row = _row(one, "delivered", ())
    assert (row.sum in WRONG) == bool(said)
    gone = sum(removed) + sum(counts[k] or 0 for k in ("delivered", "returned", "lost", "damaged"))
    assert bool(said) is (counts["loaded"] is None or counts["loaded"] != gone)
    assert [cell.stage for cell in row.cells] == list(STAGES)
    if row.sum is Sum.SHORT:
        assert f"{row.away:,} unaccounted for" in said[0]


def test_what_is_looked_for_is_found_though_a_later_step_does_not_say_it(world: World) -> None:
    bring(world, "olga", [line("Insulin")], steps=("plan",))
    write(world, "olga", "delivery.cancel", "W1")
    olga = Browser(world, "olga")
    found = olga.send("@deliveries", {"q": "insulin"}).content.decode()
    assert [r for r in rows(found) if "W1" in r[0]]
    assert "Nothing fits" in olga.send("@deliveries", {"q": "morphine"}).content.decode()
