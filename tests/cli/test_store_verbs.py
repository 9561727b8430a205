"""The verbs of a store, as they are typed: each in a process of its own, as one keeps one store."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bench.served import LOGIN, MEMBER_PASSPHRASE, SERVER_PASSPHRASE, Asking, Served
from lull.cli.exits import BadInput
from lull.cli.main import lull
from lull.domain.records import payload
from lull.domain.records.notification import MovementNotification
from lull.domain.refusal import Refusal
from lull.exchange.seal import seal
from tests.ledger.kit import filled

SERVER, OWN = "the passphrase of a server", "the passphrase of a person"


def typed(root: Path, *words: str, secrets: str | None = None) -> Any:
    """Run a verb without a terminal; passphrases come over a file descriptor, if there are any."""
    fds: tuple[int, ...] = ()
    if secrets is not None:
        read, write = os.pipe()
        os.write(write, secrets.encode())
        os.close(write)
        words, fds = (*words, "--passphrase-fd", str(read)), (read,)
    done = subprocess.run([sys.executable, "-m", "lull", *words], cwd=root, pass_fds=fds,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    for fd in fds:
        os.close(fd)
    return done


def made(root: Path, file: Path, **changes: str) -> Any:
    """Make a store with a first coordinator."""
    options = {"side": "OCHA", "login": "room", "pause": "Aleppo",
               "recovery": str(file.with_suffix(".recovery")), **changes}
    words = [word for name, value in options.items() for word in (f"--{name}", value) if value]
    return typed(root, "coordinator", str(file), *words, secrets=f"{SERVER}\n{OWN}\n")


def test_a_store_is_made_served_worked_backed_up_and_restored(
    root: Path, tmp_path: Path
) -> None:
    """The whole way of a coordinator, in the order of the how-to."""
    file = tmp_path / "room" / "aleppo.sqlite"
    begun = made(root, file, recovery=str(tmp_path / "r.recovery"))
    assert begun.returncode == 0, begun.stderr
    assert "Print this code" in begun.stdout
    assert file.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "r.recovery").stat().st_mode & 0o777 == 0o600
    served = Served(file, passphrase=SERVER)
    served.start()
    try:
        room = Asking(served.port)
        room.sign_in("room", OWN)
        pause = room.ask("GET", "me")[1]["seats"][0]["pause"]
        key = room.ask("GET", "key")[1]["key"]
        job = _ask_for_plan(room, served.port, pause, key, tmp_path)
        worked = typed(root, "work", str(file), "--once", "--time", "1", secrets=f"{SERVER}\n")
        assert worked.returncode == 0, worked.stderr
        room = Asking(served.port, room.token)
        done = room.ask("GET", f"pauses/{pause}/jobs/{job}")[1]
        assert (done["state"], done["trouble"]) == ("done", "")
        assert done["answer"]["answer"]["violations"] == []
        assert done["answer"]["plan"]["vehicles"]
        code = room.ask("POST", f"pauses/{pause}/entries", {
            "kind": "incident.allege", "object": "x", "wall": "public", "payload": {}},
            "a-key-of-mine")[0]
        assert code == 422
        backup = typed(root, "backup", str(file), str(tmp_path / "a.backup"),
                       secrets=f"{SERVER}\n")
        assert backup.returncode == 0, backup.stderr
    finally:
        said = served.stop(signal.SIGTERM)
    assert "Traceback" not in said
    again = typed(root, "restore", str(tmp_path / "a.backup"), str(tmp_path / "b.sqlite"),
                  secrets="another passphrase\n")
    assert (again.returncode, (tmp_path / "b.sqlite").exists()) == (2, False)
    again = typed(root, "restore", str(tmp_path / "a.backup"), str(tmp_path / "b.sqlite"),
                  secrets=f"{SERVER}\n")
    assert again.returncode == 0, again.stderr
    assert "every signature checked" in again.stdout.replace("\n", " ")
    other = typed(root, "rekey", str(tmp_path / "b.sqlite"), "--passphrase", "--recovery",
                  str(tmp_path / "r.recovery"),
                  secrets=f"{SERVER}\n{SERVER}\nanother passphrase of it\n")
    assert other.returncode == 0, other.stderr
    assert typed(root, "work", str(tmp_path / "b.sqlite"), "--once",
                 secrets=f"{SERVER}\n").returncode == 2


def _ask_for_plan(room: Asking, port: int, pause: str, key: str, folder: Path) -> str:
    CliRunner().invoke(lull, ["new", str(folder / "pause")], standalone_mode=False)
    seal(folder / "pause", folder / "pause.age", recipients=[key])
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    line.request("POST", f"/api/pauses/{pause}/jobs", (folder / "pause.age").read_bytes(),
                 {"Authorization": f"Bearer {room.token}"})
    answer = line.getresponse()
    said = json.loads(answer.read())
    assert answer.status == 201, said
    return str(said["id"])


def test_what_is_transmitted_leaves_from_the_server_and_from_a_sender_beside_it(
    root: Path, tmp_path: Path
) -> None:
    """Files go out from `lull serve --send`, sheets from `lull send`; each once."""
    file = tmp_path / "aleppo.sqlite"
    begun = subprocess.run(
        [sys.executable, "-c", "import sys, pathlib, bench.served; "
         "bench.served.make_store(pathlib.Path(sys.argv[1]))", str(file)], cwd=root, check=False)
    assert begun.returncode == 0
    stick, sheets = tmp_path / "stick", tmp_path / "radio"
    served = Served(file, more=("--send", "--drop", str(stick)))
    served.start()
    try:
        room = Asking(served.port)
        room.sign_in(LOGIN, MEMBER_PASSPHRASE)
        pause = "pauses/" + room.ask("GET", "me")[1]["seats"][0]["pause"]
        to = {"file": "box-3", "radio": "EAGLE 7"}
        for channel, at in to.items():
            assert room.ask("POST", f"{pause}/addressees", {
                "recipient": "Party A", "channel": channel, "address": at})[0] == 201
        told = {
            **payload(filled(MovementNotification, only_required=True)), "version": 1,
            "recipients": [{"party": "Party A", "channel": channel, "consent_by_function": "owner",
                            "consent_at": "2016-10-19T09:00:00Z"} for channel in to]}
        for kind, record in (("draft", told), ("submit", {
                "record": "step", "reference": "N1", "version": 1})):
            assert room.ask("POST", f"{pause}/entries", {
                "kind": f"notification.{kind}", "object": "N1", "wall": "restricted",
                "payload": record}, f"a-key-to-{kind}")[0] == 201
        code, ordered = room.ask("POST", f"{pause}/transmissions", {"object": "N1"}, "a-key-of-it")
        assert (code, len(ordered)) == (201, 2)
        sent = typed(root, "send", str(file), "--sheets", str(sheets), "--once",
                     secrets=f"{SERVER_PASSPHRASE}\n")
        assert "Letters that left: 1." in sent.stderr
        until = time.monotonic() + 20
        while not all(row["sent"] for row in room.ask("GET", f"{pause}/outbox")[1]):
            assert time.monotonic() < until
            time.sleep(0.1)  # the server that sends needs the processor
        line = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
        line.request("GET", "/confirm/1.1999999999." + "ab" * 32)
        assert line.getresponse().status == 404
        line.close()
    finally:
        said = served.stop(signal.SIGTERM)
    assert "Traceback" not in said
    assert "confirm" not in said
    assert len(list(stick.rglob("*.txt"))) == len(list(sheets.rglob("*.html"))) == 1


@pytest.mark.parametrize(("words", "told"), [
    (("serve", "--drop", "x"), "--send"), (("send", "--smtp", "smtp://a.org"), "--sender"),
    (("send", "--smtp-user", "x"), "--smtp"), (("send", "--site", "http://a.org"), "--site"),
    (("send", "--smtp", "http://a.org", "--sender", "a@b.org"), "smtp://host:port"),
    (("send", "--smtp", "smtp://a.org", "--sender", "a"), "--sender is"),
])
def test_ways_out_that_are_not_right_are_told_before_a_passphrase_is_asked_for(
    tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    done = CliRunner().invoke(lull, [words[0], str(tmp_path / "none.sqlite"), *words[1:]],
                              standalone_mode=False)
    assert isinstance(done.exception, Refusal | BadInput)
    assert told in str(done.exception)


def test_without_a_terminal_no_passphrase_is_made_up(root: Path, tmp_path: Path) -> None:
    done = typed(root, "coordinator", str(tmp_path / "a.sqlite"), "--side", "OCHA", "--login",
                 "room", "--pause", "Aleppo", "--recovery", str(tmp_path / "r"))
    assert done.returncode == 2
    assert "no default passphrase" in " ".join(done.stderr.split())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("secrets", "told"), [
    (f"{SERVER}\n{SERVER}\n", "must be two"),
    (f"{SERVER}\n", "no line"),
])
def test_a_missing_weak_or_shared_passphrase_leaves_nothing_behind(
    root: Path, tmp_path: Path, secrets: str, told: str
) -> None:
    done = typed(root, "coordinator", str(tmp_path / "a.sqlite"), "--side", "OCHA", "--login",
                 "room", "--pause", "Aleppo", "--recovery", str(tmp_path / "r"), secrets=secrets)
    assert done.returncode == 2
    assert told in " ".join(done.stderr.split())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("words", "told"), [
    (["serve", "nothing.sqlite"], "does not exist"),
    (["serve", "mysql://x/y"], "neither"),
    (["serve", "postgresql://user:secret@host/name"], "password does not belong"),
    (["serve", "x", "--listen", "0.0.0.0:80"], "in clear"),
    (["work", "nothing.sqlite"], "does not exist"),
    (["backup", "nothing.sqlite", "x.backup"], "does not exist"),
])
def test_what_cannot_be_started_says_why(words: list[str], told: str, tmp_path: Path,
                                         monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(lull, words)
    said = f"{done.exception} {done.output}"
    assert done.exit_code != 0
    assert told in said
    assert "secret" not in said


def test_a_store_that_others_can_read_is_not_opened(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite"
    file.touch(mode=0o644)
    done = typed(root, "serve", str(file), secrets=f"{SERVER}\n")
    assert done.returncode == 2
    assert "can be read by others" in " ".join(done.stderr.split())


def test_a_port_in_use_is_told_before_a_passphrase_is_asked_for(
    root: Path, tmp_path: Path
) -> None:
    """And with the code of a wrong command: 1 would say that a rule is broken."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = typed(root, "serve", str(tmp_path / "a.sqlite"), "--listen", f"127.0.0.1:{port}")
    assert done.returncode == 2
    assert done.stderr.startswith(f"The server cannot listen on 127.0.0.1:{port}: ")


def test_a_database_that_does_not_answer_is_told_in_a_sentence(root: Path) -> None:
    """Nothing listens on port 1."""
    done = typed(root, "serve", "postgresql://nobody@127.0.0.1:1/lull", secrets=f"{SERVER}\n")
    assert done.returncode == 2
    assert done.stderr.startswith("The database cannot be opened: ")
    assert "Traceback" not in done.stderr


def test_a_stick_that_is_not_in_gets_no_folder_of_its_name(root: Path, tmp_path: Path) -> None:
    """The recovery key would lie on the machine from which it is to be taken."""
    done = made(root, tmp_path / "a.sqlite", recovery=str(tmp_path / "stick" / "r.recovery"))
    assert done.returncode == 2
    assert "does not exist; is the stick" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [("serve",), ("work", "--once"), ("send", "--once")])
def test_a_file_that_is_no_database_is_told_in_a_sentence(
    root: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    file = tmp_path / "a.sqlite"
    file.write_bytes(b"not a store\n")
    file.chmod(0o600)
    verb, *rest = words
    done = typed(root, verb, str(file), *rest, secrets=f"{SERVER}\n")
    assert done.returncode == 2
    assert done.stderr.startswith("The database cannot be opened: ")
    assert "Traceback" not in done.stderr


def test_a_store_that_is_damaged_inside_is_told_in_a_sentence(root: Path, tmp_path: Path) -> None:
    """As after a failing disk: it opens, and what it holds cannot be read."""
    file = tmp_path / "a.sqlite"
    assert made(root, file).returncode == 0
    with closing(sqlite3.connect(file)) as store:
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        ((size,),) = store.execute("PRAGMA page_size")
        ((page,),) = store.execute(
            "SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name LIKE '%entry'")
    with file.open("r+b") as raw:
        raw.seek((page - 1) * size)
        raw.write(b"\x5a" * size)
    done = typed(root, "backup", str(file), str(tmp_path / "b.backup"),
                 "--no-passphrase")
    assert done.returncode == 2
    assert "restore the last backup" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("*b.backup*"))
