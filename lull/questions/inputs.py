"""The assumed inputs of a pause and how low and high each might be: what `sensitivity` moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from attrs import evolve, frozen

from lull.domain.case import Case
from lull.domain.fleet import VehicleType
from lull.domain.people import Group
from lull.domain.time import Estimate
from lull.questions.moved_times import moved_times
from lull.simulate import Uncertainty

World = tuple[Case, Uncertainty]
Changed = Callable[[Case, Uncertainty], World]


@frozen
class Input:
    """One input: its name, where it stands, its low and high in words, and the world with each.

    `replans` says that the plan is made again, as it rests on this input.
    """

    name: str
    stands_in: str
    low_words: str
    high_words: str
    low: Changed
    high: Changed
    replans: bool = False


FOLDER = "the folder"
PROGRAM = "assumed by lull"

SHARE_OF_WISHES = 0.25
"""By how much a share that wishes to leave is moved where nobody asked: assumed."""
SHARE_OF_FLEET = 0.2
"""By how many of the vehicles fewer or more come where their number is assumed: assumed."""


@frozen
class Range:
    """A parameter of the uncertainty with a low and a high value, and its unit in words."""

    setting: str
    name: str
    low: object
    high: object
    unit: str = ""


RANGES = (
    Range("beyond_high", "how far times go beyond high", 1.0, 1.5),
    Range("together", "how much times go together", 0.0, 0.9),
    Range("breakdowns_an_hour", "breakdowns", 0.005, 0.02, "an hour"),
    Range("lost_share", "breakdowns that end a vehicle's day", 0.1, 0.5),
    Range("repair", "minutes of a repair", Estimate(5, 12, 30), Estimate(20, 50, 120)),
    Range("transfer", "minutes to take people over", 5, 30),
    Range("tow", "minutes of a tow", 10, 40),
    Range("no_show", "share that does not come", (0.0, 0.02, 0.1), (0.0, 0.1, 0.4)),
    Range("late_share", "vehicles that start late", 0.1, 0.4),
    Range("late", "minutes of a late start", Estimate(3, 8, 30), Estimate(10, 30, 120)),
    Range("halts_an_hour", "halts of a corridor", 0.015, 0.06, "an hour"),
    Range("halt", "minutes of a halt", Estimate(5, 15, 45), Estimate(20, 60, 180)),
    Range("closures_an_hour", "closures of a corridor", 0.0015, 0.006, "an hour"),
)
"""About half and double each default, or the ends of what is thinkable. Assumed, every one."""


def inputs(case: Case) -> tuple[Input, ...]:
    """All inputs that may be moved in a case: the program's own, then the folder's."""
    return (*(_of_range(one) for one in RANGES), *_of_folder(case))


def _of_range(of: Range) -> Input:
    return Input(of.name, PROGRAM, _words(of.low, of.unit), _words(of.high, of.unit),
                 partial(_with_setting, of.setting, of.low),
                 partial(_with_setting, of.setting, of.high))


def _with_setting(setting: str, value: object, case: Case, doubt: Uncertainty) -> World:
    settings: dict[str, object] = {setting: value}
    return case, evolve(doubt, **settings)  # type: ignore[arg-type]


def _words(value: object, unit: str) -> str:
    if isinstance(value, Estimate):
        said = f"{value.low} / {value.likely} / {value.high}"
    elif isinstance(value, tuple):
        said = " / ".join(f"{100 * share:g}" for share in value) + " %"
    else:
        said = f"{value:g}"
    return f"{said} {unit}".strip()


def _of_folder(case: Case) -> Iterator[Input]:
    for name, which in (("ways", "ways"), ("boarding", "boarding"), ("checks", "checks")):
        parts = {part: part == which for part in ("ways", "boarding", "checks")}
        yield Input(f"likely minutes of {name}", FOLDER, "their low minutes",
                    "their high minutes",
                    partial(_timed, -1.0, parts), partial(_timed, 1.0, parts), replans=True)
    if any(group.wish_assumed for group in case.groups.values()):
        yield Input("who wishes to leave, where nobody asked", FOLDER,
                    f"{100 * SHARE_OF_WISHES:.0f} % fewer", f"{100 * SHARE_OF_WISHES:.0f} % more",
                    partial(_wishing, 1 - SHARE_OF_WISHES), partial(_wishing, 1 + SHARE_OF_WISHES),
                    replans=True)
    if any(kind.assumed for kind in case.fleet.values()):
        yield Input("vehicles that come, where assumed", FOLDER,
                    f"{100 * SHARE_OF_FLEET:.0f} % fewer", f"{100 * SHARE_OF_FLEET:.0f} % more",
                    partial(_fleet, 1 - SHARE_OF_FLEET), partial(_fleet, 1 + SHARE_OF_FLEET),
                    replans=True)


def _timed(share: float, parts: dict[str, bool], case: Case, doubt: Uncertainty) -> World:
    return moved_times(case, share, **parts), doubt


def _wishing(times: float, case: Case, doubt: Uncertainty) -> World:
    groups = {name: _scaled(group, times) if group.wish_assumed else group
              for name, group in case.groups.items()}
    return evolve(case, groups=groups), doubt


def _scaled(group: Group, times: float) -> Group:
    """A group in which more or fewer households wish to leave, never more than are there."""
    kept, left = {}, group.count
    for size, number in group.households.items():
        some = min(round(number * times), left // size)
        if some > 0:
            kept[size] = some
            left -= some * size
    return evolve(group, households=kept, wishing=sum(s * n for s, n in kept.items()))


def _fleet(times: float, case: Case, doubt: Uncertainty) -> World:
    return evolve(case, fleet={
        name: _numbered(kind, times) if kind.assumed else kind
        for name, kind in case.fleet.items()}), doubt


def _numbered(kind: VehicleType, times: float) -> VehicleType:
    least = min(1, kind.number)
    return evolve(kind, number=max(least, round(kind.number * times)))
