"""Rows of text under headings, with the numbers that a spreadsheet gives to its rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator

from attrs import frozen

from lull.domain.formula import as_meant
from lull.exchange.finding import Findings, Where
from lull.exchange.raw.encoding import text_of
from lull.exchange.schema.column import MOST_ROWS

MOST_BYTES = 50_000_000
MOST_CELL = 32_767
"""Characters in a cell: the limit of spreadsheets (Excel specifications and limits)."""

SEPARATORS = (",", ";", "\t")
ERROR_CELLS = frozenset(
    ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!")
)


@frozen
class Grid:
    """A table as text: the row of the headings, the headings, and (row number, cells) below.

    Comments, the HXL row and blank rows are left out of `rows`, but counted in the numbers.
    `decimal_comma` says that numbers may have a comma for a point.
    """

    headings: tuple[str, ...]
    heading_row: int
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    decimal_comma: bool = False


def too_large(size: int, where: Where, findings: Findings) -> bool:
    """Whether a file has more bytes than are read; says so."""
    if size <= MOST_BYTES:
        return False
    findings.error(
        "too large", where,
        f"The file has {size / 1e6:,.0f} MB; at most {MOST_BYTES / 1e6:,.0f} MB are read. Is it "
        "the right file?",
        f"{size} bytes", f"at most {MOST_BYTES} bytes",
    )
    return True


def read_csv(
    raw: bytes, file: str, known: Collection[str], findings: Findings, most_rows: int = MOST_ROWS
) -> Grid | None:
    """Read a table from the bytes of a CSV file; None (and a finding) where that is impossible.

    The separator is the one of comma, semicolon and tab that makes the most known headings.
    """
    where = Where(file)
    if too_large(len(raw), where, findings):
        return None
    text = text_of(raw, file, findings, "The file is empty; it needs a row of headings.")
    if text is None:
        return None
    skipped, body = _past_comments(text)
    separator = _separator(body, known)
    try:
        reader = csv.reader(io.StringIO(body), delimiter=separator, strict=True)
        meant = ([as_meant(cell) if cell[:1] == "'" else cell for cell in cells]
                 for cells in reader)
        grid = grid_of(enumerate(meant, skipped + 1), file, findings, separator == ";", most_rows)
    except csv.Error as error:
        findings.error(
            "quotes", where,
            f"The file cannot be read as a table ({error}); a quotation mark is not closed, or "
            "the file was cut off.",
        )
        return None
    return grid


def _past_comments(text: str) -> tuple[int, str]:
    """How many leading comment or blank lines there are, and the text after them."""
    skipped, start = 0, 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end].strip().lstrip('"').strip()
        if line.strip(",;\t ") and not line.startswith("#"):
            break
        skipped, start = skipped + 1, end + 1
    return skipped, text[start:]


def _separator(body: str, known: Collection[str]) -> str:
    line = body.partition("\n")[0]

    def fits(separator: str) -> tuple[int, int]:
        cells = [heading(cell.strip('"')) for cell in line.split(separator)]
        return sum(cell in known for cell in cells), len(cells)

    return max(SEPARATORS, key=fits)


def heading(cell: str) -> str:
    """A heading as it is compared: small letters, underscores for blanks."""
    kept = "".join(c for c in cell if c.isprintable() and c != "\N{ZERO WIDTH NO-BREAK SPACE}")
    return "_".join(kept.strip().casefold().split())


def grid_of(
    rows: Iterable[tuple[int, list[str]]],
    file: str,
    findings: Findings,
    decimal_comma: bool = False,
    most_rows: int = MOST_ROWS,
) -> Grid | None:
    """Make a grid of numbered rows of cells; None (and a finding) where there is no heading.

    A row whose first filled cell starts with `#` is a comment or the HXL row.
    """
    headings: tuple[str, ...] = ()
    heading_row = 0
    kept: list[tuple[int, tuple[str, ...]]] = []
    for number, cells in rows:
        filled = next((cell.strip() for cell in cells if cell.strip()), "")
        if not filled:
            continue
        if filled.startswith("#") and filled.upper() not in ERROR_CELLS:
            _doubt_comment(cells, len(headings), Where(file, number), findings)
            continue
        if not headings:
            headings, heading_row = tuple(heading(cell) for cell in cells), number
            continue
        if len(kept) >= most_rows:
            findings.error(
                "too large", Where(file, number),
                f"The table has more than {most_rows:,} rows; is it the right file?",
                expected=f"at most {most_rows} rows",
            )
            return None
        kept.append((number, _tidy(cells, len(headings), Where(file, number), findings)))
    if not headings:
        findings.error("empty", Where(file), "The file has no row of headings.")
        return None
    return Grid(headings, heading_row, tuple(kept), decimal_comma)


def _doubt_comment(cells: list[str], width: int, where: Where, findings: Findings) -> None:
    """Ask about a row that starts like a comment but is filled like any other."""
    values = [cell for cell in cells if cell.strip() and not cell.strip().startswith("#")]
    if width and len(values) >= max(3, width // 3):
        findings.warn("comment", where, f"The row starts with {cells[0].strip()[:20]!r} and is "
                      "taken for a comment, though it is filled like the others; an id may not "
                      "start with #.", cells[0].strip(), "an id without #")


def _tidy(cells: list[str], width: int, where: Where, findings: Findings) -> tuple[str, ...]:
    """A row as wide as the headings; says where cells are missing, too many, or too long."""
    if len(cells) < width:
        findings.error(
            "cut off", where,
            f"The row has {len(cells)} cells under {width} headings; was the file cut off, or is "
            "a separator missing?",
            f"{len(cells)} cells", f"{width} cells",
        )
    extra = [cell for cell in cells[width:] if cell.strip()]
    if extra:
        findings.error(
            "too many cells", where,
            f"The row has {len(cells)} cells under {width} headings; put quotation marks around "
            "a text that holds the separator.",
            extra[0], f"{width} cells",
        )
    tidy = []
    for cell in cells[:width]:
        text = cell.strip()
        if len(text) > MOST_CELL:
            findings.error("too large", where, f"A cell holds {len(text):,} characters; at most "
                           f"{MOST_CELL:,} are read.", text)
            text = ""
        if text.upper() in ERROR_CELLS:
            findings.error("spreadsheet error", where, f"The cell holds the spreadsheet's error "
                           f"{text}; mend the formula or put in the value.", text, "a value")
            text = ""
        tidy.append(text)
    return tuple(tidy) + ("",) * (width - len(tidy))


def each_row(grid: Grid) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row's number and its cells by heading; headings left blank are passed over."""
    for number, cells in grid.rows:
        yield number, {
            name: cell for name, cell in zip(grid.headings, cells, strict=True) if name
        }
