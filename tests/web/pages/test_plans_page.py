"""From a folder to notifications on the pages: imported, checked, asked, followed, drafted."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest

from lull.store import models
from lull.store.job_kinds import KINDS
from lull.web.pages.ask import read, rows_of
from tests.store.kit import World
from tests.web.folders import template, upload, worked, zipped
from tests.web.kit import caller
from tests.web.pages.kit import Browser


def send_file(browser: Browser, raw: bytes, name: str = "my-pause.zip") -> Any:
    """What comes of importing a file."""
    file = io.BytesIO(raw)
    file.name = name
    return browser.send("@plans", {"folder": file})


def imported(world: World, browser: Browser) -> str:
    """The address of a folder that was imported and checked."""
    sent = send_file(browser, zipped())
    assert sent.status_code == 303, sent.content.decode()
    worked(world)
    return str(sent["Location"])


def planned(world: World, browser: Browser) -> str:
    """The address of a job that has made a plan."""
    folder = imported(world, browser)
    ask = folder.replace("/folder/", "/ask/") + "/plan"
    sent = browser.send(ask, {"work": "0", "consents": "all-met"})
    assert sent.status_code == 303, sent.content.decode()
    worked(world)
    return str(sent["Location"])


def test_a_folder_is_imported_checked_and_can_be_asked_everything_that_there_is(world: World
                                                                                ) -> None:
    olga = Browser(world, "olga")
    folder = imported(world, olga)
    page = olga.text(folder)
    for kind in KINDS:
        assert re.search(rf'href="[^"]+/ask/[^"]+/{kind}"', page), kind
    assert "my-pause" not in folder


def test_what_is_wrong_with_a_folder_stands_there_with_file_row_and_column(world: World) -> None:
    olga = Browser(world, "olga")
    files = {**template()}
    files["people.csv"] = files["people.csv"].replace(b"walking", b"flying", 1)
    sent = send_file(olga, zipped(files))
    worked(world)
    page = olga.text(sent["Location"])
    assert "people.csv" in page
    assert "flying" in page
    assert "/ask/" not in page, "nothing half-read is ever planned on"


@pytest.mark.parametrize(("raw", "name"), [
    (b"", "x.zip"), (b"no archive", "x.zip"), (zipped({"../evil": b"x"}, outer=""), "x.zip"),
    (b"PK\x03\x04 broken", "x.xlsx"), (b"age-encryption.org/v1\nnothing", "x.age")])
def test_what_is_no_folder_is_refused_in_words(world: World, raw: bytes, name: str) -> None:
    answer = send_file(Browser(world, "olga"), raw, name)
    if answer.status_code == 303:  # it is looked at by a worker, which tells
        worked(world)
        assert "wrong" in Browser(world, "olga").text(answer["Location"]).casefold()
        return
    assert answer.status_code in (400, 422)
    assert 'role="alert"' in answer.content.decode()
    assert not models.Folder.objects.exists()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_refused_folder_names_each_file_that_is_wrong(world: World, language: str) -> None:
    answer = send_file(Browser(world, "olga", language), zipped(
        {"../evil.csv": b"x", "/etc/roads.csv": b"x", "people.csv": b"x"}, outer=""))
    page = answer.content.decode()
    assert answer.status_code == 422
    for name in ("../evil.csv", "/etc/roads.csv"):
        assert re.search(rf"<li>[^<]*<bdi[^>]*>{re.escape(name)}</bdi>: ", page), name
    assert "people.csv" not in page
    assert ("leads out of the folder" in page) is (language == "en")


def test_the_sentence_of_a_refused_folder_names_its_files_for_programs_too(world: World) -> None:
    answer = upload(caller(world, "olga"), zipped({"../evil.csv": b"x"}, outer=""))
    assert answer.status_code == 422
    assert answer.json()["sentence"].startswith("The folder cannot be used: ../evil.csv: ")
    assert answer.json()["errors"][0]["field"] == "../evil.csv"


def test_a_plan_is_asked_for_followed_reported_and_becomes_notifications(world: World) -> None:
    olga = Browser(world, "olga")
    job = planned(world, olga)
    page = olga.text(job)
    assert "No plan exceeds" in page
    world.write("alice", "protection_answer", "P2", question="mines", answer=None,
                answered_by_function="head of office", waived_by="coordinator",
                waiver_reason="Engineers look again <tonight>", wall="public")
    world.write("alice", "protection_answer", "P2", question="informed", answer=None,
                answered_by_function="head of office", waived_by="coordinator",
                waiver_reason="kept for the own side", wall="restricted")
    report = olga.get(job + "/report")
    assert report.status_code == 200
    printed = report.content.decode()
    assert "Engineers look again &lt;tonight&gt;" in printed
    assert "head of office, OCHA" in printed
    assert "kept for the own side" not in printed
    assert "sandbox" in report["Content-Security-Policy"]
    drafts = job + "/notifications?by=convoy"
    form = olga.text(drafts)
    names = re.findall(r'name="only" value="([^"]+)"', form)
    assert names
    sent = olga.send(drafts, {
        "only": names, "recipient.1": "Party A", "channel.1": "file", "wall": "restricted",
        "consent_by": "head of mission", "crew.1": "Relief", "crew_number.1": "12",
        "radio": "145.500", "consent_at": "2016-10-19T09:00"})
    assert sent.status_code == 200, sent.content.decode()
    done = sent.content.decode()
    assert done.count("/of/notification/") == len(names)
    again = olga.send(drafts, {
        "only": names, "recipient.1": "Party A", "channel.1": "file", "wall": "restricted",
        "consent_by": "head of mission", "consent_at": "2016-10-19T09:00"}).content.decode()
    assert again.count("was there already") == len(names)
    written = [k.content.payload for k in world.store.own.view(world.pause).known.values()
               if k.content and k.content.kind == "notification.draft"]
    driven = [one for one in written if one.get("vehicles")]
    assert driven
    for one in driven:
        assert one["crews"] == [{"organisation": "Relief", "number": 12}]
        assert one["radio"] == "145.500"
        assert one["recipients"][0]["consent_by_function"] == "head of mission"
    days = job + "/notifications?by=corridor-day"
    names = re.findall(r'name="only" value="([^"]+)"', olga.text(days))
    refused = olga.send(days, {
        "only": names, "recipient.1": "Party A", "channel.1": "file", "wall": "restricted",
        "consent_by": "head of mission", "consent_at": "2016-10-19T09:00"})
    assert refused.status_code == 422
    assert "notified twice" in refused.content.decode()


@pytest.mark.parametrize(("fields", "said"), [
    ({}, ["Tick at least one draft", "Name at least one recipient", "Say who may read it",
          "Say which function of the owner", "Say when the owner consented"]),
    ({"only": ["N001"], "recipient.1": "Party A", "channel.1": "file", "wall": "restricted",
      "accuracy_m": "near", "check_in_minutes": "0", "consent_by": "x",
      "consent_at": "2016-10-19T09:00"}, ["whole number", "whole number"]),
    ({"only": ["N001"], "recipient.1": "Party A", "channel.1": "file", "wall": "restricted",
      "crew.1": "Relief", "crew_number.2": "3", "consent_by": "x",
      "consent_at": "2016-10-19T09:00"}, ["how many go", "which organisation"]),
])
def test_all_that_is_missing_for_drafts_is_told_at_its_field_and_nothing_is_written(
        world: World, fields: dict[str, Any], said: list[str]) -> None:
    olga = Browser(world, "olga")
    answer = olga.send(planned(world, olga) + "/notifications", fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count('class="wrong"') == len(said)
    for one in said:
        assert one in page
    for name, text in fields.items():
        assert name in ("only", "wall", "channel.1") or f'value="{text}"' in page, name
    assert not [k for k in world.store.own.view(world.pause).known.values()
                if k.content and k.content.kind == "notification.draft"]


def test_an_hour_that_a_clock_skips_is_told_as_such_at_its_field(world: World) -> None:
    olga = Browser(world, "olga")
    olga.client.cookies["lull-zone"] = "Europe/Berlin"
    answer = olga.send(planned(world, olga) + "/notifications", {
        "only": ["N001"], "recipient.1": "Party A", "channel.1": "file", "wall": "restricted",
        "consent_by": "x", "consent_at": "2016-03-27T02:30"})
    assert answer.status_code == 422
    assert "clock is put forward" in answer.content.decode()


def test_whose_consent_it_is_is_never_filled_in_for_the_owner(world: World) -> None:
    olga = Browser(world, "olga")
    form = olga.text(planned(world, olga) + "/notifications")
    assert re.search(r'name="consent_by"[^>]* value=""', form)
    assert re.search(r'name="consent_at"[^>]* value=""', form)


def test_every_wrong_option_stands_at_its_field(world: World) -> None:
    olga = Browser(world, "olga")
    ask = imported(world, olga).replace("/folder/", "/ask/") + "/stress"
    answer = olga.send(ask, {"work": "-1", "limit": "much", "policy": "day"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count('class="wrong"') == 2
    assert 'value="much"' in page


@pytest.mark.parametrize("name", ["paul", "mona", "fred"])
def test_who_makes_no_plans_sees_no_folder_no_job_and_no_report(world: World, name: str) -> None:
    olga = Browser(world, "olga")
    job = planned(world, olga)
    folder = re.search(r'href="([^"]+/folder/[^"]+)"', olga.text(job))
    assert folder
    browser = Browser(world, name)
    assert browser.get("@plans").status_code == 403
    for address in (folder[1], job, job + "/report", job + "/notifications"):
        assert browser.get(address).status_code in (403, 404), address


@pytest.mark.parametrize(("name", "sees"), [("omar", True), ("alice", True), ("oda", False)])
def test_a_folder_and_its_jobs_are_for_the_side_that_brought_it_and_for_coordinators(
        world: World, name: str, sees: bool) -> None:
    olga = Browser(world, "olga")
    job = planned(world, olga)
    browser = Browser(world, name)
    assert (browser.get(job).status_code == 200) is sees
    assert (browser.get(job + "/report").status_code == 200) is sees
    assert ("/job/" in browser.text("@plans")) is sees


def test_a_folder_is_ended_by_who_brought_it_and_what_it_holds_is_gone(world: World) -> None:
    olga = Browser(world, "olga")
    folder = imported(world, olga)
    assert Browser(world, "oda").send(folder, {}, form="@due").status_code == 404
    assert olga.send(folder).status_code == 303
    assert bytes(models.Folder.objects.get().kept) == b""


@pytest.mark.parametrize(("kind", "option", "text", "value"), [
    ("plan", "work", "٥٠", 50), ("plan", "work", "many", "many"), ("plan", "seconds", "1.5", 1.5),
    ("frontier", "length", "60, 120", [60, 120]), ("frontier", "length", "60، 120", [60, 120]),
    ("extension", "new", "observers\nmore hours", ["observers", "more hours"])])
def test_a_text_is_read_as_its_option_asks(kind: str, option: str, text: str, value: Any) -> None:
    known = next(o for o in KINDS[kind].options if o.name == option)
    assert read(known, text) == value


def test_rows_are_pasted_with_commas_or_tabs_and_with_or_without_their_head() -> None:
    columns = ("kind", "hours")
    wanted = [{"kind": "lane", "hours": 3.0}]
    for text in ("lane,3", "lane\t3", "kind,hours\nlane,3\n"):
        assert rows_of(text, columns) == wanted
