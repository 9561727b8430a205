"""One request for a page: whose it is, in which pause, language and zone; and its answer."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import cached_property, partial, wraps
from typing import Any
from uuid import UUID

from attrs import define, field
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    HttpResponseRedirect,
)
from django.template.loader import render_to_string
from django.urls import reverse

from lull.domain.records import RECEIPT_SENTENCE
from lull.store.configure import LARGEST_BODY_BYTES
from lull.store.kept import Store
from lull.store.principal import NotAllowed, Principal, Seated, seated
from lull.store.reading import collecting
from lull.store.signin import NotSignedIn, who_asks
from lull.store.view import Known
from lull.web.api.auth import store_of
from lull.web.pages import cookie
from lull.web.pages.languages import Language, language_of, other_than, using
from lull.web.pages.packed import takes_gzip
from lull.web.pages.policy import with_policy
from lull.web.pages.room import Room
from lull.web.pages.sections import sections_for
from lull.web.pages.shelf import ONCE, SEAL, VERSION, Kept, Place, place_for, something_done
from lull.web.pages.uploads import in_memory
from lull.web.pages.zones import Clock, zone_of

View = Callable[..., HttpResponse]


@define(eq=False)
class Visit:
    """A request, with who asks (None: the public)."""

    request: HttpRequest
    language: Language
    who: Principal | None = None
    seat: Seated | None = None
    page_name: str = ""
    pause: UUID | None = None
    """The pause that the address names, whether or not it is one for whoever asks."""
    place: Place | None = None
    sealed: list[Known] = field(factory=list)
    told: dict[str, Any] = field(factory=dict)

    @cached_property
    def store(self) -> Store:
        """The store that is served."""
        return store_of(self.request)

    @cached_property
    def room(self) -> Room:
        """The pause as its reader sees it; raises NotAllowed where there is none."""
        if self.seat is None:
            raise NotAllowed("This page belongs to a pause.")
        return Room(self.store, self.seat)

    @cached_property
    def clock(self) -> Clock:
        """How times are shown."""
        return Clock(zone_of(self.request, self.room.zone if self.seat else ""))

    @property
    def posted(self) -> bool:
        """Whether a form was sent."""
        return self.request.method == "POST"

    @property
    def partly(self) -> bool:
        """Whether a part of the page is to be renewed, and not all of it."""
        return self.request.headers.get("HX-Request") == "true" and (
            self.request.headers.get("HX-Boosted") != "true")

    def link(self, name: str, *args: Any) -> str:
        """The address of a page of this pause."""
        assert self.seat is not None
        return reverse(name, args=(self.seat.pause, *args))

    def show(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """The page that a template makes, once it is written down what it shows of the sealed."""
        if self.seat is not None:
            self.room.note_shown()
        html = render_to_string(f"room/{template}", {**self._always(), **context}, self.request)
        if self.place is not None and status == 200:
            return self.kept(self.place.keep(html, tuple(self.sealed)))
        made = Kept(None, html, ()).filled(self._seal, secrets.token_hex(16))
        return with_policy(HttpResponse(made, status=status))

    def kept(self, page: Kept) -> HttpResponse:
        """A page that was kept, for this request; nothing where its browser shows just that."""
        if page.etag in self.request.headers.get("If-None-Match", ""):
            answer: HttpResponse = HttpResponseNotModified()
        elif takes_gzip(self.request):
            answer = HttpResponse(page.gzip(self._seal, secrets.token_hex(16)))
            answer.headers["Content-Encoding"] = "gzip"
            answer.headers["Content-Length"] = str(len(answer.content))
        else:
            answer = HttpResponse(page.filled(self._seal, secrets.token_hex(16)))
        answer.headers["ETag"] = page.etag
        answer.headers["Vary"] = "Cookie, Accept-Language, Accept-Encoding"
        return with_policy(answer)

    @property
    def _seal(self) -> str:
        token = cookie.token_of(self.request)
        return cookie.seal_for(token) if token else ""

    def go(self, name: str, *args: Any, at: str = "") -> HttpResponse:
        """On to a page of this pause, after a form was done; `at` is an id on that page."""
        answer = HttpResponseRedirect(self.link(name, *args) + (f"#{at}" if at else ""))
        answer.status_code = 303
        return with_policy(answer)

    def _always(self) -> dict[str, Any]:
        return {
            "visit": self, "language": self.language, "languages": other_than(self.language),
            "seal": SEAL, "once": ONCE, "version": VERSION if self.place else "",
            "who": self.who, "seat": self.seat, "room": self.room if self.seat else None,
            "clock": self.clock, "beside_receipt": RECEIPT_SENTENCE, "page_name": self.page_name,
            "sections": sections_for(self.seat.role, self.page_name) if self.seat else (),
            "now": self.store.now(),
        }


def anyones(view: View) -> View:
    """A page outside any pause; `visit.who` is None where nobody has signed in."""
    return _answered(view, lambda visit, args: None, needs_sign_in=False)


def members(view: View) -> View:
    """A page outside any pause for somebody who has signed in."""
    return _answered(view, lambda visit, args: None, needs_sign_in=True)


def in_pause(view: View) -> View:
    """A page of a pause for somebody who sits in it."""
    return _answered(view, _take_seat, needs_sign_in=True)


def in_pause_with_file(most_bytes: int) -> Callable[[View], View]:
    """A page of a pause for somebody who sits in it, which takes a file of so many bytes."""
    return lambda view: _answered(view, _take_seat, needs_sign_in=True, most_bytes=most_bytes)


def in_pause_or_public(view: View) -> View:
    """A page of a pause for somebody who sits in it, or for the public with what is public."""
    return _answered(view, _take_seat, needs_sign_in=False)


def _take_seat(visit: Visit, args: dict[str, Any]) -> None:
    visit.pause = args.pop("pause")
    assert visit.pause is not None
    visit.seat = seated(visit.pause, visit.who)


def _answered(view: View, prepare: Callable[[Visit, dict[str, Any]], None], *,
              needs_sign_in: bool, most_bytes: int = LARGEST_BODY_BYTES) -> View:
    @wraps(view)
    def answer(request: HttpRequest, **args: Any) -> HttpResponse:
        from lull.web.pages.refused import refused  # noqa: PLC0415 - it shows pages of its own

        visit = Visit(request, language_of(request), page_name=view.__name__)
        with using(visit.language):
            try:
                in_memory(request, most_bytes)
                visit.who = _who(visit, needs_sign_in)
                if request.method == "POST":
                    cookie.require_own_form(request)
                prepare(visit, args)
                visit.place = place_for(visit, args)
                made = visit.place.made_once(visit, partial(_made, view, visit, args)) if (
                    visit.place) else _made(view, visit, args)
                if visit.posted and made.status_code == 303:
                    something_done(visit)
                return made
            except Exception as wrong:  # noqa: BLE001 - each has a page of its own
                return refused(visit, wrong)

    return answer


def _made(view: View, visit: Visit, args: dict[str, Any]) -> HttpResponse:
    with collecting() as visit.sealed:
        return view(visit, **args)


def _who(visit: Visit, needs_sign_in: bool) -> Principal | None:
    token = cookie.token_of(visit.request)
    if not token and not needs_sign_in:
        return None
    if not token:
        raise NotSignedIn("Sign in first.")
    try:
        return who_asks(visit.store, token, there=not visit.partly)
    except NotSignedIn:
        if needs_sign_in:
            raise
        return None
