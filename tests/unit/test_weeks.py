"""ISO weeks in a person's zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.errors import UsageError
from coach.weeks import IsoWeek, day_of

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("2026-W45", (2026, 45)),
        ("2026W45", (2026, 45)),
        (" 2026-W45 ", (2026, 45)),
        ("2026-w45", (2026, 45)),
        ("2026-11-08", (2026, 45)),
        ("2026-11-09", (2026, 46)),
        ("2026-W53", (2026, 53)),
        ("2027-01-01", (2026, 53)),
        ("2024-12-30", (2025, 1)),
    ],
)
def test_a_week_is_named_by_itself_or_by_a_day_of_it(text: str, week: tuple[int, int]) -> None:
    assert IsoWeek.parse(text) == IsoWeek(*week)


@pytest.mark.parametrize(
    "text",
    ["", "next", "2026-W54", "2025-W53", "2026-W00", "2026-02-30", "2026-W4", "0000-W01"],
)
def test_what_is_no_week_says_how_one_is_written(text: str) -> None:
    with pytest.raises(UsageError, match="2026-W45"):
        IsoWeek.parse(text)


@pytest.mark.parametrize("text", ["9999-W52", "2150-W01", "2127-01-01", "1899-12-31", "0001-01-01"])
def test_a_week_of_another_time_is_said_to_be_one(text: str) -> None:
    with pytest.raises(UsageError, match=f"'{text}' is no week of our time"):
        IsoWeek.parse(text)


@given(st.dates(date(1990, 1, 1), date(2126, 1, 1)))
def test_weeks_follow_each_other(day: date) -> None:
    week = IsoWeek.of(day)
    assert day in week.days
    assert week.days[0] == week.monday
    assert week.days[-1] == week.sunday
    assert week.monday.weekday() == 0
    assert week.next.previous == week
    assert week.previous < week < week.next
    assert week.next.monday == week.sunday + timedelta(days=1)
    assert IsoWeek.parse(str(week)) == week


@pytest.mark.parametrize(
    ("week", "start", "hours"),
    [
        (IsoWeek(2026, 13), datetime(2026, 3, 22, 23, tzinfo=UTC), 167),  # to 29 March
        (IsoWeek(2026, 14), datetime(2026, 3, 29, 22, tzinfo=UTC), 168),
        (IsoWeek(2026, 43), datetime(2026, 10, 18, 22, tzinfo=UTC), 169),  # to 25 October
        (IsoWeek(2026, 44), datetime(2026, 10, 25, 23, tzinfo=UTC), 168),
    ],
)
def test_a_week_is_from_local_midnight_to_local_midnight(week: IsoWeek, start: datetime, hours: int) -> None:
    assert week.starts_at(BERLIN) == start
    assert week.ends_at(BERLIN) - week.starts_at(BERLIN) == timedelta(hours=hours)
    assert week.ends_at(BERLIN) == week.next.starts_at(BERLIN)


@pytest.mark.parametrize(
    ("started_at", "day"),
    [
        ("2026-11-05T02:59:59+00:00", date(2026, 11, 4)),  # 03:59:59 in Berlin
        ("2026-11-05T03:00:00+00:00", date(2026, 11, 5)),
        ("2026-11-04T23:30:00+00:00", date(2026, 11, 4)),  # 00:30
        # 29 March: 01:59 is followed by 03:00; four o'clock comes an hour early.
        ("2026-03-29T00:59:00+00:00", date(2026, 3, 28)),
        ("2026-03-29T01:59:59+00:00", date(2026, 3, 28)),
        ("2026-03-29T02:00:00+00:00", date(2026, 3, 29)),
        # 25 October: 02:59 is followed by 02:00; four o'clock comes an hour late.
        ("2026-10-25T00:30:00+00:00", date(2026, 10, 24)),
        ("2026-10-25T01:30:00+00:00", date(2026, 10, 24)),
        ("2026-10-25T02:59:59+00:00", date(2026, 10, 24)),
        ("2026-10-25T03:00:00+00:00", date(2026, 10, 25)),
    ],
)
def test_a_session_before_four_belongs_to_the_day_before(started_at: str, day: date) -> None:
    assert day_of(datetime.fromisoformat(started_at), BERLIN) == day


def test_the_day_is_that_of_the_person_s_zone() -> None:
    at = datetime(2026, 11, 5, 12, tzinfo=UTC)
    assert day_of(at, ZoneInfo("Pacific/Auckland")) == date(2026, 11, 5)  # 01:00 on the 6th
    assert day_of(at, ZoneInfo("America/Los_Angeles")) == date(2026, 11, 5)
    assert day_of(at, ZoneInfo("Pacific/Kiritimati")) == date(2026, 11, 5)  # 02:00 on the 6th
