"""The quick ways of reading and checking a ledger say what the long ways say, of any bytes."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519
from hypothesis import given, settings
from hypothesis import strategies as st

from lull.domain.refusal import Refusal
from lull.exchange.ledger import file, write_ledger
from lull.exchange.ledger import sodium as sodium_module
from lull.exchange.ledger.ed25519 import SigningKey, check_signature
from lull.exchange.ledger.sodium import sodium_check
from lull.ledger.canonical import MOST, canonical, read_canonical
from lull.ledger.entry import FORM, Entry, Log, Said, hash_of, read_entry, read_plain
from lull.ledger.ledger import ledger
from lull.ledger.verify import Level
from lull.ledger.write import entry_after
from tests.ledger.kit import HOUR, Post, check, signer
from tests.ledger.worlds import acts, world

KEY = SigningKey.new()
L = 2**252 + 27742317777372353535851937790883648493
"""Order of the base point (RFC 8032, section 5.1)."""


def openssl(public: bytes, message: bytes, signature: bytes) -> bool:
    """What OpenSSL says."""
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


hexes = st.binary(min_size=32, max_size=32).map(bytes.hex)
entries = st.builds(
    lambda post, epoch, number, after, key, salted, sealed, signature: Entry(
        Log(post, epoch), number, "" if number == 1 else "ab" * 32, tuple(sorted(after)),
        "2016-10-20T09Z", key, Said(salted, sealed), None, signature * 2),
    hexes, st.integers(1, 9), st.integers(2, 2**53 + 5), st.sets(hexes, max_size=3), hexes, hexes,
    hexes | st.just(""), hexes)


@settings(max_examples=200)
@given(entries)
def test_an_entry_is_written_at_once_as_it_is_written_field_by_field(entry: Entry) -> None:
    if entry.number > MOST:
        with pytest.raises(Refusal):
            _ = entry.raw
        return
    assert entry.raw == canonical(entry.as_json())
    unsigned = {k: v for k, v in entry.as_json().items() if k != "signature"}
    assert entry.message == FORM.encode() + b"\n" + canonical(unsigned)
    again = read_plain(entry.raw, hash_of(entry.raw))
    assert again is not None
    assert again == entry
    assert again.as_json() == entry.as_json() == read_entry(entry.as_json()).as_json()


@settings(max_examples=400)
@given(entries.filter(lambda e: e.number <= MOST), st.data())
def test_bytes_that_are_read_at_once_are_read_the_same_the_long_way(
    entry: Entry, data: Any
) -> None:
    raw = bytearray(entry.raw)
    for _ in range(data.draw(st.integers(0, 2))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at] = data.draw(st.sampled_from(list(b'0a9f",:{}[] eE+-.\\ntu\xd9')))
    try:
        got = read_plain(bytes(raw), hash_of(bytes(raw)))
    except Refusal:
        with pytest.raises(Refusal):
            read_entry(read_canonical(bytes(raw)))
        return
    if got is not None:
        long = read_entry(read_canonical(bytes(raw)))
        assert got.as_json() == long.as_json()
        assert got.hash == long.hash


@settings(max_examples=60, deadline=None)
@given(acts, st.data())
def test_a_file_with_any_changed_byte_is_told_the_same_with_and_without_the_quick_way(
    script: Any, data: Any
) -> None:
    raw = bytearray(write_ledger(world(script).union))
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] = data.draw(st.integers(0, 255))
    quick = file.read_ledger(bytes(raw), None)
    long = file._read_plain_line
    file._read_plain_line = lambda *_: False
    try:
        slow = file.read_ledger(bytes(raw), None)
    finally:
        file._read_plain_line = long
    assert quick == slow
    assert quick.lines == slow.lines


def damaged(raw: bytes, *, every: bool) -> list[int]:
    """The lines on which something is not as it was signed."""
    found = file.read_ledger(raw, check, every_signature=every).findings
    return [one.line for one in found if one.level is Level.DAMAGE]


@settings(max_examples=60, deadline=None)
@given(acts, st.data())
def test_the_last_signature_of_each_key_shows_any_changed_byte_on_the_line_that_all_show_it_on(
    script: Any, data: Any
) -> None:
    raw = write_ledger(world(script).union)
    assert damaged(raw, every=False) == damaged(raw, every=True) == []
    at = data.draw(st.integers(len('{"form"'), len(raw) - 1))
    other = data.draw(st.integers(1, 255))
    changed = raw[:at] + bytes([raw[at] ^ other]) + raw[at + 1:]
    quick, all_of_them = damaged(changed, every=False), damaged(changed, every=True)
    assert quick[0] == all_of_them[0] == raw[:at].count(b"\n") + 1


@settings(max_examples=40, deadline=None)
@given(acts, st.data())
def test_an_entry_that_somebody_else_wrote_again_with_right_hashes_shows_by_its_signature(
    script: Any, data: Any
) -> None:
    """Whoever can count hashes and cannot sign: the entry itself is the last that its hash has."""
    of = world(script).union
    if not of.entries:
        return
    name = data.draw(st.sampled_from(sorted(of.entries)))
    other = evolve(of.entries[name], hour="2031-01-01T00Z")
    forged = write_ledger(ledger([*(e for h, e in of.entries.items() if h != name), other]))
    line = next(n for n, said in enumerate(forged.split(b"\n"), 1)
                if b'"hash":"' + other.hash.encode() in said)
    assert line in damaged(forged, every=False)
    assert line in damaged(forged, every=True)


def test_what_the_last_signature_does_not_show_is_a_wrong_one_its_own_post_signed_over() -> None:
    post = Post("room")
    wrong = evolve(post.write("claimed_figure", "aid"), signature="0" * 128)
    behind = entry_after(wrong, [], key=post.key, hour=HOUR, sign=signer(post.key),
                         said=Said("ab" * 32))
    first = [e for e in post.held.entries.values() if e.number == 1]
    raw = write_ledger(ledger([*first, wrong, behind]))
    assert damaged(raw, every=False) == []
    assert len(damaged(raw, every=True)) == 1


def test_most_lines_are_read_the_quick_way() -> None:
    made = world([(0, 1, 0, 5), (0, 1, 0, 6), (1, 6, 0, 0), (1, 1, 0, 7)]).union
    plain = [e for e in made.entries.values() if read_plain(canonical(e.as_json()), e.hash)]
    assert len(plain) == sum(e.said is not None for e in made.entries.values()) > 0


LIBRARY = sodium_check() is not None


@pytest.mark.skipif(not LIBRARY, reason="This system has no libsodium; OpenSSL checks alone.")
@settings(max_examples=200)
@given(st.binary(max_size=100), st.integers(0, 95), st.integers(0, 255))
def test_libsodium_takes_nothing_that_openssl_does_not(message: bytes, at: int, to: int) -> None:
    check = sodium_check()
    assert check is not None
    both = bytearray(bytes.fromhex(KEY.public) + bytes.fromhex(KEY.sign(message)))
    assert check(bytes(both[:32]), message, bytes(both[32:]))
    both[at] = to
    public, signature = bytes(both[:32]), bytes(both[32:])
    assert not check(public, message, signature) or openssl(public, message, signature)


@pytest.mark.skipif(not LIBRARY, reason="This system has no libsodium; OpenSSL checks alone.")
@pytest.mark.parametrize("public", [
    "01" + "00" * 31, "00" * 32, "ec" + "ff" * 30 + "7f", "ed" + "ff" * 30 + "7f",
    "01" + "00" * 30 + "80", "ff" * 32,
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
])
def test_of_keys_of_small_order_openssl_has_the_word(public: str) -> None:
    """A signature that fits any message, by keys of small order and by ones written otherwise."""
    signature = "01" + "00" * 31 + "00" * 32
    check = sodium_check()
    assert check is not None
    key, mark = bytes.fromhex(public), bytes.fromhex(signature)
    assert not check(key, b"any", mark) or openssl(key, b"any", mark)
    assert check_signature(public, b"any", signature) == openssl(key, b"any", mark)


def test_a_signature_written_a_second_way_is_taken_by_nobody() -> None:
    right = bytes.fromhex(KEY.sign(b"once"))
    other = right[:32] + (int.from_bytes(right[32:], "little") + L).to_bytes(32, "little")
    assert check_signature(KEY.public, b"once", right.hex())
    assert not check_signature(KEY.public, b"once", other.hex())


def test_where_the_library_is_not_there_or_wrong_openssl_checks_alone(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    right = KEY.sign(b"message")

    class Yes:
        """A library that takes everything."""

        def __init__(self, name: str) -> None:
            self.sodium_init = lambda: 0

            def crypto_sign_verify_detached(*_: Any) -> int:
                return 0
            self.crypto_sign_verify_detached = crypto_sign_verify_detached

    def none(name: str) -> Any:
        raise OSError(name)

    for library in (Yes, none):
        sodium_check.cache_clear()
        monkeypatch.setattr(sodium_module.ctypes, "CDLL", library)
        assert sodium_check() is None
        assert check_signature(KEY.public, b"message", right)
        assert not check_signature(KEY.public, b"other", right)
        for bad in ("", "zz", "00"):
            assert not check_signature(KEY.public, b"message", bad)
    sodium_check.cache_clear()
