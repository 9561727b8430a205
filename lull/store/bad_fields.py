"""What is wrong with what somebody sent, each error at its field."""

from __future__ import annotations

from collections.abc import Iterable

from lull.domain.records.form import FieldError
from lull.domain.refusal import Refusal


class BadFields(Refusal):
    """What was sent is not right; `errors` has each error at its field."""

    def __init__(self, errors: Iterable[FieldError]) -> None:
        self.errors = tuple(errors)
        super().__init__(" ".join(f"{e.field}: {e.sentence}" for e in self.errors))
