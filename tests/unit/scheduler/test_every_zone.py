"""Every zone of tzdata over two years: around every change of its clocks, and on days between.

All of it in `make release`; `make check` takes one of each that show the same time all these days, and fewer days.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.clock import ONE_DAY, QuietHours, local_instant
from scheduler.slots import Per, Window

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
TIMES = (time(8, 30), time(12, 30), time(19))
HOUR = timedelta(hours=1)
QUIET = QuietHours()
DAYS = [FIRST + n * ONE_DAY for n in range((LAST - FIRST).days + 1)]
GROUPS = 4  # of zones, so that workers share them


@cache
def zones(*, all_of_them: bool) -> tuple[str, ...]:
    names = sorted(available_timezones() - {"localtime"})
    return tuple(names) if all_of_them else tuple({offsets(ZoneInfo(name)): name for name in names}.values())


def offsets(zone: ZoneInfo) -> tuple[timedelta | None, ...]:
    return tuple(datetime.combine(day, time(0), zone).utcoffset() for day in DAYS)


def changes(zone: ZoneInfo) -> list[date]:
    """The days after whose midnight the clocks change."""
    return [day for day, (before, after) in zip(DAYS, pairwise(offsets(zone)), strict=False) if before != after]


def sampled(zone: ZoneInfo, every: int) -> list[date]:
    days = set(DAYS[::every])
    for day in changes(zone):
        days.update(day + n * ONE_DAY for n in range(-2, 4))
    return sorted(days)


EVERY = pytest.mark.parametrize("every", [97, pytest.param(1, marks=pytest.mark.slow)], ids=["scaled", "whole"])
GROUP = pytest.mark.parametrize("group", range(GROUPS))


def of(group: int, every: int) -> list[ZoneInfo]:
    return [ZoneInfo(name) for name in zones(all_of_them=every == 1)[group::GROUPS]]


@GROUP
@EVERY
def test_no_local_day_is_skipped_or_doubled(group, every):
    """A daily rule's moment bears its day, follows the one of the day before, and comes out of quiet hours that day."""
    for zone in of(group, every):
        for day in sampled(zone, every):
            for at in TIMES:
                moment = local_instant(day, at, zone)
                shown = moment.astimezone(zone)
                assert shown.date() == day, f"{zone.key} {day} {at}"
                assert shown.time() >= at, "never earlier than asked"
                assert local_instant(day - ONE_DAY, at, zone) < moment < local_instant(day + ONE_DAY, at, zone)
                assert QUIET.next_allowed(moment, zone) == moment, "by day it goes at once"


@GROUP
@EVERY
def test_days_and_weeks_of_slots_follow_each_other_without_a_gap(group, every):
    for zone in of(group, every):
        for day in sampled(zone, every):
            noon = local_instant(day, time(12), zone)
            today, week = (Window.of(per, noon, zone) for per in Per)
            assert today.name == day.isoformat()
            assert today.start <= noon < today.end
            assert week.start <= today.start < today.end <= week.end
            assert Window.of(Per.DAY, today.end, zone).start == today.end
            assert Window.of(Per.DAY, today.start, zone) == today
            assert Window.of(Per.DAY, today.end - timedelta(microseconds=1), zone) == today


@GROUP
@EVERY
def test_nothing_but_what_is_urgent_goes_in_quiet_hours(group, every):
    """Put off it comes by day, in the same night's morning, and hour by hour never before what came earlier."""
    for zone in of(group, every):
        for day in sampled(zone, every * 3 if every > 1 else 7):
            before = None
            for hour in range(0, 26, 1 if every == 1 else 2):
                asked = datetime.combine(day, time(0), UTC) + hour * HOUR
                allowed = QUIET.next_allowed(asked, zone)
                shown = allowed.astimezone(zone)
                assert time(8) <= shown.time() < time(21), f"{zone.key} {asked} -> {shown}"
                assert asked <= allowed <= asked + 13 * HOUR
                assert before is None or before <= allowed
                before = allowed


@given(st.sampled_from(sorted(available_timezones() - {"localtime"})), st.sampled_from(DAYS), st.times(), st.times())
def test_local_instants_keep_the_order_of_the_clock(name, day, one, other):
    zone = ZoneInfo(name)
    earlier, later = sorted((one, other))
    assert (
        local_instant(day, earlier, zone) <= local_instant(day, later, zone) <= local_instant(day + ONE_DAY, one, zone)
    )


def test_the_zones_are_all_there_and_some_change_their_clocks():
    assert len(zones(all_of_them=True)) > 400
    assert len(zones(all_of_them=False)) > 50
    assert changes(ZoneInfo("Europe/Berlin"))[0] == date(2026, 3, 29)
    assert len(changes(ZoneInfo("Europe/Berlin"))) == 4
    assert changes(ZoneInfo("Asia/Kolkata")) == []
