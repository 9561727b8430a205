"""One peer's run on one case: asked in its own process, refereed, judged, driven through gates."""

from __future__ import annotations

import importlib.util
import pickle
from collections import Counter
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from attrs import define, field, frozen

from bench.peers.answer import Answer, ask
from bench.peers.by_lull import read
from bench.peers.driven import as_plan
from bench.peers.folder import write_folder
from bench.peers.gates import Keeper, Outcome, drive
from bench.peers.part import Part, bus_type, only_these, part_of
from bench.peers.referee import verdict
from lull.domain.case import Case
from lull.domain.plan import Plan, Task
from lull.domain.rules import judge

HALL = Path(__file__).resolve().parents[1] / "cases"


@frozen
class Peer:
    """Who is asked: the name in the table, the module that answers, the package it needs."""

    name: str
    module: str
    package: str
    first_words: tuple[str, ...] = ()

    @property
    def installed(self) -> bool:
        """Whether the package is there."""
        return importlib.util.find_spec(self.package) is not None


PEERS = {
    "lull": Peer("lull", "bench.peers.by_lull", "lull", ("part",)),
    "pyvrp": Peer("PyVRP", "bench.peers.by_pyvrp", "pyvrp"),
    "ortools": Peer("OR-Tools routing", "bench.peers.by_ortools", "ortools"),
    "pyvrp-reload": Peer("PyVRP, reload depots", "bench.peers.by_pyvrp_reload", "pyvrp"),
    "lull-gates": Peer("lull, every rule on", "bench.peers.by_lull", "lull", ("gates",)),
}
"""Those who can be asked; the last plans the case itself, not the part."""

USUAL = ("lull", "pyvrp", "ortools", "lull-gates")


@frozen
class Run:
    """What one run gave; a blank is None. `loads` are those that the referee found in time.

    From `planned` on it is about the real case: persons on board as planned, broken rules by
    name, and what came of it at the gates without and with a guard (`gates.Outcome`).
    """

    case: str
    who: str
    seed: int
    seconds: float
    date: str
    version: str
    machine: str
    plan_s: float
    wall_s: float
    cpu_s: float
    all_loads: int
    loads: int | None
    late_loads: int | None
    wrong: str
    bound_loads: float | None
    bound_s: float | None
    planned: int
    violations: int
    broken: str
    keeper: str
    out: int
    received: int
    late: int
    inside: int
    buses_inside: int
    guarded_out: int
    guarded_received: int
    guarded_inside: int


@define
class Bench:
    """A case taken apart once, in a temporary folder, for all runs on it."""

    name: str
    room: Path
    seconds: float
    machine: str
    folder: Path | None = None
    bound: Answer | None = field(default=None, init=False)

    @property
    def whole_folder(self) -> Path:
        """The folder of the case itself."""
        return self.folder or HALL / self.name

    @cached_property
    def case(self) -> Case:
        """The case with all that is in it."""
        return read(self.whole_folder)

    @cached_property
    def real(self) -> Case:
        """The same people and buses with every limit."""
        return only_these(self.case)

    @cached_property
    def part(self) -> Part:
        """What peers are given, also written down for them and as a folder for lull."""
        part = part_of(self.case, self.name)
        part.save(self.part_file)
        write_folder(self.case, part, self.part_folder)
        return part

    @property
    def part_file(self) -> Path:
        """Where the part lies for the peers' processes."""
        return self.room / f"{self.name}.part.json"

    @property
    def part_folder(self) -> Path:
        """Where the part lies as a pause folder."""
        return self.room / f"{self.name}-part"

    def ask(self, peer: Peer, seconds: float, seed: int, out: Path) -> Answer:
        """One peer's answer on the part (of lull with every rule on: on the case)."""
        assert self.part
        words = [*peer.first_words, str(self.part_file), str(seconds), str(seed)]
        if peer.package == "lull":
            on = self.whole_folder if peer.first_words == ("gates",) else self.part_folder
            words.append(str(on))
        return ask(peer.module, words, out, seconds)

    def ask_bound(self) -> Answer:
        """No plan of the part brings out more loads than this; the same for all seeds."""
        if self.bound is None:
            asks = Peer("bound", "bench.peers.by_lull", "lull", ("bound",))
            self.bound = self.ask(asks, self.seconds, 0, self.room / f"{self.name}-bound.json")
        return self.bound

    def run(self, key: str, seed: int) -> Run:
        """Ask one peer once, and look at its answer in every way."""
        peer = PEERS[key]
        out = self.room / f"{self.name}-{key}-{seed}.json"
        told = self.ask(peer, self.seconds, seed, out)
        if key == "lull-gates":
            plan: Plan = pickle.loads(out.with_suffix(".plan").read_bytes())
            return self._run(peer, seed, told, plan, None)
        plan = as_plan(self.real, told.routes)
        return self._run(peer, seed, told, plan, self.ask_bound())

    def _run(self, peer: Peer, seed: int, told: Answer, plan: Plan, bound: Answer | None) -> Run:
        broken = Counter(violation.rule for violation in judge(self.real, plan))
        keeper, free, guarded = driven(self.real, plan, bound is None)
        said = None
        if bound is not None:
            said = verdict(self.case, bus_type(self.case).id, dict(self.part.loads), told.routes)
        return Run(
            case=self.name, who=peer.name, seed=seed, seconds=self.seconds,
            date=str(datetime.now(UTC).date()), version=told.version, machine=self.machine,
            plan_s=told.plan_s, wall_s=told.wall_s, cpu_s=told.cpu_s, all_loads=self.part.all_loads,
            loads=said.in_time if said else None, late_loads=said.late if said else None,
            wrong="; ".join(said.wrong) if said else "",
            bound_loads=bound.more["bound_loads"] if bound else None,
            bound_s=bound.wall_s if bound else None,
            planned=sum(
                p.persons for _, s in plan.stops() if s.task is Task.LOAD for p in s.people
            ),
            violations=broken.total(),
            broken="|".join(f"{rule}:{n}" for rule, n in broken.most_common()),
            keeper=keeper.value, out=free.out, received=free.received, late=free.late,
            inside=free.inside, buses_inside=free.buses_inside, guarded_out=guarded.out,
            guarded_received=guarded.received, guarded_inside=guarded.inside,
        )  # fmt: skip


def driven(case: Case, plan: Plan, convoys_planned: bool) -> tuple[Keeper, Outcome, Outcome]:
    """What comes of a plan at the real gates, without and with a guard.

    Where the plan has no convoys of its own, both ways to make them are tried and the one by
    which more people are out in time is counted.
    """
    ways = [Keeper.PLANNED] if convoys_planned else [Keeper.FEW, Keeper.FULL]
    tried = [(drive(case, plan, way), way) for way in ways]
    free, keeper = max(tried, key=lambda one: (one[0].out, -one[0].inside))
    return keeper, free, drive(case, plan, keeper, guarded=True)
