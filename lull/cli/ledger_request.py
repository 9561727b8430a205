"""`lull ledger request`: a request for an extension as a record, from the figures of an answer."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from lull.cli.console import console
from lull.cli.exits import DONE, BadInput
from lull.cli.ledger_file import PATH, READER_KEY, load, opened
from lull.cli.ledger_read import OUT, REPLACE, require_free
from lull.domain.records import payload, read_payload
from lull.domain.records.request import ExtensionRequest
from lull.domain.refusal import Refusal
from lull.exchange.atomic import write_whole
from lull.ledger.fold import fold
from lull.questions.request import Particulars, drafted


@click.command("request")
@click.argument("answer", type=PATH)
@click.option("--reference", required=True, help="What the request is called.")
@click.option("--pause", required=True, help="The pause that is to be prolonged.")
@click.option("--organisation", required=True, help="Who asks.")
@click.option("--function", "duty", required=True, help="In which function; no names.")
@click.option("--to", "addressees", multiple=True, required=True, metavar="PARTY",
              help="Whom it asks; once for each.")
@click.option("--propose", "proposals", multiple=True, metavar="TEXT",
              help="What else is asked for; may be given several times.")
@click.option("--earlier", multiple=True, metavar="REFERENCE",
              help="An earlier request that it follows on; may be given several times.")
@click.option("--ledger", "ledger_file", type=PATH,
              help="The ledger in which earlier requests are.")
@click.option("--until", metavar="TIME", default="", help="The end that is asked for, in UTC, "
              "where the answer gives none: 2016-10-20T19:00:00Z.")
@OUT
@REPLACE
@READER_KEY
def request(answer: Path, reference: str, pause: str, organisation: str, duty: str,
            addressees: tuple[str, ...], proposals: tuple[str, ...], earlier: tuple[str, ...],
            ledger_file: Path | None, until: str, out: Path, replace: bool,
            reader_file: Path | None) -> int:
    """Draft a request for an extension from ANSWER, what `lull extension --json` printed.

    Who still waits, tonnes, hours needed, the latest useful decision, consents outstanding and
    what the pause was not used for are filled in. Each proposal is marked new, or with the earlier
    request that asked for it already. Write it with: lull ledger add --kind request.draft.

    \b
    Examples:
      lull extension my-pause --json > answer.json
      lull ledger request answer.json --reference ALE-P02-R002 --pause ALE-P02 \\
          --organisation OCHA --function "head of office" --to "Party A" \\
          --earlier ALE-P02-R001 --ledger aleppo.ledger --out draft.json

    \b
    Exit codes: 0 written; 2 the answer is of another form, or there is nothing to ask for.
    """
    require_free(out, replace=replace)
    try:
        node = json.loads(answer.read_text(encoding="utf-8"))
        made, chain = drafted(node if isinstance(node, dict) else {}, Particulars(
            reference=reference, pause=pause, organisation=organisation, function=duty,
            addressees=addressees, proposals=proposals, earlier=earlier, until=_time(until)),
            _requests(ledger_file, reader_file) if ledger_file else ())
    except FileNotFoundError:
        raise BadInput(f"{answer} does not exist; make it with: lull extension FOLDER "
                       "--json") from None
    except Refusal as wrong:
        raise BadInput(f"{answer}: {wrong}") from None
    except (ValueError, RecursionError):
        raise BadInput(f"{answer} is no JSON in UTF-8.") from None
    text = json.dumps(payload(made), indent=2, ensure_ascii=False) + "\n"
    write_whole(out, text.encode())
    unknown = [name for name in earlier if name not in chain]
    console().print(f"{out}: {sum(p.is_new for p in made.proposals)} of {len(made.proposals)} "
                    f"proposals are new beside {len(chain)} earlier requests."
                    + (f" Not known here: {', '.join(unknown)}." if unknown else ""), markup=False)
    return DONE


def _requests(file: Path, reader_file: Path | None) -> list[ExtensionRequest]:
    held = load(file)
    state = fold(held.ledger, opened(held, reader_file))
    read = (read_payload(content.kind, content.payload) for _, content in state.acts
            if content.payload.get("record") == "extension_request")
    return [one for one in read if isinstance(one, ExtensionRequest)]


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise BadInput(f"--until {text}: give a time in UTC, such as "
                       "2016-10-20T19:00:00Z.") from None
