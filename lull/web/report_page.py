"""The page of a job's answer, as a browser gets it: nothing in it can ask anybody for anything.

The page is self-contained: its style is inline and its one script is told by its hash, which is
worked out here from the page itself, as the header is what binds the browser.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

from django.http import HttpResponse
from django.utils.html import format_html, format_html_join

from lull.ledger.protection import AcceptedOpen

SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def report_page(page: bytes, accepted: Iterable[AcceptedOpen] = ()) -> HttpResponse:
    """The answer with the page, and the headers that shut it in.

    `accepted` are protection questions that stay open: who accepts that, and the reason, stand at
    the end of the page, as far as whoever asks for it may read them. They are not kept with it.

    Style stands in attributes of pictures too, which no hash can allow; it can load nothing, as
    every source is forbidden.
    """
    page = _with(page, tuple(accepted))
    scripts = [base64.b64encode(hashlib.sha256(found).digest()).decode()
               for found in SCRIPT.findall(page)]
    allowed = " ".join(f"'sha256-{digest}'" for digest in scripts) or "'none'"
    answer = HttpResponse(page, content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src {allowed}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts")
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    # A page that asks it of itself asks it of what it frames, or the browser shows an empty frame.
    answer.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    return answer


def _with(page: bytes, accepted: tuple[AcceptedOpen, ...]) -> bytes:
    """The page with what is accepted as open, before the end of its main part."""
    head, end, rest = page.rpartition(b"</main>")
    if not accepted or not end:
        return page
    rows = format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", (
        (one.pause, one.question.value.replace("_", " "), one.reason, one.by) for one in accepted))
    section = format_html(
        '<section id="accepted-as-open"><h2>Protection questions accepted as open</h2>'
        "<p>These were not answered when the pause was made ready. A role accepts that, with the "
        "reason.</p><table><thead><tr><th>pause</th><th>question</th><th>reason</th>"
        "<th>accepted by</th></tr></thead><tbody>{}</tbody></table></section>", rows)
    return head + section.encode() + end + rest
