"""A store with people in it: of each role an owner, a member of the same side, and a stranger.

Django keeps one database for a process, so all tests of a process share one place: for SQLite a
file whose place a fresh copy takes, for PostgreSQL a database that is emptied. The time stands
still unless a test moves it.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from attrs import define, field

from lull.domain.protocol import Role
from lull.domain.records import RECORDS, kinds, payload
from lull.exchange.ledger.ed25519 import SigningKey
from lull.store.address import Address, make_file, read_address
from lull.store.configure import configure, migrate
from lull.store.veil import Argon, Hardness
from lull.web import MIDDLEWARE, SETTINGS, URLS
from tests.ledger.kit import filled

SERVER = "correct horse battery staple"
EASY = Argon(Hardness(1, 32, 4))
"""So weak that a test takes no time; what it guards here is nothing."""
RECOVERY = SigningKey.new()
NOON = datetime(2016, 10, 20, 12, tzinfo=UTC)
DATABASE = os.environ.get("LULL_TEST_DATABASE", "")

SIDES = {"ocha": ("OCHA", Role.COORDINATOR), "crescent": ("Red Crescent", Role.ORGANISATION),
         "relief": ("Relief", Role.ORGANISATION), "a": ("Party A", Role.PARTY),
         "b": ("Party B", Role.PARTY), "watch": ("Watch", Role.OBSERVER),
         "eyes": ("Eyes", Role.OBSERVER)}
PEOPLE = {
    "alice": ("ocha", Role.COORDINATOR), "adam": ("ocha", Role.COORDINATOR),
    "olga": ("crescent", Role.ORGANISATION), "omar": ("crescent", Role.ORGANISATION),
    "oda": ("relief", Role.ORGANISATION),
    "paul": ("a", Role.PARTY), "petra": ("a", Role.PARTY), "piotr": ("b", Role.PARTY),
    "mona": ("watch", Role.OBSERVER), "mark": ("watch", Role.OBSERVER),
    "mila": ("eyes", Role.OBSERVER),
    "fred": ("crescent", Role.CLERK), "fay": ("crescent", Role.CLERK),
    "finn": ("relief", Role.CLERK),
}  # fmt: skip
"""Of each role an owner, a member of the same side and a stranger; alice keeps the server."""


@define
class Clock:
    """A clock that a test moves."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        """Move it on."""
        self.at += timedelta(**by)


@define
class World:
    """An opened store with its people, signed in."""

    store: Any
    clock: Clock
    pause: UUID
    tokens: dict[str, str] = field(factory=dict)

    def who(self, name: str) -> Any:
        """The principal of a person, signed in on first use."""
        from lull.store.signin import sign_in, who_asks

        if name not in self.tokens:
            self.tokens[name] = sign_in(self.store, login=name, passphrase=words_of(name)).token
        return who_asks(self.store, self.tokens[name])

    def seat(self, name: str) -> Any:
        """A person in the pause."""
        from lull.store.principal import seated

        return seated(self.pause, self.who(name))

    def side(self, key: str) -> UUID:
        """The id of a side."""
        from lull.store import models

        tag = self.store.secrets.veil.tag(SIDES[key][0].casefold(), "side")
        return models.Side.objects.get(name_tag=tag).id

    def write(self, name: str, /, kind: str, about: str = "N1", *, wall: str = "public",
              part: str = "", to: tuple[str, ...] = (), once: str = "", **changes: Any) -> Any:
        """A person writes an entry with a record filled in."""
        from lull.store.write import Wish, write

        return write(self.store, self.seat(name), Wish(
            kind, about, record(kind, **changes), wall, part, tuple(map(self.side, to))), once)


def words_of(name: str) -> str:
    """The passphrase of a person."""
    return f"{name} keeps a long secret"


def record(kind: str, **changes: Any) -> dict[str, Any]:
    """The payload of a kind, with what must be filled; a change to None leaves a field out."""
    made = payload(filled(RECORDS[kinds()[kind][0]], only_required=True))
    return {name: value for name, value in {**made, **changes}.items() if value is not None}


@cache
def folder() -> Path:
    """Where this process keeps its store."""
    made = Path(tempfile.mkdtemp(prefix="lull-tests-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


@cache
def address() -> Address:
    """The store's address, which Django has been told."""
    found = read_address(DATABASE or str(folder() / "store.sqlite"))
    make_file(found)
    # A browser that other tests drive keeps an event loop in this process, which Django takes for
    # one of its own.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    configure(found, urls=URLS, middleware=MIDDLEWARE, more=SETTINGS)
    return found


def fresh() -> World:
    """A store as it was made, with nothing written yet."""
    from django.db import connections

    from lull.store import models
    from lull.store.kept import Store
    from lull.store.vault import open_vault

    found = address()
    connections.close_all()
    if found.file is None:
        _as_made()
    else:
        template = folder() / "template.sqlite"
        if not template.exists():
            migrate()
            _people()
            connections.close_all()
            shutil.copy(found.file, template)
        for end in ("-wal", "-shm"):
            found.file.with_name(found.file.name + end).unlink(missing_ok=True)
        # Another file in its place, and not other bytes in it: a thread that is still about has its
        # connection to the one before, and SQLite shares what it knows of a file in a process.
        shutil.copy(template, new := found.file.with_name("fresh.sqlite"))
        new.replace(found.file)
    clock = Clock()
    store = Store(open_vault(SERVER, EASY), EASY, clock)
    return World(store, clock, models.Pause.objects.get().id)


@cache
def _made() -> tuple[dict[str, bytes], str]:
    """The rows of a PostgreSQL database as it was made, by table, and what sets its sequences."""
    from django.apps import apps
    from django.db import connection

    migrate()
    tables = [model._meta.db_table for model in apps.get_app_config("store").get_models(
        include_auto_created=True)]
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
    _people()
    rows = {}
    with connection.cursor() as cursor:
        for table in tables:
            with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                rows[table] = b"".join(map(bytes, copy))
        cursor.execute("SELECT quote_ident(sequencename), coalesce(last_value, 1), "
                       "last_value IS NOT NULL FROM pg_sequences")
        sequences = "".join(f"SELECT setval('{name}', {last}, {called}); "
                            for name, last, called in cursor.fetchall())
    return rows, sequences


def _as_made() -> None:
    """Make a PostgreSQL database hold what it held when it was made, and nothing else."""
    from django.db import connection, transaction

    rows, sequences = _made()
    with transaction.atomic(), connection.cursor() as cursor:
        # The tables are emptied and filled in any order, without their triggers and references.
        cursor.execute("SET LOCAL session_replication_role = replica; " + sequences + "".join(
            f"DELETE FROM {table}; " for table in rows))
        for table, held in rows.items():
            if held:
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(held)


def _people() -> None:
    from lull.store import models
    from lull.store.accounts import make_member, make_side
    from lull.store.found import Beginning, found

    begun = found(Beginning(SERVER, words_of("alice"), "OCHA", "alice", "Aleppo"),
                  RECOVERY.public, EASY)
    sides = {"ocha": models.Side.objects.get().id}
    for key, (name, _) in SIDES.items():
        if key not in sides:
            sides[key] = make_side(begun.store, name, begun.pause.id).id
    for name, (key, role) in PEOPLE.items():
        if name != "alice":
            made = make_member(begun.store, side=sides[key], login=name, function="on shift",
                               passphrase=words_of(name))
            models.Seat.objects.create(member_id=made.member, pause=begun.pause, role=role.value)
    begun.store.close()
