"""The page of a job's answer, as a browser gets it: nothing in it can ask anybody for anything.

The page is self-contained: its style is inline and its one script is told by its hash, which is
worked out here from the page itself, as the header is what binds the browser.
"""

from __future__ import annotations

import base64
import hashlib
import re

from django.http import HttpResponse

SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def report_page(page: bytes) -> HttpResponse:
    """The answer with the page, and the headers that shut it in.

    Style stands in attributes of pictures too, which no hash can allow; it can load nothing, as
    every source is forbidden.
    """
    scripts = [base64.b64encode(hashlib.sha256(found).digest()).decode()
               for found in SCRIPT.findall(page)]
    allowed = " ".join(f"'sha256-{digest}'" for digest in scripts) or "'none'"
    answer = HttpResponse(page, content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src {allowed}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts")
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer
