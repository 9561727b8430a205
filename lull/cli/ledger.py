"""`lull ledger`: the verbs that keep, check, merge and show what was said and done."""

from __future__ import annotations

import click

from lull.cli import ledger_due as due
from lull.cli import ledger_read as read
from lull.cli import ledger_request as requests
from lull.cli import ledger_told as told
from lull.cli import ledger_write as write
from lull.cli.ledger_heads import heads


class InOrder(click.Group):
    """A group that lists its verbs in the order in which they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs in that order."""
        return list(self.commands)


@click.group("ledger", cls=InOrder)
def command() -> None:
    """Keep, check and merge what was said and done, in entries that nobody can change.

    Every post writes its own numbered, hash-chained, signed log. A ledger file holds any number of
    them. Nothing here needs a server, a network or a clock that is right.

    \b
    Examples:
      lull ledger begin aleppo.ledger --key room.key --recovery /media/stick/room.recovery
      lull ledger verify aleppo.ledger
      lull ledger merge aleppo.ledger stick.ledger --out all.ledger
      lull ledger show all.ledger
      lull ledger due all.ledger
      lull ledger readiness all.ledger
    """


for verb in (
    read.verify, heads, read.show, due.due_now, told.readiness, told.deliveries, told.claims,
    requests.request, read.merge_files, read.export, read.message, write.begin, write.add,
    write.disclose, write.destroy, write.rekey, write.retire, write.reopen,
):  # fmt: skip
    command.add_command(verb)
