"""By e-mail, over SMTP with STARTTLS (RFC 3207) or TLS from the first byte (RFC 8314).

The Message-ID is made from the idempotency key, so that a second copy after a crash is seen to be
one. For what is sealed the mail says only which version awaits; subjects never say more.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

from attrs import field, frozen
from django.utils.html import format_html, format_html_join

from lull.domain.records import RECEIPT_SENTENCE
from lull.domain.records.receipt import Channel
from lull.domain.refusal import require
from lull.store.sending import words
from lull.store.sending.language import (
    ARABIC,
    DIRECTION,
    as_html,
    lines_in,
    lines_of,
    said,
    within,
)
from lull.store.sending.language import marked as _
from lull.store.sending.transport import NotSent, Parcel

SECONDS = 20.0
MAILBOX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{0,63}@[A-Za-z0-9]"
                     r"[A-Za-z0-9.-]{0,187}", re.ASCII)
"""An e-mail address; no line break, comment or list can be in it."""
SUBJECT = _("Version %(version)s awaits you")
CONFIRM = _("To confirm that you received it, open this page and say so there, until %(until)s:")
LOCAL = ("127.0.0.1", "::1", "localhost")


@frozen
class MailServer:
    """The server that takes our mail. Without `tls_first` it must offer STARTTLS, unless local."""

    host: str
    port: int
    tls_first: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def local(self) -> bool:
        """Whether it is this machine, to which nothing crosses a network."""
        return self.host in LOCAL


def read_server(text: str, *, user: str = "", password: str = "") -> MailServer:
    """A mail server from smtp://host:port (STARTTLS) or smtps://host:port; raises Refusal."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    whole = bool(parts.hostname) and not parts.path.strip("/")
    require(parts.scheme in ("smtp", "smtps") and whole,
            "A mail server is given as smtp://host:port (STARTTLS) or smtps://host:port.")
    require(parts.username is None and parts.password is None,
            "Name and password do not belong in the address, where others can see them.")
    tls_first = parts.scheme == "smtps"
    return MailServer(parts.hostname or "", port or (465 if tls_first else 587), tls_first, user,
                      password)


@frozen
class Mail:
    """E-mail through one server, from one sender."""

    server: MailServer
    sender: str
    now: Callable[[], datetime]
    tls: ssl.SSLContext = field(factory=ssl.create_default_context)
    channels: tuple[str, ...] = (Channel.EMAIL.value,)

    def send(self, parcel: Parcel) -> bool:
        """Send a parcel. That a mail server took it is no word of its recipient's."""
        message = self.message(parcel)
        try:
            with self._line() as line:
                line.send_message(message, self.sender, [parcel.address])
        except smtplib.SMTPRecipientsRefused as wrong:
            code = max((int(code) for code, _ in wrong.recipients.values()), default=0)
            raise NotSent(f"recipient refused {code}", for_good=500 <= code < 600) from None
        except smtplib.SMTPResponseException as wrong:
            raise NotSent(f"mail server said {wrong.smtp_code}") from None
        except (smtplib.SMTPException, OSError) as wrong:
            raise NotSent(f"mail: {type(wrong).__name__}") from None
        return False

    def _line(self) -> smtplib.SMTP:
        server = self.server
        if server.tls_first:
            line: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS,
                                                  context=self.tls)
        else:
            line = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
        try:
            line.ehlo()
            if not server.tls_first and (line.has_extn("starttls") or not server.local):
                line.starttls(context=self.tls)
                line.ehlo()
            if server.user:
                line.login(server.user, server.password)
        except BaseException:
            line.close()
            raise
        return line

    def message(self, parcel: Parcel) -> EmailMessage:
        """The mail: what this recipient is sent, and how to confirm that it came."""
        made = EmailMessage()
        made["From"], made["To"] = self.sender, parcel.address
        # One number between words of a language is turned by nothing, and mail programs of some age
        # show marks of isolation in a subject as boxes.
        made["Subject"] = " / ".join(said(SUBJECT, one) % {"version": parcel.version}
                                     for one in parcel.languages)
        made["Date"] = format_datetime(self.now())
        made["Message-ID"] = f"<{parcel.once}@{self.sender.rpartition('@')[2]}>"
        made["Auto-Submitted"] = "auto-generated"
        made.set_content(words.in_languages(parcel.languages, dict(_plain(parcel)).__getitem__)
                         .rstrip() + "\n", cte="quoted-printable")
        if ARABIC in parcel.languages:  # a plain text says nothing of its direction
            made.add_alternative(_html(parcel), subtype="html", cte="quoted-printable")
        made["Content-Language"] = ", ".join(parcel.languages)
        return made


def _plain(parcel: Parcel) -> Iterator[tuple[str, str]]:
    """What is said in each language: what they are sent, where to confirm, what a receipt is."""
    for language, text in parcel.texts:
        whole = text
        if parcel.link and parcel.expires:
            whole += (f"\n\n{lines_in([_until(parcel, language)], language)}\n{parcel.link}\n\n"
                      f"{lines_in([said(RECEIPT_SENTENCE, language)], language)}")
        yield language, whole


def _until(parcel: Parcel, language: str) -> str:
    return said(CONFIRM, language, until=f"{parcel.expires:%Y-%m-%d %H:%M} UTC")


def _html(parcel: Parcel) -> str:
    """The same as HTML, each language in its direction; nothing in it is fetched from anywhere."""
    parts = []
    for language, text in parcel.texts:
        lines = [format_html("<p>{}</p>", as_html(one)) for one in lines_of(text) if one]
        if parcel.link and parcel.expires:
            lines += [format_html("<p>{}</p>", as_html(_until(parcel, language))),
                      format_html('<p dir="ltr"><a href="{}">{}</a></p>', parcel.link, parcel.link),
                      format_html("<p><strong>{}</strong></p>", said(RECEIPT_SENTENCE, language))]
        parts.append(within(language, format_html_join("\n", "{}", ((one,) for one in lines))))
    first = parcel.languages[0]
    return str(format_html(
        '<!doctype html>\n<html lang="{}" dir="{}"><head><meta charset="utf-8"></head>\n'
        "<body>{}</body></html>\n", first, DIRECTION[first],
        format_html_join("\n<hr>\n", "{}", ((one,) for one in parts))))
