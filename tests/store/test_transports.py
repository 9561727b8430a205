"""Transports against real servers on this machine: what leaves, and what is never done."""

from __future__ import annotations

import email
import hmac
import json
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import Message
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope
from attrs import evolve
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lull.domain.refusal import Refusal
from lull.store.sending.email import Mail, MailServer, read_server
from lull.store.sending.file_drop import FileDrop
from lull.store.sending.read_out import ReadOut, in_speech
from lull.store.sending.transport import NotSent, Parcel
from lull.store.sending.urls import BadUrl, may_reach, read_url
from lull.store.sending.webhook import Webhook
from tests.store.kit import NOON

KEY = "5f" * 32
TEXT = "Notification N1, version 2\n\ndeparture: حلب 2016-10-20 08:30 UTC\n"


def parcel(channel: str = "email", address: str = "room@example.org", **changes: Any) -> Parcel:
    """Something to be sent."""
    return evolve(Parcel(KEY, channel, 2, address, TEXT.encode(),
                         link="https://room.example.org/confirm/1.2.abc", expires=NOON), **changes)


def now() -> datetime:
    return NOON


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([
            x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption()))
    return folder / "cert.pem", folder / "key.pem"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Inbox:
    """What a mail server took. `refuses` is its answer to the next recipients."""

    def __init__(self) -> None:
        self.mails: list[tuple[Message, list[str], bool]] = []
        self.refuses = ""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str,
                          options: Any) -> str:
        """Take a recipient, or not."""
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:
        """Take a mail."""
        raw = envelope.content
        assert isinstance(raw, bytes)
        self.mails.append((email.message_from_bytes(raw), list(envelope.rcpt_tos),
                           session.ssl is not None))
        return "250 OK"


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def server(inbox: Inbox, certificate: tuple[Path, Path]) -> Iterator[MailServer]:
    """A real SMTP server that wants STARTTLS and a name with a password."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)

    def known(_s: Any, _se: Any, _e: Any, _m: str, given: Any) -> AuthResult:
        return AuthResult(success=(given.login, given.password) == (b"room", b"a password"))

    controller = Controller(inbox, hostname="127.0.0.1", port=free_port(), tls_context=context,
                            require_starttls=True, authenticator=known, auth_required=True)
    controller.start()
    yield MailServer("localhost", controller.port, False, "room", "a password")
    controller.stop()


def trusting(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    """Trust in the test's own certificate."""
    return ssl.create_default_context(cafile=str(certificate[0]))


def test_a_mail_goes_over_starttls_with_its_key_in_the_message_id(
    inbox: Inbox, server: MailServer, certificate: tuple[Path, Path]
) -> None:
    mail = Mail(server, "desk@room.example.org", now, trusting(certificate))
    assert mail.send(parcel()) is False  # that a server took it is no receipt
    mail.send(parcel())
    (first, to, tls), (second, *_) = inbox.mails
    assert tls
    assert to == ["room@example.org"]
    assert first["Message-ID"] == second["Message-ID"] == f"<{KEY}@room.example.org>"
    assert first["Subject"] == "Version 2 awaits you"
    text = first.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert "حلب 2016-10-20 08:30 UTC" in text
    assert "https://room.example.org/confirm/1.2.abc" in text
    assert "not permission" in text


def test_a_mail_of_something_sealed_says_only_that_it_awaits(
    inbox: Inbox, server: MailServer, certificate: tuple[Path, Path]
) -> None:
    Mail(server, "desk@room.example.org", now, trusting(certificate)).send(
        parcel(payload=b"age-encryption canary", sealed=True))
    text = inbox.mails[0][0].as_string()
    assert "Version 2 awaits you." in text
    assert "canary" not in text
    assert "Notification N1" not in text


@pytest.mark.parametrize(("refuses", "for_good"), [("550 nobody", True), ("451 later", False)])
def test_a_recipient_who_is_refused_for_good_is_not_tried_again(
    inbox: Inbox, server: MailServer, certificate: tuple[Path, Path], refuses: str, for_good: bool
) -> None:
    inbox.refuses = refuses
    with pytest.raises(NotSent) as wrong:
        Mail(server, "desk@room.example.org", now, trusting(certificate)).send(parcel())
    assert wrong.value.for_good is for_good
    assert "example" not in wrong.value.kind


def test_to_a_mail_server_that_cannot_prove_who_it_is_nothing_is_sent(
    inbox: Inbox, server: MailServer
) -> None:
    with pytest.raises(NotSent):
        Mail(server, "desk@room.example.org", now).send(parcel())  # whose certificate nobody knows
    assert inbox.mails == []


def test_to_a_mail_server_elsewhere_without_starttls_nothing_is_sent(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    port = controller.port
    try:
        monkeypatch.setattr("lull.store.sending.email.LOCAL", ())  # as if it were elsewhere
        with pytest.raises(NotSent):
            Mail(MailServer("127.0.0.1", port, False), "a@b.example.org", now).send(parcel())
        assert inbox.mails == []
        monkeypatch.undo()
        Mail(MailServer("127.0.0.1", port, False), "a@b.example.org", now).send(parcel())
        assert len(inbox.mails) == 1
    finally:
        controller.stop()


@pytest.mark.parametrize("text", ["mail.example.org", "http://a.org", "smtp://u:p@a.org", "smtp://",
                                  "smtp://a.org:x", "smtp://a.org/in"])
def test_a_mail_server_is_named_without_secrets(text: str) -> None:
    with pytest.raises(Refusal):
        read_server(text)
    assert read_server("smtps://mail.example.org") == MailServer("mail.example.org", 465, True)


class Receiver(ThreadingHTTPServer):
    """A recipient's program: keeps what it was sent, answers as told."""

    def __init__(self) -> None:
        self.had: list[tuple[str, dict[str, str], bytes]] = []
        self.answer, self.headers = 204, dict[str, str]()
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_port}/in?a=1"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def _take(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.had.append((f"{self.command} {self.path}", dict(self.headers), raw))
        self.send_response(self.server.answer)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()

    do_POST = _take  # noqa: N815 - the name that the library looks for
    do_GET = _take  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def hook(receiver: Receiver, **changes: Any) -> Parcel:
    """Something for a recipient's program on this machine, which a coordinator allowed."""
    return parcel("webhook", receiver.url, **{"secret": "shared", "private_ok": True, **changes})


def test_a_webhook_is_signed_and_bears_its_key(receiver: Receiver) -> None:
    assert Webhook(now).send(hook(receiver)) is True
    (line, headers, raw), = receiver.had
    assert line == "POST /in?a=1"
    assert headers["Idempotency-Key"] == KEY
    signed = headers["Lull-Time"].encode() + b"\n" + raw
    assert headers["Lull-Signature"] == "hmac-sha256=" + hmac.new(b"shared", signed,
                                                                  "sha256").hexdigest()
    said = json.loads(raw)
    assert said["text"] == TEXT
    assert said["sha256"] == sha256(TEXT.encode()).hexdigest()
    assert "not permission" in said["beside"]


def test_a_webhook_is_not_redirected_and_not_confirmed_by_another_answer(
    receiver: Receiver
) -> None:
    other = Receiver()
    try:
        receiver.headers = {"Location": other.url}
        for answer in (301, 302, 307, 308, 404, 410, 500):
            receiver.answer = answer
            with pytest.raises(NotSent) as wrong:
                Webhook(now).send(hook(receiver))
            assert wrong.value.for_good is (answer == 410)
        assert other.had == []
    finally:
        other.server_close()


def test_no_proxy_of_the_environment_gets_a_webhook(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert Webhook(now).send(hook(receiver))


def test_an_address_of_ones_own_network_is_refused_unless_allowed(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the name is public and only its answer is not, or is so the second time only."""
    with pytest.raises(NotSent, match="private address"):
        Webhook(now).send(hook(receiver, private_ok=False))
    answers = ["127.0.0.1", "93.184.216.34"]

    def rebinding(host: str, port: int, **_: Any) -> list[Any]:
        return [(2, 1, 6, "", (answers.pop(), port))]

    monkeypatch.setattr("socket.getaddrinfo", rebinding)
    asked: list[Any] = []

    def connect(address: Any, *_: Any) -> None:
        asked.append(address)
        raise OSError

    monkeypatch.setattr("socket.create_connection", connect)
    with pytest.raises(NotSent):
        Webhook(now).send(parcel("webhook", "https://rebinding.example.org/", secret="s"))
    assert asked == [("93.184.216.34", 443)]
    with pytest.raises(NotSent, match="private address"):
        Webhook(now).send(parcel("webhook", "https://rebinding.example.org/", secret="s"))
    assert len(asked) == 1
    assert receiver.had == []


PRIVATE = ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "::1", "fd00::1",
           "::ffff:10.0.0.1", "2002:0a00:0001::1", "64:ff9b::10.0.0.1", "198.18.0.1"]
NEVER = ["169.254.169.254", "fe80::1%eth0", "224.0.0.1", "0.0.0.0", "::", "255.255.255.255",
         "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe"]


def test_which_addresses_may_be_reached() -> None:
    assert [a for a in PRIVATE + NEVER if may_reach(a, private_ok=False)] == []
    assert [a for a in PRIVATE if not may_reach(a, private_ok=True)] == []
    assert [a for a in NEVER if may_reach(a, private_ok=True)] == []
    for address in ("93.184.216.34", "2606:2800:220:1::1"):
        assert may_reach(address, private_ok=False)


@pytest.mark.parametrize("text", [
    "http://example.org/", "ftp://example.org/", "https://", "https://u:p@example.org/",
    "https://example.org/#x", "https://example.org:99999/", "https://exa mple.org/",
    "https://example.org\\@127.0.0.1/", "//example.org", "http://localhost/", "https://é.org/",
    "http://127.0.0.1.example.org/", "https://a.org/\r\nHost: b"])
def test_an_address_that_is_not_https_or_of_this_machine_is_refused(text: str) -> None:
    with pytest.raises(BadUrl):
        read_url(text)


def test_a_webhook_over_tls_is_proved_by_its_name(certificate: tuple[Path, Path]) -> None:
    made = Receiver()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    made.socket = context.wrap_socket(made.socket, server_side=True)
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        to = parcel("webhook", f"https://localhost:{made.server_port}/", secret="s",
                    private_ok=True)
        assert Webhook(now, trusting(certificate)).send(to)
        with pytest.raises(NotSent):
            Webhook(now).send(to)
        assert len(made.had) == 1
    finally:
        made.shutdown()
        thread.join()
        made.server_close()


def test_a_file_for_a_stick_is_written_whole_under_a_name_that_tells_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop = FileDrop(tmp_path / "stick")
    for _ in range(2):
        assert drop.send(parcel("file", "box-3")) is False
    (file,) = (p for p in tmp_path.rglob("*") if p.is_file())
    assert file.relative_to(tmp_path) == Path("stick/box-3") / f"{KEY[:32]}.txt"
    assert file.read_text() == TEXT
    assert file.stat().st_mode & 0o777 == 0o600

    def full(*_: Any) -> None:
        raise OSError

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(NotSent):
        drop.send(parcel("file", "box-3", once="ab" * 32))
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [file]


def test_a_sheet_is_read_out_in_short_lines_with_times_that_cannot_be_misheard(
    tmp_path: Path
) -> None:
    text = ("Notification ALE-N014, version 2\n\ndeparture, leaves: 2016-10-20 08:30 UTC\n"
            "turning back order: " + "turn at the last exchange point " * 6)
    ReadOut(tmp_path).send(parcel("radio", "EAGLE 7", payload=text.encode()))
    (file,) = tmp_path.iterdir()
    assert file.name == KEY[:32] + ".html"
    assert file.stat().st_mode & 0o777 == 0o600
    said = re.sub(r"<style>.*?</style>", "", file.read_text(), flags=re.S)
    joined = " ".join(re.sub(r"<[^>]+>", " ", said).split())
    assert "READ OUT TO: EAGLE 7 VERSION TWO" in joined
    assert "day TWO ZERO, time ZERO EIGHT THREE ZERO" in joined
    assert "ALFA LIMA ECHO DASH NOVEMBER ZERO ONE FOUR" in joined
    assert "not permission" in joined
    heads = re.findall(r'<th scope="col">(\w+)', said)
    assert heads == ["Receipt", "Permission"]
    rows = re.findall(r'<tr><th scope="row">([^<]+)</th>(.*?)</tr>', said)
    assert [name for name, _ in rows] == ["What they said", "By (function)", "At (UTC)",
                                          "Taken by (function)", "In their words"]
    assert all(cells.count("<td>") == 2 for _, cells in rows)
    assert [re.findall(r"</span>([^<]+)<", cell) for cell in rows[0][1].split("</td>")][:2] == [
        ["confirmed by voice", "they ask back", "they object"],
        ["given", "given with conditions", "refused"]]


def test_a_reference_that_ends_in_small_letters_is_spelt_whole_and_not_cut() -> None:
    assert in_speech("Notification N001-7395ab48, version 2") == (
        "Notification N001-7395ab48 [NOVEMBER ZERO ZERO ONE DASH SEVEN THREE NINER FIVE ALFA BRAVO "
        "FOUR EIGHT], version 2")
    assert in_speech("plan 7395ab48, convoys bridge-in-001") == (
        "plan 7395ab48, convoys bridge-in-001")


def test_what_has_no_figures_is_read_as_it_stands() -> None:
    assert in_speech("purpose: bread for UN staff") == "purpose: bread for UN staff"
