"""What is asked at the table, each question a function of the same name as its verb."""

from lull.questions.aim import Aim, AimKind
from lull.questions.asks import Asks, asks
from lull.questions.axes import Along, Axis
from lull.questions.compare import Comparison, Side, compare
from lull.questions.days import NAMED, NamedPolicy, named
from lull.questions.extension import Extension, extension
from lull.questions.frontier import Frontier, frontier
from lull.questions.ladder import PlanFor, plan_for
from lull.questions.margined import Margined, with_margins
from lull.questions.replan import NewPlan, replan
from lull.questions.reports import Notified, Report
from lull.questions.sensitivity import Sensitivity, sensitivity
from lull.questions.shortest import Answer, shortest
from lull.questions.stress import Stress, stress
from lull.questions.sweep import Place, Swept, sweep

__all__ = [
    "NAMED", "Aim", "AimKind", "Along", "Answer", "Asks", "Axis", "Comparison", "Extension",
    "Frontier", "Margined", "NamedPolicy", "NewPlan", "Notified", "Place", "PlanFor", "Report",
    "Sensitivity", "Side", "Stress", "Swept", "asks", "compare", "extension", "frontier", "named",
    "plan_for", "replan", "sensitivity", "shortest", "stress", "sweep", "with_margins",
]
