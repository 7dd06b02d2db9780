"""What a person told of pain and signs; locks with it; all of it theirs alone."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from coach.errors import ConflictError, NotFoundError, UsageError
from coach.safety.model import Answers, CheckIn, Excusal, ExcusalKind, Extent, Flare, Phase
from coach.store import begun, check_ins, excusals, flares, locks, performances, sign_answers
from coach.store.engine import reading, writing
from coach.store.tables import Activity, key
from coach.store.told import CheckInRow, PlanLock, SignAnswers

NOON = datetime(2026, 6, 1, 10, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)


@pytest.fixture
def ada(add_person) -> int:
    return key(add_person("Ada"))


@pytest.fixture
def bea(add_person, ada) -> int:
    return key(add_person("Bea"))


def walk(engine, person_id, started_at=NOON, exercise="level_walk") -> int:
    with writing(engine, None) as session:
        row = Activity(
            person_id=person_id,
            sport="walking",
            exercise=exercise,
            exercise_reason="x",
            started_at=started_at,
            ended_at=started_at + HOUR,
            timezone="Europe/Berlin",
            records=0,
            lengths=0,
            active_lengths=0,
            notes=[],
            received_at=started_at,
        )
        session.add(row)
        session.flush()
        return key(row)


def test_a_check_in_comes_back_as_it_was_told(engine, ada, bea):
    number = walk(engine, ada)
    told = CheckIn(NOON + HOUR, Phase.POST, 4, Extent.THIGH, numbness=True, shoulder=2, activity_id=number)
    with writing(engine, None) as session:
        kept = check_ins.add(session, ada, told, NOON + 2 * HOUR)
    with reading(engine) as session:
        assert check_ins.of(session, ada) == [told]
        assert [each.id for each in check_ins.kept(session, ada)] == [kept]
        assert check_ins.of(session, bea) == []
        assert locks.of(session, ada) == []


def test_check_ins_of_a_time_in_its_order(engine, ada):
    with writing(engine, None) as session:
        for hours in (2, 0, 1):
            check_ins.add(session, ada, CheckIn(NOON + hours * HOUR, Phase.PRE, hours), NOON)
    with reading(engine) as session:
        assert [each.pain for each in check_ins.of(session, ada)] == [0, 1, 2]
        assert [each.pain for each in check_ins.of(session, ada, NOON, NOON + 2 * HOUR)] == [0, 1]


def test_what_names_an_activity_of_a_time_is_of_that_time(engine, ada):
    number = walk(engine, ada)
    later = CheckIn(NOON + timedelta(days=9), Phase.PEAK, 4, activity_id=number)
    with writing(engine, None) as session:
        check_ins.add(session, ada, later, later.at)
    with reading(engine) as session:
        assert check_ins.of(session, ada, NOON, NOON + HOUR) == [later]
        assert check_ins.of(session, ada, NOON - HOUR, NOON) == []
        assert check_ins.of(session, ada, NOON + HOUR, NOON + 2 * HOUR) == []


def test_of_the_weeks_before_mornings_alone(engine, ada):
    """Baselines and flares look back on mornings; from its own start on a history has all."""
    early, late = NOON - timedelta(days=20), NOON
    told = [CheckIn(at, phase, 3) for at in (early, late) for phase in (Phase.PEAK, Phase.MORNING)]
    with writing(engine, ada) as session:
        for each in told:
            check_ins.add(session, ada, each, NOON)
    with reading(engine) as session:
        found = check_ins.with_mornings(session, ada, early, NOON - HOUR, NOON + HOUR)
        assert found == [each for each in told if each.at == late or each.phase is Phase.MORNING]
        assert check_ins.with_mornings(session, ada, early + HOUR, NOON - HOUR, NOON) == []


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


def test_a_check_in_names_only_an_activity_of_the_person(engine, ada, bea):
    number = walk(engine, bea)
    told = CheckIn(NOON + HOUR, Phase.POST, 4, weakness=True, activity_id=number)
    with pytest.raises(NotFoundError, match=f"no activity {number}"), writing(engine, None) as session:
        check_ins.add(session, ada, told, NOON + HOUR)
    with reading(engine) as session:
        assert not session.exec(select(CheckInRow)).all()
        assert locks.of(session, ada) == []


@pytest.mark.parametrize("phase", [Phase.PEAK, Phase.POST])
def test_nobody_tells_of_a_session_before_it_has_begun(engine, ada, phase):
    told = CheckIn(NOON - HOUR, phase, 4, activity_id=walk(engine, ada))
    with pytest.raises(UsageError, match="had not begun"), writing(engine, None) as session:
        check_ins.add(session, ada, told, NOON + HOUR)


def test_a_check_in_is_taken_back_by_its_person_and_its_lock_stays(engine, ada, bea):
    told = CheckIn(NOON, Phase.PRE, 4, weakness=True)
    with writing(engine, None) as session:
        number = check_ins.add(session, ada, told, NOON)
    with pytest.raises(NotFoundError), writing(engine, None) as session:
        check_ins.remove(session, bea, number)
    with writing(engine, None) as session:
        assert check_ins.remove(session, ada, number) == told
    with reading(engine) as session:
        assert check_ins.of(session, ada) == []
        assert locks.holding(session, ada, NOON) is not None


def test_what_is_said_of_a_session_stays_without_it(engine, ada):
    number = walk(engine, ada)
    with writing(engine, None) as session:
        check_ins.add(session, ada, CheckIn(NOON, Phase.PRE, 4, activity_id=number), NOON)
    with writing(engine, None) as session:
        session.delete(session.get(Activity, number))
    with reading(engine) as session:
        assert check_ins.of(session, ada) == [CheckIn(NOON, Phase.PRE, 4)]


def test_what_was_recorded_around(engine, ada, bea):
    first = walk(engine, ada, NOON - 3 * HOUR)
    walk(engine, ada, NOON - 2 * HOUR, exercise=None)
    walk(engine, ada, NOON)
    walk(engine, bea, NOON - HOUR)
    with reading(engine) as session:
        (found,) = begun.between(session, ada, NOON - 4 * HOUR, NOON, BERLIN)
    assert (found.activity_ids, found.ended_at, found.day) == ((first,), NOON - 2 * HOUR, date(2026, 6, 1))


def test_flares(engine, ada, bea):
    with writing(engine, None) as session:
        flares.start(session, ada, NOON + HOUR)
        flares.start(session, ada, NOON)
    with writing(engine, None) as session:
        flares.end(session, ada, Flare(NOON), NOON + HOUR)
        flares.end(session, bea, Flare(NOON + HOUR), NOON + HOUR)
    with reading(engine) as session:
        assert flares.of(session, ada) == [Flare(NOON, NOON + HOUR), Flare(NOON + HOUR)]
        assert flares.of(session, bea) == []


def test_excusals(engine, ada, bea):
    illness = Excusal(ExcusalKind.ILLNESS, date(2026, 6, 3), date(2026, 6, 4))
    hold = Excusal(ExcusalKind.HOLD, date(2026, 6, 1))
    with writing(engine, None) as session:
        numbers = [
            excusals.add(session, ada, illness, None, NOON),
            excusals.add(session, ada, hold, " Dr Bo ", NOON),
        ]
    with reading(engine) as session:
        assert excusals.of(session, ada) == [hold, illness]
        assert [each.said_by for each in excusals.kept(session, ada)] == ["Dr Bo", None]
        assert excusals.of(session, bea) == []
    with pytest.raises(NotFoundError), writing(engine, None) as session:
        excusals.remove(session, bea, numbers[0])
    with writing(engine, None) as session:
        assert excusals.remove(session, ada, numbers[0]).excusal == illness
    with reading(engine) as session:
        assert excusals.of(session, ada) == [hold]


@pytest.mark.parametrize(
    ("excusal", "by", "sentence"),
    [
        (Excusal(ExcusalKind.HOLD, date(2026, 6, 2), date(2026, 6, 1)), None, "before it starts"),
        (Excusal(ExcusalKind.HOLD, date(2026, 6, 2)), " ", "--by"),
    ],
)
def test_what_excuses_nothing(engine, ada, excusal, by, sentence):
    with pytest.raises(UsageError, match=sentence), writing(engine, None) as session:
        excusals.add(session, ada, excusal, by, NOON)
    with reading(engine) as session:
        assert excusals.of(session, ada) == []


def test_years_that_were_not_asked_for_are_not_looked_through(engine, ada):
    """Of thousands of answers a week asks for some dozens: each table is searched by when it was."""
    if engine.dialect.name != "sqlite":
        pytest.skip("its planner goes by how much there is")
    asked: list[str] = []
    with reading(engine) as session:
        driver = session.connection().connection.driver_connection
        driver.set_trace_callback(asked.append)
        check_ins.of(session, ada, NOON, NOON + HOUR)
        performances.between(session, ada, NOON, NOON + HOUR)
        driver.set_trace_callback(None)
        plans = [row[-1] for each in asked for row in driver.execute(f"EXPLAIN QUERY PLAN {each}")]
    looked = [each for each in plans if "check_in" in each or "activity USING" in each]
    assert looked
    for each in looked:
        assert re.search(r"person_id=\? AND (at|started_at)>|activity_id=\? AND person_id=\?|rowid=\?", each), each
