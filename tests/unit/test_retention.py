"""How long a month is: never shorter than its person would say."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.retention import Unit, cut

ZONES = ("Europe/Berlin", "Pacific/Kiritimati", "Etc/GMT+12", "America/St_Johns", "Australia/Lord_Howe", "UTC")
moments = st.timedeltas(timedelta(0), timedelta(days=84_000)).map(
    lambda since: datetime(1971, 1, 1, tzinfo=UTC) + since
)
months = st.integers(1, 1_200)


@pytest.mark.parametrize(
    ("now", "amount", "before"),
    [
        ("2026-03-31T12:00+00:00", 1, "2026-02-28T00:00+00:00"),  # no 31 February
        ("2024-03-31T12:00+00:00", 1, "2024-02-29T00:00+00:00"),
        ("2026-01-15T00:00+00:00", 1, "2025-12-15T00:00+00:00"),
        ("2026-12-01T23:59+00:00", 12, "2025-12-01T00:00+00:00"),
        ("2026-03-29T01:30+01:00", 1, "2026-02-28T00:00+00:00"),  # the clock goes forward in Berlin; 29 March of UTC
        ("2026-10-25T02:30+01:00", 6, "2026-04-25T00:00+00:00"),  # and back
        ("2026-06-01T00:30+02:00", 1, "2026-04-30T00:00+00:00"),  # still 31 May of UTC
    ],
)
def test_months_are_the_calendars(now, amount, before):
    assert cut(datetime.fromisoformat(now), amount, Unit.MONTHS) == datetime.fromisoformat(before)


def test_nothing_is_too_old_for_ever_and_a_day_is_a_day_on_changeover_days_too():
    berlin = ZoneInfo("Europe/Berlin")
    for now in (datetime(2026, 3, 30, 1, 30, tzinfo=berlin), datetime(2026, 10, 26, 1, 30, tzinfo=berlin)):
        assert cut(now, 0, Unit.MONTHS) is cut(now, 0, Unit.DAYS) is None
        assert now.astimezone(UTC) - cut(now, 1, Unit.DAYS) == timedelta(days=1)


@given(now=moments, amount=months, came=moments, name=st.sampled_from(ZONES))
def test_nothing_goes_before_as_many_months_have_passed_where_its_person_lives(now, amount, came, name):
    before = cut(now, amount, Unit.MONTHS)
    if came >= before:
        return
    zone = ZoneInfo(name)
    there, then = now.astimezone(zone).date(), came.astimezone(zone).date()
    passed = (there.year - then.year) * 12 + there.month - then.month
    last_of_month = (there + timedelta(days=1)).month != there.month
    assert passed > amount or (passed == amount and (there.day >= then.day or last_of_month))


@given(now=moments, amount=months, later=st.timedeltas(timedelta(0), timedelta(days=4000)))
def test_what_has_gone_stays_gone_and_all_goes_in_the_end(now, amount, later):
    assert cut(now, amount, Unit.MONTHS) <= cut(now + later, amount, Unit.MONTHS)
    assert cut(now, amount, Unit.MONTHS) > now - timedelta(days=31 * amount + 1)
