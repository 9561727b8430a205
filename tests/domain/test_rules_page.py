"""The page on the rules says what the code does now."""

from __future__ import annotations

import re

from lull.domain.rules import RULES
from scripts.rules_reference import HEADINGS, PAGE, page


def test_the_page_that_is_committed_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make schemas"


def test_the_page_has_every_rule_once_under_what_it_is_about() -> None:
    text = page()
    assert re.findall(r"^### `(\w+)`$", text, re.MULTILINE) == [rule.name for rule in RULES]
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == [
        HEADINGS[about] for about in dict.fromkeys(rule.about for rule in RULES)
    ]
