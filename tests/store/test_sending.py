"""Letters leave: once per version and recipient, the difference to who had the old, none lost."""

from __future__ import annotations

import threading
from hashlib import sha256

import pytest
from django.db import connections

from lull.domain.protocol import IllegalStep
from lull.domain.refusal import Refusal
from lull.exchange.seal import open_bytes
from lull.store import models, notify, outbox
from lull.store.bad_fields import BadFields
from lull.store.once import UsedKey
from lull.store.principal import NotAllowed
from lull.store.sending.transport import NotSent
from lull.store.write import destroy
from tests.store.kit import World
from tests.store.letters import (
    Kept,
    amended_twice,
    begun,
    left,
    reachable,
    sent,
    told,
    version,
)

A, B = ("Party A", "file"), ("Party B", "radio")


def test_a_first_version_goes_whole_to_those_it_names_with_the_hash_of_what_was_sent(
    world: World
) -> None:
    begun(world, A, B, purpose="bread for two thousand")
    assert [(o.recipient, o.version, o.changes_only) for o in left(world)] == [
        ("Party A", 1, False), ("Party B", 1, False)]
    kept = Kept()
    assert sent(world, kept) == 2
    assert sent(world, kept) == 0
    for text in kept.texts.values():
        assert "Purpose: bread for two thousand" in text
        assert "Departure, leaves: 2016-10-20 " in text
        assert "not permission" in text
    assert "Party B" not in kept.texts["box-3"]
    hashes = {r["recipient"]: r["payload_sha256"] for r in told(world, "notification.transmit")}
    assert hashes["Party A"] == sha256(kept.texts["box-3"].encode()).hexdigest()
    assert told(world, "receipt.deliver") == []  # a file that was written is no receipt


def test_asked_again_with_the_same_key_nothing_leaves_twice(world: World) -> None:
    begun(world, A, B)
    first = left(world)
    world.clock.forward(minutes=3)
    again = left(world)
    assert [o.written.hash for o in again] == [o.written.hash for o in first]
    assert all(o.written.again for o in again)
    assert left(world, "other key") == []
    kept = Kept()
    assert sent(world, kept) == 2
    world.write("alice", "notification.amend", wall="restricted", **version(2, A, B))
    with pytest.raises(UsedKey):
        left(world)


def test_amending_sends_the_difference_to_who_had_the_old_version_and_to_nobody_else(
    world: World
) -> None:
    begun(world, A, B, call_sign="EAGLE", purpose="bread")
    left(world)
    sent(world, Kept())
    reachable(world, "Red Crescent", "email")
    world.write("alice", "notification.amend", wall="restricted", **version(
        2, A, B, ("Red Crescent", "email"), purpose="flour", radio="channel 5"))
    kept = Kept()
    assert [o.changes_only for o in left(world, "second")] == [True, True]
    sent(world, kept)
    assert kept.texts.keys() == {"box-3", "EAGLE 7"}
    for text in kept.texts.values():
        assert "Purpose: bread -> now: flour" in text
        assert "NEW\nRadio: channel 5" in text
        assert "NO LONGER\nCall sign: EAGLE" in text
        assert "Departure" not in text
        assert "Red Crescent" not in text
    (new,) = left(world, "third", to=[("Red Crescent", "email")])
    assert (new.version, new.changes_only) == (2, False)
    kept = Kept()
    assert sent(world, kept) == 1
    assert "Departure" in kept.texts["room@example.org"]


def test_who_never_got_the_old_version_gets_the_new_one_whole_and_the_old_no_more(
    world: World
) -> None:
    begun(world, A, B)
    left(world)
    file_only = Kept(channels=("file",))
    assert sent(world, file_only) == 1
    world.write("alice", "notification.amend", wall="restricted", **version(2, A, B, purpose="x"))
    assert {o.recipient: o.changes_only for o in left(world, "second")} == {
        "Party A": True, "Party B": False}
    kept = Kept()
    assert sent(world, kept) == 2
    assert "version 2" in kept.texts["EAGLE 7"]
    assert "Departure" in kept.texts["EAGLE 7"]


def test_a_cancellation_is_told_to_all_who_had_a_version_and_stops_what_waits(
    world: World
) -> None:
    begun(world, A, B)
    left(world)
    assert sent(world, Kept(channels=("file",))) == 1
    notify.cancel(world.store, world.seat("alice"), "N1", "off", reason="the bridge is down")
    kept = Kept()
    assert sent(world, kept) == 1
    assert "CANCELLED" in kept.texts["box-3"]
    assert "the bridge is down" in kept.texts["box-3"]
    with pytest.raises(IllegalStep):
        left(world, "late", to=[A])


def test_only_a_coordinator_orders_letters_and_only_over_what_there_is(world: World) -> None:
    begun(world, A)
    with pytest.raises(NotAllowed):
        notify.transmit(world.store, world.seat("olga"), "N1", "mine")
    with pytest.raises(BadFields):
        left(world, to=[("Party A", "pigeon")])
    for channel, wrong in {"email": "a@b\nBcc: c@d", "file": "../x", "webhook": "http://a.org/",
                           "paper": "x"}.items():
        with pytest.raises(BadFields):
            reachable(world, "Party A", channel, wrong)


def test_of_many_workers_each_letter_is_sent_by_one(world: World) -> None:
    to = [(f"Post {i}", "file") for i in range(12)]
    begun(world, *to)
    left(world)
    kept = Kept()

    def work(name: str) -> None:
        sent(world, kept, name)
        connections.close_all()

    threads = [threading.Thread(target=work, args=(f"w{i}",)) for i in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(kept.had) == len({p.once for p in kept.had}) == 12
    assert models.Outgoing.objects.exclude(sent=None).count() == 12


def test_who_may_have_had_it_from_a_worker_that_went_down_is_told_of_the_cancellation(
    world: World
) -> None:
    begun(world, A, B)
    left(world)
    assert outbox.take(world.store, "the one that goes down", channels=("file",))
    notify.cancel(world.store, world.seat("alice"), "N1", "off")
    world.clock.forward(hours=1)
    kept = Kept()
    assert sent(world, kept) == 1
    assert "Reason given: none given" in kept.texts["box-3"]


class Killed(BaseException):
    """The worker is gone at this very place."""


def test_a_worker_killed_before_or_after_the_handing_over_loses_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed at each place in turn; a recipient who drops a key that they had sees each once."""
    to = [(f"Post {i}", "webhook") for i in range(6)]
    begun(world, *to)
    left(world)
    kept = Kept(confirming=True)

    def gone(*_: object, **__: object) -> None:
        raise Killed

    for place in ("lull.store.sending.worker._parcel", "lull.store.sending.worker._delivered",
                  "lull.store.outbox.sent"):
        with monkeypatch.context() as m:
            m.setattr(place, gone)
            with pytest.raises(Killed):
                sent(world, kept, "the one that dies")
    world.clock.forward(seconds=outbox.LEASE_SECONDS + 1)
    sent(world, kept, "another")
    shown = {p.once: p.payload for p in kept.had}
    assert len(kept.had) == 8  # two had been handed over when their worker went down
    assert len(shown) == 6
    delivered = [r["recipient"] for r in told(world, "receipt.deliver")]
    assert sorted(delivered) == sorted(party for party, _ in to)


def test_a_letter_is_tried_again_and_given_up_after_the_limit_with_an_entry(world: World) -> None:
    begun(world, A)
    left(world)
    failing = Kept(fails=[NotSent("no stick")] * outbox.MOST_TRIES)
    for _ in range(outbox.MOST_TRIES):
        assert told(world, "not_delivered") == []
        world.clock.at = models.Outgoing.objects.get().due
        assert sent(world, failing) == 0
    (record,) = told(world, "not_delivered")
    assert (record["recipient"], record["tries"], record["trouble"]) == (
        "Party A", outbox.MOST_TRIES, "no stick")
    world.clock.forward(days=3)
    assert sent(world, Kept()) == 0


def test_without_an_address_a_letter_waits_for_one(world: World) -> None:
    world.write("alice", "notification.draft", wall="restricted", **version(1, A))
    world.write("alice", "notification.submit", wall="restricted")
    left(world)
    kept = Kept()
    assert sent(world, kept) == 0
    assert models.Outgoing.objects.get().trouble == "no address is known"
    reachable(world, *A)
    world.clock.forward(minutes=1)
    assert sent(world, kept) == 1


def test_what_is_sealed_leaves_as_a_file_that_its_recipient_opens_or_as_a_word(
    world: World
) -> None:
    to = [("Party A", channel) for channel in ("file", "email", "radio", "webhook")]
    begun(world, *to, wall="sealed", sealed_to=("a",), purpose="canary 7731")
    left(world)
    kept = Kept()
    sent(world, kept)
    found = {p.channel: p for p in kept.had}
    assert found["email"].payload == b"Version 1 awaits you."
    assert not any(b"7731" in p.payload for p in kept.had)
    secret, own = (world.who(name).reader.secrets for name in ("paul", "alice"))
    for channel, keys in (("file", secret), ("webhook", secret), ("radio", own)):
        assert found[channel].sealed
        opened = open_bytes(found[channel].payload, secrets=keys).decode()
        assert "canary" in opened
    assert "confirmed by voice" in opened  # the one for the radio
    world.write("alice", "notification.amend", wall="sealed", to=("a",),
                **version(2, *to, purpose="canary 8842"))
    left(world, "second")
    kept = Kept()
    sent(world, kept)
    file = next(p for p in kept.had if p.channel == "file")
    assert "canary 7731 -> now: canary 8842" in open_bytes(file.payload, secrets=secret).decode()
    for row in models.Outgoing.objects.all():
        assert "canary" not in str(outbox.body_of(world.store, row))


def test_what_is_destroyed_is_gone_from_the_outbox_too(world: World) -> None:
    begun(world, A, purpose="gone soon")
    left(world)
    drafted = next(k for k in world.store.own.view(world.pause).known.values()
                   if k.content and k.content.kind == "notification.draft")
    destroy(world.store, world.seat("alice"), drafted.entry.hash)
    assert models.Outgoing.objects.count() == 0


def test_of_a_version_that_was_written_twice_apart_none_is_sent_until_the_next_says_what_holds(
    world: World
) -> None:
    amended_twice(world, A, B)
    with pytest.raises(Refusal, match="Version 2 was written 2 times"):
        left(world, "twins")
    looked = notify.outlook(world.store, world.seat("alice"), "N1")
    assert looked.version == 2
    world.write("alice", "notification.amend", wall="public", **version(3, A, B, purpose="salt"))
    kept = Kept()
    assert {(o.recipient, o.version) for o in left(world, "third")} == {
        ("Party A", 3), ("Party B", 3)}
    sent(world, kept)
    assert all("now: salt" in text for text in kept.texts.values())


def test_a_transmission_names_the_entry_in_which_its_version_stands(world: World) -> None:
    begun(world, A)
    made = world.store.own.view(world.pause)
    left(world)
    (one,) = told(world, "notification.transmit")
    draft = next(k for k in made.known.values()
                 if k.content and k.content.kind == "notification.draft")
    assert one["version_hash"] == draft.entry.hash


@pytest.mark.parametrize("number", [1, 3])
def test_an_amendment_that_says_another_number_than_the_next_is_refused_and_hides_no_change(
    world: World, number: int
) -> None:
    begun(world, A)
    left(world)
    sent(world, Kept())
    with pytest.raises(IllegalStep, match="the next version is 2"):
        world.write("alice", "notification.amend", wall="restricted", **version(number, A))
    world.write("alice", "notification.amend", wall="restricted", **version(2, A, purpose="rice"))
    assert [o.version for o in left(world, "second")] == [2]


def test_a_receipt_of_what_was_never_sent_is_refused(world: World) -> None:
    begun(world, A)
    left(world)
    for about, number in (("N1", 2), ("N7", 1)):
        with pytest.raises(IllegalStep, match="The fault lies with Party A"):
            world.write("paul", "receipt.confirm", about, part=f"Party A {number}",
                        recipient="Party A", notification_version=number)
    world.write("paul", "receipt.confirm", "N1", part="Party A 1", recipient="Party A")
