"""A sweep that has much to write leaves the database to others now and then."""

from itertools import count

import pytest

from scheduler import transactions
from scheduler.transactions import BREATH_S, LONGEST_S, Transactions


@pytest.fixture
def working(engine, monkeypatch):
    """Transactions that take as long as is said."""
    made = Transactions(engine)
    now = [0.0]
    monkeypatch.setattr(transactions.time, "monotonic", lambda: now[0])

    def work(seconds: float, fails: bool = False) -> None:
        def does(_) -> None:
            now[0] += seconds
            if fails:
                raise LookupError

        made.commit(does)

    yield made, work
    made.close()


def test_after_having_written_for_long_it_leaves_room_once(working):
    made, work = working
    work(LONGEST_S / 2)
    assert made.breath_s() == 0
    work(LONGEST_S * 0.6)
    assert made.breath_s() == BREATH_S
    assert made.breath_s() == 0


def test_what_fails_took_its_time_as_well(working):
    made, work = working
    with pytest.raises(LookupError):
        work(LONGEST_S, fails=True)
    assert made.breath_s() == BREATH_S


def test_a_breath_is_longer_than_a_waiting_writer_sleeps():
    """SQLite's busy handler sleeps 0.1 s at most between two looks."""
    assert BREATH_S > 0.1
    assert LONGEST_S + BREATH_S < 0.5


def test_between_batches(world, monkeypatch):
    calls = count()
    monkeypatch.setattr(Transactions, "breath_s", lambda _: next(calls) * 0.0)
    world.post(*(world.draft(period=str(number)) for number in range(25)))
    world.sweep(batch=10)
    assert next(calls) == 3
