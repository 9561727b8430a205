"""What a report is given on its way to a browser: the questions that are accepted as open."""

from __future__ import annotations

import pytest

from lull.domain.records.readiness import Question
from lull.ledger.protection import AcceptedOpen
from lull.store.told import accepted_of
from lull.web.report_page import report_page
from tests.store.kit import World

PAGE = b"<html><body><main id='main'><p>figures</p></main><footer>end</footer></body></html>"
ONE = AcceptedOpen("P2", Question.INFORMED, "Asked <again> at noon",
                   "head of office, OCHA", "coordinator", "ab" * 32)


def test_what_is_accepted_as_open_stands_at_the_end_of_the_report_with_its_reason() -> None:
    page = report_page(PAGE, [ONE]).content.decode()
    assert page.index("figures") < page.index("Asked &lt;again&gt; at noon") < page.index("</main>")
    assert "head of office, OCHA" in page
    assert "P2" in page
    assert page.endswith("<footer>end</footer></body></html>")


def test_a_report_with_nothing_accepted_is_as_it_was_made() -> None:
    assert report_page(PAGE).content == PAGE
    assert report_page(b"no main part", [ONE]).content == b"no main part"


@pytest.mark.parametrize(("name", "reasons"), [
    ("alice", {"for all", "for the own side"}), ("adam", {"for all", "for the own side"}),
    ("olga", {"for all"}), ("paul", {"for all"}), ("mona", {"for all"})])
def test_only_acceptances_that_the_reader_may_read_are_printed_for_them(
    world: World, name: str, reasons: set[str]
) -> None:
    for question, reason, wall in (("informed", "for all", "public"),
                                   ("family_unity", "for the own side", "restricted")):
        world.write("alice", "protection_answer", "P2", question=question, answer=None,
                    answered_by_function="head of office", waived_by="coordinator",
                    waiver_reason=reason, wall=wall)
    assert {one.reason for one in accepted_of(world.store, world.seat(name))} == reasons


def test_it_may_stand_in_a_frame_of_a_page_that_asks_for_isolation() -> None:
    headers = report_page(PAGE).headers
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
