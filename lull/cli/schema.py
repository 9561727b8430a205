"""`lull schema`: the published form of what a verb prints with --json."""

from __future__ import annotations

import json

import click

from lull.cli.schemas import ANSWERS, schema_of
from lull.exchange import plan_schema

PLAN_FILE = "plan-file"
"""Not a verb: the file plan.json that lull plan writes."""


@click.command("schema")
@click.argument("verb", type=click.Choice([*ANSWERS, PLAN_FILE]))
def command(verb: str) -> None:
    """Print the JSON Schema (draft 2020-12) of what VERB prints with --json.

    plan-file is no verb: it is the file plan.json that lull plan writes.

    \b
    Examples:
      lull schema plan
      lull plan my-pause --out out --json > answer.json
      lull schema plan > plan.schema.json
      check-jsonschema --schemafile plan.schema.json answer.json
    """
    schema = plan_schema() if verb == PLAN_FILE else schema_of(verb)
    click.echo(json.dumps(schema, indent=2, ensure_ascii=False))
