"""The WSGI application of one opened store."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler

from lull.store.kept import Store

STORE = "lull.store"
"""Under this name a request's environment has the store; there is no global one."""


PROXIED = "lull.proxied"
"""Whether another server in front says from where a request came."""


class Application:
    """Hands the store to each request."""

    def __init__(self, store: Store, *, proxied: bool = False) -> None:
        self.store, self.proxied = store, proxied
        self._django = WSGIHandler()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        environ[STORE], environ[PROXIED] = self.store, self.proxied
        answer: Iterable[bytes] = self._django(environ, start)
        return answer
