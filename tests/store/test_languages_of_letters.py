"""What a recipient is sent is in their language, and keeps its order wherever it is read."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lull.domain.records import payload
from lull.domain.records.notification import MovementNotification, SiteNotification
from lull.exchange.seal import open_bytes
from lull.store import notify
from lull.store.addressees import Addressee, set_addressee
from lull.store.bad_fields import BadFields
from lull.store.sending.email import Mail
from lull.store.sending.language import ARABIC, as_html, lines_of, said
from lull.store.sending.read_out import ReadOut
from lull.store.sending.transport import Parcel
from lull.store.sending.webhook import body_of
from lull.store.sending.words import changed_text, whole_text
from tests.ledger.kit import filled
from tests.store.kit import NOON, World, address
from tests.store.letters import Kept, begun, left, reachable, sent, told, version
from tests.store.test_transports import Inbox, certificate, inbox, server, trusting

__all__ = ["certificate", "inbox", "server"]
address()
BESIDE = "يؤكد الاستلام فقط؛ وليس إذنًا، ولا يقدّم أي ضمان، ولا يغيّر أي التزام بموجب قانون الحرب."
ENGLISH_BESIDE = "Confirms receipt; not permission"
LATIN = re.compile(r"[A-Za-z]{2,}")
ISOLATE = re.compile("[\u2066\u2068][^\u2066-\u2069]*\u2069")
EVERY = (("Party A", "email"), ("Party A", "file"), ("Party A", "webhook"), ("Party A", "radio"))


def in_language(world: World, language: str, **changes: Any) -> Kept:
    """A version that has left over every channel for a recipient of a language."""
    begun(world, *EVERY, **changes)
    for party, channel in EVERY:
        reachable(world, party, channel, language=language)
    left(world)
    kept = Kept()
    assert sent(world, kept) == len(EVERY)
    return kept


def bare(text: str) -> str:
    """A text without what was put into it and what turns it."""
    return ISOLATE.sub("", text)


def test_an_arabic_recipient_is_written_to_in_arabic_over_every_channel(world: World) -> None:
    kept = in_language(world, "ar", purpose="bread for N014", type="evacuation")
    for parcel in kept.had:
        text = parcel.payload.decode()
        assert parcel.languages == ("ar",)
        assert "الإخطار \u2066N1\u2069، النسخة \u20661\u2069" in text
        assert "الغرض: \u2066bread for N014\u2069" in text
        assert "النوع: \u2068الإجلاء\u2069" in text, "a choice is said in words"
        assert re.search("المغادرة، يغادر: \u20662016-10-20 \\d\\d:\\d\\d UTC\u2069", text)
        assert BESIDE in text
        assert ENGLISH_BESIDE not in text
        assert not LATIN.search(bare(text).replace("MGRS", "").replace("SHA", ""))
    records = told(world, "notification.transmit")
    assert {one["language"] for one in records} == {"ar"}
    assert {one["payload_sha256"] for one in records} == {
        sha256(one.payload).hexdigest() for one in kept.had}


def test_an_english_recipient_gets_no_arabic_and_an_unknown_one_gets_both(world: World) -> None:
    kept = in_language(world, "en", purpose="bread")
    assert all(BESIDE not in one.payload.decode() for one in kept.had)
    for party, channel in EVERY:
        reachable(world, party, channel, language="")
    world.write("alice", "notification.amend", wall="restricted",
                **version(2, *EVERY, purpose="flour"))
    left(world, "second")
    sent(world, both := Kept())
    for one in both.had:
        assert one.languages == ("en", "ar")
        english, arabic = one.payload.decode().split("\n\n* * *\n\n")
        assert "Purpose: bread -> now: flour" in english
        assert "الغرض: \u2066bread\u2069 ← أصبح الآن: \u2066flour\u2069" in arabic
        assert ENGLISH_BESIDE in english
        assert BESIDE in arabic
    assert {one["language"] for one in told(world, "notification.transmit")} == {"en", "en ar"}


def test_a_cancellation_is_told_to_each_in_their_language(world: World) -> None:
    a, b = ("Party A", "file"), ("Party B", "radio")
    begun(world, a, b)
    reachable(world, *b, language="ar")
    left(world)
    sent(world, Kept())
    notify.cancel(world.store, world.seat("alice"), "N1", "off", reason="the bridge is down")
    sent(world, kept := Kept())
    assert "is CANCELLED, as of version 2" in kept.texts["box-3"]
    assert "أُلغي الإخطار \u2066N1\u2069" in kept.texts["EAGLE 7"]
    assert "السبب المذكور: \u2066the bridge is down\u2069" in kept.texts["EAGLE 7"]
    assert "CANCELLED" not in kept.texts["EAGLE 7"]


def test_a_language_that_is_none_is_refused_at_its_field(world: World) -> None:
    with pytest.raises(BadFields) as wrong:
        set_addressee(world.store, world.seat("alice"), Addressee(
            "Party A", "email", "room@example.org", language="fr"))
    assert [one.field for one in wrong.value.errors] == ["language"]


@pytest.mark.parametrize("record", [MovementNotification, SiteNotification])
def test_every_field_and_choice_of_a_notification_has_its_arabic(record: Any) -> None:
    made = payload(filled(record))
    text = whole_text("N1", 1, made, ARABIC)
    for line in lines_of(text):
        name = bare(line).split(": ")[0]
        assert not LATIN.search(name.replace("MGRS", "").replace("SHA-256", "")), line
    assert len(lines_of(text)) > 30
    english = whole_text("N1", 1, dict(sorted(made.items())))
    if record is MovementNotification:
        assert english.index("Departure, place") < english.index("Arrival, place"), "as it is read"
    same = changed_text("N1", 2, made, 1, made, ARABIC)
    assert "لم يتغيّر شيء مما أُرسل إليكم." in same


# --- E-mail, over a real server and read by another parser


def mailed(inbox: Inbox, server: Any, certificate: Any, **changes: Any) -> EmailMessage:
    """What a mail server took of a parcel, read by the parser of `email.policy`."""
    text = whole_text("N1", 2, {"purpose": "إجلاء N014"}, ARABIC)
    made = Parcel(**{"once": "5f" * 32, "channel": "email", "version": 2,
                     "address": "room@example.org", "payload": text.encode(),
                     "link": "https://room.example.org/confirm/1.2.abc", "expires": NOON,
                     "languages": ("ar",), **changes})
    Mail(server, "desk@room.example.org", lambda: NOON, trusting(certificate)).send(made)
    read = message_from_bytes(inbox.mails[-1][0].as_bytes(), policy=default)
    assert read.defects == []
    return read


def part(mail: EmailMessage, kind: str) -> str:
    """A body of a mail."""
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def test_a_mail_in_arabic_says_so_in_its_headers_and_runs_from_the_right(
    inbox: Inbox, server: Any, certificate: Any
) -> None:
    mail = mailed(inbox, server, certificate)
    assert mail["Subject"] == "النسخة 2 بانتظاركم"
    assert mail["Content-Language"] == "ar"
    assert mail.get_content_type() == "multipart/alternative"
    plain, html = part(mail, "plain"), part(mail, "html")
    for line in plain.splitlines():
        if line and not line.startswith("https:"):
            assert line.startswith("\u200f\u2067"), line
            assert line.endswith("\u2069"), line
    assert "https://room.example.org/confirm/1.2.abc" in plain.splitlines()
    assert "\u20662016-10-20 12:00 UTC\u2069" in plain
    assert BESIDE in plain
    assert '<html lang="ar" dir="rtl">' in html
    assert '<bdi dir="ltr">2016-10-20 12:00 UTC</bdi>' in html
    assert '<bdi dir="auto">إجلاء N014</bdi>' in html
    assert f"<strong>{BESIDE}</strong>" in html
    asked = re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?([^"'>)]+)""", html)
    assert asked == ["https://room.example.org/confirm/1.2.abc"], "a mail fetches nothing"


def test_a_mail_in_both_languages_has_english_first_and_each_in_its_direction(
    inbox: Inbox, server: Any, certificate: Any
) -> None:
    text = "Purpose: bread\n\n* * *\n\n" + whole_text("N1", 2, {"purpose": "خبز"}, ARABIC)
    mail = mailed(inbox, server, certificate, languages=("en", "ar"), payload=text.encode())
    assert mail["Subject"] == "Version 2 awaits you / النسخة 2 بانتظاركم"
    assert mail["Content-Language"] == "en, ar"
    plain, html = part(mail, "plain"), part(mail, "html")
    assert 0 < plain.index(ENGLISH_BESIDE) < plain.index(BESIDE)
    assert plain.count("https://room.example.org/confirm/1.2.abc") == 2
    assert re.findall(r'<article class="" lang="(..)" dir="(...)">', html) == [
        ("en", "ltr"), ("ar", "rtl")]


@pytest.mark.parametrize("languages", [("en",), ("ar",), ("en", "ar")])
def test_a_mail_of_something_sealed_says_in_any_language_only_that_it_awaits(
    inbox: Inbox, server: Any, certificate: Any, languages: tuple[str, ...]
) -> None:
    mail = mailed(inbox, server, certificate, languages=languages, sealed=True,
                  payload=b"age-encryption canary")
    bodies = [str(one.get_content()) for one in mail.walk() if not one.is_multipart()]
    assert len(bodies) == (1 if languages == ("en",) else 2)
    for body in bodies:
        assert "canary" not in body
        assert "N1" not in body
        assert ("Version 2 awaits you." in body) == ("en" in languages)
        assert ("بانتظاركم." in body) == ("ar" in languages)


# --- Webhook and sheet


def test_a_webhook_says_in_which_languages_it_is_and_what_a_receipt_is_in_them(
    world: World
) -> None:
    import json

    kept = in_language(world, "ar")
    body = json.loads(body_of(next(one for one in kept.had if one.channel == "webhook")))
    assert body["languages"] == ["ar"]
    assert body["beside"] == BESIDE
    assert body["sha256"] == sha256(body["text"].encode()).hexdigest()


def test_a_sheet_in_arabic_is_spelt_in_arabic_with_a_column_each_for_receipt_and_permission(
    world: World, tmp_path: Path
) -> None:
    kept = in_language(world, "ar", call_sign="ALE-N014")
    ReadOut(tmp_path).send(next(one for one in kept.had if one.channel == "radio"))
    (file,) = tmp_path.iterdir()
    page = file.read_text(encoding="utf-8")
    assert page.startswith('<!doctype html>\n<html lang="ar" dir="rtl">')
    assert "ألفا ليما إيكو شرطة نوفمبر صفر واحد أربعة" in page
    assert re.search(r"\[اليوم اثنان صفر، الساعة [^\]]+\]", page)
    head = re.search(r"<thead>(.*?)</thead>", page, re.S)
    assert head is not None
    assert re.findall(r'<th scope="col">([^<]+)', head[1]) == ["تأكيد الاستلام", "الإذن"]
    assert BESIDE in head[1].split("الإذن")[0]
    visible = re.sub(r"<(style|title)>.*?</\1>|<[^>]+>", " ", page, flags=re.S)
    assert "Receipt" not in visible
    assert "READ OUT" not in visible


def test_where_no_language_is_known_a_sheet_is_two_sheets(world: World, tmp_path: Path) -> None:
    kept = in_language(world, "")
    ReadOut(tmp_path).send(next(one for one in kept.had if one.channel == "radio"))
    (file,) = tmp_path.iterdir()
    assert re.findall(r'<article class="sheet" lang="(..)"', file.read_text()) == ["en", "ar"]


def test_a_sealed_sheet_is_in_the_language_of_whoever_hears_it(world: World) -> None:
    to = ("Party A", "radio")
    begun(world, to, wall="sealed", sealed_to=("a",), purpose="canary 7731")
    reachable(world, *to, language="ar")
    left(world)
    sent(world, kept := Kept())
    opened = open_bytes(kept.had[0].payload, secrets=world.who("alice").reader.secrets).decode()
    assert '<article class="sheet" lang="ar" dir="rtl">' in opened
    assert "الغرض" in opened


# --- Whatever is put in


class Balance(HTMLParser):
    """Elements that were opened and not closed, and the text within."""

    def __init__(self) -> None:
        super().__init__()
        self.open, self.text, self.tags = 0, "", set[str]()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """One more."""
        self.open, self.tags = self.open + 1, self.tags | {tag}

    def handle_endtag(self, tag: str) -> None:
        """One less."""
        self.open -= 1
        assert self.open >= 0

    def handle_data(self, data: str) -> None:
        """Its text."""
        self.text += data


TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
TEXTS = st.text(st.one_of(st.sampled_from(TURNS + "<&>\"'%{}"), st.characters(
    codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp"))), max_size=30)


@given(TEXTS, TEXTS)
def test_no_value_can_end_its_isolate_or_the_element_made_of_it(one: str, other: str) -> None:
    line = said("%(before)s -> now: %(now)s", ARABIC, before=one, now=other)
    deep = 0
    for mark in line:
        deep += (mark in "\u2066\u2067\u2068") - (mark == "\u2069")
        assert 0 <= deep <= 1
    assert deep == 0
    html = Balance()
    html.feed(as_html(line))
    html.close()
    assert html.open == 0
    assert html.tags <= {"bdi"}
    assert html.text == line.translate(dict.fromkeys(map(ord, TURNS)))
    for value in (one, other):
        assert value.translate(dict.fromkeys(map(ord, TURNS))) in html.text
