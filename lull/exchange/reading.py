"""Read a pause folder: a case if nothing is wrong, and in any case all that was found."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from attrs import define

from lull.domain.case import Case
from lull.domain.corridor import Override
from lull.domain.refusal import Refusal
from lull.exchange.build.cache import keep, key_of, name_of, pack, unpack
from lull.exchange.build.draft import Draft
from lull.exchange.build.geography import Geography, build_geography
from lull.exchange.build.ground import Ground, Progress, ground_of
from lull.exchange.build.others import build_records, build_supplies
from lull.exchange.build.pause import build_pause, override
from lull.exchange.build.people import build_fleet, build_people
from lull.exchange.build.places import build_corridors, build_sites
from lull.exchange.build.travel import build_travel, places_of, profiles_of
from lull.exchange.checks.all import check_all
from lull.exchange.checks.references import check_references
from lull.exchange.entries import read_section
from lull.exchange.finding import Finding, Level, Where
from lull.exchange.raw.grid import Grid
from lull.exchange.raw.package import (
    CACHE_FOLDER,
    Package,
    content_hash_of,
    open_package,
    package_in_memory,
)
from lull.exchange.raw.tree import Node
from lull.exchange.rows import read_rows
from lull.exchange.schema.folder import PAUSE_FILE, ROUTES_FILE, STREETS_FILE, TABLES
from lull.exchange.schema.others import TRAVEL
from lull.exchange.schema.pause import PAUSE
from lull.exchange.seal import SealError, is_sealed, open_sealed
from lull.exchange.upload import LARGEST_UPLOAD_BYTES, open_upload
from lull.network import StreetsError

TABLES_OF_PLACES = ("sites", "corridors", "fleet")
"""Tables that must be whole before ways can be worked out on streets."""

BYTES_A_WAY = 22
"""Bytes of one way of one traveller: three times in minutes, metres, two marks."""

MOST_BYTES_OF_WAYS = 2_000_000_000

APPROVED_STREETS = "approved_streets"
ARCHIVES = (".zip", ".tar")
RULE_OF_OVERRIDE = {"mines_override": "mines_cleared", "streets_override": APPROVED_STREETS}
"""Keys of `pause.yaml` and the rules that they set aside."""


@define(frozen=True, eq=False)
class Reading:
    """What reading a folder gave.

    `case` is None where there is an error. `ground` holds the streets and what the folder draws
    on them, for maps and routes (None where the folder gives minutes). `content_hash` is the
    same for the same content, whatever its form.
    """

    case: Case | None
    findings: tuple[Finding, ...]
    content_hash: str = ""
    ground: Ground | None = None
    geography: Geography | None = None

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What stops planning."""
        return tuple(f for f in self.findings if f.level is Level.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What a person should look at."""
        return tuple(f for f in self.findings if f.level is Level.WARNING)

    @property
    def ok(self) -> bool:
        """Whether there is a case to plan on."""
        return self.case is not None


def read_folder(
    path: str | Path,
    *,
    cache: Path | None = None,
    progress: Progress | None = None,
    secrets: tuple[str, ...] = (),
    passphrase: str = "",
) -> Reading:
    """Read the pause folder or .xlsx workbook at a path, one in a .zip or .tar, or sealed (age).

    `cache` is the folder for travel tables that take long to make (beside the pause folder if
    none is given; of a sealed folder nothing is kept outside it). `progress` is told (what, done,
    total) at each long step. `secrets` or `passphrase` open what is sealed. Never raises for bad
    input: all that is wrong is in the findings.
    """
    path, draft = Path(path), Draft()
    if path.suffix.lower() in ARCHIVES and path.is_file():
        return _archive(path, progress)
    package = _sealed(path, draft, secrets, passphrase)
    if package is None and not draft.findings.errors:
        package = open_package(path, draft.findings)
    if package is None:
        return Reading(None, draft.findings.in_order())
    kept = cache if package.folder else None
    return read_package(package, draft, kept, progress or _silent)


def read_upload(raw: bytes, label: str, *, secrets: tuple[str, ...] = (),
                progress: Progress | None = None) -> Reading:
    """Read a folder handed over in one file: .zip, .tar, .xlsx, or sealed to one of the secrets.

    It stays in memory. Never raises for bad input: all that is wrong is in the findings.
    """
    draft = Draft()
    files = open_upload(raw, label, draft.findings, secrets=secrets)
    package = None if files is None else package_in_memory(
        files, label.rpartition(".")[0] or label, draft.findings)
    if package is None:
        return Reading(None, draft.findings.in_order())
    return read_package(package, draft, None, progress or _silent)


def _archive(path: Path, progress: Progress | None) -> Reading:
    """The folder in an archive on the disk, which is not read where it is too large."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_UPLOAD_BYTES + 1)
    except OSError as error:
        draft = Draft()
        draft.findings.error("unreadable", Where(path.name), f"The file cannot be opened "
                             f"({error.strerror or error}).")
        return Reading(None, draft.findings.in_order())
    return read_upload(raw, path.name, progress=progress)


def read_files(
    files: Mapping[str, bytes], label: str, *, progress: Progress | None = None
) -> tuple[Reading, dict[str, bytes]]:
    """Read a pause folder, or one workbook, that is nowhere on a disk; as `read_folder`.

    The second part is what to keep with the files, so that the next reading is quick: the travel
    table made from the streets, by its name below the folder.
    """
    draft = Draft()
    package = package_in_memory(files, label, draft.findings)
    if package is None:
        return Reading(None, draft.findings.in_order()), {}
    reading = read_package(package, draft, None, progress or _silent)
    if reading.ground is None or draft.on_streets is None:
        return reading, {}
    name = f"{CACHE_FOLDER}/{name_of(key_of(reading.ground, package.streets_hash()))}"
    return reading, {} if name in files else {name: pack(*draft.on_streets)}


def _sealed(
    path: Path, draft: Draft, secrets: tuple[str, ...], passphrase: str
) -> Package | None:
    """The package in a sealed file; None if it is not sealed, or (and a finding) stays shut."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            if not is_sealed(file.read(64)):
                return None
        files = open_sealed(path, secrets=secrets, passphrase=passphrase)
    except SealError as error:
        draft.findings.error("sealed", Where(path.name), str(error))
        return None
    except OSError as error:
        draft.findings.error("unreadable", Where(path.name), f"The file cannot be opened "
                             f"({error.strerror or error}).")
        return None
    return package_in_memory(files, path.stem, draft.findings)


def _silent(_what: str, _done: float, _total: float) -> None:
    """Tell nobody."""


def read_package(
    package: Package, draft: Draft, cache: Path | None, progress: Progress
) -> Reading:
    """Read an opened package into a Reading."""
    pause, grids = _open_all(package, draft)
    _build(draft)
    check_references(draft)
    geography = build_geography(draft, package)
    ground = None
    if not _fits(draft):
        pass
    elif package.has(STREETS_FILE):
        if draft.whole(TABLES_OF_PLACES):
            ground = _on_streets(package, draft, geography, cache, progress)
    elif TRAVEL.name in draft.tables:
        build_travel(draft)
    check_all(draft, geography)
    case = _case(draft, geography, ground)
    return Reading(
        case,
        draft.findings.in_order(),
        content_hash_of(package, grids, pause),
        ground,
        geography,
    )


def _fits(draft: Draft) -> bool:
    """Whether the travel table fits the memory of a small machine; says so if it does not."""
    places, profiles = len(places_of(draft)), len(profiles_of(draft))
    size = places**2 * profiles * BYTES_A_WAY
    if size <= MOST_BYTES_OF_WAYS:
        return True
    draft.findings.error(
        "too large", Where(draft.tables.get("sites", "sites.csv")),
        f"{places:,} places and {profiles} vehicle types need a travel table of "
        f"{size / 1e9:,.1f} GB; at most {MOST_BYTES_OF_WAYS / 1e9:g} GB are made. Take places or "
        "types together.", f"{places} places",
    )
    return False


def _on_streets(
    package: Package, draft: Draft, geography: Geography, cache: Path | None, progress: Progress
) -> Ground | None:
    """Fill in the draft's travel table from streets, or from the cache."""
    ground = ground_of(draft, package.blobs[STREETS_FILE], geography)
    if ground is None:
        return None
    folder = cache or (package.folder / CACHE_FOLDER if package.folder else None)
    try:
        key = key_of(ground, package.streets_hash())
        kept = unpack(package.cached(folder, name_of(key)))
        if kept is None:
            kept = ground.table(progress)
            if folder is not None:
                keep(folder, key, pack(*kept))
    except (StreetsError, Refusal, OSError) as error:
        draft.findings.error("streets", Where(STREETS_FILE), str(error))
        return None
    draft.travel, draft.notes = draft.on_streets = kept
    if TRAVEL.name in draft.tables:
        build_travel(draft, kept[0])
    return ground


def _open_all(package: Package, draft: Draft) -> tuple[Node | None, dict[str, Grid]]:
    """Read every file into rows and entries; says which are missing."""
    findings = draft.findings
    pause = package.pause(findings)
    if pause is not None:
        draft.entry = read_section(pause, PAUSE, Where(package.pause_file), findings)
        package.share_streets(draft.entry.get("roads", ""), findings)
    elif not findings.errors:
        findings.error("not found", Where(package.pause_file), f"{PAUSE_FILE} is missing: title, "
                       "place, time zone and windows stand there.", "", PAUSE_FILE)
    grids: dict[str, Grid] = {}
    for table in TABLES:
        before = findings.errors
        grid = package.grid(table, findings)
        if grid is not None:
            grids[table.name] = grid
            draft.rows[table.name] = read_rows(grid, table, package.file_of(table), findings)
        elif table.required and findings.errors == before:
            findings.error("not found", Where(package.file_of(table)), f"{table.file} is missing. "
                           f"{table.says}", "", table.file)
        if grid is not None or findings.errors > before:
            draft.tables[table.name] = package.file_of(table)
    if TRAVEL.name not in draft.tables and not package.has(STREETS_FILE):
        findings.error("not found", Where(STREETS_FILE), f"The folder holds neither {STREETS_FILE} "
                       f"nor {TRAVEL.file}; one of them must say how long each way takes.", "",
                       f"{STREETS_FILE} or {TRAVEL.file}")
    return pause, grids


def _build(draft: Draft) -> None:
    build_pause(draft)
    build_sites(draft)
    build_corridors(draft, override(draft.entry, "mines_override", draft.findings))
    build_people(draft)
    build_fleet(draft)
    build_supplies(draft)
    build_records(draft)


def _overrides(draft: Draft) -> dict[str, Override]:
    """Rules that the pause sets aside, by rule name."""
    found = {
        rule: override(draft.entry, key, draft.findings) for key, rule in RULE_OF_OVERRIDE.items()
    }
    return {rule: said for rule, said in found.items() if said}


def _draft_because(draft: Draft, geography: Geography, ground: Ground | None) -> str:
    """Why any plan is a draft only: streets are used and none of them is approved."""
    if ground is None or geography.approved or APPROVED_STREETS in _overrides(draft):
        return ""
    return f"{ROUTES_FILE} holds no approved route, so no street is approved"


def _case(draft: Draft, geography: Geography, ground: Ground | None) -> Case | None:
    """The case, where there is no error."""
    if draft.findings.errors or draft.pause is None or draft.travel is None:
        return None
    try:
        return Case(
            pause=draft.pause,
            sites=draft.sites,
            corridors=draft.corridors,
            groups=draft.groups,
            fleet=draft.fleet,
            travel=draft.travel,
            items=draft.items,
            stocks=tuple(draft.stocks),
            demands=tuple(draft.demands),
            safeguards=tuple(draft.safeguards),
            claims=tuple(draft.claims),
            draft=_draft_because(draft, geography, ground),
            overrides=_overrides(draft),
        )
    except Refusal as refusal:
        draft.findings.error("refused", Where(draft.tables.get("sites", "sites.csv")), str(refusal))
        return None
