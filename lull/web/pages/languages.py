"""The languages of the pages, and how one is chosen: by its reader, else by the browser."""

from __future__ import annotations

from attrs import frozen
from django.http import HttpRequest
from django.utils import translation

LANGUAGE = "lull-language"


@frozen
class Language:
    """A language: its code, its own name, and the direction in which it runs."""

    code: str
    name: str
    direction: str


LANGUAGES = (Language("en", "English", "ltr"), Language("ar", "العربية", "rtl"))
BY_CODE = {one.code: one for one in LANGUAGES}


def language_of(request: HttpRequest) -> Language:
    """The language of a request."""
    chosen = BY_CODE.get(request.COOKIES.get(LANGUAGE, ""))
    if chosen is not None:
        return chosen
    for wanted in request.headers.get("Accept-Language", "").split(","):
        code = wanted.partition(";")[0].strip().partition("-")[0].lower()
        if code in BY_CODE:
            return BY_CODE[code]
    return LANGUAGES[0]


def other_than(language: Language) -> tuple[Language, ...]:
    """The languages that one may change to."""
    return tuple(one for one in LANGUAGES if one != language)


def using(language: Language) -> translation.override:
    """Within this, words are those of a language."""
    return translation.override(language.code)
