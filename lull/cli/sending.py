"""What a sender of letters is told on the command line, by `lull send` and `lull serve` alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from attrs import frozen

from lull.cli.exits import BadInput
from lull.cli.passphrases import Asking

F = TypeVar("F", bound=Callable[..., Any])
FOLDER = click.Path(path_type=Path, file_okay=False)


@frozen
class Ways:
    """The ways out that were given."""

    drop: Path | None
    sheets: Path | None
    smtp: str
    smtp_user: str
    sender: str
    site: str

    @property
    def any(self) -> bool:
        """Whether something was given."""
        return any((self.drop, self.sheets, self.smtp, self.smtp_user, self.sender, self.site))


def sending_options(command: F) -> F:
    """The options, on a command that takes them as its arguments."""
    for option in reversed((
        click.option("--drop", type=FOLDER, help="The folder for files that are carried on a "
                     "stick; one folder in it for each recipient."),
        click.option("--sheets", type=FOLDER, help="The folder for sheets that are read out over "
                     "radio or telephone."),
        click.option("--smtp", default="", metavar="URL", help="The mail server: smtp://host:587 "
                     "(STARTTLS) or smtps://host:465."),
        click.option("--smtp-user", default="", metavar="NAME", help="Sign in there as NAME; its "
                     "password is asked for."),
        click.option("--sender", default="", metavar="ADDRESS", help="The address from which "
                     "mail comes."),
        click.option("--site", default="", metavar="URL", help="Where others reach this server, "
                     "such as https://room.example.org, for links on which receipt is confirmed; "
                     "without it none are sent."),
    )):
        command = option(command)
    return command


def require_ways(ways: Ways) -> None:
    """Raise BadInput, Refusal where what was given does not go together; before secrets are asked
    for.
    """
    from lull.store.sending.email import MAILBOX, read_server  # noqa: PLC0415
    from lull.store.sending.urls import BadUrl, read_url  # noqa: PLC0415

    if ways.smtp_user and not ways.smtp:
        raise BadInput("--smtp-user is for a mail server: give --smtp too.")
    if bool(ways.smtp) != bool(ways.sender):
        raise BadInput("Mail needs both --smtp and --sender.")
    if ways.smtp:
        read_server(ways.smtp)
        if not MAILBOX.fullmatch(ways.sender):
            raise BadInput("--sender is an e-mail address, such as room@example.org.")
    if ways.site:
        try:
            read_url(ways.site)
        except BadUrl as wrong:
            raise BadInput(f"--site: {wrong}") from None


def sending(ways: Ways, store: Any, asking: Asking) -> Any:
    """How to send, from what was given; raises BadInput, Refusal. Webhooks are always served."""
    from lull.store.sending.email import Mail, read_server  # noqa: PLC0415 - Django is slow
    from lull.store.sending.file_drop import FileDrop  # noqa: PLC0415
    from lull.store.sending.read_out import ReadOut  # noqa: PLC0415
    from lull.store.sending.webhook import Webhook  # noqa: PLC0415
    from lull.store.sending.worker import Sending  # noqa: PLC0415

    transports: list[Any] = [Webhook(store.now)]
    if ways.drop:
        transports.append(FileDrop(ways.drop))
    if ways.sheets:
        transports.append(ReadOut(ways.sheets))
    if ways.smtp:
        password = asking.ask("Password at the mail server") if ways.smtp_user else ""
        server = read_server(ways.smtp, user=ways.smtp_user, password=password)
        transports.append(Mail(server, ways.sender, store.now))
    return Sending(tuple(transports), ways.site.rstrip("/"))
