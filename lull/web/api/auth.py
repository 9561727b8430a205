"""Who asks: a bearer token in the header, never in the address or a cookie.

A browser sends it only when told to, so no other page can make it do something in a member's name.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja.security import HttpBearer

from lull.store.kept import Store
from lull.store.principal import Principal, Scope, Seated, seated
from lull.store.signin import NotSignedIn, who_asks
from lull.web.application import PROXIED, STORE

LONGEST_BEARER = 100


class Member(HttpBearer):
    """A member, by session or token."""

    openapi_description = "The token of a session (POST session) or of a program (POST tokens)."

    def __call__(self, request: HttpRequest) -> Any:
        """The principal; raises NotSignedIn."""
        given = request.headers.get("Authorization", "")
        scheme, _, token = given.partition(" ")
        if scheme.lower() != "bearer" or not 0 < len(token.strip()) <= LONGEST_BEARER:
            raise NotSignedIn("Sign in, and send the token as: Authorization: Bearer ...")
        return self.authenticate(request, token.strip())

    def authenticate(self, request: HttpRequest, token: str) -> Principal:
        """The principal of a token; raises NotSignedIn."""
        return who_asks(store_of(request), token)


class Anyone(Member):
    """A member if there is a token, else the public."""

    def __call__(self, request: HttpRequest) -> Any:
        """The principal, or a mark that stands for the public."""
        return super().__call__(request) if "Authorization" in request.headers else PUBLIC


PUBLIC = "public"
member, anyone = Member(), Anyone()


def store_of(request: HttpRequest) -> Store:
    """The store that is served."""
    found: Store = request.META[STORE]
    return found


def who(request: HttpRequest) -> Principal:
    """The member who asks."""
    asks: Any = request.auth  # type: ignore[attr-defined]
    assert isinstance(asks, Principal)
    return asks


def seat_of(request: HttpRequest, pause: UUID, scope: Scope | None = None) -> Seated:
    """Who asks, in a pause; raises NotThere, NotAllowed."""
    asks: Any = request.auth  # type: ignore[attr-defined]
    if isinstance(asks, Principal):
        if scope is not None:
            asks.require(scope)
        return seated(pause, asks)
    return seated(pause, None)


def address_of(request: HttpRequest) -> str:
    """From where a request comes, for the throttle alone.

    A header that says so is believed only where a server stands in front that writes it; of several
    addresses in it the last one is its own.
    """
    if request.META.get(PROXIED):
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()[:64]
    return str(request.META.get("REMOTE_ADDR", ""))
