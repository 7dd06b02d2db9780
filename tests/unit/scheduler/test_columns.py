from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, create_engine, insert, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import StatementError

from scheduler.columns import UtcDateTime, _written_out, by_column, driven, fetch
from scheduler.errors import NaiveDatetimeError
from scheduler.leases import CLAIM
from scheduler.tables import DELIVERY, State

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
MOMENTS = Table("moments", MetaData(), Column("at", UtcDateTime))
AWARE = st.datetimes(
    datetime(1900, 1, 2),  # noqa: DTZ001
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


@pytest.fixture(scope="module")
def engine():
    engine = create_engine("sqlite://")
    MOMENTS.metadata.create_all(engine)
    yield engine
    engine.dispose()


@given(st.lists(AWARE.filter(lambda at: at.year < 9999), max_size=8))
def test_moments_come_back_in_utc_and_in_order(engine, moments):
    with engine.connect() as connection:
        for at in moments:
            connection.execute(insert(MOMENTS), {"at": at})
        back = connection.scalars(select(MOMENTS.c.at).order_by(MOMENTS.c.at)).all()

    assert back == sorted(moments)
    assert all(at.tzinfo is UTC for at in back)


@given(AWARE.filter(lambda at: at.year < 9999), AWARE.filter(lambda at: at.year < 9999))
def test_comparisons_are_those_of_the_moments(engine, one, other):
    with engine.connect() as connection:
        connection.execute(insert(MOMENTS), {"at": one})
        found = connection.scalars(select(MOMENTS.c.at).where(MOMENTS.c.at <= other)).all()

    assert bool(found) is (one <= other)


def test_a_naive_datetime_is_refused_with_its_reason(engine):
    with engine.connect() as connection, pytest.raises(StatementError, match="has no time zone") as caught:
        connection.execute(insert(MOMENTS), {"at": datetime(2026, 3, 29)})  # noqa: DTZ001
    assert isinstance(caught.value.orig, NaiveDatetimeError)


def test_null_stays_null(engine):
    with engine.connect() as connection:
        connection.execute(insert(MOMENTS), {"at": None})
        assert connection.scalars(select(MOMENTS.c.at)).all() == [None]


def test_each_database_has_its_own_form():
    assert UtcDateTime().compile(dialect=postgresql.dialect()) == "TIMESTAMP WITH TIME ZONE"
    assert UtcDateTime().compile(dialect=sqlite.dialect()) == "DATETIME"


def test_a_list_is_written_out_with_its_types():
    """PostgreSQL compares a uuid with a uuid, and with no text."""
    text, order = _written_out(CLAIM, DELIVERY.c.id, postgresql.dialect(), 2)
    assert "delivery.id IN (%(among_0)s::UUID, %(among_1)s::UUID)" in text
    assert order is None
    text, order = _written_out(CLAIM, DELIVERY.c.id, sqlite.dialect(), 2)
    assert "delivery.id IN (?, ?)" in text
    assert order == ["until", "held_by", "among_0", "among_1"]


def test_a_value_for_the_driver_is_what_sqlalchemy_would_store(engine):
    """A moment without a fraction too: `12:00:00` and `12:00:00.000000` do not compare as moments do."""
    with engine.begin() as connection:
        connection.execute(MOMENTS.delete())
        connection.execute(insert(MOMENTS), {"at": NOON})
        assert connection.exec_driver_sql("SELECT at FROM moments").scalar_one() == "2026-07-01 12:00:00.000000"
        assert driven(connection, MOMENTS.c.at)(NOON) == "2026-07-01 12:00:00.000000"
        assert driven(connection, MOMENTS.c.at)(None) is None
        assert driven(connection, DELIVERY.c.id)(UUID(int=1)) == UUID(int=1).hex
        assert driven(connection, DELIVERY.c.state)(State.SENT) == "sent"
        assert driven(connection, DELIVERY.c.text)("x") == "x"


def test_by_column_is_what_sqlalchemy_gives_by_row(engine):
    with engine.begin() as connection:
        connection.execute(MOMENTS.delete())
        connection.execute(insert(MOMENTS), [{"at": NOON}, {"at": None}, {"at": NOON}])
        statement = select(MOMENTS.c.at, literal(1).label("one"))
        rows = fetch(connection, statement)
        expected = connection.execute(statement).all()
        columns = by_column(rows, [*statement.selected_columns], connection.dialect)
        assert list(zip(*columns, strict=True)) == expected
        assert [list(each) for each in by_column([], [MOMENTS.c.at], connection.dialect)] == [[]]
