"""Secrets under passphrases (argon2id), and texts veiled under the data key.

Nothing here is of lull's own making: argon2id (RFC 9106) by argon2-cffi; ChaCha20-Poly1305
(RFC 8439), HKDF (RFC 5869) and HMAC by `cryptography` and the standard library.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from contextlib import contextmanager
from hashlib import sha256
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type, hash_secret_raw
from attrs import field, frozen
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lull.domain.refusal import Refusal, require

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORTEST_PASSPHRASE = 12
LONGEST_PASSPHRASE = 1_000
NONCE_BYTES, SALT_BYTES, KEY_BYTES = 12, 16, 32
TOKEN_BYTES = 32
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""For codes that are read from paper: no I, O, 0 or 1."""
CODE_LENGTH = 32
"""Letters of a printed code: 160 bits."""


class WrongSecret(Refusal):
    """A passphrase or code does not open what it was given for."""


@frozen
class Hardness:
    """What one guess at a passphrase costs: passes, memory in KiB, lanes (RFC 9106, section 4)."""

    passes: int = 3
    memory_kib: int = 65_536
    lanes: int = 4


MOST = Hardness(10, 1_048_576, 16)
"""No stored setting above this is followed: a changed file must not exhaust the machine."""
AT_ONCE = 2
"""Guesses counted at the same time, each taking so much memory."""


@frozen
class Argon:
    """Passphrases hashed and used, at a hardness."""

    hardness: Hardness = field(factory=Hardness)
    _gate: BoundedSemaphore = field(factory=lambda: BoundedSemaphore(AT_ONCE), eq=False, repr=False)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with self._gate:
            yield

    def _hasher(self) -> PasswordHasher:
        h = self.hardness
        return PasswordHasher(time_cost=h.passes, memory_cost=h.memory_kib, parallelism=h.lanes)

    def hash(self, passphrase: str) -> str:
        """What is kept to check a passphrase with."""
        with self._turn():
            return self._hasher().hash(passphrase)

    def fits(self, kept: str, passphrase: str) -> bool:
        """Whether a passphrase is the one; takes as long where there is nothing to compare with."""
        with self._turn():
            try:
                return self._hasher().verify(kept, passphrase)
            except (VerificationError, InvalidHashError):
                return False

    def wrap(self, secret: str, passphrase: str, what: str) -> str:
        """A secret under a passphrase, as text; `what` it is must be said again to open it."""
        h = self.hardness
        salt = secrets.token_bytes(SALT_BYTES)
        head = f"lull-wrap-1.{h.passes}.{h.memory_kib}.{h.lanes}.{_text(salt)}"
        key = self._key(passphrase, salt, h)
        return f"{head}.{_text(_seal(key, secret.encode(), f'{head} {what}'))}"

    def unwrap(self, kept: str, passphrase: str, what: str) -> str:
        """The secret; raises WrongSecret."""
        head, _, sealed = kept.rpartition(".")
        try:
            form, passes, memory, lanes, salt = head.split(".")
            h = Hardness(int(passes), int(memory), int(lanes))
            raw, seasoning = _bytes(sealed), _bytes(salt)
        except (ValueError, binascii.Error):
            raise WrongSecret("What is kept under the passphrase is damaged.") from None
        within = (h.passes <= MOST.passes and h.memory_kib <= MOST.memory_kib
                  and h.lanes <= MOST.lanes)
        if form != "lull-wrap-1" or not within or len(seasoning) != SALT_BYTES:
            raise WrongSecret("What is kept under the passphrase is damaged.")
        return _unseal(self._key(passphrase, seasoning, h), raw, f"{head} {what}").decode()

    def _key(self, passphrase: str, salt: bytes, h: Hardness) -> bytes:
        with self._turn():
            return hash_secret_raw(passphrase.encode(), salt, h.passes, h.memory_kib, h.lanes,
                                   KEY_BYTES, Type.ID)


def require_passphrase(passphrase: str, *, not_in: tuple[str, ...] = ()) -> None:
    """Raise Refusal where a passphrase is too short, too long, or is a name beside it."""
    require(len(passphrase) >= SHORTEST_PASSPHRASE, f"A passphrase has at least "
            f"{SHORTEST_PASSPHRASE} characters; six random words are better.")
    require(len(passphrase) <= LONGEST_PASSPHRASE, "The passphrase is longer than is read.")
    require(len(set(passphrase)) > 4, "The passphrase repeats a few letters; take six random "
            "words.")
    require(passphrase.casefold() not in {name.casefold() for name in not_in},
            "The passphrase is what it stands beside; take six random words.")


def wrap_by_code(secret: str, code: str, what: str) -> str:
    """A secret under a printed code, which has 160 bits and needs no hardening."""
    return _text(_seal(_of_code(code), secret.encode(), f"lull code 1 {what}"))


def unwrap_by_code(kept: str, code: str, what: str) -> str:
    """The secret; raises WrongSecret."""
    try:
        raw = _bytes(kept)
    except (ValueError, binascii.Error):
        raise WrongSecret("What is kept under the code is damaged.") from None
    return _unseal(_of_code(code), raw, f"lull code 1 {what}").decode()


def new_code(length: int = CODE_LENGTH) -> str:
    """A random code to be printed, in groups of four."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(length))
    return "-".join(letters[i:i + 4] for i in range(0, length, 4))


def plain_code(code: str) -> str:
    """A code as it is compared: without groups, in capitals."""
    return "".join(mark for mark in code.upper() if mark.isalnum())


def new_token() -> str:
    """A random token of 256 bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest_of(token: str) -> str:
    """What is kept of a random token or code, and looked up; from it nobody comes to the token."""
    return sha256(b"lull token 1\n" + token.encode()).hexdigest()


@frozen
class Veil:
    """Texts encrypted under one key, each bound to where it stands, and tags to find them by."""

    _key: bytes = field(repr=False)
    _tag_key: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: str) -> Veil:
        """The veil that belongs to a data key."""
        return cls(_derived(secret.encode(), b"lull veil 1"), _derived(secret.encode(),
                                                                       b"lull tag 1"))

    def close(self, text: str, where: str) -> bytes:
        """A text, veiled."""
        return _seal(self._key, text.encode(), where)

    def open(self, raw: bytes | memoryview, where: str) -> str:
        """The text; raises WrongSecret where it is damaged or stood elsewhere."""
        return _unseal(self._key, bytes(raw), where).decode()

    def tag(self, text: str, what: str) -> str:
        """A keyed hash of a text, by which it is found again."""
        return hmac.new(self._tag_key, f"{what}\n{text}".encode(), sha256).hexdigest()


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose).derive(secret)


def _of_code(code: str) -> bytes:
    return _derived(plain_code(code).encode(), b"lull code 1")


def _seal(key: bytes, plain: bytes, where: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, plain, where.encode())


def _unseal(key: bytes, raw: bytes, where: str) -> bytes:
    try:
        return ChaCha20Poly1305(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], where.encode())
    except (InvalidTag, ValueError):
        raise WrongSecret("The passphrase or code is another, or what is kept is "
                          "damaged.") from None


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, altchars=b"-_", validate=True)
