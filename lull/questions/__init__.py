"""What is asked at the table, each question a function of the same name as its verb."""

from lull.questions.aim import Aim, AimKind
from lull.questions.shortest import Answer, shortest

__all__ = ["Aim", "AimKind", "Answer", "shortest"]
