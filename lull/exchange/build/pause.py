"""`pause.yaml` into a Pause: windows in local time and UTC, parties, consents, rules, tiers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from attrs import frozen

from lull.domain.corridor import Override
from lull.domain.pause import ANY, Consent, Party, Pause, PlanningRules, Stance
from lull.domain.place import INSIDE, OUTSIDE
from lull.domain.refusal import Refusal
from lull.domain.tiers import BREAKS, DEFAULT_TIERS, WEIGHTS, Concave, Tier, TierKind
from lull.domain.time import Clock, Window
from lull.exchange.build.draft import Draft
from lull.exchange.cells import Unexpected, instants, latin, minute_of, naive, one_instant
from lull.exchange.entries import Entry
from lull.exchange.finding import Findings, did_you_mean, shown

T = TypeVar("T")

RULE_KEYS = {
    "margin_minutes": "margin",
    "slot_minutes": "slot",
    "fill": "fill",
    "call_lead_minutes": "call_lead",
    "return_share": "return_share",
    "max_order_lines": "max_order_lines",
    "routes_per_driver": "routes_per_driver",
    "exchange_wait_minutes": "exchange_wait",
    "approved_within_m": "approved_within_m",
    "rest_minutes": "rest",
}
"""Keys of `rules` in the file, and the fields of PlanningRules that they fill."""

LONGEST_DAYS = 366
"""Days from the first opening to the last closing; more is a slip of the pen."""

TIER_UNITS = {
    TierKind.PEOPLE: "weighted persons",
    TierKind.SUPPLIES_MINIMUM: "weighted tonnes",
    TierKind.SUPPLIES: "weighted tonnes",
    TierKind.SHORTER: "minutes",
}


def build_pause(draft: Draft) -> None:
    """Fill in the draft's pause and sides; leaves the pause out where it cannot be made."""
    entry, findings = draft.entry, draft.findings
    draft.sides = _sides(entry, findings)
    zone = _zone(entry, findings)
    spells = [s for e in entry.entries("windows") if (s := _window(e, zone, findings))]
    parties = _all(entry, "parties", _party, findings)
    consents = _all(entry, "consents", _consent, findings)
    tiers = _all(entry, "tiers", _tier, findings) or DEFAULT_TIERS
    rules = _made(entry.entry("rules"), _rules, findings)
    if not zone or len(spells) != len(entry.entries("windows")) or not spells:
        return
    days = (spells[-1].closes - spells[0].opens).days
    if days > LONGEST_DAYS:
        findings.unexpected(entry.at("windows"), f"{days} days", f"windows within {LONGEST_DAYS} "
                            "days, from the first opening to the last closing")
        return
    clock = Clock(spells[0].opens, zone)
    try:
        windows = tuple(
            Window(clock.minute(s.opens), clock.minute(s.closes), s.name) for s in spells
        )
        draft.pause = Pause(
            title=entry.get("title", ""),
            place=entry.get("place", ""),
            clock=clock,
            windows=windows,
            parties=parties,
            consents=consents,
            tiers=tiers,
            rules=rules or PlanningRules(),
            notice=_notice(entry, clock, findings),
            people_inside=entry.get("people_inside"),
            sources=entry.get("sources", ()),
            assumptions=entry.get("assumptions", ()),
        )
    except Refusal as refusal:
        findings.error("refused", entry.at("windows"), str(refusal))


def override(entry: Entry, key: str, findings: Findings) -> Override | None:
    """The override under a key, or None."""
    below = entry.entry(key)
    return _made(below, lambda e: Override(e.get("role"), e.get("reason")), findings) if (
        below.values and below.good) else None


@frozen
class _Spell:
    opens: datetime
    closes: datetime
    name: str


def _sides(entry: Entry, findings: Findings) -> tuple[str, ...]:
    sides: tuple[str, ...] = entry.get("sides") or (INSIDE, OUTSIDE)
    if INSIDE not in sides or len(sides) < 2:
        findings.unexpected(entry.at("sides"), ", ".join(sides),
                            f"two sides or more, one of them {INSIDE!r}, the enclosed one")
        return (INSIDE, OUTSIDE, *sides)
    return sides


def _zone(entry: Entry, findings: Findings) -> str:
    name: str = entry.get("time_zone", "")
    if not name:
        return ""
    try:
        ZoneInfo(name).utcoffset(datetime(2016, 1, 1))  # noqa: DTZ001 - any moment will do
    except (KeyError, ValueError, OSError):
        hint = did_you_mean(name, sorted(available_timezones()))
        findings.error("time zone", entry.at("time_zone"), f"The time zone {shown(name)!r} is not "
                       f"known.{hint}", name, "an IANA name such as Asia/Damascus")
        return ""
    return name


def _window(entry: Entry, zone: str, findings: Findings) -> _Spell | None:
    if not zone:
        return None
    opens = _edge(entry, "from", None, zone, findings)
    closes = _edge(entry, "to", _day(entry), zone, findings)
    if not opens or not closes:
        return None
    if closes <= opens:
        findings.unexpected(entry.at("to"), entry.get("to"), "a time after `from`; with its date "
                            "where the window closes on another day")
        return None
    before, after = (t.astimezone(ZoneInfo(zone)).utcoffset() for t in (opens, closes))
    if before != after:
        minutes = int((closes - opens).total_seconds() // 60)
        findings.warn(
            "clock change", entry.at("to"),
            f"The clock in {zone} changes inside this window: it lasts {minutes // 60} h "
            f"{minutes % 60:02d} min, not what the local times suggest. Tell everyone which clock "
            "holds.",
            f"{before} / {after}", "one offset from UTC",
        )
    return _Spell(opens, closes, entry.get("name", ""))


def _day(entry: Entry) -> date | None:
    """The local day on which a window opens, as far as it can be read."""
    try:
        return naive(entry.get("from", ""), None).date()
    except Unexpected:
        return None


def _edge(
    entry: Entry, key: str, day: date | None, zone: str, findings: Findings
) -> datetime | None:
    """The instant at which a window opens or closes, from local time, held against UTC."""
    text = entry.get(key)
    if text is None or (key == "to" and day is None):
        return None
    try:
        local = naive(text, day)
        if entry.get(f"{key}_utc") is None:
            return one_instant(local, zone)
        given = _utc(entry.get(f"{key}_utc"))
    except Unexpected as error:
        findings.unexpected(entry.at(key), text, error.expected)
        return None
    meant = instants(local, zone)
    if given not in meant:
        there = given.astimezone(ZoneInfo(zone))
        findings.error(
            "local against UTC", entry.at(f"{key}_utc"),
            f"{given:%Y-%m-%d %H:%M} UTC is {there:%Y-%m-%d %H:%M} in {zone}, but `{key}` says "
            f"{local:%Y-%m-%d %H:%M}.",
            entry.get(f"{key}_utc"),
            f"{meant[0]:%Y-%m-%d %H:%M} UTC" if meant else "a local time that exists",
        )
        return None
    return given


def _utc(text: str) -> datetime:
    plain = latin(text).removesuffix("UTC").strip().removesuffix("Z").removesuffix("+00:00")
    return naive(plain.strip(), None).replace(tzinfo=UTC)


def _notice(entry: Entry, clock: Clock, findings: Findings) -> int | None:
    text = entry.get("notice_at")
    if text is None:
        return None
    try:
        return minute_of(text, clock)
    except Unexpected as error:
        findings.unexpected(entry.at("notice_at"), text, error.expected)
        return None


def _all(
    entry: Entry, key: str, maker: Callable[[Entry], T], findings: Findings
) -> tuple[T, ...]:
    found = (_made(below, maker, findings) for below in entry.entries(key))
    return tuple(each for each in found if each is not None)


def _made(entry: Entry, maker: Callable[[Entry], T], findings: Findings) -> T | None:
    if not entry.good:
        return None
    try:
        return maker(entry)
    except Refusal as refusal:
        findings.error("refused", entry.where, str(refusal))
        return None


def _party(entry: Entry) -> Party:
    return Party(entry.get("id"), entry.get("name") or entry.get("id"),
                 entry.get("must_agree", True), entry.get("role", ""))


def _consent(entry: Entry) -> Consent:
    return Consent(
        entry.get("party"), Stance(entry.get("stance")), entry.get("corridor", ANY),
        entry.get("use", ANY), entry.get("condition", ""), entry.get("at", ""),
        entry.get("source", ""),
    )


def _rules(entry: Entry) -> PlanningRules:
    return PlanningRules(
        **{field: entry.get(key) for key, field in RULE_KEYS.items() if key in entry.values}
    )


def _tier(entry: Entry) -> Tier:
    kind = TierKind(entry.get("kind"))
    weights = entry.entry("weights").values
    return Tier(
        name=entry.get("name"),
        kind=kind,
        unit=entry.get("unit", TIER_UNITS[kind]),
        weights=dict(weights) if weights else None,
        means=entry.get("means", ()),
        concave=Concave(entry.get("breaks", BREAKS), entry.get("share_weights", WEIGHTS)),
    )
