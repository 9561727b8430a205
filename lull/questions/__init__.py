"""What is asked at the table, each question a function of the same name as its verb."""

from lull.questions.aim import Aim, AimKind
from lull.questions.days import NAMED, NamedPolicy, named
from lull.questions.ladder import PlanFor, plan_for
from lull.questions.margined import Margined, with_margins
from lull.questions.sensitivity import Sensitivity, sensitivity
from lull.questions.shortest import Answer, shortest
from lull.questions.stress import Stress, stress

__all__ = [
    "NAMED", "Aim", "AimKind", "Answer", "Margined", "NamedPolicy", "PlanFor", "Sensitivity",
    "Stress", "named", "plan_for", "sensitivity", "shortest", "stress", "with_margins",
]
