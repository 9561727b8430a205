"""The tables of places: sites and corridors."""

from __future__ import annotations

from lull.domain.corridor import LinkUnit, MineStatus, User
from lull.domain.place import SiteKind
from lull.exchange.schema.column import Column, Kind, Table
from lull.exchange.schema.common import ASSUMED, NAME_AR, SOURCE, latitude, longitude, minutes

MOST_PERSONS = 20_000_000

SITES = Table(
    "sites",
    "Every place at which people, goods or vehicles stop, and what it can take.",
    (
        Column("id", Kind.ID, "A short name that the other tables use.", True,
               hxl="#loc+id", example="A1"),
        Column("name", Kind.TEXT, "The name that people use.", blank="the id", hxl="#loc+name"),
        NAME_AR,
        Column("kind", Kind.CHOICE, "What the place is for.", True,
               allowed=tuple(SiteKind), hxl="#loc+type"),
        latitude("lat", "Latitude; needed where streets are used.", "#geo+lat"),
        longitude("lon", "Longitude; needed where streets are used.", "#geo+lon"),
        Column("neighbourhood", Kind.TEXT, "The name under which shares are counted.",
               blank="the site's id", hxl="#adm4+name"),
        Column("sides", Kind.IDS, "The sides of the line from which it is reached; an exchange "
               "point may lie on two.", blank="outside", refers="sides", hxl="#loc+side",
               example="outside|west"),
        Column("capacity_seated", Kind.WHOLE, "Persons who may stay at the end of a window.",
               unit="persons", least=0, most=MOST_PERSONS, blank="no limit known",
               hxl="#capacity+seated"),
        Column("capacity_stretcher", Kind.WHOLE, "Patients on stretchers who may stay.",
               unit="persons", least=0, most=MOST_PERSONS, blank="no limit known",
               hxl="#capacity+stretcher"),
        Column("capacity_critical", Kind.WHOLE, "Critical patients who may stay.",
               unit="persons", least=0, most=MOST_PERSONS, blank="no limit known",
               hxl="#capacity+critical"),
        Column("hospital_level", Kind.WHOLE, "Level of care that it gives; a patient goes to a "
               "hospital of at least the level needed.", least=0, most=9, blank="0",
               hxl="#loc+hospital+level"),
        Column("crowd_limit", Kind.WHOLE, "Most persons who may wait here at one minute.",
               unit="persons", least=0, most=MOST_PERSONS, blank="no limit known",
               hxl="#capacity+waiting"),
        minutes("waiting_limit_minutes", "Longest that a person may wait here.",
                "#indicator+waiting+minutes", "no limit known"),
        Column("bays", Kind.WHOLE, "Vehicles loaded or unloaded at once.", unit="vehicles",
               least=1, most=10_000, blank="as many as come", hxl="#capacity+bays"),
        Column("service_minutes", Kind.ESTIMATE, "Minutes in a bay for one vehicle.",
               unit="minutes", least=0, most=1_440, blank="0",
               hxl="#indicator+service+minutes"),
        Column("service_minutes_by_type", Kind.BY_TYPE, "Minutes in a bay for vehicle types that "
               "differ: `type:likely` or `type:low/likely/high`.", unit="minutes", least=0,
               most=1_440, refers="fleet", hxl="#indicator+service+bytype",
               example="ambulance:10|truck:30/40/60"),
        Column("opens", Kind.TIME, "Opens at this local time, every day if no date is given.",
               blank="always open", hxl="#date+start", example="08:00"),
        Column("closes", Kind.TIME, "Closes at this local time.", blank="always open",
               hxl="#date+end", example="18:00"),
        Column("open_hours", Kind.HOURS, "Several spells, in place of opens and closes.",
               blank="always open", hxl="#date+hours", example="08:00-12:00|13:00-18:00"),
        minutes("walk_to_shelter_minutes", "Minutes on foot from here to shelter.",
                "#indicator+shelter+minutes", "0"),
        minutes("call_minutes", "Minutes to call people forward or to send them home.",
                "#indicator+call+minutes", "0"),
        Column("receives_unaccompanied", Kind.YES_NO, "Whether unaccompanied children are "
               "received here.", blank="no", hxl="#service+unaccompanied"),
        Column("receiving_organisation", Kind.TEXT, "The organisation that receives them.",
               hxl="#org+receiving"),
        ASSUMED,
        SOURCE,
    ),
    key=("id",),
    required=True,
    most_rows=2_000,
)


def _gate(side: str) -> tuple[Column, ...]:
    """The columns of one gate; `side` is `inside` or `outside`."""
    return (
        Column(f"{side}_side", Kind.ID, f"The side of the line on which the {side} gate lies.",
               blank=side, refers="sides", hxl=f"#loc+{side}+side"),
        Column(f"{side}_gate_name", Kind.TEXT, f"Name of the {side} gate.",
               hxl=f"#loc+{side}+name"),
        latitude(f"{side}_gate_lat", f"Latitude of the {side} gate.", f"#geo+{side}+lat"),
        longitude(f"{side}_gate_lon", f"Longitude of the {side} gate.", f"#geo+{side}+lon"),
    )


def _check(way: str) -> tuple[Column, ...]:
    """The columns of the checkpoint of one direction, `out` or `in`."""
    return (
        Column(f"lanes_{way}", Kind.WHOLE, f"Lanes that check vehicles going {way}.",
               unit="lanes", least=1, most=100, blank="1", hxl=f"#capacity+lanes+{way}"),
        Column(f"check_minutes_{way}", Kind.ESTIMATE, f"Minutes in a lane for one vehicle going "
               f"{way}.", unit="minutes", least=0, most=1_440, blank="0",
               hxl=f"#indicator+check+{way}"),
        Column(f"vehicles_per_hour_{way}", Kind.WHOLE, f"Most vehicles that enter going {way} in "
               "any 60 minutes.", unit="vehicles an hour", least=1, most=10_000,
               blank="no limit", hxl=f"#capacity+vehicles+{way}"),
    )


CORRIDORS = Table(
    "corridors",
    "Every way through the line: for whom, which way, and what slows or stops who passes.",
    (
        Column("id", Kind.ID, "A short name that the other tables use.", True,
               hxl="#loc+corridor+id", example="C1"),
        Column("name", Kind.TEXT, "The name that people use.", blank="the id",
               hxl="#loc+corridor+name"),
        NAME_AR,
        Column("users", Kind.CHOICES, "For whom it is open. Wounded of any status use any "
               "corridor that is open to wounded.", True, allowed=tuple(User), hxl="#group+users",
               example="civilians|wounded"),
        Column("mixed", Kind.YES_NO, "Whether the pause lets fighters and civilians share it.",
               blank="no", hxl="#status+mixed"),
        Column("directions", Kind.CHOICE, "The ways in which vehicles may drive through.", True,
               allowed=("out", "in", "both"), hxl="#loc+direction"),
        *_gate("inside"),
        *_gate("outside"),
        Column("open_hours", Kind.HOURS, "When it is open, in local time.", blank="always open",
               hxl="#date+hours", example="08:00-18:00"),
        *_check("out"),
        *_check("in"),
        Column("shared_lanes", Kind.YES_NO, "Whether both directions use the lanes of `lanes_out`.",
               blank="no", hxl="#status+shared"),
        Column("check_minutes_by_type", Kind.BY_TYPE, "Minutes in a lane for vehicle types that "
               "differ; `out:` or `in:` before the type limits it to one direction.",
               unit="minutes", least=0, most=1_440, refers="fleet",
               hxl="#indicator+check+bytype", example="truck:15/20/30|in:ambulance:5"),
        Column("persons_per_hour_on_foot", Kind.WHOLE, "Most persons who pass on foot in any 60 "
               "minutes.", unit="persons an hour", least=0, most=100_000,
               blank="nobody walks through", hxl="#capacity+foot"),
        Column("largest_convoy", Kind.WHOLE, "Most vehicles in one convoy.", unit="vehicles",
               least=1, most=10_000, blank="no limit", hxl="#capacity+convoy"),
        minutes("headway_minutes", "Least time between the starts of two convoys the same way.",
                "#indicator+headway", "0"),
        Column("leader_from", Kind.TEXT, "A convoy of this many vehicles or more needs a leader; "
               "`none` waives it.", blank="6", hxl="#indicator+leader"),
        minutes("holding_limit_minutes", "Longest that a loaded vehicle may wait at the gate.",
                "#indicator+holding", "no limit known"),
        Column("mines_out", Kind.CHOICE, "What is known of mines on the way out.",
               allowed=tuple(MineStatus), blank="unknown", hxl="#status+mines+out"),
        Column("mines_in", Kind.CHOICE, "What is known of mines on the way in.",
               allowed=tuple(MineStatus), blank="unknown", hxl="#status+mines+in"),
        Column("mines_override_role", Kind.TEXT, "The role that sets the mine rule aside.",
               hxl="#contact+role"),
        Column("mines_override_reason", Kind.TEXT, "Why it does.", hxl="#description+reason"),
        Column("link_other", Kind.ID, "A corridor that moves together with this one.",
               refers="corridors", hxl="#loc+corridor+linked"),
        Column("link_unit", Kind.CHOICE, "What the two are balanced in.",
               allowed=tuple(LinkUnit), blank="persons", hxl="#indicator+link+unit"),
        Column("link_ratio", Kind.NUMBER, "How many leave here for one that leaves there.",
               least=0.000001, most=1_000_000, blank="1", hxl="#indicator+link+ratio"),
        Column("link_lead", Kind.WHOLE, "How far this one may run ahead.", least=0,
               most=MOST_PERSONS, blank="0", hxl="#indicator+link+lead"),
        Column("link_other_lead", Kind.WHOLE, "How far the other may run ahead.", least=0,
               most=MOST_PERSONS, blank="0", hxl="#indicator+link+otherlead"),
        Column("link_hold_at", Kind.ID, "Where this side's vehicles wait.", refers="sites",
               hxl="#loc+hold"),
        Column("link_when_stopped", Kind.TEXT, "What is done when one of the two stops.",
               hxl="#description+stopped"),
        ASSUMED,
        SOURCE,
    ),
    key=("id",),
    required=True,
    most_rows=2_000,
)
