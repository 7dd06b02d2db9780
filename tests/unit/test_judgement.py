"""Where a person stands: what is offered after a week, what excuses its days, what locks it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from coach.adherence import Performed, Status
from coach.effort import Effort, Predicate
from coach.history import Choice, History, Version
from coach.judgement import judge_week, stand
from coach.plan import Diagnosis, Dose, Exercise, Plan, Prescription, Relief, Role
from coach.progression import DecisionKind, OfferKind
from coach.safety import CheckIn, Excusal, ExcusalKind, Flare, Lock, Phase
from coach.weeks import IsoWeek
from devices.recording import Span
from scheduler.clock import local_instant

ZONE = ZoneInfo("Europe/Berlin")
BEGAN = date(2026, 11, 2)  # a Monday
WEEK = IsoWeek.of(BEGAN)
TUESDAY_NOON = local_instant(BEGAN + timedelta(days=8), time(12, 30), ZONE)  # the week is settled
WALK = Prescription(
    exercise=Exercise.LEVEL_WALK,
    role=Role.BASE,
    dose=Dose(sessions=3, minutes=10),
    ceiling=Dose(sessions=5, minutes=30),
)
PLAN = Plan(
    condition="general_sciatica",
    starts_on=BEGAN,
    diagnosis=Diagnosis(made_by="Dr Bo", made_on=BEGAN),
    relief=Relief.UNKNOWN,
    flexion_tolerated=True,
    pain_limit_during=3,
    prescriptions=(WALK,),
)


def at(day: int, clock: str = "18:00") -> datetime:
    """Days count from the plan's first Monday, 0."""
    return local_instant(BEGAN + timedelta(days=day), time.fromisoformat(clock), ZONE)


def walk(day: int, minutes: int = 10) -> Performed:
    efforts = {Predicate.MOVING: Effort(Predicate.MOVING, (Span(0.0, minutes * 60.0),))}
    return Performed(100 + day, Exercise.LEVEL_WALK, at(day), at(day) + timedelta(minutes=minutes), efforts)


def calm(*days: int) -> list[CheckIn]:
    """All that is asked around a session, and nothing hurts."""
    return [
        each
        for day in days
        for each in (
            CheckIn(at(day, "17:50"), Phase.PRE, 2),
            CheckIn(at(day, "18:30"), Phase.POST, 2),
            CheckIn(at(day + 1, "08:00"), Phase.MORNING, 2),
        )
    ]


def history(*days: int, plan: Plan = PLAN, heard: int | None = None) -> History:
    """Walks on these days, calmly."""
    contact = None if heard is None else at(heard, "20:00")
    return History(ZONE, [Version(1, plan)], [walk(day) for day in days], calm(*days), last_contact=contact)


def test_a_good_week_leads_to_the_next_step():
    stood = stand(history(0, 2, 4, heard=8), TUESDAY_NOON)
    assert stood.week.decision.kind is DecisionKind.PROGRESS
    assert stood.offer is not None
    assert (stood.offer.kind, stood.offer.plan.prescriptions[0].dose.minutes) == (OfferKind.UP, 11)


def test_what_was_answered_is_not_offered_again():
    done = replace(history(0, 2, 4, heard=8), choices=[Choice(str(WEEK), "up", "stay", TUESDAY_NOON)])
    stood = stand(done, TUESDAY_NOON)
    assert (stood.offer, stood.answered) == (None, "stay")


def test_a_plan_that_is_to_come_is_not_overtaken():
    coming = PLAN.model_copy(update={"starts_on": BEGAN + timedelta(days=14)})
    done = history(0, 2, 4, heard=8)
    assert stand(replace(done, versions=[*done.versions, Version(2, coming)]), TUESDAY_NOON).offer is None


def test_every_fourth_week_an_easy_one_is_offered():
    early = PLAN.model_copy(update={"starts_on": BEGAN - timedelta(weeks=2)})
    offered = stand(history(0, 2, 4, plan=early, heard=8), TUESDAY_NOON).offer
    assert offered is not None
    assert offered.kind is OfferKind.EASY
    assert [each.starts_on for each in offered.versions(BEGAN + timedelta(days=8))] == [
        BEGAN + timedelta(days=8),
        BEGAN + timedelta(days=14),
    ]


@pytest.mark.parametrize(("days", "offered"), [((0,), None), ((0, 2), OfferKind.EASY)])
def test_an_easy_week_is_for_who_has_done_something(days, offered):
    """A third of the plan is off it, two thirds are partly done."""
    early = PLAN.model_copy(update={"starts_on": BEGAN - timedelta(weeks=2)})
    stood = stand(history(*days, plan=early, heard=8), TUESDAY_NOON)
    assert stood.week.decision.kind is DecisionKind.HOLD
    assert (stood.offer and stood.offer.kind) == offered


def test_an_easy_week_that_was_not_wanted_begins_the_count_anew():
    early = PLAN.model_copy(update={"starts_on": BEGAN - timedelta(weeks=3)})
    done = history(0, 2, 4, plan=early, heard=8)
    declined = [Choice(str(WEEK.previous), OfferKind.EASY, "stay", at(1))]
    offered = stand(replace(done, choices=declined), TUESDAY_NOON).offer
    assert offered is not None
    assert offered.kind is OfferKind.UP


LONG_AGO = PLAN.model_copy(update={"starts_on": BEGAN - timedelta(weeks=6)})


def test_after_two_weeks_off_it_begins_again_gently():
    before = at(-10)
    idle = replace(history(plan=LONG_AGO, heard=8), last_before=before)
    offered = stand(idle, TUESDAY_NOON).offer
    assert offered is not None
    assert (offered.kind, offered.plan.prescriptions[0].dose.minutes) == (OfferKind.RESTART, 7)


def test_who_has_just_come_back_begins_gently_too():
    back = replace(history(4, plan=LONG_AGO, heard=8), last_before=at(-12))
    offered = stand(back, TUESDAY_NOON).offer
    assert offered is not None
    assert offered.kind is OfferKind.RESTART


def test_of_a_watch_that_has_not_synced_nobody_knows():
    silent = replace(history(plan=LONG_AGO, heard=-9), last_before=at(-10))
    assert stand(silent, TUESDAY_NOON).offer is None


def test_a_restart_that_was_taken_is_not_offered_again():
    taken = [Choice(str(WEEK.previous), OfferKind.RESTART, "accept", at(1))]
    idle = replace(history(plan=LONG_AGO, heard=8), last_before=at(-10), choices=taken)
    assert stand(idle, TUESDAY_NOON).offer is None


def test_after_a_flare_it_begins_again_gently():
    flared = replace(history(0, heard=8), flares=[Flare(at(1, "09:00"), at(6, "09:00"))])
    stood = stand(flared, TUESDAY_NOON)
    assert stood.flare is None
    assert stood.offer is not None
    assert stood.offer.reasons == ("after_flare",)


FLARED = [Flare(at(-6, "09:00"), at(-3, "09:00"))]  # over in the week before


def test_who_stays_after_a_flare_is_not_asked_to_begin_again_every_week():
    flared = replace(history(0, plan=LONG_AGO, heard=8), flares=FLARED)
    still = stand(flared, TUESDAY_NOON).offer
    assert still is not None, "too little was done to know"
    assert still.reasons == ("after_flare",)
    for at_what, offered in ((at(1), None), (at(-5), ("after_flare",))):
        stayed = replace(flared, choices=[Choice(str(WEEK.previous.previous), OfferKind.RESTART, "stay", at_what)])
        offer = stand(stayed, TUESDAY_NOON).offer
        assert (offer and offer.reasons) == offered, at_what


def test_a_restart_taken_on_the_day_that_the_flare_ended_is_not_offered_again():
    gentler = WALK.model_copy(update={"dose": Dose(sessions=3, minutes=7)})
    friday = BEGAN + timedelta(days=4)
    restarted = replace(
        history(0, heard=8),
        versions=[
            Version(1, PLAN.model_copy(update={"starts_on": BEGAN - timedelta(days=7)})),
            Version(2, PLAN.model_copy(update={"starts_on": friday, "prescriptions": (gentler,)})),
        ],
        flares=[Flare(at(1, "09:00"), at(4, "09:00"))],
        choices=[Choice(str(WEEK.previous), OfferKind.RESTART, "accept", at(4, "09:30"))],
    )
    offered = stand(restarted, at(7, "12:30")).offer
    assert offered is not None
    assert offered.kind is OfferKind.UP, "from the gentler dose on"
    again = replace(restarted, flares=[*restarted.flares, Flare(at(4, "15:00"), at(4, "20:00"))])
    offered = stand(again, at(7, "12:30")).offer
    assert offered is not None
    assert offered.reasons == ("after_flare",), "another flare since"


def test_after_a_week_that_went_well_a_flare_before_it_holds_no_step_back():
    early = PLAN.model_copy(update={"starts_on": BEGAN - timedelta(weeks=1)})
    offered = stand(replace(history(0, 2, 4, plan=early, heard=8), flares=FLARED), TUESDAY_NOON).offer
    assert offered is not None
    assert offered.kind is OfferKind.UP


def test_who_came_back_and_stayed_is_not_asked_to_begin_again_every_week():
    back = replace(history(0, 2, 4, plan=LONG_AGO, heard=8), last_before=at(-20))
    offered = stand(back, TUESDAY_NOON).offer
    assert offered is not None
    assert offered.kind is OfferKind.RESTART
    stayed = replace(back, choices=[Choice(str(WEEK.previous), OfferKind.RESTART, "stay", at(1))])
    offered = stand(stayed, TUESDAY_NOON).offer
    assert offered is not None
    assert offered.kind is not OfferKind.RESTART


GOOD = history(0, 2, 4, heard=8)
IDLE = replace(history(plan=LONG_AGO, heard=8), last_before=at(-10))
TOO_MUCH = replace(
    history(0, 2, heard=8),
    check_ins=[CheckIn(at(day, "18:30"), Phase.PEAK, 7) for day in (0, 2)],
)
TUESDAY = BEGAN + timedelta(days=8)
SORE = {"check_ins": [CheckIn(at(8, "09:00"), Phase.MORNING, 7)]}
FLARING = {"flares": [Flare(at(8, "09:00"))]}
OVER = {"flares": [Flare(at(7, "09:00"), at(8, "09:00"))]}
HELD = {"excusals": [Excusal(ExcusalKind.HOLD, TUESDAY)]}
ILL = {"excusals": [Excusal(ExcusalKind.ILLNESS, TUESDAY, TUESDAY)]}
RESTING = {
    "performed": [replace(walk(7), started_at=at(8, "10:00"), ended_at=at(8, "10:10"))],
    "check_ins": [CheckIn(at(8, "10:10"), Phase.PEAK, 7)],
}


@pytest.mark.parametrize(
    ("lived", "today", "offered", "waits"),
    [
        (GOOD, {}, "up", False),
        (GOOD, SORE, "up", True),
        (GOOD, FLARING, "up", True),
        (GOOD, HELD, "up", True),
        (GOOD, ILL, "up", True),
        (GOOD, RESTING, "up", True),
        (IDLE, {}, "restart", False),
        (IDLE, SORE, "restart", False),  # less than what is asked of them today
        (IDLE, FLARING, "restart", True),
        (IDLE, OVER, "restart", False),
        (IDLE, HELD, "restart", True),
        (IDLE, ILL, "restart", True),
        (IDLE, RESTING, "restart", True),
        (TOO_MUCH, {}, "back", False),
        (TOO_MUCH, SORE, "back", False),
        (TOO_MUCH, HELD, "back", False),
        (TOO_MUCH, FLARING, "back", False),
    ],
)
def test_nothing_goes_on_while_nothing_is_asked(lived, today, offered, waits):
    added = {name: [*getattr(lived, name), *more] for name, more in today.items()}
    stood = stand(replace(lived, **added), TUESDAY_NOON)
    assert stood.offer is not None
    assert (stood.offer.kind, stood.waits) == (offered, waits)
    assert stood.eased is bool(today)


def test_days_are_excused_by_the_first_reason_of_each():
    flared = replace(
        history(heard=8),
        flares=[Flare(at(2, "09:00"), at(4, "09:00"))],
        excusals=[Excusal(ExcusalKind.HOLD, BEGAN + timedelta(days=4), BEGAN + timedelta(days=5))],
    )
    excused = judge_week(flared, WEEK, TUESDAY_NOON).adherence.excused
    assert {day.day: why for day, why in excused.items()} == {4: "flare", 5: "flare", 6: "hold", 7: "hold"}


def test_a_warning_sign_locks_until_it_is_cleared():
    raised = Lock(at(8, "09:00"), ("new_weakness",))
    locked = replace(history(0, 2, 4, heard=8), locks=[raised])
    stood = stand(locked, TUESDAY_NOON)
    assert (stood.locked, stood.offer) == (True, None)
    assert stood.this_week.adherence.status is Status.LOCKED
    cleared = replace(raised, cleared_at=at(8, "12:00"), cleared_by="Dr Bo", cleared_on=BEGAN + timedelta(days=8))
    assert stand(replace(locked, locks=[cleared]), TUESDAY_NOON).locked is False


@pytest.mark.parametrize(("versions", "day", "number"), [((1, 2), 8, 2), ((1, 2), 6, 1), ((1,), -1, None)])
def test_the_version_in_force(versions, day, number):
    all_of_them = [Version(n, PLAN.model_copy(update={"starts_on": BEGAN + timedelta(weeks=n - 1)})) for n in versions]
    found = History(ZONE, all_of_them).version_on(BEGAN + timedelta(days=day))
    assert (found and found.number) == number


def test_nothing_was_before_the_first_plan():
    stood = stand(History(ZONE), datetime(2026, 11, 10, 12, tzinfo=UTC))
    assert stood.week.adherence.status is Status.NO_PLAN
    assert (stood.offer, stood.locked) == (None, True)
