"""What holds for any week."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.effort.spans import intersect, total_s, union

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

EXERCISES = ["level_walk", "fast_walk", "uphill_walk", "exercise_bike", "outdoor_ride", "swim", "pool_walk"]
DONE = ["level_walk", "exercise_bike", "outdoor_ride", "swim", "pool_walk", None]


@st.composite
def stretches(draw: st.DrawFn, within: int) -> list[tuple[float, float]]:
    edges = sorted(draw(st.sets(st.integers(0, within), max_size=6)))
    return list(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def recordings(draw: st.DrawFn) -> dict[str, Any]:
    minutes = draw(st.integers(1, 100))
    walk = {
        name: draw(stretches(minutes)) if draw(st.booleans()) else [] for name in ("idle", "uphill", "steep", "fast")
    }
    hour, minute = draw(st.integers(0, 23)), draw(st.integers(0, 59))
    return {
        "exercise": draw(st.sampled_from(DONE)),
        "minutes": minutes,
        "day": draw(st.integers(-1, 7)),
        "at": f"{hour:02}:{minute:02}",
        **walk,
    }


@st.composite
def plans(draw: st.DrawFn) -> dict[str, Any]:
    exercises = draw(st.lists(st.sampled_from(EXERCISES), min_size=1, max_size=4, unique=True))
    nests = "level_walk" in exercises and draw(st.booleans())
    return {
        "items": [
            {
                "exercise": each,
                "sessions": draw(st.integers(1, 7)),
                "minutes": draw(st.integers(1, 40)),
                "role": draw(st.sampled_from(["base", "primary", "optional"])),
                "may_split": draw(st.booleans()),
                "nested_in": "level_walk" if nests and each in {"fast_walk", "uphill_walk"} else None,
            }
            for each in exercises
        ],
        "avoid_uphill": draw(st.booleans()),
        "locked": draw(st.sampled_from([False, False, False, True])),
    }


def made(week: Any, plan: dict[str, Any]) -> Any:
    items = [week.item(**each) for each in plan["items"]]
    return week.plan(*items, avoid_uphill=plan["avoid_uphill"], locked=plan["locked"])


@QUICK
@given(plans(), st.lists(recordings(), max_size=8), st.sets(st.integers(0, 6), max_size=3))
def test_every_minute_is_credited_or_left_out_for_a_reason(
    weeks: Any, plan: dict[str, Any], performed: list[dict[str, Any]], excused: set[int]
) -> None:
    week = weeks()
    judged = week.judge(
        made(week, plan), *(week.done(**each) for each in performed), excused=dict.fromkeys(excused, "illness")
    )
    for item in judged.items:
        for credit in item.credits:
            assert credit.session.activity_ids
            assert all(each.reason and each.span.duration_s > 0 for each in credit.excluded)
            # Eligible is what is credited and what was taken from it; no second is in two places.
            left_out = union(each.span for each in credit.excluded)
            assert total_s(left_out) == pytest.approx(sum(each.span.duration_s for each in credit.excluded))
            assert intersect(credit.credited, left_out) == ()
            assert union(credit.credited, intersect(credit.eligible, left_out)) == credit.eligible
            assert 0 <= credit.credited_minutes <= credit.eligible_minutes + 1e-9
    for score in (judged.score, judged.score_low, judged.score_high, *(item.score for item in judged.items)):
        assert score is None or 0 <= score <= 100 + 1e-9
    if judged.score_low is not None and judged.score_high is not None:
        assert judged.score_low <= judged.score_high + 1e-9
    assert len(set(judged.violations)) == len(judged.violations)


@QUICK
@given(plans(), st.lists(recordings(), max_size=8), st.randoms(use_true_random=False))
def test_the_order_in_which_recordings_came_in_changes_nothing(
    weeks: Any, plan: dict[str, Any], performed: list[dict[str, Any]], chance: Any
) -> None:
    week = weeks()
    done = [week.done(**each) for each in performed]
    shuffled = chance.sample(done, len(done))
    assert week.judge(made(week, plan), *done) == week.judge(made(week, plan), *shuffled)


@QUICK
@given(plans(), st.lists(recordings(), max_size=8))
def test_a_session_serves_one_item_at_the_top_or_none(
    weeks: Any, plan: dict[str, Any], performed: list[dict[str, Any]]
) -> None:
    week = weeks()
    judged = week.judge(made(week, plan), *(week.done(**each) for each in performed))
    inside = {"fast_walk", "uphill_walk"}
    used = [
        each.session.activity_ids
        for item in judged.items
        if item.prescription.exercise not in inside
        for each in item.credits
    ]
    assert len(set(used)) == len(used)
    assert not set(used) & {each.activity_ids for each in judged.unplanned}


@QUICK
@given(st.lists(st.integers(0, 60), max_size=10), st.sets(st.integers(0, 6), max_size=6), st.integers(0, 6))
def test_excusing_a_day_never_lowers_an_item_that_stands_alone(
    weeks: Any, minutes: list[int], excused: set[int], another: int
) -> None:
    week = weeks()
    plan, done = week.walks(5, 20), week.daily("level_walk", *minutes)
    before = week.judge(plan, *done, excused=dict.fromkeys(excused, "illness")).items[0].score
    after = week.judge(plan, *done, excused=dict.fromkeys({*excused, another}, "illness")).items[0].score
    assert before is None or after is None or after >= before - 1e-9


def test_excusing_days_can_lower_an_item_that_lives_on_substitutes(weeks: Any) -> None:
    """So the clinical rules have it: 40 % of fewer minutes is less than half a session."""
    week = weeks()
    swims = week.daily("swim", 30, 30)
    whole = week.judge(week.walks(5, 20), *swims)
    short = week.judge(week.walks(5, 20), *swims, excused=dict.fromkeys(range(1, 6), "illness"))
    assert (whole.items[0].asked, short.items[0].asked) == (5, 1)
    assert whole.items[0].score == pytest.approx(40.0)
    assert short.items[0].score == pytest.approx(20.0)


def test_excusing_a_day_can_move_a_substitute_to_another_item(weeks: Any) -> None:
    """So the clinical rules have it: the largest deficit is served first, and excusals change which that is."""
    week = weeks()
    plan = week.plan(
        week.item("exercise_bike", 3, 20, "primary", planned=("mon", "wed", "fri")),
        week.item("swim", 2, 25, "primary", planned=("tue", "thu")),
    )
    walk = week.done("level_walk", 20, 6)
    scores = [[item.score for item in week.judge(plan, walk).items]]
    scores.append([item.score for item in week.judge(plan, walk, excused={0: "illness"}).items])
    assert scores == [[pytest.approx(30.0), 0.0], [0.0, pytest.approx(41.0)]]
