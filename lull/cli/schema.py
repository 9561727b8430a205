"""`lull schema`: the published form of what a verb prints with --json."""

from __future__ import annotations

import json

import click

from lull.cli.schemas import ANSWERS, schema_of


@click.command("schema")
@click.argument("verb", type=click.Choice(list(ANSWERS)))
def command(verb: str) -> None:
    """Print the JSON Schema (draft 2020-12) of what VERB prints with --json.

    \b
    Examples:
      lull schema plan
      lull plan my-pause --out out --json > answer.json
      lull schema plan > plan.schema.json
      check-jsonschema --schemafile plan.schema.json answer.json
    """
    click.echo(json.dumps(schema_of(verb), indent=2, ensure_ascii=False))
