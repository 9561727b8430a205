"""What is due over the API: owner, member, stranger and public, each from what they may read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.store.kit import World
from tests.store.letters import version
from tests.web.kit import Caller, caller

# The clock of the tests stands at 2016-10-20T12:00Z; the movement goes at 14:00.
STOPS = {
    "departure": {"place": {"name": "Ramouseh gate"}, "arrives": "2016-10-20T13:00:00Z",
                  "leaves": "2016-10-20T14:00:00Z"},
    "arrival": {"place": {"name": "Atareb"}, "arrives": "2016-10-20T16:00:00Z",
                "leaves": "2016-10-20T18:00:00Z"},
    "valid": {"start": "2016-10-20T14:00:00Z", "end": "2016-10-20T20:00:00Z"},
}  # fmt: skip
CANARY = "canary-7f3a"
TO = (("Party A", "file"), ("Party B", "file"))


def due(who: Caller, query: str = "") -> list[dict[str, Any]]:
    """What is due for somebody."""
    answer = who.get("pauses/{pause}/due" + query)
    assert answer.status_code == 200, answer.content
    assert not answer.json()["more"]
    return list(answer.json()["items"])


def notified(by: Caller, wall: str, to: tuple[str, ...] = (), **changes: Any) -> None:
    """A movement that is drafted and submitted, with recipients."""
    draft = by.write("notification.draft", wall=wall, to=to, **version(1, *TO, **STOPS, **changes))
    assert draft.status_code == 201, draft.content
    assert by.write("notification.submit", wall=wall, to=to).status_code == 201


def left(alice: Caller, key: str = "first-key") -> list[dict[str, Any]]:
    """It is transmitted to all whom it names."""
    for party, channel in TO:
        alice.post("pauses/{pause}/addressees", {"recipient": party, "channel": channel,
                                                 "address": f"box-{party[-1]}"})
    answer = alice.post("pauses/{pause}/transmissions", {"object": "N1"}, idempotency_key=key)
    assert answer.status_code == 201, answer.content
    return list(answer.json())


def test_what_leaves_too_late_leaves_with_a_warning_that_says_by_how_much(world: World) -> None:
    alice = caller(world, "alice")
    notified(alice, "restricted")
    ordered = left(alice)
    assert [[(w["rule"], w["late_minutes"]) for w in o["warnings"]] for o in ordered] == [
        [("planned_movement", 46 * 60)]] * 2
    assert "46 h late (planned_movement: HNS Yemen" in ordered[0]["warnings"][0]["sentence"]
    world.clock.forward(hours=1)
    again = left(alice)
    assert all(o["again"] for o in again)
    assert again[0]["warnings"] == ordered[0]["warnings"], "as late as when it left"


def test_what_leaves_in_time_leaves_without_a_word(world: World) -> None:
    world.clock.forward(hours=-49)
    alice = caller(world, "alice")
    notified(alice, "restricted")
    assert [o["warnings"] for o in left(alice)] == [[], []]


def test_an_agreed_lead_time_is_the_one_that_is_measured_by(world: World) -> None:
    alice = caller(world, "alice")
    agreed = [{"rule": "planned_movement", "minutes": 60}]
    assert caller(world, "paul").write("pause.declare", "P02", reference="P02", lead_times=agreed
                                       ).status_code == 201
    notified(alice, "restricted", pause="P02")
    assert [o["warnings"] for o in left(alice)] == [[], []]


@pytest.mark.parametrize(("owner", "member", "stranger"), [("olga", "omar", "oda")])
def test_a_restricted_notification_is_due_to_its_side_and_coordinators_alone(
    world: World, owner: str, member: str, stranger: str
) -> None:
    notified(caller(world, owner), "restricted", purpose=CANARY)
    for name in (owner, member, "alice", "adam"):
        kinds = {d["kind"] for d in due(caller(world, name))}
        assert "transmit" in kinds, name
    for name in (stranger, "paul", "mona", "fred", "finn", ""):
        who = caller(world, name) if name else Caller(world)
        assert due(who) == [], name


def test_whose_turn_it_is_is_marked_by_role_and_side(world: World) -> None:
    olga = caller(world, "olga")
    draft = olga.write("notification.draft", wall="restricted", **version(1, *TO, **STOPS))
    assert draft.status_code == 201

    def turns(name: str) -> set[tuple[str, bool]]:
        return {(d["kind"], d["yours"]) for d in due(caller(world, name))}

    assert ("transmit", True) in turns("olga"), "who drafted it hands it in"
    assert olga.write("notification.submit", wall="restricted").status_code == 201
    assert ("transmit", False) in turns("olga"), "a coordinator transmits it"
    assert ("transmit", True) in turns("alice")
    mine = due(caller(world, "olga"), "?yours=true")
    assert mine
    assert all(d["yours"] for d in mine)
    assert len(mine) < len(due(caller(world, "olga")))


def test_a_sealed_notification_is_due_to_whom_it_is_sealed_and_to_nobody_else(
    world: World
) -> None:
    alice = caller(world, "alice")
    notified(alice, "sealed", ("ocha", "a"), purpose=CANARY)
    left(alice)
    assert [d["part"] for d in due(caller(world, "paul")) if d["kind"] == "receipt"] == [
        "Party A 1"], "to whom else it went is not a party's to know"
    assert [(d["side"], d["yours"]) for d in due(caller(world, "paul")) if d["kind"] == "receipt"
            ] == [("Party A", True)]
    assert [d["part"] for d in due(alice) if d["kind"] == "receipt"] == [
        "Party A 1", "Party B 1"]
    for name in ("piotr", "olga", "mona", "fred", ""):
        who = caller(world, name) if name else Caller(world)
        answer = who.get("pauses/{pause}/due")
        assert answer.json()["items"] == [], name
        assert CANARY not in answer.content.decode()


def test_that_a_sealed_notification_entered_what_is_due_is_written_down(world: World) -> None:
    alice = caller(world, "alice")
    notified(alice, "sealed", ("ocha", "a"))
    left(alice)
    paul = caller(world, "paul")

    def viewed() -> list[Any]:
        found = paul.post("pauses/{pause}/find", {"kind": "disclosure"}).json()["items"]
        return [e for e in found if e["content"]["payload"]["kind"] == "viewed"]

    assert viewed() == []
    assert due(paul)
    before = viewed()
    assert len(before) == 1
    assert due(paul)
    assert len(viewed()) == len(before)


def test_a_receipt_ends_its_own_item_and_beside_it_stands_what_it_is_not(world: World) -> None:
    alice = caller(world, "alice")
    notified(alice, "sealed", ("ocha", "a", "b"))
    left(alice)
    world.clock.forward(minutes=20)
    items = [d for d in due(alice) if d["kind"] == "receipt"]
    assert [(d["part"], d["waiting_minutes"]) for d in items] == [
        ("Party A 1", 20), ("Party B 1", 20)]
    assert all("not permission" in d["beside"] for d in items)
    done = caller(world, "paul").write(
        "receipt.confirm", wall="sealed", to=("ocha", "a"), part="Party A 1", recipient="Party A",
        notification="N1", notification_version=1, by_voice_taken_by="duty")
    assert done.status_code == 201, done.content
    assert [d["part"] for d in due(alice) if d["kind"] == "receipt"] == ["Party B 1"]


def test_its_owner_is_not_told_that_a_receipt_is_outstanding_that_is_here(world: World) -> None:
    """The receipt is restricted to the party; the owner may not read it, others are told no more
    than they can read."""
    olga = caller(world, "olga")
    notified(olga, "public")
    left(caller(world, "alice"))
    confirmed = caller(world, "paul").write(
        "receipt.confirm", wall="restricted", part="Party A 1", recipient="Party A",
        notification="N1", notification_version=1, by_voice_taken_by="duty")
    assert confirmed.status_code == 201, confirmed.content

    def outstanding(name: str) -> list[str]:
        return [d["part"] for d in due(caller(world, name)) if d["kind"] == "receipt"]

    assert outstanding("olga") == ["Party B 1"]
    assert outstanding("alice") == ["Party B 1"]
    assert outstanding("oda") == ["Party A 1", "Party B 1"], "a stranger learns nothing by it"


def under_way(by: Caller) -> None:
    """The movement goes."""
    for step in ("plan", "make_ready", "go"):
        assert by.write(f"movement.{step}", wall="restricted").status_code == 201


CHECK_IN = {"movement": "N1", "point": "Ramouseh gate", "channel": "radio"}


def test_check_ins_are_written_by_the_movement_s_owner_and_nobody_else(world: World) -> None:
    olga = caller(world, "olga")
    notified(olga, "restricted")
    under_way(olga)

    def checks_in(name: str, **changes: Any) -> Any:
        return caller(world, name).write(
            "check_in", wall=changes.pop("wall", "restricted"), key=f"{name}-{len(changes)}-check",
            **{**CHECK_IN, "at": "2016-10-20T12:00:00Z", **changes})

    for name in ("oda", "alice", "paul", "mona", "finn"):
        assert checks_in(name).status_code == 403, name
    for name in ("olga", "omar", "fred"):
        assert checks_in(name).status_code == 201, name
    public = checks_in("olga", wall="public")
    assert public.status_code == 422
    assert [e["field"] for e in public.json()["errors"]] == ["wall"]
    elsewhere = checks_in("olga", point="Nowhere")
    assert (elsewhere.status_code, elsewhere.json()["error"]) == (409, "illegal_step")
    measured = checks_in("olga", point="36.2021, 37.1343")
    assert measured.status_code == 422


def test_nobody_learns_another_s_route_by_trying_points(world: World) -> None:
    """A stranger makes a movement of its own that another's notification names, and guesses."""
    oda = caller(world, "oda")
    for step in ("plan", "make_ready", "go"):
        assert oda.write(f"movement.{step}", "M1", wall="restricted").status_code == 201
    notified(caller(world, "olga"), "restricted", movements=["M1"])
    said = {
        point: oda.write("check_in", "M1", wall="restricted", key=f"guess-{point.split()[0]}",
                         **{**CHECK_IN, "movement": "M1", "point": point}).json()["sentence"]
        for point in ("Ramouseh gate", "Nowhere at all")
    }
    assert len(set(said.values())) == 1


def test_a_missed_check_in_tells_its_owner_whom_to_call(world: World) -> None:
    olga = caller(world, "olga")
    rungs = [{"after_minutes": m, "organisation": "Red Crescent", "function": f"function {m}",
              "channel": "radio", "does": "calls"} for m in (0, 20)]
    notified(olga, "restricted", check_in_minutes=30, escalation=rungs)
    under_way(olga)
    world.clock.forward(minutes=40)
    [item] = [d for d in due(caller(world, "omar")) if d["kind"] == "check_in"]
    assert item["yours"]
    assert item["late_minutes"] == 10
    assert "function 0" in item["ladder"]["call"]
    assert "function 20" in item["ladder"]["next_call"]
    assert item["ladder"]["next_at"] == "2016-10-20T12:50:00Z"
    assert [d for d in due(caller(world, "oda")) if d["kind"] == "check_in"] == []


def test_in_a_pause_in_which_one_does_not_sit_nothing_is_told(world: World) -> None:
    alice = caller(world, "alice")
    other = alice.post("pauses", {"name": "Homs"}).json()["id"]
    assert alice.get(f"pauses/{other}/due").status_code == 200
    for name in ("adam", "olga", "paul", "mona", "fred"):
        assert caller(world, name).get(f"pauses/{other}/due").status_code == 404
    assert Caller(world).get(f"pauses/{world.side('a')}/due").status_code == 404


def test_more_than_was_asked_for_is_said(world: World) -> None:
    notified(caller(world, "olga"), "restricted")
    answer = caller(world, "olga").get("pauses/{pause}/due?limit=1").json()
    assert len(answer["items"]) == 1
    assert answer["more"] is True
    assert answer["at"] == "2016-10-20T12:00:00Z"
    assert caller(world, "olga").get("pauses/{pause}/due?limit=0").status_code == 422


def test_what_was_destroyed_is_due_no_more_and_kept_nowhere(world: World) -> None:
    olga = caller(world, "olga")
    draft = olga.write("notification.draft", wall="restricted", **version(1, *TO, **STOPS))
    assert "transmit" in {d["kind"] for d in due(olga)}
    view = world.who("olga").reading_with(world.store).view(world.pause)
    assert draft.json()["hash"] in view.memo
    gone = olga.post(f"pauses/{{pause}}/entries/{draft.json()['hash']}/destroy")
    assert gone.status_code == 201, gone.content
    assert due(olga) == []
    view = world.who("olga").reading_with(world.store).view(world.pause)
    assert draft.json()["hash"] not in view.memo
