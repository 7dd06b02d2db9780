"""What a person told of pain: all of it theirs alone."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from coach.errors import NotFoundError, UsageError
from coach.safety.model import CheckIn, Extent, Phase
from coach.store import begun, check_ins, locks, performances
from coach.store.engine import reading, writing
from coach.store.tables import Activity, key
from coach.store.told import CheckInRow

NOON = datetime(2026, 6, 1, 10, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)


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
