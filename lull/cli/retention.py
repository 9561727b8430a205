"""`lull retention`: what rules say is to be destroyed by now, and destroying it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from lull.cli.console import console, heading, print_json, table
from lull.cli.exits import DONE, BadInput
from lull.cli.folder import json_option
from lull.cli.ledger_file import PATH, now
from lull.cli.passphrases import PASSPHRASE_FD, opened_store
from lull.cli.retention_answers import RetentionAnswer, RetentionOfPause, ToDestroyAnswer
from lull.domain.records.form import utc_text
from lull.domain.refusal import Refusal
from lull.ledger.content import Wall
from lull.ledger.retention import ANY, DEFAULT, FORM, Due, Rule, read_rules, rules_as_json


@click.command("retention")
@click.argument("database", required=False)
@click.option("--rules", "rules_file", type=PATH,
              help="A JSON file of rules; without it those that --show-rules prints.")
@click.option("--show-rules", is_flag=True, help="Print the rules as JSON, to be changed and given "
              "with --rules.")
@click.option("--now", "at", metavar="TIME", default="",
              help="The time by which it is due, in UTC, such as 2017-03-01T00:00:00Z; without it, "
              "this moment.")
@click.option("--destroy", is_flag=True, help="Destroy it. Without this nothing is changed.")
@PASSPHRASE_FD
@json_option("retention")
def command(database: str | None, rules_file: Path | None, show_rules: bool, at: str,
            destroy: bool, passphrase_fd: int | None, as_json: bool) -> int:
    """Say what in DATABASE is to be destroyed by now, under rules of retention; or destroy it.

    Each rule names a kind of record and a class, and how many days after the pause has ended, or
    after it was written, it stays. The first rule that fits counts. What is destroyed is gone from
    the store with every key to it; that it was written and destroyed stays in the chain. May run
    beside a server. Delete the backups from before.

    A rule that names a kind reaches what is public or restricted: of that the server knows the
    kind. What is sealed it cannot read. There only a rule with "kind": "*" reaches, by what stands
    in clear: age ("since": "written", by the hour in which it was written), the role of its writer
    ("by": "organisation") and how many keys open it ("most_keys": 4; each member who can read it
    has one).

    \b
    Examples:
      lull retention --show-rules > rules.json
      lull retention aleppo.sqlite --rules rules.json
      lull retention aleppo.sqlite --rules rules.json --destroy --passphrase-fd 3 3<secret

    \b
    Exit codes: 0 told or done; 2 the rules are wrong, or the passphrase is another.
    """
    rules = _rules(rules_file)
    if show_rules:
        click.echo(json.dumps(rules_as_json(rules), indent=2))
        return DONE
    if database is None:
        raise BadInput("Give the store: lull retention DATABASE; or --show-rules.")
    time = _time(at)
    store = opened_store(database, passphrase_fd)
    try:
        answer = _carried_out(store, database, rules, time, destroy)
    finally:
        store.close()
    if as_json:
        print_json(answer)
    else:
        _show(answer)
    return DONE


def _rules(file: Path | None) -> tuple[Rule, ...]:
    if file is None:
        return DEFAULT
    if not file.is_file():
        raise BadInput(f"{file} does not exist; make one with: lull retention --show-rules")
    try:
        return read_rules(json.loads(file.read_text(encoding="utf-8")))
    except Refusal as wrong:
        raise BadInput(f"{file}: {wrong}") from None
    except (ValueError, RecursionError):
        raise BadInput(f"{file} is no JSON in UTF-8 of the form {FORM!r}.") from None


def _time(text: str) -> datetime:
    if not text:
        return now()
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise BadInput(f"--now {text}: give a time in UTC, such as 2017-03-01T00:00:00Z.") from None


def _carried_out(store: Any, database: str, rules: tuple[Rule, ...], time: datetime,
                 destroy: bool) -> RetentionAnswer:
    from lull.store import models  # noqa: PLC0415 - Django is slow
    from lull.store.retention import carry_out, look  # noqa: PLC0415

    pauses = []
    for pause in models.Pause.objects.order_by("id"):
        found = look(store, pause.id, rules, time)
        pauses.append(RetentionOfPause(
            pause=store.secrets.veil.open(pause.name, f"pause {pause.id}"),
            ended=utc_text(found.ended) if found.ended else None,
            due=[_due(d) for d in found.due], elsewhere=[_due(d) for d in found.elsewhere],
            unread=found.unread, staying=found.staying,
            destroyed=carry_out(store, found) if destroy and found.due else 0))
    return RetentionAnswer(
        database=database, now=utc_text(time), dry=not destroy,
        rules=[rule.says for rule in rules], pauses=pauses,
        without_sealed=[rule.says for rule in rules if rule.wall in (ANY, Wall.SEALED.value)
                        and not rule.reaches_sealed])


def _due(of: Due) -> ToDestroyAnswer:
    return ToDestroyAnswer(entry=of.kept.entry, kind=of.kept.kind, wall=of.kept.wall.value,
                             rule=of.rule.says, since=utc_text(of.since))


def _show(answer: RetentionAnswer) -> None:
    out = console()
    for pause in answer.pauses:
        heading(out, pause.pause)
        ended = pause.ended or "not yet, or nothing says so"
        out.print(f"Ended: {ended}. {len(pause.due)} entries are due, {pause.staying} stay.",
                  markup=False)
        if pause.due:
            out.print(table(("entry", "kind", "class", "rule", "since"), [
                (d.entry[:12], d.kind or "not readable here", d.wall, d.rule, d.since)
                for d in pause.due]))
        if pause.elsewhere:
            out.print(f"{len(pause.elsewhere)} more are due and were written elsewhere; their "
                      "posts destroy them: lull ledger destroy.", markup=False)
        if pause.unread:
            out.print(f"{pause.unread} sealed entries cannot be read here, and no rule for every "
                      "kind governs them; their writers destroy them. A rule with kind * reaches "
                      "them by age, writer's role (by) and number of keys (most_keys).",
                      markup=False)
        if not answer.dry:
            out.print(f"{pause.destroyed} destroyed, each by an entry.", markup=False)
    if any(pause.unread for pause in answer.pauses) and answer.without_sealed:
        out.print(f"These rules name a kind and reach nothing sealed: "
                  f"{'; '.join(answer.without_sealed)}.", markup=False)
    out.print("Nothing was changed; --destroy acts." if answer.dry
              else "Delete the backups from before, and what is on other media.")
