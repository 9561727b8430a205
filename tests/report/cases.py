"""Hand-made pauses with plans to report on: one to be counted by hand, one as large as a city."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

import numpy as np

from lull.domain.case import Case
from lull.domain.claim import Claim, Safeguard
from lull.domain.corridor import (
    Checkpoint,
    ConvoyRule,
    Corridor,
    Direction,
    Gate,
    MineStatus,
    Override,
    User,
)
from lull.domain.fleet import Use, VehicleType
from lull.domain.pause import Consent, Consents, Party, Pause, Stance
from lull.domain.people import Category, Group, Means, Need
from lull.domain.place import Site, SiteKind
from lull.domain.plan import (
    By,
    Call,
    Convoy,
    Crossing,
    Goods,
    Household,
    LastCall,
    People,
    Plan,
    Stop,
    Task,
    VehicleDay,
)
from lull.domain.plan import Party as Walkers
from lull.domain.supplies import Demand, Item, Stock
from lull.domain.tiers import TierKind
from lull.domain.time import Clock, Estimate, Window
from lull.domain.travel import FOOT, OWN_CAR, TravelTable
from lull.plan.result import Ceiling, LeftBehind, Limit, Result, TierResult
from lull.report.model import CheckedRule, Column, Remark, ReportInput, StreetLines

ORIGIN = datetime(2016, 10, 20, 5, 0, tzinfo=UTC)
"""08:00 in Damascus, the opening of the first window."""

OUT, IN = Direction.OUT, Direction.IN


def table(places: list[str], profiles: list[str], minutes: int = 10) -> TravelTable:
    """Every place is the same time away from every other."""
    n = len(places)
    likely = np.full((n, n), minutes, dtype=np.int32)
    np.fill_diagonal(likely, 0)
    yes, no = np.ones((n, n), dtype=bool), np.zeros((n, n), dtype=bool)
    return TravelTable(
        tuple(places),
        low=dict.fromkeys(profiles, likely),
        likely=dict.fromkeys(profiles, likely),
        high=dict.fromkeys(profiles, likely * 2),
        metres=dict.fromkeys(profiles, likely * 300.0),
        approved=dict.fromkeys(profiles, yes),
        mined=dict.fromkeys(profiles, no),
        source="given by hand",
    )


def _pause() -> Pause:
    return Pause(
        title="Pause of one <morning>",
        place="A town",
        clock=Clock(ORIGIN, "Asia/Damascus"),
        windows=(Window(0, 240, "morning"),),
        parties=(Party("one", "Party One"), Party("two", "Party Two")),
        consents=(
            Consent("one", Stance.AGREED, at="2016-10-19", source="letter 1"),
            Consent(
                "two",
                Stance.CONDITIONAL,
                "north",
                condition="a list of vehicles",
                source="letter 2",
            ),
            Consent("two", Stance.DECLARED, "south", "aid", source="statement"),
        ),
        people_inside=400,
        sources=("A letter of 19 October",),
        assumptions=("Streets are dry",),
    )


def _sites() -> list[Site]:
    return [
        Site("school", "School <5>", SiteKind.ASSEMBLY, 36.190, 37.160, "المدرسة", "East & Park",
             ("inside",), crowd_limit=80, source="survey"),
        Site("clinic", "Clinic", SiteKind.ASSEMBLY, 36.196, 37.166, "", "Hill", ("inside",)),
        Site("square", "Square", SiteKind.ASSEMBLY, 36.186, 37.170, "", "Hill", ("inside",)),
        Site("centre", "Reception", SiteKind.RECEPTION, 36.205, 37.135, capacity_seated=500),
        Site("hospital", "Hospital", SiteKind.HOSPITAL, 36.182, 37.130, "المستشفى",
             hospital_level=2),
        Site("depot", "Depot", SiteKind.BASE, 36.200, 37.130, assumed="no source gives the depot"),
        Site("store", "Store", SiteKind.WAREHOUSE, 36.188, 37.128),
    ]  # fmt: skip


def _corridors() -> list[Corridor]:
    checkpoint = {
        OUT: Checkpoint(2, {"": Estimate(2, 4, 8)}),
        IN: Checkpoint(1, {"": Estimate.of(3)}),
    }
    return [
        Corridor(
            "north", "North Road", frozenset({User.CIVILIANS, User.WOUNDED}), frozenset({OUT, IN}),
            Gate("inside", 36.199, 37.152), Gate("outside", 36.202, 37.145), checkpoint,
            ConvoyRule(10, 10), mines={OUT: MineStatus.CLEARED, IN: MineStatus.CLEARED},
            name_ar="طريق الشمال",
        ),
        Corridor(
            "south", "South Road", frozenset({User.AID, User.CIVILIANS}), frozenset({OUT, IN}),
            Gate("inside", 36.187, 37.150), Gate("outside", 36.185, 37.142),
            {OUT: Checkpoint(1, persons_per_hour=60), IN: Checkpoint(1, {"": Estimate.of(15)}, 4)},
            mines_override=Override("Chief of operations", "swept at dawn"),
            assumed="gate placed by hand",
        ),
    ]  # fmt: skip


def _groups() -> list[Group]:
    return [
        Group("g1", "school", 100, 80, {4: 20}, Need.SEATED, wish_source="asked on 18 October"),
        Group("g2", "clinic", 24, 24, {2: 12}, Need.STRETCHER, Category.PATIENTS,
              wish_assumed=True),
        Group("g3", "square", 60, 30, {3: 10}, Need.WALKING, means=Means.ON_FOOT),
    ]  # fmt: skip


def _fleet() -> list[VehicleType]:
    return [
        VehicleType("bus", "Bus", 2, "depot", frozenset({Use.PASSENGERS}), ("inside", "outside"),
                    seats=40, source="statement"),
        VehicleType("amb", "Ambulance", 1, "depot", frozenset({Use.WOUNDED}),
                    ("inside", "outside"), seats=4, stretchers=4),
        VehicleType("truck", "Truck", 1, "depot", frozenset({Use.AID}), ("inside", "outside"),
                    payload_t=10, assumed="number of trucks"),
    ]  # fmt: skip


def _claims() -> tuple[Claim, ...]:
    return (
        Claim("c1", "people who left", 48, "persons", "Party One", "wire 1"),
        Claim(
            "c2",
            "tonnes",
            100,
            "t",
            "Party Two",
            "wire 2",
            note="https://example.org/" + "a-long-address-" * 12,
        ),
        Claim("c3", "people who left", 10, "persons", "Monitors", "wire 3"),
    )


def tiny_case() -> Case:
    """Two neighbourhoods, two corridors, two buses, an ambulance and a truck.

    100 present at the school, 80 wish to leave; 12 patients' households of 2 at the clinic; 30
    walkers at the square; food is needed at the school.
    """
    sites, corridors = _sites(), _corridors()
    places = [s.id for s in sites]
    for c in corridors:
        places += [c.gate_place("inside"), c.gate_place("outside")]
    return Case(
        pause=_pause(),
        sites={s.id: s for s in sites},
        corridors={c.id: c for c in corridors},
        groups={g.id: g for g in _groups()},
        fleet={f.id: f for f in _fleet()},
        travel=table(places, ["bus", "amb", "truck", FOOT, OWN_CAR]),
        items={"food": Item("food", "Food basket", 50, "basket", 5, 30)},
        stocks=(Stock("food", "store", 500),),
        demands=(Demand("food", "school", 200, 80, 1),),
        safeguards=(Safeguard("s1", "No fire within 500 m", "Party One, Party Two", "monitors"),),
        claims=_claims(),
    )


class Scribe:
    """Writes a plan step by step: legs of 10 minutes, checks of the corridor's likely minutes."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.days: dict[str, list[Stop | Crossing]] = defaultdict(list)
        self.convoys: dict[str, Convoy] = {}
        self.calls: list[Call] = []

    def start(self, vehicle: str, at: int) -> None:
        base = self.case.vehicle_type(vehicle).base
        self.days[vehicle].append(Stop(base, Task.START, at, at, at))

    def end(self, vehicle: str) -> None:
        base = self.case.vehicle_type(vehicle).base
        at = self.free(vehicle) + 10
        self.days[vehicle].append(Stop(base, Task.END, at, at, at))

    def free(self, vehicle: str) -> int:
        last = self.days[vehicle][-1]
        return last.departs if isinstance(last, Stop) else last.leaves

    def stop(
        self,
        vehicle: str,
        site: str,
        task: Task,
        minutes: int = 5,
        people: tuple[People, ...] = (),
        goods: tuple[Goods, ...] = (),
    ) -> None:
        at = self.free(vehicle) + 10
        self.days[vehicle].append(Stop(site, task, at, at, at + minutes, people, goods))

    def cross(
        self, convoy: str, corridor: str, way: Direction, vehicles: list[str], starts: int
    ) -> None:
        check = self.case.corridors[corridor].check(way)
        cleared = starts
        passes = []
        for vehicle in vehicles:
            minutes = check.minutes_of(self.case.vehicle_type(vehicle).id).likely
            passes.append((vehicle, cleared, cleared + minutes))
            cleared += minutes
        for vehicle, enters, done in passes:
            self.days[vehicle].append(
                Crossing(corridor, way, convoy, self.free(vehicle) + 10, enters, done, cleared + 10)
            )
        self.convoys[convoy] = Convoy(convoy, corridor, way, starts, tuple(vehicles), vehicles[0])

    def plan(self, **more: object) -> Plan:
        days = tuple(VehicleDay(v, tuple(steps)) for v, steps in self.days.items())
        return Plan(
            days, tuple(self.convoys.values()), calls=tuple(self.calls), work=7, seed=3, **more
        )  # type: ignore[arg-type]


def tiny_plan(case: Case) -> Plan:
    """70 of the 80 leave the school by two buses, 4 patients with companions, 15 walkers.

    100 baskets (5 t) of the 200 needed reach the school.
    """
    s = Scribe(case)
    for vehicle in ("bus#1", "bus#2", "amb#1"):
        s.start(vehicle, -10)
    s.cross("C1", "north", IN, ["bus#1", "bus#2", "amb#1"], 5)
    s.stop("bus#1", "school", Task.LOAD, 10, (People("g1", "centre", 40),))
    s.stop("bus#2", "school", Task.LOAD, 10, (People("g1", "centre", 30),))
    s.stop("amb#1", "clinic", Task.LOAD, 15, (People("g2", "hospital", 8, 4),))
    s.cross("C2", "north", OUT, ["bus#1", "bus#2", "amb#1"], 65)
    s.stop("bus#1", "centre", Task.UNLOAD, 10, (People("g1", "centre", 40),))
    s.stop("bus#2", "centre", Task.UNLOAD, 10, (People("g1", "centre", 30),))
    s.stop("amb#1", "hospital", Task.UNLOAD, 10, (People("g2", "hospital", 8, 4),))
    s.start("truck#1", 0)
    s.stop("truck#1", "store", Task.LOAD, 30, (), (Goods("food", "school", 100, "store"),))
    s.cross("C3", "south", IN, ["truck#1"], 60)
    s.stop("truck#1", "school", Task.UNLOAD, 30, (), (Goods("food", "school", 100),))
    s.cross("C4", "south", OUT, ["truck#1"], 150)
    for vehicle in ("bus#1", "bus#2", "amb#1", "truck#1"):
        s.end(vehicle)
    s.convoys["C2"] = Convoy(
        "C2",
        "north",
        OUT,
        65,
        ("bus#1", "bus#2", "amb#1"),
        "bus#1",
        (Household("g1", "centre", 4, 17), Household("g2", "hospital", 2, 4)),
    )
    s.calls += [Call("school", "g1", 20, 70, "C2"), Call("square", "g3", 30, 15, "W1")]
    walkers = Walkers("W1", By.FOOT, "g3", "south", "centre", 15, {3: 5}, 60, 70, 70, 85, 95, 115)
    return s.plan(
        parties=(walkers,),
        last_calls=(LastCall("school", 0, 150, 195), LastCall("square", 0, 140, 200)),
    )


def tiny_result(case: Case) -> Result:
    """What a planner might say of the tiny plan."""
    return Result(
        plan=tiny_plan(case),
        tiers=(
            TierResult("lives", TierKind.PEOPLE, "weighted patients", 3.9, 6.0, 6.0, 1.0),
            TierResult("all who wish to leave", TierKind.PEOPLE, "weighted persons", 80.0, 81.0,
                       120.0, 40.0),
            TierResult("less waiting and driving", TierKind.SHORTER, "minutes", 900, None, None),
        ),
        ceiling=Ceiling(persons=120, patients=8, tonnes=10.0),
        left=(
            LeftBehind("seated", "school", "East & Park", "seated", 10, "persons",
                       "no bus comes back in time"),
            LeftBehind("food", "school", "East & Park", "", 100, "baskets", "one truck"),
        ),
        limits=(Limit("fleet", "bus", 0.97, 0.8, "The two buses are out nearly all the time."),),
        not_in_bound=("convoy headway",),
    )  # fmt: skip


def tiny(**more: object) -> ReportInput:
    """The tiny pause ready to be reported on."""
    case = tiny_case()
    result = tiny_result(case)
    empty = Result(plan=Plan())
    recorded = case.on(Consents.RECORDED)
    declared = case.on(Consents.DECLARED)
    parts: dict[str, object] = {
        "case": case,
        "columns": (
            Column(Consents.RECORDED, recorded, empty),
            Column(Consents.DECLARED, declared, empty),
            Column(Consents.ALL_MET, case, result),
        ),
        "rules": (
            CheckedRule("load_fits", "Loads fit seats, stretchers and tonnes.", "DESIGN"),
            CheckedRule("vehicle_in_one_place", "A vehicle is at one place at a time."),
        ),
        "remarks": (Remark("people.csv, row 3", "The wish to leave of g3 has no source."),),
        "line": (np.array([[36.175, 37.147], [36.195, 37.149], [36.21, 37.148]]),),
        "streets": StreetLines.of(
            [("primary", [(36.18, 37.12), (36.19, 37.15), (36.20, 37.18)])]
            + [
                ("residential", [(36.18 + i / 400, 37.12), (36.18 + i / 400, 37.18)])
                for i in range(12)
            ]
        ),
        "folder_hash": "ab" * 32,
        "version": "0.1.0",
        "reproduce": "lull plan town --work 7 --seed 3",
    }
    return ReportInput(**{**parts, **more})  # type: ignore[arg-type]
