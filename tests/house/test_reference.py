"""The reference that is committed is the one that the code makes now."""

from __future__ import annotations

import jsonschema
import pytest

from lull.cli.published import ANSWERS, schema_of
from scripts.reference import REFERENCE, ROOT, pages


def test_every_page_of_the_reference_is_current() -> None:
    stale = [
        str(path.relative_to(ROOT))
        for path, text in pages().items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    assert not stale, "make schemas"


def test_no_schema_is_left_from_a_verb_that_is_gone() -> None:
    on_disk = {path.name.removesuffix(".schema.json") for path in REFERENCE.glob("schemas/*.json")}
    assert on_disk >= set(ANSWERS)
    assert on_disk <= {path.name.removesuffix(".schema.json") for path in pages()}


@pytest.mark.parametrize("verb", ANSWERS)
def test_each_schema_is_a_schema_and_says_what_its_fields_are(verb: str) -> None:
    schema = schema_of(verb)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["description"].endswith((".", ")"))
    assert schema["additionalProperties"] is False
