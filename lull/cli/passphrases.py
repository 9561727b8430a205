"""Asking for passphrases: from the terminal, or from a file descriptor; never from an argument."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

import click

from lull.cli.exits import BadInput

LONGEST_BYTES = 8_192

PASSPHRASE_FD = click.option(
    "--passphrase-fd", type=click.IntRange(min=0), metavar="N",
    help="Read passphrases from this file descriptor, one a line, in the order in which they are "
    "asked for, where nobody is there to type: 3<secret --passphrase-fd 3. An argument or an "
    "environment variable would show them to others.")


class Asking:
    """Passphrases, one after the other."""

    def __init__(self, fd: int | None) -> None:
        self._lines: Iterator[str] | None = None if fd is None else _lines(fd)

    def ask(self, question: str, *, new: bool = False) -> str:
        """One passphrase; raises BadInput where there is neither a terminal nor a line."""
        if self._lines is not None:
            given = next(self._lines, "")
            if not given:
                raise BadInput(f"The file descriptor has no line for: {question}.")
            return given
        if not sys.stdin.isatty():
            raise BadInput(f"{question}: there is no terminal to ask on. Give --passphrase-fd; "
                           "there is no default passphrase.")
        return str(click.prompt(question, hide_input=True, confirmation_prompt=new, err=True))


def _lines(fd: int) -> Iterator[str]:
    try:
        with os.fdopen(os.dup(fd), "rb") as file:
            raw = file.read(LONGEST_BYTES)
        return iter(raw.decode("utf-8").splitlines())
    except (OSError, UnicodeDecodeError):
        raise BadInput(f"File descriptor {fd} cannot be read as text.") from None


def told_of(database: str) -> Any:
    """The address of a store, with Django told of it as a server needs it; raises Refusal."""
    from lull.store.address import read_address, require_private  # noqa: PLC0415 - Django is slow
    from lull.store.configure import configure  # noqa: PLC0415
    from lull.web import MIDDLEWARE, SETTINGS, URLS  # noqa: PLC0415

    address = read_address(database)
    require_private(address)
    configure(address, urls=URLS, middleware=MIDDLEWARE, more=SETTINGS)
    return address


def require_there(database: str) -> None:
    """Raise BadInput, Refusal where there is no store, before a passphrase is asked for."""
    from lull.store.address import read_address  # noqa: PLC0415 - Django is slow
    from lull.store.configure import require_current  # noqa: PLC0415

    address = read_address(database)
    if address.file is not None and not address.file.is_file():
        raise BadInput(f"{address} does not exist; make a store with: lull coordinator {database}")
    told_of(database)
    require_current()


def opened_store(database: str, fd: int | None, *, asking: Asking | None = None,
                 given: str = "") -> Any:
    """A store that is there, opened with the server's passphrase, which is asked for if it is not
    given. Raises BadInput, Refusal.
    """
    require_there(database)
    from lull.store.kept import Store  # noqa: PLC0415 - Django is slow
    from lull.store.vault import open_vault  # noqa: PLC0415
    from lull.store.veil import Argon  # noqa: PLC0415

    argon = Argon()
    words = given or (asking or Asking(fd)).ask("Passphrase of the server")
    secrets = open_vault(words, argon)
    return Store(secrets, argon)
