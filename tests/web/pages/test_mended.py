"""What no form could say, and forms say now: changed drafts, later versions, later checks."""

from __future__ import annotations

import re
from typing import Any

import pytest

from lull.domain.records.notification import route_hash
from tests.store.kit import World
from tests.store.letters import amended_twice, version
from tests.web.kit import caller
from tests.web.pages.account_kit import bring, line, thing, words, write
from tests.web.pages.kit import Browser
from tests.web.pages.story import filled_in

CONSENT = {"consent_by_function": "owner", "consent_at": "2016-10-19T09:00:00Z"}
ORDERS = {"f.turning_back_order": "Turn back.", "f.nearest_shelter_order": "The school."}
TO = [{"party": "Party A", "channel": "file", **CONSENT}]


def form_of(who: Browser, page: str, kind: str) -> str:
    """Where a page leads for an act."""
    found = re.search(rf'href="([^"]*write/{re.escape(kind)}[^"]*)"', page)
    assert found, kind
    return found[1].replace("&amp;", "&")


@pytest.mark.parametrize("returned", [False, True])
def test_a_draft_is_changed_on_its_page_and_so_is_one_that_was_given_back(
    world: World, returned: bool
) -> None:
    write(world, "olga", "notification.draft", "N1", recipients=TO, purpose="bread")
    if returned:
        write(world, "olga", "notification.submit", "N1")
        write(world, "alice", "notification.return", "N1", reason="the radio is missing")
    olga = Browser(world, "olga")
    there = thing(olga, "notifications", "notification")
    assert "Change it" in words(olga.text(there))
    form = form_of(olga, olga.text(there), "notification.revise")
    given = filled_in(olga.text(form))
    done = olga.send(form, {**given, **ORDERS, "f.purpose": "flour", "f.radio": "channel 2"})
    assert done.status_code == 303, words(done.content.decode())
    page = words(olga.text(there))
    assert "flour" in page
    assert "version 2" in page
    assert "Hand it in" in page
    for name in ("oda", "paul", "mona"):  # a stranger changes nothing of it
        refused = caller(world, name).write("notification.revise", "N1", version=3,
                                             key=f"key-of-{name}")
        assert refused.status_code == 403, name


def test_a_version_that_was_written_once_before_is_refused_with_the_next_number(world: World
                                                                                ) -> None:
    write(world, "olga", "notification.draft", "N1", recipients=TO)
    again = caller(world, "olga").write("notification.revise", "N1", version=1)
    assert again.status_code == 409
    assert "the next version is 2" in again.content.decode()


def test_the_hash_of_the_route_is_worked_out_of_the_waypoints_where_it_is_left_empty(world: World
                                                                                    ) -> None:
    write(world, "olga", "notification.draft", "N1", recipients=TO)
    olga = Browser(world, "olga")
    form = form_of(olga, olga.text(thing(olga, "notifications", "notification")),
                   "notification.revise")
    given = {**filled_in(olga.text(form)), **ORDERS, "f.purpose": "bread", "f.route_sha256": ""}
    refused = olga.send(form, given)
    assert refused.status_code == 422
    ways = {"f.route_waypoints.count": "2", "f.route_waypoints.1.name": "North gate",
            "f.route_waypoints.2.name": "Bridge"}
    done = olga.send(form, {**given, **ways})
    assert done.status_code == 303, words(done.content.decode())[:400]
    last = [k for k in world.store.own.view(world.pause).known.values()
            if k.content and k.content.kind == "notification.revise"]
    assert last[-1].content is not None
    assert last[-1].content.payload["route_sha256"] == route_hash(["North gate", "Bridge"])
    form = form_of(olga, olga.text(thing(olga, "notifications", "notification")),
                   "notification.revise")
    given = filled_in(olga.text(form))
    assert given["f.route_sha256"] == "", "another way has another hash"


def test_checks_follow_each_other_and_what_was_delivered_is_said_again_or_lost(world: World
                                                                               ) -> None:
    def removed(*units: int) -> list[dict[str, Any]]:
        return [{"units": n, "by": f"check {at}"} for at, n in enumerate(units, 1)]

    bring(world, "olga", [line(loaded=90)], steps=("plan", "load"))
    olga = caller(world, "olga")
    for at, (step, counts) in enumerate((
            ("check", {"removals": removed(5)}), ("check", {"removals": removed(5, 3)}),
            ("deliver", {"removals": removed(5, 3), "delivered": 80}),
            ("deliver", {"removals": removed(5, 3), "delivered": 70}),
            ("lose", {"removals": removed(5, 3), "delivered": 70, "lost": 4, "damaged": 6}),
            ("return", {"removals": removed(5, 3), "delivered": 70, "lost": 4, "damaged": 6,
                        "returned": 2}))):
        told = olga.write(f"delivery.{step}", "W1", key=f"key-{at}-{step}", carrier="Red Crescent",
                          consignor="Relief", lines=[line(loaded=90, **counts)])
        assert told.status_code == 201, (step, told.content)
    (bill,) = olga.get("pauses/{pause}/deliveries").json()["waybills"]
    assert bill["reconciles"]
    (figure,) = bill["lines"][0]["said"]["removed_at_check"]
    assert [(r["by"], r["units"]) for r in figure["removals"]] == [("check 1", 5), ("check 2", 3)]
    page = Browser(world, "olga")
    said = words(page.text(thing(page, "deliveries", "delivery")))
    assert "5 by check 1" in said
    assert "3 by check 2" in said
    assert "reconciles" in said


def test_a_request_has_a_second_version_and_a_decision_says_on_which_it_was_made(world: World
                                                                                 ) -> None:
    write(world, "olga", "request.draft", "R1", addressees=["Party A"], public_statement="first",
          proposals=[{"text": "One more hour"}])
    write(world, "olga", "request.revise", "R1", version=2, addressees=["Party A"],
          proposals=[{"text": "Two more hours"}, {"text": "One more lane", "is_new": True}])
    write(world, "alice", "request.send", "R1")
    write(world, "paul", "decision.refuse", "R1", part="Party A", party="Party A",
          request_version=2)
    olga = Browser(world, "olga")
    page = olga.text("@requests")
    there = re.search(r'href="([^"]*/requests/[0-9a-f]+)"', page)
    assert there
    said = words(olga.text(there[1]))
    assert "not said to be new Two more hours" in said
    assert "new One more lane" in said
    assert "repeated" not in said
    assert "decided on version" not in said
    write(world, "olga", "request.amend", "R1", version=3, addressees=["Party A"],
          proposals=[{"text": "Three more hours"}])
    said = words(olga.text(there[1]))
    assert "decided on version 2" in said
    paul = Browser(world, "paul")
    form = form_of(paul, paul.text(there[1]), "decision.grant")
    assert filled_in(paul.text(form))["f.request_version"] == "3"


def test_what_an_earlier_request_asked_for_reads_repeated_with_its_name(world: World) -> None:
    write(world, "olga", "request.draft", "R0", proposals=[{"text": "One more hour"}])
    write(world, "olga", "request.draft", "R1", earlier_requests=["R0"],
          proposals=[{"text": "one more  hour"}, {"text": "A lane", "repeats": "R-old"}])
    olga = Browser(world, "olga")
    pages = [words(olga.text(there)) for there in dict.fromkeys(
        re.findall(r'href="([^"]*/requests/[0-9a-f]+)"', olga.text("@requests")))]
    said = next(page for page in pages if "A lane" in page)
    assert "repeated one more hour asked before in R0" in said
    assert "repeated A lane asked before in R-old" in said


def test_an_account_begins_with_what_each_party_said_in_public_in_the_order_of_time(world: World
                                                                                    ) -> None:
    write(world, "paul", "pause.declare", "P1")
    write(world, "paul", "consent.request", "P1", part="Party A", party="Party A",
          said_at="2016-10-18T08:00:00Z")
    write(world, "piotr", "consent.refuse", "P1", part="Party B", party="Party B", wall="sealed",
          to=("ocha",), said_at="2016-10-18T09:00:00Z")
    write(world, "paul", "consent.agree", "P1", part="Party A", party="Party A",
          said_at="2016-10-19T08:00:00Z")
    given = filled_in(Browser(world, "alice").text("@write/after_action"))
    assert [(given[f"f.consents.{n}.party"], given[f"f.consents.{n}.stance"]) for n in (1, 2)] == [
        ("Party A", "requested"), ("Party A", "agreed")]
    assert "f.consents.3.party" not in given
    made = write(world, "alice", "after_action", "A1", consents=[
        {"party": "Party A", "said_at": "2016-10-19T08:00:00Z", "stance": "agreed",
         "said_by_function": "duty officer"}])
    said = words(Browser(world).text(f"@account/{made.hash}"))
    assert "What each party said to the pause" in said
    assert "Party A Agreed duty officer" in said


def test_a_corridor_is_closed_with_by_whom_and_the_reason_or_that_none_was_given(world: World
                                                                                 ) -> None:
    for missing in ("status_by", "status_reason"):
        said = {"status": "closed", "status_by": "Party A", "status_reason": "none given"}
        told = caller(world, "fred").write("corridor", "C1", key=f"key-{missing}",
                                           **{k: v for k, v in said.items() if k != missing})
        assert told.status_code == 422
        assert "the reason that was given" in told.json()["errors"][0]["sentence"]
    write(world, "fred", "corridor", "C1", **said)
    assert "none given" in words(Browser(world, "alice").text("@corridors"))


def test_a_version_that_was_written_twice_apart_is_said_on_the_page_until_the_next_one(world: World
                                                                                      ) -> None:
    to = (("Party A", "file"), ("Party B", "radio"))
    amended_twice(world, *to)
    alice = Browser(world, "alice")
    there = thing(alice, "notifications", "notification")
    said = words(alice.text(there))
    assert "Version 2 was written more than once" in said
    assert "Write version 3 that says what holds" in said
    assert "These 2 must be told again" in said
    refused = alice.send(there.replace("of/notification", "transmit"), {"to": ["Party A\nfile"]})
    assert refused.status_code == 422
    assert "which of them holds cannot be told here" in refused.content.decode()
    world.write("alice", "notification.amend", wall="public", **version(3, *to, purpose="salt"))
    said = words(alice.text(there))
    assert "written more than once" not in said
    assert "These 2 must be told again" in said
