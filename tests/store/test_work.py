"""Jobs and letters: leased by one, begun again when a worker is gone, and done once."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from lull.domain.refusal import Refusal
from lull.exchange.seal import Key, open_bytes, pack, seal_bytes
from lull.store import jobs, models, outbox
from lull.store.principal import NotAllowed
from lull.store.write import Wish, write
from tests.store.kit import World, record


def sealed_folder(world: World) -> bytes:
    """Something sealed to the server, as `lull seal` makes it."""
    return seal_bytes(pack({"pause.yaml": b"title: x\n"}),
                      recipients=[world.store.secrets.data.public])


def test_a_job_is_taken_once_and_again_only_when_its_worker_is_gone(world: World) -> None:
    made = jobs.ask(world.store, world.seat("olga"), jobs.PLAN, sealed_folder(world))
    first = jobs.take(world.store, "one")
    assert first is not None
    assert jobs.take(world.store, "two") is None
    world.clock.forward(seconds=jobs.LEASE_SECONDS - 1)
    assert jobs.still_ours(world.store, made.id, "one")
    world.clock.forward(seconds=jobs.LEASE_SECONDS - 1)
    assert jobs.take(world.store, "two") is None
    world.clock.forward(seconds=2)
    second = jobs.take(world.store, "two")
    assert (second.id, second.tries, second.given) == (made.id, 2, first.given)
    assert not jobs.still_ours(world.store, made.id, "one")
    assert not jobs.finish(world.store, made.id, "one", b"late")
    assert jobs.finish(world.store, made.id, "two", b'{"a": 1}')
    made.refresh_from_db()
    assert (made.state, bytes(made.given)) == ("done", b"")
    assert jobs.answer_of(world.store, made) == b'{"a": 1}'


def test_a_job_with_which_every_worker_goes_down_is_given_up(world: World) -> None:
    made = jobs.ask(world.store, world.seat("olga"), jobs.PLAN, sealed_folder(world))
    for i in range(jobs.MOST_TRIES):
        assert jobs.take(world.store, f"worker {i}") is not None
        world.clock.forward(seconds=jobs.LEASE_SECONDS + 1)
    assert jobs.take(world.store, "last") is None
    made.refresh_from_db()
    assert made.state == "failed"


def test_of_many_workers_at_once_each_job_has_one(world: World) -> None:
    for _ in range(6):
        jobs.ask(world.store, world.seat("olga"), jobs.PLAN, sealed_folder(world))
    got: list[object] = []

    def work(name: str) -> None:
        while (taken := jobs.take(world.store, name)) is not None:
            got.append(taken.id)
        connections.close_all()

    threads = [threading.Thread(target=work, args=(f"w{i}",)) for i in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(got) == len(set(got)) == 6


def test_a_job_is_leased_by_a_condition_on_its_own_columns_alone(world: World) -> None:
    """PostgreSQL looks at a row again after another worker let it go, but at no joined table."""
    jobs.ask(world.store, world.seat("olga"), jobs.PLAN, sealed_folder(world))
    with CaptureQueriesContext(connection) as asked:
        assert jobs.take(world.store, "w") is not None
    leases = [one["sql"] for one in asked.captured_queries
              if one["sql"].startswith('UPDATE "store_job"')]
    assert len(leases) == 2  # those that are given up, and the one that is taken
    assert not [sql for sql in leases if "SELECT" in sql]


@pytest.mark.parametrize("given", ["plain", "to another", "no tar", "a way out"])
def test_a_folder_that_cannot_be_opened_or_leads_out_is_not_kept(world: World, given: str) -> None:
    import io
    import tarfile

    public = world.store.secrets.data.public
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("../../etc/cron.d/x"))
    raw = {"plain": b"PK\x03\x04", "to another": seal_bytes(b"x", recipients=[Key.new().public]),
           "no tar": seal_bytes(b"x" * 600, recipients=[public]),
           "a way out": seal_bytes(out.getvalue(), recipients=[public])}[given]
    with pytest.raises(Refusal):
        jobs.ask(world.store, world.seat("olga"), jobs.PLAN, raw)
    assert not models.Job.objects.exists()


def test_a_job_is_seen_and_ended_by_its_side_and_coordinators(world: World) -> None:
    made = jobs.ask(world.store, world.seat("olga"), jobs.PLAN, sealed_folder(world))
    assert [len(jobs.jobs_of(world.store, world.seat(name)))
            for name in ("olga", "omar", "alice", "oda", "paul")] == [1, 1, 1, 0, 0]
    with pytest.raises(NotAllowed):
        jobs.ask(world.store, world.seat("paul"), jobs.PLAN, sealed_folder(world))
    with pytest.raises(Refusal):
        jobs.end(world.store, world.seat("oda"), made.id)
    jobs.end(world.store, world.seat("omar"), made.id)
    assert jobs.take(world.store, "one") is None


def transmitted(world: World, *recipients: str) -> models.Entry:
    """A notification that has left for recipients, each with a letter in the outbox."""
    world.write("olga", "notification.draft")
    world.write("olga", "notification.submit")

    def letters(row: models.Entry) -> None:
        for one in recipients:
            outbox.put(world.store, row, channel="email", recipient=one, version=1,
                       body={"to": one, "text": "version 1 awaits you"})

    wish = Wish("notification.transmit", "N1", record("notification.transmit"), "public")
    done = write(world.store, world.seat("alice"), wish, also=letters)
    return models.Entry.objects.get(hash=done.hash)


def test_a_letter_is_there_with_its_entry_and_never_without(world: World) -> None:
    row = transmitted(world, "Party A", "Party B")
    assert models.Outgoing.objects.filter(entry=row).count() == 2
    assert not outbox.put(world.store, row, channel="email", recipient="Party A", version=1,
                          body={})

    def fails(_: models.Entry) -> None:
        raise Refusal("no")

    with pytest.raises(Refusal):
        write(world.store, world.seat("alice"), Wish("statement", "S", record("statement"),
                                                     "public"), also=fails)
    assert world.store.own.view(world.pause).known.keys() == {
        e.hash for e in models.Entry.objects.all()}
    assert not any(k.content and k.content.kind == "statement"
                   for k in world.store.own.view(world.pause).known.values())


def test_a_letter_is_leased_sent_once_and_tried_again_later_each_time(world: World) -> None:
    transmitted(world, "Party A")
    (letter,) = outbox.take(world.store, "one")
    assert letter.body["text"] == "version 1 awaits you"
    assert "awaits" not in repr(letter)
    assert outbox.take(world.store, "two") == []
    assert outbox.not_sent(world.store, letter, "one", "refused")
    waits = []
    for _ in range(4):
        row = models.Outgoing.objects.get()
        waits.append((row.due - world.clock.at).total_seconds())
        world.clock.at = row.due
        (letter,) = outbox.take(world.store, "two")
        assert outbox.not_sent(world.store, letter, "two", "refused")
    assert waits == sorted(set(waits))
    world.clock.forward(hours=2)
    (letter,) = outbox.take(world.store, "three")
    world.clock.forward(seconds=outbox.LEASE_SECONDS + 1)
    (again,) = outbox.take(world.store, "four")
    assert again.once == letter.once
    assert not outbox.sent(world.store, letter, "three")
    assert outbox.sent(world.store, again, "four")
    world.clock.forward(hours=2)
    assert outbox.take(world.store, "five") == []


def test_a_letter_for_good_undeliverable_is_given_up_and_stays(world: World) -> None:
    transmitted(world, "Party A")
    (letter,) = outbox.take(world.store, "one")
    outbox.not_sent(world.store, letter, "one", "no such address", for_good=True)
    world.clock.forward(days=9)
    assert outbox.take(world.store, "one") == []
    assert models.Outgoing.objects.get().given_up is not None


def test_letters_and_jobs_are_unreadable_on_the_disk(world: World) -> None:
    transmitted(world, "Party A")
    row = models.Outgoing.objects.get()
    assert b"awaits" not in bytes(row.letter)
    assert b"Party A" not in bytes(row.letter)
    jobs.ask(world.store, world.seat("olga"), jobs.PLAN, sealed_folder(world))
    given = bytes(models.Job.objects.get().given)
    assert b"title" not in given
    assert b"title" in open_bytes(given, secrets=[world.store.secrets.data.secret])
