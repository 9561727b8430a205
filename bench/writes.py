"""How long a write takes through the API of `lull serve` on SQLite, with many who write at once.

python -m bench.writes [--writers 50] [--seconds 30] [--pace 1.0] [--threads N] [--cores 0,1]

First each writer writes once every `pace` seconds, at its turn and whether or not the one before
was answered late (an open loop: what waits is counted from its turn). Then each sends its next
write as soon as the last one is acknowledged (a closed loop), which comes after the commit.
Each writer has signed in by itself, so that each is judged by a view of its own. Half of what is
written is restricted, that is sealed. The load is one thread on plain sockets with
requests made before; it shares the cores with the server, and what it takes of them is told beside
what the server takes a write. Prints P50, P99 and the most in milliseconds; code 1 if a P99 is
above 100 ms. The first second is not counted: connections open, views fold.
"""

from __future__ import annotations

import argparse
import json
import os
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from attrs import define, field, frozen

from bench.served import Asking, Served, new_key, statement

MOST_MS = 100.0
WARM_SECONDS = 1.0
TICK = os.sysconf("SC_CLK_TCK")


@frozen
class Took:
    """One run: milliseconds of each write, sorted; seconds; CPU seconds of server and load."""

    name: str
    writes: tuple[float, ...]
    seconds: float
    server: float
    load: float

    @property
    def late(self) -> float:
        """Milliseconds within which 99 of 100 were acknowledged."""
        return self.writes[int(len(self.writes) * 0.99)]

    def __str__(self) -> str:
        count = len(self.writes)
        return (f"{self.name}: {count} writes, {count / self.seconds:.0f} a second, P50 "
                f"{self.writes[count // 2]:.1f} ms, P99 {self.late:.1f} ms, most "
                f"{self.writes[-1]:.1f} ms; server {self.server / count * 1000:.2f} ms of CPU a "
                f"write, {self.server / self.seconds:.0%} of a core; load "
                f"{self.load / self.seconds:.0%} of a core")


@define
class Line:
    """One writer's connection: when its write was due, when the next one is, what has come."""

    sock: socket.socket
    head: bytes
    turn: float
    due: float | None = None
    come: bytes = b""
    count: int = 0


@define
class Load:
    """Many writers in one thread."""

    port: int
    heads: list[bytes]
    """What each writer's requests begin with."""
    pace: float
    bodies: tuple[bytes, bytes]
    took: list[float] = field(factory=list)
    _eyes: selectors.DefaultSelector = field(factory=selectors.DefaultSelector)

    def run(self, seconds: float) -> float:
        """Write for so long; the seconds that were counted."""
        began = time.perf_counter()
        lines = [Line(socket.create_connection(("127.0.0.1", self.port)), head,
                      began + at * self.pace / len(self.heads))
                 for at, head in enumerate(self.heads)]
        for line in lines:
            line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._eyes.register(line.sock, selectors.EVENT_READ, line)
        warm, over = began + WARM_SECONDS, began + WARM_SECONDS + seconds
        while (now := time.perf_counter()) < over:
            free = [line for line in lines if line.due is None]
            for line in free:
                if line.turn <= now:
                    self._send(line, now)
            turns = [line.turn for line in lines if line.due is None]
            wait = min(turns, default=over) - time.perf_counter()
            for key, _ in self._eyes.select(max(0.0, min(wait, over - now))):
                self._take(key.data, warm)
        for line in lines:
            line.sock.close()
        return seconds

    def _send(self, line: Line, now: float) -> None:
        """Write the next one; it is counted from its turn, or where there are none, from now."""
        line.due = line.turn if self.pace else now
        line.turn = line.turn + self.pace
        line.count += 1
        body = self.bodies[line.count % 2] % (name := new_key().encode(), name)
        line.sock.sendall(b"%sIdempotency-Key: %s\r\nContent-Length: %d\r\n\r\n%s"
                          % (line.head, name, len(body), body))

    def _take(self, line: Line, warm: float) -> None:
        """Take what has come; an answer that is whole was the acknowledgement."""
        line.come += line.sock.recv(65_536)
        head, end, body = line.come.partition(b"\r\n\r\n")
        if not end or len(body) < int(head.lower().partition(b"content-length: ")[2].split()[0]):
            assert line.come, "The server is gone."
            return
        now = time.perf_counter()
        assert head.startswith(b"HTTP/1.1 201"), line.come
        assert line.due is not None
        if now > warm:
            self.took.append((now - line.due) * 1000)
        line.due, line.come = None, b""


def signed_in(port: int, writers: int) -> list[str]:
    """A session for each writer."""
    found = []
    for _ in range(writers):
        one = Asking(port)
        one.sign_in()
        found.append(one.token)
    return found


def load(port: int, tokens: list[str], pause: str, pace: float) -> Load:
    """The load of those who signed in on a pause."""
    heads = [(f"POST /api/pauses/{pause}/entries HTTP/1.1\r\nHost: 127.0.0.1\r\n"
              f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n").encode()
             for token in tokens]
    bodies = [json.dumps(statement("%s", wall)).encode() for wall in ("public", "restricted")]
    return Load(port, heads, pace, (bodies[0], bodies[1]))


def spent(group: int) -> float:
    """CPU seconds of all processes of a group."""
    found = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended just then
            continue
        if int(words[2]) == group:
            found += int(words[11]) + int(words[12])
    return found / TICK


def measured(name: str, served: Served, one: Load, seconds: float) -> Took:
    """Run a load against a server."""
    assert served.process is not None
    before, own = spent(served.process.pid), time.process_time()
    counted = one.run(seconds)
    part = counted / (counted + WARM_SECONDS)
    return Took(name, tuple(sorted(one.took)), counted, (spent(served.process.pid) - before) * part,
                (time.process_time() - own) * part)


def main() -> int:
    """Serve, load, print; the exit code."""
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("--writers", type=int, default=50)
    words.add_argument("--seconds", type=float, default=30)
    words.add_argument("--pace", type=float, default=1.0)
    words.add_argument("--threads", type=int, default=0)
    words.add_argument("--cores", default="")
    asked = words.parse_args()
    if asked.cores:
        os.sched_setaffinity(0, {int(one) for one in asked.cores.split(",")})
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "store.sqlite"
        making = ("import sys; from pathlib import Path; from bench.served import make_store; "
                  "print(make_store(Path(sys.argv[1])))")
        pause = subprocess.run([sys.executable, "-c", making, str(file)], check=True,
                               capture_output=True, text=True).stdout.split()[-1]
        served = Served(file, threads=asked.threads or asked.writers + 4)
        served.start()
        try:
            tokens = signed_in(served.port, asked.writers)
            done = [measured(name, served, load(served.port, tokens, pause, pace), seconds)
                    for name, pace, seconds in (
                        (f"one write each {asked.pace:g} s", asked.pace, asked.seconds),
                        ("each next as soon as answered", 0.0, asked.seconds / 3))]
        finally:
            served.stop()
    print(f"{asked.writers} writers, server and load together on "
          f"{len(os.sched_getaffinity(0))} core(s)")
    for one in done:
        print(one)
    return 0 if max(one.late for one in done) <= MOST_MS else 1


if __name__ == "__main__":
    sys.exit(main())
