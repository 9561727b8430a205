"""The page of a confirm link: what one recipient was sent, and a form to confirm that it came.

It is in the recipient's language; in both, English first, where nobody has said which it is.

Opening it confirms nothing, as mail scanners open links; that it was opened is recorded apart, once
an hour at most. It works without scripts and without an account; the link is the only key to it.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from hashlib import sha256

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from lull.domain.protocol import IllegalStep
from lull.domain.records.receipt import Channel, Fetch, Receipt
from lull.domain.rights import part_named
from lull.store.appender import Busy
from lull.store.once import UsedKey
from lull.store.sending.language import DIRECTION, LANGUAGES, MARKS, as_html, lines_of
from lull.store.sending.links import Expired, NoLink, Opened, open_link
from lull.store.sending.words import CHANGED_TO
from lull.store.witness import Saw, bear_witness, seat_behind
from lull.web.api.auth import store_of
from lull.web.confirm_words import Words, words_in

LONGEST_FUNCTION = 200
STYLE = """
*{box-sizing:border-box}
body{margin:0 auto;padding:1rem;max-width:42rem;font:1rem/1.5 system-ui,sans-serif;
color:#111;background:#fff}
h1{font-size:1.3rem;margin:.5rem 0}
pre{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid #767676;padding:.75rem;
font:inherit}
.beside{border-inline-start:.3rem solid #111;padding-inline-start:.75rem;font-weight:600}
label{display:block;margin:.75rem 0 .25rem}
input[type=text]{width:100%;min-height:2.75rem;font:inherit;border:1px solid #595959;padding:.5rem}
.tick{display:flex;gap:.6rem;align-items:flex-start}
.tick input{width:1.5rem;height:1.5rem;flex:none}
button{min-height:2.75rem;padding:.5rem 1rem;margin-top:1rem;font:inherit;font-weight:600;
color:#fff;background:#1a3f6b;border:0;width:100%}
:focus-visible{outline:3px solid #b35900;outline-offset:2px}
.wrong{border:2px solid #8a1c1c;padding:.5rem .75rem}
section+section{margin-top:2rem;border-top:1px solid #767676;padding-top:1rem}
"""
STYLE_HASH = base64.b64encode(sha256(STYLE.encode()).digest()).decode()
POLICY = (f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; form-action 'self'; "
          "frame-ancestors 'none'; base-uri 'none'")


def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a link leads to (GET, HEAD), or confirm that it was received (POST)."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    store = store_of(request)
    try:
        opened = open_link(store, token)
        if request.method == "POST":
            return _confirmed(request, opened)
        _note_fetch(request, opened)
    except NoLink:
        return _page(404, lambda w: _said(w.nowhere))
    except Expired:
        return _page(410, lambda w: _said(w.expired))
    except Busy:
        return _page(503, lambda w: _said(w.busy))
    return _newer(opened) if opened.newer else _shown(opened)


def _note_fetch(request: HttpRequest, opened: Opened) -> None:
    store, row = store_of(request), opened.row
    now = store.now()
    record = Fetch(reference=f"{opened.about} v{opened.version} fetched", version=1,
                   notification=opened.about, notification_version=opened.version,
                   recipient=opened.recipient, fetched_at=now)
    bear_witness(store, seat_behind(store, row), Saw("fetch", opened.about, record),
                 f"fetch {row.once} {store.hour}")


def _confirmed(request: HttpRequest, opened: Opened) -> HttpResponse:
    if opened.newer:
        return _newer(opened)
    function = " ".join(request.POST.get("function", "").split())
    read = request.POST.get("read", "") == str(opened.version)
    wrong = [name for name, right in (
        ("function", 0 < len(function) <= LONGEST_FUNCTION), ("read", read)) if not right]
    if wrong:
        return _shown(opened, wrong, function[:LONGEST_FUNCTION])
    store, row = store_of(request), opened.row
    record = Receipt(
        reference=f"{opened.about} v{opened.version} confirmed", version=1,
        notification=opened.about, notification_version=opened.version,
        recipient=opened.recipient, channel=Channel.LINK, answered_at=store.now(),
        answered_by_function=function, read_version=opened.version)
    part = part_named("receipt", {"recipient": record.recipient,
                                  "notification_version": record.notification_version})[1]
    try:
        bear_witness(store, seat_behind(store, row),
                     Saw("receipt.confirm", opened.about, record, part), f"confirmed {row.once}")
    except (IllegalStep, UsedKey):
        return _page(200, lambda w: _said(w.already, opened.version) + _beside(w),
                     opened.languages)
    return _page(200, lambda w: _said(w.thanks, opened.version) + _beside(w), opened.languages)


def _shown(opened: Opened, wrong: list[str] | None = None, function: str = "") -> HttpResponse:
    texts = dict(opened.texts)

    def body(w: Words) -> SafeString:
        tell = format_html_join("", '<p class="wrong" role="alert">{}</p>',
                                ((w.wrong[name],) for name in wrong or ()))
        return format_html(
            '<h1>{}</h1>{}{}{}<form method="post">'
            '<label for="function-{}">{}</label>'
            '<input type="text" dir="auto" id="function-{}" name="function" maxlength="{}" '
            'autocomplete="off" required value="{}">'
            '<label class="tick"><input type="checkbox" name="read" value="{}" required>'
            "<span>{}</span></label><button>{}</button></form>",
            w.title, tell, _text(texts[w.language], w), _beside(w), w.language, w.function,
            w.language, LONGEST_FUNCTION, function, opened.version, _with(w.read, opened.version),
            w.button)

    return _page(422 if wrong else 200, body, opened.languages)


def _text(text: str, w: Words) -> SafeString:
    """What was sent, each value apart so that none turns another's direction."""
    lines = format_html_join("\n", "{}", ((_line(line),) for line in lines_of(text)))
    return format_html("<pre>{}</pre><p>{}</p>", lines, w.opening)


def _line(line: str) -> SafeString:
    if MARKS.search(line):
        return as_html(line)
    name, colon, value = line.partition(": ")
    if not colon:
        return format_html("<bdi>{}</bdi>", line)
    old, arrow, new = value.partition(CHANGED_TO)
    if not arrow:
        return format_html("{}: <bdi>{}</bdi>", name, value)
    return format_html("{}: <bdi>{}</bdi>{}<bdi>{}</bdi>", name, old, arrow, new)


def _newer(opened: Opened) -> HttpResponse:
    return _page(409, lambda w: _said(w.newer, opened.newer) + _beside(w), opened.languages)


def _beside(w: Words) -> SafeString:
    return format_html('<p class="beside">{}</p>', w.beside)


def _said(sentence: str, version: int | None = None) -> SafeString:
    return format_html("<h1>{}</h1>", _with(sentence, version))


def _with(sentence: str, version: int | None) -> SafeString:
    """A sentence with a version in it, kept apart so that the direction around does not turn it."""
    before, _, behind = sentence.partition("{version}")
    if version is None or not _:
        return format_html("{}", sentence)
    return format_html('{}<bdi dir="ltr">{}</bdi>{}', before, version, behind)


def _page(status: int, body: Callable[[Words], SafeString],
          languages: tuple[str, ...] = LANGUAGES) -> HttpResponse:
    """A page in the languages of a letter; in all, one below the other, if none is known."""
    words = [words_in(one) for one in languages]
    html = format_html(
        '<!doctype html><html lang="{}" dir="{}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex"><title>{}</title><style>{}</style></head>'
        "<body><main>{}</main></body></html>", languages[0], DIRECTION[languages[0]],
        " · ".join(w.title for w in words), mark_safe(STYLE),  # noqa: S308
        format_html_join("", '<section lang="{}" dir="{}">{}</section>',
                         ((w.language, DIRECTION[w.language], body(w)) for w in words)))
    answer = HttpResponse(html, status=status)
    answer.headers["Content-Security-Policy"] = POLICY
    return answer
