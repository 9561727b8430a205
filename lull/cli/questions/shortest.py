"""What `lull shortest` answers, as JSON and as sentences, tables and pictures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from lull.cli.questions.model import Answer, QuestionAnswer, common
from lull.domain.case import Case
from lull.report.timetables import Table
from lull.report.told import Part, Told
from lull.report.window_pictures import bus_days, lengths

if TYPE_CHECKING:
    from lull.questions.shortest import Answer as Found


class TripAnswer(Answer):
    """One load: minutes are since the window opens."""

    boards_at: str
    set_down_at: str
    comes: int = Field(description="minute at which the bus comes to the people")
    sheltered: int = Field(description="minute at which they have been set down")


class BusDayAnswer(Answer):
    """One bus that moves."""

    vehicle_type: str
    minutes: int
    trips: list[TripAnswer]


class TryAnswer(Answer):
    """One window that was planned for, or bounded alone."""

    minutes: int
    reached: bool = Field(description="a plan that keeps every rule reaches the aim")
    ruled_out: bool = Field(description="no plan of this length can")
    persons: int | None = Field(
        description="that its plan brings to their destination; null where none was made")
    patients: int | None
    tonnes: float | None


class LeftBehindAnswer(Answer):
    """What the plan for the longest window that was planned leaves behind, by reason."""

    number: int
    unit: str
    why: str


class PriceAnswer(Answer):
    """The whole-number price of a load at a point, or of a place at a shelter."""

    site: str
    price: int


class ShortestAnswer(QuestionAnswer):
    """What `lull shortest` prints."""

    form: Literal["lull shortest 1"] = "lull shortest 1"
    aim: str
    minutes: int | None = Field(description="a length that is enough; null if none was found")
    no_window_below: int = Field(description="proven: fewer minutes cannot be")
    gap: float | None = Field(description="(minutes - no_window_below) / minutes")
    exact_method: bool = Field(description="solved as a bus evacuation, not window by window")
    no_window_below_by_prices: int = Field(description="the part that the prices prove")
    why_not_exact: list[str]
    days: list[BusDayAnswer]
    prices_of_loads: list[PriceAnswer]
    prices_of_places: list[PriceAnswer]
    tries: list[TryAnswer]
    left_behind: list[LeftBehindAnswer] = Field(description="where no length is enough")


def answer(of: Found) -> ShortestAnswer:
    """The answer as JSON; the frame fills in what only it knows."""
    case, prices = of.evacuation, of.prices
    return ShortestAnswer(
        **common(of.seed, of.work, stopped=of.stopped),
        aim=of.aim.words, minutes=of.minutes, no_window_below=of.low, gap=of.gap,
        exact_method=of.exact, no_window_below_by_prices=of.by_prices,
        why_not_exact=list(of.why_not_exact),
        days=[BusDayAnswer(
            vehicle_type=day.kind, minutes=day.minutes,
            trips=[TripAnswer(boards_at=p, set_down_at=s, comes=a, sheltered=b)
                   for p, s, a, b in day.trips]) for day in of.days],
        prices_of_loads=[] if not (case and prices) else _priced(case.points, prices.loads),
        prices_of_places=[] if not (case and prices) else _priced(case.shelters, prices.places),
        tries=[TryAnswer.model_validate(t, from_attributes=True) for t in of.tries],
        left_behind=_left(of),
    )


def _left(of: Found) -> list[LeftBehindAnswer]:
    summed: dict[tuple[str, str], int] = defaultdict(int)
    for entry in of.left:
        summed[entry.unit, entry.why] += entry.number
    return [LeftBehindAnswer(number=many, unit=unit, why=why)
            for (unit, why), many in sorted(summed.items(), key=lambda e: (-e[1], e[0]))]


def _priced(sites: Sequence[str], prices: Any) -> list[PriceAnswer]:
    return [PriceAnswer(site=site, price=int(price))
            for site, price in zip(sites, prices, strict=True)]


def told(case: Case, of: ShortestAnswer) -> Told:
    """The answer in words, tables and pictures."""
    parts = []
    if of.minutes or of.no_window_below:
        parts.append(Part("Too short, not known, enough", pictures=(lengths(
            of.minutes, of.no_window_below,
            [(t.minutes, t.reached) for t in of.tries]),)))
    if of.days:
        parts.append(_buses(case, of))
    if of.tries:
        parts.append(_windows(of))
    if of.left_behind:
        parts.append(Part("What the longest of them leaves behind", tables=(Table(
            "left", "What the longest of them leaves behind", ("number", "", "why"),
            tuple((row.number, row.unit, row.why) for row in of.left_behind)),)))
    return Told(
        "shortest", "The shortest window", _sentences(of), tuple(parts), _rests_on(of), of.again,
        of.consents, ("It was stopped before its end.",) if of.stopped else ())


def _sentences(of: ShortestAnswer) -> tuple[str, ...]:
    said = [f"No window was found that is long enough for {of.aim}." if of.minutes is None
            else f"{of.minutes} minutes are enough for {of.aim}."]
    if of.minutes == of.no_window_below:
        said.append("Proven: no shorter window can be.")
    elif of.no_window_below <= 1:
        said.append("Nothing is proven about shorter windows.")
    else:
        said.append(f"Proven: fewer than {of.no_window_below} minutes cannot be. "
                    + ("About longer windows nothing is claimed; --longest and --work look further."
                       if of.minutes is None else "In between nothing is claimed."))
    if of.gap:
        said.append(f"The gap is {100 * of.gap:.1f} %.")
    return tuple(said)


def _rests_on(of: ShortestAnswer) -> tuple[str, ...]:
    """What each of the two lengths rests on."""
    likely = "Ways, boarding and checks take their likely minutes; delays are not in it."
    if not of.exact_method:
        enough = (
            "That none was found rests on the plans that were made; a better one may need less."
            if of.minutes is None else
            "That a length is enough: a plan for it that keeps every rule, judged without the "
            "planner.")
        return (
            enough,
            "That a length is too short: a bound on all plans of that length.",
            likely,
        )
    if not of.days:
        return ()
    said = ["That it is enough: the days of the buses, one by one."]
    if of.no_window_below_by_prices < of.no_window_below:
        said.append(
            f"Fewer than {of.no_window_below_by_prices} are ruled out by prices that anyone can "
            "check; the rest by an integer programme that was searched to its end.")
    else:
        said.append("What is too short is ruled out by prices that anyone can check (in --json).")
    return (*said, likely, "Buses stay where they set down their last load; their way home is not "
            "counted.")


def _buses(case: Case, of: ShortestAnswer) -> Part:
    names = {kind.id: kind.name or kind.id for kind in case.fleet.values()}
    place = {site.id: site.name or site.id for site in case.sites.values()}
    rows = tuple(
        (names.get(day.vehicle_type, day.vehicle_type), len(day.trips), day.minutes,
         ", ".join(f"{place.get(t.boards_at, t.boards_at)} > "
                   f"{place.get(t.set_down_at, t.set_down_at)}" for t in day.trips))
        for day in of.days)
    picture = bus_days([
        (names.get(day.vehicle_type, day.vehicle_type),
         [(t.comes, t.sheltered) for t in day.trips]) for day in of.days], of.minutes or 0)
    return Part("The buses", pictures=(picture,), tables=(Table(
        "buses", "The buses", ("from", "trips", "minutes", "boards at > set down at"), rows),))


def _windows(of: ShortestAnswer) -> Part:
    def said(tried: TryAnswer) -> str:
        if tried.reached:
            return "enough"
        return "too short: proven" if tried.ruled_out else "not known"

    rows = tuple((t.minutes, said(t), t.persons, t.patients, t.tonnes) for t in of.tries)
    header = ("minutes", "", "people", "patients", "tonnes")
    return Part(
        "Windows that were looked at",
        (f"Not taken for buses alone: {'; '.join(of.why_not_exact)}.",) if of.why_not_exact else (),
        tables=(Table("windows", "Windows that were looked at", header, rows,
                      "People, patients and tonnes are those of the plan for that length; – where "
                      "only the bound was asked."),))
