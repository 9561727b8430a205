"""Connections that are waited for only so long: silent ones end, and those that come drop by drop.

A thread answers one request at a time, so whoever could keep one for ever with a byte now and then
would need as many connections as there are threads to keep everybody else out.
"""

from __future__ import annotations

import errno
import socket
import ssl
from time import monotonic
from typing import Any

SILENT_SECONDS = 10.0
"""So long may a connection say nothing in the middle of a request."""
GRACE_SECONDS = 20.0
"""So long may a request take at first, however little of it comes."""
LEAST_BYTES_A_SECOND = 1_000
"""From then on this many bytes must have come or gone for each second: a byte now and then does not
hold a thread. Assumed: a satellite telephone, 2,400 bits a second, is too slow for pages anyway; a
poor mobile line gives five times as much as is asked."""
LONGEST_SECONDS = 900.0
"""After so long a request ends whatever comes: 64 MB need 71 kB a second."""
PIECE_BYTES = 65_536


class Patience:
    """A connection that ends when it says nothing more, or so little that it never ends.

    gunicorn would wait for ever. Nor is it waited for when it is closed, which gunicorn does in the
    one thread that accepts. `moved` are the bytes of the present request and its answer.
    """

    silent = False
    began: float | None = None
    moved = 0
    asked: float | None = SILENT_SECONDS

    def setblocking(self, flag: bool) -> None:
        """As asked, but waiting only so long; a new request begins where it is to wait."""
        if flag:
            self.began, self.moved = monotonic(), 0
        self.settimeout(SILENT_SECONDS if flag else 0)

    def settimeout(self, seconds: float | None) -> None:
        """Wait so long for each piece, or less where the request has no longer."""
        self.asked = seconds
        super().settimeout(seconds)  # type: ignore[misc]

    def recv(self, *how: Any) -> bytes:
        """What has come; raises TimeoutError."""
        try:
            self._wait_no_longer()
            got: bytes = super().recv(*how)  # type: ignore[misc]
        except TimeoutError:
            self.silent = True
            raise
        self.moved += len(got)
        return got

    def sendall(self, data: Any, *how: Any) -> None:
        """Send all, piece by piece, to somebody who takes it; raises TimeoutError."""
        view = memoryview(data)
        try:
            for at in range(0, len(view), PIECE_BYTES):
                self._wait_no_longer()
                super().sendall(view[at:at + PIECE_BYTES], *how)  # type: ignore[misc]
                self.moved += len(view[at:at + PIECE_BYTES])
        except TimeoutError:
            self.silent = True
            raise

    def _wait_no_longer(self) -> None:
        """Set how long the next piece may take; raises TimeoutError where the time is over."""
        if self.began is None:
            self.began = monotonic()
        allowed = min(LONGEST_SECONDS, GRACE_SECONDS + self.moved / LEAST_BYTES_A_SECOND)
        left = self.began + allowed - monotonic()
        if left <= 0:
            raise TimeoutError("The request has taken too long.")
        patience = SILENT_SECONDS if self.asked is None else self.asked
        super().settimeout(min(patience, left))  # type: ignore[misc]

    def shutdown(self, how: int) -> None:
        """End one direction; raises OSError where nobody is there any more."""
        if self.silent:
            raise OSError(errno.ENOTCONN, "It has fallen silent.")
        super().shutdown(how)  # type: ignore[misc]


class Impatient(Patience, socket.socket):
    """Over TCP, or a socket of Unix."""


class ImpatientTls(Patience, ssl.SSLSocket):
    """Over TLS."""
