"""What is asked at the table, each question a function of the same name as its verb."""

from lull.questions.aim import Aim, AimKind
from lull.questions.asks import Asks, asks
from lull.questions.axes import Along, Axis
from lull.questions.compare import Comparison, Side, compare
from lull.questions.extension import Extension, extension
from lull.questions.frontier import Frontier, frontier
from lull.questions.replan import NewPlan, replan
from lull.questions.reports import Notified, Report
from lull.questions.shortest import Answer, shortest

__all__ = [
    "Aim", "AimKind", "Along", "Answer", "Asks", "Axis", "Comparison", "Extension", "Frontier",
    "NewPlan", "Notified", "Report", "Side", "asks", "compare", "extension", "frontier", "replan",
    "shortest",
]
