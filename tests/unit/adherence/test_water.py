"""Strokes that a plan leaves out, and water that is hot."""

from typing import Any

import pytest

STROKES = {"freestyle": [(0, 4), (8, 10)], "butterfly": [(4, 5)], "breaststroke": [(5, 8)]}


def found(judged: Any) -> list[tuple[str, str, float]]:
    return [(each.code, each.severity.value, pytest.approx(each.minutes)) for each in judged.violations]


def reasons(judged: Any) -> dict[str, float]:
    [credit] = judged.items[0].credits
    told: dict[str, float] = {}
    for each in credit.excluded:
        told[each.reason] = told.get(each.reason, 0) + each.span.duration_s / 60
    return told


@pytest.mark.parametrize(
    ("left_out", "minutes", "rules"),
    [
        ((), 0, []),
        (("backstroke",), 0, []),
        (("butterfly",), 1, ["swum_butterfly"]),
        (("freestyle", "butterfly"), 7, ["swum_freestyle", "swum_butterfly"]),
    ],
)
def test_lengths_in_a_stroke_that_the_plan_leaves_out(
    week: Any, left_out: tuple[str, ...], minutes: float, rules: list[str]
) -> None:
    plan = week.plan(week.item("swim", 1, 15), avoid_strokes=left_out)
    judged = week.judge(plan, week.done("swim", 15, above=STROKES))
    assert found(judged) == ([("stroke_avoid", "major", minutes)] if minutes else [])
    assert [because.rule for each in judged.violations for because in each.because] == rules
    assert judged.items[0].credits[0].credited_minutes == 15 - minutes
    assert reasons(judged) == ({"stroke_avoid": minutes} if minutes else {})


def test_a_swim_outside_the_plan_leaves_them_out_too(week: Any) -> None:
    plan = week.plan(week.item("level_walk", 5, 20), avoid_strokes=("freestyle",))
    judged = week.judge(plan, week.done("swim", 15, above=STROKES))
    assert found(judged) == [("stroke_avoid", "major", 6)]
    assert judged.items[0].credits == ()  # and stands in for nothing


@pytest.mark.parametrize(
    ("water_c", "minutes", "credited", "taken", "severity"),
    [
        (32.9, 45, 45, {}, None),
        (33.0, 30, 30, {}, None),
        (33.0, 31, 30, {"hot_too_long": 1}, "major"),
        (36.9, 45, 30, {"hot_too_long": 15}, "major"),
        (37.0, 15, 0, {"hot_passive": 15}, None),
        (38.0, 20, 0, {"hot_passive": 15, "hot_too_long": 5}, "major"),
        (40.0, 10, 0, {"hot_passive": 10}, None),
        (40.1, 5, 0, {"hot_too_long": 5}, "major"),
        (None, 31, 30, {"hot_too_long": 1}, "major"),  # a hot pool of which nobody told how hot
    ],
)
def test_water_that_is_hot(
    week: Any, water_c: float | None, minutes: float, credited: float, taken: dict[str, float], severity: str | None
) -> None:
    plan = week.plan(week.item("hot_pool_exercise", 1, 30, max_minutes=60))
    judged = week.judge(plan, week.done("hot_pool_exercise", minutes, water_c=water_c))
    assert judged.items[0].credits[0].credited_minutes == credited
    assert reasons(judged) == taken
    assert found(judged) == ([("hot_too_long", severity, taken["hot_too_long"])] if severity else [])


def test_any_water_may_be_hot(week: Any) -> None:
    judged = week.judge(week.plan(week.item("pool_walk", 1, 30)), week.done("pool_walk", 40, water_c=34))
    assert found(judged) == [("hot_too_long", "major", 10)]
    assert week.judge(week.plan(week.item("pool_walk", 1, 30)), week.done("pool_walk", 40)).violations == ()


def test_no_walk_is_in_hot_water(week: Any) -> None:
    """A row of old, or a pool walk that turned out to be a walk."""
    judged = week.judge(week.plan(week.item("level_walk", 1, 30)), week.done("level_walk", 30, water_c=38))
    assert judged.violations == ()
    assert judged.items[0].credits[0].credited_minutes == 30
