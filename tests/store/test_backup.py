"""A backup is proved by restoring it, and by damaging it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from lull.domain.refusal import Refusal
from lull.exchange.ledger import read_ledger, write_ledger
from lull.exchange.ledger.ed25519 import check_signature
from lull.store import models
from lull.store.backup import KEPT, back_up, begin_anew, read_backup, restore
from lull.store.kept import Store
from lull.store.rows import ledger_of, whole
from lull.store.vault import open_vault
from tests.store.kit import EASY, RECOVERY, SERVER, World


def emptied() -> None:
    """Leave a store with its tables and nothing in them."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER entry_kept_DELETE")
            cursor.execute("DELETE FROM store_session")
            for model in reversed(KEPT):
                cursor.execute(f"DELETE FROM {model._meta.db_table}")
            cursor.execute("CREATE TRIGGER entry_kept_DELETE BEFORE DELETE ON store_entry BEGIN "
                           "SELECT RAISE(ABORT, 'An entry is never changed or deleted.'); END")
        else:
            tables = ", ".join(model._meta.db_table for model in (*KEPT, models.Session))
            cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")


def written(world: World) -> dict[str, str]:
    """Entries of every wall, by name."""
    return {
        "public": world.write("olga", "incident.allege", "I1").hash,
        "restricted": world.write("alice", "incident.allege", "I2", wall="restricted").hash,
        "sealed": world.write("olga", "incident.allege", "I3", wall="sealed", to=("a",)).hash,
    }


def test_what_is_restored_is_what_was_backed_up_and_its_people_come_in(
    world: World, tmp_path: Path
) -> None:
    made = written(world)
    before = write_ledger(ledger_of(whole(world.pause)))
    back_up(tmp_path / "a.backup")
    assert (tmp_path / "a.backup").stat().st_mode & 0o777 == 0o600
    world.store.close()
    emptied()
    restore(tmp_path / "a.backup")
    assert write_ledger(ledger_of(whole(world.pause))) == before
    store = Store(open_vault(SERVER, EASY), EASY, world.clock)
    again = World(store, world.clock, world.pause)
    assert begin_anew(store) == 2
    view = again.who("paul").reading_with(store).view(world.pause)
    assert all(view.known[one].content is not None for one in made.values())
    later = again.write("olga", "incident.allege", "I4")
    of = ledger_of(whole(world.pause))
    assert of.entries[later.hash].log.epoch == 2
    assert read_ledger(write_ledger(of), check_signature).findings == ()
    store.close()


def test_what_was_written_after_a_backup_comes_back_in_a_merge_without_a_fork(
    world: World, tmp_path: Path
) -> None:
    from lull.store.ledgers import export, take_in

    world.write("olga", "incident.allege", "I1")
    back_up(tmp_path / "a.backup")
    world.write("olga", "incident.allege", "I2")
    others = export(world.store, world.seat("alice"))
    world.store.close()
    emptied()
    restore(tmp_path / "a.backup")
    store = Store(open_vault(SERVER, EASY), EASY, world.clock)
    again = World(store, world.clock, world.pause)
    begin_anew(store)
    again.write("olga", "incident.allege", "I3")
    done = take_in(store, again.seat("alice"), others)
    assert done.new >= 1
    held = read_ledger(write_ledger(ledger_of(whole(world.pause))), check_signature)
    assert [f for f in held.findings if f.level != "gap"] == []
    objects = {t.object for t in store.own.view(world.pause).things}
    assert {"I1", "I2", "I3"} <= objects
    again.write("olga", "incident.allege", "I4")
    store.close()


@pytest.mark.parametrize("damage", ["cut", "byte", "line", "other"])
def test_a_damaged_backup_is_refused_before_anything_is_restored(
    world: World, tmp_path: Path, damage: str
) -> None:
    written(world)
    file = tmp_path / "a.backup"
    back_up(file)
    raw = file.read_bytes()
    at = raw.index(b'"raw":"') + 40
    file.write_bytes({"cut": raw[:-200], "byte": raw[:at] + b"A" + raw[at + 1:] if raw[at:at + 1]
                      != b"A" else raw[:at] + b"B" + raw[at + 1:],
                      "line": b"".join(raw.splitlines(keepends=True)[:-3]
                                       + raw.splitlines(keepends=True)[-1:]),
                      "other": b'{"form":"x"}\n'}[damage])
    emptied()
    with pytest.raises(Refusal):
        restore(file)
    assert not models.Vault.objects.exists()


def test_a_backup_is_never_written_over_another_nor_restored_over_a_store(
    world: World, tmp_path: Path
) -> None:
    back_up(tmp_path / "a.backup")
    with pytest.raises(Refusal, match="there already"):
        back_up(tmp_path / "a.backup")
    with pytest.raises(Refusal, match="a store here already"):
        restore(tmp_path / "a.backup")


def test_every_table_is_kept_or_is_left_out_for_a_reason(world: World) -> None:
    from django.apps import apps

    left = set(apps.get_app_config("store").get_models()) - set(KEPT)
    assert left == {models.Session, models.Throttle, models.BackedUp}


def test_a_backup_shows_a_thief_no_more_than_the_disk(world: World, tmp_path: Path) -> None:
    world.write("olga", "incident.allege", "bridge-77", wall="sealed", to=("a",), note="canary")
    back_up(tmp_path / "a.backup")
    import base64

    found = b""
    for _, row in read_backup(tmp_path / "a.backup"):
        for column in row._meta.concrete_fields:
            value = getattr(row, column.attname)
            found += bytes(value) if isinstance(value, bytes) else str(value).encode()
    raw = (tmp_path / "a.backup").read_bytes()
    for secret in (b"bridge-77", b"canary", b"olga", b"Party A", b"Aleppo",
                   world.tokens["olga"].encode()):
        assert secret not in found + raw
        assert base64.b64encode(secret)[:8] not in raw


def test_what_was_destroyed_is_in_no_backup_from_then_on(world: World, tmp_path: Path) -> None:
    from lull.store.write import destroy

    made = written(world)
    sealed = bytes(models.Said.objects.get(entry__hash=made["sealed"]).sealed)
    destroy(world.store, world.seat("omar"), made["sealed"])
    back_up(tmp_path / "a.backup")
    kept = [row for model, row in read_backup(tmp_path / "a.backup")
            if model in (models.Said, models.Wrap)]
    assert sealed not in {bytes(row.sealed or b"") for row in kept if isinstance(row, models.Said)}
    gone = models.Entry.objects.get(hash=made["sealed"]).seq
    assert gone not in {row.entry_id for row in kept}


def test_after_a_theft_the_recovery_key_opens_every_log_anew(world: World) -> None:
    from lull.exchange.ledger.ed25519 import SigningKey
    from lull.ledger.entry import Why

    world.write("olga", "incident.allege", "I1")
    world.write("alice", "incident.allege", "I2")
    stolen = {post.name: bytes(post.key) for post in models.Post.objects.all()}
    with pytest.raises(Refusal, match="only they open a new epoch"):
        begin_anew(world.store, Why.COMPROMISED, SigningKey.new())
    assert begin_anew(world.store, Why.COMPROMISED, RECOVERY) == 2
    assert all(bytes(post.key) != stolen[post.name] for post in models.Post.objects.all())
    later = world.write("olga", "incident.allege", "I3")
    of = ledger_of(whole(world.pause))
    assert of.entries[later.hash].log.epoch == 2
    assert {e.control.why for e in of.entries.values() if e.control} >= {Why.COMPROMISED}
    assert read_ledger(write_ledger(of), check_signature).findings == ()
