"""Writes docs/reference/ and samples/first-steps/ from the code: what they hold stands there once.

python -m scripts.reference           writes what has changed
python -m scripts.reference --check   says what is out of date and leaves with code 1
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from lull.cli.certificate import bound_schema
from lull.cli.main import VERBS, lull
from lull.cli.published import ANSWERS, schema_of
from lull.exchange import plan_schema
from lull.exchange.datapackage import datapackage, pause_schema
from lull.exchange.new import template_files
from lull.exchange.reference import folder_page
from scripts.api_reference import document
from scripts.api_reference import page as api_page
from scripts.due_reference import page as due_page
from scripts.protocol_reference import page as protocol_page
from scripts.records_reference import page as records_page
from scripts.rights_reference import page as rights_page
from scripts.rules_reference import page as rules_page

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
MADE = "<!-- Made by `make schemas` from the code; do not edit. -->"


def pages() -> dict[Path, str]:
    """Each file of the reference with the text that it should hold."""
    made = {
        REFERENCE / "schemas" / f"{verb}.schema.json": as_json(schema_of(verb)) for verb in ANSWERS
    }
    made[REFERENCE / "schemas" / "plan-file.schema.json"] = as_json(plan_schema())
    made[REFERENCE / "schemas" / "bound-file.schema.json"] = as_json(bound_schema())
    made[REFERENCE / "verbs.md"] = verbs()
    made[REFERENCE / "schemas" / "pause.schema.json"] = as_json(pause_schema())
    made[REFERENCE / "schemas" / "datapackage.json"] = as_json(datapackage())
    made[REFERENCE / "folder.md"] = folder_page()
    made[REFERENCE / "rules.md"] = rules_page()
    made[REFERENCE / "protocol.md"] = protocol_page()
    made[REFERENCE / "records.md"] = records_page()
    made[REFERENCE / "due.md"] = due_page()
    made[REFERENCE / "rights.md"] = rights_page()
    made[REFERENCE / "api.md"] = api_page()
    made[REFERENCE / "openapi.json"] = document()
    first_steps = ROOT / "samples" / "first-steps"
    made |= {first_steps / name: raw.decode() for name, raw in template_files().items()}
    return made


def as_json(schema: object) -> str:
    """A schema as it is published."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def verbs() -> str:
    """The help of every verb, as a page."""
    parts = [MADE, "# Verbs", "What `lull VERB --help` says."]
    settings = {**lull.context_settings, "max_content_width": 100, "terminal_width": 100}
    context = click.Context(lull, info_name="lull", **settings)
    for name in VERBS:
        command = lull.get_command(context, name)
        assert command is not None
        parts += verb(command, name, context, "##")
    return "\n\n".join(parts) + "\n"


def verb(command: click.Command, name: str, parent: click.Context, mark: str) -> list[str]:
    """The help of one verb, and of those below it."""
    with click.Context(
        command, info_name=name, parent=parent, max_content_width=100, terminal_width=100
    ) as inner:
        said = command.get_help(inner).replace("\b\n", "")
        parts = [f"{mark} {inner.command_path}\n\n```text\n{said}\n```"]
        if isinstance(command, click.Group):
            for below in command.list_commands(inner):
                found = command.get_command(inner, below)
                assert found is not None
                parts += verb(found, below, inner, f"{mark}#")
    return parts


def main() -> int:
    """Write or check every page; the exit code."""
    stale = [
        path
        for path, text in pages().items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is out of date: make schemas")
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(pages()[path], encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
