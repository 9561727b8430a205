"""What every answer says to browsers and caches: show nothing elsewhere, keep nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def protected(answer: Callable[[HttpRequest], HttpResponse]
              ) -> Callable[[HttpRequest], HttpResponse]:
    """Set the headers on every answer that does not set its own."""

    def with_headers(request: HttpRequest) -> HttpResponse:
        made = answer(request)
        for name, value in HEADERS.items():
            made.headers.setdefault(name, value)
        if not made.streaming:  # or it goes out in chunks, in three pieces instead of two
            made.headers.setdefault("Content-Length", str(len(made.content)))
        if request.is_secure():
            made.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return made

    return with_headers


def compressed(answer: Callable[[HttpRequest], HttpResponse]
               ) -> Callable[[HttpRequest], HttpResponse]:
    """Compress pages, which links in the field are slow for; programs ask for what they need.

    Django's compression adds a random length, so that nobody on the way learns from sizes what a
    page and a guess of theirs have in common.
    """
    by_django = GZipMiddleware(answer)

    def shorter(request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/"):
            return answer(request)
        return by_django(request)  # type: ignore[return-value]

    return shorter
