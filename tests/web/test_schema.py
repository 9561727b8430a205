"""Whatever is sent to whichever operation by whoever: no fault, and nothing undocumented.

schemathesis makes requests from the API's own document, right ones and wrong ones, for each role.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from lull.web.application import Application
from tests.store.kit import World
from tests.web.kit import caller

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance,
          response_schema_conformance]
PEOPLE = ["alice", "olga", "paul", "mona", "fred", ""]
EXAMPLES = {"alice": 4}
FEWEST = 2
"""A mode, an operation and a role; 42 operations and 6 roles make some 1,200 requests."""


def _real(case: Any, known: dict[str, str]) -> None:
    """Put names of what is there in place of made-up ones, so that more than a 404 is reached."""
    for name, value in dict(case.path_parameters or {}).items():
        try:
            UUID(str(value))
        except ValueError:
            if name != "entry":
                continue
        case.path_parameters[name] = known.get(name, value)


@pytest.mark.parametrize("name", PEOPLE, ids=lambda name: name or "public")
def test_no_request_is_a_fault_and_no_answer_is_undocumented(world: World, name: str) -> None:
    entry = caller(world, "olga").write("incident.allege", "I1", wall="sealed", to=("a",)).json()
    known = {"pause": str(world.pause), "entry": entry["hash"]}
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", Application(world.store))
    tried = set()
    for found in schema.get_all_operations():
        operation = found.ok()
        tried.add(operation.label)
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            _try(world, name, operation, mode, known)
    assert len(tried) > 40


def _token(world: World, name: str) -> str:
    """A person's token; a fresh one after an operation that ended their session."""
    from lull.store.signin import NotSignedIn

    try:
        return caller(world, name).token
    except NotSignedIn:
        del world.tokens[name]
        return caller(world, name).token


def _try(world: World, name: str, operation: Any, mode: Any, known: dict[str, str]) -> None:
    from lull.store import models

    strategy = operation.as_strategy(generation_mode=mode)

    @given(data=st.data())
    @settings(max_examples=EXAMPLES.get(name, FEWEST), deadline=None, database=None,
              derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    def run(data: st.DataObject) -> None:
        case = data.draw(strategy)
        _real(case, known)
        models.Throttle.objects.all().delete()
        headers = {}
        if name:
            headers["Authorization"] = f"Bearer {_token(world, name)}"
        case.call_and_validate(headers=headers, checks=CHECKS)

    try:
        run()
    except Unsatisfiable:  # nothing can be sent wrongly where nothing is sent
        assert mode is GenerationMode.NEGATIVE
        assert not operation.body
