"""Connections that hold a thread: silent, slow, endless, or with more than is read. The server is
the one that is served, over a real socket."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.served import SERVER_PASSPHRASE, Served
from tests.store.test_transports import certificate

__all__ = ["certificate"]

MAKE = """
import sys
from pathlib import Path
from bench.served import make_store
make_store(Path(sys.argv[1]))
"""
SERVE = """
import sys
from lull.web import patience as p
p.SILENT_SECONDS, p.GRACE_SECONDS, p.LONGEST_SECONDS = map(float, sys.argv[1:4])
sys.argv[1:4] = []
from lull.cli.main import main
main()
"""
SILENT, GRACE, LONGEST = 1.5, 2.0, 6.0
THREADS = 3
HEAD = b"POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server of three threads that has little patience."""
    file = tmp_path_factory.mktemp("slow") / "store.sqlite"
    subprocess.run([sys.executable, "-c", MAKE, str(file)], check=True)
    served = Served(file, SERVER_PASSPHRASE, THREADS,
                    program=("-c", SERVE, str(SILENT), str(GRACE), str(LONGEST)))
    served.start()
    yield served.port
    assert "Traceback" not in served.stop()


def answers(port: int) -> float:
    """Seconds until somebody else is answered."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), 20) as line:
        line.sendall(b"GET /api/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 200")
    return time.monotonic() - began


def dripped(port: int, head: bytes, each: bytes, every: float, most: float) -> float:
    """Seconds for which a connection is kept that sends a little now and then."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), 20) as line:
        line.settimeout(every)
        with contextlib.suppress(ConnectionError):
            line.sendall(head)
            while time.monotonic() - began < most:
                line.sendall(each)
                try:
                    if not line.recv(4_096):
                        break
                except TimeoutError:
                    continue
    return time.monotonic() - began


@pytest.mark.parametrize(("head", "each"), [
    (b"GET /api/health HTTP/1.1\r\nX-A: ", b"a"),
    (HEAD + b"Content-Length: 1000000\r\n\r\n", b" "),
    (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
], ids=["head", "body", "chunks"])
def test_a_byte_now_and_then_holds_a_thread_no_longer_than_the_time_at_first(
    port: int, head: bytes, each: bytes
) -> None:
    took = dripped(port, head, each, 0.3, 3 * GRACE)
    assert GRACE - 0.5 < took < GRACE + 1.5


def test_when_every_thread_is_held_by_a_slow_one_others_are_answered_once_the_time_is_over(
    port: int
) -> None:
    lines = [socket.create_connection(("127.0.0.1", port), 20) for _ in range(THREADS)]
    try:
        for line in lines:
            line.sendall(HEAD + b"Content-Length: 1000000\r\n\r\n{")
        assert answers(port) < GRACE + 1.5
    finally:
        for line in lines:
            line.close()


def test_a_request_that_goes_on_for_ever_ends_however_much_comes(port: int) -> None:
    took = dripped(port, HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
                   b"400\r\n" + b" " * 1_024 + b"\r\n", 0.05, 2 * LONGEST)
    assert took < LONGEST + 1.5


def test_a_steady_request_that_takes_longer_than_the_time_at_first_is_answered(port: int) -> None:
    body = json.dumps({"login": "nobody", "passphrase": "x" * 900}).encode()
    body += b" " * 9_000
    with socket.create_connection(("127.0.0.1", port), 20) as line:
        line.sendall(HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode())
        for at in range(0, len(body), 1_000):
            line.sendall(body[at:at + 1_000])
            time.sleep(0.3)  # ten pieces: three seconds, more than two
        assert line.recv(100).startswith(b"HTTP/1.1 401")


@pytest.mark.parametrize(("request_", "code"), [
    (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"414"),
    (b"GET /api/health HTTP/1.1\r\nHost: x\r\n" + b"X-A: 1\r\n" * 60 + b"\r\n", b"431"),
    (b"GET /api/health HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 9_000 + b"\r\n\r\n", b"431"),
    (HEAD + b"Content-Length: 2000000000\r\n\r\n{", b"413"),
    (HEAD + b"Content-Length: -1\r\n\r\n", b"400"),
    (HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"400"),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100) + b"\r\n\r\n", b"400"),
], ids=["line", "headers", "header", "two gigabytes", "minus", "smuggled", "no http"])
def test_more_than_is_read_is_refused_at_once(port: int, request_: bytes, code: bytes) -> None:
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), 20) as line:
        line.sendall(request_)
        said = line.recv(200)
    assert said.split(b" ")[1] == code, said
    assert time.monotonic() - began < GRACE


def test_somebody_who_takes_nothing_of_a_long_answer_holds_no_thread(port: int) -> None:
    lines = []
    try:
        for _ in range(THREADS):
            line = socket.socket()
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            line.settimeout(20)
            line.connect(("127.0.0.1", port))
            line.sendall(b"GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 40)
            lines.append(line)
        assert answers(port) < 3 * (GRACE + LONGEST)
    finally:
        for line in lines:
            line.close()


def test_nothing_of_this_is_written_to_a_log(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite"
    subprocess.run([sys.executable, "-c", MAKE, str(file)], check=True)
    served = Served(file, threads=2, program=("-c", SERVE, "0.5", "1", "3"))
    served.start()
    dripped(served.port, b"GET /api/health?canary-7 HTTP/1.1\r\nX-A: ", b"a", 0.2, 3)
    dripped(served.port, HEAD + b"Content-Length: 10\r\n\r\ncanary-7", b"", 0.2, 2)
    said = served.stop()
    assert "canary-7" not in said
    assert "Error" not in said


def test_over_tls_a_handshake_and_a_body_that_come_drop_by_drop_end_too(
    tmp_path: Path, certificate: tuple[Path, Path]
) -> None:
    file = tmp_path / "store.sqlite"
    subprocess.run([sys.executable, "-c", MAKE, str(file)], check=True)
    served = Served(file, threads=THREADS, more=(
        "--certificate", str(certificate[0]), "--certificate-key", str(certificate[1])),
        program=("-c", SERVE, str(SILENT), str(GRACE), str(LONGEST)), tls=True)
    served.start()
    try:
        began = time.monotonic()
        hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
        assert dripped(served.port, hello, b"a", 0.3, 3 * LONGEST) < GRACE + SILENT + 1.5
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        with socket.create_connection(("127.0.0.1", served.port), 20) as plain, (
                trusting.wrap_socket(plain)) as line:
            began = time.monotonic()
            line.sendall(HEAD + b"Content-Length: 1000000\r\n\r\n")
            line.settimeout(0.3)
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                while time.monotonic() - began < 3 * GRACE:
                    line.sendall(b" ")
                    try:
                        if not line.recv(4_096):
                            break
                    except TimeoutError:
                        continue
            assert GRACE - 0.5 < time.monotonic() - began < GRACE + 1.5
    finally:
        said = served.stop()
    assert "Traceback" not in said


def test_the_page_on_sharing_a_pause_says_how_long_and_how_much() -> None:
    from lull.exchange.upload import LARGEST_UPLOAD_BYTES
    from lull.store.configure import LARGEST_BODY_BYTES
    from lull.web import patience, server

    page = Path("docs/how-to/share-a-pause.md").read_text(encoding="utf-8")
    page = " ".join(page.partition("## Slow lines")[2].partition("##")[0].split())
    slowest = LARGEST_UPLOAD_BYTES / patience.LONGEST_SECONDS / 1_000
    for said in (
        f"has {patience.GRACE_SECONDS:.0f} seconds",
        f"each {patience.LEAST_BYTES_A_SECOND:,} bytes",
        f"after {patience.SILENT_SECONDS:.0f} silent seconds",
        f"or {patience.LONGEST_SECONDS / 60:.0f} minutes in all",
        f"a line of {patience.LEAST_BYTES_A_SECOND * 8 // 1_000} kbit/s",
        f"a folder of {LARGEST_UPLOAD_BYTES // 1_000_000} MB",
        f"{slowest:.0f} kB a second", f"at most {LARGEST_BODY_BYTES // 1_000_000} MB",
        f"{server.MOST_HEADERS} headers of at most {server.LONGEST_HEADER_BYTES:,} bytes",
    ):
        assert said in page, said
