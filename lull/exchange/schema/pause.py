"""The keys of `pause.yaml`, described once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from attrs import define

from lull.domain.corridor import User
from lull.domain.pause import ANY, Stance
from lull.domain.people import Means, Need
from lull.domain.tiers import TierKind
from lull.exchange.schema.column import Column, Kind


@define(frozen=True, eq=False)
class Section:
    """A mapping of keys; `many` says that it is a list of such mappings."""

    name: str
    says: str
    keys: tuple[Column | Section, ...]
    many: bool = False
    required: bool = False

    @cached_property
    def by_name(self) -> Mapping[str, Column | Section]:
        """Each key by its name."""
        return {key.name: key for key in self.keys}

    def walk(self, path: str = "") -> Iterator[tuple[str, Column | Section]]:
        """Every key below this one with its dotted path."""
        for key in self.keys:
            below = f"{path}.{key.name}" if path else key.name
            yield below, key
            if isinstance(key, Section):
                yield from key.walk(f"{below}.1" if key.many else below)


def _override(name: str, says: str) -> Section:
    return Section(name, says, (
        Column("role", Kind.TEXT, "The role that decides it; not a person's name.", True,
               example="head of the operations room"),
        Column("reason", Kind.TEXT, "Why.", True, example="seen clear by the escort at 07:10"),
    ))


WINDOWS = Section("windows", "The spells of quiet, in order.", (
    Column("name", Kind.TEXT, "What people call it.", example="the first day"),
    Column("from", Kind.TIME, "Local date and time at which it opens.", True,
           example="2016-10-20 08:00"),
    Column("to", Kind.TIME, "Local time at which it closes; a date too where it is another day.",
           True, example="2016-10-20 19:00"),
    Column("from_utc", Kind.TIME, "The same in UTC, to make sure.", blank="worked out",
           example="2016-10-20 05:00"),
    Column("to_utc", Kind.TIME, "The same in UTC, to make sure.", blank="worked out",
           example="2016-10-20 16:00"),
), many=True, required=True)

PARTIES = Section("parties", "Those who may fire, or without whom nothing moves.", (
    Column("id", Kind.ID, "A short name.", True, example="north"),
    Column("name", Kind.TEXT, "The name that the party uses for itself.", blank="the id"),
    Column("must_agree", Kind.YES_NO, "Whether no corridor is in force without it.", blank="yes"),
    Column("role", Kind.TEXT, "Its part in the pause."),
), many=True)

CONSENTS = Section("consents", "What each party has said, in its own act.", (
    Column("party", Kind.ID, "A party's id.", True, refers="parties"),
    Column("stance", Kind.CHOICE, "What it said.", True, allowed=tuple(Stance)),
    Column("corridor", Kind.TEXT, "A corridor's id, or * for every one.", blank=ANY),
    Column("use", Kind.CHOICE, "For whom, or * for every use.", allowed=(ANY, *User), blank=ANY),
    Column("condition", Kind.TEXT, "The condition, where the stance is conditional."),
    Column("at", Kind.TEXT, "When it was said."),
    Column("source", Kind.TEXT, "Where it can be read."),
), many=True)

RULES = Section("rules", "The figures that a plan keeps to.", (
    Column("margin_minutes", Kind.WHOLE, "Everyone is out this long before a window closes.",
           unit="minutes", least=0, most=1_440, blank="30"),
    Column("slot_minutes", Kind.WHOLE, "Convoys start at gates on whole multiples of this.",
           unit="minutes", least=1, most=60, blank="5"),
    Column("fill", Kind.SHARE, "Share of the seats that is planned on.", blank="1"),
    Column("call_lead_minutes", Kind.WHOLE, "How long before boarding people are called.",
           unit="minutes", least=0, most=1_440, blank="30"),
    Column("return_share", Kind.SHARE, "Share of each load for which a seat back is kept.",
           blank="0"),
    Column("max_order_lines", Kind.WHOLE, "Longest order of one driver.", unit="lines", least=1,
           most=1_000, blank="30"),
    Column("routes_per_driver", Kind.WHOLE, "Most routes of one driver in a day.", least=1,
           most=100, blank="2"),
    Column("exchange_wait_minutes", Kind.WHOLE, "Longest that a vehicle waits at an exchange "
           "point for the other side.", unit="minutes", least=0, most=1_440, blank="60"),
    Column("approved_within_m", Kind.NUMBER, "How far from an approved route a street may lie.",
           unit="metres", least=1, most=1_000, blank="30"),
    Column("rest_minutes", Kind.WHOLE, "Rest of a crew between two duties.", unit="minutes",
           least=0, most=2_880, blank="480"),
))

TIERS = Section("tiers", "What is best: aims, settled one after the other.", (
    Column("name", Kind.TEXT, "What it is called in reports.", True),
    Column("kind", Kind.CHOICE, "What it counts.", True, allowed=tuple(TierKind)),
    Column("unit", Kind.TEXT, "The unit of its value.", blank="weighted persons or tonnes"),
    Section("weights", "Weight of one person by need; needs left out count nothing.", tuple(
        Column(need.value, Kind.NUMBER, f"Weight of a person with the need {need.value}.",
               least=0, most=1_000_000, blank="0")
        for need in Need
    )),
    Column("means", Kind.CHOICES, "Only people with these means.", allowed=tuple(Means),
           blank="all"),
    Column("breaks", Kind.NUMBERS, "Shares served at which a further person counts for less; "
           "the last is 1.", blank="0.25|0.5|0.75|0.9|1"),
    Column("share_weights", Kind.NUMBERS, "What a further person counts up to each break; they "
           "fall.", blank="1|0.9|0.8|0.65|0.5"),
), many=True)

TRAVEL_FACTORS = Section("travel", "How far from free flow the streets are.", (
    Column("load_factor", Kind.NUMBER, "Factor on the speed of vehicles under load.", least=0.05,
           most=1, blank="0.9 (assumed)"),
    Column("convoy_factor", Kind.NUMBER, "Factor on the speed of vehicles in convoy.", least=0.05,
           most=1, blank="0.8 (assumed)"),
    Column("damage_factor", Kind.NUMBER, "Factor on every speed for damage all over; what is "
           "known street by street stands in closures.geojson.", least=0.05, most=1, blank="1"),
))

PAUSE = Section("pause", "The pause itself.", (
    Column("title", Kind.TEXT, "One line that names it.", True),
    Column("place", Kind.TEXT, "Where.", True, example="Aleppo"),
    Column("time_zone", Kind.TEXT, "Its time zone by the IANA name.", True,
           example="Asia/Damascus"),
    Column("roads", Kind.TEXT, "Streets that lie elsewhere, as a path from this folder; several "
           "folders can share one file.", blank="roads.osm.pbf in this folder",
           example="../aleppo/roads.osm.pbf"),
    Column("sides", Kind.IDS, "Sides of the line; `inside` is the enclosed one.",
           blank="inside|outside"),
    WINDOWS,
    Column("notice_at", Kind.TIME, "When those who mobilise were told.",
           blank="long before", example="2016-10-19 18:00"),
    Column("people_inside", Kind.WHOLE, "How many people are said to be inside.",
           unit="persons", least=0, most=50_000_000),
    PARTIES,
    CONSENTS,
    RULES,
    TIERS,
    TRAVEL_FACTORS,
    _override("mines_override", "A named role sets the mine rule aside for every corridor."),
    _override("streets_override", "A named role lets streets outside approved routes be used."),
    Column("sources", Kind.WORDS, "Where the folder's figures come from."),
    Column("assumptions", Kind.WORDS, "What was assumed, one sentence each."),
), required=True)
