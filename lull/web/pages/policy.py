"""What a page may load and do: nothing but from this server, and no script or style within it."""

from __future__ import annotations

from django.http import HttpResponse

POLICY = "; ".join((
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "frame-src 'self'",  # the report of a plan, which is shut in by headers of its own
    "manifest-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
))
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Referrer-Policy": "same-origin",  # without it a browser does not say from where a form comes
}


def with_policy(answer: HttpResponse) -> HttpResponse:
    """Set on a page what its browser may do; what every answer says is set elsewhere."""
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    answer.headers.setdefault("Vary", "Cookie, Accept-Language")
    return answer
