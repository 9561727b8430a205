"""A pause folder as somebody hands it over in one file: .zip, .tar, .xlsx, or sealed (.age).

It is opened in memory and judged as `lull check` judges a folder; all that is wrong is found at
once. Travel tables that lie in an archive are left out: they are made anew from its streets.
"""

from __future__ import annotations

from lull.exchange.archive import Limits, files_of, is_tar, is_zip
from lull.exchange.finding import Findings, Where
from lull.exchange.raw.package import CACHE_FOLDER
from lull.exchange.seal import SealError, is_sealed, open_bytes

LARGEST_UPLOAD_BYTES = 64_000_000
OTHERS = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"7z\xbc\xaf": "7-Zip",
          b"Rar!": "RAR", b"\x28\xb5\x2f\xfd": "Zstandard", b"%PDF": "PDF",
          b"\xd0\xcf\x11\xe0": "an old Excel or Word file"}
"""How kinds of files begin that are often sent in place of one that is read."""


def open_upload(raw: bytes, label: str, findings: Findings, *, secrets: tuple[str, ...] = (),
                limits: Limits | None = None) -> dict[str, bytes] | None:
    """The files of a folder that was handed over, in memory; None where anything is wrong.

    Of a sealed one the secret keys open it. A workbook comes as one file under its label.
    """
    where = Where(label)
    if len(raw) > LARGEST_UPLOAD_BYTES:
        findings.error("too large", where, f"The file is larger than the "
                       f"{LARGEST_UPLOAD_BYTES / 1e6:,.0f} MB that are taken.",
                       expected=f"at most {LARGEST_UPLOAD_BYTES} bytes")
        return None
    if is_sealed(raw):
        try:
            raw = open_bytes(raw, secrets=secrets)
        except SealError as wrong:
            findings.error("sealed", where, str(wrong))
            return None
        return files_of(raw, label, findings, limits)
    if is_zip(raw) and _is_workbook(raw):
        return {label if label.lower().endswith(".xlsx") else f"{label}.xlsx": raw}
    if is_zip(raw) or is_tar(raw):
        files = files_of(raw, label, findings, limits)
        return files and {n: held for n, held in files.items() if CACHE_FOLDER not in n.split("/")}
    kind = next((name for head, name in OTHERS.items() if raw.startswith(head)), "")
    said = f"This is {kind}" if kind else "This is no file of a kind that is read" if raw else (
        "The file is empty")
    findings.error("archive", where, f"{said}; send the pause folder as .zip, .tar or .xlsx, or "
                   "sealed to this server's key (lull seal FOLDER --to KEY).", kind,
                   ".zip, .tar, .xlsx or .age")
    return None


def _is_workbook(raw: bytes) -> bool:
    """Whether a ZIP archive is a workbook: its list of parts is named at its beginning or end."""
    return b"[Content_Types].xml" in raw[:4_096] or b"xl/workbook.xml" in raw[-65_536:]
