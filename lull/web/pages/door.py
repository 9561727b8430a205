"""The door: signing in and out, opening one's keys, coming in by invitation, the language."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lull.domain.refusal import Refusal
from lull.store import accounts, models, signin
from lull.store.signin import CodeNeeded, NotSignedIn
from lull.web.api.auth import address_of
from lull.web.application import BEHIND_TLS
from lull.web.pages import cookie
from lull.web.pages.languages import BY_CODE, LANGUAGE
from lull.web.pages.policy import with_policy
from lull.web.pages.public import open_pauses
from lull.web.pages.visit import Visit, anyones, members

YEAR_SECONDS = 31_536_000


def inside(path: str) -> str:
    """An address of this site to go on to; home where it is another's."""
    right = path.startswith("/") and not path.startswith(("//", "/\\")) and "\n" not in path
    return path if right else reverse("home")


def onward(path: str) -> HttpResponse:
    """On to another page, with GET."""
    answer = HttpResponseRedirect(inside(path))
    answer.status_code = 303
    return with_policy(answer)


def secure(request: HttpRequest) -> bool:
    """Whether the browser speaks TLS, to this server or to one in front of it."""
    return request.is_secure() or bool(request.META.get(BEHIND_TLS))


@anyones
def sign_in(visit: Visit) -> HttpResponse:
    """Begin a session."""
    post, there = visit.request.POST, visit.request.GET.get("next", "")
    if not visit.posted:
        return visit.show("sign_in.html", next=there, opened=open_pauses(visit))
    said: dict[str, Any] = {"opened": open_pauses(visit), "next": post.get("next", ""),
                            "login": post.get("login", "")[:200]}
    try:
        done = signin.sign_in(visit.store, login=post.get("login", "")[:200],
                              passphrase=post.get("passphrase", "")[:1_000],
                              code=post.get("code", "")[:60], address=address_of(visit.request))
    except CodeNeeded:
        return visit.show("sign_in.html", code_needed=True, status=200, wrong=_(
            "Give your passphrase again, and a code of your second factor."), **said)
    except NotSignedIn:
        return visit.show("sign_in.html", status=422, code_needed="code" in post, wrong=_(
            "Login, passphrase or code are not right."), **said)
    answer = onward(said["next"] or reverse("home"))
    cookie.keep(answer, done.token, secure=secure(visit.request))
    return answer


@anyones
def sign_out(visit: Visit) -> HttpResponse:
    """End the session."""
    if visit.posted and visit.who and visit.who.session:
        signin.sign_out(visit.store, visit.who.session)
    answer = onward(reverse("sign_in"))
    if visit.posted:
        cookie.drop(answer)
        answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@members
def unlock(visit: Visit) -> HttpResponse:
    """Open one's keys again after the server was started anew."""
    assert visit.who is not None
    there = str((visit.request.POST or visit.request.GET).get("next", ""))
    if not visit.posted:
        return visit.show("unlock.html", next=there)
    try:
        signin.unlock(visit.store, visit.who, visit.request.POST.get("passphrase", "")[:1_000],
                      address_of(visit.request))
    except NotSignedIn:
        return visit.show("unlock.html", status=422, next=there,
                          wrong=_("The passphrase is another."))
    return onward(there or reverse("home"))


@anyones
def join(visit: Visit) -> HttpResponse:
    """Come in by an invitation, or set a new passphrase by a reset."""
    if not visit.posted:
        return visit.show("join.html")
    post = visit.request.POST
    try:
        done = accounts.accept(
            visit.store, post.get("token", "").strip()[:100], login=post.get("login", "")[:200],
            passphrase=post.get("passphrase", "")[:1_000], address=address_of(visit.request))
    except Refusal as wrong:
        return visit.show("join.html", status=422, wrong=str(wrong), login=post.get("login", ""))
    return visit.show("join.html", code=done.code, joined=True)


@anyones
def language(visit: Visit) -> HttpResponse:
    """Change the language."""
    answer = onward(visit.request.POST.get("back", ""))
    code = visit.request.POST.get("language", "")
    if code in BY_CODE:
        answer.set_cookie(LANGUAGE, code, max_age=YEAR_SECONDS, httponly=True, samesite="Lax",
                          secure=secure(visit.request), path="/")
    return answer


@members
def home(visit: Visit) -> HttpResponse:
    """The pauses in which one sits; with one alone, what is due there.

    Who keeps the server and may begin a pause comes to the list of them with `?pauses`.
    """
    assert visit.who is not None
    wrong = ""
    if visit.posted:
        try:
            made = accounts.make_pause(visit.store, visit.request.POST.get("name", ""), visit.who)
            return onward(reverse("due", args=(made.id,)))
        except Refusal as met:
            wrong = str(met)
    seats = list(models.Seat.objects.select_related("pause").filter(member_id=visit.who.member))
    listed = visit.who.keeper and "pauses" in visit.request.GET
    if len(seats) == 1 and not listed and not visit.posted:
        return onward(reverse("due", args=(seats[0].pause_id,)))
    veil = visit.store.secrets.veil
    pauses = [{"id": s.pause_id, "role": s.role,
               "name": veil.open(s.pause.name, f"pause {s.pause_id}")} for s in seats]
    return visit.show("home.html", status=422 if wrong else 200, wrong=wrong,
                      pauses=sorted(pauses, key=lambda p: p["name"]))
