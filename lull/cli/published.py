"""The JSON Schemas of all that verbs print with --json.

Apart from the models, as the questions among them load the planner and the simulator, for which
whoever only checks a folder would wait.
"""

from __future__ import annotations

from typing import Any

from lull.cli import schemas
from lull.cli.questions.model import Answer
from lull.cli.questions.registry import QUESTIONS
from lull.cli.retention_answers import RetentionAnswer

ANSWERS: dict[str, type[Answer]] = {
    "new": schemas.NewAnswer,
    "check": schemas.CheckAnswer,
    "plan": schemas.PlanAnswer,
    **{verb: question.kind for verb, question in QUESTIONS.items()},
    "verify": schemas.VerifyAnswer,
    "show": schemas.ShowAnswer,
    "report": schemas.ReportAnswer,
    "sweep": schemas.SweepAnswer,
    "notices": schemas.NoticesAnswer,
    "ledger-verify": schemas.LedgerVerifyAnswer,
    "ledger-heads": schemas.LedgerHeadsAnswer,
    "ledger-show": schemas.LedgerShowAnswer,
    "ledger-due": schemas.LedgerDueAnswer,
    "ledger-readiness": schemas.LedgerReadinessAnswer,
    "ledger-deliveries": schemas.LedgerDeliveriesAnswer,
    "ledger-claims": schemas.LedgerClaimsAnswer,
    "ledger-merge": schemas.LedgerMergeAnswer,
    "ledger-export": schemas.LedgerExportAnswer,
    "ledger-entry": schemas.LedgerEntryAnswer,
    "retention": RetentionAnswer,
}


def schema_of(verb: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of what a verb prints with --json."""
    made = ANSWERS[verb].model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}
