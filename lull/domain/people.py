"""Who waits where, with what need, and who wishes to leave. Counts only; never a name."""

from __future__ import annotations

from enum import StrEnum

from attrs import field, frozen

from lull.domain.refusal import require, require_one_of, require_whole


class Need(StrEnum):
    """What a person needs on the way."""

    WALKING = "walking"
    SEATED = "seated"
    STRETCHER = "stretcher"
    CRITICAL = "critical"


PATIENTS = frozenset({Need.STRETCHER, Need.CRITICAL})


class Means(StrEnum):
    """How people can leave."""

    TRANSPORT = "needs_transport"
    OWN_CAR = "own_car"
    ON_FOOT = "on_foot"


class Category(StrEnum):
    """Civilians or fighters; patients have none, and no medical record ever has."""

    CIVILIANS = "civilians"
    FIGHTERS = "fighters"
    PATIENTS = "patients"


@frozen
class Group:
    """People who wait at one place with one need.

    `count` is all of them and `wishing` those who wish to leave (whole persons, companions
    included); `households` is how many households of each size wish to leave, so that
    Σ size × number = `wishing`. A household of a patients' group is one patient with
    size − 1 companions, who sit. `destinations` are site ids allowed or chosen (empty: any).
    `unaccompanied` says that this is a group of unaccompanied children, who travel only to a
    site with a receiving organisation. `persons_per_car` is for people with their own car.
    """

    id: str
    site: str
    count: int
    wishing: int
    households: dict[int, int]
    need: Need = Need.SEATED
    category: Category = Category.CIVILIANS
    means: Means = Means.TRANSPORT
    neighbourhood: str = ""
    destinations: tuple[str, ...] = ()
    unaccompanied: bool = False
    hospital_level: int = 0
    persons_per_car: int = 0
    wish_source: str = ""
    wish_assumed: bool = False
    source: str = ""
    note: str = field(default="")

    def __attrs_post_init__(self) -> None:
        where = f"Group {self.id!r}"
        require(bool(self.id), "A group of people has no id.")
        require_whole(self.count, f"{where}: the count of people")
        require_whole(self.wishing, f"{where}: those who wish to leave")
        require(
            self.wishing <= self.count,
            f"{where}: {self.wishing} wish to leave but only {self.count} are there.",
        )
        require_one_of(self.need, Need, f"{where}: need")
        require_one_of(self.means, Means, f"{where}: means")
        for size, number in self.households.items():
            require_whole(size, f"{where}: a household's size", least=1)
            require_whole(number, f"{where}: the number of households of {size}")
        total = sum(size * number for size, number in self.households.items())
        require(
            total == self.wishing,
            f"{where}: the households hold {total} persons but {self.wishing} wish to leave.",
        )
        require(
            (self.need in PATIENTS) == (self.category is Category.PATIENTS),
            f"{where}: patients have no other category, and others are not patients.",
        )
        require(
            self.need not in PATIENTS or self.means is Means.TRANSPORT,
            f"{where}: patients on stretchers need transport.",
        )
        require(
            self.means is not Means.OWN_CAR or self.persons_per_car >= 1,
            f"{where} has its own cars; say how many persons go in one.",
        )

    @property
    def patients(self) -> int:
        """How many of those who wish to leave lie on a stretcher: one a household."""
        return sum(self.households.values()) if self.need in PATIENTS else 0

    @property
    def is_medical(self) -> bool:
        """Whether these are patients with their companions."""
        return self.need in PATIENTS
