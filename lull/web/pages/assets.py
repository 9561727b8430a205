"""The files that pages need: styles, scripts, the page for «offline». All from this server.

Each address holds the hash of what it leads to, so that a browser keeps it for good. The library
of the map that moves is fetched at set-up (`scripts/browser`); where it is not, there is no such
map.
"""

from __future__ import annotations

import gzip
import sys
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lull.web.pages.packed import takes_gzip
from lull.web.pages.policy import with_policy

HASH_CHARACTERS = 12
KINDS = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
         "mjs": "text/javascript; charset=utf-8",
         "svg": "image/svg+xml", "html": "text/html; charset=utf-8",
         "json": "application/json"}
FROM_PACKAGES = {"htmx.js": ("django_htmx", "static/django_htmx/htmx-2.min.js")}
"""Files that come with a package, where it keeps them."""
OWN = ("room.css", "room.js", "map.js", "away.js", "offline.html", "mark.svg")
MAP_LIBRARY = ("maplibre-gl.mjs", "maplibre-gl-worker.mjs", "maplibre-gl.css")
"""Fetched at set-up, into the environment in which lull is installed."""


def fetched_folder() -> Path:
    """Where files lie that were fetched for browsers."""
    return Path(sys.prefix) / "share" / "lull" / "browser"


def has_map_library() -> bool:
    """Whether the library of the map that moves was fetched."""
    return all((fetched_folder() / name).is_file() for name in MAP_LIBRARY)


@cache
def body_of(name: str) -> bytes:
    """What a file holds; raises KeyError."""
    if name in FROM_PACKAGES:
        package, path = FROM_PACKAGES[name]
        return files(package).joinpath(path).read_bytes()
    if name in MAP_LIBRARY and has_map_library():
        return Path(f"{fetched_folder()}/{name}").read_bytes()
    if name not in OWN:
        raise KeyError(name)
    return files("lull.web").joinpath(f"static/{name}").read_bytes()


@cache
def _hash(name: str) -> str:
    return sha256(body_of(name)).hexdigest()[:HASH_CHARACTERS]


@cache
def _packed(name: str) -> bytes:
    return gzip.compress(body_of(name), 9, mtime=0)


def address_of(name: str) -> str:
    """The address of a file, with its hash."""
    return reverse("asset", args=(_hash(name), name))


def asset(request: HttpRequest, mark: str, name: str) -> HttpResponse:
    """A file of the pages; it never changes under its address."""
    try:
        body = body_of(name)
    except KeyError:
        return HttpResponse(status=404)
    small = takes_gzip(request)
    answer = HttpResponse(_packed(name) if small else body,
                          content_type=KINDS[name.rpartition(".")[2]])
    if small:
        answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Content-Length"] = str(len(answer.content))
    answer.headers["Vary"] = "Accept-Encoding"  # no cookie: it is kept when one signs in or out
    fresh = mark == _hash(name)
    answer.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if fresh else "no-cache")
    return with_policy(answer)


def away(request: HttpRequest) -> HttpResponse:
    """The worker that shows a page of its own where the server is not reached."""
    script = b"const OFFLINE = '%s';\n" % address_of("offline.html").encode() + body_of("away.js")
    answer = HttpResponse(script, content_type=KINDS["js"])
    answer.headers["Cache-Control"] = "no-cache"
    return with_policy(answer)
