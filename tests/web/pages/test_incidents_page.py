"""Incidents: every observer beside the others, none above them, and the evidence by its hash."""

from __future__ import annotations

import re

from tests.store.kit import World
from tests.web.pages.account_kit import rows, thing, words, write
from tests.web.pages.kit import Browser

HASH = "ab" * 32


def _assessed(world: World) -> None:
    write(world, "mona", "incident.allege", "I1", clause="Article 3", kind="shelling")
    write(world, "paul", "assessment.confirm", "I1", part="Party A", observer="Party A",
          basis="own report", attribution=[{"party": "Party B", "degree": "established"}])
    write(world, "piotr", "assessment.deny", "I1", part="Party B", observer="Party B",
          basis="no unit fired")
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
        "nobody", "Party B Established", "nobody",
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
    made = write(world, "olga", "notification.draft", "N1", wall="sealed", to=("ocha",))
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
