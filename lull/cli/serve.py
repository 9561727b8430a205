"""`lull serve`: the API over one store."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from secrets import token_hex
from threading import Event, Thread
from typing import Any

import click

from lull.cli.console import console
from lull.cli.exits import DONE, BadInput
from lull.cli.passphrases import PASSPHRASE_FD, Asking, opened_store, require_there
from lull.cli.room import DATABASE, Beside, begin, sample_option
from lull.cli.sending import Ways, require_ways, sending, sending_options

LOCAL = ("127.0.0.1", "localhost", "[::1]", "unix")


@click.command("serve")
@click.argument("database", default=DATABASE)
@click.option("--listen", default="127.0.0.1:8240", show_default=True,
              help="Host and port, or unix:PATH.")
@click.option("--certificate", type=click.Path(path_type=Path, dir_okay=False, exists=True),
              help="The certificate (PEM) with which others than this machine are answered.")
@click.option("--certificate-key", type=click.Path(path_type=Path, dir_okay=False, exists=True),
              help="Its private key (PEM).")
@click.option("--behind-tls", is_flag=True,
              help="Another server in front of this one does TLS, and says in X-Forwarded-For "
              "who asks; without either, only this machine is answered.")
@click.option("--threads", type=click.IntRange(1, 256), default=16, show_default=True,
              help="How many requests are answered at the same time.")
@click.option("--send", "sends", is_flag=True,
              help="Send what waits in the outbox, too, as lull send does; the next options say "
              "how.")
@sending_options
@click.option("--work", "works", is_flag=True,
              help="Work out what is asked for, too, as lull work does, in a process beside this "
              "one.")
@sample_option
@PASSPHRASE_FD
def command(database: str, listen: str, certificate: Path | None, certificate_key: Path | None,
            behind_tls: bool, threads: int, sends: bool, drop: Path | None, sheets: Path | None,
            smtp: str, smtp_user: str, sender: str, site: str, works: bool, sample: str,
            passphrase_fd: int | None) -> int:
    """Serve the API of the store DATABASE: a SQLite file, the folder that has it, or
    postgresql://user@host/name. Without a name it is out/room/lull.sqlite.

    Asks for the server's passphrase, with which everything restricted is opened in memory. The
    document of the API is at /api/openapi.json. Plans are made by a worker: --work, or lull work
    DATABASE. Ctrl-C, or SIGTERM, ends it once what was begun is written.

    \b
    Examples:
      lull serve --sample
      lull serve aleppo.sqlite --work
      lull serve aleppo.sqlite --listen 0.0.0.0:8443 --certificate room.pem \\
          --certificate-key room.key
      lull serve aleppo.sqlite --send --drop /media/stick --sheets radio
      lull serve postgresql://lull@db/lull --passphrase-fd 3 3<secret

    \b
    Exit codes: 0 ended as asked; 2 there is no store, the passphrase is another, or it cannot
    listen there.
    """
    _require_servable(listen, certificate, certificate_key, behind_tls)
    sends, works = sends or bool(sample), works or bool(sample)
    ways = Ways(drop, sheets, smtp, smtp_user, sender, site)
    if ways.any and not sends:
        raise BadInput("Say with --send that this server is to send, too.")
    require_ways(ways)
    asking = Asking(passphrase_fd)
    if not sample:
        require_there(database)
    words = (begin(database, sample, asking) if sample
             else asking.ask("Passphrase of the server"))
    store = opened_store(database, passphrase_fd, given=words)
    how = sending(ways, store, asking) if sends else None
    from lull.store.kept import Store  # noqa: PLC0415 - Django is slow
    from lull.web.server import Serving, serve  # noqa: PLC0415

    scheme = "https" if certificate else "http"
    address = listen if listen.startswith("unix:") else f"{scheme}://{listen}/"
    console(err=True).print(f"Serving {database} on {address}. Ctrl-C ends it.", soft_wrap=True)
    _leave_connection()
    secrets, argon = store.secrets, store.argon

    def opened() -> Store:
        made = Store(secrets, argon)
        if how is not None:
            _start_sending(made, how)
        if works:
            Beside(database, words).start()
        return made

    serve(opened, Serving(listen, threads, certificate, certificate_key, behind_tls))
    return DONE


def _require_servable(listen: str, certificate: Path | None, key: Path | None,
                      behind_tls: bool) -> None:
    """Raise BadInput where it cannot be served so: no Unix, half a certificate, an open network."""
    if os.name != "posix":
        raise BadInput("The server runs on Linux, macOS or another Unix.")
    if (certificate is None) != (key is None):
        raise BadInput("Give both --certificate and --certificate-key.")
    if listen.startswith("-") or ":" not in listen:
        raise BadInput("--listen takes host:port, or unix:PATH.")
    local = listen.rpartition(":")[0] in LOCAL or listen.startswith("unix:")
    if not local and certificate is None and not behind_tls:
        raise BadInput(f"On {listen} passphrases would cross the network in clear. Give a "
                       "--certificate, or --behind-tls if another server in front does TLS.")
    if not listen.startswith("unix:"):
        _require_free(listen)


def _start_sending(store: Any, how: Any) -> None:
    """Send in a thread of the process that serves; what it had when it goes down is sent again."""
    from lull.store.sending.worker import run  # noqa: PLC0415 - Django is slow

    Thread(target=run, args=(store, token_hex(8), how, Event()), name="sender",
           daemon=True).start()


def _require_free(listen: str) -> None:
    """Raise BadInput where nothing can listen at host:port: it is taken, or not of this machine."""
    host, _, port = listen.rpartition(":")
    if not (port.isdigit() and int(port) < 65_536):
        raise BadInput(f"--listen takes host:port, or unix:PATH; {port!r} is no port.")
    try:
        family, kind, proto, _, where = socket.getaddrinfo(
            host.strip("[]") or None, int(port), type=socket.SOCK_STREAM,
            flags=socket.AI_PASSIVE)[0]
        with socket.socket(family, kind, proto) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(where)
    except OSError as met:
        raise BadInput(f"The server cannot listen on {listen}: {met.strerror or met}. Give another "
                       "port with --listen, or end what runs there.") from None


def _leave_connection() -> None:
    """Have no connection to the database cross into the process that serves."""
    from django.db import connections  # noqa: PLC0415 - Django is slow

    connections.close_all()
