"""What a server can be asked to work out: kinds of jobs and their options, as data.

A page makes its form from this table, the API checks by it, and a worker finds the same names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from attrs import frozen

from lull.domain.records.form import FieldError
from lull.store.bad_fields import BadFields

PLAN, CHECK, REPLAN = "plan", "check", "replan"
REPORT_COLUMNS = ("at", "what", "who", "where", "minutes", "note")
NOTIFIED_COLUMNS = ("corridor", "direction", "from", "to", "largest_convoy", "receipted")
"""As `exchange.reports` reads them; a test holds the two together, as to import that one would
load the planner into the server."""
PLAN_OPTIONS = ("plan", "beside")
"""Options that name another job of the same folder, whose plan is taken."""
LONGEST_TEXT = 200
MOST_VALUES = 100
MOST_ROWS = 5_000
MOST_POINTS = 100
"""Points of one frontier that a server plans; the command line takes more."""


@frozen
class Option:
    """One thing that can be said with a job.

    `type` is int, float, str, UUID (another job, whose plan is taken) or dict (rows with
    `columns`). `many`: a list of such. Figures lie between `least` and `most`; texts are one of
    `choices` where there are any. None stands for «not said», where it is not `needed`.
    """

    name: str
    type: type
    says: str
    default: Any = None
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()
    many: bool = False
    needed: bool = False
    columns: tuple[str, ...] = ()


@frozen
class JobKind:
    """A kind of job: its name, what it does in a sentence, and its options."""

    name: str
    says: str
    options: tuple[Option, ...]


WORK = Option("work", int, "How much is searched, in steps: the same gives the same again.",
              least=0, most=100_000)
COMMON = (
    Option("consents", str, "On which reading of the consents it rests.", "all-met",
           choices=("recorded", "declared", "all-met")),
    Option("seconds", float, "For how long it is searched; without it as long as the worker "
           "allows.", least=1, most=86_400),
    WORK,
    Option("seed", int, "Where the search starts.", 0, least=0, most=2**31),
)
MEASURES = ("aims", "persons", "patients", "tonnes")
HEADLINES = ("people", "patients", "tonnes")
POLICIES = ("day", "take-up", "teams")
LEADS = ("hours", "lane", "check", "rate", "convoy", "vehicles", "bay", "corridor", "mines",
         "notice")

KINDS = {kind.name: kind for kind in (
    JobKind(PLAN, "Plan the pause: who leaves when, through which corridor, in which vehicle.",
            COMMON),
    JobKind("stress", "Simulate a plan on many days: what nearly all of them reach, who may be "
            "caught, and why.", (
        Option("plan", UUID, "The job whose plan is simulated; without it one is made."),
        Option("replications", int, "How many days are simulated.", least=1, most=20_000),
        Option("policy", str, "What is done on the day.", "day", choices=POLICIES),
        Option("limit", float, "The chance under which a margin is to bring being late.", 0.001,
               least=1e-6, most=0.5),
        *COMMON)),
    JobKind("sensitivity", "Rank what is assumed by how far a figure turns on it: find out the "
            "first.", (
        Option("plan", UUID, "The job whose plan is simulated; without it one is made."),
        Option("headline", str, "The figure that is watched.", "people", choices=HEADLINES),
        Option("replications", int, "How many days are simulated for each end of each input.",
               least=2, most=5_000),
        Option("policy", str, "What is done on the day.", "day", choices=POLICIES),
        *COMMON)),
    JobKind("compare", "Put two plans of this folder side by side: who gains, who loses.", (
        Option("plan", UUID, "The job whose plan comes first.", needed=True),
        Option("beside", UUID, "The job whose plan is put beside it.", needed=True),
        COMMON[0])),
    JobKind("frontier", "Show what more hours, notice or vehicles would buy.", (
        Option("length", int, "Minutes of the last window.", many=True, least=1, most=20_160),
        Option("start", int, "Minutes by which the first window opens earlier.", many=True,
               least=-20_160, most=20_160),
        Option("notice", int, "Hours between the notice and the first opening.", many=True,
               least=0, most=2_000),
        Option("vehicle_type", str, "The type whose number changes; goes with vehicles."),
        Option("vehicles", int, "Numbers of that type.", many=True, least=0, most=100_000),
        *COMMON)),
    JobKind("asks", "Rank what to ask for: an hour, a lane, a bus more, each with its proof.", (
        Option("by", str, "What asks are ranked by.", "aims", choices=MEASURES),
        Option("first", int, "How many get a bound of their own.", least=0, most=50),
        Option("at", str, "When an ask would be granted, local time: 2026-05-03T18:00."),
        Option("hours", float, "How many hours a window may be longer.", [1.0], many=True,
               least=0.1, most=168),
        Option("vehicles", int, "Numbers of vehicles more to look at, for every type.", many=True,
               least=1, most=10_000),
        Option("lead", dict, "How many hours something takes to be ready.", many=True,
               columns=("kind", "hours")),
        *COMMON)),
    JobKind("shortest", "Find the shortest window that reaches an aim.", (
        Option("aim", str, "What it has to be long enough for.", "everyone",
               choices=("everyone", "patients", "share", "rations")),
        Option("share", float, "With the aim «share»: how many percent in each neighbourhood.",
               100.0, least=0.1, most=100),
        Option("near", float, "For buses alone: stop within so many percent.", 0.0, least=0,
               most=50),
        Option("step", int, "Settle the length to so many minutes.", least=1, most=1_440),
        Option("longest", int, "Look at no longer window, in minutes.", least=1, most=20_160),
        *COMMON)),
    JobKind("extension", "Fill a request for an extension with what it would make possible.", (
        Option("further", float, "Hours more of the last window that are looked at.", many=True,
               least=0.1, most=168),
        Option("share", float, "For how many percent of those who wish to leave it must be "
               "enough.", 100.0, least=0.1, most=100),
        Option("lead", float, "Hours after the decision until every post has been told.", least=0,
               most=336),
        Option("new", str, "What else is new in the request.", many=True),
        Option("replications", int, "Simulated days of each length.", least=0, most=5_000),
        *COMMON)),
    JobKind(REPLAN, "Plan the rest of a day anew, from a plan and what has happened.", (
        Option("plan", UUID, "The job whose plan is in force.", needed=True),
        Option("at", str, "Now, local time: 10:40, 10:40+1 or 2016-10-20T10:40.", needed=True),
        Option("reports", dict, "What has happened.", many=True, columns=REPORT_COLUMNS),
        Option("notified", dict, "What has been notified; without it no limit is kept.", many=True,
               columns=NOTIFIED_COLUMNS),
        Option("release", int, "Minutes until a new order reaches its driver.", least=0,
               most=1_440),
        Option("notice", float, "Hours before its start at which something new is notified.",
               least=0, most=336),
        *COMMON)),
)}  # fmt: skip
"""What can be asked of a folder, by name; importing one is a job of its own (`CHECK`)."""


def checked(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """All options of a kind with their defaults; raises BadFields with each error at its field."""
    known = KINDS.get(kind)
    if known is None:
        raise BadFields([FieldError("kind", f"It must be one of: {', '.join(KINDS)}.")])
    options = {option.name: option for option in known.options}
    errors = [FieldError(f"options.{name[:80]}", f"There is no such option; there are: "
                         f"{', '.join(options)}.") for name in given if name not in options]
    found = {name: _value(option, given.get(name), errors) for name, option in options.items()}
    if not errors:
        errors += _together(kind, found)
    if errors:
        raise BadFields(errors)
    return found


def _value(option: Option, given: Any, errors: list[FieldError]) -> Any:
    where = f"options.{option.name}"
    if given is None or given in ("", []):
        if option.needed:
            errors.append(FieldError(where, "This must be given."))
        return option.default
    if not option.many:
        wrong = _wrong(option, given)
        if wrong:
            errors.append(FieldError(where, wrong))
        return given
    most = MOST_ROWS if option.type is dict else MOST_VALUES
    if not isinstance(given, list) or len(given) > most:
        errors.append(FieldError(where, f"There must be a list here, of at most {most:,}."))
        return option.default
    for number, one in enumerate(given, 1):
        wrong = _wrong(option, one)
        if wrong:
            errors.append(FieldError(f"{where}.{number}", wrong))
    return given


def _wrong(option: Option, given: Any) -> str:
    """What is wrong with a value; empty if it is right."""
    if option.type is dict:
        return _wrong_row(option, given)
    if option.type in (int, float):
        number = isinstance(given, int) or (option.type is float and isinstance(given, float))
        if not number or isinstance(given, bool):
            return f"There must be a {'whole ' if option.type is int else ''}number here."
        least, most = option.least, option.most
        if (least is not None and not given >= least) or (most is not None and not given <= most):
            return f"It must lie between {least:g} and {most:,.10g}."
        return ""
    if not isinstance(given, str) or len(given) > LONGEST_TEXT or not given.isprintable():
        return f"There must be a text here, of at most {LONGEST_TEXT} characters on one line."
    if option.choices and given not in option.choices:
        return f"It must be one of: {', '.join(option.choices)}."
    if option.type is UUID:
        try:
            UUID(given)
        except ValueError:
            return "There must be the id of a job here."
    return ""


def _wrong_row(option: Option, given: Any) -> str:
    if not isinstance(given, dict):
        return f"There must be an object here, with: {', '.join(option.columns)}."
    strange = [str(name)[:40] for name in given if name not in option.columns]
    if strange:
        return f"There is no {', '.join(strange)}; there are: {', '.join(option.columns)}."
    if any(not isinstance(value, str | int | float) or len(str(value)) > 10 * LONGEST_TEXT
           for value in given.values()):
        return "Its values are texts and numbers."
    return ""


def _together(kind: str, given: Mapping[str, Any]) -> Iterable[FieldError]:
    """What is wrong with options that are right one by one."""
    if kind == "frontier":
        axes = [name for name in ("length", "start", "notice", "vehicles") if given[name]]
        for name in axes:
            if any(a >= b for a, b in zip(given[name], given[name][1:], strict=False)):
                yield FieldError(f"options.{name}", "The values must rise.")
        points = 1
        for name in axes:
            points *= len(given[name])
        if len(axes) > 2 or points > MOST_POINTS:
            yield FieldError("options", f"At most two quantities with at most {MOST_POINTS} points "
                             f"are looked at; these are {len(axes)} with {points}.")
        if bool(given["vehicles"]) != bool(given["vehicle_type"]):
            yield FieldError("options.vehicle_type", "A type goes with numbers of vehicles, and "
                             "with them alone.")
    if kind == "shortest" and given["share"] != 100 and given["aim"] != "share":
        yield FieldError("options.share", "A share goes with the aim «share».")
    if kind == "asks":
        for number, row in enumerate(given["lead"] or (), 1):
            hours = row.get("hours")
            if row.get("kind") not in LEADS:
                yield FieldError(f"options.lead.{number}.kind",
                                 f"It must be one of: {', '.join(LEADS)}.")
            if isinstance(hours, str) or hours is None or not 0 <= hours <= 2_000:
                yield FieldError(f"options.lead.{number}.hours", "It must lie between 0 and 2000.")
