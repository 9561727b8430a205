"""The one function that tells Django what there is. Everything comes by argument."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from typing import Any

import django
from django.conf import settings

from lull.domain.refusal import Refusal
from lull.store.address import Address

LARGEST_BODY_BYTES = 4_000_000
"""Of an ordinary request; ledger files and folders have limits of their own."""
LARGEST_UPLOAD_BYTES = 65_000_000
"""Of a form with a file; a larger one is not read."""


def configure(address: Address, *, urls: str = "", middleware: tuple[str, ...] = (),
              more: Mapping[str, Any] | None = None) -> None:
    """Set Django up for one store. Raises Refusal where it was set up for another before.

    `urls` is the module whose URL patterns are served, `middleware` what each request passes,
    `more` what pages need besides.
    """
    if settings.configured:
        known = settings.DATABASES["default"]
        if any(known[key] != value for key, value in address.settings.items()):
            raise Refusal("One process keeps one store, and this one has another open.")
        return
    settings.configure(
        DATABASES={"default": dict(address.settings)},
        INSTALLED_APPS=["lull.store"],
        SECRET_KEY=secrets.token_urlsafe(48),  # nothing is signed with it; it must only be there
        ROOT_URLCONF=urls,
        ALLOWED_HOSTS=["*"],  # no answer is made from the Host header
        MIDDLEWARE=list(middleware),
        USE_TZ=True,
        TIME_ZONE="UTC",
        DEBUG=False,
        APPEND_SLASH=False,
        DATA_UPLOAD_MAX_MEMORY_SIZE=LARGEST_BODY_BYTES,
        # A file that is sent stays in memory: in a temporary file it would lie there in clear.
        FILE_UPLOAD_HANDLERS=["django.core.files.uploadhandler.MemoryFileUploadHandler"],
        FILE_UPLOAD_MAX_MEMORY_SIZE=LARGEST_UPLOAD_BYTES,
        LOGGING_CONFIG=None,  # who starts a process says where its log goes
        **(more or {}),
    )
    django.setup()
    # what a template does not find is logged with all that it was given, sealed or not
    logging.getLogger("django.template").setLevel(logging.INFO)


def migrate() -> None:
    """Bring the tables to this version's form."""
    from django.core.management import call_command  # noqa: PLC0415 - needs `configure` first

    _require_reachable()
    call_command("migrate", interactive=False, verbosity=0)


def require_current() -> None:
    """Raise Refusal where the tables are not those of this version."""
    from django.db import connection  # noqa: PLC0415 - needs `configure` first
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    _require_reachable()
    runner = MigrationExecutor(connection)
    done = set(runner.loader.applied_migrations)
    if ("store", "0001_initial") not in done:
        raise Refusal("There is no store here yet; make one with: lull coordinator")
    known = set(runner.loader.graph.nodes)
    if any(app == "store" and (app, name) not in known for app, name in done):
        raise Refusal("This store was written by a newer lull; use that one, or a backup.")
    if runner.migration_plan(runner.loader.graph.leaf_nodes()):
        migrate()


def _require_reachable() -> None:
    """Raise Refusal where the database cannot be opened: not running, no right, no database."""
    from django.db import DatabaseError, connection  # noqa: PLC0415 - needs `configure` first

    try:
        connection.ensure_connection()
    except DatabaseError as met:
        said = " ".join(str(met).split())
        raise Refusal(f"The database cannot be opened: {said}") from None
