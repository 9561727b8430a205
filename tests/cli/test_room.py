"""`lull serve --sample`: one command from nothing to a room whose pause is being planned."""

from __future__ import annotations

import http.client
import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bench.served import Asking, Served
from lull.cli.room import LOGIN
from tests.cli.test_store_verbs import OWN, SERVER, typed

PATIENCE_SECONDS = 150
SHORTLY = ("-c", "import lull.cli.room; lull.cli.room.SAMPLE_SECONDS = 3; "
                 "from lull.cli.main import main; main()")
"""The sample is planned for three seconds: how good its plan is is not asked here."""


@pytest.fixture
def room(root: Path, tmp_path: Path) -> Iterator[Served]:
    """A room that was begun with the smallest sample."""
    made = Served(tmp_path / "room" / "lull.sqlite", passphrase=f"{SERVER}\n{OWN}",
                  more=(f"--sample={root / 'samples' / 'first-steps'}",), program=SHORTLY)
    made.start()
    yield made
    made.stop(signal.SIGKILL)


def until(wanted: Any) -> Any:
    """What it gives once it gives something, within the patience of a test."""
    last = time.monotonic() + PATIENCE_SECONDS
    while not (found := wanted()):
        assert time.monotonic() < last
        time.sleep(0.1)  # what is waited for needs the processor
    return found


def workers(file: Path) -> list[int]:
    """The processes that work for a store, by their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"work" in words and str(file).encode() in words:
            found.append(int(entry.name))
    return found


def jobs(room: Asking, pause: str) -> dict[str, Any]:
    """The jobs of a pause by their kind."""
    return {job["kind"]: job for job in room.ask("GET", f"{pause}/jobs")[1]}


def run_out(file: Path) -> None:
    """Let the minute pass for which a worker that was killed still has its job."""
    with closing(sqlite3.connect(file)) as rows:
        rows.execute("UPDATE store_job SET lease_until = '2000-01-01 00:00:00' "
                     "WHERE lease_until IS NOT NULL")
        rows.commit()


@pytest.mark.slow
def test_one_command_makes_a_room_with_a_plan_and_it_is_there_after_a_restart(
    root: Path, room: Served
) -> None:
    file = room.file
    assert file.stat().st_mode & 0o777 == 0o600
    assert (file.parent / "posts.recovery").stat().st_mode & 0o777 == 0o600
    asks = Asking(room.port)
    asks.sign_in(LOGIN, OWN)
    (seat,) = asks.ask("GET", "me")[1]["seats"]
    pause = f"pauses/{seat['pause']}"
    assert seat["role"] == "coordinator"
    os.kill(until(lambda: workers(file))[0], signal.SIGKILL)  # another takes its place
    room.stop(signal.SIGKILL)
    until(lambda: not workers(file))
    run_out(file)

    again = Served(file, passphrase=SERVER, more=room.more)
    again.start()
    try:
        asks = Asking(again.port)
        asks.sign_in(LOGIN, OWN)
        found = until(lambda: (done := jobs(asks, pause))["plan"]["state"] == "done" and done)
        assert set(found) == {"check", "plan"}
        assert len(asks.ask("GET", f"{pause}/folders")[1]) == 1
        (notice,) = asks.ask("POST", f"{pause}/find", {"kind": "pause.declare"})[1]["items"]
        said = notice["content"]
        assert said["wall"] == "restricted"
        assert said["payload"]["windows"][0]["time_zone"] == "Asia/Amman"
        line = http.client.HTTPConnection("127.0.0.1", again.port, timeout=20)
        line.request("GET", f"/api/{pause}/jobs/{found['plan']['id']}/report",
                     headers={"Authorization": f"Bearer {asks.token}"})
        page = line.getresponse()
        assert (page.status, page.read(15)) == (200, b"<!DOCTYPE html>")
        line.close()
        code, drafts = asks.ask("GET", f"{pause}/jobs/{found['plan']['id']}/notifications")
        assert (code, bool(drafts["notices"])) == (200, True)
    finally:
        said = again.stop(signal.SIGTERM)
    until(lambda: not workers(file))
    assert "Traceback" not in said
    assert "School yard" not in said


def test_without_passphrases_no_room_is_made(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "room" / "lull.sqlite"
    sample = f"--sample={root / 'samples' / 'first-steps'}"
    for secrets in ("", f"{SERVER}\n", f"{SERVER}\n{SERVER}\n", "short\nshorter\n"):
        done = typed(root, "serve", str(file), sample, secrets=secrets)
        assert done.returncode == 2, done.stderr
        assert not file.exists()
        assert not (file.parent / "posts.recovery").exists()
    done = typed(root, "serve", str(file), sample)
    assert done.returncode == 2
    assert "no default passphrase" in " ".join(done.stderr.split())


def test_a_sample_that_is_no_folder_is_told_before_a_passphrase_is_asked_for(
    root: Path, tmp_path: Path
) -> None:
    done = typed(root, "serve", str(tmp_path / "a.sqlite"), "--sample=nowhere")
    assert done.returncode == 2
    assert "nowhere is no pause folder" in done.stderr
