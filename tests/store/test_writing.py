"""What members write is chained, signed, judged and sealed, and acknowledged once it is kept."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from lull.domain.protocol import IllegalStep
from lull.exchange.ledger import open_contents, read_ledger, write_ledger
from lull.exchange.ledger.ed25519 import check_signature
from lull.ledger.fold import fold
from lull.store import models
from lull.store.bad_fields import BadFields
from lull.store.once import UsedKey
from lull.store.principal import NotAllowed
from lull.store.rows import ledger_of, whole
from tests.store.kit import World


def of(world: World):
    """The whole ledger as it stands in the database, checked byte by byte and key by key."""
    made = ledger_of(whole(world.pause))
    held = read_ledger(write_ledger(made), check_signature)
    assert held.findings == ()
    return made


def test_what_is_written_is_an_entry_that_anybody_can_check(world: World) -> None:
    first = world.write("olga", "notification.draft")
    second = world.write("olga", "notification.submit")
    made = of(world)
    assert made.entries[second.hash].previous == first.hash
    assert [e.number for e in made.entries.values() if e.said] == [2, 3]
    assert fold(made).out_of_protocol == ()


def test_an_illegal_step_is_refused_with_the_side_at_fault(world: World) -> None:
    with pytest.raises(IllegalStep) as told:
        world.write("olga", "notification.submit")
    assert told.value.fault.side == "Red Crescent"
    assert "The fault lies with Red Crescent." in str(told.value)
    assert not models.Entry.objects.exists()


def test_each_error_is_told_at_its_field_and_all_at_once(world: World) -> None:
    with pytest.raises(BadFields) as told:
        world.write("olga", "movement.go", reference=7, extra="x", version=0)
    assert {e.field for e in told.value.errors} == {"payload.reference", "payload.extra"}


def test_the_same_key_writes_once_and_another_wish_under_it_is_refused(world: World) -> None:
    first = world.write("olga", "notification.draft", once="k1")
    again = world.write("olga", "notification.draft", once="k1")
    assert (again.hash, again.again, first.again) == (first.hash, True, False)
    with pytest.raises(UsedKey):
        world.write("olga", "notification.draft", about="N2", once="k1")
    other = world.write("oda", "notification.draft", about="N3", once="k1")
    assert other.hash != first.hash
    assert sum(e.said is not None for e in of(world).entries.values()) == 2


def test_writers_at_once_keep_every_chain_whole_and_share_commits(world: World) -> None:
    people = ["olga", "omar", "oda", "alice", "mona", "paul"]
    for name in people:
        world.who(name)
    wrong: list[Exception] = []

    def work(name: str) -> None:
        try:
            for i in range(8):
                world.write(name, "incident.allege", about=f"{name} {i}")
        except Exception as error:  # noqa: BLE001 - told below
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(name,)) for name in people]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not wrong
    made = of(world)
    assert sum(e.said is not None for e in made.entries.values()) == 48
    assert len(made.logs) == 5  # olga and omar write as one post
    assert len(made.heads) == 1
    assert world.store.appender.tally.commits < 48


def test_of_two_who_take_the_same_step_at_once_one_is_refused(world: World) -> None:
    world.write("olga", "notification.draft")
    got: list[str] = []
    for name in ("olga", "omar"):
        world.who(name)

    def work(name: str) -> None:
        try:
            got.append(world.write(name, "notification.submit").hash)
        except IllegalStep:
            got.append("")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(name,)) for name in ("olga", "omar")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(map(bool, got)) == [False, True]


def test_what_is_sealed_is_opened_by_those_named_and_by_its_writer_alone(world: World) -> None:
    made = world.write("olga", "incident.allege", wall="sealed", to=("a",))
    for name, reads in {"olga": True, "paul": True, "petra": True, "omar": False, "alice": False,
                        "piotr": False}.items():
        view = world.who(name).reading_with(world.store).view(world.pause)
        assert (view.known[made.hash].content is not None) is reads, name


def test_a_sealed_step_is_judged_by_whoever_can_open_what_it_follows_on(world: World) -> None:
    world.write("olga", "notification.draft", wall="sealed", to=("ocha",))
    world.write("alice", "notification.submit", wall="sealed", to=("crescent",))
    with pytest.raises(IllegalStep):
        world.write("alice", "notification.submit", wall="sealed", to=("crescent",))
    unseen = world.write("adam", "notification.submit", wall="sealed", to=("crescent",))
    olga = world.who("olga").reading_with(world.store).view(world.pause)
    assert olga.known[unseen.hash].fault.side == "OCHA"


def test_a_view_that_grew_entry_by_entry_is_what_the_whole_ledger_folds_to(world: World) -> None:
    world.write("olga", "notification.draft")
    view = world.store.own.view(world.pause)
    world.write("omar", "notification.submit", wall="restricted")
    world.write("alice", "notification.transmit")
    world.write("paul", "incident.allege", about="I1")
    grown = world.store.own.view(world.pause)
    assert grown is view
    made = of(world)
    state = fold(made, open_contents(made, [world.store.secrets.data.secret]),
                 admitted=world.store.admitted(world.pause))
    assert dict(state.things) == grown.things
    assert len(grown.things) == 2


def test_nobody_writes_on_what_another_side_owns_or_in_another_s_name(world: World) -> None:
    world.write("olga", "notification.draft")
    for name in ("oda",):
        with pytest.raises(NotAllowed):
            world.write(name, "notification.submit")
    world.write("omar", "notification.submit")
    world.write("alice", "notification.transmit")
    with pytest.raises(NotAllowed):
        world.write("paul", "receipt.confirm", part="Party B 1", recipient="Party B")
    for part, recipient in (("Party A 1", "Party B"), ("Party B 1", "Party A"),
                            ("Party A", "Party A"), ("Party A 2", "Party A")):
        with pytest.raises(BadFields) as told:
            world.write("paul", "receipt.confirm", part=part, recipient=recipient)
        assert [e.field for e in told.value.errors] == ["part"]
    world.write("paul", "receipt.confirm", part="Party A 1", recipient="Party A")


def test_an_entry_is_never_changed_or_deleted_whoever_asks(world: World) -> None:
    from django.db import DatabaseError, connection

    made = world.write("olga", "notification.draft")
    for statement in ("UPDATE store_entry SET number = 9", "DELETE FROM store_entry"):
        with pytest.raises(DatabaseError, match="never changed"), connection.cursor() as cursor:
            cursor.execute(statement)
    assert models.Entry.objects.filter(hash=made.hash, number=2).exists()


def test_a_side_whose_name_begins_another_s_does_not_answer_in_its_place(world: World) -> None:
    """`Party` and `Party A`: the part is made of the record, never matched by its beginning."""
    from lull.store import accounts
    from lull.store.accounts import make_member

    side = accounts.make_side(world.store, "Party", world.pause)
    made = make_member(world.store, side=side.id, login="pat", function="",
                       passphrase="pat keeps a long secret")
    models.Seat.objects.create(member_id=made.member, pause_id=world.pause, role="party")
    world.write("olga", "notification.draft")
    for part, recipient in (("Party A 1", "Party"), ("Party A 1", "Party A")):
        with pytest.raises((BadFields, NotAllowed)):
            world.write("pat", "receipt.confirm", part=part, recipient=recipient)
    with pytest.raises((BadFields, NotAllowed)):
        world.write("pat", "consent.agree", part="Party A", party="Party A")
    world.write("pat", "receipt.confirm", part="Party 1", recipient="Party")
