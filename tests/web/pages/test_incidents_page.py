"""Incidents: every observer beside the others, none above them, and the evidence by its hash."""

from __future__ import annotations

import re

from tests.store.kit import World
from tests.web.kit import caller
from tests.web.pages.account_kit import rows, thing, words, write
from tests.web.pages.kit import Browser

HASH = "ab" * 32


def _assessed(world: World) -> None:
    write(world, "mona", "incident.allege", "I1", clause="Article 3", kind="shelling")
    write(world, "paul", "assessment.confirm", "I1", part="Party A", observer="Party A",
          basis="own report", attribution=[{"party": "Party B", "degree": "established"}])
    write(world, "piotr", "assessment.deny", "I1", part="Party B", observer="Party B",
          basis="no unit fired", attributed="nobody")
    write(world, "mona", "assessment.not_confirm", "I1", part="Watch", observer="Watch",
          basis="traces at the place", attribution=[
              {"party": "Party B", "degree": "plausible", "alleged_by": "Party A"},
              {"party": "Party A", "degree": "insufficient"}])
    write(world, "mila", "assessment.cannot_verify", "I1", part="Eyes", observer="Eyes",
          basis="no access")


def test_every_observer_stands_beside_the_others_in_the_order_of_names(world: World) -> None:
    _assessed(world)
    olga = Browser(world, "olga")
    page = olga.text(thing(olga, "incidents", "incident"))
    found = [r for r in rows(page) if len(r) == 5 and r[0] != "Observer"]
    assert [(r[0].split(" Public")[0], r[1]) for r in found] == [
        ("Eyes", "Unverifiable"), ("Party A", "Confirmed"), ("Party B", "Denied"),
        ("Watch", "Not confirmed")]
    assert [r[2] for r in found] == [
        "nothing is said of that", "Party B Established", "nobody",
        "Party B Plausible as alleged by Party A Party A Insufficient"]
    assert "lull gives no overall verdict" in words(page)


def test_the_list_names_the_clause_and_each_observer_with_what_they_say(world: World) -> None:
    _assessed(world)
    found = next(r for r in rows(Browser(world, "alice").text("@incidents")) if r[0] == "I1")
    assert found[1].startswith("Shelling")
    assert found[2] == "Article 3"
    assert found[5] == ("Eyes : Unverifiable Party A : Confirmed Party B : Denied "
                        "Watch : Not confirmed")


def test_what_an_observer_said_before_is_not_lost_when_it_says_something_else(world: World
                                                                              ) -> None:
    _assessed(world)
    write(world, "mona", "assessment.confirm", "I1", part="Watch", observer="Watch",
          basis="a second visit")
    olga = Browser(world, "olga")
    page = words(olga.text(thing(olga, "incidents", "incident")))
    assert "said something before" in page
    assert "traces at the place" in page
    assert "a second visit" in page


def test_evidence_is_its_hash_in_groups_and_every_hand_it_went_through(world: World) -> None:
    write(world, "mona", "incident.allege", "I1", evidence=[{
        "sha256": HASH, "acquired_at": "2016-10-20T09:00:00Z", "acquired_by_function": "duty",
        "type": "photograph", "consent": "given", "custody": [
            {"at": "2016-10-20T10:00:00Z", "by_function": "records", "what": "hash compared"}]}])
    olga = Browser(world, "olga")
    said = words(olga.text(thing(olga, "incidents", "incident")))
    assert " ".join(["abab"] * 16) in said
    assert "records : hash compared" in said


def test_the_notification_in_force_is_led_to_only_for_who_may_read_it(world: World) -> None:
    made = write(world, "olga", "notification.draft", "N1", wall="sealed", to=("ocha", "watch"))
    write(world, "mona", "incident.allege", "I1", notification="N1", notification_version=1,
          notification_hash=made.hash)
    olga, oda = Browser(world, "olga"), Browser(world, "oda")
    mine = olga.text(thing(olga, "incidents", "incident"))
    assert f"/entry/{made.hash}" in mine
    theirs = oda.text(thing(oda, "incidents", "incident"))
    assert f"/entry/{made.hash}" not in theirs
    assert "its entry is not yours to read" in words(theirs)


def test_nobody_begins_an_assessment_with_what_another_has_said(world: World) -> None:
    _assessed(world)
    oda = Browser(world, "oda")
    page = oda.text(thing(oda, "incidents", "incident"))
    act = re.search(r'href="([^"]*assessment\.register[^"]*)"', page)
    assert act is not None
    form = oda.text(act[1].replace("&amp;", "&"))
    assert "traces at the place" not in form
    assert "own report" not in form
    assert 'value="Relief"' in form


def test_who_has_assessed_is_offered_the_steps_that_may_follow_on_their_own(world: World) -> None:
    _assessed(world)
    mona = Browser(world, "mona")
    page = mona.text(thing(mona, "incidents", "incident"))
    assert "assessment.confirm?thing=" in page
    assert "assessment.register?" not in page


def test_a_sealed_incident_and_a_sealed_assessment_are_for_their_recipients(world: World) -> None:
    write(world, "mona", "incident.allege", "I-canary", wall="sealed", to=("watch", "crescent"))
    write(world, "mona", "incident.allege", "I1")
    write(world, "mona", "assessment.confirm", "I1", part="Watch", observer="Watch",
          wall="sealed", to=("watch", "crescent"), basis="canary basis")
    for name, sees in (("mona", True), ("mark", True), ("mila", False), ("olga", True),
                       ("oda", False), ("paul", False), ("alice", False)):
        who = Browser(world, name)
        page = who.text("@incidents")
        assert ("I-canary" in page) == sees, name
        all_of_it = page + "".join(who.text(one) for one in set(
            re.findall(r'href="([^"?#]*/of/incident/[^"?#]*)', page)))
        assert ("canary basis" in all_of_it) == sees, name


def test_a_version_in_force_that_is_none_or_is_not_here_is_refused_at_its_field(world: World
                                                                                ) -> None:
    made = write(world, "olga", "notification.draft", "N1", wall="sealed", to=("ocha",))
    other = write(world, "mona", "statement", "S1")
    for hash_ in ("0a" * 32, other.hash):
        told = caller(world, "mona").write(
            "incident.allege", "I1", notification="N1", notification_hash=hash_,
            key=f"key-{hash_[:20]}")
        assert told.status_code == 422
        assert [e["field"] for e in told.json()["errors"]] == ["payload.notification_hash"]
    told = caller(world, "mona").write("incident.allege", "I0", notification="N1",
                                       notification_hash=made.hash)
    assert told.status_code == 201, "who may not read it gives the hash that they were told"
    right = caller(world, "alice").write("incident.allege", "I1", notification="N1",
                                         notification_hash=made.hash)
    assert right.status_code == 201
    wrong = caller(world, "alice").write("incident.allege", "I2", notification="N1",
                                         key="key-wrong", notification_version=7,
                                         notification_hash=made.hash)
    assert "is version 1" in wrong.json()["errors"][0]["sentence"]
    assert "not 7" in wrong.json()["errors"][0]["sentence"]


def test_an_incident_is_reported_from_the_page_of_the_notification_that_was_in_force(
    world: World
) -> None:
    write(world, "paul", "pause.declare", "P1", safeguards=[
        {"id": "S1", "text": "Nobody fires at the corridor", "binds": "Party A"}])
    made = write(world, "olga", "notification.draft", "N1", corridors=["Corridor 1"])
    olga = Browser(world, "olga")
    form = re.search(r'href="([^"]*incident\.allege[^"]*)"', olga.text(
        thing(olga, "notifications", "notification")))
    assert form
    page = olga.text(form[1])
    assert f'value="{made.hash}"' in page
    assert 'value="S1: Nobody fires at the corridor"' in page
    done = olga.send(form[1], {
        "about": "I1", "wall": "public", "f.version": "1", "f.occurred_from": "2016-10-20T08:00",
        "f.occurred_to": "2016-10-20T08:10", "f.reported_at": "2016-10-20T09:00",
        "f.reporter_organisation": "Red Crescent", "f.reporter_function": "driver",
        "f.place.name": "km 4", "f.kind": "sniper", "f.corridor": "Corridor 1",
        "f.clause": "S1: Nobody fires at the corridor", "f.notification": "N1",
        "f.notification_version": "1", "f.notification_hash": made.hash})
    assert done.status_code == 303, words(done.content.decode())
    said = words(olga.text(thing(olga, "incidents", "incident")))
    assert "the entry as it stood" in said
    assert "Nobody fires at the corridor" in said


def test_evidence_casualties_and_words_for_the_public_are_added_after_the_first_report(
    world: World
) -> None:
    write(world, "fred", "incident.allege", "I1", kind="shelling")
    mona = Browser(world, "mona")
    for event, more in (("inquire", {"f.found": "Two craters", "f.effect.killed_civilians": "2"}),
                        ("inquire", {"f.reliability": "B", "f.credibility": "2"}),
                        ("report", {"f.remedy": "The road is watched",
                                    "f.public_wording": "Two people were killed"}),
                        ("report", {"f.evidence.count": "1", "f.evidence.1.sha256": HASH,
                                    "f.evidence.1.acquired_at": "2016-10-20T09:00",
                                    "f.evidence.1.acquired_by_function": "duty",
                                    "f.evidence.1.type": "photograph",
                                    "f.evidence.1.consent": "given",
                                    "f.evidence.1.custody.count": "1",
                                    "f.evidence.1.custody.1.at": "2016-10-20T10:00",
                                    "f.evidence.1.custody.1.by_function": "records",
                                    "f.evidence.1.custody.1.what": "hash compared"})):
        form = re.search(rf'href="([^"]*incident\.{event}[^"]*)"',
                         mona.text(thing(mona, "incidents", "incident")))
        assert form, event
        done = mona.send(form[1].replace("&amp;", "&"), {
            "wall": "public", "f.version": "2", "f.found_at": "2016-10-20T11:00",
            "f.by_function": "monitor", **more})
        assert done.status_code == 303, words(done.content.decode())
    for name in ("alice", "fred", "paul"):
        who = Browser(world, name)
        said = words(who.text(thing(who, "incidents", "incident")))
        for text in ("Two craters", "Killed civilians 2", "B2", "The road is watched",
                     "Two people were killed", "records : hash compared"):
            assert text in said, (name, text)
        assert "What is alleged" in said
    refused = caller(world, "olga").write("incident.report", "I1", key="key-olga-report",
                                          by_function="duty", found_at="2016-10-20T11:00:00Z")
    assert refused.status_code == 409
