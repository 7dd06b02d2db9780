"""The worked examples of the clinical rules, section 8, row by row."""

from typing import Any

import pytest

from coach.adherence import Band
from coach.plan.thresholds import thresholds
from coach.plan.violations import Severity

DISC = {"avoid_uphill": True}


def figures(item: Any) -> tuple[float, float, float, float]:
    """F, D, S and R."""
    return item.frequency, item.dose, item.score, item.over_dose


def credited(item: Any) -> list[float]:
    return [each.credited_minutes for each in item.credits]


def test_five_walks_of_30_all_done_are_100(week: Any) -> None:
    judged = week.judge(week.walks(5, 30), *week.daily("level_walk", 30, 30, 30, 30, 30))
    assert figures(judged.items[0]) == (1.0, 1.0, 100.0, 1.0)
    assert credited(judged.items[0]) == [30.0] * 5
    assert (judged.score, judged.band, judged.violations) == (100.0, Band.ON_PLAN, ())


def test_five_walks_of_20_done_as_20_22_18_8_25_are_86(week: Any) -> None:
    judged = week.judge(week.walks(5, 20), *week.daily("level_walk", 20, 22, 18, 8, 25))
    assert figures(judged.items[0]) == pytest.approx((0.8, 0.92, 86.0, 0.93))
    assert credited(judged.items[0]) == [20, 22, 18, 8, 25]
    assert judged.score == pytest.approx(86.0)
    assert judged.violations == ()


def test_one_walk_of_90_is_not_three_of_30(week: Any) -> None:
    judged = week.judge(week.walks(3, 30), *week.daily("level_walk", 90))
    item = judged.items[0]
    assert figures(item) == pytest.approx((1 / 3, 0.40, 100 * (1 / 3 + 0.4) / 2, 1.0))
    assert credited(item) == [45]
    [violation] = judged.violations
    assert (violation.code, violation.severity, violation.minutes) == ("too_long", Severity.MAJOR, 45)
    assert judged.band is Band.OFF_PLAN


def test_five_walks_of_15_where_three_were_asked_are_a_red_over_dose(week: Any) -> None:
    judged = week.judge(week.walks(3, 15), *week.daily("level_walk", 15, 15, 15, 15, 15))
    assert figures(judged.items[0]) == pytest.approx((1.0, 1.0, 100.0, 75 / 45))
    assert judged.items[0].over_dose > thresholds().adherence.over_dose_red
    assert judged.violations == ()


def test_a_swim_of_30_stands_in_for_a_walk_as_24(week: Any) -> None:
    walks = week.daily("level_walk", 20, 20, 20)
    judged = week.judge(week.walks(5, 20), *walks, week.done("swim", 30, day=4))
    item = judged.items[0]
    assert figures(item) == pytest.approx((0.8, 0.84, 82.0, 0.6))
    assert credited(item) == pytest.approx([20, 20, 20, 24])
    assert [each.factor for each in item.credits] == [1.0, 1.0, 1.0, 0.8]
    assert [each.stands_in for each in item.credits] == [False, False, False, True]
    assert judged.unplanned == ()


def test_five_walks_of_20_with_two_excused_ask_for_three(week: Any) -> None:
    plan = week.walks(5, 20, planned=("mon", "tue", "wed", "thu", "fri"))
    walks = [week.done("level_walk", minutes, day) for day, minutes in ((0, 20), (2, 18), (4, 20))]
    judged = week.judge(plan, *walks, excused={1: "flare", 3: "flare"})
    assert judged.items[0].asked == 3
    assert figures(judged.items[0]) == pytest.approx((1.0, 58 / 60, 100 * (1 + 58 / 60) / 2, 58 / 60))
    assert judged.score == pytest.approx(98.3, abs=0.05)


def test_a_week_weighs_its_items_by_their_minutes(week: Any) -> None:
    plan = week.plan(
        week.item("level_walk", 5, 20),
        week.item("exercise_bike", 2, 15, "primary"),
        week.item("pool_walk", 1, 30, "primary"),
    )
    rides = [week.done("exercise_bike", 12, 0, "08:00"), week.done("exercise_bike", 15, 2, "08:00")]
    judged = week.judge(plan, *week.daily("level_walk", 20, 22, 18, 8, 25), *rides)
    assert [item.score for item in judged.items] == pytest.approx([86.0, 95.0, 0.0])
    assert [item.weight for item in judged.items] == [100, 30, 30]
    assert judged.score == pytest.approx((86 * 100 + 95 * 30) / 160)
    assert f"{judged.score:.1f}" == "71.6"
    assert judged.band is Band.PARTLY


def test_uphill_minutes_of_a_walk_that_should_stay_level_earn_nothing(week: Any) -> None:
    plan = week.plan(week.item("level_walk", 1, 30), **DISC)
    judged = week.judge(plan, week.done("level_walk", 40, uphill=[(10, 22)]))
    item = judged.items[0]
    assert credited(item) == [28]
    assert figures(item) == pytest.approx((1.0, 28 / 30, 100 * (1 + 28 / 30) / 2, 40 / 30))
    assert judged.score == pytest.approx(96.7, abs=0.05)
    [violation] = judged.violations
    assert (violation.code, violation.severity, violation.minutes) == ("uphill_avoid", Severity.MAJOR, 12)
    [left_out] = item.credits[0].excluded
    assert (left_out.reason, left_out.span.duration_s) == ("uphill_avoid", 12 * 60)


def test_the_same_walk_with_its_grade_unknown_counts_in_full_and_says_so(week: Any) -> None:
    plan = week.plan(week.item("level_walk", 1, 30), **DISC)
    judged = week.judge(plan, week.done("level_walk", 40, uphill=[(10, 22)], grade_known=False))
    item = judged.items[0]
    assert credited(item) == [40]
    assert figures(item) == pytest.approx((1.0, 1.0, 100.0, 40 / 30))
    rules = thresholds().adherence
    assert rules.over_dose_amber < item.over_dose < rules.over_dose_red
    assert judged.violations == ()
    assert any(note.startswith("grade unavailable") for note in item.credits[0].session.notes)
