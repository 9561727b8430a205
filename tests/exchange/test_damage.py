"""A file that is cut, scrambled or made by chance is a sentence or the right reading."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lull.exchange.cells import Unexpected, read_cell
from lull.exchange.finding import Findings
from lull.exchange.new import template_sheets
from lull.exchange.raw import package
from lull.exchange.raw.encoding import Undecodable, decode
from lull.exchange.raw.grid import read_csv
from lull.exchange.raw.tree import flatten, read_yaml
from lull.exchange.raw.workbook import read_workbook
from lull.exchange.reading import Reading
from lull.exchange.schema.column import Column
from lull.exchange.schema.folder import TABLES
from lull.exchange.write.workbook import workbook_bytes
from tests.exchange.kit import Folder, read_files, template

FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True, scope="module")
def pause_read_once() -> Iterator[None]:
    """While another file is damaged the pause stays as it is; to read it again and again would take
    two thirds of the time."""
    whole, read = template()["pause.yaml"], package.read_yaml
    said = Findings()
    node = read(whole, "pause.yaml", said)
    assert not said.in_order()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(package, "read_yaml", lambda raw, file, findings: (
            node if raw == whole else read(raw, file, findings)))
        yield


def is_honest(reading: Reading) -> bool:
    """There is a case, or an error that says why not; and every finding is a sentence."""
    said = all(f.sentence.strip() and f.file for f in reading.findings)
    return said and (reading.ok != bool(reading.errors))


def check_cut(name: str, at: int) -> None:
    """A file cut at a byte is refused, or doubted, or was cut between two rows."""
    files = template()
    whole = files[name]
    files[name] = whole[:at]
    reading = read_files(files)
    assert is_honest(reading), (name, at)
    if reading.ok and not any(f.file == name for f in reading.findings):
        assert whole[:at].endswith(b"\n"), (name, at)


def cuts(whole: bytes) -> list[int]:
    """Every fifth byte, and each that is beside a comma, a quotation mark or the end of a row."""
    near = {at + by for at, byte in enumerate(whole) if byte in b',"\n' for by in (0, 1)}
    return sorted(near | set(range(0, len(whole), 5)))


@pytest.mark.slow
@pytest.mark.parametrize("name", template())
def test_a_file_cut_at_any_byte_is_a_sentence_or_ends_between_two_rows(name: str) -> None:
    for at in cuts(template()[name]):
        check_cut(name, at)


def test_a_cell_cut_short_is_doubted() -> None:
    files = template()
    at = files["people.csv"].index(b"700") + 1
    files["people.csv"] = files["people.csv"][:at]
    assert {f.check for f in read_files(files).findings if f.file == "people.csv"} >= {"cut off"}


def test_a_letter_cut_in_two_is_not_taken_for_another_script() -> None:
    folder = Folder().set("sites", "school", name="ساحة المدرسة")
    raw = folder.files["sites.csv"]
    folder.files["sites.csv"] = raw[: raw.index("المدرسة".encode()) + 1]
    errors = [f for f in folder.read().errors if f.file == "sites.csv"]
    assert [f.check for f in errors] == ["encoding"]
    assert "cut off" in errors[0].sentence


def test_a_byte_turned_over_in_arabic_text_is_not_taken_for_another_script() -> None:
    folder = Folder().set("sites", "school", name="ساحة المدرسة الكبيرة في المدينة القديمة")
    raw = bytearray(folder.files["sites.csv"])
    raw[raw.index("المدرسة".encode())] = 0xFF
    folder.files["sites.csv"] = bytes(raw)
    errors = [f for f in folder.read().errors if f.file == "sites.csv"]
    assert [f.check for f in errors] == ["encoding"]
    assert "damaged" in errors[0].sentence


@FEW
@given(st.sampled_from(sorted(template())), st.binary(max_size=400))
def test_random_bytes_in_place_of_a_file(name: str, raw: bytes) -> None:
    assert is_honest(read_files({**template(), name: raw}))


@FEW
@given(st.sampled_from(sorted(template())), st.text(max_size=300))
def test_random_text_in_place_of_a_file(name: str, text: str) -> None:
    raw = text.encode("utf-8", errors="surrogatepass")
    assert is_honest(read_files({**template(), name: raw}))


@FEW
@given(st.data())
def test_random_bytes_within_a_file(data: st.DataObject) -> None:
    files = template()
    name = data.draw(st.sampled_from(sorted(files)))
    raw = files[name]
    at = data.draw(st.integers(0, len(raw)))
    files[name] = raw[:at] + data.draw(st.binary(max_size=30)) + raw[at:]
    assert is_honest(read_files(files))


WILD = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["", "NaN", "inf", "-1", "1e99", "0", "|", ":", "1:1|1:1", "-", "#", '"', "\0",
                     "2016-10-20 08:00", "08:00-18:00", "24:00", "٣٠", "true", "yes", "out|in",
                     "school", "bridge@inside", "1/2/3", "9" * 400, "=1+1", "--", "+", "%", "1%"]),
)


@FEW
@given(st.data())
def test_wild_cells(data: st.DataObject) -> None:
    folder = Folder()
    for _ in range(data.draw(st.integers(1, 4))):
        table = data.draw(st.sampled_from([t.name for t in TABLES]))
        lines = folder.lines(table)
        head = folder.head(table)
        row = data.draw(st.integers(head, len(lines) - 1))
        lines[row] = lines[row] or [""]
        column = data.draw(st.integers(0, len(lines[row]) - 1))
        lines[row][column] = data.draw(WILD)
        folder.put(table, [[c.replace("\0", "") for c in line] for line in lines])
    assert is_honest(folder.read())


@given(WILD, st.sampled_from([c for table in TABLES for c in table.columns]), st.booleans())
@settings(max_examples=400, deadline=None)
def test_a_cell_is_read_or_refused(text: str, column: Column, decimal_comma: bool) -> None:
    expected = "a value"
    try:
        read_cell(text, column, decimal_comma=decimal_comma)
    except Unexpected as error:
        expected = error.expected
    assert expected.strip()


YAML = st.recursive(
    WILD | st.none() | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["title", "windows", "from", "to", "parties", "id", "tiers",
                                       "rules", "weights", "consents", "breaks", "1", "x"]),
                      inner, max_size=4),
    max_leaves=12,
)


@FEW
@given(st.dictionaries(st.sampled_from(["title", "place", "time_zone", "windows", "parties",
                                        "consents", "rules", "tiers", "travel", "sources",
                                        "sides", "mines_override", "people_inside", "notice_at"]),
                       YAML, max_size=6))
def test_wild_keys_of_the_pause(tree: dict[str, object]) -> None:
    raw = json.dumps(tree, ensure_ascii=True).encode()  # JSON is YAML
    assert is_honest(read_files({**template(), "pause.yaml": raw + b"\n"}))


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 5_000,
        b"{a: " * 2_000,
        b"a: &a [1, 1]\nb: &b [*a, *a]\nc: &c [*b, *b]\n" * 1,
        b"x: &x [%s]\ny: &y [%s]\nz: [%s]\n" % (b"1, " * 300, b"*x, " * 300, b"*y, " * 300),
        b"a: !!python/object/apply:os.system [ls]\n",
        b"? [complex]\n: 1\n",
        b"- just\n- a list\n",
        b"text\n",
        b"a: 'never closed\n",
        b"\ttabs: 1\n",
        b"---\na: 1\n---\nb: 2\n",
        b"%YAML 9.9\n---\na: 1\n",
        b"a: 2016-99-99\n",
    ],
    ids=range(13),
)
def test_hostile_yaml_is_a_sentence(raw: bytes) -> None:
    reading = read_files({**template(), "pause.yaml": raw})
    assert reading.case is None
    assert any(f.file == "pause.yaml" for f in reading.errors)


GEO = [b"", b"{", b"[]", b"null", b'{"type": "FeatureCollection"}', b"[" * 100_000,
       b'{"type": "FeatureCollection", "features": [1, null, {}]}',
       b'{"type": "FeatureCollection", "features": [{"properties": {"kind": "line"}, "geometry": '
       b'{"type": "LineString", "coordinates": [[NaN, 1], [2, 3]]}}]}',
       b'{"type": "FeatureCollection", "features": [{"properties": {"kind": "line"}, "geometry": '
       b'{"type": "LineString", "coordinates": [[200, 1], [2, 3]]}}]}',
       b'{"type": "FeatureCollection", "features": [{"properties": {"kind": "closed"}, '
       b'"geometry": {"type": "LineString", "coordinates": "no"}}]}',
       b'{"type": "FeatureCollection", "features": [{"properties": {"kind": "slowed", "factor": 0,'
       b' "way_ids": [1]}, "geometry": null}]}',
       b'{"type": "FeatureCollection", "features": [{"properties": {"kind": "closd", '
       b'"way_ids": [1]}, "geometry": null}]}',
       b'{"type": "FeatureCollection", "features": [{"properties": {"kind": "closed", '
       b'"way_ids": ["x", true]}, "geometry": null}]}']


@pytest.mark.parametrize("name", ["routes.geojson", "closures.geojson"])
@pytest.mark.parametrize("raw", GEO, ids=range(len(GEO)))
def test_hostile_geojson_is_a_sentence(name: str, raw: bytes) -> None:
    reading = read_files({**template(), name: raw})
    assert is_honest(reading)
    assert any(f.file == name for f in reading.errors)


@FEW
@given(st.binary(max_size=200), st.sampled_from(["routes.geojson", "closures.geojson"]))
def test_random_geojson(raw: bytes, name: str) -> None:
    assert is_honest(read_files({**template(), name: raw}))


@cache
def book() -> bytes:
    """One workbook for all draws, as its bytes hold the time at which it was made."""
    return workbook_bytes(template_sheets())


@FEW
@given(st.data())
def test_a_damaged_workbook_is_a_sentence_or_read(data: st.DataObject) -> None:
    raw = bytearray(book())
    if data.draw(st.booleans()):
        raw = raw[: data.draw(st.integers(0, len(raw)))]
    for _ in range(data.draw(st.integers(0, 3))):
        if raw:
            raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    assert is_honest(read_files({"pause.xlsx": bytes(raw)}))


def test_a_workbook_that_would_fill_the_memory_is_refused() -> None:
    import io
    import zipfile

    from lull.exchange.raw import workbook

    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(workbook.MOST_BYTES_UNPACKED // 10_000_000 + 1):
            part.write(b"0" * 10_000_000)
    findings = Findings()
    assert len(out.getvalue()) < 1_000_000
    assert read_workbook(out.getvalue(), "x.xlsx", findings) is None
    assert [f.check for f in findings.found] == ["too large"]


@given(st.binary(max_size=300))
def test_bytes_are_decoded_or_refused(raw: bytes) -> None:
    said = "Read."
    try:
        assert "\0" not in decode(raw).text
    except Undecodable as error:
        said = str(error)
    assert said.endswith(".")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_utf_8_is_never_mistaken(text: str) -> None:
    assert decode(text.encode()).text == text.removeprefix("\ufeff")


@FEW
@given(st.binary(max_size=300))
def test_a_table_of_random_bytes(raw: bytes) -> None:
    findings = Findings()
    assert read_csv(raw, "x.csv", {"id"}, findings) is not None or findings.errors


@FEW
@given(st.binary(max_size=300))
def test_yaml_of_random_bytes(raw: bytes) -> None:
    findings = Findings()
    node = read_yaml(raw, "pause.yaml", findings)
    assert findings.errors or node is not None
    if node is not None:
        assert all(isinstance(text, str) for _, text in flatten(node))
