"""To a program of the recipient's over HTTP: signed (HMAC-SHA256, RFC 2104), never redirected.

What may be connected to is decided on the resolved addresses, and one of these is then used: no
name is looked up twice. No proxy of the environment is followed, and of the answer only its status
is read.
"""

from __future__ import annotations

import base64
import hmac
import http.client
import json
import socket
import ssl
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any

from attrs import field, frozen

from lull.domain.records import RECEIPT_SENTENCE
from lull.domain.records.form import utc_text
from lull.domain.records.receipt import Channel
from lull.store.sending.language import said
from lull.store.sending.transport import NotSent, Parcel
from lull.store.sending.urls import BadUrl, Url, read_url, resolved

SECONDS = 15.0


@frozen
class Webhook:
    """Webhooks. `tls` says whose certificates are trusted; `now` stamps what is signed."""

    now: Callable[[], datetime]
    tls: ssl.SSLContext = field(factory=ssl.create_default_context)
    channels: tuple[str, ...] = (Channel.WEBHOOK.value,)

    def send(self, parcel: Parcel) -> bool:
        """POST a parcel; 2xx is the recipient's word that they have it. Raises NotSent."""
        body = body_of(parcel)
        stamp = utc_text(self.now())
        headers = {
            "Content-Type": "application/json", "User-Agent": "lull",
            "Idempotency-Key": parcel.once, "Lull-Time": stamp,
            "Lull-Signature": "hmac-sha256=" + signature(parcel.secret, stamp, body),
        }  # fmt: skip
        try:
            url = read_url(parcel.address)
            status = self._post(url, resolved(url, private_ok=parcel.private_ok), body, headers)
        except BadUrl as wrong:
            kind = str(wrong)
            raise NotSent(kind if len(kind) <= 40 else "bad address") from None
        except (OSError, http.client.HTTPException) as wrong:
            raise NotSent(f"connection: {type(wrong).__name__}") from None
        if 300 <= status < 400:
            raise NotSent("redirected")
        if not 200 <= status < 300:
            raise NotSent(f"status {status}", for_good=status == 410)
        return True

    def _post(self, url: Url, addresses: list[str], body: bytes, headers: dict[str, str]) -> int:
        failed: OSError = OSError("no address")
        for address in addresses:
            line = _Line(url, address, self.tls if url.tls else None)
            try:
                line.connect()
            except OSError as wrong:
                failed = wrong
                continue
            try:
                line.request("POST", url.path, body, headers)
                return line.getresponse().status
            finally:
                line.close()
        raise failed


class _Line(http.client.HTTPConnection):
    """A connection to one address that was looked at, for a host that it must prove to be."""

    def __init__(self, url: Url, address: str, tls: ssl.SSLContext | None) -> None:
        super().__init__(url.host, url.port, timeout=SECONDS)
        if url.tls:
            self.default_port = 443  # so that the Host header names no port that goes without
        self._address, self._tls = address, tls

    def connect(self) -> None:
        """Connect to the address, without asking for the name again."""
        plain = socket.create_connection((self._address, self.port), SECONDS)
        self.sock: Any = plain
        if self._tls is not None:
            try:
                self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
            except OSError:
                plain.close()
                raise


def body_of(parcel: Parcel) -> bytes:
    """What is posted: the text, or a sealed file in base64, its hash, and where to confirm."""
    sent: dict[str, Any] = {
        "version": parcel.version, "sha256": sha256(parcel.payload).hexdigest(),
        "languages": list(parcel.languages),
        "beside": "\n".join(said(RECEIPT_SENTENCE, one) for one in parcel.languages),
    }  # fmt: skip
    if parcel.sealed:
        sent["sealed"] = base64.b64encode(parcel.payload).decode()
    else:
        sent["text"] = parcel.payload.decode()
    if parcel.link and parcel.expires:
        sent |= {"confirm": parcel.link, "confirm_until": utc_text(parcel.expires)}
    return json.dumps(sent, ensure_ascii=False, sort_keys=True).encode()


def signature(secret: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the time, a line feed and the body, in hexadecimal digits."""
    return hmac.new(secret.encode(), stamp.encode() + b"\n" + body, sha256).hexdigest()
