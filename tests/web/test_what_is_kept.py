"""What a pause's record keeps apart and keeps for good, asked of the API by those who may and not.

Each test is a small story of one sentence: who is called when a movement is silent, which version
an incident freezes, what a claim is, what a yes at one level says of another, and that acts on what
is sealed leave an entry.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.store.kit import World
from tests.store.letters import reachable, version
from tests.web.kit import caller

LADDER = [{"after_minutes": 15, "organisation": "Red Crescent", "function": "radio room",
           "channel": "radio", "does": "calls the convoy"},
          {"after_minutes": 45, "organisation": "OCHA", "function": "duty officer",
           "channel": "telephone", "does": "calls the parties"}]
PLACE = {"name": "School"}


def notified(world: World, **more: Any) -> None:
    """A restricted notification of the Red Crescent; its movement leaves at 13:00."""
    stop = {"place": PLACE, "arrives": "2016-10-20T12:30:00Z", "leaves": "2016-10-20T13:00:00Z"}
    end = {"place": {"name": "Hospital"}, "arrives": "2016-10-20T18:00:00Z",
           "leaves": "2016-10-20T18:30:00Z"}
    world.write("olga", "notification.draft", wall="restricted", **{
        **version(1), "departure": stop, "arrival": end, "radio": "channel 4",
        "check_in_minutes": 30, "escalation": LADDER,
        "valid": {"start": "2016-10-20T12:00:00Z", "end": "2016-10-20T20:00:00Z"}, **more})
    world.write("olga", "notification.submit", wall="restricted")


def due(world: World, name: str, kind: str) -> list[dict[str, Any]]:
    """What is due of a kind for somebody."""
    answer = caller(world, name).get("pauses/{pause}/due").json()
    items = answer["items"] if isinstance(answer, dict) else answer
    return [one for one in items if one["kind"] == kind]


@pytest.mark.parametrize(("name", "told"), [("olga", True), ("omar", True), ("alice", True),
                                            ("oda", False), ("paul", False), ("mona", False)])
def test_a_missed_check_in_starts_a_ladder_that_climbs_with_the_minutes(world: World, name: str,
                                                                        told: bool) -> None:
    notified(world)
    for step in ("plan", "make_ready"):
        world.write("olga", f"movement.{step}", wall="restricted")
    world.clock.forward(hours=1)
    world.write("olga", "movement.go", wall="restricted")
    calls = []
    for minutes in (31, 15, 30):  # after 30 the first is missed
        world.clock.forward(minutes=minutes)
        calls += [one["ladder"]["call"] for one in due(world, name, "check_in")]
    assert bool(calls) is told
    if told:
        assert "radio room" in calls[1]
        assert "duty officer" in calls[2]
        world.write("olga", "check_in", wall="restricted", movement="N1", point="School",
                    at="2016-10-20T14:16:00Z", channel="radio")
        later = due(world, name, "check_in")
        assert not later or not later[0]["late_minutes"]


@pytest.mark.parametrize(("name", "told"), [("olga", True), ("omar", True), ("alice", True),
                                            ("oda", False), ("paul", False), ("mona", False)])
def test_a_line_is_due_before_go_until_a_test_call_was_answered(world: World, name: str,
                                                               told: bool) -> None:
    notified(world)
    assert bool([one for one in due(world, name, "line_test") if "radio" in one["part"]]) is told
    caller(world, "olga").write("line_test", wall="restricted", movement="N1", line="radio",
                                outcome="no_answer", tested_at="2016-10-20T11:30:00Z",
                                key="no-answer-key")
    assert bool([one for one in due(world, name, "line_test") if "radio" in one["part"]]) is told
    caller(world, "olga").write("line_test", wall="restricted", movement="N1", line="radio",
                                outcome="answered", tested_at="2016-10-20T12:00:00Z",
                                answered_by_function="driver")
    assert [one for one in due(world, name, "line_test") if "radio" in one["part"]] == []


def incident(world: World, name: str, at: str, **more: Any) -> Any:
    """Somebody alleges an incident of N1 at a time, and gives no hash."""
    return caller(world, name).write(
        "incident.allege", f"I {at}", wall="restricted", notification="N1", occurred_from=at,
        occurred_to=at, reported_at="2016-10-20T19:00:00Z", **more)


def test_an_incident_freezes_the_version_that_was_in_force_when_it_happened(world: World) -> None:
    notified(world)
    reachable(world, "Party A", "file")
    alice = caller(world, "alice")
    assert alice.post("pauses/{pause}/transmissions", {"object": "N1"},
                      idempotency_key="transmit-1").status_code == 201
    world.clock.forward(hours=2)
    world.tokens.clear()
    world.write("olga", "notification.amend", wall="restricted", **version(2, purpose="changed"))
    world.clock.forward(hours=2)
    world.tokens.clear()
    alice = caller(world, "alice")
    alice.post("pauses/{pause}/transmissions", {"object": "N1"}, idempotency_key="transmit-2")
    world.clock.forward(hours=3)
    world.tokens.clear()  # sessions have run out
    olga = caller(world, "olga")
    items = olga.post("pauses/{pause}/find", {"object": "N1", "kind": "notification"}).json()
    entry = {one["content"]["payload"]["version"]: one["hash"] for one in items["items"]
             if one["content"]["kind"] in ("notification.draft", "notification.amend")}
    # Amended at 14, and not told to anybody before 16: until then the first one was in force.
    for at, number in (("2016-10-20T13:00:00Z", 1), ("2016-10-20T15:00:00Z", 1),
                       ("2016-10-20T16:30:00Z", 2)):
        made = incident(world, "olga", at)
        assert made.status_code == 201, made.content
        found = olga.get(f"pauses/{{pause}}/entries/{made.json()['hash']}").json()["content"]
        assert found["payload"]["notification_version"] == number
        assert found["payload"]["notification_hash"] == entry[number]


@pytest.mark.parametrize("name", ["oda", "mona", "paul"])
def test_who_cannot_read_the_notification_gives_the_hash_that_they_were_told(world: World, name: str
                                                                             ) -> None:
    notified(world)
    refused = incident(world, name, "2016-10-20T13:00:00Z")
    assert refused.status_code == 422
    assert "Give the hash" in refused.content.decode()
    known = world.store.own.view(world.pause).known.values()
    told = next(k.entry.hash for k in known
                if k.content and k.content.kind == "notification.draft")
    for named, status in (("ab" * 32, 422), (told, 201)):
        made = incident(world, name, "2016-10-20T13:00:00Z", key=f"with-hash-{status}",
                        notification_hash=named, notification_version=1)
        assert made.status_code == status


@pytest.mark.parametrize("name", ["olga", "omar", "alice"])
def test_an_entry_that_is_no_such_version_is_refused_at_its_field(world: World, name: str) -> None:
    notified(world)
    items = caller(world, name).post("pauses/{pause}/find", {"object": "N1"}).json()["items"]
    hashes = {one["content"]["kind"]: one["hash"] for one in items}
    for changes, field in (
        ({"notification_hash": hashes["notification.submit"]}, "payload.notification_hash"),
        ({"notification_hash": hashes["notification.draft"], "notification_version": 2},
         "payload.notification_hash"),
        ({"notification_version": 7}, "payload.notification_version"),
    ):
        answer = incident(world, name, "2016-10-20T13:00:00Z", key=f"wrong-{field}"[:40], **changes)
        assert answer.status_code == 422, answer.content
        assert field in [e["field"] for e in answer.json()["errors"]]


@pytest.mark.parametrize("name", ["paul", "piotr", "mona", "olga", "alice", "fred"])
def test_a_safeguard_is_a_clause_that_anybody_can_cite_against_anybody(world: World, name: str
                                                                      ) -> None:
    world.write("paul", "pause.declare", "P2", safeguards=[
        {"id": "S3", "text": "No reinforcement during the pause.", "binds": "all parties"}])
    made = caller(world, name).write("incident.allege", "I1", clause="S3")
    assert made.status_code == 201, made.content
    for reader in ("paul", "piotr", "mona", "oda"):
        found = caller(world, reader).get(f"pauses/{{pause}}/entries/{made.json()['hash']}").json()
        assert found["content"]["payload"]["clause"] == "S3"


@pytest.mark.parametrize(("observer", "observed"), [("paul", False), ("petra", False),
                                                    ("mona", True), ("olga", True)])
def test_a_party_s_own_delivery_is_a_claim_until_somebody_else_has_observed_it(
    world: World, observer: str, observed: bool
) -> None:
    lines = [{"item": "Flour", "unit": "sacks", "unit_kg": "50", "planned": 10, "loaded": 10,
              "delivered": 10}]
    for at, step in enumerate(("plan", "load", "deliver"), 1):
        world.write("paul", f"delivery.{step}", "W1", lines=lines, version=at, consignor="Party A",
                    carrier="Party A")
    found = caller(world, "oda").get("pauses/{pause}/deliveries").json()["waybills"]
    assert [one["observed"] for one in found] == [False]
    kind = "delivery.check" if observer == "mona" else "delivery.return"
    answer = caller(world, observer).write(kind, "W1", lines=lines, version=9, consignor="Party A",
                                           carrier="Party A")
    if answer.status_code == 201 or not observed:
        found = caller(world, "oda").get("pauses/{pause}/deliveries").json()["waybills"]
        assert [one["observed"] for one in found] == [observed and answer.status_code == 201]


def cell(level: str) -> dict[str, str]:
    """One cell at a level."""
    return {"corridor": "C1", "condition": "open", "actor": "Party A", "level": level}


def states(world: World, name: str) -> dict[str, list[str]]:
    """How each level stands for somebody."""
    found = caller(world, name).get("pauses/{pause}/readiness").json()
    return {one["level"]: one["states"] for pause in found for one in pause["cells"]
            if one["states"] != ["none"]}


@pytest.mark.parametrize("reader", ["paul", "petra", "oda", "mona", ""])
def test_a_yes_above_turns_no_below_and_can_be_taken_back_without_a_reason(world: World,
                                                                           reader: str) -> None:
    from tests.web.kit import Caller

    paul = caller(world, "paul")
    for level, event in (("checkpoint_on_shift", "deny"), ("capital", "confirm")):
        done = paul.write(f"readiness.{event}", "P2",
                          part="/".join((*cell(level).values(), "Party A")),
                          key=f"key-{level}", **cell(level))
        assert done.status_code == 201, done.content
    asks = caller(world, reader) if reader else Caller(world)
    found = asks.get("pauses/{pause}/readiness").json()
    seen = {one["level"]: one["states"] for p in found for one in p["cells"]}
    assert (seen["capital"], seen["checkpoint_on_shift"]) == (["ready"], ["not_ready"])
    assert [p["go"] for p in found] == [False]
    done = paul.write("readiness.revoke", "P2",
                      part="/".join((*cell("capital").values(), "Party A")), **cell("capital"))
    assert done.status_code == 201, done.content
    assert states(world, "paul") == {"capital": ["revoked"],
                                     "checkpoint_on_shift": ["not_ready"]}


@pytest.mark.parametrize(("name", "status"), [("olga", 201), ("omar", 201), ("alice", 201),
                                              ("paul", 201), ("mona", 201), ("fred", 201),
                                              ("oda", 403), ("finn", 403)])
def test_a_movement_is_aborted_without_a_reason(world: World, name: str, status: int) -> None:
    world.write("olga", "movement.plan", "M1")
    answer = caller(world, name).write("movement.no_go", "M1", reason=None)
    assert answer.status_code == status, answer.content
    if status == 201:
        things = caller(world, "oda").get("pauses/{pause}/things").json()
        assert [t["states"] for t in things if t["table"] == "movement"] == [["aborted"]]


def test_receipt_by_headquarters_and_known_at_the_checkpoint_are_two_records(world: World) -> None:
    notified(world)
    alice = caller(world, "alice")
    known = alice.write("known_at_checkpoint", wall="restricted", notification="N1",
                        notification_version=1, checkpoint="Castello", said_by_function="on shift",
                        said_at="2016-10-20T11:00:00Z", heard_by="monitor")
    assert known.status_code == 201, known.content
    things = alice.get("pauses/{pause}/things").json()
    assert [t for t in things if t["table"] == "receipt"] == []
    got = alice.write("receipt.confirm", part="Party A 1", wall="restricted", notification="N1",
                      notification_version=1, recipient="Party A")
    assert got.status_code == 201, got.content
    kinds = [one["content"]["kind"] for one in alice.post(
        "pauses/{pause}/find", {"object": "N1"}).json()["items"]]
    assert {"known_at_checkpoint", "receipt.confirm"} <= set(kinds)
    record = next(one["content"]["payload"] for one in alice.post(
        "pauses/{pause}/find", {"kind": "known_at_checkpoint"}).json()["items"])
    assert (record["said_by_function"], record["said_at"]) == ("on shift", "2016-10-20T11:00:00Z")


def noted(world: World, kind: str) -> list[tuple[str, list[str]]]:
    """By which side what was done with which entries, as the coordinator reads it."""
    items = caller(world, "alice").post("pauses/{pause}/find", {"kind": "disclosure",
                                                                "limit": 500}).json()["items"]
    return [(one["content"]["side"], one["content"]["payload"]["entries"]) for one in items
            if one["content"]["payload"]["kind"] == kind]


def test_disclosing_exporting_seeing_and_trying_in_vain_are_entries_each(world: World) -> None:
    made = caller(world, "olga").write("incident.allege", "I1", wall="sealed",
                                       to=("a", "ocha")).json()["hash"]
    paul, oda, olga = (caller(world, name) for name in ("paul", "oda", "olga"))
    path = f"pauses/{{pause}}/entries/{made}"
    assert paul.get(path).status_code == 200
    assert ("Party A", [made]) in noted(world, "viewed")
    assert oda.get(path).status_code == 404
    assert ("Relief", [made]) in noted(world, "failed_attempt")
    give = {"entries": [made], "to": str(world.side("watch"))}
    piotr, petra = caller(world, "piotr"), caller(world, "petra")
    assert piotr.post("pauses/{pause}/disclosures", give).status_code == 404
    assert ("Party B", [made]) in noted(world, "failed_attempt")
    assert petra.post("pauses/{pause}/disclosures", give).status_code == 403
    assert petra.post(path + "/destroy").status_code == 403
    assert ("Party A", [made]) in noted(world, "failed_attempt")
    assert olga.post("pauses/{pause}/disclosures", {**give, "to": str(world.side("ocha"))}
                     ).status_code == 201
    assert ("Red Crescent", [made]) in noted(world, "disclosed")
    assert paul.get("pauses/{pause}/ledger").status_code == 200
    assert ("Party A", ["ledger"]) in noted(world, "exported")
