"""Several machines, one of which is lost: a real scheduler and real workers, over TLS."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from attrs import evolve

from bench.cluster.machines import ROOT, Machines, certificates_of_the_page
from lull.cli.exits import BAD_INPUT, DONE, BadInput
from lull.cli.main import run
from lull.cli.spread import cluster as at_cluster
from lull.cli.spread.parts import Parts
from lull.cli.spread.spread import Spread
from lull.domain.case import Case
from lull.exchange import Key, key_file, seal, write_folder
from lull.questions import NAMED, Along, Axis, frontier
from lull.report.words import whole
from lull.simulate import Uncertainty, simulate
from tests.alone import plan_alone
from tests.questions.towns import small_town

Said = pytest.CaptureFixture[str]
SECRET = "Bustan al-Qasr school"


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """A scheduler and one worker."""
    folder = tmp_path_factory.mktemp("cluster")
    certificates_of_the_page(folder / "certificates")
    made = Machines(folder)
    try:
        made.scheduler()
        made.worker()
        yield made
    finally:
        made.end()


@pytest.fixture
def killing(machines: Machines, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """A second worker, killed in the midst of its work; how many parts lay at it then."""
    from distributed import Client

    victim = machines.worker()
    at: list[int] = []
    keep = Parts.keep
    security = machines.mine("client").security(at_cluster.Address("tls", "127.0.0.1", 0))
    with Client(machines.address, set_as_default=False, direct_to_workers=False,
                security=security) as watcher:
        children = {p.pid for p in psutil.Process(victim.pid).children(recursive=True)}
        (its,) = [worker for worker, pid in watcher.run(os.getpid).items() if pid in children]

        def and_kill(self: Parts, fingerprint: str, value: object) -> None:
            keep(self, fingerprint, value)
            if not at and (parts := watcher.processing().get(its, ())):
                assert all(re.fullmatch(r"part-[0-9a-f]{32}", key) for key in parts), "it says more"
                at.append(len(parts))
                machines.kill(victim)

        monkeypatch.setattr(Parts, "keep", and_kill)
        yield at


def spread(machines: Machines, folder: Path) -> Any:
    return machines.where.spread(Parts(folder), lambda *_: None)


def test_an_ensemble_is_the_same_to_the_last_digit_though_a_worker_is_killed(
    machines: Machines, killing: list[int], tmp_path: Path
) -> None:
    case = small_town(5)
    given = (case, plan_alone(case, work=3), Uncertainty(), NAMED["day"].policy)
    here = simulate(*given, replications=300, seed=7, batch=10)
    with spread(machines, tmp_path) as there:
        made = simulate(*given, replications=300, seed=7, batch=10, executor=there)
    assert made.totals.tobytes() == here.totals.tobytes()
    assert made.by_corridor.tobytes() == here.by_corridor.tobytes()
    assert there.done == 30
    assert len(killing) == 1, "no worker was killed in the midst of its work"


def test_a_frontier_is_the_same_to_the_last_digit_though_a_worker_is_killed(
    machines: Machines, killing: list[int], tmp_path: Path
) -> None:
    case, axis = small_town(5), Axis(Along.LENGTH, tuple(range(90, 331, 30)))
    here = frontier(case, [axis], work=10)
    with spread(machines, tmp_path) as there:
        made = frontier(case, [axis], work=10, executor=there, width=there.at_once)
    assert [(p.at, p.bands, p.limits, p.carried_from) for p in made.points] == [
        (p.at, p.bands, p.limits, p.carried_from) for p in here.points]
    assert made.plans == here.plans
    assert made.stretches == here.stretches
    assert there.done == len(axis.values)
    assert len(killing) == 1


@pytest.fixture
def country(tmp_path: Path) -> Path:
    """Six small pauses."""
    for seed in range(3, 9):
        write_folder(named(small_town(seed), f"Town {seed}"), tmp_path / "pauses" / f"town-{seed}")
    return tmp_path / "pauses"


def named(case: Case, place: str) -> Case:
    return evolve(case, pause=evolve(case.pause, title=place, place=place))


def test_a_sweep_is_the_same_to_the_last_byte_though_a_worker_is_killed(
    machines: Machines, killing: list[int], country: Path, tmp_path: Path, capsys: Said
) -> None:
    words = ["sweep", str(country), "--work", "10", "--json"]
    assert run([*words, "--out", str(tmp_path / "there"), "--cluster", machines.address,
                *machines.words()]) == DONE
    there = json.loads(capsys.readouterr().out)
    assert len(killing) == 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Parts, "keep", lambda *_: None)
        assert run([*words, "--out", str(tmp_path / "here")]) == DONE
    here = json.loads(capsys.readouterr().out)
    assert there == here
    files = sorted(p.relative_to(tmp_path / "here") for p in (tmp_path / "here").rglob("*")
                   if p.is_file())
    assert files == sorted(p.relative_to(tmp_path / "there") for p in (
        tmp_path / "there").rglob("*") if p.is_file())
    for file in files:
        if file.name != "result.json":  # holds the seconds that it took
            assert (tmp_path / "there" / file).read_bytes() == (
                tmp_path / "here" / file).read_bytes(), file


TO_BE_KILLED = """
import sys
from lull.cli.main import run
from lull.cli.spread.parts import Parts
keep = Parts.keep
def and_say(self, *given):
    keep(self, *given)
    print("kept", flush=True)
Parts.keep = and_say
run(sys.argv[1:])
"""


def test_a_client_that_is_killed_has_lost_no_finished_point(
    machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    write_folder(small_town(5), tmp_path / "pause")
    cache = tmp_path / "cache"
    asked = ["frontier", str(tmp_path / "pause"), "--length", "90:330:30", "--work", "10", "--json"]
    far = ["--cache", str(cache), "--cluster", machines.address, *machines.words()]
    client = subprocess.Popen(
        [sys.executable, "-c", TO_BE_KILLED, *asked, *far], stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert client.stdout is not None
    assert [client.stdout.readline() for _ in range(3)] == ["kept\n"] * 3
    client.send_signal(signal.SIGKILL)
    client.wait()
    client.stdout.close()
    finished = len(list((cache / "parts").glob("part-*")))
    assert 3 <= finished < 9

    handed: list[object] = []
    submit = at_cluster.Workers._submit

    def count(self: at_cluster.Workers, *given: Any) -> Any:
        handed.append(given)
        return submit(self, *given)

    monkeypatch.setattr(at_cluster.Workers, "_submit", count)
    assert run([*asked, *far]) == DONE
    again = json.loads(capsys.readouterr().out)
    assert len(handed) == 9 - finished
    assert not (cache / "parts").exists(), "the answer is whole, and its parts are still there"
    assert run(asked) == DONE
    here = json.loads(capsys.readouterr().out)
    assert {**again, "seconds": 0} == {**here, "seconds": 0}


def test_lull_stress_says_the_same_with_a_cluster(
    machines: Machines, tmp_path: Path, capsys: Said
) -> None:
    write_folder(small_town(5), tmp_path / "pause")
    words = ["stress", str(tmp_path / "pause"), "--work", "3", "--replications", "300", "--json"]
    said = []
    for more in ([], ["--cluster", machines.address, *machines.words()]):
        assert run([*words, *more]) == DONE
        said.append({**json.loads(capsys.readouterr().out), "seconds": 0})
    assert said[0] == said[1]


def test_nothing_of_the_work_is_logged_even_where_it_fails(machines: Machines) -> None:
    with machines.where.spread(None, lambda *_: None) as there:
        assert list(there.map(whole, [1, 2])) == ["1", "2"]
        with pytest.raises(RuntimeError, match="A worker failed"):
            list(there.map(whole, [SECRET]))
    assert SECRET not in machines.said()
    assert "Town" not in machines.said()


def test_a_scheduler_shows_no_pages(machines: Machines) -> None:
    ports = {c.laddr.port for c in psutil.Process(machines.running[0].pid).net_connections()
             if c.status == psutil.CONN_LISTEN and c.laddr.ip == "127.0.0.1"}
    (page,) = ports - {int(machines.address.rpartition(":")[2])}
    with urllib.request.urlopen(f"http://127.0.0.1:{page}/health") as answer:
        assert answer.read() == b"ok"
    for path in ("status", "info/main/workers.html", "json/counts.json", "metrics", ""):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"http://127.0.0.1:{page}/{path}")


def test_who_has_a_certificate_of_another_authority_is_not_let_in(
    machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(at_cluster, "CONNECT_SECONDS", 1.0)
    certificates_of_the_page(tmp_path / "certificates")
    stranger = evolve(machines, folder=tmp_path)
    with pytest.raises(BadInput, match="does not believe this certificate"), stranger.where.spread(
            None, lambda *_: None):
        pass


def test_a_scheduler_that_goes_away_is_said_in_a_sentence(
    machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what had arrived by then is kept."""
    monkeypatch.setattr(at_cluster, "CONNECT_SECONDS", 1.0)
    own = Machines(machines.folder)
    scheduler = own.scheduler()
    case = small_town(5)
    axis = Axis(Along.LENGTH, tuple(range(90, 331, 30)))
    try:
        own.worker()

        class Falling(Parts):
            def keep(self, fingerprint: str, value: object) -> None:
                super().keep(fingerprint, value)
                if scheduler in own.running:
                    own.kill(scheduler)

        with pytest.raises(BadInput, match=r"has gone\..*goes on"), own.where.spread(
                Falling(tmp_path), lambda *_: None) as there:
            frontier(case, [axis], work=10, executor=there, width=there.at_once)
    finally:
        own.end()
    assert list(tmp_path.glob("part-*"))
    with machines.where.spread(Parts(tmp_path), lambda *_: None) as again:
        assert isinstance(again, Spread)
        frontier(case, [axis], work=10, executor=again, width=again.at_once)
        assert again.found >= 1


def test_what_is_sealed_is_not_handed_over(tmp_path: Path, capsys: Said) -> None:
    mine = Key.new()
    write_folder(small_town(5), tmp_path / "pause")
    (tmp_path / "my.key").write_text(key_file(mine))
    seal(tmp_path / "pause", tmp_path / "pause.age", recipients=[mine.public])
    shutil.rmtree(tmp_path / "pause")
    words = ["frontier", str(tmp_path / "pause.age"), "--key", str(tmp_path / "my.key")]
    assert run([*words, "--cluster", "tls://10.0.0.5"]) == BAD_INPUT
    assert "is sealed, so it is not handed to other machines" in capsys.readouterr().err


def test_a_scheduler_on_a_port_in_use_says_so() -> None:
    """Dask wraps what the socket said in an error of its own."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        done = subprocess.run([sys.executable, "-m", "lull", "cluster", "scheduler", address],
                              capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == BAD_INPUT
    assert f"cannot listen at {address} (" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
