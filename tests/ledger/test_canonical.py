"""The canonical form: RFC 8785 on fewer values, one way to write each, and no other read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lull.ledger.canonical import MOST, NotCanonical, canonical, read_canonical

texts = st.text(max_size=20)
keys = st.text(st.characters(max_codepoint=127), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-MOST, MOST) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


def by_hand(value: object) -> str:
    """RFC 8785, written again from its text: keys in order of UTF-16 units, its escapes."""
    if isinstance(value, dict):
        order = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{by_hand(k)}:{by_hand(value[k])}" for k in order) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(by_hand, value)) + "]"
    if isinstance(value, str):
        short = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"',
                 "\\": "\\\\"}
        return '"' + "".join(short.get(c) or (f"\\u{ord(c):04x}" if c < " " else c)
                             for c in value) + '"'
    return {None: "null", True: "true", False: "false"}[value] if value is None or isinstance(
        value, bool) else str(value)


@given(values)
def test_it_is_what_rfc_8785_says(value: object) -> None:
    assert canonical(value) == by_hand(value).encode("utf-8")


@given(values)
def test_it_comes_back_and_says_the_same(value: object) -> None:
    assert read_canonical(canonical(value)) == value
    assert json.loads(canonical(value)) == value


def test_the_string_of_rfc_8785_section_3_2_2_is_written_as_it_says_there() -> None:
    given_there = json.loads(r'"\u20ac$\u000F\u000aA' + "'" + r'\u0042\u0022\u005c\\\"\/"')
    assert canonical(given_there).decode() == r'"€$\u000f\nA' + "'" + r'B\"\\\\\"/"'


@pytest.mark.parametrize(
    "raw",
    [b' {"a":1}', b'{"a": 1}', b'{"b":1,"a":2}', b'{"a":1,"a":1}', b'{"a":1.0}', b'{"a":1e2}',
     b'{"a":-0}', b'{"a":01}', b'"\\u0041"', b'"\\/"', b'"\\u000A"', b"NaN", b"Infinity", b"",
     b"{", b"\xff", b'"\\ud800"', b'{"\xc3\xa9":1}', b"9007199254740992", b"[" * 5000,
     b'{"a":1}\n'],
)
def test_any_other_way_to_write_it_is_refused(raw: bytes) -> None:
    with pytest.raises(NotCanonical):
        read_canonical(raw)


@pytest.mark.parametrize("value", [1.5, float("nan"), MOST + 1, {"é": 1}, {1: 2}, "\ud800", b"a",
                                   object()], ids=lambda v: repr(v)[:12])
def test_a_value_without_a_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


def test_too_deep_a_value_is_refused_and_exhausts_nobody() -> None:
    deep: object = 1
    for _ in range(100):
        deep = [deep]
    with pytest.raises(NotCanonical, match="nested"):
        canonical(deep)
