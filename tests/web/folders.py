"""A pause folder as it is sent to a server, and a worker in this process."""

from __future__ import annotations

import io
import threading
import zipfile
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from lull.cli.work import work
from lull.exchange.new import new_folder
from tests.store.kit import World
from tests.web.kit import Caller

IMPORT = "pauses/{pause}/folders"


@cache
def template() -> dict[str, bytes]:
    """The files of the folder that `lull new` writes."""
    with TemporaryDirectory() as home:
        folder = Path(home) / "my-pause"
        new_folder(folder)
        return {path.name: path.read_bytes() for path in folder.iterdir()}


def zipped(files: dict[str, bytes] | None = None, outer: str = "my-pause/") -> bytes:
    """A folder as a .zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in (template() if files is None else files).items():
            archive.writestr(outer + name, raw)
    return out.getvalue()


def upload(who: Caller, raw: bytes, name: str = "my-pause.zip") -> Any:
    """The answer to sending a file in a form, as a browser does."""
    from django.test import Client

    from lull.web.application import STORE

    file = io.BytesIO(raw)
    file.name = name
    body = encode_multipart(BOUNDARY, {"folder": file})
    client = Client(**{STORE: who.world.store})
    return client.generic("POST", f"/api/pauses/{who.world.pause}/folders", body,
                          MULTIPART_CONTENT, HTTP_AUTHORIZATION=f"Bearer {who.token}")


def worked(world: World, seconds: float = 1) -> None:
    """Let a worker do all that waits."""
    work(world.store, seconds, threading.Event(), once=True)


def imported(world: World, who: Caller) -> str:
    """The id of the template, imported and checked."""
    sent = upload(who, zipped())
    assert sent.status_code == 201, sent.content
    worked(world)
    return str(sent.json()["id"])
