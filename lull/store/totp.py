"""The second factor: time-based codes (RFC 6238), each taken once, and codes on paper."""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

from lull.store import models
from lull.store.kept import Store
from lull.store.veil import digest_of, new_code, plain_code

STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20
PAPER_CODES = 10
PAPER_LENGTH = 16
DRIFT_STEPS = 1
"""A code of the step before or after is taken too: clocks of telephones differ."""


def new_secret() -> str:
    """A secret for an authenticator, in base32."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def link(secret: str, login: str) -> str:
    """The otpauth link that an authenticator reads, for a QR code."""
    return (f"otpauth://totp/lull:{quote(login)}?secret={secret}&issuer=lull&algorithm=SHA1"
            f"&digits={DIGITS}&period={STEP_SECONDS}")


def code_at(secret: str, step: int) -> str:
    """The code of one time step."""
    # The method is RFC 4226's, which stands on HMAC-SHA-1; that is not broken.
    return HOTP(base64.b32decode(secret), DIGITS, SHA1()).generate(step).decode()  # noqa: S303


def step_of(now: datetime) -> int:
    """The time step of an instant."""
    return int(now.timestamp()) // STEP_SECONDS


def fitting_step(secret: str, code: str, now: datetime, last: int) -> int | None:
    """The step after `last` whose code this is, near now; None where there is none."""
    given = plain_code(code)
    found = None
    for step in range(step_of(now) - DRIFT_STEPS, step_of(now) + DRIFT_STEPS + 1):
        fits = hmac.compare_digest(code_at(secret, step).encode(), given.encode())
        if fits and step > last:
            found = step
    return found


def accept_code(store: Store, member: models.Member, code: str) -> bool:
    """Whether a code of the authenticator, or one on paper, is right; it is used up by that."""
    if member.totp is not None:
        secret = store.secrets.veil.open(member.totp, f"totp {member.id}")
        step = fitting_step(secret, code, store.now(), member.totp_step)
        if step is not None:
            used = models.Member.objects.filter(pk=member.pk, totp_step__lt=step).update(
                totp_step=step)
            return bool(used)
    digest = digest_of(f"{member.id} {plain_code(code)}")
    return bool(models.RecoveryCode.objects.filter(member=member, digest=digest, used=False)
                .update(used=True))


def take_away(member: models.Member) -> None:
    """Turn a second factor off: its secret and the codes on paper are gone.

    The last time step stays, so that a code of it is taken by no later secret.
    """
    models.Member.objects.filter(pk=member.pk).update(totp=None, totp_on=False)
    models.RecoveryCode.objects.filter(member=member).delete()


def new_paper_codes(member: models.Member) -> tuple[str, ...]:
    """Fresh codes on paper in place of the old ones; shown once."""
    codes = tuple(new_code(PAPER_LENGTH) for _ in range(PAPER_CODES))
    models.RecoveryCode.objects.filter(member=member).delete()
    models.RecoveryCode.objects.bulk_create([
        models.RecoveryCode(member=member, digest=digest_of(f"{member.id} {plain_code(code)}"))
        for code in codes
    ])
    return codes
