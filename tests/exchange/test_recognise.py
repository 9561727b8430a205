"""A key recognises what is sealed to it, and nothing that pyrage would open is passed over."""

from __future__ import annotations

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lull.exchange.ledger.recognise import Recogniser
from lull.exchange.seal import Key, SealError, open_bytes, seal_bytes

KEYS = [Key.new() for _ in range(4)]


def opens(raw: bytes, secret: str) -> bool:
    """Whether pyrage opens it."""
    try:
        open_bytes(raw, secrets=[secret])
    except SealError:
        return False
    return True


@settings(max_examples=30, deadline=None)
@given(text=st.binary(min_size=1, max_size=200),
       to=st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True))
def test_what_pyrage_opens_is_never_passed_over(text: bytes, to: list[Key]) -> None:
    raw = seal_bytes(text, recipients=[key.public for key in to])
    assert [opens(raw, key.secret) for key in KEYS] == [key in to for key in KEYS]
    assert all(Recogniser.of(key.secret).may_open(raw) for key in to)


def test_what_is_sealed_to_another_alone_is_told_apart() -> None:
    for _ in range(20):
        raw = seal_bytes(b"secret", recipients=[KEYS[0].public])
        assert [Recogniser.of(key.secret).may_open(raw) for key in KEYS] == [
            True, False, False, False]


def test_what_cannot_be_told_is_left_to_be_opened() -> None:
    mine = Recogniser.of(KEYS[0].secret)
    raw = seal_bytes(b"secret", recipients=[KEYS[1].public])
    armoured = seal_bytes(b"secret", recipients=[KEYS[0].public], armoured=True)
    locked = pyrage.passphrase.encrypt(b"secret", "words", armored=False)
    for odd in (b"", b"age-encryption.org/v1\n", raw.replace(b"X25519", b"X25518"),
                raw.replace(b"X25519 ", b"X25519 !"), armoured, locked):
        assert mine.may_open(odd)


def test_a_key_that_is_none_is_refused() -> None:
    with pytest.raises((pyrage.IdentityError, ValueError)):
        Recogniser.of("AGE-SECRET-KEY-1NONE")
