"""Who knows to whom a notification went: its owner and coordinators; a party knows its own part."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lull.exchange.ledger import read_ledger
from lull.exchange.ledger.ed25519 import check_signature
from lull.exchange.ledger.sealing import open_contents
from lull.ledger.ledger import merge
from lull.store import models, outbox
from lull.store.ledgers import export, take_in
from lull.store.notify import cancel
from tests.store.kit import World
from tests.store.letters import Kept, begun, left, reachable, sent, told, version
from tests.web.kit import Caller, caller
from tests.web.test_confirm import confirmed, sent_links

A, B = ("Party A", "file"), ("Party B", "webhook")
LADDER = [{"after_minutes": 30, "organisation": "OCHA", "function": "duty officer",
           "channel": "radio", "does": "calls CANARY 7731"}]


def owned(world: World, wall: str = "sealed",
          to: tuple[str, ...] = ("ocha", "crescent", "a", "b")) -> None:
    """The organisation's own notification to both parties, handed in."""
    sides = to if wall == "sealed" else ()
    for party, channel in (A, B):
        reachable(world, party, channel)
    world.write("olga", "notification.draft", wall=wall, to=sides,
                **version(1, A, B, escalation=LADDER))
    world.write("olga", "notification.submit", wall=wall, to=sides)


def read_by(world: World, name: str, path: str = "changes?limit=500") -> list[dict[str, Any]]:
    """What the API lets somebody read of all that was written."""
    asks = caller(world, name) if name else Caller(world)
    items = asks.get("pauses/{pause}/" + path).json()["items"]
    return [one["content"] for one in items if one["content"]]


def opened_from_file(world: World, name: str) -> list[dict[str, Any]]:
    """What somebody can read of the file that they export, with their own keys."""
    held = read_ledger(export(world.store, world.seat(name)), check_signature).ledger
    found = open_contents(held, world.who(name).reader.secrets)
    return [content.as_json() for content in found.values()]


def entries_of(contents: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """Those of a kind."""
    return [one for one in contents if one["kind"] == kind]


@pytest.mark.parametrize(("name", "other"), [("paul", "Party B"), ("petra", "Party B"),
                                             ("piotr", "Party A")])
@pytest.mark.parametrize("read", [read_by, opened_from_file])
def test_a_party_reads_its_own_version_and_transmission_and_nothing_of_another_party(
    world: World, name: str, other: str, read: Any
) -> None:
    owned(world)
    left(world)
    contents = read(world, name)
    own = {"Party A", "Party B"} - {other}
    drafted = entries_of(contents, "notification.draft")
    assert [{r["party"] for r in one["payload"]["recipients"]} for one in drafted] == [own]
    went = entries_of(contents, "notification.transmit")
    assert {one["payload"]["recipient"] for one in went} == own
    assert len(went) == 1
    everything = json.dumps(contents)
    assert other not in everything
    assert "CANARY" not in everything
    theirs = {row.public for row in models.MemberKey.objects.filter(
        member__side_id=world.side("b" if other == "Party B" else "a"))}
    assert theirs
    assert not any(key in everything for key in theirs)


@pytest.mark.parametrize("name", ["olga", "omar", "alice", "adam"])
def test_the_owner_and_coordinators_read_to_whom_it_went(world: World, name: str) -> None:
    owned(world)
    left(world)
    whole = [one for one in read_by(world, name) if one["part"] == ""]
    drafted = entries_of(whole, "notification.draft")
    assert [[r["party"] for r in one["payload"]["recipients"]] for one in drafted] == [
        ["Party A", "Party B"]]
    assert drafted[0]["payload"]["escalation"] == LADDER
    went = [one["payload"] for one in entries_of(whole, "notification.transmit")]
    assert [(w["recipient"], w["channel"], w["notification_version"], w["sent_at"]) for w in went
            ] == [("Party A", "file", 1, "2016-10-20T12:00:00Z"),
                  ("Party B", "webhook", 1, "2016-10-20T12:00:00Z")]


@pytest.mark.parametrize("name", ["oda", "mona", "mila", "finn", ""])
def test_a_stranger_reads_nothing_of_it(world: World, name: str) -> None:
    owned(world)
    left(world)
    assert [one for one in read_by(world, name) if one["object"] == "N1"] == []


def test_the_letter_holds_the_hash_that_the_recipient_reads(world: World) -> None:
    """A party can hold its file against the entry; it needs nothing that was left out for it."""
    from hashlib import sha256

    owned(world)
    left(world)
    kept = Kept()
    sent(world, kept)
    payload = next(p.payload for p in kept.had if p.channel == "file")
    went = entries_of(read_by(world, "paul"), "notification.transmit")
    assert went[0]["payload"]["payload_sha256"] == sha256(payload).hexdigest()


def test_how_it_stands_is_told_to_each_party_by_what_it_was_told(world: World) -> None:
    owned(world)
    left(world, to=[A])
    for name, state in (("paul", "transmitted"), ("piotr", "submitted")):
        things = caller(world, name).get("pauses/{pause}/things").json()
        assert [(t["part"], t["states"], t["next"]) for t in things
                if t["table"] == "notification"] == [
            ("Party A" if name == "paul" else "Party B", [state], [])]


def test_a_new_version_is_told_only_to_those_to_whom_it_is_sealed(world: World) -> None:
    owned(world)
    left(world)
    world.write("olga", "notification.amend", wall="sealed", to=("ocha", "a"),
                **version(2, A, purpose="medicine"))
    assert len(entries_of(read_by(world, "paul"), "notification.amend")) == 1
    assert entries_of(read_by(world, "piotr"), "notification.amend") == []


def test_nobody_writes_in_the_part_of_another_side(world: World) -> None:
    owned(world)
    answer = caller(world, "olga").write("notification.cancel", part="Party A", wall="sealed",
                                         to=("a",))
    assert [e["field"] for e in answer.json()["errors"]] == ["part"]


def test_a_party_confirms_its_own_version_and_the_owner_reads_it(world: World) -> None:
    owned(world)
    left(world)
    done = caller(world, "paul").write(
        "receipt.confirm", part="Party A 1", wall="sealed", to=("ocha", "crescent"),
        recipient="Party A", notification="N1", notification_version=1)
    assert done.status_code == 201, done.content
    for name, seen in (("olga", 1), ("alice", 1), ("piotr", 0), ("oda", 0)):
        assert len(entries_of(read_by(world, name), "receipt.confirm")) == seen, name


def linked(world: World) -> None:
    """A restricted notification of the organisation that has left; both links were used."""
    for party, address in (("Party A", "a@example.org"), ("Party B", "b@example.org")):
        reachable(world, party, "email", address)
    world.write("olga", "notification.draft", wall="restricted",
                **version(1, ("Party A", "email"), ("Party B", "email")))
    world.write("olga", "notification.submit", wall="restricted")
    left(world)
    for link in sent_links(world).values():
        assert confirmed(world, link).status_code == 200


@pytest.mark.parametrize(("name", "recipients"), [
    ("olga", {"Party A", "Party B"}), ("omar", {"Party A", "Party B"}),
    ("alice", {"Party A", "Party B"}), ("adam", {"Party A", "Party B"}),
    ("paul", {"Party A"}), ("petra", {"Party A"}), ("piotr", {"Party B"}),
    ("oda", set()), ("mona", set()), ("fred", set()), ("", set())])
def test_of_a_restricted_one_the_owner_reads_all_that_became_of_it_and_a_party_its_own(
    world: World, name: str, recipients: set[str]
) -> None:
    linked(world)
    contents = read_by(world, name)
    for kind in ("notification.transmit", "receipt.confirm"):
        found = entries_of(contents, kind)
        assert {one["payload"]["recipient"] for one in found} == recipients, kind
    assert bool(entries_of(contents, "notification.draft")) is (name in (
        "olga", "omar", "alice", "adam"))


def test_the_owner_sees_nothing_else_that_the_coordinator_holds(world: World) -> None:
    linked(world)
    for kind, about in (("incident.allege", "N1"), ("statement", "N1"), ("facilitation", "N1"),
                        ("movement.plan", "N1")):
        world.write("alice", kind, about, wall="restricted")
    world.write("alice", "notification.draft", "N2", wall="restricted",
                **version(1, ("Party A", "email")))
    world.write("alice", "notification.submit", "N2", wall="restricted")
    from lull.store import notify

    notify.transmit(world.store, world.seat("alice"), "N2", "second letter")
    seen = {(one["kind"], one["object"]) for one in read_by(world, "olga")}
    assert {kind for kind, about in seen if about == "N1"} == {
        "notification.draft", "notification.submit", "notification.transmit", "receipt.confirm"}
    assert not [kind for kind, about in seen if about == "N2"]


def test_who_names_an_object_as_a_coordinator_does_learns_nothing_of_the_other(world: World
                                                                               ) -> None:
    """The coordinator's is sealed, so the name is free for who cannot see it; receipts by link are
    the coordinator's own, and stay so."""
    begun(world, ("Party A", "email"), wall="sealed", sealed_to=("a",))
    left(world)
    for link in sent_links(world).values():
        assert confirmed(world, link).status_code == 200
    world.write("oda", "notification.draft", wall="sealed", to=("relief",))
    assert len(entries_of(read_by(world, "alice"), "receipt.confirm")) == 1
    assert entries_of(read_by(world, "oda"), "receipt.confirm") == []


def letters_to(world: World) -> list[tuple[str, int]]:
    """To whom letters wait to be sent, with their versions."""
    return sorted((outbox.recipient_of(world.store, row), row.version)
                  for row in models.Outgoing.objects.filter(sent=None, given_up=None))


def cancel_by_act(world: World, name: str, wall: str) -> None:
    """By the act that is made for it."""
    cancel(world.store, world.seat(name), "N1", f"cancel by {name}", reason="The road is cut.")


def cancel_by_entry(world: World, name: str, wall: str) -> None:
    """By an entry like any other, over the API."""
    answer = caller(world, name).write(
        "notification.cancel", wall=wall, reason="The road is cut.",
        to=("ocha", "crescent", "a", "b") if wall == "sealed" else ())
    assert answer.status_code == 201, answer.content


@pytest.mark.parametrize("wall", ["restricted", "sealed"])
@pytest.mark.parametrize("name", ["olga", "omar", "alice", "adam"])
@pytest.mark.parametrize("how", [cancel_by_act, cancel_by_entry])
def test_whoever_calls_it_off_all_who_were_sent_a_version_are_told_and_nobody_else(
    world: World, how: Any, name: str, wall: str
) -> None:
    owned(world, wall)
    reachable(world, "Watch", "file", "box-9")
    left(world, to=[A])
    assert sent(world, Kept()) == 1
    how(world, name, wall)
    assert letters_to(world) == [("Party A", 2)]
    kept = Kept()
    assert sent(world, kept) == 1
    text = kept.had[0].payload.decode()
    assert ("CANCELLED, as of version 2" in text) is (wall == "restricted")
    assert ("Version 2 awaits you." in text) is (wall == "sealed")


@pytest.mark.parametrize(("name", "status"), [("oda", 403), ("paul", 403), ("mona", 403),
                                              ("fred", 403)])
def test_who_may_not_call_it_off_tells_nobody(world: World, name: str, status: int) -> None:
    owned(world, "restricted")
    left(world)
    sent(world, Kept())
    answer = caller(world, name).write("notification.cancel", wall="restricted")
    assert answer.status_code == status
    assert letters_to(world) == []


def test_what_waits_is_stopped_and_who_was_never_reached_is_told_nothing(world: World) -> None:
    owned(world, "restricted")
    left(world)
    cancel_by_entry(world, "olga", "restricted")
    assert letters_to(world) == []
    assert {row.trouble for row in models.Outgoing.objects.all()} == {"it was cancelled"}


def test_a_party_is_told_in_the_ledger_that_it_is_called_off_and_to_whom_else_it_is_not(
    world: World
) -> None:
    owned(world)
    left(world)
    cancel_by_act(world, "olga", "sealed")
    for name, other in (("paul", "Party B"), ("piotr", "Party A")):
        found = entries_of(read_by(world, name), "notification.cancel")
        assert [one["payload"]["reason"] for one in found] == ["The road is cut."]
        assert other not in json.dumps(read_by(world, name))


def test_a_receipt_of_what_the_owner_called_off_is_the_coordinator_s_to_record(world: World
                                                                               ) -> None:
    linked(world)
    cancel_by_act(world, "olga", "restricted")
    for link in sent_links(world).values():
        assert confirmed(world, link, read="2").status_code == 200
    assert {one["notification_version"] for one in told(world, "receipt.confirm")} == {1, 2}
    writers = {k.content.writer.side for k in world.store.own.view(world.pause).known.values()
               if k.content and k.content.kind == "receipt.confirm"}
    assert writers == {"OCHA"}
    for name in ("olga", "alice"):
        found = entries_of(read_by(world, name), "receipt.confirm")
        assert len([one for one in found if one["payload"]["notification_version"] == 2]) == 2


def test_a_cancellation_that_comes_in_with_a_file_is_told_too_and_once(world: World) -> None:
    from tests.web.pages.account_kit import Away

    linked(world)
    away = Away(world, "organisation", "crescent")
    away.held = merge(away.held, read_ledger(export(world.store, world.seat("alice")),
                                             check_signature).ledger)
    raw = away.write("olga", "notification.cancel", "N1")
    take_in(world.store, world.seat("alice"), raw)
    assert letters_to(world) == [("Party A", 2), ("Party B", 2)]
    take_in(world.store, world.seat("alice"), raw)
    assert letters_to(world) == [("Party A", 2), ("Party B", 2)]
