"""The decision of a week: first match wins, and it says what it was reckoned from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.adherence import Status
from coach.plan.thresholds import thresholds
from coach.progression import DecisionKind, ReasonCode, decide

GREEN = ("green",) * 5


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.COMPLETE])
def test_no_decision_unless_the_week_is_complete(make, status) -> None:
    decision = decide(make.week(*GREEN, status=status), (), (), flagged=status is not Status.LOCKED)
    assert decision.kind is None
    assert [(each.code, each.inputs) for each in decision.reasons] == [(ReasonCode.NOT_COMPLETE, {"status": status})]


def test_a_red_flag_that_still_locks_the_plan_is_for_the_clinician(make) -> None:
    decision = decide(make.week(*GREEN, score=None, status=Status.LOCKED), (), (), flagged=True)
    assert (decision.kind, [each.code for each in decision.reasons]) == (
        DecisionKind.ESCALATE,
        [ReasonCode.RED_FLAG],
    )
    locked_before = decide(make.week(*GREEN, score=None, status=Status.LOCKED), (), ())
    assert locked_before.kind is None


def test_no_decision_while_a_session_is_pending(make) -> None:
    decision = decide(make.week("red", "red", "pending"), (), ())
    assert (decision.kind, decision.reasons[0].code) == (None, ReasonCode.PENDING)


def test_an_amber_that_may_turn_red_by_noon_is_not_settled(make) -> None:
    open_still = decide(make.week("amber peak_over_limit morning_open", *GREEN), (), ())
    assert (open_still.kind, open_still.reasons[0].code) == (None, ReasonCode.PENDING)


def test_no_decision_without_a_score(make) -> None:
    assert decide(make.week(*GREEN, score=None), (), ()).reasons[0].code is ReasonCode.NO_SCORE


@pytest.mark.parametrize(
    ("verdicts", "flagged", "code"),
    [
        (GREEN, True, ReasonCode.RED_FLAG),
        (("green", "escalate"), False, ReasonCode.RED_FLAG),
        (("green", "red numbness"), False, ReasonCode.NERVE),
        (("red", "red", "red weakness"), False, ReasonCode.NERVE),
    ],
)
def test_escalate(make, verdicts, flagged, code) -> None:
    decision = decide(make.week(*verdicts, score=10), (9, 9), (0, 0), flagged=flagged)
    assert (decision.kind, [each.code for each in decision.reasons]) == (DecisionKind.ESCALATE, [code])


@pytest.mark.parametrize(
    ("verdicts", "mornings", "before", "codes"),
    [
        (("red", "red"), (), (), [ReasonCode.RED]),
        (GREEN, (4, 4), (2, 2), [ReasonCode.MORNINGS_UP]),
        (GREEN, (3, 4, 4), (1, 2, 2), [ReasonCode.MORNINGS_UP]),
        (("red", "red", "amber"), (5, 5), (2, 3), [ReasonCode.RED, ReasonCode.MORNINGS_UP]),
    ],
)
def test_step_back(make, verdicts, mornings, before, codes) -> None:
    decision = decide(make.week(*verdicts), mornings, before)
    assert (decision.kind, [each.code for each in decision.reasons]) == (DecisionKind.STEP_BACK, codes)


@pytest.mark.parametrize(
    ("mornings", "before"), [((4,), (2, 2)), ((4, 4), (2,)), ((4, 3), (2, 2)), ((), ()), ((9, 9), ())]
)
def test_mornings_that_say_too_little(make, mornings, before) -> None:
    assert decide(make.week(*GREEN), mornings, before).kind is DecisionKind.PROGRESS


@pytest.mark.parametrize(
    ("verdicts", "score", "major", "codes"),
    [
        (("red", *GREEN), 90, (), [ReasonCode.RED]),
        (("amber", "amber", *GREEN), 90, (), [ReasonCode.AMBER]),
        (GREEN, 79.999, (), [ReasonCode.SCORE]),
        (("unknown", "unknown", "green", "green", "green"), 90, (), [ReasonCode.UNKNOWN]),
        (GREEN, 96.7, ("uphill_avoid",), [ReasonCode.MAJOR]),
        (("red", "amber", "amber"), 50, ("too_long",), ["red", "amber", "score", "major"]),
        ((), 0, (), [ReasonCode.SCORE]),
    ],
)
def test_hold(make, verdicts, score, major, codes) -> None:
    decision = decide(make.week(*verdicts, score=score, major=major), (), ())
    assert (decision.kind, [each.code for each in decision.reasons]) == (DecisionKind.HOLD, codes)


@pytest.mark.parametrize("verdicts", [GREEN, ("amber", *GREEN), ("unknown", "green", "green"), ()])
def test_progress(make, verdicts) -> None:
    decision = decide(make.week(*verdicts, score=80.0), (3, 3), (3, 3))
    assert decision.kind is DecisionKind.PROGRESS
    assert [(each.code, dict(each.inputs)) for each in decision.reasons] == [
        (ReasonCode.ALL_WELL, {"score": 80.0, "limit": 80})
    ]


def test_what_it_was_reckoned_from(make) -> None:
    step_back = decide(make.week("red", "red"), (5, 6), (3, 4)).reasons
    assert [dict(each.inputs) for each in step_back] == [
        {"count": 2, "limit": 2},
        {"mean": 5.5, "before": 3.5, "limit": 2},
    ]
    hold = decide(make.week("unknown", major=("uphill_avoid",)), (), ()).reasons
    assert [dict(each.inputs) for each in hold] == [
        {"count": 1, "sessions": 1, "limit": 3},
        {"violation": "uphill_avoid", "minutes": 12.0},
    ]


def test_the_line_below_which_a_week_holds_is_that_of_being_on_plan() -> None:
    assert thresholds().decision.hold_below_score == thresholds().adherence.on_plan_from


PAIN = st.lists(st.integers(0, 10), max_size=7)


@given(
    st.lists(st.sampled_from(["red", "red weakness", "amber", "green", "unknown", "pending", "escalate"]), max_size=8),
    st.floats(0, 100),
    PAIN,
    PAIN,
    st.booleans(),
)
def test_never_without_a_reason_and_never_a_step_up_in_doubt(make, verdicts, score, mornings, before, flagged) -> None:
    decision = decide(make.week(*verdicts, score=score), mornings, before, flagged=flagged)
    assert decision.reasons
    if decision.kind is DecisionKind.PROGRESS:
        assert score >= 80
        assert not {"red", "red weakness", "escalate", "pending"} & set(verdicts)
        assert not flagged
