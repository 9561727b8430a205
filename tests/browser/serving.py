"""A store served on this machine to a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from tests.store.kit import World


class _Server(ThreadingMixIn, WSGIServer):
    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer, and leave no connection to the database behind, which the next test replaces."""
        from django.db import connections

        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


class _Quiet(WSGIRequestHandler):
    def log_message(self, *told: object) -> None:
        """Say nothing."""


@contextmanager
def served(world: World) -> Iterator[str]:
    """Where the room is served, for as long as it is; browsers must be closed before it ends."""
    from lull.web.application import Application

    app: Any = Application(world.store)
    server = make_server("127.0.0.1", 0, app, _Server, _Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
