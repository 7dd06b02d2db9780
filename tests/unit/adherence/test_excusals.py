"""What is left of a week when days are excused, missing, or still to come."""

from datetime import timedelta
from typing import Any

import pytest

from coach.adherence import Band, Status


def test_without_planned_days_excused_days_take_their_share(week: Any) -> None:
    judged = week.judge(
        week.walks(5, 20), *week.daily("level_walk", 20, 18, 20), excused={4: "flare", 5: "flare", 6: "flare"}
    )
    assert judged.items[0].asked == 3
    assert judged.score == pytest.approx(100 * (1 + 58 / 60) / 2)
    assert list(judged.excused.values()) == ["flare"] * 3


def test_with_planned_days_only_the_sessions_of_those_days_are_excused(week: Any) -> None:
    plan = week.walks(3, 20, planned=("mon", "wed", "fri"))
    assert week.judge(plan, excused={1: "illness", 3: "illness"}).items[0].asked == 3
    assert week.judge(plan, excused={0: "illness", 2: "illness"}).items[0].asked == 1


def test_a_day_planned_for_some_sessions_leaves_the_others_asked(week: Any) -> None:
    plan = week.walks(5, 20, planned=("mon", "wed"))
    assert week.judge(plan).items[0].asked == 5
    assert week.judge(plan, excused={2: "illness"}).items[0].asked == 4


def test_two_sessions_planned_for_one_day_are_excused_with_it(week: Any) -> None:
    plan = week.walks(3, 20, planned=("mon", "mon", "fri"))
    assert week.judge(plan, excused={0: "illness"}).items[0].asked == 1


def test_a_plan_that_begins_on_thursday_is_not_asked_for_on_wednesday(week: Any) -> None:
    judged = week.judge(week.walks(5, 20), first_day=week.week.days[3])
    assert judged.items[0].asked == 3
    assert judged.excused == dict.fromkeys(week.week.days[:3], "not_started")
    assert judged.status is Status.COMPLETE


def test_a_day_that_is_excused_twice_counts_once_and_keeps_its_own_reason(week: Any) -> None:
    judged = week.judge(week.walks(7, 20), first_day=week.week.days[2], excused={0: "flare"})
    assert judged.items[0].asked == 5
    assert list(judged.excused.values()) == ["flare", "not_started"]


def test_excused_days_of_other_weeks_excuse_nothing(week: Any) -> None:
    judged = week.judge(week.walks(5, 20), first_day=week.week.monday - timedelta(days=30))
    assert (judged.items[0].asked, judged.excused) == (5, {})


def test_a_week_that_was_excused_altogether_is_paused_and_not_zero(week: Any) -> None:
    judged = week.judge(week.walks(5, 20), excused=dict.fromkeys(range(7), "flare"))
    assert judged.status is Status.PAUSED
    assert (judged.score, judged.score_low, judged.score_high, judged.band) == (None, None, None, None)
    [item] = judged.items
    assert (item.asked, item.frequency, item.dose, item.score, item.over_dose, item.weight) == (
        0,
        None,
        None,
        None,
        None,
        0,
    )


def test_an_item_that_is_excused_altogether_does_not_weigh(week: Any) -> None:
    plan = week.plan(week.item("level_walk", 2, 20, planned=("mon", "tue")), week.item("swim", 1, 20, planned=("sat",)))
    judged = week.judge(plan, week.done("swim", 20, 5), excused={0: "illness", 1: "illness"})
    assert judged.status is Status.COMPLETE
    assert judged.score == 100.0
    assert [item.score for item in judged.items] == [None, 100.0]


def test_a_locked_plan_has_no_score_and_every_minute_of_it_is_named(week: Any) -> None:
    judged = week.judge(week.plan(week.item("level_walk", 5, 20), locked=True), *week.daily("level_walk", 20, 20))
    assert judged.status is Status.LOCKED
    assert (judged.score, judged.score_low, judged.score_high, judged.band) == (None, None, None, None)
    assert [each.credited_minutes for each in judged.items[0].credits] == [0, 0]
    assert [(each.code, each.severity.value, each.minutes) for each in judged.violations] == [
        ("while_locked", "major", 20)
    ] * 2
    assert {each.reason for credit in judged.items[0].credits for each in credit.excluded} == {"while_locked"}


def test_a_session_of_any_kind_while_locked_is_a_violation(week: Any) -> None:
    judged = week.judge(week.plan(week.item("level_walk", 5, 20), locked=True), week.done("swim", 30))
    assert [(each.code, each.minutes) for each in judged.violations] == [("while_locked", 30)]


def test_before_the_first_plan_there_is_nothing_to_judge(week: Any) -> None:
    judged = week.judge(None, week.done("level_walk", 20))
    assert (judged.status, judged.score, judged.items) == (Status.NO_PLAN, None, ())


class TestMissingData:
    """A week is incomplete, a range and never 'missed', after 48 silent hours with sessions undone."""

    def test_a_silence_to_the_end_of_the_week_makes_a_range(self, week: Any) -> None:
        walks = week.daily("level_walk", 20, 20)
        judged = week.judge(week.walks(5, 20), *walks, heard=week.at(4, "12:00"))
        assert judged.status is Status.INCOMPLETE
        assert judged.score is None
        assert (judged.score_low, judged.score_high) == pytest.approx((40.0, 100.0))
        assert judged.band is None

    def test_only_the_days_that_nothing_is_known_of_could_hold_more(self, week: Any) -> None:
        judged = week.judge(week.walks(5, 20), week.done("level_walk", 20), heard=week.at(4, "20:00"))
        assert judged.status is Status.INCOMPLETE
        assert (judged.score_low, judged.score_high) == pytest.approx((20.0, 80.0))

    def test_an_excused_day_could_not_hold_more(self, week: Any) -> None:
        plan = week.walks(5, 20, planned=("mon", "tue", "wed", "thu", "fri"))
        judged = week.judge(plan, week.done("level_walk", 20), heard=week.at(4, "20:00"), excused={5: "illness"})
        assert (judged.score_low, judged.score_high) == pytest.approx((20.0, 60.0))

    def test_both_ends_in_one_band_are_a_band(self, week: Any) -> None:
        judged = week.judge(week.walks(5, 20), *week.daily("level_walk", 20, 20, 20, 20), heard=week.at(4, "23:00"))
        assert (judged.score_low, judged.score_high) == pytest.approx((80.0, 100.0))
        assert judged.band is Band.ON_PLAN

    @pytest.mark.parametrize(("silent_for", "status"), [(48.0, Status.INCOMPLETE), (47.9, Status.COMPLETE)])
    def test_from_48_hours_on(self, week: Any, silent_for: float, status: Status) -> None:
        heard = week.at(7) - timedelta(hours=silent_for)
        assert week.judge(week.walks(5, 20), heard=heard).status is status

    def test_never_heard_is_a_range_over_the_whole_week(self, week: Any) -> None:
        judged = week.judge(week.walks(5, 20), heard=None)
        assert judged.status is Status.INCOMPLETE
        assert (judged.score_low, judged.score_high) == (0.0, 100.0)

    def test_with_all_done_silence_is_no_matter(self, week: Any) -> None:
        judged = week.judge(week.walks(2, 20), *week.daily("level_walk", 20, 20), heard=week.at(2))
        assert (judged.status, judged.score) == (Status.COMPLETE, 100.0)

    def test_an_optional_session_undone_is_no_matter(self, week: Any) -> None:
        plan = week.plan(week.item("level_walk", 1, 20), week.item("swim", 2, 20, "optional"))
        assert week.judge(plan, week.done("level_walk", 20), heard=week.at(2)).status is Status.COMPLETE

    def test_a_later_sync_settles_the_days_before_it(self, week: Any) -> None:
        judged = week.judge(week.walks(5, 20), *week.daily("level_walk", 20, 20), heard=week.at(8), now=week.at(9))
        assert (judged.status, judged.score) == (Status.COMPLETE, pytest.approx(40.0))

    def test_before_four_in_the_morning_the_day_before_is_not_over(self, week: Any) -> None:
        judged = week.judge(week.walks(7, 20), heard=week.at(3, "03:59"))
        assert judged.score_high == pytest.approx(500 / 7)
        judged = week.judge(week.walks(7, 20), heard=week.at(3, "04:00"))
        assert judged.score_high == pytest.approx(400 / 7)


class TestOpenWeek:
    """A week that is not over says what is done, and what could still be."""

    def test_it_counts_what_is_done_and_what_could_be(self, week: Any) -> None:
        judged = week.judge(week.walks(5, 20), *week.daily("level_walk", 20, 20), now=week.at(2, "20:00"))
        assert judged.status is Status.OPEN
        assert judged.score == pytest.approx(40.0)
        assert (judged.score_low, judged.score_high) == pytest.approx((40.0, 100.0))

    def test_what_no_longer_fits_is_out_of_reach(self, week: Any) -> None:
        judged = week.judge(week.walks(5, 20), now=week.at(5, "12:00"))
        assert judged.score_high == pytest.approx(40.0)

    def test_it_closes_with_the_last_second_of_sunday(self, week: Any) -> None:
        plan = week.walks(5, 20)
        assert week.judge(plan, now=week.at(7) - timedelta(seconds=1)).status is Status.OPEN
        assert week.judge(plan, now=week.at(7)).status is Status.COMPLETE
