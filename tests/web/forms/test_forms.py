"""What a form is filled in with comes back as it was; what is typed is read as it is meant."""

from __future__ import annotations

from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lull.domain.records import RECORDS, payload
from lull.store.addressees import SENT_OVER
from lull.web.forms.fields import Field, Kind, fields_of_record
from lull.web.forms.filled import (
    blank,
    of_payload,
    of_post,
    paths,
    payload_of,
    times_wrong,
    told,
)
from lull.web.pages.zones import Clock, NoSuchTime, instant_of
from tests.ledger.kit import filled
from tests.store.kit import address

address()  # Django is told of its templates with the store
DAMASCUS = Clock("Asia/Damascus")
QUIETLY = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=15)


class Inputs(HTMLParser):
    """What a browser would send of a form, as a list of names and values."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sent: list[tuple[str, str]] = []
        self._select = self._area = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attributes}
        if tag == "input" and (of.get("type") != "checkbox" or "checked" in of):
            self.sent.append((of["name"], of.get("value", "")))
        elif tag == "select":
            self._select = of["name"]
        elif tag == "option" and self._select and "selected" in of:
            self.sent.append((self._select, of["value"]))
        elif tag == "textarea":
            self._area, self._text = of["name"], []

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            text = "".join(self._text)
            text = text.removeprefix("\n")  # which a browser drops behind the tag
            self.sent.append((self._area, text.replace("\n", "\r\n")))
            self._area = ""
        elif tag == "select":
            self._select = ""


def posted(form: Any, language: str = "en") -> Any:
    """A form as a browser shows and sends it."""
    from django.http import QueryDict
    from django.template.loader import render_to_string
    from django.utils import translation

    page = Inputs()
    with translation.override(language):
        for one in form:
            page.feed(render_to_string("room/field.html", {"one": one}))
    made = QueryDict(mutable=True)
    for name, value in page.sent:
        made.appendlist(name, value)
    return made


def there_and_back(fields: Any, node: Any, zone: Clock = DAMASCUS, language: str = "en") -> Any:
    """A payload through a form, a page and a browser."""
    form = of_payload(fields, node, zone)
    return payload_of(of_post(fields, posted(form, language)), zone.zone)


@pytest.mark.parametrize("only_required", [False, True], ids=["full", "least"])
@pytest.mark.parametrize("name", RECORDS)
def test_each_record_comes_through_its_form_as_it_was(name: str, only_required: bool) -> None:
    node = payload(filled(RECORDS[name], only_required=only_required))
    node.pop("record")
    assert node
    assert there_and_back(fields_of_record(RECORDS[name]), node) == node
    assert there_and_back(fields_of_record(RECORDS[name]), node, Clock("UTC"), "ar") == node


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")),
                min_size=1, max_size=30).map(str.strip).filter(bool)
LINES = {"\r", "\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"}
TIMES = st.datetimes(datetime(2016, 5, 1), datetime(2016, 9, 30), timezones=st.just(UTC)).map(
    lambda t: t.replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ"))
"""Of a summer in which no clock of Damascus is moved."""


def values(field: Field) -> Any:
    """What a field may hold in a payload."""
    if field.constant:
        return st.just(field.constant)
    return {
        Kind.LINE: TEXTS, Kind.TICK: st.just(True), Kind.TIME: TIMES,
        Kind.TEXT: st.lists(TEXTS, min_size=1, max_size=3).map("\n".join),
        Kind.INTEGER: st.sampled_from([0, 1, -1]) | st.integers(-10**9, 10**9),
        Kind.FIGURE: st.integers(-10**6, 10**6).map(str),
        Kind.CHOICE: st.sampled_from(field.choices or ("",)),
        Kind.LINES: st.lists(TEXTS, min_size=1, max_size=3),
        Kind.CHOICES: st.lists(st.sampled_from(field.choices or ("",)), min_size=1, unique=True
                               ).map(lambda some: [c for c in field.choices if c in some]),
        Kind.GROUP: st.deferred(lambda: nodes(field.fields)),
        Kind.GROUPS: st.deferred(lambda: st.lists(nodes(field.fields), min_size=1, max_size=2)),
    }[field.kind]


def nodes(fields: tuple[Field, ...]) -> Any:
    """Payloads in which any of the fields are filled, and at least one."""
    made = {field.name: values(field) for field in fields if not field.constant}
    some = st.fixed_dictionaries({}, optional=made).filter(bool)
    constants = {field.name: field.constant for field in fields if field.constant}
    return some.map(lambda node: node | constants)


@pytest.mark.parametrize("name", ["movement_notification", "pause_terms", "incident", "delivery"])
@QUIETLY
@given(data=st.data())
def test_whatever_a_payload_holds_comes_through_its_form_as_it_was(name: str, data: Any) -> None:
    fields = fields_of_record(RECORDS[name])
    node = data.draw(nodes(fields))
    assert there_and_back(fields, node) == node


def test_groups_in_which_nothing_stands_are_dropped_and_those_behind_them_move_up() -> None:
    from django.http import QueryDict

    fields = fields_of_record(RECORDS["movement_notification"])
    post = QueryDict(mutable=True)
    post.update({"f.vehicles.count": "3", "f.vehicles.1.type": " ", "f.vehicles.2.type": "bus",
                 "f.vehicles.2.number": "٣", "f.vehicles.3.type": ""})
    form = of_post(fields, post)
    assert payload_of(form, "UTC") == {"vehicles": [{"type": "bus", "number": 3}]}
    assert "f.vehicles.1.number" in set(paths(form))
    assert "f.vehicles.2.number" not in set(paths(form))


def test_an_optional_place_with_nothing_but_its_fixed_datum_is_not_there() -> None:
    fields = fields_of_record(RECORDS["incident"])
    form = blank(fields)
    assert payload_of(of_post(fields, posted(form)), "UTC") == {}


@pytest.mark.parametrize("figures", ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"], ids=["arabic", "persian"])
@given(number=st.integers(0, 10**12), cents=st.integers(1, 9))
def test_arabic_and_persian_figures_are_read(figures: str, number: int, cents: int) -> None:
    from django.http import QueryDict

    written = str(number).translate(str.maketrans("0123456789", figures))
    figure = f"{written}٫{figures[cents]}"
    post = QueryDict(mutable=True)
    post.update({"f.lines.count": "1", "f.lines.1.planned": written, "f.lines.1.unit_kg": figure})
    made = payload_of(of_post(fields_of_record(RECORDS["delivery"]), post), "UTC")
    assert made == {"lines": [{"planned": number, "unit_kg": f"{number}.{cents}"}]}


@pytest.mark.parametrize("local", ["2016-03-25T00:30", "2016-10-27T23:30"],
                         ids=["skipped in spring", "twice in autumn"])
def test_a_time_that_the_clock_skips_or_shows_twice_is_told_at_its_field(local: str) -> None:
    from django.http import QueryDict

    fields = fields_of_record(RECORDS["statement"])
    post = QueryDict(mutable=True)
    post["f.published_at"] = local
    form = of_post(fields, post)
    [(path, sentence)] = times_wrong(form, "Asia/Damascus")
    assert path == "f.published_at"
    assert "give this time in UTC" in sentence
    assert list(times_wrong(form, "UTC")) == []
    assert payload_of(form, "UTC") == {"published_at": f"{local}:00Z"}


@given(at=st.datetimes(datetime(2016, 1, 1), datetime(2017, 1, 1), timezones=st.just(UTC)),
       zone=st.sampled_from(["Asia/Damascus", "Africa/Khartoum", "Asia/Gaza", "UTC"]))
def test_a_local_time_is_read_as_the_instant_that_it_shows_or_refused(at: datetime, zone: str
                                                                      ) -> None:
    at = at.replace(microsecond=0)
    try:
        read = instant_of(Clock(zone).field(at), zone)
    except NoSuchTime:
        return
    assert read == at.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_the_channels_that_one_chooses_for_a_recipient_are_those_with_a_transport() -> None:
    [recipients] = [f for f in fields_of_record(RECORDS["movement_notification"])
                    if f.name == "recipients"]
    [channel] = [f for f in recipients.fields if f.name == "channel"]
    assert channel.choices == tuple(one.value for one in SENT_OVER)


def test_a_choice_that_is_not_offered_any_more_is_kept_and_not_lost() -> None:
    fields = fields_of_record(RECORDS["movement_notification"])
    node = {"recipients": [{"party": "Party A", "channel": "courier"}]}
    assert there_and_back(fields, node) == node


def test_an_error_stands_at_its_field_and_opens_what_is_folded() -> None:
    from django.template.loader import render_to_string

    fields = fields_of_record(RECORDS["incident"])
    form = blank(fields)
    place = next(one for one in form if one.field.name == "place")
    inner = next(one for one in place.groups[0] if one.field.kind is Kind.GROUP)
    path = inner.groups[0][0].path
    assert "<details open" not in render_to_string("room/field.html", {"one": place})
    [wrong] = [one for one in told(form, {path: ["This must be filled."]})
               if one.field.name == "place"]
    page = render_to_string("room/field.html", {"one": wrong})
    assert page.count("This must be filled.") == 1
    assert f'aria-describedby="{path.replace(".", "-")}-wrong' in page
    assert 'open>' in page


def test_every_field_of_every_record_can_be_filled_in() -> None:
    met = 0
    for record in RECORDS.values():
        for field in attrs.fields(record):
            assert any(field.name == one.name for one in fields_of_record(record))
            met += 1
    assert met > 200
