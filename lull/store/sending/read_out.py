"""A sheet to be read out over radio or telephone: short lines, times digit by digit.

Letters of references are spelt with the alphabet of the Radio Regulations of the ITU (Appendix 14),
in Arabic by the same words in Arabic script; figures are the plain words of the language, in
English with NINER, which is not taken for FIVE.

A sheet is a page that any browser opens and prints: what is read out, then one row of boxes in
which receipt and permission have different columns. In two languages it is two sheets of paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from attrs import frozen
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from lull.domain.records import RECEIPT_SENTENCE
from lull.domain.records.grid import MGRS
from lull.domain.records.receipt import Channel
from lull.exchange.atomic import PRIVATE, PRIVATE_FOLDER, write_whole
from lull.store.sending.language import (
    ARABIC,
    DIRECTION,
    ENGLISH,
    PDI,
    RLI,
    TURNS,
    as_html,
    lines_of,
    said,
    within,
)
from lull.store.sending.language import marked as _
from lull.store.sending.transport import NotSent, Parcel
from lull.store.sending.words import HEADS

DIGITS = {
    ENGLISH: ("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINER"),
    ARABIC: ("صفر", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة"),
}
ALPHABET = {
    ENGLISH: (
        "ALFA", "BRAVO", "CHARLIE", "DELTA", "ECHO", "FOXTROT", "GOLF", "HOTEL", "INDIA",
        "JULIETT", "KILO", "LIMA", "MIKE", "NOVEMBER", "OSCAR", "PAPA", "QUEBEC", "ROMEO",
        "SIERRA", "TANGO", "UNIFORM", "VICTOR", "WHISKEY", "X-RAY", "YANKEE", "ZULU"),
    ARABIC: (
        "ألفا", "برافو", "تشارلي", "دلتا", "إيكو", "فوكستروت", "غولف", "هوتيل", "إنديا",
        "جولييت", "كيلو", "ليما", "مايك", "نوفمبر", "أوسكار", "بابا", "كيبيك", "روميو",
        "سييرا", "تانغو", "يونيفورم", "فيكتور", "ويسكي", "إكس راي", "يانكي", "زولو"),
}  # fmt: skip
DASH = {ENGLISH: "DASH", ARABIC: "شرطة"}
TIME = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2})(?::\d{2})? UTC\b", re.ASCII)
CODE = re.compile(r"\b(?=[A-Za-z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9]+(?:-[A-Za-z0-9]+)*\b",
                  re.ASCII)
SPEAK_TIME = _("day %(day)s, time %(time)s")
CALL, VERSION = _("READ OUT TO: %(call)s"), _("VERSION %(version)s")
ASK = _("ASK: say again the version and the times.")
RECEIPT, PERMISSION = _("Receipt"), _("Permission")
OTHER = _("It is asked for and given apart. A receipt is none; leave this blank where they said "
          "nothing of it.")
ANSWERS = (_("confirmed by voice"), _("they ask back"), _("they object"))
PERMITS = (_("given"), _("given with conditions"), _("refused"))
ROWS = (_("By (function)"), _("At (UTC)"), _("Taken by (function)"), _("In their words"))
SAID = _("What they said")
STYLE = """
@page{size:A4;margin:14mm}
*{box-sizing:border-box}
body{margin:0 auto;padding:1rem;max-width:46rem;color:#000;background:#fff;
font:1.05rem/1.6 "Noto Sans","Noto Naskh Arabic","Noto Sans Arabic","DejaVu Sans",sans-serif}
.sheet{break-after:page}
.sheet:last-child{break-after:auto}
.sheet+.sheet{margin-top:2rem;border-top:2px dashed #000;padding-top:2rem}
h2{font-size:1.35rem;margin:0}
.line{margin:.2rem 0;padding-inline-start:1.5rem;text-indent:-1.5rem;overflow-wrap:anywhere}
.head{margin:1rem 0 .2rem;font-weight:700}
.beside{border-inline-start:.3rem solid #000;padding-inline-start:.75rem;font-weight:600}
.answers{width:100%;border-collapse:collapse;table-layout:fixed;margin-top:1rem;
break-inside:avoid}
.answers th,.answers td{border:1px solid #000;padding:.4rem .6rem;text-align:start;
vertical-align:top}
.answers thead th:first-child{width:22%}
.answers tbody td{height:2.6rem}
.box{display:inline-block;width:.85rem;height:.85rem;border:1.5px solid #000;
margin-inline-end:.4rem}
.answers li{list-style:none}
.answers p{margin:.2rem 0 0}
.answers p.small{font-weight:400}
.answers ul{margin:0;padding:0}
@media print{body{padding:0;max-width:none}.sheet+.sheet{margin:0;border:0;padding:0}}
"""


@frozen
class ReadOut:
    """A folder of sheets for whoever stands at the radio or the telephone."""

    folder: Path
    channels: tuple[str, ...] = (Channel.RADIO.value, Channel.TELEPHONE.value)

    def send(self, parcel: Parcel) -> bool:
        """Write a sheet; sealed content is a file of age, made for whoever reads it out."""
        end = ".age" if parcel.sealed else ".html"
        raw = parcel.payload if parcel.sealed else page(parcel.texts, parcel.address,
                                                        parcel.version).encode()
        try:
            self.folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            write_whole(self.folder / (parcel.once[:32] + end), raw, PRIVATE)
        except OSError:
            raise NotSent("the folder cannot be written") from None
        return False


def page(texts: Iterable[tuple[str, str]], call: str, version: int) -> str:
    """The sheets of a letter's texts, by language, as one page that needs nothing else."""
    texts = list(texts)
    first = texts[0][0]
    return str(format_html(
        '<!doctype html>\n<html lang="{}" dir="{}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>{}</title><style>{}</style></head>\n<body>{}</body></html>\n",
        first, DIRECTION[first], TURNS.sub("", said(CALL, first, call=call)),
        mark_safe(STYLE), sheets(texts, call, version)))  # noqa: S308


def sheets(texts: Iterable[tuple[str, str]], call: str, version: int) -> SafeString:
    """A sheet for each language: whom to call, what to read, and what they answered."""
    return format_html_join("\n", "{}", (
        (within(language, _sheet(text, call, version, language), "sheet"),)
        for language, text in texts))


def _sheet(text: str, call: str, version: int, language: str) -> SafeString:
    heads = {said(one, language) for one in HEADS}
    lines = format_html_join("\n", '<p class="{}">{}</p>', (
        ("head" if one in heads else "line", _line(one, language))
        for one in lines_of(text) if one))
    return format_html(
        '<h2>{}</h2>\n<p class="head">{}</p>\n{}\n<p class="head">{}</p>\n{}',
        as_html(said(CALL, language, call=call)),
        said(VERSION, language) % {"version": spoken(str(version), language)},
        lines, said(ASK, language), _answers(language))


def _answers(language: str) -> SafeString:
    """The table in which answers are written down, receipt and permission in different columns."""
    def ticks(of: tuple[str, ...]) -> SafeString:
        return format_html("<ul>{}</ul>", format_html_join(
            "", '<li><span class="box"></span>{}</li>', ((said(one, language),) for one in of)))

    blank = format_html_join("", '<tr><th scope="row">{}</th><td></td><td></td></tr>',
                             ((said(one, language),) for one in ROWS))
    return format_html(
        '<table class="answers"><thead><tr><td></td><th scope="col">{}<p class="beside">{}</p></th>'
        '<th scope="col">{}<p class="small">{}</p></th></tr></thead><tbody><tr><th scope="row">{}'
        "</th><td>{}</td><td>{}</td></tr>{}</tbody></table>",
        said(RECEIPT, language), said(RECEIPT_SENTENCE, language), said(PERMISSION, language),
        said(OTHER, language), said(SAID, language), ticks(ANSWERS), ticks(PERMITS), blank)


def _line(line: str, language: str) -> SafeString:
    """A line with how its times and references are said; values apart from what names them."""
    name, colon, value = line.partition(": ")
    if not colon:
        return as_html(in_speech(line, language))
    told = as_html(in_speech(value, language))
    return format_html("{}: {}", as_html(name), told if language == ARABIC
                       else format_html("<bdi>{}</bdi>", told))


def in_speech(line: str, language: str = ENGLISH) -> str:
    """A line with its times and references followed by how they are said."""
    marks: list[tuple[int, str]] = []
    times = list(TIME.finditer(line))
    for found in times:
        day, hour = found.group(3), found.group(4) + found.group(5)
        marks.append((found.end(), said(SPEAK_TIME, language) % {
            "day": spoken(day, language), "time": spoken(hour, language)}))
    grids = list(MGRS.finditer(line))
    comma = "، " if language == ARABIC else ", "
    for found in grids:
        marks.append((found.end(), comma.join(spoken(one, language)
                                              for one in found.group().split())))
    for found in CODE.finditer(line):
        if not any(t.start() <= found.start() < t.end() for t in (*times, *grids)):
            marks.append((found.end(), spoken(found.group(), language)))
    for at, how in sorted(marks, reverse=True):
        told = f"[{how}]" if language == ENGLISH else f"{RLI}[{how}]{PDI}"
        behind = at + line[at:].startswith(PDI)  # not within the isolate of what is spelt
        line = f"{line[:behind]} {told}{line[behind:]}"
    return line


def spoken(code: str, language: str = ENGLISH) -> str:
    """Letters and figures as they are said one by one; a hyphen is a dash."""
    words = {"-": DASH[language], **{str(i): word for i, word in enumerate(DIGITS[language])},
             **dict(zip(map(chr, range(ord("A"), ord("Z") + 1)), ALPHABET[language], strict=True))}
    return " ".join(words[mark] for mark in code.upper() if mark in words)
