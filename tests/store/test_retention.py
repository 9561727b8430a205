"""What a rule of retention destroys is gone everywhere, each by an entry; the chain verifies."""

from __future__ import annotations

import base64
import json
import logging
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lull.exchange.ledger import read_ledger, write_ledger
from lull.exchange.ledger.ed25519 import check_signature
from lull.ledger.entry import Act, Why
from lull.ledger.retention import ANY, DEFAULT, Rule, Since
from lull.store import models
from lull.store.backup import back_up
from lull.store.retention import carry_out, look
from lull.store.rows import ledger_of, whole
from tests.store.kit import DATABASE, SERVER, World, address
from tests.store.test_sealing import CANARY, holds, on_disk
from tests.web.kit import Caller, caller
from tests.web.test_ready import Question, answer

LATER = datetime(2017, 3, 1, tzinfo=UTC)


def ended(world: World) -> None:
    """A pause that was declared, begun and ended."""
    paul = caller(world, "paul")
    assert paul.write("pause.declare", "ALE-P02").status_code == 201
    for question in Question:
        assert answer(paul, question.value).status_code == 201
    assert paul.write("pause.begin", "ALE-P02").status_code == 201
    assert paul.write("pause.end", "ALE-P02").status_code == 201


def written(world: World, **how: Any) -> str:
    """A movement of the Red Crescent, restricted to it, that names a canary."""
    return str(world.write("olga", "movement.plan", how.pop("about", "M1"), wall="restricted",
                           reason=CANARY, **how).hash)


def destroying(world: World) -> dict[str, Why]:
    """Which entries were destroyed by an entry, and why."""
    of = ledger_of(whole(world.pause))
    return {e.control.of: e.control.why for e in of.entries.values()
            if e.control and e.control.act is Act.DESTROY}


@pytest.mark.skipif(bool(DATABASE), reason="looks at SQLite's files")
def test_what_is_due_is_gone_from_file_log_backup_and_cache_and_the_chain_still_verifies(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    due = written(world)
    kept = str(world.write("olga", "incident.allege", "I1", wall="restricted", note=CANARY).hash)
    ended(world)
    omar = world.who("omar")
    view = omar.reading_with(world.store).view(world.pause)
    assert view.known[due].content.payload["reason"] == CANARY
    row = models.Said.objects.get(entry__hash=due)
    marks = [bytes(row.sealed)[200:232],
             *(bytes(w.sealed_key)[-32:] for w in models.Wrap.objects.filter(entry__hash=due))]
    assert all(mark in on_disk(world) for mark in marks)
    found = look(world.store, world.pause, DEFAULT, LATER)
    assert [d.kept.entry for d in found.due] == [due]
    assert carry_out(world.store, found) == 1
    assert destroying(world) == {due: Why.RETENTION}
    assert [mark for mark in marks if mark in on_disk(world)] == []
    back_up(tmp_path / "a.backup")
    raw = (tmp_path / "a.backup").read_bytes()
    assert not any(base64.b64encode(mark)[4:-4] in raw for mark in marks)
    assert not holds(caplog.text.encode())
    for reader in (world.store.own, omar.reader):
        assert due not in reader.opened
        held_in_memory = [v.known[due].content for v in (
            *reader.views.values(), *reader.judging.values()) if due in v.known]
        assert not any(held_in_memory)
    view = omar.reading_with(world.store).view(world.pause)
    assert view.known[due].content is None
    assert view.known[kept].content.payload["note"] == CANARY
    for name in ("olga", "omar", "alice", ""):
        asks = caller(world, name) if name else Caller(world)
        said = asks.get(f"pauses/{{pause}}/entries/{due}")
        assert said.status_code == 404 or said.json()["content"] is None
    held = read_ledger(write_ledger(ledger_of(whole(world.pause))), check_signature)
    assert held.findings == ()
    assert held.ledger.destroyed == {due}


def test_nothing_is_due_before_the_pause_has_ended_or_the_days_have_passed(world: World) -> None:
    due = written(world)
    assert look(world.store, world.pause, DEFAULT, LATER).due == ()
    ended(world)
    for days, expected in ((89, []), (90, [due])):
        found = look(world.store, world.pause, DEFAULT, world.clock.at + timedelta(days=days))
        assert [d.kept.entry for d in found.due] == expected


def test_looking_changes_nothing_and_acting_twice_destroys_once(world: World) -> None:
    due = written(world)
    ended(world)
    before = models.Entry.objects.count()
    found = look(world.store, world.pause, DEFAULT, LATER)
    assert models.Entry.objects.count() == before
    assert models.Said.objects.filter(entry__hash=due).exists()
    assert (carry_out(world.store, found), carry_out(world.store, found)) == (1, 0)
    assert models.Entry.objects.count() == before + 1
    assert look(world.store, world.pause, DEFAULT, LATER).due == ()
    assert world.write("olga", "movement.plan", "M2").number > 0, "its log goes on behind it"


def test_an_end_that_claims_an_early_time_brings_nothing_forward(world: World) -> None:
    """The times in an entry are its writer's word; those before it are not."""
    written(world)
    world.clock.forward(days=30)
    world.write("alice", "statement", "S")
    world.clock.at -= timedelta(days=30)
    ended(world)
    early = world.clock.at + timedelta(days=90)
    assert look(world.store, world.pause, DEFAULT, early).due == ()
    assert look(world.store, world.pause, DEFAULT, early + timedelta(days=30)).due


def test_sealed_entries_whose_kind_the_server_cannot_read_fall_under_rules_for_every_kind(
    world: World
) -> None:
    sealed = world.write("olga", "incident.allege", "I1", wall="sealed", to=("a",)).hash
    of_incidents = (Rule("incident", "*", 0, Since.WRITTEN),)
    found = look(world.store, world.pause, of_incidents, LATER)
    assert (found.due, found.unread) == ((), 1)
    of_all = (*of_incidents, Rule("*", "sealed", 0, Since.WRITTEN))
    found = look(world.store, world.pause, of_all, LATER)
    assert ([d.kept.entry for d in found.due], found.unread) == ([sealed], 0)
    assert carry_out(world.store, found) == 1
    assert not models.Wrap.objects.filter(entry__hash=sealed).exists()


def test_what_is_sealed_is_destroyed_by_the_role_of_its_writer_and_the_number_of_its_keys(
    world: World
) -> None:
    few = world.write("olga", "incident.allege", "I1", wall="sealed", to=("relief",)).hash
    many = world.write("olga", "incident.allege", "I2", wall="sealed", to=("a", "ocha")).hash
    party = world.write("paul", "incident.allege", "I3", wall="sealed", to=("b",)).hash
    keys = {h: models.Wrap.objects.filter(entry__hash=h).count() for h in (few, many, party)}
    assert keys[few] < keys[many]
    rules = (Rule("incident", "sealed", 0, Since.WRITTEN),
             Rule(ANY, "sealed", 0, Since.WRITTEN, by="organisation", most_keys=keys[few]))
    found = look(world.store, world.pause, rules, LATER)
    assert [d.kept.entry for d in found.due] == [few]
    assert found.unread == 2
    assert carry_out(world.store, found) == 1
    assert set(destroying(world)) == {few}


def test_a_letter_that_waits_goes_with_the_words_that_are_in_it(world: World) -> None:
    from lull.store import notify
    from tests.store.letters import begun

    begun(world, ("Party A", "file"))
    notify.transmit(world.store, world.seat("alice"), "N1", "first")
    assert models.Outgoing.objects.filter(sent=None).exists()
    carry_out(world.store, look(world.store, world.pause,
                                (Rule("notification", "*", 0, Since.WRITTEN),), LATER))
    assert not models.Outgoing.objects.filter(sent=None).exists()


@pytest.mark.skipif(bool(DATABASE), reason="a store that is a file")
def test_the_verb_is_dry_until_it_is_told_to_destroy(world: World, root: Path, tmp_path: Path
                                                     ) -> None:
    due = written(world)
    ended(world)
    world.store.close()
    file = address().file

    def run(*words: str) -> Any:
        read, write = os.pipe()
        os.write(write, SERVER.encode())
        os.close(write)
        done = subprocess.run(
            [sys.executable, "-m", "lull", "retention", str(file), "--json", "--now",
             "2017-03-01T00:00:00Z", "--passphrase-fd", str(read), *words], cwd=root,
            pass_fds=(read,), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        os.close(read)
        return done

    dry = run()
    assert dry.returncode == 0, dry.stderr
    said = json.loads(dry.stdout)
    assert [d["entry"] for d in said["pauses"][0]["due"]] == [due]
    assert (said["dry"], said["pauses"][0]["destroyed"]) == (True, 0)
    assert destroying(world) == {}
    done = run("--destroy")
    assert json.loads(done.stdout)["pauses"][0]["destroyed"] == 1
    assert destroying(world) == {due: Why.RETENTION}
    wrong = tmp_path / "rules.json"
    wrong.write_text('{"form": "lull retention 1", "rules": [{"kind": "x", "class": "*", '
                     '"days": 1}]}')
    assert run("--rules", str(wrong)).returncode == 2
    assert run("--now", "yesterday").returncode == 2
