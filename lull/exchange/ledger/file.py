"""A ledger as one text file, in which every byte is accounted for.

Each line is one JSON object in canonical form and ends with a line feed. The first names the form.
Then come entries in causal order, each with its hash, and behind each what is held of what it says:
`clear` with its salt, `sealed`, and any number of `key`s, each with a hash of the line. The last
line counts the lines and entries and has the hash of all bytes before it, so that a file that was
cut or added to shows. The form is written down in docs/reference/ledger.md.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from typing import Any

from attrs import define, field, frozen

from lull.domain.refusal import Refusal, require
from lull.ledger.canonical import NotCanonical, canonical, read_canonical
from lull.ledger.content import read_content
from lull.ledger.entry import HEX64, BadEntry, Entry, Log, hash_of, read_entry, read_plain
from lull.ledger.ledger import Clear, Ledger, Wrap, fits_sealed, ledger
from lull.ledger.order import causal_order
from lull.ledger.verify import Check, Level, verify

FORM = "lull ledger 1"
LONGEST_LINE_BYTES = 8_000_000
MOST_BYTES = 2_000_000_000
ENTRY, HASH = b'{"entry":', b',"hash":"'
HASH_END = len(HASH) + 64 + len(b'"}\n')
MOST_SAID = 250
"""Characters told of what is wrong with a line; what stands in it need not all be repeated."""


@frozen
class Line:
    """One thing found in a file: on which line (from 1), how much it matters, in a sentence."""

    line: int
    level: Level
    sentence: str


@frozen
class Held:
    """What a file holds, what is wrong with it, and on which line each entry stands.

    `ledger` is without the lines that are damaged and the entries that were not rightly signed.
    """

    ledger: Ledger
    findings: tuple[Line, ...]
    lines: dict[str, int]

    @property
    def damaged(self) -> bool:
        """Whether bytes are not as they were written, or somebody signed who may not."""
        return any(f.level in (Level.DAMAGE, Level.WRONG) for f in self.findings)


@define
class _Reading:
    """What has been read of a file so far."""

    entries: dict[str, Entry] = field(factory=dict)
    lines: dict[str, int] = field(factory=dict)
    clear: list[tuple[int, str, Clear]] = field(factory=list)
    sealed: list[tuple[int, str, bytes]] = field(factory=list)
    wraps: list[tuple[int, Wrap]] = field(factory=list)
    findings: list[Line] = field(factory=list)
    seen: set[bytes] = field(factory=set)

    def damage(self, line: int, sentence: str) -> None:
        """Note what is wrong with a line."""
        self.findings.append(Line(line, Level.DAMAGE, f"Line {line}: {sentence}"))


def write_ledger(of: Ledger) -> bytes:
    """A ledger as the bytes of a file; the same for the same ledger."""
    lines = [canonical({"form": FORM})]
    wraps: dict[str, list[Wrap]] = {}
    for wrap in sorted(of.wraps):
        wraps.setdefault(wrap.of, []).append(wrap)
    for entry in causal_order(of.entries):
        lines.append(canonical({"entry": entry.as_json(), "hash": entry.hash}))
        held = of.clear.get(entry.hash)
        if held is not None:
            lines.append(_summed({"clear": held.content.as_json(), "of": entry.hash,
                                  "salt": held.salt.hex()}))
        if entry.hash in of.sealed:
            lines.append(_summed({"of": entry.hash, "sealed": _base64(of.sealed[entry.hash])}))
        lines += [_summed({"key": _base64(wrap.sealed_key), "of": entry.hash})
                  for wrap in wraps.get(entry.hash, ())]
    body = b"".join(line + b"\n" for line in lines)
    end = {"entries": len(of.entries), "lines": len(lines), "sha256": sha256(body).hexdigest()}
    return body + canonical({"end": end}) + b"\n"


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _summed(node: dict[str, Any]) -> bytes:
    return canonical({**node, "sum": sha256(canonical(node)).hexdigest()})


def read_ledger(raw: bytes, check: Check | None, *, every_signature: bool = True) -> Held:
    """What a file holds and all that is wrong with it; raises Refusal where it is no ledger at all.

    `check` checks a signature; without it none is checked, which is for tests of the form alone.
    """
    require(len(raw) <= MOST_BYTES, f"The file is larger than {MOST_BYTES / 1e6:,.0f} MB.")
    require(bool(raw.strip()), "The file is empty, so it is no ledger file; take the log from "
            "another post that holds it, or from a copy.")
    require(b'"form"' in raw[:16] or b'{"e' in raw[:200], "This is no ledger file.")
    found = _Reading()
    last = raw.count(b"\n") + (not raw.endswith(b"\n"))
    if not raw.endswith(b"\n"):
        found.damage(last, "the file was cut: its last line does not end.")
    for number, line in enumerate(BytesIO(raw), 1):
        if number > 1 and not _read_plain_line(number, line, found):
            _read_line(number, line.removesuffix(b"\n"), found, last=number == last)
        elif number == 1 and line.removesuffix(b"\n") != canonical({"form": FORM}):
            found.damage(1, f"it must say {FORM!r} and nothing else.")
    _require_end(raw, last, found)
    made = _put_together(found)
    lost = bool(found.findings)
    if check is not None:
        made = _verified(made, check, found, every=every_signature, lost=lost)
    found.findings.sort(key=lambda f: (f.line, f.level, f.sentence))
    return Held(made, tuple(found.findings), found.lines)


def _read_plain_line(number: int, line: bytes, found: _Reading) -> bool:
    """Read a line of an entry that only says something; false: read it the long way.

    What is taken here would be taken there, as the same; what is not, is judged there.
    """
    if not line.startswith(ENTRY) or line[-HASH_END:-HASH_END + len(HASH)] != HASH:
        return False
    raw = line[len(ENTRY):-HASH_END]
    right = hash_of(raw)
    if line[-HASH_END + len(HASH):] != right.encode() + b'"}\n' or right in found.entries:
        return False
    try:
        entry = read_plain(raw, right)
    except Refusal:
        return False
    if entry is None:
        return False
    found.entries[right] = entry
    found.lines[right] = number
    return True


def _read_line(number: int, line: bytes, found: _Reading, *, last: bool) -> None:
    try:
        require(len(line) <= LONGEST_LINE_BYTES, "it is longer than any line of a ledger.")
        node = read_canonical(line)
        require(isinstance(node, dict), "it is no JSON object.")
        if "entry" in node:
            _read_entry_line(number, line, node, found)
        elif "end" not in node:
            _read_other(number, node, found)
        elif not last:
            found.damage(number, "the file ends here, but more lines follow.")
    except (NotCanonical, BadEntry, Refusal, KeyError, ValueError, binascii.Error) as wrong:
        found.damage(number, f"it is not as it was written: {str(wrong)[:MOST_SAID]}")


def _read_entry_line(number: int, line: bytes, node: dict[str, Any], found: _Reading) -> None:
    require(node.keys() == {"entry", "hash"}, "an entry's line holds the entry and its hash.")
    right = hash_of(line[len(ENTRY):-HASH_END + 1])
    require(node["hash"] == right, "the hash of the entry is not the one that stands beside it.")
    entry = read_entry(node["entry"], right)
    require(right not in found.entries, "the entry stands twice.")
    found.entries[right] = entry
    found.lines[right] = number


def _read_other(number: int, node: dict[str, Any], found: _Reading) -> None:
    given = node.pop("sum", None)
    summed = sha256(canonical(node)).hexdigest()
    require(given == summed, "the hash of the line is not the one that stands in it.")
    of = node["of"]
    require(isinstance(of, str) and bool(HEX64.fullmatch(of)), "it names no entry.")
    require(summed.encode() not in found.seen, "the line stands twice.")
    found.seen.add(summed.encode())
    if node.keys() == {"clear", "of", "salt"}:
        salt = _text(node["salt"])
        require(bool(HEX64.fullmatch(salt)), "a salt is 64 hexadecimal digits.")
        content = Clear(read_content(node["clear"]), bytes.fromhex(salt))
        found.clear.append((number, of, content))
    elif node.keys() == {"of", "sealed"}:
        found.sealed.append((number, of, _bytes(node["sealed"])))
    elif node.keys() == {"key", "of"}:
        found.wraps.append((number, Wrap(of, _bytes(node["key"]))))
    else:
        raise Refusal(f"no line holds {', '.join(sorted(node))}.")


def _text(node: Any) -> str:
    if not isinstance(node, str):
        raise Refusal("a text is missing.")
    return node


def _bytes(node: Any) -> bytes:
    """The bytes that stand in base64, which can be written in one way only."""
    raw = base64.b64decode(_text(node), validate=True)
    require(_base64(raw) == node, "its base64 is not as it is written.")
    return raw


def _require_end(raw: bytes, at: int, found: _Reading) -> None:
    """Look at the last line, which is the one of number `at`: it must fit all those before it."""
    begins = raw.rfind(b"\n", 0, len(raw) - 1) + 1
    body = memoryview(raw)[:begins]
    try:
        node = read_canonical(raw[begins:].removesuffix(b"\n"))
        end = node["end"]
    except (NotCanonical, KeyError, TypeError):
        found.damage(at, "the file does not end here; its last lines are missing or changed.")
        return
    right = {"entries": len(found.entries), "lines": at - 1, "sha256": sha256(body).hexdigest()}
    earlier = any(f.level is Level.DAMAGE for f in found.findings)
    if (end != right and not earlier) or node.keys() != {"end"}:
        found.damage(at, "it does not fit the lines before it: a line is missing, was added, or "
                     "this one was changed.")


def _put_together(found: _Reading) -> Ledger:
    """The ledger of the lines that are right; says which belong to nothing."""
    clear, sealed, wraps = {}, {}, []
    for number, of, content in found.clear:
        if _belongs(number, of, found):
            if content.fits(found.entries[of]):
                clear[of] = content
            else:
                found.damage(number, "it is not what its entry says to everyone (the salted hash "
                             "is another, or it was sealed).")
    for number, of, raw in found.sealed:
        if _belongs(number, of, found):
            if fits_sealed(found.entries[of], raw):
                sealed[of] = raw
            else:
                found.damage(number, "it is not what its entry sealed (the hash is another).")
    for number, wrap in found.wraps:
        if _belongs(number, wrap.of, found):
            wraps.append(wrap)
    return ledger(found.entries.values(), clear=clear, sealed=sealed, wraps=wraps)


def _belongs(number: int, of: str, found: _Reading) -> bool:
    if of not in found.entries:
        found.findings.append(Line(number, Level.GAP, f"Line {number}: the entry to which it "
                                   f"belongs ({of[:12]}) is not here."))
    return of in found.entries


def _verified(made: Ledger, check: Check, found: _Reading, *, every: bool, lost: bool) -> Ledger:
    wrong = set()
    for one in verify(made, check, every_signature=every):
        number = found.lines.get(one.entry, 1)
        # Where lines are damaged, what else is missing follows from that.
        level = Level.GAP if lost and one.level is Level.FORK else one.level
        found.findings.append(Line(number, level, f"Line {number}: {one.sentence}"))
        if one.level in (Level.DAMAGE, Level.WRONG):
            wrong.add(one.entry)
    return made.without(wrong) if wrong else made


def log_named(of: Ledger, name: str) -> Iterator[Log]:
    """The logs whose name begins so: a post's hash, or its beginning, with /epoch or without."""
    post, _, epoch = name.partition("/")
    for log in of.logs:
        if post and log.post.startswith(post) and epoch in ("", str(log.epoch)):
            yield log
