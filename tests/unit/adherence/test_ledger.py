"""Where each minute went: read off the judgement, second by second."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from coach.adherence.ledger import ledger


def told(account: Any, *, inside: bool = False) -> list[tuple[float, float, str, str | None, float]]:
    """From and to in minutes of the session, the reason, what it counted for, and as how much."""
    start = account.session.started_at.timestamp()
    return [
        (
            pytest.approx((each.span.start_s - start) / 60),
            pytest.approx((each.span.end_s - start) / 60),
            each.reason,
            each.exercise,
            each.factor,
        )
        for each in (account.inside if inside else account.own)
    ]


def test_a_walk_as_asked_counted(week: Any) -> None:
    [account] = ledger(week.judge(week.walks(5, 20), week.done("level_walk", 20)))
    assert told(account) == [(0, 20, "counted", "level_walk", 1.0)]


def test_what_the_recording_and_the_plan_leave_out(week: Any) -> None:
    plan = week.plan(week.item("level_walk", 5, 30), avoid_uphill=True)
    [account] = ledger(week.judge(plan, week.done("level_walk", 50, idle=[(2, 5)], uphill=[(10, 20)])))
    assert told(account) == [
        (0, 2, "counted", "level_walk", 1.0),
        (2, 5, "standing_still", None, 0.0),
        (5, 10, "counted", "level_walk", 1.0),
        (10, 20, "uphill_avoid", None, 0.0),
        (20, 48, "counted", "level_walk", 1.0),
        (48, 50, "too_long", None, 0.0),
    ]


def test_past_a_fifth_more_than_one_session_is_asked(week: Any) -> None:
    [account] = ledger(week.judge(week.walks(5, 20), week.done("level_walk", 28)))
    assert told(account) == [(0, 24, "counted", "level_walk", 1.0), (24, 28, "past_cap", None, 0.0)]


def test_more_than_is_asked_in_all(week: Any) -> None:
    """The longest come first, as in the plan's own count; what is left over is told of the shortest."""
    accounts = ledger(week.judge(week.walks(2, 20), *week.daily("level_walk", 15, 20, 20)))
    assert [told(each)[0][2:4] for each in accounts] == [
        ("surplus", None),
        ("counted", "level_walk"),
        ("counted", "level_walk"),
    ]
    accounts = ledger(week.judge(week.walks(2, 20), *week.daily("level_walk", 18, 15, 10)))
    assert told(accounts[2]) == [(0, 7, "counted", "level_walk", 1.0), (7, 10, "surplus", None, 0.0)]


def test_a_swim_that_stands_in_counts_by_its_factor_up_to_its_share(week: Any) -> None:
    accounts = ledger(week.judge(week.walks(5, 20), *week.daily("swim", 30, 30)))
    assert told(accounts[0]) == [(0, 30, "stood_in", "level_walk", 0.8)]
    assert told(accounts[1]) == [(0, 20, "stood_in", "level_walk", 0.8), (20, 30, "past_share", None, 0.0)]


def test_a_long_swim_that_stands_in_is_cut_at_a_session(week: Any) -> None:
    [account] = ledger(week.judge(week.walks(5, 20), week.done("swim", 40)))
    assert told(account) == [(0, 30, "stood_in", "level_walk", 0.8), (30, 40, "past_cap", None, 0.0)]


def test_what_serves_no_item_is_outside_the_plan(week: Any) -> None:
    plan = week.plan(week.item("level_walk", 5, 20, no_substitute=True))
    [account] = ledger(week.judge(plan, week.done("swim", 30, idle=[(10, 12)], reason="long_rest")))
    assert told(account) == [
        (0, 10, "unplanned", None, 0.0),
        (10, 12, "long_rest", None, 0.0),
        (12, 30, "unplanned", None, 0.0),
    ]


def test_an_item_of_which_nothing_is_asked(week: Any) -> None:
    plan = week.walks(1, 20, planned=("mon",))
    [account] = ledger(week.judge(plan, week.done("level_walk", 20), excused={0: "illness"}))
    assert told(account) == [(0, 20, "not_asked", None, 0.0)]


def test_before_the_plan_and_while_it_was_locked(week: Any) -> None:
    walks = week.daily("level_walk", 20, 20)
    early, counted = ledger(week.judge(week.walks(5, 20), *walks, first_day=week.week.days[1]))
    assert (told(early), told(counted)[0][2]) == ([(0, 20, "not_started", None, 0.0)], "counted")
    locked, _ = ledger(week.judge(week.walks(5, 20), *walks, excused={0: "locked"}))
    assert told(locked) == [(0, 20, "while_locked", None, 0.0)]
    assert {each[2] for account in ledger(week.judge(None, *walks)) for each in told(account)} == {"not_started"}


def test_nested_minutes_are_told_twice_and_others_say_where_they_are(week: Any) -> None:
    walk, fast = week.item("level_walk", 1, 20), week.item("fast_walk", 1, 10)
    done = week.done("level_walk", 20, fast=[(5, 15)])
    [account] = ledger(week.judge(week.plan(walk, fast.model_copy(update={"nested_in": "level_walk"})), done))
    assert told(account) == [(0, 20, "counted", "level_walk", 1.0)]
    assert told(account, inside=True) == [(5, 15, "counted", "fast_walk", 1.0)]
    [account] = ledger(week.judge(week.plan(walk, fast), done))
    assert [each[2] for each in told(account)] == ["counted", "counted_as_fast_walk", "counted"]
    assert told(account, inside=True) == [(5, 15, "counted", "fast_walk", 1.0)]


def test_a_walk_of_which_only_the_fast_minutes_are_asked(week: Any) -> None:
    plan = week.plan(week.item("fast_walk", 1, 10))
    [account] = ledger(week.judge(plan, week.done("level_walk", 20, idle=[(0, 1)], fast=[(5, 15)])))
    assert [each[2] for each in told(account)] == ["standing_still", "unplanned", "counted_as_fast_walk", "unplanned"]
    assert told(account, inside=True) == [(5, 15, "counted", "fast_walk", 1.0)]


def test_what_the_device_left_untold_is_told_so(week: Any) -> None:
    """It says that it ran for two minutes more than its records do."""
    done = week.done("level_walk", 20)
    longer = replace(done, ended_at=done.ended_at + timedelta(minutes=2))
    [account] = ledger(week.judge(week.walks(1, 20), longer))
    assert told(account) == [(0, 20, "counted", "level_walk", 1.0), (20, 22, "no_data", None, 0.0)]


def test_between_two_recordings_there_is_no_session(week: Any) -> None:
    parts = [week.done("level_walk", 5, at=at) for at in ("08:00", "12:00")]
    [account] = ledger(week.judge(week.walks(1, 10, may_split=True), *parts))
    assert told(account) == [(0, 5, "counted", "level_walk", 1.0), (240, 245, "counted", "level_walk", 1.0)]
