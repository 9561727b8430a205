"""Who uses what: people, the vehicles that may carry them, the corridors that are open to them.

Patients of any status use the vehicles and corridors of the wounded.
"""

from __future__ import annotations

from lull.domain.corridor import User
from lull.domain.fleet import Use
from lull.domain.people import Category

SERVES = {
    Use.PASSENGERS: User.CIVILIANS,
    Use.WOUNDED: User.WOUNDED,
    Use.FIGHTERS: User.FIGHTERS,
    Use.AID: User.AID,
}
"""The corridor user that a vehicle's use serves."""

USER_OF = {
    Category.CIVILIANS: User.CIVILIANS,
    Category.FIGHTERS: User.FIGHTERS,
    Category.PATIENTS: User.WOUNDED,
}
"""As whom a group's people pass a corridor."""

USE_OF = {
    Category.CIVILIANS: Use.PASSENGERS,
    Category.FIGHTERS: Use.FIGHTERS,
    Category.PATIENTS: Use.WOUNDED,
}
"""The use that a vehicle needs to carry a group's people."""
