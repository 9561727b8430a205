"""Minutes, UTC and local time agree, a clock change included."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lull.domain.refusal import Refusal
from lull.domain.time import Clock, Estimate, Window

ALEPPO = "Asia/Damascus"
NIGHT = Clock(datetime(2016, 10, 27, 19, 0, tzinfo=UTC), ALEPPO)
"""22:00 on the evening before clocks went back from UTC+3 to UTC+2 at midnight of 28 October."""

ZONES = st.sampled_from([ALEPPO, "Europe/Kyiv", "Asia/Kathmandu", "America/St_Johns", "UTC"])
INSTANTS = st.datetimes(datetime(2011, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@given(INSTANTS, ZONES, st.integers(-20_000, 20_000))
def test_a_minute_goes_to_utc_and_local_and_back(
    origin: datetime, zone: str, minute: int
) -> None:
    clock = Clock(origin, zone)
    assert clock.minute(clock.utc(minute)) == minute
    assert clock.minute(clock.local(minute)) == minute
    assert clock.local(minute) == clock.utc(minute)
    assert clock.utc(minute) - origin == timedelta(minutes=minute)


@given(st.integers(0, 59))
def test_seconds_fall_into_the_minute_that_has_begun(second: int) -> None:
    clock = Clock(datetime(2016, 10, 20, 5, tzinfo=UTC), ALEPPO)
    assert clock.minute(datetime(2016, 10, 20, 5, 7, second, tzinfo=UTC)) == 7
    assert clock.minute(datetime(2016, 10, 20, 4, 59, second, tzinfo=UTC)) == -1


def test_local_time_repeats_an_hour_when_clocks_go_back() -> None:
    """22:00, 23:00, and 23:00 once more: midnight became 23:00 again; minute 180 is midnight."""
    assert [NIGHT.hhmm(m) for m in (0, 60, 119, 120, 179, 180)] == [
        "22:00", "23:00A", "23:59A", "23:00B", "23:59B", "00:00+1"]


def test_local_time_skips_an_hour_when_clocks_go_forward() -> None:
    """Kyiv, 27 March 2022: 02:59 is followed by 04:00."""
    clock = Clock(datetime(2022, 3, 27, 0, 0, tzinfo=UTC), "Europe/Kyiv")
    assert [clock.hhmm(m) for m in (0, 59, 60)] == ["02:00", "02:59", "04:00"]


def test_days_are_counted_from_the_first() -> None:
    clock = Clock(datetime(2016, 10, 20, 5, tzinfo=UTC), ALEPPO)
    assert clock.hhmm(0) == "08:00"
    assert clock.hhmm(16 * 60 - 1) == "23:59"
    assert clock.hhmm(16 * 60) == "00:00+1"
    assert clock.hhmm(-8 * 60 - 1) == "23:59-1"
    assert clock.hhmm(30 * 24 * 60) == "07:00+30", "an hour back since the clocks went back"


def test_an_origin_is_in_utc() -> None:
    plus3 = timezone(timedelta(hours=3))
    for wrong in (datetime(2016, 10, 20, 8), datetime(2016, 10, 20, 8, tzinfo=plus3),
                  datetime(2016, 10, 20, 8, tzinfo=ZoneInfo(ALEPPO))):
        with pytest.raises(Refusal, match="must be in UTC"):
            Clock(wrong, ALEPPO)


def test_a_time_without_a_zone_has_no_minute() -> None:
    with pytest.raises(Refusal, match="has no time zone"):
        NIGHT.minute(datetime(2016, 10, 28, 1))


@pytest.mark.parametrize(("low", "likely", "high"), [(5, 4, 6), (4, 6, 5), (-1, 0, 1), (9, 9, 8)])
def test_an_estimate_rises_and_is_not_negative(low: int, likely: int, high: int) -> None:
    with pytest.raises(Refusal, match="must rise from low to high"):
        Estimate(low, likely, high)


def test_one_figure_stands_for_all_three() -> None:
    assert Estimate.of(7) == Estimate(7, 7, 7)


@pytest.mark.parametrize(("opens", "closes"), [(10, 10), (10, 9)])
def test_a_window_closes_after_it_opens(opens: int, closes: int) -> None:
    with pytest.raises(Refusal, match=r"closes .* before it opens"):
        Window(opens, closes, "first day")


@given(st.integers(0, 50), st.integers(1, 50), st.integers(-10, 110), st.integers(0, 50))
def test_a_window_holds_what_lies_between_its_ends(
    opens: int, minutes: int, start: int, length: int
) -> None:
    window = Window(opens, opens + minutes)
    assert window.minutes == minutes
    inside = all(opens <= m <= opens + minutes for m in range(start, start + length + 1))
    assert window.holds(start, start + length) == inside
    assert window.holds(start) == (opens <= start <= opens + minutes)


def test_the_hour_that_comes_twice_is_marked() -> None:
    """Berlin, 25 October 2026: the clock goes back from 03:00 to 02:00 at 01:00 UTC."""
    clock = Clock(datetime(2026, 10, 24, 23, 0, tzinfo=UTC), "Europe/Berlin")
    said = [clock.hhmm(minute) for minute in (59, 60, 115, 120, 127, 179, 180)]
    assert said == ["01:59", "02:00A", "02:55A", "02:00B", "02:07B", "02:59B", "03:00"]
