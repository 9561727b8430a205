"""The server: one process with threads, since members' keys are in its memory alone.

gunicorn answers HTTP; it starts the process again when it goes down. Nothing is written to a log
but starts, stops and faults: who asked for what, and from where, is not kept.
"""

from __future__ import annotations

import logging
import resource
import socket
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from attrs import frozen
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from lull.store.kept import Store
from lull.web.application import Application
from lull.web.patience import Impatient, ImpatientTls
from lull.web.sweeping import Sweeper

ANSWER_SECONDS = 120
LONGEST_LINE_BYTES = 4_094
MOST_HEADERS = 50
LONGEST_HEADER_BYTES = 4_094


@frozen
class Serving:
    """How to serve: where, by how many threads, with which certificate, behind which server."""

    listen: str
    threads: int = 16
    certificate: Path | None = None
    key: Path | None = None
    behind_tls: bool = False


class _Server(BaseApplication):
    """gunicorn, told everything by argument."""

    def __init__(self, opened: Callable[[], Store], how: Serving) -> None:
        self._opened, self._how = opened, how
        super().__init__()

    def load_config(self) -> None:
        """Set what is to be set."""
        how = self._how
        told: dict[str, Any] = {
            "bind": how.listen, "workers": 1, "threads": how.threads, "worker_class": _Worker,
            "timeout": ANSWER_SECONDS, "graceful_timeout": 20, "keepalive": 15,
            "limit_request_line": LONGEST_LINE_BYTES, "limit_request_fields": MOST_HEADERS,
            "limit_request_field_size": LONGEST_HEADER_BYTES, "accesslog": None, "errorlog": "-",
            # Warnings of gunicorn repeat requests that it could not read, with their address.
            "loglevel": "error", "when_ready": _ready, "forwarder_headers": "",
            "forwarded_allow_ips": "127.0.0.1,::1" if how.behind_tls else "",
            "proc_name": "lull", "worker_exit": _stopped,
            "umask": 0o077, "control_socket_disable": True, "server_software": "lull",
        }  # fmt: skip
        if how.certificate is not None:
            told |= {"certfile": str(how.certificate), "keyfile": str(how.key),
                     "ssl_context": _tls}
        for name, value in told.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Application:
        """Open the store, in the process that serves it."""
        return Application(self._opened(), behind_tls=self._how.behind_tls)


class _Worker(ThreadWorker):
    """gunicorn's threads, which a few connections that stand still would all hold, and which all
    wait while Python looks for garbage."""

    sweeper: Sweeper | None = None

    def run(self) -> None:
        """Answer until told to stop."""
        self.sweeper = Sweeper(time.monotonic)
        self.sweeper.begin()
        super().run()

    def notify(self) -> None:
        """Say that it is alive; called every second at least."""
        super().notify()
        if self.sweeper is not None:
            self.sweeper.turn()

    def enqueue_req(self, conn: Any) -> None:
        """Have a connection answered by a thread."""
        if type(conn.sock) is socket.socket:
            conn.sock = Impatient(fileno=conn.sock.detach())
        super().enqueue_req(conn)


def _tls(_how: Any, usual: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    made = usual()
    made.sslsocket_class = ImpatientTls
    return made


def _ready(_server: Any) -> None:
    logging.getLogger("gunicorn.error").addFilter(_no_silence)


def _no_silence(record: logging.LogRecord) -> bool:
    """Whether something is to be logged: that a connection fell silent is no fault of lull's."""
    return not (record.exc_info and isinstance(record.exc_info[1], TimeoutError))


def _stopped(_server: Any, worker: Any) -> None:
    application = getattr(worker, "wsgi", None)
    if isinstance(application, Application):
        application.store.close()


def no_core_dumps() -> None:
    """Have no memory written to the disk when the process goes down: keys are in it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def quiet_logs() -> None:
    """Have faults logged and nothing else: a line for each request would say who asked for what."""
    logging.getLogger("django").setLevel(logging.CRITICAL)


def serve(opened: Callable[[], Store], how: Serving) -> None:
    """Serve until told to stop. `opened` opens the store, and is called in the serving process."""
    no_core_dumps()
    quiet_logs()
    _Server(opened, how).run()
