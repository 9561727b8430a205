"""Local times, UTC and the days on which clocks change.

The days are facts: Syria set its clocks back from 24:00 to 23:00 on 27 October 2016 and forward
from 00:00 to 01:00 on 25 March 2016; Germany from 03:00 to 02:00 on 30 October 2016.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lull.domain.time import Clock, Window
from lull.exchange.cells import (
    Unexpected,
    hours,
    instants,
    merged,
    minute_of,
    naive,
    one_instant,
)
from tests.exchange.kit import Folder

DAMASCUS = "Asia/Damascus"
EIGHT = Clock(datetime(2016, 10, 20, 5, 0, tzinfo=UTC), DAMASCUS)


def windows(start: str, end: str, zone: str = DAMASCUS, more: str = "") -> Folder:
    folder = Folder().text("pause.yaml", "time_zone: Asia/Amman ", f"time_zone: {zone} ")
    folder.text("pause.yaml", "notice_at: 2026-05-03 18:00 ", "x_notice: 1 ")
    folder.text("pause.yaml", "    from_utc: 2026-05-04 05:00\n", more)
    folder.text("pause.yaml", "    to_utc: 2026-05-04 09:00\n", "")
    folder.text("pause.yaml", "from: 2026-05-04 08:00", f"from: {start}")
    return folder.text("pause.yaml", "  to: 2026-05-04 12:00", f"  to: {end}")


def test_october_in_aleppo_is_three_hours_ahead_of_utc() -> None:
    case = windows("2016-10-20 08:00", '"19:00"').read().case
    assert case is not None
    assert case.pause.clock.utc(0) == datetime(2016, 10, 20, 5, 0, tzinfo=UTC)
    assert case.pause.windows == (Window(0, 660, "the morning"),)


def test_a_time_that_is_skipped_is_refused() -> None:
    errors = windows("2016-03-25 00:30", "2016-03-25 09:00").read().errors
    assert [f.column for f in errors] == ["windows.1.from"]
    assert "jumps over 2016-03-25 00:30" in errors[0].sentence


def test_a_time_that_comes_twice_is_refused_unless_utc_says_which() -> None:
    errors = windows("2016-10-27 23:30", "2016-10-28 09:00").read().errors
    assert "comes twice" in errors[0].sentence
    for utc, minutes in (("2016-10-27 20:30", 630), ("2016-10-27 21:30", 570)):
        case = windows("2016-10-27 23:30", "2016-10-28 09:00",
                       more=f"    from_utc: {utc}\n").read().case
        assert case is not None
        assert case.pause.windows[0].minutes == minutes


def test_a_clock_change_inside_a_window_is_a_warning_with_the_true_length() -> None:
    reading = windows("2016-10-27 20:00", "2016-10-28 06:00").read()
    assert reading.case is not None
    assert reading.case.pause.windows[0].minutes == 11 * 60
    found = [f for f in reading.warnings if f.check == "clock change"]
    assert len(found) == 1
    assert "11 h 00 min" in found[0].sentence


def test_local_against_utc_is_an_error_that_says_both() -> None:
    errors = windows("2016-10-20 08:00", '"19:00"',
                     more="    from_utc: 2016-10-20 06:00\n").read().errors
    assert [f.check for f in errors] == ["local against UTC"]
    assert "2016-10-20 09:00" in errors[0].sentence
    assert "05:00 UTC" in errors[0].expected


@pytest.mark.parametrize("text", ["2016-10-20 05:00", "2016-10-20T05:00Z", "2016-10-20 05:00 UTC",
                                  "2016-10-20 05:00:00+00:00"])
def test_utc_may_be_marked_as_such(text: str) -> None:
    assert windows("2016-10-20 08:00", '"19:00"', more=f"    from_utc: {text}\n").read().ok


def test_windows_must_stand_in_order_and_apart() -> None:
    folder = Folder().text(
        "pause.yaml", "notice_at", "  - {name: b, from: 2026-05-04 11:00, to: '13:00'}\nnotice_at")
    assert "opens before the window" in folder.read().errors[0].sentence


@given(st.datetimes(datetime(1990, 1, 1), datetime(2035, 1, 1)),
       st.sampled_from(["Asia/Damascus", "Europe/Berlin", "America/St_Johns", "UTC",
                        "Australia/Lord_Howe", "Asia/Kathmandu"]))
def test_an_instant_is_one_of_the_meanings_of_its_own_local_time(
    moment: datetime, zone: str
) -> None:
    moment = moment.replace(second=0, microsecond=0, tzinfo=UTC)
    local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    found = instants(local, zone)
    assert moment in found
    assert len(found) <= 2
    if len(found) == 1:
        assert one_instant(local, zone) == moment


@given(st.integers(-3000, 3000))
def test_a_local_time_is_read_back_as_its_minute(minute: int) -> None:
    assert minute_of(f"{EIGHT.local(minute):%Y-%m-%d %H:%M}", EIGHT) == minute


def test_a_time_alone_is_of_the_first_day() -> None:
    assert minute_of("08:00", EIGHT) == 0
    assert minute_of("07:30", EIGHT) == -30
    assert minute_of("24:00", EIGHT) == 960
    assert minute_of("06:00+1", EIGHT) == 1320
    assert minute_of("٠٨:٣٠", EIGHT) == 30


@pytest.mark.parametrize("text", ["8", "08.00", "08:60", "24:01", "2016-10-20", "0016-01-01 08:00x",
                                  "9999-12-31 24:00", "", "08:00+", "2016-13-01 08:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(Unexpected):
        naive(text, date(2016, 10, 20))


def test_hours_without_a_date_hold_every_day_and_join_at_midnight() -> None:
    assert hours("08:00-18:00", EIGHT, 1500)[1:] == (Window(0, 600), Window(1440, 2040))
    assert hours("00:00-24:00", EIGHT, 1500) == (Window(-1920, 2400),)
    assert hours("20:00-06:00", EIGHT, 600)[1] == Window(720, 1320)


def test_hours_with_a_date_hold_once() -> None:
    assert hours("2016-10-20 09:00 - 2016-10-20 11:00|2016-10-20 13:00-15:00", EIGHT, 660) == (
        Window(60, 180), Window(300, 420))


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 90))))
def test_merged_spells_cover_the_same_minutes_and_stand_apart(
    spells: list[tuple[int, int]],
) -> None:
    found = merged([(start, start + length) for start, length in spells])
    covered = {m for start, length in spells for m in range(start, start + length)}
    assert {m for w in found for m in range(w.opens, w.closes)} == covered
    assert all(a.closes < b.opens for a, b in pairwise(found))


def test_one_of_opens_and_closes_is_not_enough() -> None:
    errors = Folder().set("sites", "school", opens="08:00").read().errors
    assert "hours" in {f.check for f in errors}
    case = Folder().set("sites", "school", opens="08:00", closes="09:30").read().case
    assert case is not None
    assert Window(0, 90) in case.sites["school"].open_hours


def test_hours_are_right_on_the_day_after_a_clock_change() -> None:
    """Opening at 08:00 is 25 hours after 08:00 of the day before."""
    clock = Clock(datetime(2016, 10, 27, 5, 0, tzinfo=UTC), DAMASCUS)
    opens = [w.opens for w in hours("08:00-18:00", clock, 1500)]
    assert opens[1:] == [0, 25 * 60]
    assert clock.utc(25 * 60) - clock.utc(0) == timedelta(hours=25)
