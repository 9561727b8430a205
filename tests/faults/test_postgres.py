"""The store on PostgreSQL: a real server is started, and the tests of the store are run on it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

TESTS = ("tests/store", "tests/web/test_api.py")
PLACES = (*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True),
          Path("/usr/pgsql/bin"), Path("/opt/homebrew/bin"))


def binary(name: str) -> str:
    """Where a program of PostgreSQL is; scripts/services installs it."""
    found = shutil.which(name) or next(
        (str(place / name) for place in PLACES if (place / name).is_file()), None)
    assert found, f"{name} is not here; scripts/services installs PostgreSQL."
    return found


def as_whom() -> dict[str, Any]:
    """PostgreSQL does not run as root."""
    if os.getuid():
        return {}
    names = {one.pw_name for one in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


@pytest.fixture
def database() -> Iterator[str]:
    """The address of an empty database on a server that is reached by a socket alone."""
    folder = Path(tempfile.mkdtemp(prefix="lull-pg-"))
    whom = as_whom()
    if whom:
        shutil.chown(folder, whom["user"])
    run = {"cwd": folder, "stdout": subprocess.DEVNULL, **whom}
    data = str(folder / "data")
    try:
        subprocess.run([binary("initdb"), "-D", data, "-U", "lull", "-A", "trust", "-E", "UTF8",
                        "--locale=C", "--no-sync"], check=True, **run)
        options = f"-c listen_addresses= -c fsync=off -k {folder}"
        subprocess.run([binary("pg_ctl"), "-D", data, "-o", options, "-l", str(folder / "log"),
                        "-w", "start"], check=True, **run)
        try:
            yield f"postgresql://lull@/postgres?host={folder}"
        finally:
            subprocess.run([binary("pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop"],
                           check=True, **run)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_the_store_is_the_same_on_postgresql(root: Path, database: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-x", *TESTS],
        cwd=root, env={**os.environ, "LULL_TEST_DATABASE": database, "PYTHONPATH": str(root)},
        capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert int(done.stdout.rsplit(" passed", 1)[0].split()[-1]) > 80, done.stdout[-500:]
