"""A ledger file: a single byte that is not as it was written is found, and on its line."""

from __future__ import annotations

import base64
import json
import random
from hashlib import sha256

import pytest
from attrs import evolve

from lull.domain.refusal import Refusal
from lull.exchange.ledger import open_contents, read_ledger, seal_content, write_ledger
from lull.exchange.ledger.sealing import BLOCK_BYTES, payload_key, wrap_for
from lull.exchange.seal import Key, open_bytes
from lull.ledger.content import Wall
from lull.ledger.entry import Act, Control, Said
from lull.ledger.ledger import Clear, Ledger, Wrap, ledger, merge
from lull.ledger.verify import Level
from lull.ledger.write import next_entry
from tests.ledger.kit import HOUR, Post, check, said, signer

CANARY = "canary-7f3a"


@pytest.fixture(scope="module")
def reader() -> Key:
    return Key.new()


@pytest.fixture(scope="module")
def whole(reader: Key) -> Ledger:
    """Two posts; a public content, a sealed one, one destroyed."""
    room, monitor = Post("room"), Post("monitor")
    gone = room.write("claimed_figure", "aid")
    room.do(Control(Act.DESTROY, of=gone.hash))
    room.write("claimed_figure", "aid", unit="tonnes: طن")
    monitor.held = merge(monitor.held, room.held)
    monitor.held, _ = sealed_into(monitor, reader.public)
    return monitor.held


def sealed_into(post: Post, *readers: str) -> tuple[Ledger, str]:
    """A post's ledger with one more entry that is sealed to readers; and its hash."""
    content = evolve(said("incident.allege", "incident-1", side=post.name), wall=Wall.SEALED,
                     recipients=readers)
    content = evolve(content, payload={**content.payload, "note": CANARY})
    made = seal_content(content, b"s" * 32)
    entry = next_entry(post.held, post.log, key=post.key, hour=HOUR, sign=signer(post.key),
                       said=made.said)
    return post.held.plus(entry, sealed=made.sealed, wraps=made.wraps(entry)), entry.hash


def test_a_file_says_what_the_ledger_holds_and_the_same_ledger_is_the_same_file(whole) -> None:
    raw = write_ledger(whole)
    held = read_ledger(raw, check)
    assert (held.ledger, held.findings) == (whole, ())
    assert write_ledger(held.ledger) == raw


def line_of(raw: bytes, at: int) -> int:
    return raw[:at].count(b"\n") + 1


@pytest.mark.parametrize("every", [True, False], ids=["every signature", "quick"])
def test_every_byte_of_a_small_file_that_is_flipped_is_found_and_located(
    whole, every: bool
) -> None:
    """Each byte in turn, one of its eight bits (each bit comes about equally often)."""
    raw, told_as_none = write_ledger(whole), []
    for at in range(len(raw)):
        changed = bytearray(raw)
        changed[at] ^= 1 << (at * 5 % 8)
        try:
            held = read_ledger(bytes(changed), check, every_signature=every)
        except Refusal:  # the very head: this is no ledger any more
            told_as_none.append(at)
            continue
        damaged = [f.line for f in held.findings if f.level is Level.DAMAGE]
        # Where a line feed is gone the two lines that it parted are one, and the first is named.
        assert damaged, f"byte {at} was not found"
        assert damaged[0] == line_of(raw, at), f"byte {at} was located on line {damaged[0]}"
    assert all(at < len(b'{"form"') for at in told_as_none)


def test_a_flipped_byte_leaves_all_other_entries_to_be_used(whole) -> None:
    raw = write_ledger(whole)
    at = raw.index(b'"number":2')
    held = read_ledger(raw[:at] + b'"number":7' + raw[at + 10:], check)
    assert len(held.ledger.entries) == len(whole.entries) - 1
    assert held.damaged


@pytest.mark.parametrize("seed", range(3))
def test_any_other_change_is_found_too(whole, seed: int) -> None:
    """Bytes put in, taken out, and swapped with others."""
    raw, dice = write_ledger(whole), random.Random(seed)
    for _ in range(60):
        at, to = sorted(dice.sample(range(10, len(raw)), 2))
        for changed in (
            raw[:at] + bytes([dice.randrange(256)]) + raw[at:],
            raw[:at] + raw[at + 1:],
            raw[:at] + raw[to:],
            raw[:at] + raw[at:to] * 2 + raw[to:],
            raw + raw[at:to],
        ):
            if changed != raw:
                assert any(f.level is Level.DAMAGE for f in read_ledger(changed, check).findings)


def test_a_file_that_was_cut_anywhere_is_found(whole) -> None:
    raw = write_ledger(whole)
    for at in range(30, len(raw), 13):
        assert read_ledger(raw[:at], check).damaged
    lines = raw.splitlines(keepends=True)
    for n in range(1, len(lines)):
        assert read_ledger(b"".join(lines[:n]), check).damaged
        assert read_ledger(b"".join(lines[:n] + lines[n + 1:]), check).damaged


@pytest.mark.parametrize("every", [True, False], ids=["every signature", "quick"])
def test_a_line_that_was_changed_with_all_its_hashes_still_fails_the_signature(
    whole, every: bool
) -> None:
    """Whoever can count hashes cannot sign: the file's own hashes alone protect nothing."""
    lines = write_ledger(whole).splitlines()
    at = next(i for i, line in enumerate(lines) if b'"number":3' in line)
    entry = json.loads(lines[at])["entry"]
    entry["hour"] = "2016-10-20T10Z"
    body = json.dumps(entry, separators=(",", ":"), sort_keys=True).encode()
    right = sha256(b"lull entry 1\n" + body).hexdigest().encode()
    lines[at] = b'{"entry":' + body + b',"hash":"' + right + b'"}'
    text = b"\n".join(lines[:-1]) + b"\n"
    end = json.loads(lines[-1])["end"] | {"sha256": sha256(text).hexdigest()}
    text += json.dumps({"end": end}, separators=(",", ":"), sort_keys=True).encode() + b"\n"
    found = read_ledger(text, check, every_signature=every).findings
    damaged = [f for f in found if f.level is Level.DAMAGE]
    assert damaged[0].line == at + 1
    assert any("signature" in f.sentence for f in damaged)


@pytest.mark.parametrize("raw", [b"", b"\n", b"PK\x03\x04", b"{}", b"[1]\n", b"\xff" * 100])
def test_what_is_no_ledger_is_refused_in_a_sentence_and_never_a_crash(raw: bytes) -> None:
    with pytest.raises(Refusal, match="no ledger file"):
        read_ledger(raw, check)


def test_a_file_of_another_form_is_damaged_on_its_first_line() -> None:
    found = read_ledger(b'{"form":"lull ledger 2"}\n', check).findings
    assert found[0].line == 1
    assert "'lull ledger 1'" in found[0].sentence


def test_a_file_of_nothing_but_braces_exhausts_nobody() -> None:
    raw = b'{"form":"lull ledger 1"}\n' + b"[" * 200_000 + b"\n"
    assert read_ledger(raw, check).damaged


def test_what_is_sealed_is_opened_by_its_reader_and_by_nobody_else(whole, reader) -> None:
    mine = open_contents(whole, [reader.secret])
    assert [c.payload["note"] for c in mine.values()] == [CANARY]
    assert open_contents(whole, [Key.new().secret]) == {}


def test_what_was_sealed_is_not_taken_in_clear_from_whoever_could_open_it(reader) -> None:
    room = Post("room")
    content = evolve(said("incident.allege"), wall=Wall.SEALED, recipients=(reader.public,))
    made = seal_content(content, b"s" * 32)
    entry = next_entry(room.held, room.log, key=room.key, hour=HOUR, sign=signer(room.key),
                       said=made.said)
    leaked = room.held.plus(entry, clear=Clear(content, b"s" * 32))
    assert leaked.entries[entry.hash] == entry
    assert not leaked.clear
    raw = write_ledger(Ledger(leaked.entries, {entry.hash: Clear(content, b"s" * 32)}))
    held = read_ledger(raw, check)
    assert not held.ledger.clear
    assert "it was sealed" in held.findings[0].sentence


def test_nothing_of_what_is_sealed_shows_in_the_file(whole) -> None:
    raw = write_ledger(whole)
    blobs = [base64.b64decode(json.loads(line).get("sealed") or json.loads(line).get("key") or "")
             for line in raw.splitlines()]
    for word in (CANARY, "incident", "incident-1", "some place"):
        assert word.encode() not in raw
        assert not any(word.encode() in blob for blob in blobs)


def test_the_size_of_what_is_sealed_says_little(reader) -> None:
    """The bytes under the seal are whole blocks; an age file adds some of random length."""
    sizes = set()
    for length in (1, 50, 200):
        content = evolve(said("incident.allege"), wall=Wall.SEALED, recipients=(reader.public,))
        content = evolve(content, payload={**content.payload, "note": "x" * length})
        made = seal_content(content, b"s" * 32)
        own = open_bytes(made.keys[0], secrets=[reader.secret]).decode()
        sizes.add(len(open_bytes(made.sealed, secrets=[own])))
    assert sizes == {BLOCK_BYTES}


def test_a_further_reader_gets_a_key_and_the_chain_stays_as_it_is(whole, reader) -> None:
    of = next(iter(whole.sealed))
    other = Key.new()
    secret = payload_key(whole, of, [reader.secret])
    told = Wrap(of, wrap_for(secret, other.public))
    more = merge(whole, ledger([whole.entries[of]], wraps=[told]))
    assert more.entries == whole.entries
    assert more.sealed == whole.sealed
    assert open_contents(more, [other.secret]) == open_contents(whole, [reader.secret])
    assert payload_key(whole, of, [other.secret]) is None


def test_without_its_key_a_payload_is_gone_and_the_chain_still_verifies(whole, reader) -> None:
    keyless = Ledger(whole.entries, whole.clear, whole.sealed, frozenset())
    assert open_contents(keyless, [reader.secret]) == {}
    assert read_ledger(write_ledger(keyless), check).findings == ()


def test_what_a_post_destroyed_is_in_no_file_that_meets_the_destruction(reader) -> None:
    room = Post("room")
    room.held, of = sealed_into(room, reader.public)
    old = write_ledger(room.held)
    room.do(Control(Act.DESTROY, of=of))
    again = merge(read_ledger(old, check).ledger, room.held)
    assert open_contents(again, [reader.secret]) == {}
    raw = write_ledger(again)
    assert b'"sealed":"' not in raw.replace(b'"sealed":""', b"").replace(
        b'"sealed":"' + room.held.entries[of].said.sealed.encode(), b"")
    assert b'"key":"' + b"YWdl" not in raw, "no age file is left"
    assert read_ledger(raw, check).findings == ()


def test_a_sealed_content_that_is_not_what_was_signed_is_not_shown(reader) -> None:
    """Who seals another content under an old hash deceives nobody who opens it."""
    room = Post("room")
    content = evolve(said("incident.allege"), wall=Wall.SEALED, recipients=(reader.public,))
    made = seal_content(content, b"s" * 32)
    lie = Said("ab" * 32, made.said.sealed)
    entry = next_entry(room.held, room.log, key=room.key, hour=HOUR, sign=signer(room.key),
                       said=lie)
    held = room.held.plus(entry, sealed=made.sealed, wraps=made.wraps(entry))
    assert held.sealed
    assert open_contents(held, [reader.secret]) == {}


def summed(**node: object) -> bytes:
    """A line with its right hash, as anybody can count it."""
    def body(of: dict) -> bytes:
        return json.dumps(of, separators=(",", ":"), sort_keys=True).encode()
    return body({**node, "sum": sha256(body(node)).hexdigest()})


def with_line(raw: bytes, line: bytes) -> bytes:
    """A file with one more line and a last line that fits it."""
    lines = raw.splitlines()
    end = json.loads(lines[-1])["end"]
    body = b"\n".join([*lines[:-1], line]) + b"\n"
    end |= {"lines": len(lines), "sha256": sha256(body).hexdigest()}
    return body + json.dumps({"end": end}, separators=(",", ":"), sort_keys=True).encode() + b"\n"


@pytest.mark.parametrize("node", [
    {"sealed": 7}, {"sealed": None}, {"sealed": "QR=="}, {"sealed": "é"}, {"key": 7},
    {"key": ["QQ=="]}, {"key": "QR=="}, {"salt": 7}, {"salt": "00"}, {"salt": "AB" * 32},
    {"salt": "ab " * 32}, {"clear": 7, "salt": "ab" * 32}, {"clear": {}, "salt": "ab" * 32},
], ids=str)
def test_a_line_with_a_right_hash_and_nonsense_in_it_is_located_and_the_rest_is_read(
    whole, node
) -> None:
    raw = write_ledger(whole)
    of, held = next(iter(whole.clear.items()))
    if "salt" in node:
        node = {"clear": held.content.as_json(), **node}
    found = read_ledger(with_line(raw, summed(of=of, **node)), check)
    assert [(f.line, f.level) for f in found.findings] == [(raw.count(b"\n"), Level.DAMAGE)]
    assert found.ledger == whole


@pytest.mark.parametrize("line", [
    b"1" * 5_000, b"1" * 4_000, b"1." + b"1" * 100_000, b"-0", b"1e999", b"NaN", b'"\\ud800"',
    b"\x00", b'{"' + b"\xc3\xa9" * 100_000 + b'":1}', b'{"a":' * 90_000, b"\xed\xa0\x80",
    b"9" * 8_000_001, b'{"end":1}', b'{"entry":{},"hash":7}', b'{"of":{},"sum":1}',
], ids=lambda line: repr(line[:12]))
def test_a_hostile_line_is_told_in_a_short_sentence(whole, line: bytes) -> None:
    raw = write_ledger(whole)
    found = read_ledger(with_line(raw, line), check).findings
    assert [(f.line, f.level) for f in found] == [(raw.count(b"\n"), Level.DAMAGE)]
    assert len(found[0].sentence) < 400


def test_nothing_can_be_put_beside_the_last_hash(whole) -> None:
    raw = write_ledger(whole)
    more = raw.removesuffix(b"}\n") + b',"more":"unsigned"}\n'
    assert read_ledger(more, check).damaged


def test_a_key_that_somebody_puts_beside_hides_nothing_from_its_reader(whole, reader) -> None:
    """Nobody signs keys to payloads, so wrong ones must do no harm, whichever comes first."""
    of = next(iter(whole.sealed))
    right = payload_key(whole, of, [reader.secret])
    wrong = [wrap_for(secret, reader.public) for secret in (Key.new().secret, "none")]
    wrong += [b"", b"age-encryption.org/v1\n"]
    wrong += [wrap_for(Key.new().secret, reader.public) for _ in range(6)]
    more = merge(whole, ledger([whole.entries[of]], wraps=[Wrap(of, key) for key in wrong]))
    assert payload_key(more, of, [reader.secret]) == right
    assert open_contents(more, [reader.secret]) == open_contents(whole, [reader.secret])


def test_what_is_told_of_a_line_does_not_repeat_all_that_stands_in_it(whole) -> None:
    of, held = next(iter(whole.clear.items()))
    node = held.content.as_json() | {"received": "x" * 5_000}
    raw = with_line(write_ledger(whole), summed(clear=node, of=of, salt="ab" * 32))
    assert len(read_ledger(raw, check).findings[0].sentence) < 400
