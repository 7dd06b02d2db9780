"""A fast or uphill minute counts for the walk too only where the plan nests the items."""

from typing import Any

import pytest

NESTED = {"nested_in": "level_walk"}


@pytest.mark.parametrize("inside", ["fast_walk", "uphill_walk"])
def test_nested_minutes_count_for_both(week: Any, inside: str) -> None:
    plan = week.plan(week.item("level_walk", 1, 30), week.item(inside, 1, 10, **NESTED))
    kind = inside.removesuffix("_walk")
    judged = week.judge(plan, week.done("level_walk", 30, **{kind: [(5, 15)]}))
    assert [item.credits[0].credited_minutes for item in judged.items] == [30, 10]
    assert judged.score == 100.0


@pytest.mark.parametrize("inside", ["fast_walk", "uphill_walk"])
def test_minutes_that_are_not_nested_count_once_and_say_where(week: Any, inside: str) -> None:
    plan = week.plan(week.item("level_walk", 1, 30), week.item(inside, 1, 10))
    kind = inside.removesuffix("_walk")
    judged = week.judge(plan, week.done("level_walk", 30, **{kind: [(5, 15)]}))
    walk, other = judged.items
    assert [walk.credits[0].credited_minutes, other.credits[0].credited_minutes] == [20, 10]
    assert [(each.reason, each.span.duration_s) for each in walk.credits[0].excluded] == [(f"counted_as_{inside}", 600)]
    assert walk.over_dose == pytest.approx(20 / 30)


def test_a_nested_item_weighs_its_own_minutes(week: Any) -> None:
    plan = week.plan(week.item("level_walk", 5, 10), week.item("fast_walk", 3, 2, "primary", **NESTED))
    judged = week.judge(plan, *week.daily("level_walk", 10, 10, 10, 10, 10))
    assert [item.weight for item in judged.items] == [50, 6]
    assert judged.score == pytest.approx(100 * 50 / 56)


def test_a_walk_without_a_fast_minute_is_no_fast_walk(week: Any) -> None:
    plan = week.plan(week.item("level_walk", 2, 10), week.item("fast_walk", 2, 2, **NESTED))
    walks = [week.done("level_walk", 10, 0, fast=[(0, 2)]), week.done("level_walk", 10, 1)]
    assert [len(item.credits) for item in week.judge(plan, *walks).items] == [2, 1]


def test_items_of_a_later_step_wait(week: Any) -> None:
    plan = week.plan(week.item("level_walk", 1, 10), week.item("fast_walk", 1, 2, from_step=3))
    judged = week.judge(plan, week.done("level_walk", 10, fast=[(0, 4)]))
    assert [item.prescription.exercise.value for item in judged.items] == ["level_walk"]
    assert judged.items[0].credits[0].credited_minutes == 10


def test_a_walk_that_serves_no_item_is_outside_the_plan(week: Any) -> None:
    plan = week.plan(week.item("fast_walk", 2, 10))
    judged = week.judge(plan, week.done("level_walk", 30, 0), week.done("level_walk", 30, 1, fast=[(0, 10)]))
    assert [each.activity_ids for each in judged.unplanned] == [(1,)]
    assert [each.session.activity_ids for each in judged.items[0].credits] == [(2,)]
