"""Verdicts, the days of rest after RED, and locks."""

from datetime import timedelta
from typing import Any

import pytest

from coach.adherence import Status
from coach.safety.model import Colour, Lock


def found(judged: Any) -> list[tuple[str, str, float]]:
    return [(each.code, each.severity.value, each.minutes) for each in judged.violations]


def lock(week: Any, day: int, at: str, until: tuple[int, str] | None = None) -> Lock:
    return Lock(week.at(day, at), ("foot_drop",), cleared_at=None if until is None else week.at(*until))


class TestVerdicts:
    @pytest.mark.parametrize(
        ("told", "colour", "severity"),
        [
            ({"pre": 2, "peak": 3, "post": 2, "morning": 3}, Colour.GREEN, None),
            ({"pre": 2, "peak": 5, "post": 4, "morning": 3}, Colour.AMBER, "minor"),
            ({"pre": 2, "peak": 3, "post": 3, "morning": 4}, Colour.RED, "major"),
            ({"pre": 1, "peak": 2, "post": 2, "morning": None}, Colour.UNKNOWN, None),
            ({"pre": 3, "peak": 6, "post": 4, "morning": 3}, Colour.RED, "major"),
        ],
    )
    def test_a_session_that_hurt_goes_against_the_plan(
        self, week: Any, told: dict[str, Any], colour: Colour, severity: str | None
    ) -> None:
        judged = week.judge(week.walks(1, 20), week.done("level_walk", 20), check_ins=week.pain(0, **told))
        [session] = judged.sessions
        assert session.verdict.colour is colour
        assert found(judged) == ([("pain_over_limit", severity, 0)] if severity else [])
        assert judged.score == 100.0  # it takes no minutes
        assert [each.rule for every in judged.violations for each in every.because] == (
            [f"verdict_{reason}" for reason in session.verdict.reasons] if severity else []
        )

    def test_the_plan_s_limit_decides(self, week: Any) -> None:
        plan, walk = week.walks(1, 20), week.done("level_walk", 20)
        told = week.pain(0, pre=2, peak=4, post=2, morning=2)
        assert week.judge(plan, walk, check_ins=told).sessions[0].verdict.colour is Colour.AMBER
        milder = plan.model_copy(update={"pain_limit_during": 4})
        assert week.judge(milder, walk, check_ins=told).sessions[0].verdict.colour is Colour.GREEN

    def test_every_session_of_the_week_has_one_and_only_those_are_of_the_week(self, week: Any) -> None:
        judged = week.judge(
            week.walks(1, 20),
            *(week.done(kind, 20, day) for kind, day in (("level_walk", -1), ("swim", 2), ("swim", 7))),
        )
        assert [(each.exercise, each.verdict.colour) for each in judged.sessions] == [("swim", Colour.UNKNOWN)]

    def test_a_session_that_hurt_stands_in_for_nothing(self, week: Any) -> None:
        told = week.pain(0, peak=5)
        assert week.judge(week.walks(5, 20), week.done("swim", 20), check_ins=told).items[0].credits == ()


class TestRest:
    """Rest advice excuses the local day of the RED and the next."""

    def test_a_morning_that_was_worse_excuses_it_and_the_day_after(self, week: Any) -> None:
        plan = week.walks(3, 20, planned=("mon", "tue", "wed"))
        judged = week.judge(plan, week.done("level_walk", 20, 0), check_ins=week.pain(0, morning=4))
        assert judged.excused == dict.fromkeys(week.week.days[1:3], "rest_advice")
        assert (judged.items[0].asked, judged.score) == (1, 100.0)

    @pytest.mark.parametrize(("day", "excused"), [(-3, 0), (-2, 1), (-1, 2)])
    def test_it_reaches_over_the_edge_of_the_week(self, week: Any, day: int, excused: int) -> None:
        """Saturday's session, told on Sunday morning, excuses Monday; Sunday's, told on Monday, Tuesday too."""
        judged = week.judge(week.walks(5, 20), week.done("level_walk", 20, day), check_ins=week.pain(day, morning=4))
        assert list(judged.excused) == list(week.week.days[:excused])

    def test_what_somebody_said_comes_before_the_advice(self, week: Any) -> None:
        judged = week.judge(
            week.walks(5, 20),
            week.done("level_walk", 20, 0),
            check_ins=week.pain(0, morning=4),
            excused={1: "flare"},
        )
        assert list(judged.excused.values()) == ["flare", "rest_advice"]


class TestLocks:
    """A warning sign locks the plan until somebody has cleared it."""

    def test_what_is_done_while_it_holds_earns_nothing(self, week: Any) -> None:
        walks = [week.done("level_walk", 20, 1, at) for at in ("08:00", "18:00")]
        judged = week.judge(week.walks(5, 20), *walks, locks=[lock(week, 1, "12:00", (3, "09:00"))])
        assert [each.credited_minutes for each in judged.items[0].credits] == [20, 0]
        # The sign was told after the first of them: that session escalated.
        assert found(judged) == [("pain_over_limit", "major", 0), ("while_locked", "major", 20)]
        assert [each.because[0].rule for each in judged.violations] == ["verdict_warning_sign", "warning_sign"]

    def test_every_day_on_which_it_held_is_excused(self, week: Any) -> None:
        judged = week.judge(week.walks(7, 20), locks=[lock(week, 1, "12:00", (3, "09:00"))])
        assert judged.excused == dict.fromkeys(week.week.days[1:4], "locked")
        assert (judged.items[0].asked, judged.status) == (4, Status.COMPLETE)

    def test_before_four_it_still_holds_on_the_day_before(self, week: Any) -> None:
        judged = week.judge(week.walks(7, 20), locks=[lock(week, 1, "12:00", (3, "03:59"))])
        assert list(judged.excused) == list(week.week.days[1:3])

    def test_one_that_holds_now_locks_the_week_and_not_the_days_to_come(self, week: Any) -> None:
        judged = week.judge(week.walks(7, 20), locks=[lock(week, 1, "12:00")], now=week.at(2, "20:00"))
        assert (judged.status, judged.score, judged.score_low) == (Status.LOCKED, None, None)
        assert list(judged.excused) == list(week.week.days[1:3])

    @pytest.mark.parametrize(
        ("cleared", "status"), [((6, "12:00"), Status.COMPLETE), ((8, "12:00"), Status.LOCKED), (None, Status.LOCKED)]
    )
    def test_a_week_is_locked_by_how_it_ended(self, week: Any, cleared: Any, status: Status) -> None:
        assert week.judge(week.walks(7, 20), locks=[lock(week, 5, "12:00", cleared)]).status is status

    def test_a_whole_week_of_it_that_was_cleared_on_sunday_is_paused(self, week: Any) -> None:
        judged = week.judge(week.walks(7, 20), locks=[lock(week, -1, "12:00", (6, "23:00"))])
        assert (judged.status, judged.score) == (Status.PAUSED, None)

    def test_cleared_on_the_same_day_the_week_goes_on(self, week: Any) -> None:
        judged = week.judge(week.walks(7, 20), locks=[lock(week, 1, "10:00", (1, "12:00"))], now=week.at(1, "13:00"))
        assert (judged.status, list(judged.excused)) == (Status.OPEN, [week.week.days[1]])

    def test_a_day_without_a_diagnosis_takes_all_of_it(self, week: Any) -> None:
        walks = [week.done("level_walk", 20, 1, at) for at in ("08:00", "18:00")]
        judged = week.judge(week.walks(5, 20), *walks, excused={1: "locked"})
        assert [each.credited_minutes for each in judged.items[0].credits] == [0, 0]
        assert {each.because[0].rule for each in judged.violations} == {"no_diagnosis"}
        assert judged.status is Status.COMPLETE
        today = week.judge(week.walks(5, 20), *walks, excused={1: "locked"}, now=week.at(1, "20:00"))
        assert today.status is Status.LOCKED


class TestBeforeThePlan:
    """What was done on days before the plan began earns nothing, and goes against nothing."""

    def test_it_serves_no_item(self, week: Any) -> None:
        plan = week.plan(week.item("level_walk", 5, 20), avoid_uphill=True)
        walks = [week.done("level_walk", 20, day, uphill=[(0, 10)] if day == 1 else ()) for day in (1, 3, 4)]
        judged = week.judge(plan, *walks, first_day=week.week.days[3])
        assert [each.session.activity_ids for each in judged.items[0].credits] == [(2,), (3,)]
        assert judged.violations == ()
        assert [each.activity_ids for each in judged.unplanned] == [(1,)]
        assert {each.reason for each in judged.outside[0].excluded} == {"not_started"}

    def test_without_any_plan_so_is_the_whole_week(self, week: Any) -> None:
        judged = week.judge(None, week.done("level_walk", 20))
        assert (judged.status, judged.unplanned) == (Status.NO_PLAN, ())
        assert [each.excluded[0].reason for each in judged.outside] == ["not_started"]

    def test_days_off_are_of_the_plan_alone(self, week: Any) -> None:
        """The walk before the plan is no session that asks for a day of rest after it."""
        plan = week.walks(5, 20, rest_days=1)
        walks = [week.done("level_walk", 20, day) for day in (2, 3)]
        assert week.judge(plan, *walks, first_day=week.week.days[3]).violations == ()


def test_other_weeks_may_be_given_and_change_nothing(week: Any) -> None:
    plan, walks = week.walks(5, 20), week.daily("level_walk", 20, 22, 18)
    told = [*week.pain(0, morning=4), *week.pain(-9, morning=6)]
    others = [week.done("level_walk", 20, day) for day in (-30, -9, 12, 40)]
    assert week.judge(plan, *walks, check_ins=told) == week.judge(plan, *walks, *others, check_ins=told)


def test_a_verdict_waits_for_the_noon_after(week: Any) -> None:
    plan, walk = week.walks(5, 20), week.done("level_walk", 20, 2)
    before = week.judge(plan, walk, now=week.at(3, "12:00") - timedelta(seconds=1))
    assert before.sessions[0].verdict.colour is Colour.PENDING
    assert week.judge(plan, walk, now=week.at(3, "12:00")).sessions[0].verdict.colour is Colour.UNKNOWN
