"""What of a pause folder lies on the map, for those who may read the folder and nobody else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from attrs import field, frozen

from lull.domain.rights import Action
from lull.store import jobs, models
from lull.store.folders import READY, shown
from lull.store.kept import Store
from lull.store.principal import Seated


@frozen
class Laid:
    """The places of a folder, as `exchange.folder_places` gives them, with the folder's title."""

    folder: UUID
    title: str
    places: tuple[Mapping[str, Any], ...] = field(repr=False)


def laid_for(store: Store, seat: Seated) -> Laid | None:
    """The places of the newest folder that this one may read; None where there is none."""
    if not seat.may(Action.MAKE, "folder"):
        return None
    there = models.Folder.objects.filter(
        pause_id=seat.pause, state=READY, jobs__products__name=jobs.PLACES).defer("kept")
    for row in there.order_by("-at", "id"):
        if seat.may(Action.READ, "folder", jobs.relation(store, seat, row.by)):
            check = models.Job.objects.get(folder=row, products__name=jobs.PLACES)
            about = shown(store, row, findings=False)
            return Laid(row.pk, about.title or about.name, tuple(json.loads(
                jobs.product_of(store, check, jobs.PLACES))))
    return None
