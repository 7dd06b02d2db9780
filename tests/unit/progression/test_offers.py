"""What is offered after a week, and a year of it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.plan import Dose, Exercise, Plan
from coach.progression import (
    Change,
    Decision,
    DecisionKind,
    OfferKind,
    Reason,
    ReasonCode,
    days_off,
    easy_due,
    offer,
)
from coach.weeks import IsoWeek


def decided(kind: DecisionKind | None) -> Decision:
    return Decision(kind, (Reason(ReasonCode.ALL_WELL),))


PROGRESS = decided(DecisionKind.PROGRESS)


@pytest.fixture
def plan(make) -> Plan:
    return make.plan(
        make.item("level_walk", (5, 12), (5, 30)),
        make.item("swim", (2, 15), (2, 15)),
        make.item("fast_walk", (3, 2), (3, 10), from_step=2, nested_in="level_walk"),
    )


def test_a_step_up_says_what_would_change(plan) -> None:
    offered = offer(plan, PROGRESS)
    assert offered is not None
    assert (offered.kind, offered.reasons, offered.plan.step) == (OfferKind.UP, ("all_well",), 2)
    assert offered.changes == (
        Change(Exercise.LEVEL_WALK, Dose(sessions=5, minutes=12), Dose(sessions=5, minutes=13)),
        Change(Exercise.FAST_WALK, None, Dose(sessions=3, minutes=2)),
    )
    assert plan.step == 1, "nothing changes by itself"


@pytest.mark.parametrize(
    ("kind", "given", "offered"),
    [
        (DecisionKind.PROGRESS, {}, OfferKind.UP),
        (DecisionKind.PROGRESS, {"easy_due": True}, OfferKind.EASY),
        (DecisionKind.PROGRESS, {"days_off": 13}, OfferKind.UP),
        (DecisionKind.PROGRESS, {"days_off": 14, "easy_due": True}, OfferKind.RESTART),
        (DecisionKind.HOLD, {}, None),
        (DecisionKind.HOLD, {"easy_due": True}, OfferKind.EASY),
        (DecisionKind.HOLD, {"after_flare": True}, OfferKind.RESTART),
        (DecisionKind.STEP_BACK, {}, OfferKind.BACK),
        (DecisionKind.STEP_BACK, {"easy_due": True}, OfferKind.BACK),
        (DecisionKind.STEP_BACK, {"after_flare": True}, OfferKind.RESTART),
        (DecisionKind.ESCALATE, {}, None),
        (DecisionKind.ESCALATE, {"days_off": 99, "after_flare": True, "easy_due": True}, None),
        (None, {}, None),
        (None, {"easy_due": True}, None),
        (None, {"days_off": 14}, OfferKind.RESTART),
        (None, {"after_flare": True}, OfferKind.RESTART),
    ],
)
def test_what_is_offered(plan, kind, given, offered) -> None:
    made = offer(plan, decided(kind), **given)
    assert (made and made.kind) == offered
    assert offer(plan.model_copy(update={"diagnosis": None}), decided(kind), **given) is None, "a locked plan stays"
    if made is not None:
        assert made.reasons
        assert made.changes


def test_a_restart_is_at_the_dose_of_a_step_back(plan) -> None:
    restart, back = offer(plan, PROGRESS, days_off=14), offer(plan, decided(DecisionKind.STEP_BACK))
    assert restart is not None
    assert back is not None
    assert restart.plan == back.plan
    assert restart.plan.items[0].dose == Dose(sessions=5, minutes=8)


def test_after_an_easy_week_the_dose_before_returns(plan) -> None:
    offered = offer(plan, PROGRESS, easy_due=True)
    assert offered is not None
    wednesday = date(2026, 11, 25)
    easy, returned = offered.versions(wednesday)
    assert (easy.starts_on, easy.easy, easy.items[0].dose.minutes) == (wednesday, True, 9)
    assert (returned.starts_on, returned.easy) == (date(2026, 11, 30), False)
    assert returned.model_copy(update={"starts_on": plan.starts_on}) == plan


@given(
    st.lists(st.tuples(st.integers(1, 14), st.integers(4, 240)), min_size=1, max_size=5),
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
)
def test_an_easy_week_is_gone_without_a_trace(make, doses, today) -> None:
    before = make.plan(*(make.item(each, dose, dose) for each, dose in zip(Exercise, doses, strict=False)))
    offered = offer(before, PROGRESS, easy_due=True)
    assert offered is not None
    easy, after = offered.versions(today)
    assert all(a.dose.minutes < b.dose.minutes for a, b in zip(easy.items, before.items, strict=True))
    assert after.model_copy(update={"starts_on": before.starts_on}) == before
    assert (after.starts_on.weekday(), 1 <= (after.starts_on - easy.starts_on).days <= 7) == (0, True)


def test_other_steps_are_one_version_from_today(plan) -> None:
    offered = offer(plan, PROGRESS)
    assert offered is not None
    assert [each.starts_on for each in offered.versions(date(2026, 11, 25))] == [date(2026, 11, 25)]


def test_at_its_end_a_plan_stays(make) -> None:
    assert offer(make.plan(make.item("swim", (2, 30), (2, 30))), PROGRESS) is None


def test_at_its_ceilings_a_plan_goes_on_to_the_item_that_waits(make) -> None:
    plan = make.plan(
        make.item("level_walk", (5, 30), (5, 30)),
        make.item("uphill_walk", (1, 5), (2, 15), from_step=5, role="optional"),
    )
    offered = offer(plan, PROGRESS)
    assert offered is not None
    assert offered.plan.step == 5
    assert [each.exercise for each in offered.changes] == [Exercise.UPHILL_WALK]


def test_every_fourth_week_is_due_to_be_easy() -> None:
    weeks = [IsoWeek(2026, 52)]
    while len(weeks) < 13:
        weeks.append(weeks[-1].next)
    easy: list[IsoWeek] = []
    for week in weeks:
        if easy_due(week, weeks[0], easy):
            easy.append(week)
    assert [weeks.index(each) + 1 for each in easy] == [4, 8, 12]
    assert easy_due(weeks[5], weeks[0], ()), "one that nobody answered stays due"
    assert not easy_due(weeks[5], weeks[4], (weeks[3],)), "a restart counts anew"


def test_days_off() -> None:
    began, today = date(2026, 11, 2), date(2026, 11, 20)
    assert days_off(None, began, today) == 18
    assert days_off(date(2026, 11, 18), began, today) == 2
    assert days_off(date(2026, 10, 1), began, today) == 18, "before the plan nobody was off it"
    assert days_off(today, began, today) == 0


def test_a_perfect_adherer_walks_30_minutes_at_about_week_16(make) -> None:
    """Clinical rules, section 2: from 10 min to the ceiling, with easy weeks."""
    plan = make.plan(make.item("level_walk", (5, 10), (5, 30)))
    first = IsoWeek(2026, 45)
    waiting: list[Plan] = []
    easy: list[IsoWeek] = []
    walked: list[int] = []
    week = first
    while len(walked) < 20:
        if waiting and waiting[0].starts_on <= week.monday:
            plan = waiting.pop(0)
        made = offer(plan, PROGRESS, easy_due=easy_due(week, first, easy)) if walked else None
        if made is not None:
            plan, *waiting = made.versions(week.monday)
            easy += [week] * plan.easy
        walked.append(plan.items[0].dose.minutes)
        week = IsoWeek.of(week.monday + timedelta(days=7))
    assert walked == [10, 11, 12, 9, 13, 14, 15, 11, 17, 19, 21, 16, 23, 25, 28, 21, 30, 30, 30, 23]
    assert walked.index(30) + 1 == 17
