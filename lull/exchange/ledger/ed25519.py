"""Ed25519 keys and signatures (RFC 8032, doi:10.17487/RFC8032), by the library `cryptography`.

Nothing here is of lull's own making: keys are PKCS #8 and SPKI in PEM (RFC 8410), so that plain
`openssl` signs and checks the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from lull.exchange.ledger.sodium import sodium_check
from lull.exchange.seal import SealError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@frozen
class SigningKey:
    """A private key; `public` is 64 hexadecimal digits. It signs, and shows itself to nobody."""

    _private: Ed25519PrivateKey = field(repr=False, eq=False)
    public: str

    @classmethod
    def new(cls) -> SigningKey:
        """A new key pair."""
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - takes a while

        return cls._of(ed25519.Ed25519PrivateKey.generate())

    @classmethod
    def from_pem(cls, pem: bytes) -> SigningKey:
        """The key in a PKCS #8 PEM file; raises SealError where there is none."""
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - takes a while
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
            load_pem_private_key,
        )

        try:
            private = load_pem_private_key(pem, None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise SealError("It holds no private key in PEM.") from None
        if not isinstance(private, ed25519.Ed25519PrivateKey):
            raise SealError("It holds a key of another kind; a post's key is Ed25519.")
        return cls._of(private)

    @classmethod
    def _of(cls, private: Ed25519PrivateKey) -> SigningKey:
        return cls(private, private.public_key().public_bytes_raw().hex())

    def sign(self, message: bytes) -> str:
        """The signature of a message, in hexadecimal."""
        return self._private.sign(message).hex()

    def pem(self) -> bytes:
        """The key as PKCS #8 in PEM, unencrypted: for a file that only its owner can read."""
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - takes a while

        return self._private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )  # fmt: skip


def public_pem(public: str) -> bytes:
    """A public key as SPKI in PEM, as `openssl` reads it."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - takes a while
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

    return ed25519.Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def check_signature(public: str, message: bytes, signature: str) -> bool:
    """Whether a signature by a public key is over a message: by OpenSSL, whose word counts.

    Where libsodium says yes, OpenSSL would, and is not asked.
    """
    quick = sodium_check()
    try:
        if quick and quick(bytes.fromhex(public), message, bytes.fromhex(signature)):
            return True
    except ValueError:
        return False
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - takes a while
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

    try:
        key = ed25519.Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True
