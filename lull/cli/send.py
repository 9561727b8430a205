"""`lull send`: a process of its own that sends what waits in a store's outbox."""

from __future__ import annotations

from pathlib import Path
from secrets import token_hex

import click

from lull.cli.console import console
from lull.cli.exits import DONE
from lull.cli.passphrases import PASSPHRASE_FD, Asking, opened_store
from lull.cli.sending import Ways, require_ways, sending, sending_options
from lull.cli.work import stopping


@click.command("send")
@click.argument("database")
@sending_options
@click.option("--once", is_flag=True, help="Leave when nothing is due.")
@PASSPHRASE_FD
def command(database: str, drop: Path | None, sheets: Path | None, smtp: str, smtp_user: str,
            sender: str, site: str, once: bool, passphrase_fd: int | None) -> int:
    """Send what waits in the outbox of DATABASE: notifications that were transmitted.

    Any number of these may run. Each letter is taken by one, sent again with the same key if that
    one goes down, tried later each time it fails, and given up after forty tries,
    which is an entry. Webhooks are always served; other channels wait until somebody runs this
    with the option for them.

    \b
    Examples:
      lull send aleppo.sqlite --drop /media/stick --sheets radio --once
      lull send aleppo.sqlite --smtp smtp://mail.example.org:587 --smtp-user room \\
          --sender room@example.org --site https://room.example.org

    \b
    Exit codes: 0 ended as asked; 2 there is no store, the passphrase is another, or an option is
    not right.
    """
    ways = Ways(drop, sheets, smtp, smtp_user, sender, site)
    require_ways(ways)
    asking = Asking(passphrase_fd)
    store = opened_store(database, passphrase_fd, asking=asking)
    how = sending(ways, store, asking)
    from lull.store.sending.worker import run, send_due  # noqa: PLC0415 - Django is slow

    worker = token_hex(8)
    with stopping() as stop:
        if once:
            left = send_due(store, worker, how, stop=stop.is_set)
            console(err=True).print(f"Letters that left: {left}.", soft_wrap=True)
        else:
            run(store, worker, how, stop)
    store.close()
    return DONE
