"""The tables of people and of the vehicles that carry them."""

from __future__ import annotations

from lull.domain.fleet import Use
from lull.domain.people import Category, Means, Need
from lull.exchange.schema.column import Column, Kind, Table
from lull.exchange.schema.common import ASSUMED, SOURCE, minutes
from lull.exchange.schema.places import MOST_PERSONS

PEOPLE = Table(
    "people",
    "Who waits where, with what need, and how many wish to leave. Counts only, never a name.",
    (
        Column("id", Kind.ID, "A short name of the group.", True, hxl="#group+id", example="G1"),
        Column("site", Kind.ID, "The site where they board.", True, refers="sites",
               hxl="#loc+id"),
        Column("neighbourhood", Kind.TEXT, "The name under which their share is counted.",
               blank="that of the site", hxl="#adm4+name"),
        Column("count", Kind.WHOLE, "Persons there, whether they wish to leave or not. For "
               "stretcher and critical: patients, without their companions.", True,
               unit="persons", least=0, most=MOST_PERSONS, hxl="#population"),
        Column("wishing_share", Kind.SHARE, "Share of `count` that wishes to leave.",
               least=0, most=1, blank="given by wishing_count",
               hxl="#indicator+wishing+pct", example="0.4"),
        Column("wishing_count", Kind.WHOLE, "How many of `count` wish to leave, in place of a "
               "share.", unit="persons", least=0, most=MOST_PERSONS,
               blank="given by wishing_share", hxl="#inneed+wishing"),
        Column("wish_source", Kind.TEXT, "Who asked them, and when.", hxl="#meta+wish+source"),
        Column("wish_assumed", Kind.YES_NO, "Whether the share is an assumption.", blank="no",
               hxl="#meta+wish+assumed"),
        Column("need", Kind.CHOICE, "What a person needs on the way.", allowed=tuple(Need),
               blank="seated", hxl="#need+type"),
        Column("category", Kind.CHOICE, "Patients have no other category.",
               allowed=tuple(Category), blank="patients for stretcher and critical, else "
               "civilians", hxl="#group+category"),
        Column("means", Kind.CHOICE, "How they can leave.", allowed=tuple(Means),
               blank="needs_transport", hxl="#modality+means"),
        Column("household_sizes", Kind.SIZES, "Households that wish to leave as `size:number`; a "
               "number alone is an average size. For patients a size is one patient and the "
               "companions.", blank="5 persons on average (assumed); 1 for unaccompanied "
               "children", hxl="#indicator+household+size", example="1:40|4:100|5"),
        Column("companions_per_patient", Kind.NUMBER, "Companions who go with each patient, on "
               "average, on top of `count`.", unit="persons", least=0, most=20, blank="0",
               hxl="#indicator+companions"),
        Column("unaccompanied", Kind.YES_NO, "Whether these are unaccompanied children.",
               blank="no", hxl="#group+children+unaccompanied"),
        Column("hospital_level", Kind.WHOLE, "Level of hospital that patients need.", least=0,
               most=9, blank="0", hxl="#need+hospital+level"),
        Column("destinations", Kind.IDS, "Sites that they chose or may go to.", blank="any",
               refers="sites", hxl="#loc+destination", example="R1|R2"),
        Column("persons_per_car", Kind.WHOLE, "Persons in one of their own cars.",
               unit="persons", least=1, most=60, hxl="#indicator+car"),
        SOURCE,
        Column("note", Kind.TEXT, "Anything else; never a name of a person.",
               hxl="#description"),
    ),
    key=("id",),
    required=True,
)

FLEET = Table(
    "fleet",
    "Vehicle types: how many, where based, what they carry and where they may drive.",
    (
        Column("id", Kind.ID, "A short name of the type; two bases mean two rows.", True,
               hxl="#item+vehicle+id", example="bus"),
        Column("name", Kind.TEXT, "The name that people use.", blank="the id",
               hxl="#item+vehicle+name"),
        Column("number", Kind.WHOLE, "How many of them.", True, unit="vehicles", least=0,
               most=20_000, hxl="#capacity+vehicles"),
        Column("base", Kind.ID, "The site where they start.", True, refers="sites",
               hxl="#loc+base"),
        Column("uses", Kind.CHOICES, "What they carry; aid and people never share a type.", True,
               allowed=tuple(Use), hxl="#service+uses", example="passengers|wounded"),
        Column("sides", Kind.IDS, "Sides of the line on which they may drive.",
               blank="the sides of the base", refers="sides", hxl="#loc+side",
               example="inside|outside"),
        Column("seats", Kind.WHOLE, "Seats for people, without the crew.", unit="persons",
               least=0, most=2_000, blank="0", hxl="#capacity+seats"),
        Column("stretchers", Kind.WHOLE, "Places for people who lie.", unit="persons", least=0,
               most=500, blank="0", hxl="#capacity+stretchers"),
        Column("payload_t", Kind.NUMBER, "Load in tonnes.", unit="tonnes", least=0, most=1_000,
               blank="0", hxl="#capacity+payload"),
        Column("speed_factor", Kind.NUMBER, "Speed against that of a car in the table of speeds; "
               "used with streets, not with travel_minutes.csv.", least=0.01, most=3, blank="1",
               hxl="#indicator+speed"),
        minutes("mobilise_minutes", "From the notice until they leave their base.",
                "#indicator+mobilise", "0"),
        Column("available_from", Kind.TIME, "Not before this local time.",
               blank="from the start", hxl="#date+start"),
        Column("available_to", Kind.TIME, "Not after this local time.", blank="to the end",
               hxl="#date+end"),
        minutes("crew_duty_minutes", "Longest duty of a crew in any 24 hours.",
                "#indicator+duty", "no limit known"),
        ASSUMED,
        SOURCE,
    ),
    key=("id",),
    required=True,
    most_rows=500,
)
