"""What goes against the plan, how severe it is, and exactly which minutes it takes."""

from typing import Any

import pytest


def found(judged: Any) -> list[tuple[str, str, float]]:
    return [(each.code, each.severity.value, pytest.approx(each.minutes)) for each in judged.violations]


def taken(credit: Any) -> list[tuple[str, float, float]]:
    """Reason, from and to, in minutes of the session."""
    start = credit.session.started_at.timestamp()
    return [(each.reason, (each.span.start_s - start) / 60, (each.span.end_s - start) / 60) for each in credit.excluded]


@pytest.mark.parametrize(
    ("walked", "uphill", "steep", "severity"),
    [
        (60, [(0, 1.98)], [], None),  # under two minutes: none, but no credit
        (60, [(0, 2)], [], "minor"),
        (60, [(0, 1), (10, 11)], [], "minor"),  # two bouts
        (60, [(0, 5)], [], "minor"),
        (60, [(0, 5.1)], [], "major"),  # by minutes
        (20, [(0, 4)], [], "minor"),  # a fifth of the session
        (19, [(0, 4)], [], "major"),  # by share
        (60, [(0, 3)], [(0, 0.98)], "minor"),
        (60, [(0, 3)], [(0, 1)], "major"),  # by steepness
        (60, [(0, 3)], [(0, 0.5), (2, 2.5)], "major"),  # in all
        (5, [(0, 1.9)], [(0, 1.9)], None),  # a third of the session and steep, and still under two minutes
    ],
)
def test_uphill_where_the_plan_leaves_it_out(
    week: Any, walked: float, uphill: Any, steep: Any, severity: str | None
) -> None:
    plan = week.plan(week.item("level_walk", 1, 60), avoid_uphill=True)
    judged = week.judge(plan, week.done("level_walk", walked, uphill=uphill, steep=steep))
    minutes = sum(end - start for start, end in uphill)
    assert found(judged) == ([("uphill_avoid", severity, minutes)] if severity else [])
    [credit] = judged.items[0].credits
    assert credit.credited_minutes == pytest.approx(walked - minutes)
    assert taken(credit) == [("uphill_avoid", pytest.approx(start), pytest.approx(end)) for start, end in uphill]
    assert credit.eligible_minutes == walked


def test_uphill_where_the_plan_does_not_leave_it_out_counts(week: Any) -> None:
    judged = week.judge(week.walks(1, 60), week.done("level_walk", 60, uphill=[(0, 30)]))
    assert judged.violations == ()
    assert judged.items[0].credits[0].credited_minutes == 60


def test_each_walk_is_looked_at_on_its_own(week: Any) -> None:
    plan = week.plan(week.item("level_walk", 2, 60), avoid_uphill=True)
    walks = [week.done("level_walk", 60, day, uphill=[(0, 1.5)]) for day in (0, 1)]
    assert found(week.judge(plan, *walks)) == []
    joined = [week.done("level_walk", 30, 0, at, uphill=[(0, 1.5)]) for at in ("08:00", "08:31")]
    assert found(week.judge(plan, *joined)) == [("uphill_avoid", "minor", 3)]


@pytest.mark.parametrize(
    ("minutes", "severity", "past"),
    [
        (45, None, 0),
        (45.5, "minor", 0.5),
        (54, "minor", 9),  # 120 %
        (54.5, "major", 9.5),
        (90, "major", 45),
    ],
)
def test_too_long_for_a_walk_of_30(week: Any, minutes: float, severity: str | None, past: float) -> None:
    judged = week.judge(week.walks(3, 30), week.done("level_walk", minutes))
    assert found(judged) == ([("too_long", severity, past)] if severity else [])
    [credit] = judged.items[0].credits
    assert credit.credited_minutes == min(minutes, 45)
    assert taken(credit) == ([("too_long", 45.0, minutes)] if severity else [])


@pytest.mark.parametrize(
    ("planned", "most", "limit"),
    [(10, None, 20), (20, None, 30), (30, None, 45), (30, 30, 30)],
)
def test_the_longest_session_is_half_more_or_ten_minutes_more_or_what_the_plan_says(
    week: Any, planned: int, most: int | None, limit: float
) -> None:
    plan = week.walks(1, planned, max_minutes=most)
    assert week.judge(plan, week.done("level_walk", limit)).violations == ()
    assert len(week.judge(plan, week.done("level_walk", limit + 0.1)).violations) == 1


def test_the_minutes_past_the_limit_are_counted_without_the_stops(week: Any) -> None:
    judged = week.judge(week.walks(1, 30), week.done("level_walk", 60, idle=[(10, 20)]))
    assert taken(judged.items[0].credits[0]) == [("standing_still", 10.0, 20.0), ("too_long", 55.0, 60.0)]


def test_a_second_has_one_reason_where_two_would_take_it(week: Any) -> None:
    plan = week.plan(week.item("level_walk", 1, 30), avoid_uphill=True)
    judged = week.judge(plan, week.done("level_walk", 60, uphill=[(40, 50)]))
    [credit] = judged.items[0].credits
    assert taken(credit) == [("uphill_avoid", 40.0, 50.0), ("too_long", 50.0, 60.0)]
    assert credit.credited_minutes == 40
    assert found(judged) == [("uphill_avoid", "major", 10), ("too_long", "major", 15)]


def test_a_violation_never_lowers_the_score_by_itself(week: Any) -> None:
    plan = week.plan(week.item("level_walk", 1, 20), avoid_uphill=True)
    judged = week.judge(plan, week.done("level_walk", 30, uphill=[(0, 6)]))
    assert judged.score == 100.0
    assert found(judged) == [("uphill_avoid", "major", 6)]


def test_the_hill_of_a_walk_that_two_items_share_is_told_once(week: Any) -> None:
    plan = week.plan(week.item("level_walk", 1, 30), week.item("fast_walk", 1, 10), avoid_uphill=True)
    judged = week.judge(plan, week.done("level_walk", 30, uphill=[(0, 6)], fast=[(4, 14)]))
    assert found(judged) == [("uphill_avoid", "major", 6)]


def test_an_item_inside_the_walk_reports_nothing_of_its_own(week: Any) -> None:
    nested = week.item("fast_walk", 1, 2, nested_in="level_walk")
    plan = week.plan(week.item("level_walk", 1, 30), nested, avoid_uphill=True)
    judged = week.judge(plan, week.done("level_walk", 60, uphill=[(0, 6)], fast=[(0, 60)]))
    assert [code for code, _, _ in found(judged)] == ["uphill_avoid", "too_long"]
    assert judged.items[1].credits[0].violations == ()
    # ... and the minutes that the walk loses are lost inside it, too.
    assert judged.items[1].credits[0].credited_minutes == 45 - 6


def test_only_items_at_the_top_have_a_longest_session(week: Any) -> None:
    nested = week.item("fast_walk", 1, 2, nested_in="level_walk")
    walk = week.done("level_walk", 40, fast=[(0, 40)])
    assert week.judge(week.plan(week.item("level_walk", 1, 30), nested), walk).violations == ()
    alone = week.judge(week.plan(week.item("level_walk", 1, 30), week.item("fast_walk", 1, 2)), walk)
    assert found(alone) == [("too_long", "major", 28)]  # past 2 + 10
