"""Warning signs, and the locks that come of them, each the person's own."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from coach.errors import ConflictError, UsageError
from coach.safety.model import Answers, CheckIn, Phase
from coach.store import check_ins, locks, sign_answers
from coach.store.engine import reading, writing
from coach.store.told import PlanLock, SignAnswers

NOON = datetime(2026, 6, 1, 10, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)


def test_new_weakness_locks_with_the_check_in(engine, ada, bea):
    later = NOON + 5 * HOUR
    with writing(engine, None) as session:
        check_ins.add(session, ada, CheckIn(NOON, Phase.POST, 2, weakness=True), later)
    with reading(engine) as session:
        assert locks.holding(session, ada, NOON + HOUR) is None  # nobody knew yet
        lock = locks.holding(session, ada, later)
        assert lock is not None
        assert (lock.raised_at, lock.signs) == (later, ("new_weakness",))
        assert locks.holding(session, bea, later) is None


def test_answers_and_their_lock_are_kept_together_or_not_at_all(engine, ada):
    class TurnedOffError(Exception):
        pass

    def answered(session, *, turned_off=False):
        sign_answers.add(session, ada, Answers(NOON, ("leaking", "worse")))
        if turned_off:
            raise TurnedOffError

    with pytest.raises(TurnedOffError), writing(engine, None) as session:
        answered(session, turned_off=True)
    with reading(engine) as session:
        assert not session.exec(select(SignAnswers)).all()
        assert not session.exec(select(PlanLock)).all()
    with writing(engine, None) as session:
        answered(session)
    with reading(engine) as session:
        assert sign_answers.of(session, ada) == [Answers(NOON, ("leaking", "worse"))]
        assert [each.signs for each in locks.of(session, ada)] == [("leaking",)]


@pytest.mark.parametrize("yes", [(), ("worse", "night_pain")])
def test_answers_that_lock_nothing(engine, ada, yes):
    with writing(engine, None) as session:
        sign_answers.add(session, ada, Answers(NOON, yes))
    with reading(engine) as session:
        assert locks.holding(session, ada, NOON) is None
        assert sign_answers.of(session, ada, NOON, NOON + HOUR) == [Answers(NOON, yes)]
        assert sign_answers.of(session, ada, NOON + HOUR) == []


def locked(engine, person_id, *signs):
    with writing(engine, None) as session:
        sign_answers.add(session, person_id, Answers(NOON, signs or ("fall",)))


def test_clearing_opens_it_and_says_who_and_when(engine, ada):
    locked(engine, ada, "fall")
    locked(engine, ada, "fever", "fall")
    with writing(engine, None) as session:
        held = locks.clear(session, ada, " Dr Bo ", date(2026, 6, 2), NOON + timedelta(days=1), BERLIN)
    assert held.signs == ("fall", "fever")
    with reading(engine) as session:
        assert locks.holding(session, ada, NOON + timedelta(hours=23)) is not None
        assert locks.holding(session, ada, NOON + timedelta(days=1)) is None
        assert {(each.cleared_by, each.cleared_on) for each in locks.of(session, ada)} == {("Dr Bo", date(2026, 6, 2))}


@pytest.mark.parametrize(
    ("by", "on", "sentence"),
    [
        (None, date(2026, 6, 1), "Who cleared it"),
        ("  ", date(2026, 6, 1), "Who cleared it"),
        ("Bo\x1b[2J", date(2026, 6, 1), "not seen"),
        ("B" * 81, date(2026, 6, 1), "longer than 80"),
        ("Bo", date(2026, 5, 31), "locked on 2026-06-01"),
        ("Bo", date(2026, 6, 2), "lies in the future"),
    ],
)
def test_what_clears_nothing(engine, ada, by, on, sentence):
    locked(engine, ada)
    with pytest.raises(UsageError, match=sentence), writing(engine, None) as session:
        locks.clear(session, ada, by, on, NOON + HOUR, BERLIN)
    with reading(engine) as session:
        assert locks.holding(session, ada, NOON + HOUR) is not None


def test_the_day_of_a_clearance_is_the_persons(engine, ada):
    """Half past eleven in the evening in Berlin is already the second in Auckland."""
    night = datetime(2026, 6, 1, 21, 30, tzinfo=UTC)
    with writing(engine, None) as session:
        sign_answers.add(session, ada, Answers(night, ("fall",)))
    with pytest.raises(UsageError, match="future"), writing(engine, None) as session:
        locks.clear(session, ada, "Bo", date(2026, 6, 2), night + HOUR / 4, BERLIN)
    with writing(engine, None) as session:
        locks.clear(session, ada, "Bo", date(2026, 6, 2), night + HOUR / 4, ZoneInfo("Pacific/Auckland"))


def test_nobody_clears_anothers_lock_or_one_that_is_not_there(engine, ada, bea):
    locked(engine, ada)
    with pytest.raises(ConflictError, match="nothing to clear"), writing(engine, None) as session:
        locks.clear(session, bea, "Bo", date(2026, 6, 1), NOON + HOUR, BERLIN)
    with reading(engine) as session:
        assert locks.holding(session, ada, NOON + HOUR) is not None
