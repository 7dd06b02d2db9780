"""From recordings to sessions: what is joined, what is counted once, and which day it belongs to."""

from typing import Any

import pytest

from coach.weeks import IsoWeek


def sessions(judged: Any) -> list[tuple[int, ...]]:
    return [each.session.activity_ids for each in judged.items[0].credits]


@pytest.mark.parametrize(
    ("second_at", "joined"), [("18:19", True), ("18:20", False), ("18:10", True), ("18:30", False)]
)
def test_recordings_less_than_ten_minutes_apart_are_one_session(week: Any, second_at: str, joined: bool) -> None:
    one = week.done("level_walk", 10, at="18:00")
    other = week.done("level_walk", 10, at=second_at)
    judged = week.judge(week.walks(1, 20), one, other)
    assert sessions(judged) == ([(1, 2)] if joined else [(1,), (2,)])
    assert judged.items[0].over_dose == pytest.approx(1.0)
    assert judged.items[0].frequency == 1.0


def test_the_pause_between_joined_recordings_is_not_walked(week: Any) -> None:
    judged = week.judge(
        week.walks(1, 20), week.done("level_walk", 5, at="18:00"), week.done("level_walk", 5, at="18:10")
    )
    assert judged.items[0].credits[0].credited_minutes == 10


def test_a_chain_of_recordings_is_one_session(week: Any) -> None:
    parts = [week.done("level_walk", 5, at=at) for at in ("18:00", "18:12", "18:24", "18:36")]
    assert sessions(week.judge(week.walks(1, 20), *parts)) == [(1, 2, 3, 4)]


def test_a_short_recording_inside_a_long_one_does_not_end_it(week: Any) -> None:
    parts = [
        week.done("level_walk", 40, at="18:00"),
        week.done("level_walk", 2, at="18:05"),
        week.done("level_walk", 5, at="18:45"),
    ]
    assert sessions(week.judge(week.walks(1, 30), *parts)) == [(1, 2, 3)]


def test_a_walk_that_may_be_split_is_all_of_a_day(week: Any) -> None:
    parts = [week.done("level_walk", 5, at=at) for at in ("08:00", "12:00", "20:00")]
    tomorrow = week.done("level_walk", 5, day=1, at="08:00")
    judged = week.judge(week.walks(2, 15, may_split=True), *parts, tomorrow)
    assert sessions(judged) == [(1, 2, 3), (4,)]
    assert [each.credited_minutes for each in judged.items[0].credits] == [15, 5]
    assert sessions(week.judge(week.walks(2, 15), *parts, tomorrow)) == [(1,), (2,), (3,), (4,)]


def test_a_swim_between_two_walks_is_its_own(week: Any) -> None:
    plan = week.plan(week.item("level_walk", 1, 20), week.item("swim", 1, 20))
    parts = [
        week.done("level_walk", 10, at="18:00"),
        week.done("swim", 20, at="18:12"),
        week.done("level_walk", 10, at="18:15"),
    ]
    judged = week.judge(plan, *parts)
    assert [[each.session.activity_ids for each in item.credits] for item in judged.items] == [[(1, 3)], [(2,)]]


class TestTwoDevices:
    """What two devices recorded counts once, on the union of time."""

    def test_the_same_time_counts_once(self, week: Any) -> None:
        judged = week.judge(
            week.walks(1, 30), week.done("level_walk", 20, at="18:00"), week.done("level_walk", 20, at="18:10")
        )
        [credit] = judged.items[0].credits
        assert (credit.eligible_minutes, credit.credited_minutes) == (30, 30)
        assert judged.items[0].over_dose == 1.0

    def test_the_same_recording_twice_adds_nothing(self, week: Any) -> None:
        walk = {"minutes": 20.0, "uphill": [(5, 9)], "idle": [(0, 2)]}
        once = week.judge(week.walks(1, 20), week.done("level_walk", **walk))
        twice = week.judge(week.walks(1, 20), week.done("level_walk", **walk), week.done("level_walk", **walk))
        assert twice.items[0].credits[0].credited == once.items[0].credits[0].credited
        assert twice.items[0].credits[0].excluded == once.items[0].credits[0].excluded

    def test_a_moment_that_one_of_them_counted_is_not_excluded(self, week: Any) -> None:
        parts = [week.done("level_walk", 20, idle=[(5, 10)]), week.done("level_walk", 20, idle=[(8, 12)])]
        [credit] = week.judge(week.walks(1, 20), *parts).items[0].credits
        assert credit.credited_minutes == 18
        assert [(each.span.duration_s / 60, each.reason) for each in credit.excluded] == [(2, "standing_still")]

    def test_a_moment_that_both_left_out_is_excluded_once_by_the_first_one_s_reason(self, week: Any) -> None:
        parts = [
            week.done("level_walk", 20, idle=[(5, 10)], reason="paused"),
            week.done("level_walk", 20, idle=[(3, 12)]),
        ]
        [credit] = week.judge(week.walks(1, 20), *parts).items[0].credits
        assert [(each.span.duration_s / 60, each.reason) for each in credit.excluded] == [(5, "paused")]

    def test_a_trainer_and_a_watch_on_one_ride_count_once_for_the_bike(self, week: Any) -> None:
        plan = week.plan(week.item("exercise_bike", 2, 20))
        rides = [week.done("exercise_bike", 20, at="18:00"), week.done("outdoor_ride", 20, at="18:01")]
        judged = week.judge(plan, *rides)
        assert sessions(judged) == [(1, 2)]
        assert judged.items[0].credits[0].credited_minutes == 21

    def test_a_plan_that_asks_for_rides_outdoors_keeps_them_apart(self, week: Any) -> None:
        plan = week.plan(week.item("exercise_bike", 1, 20), week.item("outdoor_ride", 1, 20))
        rides = [week.done("exercise_bike", 20, day=0), week.done("outdoor_ride", 20, day=1)]
        judged = week.judge(plan, *rides)
        assert [[each.session.activity_ids for each in item.credits] for item in judged.items] == [[(1,)], [(2,)]]


def test_a_ride_outdoors_is_the_bike_where_the_plan_has_no_rides(week: Any) -> None:
    judged = week.judge(week.plan(week.item("exercise_bike", 1, 20)), week.done("outdoor_ride", 20))
    [credit] = judged.items[0].credits
    assert (credit.credited_minutes, credit.factor, credit.stands_in) == (20, 1.0, False)


def test_other_sports_count_for_nothing(week: Any) -> None:
    judged = week.judge(week.walks(1, 20), week.done(None, 60))
    assert (judged.score, judged.unplanned, judged.items[0].credits) == (0.0, (), ())


def test_a_week_is_in_the_order_of_time_whatever_came_in_first(week: Any) -> None:
    parts = [
        week.done("level_walk", 20, day=0, at="20:00", activity_id=1),
        week.done("level_walk", 20, day=0, at="08:00", activity_id=3),
        week.done("level_walk", 20, day=0, at="12:00", activity_id=2),
    ]
    assert sessions(week.judge(week.walks(3, 20), *parts)) == [(3,), (2,), (1,)]


class TestDays:
    """A session before 04:00 belongs to the day before."""

    @pytest.mark.parametrize(("at", "day"), [("03:59", 1), ("04:00", 2), ("00:00", 1), ("23:59", 2)])
    def test_a_night_ends_at_four(self, week: Any, at: str, day: int) -> None:
        judged = week.judge(week.walks(1, 20), week.done("level_walk", 20, day=2, at=at))
        assert judged.items[0].credits[0].session.day == week.week.days[day]

    def test_monday_before_four_is_the_week_before(self, week: Any, weeks: Any) -> None:
        early = week.done("level_walk", 20, day=0, at="03:59")
        assert week.judge(week.walks(1, 20), early).items[0].credits == ()
        before = weeks(week.week.previous)
        assert before.judge(before.walks(1, 20), early).score == 100.0
        late = week.done("level_walk", 20, day=7, at="03:59")
        assert week.judge(week.walks(1, 20), late).score == 100.0
        assert week.judge(week.walks(1, 20), week.done("level_walk", 20, day=7, at="04:00")).score == 0.0


@pytest.mark.parametrize("monday_after", [IsoWeek(2026, 14), IsoWeek(2026, 44)])
class TestChangeover:
    """The clocks change on 2026-03-29 (13/14) and on 2026-10-25 (43/44), in the night to Sunday's three o'clock."""

    def test_sunday_night_and_monday_morning_are_apart(self, weeks: Any, monday_after: IsoWeek) -> None:
        week = weeks(monday_after.previous)
        for at, within in (("23:59", True), ("03:59", True), ("04:00", False)):
            walk = week.done("level_walk", 20, day=6 if at == "23:59" else 7, at=at)
            assert week.judge(week.walks(1, 20), walk).score == (100.0 if within else 0.0)

    def test_the_night_of_the_change_belongs_to_saturday(self, weeks: Any, monday_after: IsoWeek) -> None:
        week = weeks(monday_after.previous)
        for at in ("00:30", "01:59", "03:30"):
            judged = week.judge(week.walks(1, 20), week.done("level_walk", 20, day=6, at=at))
            assert judged.items[0].credits[0].session.day == week.week.days[5]
        judged = week.judge(week.walks(1, 20), week.done("level_walk", 20, day=6, at="04:00"))
        assert judged.items[0].credits[0].session.day == week.week.days[6]

    def test_the_week_is_as_long_as_it_is(self, weeks: Any, monday_after: IsoWeek) -> None:
        week = weeks(monday_after.previous)
        hours = (week.at(7) - week.at(0)).total_seconds() / 3600
        assert hours == (167 if monday_after.number == 14 else 169)
        plan = week.walks(5, 20)
        assert week.judge(plan, heard=week.at(5, "00:00" if hours == 169 else "01:00"), now=week.at(8)).status == (
            "incomplete" if hours == 169 else "complete"
        )
        assert week.judge(plan, heard=week.at(5, "01:00" if hours == 169 else "00:00"), now=week.at(8)).status == (
            "incomplete" if hours == 169 else "complete"
        )

    def test_a_walk_across_the_change_has_its_own_minutes(self, weeks: Any, monday_after: IsoWeek) -> None:
        week = weeks(monday_after.previous)
        judged = week.judge(week.walks(1, 90), week.done("level_walk", 90, day=6, at="01:30"))
        assert judged.items[0].credits[0].credited_minutes == 90
