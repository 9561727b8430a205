"""Finished points of a frontier in a folder, so that one that was interrupted goes on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import frozen
from pydantic import TypeAdapter, ValidationError

from lull.cli.questions.kept import program
from lull.cli.writing import PRIVATE
from lull.domain.case import Case
from lull.exchange import BadPlan, read_plan
from lull.exchange.atomic import write_whole
from lull.exchange.plan_write import plan_file
from lull.plan.proof.evidence import About, By, Evidence, Proof
from lull.questions.frontier import Measure, Planned

FORM = "lull frontier point 1"
_PRICES = TypeAdapter(dict[str, float])


@frozen
class Points:
    """A shelf in a folder; `asked` is all that a point depends on beside its own values.

    A file that is damaged, or was written by another version of the program, is taken for none.
    Files can be read by their owner alone: they hold plans.
    """

    folder: Path
    asked: Mapping[str, object]

    def _file(self, at: tuple[int, ...]) -> Path:
        what = json.dumps([dict(self.asked), list(at), program()], sort_keys=True)
        return self.folder / f"frontier-point-{hashlib.sha256(what.encode()).hexdigest()[:32]}.json"

    def find(self, at: tuple[int, ...], case: Case) -> Planned | None:
        """The point if it is there."""
        file = self._file(at)
        try:
            body = json.loads(file.read_bytes())
            if body["form"] != FORM:
                return None
            plan = read_plan(file, case, raw=json.dumps(body["plan"]).encode())
            return Planned(
                at, plan, _measures(body["moved"]), _measures(body["most"]),
                tuple(map(str, body["limits"])), str(body["refused"]),
                Proof(tuple(_evidence(e) for e in body["proof"])), tuple(map(str, body["rows"])))
        except (OSError, ValueError, KeyError, TypeError, ValidationError, BadPlan):
            return None

    def keep(self, planned: Planned, case: Case) -> None:
        """Put a finished point there, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        body = {
            "form": FORM,
            "at": list(planned.at),
            "moved": {m.value: x for m, x in planned.moved.items()},
            "most": {m.value: x for m, x in planned.most.items()},
            "limits": list(planned.limits),
            "refused": planned.refused,
            "proof": [{"about": e.about.value, "by": e.by.name, "value": e.value,
                       "prices": dict(e.duals)} for e in planned.proof.evidence],
            "rows": list(planned.rows),
            "plan": plan_file(planned.plan, case).model_dump(mode="json"),
        }
        write_whole(self._file(planned.at), json.dumps(body, ensure_ascii=False), PRIVATE)


def _measures(of: Mapping[str, Any]) -> dict[Measure, float]:
    return {m: float(of[m.value]) for m in Measure}


def _evidence(of: Mapping[str, Any]) -> Evidence:
    return Evidence(About(of["about"]), None, (), By[of["by"]], float(of["value"]),
                    _PRICES.validate_python(of["prices"]))
