"""Whether a small age file is sealed to one key, told without opening it.

Whose a key to a payload is does not show, so a reader tries all of them; most are for others. Here
is only the first step of opening, done for that question alone: the file is opened by pyrage. The
step is that of age-encryption.org/v1 (C2SP, «The X25519 recipient type»): the shared secret
of one's own key and the share in the stanza, through HKDF-SHA-256, unlocks the stanza's body.
"""

from __future__ import annotations

import hmac
from base64 import b64decode
from binascii import Error as NotBase64

import pyrage
from attrs import define, field
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

VERSION = b"age-encryption.org/v1"
KIND = b"X25519 "
LABEL = b"age-encryption.org/v1/X25519\x01"
NONCE = bytes(12)
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
SECRET, PUBLIC = "age-secret-key-1", "age1"
KEY_BYTES, CHECK_CHARACTERS = 32, 6


@define(eq=False)
class Recogniser:
    """One secret key, ready to be tried on many files."""

    _key: X25519PrivateKey = field(repr=False)
    _public: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: str) -> Recogniser:
        """For a secret key that pyrage takes; raises pyrage.IdentityError, ValueError."""
        public = str(pyrage.x25519.Identity.from_str(secret.strip()).to_public())
        key = X25519PrivateKey.from_private_bytes(_bytes_of(secret.strip().lower(), SECRET))
        made = key.public_key().public_bytes_raw()
        if made != _bytes_of(public, PUBLIC):
            raise ValueError("The secret key was not read as pyrage reads it.")
        return cls(key, made)

    def may_open(self, raw: bytes) -> bool:
        """Whether the key opens a file; also where that cannot be told from its first lines."""
        head, end, _ = raw.partition(b"\n---")
        version, *stanzas = head.split(b"\n-> ")
        mine = [stanza for stanza in stanzas if stanza.startswith(KIND)]
        if version != VERSION or not end or not mine:
            return True
        return any(self._fits(*stanza[len(KIND):].partition(b"\n")[::2]) for stanza in mine)

    def _fits(self, share: bytes, body: bytes) -> bool:
        """Whether the key unlocks a stanza, or it is none as it should be."""
        try:
            theirs, locked = (b64decode(one + b"=", validate=True) for one in (share, body))
            shared = self._key.exchange(X25519PublicKey.from_public_bytes(theirs))
        except (NotBase64, ValueError):
            return True
        middle = hmac.digest(theirs + self._public, shared, "sha256")
        try:
            ChaCha20Poly1305(hmac.digest(middle, LABEL, "sha256")).decrypt(NONCE, locked, None)
        except InvalidTag:
            return False
        return True


def _bytes_of(text: str, human: str) -> bytes:
    """The bytes in a key as it is written: Bech32 (BIP 173), whose checksum pyrage looks at."""
    if not text.startswith(human):
        raise ValueError(f"A key here starts with {human}.")
    number = 0
    places = text[len(human):-CHECK_CHARACTERS]
    for place in places:
        number = number << 5 | BECH32.index(place)
    return (number >> len(places) * 5 - KEY_BYTES * 8).to_bytes(KEY_BYTES, "big")
