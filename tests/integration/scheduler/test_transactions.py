"""A sweep that has much to write leaves the database to others now and then."""

from itertools import count

import pytest

from scheduler import delivery, leases, transactions
from scheduler.delivery import LEASE, SPELL_S
from scheduler.transactions import BREATH_S, LONGEST_S, SHORT_BREATH_S, SOON_S, Transactions


@pytest.fixture
def working(engine, monkeypatch):
    """Transactions that take as long as is said."""
    made = Transactions(engine)
    now = [0.0]
    monkeypatch.setattr(transactions.time, "monotonic", lambda: now[0])

    def work(seconds: float, fails: bool = False, idle: float = 0.0) -> None:
        def does(_) -> None:
            now[0] += seconds
            if fails:
                raise LookupError

        try:
            made.commit(does)
        finally:
            now[0] += idle

    yield made, work
    made.close()


def test_after_having_written_for_long_it_leaves_room_once(working):
    made, work = working
    work(LONGEST_S / 2)
    assert made.breath_s() == 0
    work(LONGEST_S * 0.6)
    assert made.breath_s() == pytest.approx(SHORT_BREATH_S)
    assert made.breath_s() == 0


def test_who_may_have_waited_for_long_looks_less_often(working):
    made, work = working
    work(LONGEST_S / 2, idle=SOON_S)
    work(LONGEST_S)
    assert made.breath_s() == pytest.approx(BREATH_S)


def test_what_has_passed_since_it_wrote_is_part_of_the_breath(working):
    made, work = working
    work(LONGEST_S, idle=SHORT_BREATH_S / 3)
    assert made.breath_s() == pytest.approx(SHORT_BREATH_S * 2 / 3)
    work(LONGEST_S, idle=1)
    assert made.breath_s() == 0


def test_a_spell_begins_anew_after_each_breath(working):
    made, work = working
    for _ in range(3):
        work(LONGEST_S, idle=0.01)
        assert made.spell_s == pytest.approx(LONGEST_S)
        assert made.breath_s() == pytest.approx(SHORT_BREATH_S - 0.01)


def test_what_fails_took_its_time_as_well(working):
    made, work = working
    with pytest.raises(LookupError):
        work(LONGEST_S, fails=True)
    assert made.breath_s() == pytest.approx(SHORT_BREATH_S)


SLEEPS_MS = (1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100)
"""How long SQLite's busy handler sleeps between two looks; the last again and again."""


def test_a_breath_is_longer_than_a_waiting_writer_sleeps():
    assert max(SLEEPS_MS) / 1000 < BREATH_S
    assert SOON_S + BREATH_S < 0.5
    slept = [sum(SLEEPS_MS[:number]) / 1000 for number in range(len(SLEEPS_MS) + 1)]
    for came in range(int(SOON_S * 1000)):  # so many milliseconds before the breath
        before = came / 1000
        assert any(before < look < before + SHORT_BREATH_S for look in slept)


def test_between_batches(world, monkeypatch):
    calls = count()
    monkeypatch.setattr(Transactions, "breath_s", lambda _: next(calls) * 0.0)
    world.post(*(world.draft(period=str(number)) for number in range(25)))
    monkeypatch.setattr(delivery, "SPELL_S", 0.0)
    world.sweep(batch=10)
    assert next(calls) == 3


def test_between_batches_of_which_nothing_goes_out(world, monkeypatch):
    calls = count()
    monkeypatch.setattr(Transactions, "breath_s", lambda _: next(calls) * 0.0)
    world.post(*(world.draft(period=str(number), expires_at=world.now + LEASE) for number in range(25)))
    world.wait(minutes=5)
    assert len(world.sweep(batch=10)) == 25
    assert next(calls) == 3


@pytest.mark.parametrize(
    ("took_s", "fit"), [(0.0, 2000), (SPELL_S / 10, 2000), (SPELL_S, 1000), (SPELL_S * 1.5, 600), (60, 0)]
)
def test_as_many_are_claimed_as_go_out_in_a_spell(took_s, fit):
    assert delivery._as_many_as_fit(1000, took_s) == fit


def test_where_they_go_out_at_once_more_are_claimed_at_a_time(world, monkeypatch):
    sizes = []
    claim = leases.claim

    def noted(connection, now, until, size, together):
        sizes.append(size)
        return claim(connection, now, until, size, together)

    monkeypatch.setattr(leases, "claim", noted)
    monkeypatch.setattr(delivery, "SPELL_S", 60.0)
    world.post(*(world.draft(period=str(number)) for number in range(700)))
    world.sweep(batch=100)
    assert sizes == [100, 200, 400, 800]
