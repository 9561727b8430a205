"""Every message of the pages has Arabic, and what comes from below is known to the pages."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from lull.domain.protocol import TABLES, IllegalStep, Role
from lull.domain.records import RECEIPT_SENTENCE
from lull.web.pages.patterns import PATTERNS
from scripts import messages
from tests.store.kit import address

RECEIPT_SENTENCE_ARABIC = (
    "يؤكد الاستلام فقط؛ وليس إذنًا، ولا يقدّم أي ضمان، ولا يغيّر أي التزام بموجب قانون الحرب.")
LATIN = re.compile(r"[A-Za-z]{2,}")
APART = re.compile("\u2068.*?\u2069")


@pytest.fixture(autouse=True)
def in_arabic():
    address()  # Django is told of the catalogue with the store
    from django.utils import translation

    with translation.override("ar"):
        yield


def test_every_message_has_arabic_and_the_compiled_catalogue_is_of_today():
    done = CliRunner().invoke(messages.main, ["--check"])
    assert done.exit_code == 0, done.output


def test_a_message_without_arabic_or_with_another_slot_is_named():
    made = messages.catalogue()
    made.get("Due now").string = ""
    made.get("{0} is no figure.").string = "ليس رقمًا"
    assert messages.missing(made) == ["Due now"]
    assert messages.broken(made) == ["{0} is no figure."]


def test_texts_with_plurals_and_values_are_found_in_templates():
    text = ('{% translate "One" %}{% blocktranslate count n=n %}{{ n }} page{% plural %}{{ n }} '
            'pages{% endblocktranslate %}{% blocktranslate trimmed %}\n  a\n  b\n'
            '{% endblocktranslate %}')
    assert list(messages._in_template(text)) == ["One", ("%(n)s page", "%(n)s pages"), "a b"]


def test_each_sentence_of_refusal_that_people_meet_is_known_by_its_pattern():
    slots = re.compile(r"\{w?\d\}")
    known = {slots.sub("{}", one) for one in PATTERNS}
    met = [said for said, _ in messages.refusals() if "{" in said]
    assert len(met) > 20
    assert [said for said in met if slots.sub("{}", said) not in known] == []


def test_the_sentence_beside_receipts_is_the_one_that_recipients_read():
    from lull.web.pages.tags import say

    assert say(RECEIPT_SENTENCE) == RECEIPT_SENTENCE_ARABIC


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_an_illegal_step_is_told_in_arabic_with_nothing_english_left(table):
    from lull.web.pages.sentences import in_language

    told = 0
    for step in table.steps:
        for state in table.states:
            for role in Role:
                judged = table.judge([state], step.event, role, side="Party A", what="'N014'")
                if isinstance(judged, str):
                    continue
                said = in_language(str(IllegalStep(judged)))
                assert "Party A" in said
                assert not LATIN.search(APART.sub("", said)), said
                told += 1
    assert told


@pytest.mark.parametrize(("english", "inside"), [
    ("'x' is none of: email, radio.", ["'x'"]),
    ("The number of vehicles is 0; it must be a whole number of at least 1.", ["0", "1"]),
    ("In Asia/Gaza the clock is put forward or back around 2016-10-29T00:30; give this time in "
     "UTC.", ["Asia/Gaza", "2016-10-29T00:30"]),
    ("The question 'voluntary' cannot be waived by a party.", []),
])
def test_what_was_found_stands_apart_in_the_arabic_sentence(english, inside):
    from lull.web.pages.sentences import in_language

    said = in_language(english)
    assert [one[1:-1] for one in APART.findall(said)] == inside
    assert not LATIN.search(APART.sub("", said).replace("UTC", "")), said


def test_a_sentence_that_is_not_known_is_shown_as_it_is():
    from lull.web.pages.sentences import in_language

    assert in_language("Something new from below.") == "Something new from below."
