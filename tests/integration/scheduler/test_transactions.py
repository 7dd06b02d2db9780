"""A sweep that has much to write leaves the database to others now and then."""

import pytest

from coach.store.engine import open_database
from scheduler import delivery, leases, transactions
from scheduler.delivery import SPELL_S
from scheduler.transactions import HELD_KB, LONGEST_S, Transactions
from scheduler.turns import ROOM_S


@pytest.fixture
def working(engine, monkeypatch):
    """Transactions that take as long as is said; and for how long others had had their turn each time that it left
    them room.
    """
    made = Transactions(engine)
    now, left = [0.0], []
    monkeypatch.setattr(transactions.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(transactions, "leave_room", lambda _, left_s: left.append(left_s))

    def work(seconds: float, fails: bool = False, idle: float = 0.0) -> None:
        def does(_) -> None:
            now[0] += seconds
            if fails:
                raise LookupError

        try:
            made.commit(does)
        finally:
            now[0] += idle

    yield work, left
    made.close()


def test_after_having_written_for_long_it_leaves_room_once(working):
    work, left = working
    work(LONGEST_S / 2)
    work(LONGEST_S * 0.6)
    assert left == []
    work(LONGEST_S / 2)
    work(LONGEST_S / 4)
    assert left == [0.0]


def test_what_has_passed_since_it_wrote_is_part_of_the_room(working):
    work, left = working
    work(LONGEST_S, idle=0.002)
    work(LONGEST_S)
    assert left == [pytest.approx(0.002)]


def test_what_fails_took_its_time_as_well(working):
    work, left = working
    with pytest.raises(LookupError):
        work(LONGEST_S, fails=True)
    work(0.0)
    assert left == [0.0]


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


def test_others_who_had_room_enough_meanwhile_need_no_more(working):
    work, left = working
    work(LONGEST_S, idle=2 * ROOM_S)
    work(LONGEST_S / 2)
    work(0.0)
    assert left == []


@pytest.mark.sqlite
def test_whoever_has_its_connection_next_finds_it_as_it_was(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/coach.db", lasting=True)

    def pages(connection) -> int:
        return connection.exec_driver_sql("PRAGMA cache_size").scalar_one()

    with engine.connect() as connection:
        before = pages(connection)
    sweep = Transactions(engine)
    assert sweep.commit(pages) == -HELD_KB != before
    sweep.close()
    assert engine.pool.checkedin() == 1
    with engine.connect() as connection:
        assert pages(connection) == before
    engine.dispose()
