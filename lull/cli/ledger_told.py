"""`lull ledger readiness`, `deliveries`, `claims`: what a ledger amounts to, from the file."""

from __future__ import annotations

from pathlib import Path

import click

from lull.cli import schemas
from lull.cli.console import console, heading, print_json, table
from lull.cli.exits import BROKEN_RULE, DONE
from lull.cli.folder import json_option
from lull.cli.ledger_file import FILE, READER_KEY, findings, load, opened
from lull.cli.ledger_show import ROLES_ARE
from lull.exchange.ledger import Held
from lull.ledger.claims import spreads
from lull.ledger.content import Content
from lull.ledger.deliveries import COLUMNS, waybills
from lull.ledger.fold import State, fold
from lull.ledger.readiness import readiness as how_ready
from lull.web.answers import (
    NOT_PERMISSION,
    QuestionOut,
    RangeOut,
    deliveries_out,
    readiness_out,
    spreads_out,
)


def folded(file: Path, reader_file: Path | None) -> tuple[Held, State, list[tuple[str, Content]]]:
    """A file, its state, and what of it has effect, in causal order."""
    held = load(file)
    state = fold(held.ledger, opened(held, reader_file))
    return held, state, [(entry.hash, content)
                         for entry, content in state.acts]


@click.command("readiness")
@FILE
@READER_KEY
@json_option("ledger-readiness")
def readiness(file: Path, reader_file: Path | None, as_json: bool) -> int:
    """Say whether the pauses in a ledger FILE are ready: go, or no-go with all that is missing.

    A yes at one level is none at another. A pause does not begin while a protection question is
    open, unless a role accepts that with a reason, which is printed here. Go is no permission, and
    says nothing about safety.

    \b
    Examples:
      lull ledger readiness aleppo.ledger
      lull ledger readiness aleppo.ledger --open my.key --json

    \b
    Exit codes: 0 go; 1 no-go, or no pause is in it; 2 this is no ledger.
    """
    held, state, said = folded(file, reader_file)
    answer = schemas.LedgerReadinessAnswer(
        file=str(file), roles_are=ROLES_ARE, unread=state.unread, findings=findings(held),
        pauses=readiness_out(how_ready(state.things, state.words, (c for _, c in said))))
    if as_json:
        print_json(answer)
    else:
        _show(answer)
    return DONE if answer.pauses and all(p.go for p in answer.pauses) else BROKEN_RULE


def _show(answer: schemas.LedgerReadinessAnswer) -> None:
    out = console()
    for pause in answer.pauses:
        heading(out, f"{pause.pause}: {'GO' if pause.go else 'NO-GO'}")
        for reason in pause.reasons:
            out.print(f"- {reason}", markup=False)
        out.print(table(("question", "word", "by", "text", "entry"), [
            row for q in pause.questions for row in _words(q)]))
        if pause.cells:
            out.print(table(("corridor", "condition", "actor", "level", "state", "by", "at"), [
                (c.corridor, c.condition, c.actor, c.level, " / ".join(c.states),
                 "; ".join(f"{s.function}, {s.side}" for s in c.said),
                 "; ".join(s.at for s in c.said)) for c in pause.cells]))
    if not answer.pauses:
        out.print("No pause is in this ledger, or none that can be read here.")
    out.print(NOT_PERMISSION)
    _show_rest(answer)


def _words(question: QuestionOut) -> list[tuple[str, ...]]:
    """A question with each word on it, for lines of a table."""
    rows = [(question.question, w.says, f"{w.function}, {w.side} ({w.role})", w.text, w.entry[:12])
            for w in question.words]
    return [*rows] or [(question.question, "OPEN", "", "", "")]


def _show_rest(answer: schemas.LedgerToldAnswer) -> None:
    console().print(f"Roles are {answer.roles_are}. {answer.unread} entries are not held or not "
                    "opened here.")


@click.command("deliveries")
@FILE
@READER_KEY
@json_option("ledger-deliveries")
def deliveries(file: Path, reader_file: Path | None, as_json: bool) -> int:
    """Reconcile the deliveries in a ledger FILE, item by item, in units and kilograms.

    Planned, loaded, removed at checks, delivered, returned, lost, damaged: as each side says, side
    by side. What those say who sent or carried it is a claim until somebody else has observed it.

    \b
    Examples:
      lull ledger deliveries aleppo.ledger
      lull ledger deliveries aleppo.ledger --open my.key --json

    \b
    Exit codes: 0 all totals agree; 1 some do not; 2 this is no ledger.
    """
    held, state, said = folded(file, reader_file)
    found = waybills(state.things, said)
    answer = schemas.LedgerDeliveriesAnswer(
        file=str(file), roles_are=ROLES_ARE, unread=state.unread, findings=findings(held),
        deliveries=deliveries_out(found))
    if as_json:
        print_json(answer)
    else:
        _show_deliveries(answer)
    return BROKEN_RULE if any(w.faults for w in found) else DONE


def _show_deliveries(answer: schemas.LedgerDeliveriesAnswer) -> None:
    out = console()
    names = [column.replace("_", " ") for column in COLUMNS]
    for one in answer.deliveries.waybills:
        kind = "observed" if one.observed else "a claim, not observed"
        heading(out, f"{one.delivery} ({' / '.join(one.states)}; {kind})")
        out.print(table(("item", "unit", *names, "unaccounted for"), [
            (line.item, line.unit, *(_ends(line.ranges.get(c)) for c in COLUMNS),
             _ends(line.unaccounted)) for line in one.lines], right=(*names, "unaccounted for")))
        for sentence in (*one.faults, *(f"Explained by {said}" for said in one.explanations)):
            out.print(f"- {sentence}", markup=False)
    heading(out, "Kilograms in all")
    out.print(table(("what", "as said", "of it observed", "not said in full by"), [
        (t.column.replace("_", " "), _from_to(t.kg), _from_to(t.observed_kg), ", ".join(t.silent))
        for t in answer.deliveries.totals], right=("as said", "of it observed")))
    _show_rest(answer)


def _ends(of: RangeOut | None) -> str:
    return "" if of is None else _from_to((str(of.units[0]), str(of.units[1])))


def _from_to(ends: tuple[str, str]) -> str:
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


@click.command("claims")
@FILE
@READER_KEY
@json_option("ledger-claims")
def claims(file: Path, reader_file: Path | None, as_json: bool) -> int:
    """Put the figures claimed in a ledger FILE side by side, with their spread.

    Beside them, never among them, stands what was verified. No figure is chosen.

    \b
    Examples:
      lull ledger claims aleppo.ledger

    \b
    Exit codes: 0 shown; 2 this is no ledger.
    """
    held, state, said = folded(file, reader_file)
    answer = schemas.LedgerClaimsAnswer(
        file=str(file), roles_are=ROLES_ARE, unread=state.unread, findings=findings(held),
        spreads=spreads_out(spreads(said)))
    if as_json:
        print_json(answer)
        return DONE
    out = console()
    for one in answer.spreads:
        heading(out, f"{one.about} ({one.unit})")
        if one.claims:
            out.print(f"Claimed, from {one.least} to {one.most}:", markup=False)
            out.print(table(("claimed by", "value", "source", "grade", "entry"), [
                (c.claimed_by, c.value, c.source, c.reliability + c.credibility, c.entry[:12])
                for c in one.claims], right=("value",)))
        if one.verified:
            out.print("Verified:")
            out.print(table(("verified by", "value", "method", "entry"), [
                (v.verified_by + (" (who claims it too)" if v.by_claimant else ""), v.value,
                 v.method, v.entry[:12]) for v in one.verified], right=("value",)))
    _show_rest(answer)
    return DONE
