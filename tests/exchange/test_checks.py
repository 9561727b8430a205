"""Each question of `lull check` speaks where it should; on the template all are silent."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lull.exchange import Level
from lull.exchange.checks.all import CHECKS, CHECKS_OF_GROUND
from tests.exchange.kit import Folder

Change = Callable[[Folder], Folder]


def cell(table: str, row: str, **cells: str) -> Change:
    return lambda folder: folder.set(table, row, **cells)


def key(old: str, new: str) -> Change:
    return lambda folder: folder.text("pause.yaml", old, new)


def both(*changes: Change) -> Change:
    def all_of(folder: Folder) -> Folder:
        for change in changes:
            change(folder)
        return folder

    return all_of


ERRORS: list[tuple[str, Change, str, str]] = [
    ("gates do not connect",
     lambda f: f.drop("travel_minutes", "bridge@inside").drop("travel_minutes", "bridge@inside"),
     "corridors.csv", "directions"),
    ("one-way trap", cell("travel_minutes", "bridge@inside", both_ways="no"), "corridors.csv",
     "directions"),
    ("no road", lambda f: f.add("sites", id="far", kind="shelter", sides="outside"), "sites.csv",
     "id"),
    ("one-way trap",
     lambda f: f.add("sites", id="far", kind="shelter", sides="outside").add(
         "travel_minutes", from_="depot", to="far", minutes_likely="5"), "sites.csv", "id"),
    ("one-way trap",
     lambda f: f.add("sites", id="far", kind="shelter", sides="outside").add(
         "travel_minutes", from_="depot", to="far", minutes_likely="5").add(
         "travel_minutes", from_="depot", to="far", profile="foot", minutes_likely="50",
         both_ways="yes"), "sites.csv", "id"),
    ("latitude and longitude", cell("sites", "depot", lat="35.06", lon="32.03"), "sites.csv",
     "lat"),
    ("sides", cell("fleet", "bus", sides="inside"), "fleet.csv", "sides"),
    ("unaccompanied children",
     lambda f: f.add("people", id="kids", site="school", count="4", wishing_count="4",
                     unaccompanied="yes", destinations="tents", wish_source="s"), "people.csv",
     "destinations"),
    ("duplicate", key("  - id: south", "  - id: north"), "pause.yaml", "parties.2.id"),
]

WARNINGS: list[tuple[str, Change, str, str]] = [
    ("no rows", lambda f: f.drop("people", "families").drop("people", "walkers").drop(
        "people", "patients"), "people.csv", ""),
    ("gates do not connect", lambda f: f.drop("travel_minutes", "bridge@inside"), "corridors.csv",
     "directions"),
    ("short window", key("margin_minutes: 20 ", "margin_minutes: 240 "), "pause.yaml",
     "windows.1.to"),
    ("long window", both(key("  to: 2026-05-04 12:00", "  to: 2026-05-14 12:00"),
                         key("    to_utc: 2026-05-04 09:00\n", "")), "pause.yaml", "windows.1.to"),
    ("notice", key("notice_at: 2026-05-03 18:00 ", "notice_at: 2026-05-04 09:00 "), "pause.yaml",
     "notice_at"),
    ("no consent", key("party: south", "party: north"), "pause.yaml", "parties.2.id"),
    ("consent without source", key("    source: invented letter\n", ""), "pause.yaml",
     "consents.2.source"),
    ("wish without source", cell("people", "families", wish_source=""), "people.csv",
     "wish_source"),
    ("nearly all wish to leave", cell("people", "families", wishing_share="0.96"), "people.csv",
     "wishing_share"),
    ("no choice of destination", cell("people", "walkers", destinations="tents"),
     "people.csv", "destinations"),
    ("need that nobody can serve", cell("fleet", "ambulance", stretchers="0"), "people.csv", ""),
    ("need that nobody can serve", cell("fleet", "ambulance", number="0"), "people.csv", ""),
    ("need that nobody can serve", cell("people", "patients", hospital_level="3"), "people.csv",
     ""),
    ("need that nobody can serve", cell("corridors", "bridge", users="wounded|aid"), "people.csv",
     ""),
    ("need that nobody can serve", cell("corridors", "bridge", persons_per_hour_on_foot=""),
     "people.csv", ""),
    ("no way on foot", lambda f: f.set("travel_minutes", "school", x_="").text(
        "travel_minutes.csv", "school,bridge@inside,foot", "depot,school,foot"), "people.csv",
     "means"),
    ("household too large", cell("people", "families", household_sizes="50:1|5"), "people.csv",
     "household_sizes"),
    ("household sizes", cell("people", "families", household_sizes=""), "people.csv",
     "household_sizes"),
    ("capacity", cell("sites", "tents", capacity_seated="10"), "sites.csv", "capacity_seated"),
    ("capacity", cell("sites", "clinic", capacity_stretcher="3"), "sites.csv",
     "capacity_stretcher"),
    ("shelter", cell("sites", "school", walk_to_shelter_minutes=""), "sites.csv",
     "walk_to_shelter_minutes"),
    ("people inside", key("people_inside: 900", "people_inside: 800"), "pause.yaml",
     "people_inside"),
    ("mines", cell("corridors", "bridge", mines_out=""), "corridors.csv", "mines_out"),
    ("mines", cell("corridors", "bridge", mines_in="residual"), "corridors.csv", "mines_in"),
    ("override", cell("corridors", "bridge", mines_out="unknown", mines_override_role="chief",
                      mines_override_reason="seen"), "corridors.csv", "mines_override_role"),
    ("never open", cell("corridors", "bridge", open_hours="13:00-18:00"), "corridors.csv",
     "open_hours"),
    ("never open", cell("sites", "school", open_hours="2026-05-05 08:00-12:00"), "sites.csv",
     "open_hours"),
    ("no checkpoint", cell("corridors", "bridge", check_minutes_in=""), "corridors.csv",
     "check_minutes_in"),
    ("units", cell("corridors", "bridge", check_minutes_in="300"), "corridors.csv",
     "check_minutes_in"),
    ("units", cell("fleet", "bus", seats="500"), "fleet.csv", "seats"),
    ("units", cell("fleet", "truck", payload_t="900"), "fleet.csv", "payload_t"),
    ("units", cell("fleet", "ambulance", stretchers="40"), "fleet.csv", "stretchers"),
    ("units", cell("supplies", "need", units="2000000"), "supplies.csv", "units"),
    ("units", both(cell("supplies", "stock", kg_per_unit="5000"),
                   cell("supplies", "need", kg_per_unit="5000")), "supplies.csv", "kg_per_unit"),
    ("units", both(cell("supplies", "stock", kg_per_unit="0.001"),
                   cell("supplies", "need", kg_per_unit="0.001")), "supplies.csv", "kg_per_unit"),
    ("units", cell("travel_minutes", "school", minutes_high="600", minutes_likely="500"),
     "travel_minutes.csv", "minutes"),
    ("units", cell("sites", "school", service_minutes_high="900"), "sites.csv", "service_minutes"),
    ("carries nothing", cell("fleet", "bus", seats="0"), "fleet.csv", "seats"),
    ("carries nothing", cell("fleet", "truck", payload_t="0"), "fleet.csv", "payload_t"),
    ("never available", cell("fleet", "bus", available_from="13:00"), "fleet.csv",
     "available_from"),
    ("supplies without truck", cell("fleet", "truck", number="0"), "supplies.csv", ""),
    ("supplies without corridor", cell("corridors", "bridge", users="civilians|wounded"),
     "supplies.csv", ""),
    ("stock", lambda f: f.drop("supplies", "stock"), "supplies.csv", "units"),
    ("stock", cell("supplies", "stock", units="99"), "supplies.csv", "units"),
    ("far away", cell("sites", "depot", lat="52.0"), "sites.csv", "lat"),
    ("sides", cell("fleet", "bus", base="school"), "fleet.csv", "base"),
    ("gate out of reach",
     lambda f: f.add("corridors", id="ford", users="wounded", directions="out",
                     mines_out="cleared", check_minutes_out_likely="3").add(
         "travel_minutes", from_="ford@inside", to="ford@outside", minutes_likely="5"),
     "corridors.csv", "inside_side"),
    ("no party", both(key("name: Northern party\n    must_agree: yes",
                          "name: Northern party\n    must_agree: no"),
                      key("name: Southern party\n    must_agree: yes",
                          "name: Southern party\n    must_agree: no")), "pause.yaml", "parties"),
    ("out of reach", lambda f: f.add("sites", id="yard", kind="base", sides="outside").add(
        "travel_minutes", from_="yard", to="tents", minutes_likely="4", both_ways="yes").set(
        "fleet", "bus", base="yard"), "fleet.csv", "base"),
    ("no way out", cell("corridors", "bridge", directions="in"), "corridors.csv", ""),
]


@pytest.mark.parametrize(("check", "change", "file", "column"), ERRORS,
                         ids=[f"{i} {case[0]}" for i, case in enumerate(ERRORS)])
def test_what_stops_planning_is_an_error(
    check: str, change: Change, file: str, column: str
) -> None:
    reading = change(Folder()).read()
    found = [f for f in reading.errors if f.check == check]
    assert [(f.file, f.column) for f in found] == [(file, column)], [
        str(f) for f in reading.findings]
    assert reading.case is None


@pytest.mark.parametrize(("check", "change", "file", "column"), WARNINGS,
                         ids=[f"{i} {case[0]}" for i, case in enumerate(WARNINGS)])
def test_what_is_doubtful_is_a_warning_and_can_be_planned_on(
    check: str, change: Change, file: str, column: str
) -> None:
    reading = change(Folder()).read()
    found = [(f.file, f.column) for f in reading.warnings if f.check == check]
    assert (file, column) in found, [str(f) for f in reading.findings]
    assert reading.ok, [str(f) for f in reading.errors]


def test_a_hundred_thousand_tonnes_for_twenty_trucks_smell_of_kilograms() -> None:
    folder = Folder().set("supplies", "need", units="2000000").set("fleet", "truck", number="20")
    found = [f for f in folder.read().warnings if f.check == "units"]
    assert [f.sentence for f in found] == [
        "100,000 t are needed and 20 trucks carry 160 t at once: 625 loads each. Are these "
        "kilograms?"
    ]


def test_a_need_that_nobody_can_serve_says_all_that_is_lacking() -> None:
    folder = Folder().set("fleet", "ambulance", stretchers="0").set(
        "people", "patients", hospital_level="9").set("corridors", "bridge", users="civilians|aid")
    said = next(f.sentence for f in folder.read().warnings
                if f.check == "need that nobody can serve" and "'patients'" in f.sentence)
    for part in ("no corridor is open to wounded", "no vehicle type has the use wounded",
                 "hospital of level 9"):
        assert part in said


def test_no_question_is_asked_whose_answer_rests_on_what_could_not_be_read() -> None:
    """One bad cell in the fleet does not make every patient unservable and every site unreached."""
    folder = Folder().set("fleet", "ambulance", stretchers="two")
    assert [(f.check, f.file) for f in folder.read().findings] == [("cell", "fleet.csv")]


def test_every_question_is_silent_on_the_template_and_says_what_it_asks() -> None:
    assert Folder().read().findings == ()
    for ask, _ in (*CHECKS, *CHECKS_OF_GROUND):
        assert (ask.__doc__ or "").strip().endswith(".")


def test_findings_stand_in_order_errors_first() -> None:
    folder = Folder().set("people", "families", wish_source="").set("fleet", "bus", sides="inside")
    levels = [f.level for f in folder.read().findings]
    assert levels == sorted(levels, key=[Level.ERROR, Level.WARNING].index)
    assert set(levels) == {Level.ERROR, Level.WARNING}


def test_a_finding_as_json_has_all_its_parts() -> None:
    finding = Folder().set("people", "families", count="x").read().errors[0]
    assert finding.as_dict() == {
        "level": "error", "check": "cell", "file": "people.csv",
        "row": Folder().row_of("people", "families"), "column": "count", "found": "x",
        "expected": "a whole number, in digits without thousands marks",
        "sentence": "Found 'x'; expected a whole number, in digits without thousands marks.",
    }
