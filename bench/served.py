"""A server on a store of its own, for tests that kill it and benches that load it.

The passphrases' hardness is turned down in this store, so that a round is not spent on hashing;
everything else is as it is served.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import signal
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from attrs import define, field

SERVER_PASSPHRASE = "a passphrase of the server"
MEMBER_PASSPHRASE = "a passphrase of a member"
LOGIN = "operations-room"
READY_SECONDS = 120


def make_store(file: Path) -> str:
    """Make a store with one coordinator; the id of its pause. In this process, once."""
    from lull.exchange.ledger.ed25519 import SigningKey
    from lull.store.address import make_file, read_address
    from lull.store.configure import configure, migrate
    from lull.store.veil import Argon, Hardness

    address = read_address(str(file))
    make_file(address)
    configure(address)
    migrate()
    from lull.store.found import Beginning, found

    made = found(Beginning(SERVER_PASSPHRASE, MEMBER_PASSPHRASE, "OCHA", LOGIN, "Aleppo"),
                 SigningKey.new().public, Argon(Hardness(1, 32, 4)))
    made.store.close()
    from django.db import connections

    connections.close_all()
    return str(made.pause.id)


@define
class Served:
    """A server as a process group of its own, that can be killed as a whole."""

    file: Path
    passphrase: str = SERVER_PASSPHRASE
    threads: int = 16
    port: int = 0
    more: tuple[str, ...] = ()
    """Further options of the verb."""
    program: tuple[str, ...] = ("-m", "lull")
    """What Python runs."""
    tls: bool = False
    """It has a certificate; whether it answers is then asked over TLS."""
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        """Start it and wait until it answers."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        read, write = os.pipe()
        os.write(write, self.passphrase.encode() + b"\n")
        os.close(write)
        self.process = subprocess.Popen(
            [sys.executable, *self.program, "serve", str(self.file), "--listen",
             f"127.0.0.1:{self.port}", "--threads", str(self.threads), "--passphrase-fd",
             str(read), *self.more],
            pass_fds=(read,), start_new_session=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": os.getcwd()})
        os.close(read)
        until = time.monotonic() + READY_SECONDS
        while True:
            try:
                if Asking(self.port, tls=self.tls).ask("GET", "health")[0] == 200:
                    return
            except OSError:
                pass
            if self.process.poll() is not None or time.monotonic() > until:
                said = self.stop(signal.SIGKILL)
                raise RuntimeError(f"The server did not start: {said}")
            time.sleep(0.02)

    def stop(self, sign: int = signal.SIGTERM) -> str:
        """Send a signal to all of it and wait; what it said."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, sign)
        _, said = self.process.communicate(timeout=60)
        return said.decode()


@define
class Asking:
    """One connection to a server."""

    port: int
    token: str = ""
    tls: bool = False
    _line: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: Any = None, key: str = "") -> tuple[int, Any]:
        """The code and the answer; raises OSError where the server is gone."""
        line = self._line or self._new_line()
        self._line = line
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if key:
            headers["Idempotency-Key"] = key
        try:
            line.request(method, f"/api/{path}", None if body is None else json.dumps(body),
                         headers)
            answer = line.getresponse()
            raw = answer.read()
        except (http.client.HTTPException, OSError) as gone:
            line.close()
            self._line = None
            raise OSError("The server is gone.") from gone
        return answer.status, json.loads(raw) if raw else None

    def _new_line(self) -> http.client.HTTPConnection:
        if not self.tls:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        trusting = ssl.create_default_context()  # its certificate is made for the test
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=trusting)

    def sign_in(self, login: str = LOGIN, passphrase: str = MEMBER_PASSPHRASE) -> None:
        """Take a session."""
        code, said = self.ask("POST", "session", {"login": login, "passphrase": passphrase})
        assert code == 201, said
        self.token = said["token"]


def statement(about: str, wall: str = "public") -> dict[str, Any]:
    """A small record to write."""
    return {"kind": "statement", "object": about, "wall": wall, "payload": {
        "record": "statement", "reference": about, "version": 1, **STATEMENT}}


def new_key() -> str:
    """An idempotency key."""
    return secrets.token_hex(12)


STATEMENT = {"by": "OCHA", "published_at": "2016-10-20T09:15:00Z",
             "text": "The corridors are open."}
