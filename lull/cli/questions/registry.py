"""The verbs that ask a question: what each answers with, and how that is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import frozen

from lull.cli.questions import (
    asks,
    compare,
    extension,
    frontier,
    replan,
    sensitivity,
    shortest,
    stress,
    stress_told,
)
from lull.cli.questions.model import QuestionAnswer
from lull.domain.case import Case
from lull.report.told import Told


@frozen
class Question:
    """A verb, the form of its answers, and what puts one into sentences, tables and pictures.

    `told` takes the case on the answer's reading of the consents, and the answer.
    """

    verb: str
    kind: type[QuestionAnswer]
    told: Callable[[Case, Any], Told]


QUESTIONS = {q.verb: q for q in (
    Question("shortest", shortest.ShortestAnswer, shortest.told),
    Question("frontier", frontier.FrontierAnswer, frontier.told),
    Question("asks", asks.AsksAnswer, asks.told),
    Question("replan", replan.ReplanAnswer, replan.told),
    Question("extension", extension.ExtensionAnswer, extension.told),
    Question("compare", compare.CompareAnswer, compare.told),
    Question("stress", stress.StressAnswer, stress_told.told),
    Question("sensitivity", sensitivity.SensitivityAnswer, sensitivity.told),
)}  # fmt: skip
"""Every question by its verb, in the order in which a report lists them."""
