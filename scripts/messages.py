"""Collects every message of the pages into the Arabic catalogue, and compiles it.

python -m scripts.messages            writes the catalogue with what is new, and compiles it
python -m scripts.messages --check    says what is out of date or not translated, leaves with code 1
python -m scripts.messages --missing  writes what has no Arabic, a message and a tab on each line
python -m scripts.messages --take X   takes such lines with the Arabic behind the tab

Messages are the texts of templates and of gettext calls, those of letters too, every word by which
a name of the code is shown, and the sentences that come from below and are shown in the language of
the page.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import attrs
import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template.base import Lexer, TokenType

from lull.domain.protocol import TABLES
from lull.domain.records import RECEIPT_SENTENCE, RECORDS, kinds
from lull.domain.records.form import fields_of
from lull.store.named import CHOICES, WORDS, in_english
from lull.web.forms.fields import inner_kinds
from lull.web.pages.patterns import PARTS, PATTERNS

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "lull" / "web"
LETTERS_IN = ROOT / "lull" / "store" / "sending"
PO = WEB / "locale" / "ar" / "LC_MESSAGES" / "django.po"
KEYWORDS: dict[str, Any] = {
    "_": None, "gettext": None, "gettext_noop": None, "gettext_lazy": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2),
}
NAMED_IN = ("domain", "ledger", "store", "web")
"""Packages whose choices (StrEnum) pages show as words."""
SAID_IN = (
    *("domain/records/" + name for name in (
        "account", "claim", "common", "delivery", "form", "incident", "notification", "passage",
        "readiness", "receipt", "request", "terms")),
    *("store/" + name for name in (
        "accounts", "addressees", "appender", "jobs", "ledgers", "notify", "principal", "reading",
        "signin", "throttle", "veil", "write")),
    *("web/pages/" + name for name in ("act", "lists", "room", "thing", "visit", "zones")),
)
"""Modules whose sentences of refusal people meet at a form or on a page."""
SAID_APART = ("domain/records/delivery.py", "ledger/due/*.py")
"""Modules whose sentences are kept apart from what is put into them, with `say`."""
REFUSES = frozenset({
    "require", "FieldError", "Refusal", "NotAllowed", "NotThere", "NotSignedIn", "CodeNeeded",
    "UsedKey", "Busy", "TooMany", "NoSuchTime",
})
LITERAL = re.compile(r"""^(?:trans|translate)\s+(?:"([^"]*)"|'([^']*)')""")
LETTERS = re.compile(r"[A-Za-z]{2}")
WORD = re.compile(r"""["']([a-z0-9_]+)["']\s*\|\s*word""")

DAY = datetime(2016, 10, 20, tzinfo=UTC)
"""Stands in the catalogue for a time that would change it each day."""
Found = tuple[str | tuple[str, str], str]
"""A message (with its plural), and where it stands."""


def templates() -> Iterator[Found]:
    """The messages of the templates."""
    for file in sorted(WEB.glob("templates/**/*.html")):
        text = file.read_text(encoding="utf-8")
        yield from ((one, _at(file)) for one in _in_template(text))
        yield from ((in_english(name), _at(file)) for name in WORD.findall(text))


def _in_template(text: str) -> Iterator[str | tuple[str, str]]:
    block: list[list[str]] = []
    begun = ""
    for token in Lexer(text).tokenize():
        said = token.contents
        if token.token_type is TokenType.BLOCK:
            if found := LITERAL.match(said):
                yield found[1] if found[1] is not None else found[2]
            elif said.split()[0] in ("blocktranslate", "blocktrans"):
                begun, block = said, [[]]
            elif said.split()[0] == "plural":
                block.append([])
            elif said.split()[0] in ("endblocktranslate", "endblocktrans"):
                forms = [_whole(parts, begun) for parts in block]
                yield (forms[0], forms[1]) if len(forms) == 2 else forms[0]
                begun, block = "", []
        elif begun and token.token_type is TokenType.VAR:
            block[-1].append(f"%({said})s")
        elif begun:
            block[-1].append(said.replace("%", "%%"))


def _whole(parts: list[str], begun: str) -> str:
    text = "".join(parts)
    if "trimmed" in begun.split():
        text = " ".join(line.strip() for line in text.strip().splitlines())
    return text


def python() -> Iterator[Found]:
    """The messages of gettext calls: of the pages, and of letters."""
    for file in (*sorted(WEB.glob("**/*.py")), *sorted(LETTERS_IN.glob("*.py"))):
        for _, message, _, _ in extract_from_file("python", file, KEYWORDS):
            yield (message[0], message[1]) if isinstance(message, tuple) else message, _at(file)


def words() -> Iterator[Found]:
    """Every word by which a name of the code is shown."""
    for record in RECORDS.values():
        yield from ((in_english(name), "words") for name in _fields(record))
    names = {*RECORDS, *kinds(), *TABLES}
    for table in TABLES.values():
        names |= {*table.states, *(step.event for step in table.steps)}
    for part in sorted({part for name in names for part in name.split(".")}):
        yield in_english(part), "words"
    for said in (*WORDS.values(), *(said for of in CHOICES.values() for said in of.values())):
        yield said, "words"
    for package in NAMED_IN:
        for file in sorted((ROOT / "lull" / package).glob("**/*.py")):
            yield from ((in_english(value), "words") for value in _choices(file))


JOB_STATES = ("waiting", "leased", "done", "failed", "ended", "ready", "wrong", "check", "error",
              "warning", "convoy", "corridor-day", "lives", "cannot leave alone",
              "survival supplies", "all who wish to leave", "further supplies",
              "less waiting and driving", "stop")
"""States of jobs and folders, levels of findings, ways to draft, aims: as pages of plans show."""


def job_words() -> Iterator[Found]:
    """Kinds of jobs, their options and choices, and what each says."""
    file = ROOT / "lull" / "store" / "job_kinds.py"
    yield from ((in_english(name), "jobs") for name in JOB_STATES)
    tree = ast.parse(file.read_text(encoding="utf-8"))
    named = {t.id: node.value.value for node in tree.body if isinstance(node, ast.Assign)
             and isinstance(node.value, ast.Constant) for t in node.targets
             if isinstance(t, ast.Name)}
    named |= {n.id: v.value for node in tree.body if isinstance(node, ast.Assign)
              and isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple)
              for n, v in zip(node.targets[0].elts, node.value.elts, strict=True)
              if isinstance(n, ast.Name) and isinstance(v, ast.Constant)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple):  # choices
            yield from ((in_english(one.value), "jobs") for one in node.elts
                        if isinstance(one, ast.Constant) and isinstance(one.value, str)
                        and " " not in one.value)
        if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in (
                "Option", "JobKind"):
            continue
        first = node.args[0]
        name = first.value if isinstance(first, ast.Constant) else named[first.id]  # type: ignore[attr-defined]
        yield in_english(str(name)), "jobs"
        says = node.args[2 if node.func.id == "Option" else 1]  # type: ignore[attr-defined]
        if text := _text_of(says):
            yield text, "jobs"


def _fields(record: Any) -> Iterator[str]:
    for name, kind in fields_of(record).items():
        yield name
        for inner in inner_kinds(kind):
            if attrs.has(inner):
                yield from _fields(inner)


def _choices(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef) and any(
                isinstance(base, ast.Name) and base.id == "StrEnum" for base in node.bases):
            for line in node.body:
                if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant):
                    yield str(line.value.value)


def sentences() -> Iterator[Found]:
    """What comes from below and is shown: steps, refusals, the sentence of receipts."""
    yield RECEIPT_SENTENCE, "receipts"
    for name in SAID_APART:
        for file in sorted((ROOT / "lull").glob(name)):
            yield from ((str(message), _at(file)) for _, message, _, _ in extract_from_file(
                "python", file, {"say": None}))
    for table in TABLES.values():
        yield table.says, "tables"
        yield from ((step.says, "tables") for step in table.steps)
    yield from ((said, "patterns") for said in (*PATTERNS, *PARTS))
    yield from ((said, where) for said, where in refusals() if "{" not in said)


def refusals() -> Iterator[tuple[str, str]]:
    """Every sentence of refusal that people meet; what is put into it stands as {0}, {1}."""
    for name in SAID_IN:
        file = ROOT / "lull" / f"{name}.py"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in REFUSES:
                for said in node.args[-1:]:
                    if (text := _text_of(said)) and " " in text:
                        yield text, _at(file)


def _text_of(node: ast.expr) -> str:
    """A sentence as it is written; an f-string with numbers for what is put in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return ""
    made, count = "", 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            made += str(part.value)
        else:
            made, count = made + f"{{{count}}}", count + 1
    return made


def _at(file: Path) -> str:
    return str(file.relative_to(ROOT))


def catalogue() -> Catalog:
    """The catalogue as it should stand: what is found, with the Arabic that is kept."""
    kept = _kept()
    made = Catalog(locale="ar", domain="django", project="lull", header_comment=HEADER,
                   fuzzy=False, charset="utf-8", creation_date=DAY, revision_date=DAY)
    found: dict[str | tuple[str, str], set[str]] = {}
    for said, where in (*templates(), *python(), *words(), *job_words(), *sentences()):
        if LETTERS.search(said[0] if isinstance(said, tuple) else said):
            found.setdefault(said, set()).add(where)
    for said in sorted(found, key=str):
        before = kept.get(said[0] if isinstance(said, tuple) else said)
        arabic = before.string if before is not None else ""
        made.add(said, arabic, locations=[(where, None) for where in sorted(found[said])])
    return made


def _kept() -> Catalog:
    if not PO.exists():
        return Catalog(locale="ar")
    with PO.open("rb") as file:
        return read_po(file, locale="ar")


HEADER = """# The pages in Arabic. Made by `python -m scripts.messages`, which keeps what stands
# in msgstr; docs/arabic.md says which terms are used. No native reader has checked it."""


def missing(of: Catalog) -> list[str]:
    """The messages that lack Arabic, or one of its plurals."""
    return [one.id if isinstance(one.id, str) else "\t".join(one.id) for one in of if one.id and (
        not one.string if isinstance(one.string, str) else not all(one.string))]


def broken(of: Catalog) -> list[str]:
    """Messages whose Arabic does not hold what is put into them."""
    slots = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%%")
    found = []
    for one in of:
        ids = [one.id] if isinstance(one.id, str) else list(one.id)
        strings = [one.string] if isinstance(one.string, str) else list(one.string or ())
        wanted = {slot for said in ids for slot in slots.findall(said)}
        if one.id and any(set(slots.findall(said)) - wanted or (
                isinstance(one.id, str) and set(slots.findall(said)) != wanted)
                for said in strings if said):
            found.append(str(one.id))
    return found


def as_po(of: Catalog) -> bytes:
    """A catalogue as its file."""
    out = BytesIO()
    write_po(out, of, width=100, include_lineno=False)
    lines = out.getvalue().decode().split("\n")
    return "\n".join(line for line in lines if not re.match(
        r'"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator)', line)).encode()


def as_mo(of: Catalog) -> bytes:
    """A catalogue as Django reads it."""
    out = BytesIO()
    kept = Catalog(locale="ar", domain="django", project="lull", charset="utf-8", fuzzy=False,
                   creation_date=DAY, revision_date=DAY)
    for one in of:
        if one.id and one.string:
            kept.add(one.id, one.string)
    write_mo(out, kept)
    return out.getvalue()


def take(of: Catalog, lines: Iterable[str]) -> list[str]:
    """Put the Arabic of lines into a catalogue; those that are not known come back."""
    unknown = []
    for line in lines:
        said, *arabic = line.rstrip("\n").split("\t")
        if not said or not any(arabic):
            continue
        one = of.get(said)
        if one is None:
            unknown.append(said)
        elif isinstance(one.id, str):
            one.string = arabic[-1]
        else:
            one.string = tuple(arabic[-6:])
    return unknown


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; code 1 where something is missing.")
@click.option("--missing", "list_missing", is_flag=True, help="Write what has no Arabic.")
@click.option("--take", "taken", type=click.File(encoding="utf-8"), help="Lines with the Arabic.")
def main(check: bool, list_missing: bool, taken: Any) -> None:
    """Keep the Arabic catalogue up to date."""
    made = catalogue()
    if taken:
        for one in take(made, taken):
            click.echo(f"Not known any more: {one}", err=True)
    lacks = missing(made)
    if list_missing:
        for one in lacks:
            click.echo(f"{one}\t")
        return
    for one in broken(made):
        click.echo(f"What is put in is not the same in Arabic: {one}", err=True)
    mo = PO.with_suffix(".mo")
    if not check:
        PO.parent.mkdir(parents=True, exist_ok=True)
        PO.write_bytes(as_po(made))
        mo.write_bytes(as_mo(made))
        click.echo(f"{len(made)} messages, {len(lacks)} without Arabic.")
        return
    stale = not PO.exists() or PO.read_bytes() != as_po(made) or mo.read_bytes() != as_mo(made)
    for one in lacks:
        click.echo(f"No Arabic yet: {one}", err=True)
    if stale:
        click.echo("The catalogue is out of date; run: python -m scripts.messages", err=True)
    sys.exit(1 if stale or lacks or broken(made) else 0)


if __name__ == "__main__":
    main()
