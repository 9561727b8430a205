"""Finished parts are found again when they are the same, and only then; nothing else is read."""

from __future__ import annotations

import os
import pickle
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import evolve, frozen

from bench.cluster.machines import ROOT, certificates_of_the_page
from lull.cli.exits import BadInput
from lull.cli.spread import hands as hands_module
from lull.cli.spread import values
from lull.cli.spread.hands import Here, Processes, Threads
from lull.cli.spread.options import Where
from lull.cli.spread.parts import MISSING, Parts
from lull.cli.spread.security import Certificates, address_of
from lull.cli.spread.spread import Spread
from lull.cli.spread.values import Damaged, Fingerprints, pack, unpack
from lull.cli.spread.work import Packing, Parcel, Program, perform, this_program
from lull.domain.pause import Consents
from lull.domain.time import Estimate
from lull.exchange import read_folder
from lull.questions.candidates import Terms, candidates
from lull.questions.replanning import replan_case
from lull.report.words import whole
from tests.questions.towns import small_town


def of(*given: object) -> str:
    return Fingerprints().of(*given)


class Kind(StrEnum):
    """Two kinds."""

    A = "a"
    B = "b"


@frozen
class Thing:
    """A value."""

    name: str
    size: float


DIFFERENT: list[object] = [
    0, 1, -1, True, False, None, 0.0, -0.0, 1.0, "", "1", b"", b"1", (), [], {}, (1,), [1], (1, 2),
    (2, 1), ((1,), 2), (1, (2,)), {1: 2}, {2: 1}, {1: 2, 3: 4}, {3: 4, 1: 2}, {1}, {1, 2},
    frozenset({1}), "a", Kind.A, Kind.B, Thing("a", 1.0), Thing("a", 2.0), Thing("b", 1.0),
    np.zeros(2), np.zeros(3), np.zeros((1, 2)), np.zeros(2, np.float32), np.zeros(2, np.int64),
    np.float64(1.0), np.array([1, 2]), np.array([2, 1]), ("ab", "c"), ("a", "bc"),
]  # fmt: skip


def test_different_values_have_different_fingerprints() -> None:
    assert len({of(value) for value in DIFFERENT}) == len(DIFFERENT)


def test_the_same_values_have_the_same_fingerprint_in_any_process() -> None:
    """The order of a set of words differs from process to process; so do the places in memory."""
    code = "from tests.cli.test_spread import everything; print(everything())"
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "1"}).stdout.strip()
    assert said == everything()


def everything() -> str:
    """The fingerprint of a town, of a folder, and of every change to it that could be asked for."""
    case = read_folder(ROOT / "bench" / "cases" / "s-1").case
    assert case is not None
    changed = candidates(case, Consents.ALL_MET, Terms(), full_bays=())
    assert len(changed) > 10
    return of({"square", "bridge", "school", "gate"}, small_town(5), case,
              [(c.id, c.case) for c in changed])


def test_every_field_of_a_case_counts() -> None:
    """Else a part of another pause would be taken for this one's."""
    case = small_town(5)
    bus = next(iter(case.fleet))
    check = next(iter(case.corridors))
    changed = [
        case, evolve(case, draft="so"), evolve(case, pause=evolve(case.pause, title="another")),
        evolve(case, fleet={bus: evolve(case.fleet[bus], number=case.fleet[bus].number + 1)}),
        evolve(case, corridors={k: evolve(c, lead_time=7) if k == check and hasattr(c, "lead_time")
                                else evolve(c, name="x") for k, c in case.corridors.items()}),
        evolve(case, sites={k: evolve(s, service={"": Estimate.of(9)})
                            for k, s in case.sites.items()}),
    ]
    assert len({of(one) for one in changed}) == len(changed)
    assert of(small_town(5)) == of(case)


def test_a_value_that_nobody_knows_has_no_fingerprint() -> None:
    for unknown in (object(), lambda: None, np.array([object()], dtype=object), Path("x")):
        with pytest.raises(TypeError):
            of(unknown)


def test_what_questions_hand_about_is_read_as_it_was_written() -> None:
    for folder in ("samples/first-steps", "bench/cases/s-1"):
        case = read_folder(ROOT / folder).case
        assert case is not None
        made = replan_case(case, 0, 0, None)
        again = unpack(pack((case, made)))
        assert of(again) == of((case, made))
        assert again[1].result.plan == made.result.plan


class Evil:
    """What an attacker would put into a cache."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.system, ("touch /nowhere/at/all",))


@pytest.mark.parametrize("thing", [
    Evil(), os.system, whole, ssl.SSLContext, subprocess.Popen, Thing("a", 1.0), Path("x"),
], ids=lambda thing: type(thing).__name__ + getattr(thing, "__name__", ""))
def test_of_code_only_the_classes_of_values_are_read(thing: object) -> None:
    """Thing is a value, but not one of lull's; `whole` is lull's, but no value."""
    with pytest.raises(Damaged, match="is not a value of lull"):
        unpack(pack(thing))


def test_a_part_that_is_damaged_is_none(tmp_path: Path) -> None:
    parts = Parts(tmp_path / "parts")
    parts.keep("a" * 64, (1, None))
    (file,) = (tmp_path / "parts").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    raw = file.read_bytes()
    assert parts.find("a" * 64) == (1, None)
    for wrong in (b"", raw[:-1], raw + b"x", raw[:40] + bytes([raw[40] ^ 1]) + raw[41:],
                  raw.replace(values.MAGIC, b"lull part 2\n"), pickle.dumps((1, None))):
        file.write_bytes(wrong)
        assert parts.find("a" * 64) is MISSING
    assert parts.find("b" * 64) is MISSING
    file.write_bytes(raw)
    parts.clear()
    assert not (tmp_path / "parts").exists()


def hands(kind: str) -> Iterator[Any]:
    if kind == "here":
        yield Here()
    elif kind == "threads":
        with ThreadPoolExecutor(2) as pool:
            yield Threads(pool, 2)
    else:
        made = Processes(2)
        yield made
        made.close()


@pytest.mark.parametrize("kind", ["here", "threads", "processes"])
def test_results_come_in_order_and_what_was_kept_is_not_done_again(
    kind: str, tmp_path: Path
) -> None:
    numbers = [1000 * n for n in range(20)]
    for where in hands(kind):
        first = Spread(where, Parts(tmp_path))
        assert list(first.map(whole, numbers[::2])) == [whole(n) for n in numbers[::2]]
        second = Spread(where, Parts(tmp_path))
        assert list(second.map(whole, numbers)) == [whole(n) for n in numbers]
        assert (first.found, first.done, second.found, second.done) == (0, 10, 10, 10)
        third = Spread(where, Parts(tmp_path))
        assert dict(third.each(whole, ((n,) for n in numbers))) == {
            i: whole(n) for i, n in enumerate(numbers)}
        assert (third.found, third.done) == (20, 0)
        assert list(Spread(where).map(whole, numbers)) == [whole(n) for n in numbers]


def test_only_as_many_are_begun_as_there_is_room_for() -> None:
    """What has not been begun when nobody asks for more is never begun."""
    begun: list[int] = []

    def rows() -> Iterator[tuple[int]]:
        for n in range(1000):
            begun.append(n)
            yield (n,)

    with ThreadPoolExecutor(2) as pool:
        ended = Spread(Threads(pool, 2)).each(whole, rows())
        assert next(ended)[1] == "0"
        ended.close()
    assert len(begun) <= 8


def die_once(marker: str, number: int) -> int:
    """Kill this process the first time that number 3 comes up."""
    if number == 3 and not os.path.exists(marker):
        with open(marker, "w"):
            os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def die(number: int) -> int:
    """Kill this process."""
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_parts_of_a_process_that_was_killed_are_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hands_module, "MOST_LOST", 1)
    made = Processes(2)
    try:
        numbers = list(range(12))
        parts = Parts(tmp_path / "parts")
        found = list(Spread(made, parts).map(die_once, [str(tmp_path / "dead")] * 12, numbers))
        assert found == [n * n for n in numbers]
        assert (tmp_path / "dead").exists()
        assert len(list((tmp_path / "parts").iterdir())) == 12
        with pytest.raises(BadInput, match="were ended 2 times"):
            list(Spread(made).map(die, [1]))
    finally:
        made.close()


def test_a_worker_with_another_program_is_named_and_does_nothing() -> None:
    mine = this_program()
    assert not mine.unlike(mine)
    other = evolve(mine, lull="0.0.1", sources="0" * 64)
    assert mine.unlike(other) == f"lull 0.0.1 and not {mine.lull}"
    assert "other sources" in mine.unlike(evolve(mine, sources="0" * 64))
    assert mine.unlike(evolve(mine, python="3.99")) == f"Python 3.99 and not {mine.python}"
    assert "numpy 0" in mine.unlike(evolve(mine, beside=("numpy 0", *mine.beside[1:])))
    asked = unpack(Packing().parcel(whole, (1,)).raw)
    strange = unpack(perform(Parcel(pack((other, *asked[1:])))).raw)
    assert isinstance(strange.program, Program)
    assert strange.program == mine


def test_a_worker_does_functions_of_lull_only_and_shows_nothing_of_its_work() -> None:
    mine = this_program()
    for module, name in (("os", "system"), ("lull.cli.main", "os"), ("lull.report.words", "nine"),
                         ("tests.cli.test_spread", "die")):
        answer = unpack(perform(Parcel(pack((mine, module, name, ())))).raw)
        assert answer.fault
    parcel = Packing().parcel(whole, ("Kobani",))
    assert "Kobani" not in repr(parcel)
    assert "Kobani" not in repr(perform(parcel))
    assert "TypeError" in unpack(perform(parcel).raw).fault


@pytest.mark.parametrize(("words", "address"), [
    ("tls://10.0.0.5:9000", "tls://10.0.0.5:9000"), ("tls://room", "tls://room:8786"),
    ("room", "tls://room:8786"), ("tcp://127.0.0.1:9", "tcp://127.0.0.1:9"),
    ("tcp://localhost", "tcp://localhost:8786"), ("tls://[fe80::1]:9", "tls://[fe80::1]:9"),
    ("tcp://[::1]", "tcp://[::1]:8786"),
])
def test_addresses_that_are_taken(words: str, address: str) -> None:
    assert str(address_of(words)) == address


@pytest.mark.parametrize(("words", "why"), [
    ("tcp://10.0.0.5:8786", "is not encrypted"), ("tcp://room", "is not encrypted"),
    ("tcp://127.0.0.1.example", "is not encrypted"), ("http://room", "no address"),
    ("tls://", "no address"), ("tls://room:port", "no address"), ("tls://a@room", "no address"),
    ("tls://room/x", "no address"), ("", "no address"),
])
def test_addresses_that_are_not_taken(words: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        address_of(words)


def test_certificates_that_are_no_good_are_said_in_a_sentence(tmp_path: Path) -> None:
    certificates_of_the_page(tmp_path / "c")
    at = tmp_path / "c"
    good = Certificates(at / "ca.pem", at / "client.pem", at / "client.key")
    tls = address_of("tls://room")
    assert good.security(tls).require_encryption
    with pytest.raises(BadInput, match="needs certificates: give --cluster-cert, --cluster-key"):
        Certificates(at / "ca.pem").security(tls)
    with pytest.raises(BadInput, match="would not be used"):
        good.security(address_of("tcp://localhost"))
    with pytest.raises(BadInput, match="no such file"):
        evolve(good, cert=at / "none.pem").security(tls)
    for wrong in (evolve(good, key=at / "worker.key"), evolve(good, cert=at / "client.key"),
                  evolve(good, ca=at / "client.csr")):
        with pytest.raises(BadInput, match="are not a certificate"):
            wrong.security(tls)
    (at / "client.key").chmod(0o644)
    with pytest.raises(BadInput, match="can be read by others"):
        good.security(tls)


def test_without_the_packages_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BadInput, match=r"pip install 'lull\[cluster\]'"), Where(
            1, "tls://room").spread(None, lambda *_: None):
        pass
