"""The WSGI application of one opened store."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import ip_address
from time import perf_counter
from typing import Any

from django.core.handlers.wsgi import WSGIHandler

from lull.store.kept import Store
from lull.web.server_figures import REQUESTS
from lull.web.tally import Requests

STORE = "lull.store"
"""Under this name a request's environment has the store; there is no global one."""
BEHIND_TLS = "lull.behind_tls"
"""Under this name it says that a server in front does TLS, so that cookies are for TLS alone."""


class Application:
    """Hands the store to each request.

    `behind_tls`: every connection is that of a server in front, which says from where each request
    came in the last address of X-Forwarded-For. Otherwise anybody could say anything there.
    """

    def __init__(self, store: Store, *, behind_tls: bool = False) -> None:
        self.store, self._behind, self.requests = store, behind_tls, Requests()
        self._django = WSGIHandler()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        environ[STORE] = self.store
        environ[BEHIND_TLS] = self._behind
        environ[REQUESTS] = self.requests
        path, began = str(environ.get("PATH_INFO", "")), perf_counter()
        if self._behind:
            said = str(environ.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
            environ["REMOTE_ADDR"] = _address(said) or environ.get("REMOTE_ADDR", "")

        def begin(status: str, *more: Any) -> Any:
            self.requests.count(path, int(status[:3]), perf_counter() - began)
            return start(status, *more)

        answer: Iterable[bytes] = self._django(environ, begin)
        return answer


def _address(text: str) -> str:
    """An address as it is written, or nothing where it is none."""
    try:
        return str(ip_address(text))
    except ValueError:
        return ""
