"""One's own account: zone, passphrase, second factor, out everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from lull.domain.refusal import Refusal, require
from lull.store import accounts, models, signin
from lull.store.signin import NotSignedIn
from lull.web.api.auth import address_of
from lull.web.pages import cookie
from lull.web.pages.door import YEAR_SECONDS, onward, secure
from lull.web.pages.visit import Visit, members
from lull.web.pages.zones import ZONE, zones

LONGEST = 1_000


@members
def account(visit: Visit) -> HttpResponse:
    """What one may set for oneself."""
    if not visit.posted:
        return _shown(visit)
    act = ACTS.get(visit.request.POST.get("act", ""))
    try:
        require(act is not None, _("Choose what is to be done."))
        assert act is not None
        return act(visit)
    except (Refusal, NotSignedIn) as wrong:
        return _shown(visit, status=422, wrong=str(wrong))


def _shown(visit: Visit, status: int = 200, **told: Any) -> HttpResponse:
    assert visit.who is not None
    member = models.Member.objects.get(pk=visit.who.member)
    return visit.show("account.html", status=status, factor_on=member.totp_on,
                      zone=visit.request.COOKIES.get(ZONE, ""), **told)


def _zone(visit: Visit) -> HttpResponse:
    zone = visit.request.POST.get("zone", "").strip()
    require(not zone or zone in zones(), _("There is no such time zone; give one such as "
                                           "Asia/Damascus."))
    answer = onward(reverse("account"))
    if zone:
        answer.set_cookie(ZONE, zone, max_age=YEAR_SECONDS, httponly=True, samesite="Lax",
                          secure=secure(visit.request), path="/")
    else:
        answer.delete_cookie(ZONE, path="/", samesite="Lax")
    return answer


def _field(visit: Visit, name: str) -> str:
    return str(visit.request.POST.get(name, ""))[:LONGEST]


def _passphrase(visit: Visit) -> HttpResponse:
    assert visit.who is not None
    accounts.change_passphrase(visit.store, visit.who, _field(visit, "old"), _field(visit, "new"),
                               address_of(visit.request))
    return _shown(visit, done=_("The passphrase is changed. Other sessions have ended."))


def _factor_begin(visit: Visit) -> HttpResponse:
    assert visit.who is not None
    secret, _link = signin.begin_totp(visit.store, visit.who, _field(visit, "passphrase"),
                                      address_of(visit.request))
    return _shown(visit, secret=secret)


def _factor_confirm(visit: Visit) -> HttpResponse:
    assert visit.who is not None
    codes = signin.confirm_totp(visit.store, visit.who, _field(visit, "code"),
                                address_of(visit.request))
    return _shown(visit, codes=codes, done=_("The second factor is on."))


def _factor_off(visit: Visit) -> HttpResponse:
    assert visit.who is not None
    signin.end_totp(visit.store, visit.who, _field(visit, "passphrase"), _field(visit, "code"),
                    address_of(visit.request))
    return _shown(visit, done=_("The second factor is off."))


def _everywhere(visit: Visit) -> HttpResponse:
    assert visit.who is not None
    accounts.sign_out_everywhere(visit.store, visit.who.member)
    answer = onward(reverse("sign_in"))
    cookie.drop(answer)
    return answer


ACTS: dict[str, Callable[[Visit], HttpResponse]] = {
    "zone": _zone, "passphrase": _passphrase, "factor_begin": _factor_begin,
    "factor_confirm": _factor_confirm, "factor_off": _factor_off, "everywhere": _everywhere,
}
