"""A notification over the API: addressed, submitted, transmitted, followed in the outbox."""

from __future__ import annotations

from lull.domain.records.form import TO_FILL
from lull.store.sending.urls import read_url
from tests.store.kit import World
from tests.store.letters import Kept, sent, told, version
from tests.web.kit import Caller, caller

KEY = "a-key-of-mine"


def submitted(alice: Caller) -> None:
    """A notification to two recipients, and where they are reached."""
    to = (("Party A", "webhook"), ("Party B", "file"))
    for number, kind in enumerate(("notification.draft", "notification.submit")):
        changes = version(1, *to) if number == 0 else {}
        assert alice.write(kind, wall="restricted", **changes).status_code == 201
    hook = alice.post("pauses/{pause}/addressees", {
        "recipient": "Party A", "channel": "webhook", "address": "https://example.org/in"})
    assert hook.status_code == 201
    assert len(hook.json()["secret"]) > 30
    assert read_url(hook.json()["address"]).host == "example.org"
    assert alice.post("pauses/{pause}/addressees", {
        "recipient": "Party B", "channel": "file", "address": "box-3"}).status_code == 201


def test_a_notification_is_transmitted_and_followed_until_it_has_left(world: World) -> None:
    alice = caller(world, "alice")
    submitted(alice)
    assert "secret" not in alice.get("pauses/{pause}/addressees").content.decode()
    first = alice.post("pauses/{pause}/transmissions", {"object": "N1"}, idempotency_key=KEY)
    assert first.status_code == 201, first.content
    assert [(o["recipient"], o["changes_only"], o["again"]) for o in first.json()] == [
        ("Party A", False, False), ("Party B", False, False)]
    again = alice.post("pauses/{pause}/transmissions", {"object": "N1"}, idempotency_key=KEY)
    assert [o["entry"] for o in again.json()] == [o["entry"] for o in first.json()]
    assert sent(world, Kept(channels=("webhook",), confirming=True)) == 1
    rows = {o["recipient"]: o for o in alice.get("pauses/{pause}/outbox").json()}
    assert rows["Party A"]["sent"]
    assert not rows["Party B"]["sent"]
    assert "not permission" in rows["Party A"]["beside"]
    assert [r["recipient"] for r in told(world, "receipt.deliver")] == ["Party A"]
    gone = alice.post("pauses/{pause}/cancellations", {"object": "N1"}, idempotency_key="off-off1")
    assert gone.status_code == 201
    late = alice.post("pauses/{pause}/transmissions", {
        "object": "N1", "to": [{"recipient": "Party A", "channel": "webhook"}]},
        idempotency_key="late-key")
    assert late.status_code == 409


def test_what_is_not_right_is_told_at_its_field(world: World) -> None:
    alice = caller(world, "alice")
    wrong = alice.post("pauses/{pause}/addressees", {
        "recipient": "Party A", "channel": "webhook", "address": "http://10.0.0.1/"})
    assert wrong.status_code == 422
    assert [e["field"] for e in wrong.json()["errors"]] == ["address"]
    none = alice.post("pauses/{pause}/transmissions", {"object": "N9"}, idempotency_key=KEY)
    assert none.status_code == 404


def test_an_address_is_forgotten_once(world: World) -> None:
    alice = caller(world, "alice")
    submitted(alice)
    which = {"recipient": "Party B", "channel": "file"}
    assert alice.post("pauses/{pause}/addressees/drop", which).status_code == 204
    assert alice.post("pauses/{pause}/addressees/drop", which).status_code == 404
    assert [a["recipient"] for a in alice.get("pauses/{pause}/addressees").json()] == ["Party A"]


def test_what_is_still_to_be_filled_does_not_leave(world: World) -> None:
    alice = caller(world, "alice")
    changes = version(1, ("Party A", "file")) | {"organisation": TO_FILL}
    for kind, more in (("notification.draft", changes), ("notification.submit", {})):
        assert alice.write(kind, wall="restricted", **more).status_code == 201
    held = alice.post("pauses/{pause}/transmissions", {"object": "N1"}, idempotency_key=KEY)
    assert held.status_code == 422
    assert [e["field"] for e in held.json()["errors"]] == ["organisation"]
    assert alice.get("pauses/{pause}/outbox").json() == []
