"""What is asked at the table, each question a function of the same name as its verb."""

from lull.questions.aim import Aim, AimKind
from lull.questions.asks import Asks, asks
from lull.questions.compare import Comparison, Side, compare
from lull.questions.shortest import Answer, shortest

__all__ = [
    "Aim", "AimKind", "Answer", "Asks", "Comparison", "Side", "asks", "compare", "shortest",
]
