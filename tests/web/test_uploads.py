"""Folders handed to the server in one file: kept sealed, or refused with all that is wrong."""

from __future__ import annotations

import json

import pytest

from lull.exchange.seal import Key, is_sealed, pack, seal_bytes
from lull.exchange.upload import LARGEST_UPLOAD_BYTES
from lull.store import jobs, models
from tests.exchange.kit import template
from tests.exchange.test_upload import tarred, zipped
from tests.store.kit import World
from tests.web.kit import Caller, caller

PATH = "pauses/{pause}/jobs"


def handed(world: World, raw: bytes, name: str = "olga") -> tuple[int, dict[str, object]]:
    """The code and the answer to a file that is handed in."""
    answer = caller(world, name).ask("POST", PATH, raw=raw)
    return answer.status_code, answer.json()


@pytest.mark.parametrize("how", ["zip", "tar", "sealed"])
def test_a_folder_in_one_file_is_kept_sealed_and_read_by_the_worker_as_it_was(
    world: World, how: str
) -> None:
    from lull.exchange.reading import read_upload

    files = template()
    raw = {"zip": zipped, "tar": tarred, "sealed": lambda f: seal_bytes(
        pack(f), recipients=[world.store.secrets.data.public])}[how](files)
    code, said = handed(world, raw)
    assert code == 201, said
    row = models.Job.objects.get()
    assert is_sealed(bytes(row.given))
    taken = jobs.take(world.store, "one")
    assert taken is not None
    reading = read_upload(taken.given, "folder", secrets=(world.store.secrets.data.secret,))
    assert reading.findings == ()
    assert reading.case is not None


def test_all_that_is_wrong_with_a_file_is_told_at_once_at_its_field(world: World) -> None:
    code, said = handed(world, zipped({"../a.csv": b"", "/b.csv": b"",
                                       "c.csv": bytes(5_000_000)}))
    assert (code, said["error"]) == (422, "bad_upload")
    assert [e["field"] for e in said["errors"]] == ["../a.csv", "/b.csv", "c.csv"]
    assert not models.Job.objects.exists()


@pytest.mark.parametrize("raw", [
    b"", b"no folder", zipped({}), zipped({"a.csv": b"x"})[:40],
    seal_bytes(b"x", recipients=[Key.new().public]),
    tarred({"sites.csv": b""}, b"2", "/etc/passwd"),
])
def test_what_is_no_folder_is_refused_and_nothing_is_kept(world: World, raw: bytes) -> None:
    code, said = handed(world, raw)
    assert code == 422
    assert said["errors"]
    assert "Traceback" not in json.dumps(said)
    assert not models.Job.objects.exists()


def test_a_file_that_is_too_large_is_refused_by_its_length_or_as_it_comes(world: World) -> None:
    raw = b"PK\x03\x04" + bytes(LARGEST_UPLOAD_BYTES)
    assert handed(world, raw)[0] == 413
    from django.test import RequestFactory

    from lull.web.api import jobs as asked
    from lull.web.application import STORE

    request = RequestFactory().post("/", raw, "application/octet-stream", **{
        STORE: world.store})
    request.META["CONTENT_LENGTH"] = ""  # in chunks nobody says how much comes
    request.auth = world.who("olga")
    assert asked.ask(request, world.pause).status_code == 413
    assert not models.Job.objects.exists()


def test_a_stranger_and_the_public_hand_nothing_in(world: World) -> None:
    raw = zipped(template())
    assert handed(world, raw, "paul")[0] == 403
    assert handed(world, raw, "mona")[0] == 403
    assert Caller(world).ask("POST", PATH, raw=raw).status_code == 401
    assert not models.Job.objects.exists()
