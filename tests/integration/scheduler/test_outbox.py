"""Posting, cancelling and reading, in the caller's own transaction."""

import threading
import time
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from scheduler import leases
from scheduler.channels.base import Outgoing, Unknown
from scheduler.merging import Letter
from scheduler.messages import Message, Policy
from scheduler.outbox import Address, State, cancel, history, post, post_in_turns
from scheduler.tables import DELIVERY, NUDGE, Delivery, Nudge

HOUR = timedelta(hours=1)


def count(world, table) -> int:
    with world.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table))


def test_a_nudge_is_posted_once_for_its_person_rule_and_period(world):
    assert len(world.post()) == 1
    assert world.post() == []
    assert world.post(reason="another", due_at=world.now + HOUR) == []
    assert (count(world, NUDGE), count(world, DELIVERY)) == (1, 1)


@pytest.mark.parametrize("change", [{"recipient_id": "p2"}, {"rule": "R2"}, {"period": "a2"}])
def test_another_person_rule_or_period_is_another_nudge(world, change):
    world.post()
    assert len(world.post(**change)) == 1


def test_twins_in_one_batch_are_one_and_the_new_ones_come_in_order(world):
    world.post(period="old")
    drafts = [world.draft(period=period) for period in ("a", "old", "b", "a", "c")]

    new = world.post(*drafts)

    with Session(world.engine) as session:
        assert [session.get(Nudge, nudge_id).period for nudge_id in new] == ["a", "b", "c"]
    assert count(world, DELIVERY) == 4


def test_thousands_at_once(world):
    drafts = [world.draft(recipient_id=f"p{number}") for number in range(3000)]
    assert len(world.post(*drafts)) == 3000
    assert world.post(*drafts) == []


def test_any_number_in_turns_lets_others_write_in_between(world):
    drafts = [world.draft(recipient_id=f"p{number % 1500}") for number in range(1600)]
    stop, waits = threading.Event(), []

    def write():
        while not stop.wait(0.01):
            begun = time.monotonic()
            with world.engine.begin() as connection:
                cancel(connection, "nobody", "R1", "a1", "not at all")
            waits.append(time.monotonic() - begun)

    other = threading.Thread(target=write)
    other.start()
    try:
        assert post_in_turns(world.engine, iter(drafts), world.now) == 1500
    finally:
        stop.set()
        other.join()
    assert len(waits) > 3
    assert post_in_turns(world.engine, iter(drafts), world.now) == 0


def test_nothing_to_post(world):
    with world.engine.begin() as connection:
        assert post(connection, [], world.now) == []


def test_a_transaction_that_rolls_back_leaves_no_nudge(world):
    with Session(world.engine) as session:
        post(session, [world.draft()], world.now)
        session.rollback()
    assert count(world, NUDGE) == 0


def test_several_channels_are_several_deliveries(world):
    world.post(to=(Address("email", "ada@example.org"), Address("file", "ada")))
    assert [row["channel"] for row in world.rows()] == ["email", "file"]


def test_the_tables_themselves_refuse_a_second_one(world):
    world.post()
    with world.engine.connect() as connection:
        nudge = connection.execute(select(NUDGE)).mappings().one()
        with pytest.raises(IntegrityError):
            connection.execute(insert(NUDGE), {**nudge, "id": uuid4()})


def test_what_is_cancelled_is_not_sent(world):
    world.post()
    with Session(world.engine) as session:
        assert cancel(session, "p1", "R1", "a1", "session deleted") == 1
        assert cancel(session, "p1", "R1", "a1", "again") == 0
        assert cancel(session, "p1", "R1", "no such", "none") == 0
        session.commit()

    assert world.sweep() == []
    assert (world.row()["state"], world.row()["detail"]) == (State.CANCELLED, "session deleted")


def cancel_now(world) -> int:
    with world.engine.begin() as connection:
        return cancel(connection, "p1", "R1", "a1", "no longer")


def test_cancelling_while_it_is_prepared_stops_it(world):
    def prepare(due, now):
        assert cancel_now(world) == 1
        return Message("x", "y")

    world.answer = prepare
    world.post()

    assert world.sweep() == []
    assert world.channel.sent == []
    assert world.row()["state"] is State.CANCELLED


def test_cancelling_while_it_is_sent_comes_too_late(world):
    world.post()
    with world.engine.begin() as connection:
        (claim,) = leases.claim(connection, world.now, world.now + HOUR, 1).claims()
        letter = Letter((claim,), Outgoing("a", Message("x", "y"), "<1@x>"), world.now)
        leases.hold(connection, [letter], world.now, world.now + HOUR)

    assert cancel_now(world) == 0
    assert world.row()["state"] is State.LEASED


def test_cancelling_what_may_have_arrived_leaves_it_unknown(world):
    world.channel.script = [Unknown("lost")]
    world.post()
    world.sweep()

    assert cancel_now(world) == 1
    assert world.row()["state"] is State.UNKNOWN


def test_history_tells_each_nudge_on_each_channel_newest_first(world):
    world.post(period="first")
    world.sweep()
    world.wait(days=1)
    world.post(period="second", to=(Address("file", "ada"), Address("test", "ada@example.org")))
    world.post(recipient_id="p2")

    with Session(world.engine) as session:
        entries = history(session, "p1")
        assert history(session, "p1", limit=1) == entries[:1]

    assert [(entry.period, entry.channel, entry.state) for entry in entries] == [
        ("second", "file", State.PENDING),
        ("second", "test", State.PENDING),
        ("first", "test", State.SENT),
    ]
    sent = entries[-1]
    assert (sent.rule, sent.reason, sent.text) == ("R1", "a walk ended", "Take a look?")
    assert sent.sent_at == sent.due_at == world.now - timedelta(days=1)
    assert sent.message_id.endswith("@example.org>")
    assert "Take a look" not in repr(replace(sent))


def test_rows_read_as_models_have_their_enums(world):
    world.post(policy=Policy.NEVER_TWICE)
    with Session(world.engine) as session:
        assert session.get(Nudge, session.scalar(select(NUDGE.c.id))).policy is Policy.NEVER_TWICE
        assert session.get(Delivery, session.scalar(select(DELIVERY.c.id))).state is State.PENDING


def test_a_person_who_leaves_takes_the_deliveries_along(world):
    world.post()
    with world.engine.begin() as connection:
        connection.execute(NUDGE.delete().where(NUDGE.c.recipient_id == "p1"))
    assert world.rows() == []


@pytest.mark.sqlite
def test_the_sweep_is_answered_from_its_index(world):
    with world.engine.connect() as connection:
        statement = leases._due(world.now, 10, urgent=False).compile(
            connection, compile_kwargs={"literal_binds": False}
        )
        plan = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement}", (str(world.now), str(world.now), 10, 0)
        ).all()
    assert any("ix_delivery_open" in row[3] for row in plan)
