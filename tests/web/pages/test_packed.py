"""A page that is compressed once is, for each who asks, what it would be compressed anew."""

from __future__ import annotations

import gzip
import zlib

from hypothesis import given
from hypothesis import strategies as st

from lull.web.pages.packed import MOST_RANDOM_BYTES, Packed

NAMES = ("(one)", "(two)")
text = st.text(max_size=300)


@given(parts=st.lists(st.tuples(text, st.sampled_from(NAMES)), max_size=6), last=text,
       values=st.tuples(text, text))
def test_it_opens_to_the_text_with_its_values(
    parts: list[tuple[str, str]], last: str, values: tuple[str, str]
) -> None:
    whole = "".join(before + name for before, name in parts) + last
    given_values = dict(zip(NAMES, values, strict=True))
    packed = Packed.of(whole, NAMES)
    filled = "".join(t + given_values.get(n, "") for t, n in zip(
        packed.texts, (*packed.names, ""), strict=True))
    assert gzip.decompress(packed.gzip(given_values)).decode() == filled
    assert not any(name in t for t in packed.texts for name in NAMES)


def test_what_is_put_in_is_not_compressed_with_what_stands_around_it() -> None:
    secret = "5e11" * 16
    packed = Packed.of(f"guess {secret} (one) and {secret} again", NAMES)
    plain = packed.gzip({"(one)": secret})
    assert secret.encode() in plain  # as it is, so that no guess makes it shorter
    other = packed.gzip({"(one)": secret[::-1]})
    assert abs(len(plain) - len(other)) <= MOST_RANDOM_BYTES


def test_its_length_is_another_each_time() -> None:
    packed = Packed.of("the same page (one)", NAMES)
    lengths = {len(packed.gzip({"(one)": "x"})) for _ in range(50)}
    assert len(lengths) > 10
    assert max(lengths) - min(lengths) < MOST_RANDOM_BYTES


def test_it_is_about_as_small_as_compressed_in_one_go() -> None:
    page = "".join(f"<tr><td>N{at}</td><td>submitted</td></tr>\n" for at in range(300))
    packed = Packed.of("<form>(one)</form>" + page, NAMES).gzip({"(one)": "5e11" * 16})
    assert len(packed) < len(zlib.compress(page.encode())) + 400
