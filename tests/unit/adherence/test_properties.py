"""What holds for any week."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.adherence.ledger import Went, ledger
from coach.effort.spans import intersect, total_s, union
from coach.safety.model import CheckIn, Lock, Phase
from coach.summary import reasons
from config.messages import catalogue

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

EXERCISES = [
    *("level_walk", "fast_walk", "uphill_walk", "exercise_bike", "outdoor_ride", "swim", "pool_walk"),
    "hot_pool_exercise",
]
DONE = ["level_walk", "exercise_bike", "outdoor_ride", "swim", "pool_walk", "hot_pool_exercise", None]
IN_WATER = ["swim", "pool_walk", "hot_pool_exercise"]
DESCRIBED = ["moderate", "vigorous", "beyond", "freestyle", "butterfly"]
MINUTES_OF_A_WEEK = st.integers(-24 * 60, 8 * 24 * 60)


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
    described = draw(st.sets(st.sampled_from(DESCRIBED), max_size=2))
    return {
        "above": {name: draw(stretches(minutes)) for name in sorted(described)},
        "borg": draw(st.none() | st.integers(6, 20)),
        "water_c": draw(st.none() | st.integers(25, 42)),
        "distance_m": draw(st.none() | st.integers(0, 5000)),
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
                "sessions": draw(st.sampled_from([1, 1, 2, 3, 5, 7])),
                "minutes": draw(st.integers(1, 40)),
                "role": draw(st.sampled_from(["base", "primary", "optional"])),
                "may_split": draw(st.booleans()),
                "nested_in": "level_walk" if nests and each in {"fast_walk", "uphill_walk"} else None,
                "by_effort": draw(st.booleans()),
                "max_intensity": draw(st.sampled_from([None, "light", "moderate", "vigorous"])),
                "max_distance_m": draw(st.none() | st.integers(1, 3000)),
                "rest_days": draw(st.integers(0, 3)),
            }
            for each in exercises
        ],
        "avoid_uphill": draw(st.booleans()),
        "avoid_strokes": draw(st.sampled_from([(), ("freestyle", "butterfly")])),
        "beta_blocker": draw(st.booleans()),
        "locked": draw(st.sampled_from([False, False, False, True])),
    }


@st.composite
def happenings(draw: st.DrawFn) -> dict[str, Any]:
    """What a week is judged in: days that somebody excused, the plan's first day, pain, locks. Times in minutes."""
    return {
        "excused": draw(st.dictionaries(st.integers(0, 6), st.sampled_from(["illness", "locked"]), max_size=3)),
        "first_day": draw(st.sampled_from([None, None, 0, 3])),
        "pain": draw(
            st.lists(
                st.tuples(MINUTES_OF_A_WEEK, st.sampled_from(Phase), st.integers(0, 10), st.booleans()), max_size=8
            )
        ),
        "locks": draw(st.lists(st.tuples(MINUTES_OF_A_WEEK, st.none() | st.integers(1, 4000)), max_size=2)),
        "now": draw(st.sampled_from([3, 9])),
    }


def made(week: Any, plan: dict[str, Any]) -> Any:
    return week.plan(*(week.item(**each) for each in plan["items"]), **{k: v for k, v in plan.items() if k != "items"})


def judged_in(week: Any, plan: Any, done: list[Any], around: dict[str, Any]) -> Any:
    start = week.at(0)
    check_ins = [
        CheckIn(start + timedelta(minutes=at), phase, pain, numbness=numb) for at, phase, pain, numb in around["pain"]
    ]
    locks = [
        Lock(
            start + timedelta(minutes=at),
            ("foot_drop",),
            None if lasted is None else start + timedelta(minutes=at + lasted),
        )
        for at, lasted in around["locks"]
    ]
    first_day = None if around["first_day"] is None else week.week.days[around["first_day"]]
    given = {"excused": around["excused"], "first_day": first_day, "check_ins": check_ins, "locks": locks}
    return week.judge(plan, *done, now=week.at(around["now"]), **given)


@QUICK
@given(plans(), st.lists(recordings(), max_size=8), happenings())
def test_every_minute_is_credited_or_left_out_for_a_reason(
    weeks: Any, plan: dict[str, Any], performed: list[dict[str, Any]], around: dict[str, Any]
) -> None:
    week = weeks()
    judged = judged_in(week, made(week, plan), [week.done(**each) for each in performed], around)
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
@given(plans(), st.lists(recordings(), max_size=8), happenings())
def test_the_entries_of_a_session_are_its_elapsed_time_each_second_once(
    weeks: Any, plan: dict[str, Any], performed: list[dict[str, Any]], around: dict[str, Any]
) -> None:
    week = weeks()
    done = [week.done(**each) for each in performed]
    judged = judged_in(week, made(week, plan), done, around)
    told = {number: account for account in ledger(judged) for number in account.session.activity_ids}
    assert [account.session for account in ledger(judged)] == list(judged.sessions)
    for account in ledger(judged):
        assert sum(each.minutes for each in account.own) == pytest.approx(total_s(account.elapsed) / 60)
        assert union(each.span for each in account.own) == account.elapsed  # and so none overlap
        assert union(each.span for each in account.inside) == union(
            intersect(union(each.span for each in account.inside), account.elapsed)
        )
    for each in done:  # a recording that is of the week is in a session of it
        if each.exercise is not None and any(number == each.activity_id for number in told):
            elapsed = told[each.activity_id].elapsed
            assert (
                total_s(intersect(elapsed, union(elapsed))) >= (each.ended_at - each.started_at).total_seconds() - 1e-6
            )


@QUICK
@given(plans(), st.lists(recordings(), max_size=8), happenings())
def test_what_the_ledger_counts_is_what_the_dose_was_made_of(
    weeks: Any, plan: dict[str, Any], performed: list[dict[str, Any]], around: dict[str, Any]
) -> None:
    week = weeks()
    judged = judged_in(week, made(week, plan), [week.done(**each) for each in performed], around)
    entries = [each for account in ledger(judged) for each in (*account.own, *account.inside)]
    for item in judged.items:
        exercise = item.prescription.exercise
        counted = sum(each.minutes * each.factor for each in entries if each.exercise is exercise)
        assert counted == pytest.approx((item.dose or 0) * item.asked_minutes, abs=1e-6)


@QUICK
@given(plans(), st.lists(recordings(), max_size=8), happenings())
def test_a_minute_that_goes_against_the_plan_never_earns(
    weeks: Any, plan: dict[str, Any], performed: list[dict[str, Any]], around: dict[str, Any]
) -> None:
    week = weeks()
    asked = made(week, plan)
    judged = judged_in(week, asked, [week.done(**each) for each in performed], around)
    for account in ledger(judged):
        session = account.session
        earned = union(each.span for each in (*account.own, *account.inside) if each.factor)
        if plan["avoid_uphill"]:
            assert intersect(earned, session.predicates.get("uphill", ())) == ()
        for stroke in plan["avoid_strokes"]:
            assert intersect(earned, session.predicates.get(stroke, ())) == ()
        if plan["locked"] or around["excused"].get(session.day.weekday()) == "locked":
            assert earned == ()
        if session.exercise in IN_WATER and (session.water_c or 0) >= 37:
            assert earned == ()
        for violation in judged.violations:
            whole = violation.activity_id == session.activity_ids[0] and "borg_above" in {
                each.rule for each in violation.because
            }
            assert not whole or not any(
                each.factor for each in (*account.own, *account.inside) if each.item is violation.exercise
            )


@QUICK
@given(plans(), st.lists(recordings(), max_size=8), happenings())
def test_nothing_comes_without_a_reason_in_words(
    weeks: Any, plan: dict[str, Any], performed: list[dict[str, Any]], around: dict[str, Any]
) -> None:
    week = weeks()
    judged = judged_in(week, made(week, plan), [week.done(**each) for each in performed], around)
    for account in ledger(judged):
        for each in (*account.own, *account.inside):
            assert reasons.of_entry(each, catalogue())
            assert (each.exercise is not None) is (each.reason in {Went.COUNTED, Went.STOOD_IN})
        assert account.session.verdict.reasons
        assert reasons.of_verdict(account.session, catalogue())
    for violation in judged.violations:
        assert violation.because
        assert reasons.of_violation(violation, catalogue()).endswith(f", so {violation.severity}")
    assert all(catalogue().text(f"excused.{why}") for why in judged.excused.values())


@QUICK
@given(plans(), st.lists(recordings(), max_size=8), happenings(), st.randoms(use_true_random=False))
def test_the_order_in_which_recordings_came_in_changes_nothing(
    weeks: Any, plan: dict[str, Any], performed: list[dict[str, Any]], around: dict[str, Any], chance: Any
) -> None:
    week = weeks()
    done = [week.done(**each) for each in performed]
    shuffled = chance.sample(done, len(done))
    assert judged_in(week, made(week, plan), done, around) == judged_in(week, made(week, plan), shuffled, around)


def in_short(judged: Any) -> Any:
    """A judged week without the numbers that recordings have in the store, by the hashes of their originals."""

    def of(session: Any) -> list[str]:
        return [each.sha256 for each in session.recordings]

    return (
        (judged.status, judged.score, judged.score_low, judged.score_high),
        [(of(each), each.notes, each.verdict) for each in judged.sessions],
        [
            (item.score, item.over_dose, [(of(each.session), each.counted, each.factor) for each in item.credits])
            for item in judged.items
        ],
        sorted((each.code, each.severity, each.minutes, each.exercise) for each in judged.violations),
        [(of(each.session), each.excluded) for each in judged.outside],
    )


@QUICK
@given(
    plans(),
    st.lists(recordings(), max_size=8),
    st.sampled_from([10, 20, None]),
    happenings(),
    st.randoms(use_true_random=False),
)
def test_nor_do_the_numbers_that_they_were_given(
    weeks: Any, plan: dict[str, Any], performed: list[dict[str, Any]], alike: int | None, around: Any, chance: Any
) -> None:
    """Clinical rules, section 8: ties go to the earlier, then by hash."""
    if alike is not None:  # many that began at once and last as long
        performed = [each | {"day": each["day"] % 2, "at": "18:00", "minutes": alike} for each in performed]
    week = weeks()
    numbers = chance.sample(range(len(performed)), len(performed))
    one, other = (
        [
            week.done(**each, activity_id=n + 1, sha256=f"{at:064}")
            for at, (n, each) in enumerate(zip(order, performed, strict=True))
        ]
        for order in (range(len(performed)), numbers)
    )
    asked = made(week, plan)
    assert in_short(judged_in(week, asked, one, around)) == in_short(judged_in(week, asked, other, around))


@QUICK
@given(st.lists(st.integers(0, 40), min_size=1, max_size=7), st.integers(0, 6), st.integers(1, 60), st.integers(1, 7))
def test_a_longer_session_never_lowers_the_score_of_its_item(
    weeks: Any, minutes: list[int], which: int, more: int, asked: int
) -> None:
    week = weeks()
    longer = [each + more * (index == which % len(minutes)) for index, each in enumerate(minutes)]
    before, after = (
        week.judge(week.walks(asked, 20), *week.daily("level_walk", *done)).items[0].score for done in (minutes, longer)
    )
    assert after >= before - 1e-9


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


@QUICK
@given(plans(), st.lists(recordings(), max_size=8), st.sets(st.integers(0, 6), max_size=6), st.integers(0, 6))
def test_excusing_a_day_never_lowers_an_item_where_nothing_stands_in(
    weeks: Any, plan: dict[str, Any], performed: list[dict[str, Any]], excused: set[int], another: int
) -> None:
    week = weeks()
    asked, done = made(week, plan | {"pairs": {}}), [week.done(**each) for each in performed]
    before, after = (
        week.judge(asked, *done, excused=dict.fromkeys(days, "illness")) for days in (excused, {*excused, another})
    )
    for one, other in zip(before.items, after.items, strict=True):
        assert one.score is None or other.score is None or other.score >= one.score - 1e-9


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
