"""Senders that are killed with kill -9 while they send: no letter is lost, none is shown twice.

    python -m bench.sends [KILLS] [LETTERS]

A recipient's program counts what it is sent and drops a key that it has had, as the receiver of a
webhook is asked to. Each sender is killed when it has handed over a few; the clock of the next one
is three minutes on, so that leases have run out. The last one is left alone.
"""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from attrs import frozen

FILL = """
import sys
from pathlib import Path
from bench.served import MEMBER_PASSPHRASE, LOGIN, SERVER_PASSPHRASE, make_store
make_store(Path(sys.argv[1]))
from lull.domain.records import payload
from lull.domain.records.notification import MovementNotification
from lull.store import models
from lull.store.addressees import Addressee, set_addressee
from lull.store.kept import Store
from lull.store.notify import transmit
from lull.store.principal import Principal, Scope, seated
from lull.store.vault import open_vault
from lull.store.veil import Argon
from lull.store.write import Wish, write
from tests.ledger.kit import filled
store = Store(open_vault(SERVER_PASSPHRASE, Argon()))
member, pause = models.Member.objects.get(), models.Pause.objects.get().id
seat = seated(pause, Principal(member.id, member.side_id, "OCHA", "", True, frozenset(Scope)))
to = [(f"Post {i}", "webhook") for i in range(int(sys.argv[3]))]
for name, channel in to:
    set_addressee(store, seat, Addressee(name, channel, f"http://127.0.0.1:{sys.argv[2]}/", True))
said = {**payload(filled(MovementNotification, only_required=True)), "version": 1, "recipients": [
    {"party": name, "channel": channel, "consent_by_function": "owner",
     "consent_at": "2016-10-19T09:00:00Z"} for name, channel in to]}
write(store, seat, Wish("notification.draft", "N1", said, "restricted"))
write(store, seat, Wish("notification.submit", "N1",
                        {"record": "step", "reference": "N1", "version": 1}, "restricted"))
transmit(store, seat, "N1", "the one key")
store.close()
"""
SEND = """
import sys
from datetime import timedelta
from lull.store.address import read_address
from lull.store.configure import configure
configure(read_address(sys.argv[1]))
from bench.served import SERVER_PASSPHRASE
from lull.store.kept import Store, utc_now
from lull.store.sending.webhook import Webhook
from lull.store.sending.worker import Sending, send_due
from lull.store.vault import open_vault
from lull.store.veil import Argon
now = lambda: utc_now() + timedelta(minutes=3 * int(sys.argv[2]))
store = Store(open_vault(SERVER_PASSPHRASE, Argon()), Argon(), now)
send_due(store, f"worker {sys.argv[2]}", Sending((Webhook(now),)))
store.close()
"""


@frozen
class Outcome:
    """What came of it: `again` are letters that were handed over more than once."""

    letters: int
    kills: int
    keys: int
    again: int
    unsent: int
    receipts: int


class Receiver(ThreadingHTTPServer):
    """A recipient's program."""

    def __init__(self) -> None:
        self.had: Counter[str] = Counter()
        self.come = threading.Condition()
        super().__init__(("127.0.0.1", 0), _Handler)

    def wait_for(self, number: int) -> None:
        """Wait until so many have come in all."""
        with self.come:
            if not self.come.wait_for(lambda: self.had.total() >= number, timeout=60):
                raise AssertionError("Nothing is sent.")


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        """Count it."""
        self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.come:
            self.server.had[self.headers["Idempotency-Key"]] += 1
            self.server.come.notify_all()
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def run(folder: Path, kills: int, letters: int, chance: random.Random) -> Outcome:
    """Fill an outbox, kill senders at it, let the last one finish."""
    file = folder / "store.sqlite"
    receiver = Receiver()
    thread = threading.Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        _child(FILL, file, receiver.server_port, letters).wait()
        for turn in range(kills):
            sender = _child(SEND, file, turn)
            few = chance.randint(1, max(1, letters // kills - 2))
            receiver.wait_for(receiver.had.total() + few)
            sender.kill()
            sender.wait()
        if _child(SEND, file, kills).wait() != 0:
            raise AssertionError("The last sender failed.")
    finally:
        receiver.shutdown()
        thread.join()
        receiver.server_close()
    rows = sqlite3.connect(file)
    (unsent,), = rows.execute("SELECT count(*) FROM store_outgoing WHERE sent IS NULL")
    (receipts,), = rows.execute("SELECT count(*) FROM store_once WHERE entry_id IS NOT NULL")
    rows.close()
    again = sum(number > 1 for number in receiver.had.values())
    return Outcome(letters, kills, len(receiver.had), again, unsent, receipts - letters)


def finish(file: Path) -> None:
    """Send what is left, later than any lease; a letter that failed is tried again in its turn."""
    for turn in (10, 100):
        if _child(SEND, file, turn).wait() != 0:
            raise AssertionError("The last sender failed.")


def _child(program: str, *words: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", program, *map(str, words)],
                            env={**os.environ, "PYTHONPATH": os.getcwd()})


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as place:
        print(run(Path(place), *(given + [30, 300][len(given):]), random.Random(7)))
