"""The session of a browser: a cookie that scripts cannot read, and a seal on each form.

The cookie holds a session's token and nothing else. It is sent along with a form from another site
as well, so each form carries a seal that only a page of this session can have.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse

SESSION = "lull-session"
LONGEST_TOKEN = 100
SALT_CHARACTERS = 16


class ForeignForm(Exception):
    """A form that no page of this session has made."""


def token_of(request: HttpRequest) -> str:
    """The session's token, or an empty text."""
    return str(request.COOKIES.get(SESSION, ""))[:LONGEST_TOKEN]


def keep(answer: HttpResponse, token: str, *, secure: bool) -> None:
    """Have the browser keep a session's token until it is closed."""
    answer.set_cookie(SESSION, token, httponly=True, secure=secure, samesite="Lax", path="/")


def drop(answer: HttpResponse) -> None:
    """Have the browser forget the session."""
    answer.delete_cookie(SESSION, path="/", samesite="Lax")


def seal_for(token: str) -> str:
    """A seal for a form of a session; another one each time, as pages are compressed."""
    salt = secrets.token_hex(SALT_CHARACTERS // 2)
    return salt + _seal(token, salt)


def require_own_form(request: HttpRequest) -> None:
    """Raise ForeignForm where a form did not come from a page of this session.

    A form sent without a session, to sign in, must at least come from this site.
    """
    origin = request.headers.get("Origin", "")
    if origin and urlsplit(origin).netloc != request.get_host():
        raise ForeignForm
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise ForeignForm
    token = token_of(request)
    if not token:
        return
    given = str(request.POST.get("seal", ""))
    salt, rest = given[:SALT_CHARACTERS], given[SALT_CHARACTERS:]
    if not hmac.compare_digest(rest.encode(), _seal(token, salt).encode()):
        raise ForeignForm


def _seal(token: str, salt: str) -> str:
    return hmac.new(token.encode(), f"form {salt}".encode(), sha256).hexdigest()
