"""The streets under a map: those of a pause folder, as tiles, for those who may be shown them.

Streets are public knowledge; which of them somebody has taken into a folder is not. Whoever may
read a folder sees all of its streets. Others who sit in the pause may see those of a coordinator's
folder around places that they see anyway, and the public sees none.
"""

from __future__ import annotations

from uuid import UUID

from attrs import field, frozen

from lull.domain.protocol import Role
from lull.domain.rights import Action
from lull.exchange.seal import open_bytes
from lull.exchange.tile_archive import Archive, read_archive
from lull.store import jobs, models
from lull.store.folders import READY
from lull.store.kept import Store
from lull.store.principal import Seated

MOST_OPEN = 4
"""Archives that a process keeps open, the last used: a few MB each, of public streets."""


@frozen
class Ground:
    """The streets of a folder for one reader; where not `whole`, only around what they see."""

    folder: UUID
    whole: bool
    archive: Archive = field(repr=False)


def ground_for(store: Store, seat: Seated) -> Ground | None:
    """The streets of the newest folder that this one may read, or else of a coordinator's."""
    if not seat.may(Action.READ, "streets"):
        return None
    there = models.Product.objects.filter(
        name=jobs.STREETS, job__folder__pause_id=seat.pause, job__folder__state=READY,
    ).order_by("-job__folder__at", "job__folder").values_list(
        "pk", "job__folder", "job__folder__by")
    others = None
    for product, folder, by in there:
        if seat.may(Action.READ, "folder", jobs.relation(store, seat, by)):
            return Ground(folder, True, _opened(store, product))
        if others is None and models.Seat.objects.filter(
                pause_id=seat.pause, member_id=by, role=Role.COORDINATOR.value).exists():
            others = (product, folder)
    return Ground(others[1], False, _opened(store, others[0])) if others else None


def _opened(store: Store, product: int) -> Archive:
    """An archive, out of memory where it was used before."""
    found = store.grounds.pop(product, None)
    if found is None:
        sealed = models.Product.objects.values_list("content", flat=True).get(pk=product)
        found = read_archive(open_bytes(bytes(sealed), secrets=[store.secrets.data.secret]))
    store.grounds[product] = found
    for old in list(store.grounds)[:-MOST_OPEN]:
        store.grounds.pop(old, None)
    return found
