"""Local times that exist, on both changeover days, in zones that change oddly."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scheduler.clock import QuietHours, local_instant, utc_now

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(
    [
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",  # changes by half an hour
        "Asia/Kolkata",  # never changes
        "Pacific/Apia",  # skipped 2011-12-30
        "America/Sao_Paulo",  # changed at midnight
        "America/Santiago",  # changes at midnight
        "America/St_Johns",  # changed at one past midnight
        "Africa/Casablanca",  # changes around Ramadan
    ]
).map(ZoneInfo)
DAYS = st.dates(date(2005, 1, 1), date(2035, 12, 31))
TIMES = st.times()
MOMENTS = st.datetimes(datetime(2005, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
QUIET = st.builds(QuietHours, st.times(), st.times())


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        ("Europe/Berlin", "2026-03-30", "00:30", "2026-03-29T22:30"),  # CronTrigger skips this one
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:00"),  # in the gap: 03:00 summer time
        ("Europe/Berlin", "2026-03-29", "03:00", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30"),  # twice: the first
        ("America/New_York", "2026-03-08", "02:00", "2026-03-08T07:00"),
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30"),
        ("America/Sao_Paulo", "2018-11-04", "00:00", "2018-11-04T03:00"),  # no midnight that day
        ("America/Santiago", "2026-09-06", "00:20", "2026-09-06T04:00"),
        ("Pacific/Apia", "2011-12-30", "12:00", "2011-12-30T10:00"),  # no such day
        ("Asia/Kolkata", "2026-03-29", "08:30", "2026-03-29T03:00"),
    ],
)
def test_local_times_that_are_skipped_or_come_twice(zone, day, at, expected):
    instant = local_instant(date.fromisoformat(day), time.fromisoformat(at), ZoneInfo(zone))

    assert instant == utc(expected)
    assert instant.tzinfo is UTC


@given(DAYS, TIMES, ZONES)
@example(date(2011, 12, 30), time(12), ZoneInfo("Pacific/Apia"))
def test_a_local_time_is_shown_or_was_skipped_and_then_is_the_change_itself(day, at, zone):
    instant = local_instant(day, at, zone)
    shown = instant.astimezone(zone).replace(tzinfo=None)
    wanted = datetime.combine(day, at)

    if shown != wanted:
        just_before = (instant - timedelta(microseconds=1)).astimezone(zone).replace(tzinfo=None)
        assert just_before < wanted < shown


@given(DAYS, TIMES, TIMES, ZONES)
def test_local_times_keep_their_order(day, one, other, zone):
    earlier, later = sorted((one, other))
    assert local_instant(day, earlier, zone) <= local_instant(day, later, zone)


@pytest.mark.parametrize(
    ("local", "quiet", "until"),
    [
        ("2026-07-01T20:59:59", False, None),
        ("2026-07-01T21:00", True, "2026-07-02T08:00"),
        ("2026-07-02T07:59:59", True, "2026-07-02T08:00"),
        ("2026-07-02T08:00", False, None),
        ("2026-03-28T23:00", True, "2026-03-29T08:00"),  # a night of ten hours
        ("2026-10-24T23:00", True, "2026-10-25T08:00"),  # and one of twelve
    ],
)
def test_the_usual_night(local, quiet, until):
    instant = datetime.fromisoformat(local).replace(tzinfo=BERLIN)
    allowed = instant if until is None else datetime.fromisoformat(until).replace(tzinfo=BERLIN)

    assert QuietHours().holds(instant, BERLIN) is quiet
    assert QuietHours().next_allowed(instant, BERLIN) == allowed


def test_quiet_hours_within_a_day_and_none_at_all():
    noon = utc("2026-07-01T12:00")

    assert QuietHours(time(12), time(15)).next_allowed(noon, ZoneInfo("UTC")) == utc("2026-07-01T15:00")
    assert not QuietHours(time(16), time(18)).holds(noon, ZoneInfo("UTC"))
    assert not QuietHours(time(12), time(12)).holds(noon, ZoneInfo("UTC"))


def test_a_night_is_one_stretch_also_when_the_clock_on_the_wall_goes_back_over_its_beginning():
    zone = ZoneInfo("America/Sao_Paulo")  # 2018-02-18 00:00 became 2018-02-17 23:00
    second_2310 = utc("2018-02-18T02:10")

    assert second_2310.astimezone(zone).replace(tzinfo=None) == datetime(2018, 2, 17, 23, 10)  # noqa: DTZ001
    assert QuietHours(time(23, 30), time(8)).holds(second_2310, zone)


@given(QUIET, MOMENTS, ZONES)
@example(QuietHours(), utc("2011-12-30T09:00"), ZoneInfo("Pacific/Apia"))
@example(QuietHours(time(2, 20), time(2, 10)), utc("2026-03-28T12:00"), BERLIN)
def test_the_next_allowed_moment_is_not_quiet_and_all_before_it_is(quiet, instant, zone):
    allowed = quiet.next_allowed(instant, zone)

    assert not quiet.holds(allowed, zone)
    assert allowed >= instant
    assert (allowed == instant) is not quiet.holds(instant, zone)
    for share in (0.25, 0.5, 0.75):
        between = instant + (allowed - instant) * share
        assert between == allowed or quiet.holds(between, zone)


@given(st.datetimes(datetime(2026, 7, 1), datetime(2026, 7, 31)), QUIET)  # noqa: DTZ001
def test_on_days_without_a_change_the_clock_on_the_wall_decides(wall, quiet):
    at = wall.time()
    over_midnight = quiet.end < quiet.start
    expected = (at >= quiet.start or at < quiet.end) if over_midnight else quiet.start <= at < quiet.end

    assert quiet.holds(wall.replace(tzinfo=BERLIN), BERLIN) is expected


def test_now_is_aware_utc():
    assert utc_now().tzinfo is UTC
