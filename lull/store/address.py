"""Where a store is: a SQLite file, or a PostgreSQL database. No Django is needed to say it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from attrs import frozen

from lull.domain.refusal import Refusal, require
from lull.exchange.atomic import PRIVATE, PRIVATE_FOLDER

FILE = "lull.sqlite"
"""The file in a folder that is given instead of one."""
SCHEMES = ("postgresql", "postgres")
BUSY_SECONDS = 20
ON_OPENING = (
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"  # a commit is on the disk before it is acknowledged
    "PRAGMA secure_delete=ON;"  # what is deleted is written over with zeros
    "PRAGMA foreign_keys=ON;"
    "PRAGMA trusted_schema=OFF;"
    "PRAGMA journal_size_limit=33554432"
)


@frozen
class Address:
    """A database, as Django is told of it. `file` is None where it is no file."""

    file: Path | None
    settings: dict[str, Any]

    def __str__(self) -> str:
        if self.file is not None:
            return str(self.file)
        return f"postgresql://{self.settings['HOST'] or ''}/{self.settings['NAME']}"


def read_address(text: str) -> Address:
    """An address from a path, or from postgresql://user@host:port/name; raises Refusal.

    A password in it is refused, as arguments show in the list of processes and in shells'
    histories; libpq reads it from PGPASSFILE.
    """
    scheme = text.partition("://")[0]
    if "://" not in text:
        return _file(Path(text))
    require(scheme in SCHEMES, f"A database is a file, or postgresql://user@host/name; {scheme}:// "
            "is neither.")
    return _server(text)


def _file(path: Path) -> Address:
    path = path.absolute()
    return _sqlite(path / FILE if path.is_dir() else path)


def _sqlite(path: Path) -> Address:
    return Address(path, {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": BUSY_SECONDS,
                    "init_command": ON_OPENING},
    })


def _server(text: str) -> Address:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise Refusal("The database's address cannot be read; it is like "
                      "postgresql://user@host:5432/name.") from None
    require(parts.password is None, "A password does not belong in the address, where others can "
            "see it; put it into the file that PGPASSFILE names.")
    name = unquote(parts.path.lstrip("/"))
    require(bool(name), "The address names no database: postgresql://user@host/name.")
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    host = options.pop("host", parts.hostname or "")
    require(not options.keys() - {"sslmode", "sslrootcert", "passfile"},
            "In the address only host, sslmode, sslrootcert and passfile can be set.")
    return Address(None, {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name, "USER": unquote(parts.username or ""), "HOST": host,
        "PORT": str(port or ""), "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    })  # fmt: skip


def make_file(address: Address) -> None:
    """Have the file of a SQLite store there, for its owner alone; files beside it follow its mode.

    Raises Refusal where it is there and others can read it.
    """
    path = address.file
    if path is None:
        return
    path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
    except FileExistsError:
        require_private(address)


def require_private(address: Address) -> None:
    """Raise Refusal where others on this machine can read a store's file."""
    path = address.file
    if path is None or os.name != "posix" or not path.exists():
        return
    mode = path.stat().st_mode & 0o777
    require(not mode & 0o077, f"{path} can be read by others (mode {mode:04o}); look who else uses "
            "this machine, then: chmod 600.")
