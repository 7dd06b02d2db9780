from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, create_engine, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import StatementError

from scheduler.columns import UtcDateTime, _written_out
from scheduler.errors import NaiveDatetimeError
from scheduler.leases import CLAIM
from scheduler.tables import DELIVERY

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
