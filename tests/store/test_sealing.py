"""What is sealed reaches those named and nobody and nothing else; what is destroyed is gone."""

from __future__ import annotations

import base64
import logging
import secrets
import tempfile
from pathlib import Path

import pytest

from lull.exchange.ledger import read_ledger, write_ledger
from lull.exchange.ledger.ed25519 import SigningKey, check_signature
from lull.ledger.ledger import Ledger, ledger
from lull.ledger.write import next_entry, open_log
from lull.store import models, reading
from lull.store.backup import back_up
from lull.store.ledgers import (
    LARGEST_FILE_BYTES,
    DamagedFile,
    admit,
    disclose,
    export,
    part_for,
    take_in,
)
from lull.store.principal import NotAllowed, NotThere
from lull.store.rows import ledger_of, whole
from lull.store.write import Wish, compose, destroy, prepare
from tests.store.kit import DATABASE, World, address, record
from tests.web.kit import Caller, caller

CANARY = "canary-" + secrets.token_hex(8)


def forms(text: str) -> list[bytes]:
    """A text as it might stand somewhere: plain, in UTF-16, in base64 at each offset."""
    raw = text.encode()
    inside = [base64.b64encode(b"x" * shift + raw)[4:-4] for shift in range(3)]
    return [raw, text.encode("utf-16-le"), raw.hex().encode(), *inside]


def holds(raw: bytes, text: str = CANARY) -> bool:
    """Whether a text stands in bytes in any of those forms."""
    return any(form in raw for form in forms(text))


def on_disk(world: World) -> bytes:
    """Every byte of the store's files: database, log and index of the log."""
    file = address().file
    assert file is not None
    return b"".join(path.read_bytes() for path in sorted(file.parent.glob(f"{file.name}*")))


@pytest.mark.skipif(bool(DATABASE), reason="looks at SQLite's files")
def test_a_canary_sealed_to_party_a_is_found_nowhere_else(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Answers to everyone else, errors, logs, database, WAL, backup, exports, temporary files."""
    caplog.set_level(logging.DEBUG)
    before = set(Path(tempfile.gettempdir()).iterdir())
    olga, paul = caller(world, "olga"), caller(world, "paul")
    sealed = {
        "note": olga.write("incident.allege", CANARY + " bridge", wall="sealed", to=("a",),
                           note=CANARY).json()["hash"],
        "draft": olga.write("notification.draft", CANARY, wall="sealed", to=("a",),
                            purpose=CANARY, turning_back_order=CANARY).json()["hash"],
        "movement": olga.write("movement.plan", "M", part="", wall="sealed", to=("a",),
                               reason=CANARY).json()["hash"],
    }  # fmt: skip
    assert holds(paul.get(f"pauses/{{pause}}/entries/{sealed['note']}").content)
    assert holds(paul.get("pauses/{pause}/changes").content)
    found: list[bytes] = []
    for name in ("alice", "adam", "omar", "oda", "piotr", "mona", "fred", ""):
        asks = caller(world, name) if name else Caller(world)
        answers = [asks.get(f"pauses/{{pause}}/{path}") for path in
                   ("changes?limit=500", "things", "ledger", "sides", "members", "posts", "jobs",
                    *(f"entries/{one}" for one in sealed.values()))]
        answers += [asks.post("pauses/{pause}/find", {"object": CANARY}),
                    asks.write("notification.submit", CANARY, key=f"{name}-submit"),
                    asks.write("movement.go", "M", key=f"{name}-go"),
                    asks.post("pauses/{pause}/disclosures", {
                        "entries": list(sealed.values()), "to": str(world.side("b"))}),
                    *(asks.post(f"pauses/{{pause}}/entries/{one}/destroy")
                      for one in sealed.values() if name not in ("omar",))]
        for answer in answers:
            said = answer.json() if "json" in answer.headers["Content-Type"] else None
            errors = said.get("sentence", "") if isinstance(said, dict) else ""
            raw = answer.content.replace(CANARY.encode(), b"") if (
                name and errors and CANARY in errors and answer.status_code == 409
            ) else answer.content  # the asker's own word, which they sent, in a refusal to them
            found += [raw for _ in [0] if holds(raw)]
    back_up(tmp_path / "a.backup")
    found += [raw for raw in (on_disk(world), (tmp_path / "a.backup").read_bytes(),
                              caplog.text.encode()) if holds(raw)]
    made = set(Path(tempfile.gettempdir()).iterdir()) - before
    found += [path.read_bytes() for path in made if path.is_file() and holds(path.read_bytes())]
    assert found == []


@pytest.mark.skipif(bool(DATABASE), reason="looks at SQLite's files")
def test_what_is_destroyed_is_gone_from_file_log_memory_and_copies_and_the_chain_still_verifies(
    world: World, tmp_path: Path
) -> None:
    made = world.write("olga", "incident.allege", CANARY, wall="sealed", to=("a",))
    other = world.write("olga", "incident.allege", "I2", wall="sealed", to=("a",))
    paul = world.who("paul")
    view = paul.reading_with(world.store).view(world.pause)
    assert view.known[made.hash].content is not None
    row = models.Said.objects.get(entry__hash=made.hash)
    sealed = bytes(row.sealed)
    keys = [bytes(w.sealed_key) for w in models.Wrap.objects.filter(entry__hash=made.hash)]
    assert len(keys) == 3
    marks = [sealed[200:232], *(key[-32:] for key in keys)]
    assert all(mark in on_disk(world) for mark in marks)
    destroy(world.store, world.seat("omar"), made.hash)
    assert [mark for mark in marks if mark in on_disk(world)] == []
    back_up(tmp_path / "a.backup")
    raw = (tmp_path / "a.backup").read_bytes()
    assert not any(base64.b64encode(mark)[4:-4] in raw for mark in marks)
    view = paul.reading_with(world.store).view(world.pause)
    assert view.known[made.hash].content is None
    assert made.hash not in paul.reader.opened
    assert made.hash not in world.store.own.opened
    assert view.known[other.hash].content is not None
    held = read_ledger(write_ledger(ledger_of(whole(world.pause))), check_signature)
    assert held.findings == ()
    assert held.ledger.destroyed == {made.hash}


def test_what_was_destroyed_does_not_come_back_in_a_merge(world: World) -> None:
    made = world.write("olga", "incident.allege", "I1", wall="sealed", to=("a",))
    older = export(world.store, world.seat("alice"))
    destroy(world.store, world.seat("olga"), made.hash)
    take_in(world.store, world.seat("alice"), older)
    assert not models.Said.objects.filter(entry__hash=made.hash).exists()
    assert not models.Wrap.objects.filter(entry__hash=made.hash).exists()


def test_nobody_destroys_what_another_side_wrote(world: World) -> None:
    made = world.write("olga", "incident.allege", "I1")
    for name in ("alice", "oda", "paul", "mona"):
        with pytest.raises((NotAllowed, NotThere)):
            destroy(world.store, world.seat(name), made.hash)
    assert models.Said.objects.filter(entry__hash=made.hash).exists()


def test_a_disclosure_lets_one_more_side_read_and_is_an_entry(world: World) -> None:
    made = world.write("olga", "incident.allege", "I1", wall="sealed", to=("a",))
    piotr = world.who("piotr")
    assert piotr.reading_with(world.store).view(world.pause).known[made.hash].content is None
    for name in ("paul", "alice", "piotr"):  # not the owner's side, whoever can read it
        with pytest.raises((NotAllowed, NotThere)):
            disclose(world.store, world.seat(name), [made.hash], world.side("b"))
    disclose(world.store, world.seat("olga"), [made.hash], world.side("b"), "asked by voice")
    view = world.who("piotr").reading_with(world.store).view(world.pause)
    assert view.known[made.hash].content is not None
    told = [k.content for k in view.known.values() if k.content and k.content.kind == "disclosure"
            and k.content.payload["kind"] == "disclosed"]
    assert [t.payload["entries"] for t in told] == [[made.hash]]
    assert world.who("mona").reading_with(world.store).view(
        world.pause).known[made.hash].content is None


def test_the_first_sight_of_a_sealed_record_and_an_attempt_in_vain_are_entries(
    world: World
) -> None:
    made = world.write("olga", "incident.allege", "I1", wall="sealed", to=("a",))

    def noted(kind: str) -> list[list[str]]:
        view = world.store.own.view(world.pause)
        return [k.content.payload["entries"] for k in view.known.values()
                if k.content and k.content.kind == "disclosure"
                and k.content.payload["kind"] == kind]

    for _ in range(2):
        reading.changes(world.store, world.seat("paul"))
        reading.entry(world.store, world.seat("paul"), made.hash)
        reading.changes(world.store, world.seat("olga"))
        with pytest.raises(NotThere):
            reading.entry(world.store, world.seat("oda"), made.hash)
    assert noted("viewed") == [[made.hash]]
    assert noted("failed_attempt") == [[made.hash]]
    export(world.store, world.seat("paul"))
    assert len(noted("exported")) == 1


def test_an_export_has_what_its_reader_may_read_and_verifies(world: World) -> None:
    public = world.write("olga", "incident.allege", "I1").hash
    own = world.write("alice", "incident.allege", "I2", wall="restricted").hash
    sealed = world.write("olga", "incident.allege", "I3", wall="sealed", to=("a",)).hash
    for name, has in {"alice": {public, own, sealed}, "paul": {public, sealed},
                      "piotr": {public}, "oda": {public}}.items():
        part = part_for(world.store, world.seat(name))
        held = read_ledger(write_ledger(part), check_signature)
        assert not held.damaged
        assert {h for h, e in part.entries.items() if e.said} & {public, own, sealed} == has


class Post:
    """A post elsewhere, with a key of its own, that writes for a side."""

    def __init__(self) -> None:
        self.key = SigningKey.new()
        entry = open_log(Ledger(), key=self.key.public, recovery=SigningKey.new().public,
                         hour="2016-10-20T09Z", sign=self.key.sign)
        self.log, self.held = entry.log, ledger([entry])

    def write(self, world: World, name: str, about: str) -> bytes:
        """Write as a person would, and give the file."""
        content = compose(world.store, world.seat(name), Wish(
            "incident.allege", about, record("incident.allege"), "public"))
        made = prepare(content)
        entry = next_entry(self.held, self.log, key=self.key.public, hour="2016-10-20T09Z",
                           sign=self.key.sign, said=made.said)
        self.held = self.held.plus(entry, clear=made.clear)
        return write_ledger(self.held)


def test_a_post_with_its_own_key_is_admitted_and_its_file_is_merged(world: World) -> None:
    post = Post()
    raw = post.write(world, "fred", "I9")
    with pytest.raises(NotAllowed):
        take_in(world.store, world.seat("fred"), raw)
    with pytest.raises(NotAllowed):
        admit(world.store, world.seat("olga"), post.log.post, world.side("crescent"),
              "field_clerk")
    admit(world.store, world.seat("alice"), post.log.post, world.side("crescent"), "field_clerk")
    with pytest.raises(NotAllowed):
        take_in(world.store, world.seat("finn"), raw)
    assert take_in(world.store, world.seat("fred"), raw).new == 2
    assert take_in(world.store, world.seat("fred"), raw).new == 0
    view = world.store.own.view(world.pause)
    assert {t.object for t in view.things} == {"I9"}
    world.write("olga", "incident.allege", "I10")
    held = read_ledger(write_ledger(ledger_of(whole(world.pause))), check_signature)
    assert held.findings == ()


def test_a_post_that_writes_as_another_side_has_no_effect_and_is_told(world: World) -> None:
    post = Post()
    admit(world.store, world.seat("alice"), post.log.post, world.side("relief"), "field_clerk")
    take_in(world.store, world.seat("alice"), post.write(world, "fred", "I9"))
    view = world.store.own.view(world.pause)
    assert view.things == {}
    assert [k.fault.side for k in view.known.values() if k.fault] == ["Relief"]


def test_a_damaged_or_forged_or_huge_file_is_refused_whole(world: World) -> None:
    world.write("olga", "incident.allege", "I1")
    raw = export(world.store, world.seat("alice"))
    count = models.Entry.objects.count()
    entries = list(read_ledger(raw, check_signature).ledger.entries.values())
    from attrs import evolve

    forged = evolve(entries[-1], number=99, signature="00" * 64)
    for wrong in (raw[:-30], raw.replace(b'"number":2', b'"number":7'),
                  write_ledger(ledger([*entries, forged]))):
        with pytest.raises(DamagedFile):
            take_in(world.store, world.seat("alice"), wrong)
    with pytest.raises(Exception, match="larger"):
        take_in(world.store, world.seat("alice"), b" " * (LARGEST_FILE_BYTES + 1))
    assert models.Entry.objects.count() == count


def test_keys_to_what_others_wrote_are_taken_from_coordinators_alone(world: World) -> None:
    """Nobody signs a key, so anyone could bury an entry under thousands that open nothing."""
    from lull.ledger.ledger import Wrap

    made = world.write("olga", "incident.allege", "I1", wall="sealed", to=("a", "b"))
    part = part_for(world.store, world.seat("piotr"))
    more = ledger(part.entries.values(), clear=part.clear, sealed=part.sealed,
                  wraps=[*part.wraps, Wrap(made.hash, b"x" * 200)])
    count = models.Wrap.objects.filter(entry__hash=made.hash).count()
    take_in(world.store, world.seat("piotr"), write_ledger(more))
    assert models.Wrap.objects.filter(entry__hash=made.hash).count() == count


def test_a_seat_s_keys_seal_to_members_and_never_to_the_server(world: World) -> None:
    world.write("olga", "incident.allege", "I1", wall="sealed", to=("a",))
    own = world.store.own.view(world.pause)
    assert [k.content for k in own.known.values() if k.entry.said] == [None]
