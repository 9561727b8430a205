"""The API's document and the page that lists its operations.

They are made in a process of their own, as Django can be told of one store only.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MADE = "<!-- Made by `make schemas` from the code; do not edit. -->"
WORDS = """Below `/api/`, in JSON, times in UTC to the second. [openapi.json](openapi.json) is the
whole document, which a server gives at `/api/openapi.json` too; schemathesis tries all of it for
each role.

- **Who asks**: `Authorization: Bearer …`, with the token of a session (`sign_in`) or of a program
  (`make_token`). Never in an address or a cookie. Operations marked *anyone* answer the public too,
  with what is public.
- **Idempotency-Key**: made anew for each write; the same when it is asked again, after a broken
  line. It is then done once, and acknowledged with 200 instead of 201. 503 means: ask again.
- **No**: one shape for every refusal: `error` for programs, `sentence` for people, `errors` each
  at its `field`, `side` at fault and roles `awaited` for an illegal step, `wait_seconds`.
- **Feed**: `changes` from cursor 0, then from the cursor of each answer. Nothing is committed
  behind a cursor that was given out.
- **Sealed**: opened for a session that is unlocked, never for a program's token. The first time
  that a session shows a sealed record is an entry of its own.
- **Size**: 4 MB for a request, 64 MB for a ledger file or a sealed folder."""

MAKE = """
import json, sys
from lull.store.address import read_address
from lull.store.configure import configure
from lull.web import MIDDLEWARE, URLS
configure(read_address("no-store.sqlite"), urls=URLS, middleware=MIDDLEWARE)
from lull.web.api import api
json.dump(api.get_openapi_schema(), sys.stdout, ensure_ascii=False, indent=1)
"""


@cache
def document() -> str:
    """The OpenAPI document."""
    return subprocess.run([sys.executable, "-c", MAKE], cwd=ROOT, check=True, capture_output=True,
                          text=True).stdout + "\n"


def page() -> str:
    """The page as it should stand."""
    lines = ["| | operation | what it does | for |", "|---|---|---|---|"]
    for path, methods in json.loads(document())["paths"].items():
        for method, operation in methods.items():
            lines.append(_row(path, method, operation))
    return f"{MADE}\n\n# The API\n\n{WORDS}\n\n" + "\n".join(lines) + "\n"


def _row(path: str, method: str, operation: dict[str, Any]) -> str:
    schemes = {name for one in operation.get("security", []) for name in one}
    whom = "anyone" if "Anyone" in schemes or not schemes else "a member"
    said = operation.get("description", "").partition("\n\n")[0].replace("\n", " ")
    return (f"| `{operation['operationId']}` | `{method.upper()} {path.removeprefix('/api/')}` | "
            f"{said} | {whom} |")
