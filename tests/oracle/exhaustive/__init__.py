"""The best that can be done in a tiny pause, by trying everything and asking the rules.

Nothing of the planner is used: only the description of the case, `lull.domain.rules.judge` as the
referee and `lull.domain.worth` as the measure. `rounds` lists what a team of vehicles may drive
at which slots, `loads` who may ride, `parties` who goes on foot or by car, `writing` writes a
whole plan of it, and `search` goes through all of them and keeps the best that the rules accept.
"""

from tests.oracle.exhaustive.front import Found, Point
from tests.oracle.exhaustive.search import everything

__all__ = ["Found", "Point", "everything"]
