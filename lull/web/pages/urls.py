"""The addresses of the pages. None holds a name from the ledger: browsers keep a history."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from lull.web.pages.account import account
from lull.web.pages.act import act
from lull.web.pages.answer import answer
from lull.web.pages.ask import ask
from lull.web.pages.assets import asset, away
from lull.web.pages.bundle import export, take_in
from lull.web.pages.chain import chain
from lull.web.pages.chart import chart, chart_data
from lull.web.pages.chart_tiles import chart_tile
from lull.web.pages.constraints import constraint, constraints
from lull.web.pages.corridors import corridors
from lull.web.pages.deliveries import deliveries
from lull.web.pages.door import home, join, language, sign_in, sign_out, unlock
from lull.web.pages.drafts import job_drafts
from lull.web.pages.due import due
from lull.web.pages.ending import complete, expire, supersede
from lull.web.pages.entry import entry
from lull.web.pages.figures import figures
from lull.web.pages.incidents import incidents
from lull.web.pages.job import job, job_report
from lull.web.pages.keeper import keeper
from lull.web.pages.ledger import apart, ledger, without_effect
from lull.web.pages.letters import letters, read_out
from lull.web.pages.lists import list_of
from lull.web.pages.movements import movements
from lull.web.pages.notice import notice, notice_of
from lull.web.pages.notification import notification
from lull.web.pages.notifications import notifications
from lull.web.pages.people import people
from lull.web.pages.plans import folder, plans
from lull.web.pages.public import public
from lull.web.pages.reached import reached
from lull.web.pages.readiness import readiness, readiness_of
from lull.web.pages.report import report
from lull.web.pages.requests import request_of, requests
from lull.web.pages.sending import call_off, transmit
from lull.web.pages.statements import account_of, statements
from lull.web.pages.thing import thing

IN_PAUSE = "p/<uuid:pause>"


def _in_pause(address: str, view: Any, name: str) -> URLPattern:
    return path(f"{IN_PAUSE}/{address}", view, name=name)


PAGES = [
    path("", home, name="home"),
    path("sign-in", sign_in, name="sign_in"),
    path("sign-out", sign_out, name="sign_out"),
    path("unlock", unlock, name="unlock"),
    path("join", join, name="join"),
    path("public", public, name="public"),
    path("server", keeper, name="keeper"),
    path("language", language, name="language"),
    path("account", account, name="account"),
    path("static/<str:mark>/<str:name>", asset, name="asset"),
    path("away.js", away, name="away"),
    _in_pause("due", due, "due"),
    _in_pause("notice", notice, "notice"),
    _in_pause("notice/<str:tag>", notice_of, "notice_of"),
    _in_pause("corridors", corridors, "corridors"),
    _in_pause("readiness", readiness, "readiness"),
    _in_pause("readiness/<str:tag>", readiness_of, "readiness_of"),
    _in_pause("notifications", notifications, "notifications"),
    _in_pause("movements", movements, "movements"),
    _in_pause("requests", requests, "requests"),
    _in_pause("requests/<str:tag>", request_of, "request_of"),
    _in_pause("deliveries", deliveries, "deliveries"),
    _in_pause("incidents", incidents, "incidents"),
    _in_pause("constraints", constraints, "constraints"),
    _in_pause("constraint/<str:tag>", constraint, "constraint"),
    _in_pause("figures", figures, "figures"),
    _in_pause("statements", statements, "statements"),
    _in_pause("account/<str:hash>", account_of, "account_of"),
    _in_pause("map", chart, "chart"),
    _in_pause("map.json", chart_data, "chart_data"),
    _in_pause("tiles/<int:zoom>/<int:x>/<int:y>", chart_tile, "chart_tile"),
    _in_pause("report", report, "report"),
    _in_pause("plans", plans, "plans"),
    _in_pause("folder/<uuid:folder>", folder, "folder"),
    _in_pause("ask/<uuid:folder>/<str:kind>", ask, "ask"),
    _in_pause("job/<uuid:job>", job, "job"),
    _in_pause("job/<uuid:job>/report", job_report, "job_report"),
    _in_pause("job/<uuid:job>/notifications", job_drafts, "job_drafts"),
    _in_pause("people", people, "people"),
    _in_pause("ledger", ledger, "ledger"),
    _in_pause("ledger/chain", chain, "chain"),
    _in_pause("ledger/apart", apart, "apart"),
    _in_pause("ledger/without-effect", without_effect, "without_effect"),
    _in_pause("ledger/files", take_in, "take_in"),
    _in_pause("ledger/export", export, "export"),
    _in_pause("list/<str:table>", list_of, "list"),
    _in_pause("write/<str:kind>", act, "act"),
    _in_pause("transmit/<str:tag>", transmit, "transmit"),
    _in_pause("call-off/<str:tag>", call_off, "call_off"),
    _in_pause("complete/<str:tag>", complete, "complete"),
    _in_pause("expire/<str:tag>", expire, "expire"),
    _in_pause("supersede/<str:tag>", supersede, "supersede"),
    _in_pause("answer/<str:tag>/<str:event>/<str:part>", answer, "answer"),
    _in_pause("outbox", letters, "outbox"),
    _in_pause("read-out/<int:letter>", read_out, "read_out"),
    _in_pause("addressees", reached, "addressees"),
    _in_pause("entry/<str:hash>", entry, "entry"),
    _in_pause("of/notification/<str:tag>", notification, "notification"),
    _in_pause("of/<str:table>/<str:tag>", thing, "thing"),
]
