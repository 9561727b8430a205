"""`lull schema`: the published form of what a verb prints with --json."""

from __future__ import annotations

import json

import click

from lull.cli.certificate import bound_schema
from lull.cli.published import ANSWERS, schema_of
from lull.exchange import plan_schema

PLAN_FILE = "plan-file"
"""Not a verb: the file plan.json that lull plan writes."""

BOUND_FILE = "bound-file"
"""Not a verb: the file bound.json beside it, from which every printed bound follows."""


@click.command("schema")
@click.argument("verb", type=click.Choice([*ANSWERS, PLAN_FILE, BOUND_FILE]))
def command(verb: str) -> None:
    """Print the JSON Schema (draft 2020-12) of what VERB prints with --json.

    plan-file and bound-file are no verbs: they are the files plan.json and bound.json that lull
    plan writes.

    \b
    Examples:
      lull schema plan
      lull plan my-pause --out out --json > answer.json
      lull schema plan > plan.schema.json
      check-jsonschema --schemafile plan.schema.json answer.json
    """
    files = {PLAN_FILE: plan_schema, BOUND_FILE: bound_schema}
    schema = files[verb]() if verb in files else schema_of(verb)
    click.echo(json.dumps(schema, indent=2, ensure_ascii=False))
