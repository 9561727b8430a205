"""The page of one question, beside the report and of the same make."""

from __future__ import annotations

from lull.domain.pause import Pause
from lull.report.headline import CAUTION
from lull.report.pictures import PATTERNS
from lull.report.rendering import asset, drawn, render
from lull.report.told import Picture, Told
from lull.report.words import stamp


def question_page(told: Told, pause: Pause, *, folder_hash: str = "", version: str = "",
                  report: str = "") -> str:
    """The page as HTML, RESTRICTED; no request leaves it.

    `report` is the name of the report's own page where there is one beside it.
    """
    again = [("command", told.again), ("consents", told.consents),
             ("folder", f"SHA-256 {folder_hash}" if folder_hash else ""),
             ("program", f"lull {version}" if version else "")]
    return render(
        "question.html.j2",
        f"{pause.title} · {told.title}",
        patterns=drawn(PATTERNS),
        pause=pause,
        windows=[f"{w.name + ': ' if w.name else ''}{stamp(pause.clock, w.opens)} to "
                 f"{stamp(pause.clock, w.closes)}" for w in pause.windows],
        told=told,
        parts=[(part, [(drawn(p.svg), p) for p in part.pictures]) for part in told.parts],
        caution=CAUTION,
        report=report,
        again=[(name, value) for name, value in again if value],
    )


def standalone(picture: Picture) -> str:
    """A picture as an SVG file of its own: the style sheet and the hatchings stand in it."""
    head, _, body = picture.svg.partition(">")
    if "xmlns=" not in head:
        head = head.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    patterns = PATTERNS.partition(">")[2].rpartition("</svg>")[0]
    return f"{head}><style>{asset('style.css')}</style>{patterns}{body}"


def question_files(told: Told, pause: Pause, *, folder_hash: str = "", version: str = "",
                   report: str = "") -> dict[str, bytes]:
    """The page and each picture, by the name of their file."""
    page = question_page(told, pause, folder_hash=folder_hash, version=version, report=report)
    return {f"{told.verb}.html": page.encode(),
            **{f"{told.verb}-{p.name}.svg": standalone(p).encode() for p in told.pictures}}
